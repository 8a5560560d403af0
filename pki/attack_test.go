package pki_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/digitorus/pkcs7"

	"cloudbm/fault"
	"cloudbm/pki"
	"cloudbm/sim/card"
)

// forge makes a CMS as somebody would who holds a good card and leaves something out or puts something in.
type forge struct {
	content []byte
	hash    asn1.ObjectIdentifier
	more    []pkcs7.Attribute
	twice   *hand // signs too
	plain   bool  // without signed attributes
	detach  bool
}

func (t *table) forge(h hand, c pki.Challenge, change func(*forge)) map[string]any {
	t.Helper()
	f := forge{content: []byte(c.Text), hash: pkcs7.OIDDigestAlgorithmSHA256,
		more: []pkcs7.Attribute{{Type: pki.NonceOID, Value: []byte(c.Nonce)}, {Type: pki.CardNumberOID, Value: []byte(h.Number)}}}
	change(&f)
	d, err := pkcs7.NewSignedData(f.content)
	if err != nil {
		t.Fatal(err)
	}
	d.SetDigestAlgorithm(f.hash)
	config := pkcs7.SignerInfoConfig{ExtraSignedAttributes: f.more}
	if f.plain {
		err = d.SignWithoutAttr(h.cert, h.key, config)
		for _, x := range t.ca.Chain(h.Kind) {
			d.AddCertificate(x)
		}
	} else {
		err = d.AddSignerChain(h.cert, h.key, t.ca.Chain(h.Kind), config)
	}
	if err == nil && f.twice != nil {
		err = d.AddSignerChain(f.twice.cert, f.twice.key, t.ca.Chain(h.Kind), config)
	}
	if err != nil {
		t.Fatal(err)
	}
	if f.detach {
		d.Detach()
	}
	der, err := d.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return answer(h, der)
}

// TestForged: whoever holds a good card and changes what it makes gets nowhere, and uses the challenge up.
func TestForged(t *testing.T) {
	each(t, func(t *table) {
		h, other := t.take(card.Holders[0], nil), t.take(card.Holders[1], nil)
		for _, x := range []struct {
			what   string
			change func(*forge)
			spoil  func(map[string]any)
			want   string
		}{
			{what: "nothing changed", want: ""},
			{what: "another content", change: func(f *forge) { f.content = []byte("我同意出售房屋") }, want: "tampered"},
			{what: "no content", change: func(f *forge) { f.detach = true }, want: "tampered"},
			{what: "an attribute of the nonce taken out", change: func(f *forge) { f.more = f.more[1:] }, want: "tampered"},
			{what: "an attribute of the card taken out", change: func(f *forge) { f.more = f.more[:1] }, want: "tampered"},
			{what: "all attributes taken out", change: func(f *forge) { f.plain = true }, want: "tampered"},
			{what: "the nonce twice", change: func(f *forge) { f.more = append(f.more, f.more[0]) }, want: "tampered"},
			{what: "another nonce", change: func(f *forge) { f.more[0].Value = []byte("n") }, want: "tampered"},
			{what: "a second content type", change: func(f *forge) {
				f.more = append(f.more, pkcs7.Attribute{Type: pkcs7.OIDAttributeContentType, Value: pkcs7.OIDEnvelopedData})
			}, want: "tampered"},
			{what: "two signers", change: func(f *forge) { f.twice = &other }, want: "tampered"},
			{what: "SHA-1", change: func(f *forge) { f.hash = pkcs7.OIDDigestAlgorithmSHA1 }, want: "tampered"},
			{what: "SHA-384 is strong", change: func(f *forge) { f.hash = pkcs7.OIDDigestAlgorithmSHA384 }, want: ""},
			{what: "another card number beside", spoil: func(a map[string]any) { a["cardSN"] = "TP99000000000011" }, want: "tampered"},
			{what: "another certificate beside", spoil: func(a map[string]any) { a["certb64"] = base64.StdEncoding.EncodeToString(other.cert.Raw) }, want: "tampered"},
			{what: "no signature", spoil: func(a map[string]any) { delete(a, "signature") }, want: "tampered"},
			{what: "a signature that is none", spoil: func(a map[string]any) { a["signature"] = "MIIB" }, want: "tampered"},
			{what: "a code that is none", spoil: func(a map[string]any) { a["ret_code"] = "?" }, want: "strange"},
		} {
			c := t.ask(pki.SignIn, "visitor")
			if x.change == nil {
				x.change = func(*forge) {}
			}
			said := t.forge(h, c, x.change)
			if x.spoil != nil {
				x.spoil(said)
			}
			_, err := t.answered(c, said)
			if got := trouble(t.T, err); got != x.want {
				t.Errorf("%s: %v", x.what, err)
			}
			if _, err := t.answered(c, t.sign(h, c)); trouble(t.T, err) != "late" {
				t.Errorf("%s, and again: %v", x.what, err)
			}
		}
	})
}

