package pades

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"cloudbm/cms"
	"cloudbm/say"
)

// signed is a field of the document with a signature in it.
type signed struct {
	name  string
	value pdfDict // the signature
	from  int64   // where its Contents begin; negative if it has none that stands in the file
	twice bool    // another field has the same
}

const maxFields = 20000

// eachField goes over the fields of the form and below them; kind is the type it has or inherits.
func (v view) eachField(do func(r any, d pdfDict, kind any, name string) error) error {
	root, err := v.root()
	if err != nil {
		return err
	}
	form, err := v.dict(root["AcroForm"])
	if err != nil || form == nil {
		return err
	}
	seen := map[pdfRef]bool{}
	count := 0
	var walk func(list any, kind any, name string, depth int) error
	walk = func(list any, kind any, name string, depth int) error {
		kids, err := v.array(list)
		if err != nil {
			return err
		}
		for _, k := range kids {
			if r, ok := k.(pdfRef); ok {
				if seen[r] {
					return &malformed{0, "a field that stands twice"}
				}
				seen[r] = true
			}
			if count++; count > maxFields || depth > maxDepth {
				return errTooMuch
			}
			d, err := v.dict(k)
			if err != nil {
				return err
			}
			if d == nil {
				continue
			}
			kind, name := kind, name
			if t, err := v.get(d["FT"]); err != nil {
				return err
			} else if t != nil {
				kind = t
			}
			if t, err := v.get(d["T"]); err != nil {
				return err
			} else if t, ok := t.(pdfText); ok {
				name = strings.TrimPrefix(name+"."+t.text(), ".")
			}
			if err := do(k, d, kind, name); err != nil {
				return err
			}
			if d["Kids"] != nil {
				if err := walk(d["Kids"], kind, name, depth+1); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return walk(form["Fields"], nil, "", 0)
}

// signed finds the fields with a signature.
func (v view) signed() (out []*signed, err error) {
	held := 0
	err = v.eachField(func(_ any, d pdfDict, kind any, name string) error {
		if kind != pdfName("Sig") || d["V"] == nil {
			return nil
		}
		value, err := v.get(d["V"])
		if err != nil {
			return err
		}
		if value == nil {
			return nil
		}
		s := &signed{name: name, from: -1 - int64(len(out))}
		if s.value, _ = value.(pdfDict); s.value == nil {
			s.value = pdfDict{}
		}
		if t, ok := s.value["Contents"].(pdfText); ok && t.from >= 0 {
			s.from = t.from
		}
		held += weigh(value)
		if out = append(out, s); len(out) > maxSignatures+1 || held > maxValues {
			return errTooMuch
		}
		return nil
	})
	return out, err
}

// covered is the end of what a signature signs, or why its ranges are not as they must be: from the first byte to the
// Contents and from there to the end of a revision.
func (s *signed) covered(f *file) (gap [2]int64, end int64, why say.Text, err error) {
	contents, ok := s.value["Contents"].(pdfText)
	if !ok || len(contents.bytes) == 0 {
		return gap, 0, whyNoContents, nil
	}
	a, ok := s.value["ByteRange"].(pdfArray)
	if !ok || len(a) != 4 {
		return gap, 0, whyNoRange, nil
	}
	var n [4]int64
	for i := range n {
		if n[i], ok = a[i].(int64); !ok || n[i] < 0 || n[i] > f.size {
			return gap, 0, whyNoRange, nil
		}
	}
	gap, end = [2]int64{n[1], n[2]}, n[2]+n[3]
	switch {
	case s.twice:
		return gap, 0, whyTwice, nil
	case n[0] != 0 || n[1] >= n[2] || n[3] == 0 || end > f.size:
		return gap, 0, whyNoRange, nil
	case !contents.hex || contents.from != gap[0] || contents.to != gap[1]:
		return gap, 0, whyGap, nil
	}
	if even, err := f.digits(gap[0]+1, gap[1]-1); err != nil || !even {
		return gap, 0, whyGap, err
	}
	if _, err := f.startOf(end); err != nil {
		var m *malformed
		if !errors.As(err, &m) {
			return gap, 0, say.Text{}, err
		}
		return gap, 0, whyNoEnd, nil
	}
	return gap, end, say.Text{}, nil
}

// digits reports whether a part of the file is nothing but pairs of hexadecimal digits, written in one way.
func (f *file) digits(from, to int64) (bool, error) {
	b := make([]byte, to-from)
	if _, err := f.r.ReadAt(b, from); err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("pades: reading: %w", err)
	}
	large, small := 0, 0
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9':
		case c >= 'a' && c <= 'f':
			small++
		case c >= 'A' && c <= 'F':
			large++
		default:
			return false, nil
		}
	}
	return len(b)%2 == 0 && (large == 0 || small == 0), nil
}

