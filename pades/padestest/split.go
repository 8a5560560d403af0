package padestest

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// split are the bytes that were signed, split at another place: the document was prepared with a second catalog, page and
// signature inside a stream, and once it is signed the Contents are moved there. Their length brings the table inside the
// stream to where startxref leads. It is nil if the numbers do not come out even.
func (s *Signer) split(byteRange string) []byte {
	var out []byte
	xref, total, pad := 0, 0, 0
	for pass := range 10 { // the numbers inside depend on the layout that they change
		var p *paper
		var from, to, place int
		for range 3 {
			_, inContents, inTable := planted(byteRange, place, pad, [3]int{})
			from = place + inContents
			to = from + xref - (place + inTable)
			text, _, _ := planted(byteRange, place, pad, [3]int{from, max(to, 0), max(total-from, 0)})
			p = newPaper(false, func(o map[int]string) { o[20] = stream("", text) })
			place = bytes.Index(p.b, []byte("30 0 obj"))
		}
		b := s.sign(p, how{name: "architect"}).b
		i := bytes.LastIndex(b, []byte("/Contents<")) + len("/Contents")
		j := i + 2*room + 2
		rest := append(bytes.Clone(b[:i]), b[j:]...)
		k := bytes.LastIndex(b, []byte("startxref\n"))
		xref, _ = strconv.Atoi(strings.Fields(string(b[k+10:]))[0])
		total = len(rest)
		gap := to - from
		if gap > 0 && gap%2 != 0 && pass == 4 {
			pad = 1
		}
		if gap <= 2*room || gap%2 != 0 {
			continue
		}
		digits := strings.TrimRight(string(b[i+1:j-1]), "0")
		digits += strings.Repeat("0", gap-2-len(digits))
		out = append(append(bytes.Clone(rest[:from]), "<"+digits+">"...), rest[from:]...)
	}
	return out
}

// planted is the document inside the document, for a place in the file: where its Contents belong, and where its table is.
func planted(byteRange string, place, pad int, n [3]int) (text string, contents, table int) {
	var w strings.Builder
	at := map[int]int{}
	obj := func(n int, body string) {
		at[n] = place + w.Len()
		fmt.Fprintf(&w, "%d 0 obj\n%s\nendobj\n", n, body)
	}
	obj(30, "<</Type/Catalog/Pages 31 0 R/AcroForm 33 0 R>>")
	obj(31, "<</Type/Pages/Count 1/Kids[32 0 R]/MediaBox[0 0 595 842]>>")
	obj(32, "<</Type/Page/Parent 31 0 R/Resources<<>>/Contents 34 0 R/Annots[35 0 R]>>")
	obj(33, "<</SigFlags 3/Fields[35 0 R]>>")
	obj(34, other())
	obj(35, "<</Type/Annot/Subtype/Widget/FT/Sig/T(architect)/Rect[0 0 0 0]/P 32 0 R/F 132/V 36 0 R>>")
	at[36] = place + w.Len()
	fmt.Fprintf(&w, "36 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/M(D:20260302013000Z)%s[0 %08d %08d %08d]/Contents", byteRange, n[0], n[1], n[2])
	contents = w.Len()
	w.WriteString(">>\nendobj\n")
	table = w.Len()
	w.WriteString("xref\n0 1\n0000000000 65535 f \n30 7\n")
	for n := 30; n <= 36; n++ {
		fmt.Fprintf(&w, "%010d 00000 n \n", at[n])
	}
	w.WriteString("trailer\n<</Size 40/Root 30 0 R>>\n" + strings.Repeat(" ", pad))
	return w.String(), contents, table
}

// resplit are files whose signature is taken for that of something else.
func (s *Signer) resplit() map[string][]byte {
	one := s.one().clone()
	one.update(map[int]string{content1: other(), form: "<</Fields[8 0 R]>>", page1: strings.Replace(one.objects[page1], " 11 0 R", "", 1)}, "")
	return map[string][]byte{"split-plain": s.split("/ByteRange"), "split-disguised": s.split("/Byte#52ange"), "resigned-over": s.sign(one, how{name: "another"}).b}
}

// unseen are updates of what a comparison may pass over and viewers go by.
func (s *Signer) unseen() map[string][]byte {
	one := s.one()
	out := map[string][]byte{"count-one": updated(one, map[int]string{pages: strings.Replace(one.objects[pages], "/Count 2", "/Count 1", 1)}).b}
	for name, row := range map[string][3]string{"mediabox": {"/MediaBox", "[0 0 595 842]", "[0 0 100 100]"}, "rotate": {"/Rotate", "0", "180"}} {
		leaf := s.sign(newPaper(false, func(o map[int]string) {
			o[page1] = strings.Replace(o[page1], "/Annots[8 0 R", row[0]+" 50 0 R/Annots[8 0 R 50 0 R", 1)
			o[50] = row[1]
		}), how{})
		out["leaf-"+name] = updated(leaf, map[int]string{50: row[2]}).b
	}
	both := s.sign(newPaper(false, func(o map[int]string) {
		o[page2] = strings.Replace(o[page2], "/Type/Page", "/Type/Page/Kids[51 0 R]/Count 1", 1)
		o[51] = "<</Type/Page/Parent 5 0 R/Contents 6 0 R>>"
		o[52] = other()
	}), how{})
	out["kids-page"] = updated(both, map[int]string{page2: strings.Replace(both.objects[page2], "/Contents[6 0 R", "/Contents[52 0 R", 1)}).b

	box := "<</Type/Annot/Subtype/Square/Rect[0 %d 595 %d]/AP<</N 61 0 R>>/P 3 0 R>>"
	ink := stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "0 0 9 9 re f")
	crop := s.sign(newPaper(false, func(o map[int]string) {
		o[page1] = strings.Replace(o[page1], "/Type/Page", "/Type/Page/MediaBox[0 0 5950 8420]/CropBox[0 0 595 842]", 1)
	}), certified(3))
	out["cover-crop"] = updated(crop, map[int]string{60: fmt.Sprintf(box, 0, 842), 61: ink}, page1, 60).b
	open := s.sign(newPaper(false, nil), certified(3))
	out["cover-five"] = updated(open, map[int]string{60: strings.Replace(fmt.Sprintf(box, 0, 842), "842]", "842 0]", 1), 61: ink}, page1, 60).b
	many, refs := map[int]string{61: ink}, ""
	for i := range 6 {
		many[70+i] = fmt.Sprintf(box, i*145, i*145+146)
		refs += fmt.Sprintf(" %d 0 R", 70+i)
	}
	old := "/Annots[" + between(open.objects[page1], "/Annots[", "]")
	many[page1] = strings.Replace(open.objects[page1], old, old+refs, 1)
	out["cover-many"] = updated(open, many).b
	return together(out, s.respelled())
}

