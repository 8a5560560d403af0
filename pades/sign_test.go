package pades_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudbm/cms"
	"cloudbm/pades"
	"cloudbm/pdf"
	"cloudbm/pki"
	"cloudbm/sim/card"
	"cloudbm/sim/stamp"
)

var noon = time.Date(2026, 11, 26, 4, 0, 0, 0, time.UTC)

// office is an authority with certificates, and the programs that judge what it signs.
type office struct {
	t   testing.TB
	ca  *card.CA
	dir string
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{t: t, dir: t.TempDir()}
	var err error
	if o.ca, err = card.NewCA(filepath.Join(o.dir, "ca"), "http://127.0.0.1:1", noon); err != nil {
		t.Fatal(err)
	}
	o.write("anchors.pem", o.ca.Anchors())
	return o
}

func (o *office) write(name string, b []byte) string {
	o.t.Helper()
	path := filepath.Join(o.dir, name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		o.t.Fatal(err)
	}
	return path
}

// run runs a program, or skips the test where it is not installed (and nobody said that everything has to be there).
func (o *office) run(name string, args ...string) string {
	o.t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") != "" {
			o.t.Fatal(err)
		}
		o.t.Skip(err)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		o.t.Errorf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

func (o *office) options(name string, p256 bool) pades.Options {
	o.t.Helper()
	var key crypto.Signer
	var err error
	if p256 {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	} else {
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	// pdfsig would ask for answers of the authority, which is not there.
	x, err := o.ca.Issue(card.Holder{Kind: pki.Government, Name: name, Organisation: "2"}, key.Public(), noon.AddDate(-1, 0, 0), noon.AddDate(2, 0, 0), func(x *x509.Certificate) { x.OCSPServer = nil })
	if err != nil {
		o.t.Fatal(err)
	}
	return pades.Options{Key: key, Chain: append([]*x509.Certificate{x}, o.ca.Chain(pki.Government)...), Name: name, Reason: "核發收件證明", Location: "臺北市", At: noon}
}

// judged has pdfsig, openssl and qpdf look at a file with n signatures.
func (o *office) judged(b []byte, n int) {
	o.t.Helper()
	path := o.write("signed.pdf", b)
	nss := filepath.Join(o.dir, "nss")
	if _, err := os.Stat(nss); err != nil {
		if err := os.MkdirAll(nss, 0o700); err != nil {
			o.t.Fatal(err)
		}
		o.run("certutil", "-N", "-d", nss, "--empty-password")
		all, err := cms.Certificates(o.ca.Anchors())
		if err != nil {
			o.t.Fatal(err)
		}
		for i, x := range all {
			o.run("certutil", "-A", "-d", nss, "-n", fmt.Sprint("a", i), "-t", "CT,CT,CT", "-a", "-i", o.write("a.pem", cms.PEM(x)))
		}
	}
	says := o.run("pdfsig", "-nssdir", nss, path)
	for _, want := range []string{"Signature is Valid", "Certificate is Trusted", "Signature Type: ETSI.CAdES.detached"} {
		if strings.Count(says, want) != n {
			o.t.Errorf("pdfsig does not say %q %d times:\n%s", want, n, says)
		}
	}
	var trust pki.Anchors
	if err := trust.Add(o.ca.Anchors()); err != nil {
		o.t.Fatal(err)
	}
	v, err := pades.Look(context.Background(), bytes.NewReader(b), int64(len(b)), &trust)
	if err != nil || len(v.Signatures) != n || v.Signatures[n-1].Kind != pades.ValidUnchanged || n == 1 && v.Kind != pades.ValidUnchanged || v.Kind != pades.ValidUnchanged && v.Kind != pades.LaterChanges {
		o.t.Errorf("we ourselves do not believe it: %v %+v", err, v)
	}
	if strings.Count(says, "Total document signed") != 1 {
		o.t.Errorf("the last signature, and it alone, signs the whole file:\n%s", says)
	}
	o.run("qpdf", "--check", path)
	for i, s := range signatures(o.t, b) {
		content, der := o.write(fmt.Sprint("content", i), s.content), o.write(fmt.Sprint("signature", i), s.der)
		o.run("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", der, "-content", content,
			"-CAfile", filepath.Join(o.dir, "anchors.pem"), "-purpose", "any", "-attime", "1795665600", "-out", "/dev/null")
	}
	if got := len(signatures(o.t, b)); got != n {
		o.t.Errorf("%d signatures, want %d", got, n)
	}
}

type signature struct{ content, der []byte }

// signatures reads them with no more than the ranges they name.
func signatures(t testing.TB, b []byte) (all []signature) {
	t.Helper()
	for _, m := range regexp.MustCompile(`/ByteRange\[0 (\d+) (\d+) (\d+)\]`).FindAllSubmatch(b, -1) {
		var n [3]int
		for i := range n {
			n[i], _ = strconv.Atoi(string(m[i+1]))
		}
		in := b[n[0]:n[1]]
		der, err := hex.DecodeString(string(in[1 : len(in)-1]))
		if err != nil {
			t.Fatal(err)
		}
		var whole asn1.RawValue
		if _, err := asn1.Unmarshal(der, &whole); err != nil {
			t.Fatal(err)
		}
		all = append(all, signature{bytes.Join([][]byte{b[:n[0]], b[n[1] : n[1]+n[2]]}, nil), whole.FullBytes})
	}
	return all
}

var someFonts = sync.OnceValues(func() (*pdf.Fonts, error) { return pdf.NewFonts("") })

func paper(t testing.TB) []byte {
	t.Helper()
	fonts, err := someFonts()
	if err != nil {
		t.Fatal(err)
	}
	f := pdf.NewForm(fonts, pdf.FormMeta{Title: "收件證明", Subject: "111A10134", Author: "臺北市政府", Created: noon})
	f.Heading(1, "收件證明")
	f.Paragraph("案件序號 111A10134")
	b, err := f.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func sign(t testing.TB, base []byte, o pades.Options) []byte {
	t.Helper()
	b, err := pades.Sign(context.Background(), base, o)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(b, base) {
		t.Error("the base is not what it was")
	}
	return b
}

// TestSign: other programs believe what was signed, by either kind of key, over either kind of table, and one after
// another; the file is a sound one of our own too.
func TestSign(t *testing.T) {
	o := newOffice(t)
	plain := paper(t)
	streams := filepath.Join(o.dir, "streams.pdf")
	o.run("qpdf", "--object-streams=generate", o.write("plain.pdf", plain), streams)
	packed, err := os.ReadFile(streams)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(packed, []byte("/XRef")) {
		t.Fatal("no table as a stream")
	}
	for name, base := range map[string][]byte{"table": plain, "stream": packed} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			b := sign(t, base, o.options("測試市政府", false))
			o.judged(b, 1)
			b = sign(t, b, o.options("測試縣政府", true))
			o.judged(b, 2)
			b = sign(t, b, o.options("測試局", false))
			o.judged(b, 3)
			if says := o.run("pdfinfo", o.write("s.pdf", b)); !strings.Contains(says, "收件證明") || !strings.Contains(says, "Tagged:          yes") {
				t.Error(says)
			}
			b[bytes.Index(b, []byte("obj"))+5] ^= 1
			if says := o.run("pdfsig", "-nocert", o.write("spoilt.pdf", b)); strings.Contains(says, "Signature is Valid") {
				t.Errorf("a spoilt file is valid:\n%s", says)
			}
		})
	}
}

