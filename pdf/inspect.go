package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"sync"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"cloudbm/say"
)

// Limits of what Inspect takes on. A set of drawings stays far below all of them.
const (
	MaxPages   = 2000  // pages in one file
	MaxSide    = 14400 // longest side in points (5.08 m), the limit of PDF viewers
	MinSide    = 36    // shortest side in points (12.7 mm)
	maxDecoded = 256 << 20
)

// patience is how long a file may take to be read.
var patience = 20 * time.Second

// Report is what Inspect found.
type Report struct {
	Pages           []Page
	Title           string // as the file states it; may be empty
	Encrypted       bool
	Scripts         bool // JavaScript or an XFA form
	EmbeddedFiles   bool
	ExternalActions bool // starts programs, opens other files, sends or imports data, plays media
	Signed          bool // carries an embedded signature (information only: ours are detached)
	Problems        []Problem
}

// Page is one page as seen, that is after its rotation.
type Page struct {
	WidthMM, HeightMM float64
	Rotation          int    // 0, 90, 180, 270 clockwise, as the file says
	Paper             string // "A0" to "A4" within 3 mm, upright or lying; otherwise empty
}

// Problem is one thing to mend (Serious) or to know.
type Problem struct {
	Code    string
	Serious bool
	Text    say.Text
}

// OK reports whether nothing serious was found.
func (r Report) OK() bool {
	for _, p := range r.Problems {
		if p.Serious {
			return false
		}
	}
	return true
}

// Has reports whether the problem with this code was found.
func (r Report) Has(code string) bool {
	for _, p := range r.Problems {
		if p.Code == code {
			return true
		}
	}
	return false
}

func (r *Report) add(code string, args ...any) {
	if r.Has(code) {
		return
	}
	k := problems[code]
	r.Problems = append(r.Problems, Problem{Code: code, Serious: k.serious, Text: say.F(k.zh, k.en, args...)})
}

func init() { api.DisableConfigDir() } // otherwise pdfcpu writes a configuration into the home directory

// Inspect reads the PDF in r, which is size bytes long, and says what is in it and what is wrong with it. The error
// is only ever about reading r, or the end of ctx; whatever the file does to the parser becomes a problem in the
// report. After Inspect has returned r is not touched again.
func Inspect(ctx context.Context, r io.ReadSeeker, size int64) (Report, error) {
	var rep Report
	if size == 0 {
		rep.add(Empty)
		return rep, nil
	}
	head, tail, err := ends(r, size)
	if err != nil {
		return rep, fmt.Errorf("pdf: read: %w", err)
	}
	if looksOutside(&rep, head, tail, size); !rep.OK() {
		return rep, nil
	}

	c, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	lent := &lentReader{r: r}
	type answer struct {
		rep Report
		err error
	}
	done := make(chan answer, 1)
	go func() {
		var a answer
		a.rep, a.err = looksInside(c, lent, size, rep)
		done <- a
	}()
	select {
	case a := <-done:
		if err := lent.failure(); err != nil {
			return a.rep, fmt.Errorf("pdf: read: %w", err)
		}
		if a.err != nil && c.Err() != nil && ctx.Err() == nil { // our time was up, not the caller's
			a.rep.add(TooHeavy)
			a.err = nil
		}
		return a.rep, a.err
	case <-c.Done():
		lent.takeBack() // the parser may still run for a moment, but it can no longer read
		if err := ctx.Err(); err != nil {
			return rep, err
		}
		rep.add(TooHeavy)
		return rep, nil
	}
}

// ends are the first KiB and the last 66 KiB: where headers and trailers are.
func ends(r io.ReadSeeker, size int64) (head, tail []byte, err error) {
	read := func(from, n int64) ([]byte, error) {
		if _, err := r.Seek(from, io.SeekStart); err != nil {
			return nil, err
		}
		b := make([]byte, n)
		_, err := io.ReadFull(r, b)
		return b, err
	}
	if head, err = read(0, min(size, 1024)); err != nil {
		return nil, nil, err
	}
	n := min(size, 66<<10)
	tail, err = read(size-n, n)
	return head, tail, err
}

// looksOutside judges a file by its first and last bytes.
func looksOutside(rep *Report, head, tail []byte, size int64) {
	at := bytes.Index(head, []byte("%PDF-"))
	if at < 0 {
		rep.add(NotPDF)
		return
	}
	before := bytes.TrimPrefix(head[:at], []byte("\xEF\xBB\xBF"))
	if len(bytes.TrimSpace(before)) > 0 || endsAsZip(tail) {
		rep.add(TwoKinds)
		return
	}
	if !bytes.Contains(tail[max(0, len(tail)-4096):], []byte("%%EOF")) {
		rep.add(Truncated)
	}
}

