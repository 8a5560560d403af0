package pki_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"cloudbm/pki"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// TestRevocation: good, revoked, kept, stale and unreachable, by OCSP and by list, on both databases.
func TestRevocation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBench(t, db)
		key := keys().ec
		onlyList := func(x *x509.Certificate) { x.OCSPServer = nil }
		onlyOCSP := func(x *x509.Certificate) { x.CRLDistributionPoints = nil }
		try := func(what string, x *x509.Certificate, want string) pki.Signed {
			t.Helper()
			c := b.ask(pki.SignIn, "")
			s, err := b.answered(pki.SignIn, "", c.Text, b.make(c, x, key).answer(t))
			b.want(what, err, want)
			return s
		}
		off := func(is bool) {
			b.room.Hosts = map[bool][]string{true: nil, false: {strings.TrimPrefix(b.sim.URL, "http://")}}[is]
		}
		for name, how := range map[string]func(*x509.Certificate){"ocsp": onlyOCSP, "crl": onlyList} {
			x, gone := b.issue(citizen, key, how), b.issue(citizen, key, how)
			b.ca.Revoke(gone, noon.AddDate(0, 0, -1))
			s := try(name+": good", x, "")
			if !s.State.Known || !strings.HasPrefix(s.State.By, name) {
				t.Errorf("%s: %+v", name, s.State)
			}
			try(name+": revoked", gone, "revoked")

			off(true)
			if name == "crl" {
				try("no list may be asked", x, "state") // which address may be asked decides first
			} else {
				try("ocsp: kept", x, "")
			}
			b.room.Unreachable = pki.AcceptAndNote
			never := b.issue(citizen, key, how)
			if s := try(name+": unreachable, accepted", never, ""); s.State.Known || s.State.Why == "" {
				t.Errorf("%s: nothing notes that nobody was asked: %+v", name, s.State)
			}
			b.room.Unreachable = ""
			try(name+": unreachable", never, "state")
			off(false)
		}

		// The list is kept: it serves while its address is silent, until its next one is due.
		x, later := b.issue(citizen, key, onlyList), b.issue(citizen, key, onlyList)
		try("crl", x, "")
		b.sim.Close()
		b.now = noon.Add(23 * time.Hour)
		try("crl: kept for a day", x, "")
		b.now = noon.Add(25 * time.Hour)
		try("crl: stale", later, "state")
	})
}

// TestListKeepsUp: a list as a set of serial numbers follows what is added and taken away (停用後恢復).
func TestListKeepsUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBench(t, db)
		key := keys().ec
		authority, private := ownAuthority(t, b)
		var entries []x509.RevocationListEntry
		at, ours := noon, private
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			l := &x509.RevocationList{Number: big.NewInt(at.Unix()), ThisUpdate: at, NextUpdate: at.Add(48 * time.Hour), RevokedCertificateEntries: entries}
			der, err := x509.CreateRevocationList(rand.Reader, l, authority, ours)
			if err != nil {
				t.Error(err)
			}
			_, _ = w.Write(der)
		}))
		defer s.Close()
		b.room.Hosts = []string{strings.TrimPrefix(s.URL, "http://")}
		of := func(n int64) *x509.Certificate {
			base := b.issue(citizen, key, func(x *x509.Certificate) {
				x.OCSPServer, x.CRLDistributionPoints, x.SerialNumber = nil, []string{s.URL}, big.NewInt(n)
			})
			for _, e := range base.Extensions {
				if e.Id.Equal(pki.SubjectAttributes) {
					base.ExtraExtensions = append(base.ExtraExtensions, e)
				}
			}
			x, err := x509.CreateCertificate(rand.Reader, base, authority, key.Public(), private)
			if err != nil {
				t.Fatal(err)
			}
			c, err := x509.ParseCertificate(x)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		try := func(what string, n int64, want string) {
			t.Helper()
			x := of(n)
			c := b.ask(pki.SignIn, "")
			m := b.make(c, x, key)
			_, err := b.answered(pki.SignIn, "", c.Text, m.answer(t))
			b.want(what, err, want)
		}
		for n := range 1000 {
			entries = append(entries, x509.RevocationListEntry{SerialNumber: big.NewInt(int64(n + 1)), RevocationTime: noon.Add(-time.Hour)})
		}
		try("in the list", 1000, "revoked")
		try("not in it", 2000, "")
		entries = append(entries[:100:100], x509.RevocationListEntry{SerialNumber: big.NewInt(2000), RevocationTime: noon.Add(-time.Hour)})
		at = noon.Add(time.Minute)
		b.now = noon.Add(59 * time.Minute)
		try("within the hour the kept list serves", 2000, "")
		b.now = noon.Add(61 * time.Minute)
		try("added", 2000, "revoked")
		try("taken away", 1000, "")
		try("still there", 100, "revoked")

		// Who turns back the clock of the list, or signs it with another key, gets the kept one.
		at, entries = noon, nil
		b.now = noon.Add(123 * time.Minute)
		try("an older list", 2000, "revoked")
		at, ours = noon.Add(3*time.Hour), key
		b.now = noon.Add(185 * time.Minute)
		try("a list signed by somebody else", 2000, "revoked")
	})
}

