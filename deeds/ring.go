package deeds

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cloudbm/cms"
)

// Platform is whose key signs for authorities that have none of their own.
const Platform = "platform"

// ErrNobody is that no key may sign: none is configured, or no certificate is valid now.
var ErrNobody = errors.New("deeds: no key may sign")

// Settings are where the keys are.
type Settings struct {
	Token   Token
	PINFile string // a file with the PIN and nothing else
	Chains  string // a folder with the certificates, LABEL.pem each: the signer's first, then those above it

	Production bool // certificates of tests are refused
}

// Ring is the keys of the authorities, in one token. A key's label is the code of its authority, or Platform; what
// follows a hyphen tells generations apart: IF0, IF0-2027.
type Ring struct {
	of map[string][]*generation // newest first

	turn chan struct{} // full while somebody acts: tokens have few sessions
	no   error         // the token refused the PIN: asked again it would lock itself
}

// generation is one key of an authority with its certificate.
type generation struct {
	label string
	chain []*x509.Certificate
	key   *Key // nil: its certificate has ended, and it signs nothing any more
}

func (g *generation) holds(at time.Time) bool {
	return g.key != nil && !at.Before(g.chain[0].NotBefore) && !at.After(g.chain[0].NotAfter)
}

// OpenRing reads the certificates and has every key that signs now or later sign something, so that a wrong PIN, a
// missing key and another key than the certificate's are found before anybody waits for a document.
func OpenRing(ctx context.Context, s Settings, now time.Time) (*Ring, error) {
	pin, err := readPIN(s.PINFile)
	if err != nil {
		return nil, fmt.Errorf("deeds: the PIN of the signing token: %w", err)
	}
	files, err := filepath.Glob(filepath.Join(s.Chains, "*.pem"))
	if err != nil || len(files) == 0 {
		return nil, errors.Join(fmt.Errorf("deeds: no certificates *.pem in the folder %q", s.Chains), err)
	}
	r := &Ring{of: map[string][]*generation{}, turn: make(chan struct{}, 1)}
	for _, f := range files {
		g, err := readChain(f, s.Production)
		if err == nil && !now.After(g.chain[0].NotAfter) {
			if g.key, err = s.Token.Key(ctx, pin, g.label, g.chain[0].PublicKey); err == nil {
				err = g.try(ctx)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("deeds: the key of %s: %w", filepath.Base(f), err)
		}
		authority, _, _ := strings.Cut(g.label, "-")
		r.of[authority] = append(r.of[authority], g)
	}
	for _, all := range r.of {
		slices.SortFunc(all, func(a, b *generation) int { return b.chain[0].NotBefore.Compare(a.chain[0].NotBefore) })
	}
	if _, err := r.by(Platform, now); err != nil {
		return nil, fmt.Errorf("deeds: without a key with the label %s, and a certificate that is valid now, some documents would be signed by nobody", Platform)
	}
	return r, nil
}

func readPIN(file string) (string, error) {
	if file == "" {
		return "", errors.New("no file is named")
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	pin := strings.TrimSpace(string(b))
	if pin == "" || strings.ContainsAny(pin, "\x00\r\n") {
		return "", fmt.Errorf("%s does not hold one line", file)
	}
	return pin, nil
}

// readChain reads the certificates of one key and whether they belong together.
func readChain(file string, production bool) (*generation, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	g := &generation{label: strings.TrimSuffix(filepath.Base(file), ".pem")}
	if g.chain, err = cms.Certificates(b); err != nil {
		return nil, err
	}
	x := g.chain[0]
	switch {
	case x.IsCA:
		return nil, errors.New("the first certificate has to be the signer's, and is an authority's")
	case x.KeyUsage&x509.KeyUsageDigitalSignature == 0:
		return nil, errors.New("the certificate is not for digital signatures")
	case !cms.Strong(x):
		return nil, errors.New("the key is too weak, or of a kind that nobody verifies")
	}
	for i, x := range g.chain {
		if production && cms.IsTest(x) {
			return nil, fmt.Errorf("%s is certified by a test authority, and this is production", x.Subject)
		}
		if i > 0 {
			if err := g.chain[i-1].CheckSignatureFrom(x); err != nil {
				return nil, fmt.Errorf("certificate %d is not above the one before it: %w", i+1, err)
			}
		}
	}
	return g, nil
}

// try has the key sign, and the certificate verify it.
func (g *generation) try(ctx context.Context) error {
	said := []byte("cloudbm " + rand.Text())
	sum := sha256.Sum256(said)
	signed, err := g.key.SignIn(ctx, sum[:], crypto.SHA256)
	if err != nil {
		return err
	}
	if err := cms.CheckRaw(g.chain[0], said, signed); err != nil {
		return fmt.Errorf("%w: %w", ErrOther, err)
	}
	return nil
}

// by is the generation that signs for the authority at that time: the newest that holds, of its own or the platform's.
func (r *Ring) by(authority string, at time.Time) (*generation, error) {
	if r != nil {
		for _, who := range []string{authority, Platform} {
			for _, g := range r.of[who] {
				if g.holds(at) {
					return g, nil
				}
			}
		}
	}
	return nil, fmt.Errorf("%w for %s", ErrNobody, authority)
}

// signer is a key whose acts end with ctx and wait for each other.
type signer struct {
	ctx  context.Context
	ring *Ring
	*generation
}

func (s signer) Public() crypto.PublicKey { return s.key.Public() }

func (s signer) Sign(_ io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	select {
	case s.ring.turn <- struct{}{}:
		defer func() { <-s.ring.turn }()
	case <-s.ctx.Done():
		return nil, s.ctx.Err()
	}
	if s.ring.no != nil {
		return nil, s.ring.no
	}
	signed, err := s.key.SignIn(s.ctx, digest, o)
	if errors.Is(err, ErrPIN) {
		s.ring.no = err
	}
	return signed, err
}

// Holder is whose certificate signs for an authority, as its pages name it.
type Holder struct {
	Name, Serial, Issuer string
	Until                time.Time
}

func holder(x *x509.Certificate) Holder {
	h := Holder{Name: x.Subject.CommonName, Serial: cms.SerialText(x), Issuer: x.Issuer.String(), Until: x.NotAfter}
	if c, err := cms.Parse(x.Raw); err == nil && c.Name != "" {
		h.Name = c.Name
	}
	return h
}

// Ends are the certificates of those that sign at that time, by authority: whoever runs the machine is told in time.
func (r *Ring) Ends(at time.Time) map[string]time.Time {
	out := map[string]time.Time{}
	if r == nil {
		return out
	}
	for who := range r.of {
		if g, err := r.by(who, at); err == nil {
			out[who] = g.chain[0].NotAfter
		}
	}
	return out
}

// Certificates are all that have ever signed here, of every generation, and those above them.
func (r *Ring) Certificates() (all []*x509.Certificate) {
	if r == nil {
		return nil
	}
	for _, gs := range r.of {
		for _, g := range gs {
			all = append(all, g.chain...)
		}
	}
	return all
}
