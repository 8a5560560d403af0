package padestest

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"fmt"
	"maps"
	"strings"

	"cloudbm/pki"
)

// Hostile are files that want to be taken for signed and untouched, or to harm who looks, by name. The part of a name
// before the first dash is the attack: usf a signature that says nothing, isa an update with something else to see, swa
// signed bytes moved away, doc content over a certified document, shadow a document prepared before it was signed, …
func (s *Signer) Hostile() map[string][]byte {
	return together(s.Light(), s.damaged(), s.bombs(), s.heavy())
}

// Light are those of the hostile files that are small and each of its own kind.
func (s *Signer) Light() map[string][]byte {
	return together(s.forgeries(), s.ranges(), s.appended(), s.wrapped(), s.overlaid(), s.shadows(), s.manyFaced(), s.strange(), s.resplit(), s.unseen(), s.deep())
}

func together(all ...map[string][]byte) map[string][]byte {
	out := map[string][]byte{}
	for _, more := range all {
		for name, b := range more {
			if _, twice := out[name]; twice {
				panic("padestest: two files are called " + name)
			}
			out[name] = b
		}
	}
	return out
}

func (s *Signer) one() *paper { return s.sign(newPaper(false, nil), how{name: "architect"}) }

// forgeries take the value out of the signature, or its ranges, or both (universal signature forgery).
func (s *Signer) forgeries() map[string][]byte {
	out := map[string][]byte{}
	one := s.one().b
	contents := "/Contents<" + between(string(one), "/Contents<", ">") + ">"
	ranges := "/ByteRange[" + between(string(one), "/ByteRange[", "]") + "]"
	fit := func(s string, n int) string { return s + strings.Repeat(" ", n-len(s)) }
	size := len(one)
	values := map[string]string{
		"kept": contents, "missing": "", "empty": "/Contents<>", "null": "/Contents null", "zero": "/Contents<00>", "garbage": "/Contents<deadbeef>",
		"text": "/Contents(abc)", "blank": "/Contents<" + strings.Repeat("0", 2*room) + ">", "number": "/Contents 0",
	}
	where := map[string]string{
		"kept": ranges, "missing": "", "empty": "/ByteRange[]", "null": "/ByteRange null", "nulls": "/ByteRange[null null null null]",
		"negative": "/ByteRange[0 -1 -1 -1]", "overlong": fmt.Sprintf("/ByteRange[0 %d %d 9999999]", size/2, size/2),
		"overlap": fmt.Sprintf("/ByteRange[0 %d 10 %d]", size, size-10), "huge": "/ByteRange[0 9223372036854775807 9223372036854775807 9]",
		"beyond": "/ByteRange[0 99999999999999999999 1 1]", "nothing": "/ByteRange[0 0 0 0]", "words": "/ByteRange[(a)(b)(c)(d)]", "deep": "/ByteRange[[[0]]]",
	}
	for v, value := range values {
		for w, r := range where {
			if v == "kept" && w == "kept" {
				continue
			}
			b := strings.Replace(string(one), contents, fit(value, len(contents)), 1)
			out["usf-"+v+"-"+w] = []byte(strings.Replace(b, ranges, fit(r, len(ranges)), 1))
		}
	}
	return out
}

// ranges are signatures properly made over the wrong bytes.
func (s *Signer) ranges() map[string][]byte {
	out := map[string][]byte{}
	for name, ranges := range map[string]func(from, to, end int) []int{
		"from-one":    func(a, b, end int) []int { return []int{1, a - 1, b, end - b} },
		"wide-before": func(a, b, end int) []int { return []int{0, a - 10, b, end - b} },
		"wide-after":  func(a, b, end int) []int { return []int{0, a, b + 10, end - b - 10} },
		"inside":      func(a, b, end int) []int { return []int{0, a + 1, b - 1, end - b + 1} },
		"overlap":     func(a, b, end int) []int { return []int{0, b, a, end - a} },
		"three":       func(a, b, end int) []int { return []int{0, a, b, 10, b + 10, end - b - 10} },
		"one":         func(a, b, end int) []int { return []int{0, a} },
		"first-only":  func(a, b, end int) []int { return []int{0, a, b, 0} },
		"tail-open":   func(a, b, end int) []int { return []int{0, a, b, end - b - 7} },
		"tail-far":    func(a, b, end int) []int { return []int{0, a, b, 40} },
		"backwards":   func(a, b, end int) []int { return []int{b, end - b, 0, a} },
		"odd":         func(a, b, end int) []int { return []int{0, a, b} },
		"everything":  func(a, b, end int) []int { return []int{0, end, end, 0} },
	} {
		out["range-"+name] = s.sign(newPaper(false, nil), how{ranges: ranges}).b
	}
	decoy := newPaper(false, func(o map[int]string) { o[info] = "<</Title<" + strings.Repeat("0", 2*room) + ">>>" })
	at := bytes.Index(decoy.b, []byte("<0000"))
	out["range-elsewhere"] = s.sign(decoy, how{ranges: func(_, _, end int) []int { return []int{0, at, at + 2*room + 2, end - at - 2*room - 2} }}).b
	return out
}