// ownAuthority is a root of this test that is trusted too.
func ownAuthority(t *testing.T, b *bench) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	root := *b.ca.Chain(pki.Citizen)[0]
	root.Issuer, root.PublicKey = root.Subject, private.Public()
	root.RawIssuer, root.RawSubject, root.AuthorityKeyId, root.SubjectKeyId = nil, nil, nil, []byte("own")
	root.Subject.CommonName, root.NotBefore, root.NotAfter = "own "+pki.TestMark, noon.AddDate(-2, 0, 0), noon.AddDate(9, 0, 0)
	der, err := x509.CreateCertificate(rand.Reader, &root, &root, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.room.Anchors.Add(der); err != nil {
		t.Fatal(err)
	}
	x, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return x, private
}

// TestAddresses: an address in a certificate is asked only if its host is allowed; redirects and floods lead nowhere.
func TestAddresses(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	key := keys().ec
	asked := 0
	trap := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) { asked++ }))
	defer trap.Close()
	turn := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path == "/flood" {
			for range 80 {
				_, _ = w.Write(make([]byte, 1024))
			}
			return
		}
		http.Redirect(w, q, trap.URL, http.StatusTemporaryRedirect)
	}))
	defer turn.Close()
	b.room.Hosts = append(b.room.Hosts, strings.TrimPrefix(turn.URL, "http://"))
	host := strings.TrimPrefix(trap.URL, "http://")
	for _, address := range []string{trap.URL, turn.URL, turn.URL + "/flood", "file:///etc/passwd", "ftp://" + host, "http://" + b.room.Hosts[0] + "@" + host + "/", "http://" + strings.ToUpper("LOCALHOST") + ":1/", "ldap://" + host, ":"} {
		x := b.issue(citizen, key, func(x *x509.Certificate) {
			x.OCSPServer, x.CRLDistributionPoints = []string{address}, []string{address}
		})
		c := b.ask(pki.SignIn, "")
		_, err := b.answered(pki.SignIn, "", c.Text, b.make(c, x, key).answer(t))
		b.want(address, err, "state")
	}
	if asked > 0 {
		t.Errorf("a host that nobody allowed was asked %d times", asked)
	}
}

// TestOldAnswers: within the hour the answer that is kept serves, with its evidence.
func TestOldAnswers(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	x := b.issue(citizen, keys().ec, nil)
	var said []string
	for range 2 {
		c := b.ask(pki.SignIn, "")
		s, err := b.answered(pki.SignIn, "", c.Text, b.make(c, x, keys().ec).answer(t))
		b.want("good", err, "")
		said = append(said, fmt.Sprint(s.State.By, base64.StdEncoding.EncodeToString(s.State.Evidence)))
	}
	if !strings.HasPrefix(said[0], "ocsp http") || strings.TrimPrefix(said[0], "ocsp "+b.sim.URL+"/ocsp") != strings.TrimPrefix(said[1], "ocsp") {
		t.Errorf("the second answer is not the kept first one: %.60s… %.60s…", said[0], said[1])
	}
}

