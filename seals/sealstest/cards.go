// Package sealstest has cards for tests: an authority of their own, the keys of fictional people, and what the component
// makes of a text. No hardware and no other program is needed.
package sealstest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"strings"
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
	of     *Cards
	Holder card.Holder
	X      *x509.Certificate
	key    crypto.Signer
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
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		c.T.Fatal(err)
	}
	x, err := c.CA.Issue(h, key.Public(), c.now.AddDate(-1, 0, 0), c.now.AddDate(4, 0, 0), nil)
	if err != nil {
		c.T.Fatal(err)
	}
	return Card{c, h, x, key}
}

// Signs is the component's answer to a text, as a page sends it back.
func (c Card) Signs(text string) pki.Answer {
	c.of.T.Helper()
	_, rest, _ := strings.Cut(text, "\n"+pki.NonceLine(""))
	nonce, _, _ := strings.Cut(rest, "\n")
	set, err := card.Set(card.Attributes([]byte(text), nonce, c.Holder.Number, c.of.now))
	if err != nil {
		c.of.T.Fatal(err)
	}
	sum := sha256.Sum256(set)
	signature, err := c.key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		c.of.T.Fatal(err)
	}
	der, err := card.CMS([]byte(text), append([]*x509.Certificate{c.X}, c.of.CA.Chain(c.Holder.Kind)...), card.Signer{Certificate: c.X, Set: set, Signature: signature})
	if err != nil {
		c.of.T.Fatal(err)
	}
	return c.said(text, map[string]any{"signature": base64.StdEncoding.EncodeToString(der), "cardSN": c.Holder.Number})
}

// SignsPlainly is the answer of a component that was asked for a signature without CMS (PKCS1).
func (c Card) SignsPlainly(text string) pki.Answer {
	c.of.T.Helper()
	sum := sha256.Sum256([]byte(text))
	signature, err := c.key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		c.of.T.Fatal(err)
	}
	return c.said(text, map[string]any{"signature": base64.StdEncoding.EncodeToString(signature)})
}

func (c Card) said(text string, more map[string]any) pki.Answer {
	said := map[string]any{"func": "sign", "ret_code": 0, "certb64": base64.StdEncoding.EncodeToString(c.X.Raw), "serverVersion": "1.3.4.103327"}
	for k, v := range more {
		said[k] = v
	}
	b, err := json.Marshal(said)
	if err != nil {
		c.of.T.Fatal(err)
	}
	return pki.Answer{Text: text, Said: string(b)}
}
