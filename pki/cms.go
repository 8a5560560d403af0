package pki

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"

	"github.com/digitorus/pkcs7"
)

// NonceOID is the signed attribute in which the component puts the nonce of a page.
var NonceOID = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 25, 3}

// What a signer may name as hash, and as signature. SHA-1 and MD5 are not among them.
var (
	strongHashes = []asn1.ObjectIdentifier{pkcs7.OIDDigestAlgorithmSHA256, pkcs7.OIDDigestAlgorithmSHA384, pkcs7.OIDDigestAlgorithmSHA512}
	strongKeys   = []asn1.ObjectIdentifier{
		pkcs7.OIDEncryptionAlgorithmRSA, pkcs7.OIDEncryptionAlgorithmRSASHA256, pkcs7.OIDEncryptionAlgorithmRSASHA384, pkcs7.OIDEncryptionAlgorithmRSASHA512,
		pkcs7.OIDDigestAlgorithmECDSASHA256, pkcs7.OIDDigestAlgorithmECDSASHA384, pkcs7.OIDDigestAlgorithmECDSASHA512,
	}
)

// signature is what a CMS with one signer says.
type signature struct {
	signer     *x509.Certificate
	bag        []*x509.Certificate // what else it brought along
	nonce      string              // of the signed attributes
	cardNumber string              // of the signed attributes
}

// maxCMS is more than a card makes of a text of ours with its chain; maxBag more certificates than a chain has.
const (
	maxCMS = 64 << 10
	maxBag = 8
)

// readCMS reads a SignedData and checks that its one signer signed content, with attributes that say so. Who the signer
// is, and whether that counts, is for Anchors to say. What could be understood in two ways is refused.
func readCMS(der, content []byte) (s signature, err error) {
	if len(der) > maxCMS {
		return s, errors.New("too large")
	}
	m, err := pkcs7.Parse(der)
	switch {
	case err != nil:
		return s, err
	case len(m.Signers) != 1:
		return s, fmt.Errorf("%d signers", len(m.Signers))
	case len(m.Certificates) > maxBag:
		return s, errors.New("too many certificates")
	case !bytes.Equal(m.Content, content):
		return s, errors.New("another content was signed")
	}
	by := m.Signers[0]
	hash, key := by.DigestAlgorithm.Algorithm, by.DigestEncryptionAlgorithm.Algorithm
	switch {
	case !slices.ContainsFunc(strongHashes, hash.Equal):
		return s, fmt.Errorf("the hash %s does not count", hash)
	case !slices.ContainsFunc(strongKeys, key.Equal):
		return s, fmt.Errorf("the signature algorithm %s does not count", key)
	}
	for _, x := range m.Certificates {
		if !bytes.Equal(x.RawIssuer, by.IssuerAndSerialNumber.IssuerName.FullBytes) || x.SerialNumber.Cmp(by.IssuerAndSerialNumber.SerialNumber) != 0 {
			s.bag = append(s.bag, x)
			continue
		}
		if s.signer != nil {
			return s, errors.New("two certificates of the signer")
		}
		s.signer = x
	}
	if s.signer == nil {
		return s, errors.New("the signer's certificate is not there")
	}
	var signed []attribute
	for _, a := range by.AuthenticatedAttributes {
		signed = append(signed, attribute{a.Type, a.Value.Bytes})
	}
	if err := s.attributes(signed); err != nil {
		return s, err
	}
	return s, m.Verify() // the digest of the content, and the signature over the attributes
}

// attributes reads the signed attributes. Each of the four has to be there once.
func (s *signature) attributes(signed []attribute) error {
	var kind asn1.ObjectIdentifier
	var digest []byte
	for _, want := range []struct {
		id   asn1.ObjectIdentifier
		read func(asn1.RawValue) error
	}{
		{pkcs7.OIDAttributeContentType, func(v asn1.RawValue) error { return whole(v.FullBytes, &kind) }},
		{pkcs7.OIDAttributeMessageDigest, func(v asn1.RawValue) error { return whole(v.FullBytes, &digest) }},
		{NonceOID, func(v asn1.RawValue) (err error) { s.nonce, err = text(v); return err }},
		{CardNumberOID, func(v asn1.RawValue) (err error) { s.cardNumber, err = text(v); return err }},
	} {
		v, err := only(signed, want.id)
		if err == nil {
			err = want.read(v)
		}
		if err != nil {
			return fmt.Errorf("the signed attribute %s: %w", want.id, err)
		}
	}
	if !kind.Equal(pkcs7.OIDData) {
		return fmt.Errorf("signed content of type %s", kind)
	}
	return nil
}

// attribute is a type with the bytes of its set of values.
type attribute struct {
	id     asn1.ObjectIdentifier
	values []byte
}

// only is the one value of the attribute id, which has to stand there once.
func only(all []attribute, id asn1.ObjectIdentifier) (v asn1.RawValue, err error) {
	found := slices.DeleteFunc(slices.Clone(all), func(a attribute) bool { return !a.id.Equal(id) })
	if len(found) != 1 {
		return v, fmt.Errorf("stands there %d times", len(found))
	}
	if err := whole(found[0].values, &v); err != nil {
		return v, fmt.Errorf("has not one value: %w", err)
	}
	return v, nil
}
