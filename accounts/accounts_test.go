package accounts

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

var day = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// clock is a clock a test can move.
type clock struct{ now time.Time }

func (c *clock) forward(d time.Duration) { c.now = c.now.Add(d) }

func fresh(t *testing.T, db *store.DB) *clock {
	t.Helper()
	c := &clock{day}
	db.SetClock(func() time.Time { return c.now })
	return c
}

func do(t *testing.T, db *store.DB, f func(*store.Tx) error) {
	t.Helper()
	if err := db.Write(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func wants(t *testing.T, err error, k fault.Kind, words string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != k || !strings.Contains(f.Error(), words) {
		t.Fatalf("got %v, want a fault of kind %d that says %q", err, k, words)
	}
}

const good = "Long-Enough-9"

func person(t *testing.T, db *store.DB, email string) Person {
	t.Helper()
	var p Person
	do(t, db, func(tx *store.Tx) (err error) {
		if p, err = New(tx, Person{Name: "測試甲", Email: email}); err != nil {
			return err
		}
		return SetPassword(tx, permit.System, p.ID, good)
	})
	return p
}

func TestNewPerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		fresh(t, db)
		p := person(t, db, "P1@Example.test")
		do(t, db, func(tx *store.Tx) error {
			found, err := ByEmail(tx, "p1@EXAMPLE.TEST")
			if err != nil || found.ID != p.ID || found.Contact != "P1@example.test" {
				t.Errorf("found %+v, %v", found, err)
			}
			return nil
		})
		// S80: never again, whatever the case of letters, also after the account was disabled.
		do(t, db, func(tx *store.Tx) error {
			return Disable(tx, permit.Actor{Person: "admin", Admin: true}, p.ID, "測試")
		})
		err := db.Write(t.Context(), func(tx *store.Tx) error {
			_, err := New(tx, Person{Name: "測試乙", Email: "p1@example.TEST"})
			return err
		})
		wants(t, err, fault.Invalid, "已申請過的電子郵件地址不能再次使用")
		for _, bad := range []struct{ p, says Person }{
			{Person{Name: "", Email: "x@example.test"}, Person{Name: "輸入姓名"}},
			{Person{Name: "甲", Email: "x.example.test"}, Person{Name: "@"}},
			{Person{Name: "甲", Phone: "12"}, Person{Name: "區碼"}},
		} {
			err := db.Write(t.Context(), func(tx *store.Tx) error { _, err := New(tx, bad.p); return err })
			wants(t, err, fault.Invalid, bad.says.Name)
		}
		// Many persons may have no 備用帳號 at all.
		do(t, db, func(tx *store.Tx) error {
			for range 2 {
				if _, err := New(tx, Person{Name: "測試丙"}); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func TestPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		fresh(t, db)
		do(t, db, Seed)
		for q, want := range map[string]int{"測試甲": 1, "example.test": 13, "臺南市政府 科長": 0, "台南市政府 chief": 1, "100%": 0, "P10@": 1, "0900000003": 1} {
			do(t, db, func(tx *store.Tx) error {
				got, err := People(tx, q)
				if len(got) != want {
					t.Errorf("%q finds %d people, want %d", q, len(got), want)
				}
				return err
			})
		}
		do(t, db, Seed) // again changes nothing
	})
}

// TestCheckPassword: S81.
func TestCheckPassword(t *testing.T) {
	p := Person{Name: "測試甲", Email: "wanglin@example.test", Phone: "06-6322231"}
	for _, x := range []struct{ password, says string }{
		{"Abcdefg1x", ""},
		{"Abcdefg!", ""},              // a special character stands for the digit (A1)
		{"Kiosk墨Abd", ""},             // any other character does too
		{"correct horse battery", ""}, // 15 characters of any kind
		{"天黑黑欲落雨阿公仔舉鋤頭欲掘芋", ""}, //
		{strings.Repeat("x7Q", 42), ""},
		{DemoPassword, ""},
		{good, ""},
		{"", "輸入密碼"},
		{"Ab1!", "至少 8 個字"},
		{"abcdefg1x", "大寫"},
		{"ABCDEFG1X", "小寫"},
		{"Abcdefghx", "數字或特殊字元"},
		{"Abcdefgh x", "數字或特殊字元"},
		{" Abcdefg1x", "空格"},
		{strings.Repeat("aB3-", 33), "128"},
		{"Password1", "太多人用"},
		{"P@ssw0rd", "太多人用"},
		{"P@ssw0rd2026!", "太多人用"},
		{"Taiwan2026", "太多人用"},
		{"Qwerty123", "太多人用"},
		{"Abcd1234", "太多人用"},
		{"aaaaaaaaaaaaaaaaaaaa", "太多人用"},
		{"123456789012345678", "太多人用"},
		{"passwordpassword", "太多人用"},
		{"臺南市政府臺南市政府臺南市政府", "太多人用"},
		{"Wanglin-1", "不要用姓名"},
		{"Wanglin@example.test1", "不要用姓名"},
		{"cloudbmcpami-2026", "不要用姓名"},
	} {
		err := CheckPassword(p, x.password)
		if x.says == "" {
			if err != nil {
				t.Errorf("%q: %v", x.password, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%q: %v, want %q", x.password, err, x.says)
		}
	}
	// One sentence per rule.
	f, _ := fault.As(CheckPassword(p, "abc"))
	if len(f.Places) != 3 {
		t.Errorf("abc breaks three rules, told %d: %v", len(f.Places), f)
	}
	if weak, strong := Strength(p, "Monkey12!"), Strength(p, "xk7-Vq2-mPz9-wLd"); weak >= strong || strong != 4 {
		t.Errorf("strength of a weak password %d, of a strong one %d", weak, strong)
	}
}

func TestSignIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := fresh(t, db)
		p := person(t, db, "p1@example.test")
		here := Source{IP: "192.0.2.1", Agent: "test"}
		in := func(email, password string, from Source) (Keys, error) {
			return SignIn(context.Background(), db, email, password, from)
		}
		k, err := in("P1@EXAMPLE.test", good, here)
		if err != nil || k.Session == "" || k.Device == "" {
			t.Fatalf("%+v, %v", k, err)
		}
		_, unknown := in("nobody@example.test", good, here)
		_, wrong := in("p1@example.test", "Wrong-Password-1", here)
		do(t, db, func(tx *store.Tx) error {
			_, err := New(tx, Person{Name: "測試乙", Email: "p2@example.test"})
			return err
		})
		_, without := in("p2@example.test", good, here)
		for _, err := range []error{unknown, wrong, without} {
			if f, ok := fault.As(err); !ok || f != refused {
				t.Fatalf("every refusal must be the same one, got %v", err)
			}
		}
		// The fifth failure locks this source, not another, not a known device.
		for range 4 {
			in("p1@example.test", "Wrong-Password-1", here)
		}
		_, err = in("p1@example.test", good, here)
		wants(t, err, fault.TooMany, "15 分鐘後再試")
		c.forward(10 * time.Minute)
		_, err = in("p1@example.test", good, here)
		wants(t, err, fault.TooMany, "5 分鐘後再試")
		wants(t, err, fault.TooMany, "我的e政府")
		if _, err := in("p1@example.test", good, Source{IP: "192.0.2.2"}); err != nil {
			t.Errorf("another source is locked out too: %v", err)
		}
		if _, err := in("p1@example.test", good, Source{IP: here.IP, Device: k.Device}); err != nil {
			t.Errorf("the known device is locked out: %v", err)
		}
		c.forward(5*time.Minute + time.Second)
		if _, err := in("p1@example.test", good, here); err != nil {
			t.Errorf("still locked after fifteen minutes: %v", err)
		}
		// A success clears the count.
		for range 4 {
			in("p1@example.test", "Wrong-Password-1", here)
		}
		if _, err := in("p1@example.test", good, here); err != nil {
			t.Fatal(err)
		}
		for range 4 {
			in("p1@example.test", "Wrong-Password-1", here)
		}
		if _, err := in("p1@example.test", good, here); err != nil {
			t.Errorf("four failures after a success lock: %v", err)
		}
		// Failures that lie within fifteen minutes of each other count, wherever a quarter of an hour begins.
		for range 5 {
			in("p1@example.test", "Wrong-Password-1", here)
			c.forward(4 * time.Minute)
		}
		_, err = in("p1@example.test", good, here)
		wants(t, err, fault.TooMany, "11 分鐘後再試")
		// Disabled: told only to whoever knows the password.
		do(t, db, func(tx *store.Tx) error { return Disable(tx, permit.System, p.ID, "測試") })
		_, err = in("p1@example.test", "Wrong-Password-1", Source{IP: "192.0.2.9"})
		if f, _ := fault.As(err); f != refused {
			t.Errorf("a wrong password for a disabled account: %v", err)
		}
		_, err = in("p1@example.test", good, Source{IP: "192.0.2.9"})
		wants(t, err, fault.Forbidden, "停用")
	})
}

func TestUnknownTakesAsLong(t *testing.T) {
	ok, err := matches(t.Context(), "nobody has this password", nobody)
	if err != nil || !ok {
		t.Fatalf("the hash of nobody does not do the work: %v %v", ok, err)
	}
	real, err := Hash(t.Context(), good)
	if err != nil || real[:strings.LastIndex(real[:40], "$")] != nobody[:strings.LastIndex(nobody[:40], "$")] {
		t.Errorf("the hash of nobody costs another amount of work: %s, %s", real, nobody)
	}
}

// TestGuessesAtOnce: twenty guesses at the same moment are five guesses and fifteen refusals to listen.
func TestGuessesAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		fresh(t, db)
		person(t, db, "p1@example.test")
		answers := make(chan error, 20)
		for range cap(answers) {
			go func() {
				_, err := SignIn(t.Context(), db, "p1@example.test", "Wrong-Password-1", Source{IP: "192.0.2.1"})
				answers <- err
			}()
		}
		judged := 0
		for range cap(answers) {
			switch err := <-answers; {
			case fault.Is(err, fault.Invalid):
				judged++
			case !fault.Is(err, fault.TooMany):
				t.Error(err)
			}
		}
		if judged != failuresAllowed {
			t.Errorf("%d guesses were judged, want %d", judged, failuresAllowed)
		}
	})
}

