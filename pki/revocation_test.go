package pki_test

import (
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cloudbm/pki"
	"cloudbm/sim/card"
)

// TestRevocation: who is revoked is refused, by answer and by list; who cannot be known about, by policy.
func TestRevocation(t *testing.T) {
	noOCSP := func(x *x509.Certificate) { x.OCSPServer = nil }
	noList := func(x *x509.Certificate) { x.CRLDistributionPoints = nil }
	for _, x := range []struct {
		what    string
		change  func(*x509.Certificate)
		revoked bool
		mood    card.Mood
		hosts   []string // nil: those of the authorities
		policy  pki.Unreachable
		want    string
		by      string
	}{
		{what: "good by answer", change: noList, by: "ocsp"},
		{what: "good by list", change: noOCSP, by: "crl"},
		{what: "revoked by answer", change: noList, revoked: true, want: "revoked"},
		{what: "revoked by list", change: noOCSP, revoked: true, want: "revoked"},
		{what: "answers of the day before yesterday", change: noList, mood: card.Stale, want: "state"},
		{what: "a list of the day before yesterday", change: noOCSP, mood: card.Stale, want: "state"},
		{what: "nobody there", mood: card.Silent, want: "state"},
		{what: "nobody there, accepted and noted", mood: card.Silent, policy: pki.AcceptAndNote},
		{what: "revoked counts under any policy", revoked: true, policy: pki.AcceptAndNote, want: "revoked"},
		{what: "a host that may not be asked", hosts: []string{"moica.example.test"}, want: "state"},
		{what: "no address at all", change: func(x *x509.Certificate) { noOCSP(x); noList(x) }, want: "state"},
	} {
		t.Run(x.what, func(t *testing.T) {
			each(t, func(t *table) {
				if x.hosts != nil {
					t.Hosts = x.hosts
				}
				t.Unreachable = x.policy
				h := t.take(card.Holders[0], x.change)
				if x.revoked {
					t.ca.Revoke(h.cert, today.Add(-time.Hour))
				}
				t.ca.Be(x.mood)
				c := t.ask(pki.SignIn, "visitor")
				got, err := t.answered(c, t.sign(h, c))
				if trouble(t.T, err) != x.want {
					t.Fatalf("%v, want %q", err, x.want)
				}
				if err == nil && (got.State.Known != (x.by != "") || !strings.HasPrefix(got.State.By, x.by) || got.State.Known == (got.State.Why != "")) {
					t.Errorf("%+v", got.State)
				}
			})
		})
	}
}

// TestKept: an answer and a list are asked for once an hour; one that still counts serves while nobody is there, and a
// later list that revokes is heeded.
func TestKept(t *testing.T) {
	each(t, func(t *table) {
		h := t.take(card.Holders[0], func(x *x509.Certificate) { x.OCSPServer = nil })
		by := func(want string) {
			t.Helper()
			c := t.ask(pki.SignIn, "visitor")
			if _, err := t.answered(c, t.sign(h, c)); trouble(t.T, err) != want {
				t.Errorf("%v, want %q", err, want)
			}
		}
		by("")
		t.ca.Revoke(h.cert, today)
		by("") // the list that is kept says nothing of it
		t.ca.Be(card.Silent)
		t.later(2 * time.Hour)
		by("") // and serves as long as it counts
		t.later(23 * time.Hour)
		by("state")
		t.ca.Be(card.Awake)
		by("revoked")
		t.ca.Be(card.Silent)
		by("revoked")
	})
}

// TestFetched: whoever answers too much, or leads elsewhere, is nobody.
func TestFetched(t *testing.T) {
	each(t, func(t *table) {
		var led atomic.Bool
		elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { led.Store(true) }))
		defer elsewhere.Close()
		mean := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			switch q.URL.Path {
			case "/much":
				_, _ = w.Write(make([]byte, 70<<10))
			case "/away":
				http.Redirect(w, q, elsewhere.URL, http.StatusFound)
			}
		}))
		defer mean.Close()
		t.Hosts = []string{strings.TrimPrefix(mean.URL, "http://")}
		for _, path := range []string{"/much", "/away", "/nothing"} {
			h := t.take(card.Holders[0], func(x *x509.Certificate) {
				x.OCSPServer, x.CRLDistributionPoints = []string{mean.URL + path, elsewhere.URL, "file:///etc/passwd", "http://user@" + t.Hosts[0]}, nil
			})
			c := t.ask(pki.SignIn, "visitor")
			if _, err := t.answered(c, t.sign(h, c)); trouble(t.T, err) != "state" {
				t.Errorf("%s: %v", path, err)
			}
		}
		if led.Load() {
			t.Error("another host was asked")
		}
	})
}