// other is a page that shows something else.
func other() string { return stream("", "9 w 50 50 m 500 50 l S") }

// appended are updates after the signature (incremental saving).
func (s *Signer) appended() map[string][]byte {
	out := map[string][]byte{}
	one := s.one()
	body := fmt.Sprintf("4 0 obj\n%s\nendobj\n", other())
	at := len(one.b)
	table := fmt.Sprintf("xref\n4 1\n%010d 00000 n \n", at)
	trailer := fmt.Sprintf("trailer\n<</Size 40/Root 1 0 R/Prev %d>>\n", one.last)
	rootless := "trailer\n<</Size 40>>\n"
	end := func(tail string) string { return fmt.Sprintf("startxref\n%d\n%%%%EOF\n", at+len(tail)) }
	add := func(name string, tail string) { out["isa-"+name] = append(bytes.Clone(one.b), tail...) }
	add("body", body)
	add("body-end", body+"%%EOF\n")
	add("body-table", body+table)
	add("body-trailer", body+trailer)
	add("body-trailer-end", body+trailer+fmt.Sprintf("startxref\n%d\n%%%%EOF\n", one.last))
	add("body-old-table", body+fmt.Sprintf("startxref\n%d\n%%%%EOF\n", one.last))
	add("body-table-trailer", body+table+trailer+end(body))
	add("body-table-trailer-no-end", body+table+trailer)
	add("body-table-rootless", body+table+rootless+end(body))
	add("no-prev", body+table+"trailer\n<</Size 40/Root 1 0 R>>\n"+end(body))
	add("comment", "% only a remark\n")
	add("bytes", "PAID IN FULL\n")
	add("spaces", strings.Repeat(" ", 2000)+"\n")
	add("eof", "%%EOF\n")
	put := func(name string, changed map[int]string, onto ...int) {
		out["isa-"+name] = updated(one, changed, onto...).b
	}
	put("content", map[int]string{content1: other()})
	put("content-new", map[int]string{page1: strings.Replace(one.objects[page1], "4 0 R", "60 0 R", 1), 60: other()})
	put("content-freed", map[int]string{content1: ""})
	put("dangling", map[int]string{90: other()}) // page 2 named an object that was not there
	put("resources", map[int]string{page1: strings.Replace(one.objects[page1], "/Resources<<>>", "/Resources<</Font<</F1 60 0 R>>>>", 1), 60: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"})
	put("media-box", map[int]string{page1: strings.Replace(one.objects[page1], "/Type", "/MediaBox[0 0 100 100]/Type", 1)})
	put("media-box-inherited", map[int]string{pages: strings.Replace(one.objects[pages], "595", "295", 1)})
	put("rotate", map[int]string{page2: strings.Replace(one.objects[page2], "/Rotate 0", "/Rotate 180", 1)})
	put("crop-box", map[int]string{page2: strings.Replace(one.objects[page2], "/Rotate 0", "/CropBox[0 0 9 9]", 1)})
	put("page-gone", map[int]string{pages: "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595 842]>>"})
	put("page-more", map[int]string{pages: "<</Type/Pages/Count 3/Kids[3 0 R 5 0 R 60 0 R]/MediaBox[0 0 595 842]>>", 60: "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>"})
	put("pages-turned", map[int]string{pages: "<</Type/Pages/Count 2/Kids[5 0 R 3 0 R]/MediaBox[0 0 595 842]>>"})
	put("pages-other", map[int]string{catalog: strings.Replace(one.objects[catalog], "/Pages 2", "/Pages 60", 1), 60: "<</Type/Pages/Count 1/Kids[61 0 R]>>", 61: "<</Type/Page/Parent 60 0 R/MediaBox[0 0 9 9]>>"})
	put("open-action", map[int]string{catalog: strings.Replace(one.objects[catalog], "/Type", "/OpenAction<</S/JavaScript/JS(1)>>/Type", 1)})
	put("names", map[int]string{catalog: strings.Replace(one.objects[catalog], "/Type", "/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(1)>>]>>>>/Type", 1)})
	put("layers", map[int]string{catalog: strings.Replace(one.objects[catalog], "/Type", "/OCProperties<</OCGs[60 0 R]/D<</OFF[60 0 R]>>>>/Type", 1), 60: "<</Type/OCG/Name(a)>>"})
	put("form-gone", map[int]string{catalog: "<</Type/Catalog/Pages 2 0 R>>"})
	put("fields-gone", map[int]string{form: "<</Fields[]/SigFlags 3>>"})
	put("field-more", map[int]string{form: strings.Replace(one.objects[form], "]", " 60 0 R]", 1), 60: "<</Type/Annot/Subtype/Widget/FT/Tx/T(new)/Rect[0 0 595 842]>>"}, page1, 60)
	put("field-look", map[int]string{field: strings.Replace(one.objects[field], "/F 4", "/AP<</N 60 0 R>>/F 4", 1), 60: stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "0 0 9 9 re f")})
	put("field-moved", map[int]string{field: strings.Replace(one.objects[field], "[50 750", "[0 0", 1)})
	put("annotation", map[int]string{60: note}, page1, 60)
	put("annotation-link", map[int]string{60: strings.Replace(note, "/Text", "/Link/A<</S/URI/URI(http://example.org)>>", 1)}, page1, 60)
	put("annotations-gone", map[int]string{page1: strings.Replace(one.objects[page1], "/Annots[", "/Annotz[", 1)})
	put("form-xfa", map[int]string{form: strings.Replace(one.objects[form], "<<", "<</XFA(a)", 1)})
	put("form-appearances", map[int]string{form: strings.Replace(one.objects[form], "<<", "<</NeedAppearances true", 1)})
	put("signature-changed", map[int]string{10: strings.Replace(one.objects[10], "M(D:2026", "M(D:2027", 1)})
	root := one.clone()
	root.root = 60
	root.update(map[int]string{60: "<</Type/Catalog/Pages 61 0 R>>", 61: "<</Type/Pages/Count 1/Kids[62 0 R]>>", 62: "<</Type/Page/Parent 61 0 R/MediaBox[0 0 9 9]/Contents 63 0 R>>", 63: other()}, "")
	out["isa-second-catalog"] = root.b
	root = one.clone()
	root.root = 60
	root.update(map[int]string{60: strings.Replace(one.objects[catalog], "/Pages 2", "/Pages 61", 1), 61: "<</Type/Pages/Count 1/Kids[62 0 R]>>", 62: "<</Type/Page/Parent 61 0 R/MediaBox[0 0 9 9]/Contents 63 0 R>>", 63: other()}, "")
	out["isa-second-catalog-form"] = root.b
	streams := s.sign(newPaper(true, nil), how{})
	out["isa-streams"] = updated(streams, map[int]string{content1: other()}).b
	// the very object that fills a field is what a page shows
	shared := s.sign(newPaper(false, func(o map[int]string) {
		o[page1] = strings.Replace(o[page1], "/Resources<<>>", "/Resources<</XObject 8 0 R>>", 1)
		o[content1] = stream("", "/V Do")
	}), how{})
	out["isa-shared-field"] = updated(shared, map[int]string{field: strings.Replace(shared.objects[field], "/F 4", "/V 60 0 R/F 4", 1), 60: stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "0 0 9 9 re f")}).b
	// nothing is changed in the table, but a reader that searches finds it
	q := one.clone()
	q.b = append(q.b, body...)
	q.update(map[int]string{info: "<</Title(x)>>"}, "")
	out["isa-unlisted"] = q.b
	q = one.clone()
	q.b = append(q.b, "% 4 0 obj\n"...)
	q.update(map[int]string{info: "<</Title(x)>>"}, "")
	out["isa-in-remark"] = q.b
	// the honest engineer signs after the change
	out["isa-then-signed"] = s.sign(updated(one, map[int]string{content1: other()}), how{name: "engineer"}).b
	return out
}

