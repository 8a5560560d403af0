package cms

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"cloudbm/say"
)

// Kind is whose certificate a card carries.
type Kind string

// The kinds of the government's certification authorities.
const (
	Citizen      Kind = "citizen"      // 自然人憑證, MOICA
	Company      Kind = "company"      // 工商憑證, MOEACA
	Organisation Kind = "organisation" // 組織及團體憑證, XCA
	Government   Kind = "government"   // 政府憑證, GCA
)

// Name is what the kind is called.
func (k Kind) Name() say.Text {
	switch k {
	case Citizen:
		return say.T("自然人憑證", "Citizen certificate")
	case Company:
		return say.T("工商憑證", "Company certificate")
	case Organisation:
		return say.T("組織及團體憑證", "Certificate of an organisation")
	case Government:
		return say.T("政府憑證", "Government certificate")
	}
	return say.Same(string(k))
}

// The object identifiers of the government's certificates (arc 2.16.886.1.100). They stand in the extension
// subjectDirectoryAttributes of the certificate, but for CardNumberOID, which is a signed attribute of a signature.
var (
	SubjectAttributes = asn1.ObjectIdentifier{2, 5, 29, 9}
	SubjectClassOID   = asn1.ObjectIdentifier{2, 16, 886, 1, 100, 2, 1}
	CardRankOID       = asn1.ObjectIdentifier{2, 16, 886, 1, 100, 2, 2}
	Last4OID          = asn1.ObjectIdentifier{2, 16, 886, 1, 100, 2, 51}
	UBNOID            = asn1.ObjectIdentifier{2, 16, 886, 1, 100, 2, 101}
	OrganisationOID   = asn1.ObjectIdentifier{2, 16, 886, 1, 100, 2, 102}
	CardNumberOID     = asn1.ObjectIdentifier{2, 16, 886, 1, 100, 2, 204}

	NaturalPerson = asn1.ObjectIdentifier{2, 16, 886, 1, 100, 3, 1, 1}
	Agency        = asn1.ObjectIdentifier{2, 16, 886, 1, 100, 3, 2, 1, 1}
	AgencyUnit    = asn1.ObjectIdentifier{2, 16, 886, 1, 100, 3, 2, 1, 2}
	CompanyClass  = asn1.ObjectIdentifier{2, 16, 886, 1, 100, 3, 2, 2, 1, 1}
	BranchClass   = asn1.ObjectIdentifier{2, 16, 886, 1, 100, 3, 2, 3, 3, 1}
	FirmClass     = asn1.ObjectIdentifier{2, 16, 886, 1, 100, 3, 2, 3, 1}
)

// Certificate is what a certificate says of its holder. Nothing of it is true before Trust.Verify has said so.
type Certificate struct {
	Kind          Kind
	Name          string // of the person, or of the firm or agency
	Last4         string // the last four characters of the national ID, on citizens' certificates
	UBN           string // 統一編號
	Organisation  string // the OID of an organisation or agency
	Rank          string // 正卡 or 附卡 of a firm, as the certificate writes it
	SubjectSerial string // the sixteen digits that tell persons of one name apart
	Serial        string // of the certificate, in hex
	Issuer        string
	Fingerprint   string // SHA-256 in hex
	From, Until   time.Time

	X509 *x509.Certificate
}

// Parse reads a certificate in DER. It reads the profile strictly: an attribute that stands twice, or whose value is no
// text, is no attribute of a card.
func Parse(der []byte) (Certificate, error) {
	x, err := x509.ParseCertificate(der)
	if err != nil {
		return Certificate{}, fmt.Errorf("cms: certificate: %w", err)
	}
	c := Certificate{SubjectSerial: x.Subject.SerialNumber, Serial: SerialText(x), Issuer: x.Issuer.String(), Fingerprint: Fingerprint(x),
		From: x.NotBefore.UTC(), Until: x.NotAfter.UTC(), X509: x}
	class, err := c.attributes()
	if err != nil {
		return Certificate{}, fmt.Errorf("cms: certificate %s: %w", c.Serial, err)
	}
	c.Kind = kindOf(class, c)
	c.Name = x.Subject.CommonName
	if c.Kind != Citizen && len(x.Subject.Organization) > 0 {
		c.Name = x.Subject.Organization[len(x.Subject.Organization)-1]
	}
	return c, nil
}

