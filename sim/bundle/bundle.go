// Package bundle makes bundles of rounds that nobody ever filed, sealed with cards of the simulated authorities: for the
// tests of the verifier and for measuring it.
package bundle

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/crypto/ocsp"

	"cloudbm/cms"
	"cloudbm/proof"
	"cloudbm/sim/card"
)

// Desk seals and signs, with authorities of its own.
type Desk struct {
	CA *card.CA
	At time.Time // what time it is

	Revoke time.Time // the authorities revoke what is sealed with from that time on; zero: they do not
}

// Open makes the authorities in dir, as of that time.
func Open(dir string, at time.Time) (*Desk, error) {
	ca, err := card.NewCA(dir, "http://127.0.0.1:1", at)
	return &Desk{CA: ca, At: at}, err
}

// Plan is what a round is to be.
type Plan struct {
	Sheets int // drawings; the last in ten is an engineer's
	Size   int // bytes of each file
	Round  int // 1 if it is zero
}

// Round is a round that is ready to be written, and may be spoiled before.
type Round struct {
	Manifest proof.Manifest
	Contents proof.Contents
	Bytes    map[string][]byte // files and pictures by digest
}

// Round makes a round with its files, without seals.
func (d *Desk) Round(p Plan) Round {
	form := []byte(`{"applicant":{"id":"A000000000","name":"測試甲"}}`)
	r := Round{Bytes: map[string][]byte{}, Manifest: proof.Manifest{Purpose: proof.Purpose, Authority: "IF0", Case: "case-1", Serial: "115A10001",
		Type: "building@2026-01", Round: max(p.Round, 1), At: d.At.Add(time.Hour).UTC().Format(time.RFC3339Nano), By: "測試甲", Form: digest(form), Seals: []proof.ManifestSeal{}}}
	for i := range p.Sheets {
		number := fmt.Sprintf("A1-%02d", i+1)
		if i%10 == 9 || i == p.Sheets-1 {
			number = fmt.Sprintf("S1-%02d", i+1)
		}
		file := r.file(number, p.Size)
		r.Manifest.Sheets = append(r.Manifest.Sheets, proof.ManifestSheet{Sheet: "s" + strconv.Itoa(i), Version: "v" + strconv.Itoa(i), Number: number,
			Class: number[:2], Title: "平面圖 <" + number + ">", N: 1, Digest: file, Page: 1, FileName: number + ".pdf", Size: int64(p.Size), MIME: "application/pdf", WidthMM: 841, HeightMM: 594})
	}
	r.Manifest.Papers = []proof.ManifestPaper{{Paper: "p0", Code: "05", Digest: r.file("paper", p.Size), FileName: "簽證表.pdf", Size: int64(p.Size), MIME: "application/pdf"}}
	r.Contents.Form = form
	r.Freeze()
	return r
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// file adds a file of so many bytes.
func (r *Round) file(name string, size int) string {
	b := []byte("%PDF-1.7\n% " + name + "\n")
	if n := size - len(b); n > 0 {
		b = append(b, bytes.Repeat([]byte(name+"\n"), n/len(name)+1)[:n]...)
	}
	r.Bytes[digest(b)] = b
	r.Contents.Files = append(r.Contents.Files, r.at(digest(b), "pdf"))
	return digest(b)
}

func (r *Round) at(digest, ext string) proof.File {
	all := r.Bytes
	return proof.File{Digest: digest, Ext: ext, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(all[digest])), nil }}
}

// Freeze writes the manifest as it stands now.
func (r *Round) Freeze() {
	b, err := json.Marshal(r.Manifest)
	if err != nil {
		panic(err) // plain strings and numbers only
	}
	r.Contents.Round = b
}

// Text is the seal of that person over the form and the sheets whose number begins with one of those.
func (r *Round) Text(signer, licence string, at time.Time, begins ...string) proof.Seal {
	m := r.Manifest
	s := proof.Seal{Site: "https://cloudbm.example", Authority: m.Authority, Case: m.Case, Serial: m.Serial, Type: m.Type, Round: m.Round, As: "designer",
		Signer: signer, Licence: licence, Nonce: rand.Text(), At: at.UTC().Truncate(time.Second)}
	if slices.Contains(begins, "A") {
		s.Items = append(s.Items, proof.Item{Kind: proof.Form, ID: m.Case, File: m.Form})
	}
	for _, x := range m.Sheets {
		if !slices.ContainsFunc(begins, func(b string) bool { return strings.HasPrefix(x.Number, b) }) {
			continue
		}
		picture := []byte("\x89PNG\r\n\x1a\n" + x.Number)
		if r.Bytes[digest(picture)] == nil {
			r.Bytes[digest(picture)] = picture
			r.Contents.Renderings = append(r.Contents.Renderings, r.at(digest(picture), "png"))
		}
		s.Items = append(s.Items, proof.Item{Kind: proof.Sheet, ID: x.Version, Number: x.Number, N: x.N, Page: x.Page, File: x.Digest, Rendering: digest(picture), Title: x.Title})
	}
	return s
}