// wrapped move the second range away and put something else in its place (signature wrapping).
func (s *Signer) wrapped() map[string][]byte {
	out := map[string][]byte{}
	for _, after := range []bool{false, true} {
		one := s.sign(newPaper(false, nil), how{after: after})
		b := string(one.b)
		contents := between(b, "/Contents<", ">")
		to := strings.Index(b, "/Contents<") + len("/Contents<") + len(contents) + 1
		from := to - len(contents) - 2
		ranges := "/ByteRange[" + between(b, "/ByteRange[", "]") + "]"
		for name, filling := range map[string]string{
			"zeros": strings.Repeat("\x00", 900), "spaces": strings.Repeat(" ", 900), "digits": strings.Repeat("0", 900),
			"remark": "%" + strings.Repeat("x", 900) + "\n", "key": "/Reason(paid)" + strings.Repeat(" ", 900),
			"objects": fmt.Sprintf(">>\nendobj\n4 0 obj\n%s\nendobj\n", other()) + strings.Repeat(" ", 900),
			"file":    fmt.Sprintf(">>\nendobj\n4 0 obj\n%s\nendobj\nxref\n0 0\ntrailer\n<</Root 1 0 R>>\nstartxref\n9\n%%%%EOF\n", other()),
		} {
			for where, moved := range map[string]string{"own": "", "second": fmt.Sprintf("/ByteRange[0 %d %d %d]", from, to, len(b)-to)} {
				gap := moved + filling
				if moved != "" {
					moved = fmt.Sprintf("/ByteRange[0 %d %d %d]", from, to+len(gap), len(b)-to)
					gap = moved + filling
				}
				whole := b[:to] + gap + b[to:]
				if where == "own" { // the ranges as the attacker needs them, in their own place
					text := fmt.Sprintf("/ByteRange[0 %d %d %d", from, to+len(gap), len(b)-to)
					whole = strings.Replace(whole, ranges, text+strings.Repeat(" ", len(ranges)-len(text)-1)+"]", 1)
				}
				whole = strings.Replace(whole, fmt.Sprintf("startxref\n%d\n", one.last), fmt.Sprintf("startxref\n%d\n", one.last+len(gap)), 1)
				out[fmt.Sprintf("swa-%s-%s-%v", name, where, after)] = []byte(whole)
			}
		}
		// the end of the file is as it was, and leads to a table that lies where the old one lay
		tail := b[to:]
		ranged := fmt.Sprintf("/ByteRange[0 %d %d %d]", from, to+2*len(tail), len(tail))
		for name, front := range map[string]string{"trap": ranged, "trap-plain": ""} {
			moved := front + ">>\nendobj\n"
			page := to + len(moved)
			moved += fmt.Sprintf("4 0 obj\n%s\nendobj\n", other())
			moved += strings.Repeat(" ", one.last-to-len(moved))
			old := one.clone()
			old.b, old.last = []byte(b[:to]+moved), 0
			at := maps.Clone(one.at)
			at[content1] = page
			old.table(at, "")
			whole := string(old.b) + strings.Repeat(" ", 2*len(tail))
			whole = whole[:to+2*len(tail)] + tail
			if front == "" {
				text := ranged[:len(ranged)-1]
				whole = strings.Replace(whole, ranges, text+strings.Repeat(" ", len(ranges)-len(text)-1)+"]", 1)
			}
			out[fmt.Sprintf("swa-%s-%v", name, after)] = []byte(whole)
		}
		// the whole file stays, and an update names a signature that points at it from afar
		for _, filling := range []string{"", strings.Repeat(" ", 100)} {
			q := one.clone()
			value := 10
			q.update(map[int]string{content1: other(), value: strings.Replace(strings.Replace(one.objects[value], "0000", contents[:4], 1), strings.Repeat(" ", 60), fmt.Sprintf("0 %d %d %d", from, len(q.b)+1000, len(tail)), 1)}, "")
			q.b = append(q.b, filling+tail...)
			out[fmt.Sprintf("swa-afar-%d-%v", len(filling), after)] = q.b
		}
	}
	// of two signatures the first is wrapped, the second is honest
	one := s.one()
	gap := bytes.Index(one.b, []byte("/Contents<"))
	wrapped := one.clone()
	copy(wrapped.b[gap+len("/Contents<")+2*room-40:], ">/Reason(other)/X<")
	out["swa-first-of-two"] = s.sign(wrapped, how{name: "engineer"}).b
	return out
}

