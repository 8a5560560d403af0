// Package sealstest has cards for tests: an authority of their own, and the cards of fictional people. No hardware and no
// other program is needed.
package sealstest

import (
	"testing"
	"time"

	"cloudbm/pki"
	"cloudbm/sim/card"
	"cloudbm/store"
)

// Cards is an authority with the room that trusts it.
type Cards struct {
	T    testing.TB
	CA   *card.CA
	Room *pki.Room
	now  time.Time
}

// New opens an authority whose cards db trusts.
func New(t testing.TB, db *store.DB) *Cards {
	t.Helper()
	now := db.Now()
	ca, err := card.NewCA(t.TempDir(), "http://127.0.0.1:1", now.AddDate(-2, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	anchors := &pki.Anchors{}
	if err := anchors.Add(ca.Anchors()); err != nil {
		t.Fatal(err)
	}
	return &Cards{T: t, CA: ca, now: now, Room: &pki.Room{DB: db, Anchors: anchors, Site: "https://cloudbm.example", Unreachable: pki.AcceptAndNote}}
}

// Card is a card in a reader.
type Card struct {
	card.Held
	t testing.TB
}

// Card issues a card to the first holder with that name.
func (c *Cards) Card(name string) Card {
	c.T.Helper()
	for _, h := range card.Holders {
		if h.Name == name {
			return c.Issue(h)
		}
	}
	c.T.Fatalf("nobody is called %s", name)
	return Card{}
}

// Issue issues a card.
func (c *Cards) Issue(h card.Holder) Card {
	c.T.Helper()
	held, err := c.CA.Hold(h, c.now)
	if err != nil {
		c.T.Fatal(err)
	}
	return Card{held, c.T}
}

// Signs is the component's answer to a text, as a page sends it back.
func (c Card) Signs(text string) pki.Answer {
	c.t.Helper()
	a, err := c.Sign(text)
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

// SignsPlainly is the answer of a component that was asked for a signature without CMS (PKCS1).
func (c Card) SignsPlainly(text string) pki.Answer {
	c.t.Helper()
	a, err := c.SignPlainly(text)
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}
