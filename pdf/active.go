package pdf

import (
	"bytes"
	"compress/zlib"
	"context"
	"io"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// pages walks the page tree itself: pdfcpu trusts /Count, and a viewer does not.
func (r *Report) pages(file *model.Context, unit bool) []leaf {
	root, err := file.Pages()
	if err != nil || root == nil {
		r.add(PageTree)
		return nil
	}
	w := treeWalk{file: file, seen: map[int]bool{}, rep: r, unit: unit}
	w.node(*root, inherited{}, 0)
	if !r.OK() {
		return w.leaf
	}
	if len(r.Pages) == 0 {
		r.add(NoPages)
		return nil
	}
	d, err := file.DereferenceDict(*root)
	if err != nil || d == nil {
		r.add(PageTree)
		return w.leaf
	}
	if n := w.integer(d["Count"]); n != len(r.Pages) {
		r.add(PageCount, n, len(r.Pages))
	}
	return w.leaf
}

// inherited is what a page takes from the nodes above it.
type inherited struct {
	media, crop       types.Object
	rotate, resources types.Object
}

// leaf is a page as it stands in the file, with what it inherits.
type leaf struct {
	dict types.Dict
	inherited
	box  box // what of it is seen
	unit float64
}

type treeWalk struct {
	file *model.Context
	seen map[int]bool
	rep  *Report
	leaf []leaf
	unit bool // an enlarged unit of length may stand
}

func (w *treeWalk) node(o types.Object, in inherited, depth int) {
	if !w.rep.OK() {
		return
	}
	if ref, ok := o.(types.IndirectRef); ok {
		n := ref.ObjectNumber.Value()
		if w.seen[n] || depth > 60 {
			w.rep.add(PageTree)
			return
		}
		w.seen[n] = true
	}
	d, err := w.file.DereferenceDict(o)
	if err != nil || d == nil {
		w.rep.add(PageTree)
		return
	}
	take := func(to *types.Object, key string) {
		if v, ok := d.Find(key); ok {
			*to = v
		}
	}
	take(&in.media, "MediaBox")
	take(&in.crop, "CropBox")
	take(&in.rotate, "Rotate")
	take(&in.resources, "Resources")
	kids, has := d.Find("Kids")
	if !has {
		if t := d.Type(); t != nil && *t == "Pages" {
			return // an empty node
		}
		w.page(d, in)
		return
	}
	a, err := w.file.DereferenceArray(kids)
	if err != nil {
		w.rep.add(PageTree)
		return
	}
	for _, k := range a {
		w.node(k, in, depth+1)
	}
}

func (w *treeWalk) page(d types.Dict, in inherited) {
	n := len(w.rep.Pages) + 1
	if n > MaxPages {
		w.rep.add(TooManyPages, MaxPages)
		return
	}
	box, ok := w.box(in.media)
	if !ok {
		w.rep.add(PageBox, n)
		return
	}
	if crop, ok := w.box(in.crop); ok {
		if c := box.meet(crop); c.w() > 0 && c.h() > 0 {
			box = c
		}
	}
	unit := 1.0
	if u, ok := w.number(d["UserUnit"]); ok && u != 1 {
		if unit = u; !w.unit || !(u > 0 && u < 1000) {
			w.rep.add(UserUnit, n)
		}
	}
	switch long, short := max(box.w(), box.h()), min(box.w(), box.h()); {
	case short <= 0:
		w.rep.add(PageBox, n)
	case long > MaxSide:
		w.rep.add(PageTooLarge, n)
	case short < MinSide:
		w.rep.add(PageTooSmall, n)
	}
	p := Page{WidthMM: box.w() * mmPerPoint, HeightMM: box.h() * mmPerPoint, Rotation: ((w.integer(in.rotate)/90*90)%360 + 360) % 360}
	if p.Rotation%180 != 0 {
		p.WidthMM, p.HeightMM = p.HeightMM, p.WidthMM
	}
	p.Paper = paper(p.WidthMM, p.HeightMM)
	w.rep.Pages = append(w.rep.Pages, p)
	w.leaf = append(w.leaf, leaf{dict: d, inherited: in, box: box, unit: unit})
}

const mmPerPoint = 25.4 / 72

type box struct{ x0, y0, x1, y1 float64 }

func (b box) w() float64 { return b.x1 - b.x0 }
func (b box) h() float64 { return b.y1 - b.y0 }
func (b box) meet(c box) box {
	return box{max(b.x0, c.x0), max(b.y0, c.y0), min(b.x1, c.x1), min(b.y1, c.y1)}
}

func (w *treeWalk) box(o types.Object) (box, bool) {
	if o == nil {
		return box{}, false
	}
	a, err := w.file.DereferenceArray(o)
	if err != nil || len(a) != 4 {
		return box{}, false
	}
	var v [4]float64
	for i := range a {
		f, ok := w.number(a[i])
		if !ok {
			return box{}, false
		}
		v[i] = f
	}
	return box{min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3])}, true
}

