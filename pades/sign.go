package pades

import (
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"cloudbm/cms"
)

// Options are who signs, and what the signature says of itself.
type Options struct {
	Key   crypto.Signer       // RSA (PKCS #1 v1.5) or ECDSA, by SHA-256
	Chain []*x509.Certificate // the signer's first, then those above it

	Name, Reason, Location string
	At                     time.Time // as the signer says; only a time stamp proves it

	TSA TSA // nil: no time stamp
}

// TSA is an authority for time stamps (RFC 3161). Stamp answers its token for a digest by SHA-256.
type TSA interface {
	Stamp(ctx context.Context, digest []byte) (token []byte, err error)
}

// Bytes kept free in the file for a signature without its certificates, and for a token with its own.
const (
	roomForSignature = 3 << 10
	roomForToken     = 16 << 10
)

// Sign signs the file as it is: base stays byte for byte, and an update after it holds a signature that cannot be seen on
// the pages (ISO 32000-2 §12.8, ETSI EN 319 142-1, level B-B, or B-T with a time stamp). Signatures that are in base
// already stay valid. A file that is locked is refused.
func Sign(ctx context.Context, base []byte, o Options) ([]byte, error) {
	if o.Key == nil || len(o.Chain) == 0 {
		return nil, errors.New("pades: sign: without a key and its certificate nobody can sign")
	}
	room := roomForSignature
	for _, x := range o.Chain {
		room += len(x.Raw)
	}
	var stamp func([]byte) ([]byte, error)
	if o.TSA != nil {
		room += roomForToken
		stamp = func(digest []byte) ([]byte, error) { return o.TSA.Stamp(ctx, digest) }
	}
	u, err := newUpdate(ctx, base)
	if err != nil {
		return nil, fmt.Errorf("pades: sign: %w", err)
	}
	if err := u.sign(o, room); err != nil {
		return nil, fmt.Errorf("pades: sign: %w", err)
	}
	file, from, to, err := u.written()
	if err != nil {
		return nil, fmt.Errorf("pades: sign: %w", err)
	}
	h := sha256.New()
	h.Write(file[:from])
	h.Write(file[to:])
	signature, err := cms.Sign(h.Sum(nil), o.Key, o.Chain, stamp)
	if err != nil {
		return nil, fmt.Errorf("pades: %w", err)
	}
	if len(signature) > room {
		return nil, fmt.Errorf("pades: sign: a signature of %d bytes, and room for %d", len(signature), room)
	}
	hex.Encode(file[from+1:], signature) // after the <
	return file, nil
}
