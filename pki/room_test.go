package pki_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"cloudbm/pki"
	"cloudbm/sim/card"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

var today = time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)

// table is a room with authorities of its own, and their clock.
type table struct {
	*testing.T
	*pki.Room
	ca   *card.CA
	mu   sync.Mutex
	time time.Time
}

func (t *table) now() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.time
}

func (t *table) later(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.time = t.time.Add(d)
}

// each runs f at a table on either database.
func each(t *testing.T, f func(*table)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := &table{T: t, time: today}
		db.SetClock(x.now)
		x.set(db)
		f(x)
	})
}

func (t *table) set(db *store.DB) {
	server := httptest.NewUnstartedServer(nil)
	base := "http://" + server.Listener.Addr().String()
	ca, err := card.NewCA(t.TempDir(), base, today)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = ca.Handler(t.now)
	server.Start()
	t.Cleanup(server.Close)
	at, _ := url.Parse(base)
	t.ca = ca
	t.Room = &pki.Room{DB: db, Anchors: &pki.Anchors{}, Site: "https://cloudbm.example.test", Hosts: []string{at.Host}}
	if err := t.Anchors.Add(ca.Anchors()); err != nil {
		t.Fatal(err)
	}
}

// hand is a card in the hand of its holder.
type hand struct {
	card.Holder
	key   crypto.Signer
	cert  *x509.Certificate
	alone bool // comes without the certificates above it
}

var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

// take issues a card to the holder; change may spoil the certificate.
func (t *table) take(h card.Holder, change func(*x509.Certificate)) hand {
	t.Helper()
	var key crypto.Signer = rsaKey()
	if h.P256 {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		key = k
	}
	cert, err := t.ca.Issue(h, key.Public(), today.AddDate(-1, 0, 0), today.AddDate(4, 0, 0), change)
	if err != nil {
		t.Fatal(err)
	}
	return hand{Holder: h, key: key, cert: cert}
}

func (t *table) ask(p pki.Purpose, about string) (c pki.Challenge) {
	t.Helper()
	err := t.DB.Write(context.Background(), func(tx *store.Tx) (err error) {
		c, err = t.Ask(tx, p, about, 5*time.Minute)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// sign is the component's answer for the card.
func (t *table) sign(h hand, c pki.Challenge) map[string]any {
	t.Helper()
	above := t.ca.Chain(h.Kind)
	if h.alone {
		above = nil
	}
	cms, err := card.CMS([]byte(c.Text), c.Nonce, h.Number, h.cert, above, h.key)
	if err != nil {
		t.Fatal(err)
	}
	return answer(h, cms)
}

func answer(h hand, cms []byte) map[string]any {
	return map[string]any{"func": "sign", "ret_code": 0, "last_error": 0, "signature": base64.StdEncoding.EncodeToString(cms),
		"certb64": base64.StdEncoding.EncodeToString(h.cert.Raw), "cardSN": h.Number, "serverVersion": "1.3.4.103327"}
}

func (t *table) answered(c pki.Challenge, said map[string]any, kinds ...pki.Kind) (pki.Signed, error) {
	t.Helper()
	b, err := json.Marshal(said)
	if err != nil {
		t.Fatal(err)
	}
	return t.Answered(context.Background(), c.Purpose, c.About, pki.Answer{Text: c.Text, Said: string(b), Agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"}, kinds...)
}

// trouble is the key of the refusal err is, "" for none.
func trouble(t *testing.T, err error) string {
	t.Helper()
	var r *pki.Refusal
	switch {
	case err == nil:
		return ""
	case !errors.As(err, &r):
		t.Fatalf("not a refusal: %v", err)
	}
	return r.Key
}