// overlaid lay something over a certified document (evil annotation and sneaky signature attacks).
func (s *Signer) overlaid() map[string][]byte {
	out := map[string][]byte{}
	for rights := 1; rights <= 3; rights++ {
		c := s.sign(newPaper(false, nil), certified(rights))
		for _, kind := range []string{"FreeText", "Stamp", "Redact", "Highlight", "Square", "Ink", "Popup", "FileAttachment", "3D"} {
			for size, rect := range map[string]string{"small": "[50 50 90 60]", "large": "[0 0 595 842]", "turned": "[595 842 0 0]"} {
				if rights == 3 && size == "small" {
					continue // that is what it allows
				}
				a := fmt.Sprintf("<</Type/Annot/Subtype/%s/Rect%s/AP<</N 61 0 R>>/P 3 0 R>>", kind, rect)
				out[fmt.Sprintf("doc-%d-%s-%s", rights, kind, size)] = updated(c, map[int]string{60: a, 61: stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "0 0 9 9 re f")}, page1, 60).b
			}
		}
		out[fmt.Sprintf("doc-%d-signature-over", rights)] = s.sign(c, how{rect: "[0 0 595 842]"}).b
		if rights == 1 {
			out["doc-1-signature"] = s.sign(c, how{}).b
			out["doc-1-filled"] = updated(c, map[int]string{field: strings.Replace(c.objects[field], "/F 4", "/V(9)/F 4", 1)}).b
		}
	}
	h := certified(3) // what turns layers off becomes an annotation too
	layers := newPaper(false, func(o map[int]string) {
		o[catalog], o[20] = "<</Type/Catalog/Pages 2 0 R/AcroForm 7 0 R/OCProperties 21 0 R>>", "<</Type/OCG/Name(a)>>"
		o[21] = "<</OCGs[20 0 R]/D<<>>>>"
	})
	certify := h.change
	h.change = func(changed map[int]string) {
		certify(changed)
		changed[catalog] = strings.Replace(changed[catalog], "/AcroForm", "/OCProperties 21 0 R/AcroForm", 1)
	}
	out["doc-3-layers-as-annotation"] = updated(s.sign(layers, h), map[int]string{21: "<</OCGs[20 0 R]/D<</OFF[20 0 R]>>/Type/Annot/Subtype/Text/Rect[0 0 9 9]>>"}, page1, 21).b
	out["doc-2-signature-acts"] = s.sign(s.sign(newPaper(false, nil), certified(2)), how{change: func(changed map[int]string) {
		for n, o := range changed {
			changed[n] = strings.Replace(o, "/FT/Sig", "/AA<</E<</S/JavaScript/JS(1)>>>>/FT/Sig", 1)
		}
	}}).b
	locked := s.sign(newPaper(false, nil), how{more: "/Reference[<</Type/SigRef/TransformMethod/FieldMDP/TransformParams<</Type/TransformParams/V/1.2/Action/Include/Fields[(floor area)]>>>>]"})
	out["doc-locked-field"] = updated(locked, map[int]string{field: strings.Replace(locked.objects[field], "/F 4", "/V(9)/F 4", 1)}).b
	return out
}

