package doors

import (
	"strings"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/openid"
	"cloudbm/permit"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// member is what 我的e政府 says of somebody who signed in with a password.
var member = openid.Identity{Issuer: "https://egov.test", Subject: "s-1", Account: "test04", Name: "測試丁", Email: "p4@example.test", Level: "1", Next: "/me"}

// withCard is the same person, by a card.
func withCard() openid.Identity {
	who := member
	who.Level, who.NationalID = "3", "A223000044"
	return who
}

func write(t *testing.T, db *store.DB, f func(*store.Tx) error) {
	t.Helper()
	if err := db.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// refused wants a refusal of that kind that says so.
func refused(t *testing.T, db *store.DB, kind fault.Kind, words string, f func(*store.Tx) error) {
	t.Helper()
	err := db.Write(t.Context(), f)
	if said, ok := fault.As(err); !ok || said.Kind != kind || !strings.Contains(said.Message.Zh, words) {
		t.Errorf("got %v, want a refusal of kind %v that says %q", err, kind, words)
	}
}

// present is who a session's secret stands for.
func present(t *testing.T, db *store.DB, token string) (s accounts.Session, by permit.Actor) {
	t.Helper()
	write(t, db, func(tx *store.Tx) (err error) {
		var p accounts.Person
		s, p, err = accounts.Present(tx, token)
		by = permit.Actor{Person: p.ID, Name: p.Name, Session: s.ID, Strong: s.Strong}
		return err
	})
	return s, by
}

// TestArrive: who is not bound becomes a person once, and is the same person from then on, by the door they came through.
func TestArrive(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
		db.SetClock(func() time.Time { return now })
		var arrival string
		var keys accounts.Keys
		come := func(who openid.Identity) {
			t.Helper()
			write(t, db, func(tx *store.Tx) (err error) {
				keys, arrival, err = Arrive(tx, who, accounts.Source{IP: "192.0.2.1"})
				return err
			})
		}
		come(member)
		if arrival == "" || keys.Session != "" {
			t.Fatal("a stranger was let in")
		}
		write(t, db, func(tx *store.Tx) (err error) {
			keys, err = Settle(tx, arrival, accounts.Source{IP: "192.0.2.1"})
			return err
		})
		first, by := present(t, db, keys.Session)
		if by.Name != "測試丁" || first.Door != accounts.EGov || first.Strong {
			t.Errorf("%+v by %s, strong %t", by, first.Door, first.Strong)
		}
		refused(t, db, fault.SignIn, "30 分鐘", func(tx *store.Tx) error { _, err := Settle(tx, arrival, accounts.Source{}); return err })

		come(withCard())
		again, same := present(t, db, keys.Session)
		if same.Person != by.Person || again.Door != accounts.Card || !again.Strong {
			t.Errorf("by a card it is %s, by %s, strong %t", same.Person, again.Door, again.Strong)
		}
		write(t, db, func(tx *store.Tx) error {
			if id, err := Verified(tx, by.Person); id != "A223000044" || err != nil {
				t.Errorf("verified is %q (%v)", id, err)
			}
			return accounts.Second(tx, by.Person, true)
		})
		come(member)
		if !keys.Due {
			t.Error("a password there opens a whole session of somebody with a second factor")
		}
		come(withCard())
		if keys.Due {
			t.Error("a card is asked for a second factor")
		}

		other := member
		other.Subject = "s-2"
		come(other)
		now = now.Add(arrivalLife + time.Second)
		refused(t, db, fault.SignIn, "30 分鐘", func(tx *store.Tx) error { _, err := Waiting(tx, arrival); return err })
	})
}

// TestBindAsksForAProof: neither binding nor unbinding goes without a fresh proof, and nobody binds what is another's.
func TestBindAsksForAProof(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
		db.SetClock(func() time.Time { return now })
		var by [2]permit.Actor
		for i, p := range accounts.DemoPeople[:2] {
			var token string
			write(t, db, func(tx *store.Tx) error {
				p, err := accounts.New(tx, p)
				if err == nil {
					token, err = accounts.Begin(tx, p.ID, accounts.Backup, accounts.Source{IP: "192.0.2.1"})
				}
				return err
			})
			_, by[i] = present(t, db, token)
		}
		write(t, db, func(tx *store.Tx) error { return Bind(tx, by[0], member) })
		write(t, db, func(tx *store.Tx) error { return Bind(tx, by[0], member) }) // once more is the same
		refused(t, db, fault.Conflict, "另一個人", func(tx *store.Tx) error { return Bind(tx, by[1], member) })
		var mine []Binding
		write(t, db, func(tx *store.Tx) (err error) { mine, err = Bindings(tx, by[0].Person); return err })
		if len(mine) != 1 || mine[0].Label != "test04" {
			t.Fatalf("bound: %+v", mine)
		}
		refused(t, db, fault.Conflict, "唯一的登錄方式", func(tx *store.Tx) error { _, err := Unbind(tx, by[0], mine[0].ID); return err })
		if err := db.Write(t.Context(), func(tx *store.Tx) error { _, err := Unbind(tx, by[1], mine[0].ID); return err }); err == nil {
			t.Error("somebody unbound what is another's")
		}
		now = now.Add(11 * time.Minute)
		refused(t, db, fault.SignIn, "確認", func(tx *store.Tx) error {
			return Bind(tx, by[1], openid.Identity{Issuer: "https://egov.test", Subject: "s-3"})
		})
		refused(t, db, fault.SignIn, "確認", func(tx *store.Tx) error { _, err := Unbind(tx, by[0], mine[0].ID); return err })
	})
}
