package pki

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cloudbm/cms"
)

// Anchors are the authorities that are trusted, with a refusal in words for every doubt.
type Anchors struct{ cms.Trust }

// LoadAnchors reads certificates in PEM or DER from files, and from the files *.pem, *.crt and *.cer of folders.
func LoadAnchors(production bool, paths ...string) (*Anchors, error) {
	a := &Anchors{cms.Trust{Production: production}}
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

// Empty reports whether nobody is trusted.
func (a *Anchors) Empty() bool { return a == nil || a.Trust.Empty() }

// doubts says which trouble each doubt about a certificate is.
var doubts = map[cms.Why]*Trouble{
	cms.Nobody: trNotSetUp, cms.Untrusted: trUntrusted, cms.NotForThis: trNotForSigning, cms.NotYet: trNotYet, cms.Expired: trExpired,
	cms.Weak: trWeak, cms.Testing: trUntrusted, cms.WrongKind: trKind,
}

// Verify is the chain of c to a trusted root, its issuer second, if it is good for a signature at that time: see
// cms.Trust.Verify. What is wrong is a Refusal.
func (a *Anchors) Verify(c Certificate, bag []*x509.Certificate, at time.Time, kinds ...Kind) ([]*x509.Certificate, error) {
	if a.Empty() {
		return nil, refuse(trNotSetUp, "no trust anchors")
	}
	chain, err := a.Trust.Verify(c, bag, at, kinds...)
	var d *cms.Doubt
	if errors.As(err, &d) {
		return nil, refuse(doubts[d.Why], d.Detail)
	}
	return chain, err
}
