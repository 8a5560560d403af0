package pki

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/crypto/ocsp"

	"cloudbm/cms"
	"cloudbm/store"
)

// Unreachable is what happens when no authority can say whether a certificate was revoked.
type Unreachable string

// The two policies (docs/operations.md). Refusing is the one for real people: another door is always open to them.
const (
	Refuse        Unreachable = "refuse"
	AcceptAndNote Unreachable = "accept-and-note"
)

// State is what is known about the revocation of a certificate, and whence.
type State struct {
	Known    bool      // an authority has said that it is good; else it was accepted without (AcceptAndNote)
	By       string    // "ocsp" or "crl", with the address; "" if not known
	As       time.Time // the time for which the authority said so
	Evidence []byte    // the responder's answer, to keep beside what was signed; none from a list
	Why      string    // if not known: why not
}

const (
	// fresh is how long an answer or a list is taken from the database although a later one may be there.
	fresh = time.Hour
)

// errNobody is that an authority gave no answer that counts. Errors of ours are not among them: a database that fails
// must not look like an authority that is away.
var errNobody = errors.New("no answer")

// state finds out whether c was revoked: the kept answer of its responder, the responder, the kept list, the list, in
// this order. A certificate that was revoked is a Refusal; one about which nobody knows is one by policy.
func (r *Room) state(ctx context.Context, c Certificate, issuer *x509.Certificate, now time.Time) (State, error) {
	var why []error
	for _, ask := range []func(context.Context, Certificate, *x509.Certificate, time.Time) (State, error){r.byOCSP, r.byList} {
		s, err := ask(ctx, c, issuer, now)
		if !errors.Is(err, errNobody) {
			return s, err
		}
		why = append(why, err)
	}
	err := errors.Join(why...)
	if r.Unreachable != AcceptAndNote {
		return State{}, refuse(trUnknownState, err.Error())
	}
	return State{Why: err.Error()}, nil
}