// judge is what became of one signature. An error is a malformed document, or about reading it.
func (s *signed) judge(now view, last int64, clean bool, anchors Chain) (out Signature, err error) {
	f := now.f
	if s.value["Type"] == pdfName("DocTimeStamp") {
		out.Stamp = true
	}
	gap, end, why, err := s.covered(f)
	if err != nil {
		return out, err
	}
	if !why.Empty() {
		return broken(out, why), nil
	}
	out.Covers = end
	then := now
	if end != last {
		if then, err = f.upTo(end); err != nil {
			var m *malformed
			if errors.As(err, &m) {
				return broken(out, whyNoEnd), nil
			}
			return out, err
		}
	}
	if there, err := then.signed(); err != nil {
		var m *malformed
		if errors.As(err, &m) {
			return broken(out, whyNoEnd), nil
		}
		return out, err
	} else if !slices.ContainsFunc(there, func(t *signed) bool { return t.from == s.from }) {
		return broken(out, whyNotThere), nil
	}
	if out, err = s.fits(f, out, gap, end, anchors); err != nil || out.Kind == Broken {
		return out, err
	}
	later := end != f.size
	if later {
		out.changes, err = s.later(then, now, end, last, clean)
		if err != nil {
			return out, err
		}
		out.Altered = slices.ContainsFunc(out.changes, func(c Change) bool { return !c.Allowed })
	}
	switch {
	case out.Altered:
		out.Kind, out.Said = LaterChanges, saidAltered
	case out.Kind == Unsupported:
	default:
		why, err := then.shows()
		var m *malformed
		switch {
		case errors.As(err, &m):
			return unsure(out, whyTorn), nil
		case err != nil:
			return out, err
		case !why.Empty():
			return unsure(out, why), nil
		case later:
			out.Kind, out.Said = LaterChanges, saidLater
		default:
			out.Kind, out.Said = ValidUnchanged, saidUnchanged
		}
	}
	return out, nil
}

// upTo is the file as it was when it ended there.
func (f *file) upTo(end int64) (view, error) {
	old := &file{ctx: f.ctx, r: f.r, size: end}
	at, err := old.startOf(end)
	if err != nil {
		return view{}, err
	}
	return old.chain(at)
}

// oidCertificate names the signed attribute with the digest of the signer's certificate (RFC 5035).
const oidCertificate = "1.2.840.113549.1.9.16.2.47"

// fits checks that the signature signs these bytes.
func (s *signed) fits(f *file, out Signature, gap [2]int64, end int64, anchors Chain) (Signature, error) {
	contents := s.value["Contents"].(pdfText).bytes
	cades := false
	switch s.value["SubFilter"] {
	case pdfName("adbe.pkcs7.detached"):
	case pdfName("ETSI.CAdES.detached"):
		cades = true
	case pdfName("ETSI.RFC3161"):
		out.Stamp = true
		return unsure(out, whyStampUnknown), nil
	default:
		return unsure(out, whyFormat), nil
	}
	if strings.HasPrefix(contents, "\x30\x80") {
		return unsure(out, whyFormat), nil
	}
	var outer asn1.RawValue
	rest, err := asn1.Unmarshal([]byte(contents), &outer)
	if err != nil || len(bytes.Trim(rest, "\x00")) > 0 {
		return broken(out, whyGarbage), nil
	}
	var reading error
	got, err := cms.ReadOver(outer.FullBytes, func(h crypto.Hash) ([]byte, error) {
		sum := h.New()
		parts := io.MultiReader(io.NewSectionReader(f.r, 0, gap[0]), io.NewSectionReader(f.r, gap[1], end-gap[1]))
		_, reading = io.CopyBuffer(struct{ io.Writer }{sum}, &patient{f, parts}, make([]byte, 256<<10))
		return sum.Sum(nil), reading
	})
	switch {
	case reading != nil:
		return out, reading
	case errors.Is(err, cms.ErrAltered):
		return broken(out, whyAltered), nil
	case errors.Is(err, cms.ErrUnread):
		return unsure(out, whyAlgorithm), nil
	case err != nil:
		return broken(out, whyGarbage), nil
	}
	out.Who, out.Issuer = nameOf(got.Signer.Subject.CommonName, got.Signer.Subject.String()), nameOf(got.Signer.Issuer.CommonName, got.Signer.Issuer.String())
	if out.When = got.Claimed.UTC(); got.Claimed.IsZero() {
		out.When = s.claimed()
	}
	named, there := got.Attributes[oidCertificate]
	switch {
	case there && !namesCertificate(named.FullBytes, got.Signer):
		return broken(out, whyCertificate), nil
	case !there && cades:
		return unsure(out, whyFormat), nil
	}
	if !issued(got.Signer, got.Bag) {
		return broken(out, whyCertificate), nil
	}
	if anchors != nil && !out.When.IsZero() {
		out.Trusted = Trusted
		if _, err := anchors.Chain(got.Signer, got.Bag, out.When); err != nil {
			out.Trusted = Untrusted
		}
	}
	return out, nil
}

