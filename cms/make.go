package cms

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
)

// Detach is the same signature without the content inside it. The signature stays good: it is over the content's digest.
// Certificates of bag that are not in it yet are laid beside the signer's, so that it can be judged by itself.
func Detach(der []byte, bag ...*x509.Certificate) ([]byte, error) {
	data, err := open(der)
	if err != nil {
		return nil, fmt.Errorf("cms: detach: %w", err)
	}
	data.Content.Content = asn1.RawValue{}
	inside := data.Certificates.Bytes
	for _, x := range bag {
		if !bytes.Contains(inside, x.Raw) {
			inside = append(slices.Clone(inside), x.Raw...)
		}
	}
	data.Certificates = tagged(0, inside)
	return data.bytes()
}

// Plain makes a detached CMS of a signature without CMS (PKCS #1, or ECDSA) over content by SHA-256, such as a card makes
// where it is asked for no more. It has no signed attributes.
func Plain(x *x509.Certificate, content, signed []byte, bag ...*x509.Certificate) ([]byte, error) {
	if err := CheckRaw(x, content, signed); err != nil {
		return nil, fmt.Errorf("cms: plain: %w", err)
	}
	who, err := asn1.Marshal(issuerAndSerial{asn1.RawValue{FullBytes: x.RawIssuer}, x.SerialNumber})
	if err != nil {
		return nil, fmt.Errorf("cms: plain: %w", err)
	}
	digest := pkix.AlgorithmIdentifier{Algorithm: parseOID(sha256OID), Parameters: asn1.NullRawValue}
	by := signerInfo{Version: 1, Who: asn1.RawValue{FullBytes: who}, Digest: digest, Signature: signed}
	switch x.PublicKeyAlgorithm {
	case x509.RSA:
		by.Algorithm = pkix.AlgorithmIdentifier{Algorithm: oidRSA, Parameters: asn1.NullRawValue}
	case x509.ECDSA:
		by.Algorithm = pkix.AlgorithmIdentifier{Algorithm: hashes[sha256OID].named[1]}
	default:
		return nil, errors.New("cms: plain: an unknown kind of key")
	}
	var inside []byte
	for _, c := range append([]*x509.Certificate{x}, bag...) {
		inside = append(inside, c.Raw...)
	}
	d := signedData{Version: 1, Digests: []pkix.AlgorithmIdentifier{digest}, Certificates: tagged(0, inside), Signers: []signerInfo{by}}
	d.Content.Type = oidData
	return d.bytes()
}

func (d signedData) bytes() ([]byte, error) {
	inner, err := asn1.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("cms: %w", err)
	}
	return asn1.Marshal(contentInfo{oidSignedData, asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: inner}})
}

func tagged(tag int, inside []byte) asn1.RawValue {
	return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: tag, IsCompound: true, Bytes: inside}
}

func parseOID(s string) (id asn1.ObjectIdentifier) {
	n := 0
	for _, r := range s + "." {
		if r == '.' {
			id, n = append(id, n), 0
			continue
		}
		n = n*10 + int(r-'0')
	}
	return id
}
