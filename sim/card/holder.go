package card

import (
	"crypto/x509/pkix"
	"encoding/asn1"

	"cloudbm/pki"
)

// Holder is whose card it is.
type Holder struct {
	Kind         pki.Kind
	Name         string
	Last4        string // of a person's national ID
	UBN          string // of a firm
	Organisation string // of an organisation, as the last arc of its OID
	Number       string // 憑證序號, printed under the bar code of the card
	Serial       string // sixteen digits in a person's subject
	P256         bool   // a key of the newer kind
	Wrong        string // "expired", "not-yet", "revoked": what is wrong with the certificate
}

// Holders are the fictional people and firms with cards. All PINs are PIN.
var Holders = []Holder{
	{Kind: pki.Citizen, Name: "測試甲", Last4: "0011", Number: "TP01000000000011", Serial: "0000000000000011"},
	{Kind: pki.Citizen, Name: "測試乙", Last4: "0022", Number: "TP01000000000022", Serial: "0000000000000022", P256: true},
	{Kind: pki.Citizen, Name: "測試丙", Last4: "0030", Number: "TP01000000000030", Serial: "0000000000000030"},
	{Kind: pki.Citizen, Name: "測試丁", Last4: "0041", Number: "TP01000000000041", Serial: "0000000000000041", P256: true},
	{Kind: pki.Citizen, Name: "測試戊", Last4: "0054", Number: "TP01000000000054", Serial: "0000000000000054"},
	{Kind: pki.Citizen, Name: "測試己", Last4: "0066", Number: "TP01000000000066", Serial: "0000000000000066", P256: true},
	{Kind: pki.Citizen, Name: "測試庚", Last4: "0076", Number: "TP01000000000076", Serial: "0000000000000076"},
	{Kind: pki.Citizen, Name: "測試辛", Last4: "0088", Number: "TP01000000000088", Serial: "0000000000000088", P256: true},
	{Kind: pki.Citizen, Name: "測試壬", Last4: "0096", Number: "TP01000000000096", Serial: "0000000000000096"},
	{Kind: pki.Citizen, Name: "測試癸", Last4: "0106", Number: "TP01000000000106", Serial: "0000000000000106", P256: true},
	{Kind: pki.Company, Name: "測試營造有限公司", UBN: "90010009", Number: "MO01000090010009"},
	{Kind: pki.Company, Name: "範例室內裝修有限公司", UBN: "90010079", Number: "MO01000090010079", P256: true},
	{Kind: pki.Organisation, Name: "測試建築師公會", Organisation: "1", Number: "XC01000000000001"},
	{Kind: pki.Government, Name: "測試市政府", Organisation: "2", Number: "GC01000000000002", P256: true},
	{Kind: pki.Citizen, Name: "測試甲", Last4: "0011", Number: "TP02000000000011", Serial: "0000000000000011", Wrong: "expired"},
	{Kind: pki.Citizen, Name: "測試甲", Last4: "0011", Number: "TP03000000000011", Serial: "0000000000000011", Wrong: "revoked"},
	{Kind: pki.Citizen, Name: "測試甲", Last4: "0011", Number: "TP04000000000011", Serial: "0000000000000011", Wrong: "not-yet", P256: true},
}

// PIN opens every card.
const PIN = "246810"

func (h Holder) subject() pkix.Name {
	n := pkix.Name{Country: []string{"TW"}, SerialNumber: h.Serial}
	if h.Kind == pki.Citizen {
		n.CommonName = h.Name
	} else {
		n.Organization = []string{h.Name}
	}
	return n
}

// attributes are what the real authorities write into subjectDirectoryAttributes.
func (h Holder) attributes() ([]byte, error) {
	class := map[pki.Kind]asn1.ObjectIdentifier{pki.Citizen: pki.NaturalPerson, pki.Company: pki.CompanyClass, pki.Government: pki.Agency}[h.Kind]
	var out []directoryAttribute
	add := func(id asn1.ObjectIdentifier, v any) { out = append(out, directoryAttribute{id, []any{v}}) }
	if class != nil {
		add(pki.SubjectClassOID, class)
	}
	if h.Last4 != "" {
		add(pki.Last4OID, h.Last4)
	}
	if h.UBN != "" {
		add(pki.CardRankOID, "primary")
		add(pki.UBNOID, h.UBN)
	}
	if h.Organisation != "" {
		add(pki.OrganisationOID, asn1.ObjectIdentifier{2, 999, 886, 2, int(h.Organisation[0] - '0')})
	}
	return asn1.Marshal(out)
}