// shadows are documents that were prepared before they were signed, and turned afterwards.
func (s *Signer) shadows() map[string][]byte {
	picture := stream("/Type/XObject/Subtype/Form/BBox[0 0 595 842]", "1 g 0 0 595 842 re f")
	hide := s.sign(newPaper(false, func(o map[int]string) {
		o[page1] = strings.Replace(o[page1], "/Resources<<>>", "/Resources<</XObject<</Over 20 0 R>>>>", 1)
		o[content1], o[20] = stream("", "1 w 50 50 m 500 700 l S /Over Do"), picture
	}), how{})
	fonts := s.sign(newPaper(false, func(o map[int]string) {
		o[form] = "<</Fields[8 0 R]/DR<</Font<</F 20 0 R>>>>>>"
		o[20], o[21] = "<</Type/Font/Subtype/Type3/CharProcs 21 0 R>>", "<</a 22 0 R>>"
		o[22], o[23] = stream("", "0 0 9 9 re f"), stream("", "5 5 9 9 re f")
		o[page1] = strings.Replace(o[page1], "/Resources<<>>", "/Resources<</Font<</F 20 0 R>>>>", 1)
	}), how{})
	filled := s.sign(newPaper(false, func(o map[int]string) {
		o[field] = strings.Replace(o[field], "/F 4", "/V(100)/AP<</N 20 0 R>>/F 4", 1)
		o[20], o[21] = picture, stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "")
	}), how{})
	twice := newPaper(false, func(o map[int]string) {
		o[20], o[21], o[22] = "<</Type/Catalog/Pages 21 0 R/AcroForm 7 0 R>>", "<</Type/Pages/Count 1/Kids[22 0 R]>>", "<</Type/Page/Parent 21 0 R/MediaBox[0 0 595 842]/Contents 23 0 R>>"
		o[23] = other()
	})
	// a second version of an object is in the file, but no table lists it
	hidden := newPaper(false, nil)
	spare := len(hidden.b)
	hidden.b = fmt.Appendf(hidden.b, "4 0 obj\n%s\nendobj\n", other())
	hidden.update(map[int]string{info: "<</Title(A1-01)>>"}, "")
	both := s.sign(hidden, how{})
	pointed := both.clone()
	pointed.table(map[int]int{content1: spare}, "")
	turned := s.sign(twice, how{}).clone()
	turned.root = 20
	turned.update(map[int]string{}, "")
	return map[string][]byte{
		"shadow-hide-freed":         updated(hide, map[int]string{20: ""}).b,
		"shadow-hide-null":          updated(hide, map[int]string{20: "null"}).b,
		"shadow-hide-resources":     updated(hide, map[int]string{page1: strings.Replace(hide.objects[page1], "/Over 20", "/Over 99", 1)}).b,
		"shadow-hide-kind":          updated(hide, map[int]string{20: stream("/Type/XObject/Subtype/Form/BBox[0 0 0 0]", "")}).b,
		"shadow-replace-font":       updated(fonts, map[int]string{21: "<</a 23 0 R>>"}).b,
		"shadow-replace-glyph":      updated(fonts, map[int]string{22: stream("", "1 1 9 9 re f")}).b,
		"shadow-replace-form-font":  updated(fonts, map[int]string{form: strings.Replace(fonts.objects[form], "/F 20", "/F 23", 1)}).b,
		"shadow-replace-appearance": updated(filled, map[int]string{field: strings.Replace(filled.objects[field], "/N 20", "/N 21", 1)}).b,
		"shadow-replace-drawn":      updated(filled, map[int]string{20: stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "")}).b,
		"shadow-both-catalogs":      turned.b,
		"shadow-both-objects":       pointed.b,
	}
}

