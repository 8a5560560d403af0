package card

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"time"

	"cloudbm/pki"
)

var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidNonce         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 25, 3}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidRSA           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidECDSA256      = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
)

// Attribute is a signed attribute.
type Attribute struct {
	Type  asn1.ObjectIdentifier
	Value any
}

// Attributes are those that the component signs along.
func Attributes(content []byte, nonce, cardNumber string, at time.Time) []Attribute {
	sum := sha256.Sum256(content)
	out := []Attribute{{oidContentType, oidData}, {oidMessageDigest, sum[:]}, {oidSigningTime, at.UTC()}}
	if nonce != "" {
		out = append(out, Attribute{oidNonce, []byte(nonce)})
	}
	if cardNumber != "" {
		out = append(out, Attribute{pki.CardNumberOID, cardNumber})
	}
	return out
}

// Set is the DER of signed attributes: what is signed.
func Set(attributes []Attribute) ([]byte, error) {
	var each [][]byte
	for _, a := range attributes {
		b, err := asn1.Marshal(directoryAttribute{a.Type, []any{a.Value}})
		if err != nil {
			return nil, err
		}
		each = append(each, b)
	}
	slices.SortFunc(each, bytes.Compare)
	return asn1.Marshal(asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: bytes.Join(each, nil)})
}

// Signer is one signature of a CMS: the signed attributes as Set makes them (nil: none), and what the key made of them.
type Signer struct {
	Certificate    *x509.Certificate
	Set, Signature []byte
}

type signerInfo struct {
	Version int
	Who     struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}
	Digest    pkix.AlgorithmIdentifier
	Signed    asn1.RawValue `asn1:"optional"`
	Algorithm pkix.AlgorithmIdentifier
	Signature []byte
}

type signedData struct {
	Version int
	Digests []pkix.AlgorithmIdentifier `asn1:"set"`
	Content struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"optional"`
	}
	Certificates asn1.RawValue
	Signers      []signerInfo `asn1:"set"`
}

// CMS puts signatures over content together, with certificates for whoever verifies them; nil content stays outside.
func CMS(content []byte, bag []*x509.Certificate, signers ...Signer) ([]byte, error) {
	d := signedData{Version: 1, Digests: []pkix.AlgorithmIdentifier{{Algorithm: oidSHA256}}}
	d.Content.Type = oidData
	if content != nil {
		b, err := asn1.Marshal(content)
		if err != nil {
			return nil, err
		}
		d.Content.Content = context0(b)
	}
	var all []byte
	for _, x := range bag {
		all = append(all, x.Raw...)
	}
	d.Certificates = context0(all)
	for _, s := range signers {
		i := signerInfo{Version: 1, Digest: d.Digests[0], Signature: s.Signature, Algorithm: pkix.AlgorithmIdentifier{Algorithm: oidRSA, Parameters: asn1.NullRawValue}}
		i.Who.Issuer, i.Who.Serial = asn1.RawValue{FullBytes: s.Certificate.RawIssuer}, s.Certificate.SerialNumber
		if s.Certificate.PublicKeyAlgorithm == x509.ECDSA {
			i.Algorithm = pkix.AlgorithmIdentifier{Algorithm: oidECDSA256}
		}
		if s.Set != nil {
			var set asn1.RawValue
			if _, err := asn1.Unmarshal(s.Set, &set); err != nil {
				return nil, err
			}
			i.Signed = context0(set.Bytes)
		}
		d.Signers = append(d.Signers, i)
	}
	b, err := asn1.Marshal(d)
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue
	}{oidSignedData, context0(b)})
}

func context0(b []byte) asn1.RawValue {
	return asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: b}
}
