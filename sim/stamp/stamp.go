// Package stamp simulates an authority for time stamps (RFC 3161), certified by the test authority of the government in
// sim/card. It is for the demonstration and for tests; its certificate says so, and production refuses it.
package stamp

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/digitorus/timestamp"

	"cloudbm/pki"
	"cloudbm/sim/card"
)

// TSA stamps whatever it is asked to, with the time of its clock.
type TSA struct {
	Certificate *x509.Certificate

	chain []*x509.Certificate
	key   crypto.Signer
	now   func() time.Time
}

// timeStamping is the extended key usage of RFC 3161 §2.3, which has to be critical and alone.
var timeStamping = pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: []byte{0x30, 0x0a, 0x06, 0x08, 0x2b, 6, 1, 5, 5, 7, 3, 8}}

// New makes an authority with a key that nobody keeps.
func New(ca *card.CA, now func() time.Time) (*TSA, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("stamp: %w", err)
	}
	holder := card.Holder{Kind: pki.Government, Name: "時戳服務-" + pki.TestMark, Organisation: "3"}
	x, err := ca.Issue(holder, key.Public(), now().AddDate(-1, 0, 0), now().AddDate(5, 0, 0), func(x *x509.Certificate) {
		x.ExtraExtensions = append(x.ExtraExtensions, timeStamping)
	})
	if err != nil {
		return nil, fmt.Errorf("stamp: %w", err)
	}
	return &TSA{x, ca.Chain(pki.Government), key, now}, nil
}

// Handler answers requests as they come over HTTP (RFC 3161 §3.4).
func (t *TSA) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		b, err := io.ReadAll(io.LimitReader(q.Body, 1<<16))
		if err != nil {
			http.Error(w, "cannot be read", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/timestamp-reply")
		answer, err := t.answer(b)
		if err != nil {
			answer, _ = timestamp.CreateErrorResponse(timestamp.Rejection, timestamp.BadRequest)
		}
		_, _ = w.Write(answer) // whoever asked is gone otherwise
	})
}

func (t *TSA) answer(question []byte) ([]byte, error) {
	q, err := timestamp.ParseRequest(question)
	if err != nil {
		return nil, err
	}
	return t.stamped(q.HashAlgorithm, q.HashedMessage, func(s *timestamp.Timestamp) { s.Nonce, s.AddTSACertificate = q.Nonce, q.Certificates })
}

func (t *TSA) stamped(hash crypto.Hash, digest []byte, change func(*timestamp.Timestamp)) ([]byte, error) {
	s := &timestamp.Timestamp{HashAlgorithm: hash, HashedMessage: digest, Time: t.now(), Policy: pki.TestPolicy, AddTSACertificate: true, Certificates: t.chain}
	change(s)
	return s.CreateResponseWithOpts(t.Certificate, t.key, crypto.SHA256)
}

// Stamp is a token for a digest by SHA-256, without a network in between.
func (t *TSA) Stamp(_ context.Context, digest []byte) ([]byte, error) {
	b, err := t.stamped(crypto.SHA256, digest, func(*timestamp.Timestamp) {})
	if err != nil {
		return nil, fmt.Errorf("stamp: %w", err)
	}
	s, err := timestamp.ParseResponse(b)
	if err != nil {
		return nil, fmt.Errorf("stamp: %w", err)
	}
	return s.RawToken, nil
}
