package pki_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloudbm/pki"
	"cloudbm/sim/card"
	"cloudbm/store/storetest"
)

// TestProfiles: what the four kinds of certificates say.
func TestProfiles(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	for _, h := range card.Holders {
		c, err := pki.Parse(b.issue(h, keys().ec, nil).Raw)
		if err != nil {
			t.Fatal(err)
		}
		if c.Kind != h.Kind || c.Name != h.Name || c.Last4 != h.Last4 || c.UBN != h.UBN || c.SubjectSerial != h.Serial {
			t.Errorf("%s: %+v", h.Number, c)
		}
		if (h.Organisation != "") != strings.HasPrefix(c.Organisation, "2.999.886.2.") || len(c.Fingerprint) != 64 || c.Until.Before(c.From) || c.Serial == "" {
			t.Errorf("%s: %+v", h.Number, c)
		}
		if !strings.Contains(c.Issuer, pki.TestMark) || !pki.IsTest(c.X509) {
			t.Errorf("%s: nothing says that %s is a test", h.Number, c.Issuer)
		}
	}
	spoil := func(value []byte) func(*x509.Certificate) {
		return func(x *x509.Certificate) {
			x.ExtraExtensions = []pkix.Extension{{Id: pki.SubjectAttributes, Value: value}}
		}
	}
	type attr struct {
		Type   asn1.ObjectIdentifier
		Values []string `asn1:"set"`
	}
	twice, _ := asn1.Marshal([]attr{{pki.Last4OID, []string{"0011"}}, {pki.Last4OID, []string{"0022"}}})
	two, _ := asn1.Marshal([]attr{{pki.Last4OID, []string{"0011", "0022"}}})
	for name, value := range map[string][]byte{"twice": twice, "two values": two, "rubbish": {1, 2, 3}, "bytes after": append(twice, 5, 0)} {
		if c, err := pki.Parse(b.issue(citizen, keys().ec, spoil(value)).Raw); err == nil {
			t.Errorf("%s: read as %+v", name, c)
		}
	}
	if _, err := pki.Parse([]byte("no certificate")); err == nil {
		t.Error("read a certificate out of nothing")
	}
}

// TestVerify: certificates that do not count, each with its reason.
func TestVerify(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	stranger := newBench(t, storetest.SQLite(t))
	key := keys().rsa
	nobody := &pki.Anchors{}
	production := &pki.Anchors{}
	if err := production.Add(b.ca.Anchors()); err != nil {
		t.Fatal(err)
	}
	production.Production = true // a configuration that was changed under way is refused all the same
	for _, c := range []struct {
		name   string
		at     time.Time
		change func(*x509.Certificate)
		by     *bench
		in     *pki.Anchors
		weak   bool
		key    string
	}{
		{name: "good"},
		{name: "at its last moment", at: noon.AddDate(4, 0, 0)},
		{name: "expired", at: noon.AddDate(4, 0, 0).Add(time.Second), key: "expired"},
		{name: "not yet", at: noon.AddDate(-1, 0, 0).Add(-time.Second), key: "not-yet"},
		{name: "for encryption", change: func(x *x509.Certificate) { x.KeyUsage = x509.KeyUsageKeyEncipherment | x509.KeyUsageDataEncipherment }, key: "usage"},
		{name: "without usage", change: func(x *x509.Certificate) { x.KeyUsage = 0 }, key: "usage"},
		{name: "an authority", change: func(x *x509.Certificate) { x.IsCA = true }, key: "usage"},
		{name: "of no known kind", change: func(x *x509.Certificate) { x.ExtraExtensions = nil }, key: "kind"},
		{name: "with a critical extension nobody knows", change: func(x *x509.Certificate) {
			x.ExtraExtensions = append(x.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{2, 999, 1}, Critical: true, Value: []byte{5, 0}})
		}, key: "untrusted"},
		{name: "of another root", by: stranger, key: "untrusted"},
		{name: "a short key", weak: true, key: "weak"},
		{name: "no anchors", in: nobody, key: "closed-here"},
		{name: "a test in production", in: production, key: "untrusted"},
	} {
		by, in, k := b, b.room.Anchors, key
		if c.by != nil {
			by = c.by
		}
		if c.in != nil {
			in = c.in
		}
		if c.weak {
			k = keys().weak
		}
		if c.at.IsZero() {
			c.at = noon
		}
		cert, err := pki.Parse(by.issue(citizen, k, c.change).Raw)
		if err == nil {
			_, err = in.Verify(cert, by.ca.Chain(pki.Citizen), c.at)
		}
		b.want(c.name, err, c.key)
	}
}

// TestAnchors: several generations from files and folders; tests only where it is no production.
func TestAnchors(t *testing.T) {
	b, later := newBench(t, storetest.SQLite(t)), newBench(t, storetest.SQLite(t))
	dir := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	first := write("g1.pem", b.ca.Anchors())
	write("README", []byte("no certificate"))
	write("g2.crt", later.ca.Anchors())
	a, err := pki.LoadAnchors(false, dir)
	if err != nil || a.Empty() {
		t.Fatal(err)
	}
	for _, g := range []*bench{b, later} {
		c, err := pki.Parse(g.issue(citizen, keys().ec, nil).Raw)
		if err == nil {
			_, err = a.Verify(c, nil, noon) // the authority between is in the folder
		}
		b.want("a generation", err, "")
	}
	if _, err := pki.LoadAnchors(true, first); err == nil || !strings.Contains(err.Error(), "test authority") {
		t.Errorf("production takes test authorities: %v", err)
	}
	if _, err := pki.LoadAnchors(false, write("leaf.cer", b.issue(citizen, keys().ec, nil).Raw)); err == nil {
		t.Error("a card was taken as an authority")
	}
	if _, err := pki.LoadAnchors(false, filepath.Join(dir, "nowhere")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
	if a, err := pki.LoadAnchors(true); err != nil || !a.Empty() {
		t.Errorf("nothing configured: %v", err)
	}
}
