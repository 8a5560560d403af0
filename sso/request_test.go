package sso

import (
	"strings"
	"sync"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// counter is the demonstration at a time that the test sets.
type counter struct {
	t   *testing.T
	db  *store.DB
	now time.Time
}

func seeded(t *testing.T, db *store.DB) *counter {
	t.Helper()
	c := &counter{t: t, db: db, now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	db.SetClock(func() time.Time { return c.now })
	c.do(roles.Seed)
	c.do(Seed)
	return c
}

func (c *counter) do(f func(*store.Tx) error) {
	c.t.Helper()
	if err := c.try(f); err != nil {
		c.t.Fatal(err)
	}
}

func (c *counter) try(f func(*store.Tx) error) error { return c.db.Write(c.t.Context(), f) }

// as is somebody of the demonstration as they are at this moment.
func (c *counter) as(email string) (a permit.Actor) {
	c.t.Helper()
	c.do(func(tx *store.Tx) error {
		p, err := accounts.ByEmail(tx, email)
		if err == nil {
			a, err = roles.Actor(tx, p.ID)
		}
		return err
	})
	return a
}

func (c *counter) ask(email string, w Wish) (r Request) {
	c.t.Helper()
	by := c.as(email)
	c.do(func(tx *store.Tx) (err error) { r, err = Ask(tx, by, w); return err })
	return r
}

func (c *counter) approve(email, id, last string) (r Request, err error) {
	by := c.as(email)
	err = c.try(func(tx *store.Tx) (err error) { r, err = Approve(tx, by, id, last); return err })
	return r, err
}

func (c *counter) find(id string) (r Request) {
	c.t.Helper()
	c.do(func(tx *store.Tx) (err error) { r, err = requestByID(tx, id); return err })
	return r
}

func (c *counter) wants(err error, k fault.Kind, words string) {
	c.t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != k || !strings.Contains(f.Error(), words) {
		c.t.Fatalf("got %v, want a fault of kind %d that says %q", err, k, words)
	}
}

const (
	p4      = "p4@example.test"     // 測試丁, a citizen
	manager = "admin@example.test"  // 機關管理者 of 臺南市政府, and an administrator
	second  = "admin2@example.test" // another administrator
)

// TestDutyByTwo: a duty at an authority (S115) is agreed to by its manager and approved by a second person; the person
// is an officer only then, and 授權來源 says who, when and until when.
func TestDutyByTwo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := seeded(t, db)
		r := c.ask(p4, Wish{System: BLS, Role: string(permit.Reviewer), Authority: roles.Tainan, Said: "十二月到職"})
		if r.State != Waiting || r.State.Name().Zh != "審核中" {
			t.Fatalf("a new request is %s", r.State)
		}
		err := c.try(func(tx *store.Tx) error { _, err := Ask(tx, c.actor(tx, p4), r.Wish); return err })
		c.wants(err, fault.Conflict, "不用再申請")

		_, err = c.approve("p9@example.test", r.ID, "")
		c.wants(err, fault.Forbidden, "機關管理者")
		got, err := c.approve(manager, r.ID, "116-12-31")
		if err != nil || got.State != Agreed || got.Decider != "測試卯" {
			t.Fatalf("after the first: %s by %s, %v", got.State, got.Decider, err)
		}
		if a := c.as(p4); a.Officer() {
			t.Error("one approval made an officer")
		}
		_, err = c.approve(manager, r.ID, "")
		c.wants(err, fault.Forbidden, "您是第一位")
		c.now = c.now.Add(time.Hour)
		got, err = c.approve(second, r.ID, "")
		if err != nil || got.State != Approved || got.Decider != "測試辰" || !got.Decided.Equal(c.now) || got.Last != "2027-12-31" {
			t.Fatalf("after the second: %+v, %v", got, err)
		}
		a := c.as(p4)
		if !a.Sits(roles.Tainan, permit.Reviewer) {
			t.Error("two approvals made no officer")
		}
		c.do(func(tx *store.Tx) error {
			all, err := sources(tx, a, []Request{got})
			if err != nil {
				return err
			}
			last := all[len(all)-1]
			if len(all) != 2 || last.Role.Zh != "臺南市政府 承辦人" || last.From.Zh != "測試辰核准，115-11-23 起，到 116-12-31" {
				t.Errorf("授權來源: %+v", all)
			}
			return nil
		})
		c.now = time.Date(2028, 1, 1, 1, 0, 0, 0, time.UTC)
		if r := c.find(r.ID); r.State != Expired {
			t.Errorf("after its last day it is %s", r.State)
		}
	})
}

