package pki

import (
	"crypto/x509"

	"cloudbm/cms"
)

// Certificate is what a card says of its holder.
type Certificate = cms.Certificate

// Kind is whose certificate a card carries.
type Kind = cms.Kind

// The kinds of the government's certification authorities.
const (
	Citizen      = cms.Citizen
	Company      = cms.Company
	Organisation = cms.Organisation
	Government   = cms.Government
)

// What a card's certificate and signature carry beside the standard (domain §5.2).
var (
	SubjectAttributes = cms.SubjectAttributes
	SubjectClassOID   = cms.SubjectClassOID
	CardRankOID       = cms.CardRankOID
	Last4OID          = cms.Last4OID
	UBNOID            = cms.UBNOID
	OrganisationOID   = cms.OrganisationOID
	CardNumberOID     = cms.CardNumberOID

	NaturalPerson = cms.NaturalPerson
	Agency        = cms.Agency
	AgencyUnit    = cms.AgencyUnit
	CompanyClass  = cms.CompanyClass
	BranchClass   = cms.BranchClass
	FirmClass     = cms.FirmClass

	TestPolicy = cms.TestPolicy
)

// TestMark stands in the names of test authorities.
const TestMark = cms.TestMark

// Parse reads a certificate in DER.
func Parse(der []byte) (Certificate, error) { return cms.Parse(der) }

// IsTest reports whether x comes from a test authority, or is one.
func IsTest(x *x509.Certificate) bool { return cms.IsTest(x) }

// SerialText is the serial number of a certificate as people compare it.
func SerialText(x *x509.Certificate) string { return cms.SerialText(x) }
