package card

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/crypto/ocsp"

	"cloudbm/pki"
)

// CA is a root with the authorities of the four kinds below it, in one hand.
type CA struct {
	Base string // address at which its lists and answers are: http://127.0.0.1:61161

	root  authority
	below map[pki.Kind]authority

	mu      sync.Mutex
	revoked map[string]time.Time // by serial number in hex
	number  int64                // of the last list
	silent  bool                 // it answers nobody
}

type authority struct {
	name string // in the addresses of its lists
	cert *x509.Certificate
	key  crypto.Signer
}

// names of the authorities, as the real ones are called, with the mark of a test.
var names = map[pki.Kind]struct{ org, unit, file string }{
	pki.Citizen:      {"行政院", "內政部憑證管理中心-" + pki.TestMark, "moica"},
	pki.Company:      {"行政院", "工商憑證管理中心-" + pki.TestMark, "moeaca"},
	pki.Organisation: {"行政院", "組織及團體憑證管理中心-" + pki.TestMark, "xca"},
	pki.Government:   {"行政院", "政府憑證管理中心-" + pki.TestMark, "gca"},
}

// NewCA makes the authorities, or finds those that dir holds from an earlier time. The keys are those of tests and lie
// there as they are.
func NewCA(dir, base string, now time.Time) (*CA, error) {
	ca := &CA{Base: base, below: map[pki.Kind]authority{}, revoked: map[string]time.Time{}}
	var err error
	root := pkix.Name{Country: []string{"TW"}, Organization: []string{"Government Root Certification Authority " + pki.TestMark}}
	if ca.root, err = authorityIn(dir, "grca", root, nil, now); err != nil {
		return nil, fmt.Errorf("card: authorities: %w", err)
	}
	for _, k := range []pki.Kind{pki.Citizen, pki.Company, pki.Organisation, pki.Government} {
		n := names[k]
		name := pkix.Name{Country: []string{"TW"}, Organization: []string{n.org}, OrganizationalUnit: []string{n.unit}}
		if ca.below[k], err = authorityIn(dir, n.file, name, &ca.root, now); err != nil {
			return nil, fmt.Errorf("card: authorities: %w", err)
		}
	}
	return ca, nil
}

// authorityIn reads an authority from dir, or makes it there.
func authorityIn(dir, name string, subject pkix.Name, by *authority, now time.Time) (a authority, err error) {
	a.name = name
	path := filepath.Join(dir, name+".pem")
	if b, err := os.ReadFile(path); err == nil {
		return a, a.read(b)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return a, err
	}
	a.key = key
	t := &x509.Certificate{
		SerialNumber: serial(), Subject: subject, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(20, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature,
		PolicyIdentifiers: []asn1.ObjectIdentifier{pki.TestPolicy}, Policies: policies(),
	}
	parent, signer := t, a.key
	if by != nil {
		parent, signer = by.cert, by.key
	}
	if a.cert, err = issue(t, parent, key.Public(), signer); err != nil {
		return a, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return a, err
	}
	out := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return a, err
	}
	return a, os.WriteFile(path, out, 0o600)
}

func (a *authority) read(b []byte) error {
	cert, rest := pem.Decode(b)
	key, _ := pem.Decode(rest)
	if cert == nil || key == nil {
		return errors.New(a.name + ": not a certificate with its key")
	}
	var err error
	if a.cert, err = x509.ParseCertificate(cert.Bytes); err != nil {
		return err
	}
	private, err := x509.ParsePKCS8PrivateKey(key.Bytes)
	if err != nil {
		return err
	}
	a.key = private.(crypto.Signer)
	return nil
}

func policies() []x509.OID {
	var parts []uint64
	for _, n := range pki.TestPolicy {
		parts = append(parts, uint64(n))
	}
	id, err := x509.OIDFromInts(parts)
	if err != nil {
		panic(err)
	}
	return []x509.OID{id}
}

func serial() *big.Int {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		panic(err)
	}
	return n.Add(n, big.NewInt(1))
}

func issue(t, parent *x509.Certificate, public crypto.PublicKey, by crypto.Signer) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, t, parent, public, by)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// Anchors are the authorities, in PEM, for CLOUDBM_CARD_ANCHORS.
func (ca *CA) Anchors() []byte {
	var out []byte
	for _, a := range ca.all() {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})...)
	}
	return out
}