// SerialText is the serial number of a certificate as people compare it: hex, in capitals.
func SerialText(x *x509.Certificate) string { return Serial(x.SerialNumber) }

// Serial is a serial number as people compare it.
func Serial(n *big.Int) string { return strings.ToUpper(n.Text(16)) }

// Fingerprint is the SHA-256 of a certificate in hex.
func Fingerprint(x *x509.Certificate) string {
	sum := sha256.Sum256(x.Raw)
	return hex.EncodeToString(sum[:])
}

// kindOf decides by the class of the subject; where the class is not known, by what only one kind of certificate has.
func kindOf(class asn1.ObjectIdentifier, c Certificate) Kind {
	switch {
	case class.Equal(NaturalPerson):
		return Citizen
	case class.Equal(Agency), class.Equal(AgencyUnit):
		return Government
	case class.Equal(CompanyClass), class.Equal(BranchClass), class.Equal(FirmClass):
		return Company
	case c.Organisation != "":
		return Organisation
	case c.UBN != "":
		return Company
	}
	return ""
}

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

// attributes reads subjectDirectoryAttributes into c and answers the class of the subject.
func (c *Certificate) attributes() (class asn1.ObjectIdentifier, err error) {
	var list []attribute
	for _, e := range c.X509.Extensions {
		if e.Id.Equal(SubjectAttributes) {
			if err := Whole(e.Value, &list); err != nil {
				return nil, err
			}
		}
	}
	seen := map[string]bool{}
	for _, a := range list {
		into := map[string]*string{Last4OID.String(): &c.Last4, UBNOID.String(): &c.UBN, OrganisationOID.String(): &c.Organisation, CardRankOID.String(): &c.Rank}[a.Type.String()]
		if into == nil && !a.Type.Equal(SubjectClassOID) {
			continue
		}
		if len(a.Values) != 1 || seen[a.Type.String()] {
			return nil, fmt.Errorf("the attribute %s has not one value", a.Type)
		}
		seen[a.Type.String()] = true
		if into == nil {
			err = Whole(a.Values[0].FullBytes, &class)
		} else {
			*into, err = text(a.Values[0])
		}
		if err != nil {
			return nil, fmt.Errorf("the attribute %s: %w", a.Type, err)
		}
	}
	return class, nil
}

// Whole reads der, all of it.
func Whole(der []byte, into any) error {
	rest, err := asn1.Unmarshal(der, into)
	if err == nil && len(rest) > 0 {
		err = errors.New("bytes are left over")
	}
	return err
}

// text is the value of an attribute in whichever of its types the authorities write it.
func text(v asn1.RawValue) (s string, err error) {
	switch v.Tag {
	case asn1.TagOctetString:
		return string(v.Bytes), nil
	case asn1.TagOID:
		var id asn1.ObjectIdentifier
		err = Whole(v.FullBytes, &id)
		return id.String(), err
	case asn1.TagInteger:
		var n int
		err = Whole(v.FullBytes, &n)
		return fmt.Sprint(n), err
	case asn1.TagUTF8String, asn1.TagPrintableString, asn1.TagIA5String, asn1.TagNumericString:
		err = Whole(v.FullBytes, &s)
		return s, err
	}
	return "", fmt.Errorf("a value of type %d", v.Tag)
}

// Strong reports whether the key of x is long enough. RSA and the curves of NIST are known; new generations of cards
// may have either.
func Strong(x *x509.Certificate) bool {
	switch k := x.PublicKey.(type) {
	case *rsa.PublicKey:
		return k.N.BitLen() >= 2048 && k.E >= 65537
	case *ecdsa.PublicKey:
		return k.Curve.Params().BitSize >= 256
	}
	return false
}
