package cms

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
)

// The object identifiers of CMS (RFC 5652) that a card's signature uses.
var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidNonce         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 25, 3}
	oidRSA           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidECPublicKey   = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
)

// A hash that counts, with its names in CMS. SHA-1 and MD5 are no hashes that count.
type hash struct {
	id         crypto.Hash
	sum        func([]byte) []byte
	rsa, ecdsa x509.SignatureAlgorithm
	named      []asn1.ObjectIdentifier // signature algorithms that name this hash
}

var hashes = map[string]hash{
	sha256OID: {crypto.SHA256, func(b []byte) []byte { s := sha256.Sum256(b); return s[:] }, x509.SHA256WithRSA, x509.ECDSAWithSHA256,
		[]asn1.ObjectIdentifier{{1, 2, 840, 113549, 1, 1, 11}, {1, 2, 840, 10045, 4, 3, 2}}},
	"2.16.840.1.101.3.4.2.2": {crypto.SHA384, func(b []byte) []byte { s := sha512.Sum384(b); return s[:] }, x509.SHA384WithRSA, x509.ECDSAWithSHA384,
		[]asn1.ObjectIdentifier{{1, 2, 840, 113549, 1, 1, 12}, {1, 2, 840, 10045, 4, 3, 3}}},
	"2.16.840.1.101.3.4.2.3": {crypto.SHA512, func(b []byte) []byte { s := sha512.Sum512(b); return s[:] }, x509.SHA512WithRSA, x509.ECDSAWithSHA512,
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

// Signature is what a CMS with one signer says.
type Signature struct {
	Signer     *x509.Certificate
	Bag        []*x509.Certificate      // what else it brought along
	Nonce      string                   // of the signed attributes
	CardNumber string                   // of the signed attributes; "" if it is not there
	Claimed    time.Time                // when the signer says it was; zero if it says nothing
	Attributes map[string]asn1.RawValue // the signed attributes by identifier
	Unsigned   []byte                   // the unsigned attributes, as they stand
	Value      []byte                   // the signature itself
}

// MaxSize is more than a signature has with its chain, and with a manifest of two thousand sheets inside; maxBag more
// certificates than a chain has.
const (
	MaxSize = 2 << 20
	maxBag  = 8
)

// Why a signature is refused, where that matters: altered if it signs something else or another key made it, unread if it
// is made in a way that does not count here. Anything else is no signature.
var (
	ErrAltered = errors.New("not what was signed")
	ErrUnread  = errors.New("not read here")
)

// Is reports whether der has the outside of a CMS.
func Is(der []byte) bool { return Whole(der, new(contentInfo)) == nil }

// Read reads a SignedData in DER and checks that its one signer signed content and the attributes about it. Who the
// signer is, and whether that counts, is for Trust to say. Everything is read strictly: what could be understood in
// two ways is refused.
func Read(der, content []byte) (Signature, error) {
	data, err := open(der)
	if err != nil {
		return Signature{}, err
	}
	return data.signature(content, content)
}

// ReadOver reads a SignedData whose content lies elsewhere; sum gives the digest of it.
func ReadOver(der []byte, sum func(crypto.Hash) ([]byte, error)) (s Signature, err error) {
	data, err := open(der)
	if err != nil {
		return s, err
	}
	if len(data.Content.Content.FullBytes) > 0 {
		return s, fmt.Errorf("%w: the content is inside", ErrUnread)
	}
	if !data.exact(der) {
		return s, fmt.Errorf("%w: bytes that no field has, or a version that there is not", ErrUnread)
	}
	by := data.Signers[0]
	digest, err := sum(hashes[by.Digest.Algorithm.String()].id)
	if err != nil {
		return s, err
	}
	return by.read(data, digest)
}

// ReadText reads a signature over a text that begins with words of ours. Such a text may also be signed without signed
// attributes (PKCS #1, see Plain): it cannot be mistaken for the attributes of another signature, which begin with a
// byte that no word begins with.
func ReadText(der []byte, text string) (s Signature, err error) {
	data, err := open(der)
	if err != nil {
		return s, err
	}
	by := data.Signers[0]
	if len(by.Signed.FullBytes) > 0 || !strings.HasPrefix(text, Words) {
		return data.signature([]byte(text), []byte(text))
	}
	if err := data.about([]byte(text)); err != nil {
		return s, err
	}
	if s.Signer, s.Bag, err = by.certificate(data.Certificates.Bytes); err != nil {
		return s, err
	}
	s.Value = by.Signature
	return s, by.checkOver([]byte(text), s.Signer, hashes[by.Digest.Algorithm.String()])
}

// Words begin every text of ours that a card signs.
const Words = "cloudbm "

// open reads the outside: one signer, by a hash that counts and is announced.
func open(der []byte) (data signedData, err error) {
	var outer contentInfo
	switch {
	case len(der) > MaxSize:
		return data, fmt.Errorf("%w: too large", ErrUnread)
	case Whole(der, &outer) != nil || !outer.Type.Equal(oidSignedData):
		return data, errors.New("no SignedData")
	}
	if err := Whole(outer.Content.Bytes, &data); err != nil {
		return data, fmt.Errorf("SignedData: %w", err)
	}
	if len(data.Signers) != 1 {
		return data, fmt.Errorf("%w: %d signers", ErrUnread, len(data.Signers))
	}
	by := data.Signers[0]
	if _, ok := hashes[by.Digest.Algorithm.String()]; !ok {
		return data, fmt.Errorf("%w: the hash %s does not count", ErrUnread, by.Digest.Algorithm)
	}
	if !slices.ContainsFunc(data.Digests, func(d pkix.AlgorithmIdentifier) bool { return d.Algorithm.Equal(by.Digest.Algorithm) }) {
		return data, errors.New("the signer's hash is not announced")
	}
	return data, nil
}

// exact reports whether nothing stands in der but what was read: what encoding/asn1 passes over at the end of a sequence
// is signed by nobody.
func (d signedData) exact(der []byte) bool {
	by := d.Signers[0]
	if d.Version < 1 || d.Version > 5 || by.Version != 1 && by.Version != 3 || by.Who.Class == asn1.ClassUniversal && by.Who.Tag != asn1.TagSequence {
		return false
	}
	for _, a := range append([]pkix.AlgorithmIdentifier{by.Digest}, d.Digests...) {
		if len(a.Parameters.FullBytes) > 0 && !bytes.Equal(a.Parameters.FullBytes, asn1.NullBytes) {
			return false
		}
	}
	again, err := d.bytes()
	return err == nil && bytes.Equal(again, der)
}

func (d signedData) signature(inside, signed []byte) (s Signature, err error) {
	if err := d.about(inside); err != nil {
		return s, err
	}
	by := d.Signers[0]
	return by.read(d, hashes[by.Digest.Algorithm.String()].sum(signed))
}

// read is what the signer says, if it signed attributes that speak of the digest.
func (by signerInfo) read(d signedData, digest []byte) (s Signature, err error) {
	if !d.Content.Type.Equal(oidData) {
		return s, fmt.Errorf("%w: signed content of type %s", ErrUnread, d.Content.Type)
	}
	if s.Signer, s.Bag, err = by.certificate(d.Certificates.Bytes); err != nil {
		return s, err
	}
	if err := by.attributes(&s, digest); err != nil {
		return s, err
	}
	s.Unsigned, s.Value = by.Unsigned.FullBytes, by.Signature
	return s, by.check(s.Signer, hashes[by.Digest.Algorithm.String()])
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
	if err := Whole(d.Content.Content.Bytes, &inside); err != nil {
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
		return Whole(by.Who.FullBytes, &who) == nil && bytes.Equal(who.Issuer.FullBytes, x.RawIssuer) && who.Serial.Cmp(x.SerialNumber) == 0
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
			return nil, nil, fmt.Errorf("%w: certificates: %w", ErrUnread, err)
		case tooLong(x):
			return nil, nil, fmt.Errorf("%w: a key that nobody has the time for", ErrUnread)
		case !names(x):
			if others = append(others, x); len(others) > maxBag {
				return nil, nil, fmt.Errorf("%w: too many certificates", ErrUnread)
			}
		case signer != nil:
			return nil, nil, fmt.Errorf("%w: two certificates of the signer", ErrUnread)
		default:
			signer = x
		}
	}
	if signer == nil {
		return nil, nil, fmt.Errorf("%w: the signer's certificate is not there", ErrUnread)
	}
	return signer, others, nil
}

// tooLong reports whether the key of x is so long that checking a signature by it takes seconds, or hours.
func tooLong(x *x509.Certificate) bool {
	k, ok := x.PublicKey.(*rsa.PublicKey)
	return ok && k.N.BitLen() > 16384
}

// attributes reads the signed attributes. They have to be there, each once, and speak of this content.
func (by signerInfo) attributes(s *Signature, digest []byte) error {
	if len(by.Signed.Bytes) == 0 {
		return fmt.Errorf("%w: no signed attributes", ErrUnread)
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
	if err := Whole(found[oidContentType.String()].FullBytes, &kind); err != nil || !kind.Equal(oidData) {
		return errors.New("the signed content type is not data")
	}
	if err := Whole(found[oidMessageDigest.String()].FullBytes, &signed); err != nil || !bytes.Equal(signed, digest) {
		return fmt.Errorf("%w: the signed digest is that of another content", ErrAltered)
	}
	for id, into := range map[string]*string{oidNonce.String(): &s.Nonce, CardNumberOID.String(): &s.CardNumber} {
		if v, ok := found[id]; ok {
			var err error
			if *into, err = text(v); err != nil {
				return fmt.Errorf("the signed attribute %s: %w", id, err)
			}
		}
	}
	if v, ok := found[oidSigningTime.String()]; ok {
		if err := Whole(v.FullBytes, &s.Claimed); err != nil {
			return fmt.Errorf("the signing time: %w", err)
		}
	}
	s.Attributes = found
	return nil
}

// check verifies the signature over the signed attributes, as a SET (RFC 5652 §5.4), with the hash of the digest.
func (by signerInfo) check(x *x509.Certificate, h hash) error {
	set := slices.Clone(by.Signed.FullBytes)
	set[0] = asn1.TagSet | 0x20
	return by.checkOver(set, x, h)
}

func (by signerInfo) checkOver(signed []byte, x *x509.Certificate, h hash) error {
	named := by.Algorithm.Algorithm
	plain := named.Equal(oidRSA) && x.PublicKeyAlgorithm == x509.RSA || named.Equal(oidECPublicKey) && x.PublicKeyAlgorithm == x509.ECDSA
	if !plain && !slices.ContainsFunc(h.named, named.Equal) {
		return fmt.Errorf("%w: the signature algorithm %s does not count", ErrUnread, named)
	}
	if err := x.CheckSignature(h.algorithm(x), signed, by.Signature); err != nil {
		return fmt.Errorf("%w: the signature does not fit: %w", ErrAltered, err)
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

// sha256OID names the hash that we ask for.
const sha256OID = "2.16.840.1.101.3.4.2.1"

// CheckRaw verifies a signature without CMS (PKCS #1, or ECDSA): over the content itself, by SHA-256, which is what we
// ask for.
func CheckRaw(x *x509.Certificate, content, signed []byte) error {
	return x.CheckSignature(hashes[sha256OID].algorithm(x), content, signed)
}
