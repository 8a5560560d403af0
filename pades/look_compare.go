package pades

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"cloudbm/say"
)

// Limits of what is compared.
const (
	maxPages = 50000
	maxSteps = 1 << 20 // pairs of objects
	maxFar   = 5000    // objects one below the other
)

// pair is an object then and now.
type pair struct {
	then, now pdfRef
	linked    bool
}

// comparison finds what is different between the file as it was signed and as it is. It walks both from their catalogs
// side by side: what an object is for is where the walk meets it, so an object that is two things is judged as both.
type comparison struct {
	then, now view
	found     []Change

	rights       int // what DocMDP allows: 1 nothing, 2 forms and signatures, 3 annotations too; 0: nothing was said
	locks        []lock
	equal        map[pair]bool
	journal      []pair
	leaves       map[pdfRef]bool // pages, annotations, fields and catalogs: where links lead, compared for themselves
	steps        int
	named        int       // fields in locks
	held         int       // values of the objects on the way
	sizes        []float64 // of the pages now
	covered      map[int]float64
	filled       map[pdfRef]bool
	widgetFields map[pdfRef]string // fields of signatures now, and their widgets: their names
}

// lock is a FieldMDP: the fields that may not be filled in any more.
type lock struct {
	action pdfName
	names  []string
}

func (c *comparison) add(x Change) {
	if len(c.found) > 4*maxChanges && x.Allowed || len(c.found) > 8*maxChanges {
		return
	}
	if !slices.Contains(c.found, x) {
		c.found = append(c.found, x)
	}
}

func (c *comparison) altered(what string, page int, t say.Text) {
	c.add(Change{What: what, Page: page, Said: t})
}

func (c *comparison) allowed(what string, page int, t say.Text) {
	c.add(Change{What: what, Page: page, Said: t, Allowed: true})
}

// ifAllowed is a change that DocMDP may forbid.
func (c *comparison) ifAllowed(may bool, what string, page int, t say.Text) {
	c.add(Change{What: what, Page: page, Said: t, Allowed: may})
}

func (c *comparison) mayFill() bool { return c.rights != 1 }