// actor is somebody as they are within tx.
func (c *counter) actor(tx *store.Tx, email string) permit.Actor {
	p, err := accounts.ByEmail(tx, email)
	if err != nil {
		c.t.Fatal(err)
	}
	a, err := roles.Actor(tx, p.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

// TestManagerAgrees: a manager who is no administrator decides for their authority alone, and is never the second.
func TestManagerAgrees(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := seeded(t, db)
		boss := c.as("chief@example.test")
		c.do(func(tx *store.Tx) error {
			return roles.Seat(tx, permit.System, boss.Person, roles.Tainan, permit.Manager)
		})
		here := c.ask(p4, Wish{System: BLS, Role: string(permit.Counter), Authority: roles.Tainan})
		there := c.ask(p4, Wish{System: BLS, Role: string(permit.Counter), Authority: "B30"})
		_, err := c.approve("chief@example.test", there.ID, "")
		c.wants(err, fault.Forbidden, "該機關")
		if got, err := c.approve("chief@example.test", here.ID, ""); err != nil || got.State != Agreed {
			t.Fatalf("the manager: %s, %v", got.State, err)
		}
		err = c.try(func(tx *store.Tx) error {
			_, err := Approve(tx, permit.Actor{Person: boss.Person, Seats: []permit.Seat{{Authority: roles.Tainan, Duty: permit.Manager}}}, here.ID, "")
			return err
		})
		c.wants(err, fault.Forbidden, "另一位系統管理者")
		c.do(func(tx *store.Tx) error {
			mine, err := Inbox(tx, c.actor(tx, "chief@example.test"))
			if len(mine) != 0 {
				t.Errorf("the manager's inbox still has %d", len(mine))
			}
			all, _ := Inbox(tx, c.actor(tx, second))
			if len(all) != 2 {
				t.Errorf("the administrator's inbox has %d", len(all))
			}
			return err
		})
		own := c.ask("chief@example.test", Wish{System: BLS, Role: string(permit.Counter), Authority: roles.Tainan})
		_, err = c.approve("chief@example.test", own.ID, "")
		c.wants(err, fault.Forbidden, "自己的申請")
	})
}

// TestOrganisation: an organisation with a title (S114) is applied for, confirmed, and replaced by the next.
func TestOrganisation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := seeded(t, db)
		for _, bad := range []struct {
			w     Wish
			words string
		}{
			{Wish{Title: "科員"}, "選擇機關"},
			{Wish{Authority: roles.Tainan}, "輸入職稱"},
			{Wish{Authority: "X99", Title: "科員"}, "從清單裡選擇機關"},
			{Wish{Authority: roles.Tainan, Organisation: "測試公會", Title: "科員"}, "只能選一個組織"},
			{Wish{Organisation: strings.Repeat("測", 101), Title: "科員"}, "縮短到 100 個字"},
		} {
			err := c.try(func(tx *store.Tx) error { _, err := Ask(tx, c.actor(tx, p4), bad.w); return err })
			c.wants(err, fault.Invalid, bad.words)
		}
		first := c.ask(p4, Wish{Organisation: "測試公會", Title: "幹事"})
		if _, err := c.approve(second, first.ID, ""); err != nil {
			t.Fatal(err)
		}
		next := c.ask(p4, Wish{Authority: roles.Tainan, Title: "科員"})
		if _, err := c.approve(manager, next.ID, "111-01-01"); err == nil {
			t.Error("a last day that is over was taken")
		}
		if got, err := c.approve(manager, next.ID, ""); err != nil || got.State != Approved {
			t.Fatalf("%s, %v", got.State, err)
		}
		c.do(func(tx *store.Tx) error {
			r, ok, err := Organisation(tx, first.Person)
			if !ok || r.ID != next.ID || r.Where().Zh != "臺南市政府" {
				t.Errorf("the confirmed organisation is %v %v", ok, r.What())
			}
			return err
		})
		if old := c.find(first.ID); old.State != Ended || old.Why != "由新的組織取代" {
			t.Errorf("the one before is %s: %s", old.State, old.Why)
		}
	})
}

