package pades

import (
	"fmt"
	"math"
	"reflect"
	"slices"

	"cloudbm/say"
)

// page is one page with what it inherits.
type page struct {
	ref  any
	dict pdfDict
}

var inherited = []pdfName{"Resources", "MediaBox", "CropBox", "Rotate"}

// pagesOf are the pages below a node, in their order.
func (v view) pagesOf(top any) (out []page, err error) {
	seen := map[pdfRef]bool{}
	nodes, held := 0, 0
	var walk func(x any, from pdfDict, depth int) error
	walk = func(x any, from pdfDict, depth int) error {
		if r, ok := x.(pdfRef); ok {
			if seen[r] {
				return &malformed{0, "a page that stands twice"}
			}
			seen[r] = true
		}
		if nodes++; len(out) >= maxPages || nodes > 2*maxPages || depth > 200 {
			return errTooMuch
		}
		d, err := v.dict(x)
		if err != nil {
			return err
		}
		kids, err := v.array(d["Kids"])
		if err != nil {
			return err
		}
		if held += weigh(d); held > maxValues {
			return errTooMuch
		}
		if t := d["Type"]; d != nil && (kids == nil && t != pdfName("Page") || kids != nil && t != pdfName("Pages")) {
			return &malformed{0, "a page or a node of pages, whichever one likes"}
		}
		own := pdfDict{}
		for k, x := range d {
			own[k] = x
		}
		for _, k := range inherited {
			if own[k] == nil && from[k] != nil {
				own[k] = from[k]
			}
		}
		if kids == nil {
			if d == nil {
				return &malformed{0, "a page that is not there"}
			}
			out = append(out, page{x, own})
			return nil
		}
		down := pdfDict{}
		for _, k := range inherited {
			if own[k] != nil {
				down[k] = own[k]
			}
		}
		before := len(out)
		for _, k := range kids {
			if err := walk(k, down, depth+1); err != nil {
				return err
			}
		}
		if n, err := v.get(d["Count"]); err != nil {
			return err
		} else if n != any(int64(len(out)-before)) { // viewers believe it
			return &malformed{0, "another number of pages than is said"}
		}
		return nil
	}
	return out, walk(top, nil, 0)
}

func (c *comparison) allPages(a, b any) error {
	old, err := c.then.pagesOf(a)
	if err != nil {
		return err
	}
	now, err := c.now.pagesOf(b)
	if err != nil {
		return err
	}
	if len(old) != len(now) {
		c.altered("pages", 0, say.F("頁數由 %d 頁變成 %d 頁", "The number of pages changed from %d to %d", len(old), len(now)))
	}
	for i := range min(len(old), len(now)) {
		if err := c.page(old[i], now[i], i+1); err != nil {
			return err
		}
	}
	return nil
}

