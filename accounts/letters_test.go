package accounts_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/accounts/accountstest"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/sso"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web/webtest"
)

// post is a platform whose letters the test reads.
type post struct {
	*accountstest.Place
	letters chan string // "to: subject\nbody"
}

func withPost(t *testing.T, db *store.DB) post {
	t.Helper()
	p := post{letters: make(chan string, 100)}
	room := accounts.Room{Base: "https://cloudbm.test", Letter: func(tx *store.Tx, to accounts.Person, subject, body say.Text) error {
		tx.After(func() { p.letters <- to.Mail() + ": " + subject.Zh + "\n" + body.Zh })
		return nil
	}}
	p.Place = accountstest.On(t, db, room.Mount, sso.Mount)
	crew := jobs.NewCrew()
	room.Teach(crew, db)
	if err := crew.Start(t.Context(), db, 1, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { crew.Stop(context.Background()) })
	return p
}

// read takes as many letters as there are beginnings, in any order, and answers them in the order of the beginnings.
func (p post) read(begin ...string) []string {
	p.T.Helper()
	out := make([]string, len(begin))
	for range begin {
		select {
		case l := <-p.letters:
			i := slices.IndexFunc(begin, func(b string) bool { return strings.HasPrefix(l, b) })
			if i < 0 || out[i] != "" {
				p.T.Fatalf("a letter nobody waits for: %s", l)
			}
			out[i] = l
		case <-time.After(20 * time.Second):
			p.T.Fatalf("waited for %q, got %q", begin, out)
		}
	}
	return out
}

// contact gives the person with that 備用帳號 another address for letters, and reads the letter about it.
func (p post) contact(email, contact string) {
	p.T.Helper()
	p.Do(func(tx *store.Tx) error {
		who, err := accounts.ByEmail(tx, email)
		if err != nil {
			return err
		}
		who.Contact = contact
		_, err = accounts.Change(tx, permit.Actor{Person: who.ID, Name: who.Name}, who)
		return err
	})
}

func linkIn(t *testing.T, letter string) string {
	t.Helper()
	found := regexp.MustCompile(`https://cloudbm\.test(/password/[0-9a-z]{52})`).FindStringSubmatch(letter)
	if found == nil {
		t.Fatalf("no link in %s", letter)
	}
	return found[1]
}

func TestLinkPages(t *testing.T) {
	p := withPost(t, storetest.SQLite(t))
	v := p.Visitor()
	v.Get("/signin").Follow("忘記密碼").Fill("電子郵件地址", "nobody@example.test").Submit("寄連結給我").WantStatus(200).Want("如果這個地址有帳號")
	v.Get("/password").Fill("電子郵件地址", "P1@example.test").Submit("寄連結給我").WantStatus(200).Want("如果這個地址有帳號")
	path := linkIn(t, p.read("p1@example.test: 設定密碼的連結")[0]) // and none to nobody: the one worker writes in order
	page := v.Get(path).WantStatus(200).Want("測試甲", "15 個字以上")
	page = page.Fill("密碼", "password").Submit("設定密碼").WantStatus(422).Want("大寫")
	page.Fill("密碼", "Brand-New-77").Submit("設定密碼").WantStatus(200).Want("密碼已設定", "您好：測試甲")
	p.Visitor().Get(path).WantStatus(404).Want("用過或過期", "要一個新的連結")
	p.read("p1@example.test: 您的密碼已修改")
	q := open(t, accounts.Room{})
	q.Visitor().Get("/password").WantStatus(200).Want("聯絡主管機關")
}

