package deeds_test

import (
	"context"
	"crypto/sha256"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/digitorus/timestamp"

	"cloudbm/deeds"
	"cloudbm/pki"
	"cloudbm/sim/card"
	"cloudbm/sim/stamp"
)

// TestTSA: a token is taken only if it is over what was asked, answers this question, and comes from somebody who may.
func TestTSA(t *testing.T) {
	ca, err := card.NewCA(t.TempDir(), "http://127.0.0.1:1", noon)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return noon }
	sim, err := stamp.New(ca, now)
	if err != nil {
		t.Fatal(err)
	}
	trusted, production := &pki.Anchors{}, &pki.Anchors{}
	if err := trusted.Add(ca.Anchors()); err != nil {
		t.Fatal(err)
	}
	if err := production.Add(ca.Anchors()); err != nil {
		t.Fatal(err)
	}
	production.Production = true
	digest := sha256.Sum256([]byte("what was signed"))
	other := sha256.Sum256([]byte("something else"))
	asks := func(change func(*timestamp.Request)) http.HandlerFunc {
		return func(w http.ResponseWriter, q *http.Request) {
			b, _ := io.ReadAll(q.Body)
			asked, err := timestamp.ParseRequest(b)
			if err != nil {
				t.Error(err)
			}
			change(asked)
			b, _ = asked.Marshal()
			forged := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(string(b)))
			sim.Handler().ServeHTTP(w, forged)
		}
	}
	for name, q := range map[string]struct {
		handler http.Handler
		anchors *pki.Anchors
		want    string
	}{
		"good":              {sim.Handler(), trusted, ""},
		"over another":      {asks(func(q *timestamp.Request) { q.HashedMessage = other[:] }), trusted, "over something else"},
		"another question":  {asks(func(q *timestamp.Request) { q.Nonce = nil }), trusted, "another question"},
		"no certificate":    {asks(func(q *timestamp.Request) { q.Certificates = false }), trusted, "no certificate"},
		"nobody trusted":    {sim.Handler(), nil, "nobody is trusted"},
		"others trusted":    {sim.Handler(), others(t), "untrusted"},
		"test authority":    {sim.Handler(), production, "test"},
		"refused":           {http.NotFoundHandler(), trusted, "404"},
		"goes elsewhere":    {http.RedirectHandler("http://127.0.0.1:1/", http.StatusFound), trusted, "302"},
		"says too much":     {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 1<<20)) }), trusted, "too much"},
		"speaks of nothing": {http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), trusted, "time stamp"},
	} {
		server := httptest.NewServer(q.handler)
		token, err := (&deeds.TSA{URL: server.URL, Anchors: q.anchors, Now: now}).Stamp(t.Context(), digest[:])
		if (err == nil) != (q.want == "") || q.want != "" && !strings.Contains(err.Error(), q.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			if s, err := timestamp.Parse(token); err != nil || !s.Time.Equal(noon) {
				t.Error(err)
			}
		} else if token != nil {
			t.Errorf("%s: a token, and %v", name, err)
		}
		server.Close()
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (&deeds.TSA{URL: "http://127.0.0.1:1", Anchors: trusted, Now: now}).Stamp(gone, digest[:]); err == nil {
		t.Error("nobody was asked")
	}
}

func others(t *testing.T) *pki.Anchors {
	t.Helper()
	ca, err := card.NewCA(t.TempDir(), "http://127.0.0.1:1", noon)
	if err != nil {
		t.Fatal(err)
	}
	a := &pki.Anchors{}
	if err := a.Add(ca.Anchors()); err != nil {
		t.Fatal(err)
	}
	return a
}
