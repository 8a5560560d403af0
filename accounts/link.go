package accounts

import (
	"errors"
	"time"

	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/store"
)

// How long a link for setting a password works: one asked for by the person, one given by an administrator.
const (
	ResetLife  = 30 * time.Minute
	InviteLife = 7 * 24 * time.Hour
)

// NewLink makes a one-time link for setting the person's password, and ends those made before. Only its hash is kept.
func NewLink(tx *store.Tx, by permit.Actor, person string, life time.Duration) (secret string, err error) {
	p, err := Find(tx, person)
	if err != nil {
		return "", err
	}
	if !p.Disabled.IsZero() {
		return "", closed
	}
	if p.Email == "" {
		return "", fault.Of(fault.Invalid, "先登記電子郵件地址，才能設定密碼", "Register an e-mail address before setting a password")
	}
	if err := dropLinks(tx, person); err != nil {
		return "", err
	}
	secret = store.Secret()
	if err := insertLink(tx, mark(secret), person, by.Person, tx.Now.Add(life)); err != nil {
		return "", err
	}
	return secret, Note(tx, by, "password.link", person, life.String())
}

// LinkURL is the address of a link.
func LinkURL(secret string) string { return "/password/" + secret }

var spent = fault.Of(fault.NotFound, "這個連結已經用過或過期；請再要一次新的連結", "This link was used or has expired. Ask for a new one").
	To("要一個新的連結", "Ask for a new link", "/password")

// Linked is the person a living link belongs to; a fault says that it was used or is too old.
func Linked(tx *store.Tx, secret string) (Person, error) {
	person, err := linkOf(tx, mark(secret))
	if errors.Is(err, store.ErrNotFound) {
		return Person{}, spent
	}
	if err != nil {
		return Person{}, err
	}
	p, err := Find(tx, person)
	if err == nil && !p.Disabled.IsZero() {
		return p, closed
	}
	return p, err
}

// UseLink sets the password through a link, uses the link up and signs the person in.
func UseLink(tx *store.Tx, secret, password string, from Source) (Keys, error) {
	p, err := Linked(tx, secret)
	if err != nil {
		return Keys{}, err
	}
	by := permit.Actor{Person: p.ID, Name: p.Name, IP: from.IP}
	if err := useLink(tx, mark(secret)); err != nil {
		return Keys{}, err
	}
	if err := SetPassword(tx, by, p.ID, password); err != nil {
		return Keys{}, err
	}
	token, err := Begin(tx, p.ID, ByLink, from)
	if err != nil {
		return Keys{}, err
	}
	device := store.Secret()
	return Keys{token, device, p.Second}, keepDevice(tx, p.ID, mark(device))
}
