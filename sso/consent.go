package sso

import (
	"errors"
	"slices"
	"strings"
	"time"

	"cloudbm/accounts"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// Consent is what somebody agreed to have handed over to a system.
type Consent struct {
	System string
	Name   say.Text
	Scopes []string
	Given  time.Time
}

// Consents lists what a person agreed to.
func Consents(tx *store.Tx, person string) ([]Consent, error) { return consentsOf(tx, person) }

// agreed reports whether the person agreed to all that the system asks for, as far as it has to ask.
func agreed(tx *store.Tx, y System, person string, scopes []string) (bool, error) {
	if !y.Consent {
		return true, nil
	}
	c, err := consentTo(tx, person, y.ID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return !slices.ContainsFunc(scopes, func(s string) bool { return s != "openid" && !slices.Contains(c.Scopes, s) }), err
}

// Agree remembers that by lets the system have the scopes, beside those agreed to before.
func Agree(tx *store.Tx, by permit.Actor, system string, scopes []string) error {
	c, err := consentTo(tx, by.Person, system)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	all := slices.DeleteFunc(slices.Clone(Scopes), func(s string) bool { return !slices.Contains(scopes, s) && !slices.Contains(c.Scopes, s) })
	if err := putConsent(tx, by.Person, system, all); err != nil {
		return err
	}
	return accounts.Note(tx, by, "consent.give", by.Person, system+" "+strings.Join(all, " "))
}

// Revoke takes a consent back: from now on the system learns nothing more, and asks anew.
func Revoke(tx *store.Tx, by permit.Actor, system string) error {
	if err := dropConsent(tx, by.Person, system); err != nil {
		return err
	}
	return accounts.Note(tx, by, "consent.revoke", by.Person, system)
}
