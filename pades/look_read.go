package pades

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
)

// What a PDF is made of (ISO 32000-2 §7.3): nil, bool, int64, float64 and these.
type (
	pdfName string
	pdfText struct {
		bytes    string
		hex      bool
		from, to int64 // where it stands in the file, with its brackets; -1 inside an object stream
	}
	pdfRef    struct{ num, gen int }
	pdfArray  []any
	pdfDict   map[pdfName]any
	pdfStream struct {
		dict pdfDict
		at   int64 // where its bytes begin
	}
)

// Limits of what is read. A set of drawings stays far below all of them; beyond them a file is not judged.
const (
	maxObject  = 4 << 20  // bytes of one object without its stream
	maxDepth   = 64       // of brackets within an object
	maxValues  = 500_000  // values in one object, and in those held at a time
	maxLoads   = 3 << 20  // objects read in one judgement
	maxRead    = 4 << 30  // bytes read for objects in one judgement
	maxInflate = 32 << 20 // bytes of one stream of objects or references
	maxKept    = 64 << 20 // bytes of such streams held at a time
	maxGrown   = 1 << 30  // bytes inflated in one judgement
)

var (
	errShort   = errors.New("pades: the window ends within an object")
	errTooMuch = errors.New("pades: more than is judged")
	errLocked  = errors.New("pades: the file is encrypted")
)

// malformed is what a reader might understand in two ways, so we do not.
type malformed struct {
	at   int64
	what string
}

func (m *malformed) Error() string { return fmt.Sprintf("pades: at byte %d: %s", m.at, m.what) }

// lexer reads objects in a window of a file.
type lexer struct {
	b     []byte
	base  int64 // where b begins in the file; -1: b stands in no file
	i     int
	whole bool // nothing comes after b
	n     int  // values read so far
}

