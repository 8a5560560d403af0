package pki

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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

// Anchors are the authorities that are trusted: roots of as many generations as are in use, and the authorities below
// them that cards do not bring along. The zero value trusts nobody.
type Anchors struct {
	Production bool // test authorities are refused

	roots, below []*x509.Certificate
}

// LoadAnchors reads certificates in PEM or DER from files, and from the files *.pem, *.crt and *.cer of folders.
func LoadAnchors(production bool, paths ...string) (*Anchors, error) {
	a := &Anchors{Production: production}
	for _, p := range paths {
		files := []string{p}
		if info, err := os.Stat(p); err != nil {
			return nil, fmt.Errorf("pki: trust anchors: %w", err)
		} else if info.IsDir() {
			if files, err = certificatesIn(p); err != nil {
				return nil, fmt.Errorf("pki: trust anchors: %w", err)
			}
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err == nil {
				err = a.Add(b)
			}
			if err != nil {
				return nil, fmt.Errorf("pki: trust anchors: %s: %w", f, err)
			}
		}
	}
	return a, nil
}

func certificatesIn(dir string) (out []string, err error) {
	entries, err := fs.ReadDir(os.DirFS(dir), ".")
	for _, e := range entries {
		if slices.Contains([]string{".pem", ".crt", ".cer"}, filepath.Ext(e.Name())) && !e.IsDir() {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	return out, err
}

// Add trusts the authorities in b, PEM or one in DER. Who signed itself is a root; the others lie below one.
func (a *Anchors) Add(b []byte) error {
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
		switch {
		case err != nil:
			return err
		case !x.IsCA || !x.BasicConstraintsValid:
			return fmt.Errorf("%s is no authority", x.Subject)
		case a.Production && IsTest(x):
			return fmt.Errorf("%s is a test authority, and this is production", x.Subject)
		case bytes.Equal(x.RawIssuer, x.RawSubject):
			a.roots = append(a.roots, x)
		default:
			a.below = append(a.below, x)
		}
	}
	return nil
}

// Empty reports whether nobody is trusted.
func (a *Anchors) Empty() bool { return a == nil || len(a.roots) == 0 }

// The signatures that count, on certificates, lists and answers alike. SHA-1 and MD5 are not among them.
var strongSignatures = []x509.SignatureAlgorithm{
	x509.SHA256WithRSA, x509.SHA384WithRSA, x509.SHA512WithRSA, x509.SHA256WithRSAPSS, x509.SHA384WithRSAPSS, x509.SHA512WithRSAPSS,
	x509.ECDSAWithSHA256, x509.ECDSAWithSHA384, x509.ECDSAWithSHA512,
}

// Verify is the authority that issued c, if c is good for a signature at that time: a chain to a trusted root, everybody
// in it valid, strong and allowed to do what they did; the certificate itself for digital signatures, and of one of
// kinds (without any, of one that is known). The certificates in bag may lie between, but are trusted for nothing.
func (a *Anchors) Verify(c Certificate, bag []*x509.Certificate, at time.Time, kinds ...Kind) (issuer *x509.Certificate, err error) {
	x := c.X509
	switch {
	case a.Empty():
		return nil, refuse(trNotSetUp, "no trust anchors")
	case a.Production && IsTest(x):
		return nil, refuse(trUntrusted, "a test certificate in production")
	case x.IsCA:
		return nil, refuse(trNotForSigning, "the certificate of an authority")
	case x.KeyUsage&x509.KeyUsageDigitalSignature == 0:
		return nil, refuse(trNotForSigning, "key usage")
	}
	pool := func(all ...*x509.Certificate) *x509.CertPool {
		p := x509.NewCertPool()
		for _, x := range all {
			p.AddCert(x)
		}
		return p
	}
	chains, err := x.Verify(x509.VerifyOptions{Roots: pool(a.roots...), Intermediates: pool(append(slices.Clone(a.below), bag...)...),
		CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	var invalid x509.CertificateInvalidError
	switch {
	case at.Before(x.NotBefore):
		return nil, refuse(trNotYet, "not before "+x.NotBefore.String())
	case at.After(x.NotAfter):
		return nil, refuse(trExpired, "not after "+x.NotAfter.String())
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return nil, refuse(trUntrusted, "an authority in the chain is not valid at this time")
	case err != nil:
		return nil, refuse(trUntrusted, err.Error())
	}
	for _, chain := range chains {
		if err = a.sound(chain); err == nil {
			issuer = chain[1]
			break
		}
	}
	switch {
	case err != nil:
		return nil, err
	case c.Kind == "", len(kinds) > 0 && !slices.Contains(kinds, c.Kind):
		return nil, refuse(trKind, "a certificate of kind "+string(c.Kind))
	}
	return issuer, nil
}

// sound reports whether everybody in a chain is strong; the root is trusted by itself, its own signature says nothing.
func (a *Anchors) sound(chain []*x509.Certificate) error {
	if len(chain) < 2 {
		return refuse(trUntrusted, "a root is no card")
	}
	for i, x := range chain {
		switch {
		case !strong(x):
			return refuse(trWeak, "a weak key: "+x.Subject.String())
		case i < len(chain)-1 && !slices.Contains(strongSignatures, x.SignatureAlgorithm):
			return refuse(trWeak, "a signature by "+x.SignatureAlgorithm.String())
		case a.Production && IsTest(x):
			return refuse(trUntrusted, "a test authority in production")
		}
	}
	return nil
}