func (r *Room) byOCSP(ctx context.Context, c Certificate, issuer *x509.Certificate, now time.Time) (State, error) {
	var k kept
	err := r.DB.Read(ctx, func(tx *store.Tx) (err error) {
		k, err = keptOCSP(tx, c.Fingerprint)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return State{}, fmt.Errorf("pki: kept answers: %w", err)
	}
	if err == nil && now.Before(k.next) && now.Before(k.fetched.Add(fresh)) {
		return k.state("ocsp")
	}
	why := fmt.Errorf("%w: ocsp: the certificate names no responder that may be asked", errNobody)
	for _, url := range r.allowed(c.X509.OCSPServer) {
		k, err := r.askResponder(ctx, url, c.X509, issuer, now)
		if err != nil {
			why = fmt.Errorf("%w: ocsp %s: %w", errNobody, url, err)
			continue
		}
		if err := r.DB.Write(ctx, func(tx *store.Tx) error { return keepOCSP(tx, c.Fingerprint, k) }); err != nil {
			return State{}, fmt.Errorf("pki: keep an answer: %w", err)
		}
		return k.state("ocsp " + url)
	}
	return State{}, why
}

func (k kept) state(by string) (State, error) {
	if !k.revoked.IsZero() {
		return State{}, refuse(trRevoked, by+": revoked "+k.revoked.String())
	}
	evidence, err := base64.StdEncoding.DecodeString(k.answer)
	return State{Known: true, By: by, As: k.this, Evidence: evidence}, err
}

// askResponder asks one responder. The identifier in the question is made with SHA-1, as RFC 5019 has it; it tells
// certificates apart and proves nothing.
func (r *Room) askResponder(ctx context.Context, url string, x, issuer *x509.Certificate, now time.Time) (k kept, err error) {
	question, err := ocsp.CreateRequest(x, issuer, nil)
	if err != nil {
		return k, err
	}
	b, err := fetch(ctx, url, question, 64<<10)
	if err != nil {
		return k, err
	}
	a, err := cms.ReadAnswer(b, x, issuer, now)
	if err != nil {
		return k, err
	}
	k.revoked, k.this, k.next, k.fetched, k.answer = a.Revoked, a.This, a.Next, now, base64.StdEncoding.EncodeToString(b)
	return k, nil
}

// list is a revocation list as it is kept.
type list struct {
	url, issuer, number, digest string
	this, next, fetched         time.Time
}

type listing struct {
	serial  string
	revoked time.Time
}

func (r *Room) byList(ctx context.Context, c Certificate, issuer *x509.Certificate, now time.Time) (State, error) {
	why := fmt.Errorf("%w: crl: the certificate names no list that may be fetched", errNobody)
	for _, url := range r.allowed(c.X509.CRLDistributionPoints) {
		l, err := r.list(ctx, url, issuer, now)
		if errors.Is(err, errNobody) {
			why = err
			continue
		}
		if err != nil {
			return State{}, err
		}
		var revoked time.Time
		err = r.DB.Read(ctx, func(tx *store.Tx) (err error) {
			revoked, err = listed(tx, url, c.Serial)
			return err
		})
		switch {
		case errors.Is(err, store.ErrNotFound):
			return State{Known: true, By: "crl " + url, As: l.this}, nil
		case err != nil:
			return State{}, fmt.Errorf("pki: kept lists: %w", err)
		}
		return State{}, refuse(trRevoked, "crl: revoked "+revoked.String())
	}
	return State{}, why
}

// list is the list at url, kept or fetched. One that is kept and still valid serves while its address does not answer.
func (r *Room) list(ctx context.Context, url string, issuer *x509.Certificate, now time.Time) (list, error) {
	var l list
	err := r.DB.Read(ctx, func(tx *store.Tx) (err error) {
		l, err = listAt(tx, url)
		return err
	})
	there := err == nil && l.issuer == cms.Fingerprint(issuer) && now.Before(l.next)
	switch {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return l, fmt.Errorf("pki: kept lists: %w", err)
	case there && now.Before(l.fetched.Add(fresh)):
		return l, nil
	}
	later, entries, err := fetchList(ctx, url, issuer, now)
	switch {
	case err == nil && later.this.Before(l.this) && there:
		return l, nil // somebody turns the list back
	case err != nil && there:
		return l, nil
	case err != nil:
		return l, fmt.Errorf("%w: crl %s: %w", errNobody, url, err)
	}
	if err := r.DB.Write(ctx, func(tx *store.Tx) error { return keep(tx, later, entries) }); err != nil {
		return l, fmt.Errorf("pki: keep a list: %w", err)
	}
	return later, nil
}

// fetchList fetches a list and verifies it.
func fetchList(ctx context.Context, url string, issuer *x509.Certificate, now time.Time) (l list, entries []x509.RevocationListEntry, err error) {
	b, err := fetch(ctx, url, nil, 32<<20)
	if err != nil {
		return l, nil, err
	}
	x, err := x509.ParseRevocationList(b)
	switch {
	case err != nil:
		return l, nil, err
	case !slices.Contains(cms.StrongSignatures, x.SignatureAlgorithm):
		return l, nil, fmt.Errorf("signed by %s", x.SignatureAlgorithm)
	case issuer.KeyUsage&x509.KeyUsageCRLSign == 0:
		return l, nil, errors.New("the authority may not sign lists")
	case x.ThisUpdate.After(now.Add(cms.Skew)), !now.Before(x.NextUpdate):
		return l, nil, fmt.Errorf("a list of %s, until %s", x.ThisUpdate, x.NextUpdate)
	}
	if err := x.CheckSignatureFrom(issuer); err != nil {
		return l, nil, err
	}
	if err := speaksOfAll(x); err != nil {
		return l, nil, err
	}
	sum := sha256.Sum256(b)
	l = list{url: url, issuer: cms.Fingerprint(issuer), digest: hex.EncodeToString(sum[:]), this: x.ThisUpdate, next: x.NextUpdate, fetched: now}
	if x.Number != nil {
		l.number = x.Number.String()
	}
	return l, x.RevokedCertificateEntries, nil
}

// scope is issuingDistributionPoint (RFC 5280 §5.2.5).
type scope struct {
	Point          asn1.RawValue  `asn1:"optional,tag:0"`
	OnlyUsers      bool           `asn1:"optional,tag:1"`
	OnlyAuthority  bool           `asn1:"optional,tag:2"`
	Reasons        asn1.BitString `asn1:"optional,tag:3"`
	Indirect       bool           `asn1:"optional,tag:4"`
	OnlyAttributes bool           `asn1:"optional,tag:5"`
}

// speaksOfAll refuses a list that leaves out some reasons or certificates of holders: it would be taken for a whole one.
func speaksOfAll(x *x509.RevocationList) error {
	for _, e := range x.Extensions {
		var s scope
		switch {
		case !e.Critical:
		case !e.Id.Equal(asn1.ObjectIdentifier{2, 5, 29, 28}):
			return fmt.Errorf("the critical extension %s", e.Id)
		case cms.Whole(e.Value, &s) != nil || s.OnlyAuthority || s.Reasons.BitLength > 0 || s.Indirect || s.OnlyAttributes:
			return errors.New("a list of some certificates or reasons only")
		}
	}
	return nil
}

// keep brings the kept set of a list up to date: a list of a hundred thousand changes by some dozen a day.
func keep(tx *store.Tx, l list, entries []x509.RevocationListEntry) error {
	was, err := listAt(tx, l.url)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if was.this.After(l.this) {
		return nil // another node has fetched a later one meanwhile
	}
	if err := keepList(tx, l); err != nil || was.digest == l.digest {
		return err
	}
	old, err := listedSerials(tx, l.url)
	if err != nil {
		return err
	}
	var add []listing
	for _, e := range entries {
		serial := cms.Serial(e.SerialNumber)
		if there, known := old[serial]; known && there {
			old[serial] = false
		} else if !known {
			add = append(add, listing{serial, e.RevocationTime})
			old[serial] = false
		}
	}
	var gone []string
	for serial, left := range old {
		if left {
			gone = append(gone, serial)
		}
	}
	if err := dropListed(tx, l.url, gone); err != nil {
		return err
	}
	return addListed(tx, l.url, add)
}