func TestGuessingFromManyPlaces(t *testing.T) {
	db := storetest.SQLite(t)
	fresh(t, db)
	person(t, db, "p1@example.test")
	// Count without hashing: the budget of one account over all sources is 100 a day.
	var last *fault.Fault
	for i := range 101 {
		from := Source{IP: "198.51.100." + string(rune('a'+i%26)) + string(rune('a'+i/26))}
		do(t, db, func(tx *store.Tx) (err error) {
			last, err = attempt(tx, countKey("p1@example.test", from, false), "p1@example.test", from, false)
			return err
		})
		if i < 100 && last != nil {
			t.Fatalf("guess %d is held back: %v", i+1, last)
		}
	}
	if last == nil {
		t.Fatal("the 101st guess of a day is let through")
	}
}

func TestSessionTimes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := fresh(t, db)
		p := person(t, db, "p1@example.test")
		var token string
		begin := func() {
			do(t, db, func(tx *store.Tx) (err error) {
				token, err = Begin(tx, p.ID, Backup, Source{IP: "192.0.2.1"})
				return err
			})
		}
		alive := func() bool {
			var s Session
			err := db.Read(t.Context(), func(tx *store.Tx) (err error) { s, _, err = Present(tx, token); return err })
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				t.Fatal(err)
			}
			if err == nil {
				do(t, db, func(tx *store.Tx) error { return touchSession(tx, s.ID) })
			}
			return err == nil
		}
		begin()
		c.forward(30 * time.Minute)
		if !alive() {
			t.Error("ended before thirty idle minutes were over")
		}
		c.forward(31*time.Minute + time.Second)
		if alive() {
			t.Error("lives after more than thirty-one idle minutes")
		}
		begin()
		for range 23 {
			c.forward(30 * time.Minute)
			if !alive() {
				t.Fatal("ended although it was used")
			}
		}
		do(t, db, func(tx *store.Tx) error {
			s, _, err := Present(tx, token)
			ends, err2 := SessionEnds(tx, permit.Actor{Person: p.ID, Session: s.ID})
			if left := ends.Sub(tx.Now); left != 30*time.Minute {
				t.Errorf("left: %v", left)
			}
			return errors.Join(err, err2)
		})
		c.forward(20 * time.Minute)
		do(t, db, func(tx *store.Tx) error {
			s, _, err := Present(tx, token)
			ends, err2 := SessionEnds(tx, permit.Actor{Person: p.ID, Session: s.ID})
			if left := ends.Sub(tx.Now); left != 10*time.Minute {
				t.Errorf("ten minutes are left of the twelve hours, told %v", left)
			}
			return errors.Join(err, err2)
		})
		c.forward(10 * time.Minute)
		if alive() {
			t.Error("lives after twelve hours")
		}
		// An officer's session is idle sooner.
		do(t, db, func(tx *store.Tx) error { return Officer(tx, p.ID, true, OfficerIdle) })
		begin()
		c.forward(16*time.Minute + time.Second)
		if alive() {
			t.Error("an officer's session lives after sixteen idle minutes")
		}
	})
}

