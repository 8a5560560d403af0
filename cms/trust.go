package cms

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"
)

// TestPolicy marks whatever a test authority issues: a policy under 2.999, the arc that is set apart for examples.
var TestPolicy = asn1.ObjectIdentifier{2, 999, 886, 1}

// TestMark stands in the names of test authorities.
const TestMark = "測試用"

// IsTest reports whether x comes from a test authority, or is one.
func IsTest(x *x509.Certificate) bool {
	named := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return bytes.Contains([]byte(n), []byte(TestMark)) })
	}
	return slices.ContainsFunc(x.PolicyIdentifiers, TestPolicy.Equal) ||
		named(append(append([]string{x.Issuer.CommonName}, x.Issuer.Organization...), x.Issuer.OrganizationalUnit...)...)
}

// Why is why a certificate does not count.
type Why string

// The reasons.
const (
	Nobody     Why = "nobody"     // nobody is trusted at all
	Untrusted  Why = "untrusted"  // no chain to an authority that is trusted
	NotForThis Why = "not-for"    // not a certificate for digital signatures
	NotYet     Why = "not-yet"    // not valid yet
	Expired    Why = "expired"    // not valid any more
	Weak       Why = "weak"       // a key or a signature in the chain that does not count
	Testing    Why = "test"       // of a test authority, where that does not count
	WrongKind  Why = "wrong-kind" // of a kind that was not asked for
)

// Doubt is a certificate that does not count, and why.
type Doubt struct {
	Why    Why
	Detail string
}

func (d *Doubt) Error() string { return "cms: " + string(d.Why) + ": " + d.Detail }

func doubt(why Why, detail string) error { return &Doubt{why, detail} }

// Trust are the authorities that are believed: roots of as many generations as are in use, and the authorities below
// them that signatures do not bring along. The zero value believes nobody.
type Trust struct {
	Production bool // test authorities are refused

	Roots, Below []*x509.Certificate
}

// Add trusts the authorities in b, PEM or one in DER. Who signed itself is a root; the others lie below one.
func (t *Trust) Add(b []byte) error {
	all, err := Certificates(b)
	if err != nil {
		return err
	}
	for _, x := range all {
		switch {
		case !x.IsCA || !x.BasicConstraintsValid:
			return fmt.Errorf("%s is no authority", x.Subject)
		case t.Production && IsTest(x):
			return fmt.Errorf("%s is a test authority, and this is production", x.Subject)
		case bytes.Equal(x.RawIssuer, x.RawSubject):
			t.Roots = append(t.Roots, x)
		default:
			t.Below = append(t.Below, x)
		}
	}
	return nil
}

// Certificates reads the certificates in b: PEM, or one in DER.
func Certificates(b []byte) (out []*x509.Certificate, err error) {
	var all [][]byte
	for rest := b; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type == "CERTIFICATE" {
			all = append(all, block.Bytes)
		}
	}
	if len(all) == 0 {
		all = [][]byte{b}
	}
	for _, der := range all {
		x, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// PEM writes certificates one after another.
func PEM(all ...*x509.Certificate) []byte {
	var out bytes.Buffer
	for _, x := range all {
		_ = pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: x.Raw}) // a buffer takes everything
	}
	return out.Bytes()
}

// Empty reports whether nobody is believed.
func (t *Trust) Empty() bool { return t == nil || len(t.Roots) == 0 }

// StrongSignatures are those that count, on certificates, lists and answers alike. SHA-1 and MD5 are not among them.
var StrongSignatures = []x509.SignatureAlgorithm{
	x509.SHA256WithRSA, x509.SHA384WithRSA, x509.SHA512WithRSA, x509.SHA256WithRSAPSS, x509.SHA384WithRSAPSS, x509.SHA512WithRSAPSS,
	x509.ECDSAWithSHA256, x509.ECDSAWithSHA384, x509.ECDSAWithSHA512,
}

// Verify is the chain from c to a trusted root, if c is good for a signature at that time: everybody in it valid, strong
// and allowed to do what they did; the certificate itself for digital signatures, and of one of kinds (without any, of
// one that is known). The certificates in bag may lie between, but are trusted for nothing. What is wrong is a Doubt.
func (t *Trust) Verify(c Certificate, bag []*x509.Certificate, at time.Time, kinds ...Kind) ([]*x509.Certificate, error) {
	chain, err := t.Chain(c.X509, bag, at)
	if err == nil && (c.Kind == "" || len(kinds) > 0 && !slices.Contains(kinds, c.Kind)) {
		err = doubt(WrongKind, "a certificate of kind "+string(c.Kind))
	}
	return chain, err
}

// Chain is Verify for a certificate of any kind.
func (t *Trust) Chain(x *x509.Certificate, bag []*x509.Certificate, at time.Time) (chain []*x509.Certificate, err error) {
	switch {
	case t.Empty():
		return nil, doubt(Nobody, "no trust anchors")
	case t.Production && IsTest(x):
		return nil, doubt(Testing, "a test certificate in production")
	case x.IsCA:
		return nil, doubt(NotForThis, "the certificate of an authority")
	case x.KeyUsage&x509.KeyUsageDigitalSignature == 0:
		return nil, doubt(NotForThis, "key usage")
	}
	pool := func(all ...*x509.Certificate) *x509.CertPool {
		p := x509.NewCertPool()
		for _, x := range all {
			p.AddCert(x)
		}
		return p
	}
	chains, err := x.Verify(x509.VerifyOptions{Roots: pool(t.Roots...), Intermediates: pool(append(slices.Clone(t.Below), bag...)...),
		CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	var invalid x509.CertificateInvalidError
	switch {
	case at.Before(x.NotBefore):
		return nil, doubt(NotYet, "not before "+x.NotBefore.String())
	case at.After(x.NotAfter):
		return nil, doubt(Expired, "not after "+x.NotAfter.String())
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return nil, doubt(Untrusted, "an authority in the chain is not valid at this time")
	case err != nil:
		return nil, doubt(Untrusted, err.Error())
	}
	for _, chain = range chains {
		if err = t.sound(chain); err == nil {
			return chain, nil
		}
	}
	return nil, err
}

// sound reports whether everybody in a chain is strong; the root is trusted by itself, its own signature says nothing.
func (t *Trust) sound(chain []*x509.Certificate) error {
	if len(chain) < 2 {
		return doubt(Untrusted, "a root is no card")
	}
	for i, x := range chain {
		switch {
		case !Strong(x):
			return doubt(Weak, "a weak key: "+x.Subject.String())
		case i < len(chain)-1 && !slices.Contains(StrongSignatures, x.SignatureAlgorithm):
			return doubt(Weak, "a signature by "+x.SignatureAlgorithm.String())
		case t.Production && IsTest(x):
			return doubt(Untrusted, "a test authority in production")
		}
	}
	return nil
}