func (l *lexer) bad(what string) error {
	if l.i >= len(l.b) && !l.whole {
		return errShort
	}
	return &malformed{l.base + int64(l.i), what}
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelim(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func isRegular(c byte) bool { return !isSpace(c) && !isDelim(c) }

// space goes to the next token, over comments too.
func (l *lexer) space() {
	for ; l.i < len(l.b); l.i++ {
		c := l.b[l.i]
		if c == '%' {
			for l.i < len(l.b) && l.b[l.i] != '\n' && l.b[l.i] != '\r' {
				l.i++
			}
			l.i--
		} else if !isSpace(c) {
			return
		}
	}
}

// word reads a run of regular characters. In a window that may go on it must end before the window does.
func (l *lexer) word() (string, error) {
	from := l.i
	for l.i < len(l.b) && isRegular(l.b[l.i]) {
		l.i++
	}
	if l.i == len(l.b) && !l.whole {
		return "", errShort
	}
	if l.i-from > 1<<16 {
		return "", l.bad("a word without end")
	}
	return string(l.b[from:l.i]), nil
}

// keyword goes over w, which must come next.
func (l *lexer) keyword(w string) error {
	l.space()
	got, err := l.word()
	if err == nil && got != w {
		err = l.bad("no " + w)
	}
	return err
}

// number reads a whole number that is not negative.
func (l *lexer) number() (int64, error) {
	l.space()
	w, err := l.word()
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(w, 10, 64)
	if err != nil || n < 0 || w[0] == '+' {
		return 0, l.bad("no whole number")
	}
	return n, nil
}

func (l *lexer) value(depth int) (any, error) {
	l.space()
	if l.i >= len(l.b) {
		return nil, l.bad("an object that ends too soon")
	}
	if depth > maxDepth {
		return nil, l.bad("brackets too deep")
	}
	if l.n++; l.n > maxValues {
		return nil, errTooMuch
	}
	switch c := l.b[l.i]; {
	case c == '/':
		return l.name()
	case c == '(':
		return l.literal()
	case c == '[':
		l.i++
		return l.array(depth)
	case c == '<':
		if l.i+1 >= len(l.b) {
			l.i++
			return nil, l.bad("an object that ends too soon")
		}
		if l.b[l.i+1] == '<' {
			l.i += 2
			return l.dict(depth)
		}
		return l.hex()
	case isDelim(c):
		return nil, l.bad("a stray bracket")
	}
	w, err := l.word()
	if err != nil {
		return nil, err
	}
	switch w {
	case "null":
		return nil, nil
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return l.numeric(w)
}

// numeric is a number, or a reference if two numbers and an R stand here.
func (l *lexer) numeric(w string) (any, error) {
	n, err := strconv.ParseInt(w, 10, 64)
	if err != nil {
		for _, c := range w {
			if (c < '0' || c > '9') && c != '.' && c != '+' && c != '-' {
				return nil, l.bad(fmt.Sprintf("the word %.20q", w))
			}
		}
		f, err := strconv.ParseFloat(w, 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			return nil, l.bad(fmt.Sprintf("the number %.20q", w))
		}
		return f, nil
	}
	if n < 0 || n > 1<<31 || w[0] == '+' {
		return n, nil
	}
	here := l.i
	gen, err := l.number()
	if err == nil && gen <= 65535 {
		l.space()
		var r string
		if r, err = l.word(); err == nil && r == "R" {
			return pdfRef{int(n), int(gen)}, nil
		}
	}
	if errors.Is(err, errShort) {
		return nil, err
	}
	l.i = here
	return n, nil
}

func (l *lexer) name() (pdfName, error) {
	l.i++
	w, err := l.word()
	if err != nil || !bytes.ContainsRune([]byte(w), '#') {
		return pdfName(w), err
	}
	var out []byte
	for i := 0; i < len(w); i++ {
		if w[i] != '#' {
			out = append(out, w[i])
			continue
		}
		if i+2 >= len(w) {
			return "", l.bad("a broken name")
		}
		n, err := strconv.ParseUint(w[i+1:i+3], 16, 8)
		if err != nil || n == 0 {
			return "", l.bad("a broken name")
		}
		out = append(out, byte(n))
		i += 2
	}
	if string(out) == "ByteRange" { // nobody writes it so but who does not want it found, see look
		return "", l.bad("a name in disguise")
	}
	return pdfName(out), nil
}

func (l *lexer) place(from int) (int64, int64) {
	if l.base < 0 {
		return -1, -1
	}
	return l.base + int64(from), l.base + int64(l.i)
}

func (l *lexer) hex() (any, error) {
	from := l.i
	var out []byte
	half := -1
	for l.i++; l.i < len(l.b); l.i++ {
		c := l.b[l.i]
		var d int
		switch {
		case c == '>':
			l.i++
			if half >= 0 {
				out = append(out, byte(half<<4))
			}
			a, b := l.place(from)
			return pdfText{string(out), true, a, b}, nil
		case isSpace(c):
			continue
		case c >= '0' && c <= '9':
			d = int(c - '0')
		case c >= 'a' && c <= 'f':
			d = int(c-'a') + 10
		case c >= 'A' && c <= 'F':
			d = int(c-'A') + 10
		default:
			return nil, l.bad("a digit that is none")
		}
		if half < 0 {
			half = d
		} else {
			out, half = append(out, byte(half<<4|d)), -1
		}
	}
	return nil, l.bad("a text without end")
}

func (l *lexer) literal() (any, error) {
	from := l.i
	var out []byte
	open := 0
	for ; l.i < len(l.b); l.i++ {
		switch c := l.b[l.i]; c {
		case '(':
			if open++; open > 1 {
				out = append(out, c)
			}
		case ')':
			if open--; open == 0 {
				l.i++
				a, b := l.place(from)
				return pdfText{string(out), false, a, b}, nil
			}
			out = append(out, c)
		case '\\':
			l.i++
			if l.i >= len(l.b) {
				return nil, l.bad("a text without end")
			}
			out = l.escape(out)
		default:
			out = append(out, c)
		}
	}
	return nil, l.bad("a text without end")
}

// escape reads what follows a backslash; l.i is left at its last character.
func (l *lexer) escape(out []byte) []byte {
	switch c := l.b[l.i]; {
	case c == 'n':
		return append(out, '\n')
	case c == 'r':
		return append(out, '\r')
	case c == 't':
		return append(out, '\t')
	case c == 'b':
		return append(out, '\b')
	case c == 'f':
		return append(out, '\f')
	case c == '\n':
		return out
	case c == '\r':
		if l.i+1 < len(l.b) && l.b[l.i+1] == '\n' {
			l.i++
		}
		return out
	case c >= '0' && c <= '7':
		n := 0
		from := l.i
		for l.i < len(l.b) && l.i < from+3 && l.b[l.i] >= '0' && l.b[l.i] <= '7' {
			n = n<<3 | int(l.b[l.i]-'0')
			l.i++
		}
		l.i--
		return append(out, byte(n))
	default:
		return append(out, c)
	}
}

func (l *lexer) array(depth int) (any, error) {
	out := pdfArray{}
	for {
		l.space()
		if l.i < len(l.b) && l.b[l.i] == ']' {
			l.i++
			return out, nil
		}
		v, err := l.value(depth + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
}

// dict reads a dictionary. A key that stands twice means one thing to one reader and another to the next.
func (l *lexer) dict(depth int) (any, error) {
	out := pdfDict{}
	for {
		l.space()
		if l.i+1 >= len(l.b) {
			l.i = len(l.b)
			return nil, l.bad("a dictionary without end")
		}
		if l.b[l.i] == '>' && l.b[l.i+1] == '>' {
			l.i += 2
			return out, nil
		}
		if l.b[l.i] != '/' {
			return nil, l.bad("a key that is no name")
		}
		k, err := l.name()
		if err != nil {
			return nil, err
		}
		v, err := l.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if _, twice := out[k]; twice {
			return nil, l.bad(fmt.Sprintf("the key %.20q stands twice", string(k)))
		}
		out[k] = v
	}
}

// text is a text string as its reader reads it, whichever way it is written (ISO 32000-2 §7.9.2.2).
func (t pdfText) text() string {
	switch {
	case strings.HasPrefix(t.bytes, "\xfe\xff"):
		var u []uint16
		for b := t.bytes[2:]; len(b) > 1; b = b[2:] {
			u = append(u, uint16(b[0])<<8|uint16(b[1]))
		}
		return string(utf16.Decode(u))
	case strings.HasPrefix(t.bytes, "\xef\xbb\xbf"):
		return t.bytes[3:]
	}
	return t.bytes
}

// weigh counts the values in x.
func weigh(x any) int {
	n := 1
	switch x := x.(type) {
	case pdfArray:
		for _, y := range x {
			n += weigh(y)
		}
	case pdfDict:
		for _, y := range x {
			n += weigh(y)
		}
	case pdfStream:
		n += weigh(x.dict)
	}
	return n
}

// found is an object as it stands in the file.
type found struct {
	ref   pdfRef
	value any
	end   int64 // the byte after it: after endobj, or after the word stream
}

// file reads a PDF within the limits.
type file struct {
	ctx   context.Context
	r     io.ReaderAt
	size  int64
	loads int
	read  int64
	grown int64
	kept  map[int64]*packed // streams of objects by where they stand
	held  int
}

func (f *file) count() error {
	f.loads++
	if f.loads&63 == 0 && f.ctx.Err() != nil {
		return f.ctx.Err()
	}
	if f.loads > maxLoads || f.read > maxRead {
		return errTooMuch
	}
	return nil
}

// at parses at an offset, in a window that grows until what is there has ended.
func (f *file) at(off int64, parse func(*lexer) error) error {
	if off < 0 || off >= f.size {
		return &malformed{off, "outside the file"}
	}
	for n := int64(1 << 10); ; n *= 8 {
		n = min(n, maxObject, f.size-off)
		if err := f.count(); err != nil {
			return err
		}
		b := make([]byte, n)
		f.read += n
		if _, err := f.r.ReadAt(b, off); err != nil && !(errors.Is(err, io.EOF) && off+n == f.size) {
			return fmt.Errorf("pades: reading: %w", err)
		}
		whole := off+n == f.size
		err := parse(&lexer{b: b, base: off, whole: whole})
		if !errors.Is(err, errShort) {
			return err
		}
		if n >= maxObject {
			return errTooMuch
		}
	}
}

// object reads the object that stands at off.
func (f *file) object(off int64) (o found, err error) {
	err = f.at(off, func(l *lexer) error {
		if len(l.b) > 0 && (l.b[0] < '0' || l.b[0] > '9') {
			return l.bad("no object")
		}
		num, err := l.number()
		if err != nil {
			return err
		}
		gen, err := l.number()
		if err != nil {
			return err
		}
		if num > 1<<31 || gen > 65535 {
			return l.bad("the number of an object")
		}
		if err := l.keyword("obj"); err != nil {
			return err
		}
		o.ref = pdfRef{int(num), int(gen)}
		if o.value, err = l.value(0); err != nil {
			return err
		}
		l.space()
		w, err := l.word()
		if err != nil {
			return err
		}
		dict, isDict := o.value.(pdfDict)
		switch {
		case w == "endobj":
			o.end = l.base + int64(l.i)
			return nil
		case w != "stream" || !isDict:
			return l.bad("no endobj")
		case l.i+2 > len(l.b):
			l.i = len(l.b)
			return l.bad("a stream without bytes")
		case l.b[l.i] == '\n':
			l.i++
		case l.b[l.i] == '\r' && l.b[l.i+1] == '\n':
			l.i += 2
		default:
			return l.bad("a stream without a line end")
		}
		o.end = l.base + int64(l.i)
		o.value = pdfStream{dict, o.end}
		return nil
	})
	return o, err
}