// TestExpire: the countdown of a page ends the session, unless another page has used it meanwhile.
func TestExpire(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := fresh(t, db)
		p := person(t, db, "p1@example.test")
		var by permit.Actor
		do(t, db, func(tx *store.Tx) error {
			token, err := Begin(tx, p.ID, Backup, Source{IP: "192.0.2.1"})
			if err != nil {
				return err
			}
			s, _, err := Present(tx, token)
			by = permit.Actor{Person: p.ID, Session: s.ID}
			return err
		})
		expire := func(want time.Duration) {
			t.Helper()
			do(t, db, func(tx *store.Tx) error {
				left, err := Expire(tx, by)
				if left != want {
					t.Errorf("%s are left, want %s", left, want)
				}
				return err
			})
		}
		c.forward(20 * time.Minute)
		do(t, db, func(tx *store.Tx) error { return touchSession(tx, by.Session) })
		c.forward(10 * time.Minute)
		expire(20 * time.Minute) // asking does not let it live on
		c.forward(19*time.Minute + 59*time.Second)
		expire(time.Second)
		c.forward(time.Second)
		expire(0)
		do(t, db, func(tx *store.Tx) error {
			if _, err := Here(tx, by); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("the session is there still: %v", err)
			}
			found, err := Entries(tx, Search{What: "sign-out.idle", Limit: 5})
			if len(found) != 1 {
				t.Errorf("the end is noted %d times", len(found))
			}
			return err
		})
	})
}

func TestSessionsEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := fresh(t, db)
		p := person(t, db, "p1@example.test")
		here := Source{IP: "192.0.2.1"}
		var tokens [3]string
		start := func() {
			for i := range tokens {
				do(t, db, func(tx *store.Tx) (err error) { tokens[i], err = Begin(tx, p.ID, Backup, here); return err })
				c.forward(time.Second)
			}
		}
		live := func() (n int) {
			do(t, db, func(tx *store.Tx) error { s, err := Sessions(tx, p.ID); n = len(s); return err })
			return n
		}
		me := func(token string) (a permit.Actor) {
			do(t, db, func(tx *store.Tx) error {
				s, p, err := Present(tx, token)
				a = permit.Actor{Person: p.ID, Name: p.Name, Session: s.ID}
				return err
			})
			return a
		}
		start()
		a, b := me(tokens[0]), me(tokens[1])
		do(t, db, func(tx *store.Tx) error { return EndSession(tx, a, b.Session) })
		if n := live(); n != 2 {
			t.Errorf("%d sessions after one was ended", n)
		}
		do(t, db, func(tx *store.Tx) error { return SignOutEverywhere(tx, a) })
		if n := live(); n != 1 {
			t.Errorf("%d sessions after the others were ended", n)
		}
		do(t, db, func(tx *store.Tx) error { return SignOut(tx, a) })
		if n := live(); n != 0 {
			t.Errorf("%d sessions after signing out", n)
		}
		start()
		a = me(tokens[2])
		do(t, db, func(tx *store.Tx) error { return ChangePassword(tx, a, good, "Another-Good-1") })
		if n := live(); n != 1 {
			t.Errorf("%d sessions after changing the password", n)
		}
		err := db.Write(t.Context(), func(tx *store.Tx) error { return ChangePassword(tx, a, good, "Third-Good-1") })
		wants(t, err, fault.Invalid, "現在的密碼")
		// Nobody ends another's session.
		other := person(t, db, "p2@example.test")
		do(t, db, func(tx *store.Tx) error {
			return EndSession(tx, permit.Actor{Person: other.ID}, a.Session)
		})
		if n := live(); n != 1 {
			t.Error("somebody else ended the session")
		}
		do(t, db, func(tx *store.Tx) error { return Disable(tx, permit.System, p.ID, "測試") })
		if n := live(); n != 0 {
			t.Errorf("%d sessions of a disabled account", n)
		}
	})
}

func TestLastSignIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := fresh(t, db)
		p := person(t, db, "p1@example.test")
		last := func() (at time.Time) {
			do(t, db, func(tx *store.Tx) (err error) { at, err = LastSignIn(tx, p.ID); return err })
			return at
		}
		in := func() {
			do(t, db, func(tx *store.Tx) error { _, err := Begin(tx, p.ID, Backup, Source{}); return err })
		}
		in()
		if !last().IsZero() {
			t.Error("the first sign-in has one before it")
		}
		first := c.now
		c.forward(time.Hour)
		in()
		if !last().Equal(first) {
			t.Errorf("last sign-in %v, want the one before this, %v", last(), first)
		}
	})
}

func TestOfficersPasswordHistory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := fresh(t, db)
		p := person(t, db, "p8@example.test")
		set := func(pw string) error {
			c.forward(time.Minute)
			return db.Write(t.Context(), func(tx *store.Tx) error { return SetPassword(tx, permit.System, p.ID, pw) })
		}
		if err := set(good); err != nil {
			t.Errorf("an applicant may take the old password: %v", err)
		}
		do(t, db, func(tx *store.Tx) error { return Officer(tx, p.ID, true, OfficerIdle) })
		wants(t, set(good), fault.Invalid, "最近三次")
		for _, pw := range []string{"Second-Good-2", "Third-Good-3", "Fourth-Good-4"} {
			if err := set(pw); err != nil {
				t.Fatal(err)
			}
		}
		wants(t, set("Second-Good-2"), fault.Invalid, "最近三次")
		if err := set(good); err != nil {
			t.Errorf("the fourth last password may be taken again: %v", err)
		}
	})
}

func TestLinks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := fresh(t, db)
		p := person(t, db, "p1@example.test")
		link := func(life time.Duration) (s string) {
			do(t, db, func(tx *store.Tx) (err error) { s, err = NewLink(tx, permit.System, p.ID, life); return err })
			return s
		}
		use := func(s, pw string) (k Keys, err error) {
			err = db.Write(t.Context(), func(tx *store.Tx) (err error) { k, err = UseLink(tx, s, pw, Source{IP: "192.0.2.1"}); return err })
			return k, err
		}
		old := link(InviteLife)
		s := link(ResetLife)
		_, err := use(old, "Brand-New-1")
		wants(t, err, fault.NotFound, "新的連結") // a newer link ends the older
		_, err = use(s, "short")
		wants(t, err, fault.Invalid, "8 個字")
		k, err := use(s, "Brand-New-1") // a refused password does not use the link up
		if err != nil || k.Session == "" {
			t.Fatal(err)
		}
		_, err = use(s, "Brand-New-2")
		wants(t, err, fault.NotFound, "用過或過期")
		s = link(ResetLife)
		c.forward(30*time.Minute + time.Second)
		_, err = use(s, "Brand-New-2")
		wants(t, err, fault.NotFound, "用過或過期")
		if _, err := SignIn(t.Context(), db, p.Email, "Brand-New-1", Source{IP: "192.0.2.7"}); err != nil {
			t.Error(err)
		}
		do(t, db, func(tx *store.Tx) error {
			n, err := store.Get[int64](tx, `SELECT COUNT(*) FROM links WHERE mark = $1`, s)
			if n != 0 {
				t.Error("the secret of a link stands in the table")
			}
			return err
		})
	})
}