func (ca *CA) all() []authority {
	out := []authority{ca.root}
	for _, k := range []pki.Kind{pki.Citizen, pki.Company, pki.Organisation, pki.Government} {
		out = append(out, ca.below[k])
	}
	return out
}

// Chain are the certificates above one of that kind, as cards bring them along.
func (ca *CA) Chain(k pki.Kind) []*x509.Certificate { return []*x509.Certificate{ca.below[k].cert} }

type directoryAttribute struct {
	Type   asn1.ObjectIdentifier
	Values []any `asn1:"set"`
}

// Issue issues a certificate to the holder over the public key. change, if not nil, may spoil it for a test.
func (ca *CA) Issue(h Holder, public crypto.PublicKey, from, until time.Time, change func(*x509.Certificate)) (*x509.Certificate, error) {
	by := ca.below[h.Kind]
	t := &x509.Certificate{
		SerialNumber: serial(), Subject: h.subject(), NotBefore: from, NotAfter: until, KeyUsage: x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true, PolicyIdentifiers: []asn1.ObjectIdentifier{pki.TestPolicy}, Policies: policies(),
		OCSPServer: []string{ca.Base + "/ocsp"}, CRLDistributionPoints: []string{ca.Base + "/ca/" + by.name + ".crl"},
	}
	attributes, err := h.attributes()
	if err != nil {
		return nil, err
	}
	t.ExtraExtensions = []pkix.Extension{{Id: pki.SubjectAttributes, Value: attributes}}
	if change != nil {
		change(t)
	}
	return issue(t, by.cert, public, by.key)
}

// Revoke revokes a certificate from that time on.
func (ca *CA) Revoke(x *x509.Certificate, at time.Time) {
	ca.mu.Lock()
	defer ca.mu.Unlock()
	ca.revoked[x.SerialNumber.Text(16)] = at
}

func (ca *CA) silence(off bool) {
	ca.mu.Lock()
	defer ca.mu.Unlock()
	ca.silent = off
}

func (ca *CA) isSilent() bool {
	ca.mu.Lock()
	defer ca.mu.Unlock()
	return ca.silent
}

// list is the revocation list of the authority with that name, in DER.
func (ca *CA) list(name string, now time.Time) ([]byte, error) {
	i := slices.IndexFunc(ca.all(), func(a authority) bool { return a.name == name })
	if i < 0 {
		return nil, errors.New("card: no authority " + name)
	}
	a := ca.all()[i]
	ca.mu.Lock()
	defer ca.mu.Unlock()
	ca.number++
	t := &x509.RevocationList{Number: big.NewInt(now.Unix()*1000 + ca.number), ThisUpdate: now, NextUpdate: now.Add(24 * time.Hour)}
	for s, at := range ca.revoked {
		n, _ := new(big.Int).SetString(s, 16)
		t.RevokedCertificateEntries = append(t.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: n, RevocationTime: at})
	}
	return x509.CreateRevocationList(rand.Reader, t, a.cert, a.key)
}

// Answer answers a question about a certificate by OCSP, as of that time.
func (ca *CA) Answer(question []byte, now time.Time) ([]byte, error) {
	q, err := ocsp.ParseRequest(question)
	if err != nil {
		return nil, err
	}
	for _, a := range ca.all() {
		if !asks(q, a.cert) {
			continue
		}
		t := ocsp.Response{Status: ocsp.Good, SerialNumber: q.SerialNumber, ThisUpdate: now, NextUpdate: now.Add(time.Hour), IssuerHash: crypto.SHA1}
		ca.mu.Lock()
		if at, ok := ca.revoked[q.SerialNumber.Text(16)]; ok {
			t.Status, t.RevokedAt, t.RevocationReason = ocsp.Revoked, at, ocsp.KeyCompromise
		}
		ca.mu.Unlock()
		return ocsp.CreateResponse(a.cert, a.cert, t, a.key)
	}
	return ocsp.UnauthorizedErrorResponse, nil
}

// asks reports whether the question is about a certificate of x's.
func asks(q *ocsp.Request, x *x509.Certificate) bool {
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(x.RawSubjectPublicKeyInfo, &info); err != nil || !q.HashAlgorithm.Available() {
		return false
	}
	h := q.HashAlgorithm.New()
	h.Write(info.Key.RightAlign())
	return string(h.Sum(nil)) == string(q.IssuerKeyHash)
}