// endsAsZip reports whether the last bytes are the end record of a ZIP archive that reaches exactly to the end.
func endsAsZip(tail []byte) bool {
	sig := []byte("PK\x05\x06")
	for i := bytes.LastIndex(tail, sig); i >= 0; i = bytes.LastIndex(tail[:i], sig) {
		if i+22 <= len(tail) && i+22+int(tail[i+20])+int(tail[i+21])<<8 == len(tail) {
			return true
		}
	}
	return false
}

// looksInside parses the file and walks its objects.
func looksInside(ctx context.Context, r io.ReadSeeker, size int64, rep Report) (out Report, err error) {
	out = rep
	defer func() {
		if p := recover(); p != nil {
			out.add(Damaged)
			err = nil
		}
	}()
	file, err := parsed(ctx, r, size, &out)
	if err != nil || file == nil {
		return out, err
	}
	out.Title = titleOf(file)
	out.pages(file, false)
	if err := out.active(ctx, file); err != nil {
		return out, err
	}
	if out.OK() {
		if err := api.ValidateContext(file); err != nil {
			out.add(Unusual)
		}
	}
	return out, nil
}

// parsed is the file as pdfcpu reads it; nil with a problem in the report if it cannot be read.
func parsed(ctx context.Context, r io.ReadSeeker, size int64, out *Report) (*model.Context, error) {
	if bomb, err := swells(ctx, r, size); err != nil || bomb {
		if bomb {
			out.add(Bomb)
		}
		return nil, err
	}
	conf := model.NewDefaultConfiguration()
	conf.Cmd = model.VALIDATE
	conf.Offline = true
	conf.Limits.MaxDecodeBytes = maxDecoded
	conf.Limits.MaxObjectCount = 2_000_000
	conf.Limits.MaxXRefEntries = 2_000_000
	file, err := pdfcpu.ReadWithContext(ctx, r, conf)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, pdfcpu.ErrWrongPassword), errors.Is(err, pdfcpu.ErrEncrypted), errors.Is(err, pdfcpu.ErrUnsupportedEncryptionFeature),
		errors.Is(err, pdfcpu.ErrMalformedEncryption), errors.Is(err, pdfcpu.ErrOwnerPasswordRequired), file != nil && file.Encrypt != nil:
		out.Encrypted = true
		out.add(Encrypted)
		return nil, nil
	case err != nil:
		out.add(Damaged)
		return nil, nil
	}
	if file.RootDict == nil {
		if _, err := file.Catalog(); err != nil {
			out.add(Damaged)
			return nil, nil
		}
	}
	return file, nil
}

func titleOf(file *model.Context) string {
	if file.Info == nil {
		return ""
	}
	d, err := file.DereferenceDict(*file.Info)
	if err != nil || d == nil {
		return ""
	}
	o, ok := d.Find("Title")
	if !ok {
		return ""
	}
	s, err := file.DereferenceText(o)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(strings.ToValidUTF8(s, ""))
}

// paper is the name of the ISO size of w × h millimetres, either way up.
func paper(w, h float64) string {
	if w > h {
		w, h = h, w
	}
	a := [...]struct {
		name string
		w, h float64
	}{{"A0", 841, 1189}, {"A1", 594, 841}, {"A2", 420, 594}, {"A3", 297, 420}, {"A4", 210, 297}}
	for _, p := range a {
		if math.Abs(w-p.w) <= 3 && math.Abs(h-p.h) <= 3 {
			return p.name
		}
	}
	return ""
}

// lentReader is the caller's reader, lent to a parser that may have to be left behind.
type lentReader struct {
	mu   sync.Mutex
	r    io.ReadSeeker
	err  error
	gone bool
}

var errTakenBack = errors.New("reading has ended")

func (l *lentReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gone {
		return 0, errTakenBack
	}
	n, err := l.r.Read(p)
	if err != nil && err != io.EOF {
		l.err = err
	}
	return n, err
}

func (l *lentReader) Seek(off int64, whence int) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gone {
		return 0, errTakenBack
	}
	// A seek to a place that does not exist is the parser following a wrong number in the file, not our disk.
	return l.r.Seek(off, whence)
}

func (l *lentReader) takeBack() {
	l.mu.Lock()
	l.gone = true
	l.mu.Unlock()
}

func (l *lentReader) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}