// manyFaced are signed and untouched, but show different things to different people or programs.
func (s *Signer) manyFaced() map[string][]byte {
	signed := func(change func(map[int]string)) []byte { return s.sign(newPaper(false, change), how{}).b }
	more := func(where int, what string) []byte {
		return signed(func(o map[int]string) {
			o[where] = strings.Replace(o[where], "<<", "<<"+what, 1)
			o[20] = "<</Type/OCG/Name(a)>>"
		})
	}
	archive := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, _ := z.Create("a.txt")
		_, _ = w.Write([]byte("a"))
		_ = z.Close()
		return b.Bytes()
	}()
	in := func(front string) []byte { // bytes before the header; the offsets stay those of the file
		p := &paper{b: []byte(front), objects: map[int]string{}, at: map[int]int{}, root: catalog}
		q := newPaper(false, nil)
		p.b = append(p.b, "%PDF-1.7\n"...)
		p.update(q.objects, "")
		return s.sign(p, how{}).b
	}
	one := s.one().b
	enclosing := func(comment int) *paper { // the rest of the file is the comment of an archive in it
		a := bytes.Clone(archive)
		a[len(a)-2], a[len(a)-1] = byte(comment), byte(comment>>8)
		p := newPaper(false, nil)
		p.update(map[int]string{30: stream("", string(a))}, "")
		return s.sign(p, how{})
	}
	once := enclosing(0).b
	rest := len(once) - bytes.Index(once, []byte("PK\x05\x06")) - 22
	return map[string][]byte{
		"layer-off":          more(catalog, "/OCProperties<</OCGs[20 0 R]/D<</OFF[20 0 R]>>>>"),
		"layer-base":         more(catalog, "/OCProperties<</OCGs[20 0 R]/D<</BaseState/OFF/ON[]>>>>"),
		"layer-print":        more(catalog, "/OCProperties<</OCGs[20 0 R]/D<</AS[<</Event/Print/OCGs[20 0 R]/Category[/Print]>>]>>>>"),
		"layer-configs":      more(catalog, "/OCProperties<</OCGs[20 0 R]/D<<>>/Configs[<</OFF[20 0 R]>>]>>"),
		"active-open":        more(catalog, "/OpenAction<</S/JavaScript/JS(1)>>"),
		"active-names":       more(catalog, "/Names<</JavaScript<</Names[]>>>>"),
		"active-catalog":     more(catalog, "/AA<</WC<</S/JavaScript/JS(1)>>>>"),
		"active-page":        more(page2, "/AA<</O<</S/JavaScript/JS(1)>>>>"),
		"active-field":       more(field, "/AA<</F<</S/JavaScript/JS(1)>>>>"),
		"active-launch":      more(field, "/A<</S/Launch/F(cmd.exe)>>"),
		"active-xfa":         more(form, "/XFA(a)"),
		"outside-content":    more(content1, "/F(http://example.org/a)"),
		"polyglot-zip-after": append(bytes.Clone(one), archive...),
		"polyglot-zip-front": in(string(archive)),
		"polyglot-zip-in":    enclosing(rest).b,
		"polyglot-html":      in("<html><script>alert(1)</script><!--"),
		"polyglot-js":        in("/*"),
		"polyglot-html-in": func() []byte {
			p := &paper{b: []byte("%PDF-1.7\n%<html><body onload=alert(1)><!--\n"), objects: map[int]string{}, at: map[int]int{}, root: catalog}
			p.update(newPaper(false, nil).objects, "")
			return s.sign(p, how{}).b
		}(),
		"polyglot-exe": in("MZ\x90\x00"),
	}
}

// damaged are files cut off, bent, or with single bytes turned.
func (s *Signer) damaged() map[string][]byte {
	out := map[string][]byte{}
	one, two := s.one().b, s.sign(s.one(), how{name: "engineer"}).b
	for i := 1; i < 20; i++ {
		out[fmt.Sprintf("cut-%d", i)] = one[:len(one)*i/20]
		out[fmt.Sprintf("cut-two-%d", i)] = two[:len(two)*i/20]
	}
	out["cut-last"] = one[:len(one)-3]
	out["cut-front"] = one[20:]
	out["end-eof"] = append(bytes.Clone(one[:len(one)-6]), "%EOF\n"...)
	out["end-startxref"] = append(bytes.Clone(one[:bytes.LastIndex(one, []byte("startxref"))]), "startxref\n99999999\n%%EOF\n"...)
	for i := 0; i < len(one); i += 1 + len(one)/1500 {
		if loose(one, i) {
			continue
		}
		b := bytes.Clone(one)
		b[i] ^= 0x01
		out[fmt.Sprintf("flip-%05d", i)] = b
	}
	return out
}

// loose reports whether a byte stands in Contents. Not all that stands there is signed: certificates are not, nor
// versions.
func loose(b []byte, i int) bool {
	from := bytes.Index(b, []byte("/Contents<")) + len("/Contents<")
	return i >= from && i < from+2*room
}

