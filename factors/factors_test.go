package factors_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/factors"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// desk is a database with one person who has just signed in.
type desk struct {
	t     *testing.T
	db    *store.DB
	now   time.Time
	by    permit.Actor
	token string
}

func sit(t *testing.T, db *store.DB) *desk {
	d := &desk{t: t, db: db, now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	db.SetClock(func() time.Time { return d.now })
	d.do(func(tx *store.Tx) error {
		p, err := accounts.New(tx, accounts.DemoPeople[0])
		if err != nil {
			return err
		}
		d.by = permit.Actor{Person: p.ID, Name: p.Name, Email: p.Email}
		d.token, err = accounts.Begin(tx, p.ID, accounts.Backup, accounts.Source{IP: "192.0.2.1"})
		if err != nil {
			return err
		}
		s, _, err := accounts.Present(tx, d.token)
		d.by.Session = s.ID
		return err
	})
	return d
}

func (d *desk) try(f func(*store.Tx) error) error { return d.db.Write(context.Background(), f) }

func (d *desk) do(f func(*store.Tx) error) {
	d.t.Helper()
	if err := d.try(f); err != nil {
		d.t.Fatal(err)
	}
}

// app sets up an authenticator and answers its secret.
func (d *desk) app() (secret string) {
	d.t.Helper()
	d.do(func(tx *store.Tx) error { return factors.SetUp(tx, d.by) })
	d.do(func(tx *store.Tx) (err error) {
		_, secret, err = factors.SettingUp(tx, d.by.Person)
		return err
	})
	d.do(func(tx *store.Tx) error { return factors.FinishSetUp(tx, d.by, factors.CodeFor(secret, d.now)) })
	return secret
}

func (d *desk) answer(code string) error {
	return factors.Answer(context.Background(), d.db, d.by, code, func(*store.Tx, string) error { return nil })
}

func (d *desk) refused(kind fault.Kind, err error) {
	d.t.Helper()
	if !fault.Is(err, kind) {
		d.t.Errorf("want a refusal of kind %d, got %v", kind, err)
	}
}

func (d *desk) person() (p accounts.Person) {
	d.do(func(tx *store.Tx) (err error) {
		p, err = accounts.Find(tx, d.by.Person)
		return err
	})
	return p
}

// TestVectors are those of RFC 6238, appendix B, in six digits.
func TestVectors(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		now := time.Unix(at, 0)
		if got := factors.CodeFor(secret, now); got != want {
			t.Errorf("at %d the code is %s, want %s", at, got, want)
		}
		here := at / 30
		if here < 2 {
			continue // there is no time before
		}
		for _, x := range []struct {
			later, last int64
			taken       bool
		}{{0, 0, true}, {1, 0, true}, {-1, 0, true}, {2, 0, false}, {-2, 0, false}, {0, here - 1, true}, {0, here, false}, {1, here, false}, {0, here + 1, false}} {
			step, ok, err := factors.StepOf(secret, want, now.Add(time.Duration(x.later)*30*time.Second), x.last)
			if err != nil || ok != x.taken || ok && step != here {
				t.Errorf("%d steps later, after step %d: step %d, %v, %v", x.later, x.last, step, ok, err)
			}
		}
	}
}

func TestCodesAreTakenOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := sit(t, db)
		d.do(func(tx *store.Tx) error { return factors.SetUp(tx, d.by) })
		if d.person().Second {
			t.Error("an authenticator that no code has confirmed counts")
		}
		d.refused(fault.Invalid, d.try(func(tx *store.Tx) error { return factors.FinishSetUp(tx, d.by, "000000") }))
		secret := d.app()
		if !d.person().Second {
			t.Error("the second factor is not marked")
		}
		d.do(func(tx *store.Tx) error {
			s, err := accounts.Here(tx, d.by)
			if !s.Strong {
				t.Error("setting up an authenticator does not make the session strong")
			}
			return err
		})

		d.refused(fault.Invalid, d.answer(factors.CodeFor(secret, d.now))) // taken when it was set up
		next := factors.CodeFor(secret, d.now.Add(30*time.Second))
		if err := d.answer(next[:3] + " " + next[3:]); err != nil {
			t.Error("the code of the step after this one:", err)
		}
		d.refused(fault.Invalid, d.answer(next))
		d.now = d.now.Add(30 * time.Second)
		d.refused(fault.Invalid, d.answer(next))                                                // still its own step, and taken
		d.refused(fault.Invalid, d.answer(factors.CodeFor(secret, d.now.Add(-30*time.Second)))) // before the last one taken
		d.now = d.now.Add(30 * time.Second)
		if err := d.answer(factors.CodeFor(secret, d.now)); err != nil {
			t.Error("a new code after wrong ones:", err)
		}
		d.now = d.now.Add(2 * time.Minute)
		d.refused(fault.Invalid, d.answer(factors.CodeFor(secret, d.now.Add(-time.Minute))))
		d.refused(fault.Invalid, d.answer(factors.CodeFor(secret, d.now.Add(time.Minute))))
	})
}

