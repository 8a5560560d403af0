package proof

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	_ "embed" // the text of README.txt
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The names in a bundle. Digests are SHA-256 in hex, seals are numbered from 01.
const (
	readmeName     = "README.txt"
	roundName      = "round.json"
	roundSigned    = "round.p7s"
	formName       = "form.json"
	receiptName    = "receipt.pdf"
	filesFolder    = "files/"
	picturesFolder = "renderings/"
	sealsFolder    = "seals/"
	certsFolder    = "certificates/"
)

//go:embed bundle.txt
var readme string

// Contents are what a bundle is made of.
type Contents struct {
	Round        []byte // the very bytes of the manifest
	Form         []byte // whose SHA-256 is form_sha256
	Signature    []byte // the authority's, over Round: detached CMS in DER; nil if there is none
	Receipt      []byte // as PDF; nil if there is none
	Files        []File // each once
	Renderings   []File // what signers were shown
	Seals        []SealFile
	Certificates []NamedPEM
}

// File is a file of a bundle by its SHA-256. Open is called twice.
type File struct {
	Digest string
	Ext    string // pdf; without it the file has no extension
	Open   func() (io.ReadCloser, error)
}

// SealFile is a seal as it was kept.
type SealFile struct {
	Text  string // what the card signed
	CMS   []byte // detached, DER, with the certificates of the chain
	OCSP  []byte // what the authority answered at the time, DER; nil if it was not asked or did not answer
	Known Known
}

// Known is what was known about revocation when a seal was made. It is our word, where OCSP is the authority's.
type Known struct {
	From string    `json:"from"`           // ocsp, crl, not known
	AsOf time.Time `json:"as_of,omitzero"` // of the answer or the list
	By   string    `json:"by,omitempty"`   // who said it: the address of the responder or of the list
	Why  string    `json:"why,omitempty"`  // why it is not known
}

// NamedPEM are certificates under a name of their own, for information.
type NamedPEM struct {
	Name string // letters, digits, dashes
	PEM  []byte
}

// Write writes a bundle: the same contents give the same bytes. Nothing is compressed, and the sizes stand before the
// bytes, so that any tool reads it, one that reads a stream too. A file that is not what its digest says is an error.
func Write(w io.Writer, c Contents) error {
	z := zip.NewWriter(w)
	at := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	if m, err := ReadManifest(c.Round); err == nil {
		at = m.at().UTC()
	}
	b := writer{zip: z, at: at}
	b.bytes(readmeName, []byte(readme))
	b.bytes(roundName, c.Round)
	b.bytes(formName, c.Form)
	b.some(roundSigned, c.Signature)
	b.some(receiptName, c.Receipt)
	for i, s := range c.Seals {
		stem := fmt.Sprintf("%s%02d", sealsFolder, i+1)
		b.bytes(stem+".txt", []byte(s.Text))
		b.bytes(stem+".p7s", s.CMS)
		b.some(stem+".ocsp", s.OCSP)
		known, err := json.MarshalIndent(s.Known, "", "  ")
		b.fails(err)
		b.bytes(stem+".json", append(known, '\n'))
	}
	for _, p := range slices.SortedFunc(slices.Values(c.Certificates), func(a, b NamedPEM) int { return strings.Compare(a.Name, b.Name) }) {
		b.bytes(certsFolder+p.Name+".pem", p.PEM)
	}
	b.files(filesFolder, c.Files)
	b.files(picturesFolder, c.Renderings)
	if b.err != nil {
		return fmt.Errorf("proof: bundle: %w", b.err)
	}
	return z.Close()
}

// Size is how many bytes Write would write of files of these sizes with that many seals, roughly: for a link.
func Size(files []int64, seals int) (n int64) {
	for _, f := range files {
		n += f + 300
	}
	return n + int64(seals)*12<<10 + 64<<10
}

// writer writes entries until one fails.
type writer struct {
	zip *zip.Writer
	at  time.Time
	err error
}

func (b *writer) fails(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *writer) some(name string, content []byte) {
	if len(content) > 0 {
		b.bytes(name, content)
	}
}

func (b *writer) bytes(name string, content []byte) {
	b.put(name, int64(len(content)), crc32.ChecksumIEEE(content), func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	})
}

// files writes each file once, in the order of their digests.
func (b *writer) files(folder string, all []File) {
	all = slices.SortedFunc(slices.Values(all), func(a, b File) int { return strings.Compare(a.Digest, b.Digest) })
	for i, f := range all {
		if b.err != nil || i > 0 && all[i-1].Digest == f.Digest {
			continue
		}
		size, sum, err := f.measure()
		b.fails(err)
		b.put(folder+f.Digest+extension(f.Ext), size, sum, f.Open)
	}
}

// measure reads the file before it is written: its size and its sum stand before it in the archive.
func (f File) measure() (size int64, sum uint32, err error) {
	r, err := f.Open()
	if err != nil {
		return 0, 0, err
	}
	defer r.Close()
	crc, digest := crc32.NewIEEE(), sha256.New()
	if size, err = io.Copy(io.MultiWriter(crc, digest), r); err != nil {
		return 0, 0, err
	}
	if got := hex.EncodeToString(digest.Sum(nil)); got != f.Digest {
		return 0, 0, fmt.Errorf("the file %s has become %s", f.Digest, got)
	}
	return size, crc.Sum32(), nil
}

func (b *writer) put(name string, size int64, sum uint32, open func() (io.ReadCloser, error)) {
	if b.err != nil {
		return
	}
	y, m, d := b.at.Date()
	h := &zip.FileHeader{Name: name, Method: zip.Store, CRC32: sum, CompressedSize64: uint64(size), UncompressedSize64: uint64(size)}
	//lint:ignore SA1019 entries whose sizes stand before them have no other time
	h.ModifiedDate, h.ModifiedTime = uint16((max(y, 1980)-1980)<<9|int(m)<<5|d), uint16(b.at.Hour()<<11|b.at.Minute()<<5|b.at.Second()/2)
	w, err := b.zip.CreateRaw(h)
	if err != nil {
		b.fails(err)
		return
	}
	r, err := open()
	if err != nil {
		b.fails(err)
		return
	}
	defer r.Close()
	n, err := io.Copy(w, r)
	if err == nil && n != size {
		err = fmt.Errorf("%s has become %d bytes long, it was %d", name, n, size)
	}
	b.fails(err)
}

var extensions = regexp.MustCompile(`^[a-z0-9]{1,8}$`)

// extension is how a name ends, if that is one that stands in a bundle.
func extension(ext string) string {
	if ext = strings.ToLower(strings.TrimPrefix(ext, ".")); extensions.MatchString(ext) {
		return "." + ext
	}
	return ""
}