func TestAudit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		fresh(t, db)
		who := func(id string) permit.Actor { return permit.Actor{Person: id, Name: "測試", IP: "192.0.2.1"} }
		for i := range 20 {
			do(t, db, func(tx *store.Tx) error {
				return Note(tx, who("person-"+string(rune('a'+i%3))), "test.act", "thing", "第 "+string(rune('a'+i))+" 件")
			})
		}
		verify := func() (n int, err error) {
			err2 := db.Read(t.Context(), func(tx *store.Tx) error { n, err = VerifyAudit(tx); return nil })
			return n, errors.Join(err, err2)
		}
		if n, err := verify(); n != 20 || err != nil {
			t.Fatalf("%d entries, %v", n, err)
		}
		do(t, db, func(tx *store.Tx) error {
			found, err := Entries(tx, Search{Person: "person-a", What: "test"})
			if len(found) != 7 || found[0].Detail != "第 s 件" {
				t.Errorf("found %d entries, first %+v", len(found), found)
			}
			next, err2 := Entries(tx, Search{Person: "person-a", Before: found[2].ID})
			if len(next) != 4 {
				t.Errorf("%d entries after the first three", len(next))
			}
			none, err3 := Entries(tx, Search{From: tx.Now.Add(time.Minute)})
			if len(none) != 0 {
				t.Error("entries from the future")
			}
			return errors.Join(err, err2, err3)
		})
		for _, q := range []string{`UPDATE audit SET detail = 'x'`, `DELETE FROM audit`} {
			if err := db.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(q); return err }); err == nil {
				t.Errorf("%s is possible", q)
			}
		}
		do(t, db, func(tx *store.Tx) error {
			guards := []string{`DROP TRIGGER audit_no_update`, `DROP TRIGGER audit_no_delete`}
			if db.Postgres() {
				guards = []string{`DROP TRIGGER audit_guard ON audit`}
			}
			for _, q := range guards {
				if _, err := tx.Exec(q); err != nil {
					return err
				}
			}
			return nil
		})
		chain := chainOf(who("person-b"))
		for _, tamper := range []struct{ q, says string }{
			{`UPDATE audit SET detail = 'x' WHERE chain = $1 AND n = 2`, "was changed"},
			{`UPDATE audit SET actor = 'y' WHERE chain = $1 AND n = 3`, "was changed"},
			{`DELETE FROM audit WHERE chain = $1 AND n = 2`, "is missing"},
			{`DELETE FROM audit WHERE chain = $1 AND n = (SELECT MAX(n) FROM audit WHERE chain = $1)`, "is missing at the end"},
			{`UPDATE audit SET prev = '' WHERE chain = $1 AND n = 2`, "does not follow"},
		} {
			undo := errors.New("undo")
			err := db.Write(t.Context(), func(tx *store.Tx) error {
				if n, err := tx.Exec(tamper.q, chain); err != nil || n == 0 {
					t.Fatalf("%s: %d rows, %v", tamper.q, n, err)
				}
				_, err := VerifyAudit(tx)
				var b *Broken
				if !errors.As(err, &b) || b.Chain != chain || !strings.Contains(b.Why, tamper.says) {
					t.Errorf("%s: %v, want %q", tamper.q, err, tamper.says)
				}
				return undo
			})
			if !errors.Is(err, undo) {
				t.Fatal(err)
			}
		}
		if _, err := verify(); err != nil {
			t.Errorf("after undoing: %v", err)
		}
	})
}