func (w *treeWalk) number(o types.Object) (float64, bool) {
	if o == nil {
		return 0, false
	}
	f, err := w.file.DereferenceNumber(o)
	return f, err == nil
}

func (w *treeWalk) integer(o types.Object) int {
	f, _ := w.number(o)
	return int(f)
}

// active walks every object that can be reached from the catalog and notes what acts, hides or swells.
func (r *Report) active(ctx context.Context, file *model.Context) error {
	seen := map[int]bool{}
	todo := []types.Object{file.RootDict}
	budget := int64(maxDecoded)
	for steps := 0; len(todo) > 0; steps++ {
		if steps%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		o := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if ref, ok := o.(types.IndirectRef); ok {
			n := ref.ObjectNumber.Value()
			if seen[n] {
				continue
			}
			seen[n] = true
			var err error
			if o, err = file.Dereference(ref); err != nil {
				continue
			}
		}
		switch v := o.(type) {
		case types.Array:
			todo = append(todo, v...)
		case types.Dict:
			r.dict(file, v)
			for _, k := range v {
				todo = append(todo, k)
			}
		case types.StreamDict:
			r.stream(&v, &budget)
			todo = append(todo, v.Dict)
		case *types.StreamDict:
			r.stream(v, &budget)
			todo = append(todo, v.Dict)
		}
	}
	return nil
}

func (r *Report) dict(file *model.Context, d types.Dict) {
	name := func(key string) string {
		o, ok := d.Find(key)
		if !ok {
			return ""
		}
		if o, _ := file.Dereference(o); o != nil {
			if n, ok := o.(types.Name); ok {
				return n.Value()
			}
		}
		return ""
	}
	has := func(key string) bool { _, ok := d.Find(key); return ok }

	switch name("S") {
	case "JavaScript":
		r.Scripts = true
		r.add(Script)
	case "Launch", "GoToR", "GoToE", "ImportData", "SubmitForm", "Rendition", "RichMediaExecute":
		r.ExternalActions = true
		r.add(Launch)
	}
	if has("XFA") {
		r.Scripts = true
		r.add(XFA)
	}
	if o, ok := d.Find("OpenAction"); ok { // a link is harmless until it opens by itself
		if a, err := file.DereferenceDict(o); err == nil && a != nil {
			if s := a.NameEntry("S"); s != nil && *s == "URI" {
				r.ExternalActions = true
				r.add(Launch)
			}
		}
	}
	switch name("Subtype") {
	case "FileAttachment":
		r.EmbeddedFiles = true
		r.add(Embedded)
	case "Movie", "Sound", "Screen", "RichMedia", "3D":
		if has("Rect") {
			r.ExternalActions = true
			r.add(Launch)
		}
	}
	if name("Type") == "EmbeddedFile" || has("EmbeddedFiles") || has("EF") || has("Collection") {
		r.EmbeddedFiles = true
		r.add(Embedded)
	}
	if has("ByteRange") && has("Contents") {
		r.Signed = true
	}
	if name("Type") == "FontDescriptor" && !has("FontFile") && !has("FontFile2") && !has("FontFile3") {
		if n := strings.ReplaceAll(name("FontName"), "#20", " "); n != "" && !base14(n) {
			r.add(FontMissing, n)
		}
	}
}

// base14 reports whether every viewer must have this font.
func base14(n string) bool {
	if _, tail, ok := strings.Cut(n, "+"); ok {
		n = tail
	}
	for _, p := range []string{"Helvetica", "Times", "Courier", "Symbol", "ZapfDingbats", "Arial"} {
		if strings.HasPrefix(n, p) {
			return true
		}
	}
	return false
}

// stream unpacks what could be a bomb and throws the bytes away. Deflate grows at most 1032 times, so a small stream
// with one filter is never looked at, and the budget is shared by the whole file.
func (r *Report) stream(s *types.StreamDict, budget *int64) {
	flates := 0
	for _, f := range s.FilterPipeline {
		if f.Name == "FlateDecode" {
			flates++
			continue
		}
		if flates == 0 {
			return // an encoded picture, a stream in text form: grows little
		}
		break
	}
	if flates == 0 || r.Has(Bomb) {
		return
	}
	if t := s.Dict.Subtype(); t != nil && *t == "Image" && flates == 1 {
		return // bounded by its own width and height when drawn
	}
	if flates == 1 && int64(len(s.Raw))*1032 < maxDecoded/4 {
		return
	}
	if flates > 3 {
		r.add(Bomb)
		return
	}
	var in io.Reader = bytes.NewReader(s.Raw)
	for range flates {
		z, err := zlib.NewReader(in)
		if err != nil {
			return
		}
		in = z
	}
	n, _ := io.Copy(io.Discard, io.LimitReader(in, *budget))
	if *budget -= n; *budget <= 0 {
		r.add(Bomb)
	}
}