// Seal seals a text with a new certificate of the holder's, which ends at until, and asks the authority about it.
func (d *Desk) Seal(r *Round, s proof.Seal, h card.Holder, until time.Time) error {
	key, x, err := d.card(h, until)
	if err != nil {
		return err
	}
	der, err := d.sign([]byte(s.Text()), key, x, h, s.Nonce, s.At)
	if err != nil {
		return err
	}
	if r.Manifest.Seals != nil {
		r.Manifest.Seals = append(r.Manifest.Seals, proof.ManifestSeal{ID: s.Nonce, Text: digest([]byte(s.Text())), Signature: digest(der)})
		r.Freeze()
	}
	question, err := ocsp.CreateRequest(x, d.CA.Chain(h.Kind)[0], nil)
	if err != nil {
		return err
	}
	if !d.Revoke.IsZero() {
		d.CA.Revoke(x, d.Revoke)
	}
	answer, err := d.CA.Answer(question, s.At.Add(time.Minute))
	r.Contents.Seals = append(r.Contents.Seals, proof.SealFile{Text: s.Text(), CMS: der, OCSP: answer, Known: proof.Known{From: "ocsp", AsOf: s.At.Add(time.Minute), By: x.OCSPServer[0]}})
	return err
}

// Sign signs the manifest as the authority does.
func (d *Desk) Sign(r *Round) error { return d.SignAs(r, Authority) }

// SignAs signs the manifest as somebody else would.
func (d *Desk) SignAs(r *Round, h card.Holder) error {
	key, x, err := d.card(h, d.At.AddDate(1, 0, 0))
	if err == nil {
		r.Contents.Signature, err = d.sign(r.Contents.Round, key, x, h, "", d.At.Add(2*time.Hour))
	}
	return err
}

// Architect, Engineer and Authority are the holders who seal and sign.
var (
	Architect = card.Holders[0]
	Engineer  = card.Holders[1]
	Authority = card.Holders[13]
)

func (d *Desk) card(h card.Holder, until time.Time) (crypto.Signer, *x509.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	x, err := d.CA.Issue(h, key.Public(), d.At.AddDate(0, -6, 0), until, nil)
	return key, x, err
}

func (d *Desk) sign(content []byte, key crypto.Signer, x *x509.Certificate, h card.Holder, nonce string, at time.Time) ([]byte, error) {
	set, err := card.Set(card.Attributes(content, nonce, h.Number, at))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(set)
	signed, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	return card.CMS(nil, append([]*x509.Certificate{x}, d.CA.Chain(h.Kind)...), card.Signer{Certificate: x, Set: set, Signature: signed})
}

// Sealed is a round with everything: an architect's seal over the form and his sheets, an engineer's over his, and the
// authority's signature.
func (d *Desk) Sealed(p Plan) (Round, error) {
	r := d.Round(p)
	for _, by := range []struct {
		h      card.Holder
		number string
		begins string
	}{{Architect, "南市建開證字第T000101號", "A"}, {Engineer, "技執字第T000102號", "S"}} {
		if err := d.Seal(&r, r.Text(by.h.Name, by.number, d.At, by.begins), by.h, d.At.AddDate(1, 0, 0)); err != nil {
			return r, err
		}
	}
	chain := append([]*x509.Certificate{}, d.CA.Chain(Architect.Kind)...)
	r.Contents.Certificates = []proof.NamedPEM{{Name: "cards", PEM: cms.PEM(chain...)}}
	return r, d.Sign(&r)
}

// Bundle is the round as it is written.
func (r Round) Bundle() ([]byte, error) {
	var b bytes.Buffer
	err := proof.Write(&b, r.Contents)
	return b.Bytes(), err
}

// Trust believes the authorities of these desks.
func Trust(desks ...*Desk) (t cms.Trust, err error) {
	for _, d := range desks {
		if err := t.Add(d.CA.Anchors()); err != nil {
			return t, err
		}
	}
	return t, nil
}