func (c *comparison) page(old, now page, n int) error {
	if !sameRef(old.ref, now.ref) {
		c.altered("page", n, say.F("換了第 %d 頁", "Page %d was replaced", n))
	}
	for _, k := range keys(old.dict, now.dict) {
		a, b := old.dict[k], now.dict[k]
		var err error
		switch k {
		case "Parent":
		case "Annots":
			err = c.annotations(a, b, n)
		case "Contents", "Resources", "Group":
			var same bool
			if same, err = c.same(a, b, false); err == nil && !same {
				c.altered("content", n, say.F("換了第 %d 頁的內容", "The content of page %d was replaced", n))
			}
		case "MediaBox", "CropBox", "Rotate", "UserUnit", "TrimBox", "BleedBox", "ArtBox":
			err = c.differs(a, b, func() {
				c.altered("size", n, say.F("改了第 %d 頁的大小或方向", "The size or rotation of page %d was changed", n))
			})
		default:
			err = c.differs(a, b, func() {
				c.altered("page-settings", n, say.F("改了第 %d 頁的設定（%s）", "The settings of page %d were changed (%s)", n, tidy(string(k))))
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// annotations compares those of a page: the old ones have to be there, in their order.
func (c *comparison) annotations(a, b any, n int) error {
	old, err := c.then.array(a)
	if err != nil {
		return err
	}
	now, err := c.now.array(b)
	if err != nil {
		return err
	}
	place := map[pdfRef]int{}
	for i, x := range now {
		if r, ok := x.(pdfRef); ok {
			place[r] = i
		}
	}
	matched := make([]bool, len(now))
	last := -1
	for i, x := range old {
		at, there := -1, false
		if r, ok := x.(pdfRef); ok {
			at, there = place[r]
		} else if i < len(now) {
			_, isRef := now[i].(pdfRef)
			at, there = i, !isRef
		}
		if !there || matched[at] {
			c.altered("annotation-gone", n, say.F("刪了第 %d 頁的註解或欄位", "An annotation or field of page %d was removed", n))
			continue
		}
		if at < last {
			c.altered("annotation-order", n, say.F("改了第 %d 頁註解的順序", "The order of the annotations of page %d was changed", n))
		}
		matched[at], last = true, at
		if err := c.annotation(x, now[at], n); err != nil {
			return err
		}
	}
	for i, x := range now {
		if !matched[i] {
			if err := c.newAnnotation(x, n); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *comparison) annotation(a, b any, n int) error {
	was, err := c.then.get(a)
	if err != nil {
		return err
	}
	is, err := c.now.get(b)
	if err != nil {
		return err
	}
	old, isA := was.(pdfDict)
	now, isB := is.(pdfDict)
	if !isA || !isB { // no annotation, so something else may be what it is for
		if same, err := c.same(a, b, false); err != nil || same {
			return err
		}
		c.altered("annotation-changed", n, say.F("改了第 %d 頁的註解", "An annotation of page %d was changed", n))
		return nil
	}
	if old["Subtype"] == pdfName("Widget") {
		return c.field(a, old, now, n)
	}
	for _, k := range keys(old, now) {
		if k == "P" || k == "Parent" {
			if sameRef(old[k], now[k]) {
				continue
			}
		}
		// An appearance is content: a reference in it leads to what is drawn.
		same, err := c.same(old[k], now[k], k != "AP")
		if err != nil {
			return err
		}
		if !same {
			c.altered("annotation-changed", n, say.F("改了第 %d 頁的註解", "An annotation of page %d was changed", n))
		}
	}
	return nil
}

func (c *comparison) newAnnotation(x any, n int) error {
	d, err := c.now.dict(x)
	if err != nil {
		return err
	}
	kind, _ := d["Subtype"].(pdfName)
	large, err := c.covers(d, n)
	if err != nil {
		return err
	}
	if large {
		c.altered("cover", n, say.F("用註解或欄位蓋住了第 %d 頁的內容（%s）", "The content of page %d was covered with an annotation or field (%s)", n, tidy(string(kind))))
		return nil
	}
	if d["A"] != nil || d["AA"] != nil {
		c.altered("action", n, say.F("在第 %d 頁加了會執行動作的註解或欄位（%s）", "An annotation or field with an action was added on page %d (%s)", n, tidy(string(kind))))
		return nil
	}
	if r, ok := x.(pdfRef); ok && kind == "Widget" {
		if name, isSig := c.widgetFields[r]; isSig {
			c.ifAllowed(c.mayFill(), "signature-shown", n, say.F("在第 %d 頁加了簽章欄「%s」", "The signature field “%[2]s” was added on page %[1]d", n, tidy(name)))
			return nil
		}
	}
	if kind == "Widget" {
		c.altered("field", n, say.F("在第 %d 頁加了表單欄位", "A form field was added on page %d", n))
		return nil
	}
	c.ifAllowed(c.rights == 3, "annotation", n, say.F("在第 %d 頁加了一個註解（%s）", "An annotation was added on page %d (%s)", n, tidy(string(kind))))
	return nil
}

// covers reports whether an annotation is so large that it may hide what was signed: a fifth of the page.
func (c *comparison) covers(d pdfDict, n int) (bool, error) {
	root, err := c.now.root()
	if err != nil {
		return false, err
	}
	if c.sizes == nil {
		pages, err := c.now.pagesOf(root["Pages"])
		if err != nil {
			return false, err
		}
		for _, p := range pages {
			box, err := c.now.box(p.dict["MediaBox"])
			if err != nil {
				return false, err
			}
			if p.dict["CropBox"] != nil {
				crop, err := c.now.box(p.dict["CropBox"])
				if err != nil {
					return false, err
				}
				box = [4]float64{max(box[0], crop[0]), max(box[1], crop[1]), min(box[2], crop[2]), min(box[3], crop[3])}
			}
			c.sizes = append(c.sizes, max(box[2]-box[0], 0)*max(box[3]-box[1], 0))
		}
	}
	r, err := c.now.box(d["Rect"])
	own := (r[2] - r[0]) * (r[3] - r[1])
	if err != nil || n > len(c.sizes) {
		return false, err
	}
	if c.covered == nil {
		c.covered = map[int]float64{}
	}
	c.covered[n] += own
	return !(c.covered[n] <= c.sizes[n-1]/5), nil
}

// box is a rectangle, its lower left corner first; of what is none nothing is smaller or larger (NaN).
func (v view) box(x any) (n [4]float64, err error) {
	a, err := v.array(x)
	if err != nil || a == nil {
		return n, err
	}
	if len(a) != 4 {
		return [4]float64{math.NaN(), math.NaN(), math.NaN(), math.NaN()}, nil
	}
	for i := range n {
		x, err := v.get(a[i])
		if err != nil {
			return n, err
		}
		switch k := x.(type) {
		case int64:
			n[i] = float64(k)
		case float64:
			n[i] = k
		}
	}
	return [4]float64{min(n[0], n[2]), min(n[1], n[3]), max(n[0], n[2]), max(n[1], n[3])}, nil
}

// form compares what the catalog says of fields.
func (c *comparison) form(a, b any) error {
	old, err := c.then.dict(a)
	if err != nil {
		return err
	}
	now, err := c.now.dict(b)
	if err != nil {
		return err
	}
	for _, k := range keys(old, now) {
		switch k {
		case "Fields":
			err = c.fields(old[k], now[k])
		case "SigFlags":
		case "DA", "DR":
			if old[k] == nil {
				continue // of no use to fields that were there without
			}
			fallthrough
		default:
			err = c.differs(old[k], now[k], func() {
				c.altered("form", 0, say.F("改了表單的設定（%s）", "The settings of the form were changed (%s)", tidy(string(k))))
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *comparison) fields(a, b any) error {
	old, err := c.then.array(a)
	if err != nil {
		return err
	}
	now, err := c.now.array(b)
	if err != nil {
		return err
	}
	before, after := refs(old), refs(now)
	for _, x := range old {
		if r, isRef := x.(pdfRef); !isRef || !after[r] {
			c.altered("field-gone", 0, say.T("刪了表單欄位或簽章欄", "A form field or signature field was removed"))
			continue
		}
		was, err := c.then.dict(x)
		if err != nil {
			return err
		}
		is, err := c.now.dict(x)
		if err != nil {
			return err
		}
		if err := c.field(x, was, is, 0); err != nil {
			return err
		}
	}
	for _, x := range now {
		if r, isRef := x.(pdfRef); isRef && before[r] {
			continue
		} else if name, isSig := c.widgetFields[r]; isRef && isSig {
			c.ifAllowed(c.mayFill(), "signature", 0, say.F("之後又加了簽章「%s」", "Another signature was added later, “%s”", tidy(name)))
			continue
		}
		c.altered("field", 0, say.T("加了表單欄位", "A form field was added"))
	}
	return nil
}

func refs(a pdfArray) map[pdfRef]bool {
	out := map[pdfRef]bool{}
	for _, x := range a {
		if r, ok := x.(pdfRef); ok {
			out[r] = true
		}
	}
	return out
}

// field compares a field or its widget: a value may come in, with its look.
func (c *comparison) field(x any, old, now pdfDict, n int) error {
	if r, ok := x.(pdfRef); ok {
		if c.filled[r] {
			return nil
		}
		c.filled[r] = true
	}
	was, err := c.then.fieldOf(old)
	if err != nil {
		return err
	}
	is, err := c.now.fieldOf(now)
	if err != nil {
		return err
	}
	isSig := was.kind == pdfName("Sig")
	sameValue, err := c.same(was.value, is.value, isSig)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(was.kind, is.kind) || was.name != is.name {
		c.altered("field-changed", n, say.F("改了欄位「%s」", "The field “%s” was changed", tidy(was.name)))
	}
	switch {
	case sameValue:
	case isSig && was.value != nil:
		c.altered("signature-changed", n, say.F("換了簽章「%s」", "The signature “%s” was replaced", tidy(was.name)))
	case isSig:
		c.ifAllowed(c.mayFill() && !c.locked(was.name), "signature", n, say.F("之後又加了簽章「%s」", "Another signature was added later, “%s”", tidy(was.name)))
	default:
		c.ifAllowed(c.mayFill() && !c.locked(was.name), "filled", n, say.F("填寫了欄位「%s」", "The field “%s” was filled in", tidy(was.name)))
	}
	for _, k := range keys(old, now) {
		switch k {
		case "V":
			continue
		case "P", "Parent":
			if sameRef(old[k], now[k]) {
				continue
			}
		case "Kids":
			if err := c.kids(old[k], now[k], n, was.name); err != nil {
				return err
			}
			continue
		}
		look := k == "AP" || k == "AS" || k == "M"
		same, err := c.same(old[k], now[k], !look)
		if err != nil {
			return err
		}
		switch {
		case same, look && !sameValue:
		case look:
			c.altered("field-look", n, say.F("值沒有變，卻換了欄位「%s」的樣子", "The field “%s” looks different though its value is the same", tidy(was.name)))
		default:
			c.altered("field-changed", n, say.F("改了欄位「%s」", "The field “%s” was changed", tidy(was.name)))
		}
	}
	return nil
}

func (c *comparison) kids(a, b any, n int, name string) error {
	old, err := c.then.array(a)
	if err != nil {
		return err
	}
	now, err := c.now.array(b)
	if err != nil {
		return err
	}
	if !slices.EqualFunc(old, now, func(x, y any) bool { r, ok := x.(pdfRef); return ok && y == any(r) }) {
		c.altered("field-changed", n, say.F("改了欄位「%s」", "The field “%s” was changed", tidy(name)))
		return nil
	}
	for _, x := range old {
		was, err := c.then.dict(x)
		if err != nil {
			return err
		}
		is, err := c.now.dict(x)
		if err != nil {
			return err
		}
		if err := c.field(x, was, is, n); err != nil {
			return err
		}
	}
	return nil
}

// fieldFacts are what a field is with what it inherits.
type fieldFacts struct {
	kind  any
	name  string
	value any
}

func (v view) fieldOf(d pdfDict) (f fieldFacts, err error) {
	for range maxDepth {
		if d == nil {
			return f, nil
		}
		if f.kind == nil {
			if f.kind, err = v.get(d["FT"]); err != nil {
				return f, err
			}
		}
		if f.value == nil {
			f.value = d["V"]
		}
		x, err := v.get(d["T"])
		if err != nil {
			return f, err
		}
		if t, ok := x.(pdfText); ok {
			if f.name == "" {
				f.name = t.text()
			} else {
				f.name = fmt.Sprintf("%s.%s", t.text(), f.name)
			}
		}
		if d, err = v.dict(d["Parent"]); err != nil {
			return f, err
		}
	}
	return f, errTooMuch
}