func (c *comparison) run(s *signed) error {
	if i := len(c.now.sections) - len(c.then.sections); i < 0 || c.now.sections[i].at != c.then.sections[0].at {
		c.altered("structure", 0, say.T("檔案的結構被換掉", "The structure of the file was replaced"))
	}
	if err := c.permissions(s); err != nil {
		return err
	}
	a, b := c.then.sections[0].trailer, c.now.sections[0].trailer
	old, err := c.then.root()
	if err != nil {
		return err
	}
	now, err := c.now.root()
	if err != nil {
		return err
	}
	if !sameRef(a["Root"], b["Root"]) {
		c.altered("root", 0, say.T("文件的根目錄被換掉", "The catalog of the document was replaced"))
	}
	if err := c.mark(a["Root"], old); err != nil {
		return err
	}
	if same, err := c.same(a["Info"], b["Info"], true); err != nil {
		return err
	} else if !same {
		c.allowed("info", 0, saidInfo)
	}
	for _, k := range keys(old, now) {
		switch k {
		case "Pages":
			err = c.allPages(old[k], now[k])
		case "AcroForm":
			err = c.form(old[k], now[k])
		case "Version", "Extensions":
		case "OCProperties": // layers are drawn, so nothing in them is only a link
			var same bool
			if same, err = c.same(old[k], now[k], false); err == nil && !same {
				c.altered("catalog", 0, say.T("更改了圖層的設定", "The settings of the layers were changed"))
			}
		case "DSS":
			err = c.differs(old[k], now[k], func() {
				c.allowed("dss", 0, say.T("加了驗證簽章用的資料（DSS）", "Data to check the signature by were added (DSS)"))
			})
		case "Metadata":
			err = c.differs(old[k], now[k], func() { c.allowed("info", 0, saidInfo) })
		default:
			err = c.differs(old[k], now[k], func() {
				c.altered("catalog", 0, say.F("更改了文件的設定（%s）", "The settings of the document were changed (%s)", tidy(string(k))))
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

var saidInfo = say.T("更新了檔案的說明資料（標題、日期等）", "The description of the file was updated (title, dates)")

func (c *comparison) differs(a, b any, do func()) error {
	same, err := c.same(a, b, true)
	if err == nil && !same {
		do()
	}
	return err
}

// sameRef reports whether both are the same reference.
func sameRef(a, b any) bool {
	x, isA := a.(pdfRef)
	y, isB := b.(pdfRef)
	return isA && isB && x == y
}

func keys(a, b pdfDict) []pdfName {
	all := maps.Clone(a)
	if all == nil {
		all = pdfDict{}
	}
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}

// permissions reads what the signature, and a certification before it, allow.
func (c *comparison) permissions(s *signed) error {
	root, err := c.then.root()
	if err != nil {
		return err
	}
	perms, err := c.then.dict(root["Perms"])
	if err != nil {
		return err
	}
	certified, err := c.then.dict(perms["DocMDP"])
	if err != nil {
		return err
	}
	for _, value := range []pdfDict{s.value, certified} {
		list, err := c.then.array(value["Reference"])
		if err != nil {
			return err
		}
		for _, x := range list[:min(len(list), 16)] {
			d, err := c.then.dict(x)
			if err != nil {
				return err
			}
			p, err := c.then.dict(d["TransformParams"])
			if err != nil {
				return err
			}
			if d == nil {
				continue
			}
			method, err := c.then.get(d["TransformMethod"])
			if err != nil {
				return err
			}
			switch method {
			case pdfName("DocMDP"):
				x, err := c.then.get(p["P"])
				if err != nil {
					return err
				}
				n, ok := x.(int64)
				switch {
				case x == nil:
					n = 2 // ISO 32000-2, table 257
				case !ok || n < 1 || n > 3:
					n = 1 // whatever it means, it forbids
				}
				if c.rights == 0 || int(n) < c.rights {
					c.rights = int(n)
				}
			case pdfName("FieldMDP"):
				x, err := c.then.get(p["Action"])
				if err != nil {
					return err
				}
				action, _ := x.(pdfName)
				l := lock{action: action}
				names, err := c.then.array(p["Fields"])
				if err != nil {
					return err
				}
				if c.named += len(names); c.named > maxFields {
					return errTooMuch
				}
				for _, n := range names {
					x, err := c.then.get(n)
					if err != nil {
						return err
					}
					t, ok := x.(pdfText)
					if !ok {
						l.action = "All" // whatever it means, it forbids
						continue
					}
					l.names = append(l.names, t.text())
				}
				c.locks = append(c.locks, l)
			}
		}
	}
	return nil
}

func (c *comparison) locked(name string) bool {
	for _, l := range c.locks {
		in := slices.ContainsFunc(l.names, func(n string) bool { return n == name || strings.HasPrefix(name, n+".") })
		if l.action == "Include" && in || l.action == "Exclude" && !in || l.action != "Include" && l.action != "Exclude" {
			return true
		}
	}
	return false
}

// mark notes what links may lead to, and which fields are signatures.
func (c *comparison) mark(root any, old pdfDict) error {
	c.leaves, c.widgetFields, c.filled = map[pdfRef]bool{}, map[pdfRef]string{}, map[pdfRef]bool{}
	leaf := func(x any) error {
		r, ok := x.(pdfRef)
		if !ok {
			return nil
		}
		d, err := c.then.load(r)
		if _, isDict := d.(pdfDict); isDict { // of what else stands there only a part is compared
			c.leaves[r] = true
		}
		return err
	}
	if err := leaf(root); err != nil {
		return err
	}
	for _, v := range []view{c.then, c.now} {
		err := v.eachField(func(r any, _ pdfDict, kind any, name string) error {
			ref, ok := r.(pdfRef)
			if ok && v.sections[0] == c.then.sections[0] {
				if err := leaf(r); err != nil {
					return err
				}
			}
			if ok && kind == pdfName("Sig") {
				c.widgetFields[ref] = name
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	// Only what was a page or an annotation when it was signed is compared as one now: an object that becomes one later
	// must not hide behind that.
	pages, err := c.then.pagesOf(old["Pages"])
	if err != nil {
		return err
	}
	for _, p := range pages {
		if err := leaf(p.ref); err != nil {
			return err
		}
		annots, err := c.then.array(p.dict["Annots"])
		if err != nil {
			return err
		}
		for _, a := range annots {
			if err := leaf(a); err != nil {
				return err
			}
		}
	}
	return nil
}

// same reports whether two objects are alike with all that hangs on them. In linked parts references to pages, fields
// and annotations are links: alike if they lead to the same, which is compared for itself.
func (c *comparison) same(a, b any, linked bool) (bool, error) {
	from := len(c.journal)
	ok, err := c.alike(a, b, linked, 0)
	if !ok {
		for _, p := range c.journal[from:] { // some of these were only taken for alike until the difference was found
			delete(c.equal, p)
		}
	}
	c.journal = c.journal[:from]
	return ok, err
}

func (c *comparison) alike(a, b any, linked bool, depth int) (bool, error) {
	ra, isA := a.(pdfRef)
	rb, isB := b.(pdfRef)
	if linked && isA && isB && ra == rb && (c.leaves[ra] || c.leaves[rb]) {
		return true, nil
	}
	if isA && isB {
		p := pair{ra, rb, linked}
		if known, ok := c.equal[p]; ok {
			return known, nil
		}
		if c.steps++; c.steps > maxSteps || depth > maxFar {
			return false, errTooMuch
		}
		c.equal[p] = true
		c.journal = append(c.journal, p)
	}
	var err error
	if isA {
		if a, err = c.then.get(a); err != nil {
			return false, err
		}
	}
	if isB {
		if b, err = c.now.get(b); err != nil {
			return false, err
		}
	}
	if isA || isB {
		w := weigh(a) + weigh(b)
		if c.held += w; c.held > maxValues {
			return false, errTooMuch
		}
		defer func() { c.held -= w }()
	}
	return c.alikeValues(a, b, linked, depth+1)
}

func (c *comparison) alikeValues(a, b any, linked bool, depth int) (bool, error) {
	switch x := a.(type) {
	case pdfText:
		y, ok := b.(pdfText)
		return ok && x.bytes == y.bytes, nil
	case pdfArray:
		y, ok := b.(pdfArray)
		if !ok || len(x) != len(y) {
			return false, nil
		}
		for i := range x {
			if ok, err := c.alike(x[i], y[i], linked, depth); !ok || err != nil {
				return false, err
			}
		}
		return true, nil
	case pdfDict:
		y, ok := b.(pdfDict)
		if !ok {
			return false, nil
		}
		return c.alikeDicts(x, y, linked, depth, "")
	case pdfStream:
		y, ok := b.(pdfStream)
		if !ok {
			return false, nil
		}
		if ok, err := c.alikeDicts(x.dict, y.dict, linked, depth, "Length"); !ok || err != nil {
			return false, err
		}
		return c.sameBytes(x, y)
	}
	return a == b, nil
}

func (c *comparison) alikeDicts(a, b pdfDict, linked bool, depth int, but pdfName) (bool, error) {
	for _, k := range keys(a, b) {
		if k == but {
			continue
		}
		if ok, err := c.alike(a[k], b[k], linked, depth); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// sameBytes compares what two streams hold, as it is stored.
func (c *comparison) sameBytes(a, b pdfStream) (bool, error) {
	n, err := c.then.length(a)
	if err != nil {
		return false, err
	}
	m, err := c.now.length(b)
	if err != nil || n != m {
		return false, err
	}
	if a.at == b.at {
		return true, nil
	}
	f := c.now.f
	x, y := make([]byte, 64<<10), make([]byte, 64<<10)
	for i := int64(0); i < n; i += int64(len(x)) {
		k := min(int64(len(x)), n-i)
		if f.read += 2 * k; f.ctx.Err() != nil {
			return false, f.ctx.Err()
		} else if f.read > maxRead {
			return false, errTooMuch
		}
		for _, r := range []struct {
			b  []byte
			at int64
		}{{x[:k], a.at + i}, {y[:k], b.at + i}} {
			if got, err := f.r.ReadAt(r.b, r.at); err != nil && !(err == io.EOF && int64(got) == k) {
				return false, fmt.Errorf("pades: reading: %w", err)
			}
		}
		if !bytes.Equal(x[:k], y[:k]) {
			return false, nil
		}
	}
	return true, nil
}
