package deeds

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"slices"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"

	"cloudbm/pki"
)

// TSA is an authority for time stamps (RFC 3161) at an address.
type TSA struct {
	URL     string
	Anchors *pki.Anchors // whom it has to be certified by
	Now     func() time.Time
}

// most is more than any token is long.
const most = 64 << 10

var tsaClient = &http.Client{
	Timeout:       10 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// Stamp asks for a token over a digest by SHA-256, and takes it only if it is over this digest, answers this question,
// and is signed by an authority for time stamps that is trusted.
func (t *TSA) Stamp(ctx context.Context, digest []byte) ([]byte, error) {
	s, err := t.stamp(ctx, digest)
	if err != nil {
		return nil, err
	}
	return s.RawToken, nil
}

func (t *TSA) stamp(ctx context.Context, digest []byte) (*timestamp.Timestamp, error) {
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, err
	}
	question, err := (&timestamp.Request{HashAlgorithm: crypto.SHA256, HashedMessage: digest, Certificates: true, Nonce: nonce}).Marshal()
	if err != nil {
		return nil, fmt.Errorf("deeds: time stamp: %w", err)
	}
	answer, err := t.ask(ctx, question)
	if err != nil {
		return nil, fmt.Errorf("deeds: time stamp: %w", err)
	}
	s, err := timestamp.ParseResponse(answer)
	if err != nil {
		return nil, fmt.Errorf("deeds: time stamp: %w", err)
	}
	switch {
	case s.HashAlgorithm != crypto.SHA256 || !bytes.Equal(s.HashedMessage, digest):
		return nil, errors.New("deeds: time stamp: it is over something else")
	case s.Nonce == nil || s.Nonce.Cmp(nonce) != 0:
		return nil, errors.New("deeds: time stamp: it answers another question")
	}
	return s, t.believe(s.RawToken)
}

func (t *TSA) ask(ctx context.Context, question []byte) ([]byte, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, t.URL, bytes.NewReader(question))
	if err != nil {
		return nil, err
	}
	q.Header.Set("Content-Type", "application/timestamp-query")
	a, err := tsaClient.Do(q)
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the authority answers %s", a.Status)
	}
	b, err := io.ReadAll(io.LimitReader(a.Body, most+1))
	if err == nil && len(b) > most {
		err = errors.New("the authority answers too much")
	}
	return b, err
}

// believe reports whether a token is signed by who may stamp (RFC 3161 §2.3). That the signature is good, parsing found.
func (t *TSA) believe(token []byte) error {
	p, err := pkcs7.Parse(token)
	if err != nil {
		return fmt.Errorf("deeds: time stamp: %w", err)
	}
	x := p.GetOnlySigner()
	if x == nil {
		return errors.New("deeds: time stamp: it has no certificate, or more than one signature")
	}
	if !slices.Equal(x.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}) || len(x.UnknownExtKeyUsage) > 0 {
		return fmt.Errorf("deeds: time stamp: %s is no authority for time stamps", x.Subject)
	}
	if t.Anchors.Empty() {
		return errors.New("deeds: time stamp: nobody is trusted for it")
	}
	if _, err := t.Anchors.Chain(x, p.Certificates, t.Now()); err != nil {
		return fmt.Errorf("deeds: time stamp: %s: %w", x.Subject, err)
	}
	return nil
}
