package pades

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strconv"
)

// Limits of the tables that say where objects are.
const (
	maxSections = 256
	maxEntries  = 1 << 20
)

// entry says where an object is.
type entry struct {
	num  int
	kind byte  // 0 free, 1 at an offset, 2 in a stream of objects
	at   int64 // offset, or the number of the stream
	gen  int   // generation, or the place in the stream
}

// section is one table of entries with its trailer: what one revision wrote.
type section struct {
	at      int64
	end     int64 // the byte after the trailer of a table; 0 for a stream
	own     int   // the number of the stream that holds it; 0 for a table
	entries []entry
	trailer pdfDict
}

func (s *section) find(num int) (entry, bool) {
	i := sort.Search(len(s.entries), func(i int) bool { return s.entries[i].num >= num })
	if i < len(s.entries) && s.entries[i].num == num {
		return s.entries[i], true
	}
	return entry{}, false
}

// view is the file as it stood after a revision: its sections, the newest first.
type view struct {
	f        *file
	sections []*section
}

func (v view) find(num int) entry {
	for _, s := range v.sections {
		if e, ok := s.find(num); ok {
			return e
		}
	}
	return entry{num: num}
}

// startOf reads the end of a revision: the words startxref, an offset and %%EOF, which the byte before end concludes
// (a line end may follow). It is the offset of the revision's section.
func (f *file) startOf(end int64) (int64, error) {
	const tail = 80
	from := max(0, end-tail)
	b := make([]byte, end-from)
	if _, err := f.r.ReadAt(b, from); err != nil && !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("pades: reading: %w", err)
	}
	bad := &malformed{end, "not the end of a revision"}
	switch { // one line end
	case bytes.HasSuffix(b, []byte("\r\n")):
		b = b[:len(b)-2]
	case bytes.HasSuffix(b, []byte("\n")), bytes.HasSuffix(b, []byte("\r")):
		b = b[:len(b)-1]
	}
	b, ok := bytes.CutSuffix(b, []byte("%%EOF"))
	if !ok {
		return 0, bad
	}
	i := bytes.LastIndex(b, []byte("startxref"))
	if i < 0 {
		return 0, bad
	}
	n, err := strconv.ParseInt(string(bytes.TrimSpace(b[i+len("startxref"):])), 10, 64)
	if err != nil || n <= 0 || n >= end {
		return 0, bad
	}
	return n, nil
}

// chain reads the section at an offset and all it follows.
func (f *file) chain(at int64) (view, error) {
	v := view{f: f}
	seen := map[int64]bool{}
	total := 0
	for {
		if seen[at] || len(seen) >= maxSections {
			return v, &malformed{at, "tables of references that follow each other in a circle, or too many"}
		}
		seen[at] = true
		s, err := f.section(at, maxEntries-total)
		if err != nil {
			return v, err
		}
		total += len(s.entries)
		v.sections = append(v.sections, s)
		if s.trailer["Encrypt"] != nil {
			return v, errLocked
		}
		if hybrid, ok := s.trailer["XRefStm"].(int64); ok {
			more, err := f.section(hybrid, maxEntries-total)
			if err != nil {
				return v, err
			}
			total += len(more.entries)
			s.merge(more)
		}
		prev, there := s.trailer["Prev"]
		if !there {
			return v, nil
		}
		n, ok := prev.(int64)
		if !ok {
			return v, &malformed{at, "a previous table that is no number"}
		}
		at = n
	}
}

func (f *file) section(at int64, most int) (*section, error) {
	isTable := false
	if err := f.at(at, func(l *lexer) error { isTable = bytes.HasPrefix(l.b, []byte("xref")); return nil }); err != nil {
		return nil, err
	}
	var s *section
	var err error
	if isTable {
		s, err = f.table(at, most)
	} else {
		s, err = f.references(at, most)
	}
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(s.entries, func(a, b entry) int { return a.num - b.num })
	for i := 1; i < len(s.entries); i++ {
		if s.entries[i].num == s.entries[i-1].num {
			return nil, &malformed{at, fmt.Sprintf("object %d stands twice in one table", s.entries[i].num)}
		}
	}
	return s, nil
}