// Loose are a signed file with single bytes turned in Contents. Where they belong to the signature it is broken; the
// others say nothing of what was signed, and must not change what is said of it.
func (s *Signer) Loose() map[string][]byte {
	out := map[string][]byte{}
	one := s.one().b
	for i := range one {
		if loose(one, i) && (one[i] != '0' || i%40 == 0) {
			b := bytes.Clone(one)
			b[i] ^= 1 << (i % 7)
			out[fmt.Sprintf("loose-%05d", i)] = b
		}
	}
	return out
}

// strange are encrypted, wrongly made, or too clever.
func (s *Signer) strange() map[string][]byte {
	one := s.one()
	locked := newPaper(false, nil)
	locked.update(map[int]string{30: "<</Filter/Standard/V 1/R 2/O(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)/U(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)/P -4>>"}, "/Encrypt 30 0 R")
	filter := func(f string) []byte { return s.sign(newPaper(false, nil), how{filter: f}).b }
	other := func(make func(*Signer, []byte) []byte) []byte { return s.sign(newPaper(false, nil), how{cms: make}).b }
	copied := one.clone()
	copied.update(map[int]string{form: strings.Replace(one.objects[form], "]", " 60 0 R]", 1), 60: "<</FT/Sig/T(second)/V 10 0 R>>"}, "")
	chained := one.clone()
	chained.last = len(chained.b) + len("60 0 obj\nnull\nendobj\n")
	chained.update(map[int]string{60: "null"}, "")
	return map[string][]byte{
		"locked": s.sign(locked, how{}).b,
		"locked-later": func() []byte {
			q := one.clone()
			q.update(map[int]string{30: locked.objects[30]}, "/Encrypt 30 0 R")
			return q.b
		}(),
		"filter-rsa":        filter("adbe.x509.rsa_sha1"),
		"filter-sha1":       filter("adbe.pkcs7.sha1"),
		"filter-unknown":    filter("Own.Format"),
		"filter-stamp":      filter("ETSI.RFC3161"),
		"filter-cades":      filter("ETSI.CAdES.detached"), // without the certificate's digest
		"cms-sha1":          other((*Signer).weak),
		"cms-hash-unknown":  other(func(s *Signer, b []byte) []byte { return bytes.ReplaceAll(s.cms(b), oidSHA256, oidUnknown) }),
		"cms-pss":           other(func(s *Signer, b []byte) []byte { return bytes.ReplaceAll(s.cms(b), oidECDSA, oidPSS) }),
		"cms-other-content": other(func(s *Signer, b []byte) []byte { return s.cms(append(b, ' ')) }),
		"cms-turned":        other(func(s *Signer, b []byte) []byte { c := s.cms(b); c[len(c)-1] ^= 1; return c }),
		"cms-cut":           other(func(s *Signer, b []byte) []byte { c := s.cms(b); return c[:len(c)/2] }),
		"cms-more":          other(func(s *Signer, b []byte) []byte { return append(s.cms(b), 1, 2, 3) }),
		"cms-indefinite":    other(func(s *Signer, b []byte) []byte { return []byte{0x30, 0x80, 0, 0} }),
		"cms-other-named":   other(func(s *Signer, b []byte) []byte { return s.cms(b, named(s.CA.Chain(pki.Citizen)[0])) }),
		"field-twice":       copied.b,
		"circle":            chained.b,
		"key-twice":         s.sign(newPaper(false, nil), how{more: "/SubFilter/adbe.pkcs7.detached"}).b,
		"contents-spaced":   s.sign(newPaper(false, nil), how{between: " /Contents(a)"}).b,
		"offset-negative":   bytes.Replace(one.b, []byte("startxref\n"), []byte("startxref\n-"), 1),
		"prev-itself":       bytes.Replace(one.b, []byte("/Prev "), []byte("/Prev 9"), 1),
		"size-untrue":       bytes.Replace(one.b, []byte("0000000015 00000 n"), []byte("0000000016 00000 n"), 1),
		"generation-untrue": bytes.Replace(one.b, []byte("0000000015 00000 n"), []byte("0000000015 00003 n"), 1),
	}
}

var (
	oidSHA256  = []byte{0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01}
	oidUnknown = []byte{0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x7e}
	oidECDSA   = []byte{0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02}
	oidPSS     = []byte{0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0a}
)

// squeezed is so many mebibytes of one byte.
func squeezed(mib int) string {
	var b bytes.Buffer
	z, _ := zlib.NewWriterLevel(&b, zlib.BestCompression)
	block := bytes.Repeat([]byte(" "), 1<<20)
	for range mib {
		_, _ = z.Write(block)
	}
	_ = z.Close()
	return b.String()
}

