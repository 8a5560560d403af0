package cms

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

var (
	oidSigningCertificate = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidTimeStampToken     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 14}
)

// Sign has key sign the content with this SHA-256 digest: a detached CMS with the attributes of the baseline profiles
// (ETSI EN 319 122-1, EN 319 142-1): content type, digest, and which certificate it is. It says no time; a token that
// stamp gets for the SHA-256 of the signature is laid beside it, if stamp is not nil. chain is the signer's certificate
// and those above it; all of them go inside. What the key made is checked before it is used.
func Sign(digest []byte, key crypto.Signer, chain []*x509.Certificate, stamp func(digest []byte) ([]byte, error)) ([]byte, error) {
	if len(digest) != sha256.Size || len(chain) == 0 {
		return nil, errors.New("cms: sign: it takes a digest by SHA-256 and a certificate")
	}
	x := chain[0]
	signed, err := baseline(digest, x)
	if err != nil {
		return nil, fmt.Errorf("cms: sign: %w", err)
	}
	sum := sha256.Sum256(signed.FullBytes)
	value, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("cms: sign: %w", err)
	}
	if err := CheckRaw(x, signed.FullBytes, value); err != nil {
		return nil, fmt.Errorf("cms: sign: the key is not the one of the certificate %s: %w", SerialText(x), err)
	}
	who, err := asn1.Marshal(issuerAndSerial{asn1.RawValue{FullBytes: x.RawIssuer}, x.SerialNumber})
	if err != nil {
		return nil, fmt.Errorf("cms: sign: %w", err)
	}
	by := signerInfo{Version: 1, Who: asn1.RawValue{FullBytes: who}, Digest: pkix.AlgorithmIdentifier{Algorithm: parseOID(sha256OID)},
		Signed: tagged(0, signed.Bytes), Algorithm: pkix.AlgorithmIdentifier{Algorithm: oidRSA, Parameters: asn1.NullRawValue}, Signature: value}
	if x.PublicKeyAlgorithm == x509.ECDSA {
		by.Algorithm = pkix.AlgorithmIdentifier{Algorithm: hashes[sha256OID].named[1]}
	}
	if stamp != nil {
		sum := sha256.Sum256(value)
		token, err := stamp(sum[:])
		if err != nil {
			return nil, fmt.Errorf("cms: sign: time stamp: %w", err)
		}
		b, err := asn1.Marshal(attribute{oidTimeStampToken, []asn1.RawValue{{FullBytes: token}}})
		if err != nil {
			return nil, fmt.Errorf("cms: sign: %w", err)
		}
		by.Unsigned = tagged(1, b)
	}
	var inside []byte
	for _, c := range chain {
		inside = append(inside, c.Raw...)
	}
	d := signedData{Version: 1, Digests: []pkix.AlgorithmIdentifier{by.Digest}, Certificates: tagged(0, inside), Signers: []signerInfo{by}}
	d.Content.Type = oidData
	return d.bytes()
}

// certificateID names the signer's certificate (RFC 5035): by its SHA-256, its issuer and its number.
type certificateID struct {
	Digest []byte
	Issuer struct {
		Names  []asn1.RawValue
		Serial *big.Int
	}
}

// baseline are the signed attributes as the SET that is signed, in the order of DER.
func baseline(digest []byte, x *x509.Certificate) (set asn1.RawValue, err error) {
	sum := sha256.Sum256(x.Raw)
	id := certificateID{Digest: sum[:]}
	id.Issuer.Names, id.Issuer.Serial = []asn1.RawValue{tagged(4, x.RawIssuer)}, x.SerialNumber
	var each [][]byte
	for _, a := range []struct {
		id    asn1.ObjectIdentifier
		value any
	}{{oidContentType, oidData}, {oidMessageDigest, digest}, {oidSigningCertificate, struct{ Certificates []certificateID }{[]certificateID{id}}}} {
		v, err := asn1.Marshal(a.value)
		if err != nil {
			return set, err
		}
		b, err := asn1.Marshal(attribute{a.id, []asn1.RawValue{{FullBytes: v}}})
		if err != nil {
			return set, err
		}
		each = append(each, b)
	}
	slices.SortFunc(each, bytes.Compare)
	b, err := asn1.Marshal(asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: bytes.Join(each, nil)})
	if err != nil {
		return set, err
	}
	return set, Whole(b, &set)
}