// table reads a table of references and the trailer after it.
func (f *file) table(at int64, most int) (*section, error) {
	s := &section{at: at}
	counted := &counter{r: io.NewSectionReader(f.r, at, f.size-at)}
	in := bufio.NewReaderSize(counted, 64<<10)
	pos := func() int64 { return at + counted.n - int64(in.Buffered()) }
	bad := func(what string) error { return &malformed{pos(), what} }
	word := func() (string, error) {
		var w []byte
		for {
			c, err := in.ReadByte()
			if err != nil {
				return "", bad("a table without end")
			}
			if !isRegular(c) {
				if len(w) > 0 || isDelim(c) {
					_ = in.UnreadByte()
					return string(w), nil
				}
				continue
			}
			if w = append(w, c); len(w) > 20 {
				return "", bad("a table of something else")
			}
		}
	}
	if w, err := word(); err != nil || w != "xref" {
		return nil, bad("no table")
	}
	for {
		w, err := word()
		if err != nil {
			return nil, err
		}
		if w == "trailer" {
			break
		}
		first, err1 := strconv.ParseUint(w, 10, 31)
		w, err = word()
		n, err2 := strconv.ParseUint(w, 10, 31)
		if err != nil || err1 != nil || err2 != nil {
			return nil, bad("a table of something else")
		}
		if n > uint64(most) {
			return nil, errTooMuch
		}
		most -= int(n)
		for i := range int(n) {
			if i&1023 == 0 && f.ctx.Err() != nil {
				return nil, f.ctx.Err()
			}
			a, err1 := word()
			b, err2 := word()
			k, err3 := word()
			off, err4 := strconv.ParseInt(a, 10, 64)
			gen, err5 := strconv.ParseUint(b, 10, 17)
			if err := errors.Join(err1, err2, err3, err4, err5); err != nil || k != "n" && k != "f" {
				return nil, bad("a broken entry")
			}
			e := entry{int(first) + i, 1, off, int(gen)}
			if k == "f" {
				e = entry{num: e.num}
			}
			s.entries = append(s.entries, e)
		}
	}
	err := f.at(pos(), func(l *lexer) error {
		v, err := l.value(0)
		d, ok := v.(pdfDict)
		if err == nil && !ok {
			err = l.bad("no trailer")
		}
		s.trailer, s.end = d, l.base+int64(l.i)
		return err
	})
	return s, err
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// references reads a stream of references.
func (f *file) references(at int64, most int) (*section, error) {
	o, err := f.object(at)
	if err != nil {
		return nil, err
	}
	st, ok := o.value.(pdfStream)
	if !ok || st.dict["Type"] != pdfName("XRef") {
		return nil, &malformed{at, "no table of references"}
	}
	bad := &malformed{at, "a broken stream of references"}
	w, _ := st.dict["W"].(pdfArray)
	if len(w) != 3 {
		return nil, bad
	}
	var width [3]int
	row := 0
	for i := range width {
		n, ok := w[i].(int64)
		if !ok || n < 0 || n > 8 {
			return nil, bad
		}
		width[i] = int(n)
		row += int(n)
	}
	size, ok := st.dict["Size"].(int64)
	if !ok || size < 0 || row == 0 {
		return nil, bad
	}
	index, ok := st.dict["Index"].(pdfArray)
	if !ok {
		index = pdfArray{int64(0), size}
	}
	b, err := f.inflate(view{f: f}, st)
	if err != nil {
		return nil, err
	}
	s := &section{at: at, own: o.ref.num, trailer: st.dict}
	for ; len(index) > 1; index = index[2:] {
		first, ok1 := index[0].(int64)
		n, ok2 := index[1].(int64)
		if !ok1 || !ok2 || first < 0 || n < 0 || first > 1<<31 {
			return nil, bad
		}
		if n > int64(most) {
			return nil, errTooMuch
		}
		most -= int(n)
		for i := range int(n) {
			if len(b) < row {
				return nil, bad
			}
			field := func(k int, without int64) int64 {
				if width[k] == 0 {
					return without
				}
				var v int64
				for _, c := range b[:width[k]] {
					v = v<<8 | int64(c)
				}
				b = b[width[k]:]
				return v
			}
			kind, at, gen := field(0, 1), field(1, 0), field(2, 0)
			switch {
			case kind == 0:
				at, gen = 0, 0
			case kind > 2 || kind < 0 || at < 0 || gen < 0 || gen > 1<<20:
				return nil, bad
			}
			s.entries = append(s.entries, entry{int(first) + i, byte(kind), at, int(gen)})
		}
	}
	if len(index) > 0 || len(b) > 0 {
		return nil, bad
	}
	return s, nil
}

// length is how many bytes a stream has. They have to lie in the file, and the word endstream has to follow.
func (v view) length(st pdfStream) (int64, error) {
	n, ok := st.dict["Length"].(int64)
	if r, isRef := st.dict["Length"].(pdfRef); isRef && len(v.sections) > 0 {
		got, err := v.load(r)
		if err != nil {
			return 0, err
		}
		n, ok = got.(int64)
	}
	if !ok || n < 0 || n > v.f.size-st.at {
		return 0, &malformed{st.at, "a stream of another length than it says"}
	}
	return n, v.f.at(st.at+n, func(l *lexer) error { return l.keyword("endstream") })
}

// inflate is what a stream of objects or of references holds.
func (f *file) inflate(v view, st pdfStream) ([]byte, error) {
	n, err := v.length(st)
	if err != nil {
		return nil, err
	}
	var in io.Reader = bufio.NewReader(io.NewSectionReader(f.r, st.at, n))
	filter := st.dict["Filter"]
	if a, ok := filter.(pdfArray); ok && len(a) == 1 {
		filter = a[0]
	}
	params := st.dict["DecodeParms"]
	if a, ok := params.(pdfArray); ok && len(a) == 1 {
		params = a[0]
	}
	switch filter {
	case nil:
	case pdfName("FlateDecode"):
		z, err := zlib.NewReader(in)
		if err != nil {
			return nil, &malformed{st.at, "a stream that cannot be inflated"}
		}
		in = z
	default:
		return nil, errTooMuch
	}
	b, err := io.ReadAll(io.LimitReader(&patient{f, in}, maxInflate+1))
	f.grown += int64(len(b))
	switch {
	case f.ctx.Err() != nil:
		return nil, f.ctx.Err()
	case len(b) > maxInflate || f.grown > maxGrown:
		return nil, errTooMuch
	case err != nil:
		return nil, &malformed{st.at, "a stream that cannot be inflated"}
	}
	if p, ok := params.(pdfDict); ok {
		return predicted(b, p, st.at)
	}
	return b, nil
}

// patient stops reading when nobody waits any more.
type patient struct {
	f *file
	r io.Reader
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.f.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}

// predicted undoes the predictors of PNG (ISO 32000-2 §7.4.4.4), of bytes in one colour, as tables of references use them.
func predicted(b []byte, p pdfDict, at int64) ([]byte, error) {
	kind, _ := p["Predictor"].(int64)
	if p["Predictor"] == nil || kind == 1 {
		return b, nil
	}
	columns, ok := p["Columns"].(int64)
	if p["Columns"] == nil {
		columns, ok = 1, true
	}
	one := func(k pdfName, n int64) bool { return p[k] == nil || p[k] == any(n) }
	if !ok || kind < 10 || kind > 15 || columns < 1 || columns > 1<<16 || !one("Colors", 1) || !one("BitsPerComponent", 8) {
		return nil, errTooMuch
	}
	w := int(columns)
	if len(b)%(w+1) != 0 {
		return nil, &malformed{at, "rows that are cut off"}
	}
	out := make([]byte, 0, len(b)/(w+1)*w)
	above := make([]byte, w)
	for ; len(b) > 0; b = b[w+1:] {
		row := b[1 : w+1]
		for i := range row {
			var left, corner byte
			if i > 0 {
				left, corner = row[i-1], above[i-1]
			}
			switch b[0] {
			case 0:
			case 1:
				row[i] += left
			case 2:
				row[i] += above[i]
			case 3:
				row[i] += byte((int(left) + int(above[i])) / 2)
			case 4:
				row[i] += paeth(left, above[i], corner)
			default:
				return nil, &malformed{at, "an unknown predictor"}
			}
		}
		out = append(out, row...)
		above = row
	}
	return out, nil
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	away := func(x byte) int { return max(p-int(x), int(x)-p) }
	switch {
	case away(a) <= away(b) && away(a) <= away(c):
		return a
	case away(b) <= away(c):
		return b
	}
	return c
}

// packed is a stream of objects, inflated.
type packed struct {
	b       []byte
	objects []entry // num and where it begins in b, in their order
}

// load is the object that a reference names, nil if there is none.
func (v view) load(r pdfRef) (any, error) {
	e := v.find(r.num)
	switch e.kind {
	case 1:
		if e.gen != r.gen {
			return nil, nil
		}
		o, err := v.f.object(e.at)
		if err == nil && o.ref != r {
			err = &malformed{e.at, fmt.Sprintf("another object than %d", r.num)}
		}
		return o.value, err
	case 2:
		if r.gen != 0 {
			return nil, nil
		}
		p, err := v.packed(int(e.at))
		if err != nil {
			return nil, err
		}
		if e.gen >= len(p.objects) || p.objects[e.gen].num != r.num {
			return nil, &malformed{0, fmt.Sprintf("object %d is not in its stream", r.num)}
		}
		if err := v.f.count(); err != nil {
			return nil, err
		}
		l := &lexer{b: p.b, base: -1, i: int(p.objects[e.gen].at), whole: true}
		if e.gen+1 < len(p.objects) {
			l.b = p.b[:p.objects[e.gen+1].at]
		}
		if len(l.b)-l.i > maxObject {
			return nil, errTooMuch
		}
		return l.value(0)
	}
	return nil, nil
}

func (v view) packed(num int) (*packed, error) {
	e := v.find(num)
	if e.kind != 1 {
		return nil, &malformed{0, "a stream of objects that is not there"}
	}
	if p, ok := v.f.kept[e.at]; ok {
		return p, nil
	}
	o, err := v.f.object(e.at)
	if err != nil {
		return nil, err
	}
	st, ok := o.value.(pdfStream)
	if !ok || o.ref.num != num || st.dict["Type"] != pdfName("ObjStm") {
		return nil, &malformed{e.at, "no stream of objects"}
	}
	n, ok1 := st.dict["N"].(int64)
	first, ok2 := st.dict["First"].(int64)
	b, err := v.f.inflate(v, st)
	if err != nil {
		return nil, err
	}
	bad := &malformed{e.at, "a broken stream of objects"}
	if !ok1 || !ok2 || n < 0 || first < 0 || first > int64(len(b)) || n > first {
		return nil, bad
	}
	p := &packed{b: b}
	l := &lexer{b: b[:first], base: -1, whole: true}
	for range n {
		num, err1 := l.number()
		at, err2 := l.number()
		if err1 != nil || err2 != nil || num > 1<<31 || at > int64(len(b))-first {
			return nil, bad
		}
		if k := len(p.objects); k > 0 && p.objects[k-1].at > first+at {
			return nil, bad
		}
		p.objects = append(p.objects, entry{num: int(num), at: first + at})
	}
	weight := len(b) + 40*len(p.objects)
	if v.f.held += weight; v.f.held > maxKept || v.f.kept == nil {
		v.f.kept, v.f.held = map[int64]*packed{}, weight
	}
	v.f.kept[e.at] = p
	return p, nil
}

// get follows references, a few of them.
func (v view) get(x any) (any, error) {
	for range 8 {
		r, ok := x.(pdfRef)
		if !ok {
			return x, nil
		}
		var err error
		if x, err = v.load(r); err != nil {
			return nil, err
		}
	}
	return nil, &malformed{0, "references that lead nowhere"}
}

// dict is the dictionary that x is or names, of a stream too; nil if it is none.
func (v view) dict(x any) (pdfDict, error) {
	x, err := v.get(x)
	switch d := x.(type) {
	case pdfDict:
		return d, err
	case pdfStream:
		return d.dict, err
	}
	return nil, err
}

func (v view) array(x any) (pdfArray, error) {
	x, err := v.get(x)
	a, _ := x.(pdfArray)
	return a, err
}

// root is the catalog.
func (v view) root() (pdfDict, error) {
	d, err := v.dict(v.sections[0].trailer["Root"])
	if err == nil && d == nil {
		err = &malformed{v.sections[0].at, "no catalog"}
	}
	return d, err
}