// bombs are small and want to be large.
func (s *Signer) bombs() map[string][]byte {
	out := map[string][]byte{}
	signed := func(name string, change func(map[int]string)) {
		out["bomb-"+name] = s.sign(newPaper(false, change), how{}).b
	}
	boom := squeezed(300)
	// a stream of references, and one of objects, that grow
	raw := func(name, dict, body string) {
		p := newPaper(false, nil)
		at := len(p.b)
		p.b = fmt.Appendf(p.b, "70 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n/ByteRange", stream(dict, body), at)
		out["bomb-"+name] = p.b
	}
	raw("references", "/Type/XRef/Size 99999999/W[1 4 1]/Root 1 0 R/Filter/FlateDecode", boom)
	raw("references-many", "/Type/XRef/Size 2147483647/W[0 0 1]/Root 1 0 R/Filter/FlateDecode", boom)
	raw("references-wide", "/Type/XRef/Size 2147483647/W[2147483647 2147483647 1]/Root 1 0 R", "x")
	raw("references-double", "/Type/XRef/Size 9/W[1 4 1]/Root 1 0 R/Filter[/FlateDecode/FlateDecode]", boom)
	raw("references-columns", "/Type/XRef/Size 9/W[1 4 1]/Root 1 0 R/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 9223372036854775807>>", boom)
	signed("claim", func(o map[int]string) { o[content1] = "<</Length 10737418240>>\nstream\nx\nendstream" })
	signed("length-loop", func(o map[int]string) { o[content1] = "<</Length 4 0 R>>\nstream\nx\nendstream" })
	signed("deep-tree", func(o map[int]string) {
		o[pages] = "<</Type/Pages/Count 2/Kids[100 0 R 3 0 R 5 0 R]/MediaBox[0 0 595 842]>>"
		for i := 100; i < 5000; i++ {
			o[i] = fmt.Sprintf("<</Type/Pages/Count 1/Kids[%d 0 R]>>", i+1)
		}
	})
	signed("page-loop", func(o map[int]string) { o[pages] = "<</Type/Pages/Count 2/Kids[3 0 R 2 0 R]>>" })
	signed("deep-brackets", func(o map[int]string) { o[info] = strings.Repeat("[", 2000000) })
	signed("deep-catalog", func(o map[int]string) {
		o[catalog] = "<</Type/Catalog/Pages 2 0 R/AcroForm 7 0 R/X " + strings.Repeat("[", 100000) + strings.Repeat("]", 100000) + ">>"
	})
	signed("wide-catalog", func(o map[int]string) {
		o[catalog] = "<</Type/Catalog/Pages 2 0 R/AcroForm 7 0 R/X[" + strings.Repeat("[]", 1900000) + "]>>"
	})
	signed("names-catalog", func(o map[int]string) {
		o[catalog] = "<</Type/Catalog/Pages 2 0 R/AcroForm 7 0 R/X[" + strings.Repeat("/A", 1900000) + "]>>"
	})
	signed("long-text", func(o map[int]string) {
		o[catalog] = "<</Type/Catalog/Pages 2 0 R/AcroForm 7 0 R/X(" + strings.Repeat("a", 20<<20) + ")>>"
	})
	signed("field-loop", func(o map[int]string) { o[field] = strings.Replace(o[field], "/F 4", "/Kids[8 0 R]/F 4", 1) })
	signed("parent-loop", func(o map[int]string) { o[field] = strings.Replace(o[field], "/F 4", "/Parent 8 0 R/F 4", 1) })
	signed("references-loop", func(o map[int]string) {
		o[catalog] = strings.Replace(o[catalog], "/Type", "/Names 30 0 R/Type", 1)
		o[30] = "31 0 R"
		o[31] = "30 0 R"
	})
	// many pages, of which every one stands in the file
	many := func(n int, each func(i int) string) []byte {
		p := newPaper(false, func(o map[int]string) {
			var kids strings.Builder
			for i := range n {
				fmt.Fprintf(&kids, "%s ", each(i))
			}
			o[pages] = "<</Type/Pages/Count 2/Kids[3 0 R 5 0 R " + kids.String() + "]/MediaBox[0 0 595 842]>>"
		})
		return s.sign(p, how{}).b
	}
	out["bomb-pages"] = many(1000000, func(int) string { return "<<>>" })
	out["bomb-pages-missing"] = many(300000, func(i int) string { return fmt.Sprintf("%d 0 R", i+100) })
	// a chain of objects that is compared with a longer one
	long := s.sign(newPaper(false, func(o map[int]string) {
		o[catalog] = strings.Replace(o[catalog], "/Type", "/Outlines 100 0 R/Type", 1)
		for i := 100; i < 9000; i++ {
			o[i] = fmt.Sprintf("<</Next %d 0 R>>", i+1)
		}
	}), how{})
	out["bomb-chain"] = updated(long, map[int]string{8999: "<</End true>>"}).b
	// every update has its own table, and there are many
	rings := s.one()
	for range 600 {
		rings.update(map[int]string{info: "<</Title(a)>>"}, "")
	}
	out["bomb-updates"] = rings.b
	return out
}