func TestFiveWrongCodesWait(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := sit(t, db)
		secret := d.app()
		d.now = d.now.Add(time.Minute)
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() { d.refused(fault.Invalid, d.answer("12345x")) })
		}
		all.Wait()
		if err := d.answer(factors.CodeFor(secret, d.now)); err == nil {
			t.Error("after five wrong codes a right one is taken at once")
		}
		d.now = d.now.Add(16 * time.Minute)
		if err := d.answer(factors.CodeFor(secret, d.now)); err != nil {
			t.Error("after fifteen minutes:", err)
		}
		for range 4 {
			d.refused(fault.Invalid, d.answer("12345x"))
		}
		d.now = d.now.Add(time.Minute)
		if err := d.answer(factors.CodeFor(secret, d.now)); err != nil {
			t.Error("after four wrong codes:", err)
		}
	})
}

func TestBackupCodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := sit(t, db)
		fresh := func() (codes []string) {
			d.do(func(tx *store.Tx) (err error) {
				codes, err = factors.NewCodes(tx, d.by)
				return err
			})
			return codes
		}
		d.refused(fault.Conflict, d.try(func(tx *store.Tx) error { _, err := factors.NewCodes(tx, d.by); return err }))
		d.app()
		old := fresh()
		seen := map[string]bool{}
		for _, c := range old {
			seen[c] = true
		}
		if len(old) != 10 || len(seen) != 10 {
			t.Fatalf("%d codes, %d different", len(old), len(seen))
		}
		if err := d.answer(" " + old[0][:4] + " " + old[0][5:]); err != nil {
			t.Error("a backup code with other spaces:", err)
		}
		d.refused(fault.Invalid, d.answer(old[0]))

		// Used twice at the same moment, it is taken once.
		var taken, refused int
		var lock sync.Mutex
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				err := d.answer(old[1])
				lock.Lock()
				defer lock.Unlock()
				if err == nil {
					taken++
				} else {
					refused++
				}
			})
		}
		all.Wait()
		if taken != 1 || refused != 3 {
			t.Errorf("a code sent four times at once was taken %d times", taken)
		}
		d.do(func(tx *store.Tx) error {
			f, err := factors.Of(tx, d.by.Person)
			if f.Codes != 8 {
				t.Errorf("%d codes left, want 8", f.Codes)
			}
			return err
		})
		fresh()
		d.now = d.now.Add(20 * time.Minute)
		d.refused(fault.Invalid, d.answer(old[2]))
	})
}

func TestRemovalAndReset(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := sit(t, db)
		d.app()
		var f factors.Factors
		look := func() {
			d.do(func(tx *store.Tx) (err error) {
				f, err = factors.Of(tx, d.by.Person)
				return err
			})
		}
		look()
		remove := func() error {
			return d.try(func(tx *store.Tx) error { return factors.Remove(tx, d.by, f.Authenticator.ID, true) })
		}
		d.do(func(tx *store.Tx) error { return accounts.Officer(tx, d.by.Person, true, 15) })
		d.refused(fault.Conflict, remove())
		d.do(func(tx *store.Tx) error { return accounts.Officer(tx, d.by.Person, false, 30) })

		d.now = d.now.Add(11 * time.Minute)
		d.refused(fault.SignIn, remove())
		d.refused(fault.SignIn, d.try(func(tx *store.Tx) error { return factors.SetUp(tx, d.by) }))
		d.refused(fault.SignIn, d.try(func(tx *store.Tx) error { _, err := factors.NewCodes(tx, d.by); return err }))
		d.do(func(tx *store.Tx) error { return accounts.Prove(tx, d.by, false) })
		if err := remove(); err != nil {
			t.Fatal(err)
		}
		if look(); f.Any() || d.person().Second {
			t.Error("the last factor is removed, and still one is asked for")
		}

		d.app()
		d.do(func(tx *store.Tx) error { _, err := factors.NewCodes(tx, d.by); return err })
		admin := permit.Actor{Person: "another", Admin: true}
		reset := func(by permit.Actor, why string) error {
			return d.try(func(tx *store.Tx) error { return factors.Reset(tx, by, d.by.Person, why) })
		}
		d.refused(fault.Forbidden, reset(permit.Actor{Person: "another"}, "to the counter with an ID card"))
		d.refused(fault.Forbidden, reset(permit.Actor{Person: d.by.Person, Admin: true}, "myself"))
		d.refused(fault.Invalid, reset(admin, " "))
		if err := reset(admin, "came to the counter with an ID card"); err != nil {
			t.Fatal(err)
		}
		if look(); f.Any() || f.Codes > 0 || d.person().Second {
			t.Error("after the reset there is a factor still")
		}
		d.refused(fault.Conflict, reset(admin, "again"))
		d.do(func(tx *store.Tx) error {
			if live, err := accounts.Sessions(tx, d.by.Person); len(live) > 0 || err != nil {
				t.Errorf("%d sessions live on after the reset (%v)", len(live), err)
			}
			found, err := accounts.Entries(tx, accounts.Search{What: "factor.reset", Limit: 5})
			if len(found) != 1 || found[0].Detail != "came to the counter with an ID card" {
				t.Errorf("the audit record has %v", found)
			}
			return err
		})
	})
}
