// Package padestest makes signed PDFs for tests: honest ones, and those with which somebody wants to pass something off
// as signed. It knows nothing of how they are judged.
package padestest

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/digitorus/pkcs7"

	"cloudbm/pki"
	"cloudbm/sim/card"
)

// At is when everything here is signed.
var At = time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC)

// Signer is a person with a card, and the authorities that issued it.
type Signer struct {
	CA   *card.CA
	x509 *x509.Certificate
	key  crypto.Signer
}

// NewSigner is 測試甲 with a new card.
func NewSigner(t testing.TB) *Signer {
	t.Helper()
	ca, err := card.NewCA(t.TempDir(), "http://127.0.0.1:0", At.AddDate(-1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	x, err := ca.Issue(card.Holder{Kind: pki.Citizen, Name: "測試甲", Last4: "6789"}, key.Public(), At.AddDate(0, -1, 0), At.AddDate(4, 0, 0), nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Signer{ca, x, key}
}

// cms is a detached signature over content.
func (s *Signer) cms(content []byte, more ...card.Attribute) []byte {
	set, err := card.Set(append(card.Attributes(content, "", "", At), more...))
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(set)
	signed, err := s.key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		panic(err)
	}
	der, err := card.CMS(nil, append([]*x509.Certificate{s.x509}, s.CA.Chain(pki.Citizen)...), card.Signer{Certificate: s.x509, Set: set, Signature: signed})
	if err != nil {
		panic(err)
	}
	return der
}

// weak is a signature by SHA-1.
func (s *Signer) weak(content []byte) []byte {
	d, err := pkcs7.NewSignedData(content)
	if err != nil {
		panic(err)
	}
	d.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA1)
	if err := d.AddSigner(s.x509, s.key, pkcs7.SignerInfoConfig{}); err != nil {
		panic(err)
	}
	d.Detach()
	der, err := d.Finish()
	if err != nil {
		panic(err)
	}
	return der
}

// named is the signed attribute that names a certificate (RFC 5035), by SHA-256.
func named(x *x509.Certificate) card.Attribute {
	type one struct{ Hash []byte }
	sum := sha256.Sum256(x.Raw)
	return card.Attribute{Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}, Value: struct{ Certs []one }{[]one{{sum[:]}}}}
}

// paper is a PDF that remembers its objects, so that it can be updated.
type paper struct {
	b       []byte
	objects map[int]string
	at      map[int]int
	last    int // where the newest table is
	streams bool
	root    int
}

const (
	catalog, pages, page1, content1, page2, content2, form, field, info = 1, 2, 3, 4, 5, 6, 7, 8, 9
)

func stream(dict, body string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(body), body)
}

// newPaper has two pages with a line each, and a form with one field.
func newPaper(streams bool, change func(map[int]string)) *paper {
	p := &paper{b: []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), objects: map[int]string{}, at: map[int]int{}, streams: streams, root: catalog}
	first := map[int]string{
		catalog:  "<</Type/Catalog/Pages 2 0 R/AcroForm 7 0 R>>",
		pages:    "<</Type/Pages/Count 2/Kids[3 0 R 5 0 R]/MediaBox[0 0 595 842]>>",
		page1:    "<</Type/Page/Parent 2 0 R/Resources<<>>/Contents 4 0 R/Annots[8 0 R]>>",
		content1: stream("", "1 w 50 50 m 500 700 l S"),
		page2:    "<</Type/Page/Parent 2 0 R/Resources<<>>/Contents[6 0 R 90 0 R]/Rotate 0>>",
		content2: stream("", "1 w 50 700 m 500 50 l S"),
		form:     "<</Fields[8 0 R]>>",
		field:    "<</Type/Annot/Subtype/Widget/FT/Tx/T(floor area)/Rect[50 750 150 770]/P 3 0 R/F 4>>",
		info:     "<</Title(A1-01)>>",
	}
	if change != nil {
		change(first)
	}
	p.update(first, "")
	return p
}

func (p *paper) clone() *paper {
	q := *p
	q.b, q.objects, q.at = bytes.Clone(p.b), maps.Clone(p.objects), maps.Clone(p.at)
	return &q
}

func (p *paper) next() int { return slices.Max(slices.Collect(maps.Keys(p.objects))) + 1 }

// body writes objects at the end, as an update begins.
func (p *paper) body(changed map[int]string) map[int]int {
	at := map[int]int{}
	for _, n := range slices.Sorted(maps.Keys(changed)) {
		if changed[n] == "" { // freed
			at[n] = 0
			continue
		}
		at[n] = len(p.b)
		p.b = fmt.Appendf(p.b, "%d 0 obj\n%s\nendobj\n", n, changed[n])
	}
	maps.Copy(p.objects, changed)
	maps.Copy(p.at, at)
	return at
}

// update writes an update with its table; more goes into the trailer.
func (p *paper) update(changed map[int]string, more string) {
	p.table(p.body(changed), more)
}