// TestTouched: no byte of a signature can be changed so that another one counts: it is refused, or says the same.
func TestTouched(t *testing.T) {
	each(t, func(t *table) {
		if t.DB.Postgres() {
			return // nothing here depends on the database
		}
		h := t.take(card.Holders[1], nil)
		c := t.ask(pki.SignIn, "visitor")
		said := t.sign(h, c)
		cms, _ := base64.StdEncoding.DecodeString(said["signature"].(string))
		for i := 0; i < len(cms); i += 7 {
			cms[i] ^= 0x15
			got, err := pki.Verified(c.Text, cms, today)
			cms[i] ^= 0x15
			if err == nil {
				_, err = t.Anchors.Verify(got.Certificate, nil, today)
			}
			if err == nil && (got.Name != "測試乙" || got.CardNumber != h.Number || !bytes.Equal(got.X509.RawTBSCertificate, h.cert.RawTBSCertificate)) {
				t.Errorf("byte %d changed, and it says %s of %s", i, got.Name, got.CardNumber)
			}
		}
	})
}

// TestCertificates: whose certificate is refused, and why.
func TestCertificates(t *testing.T) {
	each(t, func(t *table) {
		weak, err := rsa.GenerateKey(rand.Reader, 1024)
		if err != nil {
			t.Fatal(err)
		}
		citizen := card.Holders[0]
		for _, x := range []struct {
			what   string
			change func(*x509.Certificate)
			hand   func(*hand)
			kinds  []pki.Kind
			want   string
		}{
			{what: "a good one", want: ""},
			{what: "of the kind that is asked for", kinds: []pki.Kind{pki.Citizen, pki.Company}, want: ""},
			{what: "of another kind", kinds: []pki.Kind{pki.Company}, want: "kind"},
			{what: "expired", change: func(x *x509.Certificate) { x.NotAfter = today.Add(-1) }, want: "expired"},
			{what: "not yet valid", change: func(x *x509.Certificate) { x.NotBefore = today.AddDate(0, 0, 1) }, want: "not-yet"},
			{what: "for encryption", change: func(x *x509.Certificate) {
				x.KeyUsage = x509.KeyUsageKeyEncipherment | x509.KeyUsageDataEncipherment
			}, want: "usage"},
			{what: "of an authority", change: func(x *x509.Certificate) {
				x.IsCA, x.KeyUsage = true, x509.KeyUsageCertSign|x509.KeyUsageDigitalSignature
			}, want: "usage"},
			{what: "without attributes of a card", change: func(x *x509.Certificate) { x.ExtraExtensions = nil }, want: "kind"},
			{what: "with attributes that are none", change: func(x *x509.Certificate) { x.ExtraExtensions[0].Value = []byte{1, 2, 3} }, want: "tampered"},
			{what: "with a weak key", hand: func(h *hand) {
				h.key = weak
				h.cert, err = t.ca.Issue(h.Holder, weak.Public(), today.AddDate(-1, 0, 0), today.AddDate(1, 0, 0), nil)
			}, want: "weak|tampered"},
			{what: "of another's authority", hand: func(h *hand) {
				stranger, e := card.NewCA(t.TempDir(), "http://127.0.0.1:1", today)
				if e != nil {
					t.Fatal(e)
				}
				h.alone = true
				h.cert, err = stranger.Issue(h.Holder, h.key.Public(), today.AddDate(-1, 0, 0), today.AddDate(1, 0, 0), nil)
			}, want: "untrusted"},
			{what: "of a holder who made it", hand: func(h *hand) {
				h.alone = true
				made := *h.cert
				made.SignatureAlgorithm = x509.UnknownSignatureAlgorithm
				der, e := x509.CreateCertificate(rand.Reader, &made, &made, h.key.Public(), h.key)
				if e == nil {
					h.cert, e = x509.ParseCertificate(der)
				}
				err = e
			}, want: "untrusted"},
		} {
			h := t.take(citizen, x.change)
			if x.hand != nil {
				if x.hand(&h); err != nil {
					t.Fatalf("%s: %v", x.what, err)
				}
			}
			c := t.ask(pki.SignIn, "visitor")
			_, err := t.answered(c, t.sign(h, c), x.kinds...)
			if got := trouble(t.T, err); got != x.want && !strings.Contains("|"+x.want+"|", "|"+got+"|") {
				t.Errorf("%s: %v, want %q", x.what, err, x.want)
			}
		}
	})
}

