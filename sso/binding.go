package sso

import (
	"time"

	"cloudbm/accounts"
	"cloudbm/permit"
	"cloudbm/store"
)

// Binding is a way in that belongs to somebody: an account at 我的e政府, a health card.
type Binding struct {
	ID    string
	Door  accounts.Door
	Label string // what it is told apart by: a card's last digits
	Since time.Time
	Used  time.Time // zero: never since
}

// Ways are what the room of the doors gives to 登錄方式 (S111, S112). The zero value has every door open later.
type Ways struct {
	Bindings func(tx *store.Tx, person string) ([]Binding, error)
	Unbind   func(tx *store.Tx, by permit.Actor, id string) error
	BindAt   map[accounts.Door]string // where binding begins; none: the door opens later
}

// way is one door as it stands for a person.
type way struct {
	Door   accounts.Door
	BindAt string
	Bound  []Binding
}

// of are the two doors that can be bound, in the order of S111.
func (w Ways) of(tx *store.Tx, person string) ([]way, error) {
	out := []way{{Door: accounts.EGov, BindAt: w.BindAt[accounts.EGov]}, {Door: accounts.Health, BindAt: w.BindAt[accounts.Health]}}
	if w.Bindings == nil {
		return out, nil
	}
	all, err := w.Bindings(tx, person)
	for _, b := range all {
		for i := range out {
			if out[i].Door == b.Door || out[i].Door == accounts.EGov && b.Door == accounts.Card {
				out[i].Bound = append(out[i].Bound, b)
			}
		}
	}
	return out, err
}