// TestLettersOfRecovery: the link goes to the 備用帳號 alone; whoever changed the address for letters before, or changes
// the password after, is given away by a letter to the other address.
func TestLettersOfRecovery(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := withPost(t, db)
		p.contact("p1@example.test", "elsewhere@example.test")
		if l := p.read("p1@example.test: 您的電子郵件已更換")[0]; strings.Contains(l, "elsewhere") {
			t.Errorf("the old address is told the new one: %s", l)
		}
		p.contact("p1@example.test", "ELSEWHERE@example.test") // the same one: no letter

		p.Visitor().Get("/password").Fill("電子郵件地址", "p1@example.test").Submit("寄連結給我").WantStatus(200)
		both := p.read("p1@example.test: 設定密碼的連結", "ELSEWHERE@example.test: 有人要求重新設定您的密碼")
		if strings.Contains(both[1], "/password/") {
			t.Errorf("the notice has a link in it: %s", both[1])
		}
		in := p.Visitor()
		in.Get(linkIn(t, both[0])).Fill("密碼", "Brand-New-77").Submit("設定密碼").WantStatus(200).Want("密碼已設定")
		p.read("p1@example.test: 您的密碼已修改", "ELSEWHERE@example.test: 您的密碼已修改")

		in.Get("/me/password").Fill("現在的密碼", "Brand-New-77").Fill("新密碼", "Brand-New-88").Submit("修改密碼").WantStatus(200)
		p.read("p1@example.test: 您的密碼已修改", "ELSEWHERE@example.test: 您的密碼已修改")
	})
}

// from is a visitor from another address each time.
func from(p *accountstest.Place, n int) *webtest.Client {
	p.Site.Proxies = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}
	v := p.Visitor()
	v.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.100.%d", n))
	return v
}

// TestLinksAnHour: however often strangers ask, from wherever, one account gets five letters an hour.
func TestLinksAnHour(t *testing.T) {
	p := withPost(t, storetest.SQLite(t))
	for i := range 7 {
		from(p.Place, i+1).Get("/password").Fill("電子郵件地址", "p1@example.test").Submit("寄連結給我").WantStatus(200).Want("如果這個地址有帳號")
	}
	from(p.Place, 8).Get("/password").Fill("電子郵件地址", "p2@example.test").Submit("寄連結給我").WantStatus(200)
	for range 5 {
		p.read("p1@example.test: 設定密碼的連結")
	}
	p.read("p2@example.test: 設定密碼的連結")
}

// TestForgottenPasswordTellsNothing: for an address with an account, with a disabled one and with none, the answer is the
// same letter by letter and so are the rows it leaves. It cannot differ: it is given without the table of persons.
func TestForgottenPasswordTellsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := accountstest.On(t, db, accounts.Room{Letter: func(*store.Tx, accounts.Person, say.Text, say.Text) error { return nil }}.Mount)
		p.Do(func(tx *store.Tx) error {
			who, err := accounts.ByEmail(tx, "p2@example.test")
			if err != nil {
				return err
			}
			return accounts.Disable(tx, permit.System, who.ID, "測試")
		})
		asked := 0
		ask := func(email string) string {
			asked++
			before := counts(t, db)
			a := from(p, asked).Stay().Post("/password", url.Values{"email": {email}})
			left := counts(t, db)
			for name, n := range before {
				if left[name] -= n; left[name] == 0 {
					delete(left, name)
				}
			}
			return fmt.Sprint(a.Status, a.Header.Get("Location"), a.Header["Set-Cookie"], string(a.Body), left)
		}
		first := ask("p1@example.test")
		if !strings.Contains(first, "river_job:1") || !strings.HasPrefix(first, "303") {
			t.Fatalf("an answer this test does not understand: %s", first)
		}
		same := func(when string) {
			for _, email := range []string{"p1@example.test", "p2@example.test", "nobody@example.test", "not an address", strings.Repeat("x", 5000)} {
				if got := ask(email); got != first {
					t.Errorf("%s, %.30s is answered\n%s\ninstead of\n%s", when, email, got, first)
				}
			}
		}
		same("as ever")
		p.Do(func(tx *store.Tx) error { _, err := tx.Exec(`ALTER TABLE persons RENAME TO hidden`); return err })
		same("with nobody to look at")
	})
}

// counts are how many rows each table has. What wakes the workers of the queue depends on when it last did, not on who
// asks: it is left out, with the counters of the database.
func counts(t *testing.T, db *store.DB) map[string]int64 {
	t.Helper()
	all := map[string]int64{}
	err := db.Read(t.Context(), func(tx *store.Tx) error {
		tables := `SELECT name FROM sqlite_master WHERE type = 'table'`
		if db.Postgres() {
			tables = `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`
		}
		names, err := store.Column[string](tx, tables)
		for _, name := range names {
			if err == nil && name != "river_notification" && !strings.HasPrefix(name, "sqlite_") {
				all[name], err = store.Get[int64](tx, `SELECT COUNT(*) FROM `+name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