// respelled are fields that are filled in although the signer forbade it, in another spelling than the usual one.
func (s *Signer) respelled() map[string][]byte {
	out := map[string][]byte{}
	fill := func(name, more, title string) {
		p := s.sign(newPaper(false, func(o map[int]string) {
			o[field] = strings.Replace(o[field], "/T(floor area)", title, 1)
			o[55], o[56], o[57] = "(floor area)", "1", "/DocMDP"
		}), how{more: "/Reference[<</Type/SigRef" + more + ">>]"})
		out[name] = updated(p, map[int]string{field: strings.Replace(p.objects[field], "/F 4", "/V(9)/F 4", 1)}).b
	}
	lock := func(name, title string) string {
		return "/TransformMethod/FieldMDP/TransformParams<</Type/TransformParams/V/1.2/Action/Include/Fields[" + name + "]>>"
	}
	plain := "/T(floor area)"
	fill("lock-utf16", lock("<FEFF0066006C006F006F007200200061007200650061>", plain), plain)
	fill("lock-title", lock("(floor area)", plain), "/T 55 0 R")
	fill("lock-name", lock("55 0 R", plain), plain)
	fill("lock-right", "/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/V/1.2/P 56 0 R>>", plain)
	fill("lock-float", "/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/V/1.2/P 1.0>>", plain)
	fill("lock-method", "/TransformMethod 57 0 R/TransformParams<</Type/TransformParams/V/1.2/P 1>>", plain)
	return out
}

// deep are documents that show different things by what hangs below the parts of a page.
func (s *Signer) deep() map[string][]byte {
	out := map[string][]byte{}
	act := func(name string, f func(map[int]string)) { out[name] = s.sign(newPaper(false, f), how{}).b }
	onPage := func(name, annotation string) {
		act(name, func(o map[int]string) {
			o[page1] = strings.Replace(o[page1], "/Annots[8 0 R", "/Annots[8 0 R 50 0 R", 1)
			o[50] = annotation
		})
	}
	drawn := func(name, first, second string) {
		act(name, func(o map[int]string) {
			o[page1] = strings.Replace(o[page1], "/Resources<<>>", "/Resources<</XObject<</A 50 0 R>>>>", 1)
			o[50], o[51] = first, second
		})
	}
	act("active-parent", func(o map[int]string) {
		o[form] = "<</Fields[50 0 R]/CO[50 0 R]>>"
		o[50] = "<</FT/Tx/T(floor area)/V(5)/Kids[8 0 R]/AA<</F<</S/JavaScript/JS(event.value=9)>>>>>>"
		o[field] = "<</Type/Annot/Subtype/Widget/Parent 50 0 R/Rect[50 750 150 770]/P 3 0 R/F 4>>"
	})
	act("active-outline", func(o map[int]string) {
		o[catalog] = strings.Replace(o[catalog], "/Type", "/Outlines 50 0 R/Type", 1)
		o[50], o[51] = "<</First 51 0 R/Last 51 0 R/Count 1>>", "<</Parent 50 0 R/Title(a)/A<</S/JavaScript/JS(1)>>>>"
	})
	onPage("active-media", "<</Type/Annot/Subtype/RichMedia/Rect[0 0 500 500]/RichMediaSettings<</Activation<</Condition/PV>>>>/RichMediaContent<</Assets<<>>>>>>")
	onPage("active-movie", "<</Type/Annot/Subtype/Movie/Rect[0 0 500 500]/Movie<</F(https://example.test/a.avi)>>>>")
	act("active-address", func(o map[int]string) {
		o[catalog] = strings.Replace(o[catalog], "/Type", "/OpenAction<</S/URI/URI(https://example.test/)>>/Type", 1)
	})
	onPage("layer-paper", "<</Type/Annot/Subtype/Stamp/F 36/Rect[0 0 595 842]>>")
	act("outside-appearance", func(o map[int]string) {
		o[field] = strings.Replace(o[field], "/F 4", "/AP<</N 51 0 R>>/F 4", 1)
		o[51] = stream("/Type/XObject/Subtype/Form/F(https://example.test/a)", "")
	})
	image := "/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray"
	drawn("outside-nested", stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</B 51 0 R>>>>", "/B Do"), stream("/Type/XObject/Subtype/Image/F(https://example.test/a.jpg)", ""))
	drawn("outside-print", stream(image+"/Alternates[<</Image 51 0 R/DefaultForPrinting true>>]", "a"), stream(image, "b"))
	return out
}
