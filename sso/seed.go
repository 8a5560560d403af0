package sso

import (
	"errors"

	"cloudbm/accounts"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
)

// demoSystem is the sister system of the demonstration: there is none at its address, but it can be signed in to.
var demoSystem = System{
	ID: "demo-documents", Name: say.T("測試機關公文系統", "Documents System of the Test Authority"),
	Tile: "http://127.0.0.1:9410/", Redirects: []string{"http://127.0.0.1:9410/callback"}, Logouts: []string{"http://127.0.0.1:9410/signed-out"},
	Public: true, Scopes: Scopes, Consent: true,
}

var demoRoles = []Role{
	{Key: "clerk", Name: say.T("收發人員", "Registry clerk")},
	{Key: "writer", Name: say.T("擬稿人員", "Drafting officer")},
}

// demoGrants are what people of the demonstration hold.
var demoGrants = []struct {
	email string
	wish  Wish
}{
	{"p1@example.test", Wish{System: demoSystem.ID, Role: "writer"}},
	{"p8@example.test", Wish{Authority: roles.Tainan, Title: "收件人員"}},
	{"p8@example.test", Wish{System: demoSystem.ID, Role: "clerk", Authority: roles.Tainan}},
	{"p9@example.test", Wish{Authority: roles.Tainan, Title: "承辦人"}},
}

// Seed makes the sister system of the demonstration, with some who hold a role in it. It may run again; what is there
// stays.
func Seed(tx *store.Tx) error {
	if _, err := systemByID(tx, demoSystem.ID); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if _, err := Register(tx, permit.System, demoSystem, false, true, "展示"); err != nil {
		return err
	}
	for _, r := range demoRoles {
		if err := PutRole(tx, permit.System, demoSystem.ID, r, "展示"); err != nil {
			return err
		}
	}
	for _, g := range demoGrants {
		p, err := accounts.ByEmail(tx, g.email)
		if err != nil {
			return err
		}
		r, err := Ask(tx, permit.Actor{Person: p.ID, Name: p.Name}, g.wish)
		if err != nil {
			return err
		}
		if _, err := Approve(tx, permit.System, r.ID, ""); err != nil {
			return err
		}
	}
	return nil
}
