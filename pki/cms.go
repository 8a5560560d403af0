package pki

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// The object identifiers of CMS (RFC 5652) that a card's signature uses.
var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidNonce         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 25, 3}
	oidRSA           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidECPublicKey   = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
)

// A hash that counts, with its names in CMS. SHA-1 and MD5 are no hashes that count.
type hash struct {
	sum        func([]byte) []byte
	rsa, ecdsa x509.SignatureAlgorithm
	named      []asn1.ObjectIdentifier // signature algorithms that name this hash
}

var hashes = map[string]hash{
	"2.16.840.1.101.3.4.2.1": {func(b []byte) []byte { s := sha256.Sum256(b); return s[:] }, x509.SHA256WithRSA, x509.ECDSAWithSHA256,
		[]asn1.ObjectIdentifier{{1, 2, 840, 113549, 1, 1, 11}, {1, 2, 840, 10045, 4, 3, 2}}},
	"2.16.840.1.101.3.4.2.2": {func(b []byte) []byte { s := sha512.Sum384(b); return s[:] }, x509.SHA384WithRSA, x509.ECDSAWithSHA384,
		[]asn1.ObjectIdentifier{{1, 2, 840, 113549, 1, 1, 12}, {1, 2, 840, 10045, 4, 3, 3}}},
	"2.16.840.1.101.3.4.2.3": {func(b []byte) []byte { s := sha512.Sum512(b); return s[:] }, x509.SHA512WithRSA, x509.ECDSAWithSHA512,
		[]asn1.ObjectIdentifier{{1, 2, 840, 113549, 1, 1, 13}, {1, 2, 840, 10045, 4, 3, 4}}},
}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"explicit,tag:0"`
}

type signedData struct {
	Version int
	Digests []pkix.AlgorithmIdentifier `asn1:"set"`
	Content struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"optional,explicit,tag:0"`
	}
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	CRLs         asn1.RawValue `asn1:"optional,tag:1"`
	Signers      []signerInfo  `asn1:"set"`
}

type signerInfo struct {
	Version   int
	Who       asn1.RawValue
	Digest    pkix.AlgorithmIdentifier
	Signed    asn1.RawValue `asn1:"optional,tag:0"`
	Algorithm pkix.AlgorithmIdentifier
	Signature []byte
	Unsigned  asn1.RawValue `asn1:"optional,tag:1"`
}

type issuerAndSerial struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

// signature is what a CMS with one signer says.
type signature struct {
	signer     *x509.Certificate
	bag        []*x509.Certificate // what else it brought along
	nonce      string              // of the signed attributes
	cardNumber string              // of the signed attributes; "" if it is not there
}

// maxCMS is more than a card makes of a text of ours with its chain; maxBag more certificates than a chain has.
const (
	maxCMS = 64 << 10
	maxBag = 8
)

// readCMS reads a SignedData in DER and checks that its one signer signed content and the attributes about it. Who the
// signer is, and whether that counts, is for Anchors to say. Everything is read strictly: what could be understood in
// two ways is refused.
func readCMS(der, content []byte) (s signature, err error) {
	var outer contentInfo
	var data signedData
	switch {
	case len(der) > maxCMS:
		return s, errors.New("too large")
	case whole(der, &outer) != nil || !outer.Type.Equal(oidSignedData):
		return s, errors.New("no SignedData")
	}
	if err := whole(outer.Content.Bytes, &data); err != nil {
		return s, fmt.Errorf("SignedData: %w", err)
	}
	if len(data.Signers) != 1 {
		return s, fmt.Errorf("%d signers", len(data.Signers))
	}
	if err := data.about(content); err != nil {
		return s, err
	}
	by := data.Signers[0]
	h, ok := hashes[by.Digest.Algorithm.String()]
	if !ok {
		return s, fmt.Errorf("the hash %s does not count", by.Digest.Algorithm)
	}
	if !slices.ContainsFunc(data.Digests, func(d pkix.AlgorithmIdentifier) bool { return d.Algorithm.Equal(by.Digest.Algorithm) }) {
		return s, errors.New("the signer's hash is not announced")
	}
	if s.signer, s.bag, err = by.certificate(data.Certificates.Bytes); err != nil {
		return s, err
	}
	if err := by.attributes(&s, h.sum(content)); err != nil {
		return s, err
	}
	return s, by.check(s.signer, h)
}

// about reports whether content is what was signed: it stands in the data, or beside them.
func (d signedData) about(content []byte) error {
	if !d.Content.Type.Equal(oidData) {
		return fmt.Errorf("signed content of type %s", d.Content.Type)
	}
	if len(d.Content.Content.FullBytes) == 0 {
		return nil
	}
	var inside []byte
	if err := whole(d.Content.Content.Bytes, &inside); err != nil {
		return fmt.Errorf("content: %w", err)
	}
	if !bytes.Equal(inside, content) {
		return errors.New("another content was signed")
	}
	return nil
}