// TestReturnAndWithdraw: a return has a reason that the applicant reads, and the way is open to ask again; what is open
// may be withdrawn, also a duty between its two approvals.
func TestReturnAndWithdraw(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := seeded(t, db)
		w := Wish{System: BLS, Role: string(permit.Counter), Authority: roles.Tainan}
		r := c.ask(p4, w)
		back := func(email, id, why string) error {
			by := c.as(email)
			return c.try(func(tx *store.Tx) error { _, err := Return(tx, by, id, why); return err })
		}
		c.wants(back(manager, r.ID, " "), fault.Invalid, "退回的原因")
		if err := back(manager, r.ID, "先補上到職日期"); err != nil {
			t.Fatal(err)
		}
		if got := c.find(r.ID); got.State != Returned || got.Why != "先補上到職日期" || got.Decider != "測試卯" {
			t.Errorf("%+v", got)
		}
		withdraw := func(email, id string) error {
			by := c.as(email)
			return c.try(func(tx *store.Tx) error { return Withdraw(tx, by, id) })
		}
		c.wants(withdraw(p4, r.ID), fault.Conflict, "測試卯已在")

		r = c.ask(p4, w)
		if err := withdraw(second, r.ID); err == nil {
			t.Error("somebody else's request was withdrawn")
		}
		if _, err := c.approve(manager, r.ID, ""); err != nil {
			t.Fatal(err)
		}
		if err := withdraw(p4, r.ID); err != nil {
			t.Fatal(err)
		}
		if got := c.find(r.ID); got.State != Withdrawn {
			t.Errorf("withdrawn between two approvals, it is %s", got.State)
		}
		c.do(func(tx *store.Tx) error {
			waiting, err := roles.WaitingSeats(tx)
			if len(waiting) != 0 {
				t.Error("its seat still waits")
			}
			return err
		})

		r = c.ask(p4, w)
		if _, err := c.approve(manager, r.ID, ""); err != nil {
			t.Fatal(err)
		}
		if err := back(second, r.ID, "名額已滿"); err != nil {
			t.Fatal(err)
		}
		if got := c.find(r.ID); got.State != Returned || got.Why != "名額已滿" || got.Decider != "測試辰" {
			t.Errorf("%+v", got)
		}
	})
}

// TestSisterRole: a role in a sister system is granted by one, and ends at once.
func TestSisterRole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := seeded(t, db)
		err := c.try(func(tx *store.Tx) error {
			_, err := Ask(tx, c.actor(tx, p4), Wish{System: demoSystem.ID, Role: "nothing"})
			return err
		})
		c.wants(err, fault.Invalid, "選擇角色")
		r := c.ask(p4, Wish{System: demoSystem.ID, Role: "clerk", Authority: roles.Tainan})
		held := func() (n int) {
			c.do(func(tx *store.Tx) error {
				all, err := Granted(tx, r.Person, demoSystem.ID)
				n = len(all)
				return err
			})
			return n
		}
		if held() != 0 {
			t.Error("held before it was approved")
		}
		got, err := c.approve(manager, r.ID, "")
		if err != nil || got.State != Approved || held() != 1 {
			t.Fatalf("%s, held %d, %v", got.State, held(), err)
		}
		by := c.as(manager)
		err = c.try(func(tx *store.Tx) error { _, err := End(tx, by, r.ID, ""); return err })
		c.wants(err, fault.Invalid, "終止的原因")
		c.do(func(tx *store.Tx) error { _, err := End(tx, by, r.ID, "職務調整"); return err })
		if got := c.find(r.ID); got.State != Ended || got.Why != "職務調整" || held() != 0 {
			t.Errorf("%+v, held %d", got, held())
		}
		c.do(func(tx *store.Tx) error {
			all, err := accounts.Entries(tx, accounts.Search{Person: r.Person, Limit: 20})
			var acts []string
			for _, e := range all {
				if strings.HasPrefix(e.What, "request.") || strings.HasPrefix(e.What, "grant.") {
					acts = append(acts, e.What)
				}
			}
			if got := strings.Join(acts, " "); got != "grant.end request.approve request.ask" {
				t.Errorf("the audit record says %s", got)
			}
			return err
		})
	})
}

// TestOneDecision: of two who decide at the same moment one is heard, and the other reads who was first.
func TestOneDecision(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := seeded(t, db)
		r := c.ask(p4, Wish{Organisation: "測試公會", Title: "幹事"})
		one, two := c.as(manager), c.as(second)
		var wait sync.WaitGroup
		errs := make([]error, 2)
		wait.Go(func() {
			errs[0] = db.Write(t.Context(), func(tx *store.Tx) error { _, err := Approve(tx, one, r.ID, ""); return err })
		})
		wait.Go(func() {
			errs[1] = db.Write(t.Context(), func(tx *store.Tx) error { _, err := Return(tx, two, r.ID, "查無此人"); return err })
		})
		wait.Wait()
		got := c.find(r.ID)
		switch {
		case errs[0] == nil && got.State == Approved:
			c.wants(errs[1], fault.Conflict, "測試卯已在")
		case errs[1] == nil && got.State == Returned:
			c.wants(errs[0], fault.Conflict, "測試辰已在")
		default:
			t.Fatalf("the request is %s after %v and %v", got.State, errs[0], errs[1])
		}
	})
}
