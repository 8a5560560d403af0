package cms

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/crypto/ocsp"
)

const (
	// Skew is how far an authority's clock may be ahead of ours.
	Skew = 5 * time.Minute
	// Undated is how long an answer counts that does not say when the next one comes.
	Undated = 24 * time.Hour
)

// Answer is what a responder said about one certificate (OCSP, RFC 6960).
type Answer struct {
	This, Next time.Time
	Revoked    time.Time // zero: good
}

// ReadAnswer reads a responder's answer about x, which issuer issued, as it counts at that time. An answer that is not
// of that time, is not the authority's, or does not know the certificate, is an error.
func ReadAnswer(b []byte, x, issuer *x509.Certificate, at time.Time) (a Answer, err error) {
	said, err := ocsp.ParseResponseForCert(b, x, issuer)
	if err != nil {
		return a, err
	}
	a.This, a.Next = said.ThisUpdate, said.NextUpdate
	if a.Next.IsZero() {
		a.Next = a.This.Add(Undated)
	}
	switch {
	case !slices.Contains(StrongSignatures, said.SignatureAlgorithm):
		return a, fmt.Errorf("signed by %s", said.SignatureAlgorithm)
	case said.Certificate != nil && !mayAnswer(said.Certificate, issuer, at):
		return a, errors.New("signed by somebody who may not answer for the authority")
	case a.This.After(at.Add(Skew)), !at.Before(a.Next):
		return a, fmt.Errorf("an answer of %s, until %s", a.This, a.Next)
	case said.Status == ocsp.Good:
	case said.Status == ocsp.Revoked:
		a.Revoked = said.RevokedAt
	default:
		return a, errors.New("the responder does not know the certificate")
	}
	return a, nil
}

// mayAnswer reports whether x, which the authority signed, is its responder (RFC 6960 §4.2.2.2).
func mayAnswer(x, issuer *x509.Certificate, at time.Time) bool {
	return bytes.Equal(x.Raw, issuer.Raw) ||
		slices.Contains(x.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning) && !at.Before(x.NotBefore) && !at.After(x.NotAfter) &&
			Strong(x) && slices.Contains(StrongSignatures, x.SignatureAlgorithm)
}
