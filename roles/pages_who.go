package roles

import (
	"net/http"

	"cloudbm/accounts"
	"cloudbm/permit"
	"cloudbm/store"
)

// Who tells who is asking, with the roles, seats and administration that hold at this moment; for web.Site.Who.
func Who(db *store.DB) func(*http.Request) (permit.Actor, error) {
	known := accounts.Who(db)
	return func(q *http.Request) (permit.Actor, error) {
		a, err := known(q)
		if err != nil || !a.SignedIn() {
			return a, err
		}
		err = db.Read(q.Context(), func(tx *store.Tx) error {
			a, err = Dress(tx, a)
			return err
		})
		return a, err
	}
}

// Guarded is Who where officers need a second factor: seats and administration wait until the session is proved by two.
func Guarded(db *store.DB) func(*http.Request) (permit.Actor, error) {
	known := Who(db)
	return func(q *http.Request) (permit.Actor, error) {
		a, err := known(q)
		if !a.Strong && (a.Officer() || a.Admin) {
			a.Seats, a.Admin, a.Waiting = nil, false, true
		}
		return a, err
	}
}
