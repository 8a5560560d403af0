package card_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloudbm/pki"
	"cloudbm/sim/card"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

const site = "https://cloudbm.test"

var noon = time.Date(2026, 11, 26, 4, 0, 0, 0, time.UTC)

// desk is a simulator with a room that trusts its authorities.
type desk struct {
	t    *testing.T
	sim  *card.Sim
	url  string
	room *pki.Room
	dir  string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, dir: t.TempDir()}
	var s *card.Sim
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) { s.Handler().ServeHTTP(w, q) }))
	t.Cleanup(server.Close)
	d.url = server.URL
	var err error
	s, err = card.New(d.dir, server.URL, func() time.Time { return noon }, site)
	if errors.Is(err, card.ErrNoSoftHSM) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	d.sim = s
	db := storetest.SQLite(t)
	db.SetClock(func() time.Time { return noon })
	a := &pki.Anchors{}
	if err := a.Add(s.CA.Anchors()); err != nil {
		t.Fatal(err)
	}
	d.room = &pki.Room{DB: db, Anchors: a, Site: site, Hosts: []string{strings.TrimPrefix(d.url, "http://")}}
	return d
}

func (d *desk) ask() (c pki.Challenge) {
	d.t.Helper()
	err := d.room.DB.Write(context.Background(), func(tx *store.Tx) (err error) {
		c, err = d.room.Ask(tx, pki.SignIn, "", time.Minute)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

// signs has the card in the reader sign as a page would ask it.
func (d *desk) signs(c pki.Challenge, pin string, change func(*card.Request)) card.Answer {
	d.t.Helper()
	q := card.Request{Func: "MakeSignature", TBS: base64.StdEncoding.EncodeToString([]byte(c.Text)), Encoding: "base64", HashAlgorithm: "SHA256",
		SignatureType: "PKCS7", PIN: url.PathEscape(pin), Nonce: c.Nonce, WithCardSN: "true"}
	if change != nil {
		change(&q)
	}
	b, err := json.Marshal(q)
	if err != nil {
		d.t.Fatal(err)
	}
	return d.sim.Do(site, string(b))
}

func (d *desk) answered(c pki.Challenge, a card.Answer) (pki.Signed, error) {
	d.t.Helper()
	b, err := json.Marshal(a)
	if err != nil {
		d.t.Fatal(err)
	}
	return d.room.Answered(context.Background(), pki.SignIn, "", pki.Answer{Text: c.Text, Said: string(b), Agent: "Windows"})
}

func (d *desk) insert(number string) {
	d.t.Helper()
	if err := d.sim.Insert(number); err != nil {
		d.t.Fatal(err)
	}
}

// TestCards: every card signs with its key in SoftHSM, and what it says of its holder is what the room reads; openssl is
// the judge of the signatures.
func TestCards(t *testing.T) {
	d := newDesk(t)
	openssl, err := exec.LookPath("openssl")
	if err != nil && os.Getenv("CI") != "" {
		t.Fatal(err)
	}
	anchors := filepath.Join(t.TempDir(), "anchors.pem")
	if err := os.WriteFile(anchors, d.sim.CA.Anchors(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, h := range card.Holders {
		d.insert(h.Number)
		c := d.ask()
		s, err := d.answered(c, d.signs(c, card.PIN, nil))
		if h.Wrong != "" {
			var r *pki.Refusal
			if !errors.As(err, &r) || r.Key != h.Wrong {
				t.Errorf("%s: %v", h.Number, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", h.Number, err)
			continue
		}
		if s.Kind != h.Kind || s.Name != h.Name || s.Last4 != h.Last4 || s.UBN != h.UBN || s.CardNumber != h.Number || !s.State.Known {
			t.Errorf("%s: %+v", h.Number, s)
		}
		if openssl == "" {
			continue
		}
		in := filepath.Join(t.TempDir(), "signed.der")
		if err := os.WriteFile(in, s.Signature, 0o600); err != nil {
			t.Fatal(err)
		}
		var says bytes.Buffer
		judge := exec.Command(openssl, "cms", "-verify", "-binary", "-inform", "DER", "-in", in, "-CAfile", anchors, "-purpose", "any", "-attime", "1795665600")
		judge.Stderr = &says
		content, err := judge.Output()
		if err != nil || string(content) != c.Text {
			t.Errorf("%s: openssl says %v %s, read %d bytes", h.Number, err, says.String(), len(content))
		}
	}
}

// TestOpensslSigns: what another program signs is judged alike, and its weak hashes are refused.
func TestOpensslSigns(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("no openssl")
	}
	d := newDesk(t)
	dir := t.TempDir()
	key := filepath.Join(dir, "key.pem")
	run := func(in string, args ...string) []byte {
		t.Helper()
		c := exec.Command(openssl, args...)
		c.Stdin = strings.NewReader(in)
		var says bytes.Buffer
		c.Stderr = &says
		out, err := c.Output()
		if err != nil {
			t.Fatalf("openssl %v: %v %s", args, err, says.String())
		}
		return out
	}
	run("", "genrsa", "-out", key, "2048")
	public, err := publicKey(run("", "rsa", "-in", key, "-pubout", "-outform", "DER"))
	if err != nil {
		t.Fatal(err)
	}
	x, err := d.sim.CA.Issue(card.Holders[0], public, noon.AddDate(-1, 0, 0), noon.AddDate(1, 0, 0), nil)
	if err != nil {
		t.Fatal(err)
	}
	cert := filepath.Join(dir, "cert.pem")
	if err := os.WriteFile(cert, pemOf(x.Raw), 0o600); err != nil {
		t.Fatal(err)
	}
	for md, want := range map[string]string{"sha1": "does not count", "md5": "does not count", "sha224": "does not count", "sha256": "nonce", "sha512": "nonce"} {
		c := d.ask()
		der := run(c.Text, "cms", "-sign", "-binary", "-nodetach", "-md", md, "-signer", cert, "-inkey", key, "-outform", "DER")
		_, err := d.answered(c, card.Answer{Func: "sign", Signature: base64.StdEncoding.EncodeToString(der), ServerVersion: card.Version})
		if err == nil || !strings.Contains(err.Error(), want) { // openssl signs no nonce, so even what is strong is not ours
			t.Errorf("%s: %v, want %q", md, err, want)
		}
	}
	c := d.ask()
	plain := run(c.Text, "dgst", "-sha256", "-sign", key)
	if _, err := d.answered(c, card.Answer{Func: "sign", Signature: base64.StdEncoding.EncodeToString(plain), Cert: base64.StdEncoding.EncodeToString(x.Raw), ServerVersion: card.Version}); err != nil {
		t.Errorf("PKCS #1: %v", err)
	}
	c = d.ask()
	plain = run(c.Text, "dgst", "-sha1", "-sign", key)
	if _, err := d.answered(c, card.Answer{Func: "sign", Signature: base64.StdEncoding.EncodeToString(plain), Cert: base64.StdEncoding.EncodeToString(x.Raw), ServerVersion: card.Version}); err == nil {
		t.Error("PKCS #1 with SHA-1 was taken")
	}
}

// TestPINs: two left, one left, locked, and a right one between gives the tries back.
func TestPINs(t *testing.T) {
	d := newDesk(t)
	d.insert(card.Holders[1].Number)
	for i, step := range []struct{ pin, key string }{
		{"111111", "pin-two"}, {"111111", "pin-one"}, {card.PIN, ""}, {"111111", "pin-two"}, {"1234", "pin-length"}, {"", "cancelled"},
		{"222222", "pin-one"}, {"333333", "locked"}, {card.PIN, "locked"},
	} {
		c := d.ask()
		_, err := d.answered(c, d.signs(c, step.pin, nil))
		d.want(i, err, step.key)
	}
	d.sim.Unlock()
	c := d.ask()
	_, err := d.answered(c, d.signs(c, card.PIN, nil))
	d.want("unlocked", err, "")
}

func (d *desk) want(what any, err error, key string) {
	d.t.Helper()
	var r *pki.Refusal
	if key == "" && err != nil || key != "" && (!errors.As(err, &r) || r.Key != key) {
		d.t.Errorf("%v: %v, want %q", what, err, key)
	}
}

// TestStates: each state of the desk is the trouble it stands for.
func TestStates(t *testing.T) {
	d := newDesk(t)
	for state, key := range map[card.State]string{card.Fine: "", card.NoReader: "reader", card.NoCard: "card", card.Old: "old", card.Cancelled: "cancelled",
		card.Busy: "busy", card.NoLibrary: "driver", card.Unreadable: "unreadable"} {
		d.room.Least = pki.Least{Windows: "1.3.4.103327"}
		d.sim.Set(state)
		c := d.ask()
		_, err := d.answered(c, d.signs(c, card.PIN, nil))
		d.want(state, err, key)
	}
	d.sim.Set(card.AuthorityOff)
	d.insert(card.Holders[2].Number)
	c := d.ask()
	_, err := d.answered(c, d.signs(c, card.PIN, nil))
	d.want("the authorities are silent", err, "state")
}

// TestSites: only sites on the list get anything.
func TestSites(t *testing.T) {
	d := newDesk(t)
	for origin, want := range map[string]int{site: 0, "https://evil.test": 0x76000031, "": 0x7600000F, "null": 0x7600000F} {
		for _, q := range []string{`{"func":"GetUserCert"}`, `{"func":"MakeSignature","tbs":"aGk=","tbsEncoding":"base64","hashAlgorithm":"SHA256","pin":"246810"}`} {
			if a := d.sim.Do(origin, q); a.Code != want || want != 0 && (a.Signature != "" || len(a.Slots) > 0) {
				t.Errorf("%q: %#x, want %#x", origin, a.Code, want)
			}
		}
	}
	for q, want := range map[string]int{"no JSON": 0x7600000B, `{"func":"Dance"}`: 0x7600000E, `{"func":"MakeSignature"}`: 0x76000003} {
		if a := d.sim.Do(site, q); a.Code != want {
			t.Errorf("%s: %#x, want %#x", q, a.Code, want)
		}
	}
}

// TestAgain: cards and authorities are the same after a restart.
func TestAgain(t *testing.T) {
	d := newDesk(t)
	before, err := d.sim.Certificate(card.Holders[0].Number)
	if err != nil {
		t.Fatal(err)
	}
	again, err := card.New(d.dir, d.url, d.sim.Now, site)
	if err != nil {
		t.Fatal(err)
	}
	after, err := again.Certificate(card.Holders[0].Number)
	if err != nil || !after.Equal(before) || !bytes.Equal(again.CA.Anchors(), d.sim.CA.Anchors()) {
		t.Errorf("another card after a restart: %v", err)
	}
}

// TestServed: what the component serves besides its window.
func TestServed(t *testing.T) {
	d := newDesk(t)
	get := func(path, origin string) string {
		t.Helper()
		q, _ := http.NewRequest(http.MethodGet, d.url+path, nil)
		if origin != "" {
			q.Header.Set("Origin", origin)
		}
		a, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		b, err := io.ReadAll(a.Body)
		if err != nil || a.StatusCode != 200 {
			t.Fatalf("%s: %d %v", path, a.StatusCode, err)
		}
		return string(b)
	}
	if s := get("/pkcs11info?withcert=true", site); !strings.Contains(s, `"label":"cert1"`) || !strings.Contains(s, card.Holders[0].Number) {
		t.Error(s)
	}
	if s := get("/pkcs11info?withcert=true", "https://evil.test"); strings.Contains(s, card.Holders[0].Number) {
		t.Errorf("another site reads the card: %s", s)
	}
	if s := get("/p11Image.bmp", site); s[:2] != "BM" || !strings.Contains(s, `"serverVersion"`) || (len(s)-54)%12 != 0 {
		t.Errorf("no picture: %.80q", s)
	}
	if !strings.Contains(get("/selfTest.htm", ""), card.Version) || !strings.Contains(get("/", ""), "測試壬") || !strings.Contains(get("/popupForm", ""), "getTbs") {
		t.Error("a page of the component says nothing")
	}
	evil, _ := http.NewRequest(http.MethodPost, d.url+"/sign", strings.NewReader(url.Values{"origin": {site}, "tbsPackage": {`{"func":"GetUserCert"}`}}.Encode()))
	evil.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	evil.Header.Set("Origin", "https://evil.test")
	if a, err := http.DefaultClient.Do(evil); err != nil || a.StatusCode != http.StatusForbidden {
		t.Errorf("another site posts to the component: %v %v", a, err)
	}
}