// issued reports whether x is as its issuer signed it, where the issuer is at hand: otherwise a name could be written
// into it by whoever passes the file on.
func issued(x *x509.Certificate, bag []*x509.Certificate) bool {
	met := false
	for _, by := range append([]*x509.Certificate{x}, bag...) {
		if !bytes.Equal(by.RawSubject, x.RawIssuer) {
			continue
		}
		err := by.CheckSignature(x.SignatureAlgorithm, x.RawTBSCertificate, x.Signature)
		var weak x509.InsecureAlgorithmError
		if err == nil || errors.As(err, &weak) || errors.Is(err, x509.ErrUnsupportedAlgorithm) {
			return true
		}
		met = true
	}
	return !met
}

func nameOf(common, all string) string {
	if common != "" {
		return tidy(common)
	}
	return tidy(all)
}

// namesCertificate reports whether signing-certificate-v2 is about x. Its hash is SHA-256 if it names none.
func namesCertificate(der []byte, x *x509.Certificate) bool {
	var v2 struct {
		Certs []asn1.RawValue
		More  asn1.RawValue `asn1:"optional"`
	}
	if cms.Whole(der, &v2) != nil || len(v2.Certs) == 0 {
		return false
	}
	var first, second asn1.RawValue
	rest, err := asn1.Unmarshal(v2.Certs[0].Bytes, &first)
	if err != nil {
		return false
	}
	if first.Tag == asn1.TagOctetString {
		sum := sha256.Sum256(x.Raw)
		return bytes.Equal(first.Bytes, sum[:])
	}
	var id asn1.ObjectIdentifier
	if _, err := asn1.Unmarshal(first.Bytes, &id); err != nil {
		return false
	}
	if _, err := asn1.Unmarshal(rest, &second); err != nil {
		return false
	}
	for name, h := range map[string]crypto.Hash{"2.16.840.1.101.3.4.2.1": crypto.SHA256, "2.16.840.1.101.3.4.2.2": crypto.SHA384, "2.16.840.1.101.3.4.2.3": crypto.SHA512} {
		if id.String() == name {
			sum := h.New()
			sum.Write(x.Raw)
			return second.Tag == asn1.TagOctetString && bytes.Equal(second.Bytes, sum.Sum(nil))
		}
	}
	return false
}

// claimed is the time that stands in the dictionary, D:20261126164615+08'00'; zero if none can be read.
func (s *signed) claimed() time.Time {
	t, _ := s.value["M"].(pdfText)
	text := strings.ReplaceAll(strings.TrimPrefix(t.bytes, "D:"), "'", "")
	for _, layout := range []string{"20060102150405Z0700", "20060102150405-0700", "20060102150405"} {
		if at, err := time.Parse(layout, strings.TrimSuffix(text, "0000")); err == nil {
			return at.UTC()
		}
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}

// later lists what is different since a signature.
func (s *signed) later(then, now view, end, last int64, clean bool) ([]Change, error) {
	c := &comparison{then: then, now: now, equal: map[pair]bool{}}
	if !clean {
		c.altered("tail", 0, say.T("檔案末尾加了不屬於文件的資料", "Data that belong to no document were added at the end of the file"))
	}
	if err := now.updates(end, last); err != nil {
		var m *malformed
		if !errors.As(err, &m) {
			return nil, err
		}
		c.altered("update", 0, say.T("簽章之後加了無法辨認的資料", "Data that cannot be recognised were added after the signature"))
	}
	err := c.run(s)
	var m *malformed
	switch {
	case errors.As(err, &m):
		c.altered("unreadable", 0, say.T("簽章之後的內容讀不懂，無法和簽署時比較", "What came after the signature cannot be read and compared with what was signed"))
	case err != nil:
		return nil, err
	}
	if len(c.found) == 0 { // bytes came, and say nothing
		c.allowed("nothing", 0, say.T("加了一次沒有內容的更新", "An update without content was added"))
	}
	return c.found, nil
}