// TestAttributes: what is signed, and nothing more; the room that reads signatures understands it.
func TestAttributes(t *testing.T) {
	o := newOffice(t)
	by := o.options("測試市政府", true)
	b := sign(t, paper(t), by)
	if !bytes.Equal(b, sign(t, paper(t), o.sameWith(by, b))) {
		t.Error("the same signature makes another file")
	}
	s := signatures(t, b)[0]
	got, err := cms.Read(s.der, s.content)
	if err != nil {
		t.Fatal(err)
	}
	if !got.Signer.Equal(by.Chain[0]) || len(got.Bag) != 1 || !got.Claimed.IsZero() || len(got.Attributes) != 3 || len(got.Unsigned) != 0 {
		t.Errorf("%+v", got)
	}
	for _, id := range []string{"1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.16.2.47"} {
		if len(got.Attributes[id].FullBytes) == 0 {
			t.Errorf("%s is not signed", id)
		}
	}
	if !bytes.Contains(b, []byte("/M(D:20261126040000Z)")) {
		t.Error("no time in the dictionary")
	}
}

// sameWith is by with a key that answers the signature that stands in b.
func (o *office) sameWith(by pades.Options, b []byte) pades.Options {
	got, err := cms.Read(signatures(o.t, b)[0].der, signatures(o.t, b)[0].content)
	if err != nil {
		o.t.Fatal(err)
	}
	by.Key = answers{by.Key, got.Value}
	return by
}