// TestTestAuthority: in production nobody trusts a test authority, neither as an anchor nor through one.
func TestTestAuthority(t *testing.T) {
	each(t, func(t *table) {
		if err := (&pki.Anchors{Production: true}).Add(t.ca.Anchors()); err == nil || !strings.Contains(err.Error(), "test authority") {
			t.Errorf("as an anchor: %v", err)
		}
		h := t.take(card.Holders[0], nil)
		t.Anchors.Production = true
		c := t.ask(pki.SignIn, "visitor")
		if _, err := t.answered(c, t.sign(h, c)); trouble(t.T, err) != "untrusted" {
			t.Errorf("through one: %v", err)
		}
		t.Anchors = &pki.Anchors{}
		c = t.ask(pki.SignIn, "visitor")
		if _, err := t.answered(c, t.sign(h, c)); trouble(t.T, err) != "closed-here" {
			t.Errorf("without anchors: %v", err)
		}
	})
}

// TestSaid: what the component or the page says leads to a trouble, and the challenge is used up.
func TestSaid(t *testing.T) {
	each(t, func(t *table) {
		for _, x := range []struct{ said, want string }{
			{``, "script"},
			{`{"trouble":"popup"}`, "popup"},
			{`{"trouble":"component"}`, "component"},
			{`{"trouble":"closed"}`, "closed"},
			{`{"trouble":"made up"}`, "strange"},
			{`{`, "strange"},
			{`[]`, "strange"},
			{`"x"`, "strange"},
			{`null`, "old"},
			{strings.Repeat(" ", 1<<18), "strange"},
			{`{"func":"sign","ret_code":1979711501}`, "busy"},
			{`{"func":"sign","ret_code":"0x76000031"}`, "site"},
			{`{"func":"sign","ret_code":1979711503}`, "site"},
			{`{"func":"sign","ret_code":1980760067}`, "reader"},
			{`{"func":"sign","ret_code":1979711494}`, "card"},
			{`{"func":"sign","ret_code":1980760070,"last_error":160}`, "pin"},
			{`{"func":"sign","ret_code":1980760070,"last_error":-2147483646}`, "pin-two"},
			{`{"func":"sign","ret_code":1980760070,"last_error":2147483649}`, "pin-one"},
			{`{"func":"sign","ret_code":1980760070,"last_error":162}`, "pin-length"},
			{`{"func":"sign","ret_code":1980760070,"last_error":164}`, "locked"},
			{`{"func":"sign","ret_code":1980760070,"last_error":1}`, "pin"},
			{`{"func":"sign","ret_code":1985020930}`, "strange"},
			{`{"func":"sign","ret_code":1984954370}`, "expired"},
			{`{"func":"sign","ret_code":0x76500002}`, "strange"},
			{`{"func":"sign","ret_code":"1984954370"}`, "expired"},
			{`{"func":"sign","ret_code":"0x76500002"}`, "expired"},
			{`{"func":"sign","ret_code":"0x76500001"}`, "not-yet"},
			{`{"func":"sign","ret_code":"0x76000999"}`, "cancelled"},
			{`{"func":"sign","ret_code":0,"serverVersion":"1.3.4.103326"}`, "old"},
			{`{"func":"sign","ret_code":0,"serverVersion":"1.3.4"}`, "old"},
			{`{"func":"sign","ret_code":0,"serverVersion":"1.4"}`, "tampered"},
		} {
			t.Least = pki.Least{Windows: "1.3.4.103327"}
			c := t.ask(pki.SignIn, "visitor")
			a := pki.Answer{Text: c.Text, Said: x.said, Agent: "Mozilla/5.0 (Windows NT 10.0)"}
			_, err := t.Answered(context.Background(), c.Purpose, c.About, a)
			if got := trouble(t.T, err); got != x.want {
				t.Errorf("%.80s: %v, want %q", x.said, err, x.want)
			}
			f, ok := fault.As(err)
			if !ok || f.Message.Zh == "" || f.Message.En == "" || f.Way == nil {
				t.Errorf("%.80s: no words for it: %v", x.said, err)
			}
			if _, err := t.Answered(context.Background(), c.Purpose, c.About, a); trouble(t.T, err) != "late" {
				t.Errorf("%.80s, and again: %v", x.said, err)
			}
		}
	})
}
