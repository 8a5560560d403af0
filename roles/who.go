package roles

import (
	"cloudbm/accounts"
	"cloudbm/permit"
	"cloudbm/store"
)

// Dress gives a the roles, the seats and the administration that the person holds at this moment.
func Dress(tx *store.Tx, a permit.Actor) (permit.Actor, error) {
	a.Roles, a.Seats, a.Admin = nil, nil, false
	roles, err := rolesOf(tx, a.Person)
	if err != nil {
		return a, err
	}
	for _, r := range permit.Roles {
		for _, have := range roles {
			if have == r {
				a.Roles = append(a.Roles, r)
			}
		}
	}
	seats, err := holding(tx, a.Person, today(tx))
	for _, s := range seats {
		if s.Duty == Administrator {
			a.Admin = true
		} else {
			a.Seats = append(a.Seats, s)
		}
	}
	return a, err
}

// Actor is the person as an actor, for jobs and tests that act for somebody who is not at the door.
func Actor(tx *store.Tx, person string) (permit.Actor, error) {
	p, err := accounts.Find(tx, person)
	if err != nil {
		return permit.Actor{}, err
	}
	return Dress(tx, permit.Actor{Person: p.ID, Name: p.Name, Email: p.Mail()})
}
