package card_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
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
)

const site = "https://cloudbm.example.test"

// reader is a component with cards of its own.
func reader(t *testing.T) (*card.Component, *httptest.Server) {
	t.Helper()
	if err := card.Missing(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	server := httptest.NewUnstartedServer(nil)
	c, err := card.New(t.TempDir(), "http://"+server.Listener.Addr().String(), time.Now, site)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = c.Handler()
	server.Start()
	t.Cleanup(server.Close)
	return c, server
}

// said is what the component answered.
type said struct {
	Func      string `json:"func"`
	Code      int64  `json:"ret_code"`
	Minor     int64  `json:"last_error"`
	Signature string `json:"signature"`
	Cert      string `json:"certb64"`
	CardSN    string `json:"cardSN"`
	Version   string `json:"serverVersion"`
	Slots     []struct {
		Token *struct {
			Serial string `json:"serialNumber"`
			Certs  []struct {
				Last4 string `json:"subjectID"`
				Usage string `json:"usage"`
			} `json:"certs"`
		} `json:"token"`
	} `json:"slots"`
}

// asked asks the component as a page of the origin does with a form.
func asked(t *testing.T, at, origin string, q map[string]string) (s said) {
	t.Helper()
	b, _ := json.Marshal(q)
	r, _ := http.NewRequest(http.MethodPost, at+"/sign", strings.NewReader(url.Values{"tbsPackage": {string(b)}, "origin": {site}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", origin)
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if err := json.NewDecoder(a.Body).Decode(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

func request(pin string) map[string]string {
	return map[string]string{"func": "MakeSignature", "tbs": base64.StdEncoding.EncodeToString([]byte("一段文字\n")), "tbsEncoding": "base64",
		"hashAlgorithm": "SHA256", "signatureType": "PKCS7", "pin": pin, "nonce": "n", "withCardSN": "true"}
}

// TestSigned: what RSA and P-256 cards sign is accepted by OpenSSL, which knows nothing of us.
func TestSigned(t *testing.T) {
	c, server := reader(t)
	dir := t.TempDir()
	anchors := filepath.Join(dir, "anchors.pem")
	if err := os.WriteFile(anchors, c.CA.Anchors(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, h := range []card.Holder{card.Holders[0], card.Holders[1], card.Holders[10], card.Holders[13]} {
		if err := c.Insert(h.Number); err != nil {
			t.Fatal(err)
		}
		s := asked(t, server.URL, site, request(card.PIN))
		cms, err := base64.StdEncoding.DecodeString(s.Signature)
		if err != nil || s.Code != 0 || s.CardSN != h.Number || s.Version != card.Version {
			t.Fatalf("%+v, %v", s, err)
		}
		path := filepath.Join(dir, h.Number+".p7m")
		if err := os.WriteFile(path, cms, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("openssl", "cms", "-verify", "-inform", "DER", "-in", path, "-CAfile", anchors, "-purpose", "any", "-binary").CombinedOutput()
		if err != nil || !strings.Contains(string(out), "一段文字\n") || !strings.Contains(string(out), "erification successful") {
			t.Errorf("%s: openssl: %v: %s", h.Label(), err, out)
		}
	}
	q := request(card.PIN)
	q["signatureType"] = "PKCS1"
	s := asked(t, server.URL, site, q)
	der, _ := base64.StdEncoding.DecodeString(s.Cert)
	x, err := pki.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	plain, _ := base64.StdEncoding.DecodeString(s.Signature)
	if err := x.X509.CheckSignature(x509.ECDSAWithSHA256, []byte("一段文字\n"), plain); err != nil {
		t.Errorf("PKCS #1: %v", err)
	}
}

// TestPIN: three wrong PINs in a row lock a card, a right one between them gives the tries back, and a PIN of another
// length is not a try.
func TestPIN(t *testing.T) {
	c, server := reader(t)
	want := func(pin string, code, minor int64) {
		t.Helper()
		if s := asked(t, server.URL, site, request(pin)); s.Code != code || s.Minor != minor || (s.Signature == "") != (code != 0) {
			t.Errorf("PIN %q: %#x %d, want %#x %d", pin, s.Code, s.Minor, code, minor)
		}
	}
	want("111111", 0x76100006, -2147483646)
	want("222222", 0x76100006, -2147483647)
	want(card.PIN, 0, 0)
	want("12345", 0x76100006, 0xA2)
	want("111111", 0x76100006, -2147483646)
	want("", 0x76000998, 0)
	want("222222", 0x76100006, -2147483647)
	want("333333", 0x76100006, 0xA4)
	want(card.PIN, 0x76100006, 0xA4)
	if err := c.Insert(card.Holders[1].Number); err != nil {
		t.Fatal(err)
	}
	want(card.PIN, 0, 0) // another card is another card
	if err := c.Insert(card.Holders[0].Number); err != nil {
		t.Fatal(err)
	}
	c.Unlock()
	want(card.PIN, 0, 0)
}

// TestRefused: each trouble has its code.
func TestRefused(t *testing.T) {
	c, server := reader(t)
	for _, x := range []struct {
		what, origin string
		card         string
		fault        card.Fault
		change       func(map[string]string)
		code         int64
	}{
		{what: "a site that is not on the list", origin: "https://other.example.test", code: 0x76000031},
		{what: "a page from nowhere", origin: "null", code: 0x7600000F},
		{what: "no reader", fault: card.NoReader, code: 0x76100003},
		{what: "no card", card: "-", code: 0x76000006},
		{what: "an expired card", card: card.Holders[14].Number, code: 0x76500002},
		{what: "a card before its time", card: card.Holders[16].Number, code: 0x76500001},
		{what: "nothing to sign", change: func(q map[string]string) { q["tbs"] = "" }, code: 0x76000003},
		{what: "a weak hash", change: func(q map[string]string) { q["hashAlgorithm"] = "SHA1" }, code: 0x7600000E},
		{what: "another act", change: func(q map[string]string) { q["func"] = "DecryptData" }, code: 0x7600000E},
		{what: "broken base64", change: func(q map[string]string) { q["tbs"] = "***" }, code: 0x7600000C},
	} {
		number, origin := card.Holders[0].Number, site
		if x.card != "" {
			number = strings.TrimPrefix(x.card, "-")
		}
		if x.origin != "" {
			origin = x.origin
		}
		if err := c.Insert(number); err != nil {
			t.Fatal(err)
		}
		c.Suffer(x.fault)
		q := request(card.PIN)
		if x.change != nil {
			x.change(q)
		}
		if s := asked(t, server.URL, origin, q); s.Code != x.code || s.Signature != "" {
			t.Errorf("%s: %#x, want %#x", x.what, s.Code, x.code)
		}
	}
}

// TestSlots: what the self-test asks, and that only the component's own window may speak for another site.
func TestSlots(t *testing.T) {
	c, server := reader(t)
	q := map[string]string{"func": "GetUserCert", "withcert": "true"}
	s := asked(t, server.URL, server.URL, q) // as the window does, with the origin of the page in the form
	if s.Func != "pkcs11info" || len(s.Slots) != 1 || s.Slots[0].Token == nil || s.Slots[0].Token.Serial != card.Holders[0].Number || s.Slots[0].Token.Certs[0].Last4 != "0011" {
		t.Errorf("%+v", s)
	}
	if s := asked(t, server.URL, "https://other.example.test", q); s.Code != 0x76000031 || len(s.Slots) != 0 {
		t.Errorf("another site claims to be ours: %+v", s)
	}
	_ = c.Insert("")
	if s := asked(t, server.URL, server.URL, q); len(s.Slots) != 1 || s.Slots[0].Token != nil {
		t.Errorf("without a card: %+v", s)
	}
}

// TestDesk: the desk changes card, trouble and mood, for itself alone.
func TestDesk(t *testing.T) {
	_, server := reader(t)
	send := func(origin string) int {
		form := url.Values{"card": {card.Holders[4].Number}, "fault": {"no-reader"}, "mood": {"silent"}}
		r, _ := http.NewRequest(http.MethodPost, server.URL, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", origin)
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		return a.StatusCode
	}
	if got := send("https://other.example.test"); got != http.StatusForbidden {
		t.Errorf("from elsewhere: %d", got)
	}
	if got := send(server.URL); got != http.StatusOK {
		t.Errorf("from the desk: %d", got)
	}
	if s := asked(t, server.URL, site, request(card.PIN)); s.Code != 0x76100003 {
		t.Errorf("no reader: %+v", s)
	}
	a, err := http.Get(server.URL + "/ca/moica.crl")
	if err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
	if a.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a silent authority: %s", a.Status)
	}
}
