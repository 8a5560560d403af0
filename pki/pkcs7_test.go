package pki_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"testing"

	"github.com/digitorus/pkcs7"

	"cloudbm/pki"
	"cloudbm/sim/card"
	"cloudbm/store/storetest"
)

// strange is a signature as another's library makes it, by a holder who leaves something out or puts something in.
type strange struct {
	content []byte
	hash    asn1.ObjectIdentifier
	more    []pkcs7.Attribute
	twice   bool // a second signer
	plain   bool // no signed attributes
}

func (b *bench) strange(c pki.Challenge, x *x509.Certificate, key crypto.Signer, change func(*strange)) string {
	b.t.Helper()
	s := strange{content: []byte(c.Text), hash: pkcs7.OIDDigestAlgorithmSHA256,
		more: []pkcs7.Attribute{{Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 25, 3}, Value: []byte(c.Nonce)}, {Type: pki.CardNumberOID, Value: citizen.Number}}}
	if change != nil {
		change(&s)
	}
	d, err := pkcs7.NewSignedData(s.content)
	if err != nil {
		b.t.Fatal(err)
	}
	d.SetDigestAlgorithm(s.hash)
	sign := func(x *x509.Certificate, key crypto.Signer) {
		if s.plain {
			err = d.SignWithoutAttr(x, key, pkcs7.SignerInfoConfig{})
		} else {
			err = d.AddSignerChain(x, key, b.ca.Chain(pki.Citizen), pkcs7.SignerInfoConfig{ExtraSignedAttributes: s.more})
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	if sign(x, key); s.twice {
		sign(b.issue(citizen, keys().rsa2, nil), keys().rsa2)
	}
	der, err := d.Finish()
	if err != nil {
		b.t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}

// TestStranger: what another's library makes is read as ours is, and refused for the same.
func TestStranger(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	attribute := func(id asn1.ObjectIdentifier, v any) func(*strange) {
		return func(s *strange) { s.more = append(s.more, pkcs7.Attribute{Type: id, Value: v}) }
	}
	for _, s := range []struct {
		name   string
		change func(*strange)
		key    string
	}{
		{"nothing", nil, ""},
		{"SHA-384", func(s *strange) { s.hash = pkcs7.OIDDigestAlgorithmSHA384 }, ""},
		{"SHA-512", func(s *strange) { s.hash = pkcs7.OIDDigestAlgorithmSHA512 }, ""},
		{"SHA-1", func(s *strange) { s.hash = pkcs7.OIDDigestAlgorithmSHA1 }, "tampered"},
		{"another content", func(s *strange) { s.content = []byte("我同意出售房屋") }, "tampered"},
		{"no nonce", func(s *strange) { s.more = s.more[1:] }, "tampered"},
		{"no number of the card", func(s *strange) { s.more = s.more[:1] }, "tampered"},
		{"another nonce", func(s *strange) { s.more[0].Value = []byte("n") }, "tampered"},
		{"a second nonce", attribute(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 25, 3}, []byte("n")), "tampered"},
		{"a second content type", attribute(pkcs7.OIDAttributeContentType, pkcs7.OIDEnvelopedData), "tampered"},
		{"no signed attributes", func(s *strange) { s.plain = true }, "tampered"},
		{"two signers", func(s *strange) { s.twice = true }, "tampered"},
	} {
		for kind, key := range map[string]crypto.Signer{"RSA": keys().rsa, "P-256": keys().ec} {
			x := b.issue(citizen, key, nil)
			c := b.ask(pki.SignIn, "")
			_, err := b.answered(pki.SignIn, "", c.Text, card.Answer{Func: "sign", Signature: b.strange(c, x, key, s.change),
				Cert: base64.StdEncoding.EncodeToString(x.Raw), CardSN: citizen.Number})
			b.want(kind+", "+s.name, err, s.key)
		}
	}
}

// TestStrangerReads: another's library verifies what the simulated cards sign, and finds the same in it.
func TestStrangerReads(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(b.ca.Anchors())
	for kind, key := range map[string]crypto.Signer{"RSA": keys().rsa, "P-256": keys().ec} {
		x := b.issue(citizen, key, nil)
		c := b.ask(pki.SignIn, "")
		m, err := pkcs7.Parse(b.make(c, x, key).der(t))
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		if err := m.VerifyWithChainAtTime(roots, noon); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		var number string
		if err := m.UnmarshalSignedAttribute(pki.CardNumberOID, &number); err != nil || number != citizen.Number || !bytes.Equal(m.Content, []byte(c.Text)) {
			t.Errorf("%s: %q, %v", kind, number, err)
		}
	}
}

// TestTouched: no byte of an answer can be changed so that another certificate, number or text comes of it.
func TestTouched(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	x := b.issue(citizen, keys().ec, nil)
	c := b.ask(pki.SignIn, "")
	der := b.make(c, x, keys().ec).der(t)
	taken := 0
	for i := range der {
		if i%5 != 0 {
			continue
		}
		c := b.ask(pki.SignIn, "")
		der := b.make(c, x, keys().ec).der(t)
		if i >= len(der) {
			break // the length of a signature varies by a byte or two
		}
		der[i] ^= 0x15
		s, err := b.answered(pki.SignIn, "", c.Text, card.Answer{Func: "sign", Signature: base64.StdEncoding.EncodeToString(der)})
		if err != nil {
			continue
		}
		if taken++; s.Text != c.Text || s.CardNumber != citizen.Number || !bytes.Equal(s.X509.Raw, x.Raw) {
			t.Errorf("byte %d changed: %s, %s", i, s.Name, s.CardNumber)
		}
	}
	if taken > len(der)/20 {
		t.Errorf("%d of %d changes were not noticed", taken, len(der)/5)
	}
}
