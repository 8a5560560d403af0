package pdf

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"sort"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Unfit is the answer for a file that cannot be drawn into another one, with the sentence that says what to do.
type Unfit struct{ Problem }

func (u *Unfit) Error() string { return "pdf: file cannot be carried over: " + u.Code }

// Is makes an Unfit an ErrUnreadable.
func (u *Unfit) Is(target error) bool { return target == ErrUnreadable }

func unfit(code string, args ...any) error {
	var r Report
	r.add(code, args...)
	return &Unfit{r.Problems[0]}
}

// source is a file whose pages are carried over into a book. What is carried is what is seen: contents, resources, the
// looks of annotations and which layers are on. Links, scripts, forms, files and tags stay behind.
type source struct {
	path  string
	file  *model.Context
	pages []leaf
	rep   Report
	num   map[int]int // its numbers of objects → the book's
	todo  []types.IndirectRef
	off   map[int]bool // layers that are not shown
	into  *book
}

// bring opens the file at path to carry pages of it into b.
func (b *book) bring(ctx context.Context, path string) (*source, error) {
	if b.last != nil && b.last.path == path {
		return b.last, nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	s, err := b.bringBytes(ctx, raw)
	if err != nil {
		return nil, err
	}
	s.path, b.last = path, s
	return s, nil
}

func (b *book) bringBytes(ctx context.Context, raw []byte) (s *source, err error) {
	s = &source{num: map[int]int{}, off: map[int]bool{}, into: b}
	if len(raw) == 0 {
		return nil, unfit(Empty)
	}
	c, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	done := make(chan error, 1)
	go func() { // the parser does not always look at its deadline
		defer func() {
			if recover() != nil {
				done <- unfit(Damaged)
			}
		}()
		done <- s.read(c, raw)
	}()
	select {
	case err = <-done:
	case <-c.Done():
		err = c.Err()
	}
	if err != nil && c.Err() != nil && ctx.Err() == nil {
		err = unfit(TooHeavy)
	}
	if err != nil {
		return nil, err
	}
	return s, s.layers()
}

func (s *source) read(ctx context.Context, raw []byte) error {
	size := int64(len(raw))
	looksOutside(&s.rep, raw[:min(size, 1024)], raw[max(0, size-66<<10):], size)
	if s.rep.OK() {
		var err error
		if s.file, err = parsed(ctx, bytes.NewReader(raw), size, &s.rep); err != nil {
			return err
		}
	}
	if s.rep.OK() {
		s.pages = s.rep.pages(s.file, true)
	}
	for _, p := range s.rep.Problems {
		if p.Serious {
			return &Unfit{p}
		}
	}
	return nil
}

// carried is a page as a form of the book, in its own space: what turns and moves it to where it is seen is matrix.
type carriedPage struct {
	form   int
	looks  string // annotations, drawn after it
	names  string // what looks is called in the resources
	group  string
	matrix string
	w, h   float64 // as seen, in points
}

// page carries page n (from 1) over.
func (s *source) page(n int) (p carriedPage, err error) {
	defer func() {
		if recover() != nil {
			err = unfit(Damaged)
		}
	}()
	if n < 1 || n > len(s.pages) {
		return p, ErrNoSuchPage
	}
	l := s.pages[n-1]
	x := s.content(l.dict["Contents"])
	if x == nil {
		return p, unfit(Damaged)
	}
	resources, err := s.file.DereferenceDict(l.resources)
	if err != nil {
		return p, unfit(Damaged)
	}
	form := types.Dict{"Type": types.Name("XObject"), "Subtype": types.Name("Form"), "BBox": l.box.array(), "Resources": resources}
	if resources == nil {
		form["Resources"] = types.Dict{}
	}
	for _, k := range []string{"Filter", "DecodeParms"} {
		if v, ok := x.Dict.Find(k); ok {
			form[k] = v
		}
	}
	if p.form, err = s.put(types.StreamDict{Dict: form, Raw: x.Raw}); err != nil {
		return p, err
	}
	if g, err := s.file.DereferenceDict(l.dict["Group"]); err == nil && g != nil {
		if p.group, err = s.said(g); err != nil {
			return p, err
		}
	}
	if err := s.annotations(l, &p); err != nil {
		return p, err
	}
	turn := ((int(number(s.file, l.rotate))/90*90)%360 + 360) % 360
	p.matrix, p.w, p.h = upright(l.box, turn, l.unit)
	if max(p.w, p.h) > MaxSide {
		return p, unfit(PageTooLarge, n)
	}
	return p, s.rest()
}

// upright is the matrix that brings what is seen of a page, turned clockwise, to (0, 0), and how large it is then.
func upright(b box, turn int, u float64) (matrix string, w, h float64) {
	var m [6]float64
	switch turn {
	case 90:
		m = [6]float64{0, -u, u, 0, -u * b.y0, u * b.x1}
	case 180:
		m = [6]float64{-u, 0, 0, -u, u * b.x1, u * b.y1}
	case 270:
		m = [6]float64{0, u, -u, 0, u * b.y1, -u * b.x0}
	default:
		m = [6]float64{u, 0, 0, u, -u * b.x0, -u * b.y0}
	}
	w, h = u*b.w(), u*b.h()
	if turn%180 != 0 {
		w, h = h, w
	}
	return operands(m[:]...), w, h
}

func (b box) array() types.Array {
	return types.Array{types.Float(b.x0), types.Float(b.y0), types.Float(b.x1), types.Float(b.y1)}
}

// content is what a page draws as one stream. One stream stays as it is packed; several are unpacked and joined.
func (s *source) content(o types.Object) *types.StreamDict {
	o, err := s.file.Dereference(o)
	if err != nil {
		return nil
	}
	switch v := o.(type) {
	case nil:
		return &types.StreamDict{Dict: types.Dict{}}
	case types.StreamDict:
		return &v
	case *types.StreamDict:
		return v
	case types.Array:
		if len(v) == 1 {
			return s.content(v[0])
		}
		var all []byte
		for _, k := range v {
			one := s.content(k)
			if one == nil || one.DecodeWithLimit(maxDecoded-int64(len(all))) != nil || len(all) > maxDecoded {
				return nil
			}
			all = append(append(all, one.Content...), '\n')
		}
		dict, data, err := stream(packed("", all))
		if err != nil || len(dict) == 0 {
			return nil
		}
		return &types.StreamDict{Dict: types.Dict{"Filter": types.Name("FlateDecode")}, Raw: bytes.TrimSuffix(data, []byte("\n"))}
	}
	return nil
}

// annotations carries over how the annotations of a page look (ISO 32000-1, 12.5.5).
func (s *source) annotations(l leaf, p *carriedPage) error {
	list, err := s.file.DereferenceArray(l.dict["Annots"])
	if err != nil {
		return nil // no list, nothing seen
	}
	for i, o := range list {
		a, err := s.file.DereferenceDict(o)
		if err != nil || a == nil || int(number(s.file, a["F"]))&(2|32) != 0 || s.isOff(a["OC"]) {
			continue
		}
		look := s.look(a)
		w := treeWalk{file: s.file}
		rect, ok := w.box(a["Rect"])
		if look == nil || !ok {
			continue
		}
		bbox, ok := w.box(look.Dict["BBox"])
		if !ok {
			continue
		}
		m := [6]float64{1, 0, 0, 1, 0, 0}
		if f, err := s.file.DereferenceArray(look.Dict["Matrix"]); err == nil && len(f) == 6 {
			for j := range m {
				m[j] = number(s.file, f[j])
			}
		}
		at := bbox.under(m)
		if at.w() <= 0 || at.h() <= 0 {
			continue
		}
		sx, sy := rect.w()/at.w(), rect.h()/at.h()
		n, err := s.put(*look)
		if err != nil {
			return err
		}
		p.looks += fmt.Sprintf("q %s cm /A%d Do Q\n", operands(sx, 0, 0, sy, rect.x0-sx*at.x0, rect.y0-sy*at.y0), i)
		p.names += fmt.Sprintf("/A%d %d 0 R", i, n)
	}
	return nil
}

// look is the appearance of an annotation in its present state, nil if it has none.
func (s *source) look(a types.Dict) *types.StreamDict {
	if t := a.Subtype(); t != nil && *t == "Popup" {
		return nil
	}
	ap, err := s.file.DereferenceDict(a["AP"])
	if err != nil || ap == nil {
		return nil
	}
	o, err := s.file.Dereference(ap["N"])
	if d, ok := o.(types.Dict); ok && err == nil {
		state := a.NameEntry("AS")
		if state == nil {
			return nil
		}
		o, err = s.file.Dereference(d[*state])
	}
	if err != nil {
		return nil
	}
	switch v := o.(type) {
	case types.StreamDict:
		return &v
	case *types.StreamDict:
		return v
	}
	return nil
}

// under is the smallest upright box around b after m.
func (b box) under(m [6]float64) box {
	var out box
	for i, c := range [4][2]float64{{b.x0, b.y0}, {b.x1, b.y0}, {b.x0, b.y1}, {b.x1, b.y1}} {
		x, y := m[0]*c[0]+m[2]*c[1]+m[4], m[1]*c[0]+m[3]*c[1]+m[5]
		if i == 0 {
			out = box{x, y, x, y}
		}
		out = box{min(out.x0, x), min(out.y0, y), max(out.x1, x), max(out.y1, y)}
	}
	return out
}

// layers notes the layers of the file and which of them a viewer does not show at first.
func (s *source) layers() (err error) {
	defer func() {
		if recover() != nil {
			err = unfit(Damaged)
		}
	}()
	props, err := s.file.DereferenceDict(s.file.RootDict["OCProperties"])
	if err != nil || props == nil {
		return nil
	}
	all, err := s.file.DereferenceArray(props["OCGs"])
	if err != nil || len(all) == 0 {
		return nil
	}
	set := func(list types.Object, off bool) {
		a, err := s.file.DereferenceArray(list)
		if err != nil {
			return
		}
		for _, o := range a {
			if r, ok := o.(types.IndirectRef); ok {
				s.off[r.ObjectNumber.Value()] = off
			}
		}
	}
	if d, err := s.file.DereferenceDict(props["D"]); err == nil && d != nil {
		if base := d.NameEntry("BaseState"); base != nil && *base == "OFF" {
			set(all, true)
		}
		set(d["ON"], false)
		set(d["OFF"], true)
		s.automatic(d["AS"])
	}
	for _, o := range all {
		r, ok := o.(types.IndirectRef)
		if !ok {
			continue
		}
		word, err := s.said(r)
		if err != nil {
			return err
		}
		if word == "null" {
			continue
		}
		s.into.layers = append(s.into.layers, word)
		if s.off[r.ObjectNumber.Value()] {
			s.into.off = append(s.into.off, word)
		}
	}
	return s.rest()
}

// automatic takes up what a layer says of itself about being viewed, where the file asks for that.
func (s *source) automatic(o types.Object) {
	rules, err := s.file.DereferenceArray(o)
	if err != nil {
		return
	}
	for _, o := range rules {
		rule, err := s.file.DereferenceDict(o)
		if err != nil || rule == nil {
			continue
		}
		if e := rule.NameEntry("Event"); e == nil || *e != "View" {
			continue
		}
		groups, err := s.file.DereferenceArray(rule["OCGs"])
		if err != nil {
			continue
		}
		for _, g := range groups {
			r, ok := g.(types.IndirectRef)
			d, err := s.file.DereferenceDict(g)
			if !ok || err != nil || d == nil {
				continue
			}
			usage, err := s.file.DereferenceDict(d["Usage"])
			if err != nil || usage == nil {
				continue
			}
			view, err := s.file.DereferenceDict(usage["View"])
			if err != nil || view == nil {
				continue
			}
			if state := view.NameEntry("ViewState"); state != nil {
				s.off[r.ObjectNumber.Value()] = *state == "OFF"
			}
		}
	}
}

func (s *source) isOff(o types.Object) bool {
	r, ok := o.(types.IndirectRef)
	return ok && s.off[r.ObjectNumber.Value()]
}

// put writes an object that is not in the file as it stands, and answers its number.
func (s *source) put(o types.Object) (int, error) {
	n := s.into.take()
	b, err := s.body(o)
	if err != nil {
		return 0, err
	}
	return n, s.into.put(n, b)
}

// rest writes all objects that were named and not yet written.
func (s *source) rest() error {
	for len(s.todo) > 0 {
		r := s.todo[0]
		s.todo = s.todo[1:]
		o, err := s.file.Dereference(r)
		if err != nil {
			return unfit(Damaged)
		}
		b, err := s.body(o)
		if err != nil {
			return err
		}
		if err := s.into.put(s.num[r.ObjectNumber.Value()], b); err != nil {
			return err
		}
	}
	return nil
}

func (s *source) said(o types.Object) (string, error) {
	b, err := s.body(o)
	return string(b), err
}

func (s *source) body(o types.Object) ([]byte, error) {
	var b bytes.Buffer
	var err error
	switch v := o.(type) {
	case types.StreamDict:
		err = s.stream(&b, &v)
	case *types.StreamDict:
		err = s.stream(&b, v)
	default:
		err = s.write(&b, o, 0)
	}
	return b.Bytes(), err
}

func (s *source) stream(b *bytes.Buffer, v *types.StreamDict) error {
	d := types.Dict{}
	for k, o := range v.Dict {
		switch k {
		case "Length", "F", "FFilter", "FDecodeParms", "DL", "Ref", "OPI":
		default:
			d[k] = o
		}
	}
	d["Length"] = types.Integer(len(v.Raw))
	if err := s.write(b, d, 0); err != nil {
		return err
	}
	b.WriteString("\nstream\n")
	b.Write(v.Raw)
	b.WriteString("\nendstream")
	return nil
}

// leftBehind are entries that say nothing about how a page looks.
var leftBehind = map[string]bool{"StructParent": true, "StructParents": true, "PieceInfo": true, "Metadata": true, "LastModified": true,
	"AF": true}

// stays reports whether an object belongs to the file and not to how a page looks.
func stays(d types.Dict) bool {
	if t := d.Type(); t != nil {
		switch *t {
		case "Page", "Pages", "Catalog", "StructTreeRoot", "StructElem", "Annot", "Filespec", "EmbeddedFile", "Sig", "Action":
			return true
		}
	}
	return false
}

func (s *source) write(b *bytes.Buffer, o types.Object, depth int) error {
	if depth > 100 {
		return unfit(Damaged)
	}
	switch v := o.(type) {
	case nil:
		b.WriteString("null")
	case types.IndirectRef:
		return s.refer(b, v)
	case types.Dict:
		if stays(v) {
			b.WriteString("null")
			return nil
		}
		keys := make([]string, 0, len(v))
		for k := range v {
			if !leftBehind[k] {
				keys = append(keys, k)
			}
		}
		sort.Strings(keys)
		b.WriteString("<<")
		for _, k := range keys {
			b.WriteString(types.Name(k).PDFString() + " ")
			if err := s.write(b, v[k], depth+1); err != nil {
				return err
			}
		}
		b.WriteString(">>")
	case types.Array:
		b.WriteString("[")
		for i, k := range v {
			if i > 0 {
				b.WriteString(" ")
			}
			if err := s.write(b, k, depth+1); err != nil {
				return err
			}
		}
		b.WriteString("]")
	case types.Float:
		b.WriteString(operands(v.Value()))
	case types.Integer, types.Boolean, types.Name, types.StringLiteral, types.HexLiteral:
		b.WriteString(v.PDFString())
	default:
		return unfit(Damaged)
	}
	return nil
}

// refer writes a reference, and sees to it that what it leads to comes along.
func (s *source) refer(b *bytes.Buffer, r types.IndirectRef) error {
	k := r.ObjectNumber.Value()
	n, ok := s.num[k]
	if !ok {
		o, err := s.file.Dereference(r)
		if err != nil {
			return unfit(Damaged)
		}
		d, isDict := o.(types.Dict)
		if o == nil || isDict && stays(d) {
			b.WriteString("null")
			return nil
		}
		n = s.into.take()
		s.num[k] = n
		s.todo = append(s.todo, r)
	}
	fmt.Fprintf(b, "%d 0 R", n)
	return nil
}

func number(file *model.Context, o types.Object) float64 {
	if o == nil {
		return 0
	}
	f, err := file.DereferenceNumber(o)
	if err != nil {
		return 0
	}
	return f
}

// operands are numbers as PDF writes them.
func operands(v ...float64) string {
	var b []byte
	for i, f := range v {
		if i > 0 {
			b = append(b, ' ')
		}
		if f == 0 {
			f = 0 // no -0
		}
		b = strconv.AppendFloat(b, f, 'f', -1, 64)
	}
	return string(b)
}