// certificate finds the one certificate in the bag that the signer names.
func (by signerInfo) certificate(bag []byte) (signer *x509.Certificate, others []*x509.Certificate, err error) {
	names := func(x *x509.Certificate) bool {
		if by.Who.Class == asn1.ClassContextSpecific && by.Who.Tag == 0 {
			return len(x.SubjectKeyId) > 0 && bytes.Equal(x.SubjectKeyId, by.Who.Bytes)
		}
		var who issuerAndSerial
		return whole(by.Who.FullBytes, &who) == nil && bytes.Equal(who.Issuer.FullBytes, x.RawIssuer) && who.Serial.Cmp(x.SerialNumber) == 0
	}
	for len(bag) > 0 {
		var one asn1.RawValue
		rest, err := asn1.Unmarshal(bag, &one)
		if err != nil {
			return nil, nil, fmt.Errorf("certificates: %w", err)
		}
		bag = rest
		x, err := x509.ParseCertificate(one.FullBytes)
		switch {
		case err != nil:
			return nil, nil, fmt.Errorf("certificates: %w", err)
		case !names(x):
			if others = append(others, x); len(others) > maxBag {
				return nil, nil, errors.New("too many certificates")
			}
		case signer != nil:
			return nil, nil, errors.New("two certificates of the signer")
		default:
			signer = x
		}
	}
	if signer == nil {
		return nil, nil, errors.New("the signer's certificate is not there")
	}
	return signer, others, nil
}

// attributes reads the signed attributes. They have to be there, each once, and speak of this content.
func (by signerInfo) attributes(s *signature, digest []byte) error {
	if len(by.Signed.Bytes) == 0 {
		return errors.New("no signed attributes")
	}
	found := map[string]asn1.RawValue{}
	for rest := by.Signed.Bytes; len(rest) > 0; {
		var a attribute
		var err error
		if rest, err = asn1.Unmarshal(rest, &a); err != nil {
			return fmt.Errorf("signed attributes: %w", err)
		}
		if _, twice := found[a.Type.String()]; twice || len(a.Values) != 1 {
			return fmt.Errorf("the signed attribute %s has not one value", a.Type)
		}
		found[a.Type.String()] = a.Values[0]
	}
	var kind asn1.ObjectIdentifier
	var signed []byte
	if err := whole(found[oidContentType.String()].FullBytes, &kind); err != nil || !kind.Equal(oidData) {
		return errors.New("the signed content type is not data")
	}
	if err := whole(found[oidMessageDigest.String()].FullBytes, &signed); err != nil || !bytes.Equal(signed, digest) {
		return errors.New("the signed digest is that of another content")
	}
	for id, into := range map[string]*string{oidNonce.String(): &s.nonce, CardNumberOID.String(): &s.cardNumber} {
		if v, ok := found[id]; ok {
			var err error
			if *into, err = text(v); err != nil {
				return fmt.Errorf("the signed attribute %s: %w", id, err)
			}
		}
	}
	return nil
}

// check verifies the signature over the signed attributes, as a SET (RFC 5652 §5.4), with the hash of the digest.
func (by signerInfo) check(x *x509.Certificate, h hash) error {
	set := slices.Clone(by.Signed.FullBytes)
	set[0] = asn1.TagSet | 0x20
	algorithm := h.algorithm(x)
	named := by.Algorithm.Algorithm
	plain := named.Equal(oidRSA) && x.PublicKeyAlgorithm == x509.RSA || named.Equal(oidECPublicKey) && x.PublicKeyAlgorithm == x509.ECDSA
	if !plain && !slices.ContainsFunc(h.named, named.Equal) {
		return fmt.Errorf("the signature algorithm %s does not count", named)
	}
	if err := x.CheckSignature(algorithm, set, by.Signature); err != nil {
		return fmt.Errorf("the signature does not fit: %w", err)
	}
	return nil
}

func (h hash) algorithm(x *x509.Certificate) x509.SignatureAlgorithm {
	switch x.PublicKeyAlgorithm {
	case x509.RSA:
		return h.rsa
	case x509.ECDSA:
		return h.ecdsa
	}
	return x509.UnknownSignatureAlgorithm
}

// checkRaw verifies a signature without CMS (PKCS #1, or ECDSA): over the content itself, by SHA-256, which is what we
// ask for.
func checkRaw(x *x509.Certificate, content, signed []byte) error {
	return x.CheckSignature(hashes["2.16.840.1.101.3.4.2.1"].algorithm(x), content, signed)
}