type answers struct {
	crypto.Signer
	value []byte
}

// TestTimeStamp: the token stands beside the signature, and openssl finds it good for the signature's bytes.
func TestTimeStamp(t *testing.T) {
	o := newOffice(t)
	tsa, err := stamp.New(o.ca, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	by := o.options("測試市政府", false)
	by.TSA = tsa
	b := sign(t, paper(t), by)
	o.judged(b, 1)
	s := signatures(t, b)[0]
	got, err := cms.Read(s.der, s.content)
	if err != nil {
		t.Fatal(err)
	}
	var unsigned struct {
		Type   asn1.ObjectIdentifier
		Values []asn1.RawValue `asn1:"set"`
	}
	var set asn1.RawValue
	if err := cms.Whole(got.Unsigned, &set); err != nil {
		t.Fatal(err)
	}
	if rest, err := asn1.Unmarshal(set.Bytes, &unsigned); err != nil || len(rest) > 0 || unsigned.Type.String() != "1.2.840.113549.1.9.16.2.14" {
		t.Fatal(err, unsigned.Type)
	}
	says := o.run("openssl", "ts", "-verify", "-data", o.write("value", got.Value), "-in", o.write("token", unsigned.Values[0].FullBytes), "-token_in",
		"-CAfile", filepath.Join(o.dir, "anchors.pem"), "-attime", "1795665600")
	if !strings.Contains(says, "Verification: OK") {
		t.Error(says)
	}
	by.TSA = silent{}
	if _, err := pades.Sign(context.Background(), paper(t), by); !errors.Is(err, errSilent) {
		t.Errorf("without its time stamp: %v", err)
	}
}

var errSilent = errors.New("nobody answers")

type silent struct{}

func (silent) Stamp(context.Context, []byte) ([]byte, error) { return nil, errSilent }

// TestNobodySigns: what cannot be signed is refused and not half signed.
func TestNobodySigns(t *testing.T) {
	o := newOffice(t)
	by, other := o.options("甲", true), o.options("乙", true)
	plain := paper(t)
	locked := filepath.Join(o.dir, "locked.pdf")
	o.run("qpdf", "--encrypt", "", "owner", "256", "--", o.write("plain.pdf", plain), locked)
	secret, err := os.ReadFile(locked)
	if err != nil {
		t.Fatal(err)
	}
	wrong := by
	wrong.Key = other.Key
	for name, q := range map[string]struct {
		base []byte
		by   pades.Options
		want string
	}{
		"another key":    {plain, wrong, "not the one of the certificate"},
		"no key":         {plain, pades.Options{Chain: by.Chain}, "without a key"},
		"no certificate": {plain, pades.Options{Key: by.Key}, "without a key"},
		"locked":         {secret, by, ""},
		"no PDF":         {[]byte("a letter"), by, "no PDF"},
		"cut":            {plain[:len(plain)/2], by, "no PDF"},
		"points outside": {[]byte("%PDF-1.7\nstartxref\n99999\n%%EOF\n"), by, "outside"},
	} {
		if b, err := pades.Sign(context.Background(), q.base, q.by); err == nil || b != nil || !strings.Contains(err.Error(), q.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func (a answers) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return a.value, nil }