func (p *paper) table(at map[int]int, more string) {
	prev := ""
	if p.last > 0 {
		prev = fmt.Sprintf("/Prev %d", p.last)
	}
	numbers := slices.Sorted(maps.Keys(at))
	if p.streams {
		n := p.next()
		p.objects[n] = "references"
		start := len(p.b)
		var rows []byte
		var index []string
		for _, k := range append(numbers, n) {
			off, kind := at[k], byte(1)
			if k == n {
				off = start
			} else if off == 0 {
				kind = 0
			}
			index = append(index, fmt.Sprintf("%d 1", k))
			rows = append(rows, kind, byte(off>>24), byte(off>>16), byte(off>>8), byte(off), 0)
		}
		p.b = fmt.Appendf(p.b, "%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", n,
			stream(fmt.Sprintf("/Type/XRef/Size %d/W[1 4 1]/Index[%s]/Root %d 0 R/Info 9 0 R%s%s", p.next(), strings.Join(index, " "), p.root, prev, more), string(rows)), start)
		p.last = start
		return
	}
	start := len(p.b)
	p.b = append(p.b, "xref\n"...)
	if p.last == 0 {
		p.b = append(p.b, "0 1\n0000000000 65535 f \n"...)
	}
	for _, n := range numbers {
		if at[n] == 0 {
			p.b = fmt.Appendf(p.b, "%d 1\n0000000000 00001 f \n", n)
			continue
		}
		p.b = fmt.Appendf(p.b, "%d 1\n%010d 00000 n \n", n, at[n])
	}
	p.b = fmt.Appendf(p.b, "trailer\n<</Size %d/Root %d 0 R/Info 9 0 R%s%s>>\nstartxref\n%d\n%%%%EOF\n", p.next(), p.root, prev, more, start)
	p.last = start
}

// how a signature is made; the zero value is an honest one.
type how struct {
	name    string
	filter  string
	rect    string // on page 1; empty: not to be seen
	more    string // into the signature: /Reference …
	change  func(map[int]string)
	ranges  func(from, to, end int) []int // what is signed, if not all around Contents
	cms     func(s *Signer, content []byte) []byte
	after   bool // ByteRange stands after Contents
	between string
}

// room is how many bytes a signature may have.
const room = 4096

// sign signs the paper in one more update.
func (s *Signer) sign(p *paper, h how) *paper {
	q := p.clone()
	if h.name == "" {
		h.name = fmt.Sprintf("Signature%d", len(q.b))
	}
	if h.filter == "" {
		h.filter = "adbe.pkcs7.detached"
	}
	if h.rect == "" {
		h.rect = "[0 0 0 0]"
	}
	value := q.next()
	widget := value + 1
	mark := strings.Repeat("0", 2*room)
	blank := "/ByteRange[" + strings.Repeat(" ", 60) + "]"
	contents := "/Contents<" + mark + ">" + h.between
	both := blank + contents
	if h.after {
		both = contents + blank
	}
	ref := fmt.Sprintf(" %d 0 R]", widget)
	changed := map[int]string{
		value:  "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/" + h.filter + both + h.more + "/M(D:20260302013000Z)>>",
		widget: fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Sig/T(%s)/Rect%s/P 3 0 R/F 132/V %d 0 R>>", h.name, h.rect, value),
		form:   strings.Replace(q.objects[form], "]", ref, 1),
		page1:  strings.Replace(q.objects[page1], "/Annots["+between(q.objects[page1], "/Annots[", "]")+"]", "/Annots["+between(q.objects[page1], "/Annots[", "]")+ref, 1),
	}
	if !strings.Contains(changed[form], "SigFlags") {
		changed[form] = strings.Replace(changed[form], "<<", "<</SigFlags 3", 1)
	}
	if h.change != nil {
		h.change(changed)
	}
	q.update(changed, "")
	from := bytes.LastIndex(q.b, []byte(contents)) + len("/Contents")
	to := from + len(mark) + 2
	numbers := []int{0, from, to, len(q.b) - to}
	if h.ranges != nil {
		numbers = h.ranges(from, to, len(q.b))
	}
	at := bytes.LastIndex(q.b, []byte(blank))
	text := strings.Trim(fmt.Sprint(numbers), "[]")
	copy(q.b[at+len("/ByteRange["):], text)
	var content []byte
	for i := 0; i+1 < len(numbers); i += 2 {
		if a, n := numbers[i], numbers[i+1]; a >= 0 && n > 0 && a+n <= len(q.b) {
			content = append(content, q.b[a:a+n]...)
		}
	}
	make := h.cms
	if make == nil {
		make = func(s *Signer, content []byte) []byte { return s.cms(content) }
	}
	copy(q.b[from+1:], hex.EncodeToString(make(s, content)))
	return q
}

func between(s, a, b string) string {
	_, s, _ = strings.Cut(s, a)
	s, _, _ = strings.Cut(s, b)
	return s
}