// TestResponders: who may answer for an authority, and what an answer has to say.
func TestResponders(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	key := keys().ec
	authority, private := ownAuthority(t, b)
	helper, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signed := func(change func(*x509.Certificate)) *x509.Certificate {
		x := b.issue(citizen, helper, change)
		der, err := x509.CreateCertificate(rand.Reader, x, authority, helper.Public(), private)
		if err != nil {
			t.Fatal(err)
		}
		if x, err = x509.ParseCertificate(der); err != nil {
			t.Fatal(err)
		}
		return x
	}
	responds := func(x *x509.Certificate) { x.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning} }
	var answer func(serial *big.Int) ([]byte, error)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		question, err := io.ReadAll(q.Body)
		if err != nil {
			t.Error(err)
		}
		asked, err := ocsp.ParseRequest(question)
		if err != nil {
			t.Error(err)
			return
		}
		der, err := answer(asked.SerialNumber)
		if err != nil {
			t.Error(err)
		}
		_, _ = w.Write(der)
	}))
	defer s.Close()
	b.room.Hosts = []string{strings.TrimPrefix(s.URL, "http://")}
	fine := ocsp.Response{Status: ocsp.Good, ThisUpdate: noon, NextUpdate: noon.Add(time.Hour)}
	for _, c := range []struct {
		name   string
		by     *x509.Certificate
		key    *ecdsa.PrivateKey
		change func(*ocsp.Response)
		raw    []byte
		want   string
	}{
		{name: "the authority", by: authority, key: private},
		{name: "its responder", by: signed(responds), key: helper},
		{name: "somebody else it has certified", by: signed(nil), key: helper, want: "state"},
		{name: "its responder, expired", by: signed(func(x *x509.Certificate) { responds(x); x.NotAfter = noon.Add(-time.Hour) }), key: helper, want: "state"},
		{name: "somebody it does not know", by: b.issue(citizen, helper, responds), key: helper, want: "state"},
		{name: "too old", by: authority, key: private, change: func(r *ocsp.Response) { r.ThisUpdate, r.NextUpdate = noon.Add(-3*time.Hour), noon.Add(-time.Hour) }, want: "state"},
		{name: "undated and a day old", by: authority, key: private, change: func(r *ocsp.Response) { r.ThisUpdate, r.NextUpdate = noon.Add(-25*time.Hour), time.Time{} }, want: "state"},
		{name: "of tomorrow", by: authority, key: private, change: func(r *ocsp.Response) { r.ThisUpdate, r.NextUpdate = noon.Add(time.Hour), noon.Add(9*time.Hour) }, want: "state"},
		{name: "unknown", by: authority, key: private, change: func(r *ocsp.Response) { r.Status = ocsp.Unknown }, want: "state"},
		{name: "about another", by: authority, key: private, change: func(r *ocsp.Response) { r.SerialNumber = big.NewInt(1) }, want: "state"},
		{name: "revoked", by: authority, key: private, change: func(r *ocsp.Response) { r.Status, r.RevokedAt = ocsp.Revoked, noon.Add(-time.Hour) }, want: "revoked"},
		{name: "rubbish", raw: []byte("good"), want: "state"},
		{name: "unauthorised", raw: ocsp.UnauthorizedErrorResponse, want: "state"},
	} {
		answer = func(serial *big.Int) ([]byte, error) {
			if c.raw != nil {
				return c.raw, nil
			}
			r := fine
			r.SerialNumber = serial
			if c.change != nil {
				c.change(&r)
			}
			if c.by != authority {
				r.Certificate = c.by
			}
			return ocsp.CreateResponse(authority, c.by, r, c.key)
		}
		issued := b.issue(citizen, key, func(x *x509.Certificate) { x.OCSPServer, x.CRLDistributionPoints = []string{s.URL}, nil })
		for _, e := range issued.Extensions {
			if e.Id.Equal(pki.SubjectAttributes) {
				issued.ExtraExtensions = append(issued.ExtraExtensions, e)
			}
		}
		der, err := x509.CreateCertificate(rand.Reader, issued, authority, key.Public(), private)
		if err != nil {
			t.Fatal(err)
		}
		x, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		ch := b.ask(pki.SignIn, "")
		_, err = b.answered(pki.SignIn, "", ch.Text, b.make(ch, x, key).answer(t))
		b.want(c.name, err, c.want)
	}
}
