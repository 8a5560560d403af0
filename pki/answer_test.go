package pki_test

import (
	"strings"
	"testing"
	"time"

	"cloudbm/pki"
	"cloudbm/sim/card"
)

// TestAnswered: each kind of card, with either kind of key, proves who holds it.
func TestAnswered(t *testing.T) {
	each(t, func(t *table) {
		for _, h := range card.Holders[:14] {
			c := t.ask(pki.SignIn, "visitor")
			got, err := t.answered(c, t.sign(t.take(h, nil), c), h.Kind)
			if err != nil {
				t.Errorf("%s: %v", h.Name, err)
				continue
			}
			if got.Kind != h.Kind || got.Name != h.Name || got.Last4 != h.Last4 || got.UBN != h.UBN || got.CardNumber != h.Number ||
				got.SubjectSerial != h.Serial || !got.At.Equal(today) || !got.State.Known || !strings.HasPrefix(got.State.By, "ocsp http") || len(got.State.Evidence) == 0 {
				t.Errorf("%s %s: %+v", h.Kind, h.Name, got)
			}
		}
	})
}

// TestChallenge: what is signed says in words what it is for, and its nonce serves once, soon, for one purpose.
func TestChallenge(t *testing.T) {
	each(t, func(t *table) {
		h := t.take(card.Holders[0], nil)
		c := t.ask(pki.SignIn, "a")
		for _, want := range []string{"cloudbm challenge 1\n", "sign-in（登錄", "https://cloudbm.example.test", c.Nonce, "2026-11-20T02:00:00Z", "不是任何文件的簽章"} {
			if !strings.Contains(c.Text, want) {
				t.Errorf("%q does not say %q", c.Text, want)
			}
		}
		said := t.sign(h, c)
		if _, err := t.answered(c, said); err != nil {
			t.Fatal(err)
		}
		if _, err := t.answered(c, said); trouble(t.T, err) != "late" {
			t.Errorf("a second time: %v", err)
		}

		c = t.ask(pki.SignIn, "a")
		said = t.sign(h, c)
		for _, other := range []pki.Challenge{{Purpose: pki.EGovSignIn, About: "a", Text: c.Text}, {Purpose: pki.SignIn, About: "b", Text: c.Text}} {
			want := "other"
			if other.About == "b" {
				want = "late" // the first, wrong try has used it up
			}
			if _, err := t.answered(other, said); trouble(t.T, err) != want {
				t.Errorf("%s about %s: %v", other.Purpose, other.About, err)
			}
		}
		if _, err := t.answered(c, said); trouble(t.T, err) != "late" {
			t.Errorf("after a try for another purpose: %v", err)
		}

		c = t.ask(pki.BindCard, "a")
		t.later(5 * time.Minute)
		if _, err := t.answered(c, t.sign(h, c)); trouble(t.T, err) != "late" {
			t.Errorf("too late: %v", err)
		}
		forged := c
		forged.Text = strings.Replace(c.Text, c.Nonce, strings.Repeat("0", len(c.Nonce)), 1)
		if _, err := t.answered(forged, t.sign(h, forged)); trouble(t.T, err) != "late" {
			t.Errorf("a challenge of somebody else's making: %v", err)
		}
	})
}
