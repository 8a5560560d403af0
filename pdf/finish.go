package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// finish takes what gopdf wrote and makes it a document that can be read aloud, searched and compared: marks become
// tags, the map back to Unicode is right above U+FFFF (gopdf writes <2137C> where UTF-16 needs <D844DF7C>), language,
// title and metadata are there, streams are packed, and the identifier comes from the content.
func (p *printed) finish(raw []byte) ([]byte, error) {
	objs, err := split(raw)
	if err != nil {
		return nil, err
	}
	var pages []int
	content := 0
	for i, o := range objs {
		switch {
		case bytes.Contains(o, []byte("/BaseFont /")), bytes.Contains(o, []byte("/FontName /")): // only a part of the font
			o = bytes.Replace(o, []byte("/BaseFont /"), []byte("/BaseFont /CLOUDB+"), 1)
			objs[i] = bytes.Replace(o, []byte("/FontName /"), []byte("/FontName /CLOUDB+"), 1)
		case bytes.HasPrefix(o, []byte("<<\n  /Type /Page\n")):
			pages = append(pages, i+1)
		case bytes.Contains(o, []byte("begincmap")):
			_, s, err := stream(o)
			if err != nil {
				return nil, err
			}
			cmap, err := unicodeMap(s)
			if err != nil {
				return nil, err
			}
			objs[i] = packed("", cmap)
		case bytes.HasPrefix(o, []byte("<<\n/Length ")):
			if content == len(p.pages) {
				return nil, fmt.Errorf("pdf: more contents than pages")
			}
			_, s, err := stream(o)
			if err != nil {
				return nil, err
			}
			objs[i] = packed("", marks(s, p.pages[content]))
			content++
		}
	}
	if len(pages) != len(p.pages) || content != len(p.pages) {
		return nil, fmt.Errorf("pdf: %d pages and %d contents written for %d", len(pages), content, len(p.pages))
	}
	if p.root == nil {
		p.root = &tag{role: "Document"}
	}

	add := func(s string) int { objs = append(objs, []byte(s)); return len(objs) }
	var tags []*tag
	p.root.each(func(t *tag) { t.objNo = add(""); tags = append(tags, t) })
	tree := add("")
	for _, t := range tags {
		objs[t.objNo-1] = []byte(t.source(tree, pages))
	}
	var parents strings.Builder
	for i, c := range p.pages {
		fmt.Fprintf(&parents, "%d[", i)
		for _, t := range c.marks {
			fmt.Fprintf(&parents, "%d 0 R ", t.objNo)
		}
		parents.WriteString("]")
		objs[pages[i]-1] = bytes.Replace(objs[pages[i]-1], []byte("<<\n"), fmt.Appendf(nil, "<<\n/StructParents %d/Tabs/S\n", i), 1)
	}
	objs[tree-1] = fmt.Appendf(nil, "<</Type/StructTreeRoot/K[%d 0 R]/ParentTree<</Nums[%s]>>/ParentTreeNextKey %d>>", p.root.objNo, parents.String(), len(p.pages))
	meta := len(objs) + 1
	objs = append(objs, stored("/Type/Metadata/Subtype/XML", p.xmp()))
	objs[0] = fmt.Appendf(nil, "<</Type/Catalog/Pages 2 0 R/Lang(%s)/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>/StructTreeRoot %d 0 R/Metadata %d 0 R>>", p.lang, tree, meta)
	info := add(p.info())
	return assemble(objs, info), nil
}

// assemble writes the objects with a table of where they are.
func assemble(objs [][]byte, info int) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	at := make([]int, len(objs))
	for i, o := range objs {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n", i+1)
		b.Write(bytes.TrimRight(o, "\n"))
		b.WriteString("\nendobj\n")
	}
	sum := sha256.Sum256(b.Bytes())
	id := strings.ToUpper(hex.EncodeToString(sum[:16]))
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objs)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R", len(objs)+1)
	if info > 0 {
		fmt.Fprintf(&b, "/Info %d 0 R", info)
	}
	fmt.Fprintf(&b, "/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n", id, id, start)
	return b.Bytes()
}

// split cuts gopdf's file into the bodies of its objects, by its own table.
func split(raw []byte) ([][]byte, error) {
	bad := fmt.Errorf("pdf: unexpected output of the drawing library")
	i := bytes.LastIndex(raw, []byte("startxref\n"))
	if i < 0 {
		return nil, bad
	}
	word, _, _ := bytes.Cut(raw[i+10:], []byte("\n"))
	start, err := strconv.Atoi(string(word))
	if err != nil || start >= len(raw) {
		return nil, bad
	}
	rows := bytes.Split(raw[start:i], []byte("\n"))
	if len(rows) < 3 {
		return nil, bad
	}
	var at []int
	for _, r := range rows[3:] {
		if len(r) != 19 {
			break
		}
		n, err := strconv.Atoi(string(r[:10]))
		if err != nil {
			return nil, bad
		}
		at = append(at, n)
	}
	at = append(at, start)
	objs := make([][]byte, len(at)-1)
	for i := range objs {
		head := fmt.Sprintf("%d 0 obj\n", i+1)
		o := raw[at[i]:at[i+1]]
		if !bytes.HasPrefix(o, []byte(head)) {
			return nil, bad
		}
		end := bytes.LastIndex(o, []byte("endobj"))
		if end < 0 {
			return nil, bad
		}
		objs[i] = o[len(head):end]
	}
	return objs, nil
}

// stream is the dictionary and the bytes of a stream object.
func stream(o []byte) (dict, data []byte, err error) {
	i := bytes.Index(o, []byte("stream\n"))
	j := bytes.LastIndex(o, []byte("endstream"))
	if i < 0 || j < i {
		return nil, nil, fmt.Errorf("pdf: a stream without its end")
	}
	return o[:i], o[i+7 : j], nil
}

func packed(dict string, data []byte) []byte {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	_, _ = w.Write(data)
	_ = w.Close()
	return stored(dict+"/Filter/FlateDecode", z.Bytes())
}

func stored(dict string, data []byte) []byte {
	o := fmt.Appendf(nil, "<<%s/Length %d>>\nstream\n", dict, len(data))
	return append(append(o, data...), "\nendstream"...)
}

// marks turns the stand-ins of canvas.begin and end into the operators they stand for.
func marks(s []byte, c *canvas) []byte {
	out := make([]byte, 0, len(s)+16*len(c.marks))
	for len(s) > 0 {
		l := s
		if i := bytes.IndexByte(s, '\n'); i >= 0 {
			l, s = s[:i], s[i+1:]
		} else {
			s = nil
		}
		if bytes.HasPrefix(l, []byte("[] ")) && bytes.HasSuffix(l, []byte(".00 d")) {
			n, err := strconv.Atoi(string(l[3 : len(l)-5]))
			switch {
			case err != nil || n >= len(c.marks):
			case n == markEnd:
				out = append(out, "EMC\n"...)
				continue
			case n == markDecoration:
				out = append(out, "/Artifact BMC\n"...)
				continue
			default:
				out = fmt.Appendf(out, "/%s<</MCID %d>>BDC\n", c.marks[n].role, n)
				continue
			}
		}
		out = append(append(out, l...), '\n')
	}
	return out
}

var mapRow = regexp.MustCompile(`<([0-9A-F]{4})><[0-9A-F]{4}><([0-9A-F]+)>`)

// unicodeMap writes the map from glyphs to characters anew: UTF-16, at most 100 rows to a block.
func unicodeMap(s []byte) ([]byte, error) {
	rows := mapRow.FindAllSubmatch(s, -1)
	var b bytes.Buffer
	b.WriteString("/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n" +
		"/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	for len(rows) > 0 {
		n := min(len(rows), 100)
		fmt.Fprintf(&b, "%d beginbfchar\n", n)
		for _, r := range rows[:n] {
			v, err := strconv.ParseUint(string(r[2]), 16, 32)
			if err != nil {
				return nil, fmt.Errorf("pdf: map to Unicode: %w", err)
			}
			fmt.Fprintf(&b, "<%s><%s>\n", r[1], utf16Hex(string(rune(v))))
		}
		b.WriteString("endbfchar\n")
		rows = rows[n:]
	}
	b.WriteString("endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n")
	return b.Bytes(), nil
}

func utf16Hex(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String()
}

// textString is s as a PDF string.
func textString(s string) string { return "<FEFF" + utf16Hex(s) + ">" }

func (p *printed) info() string {
	var b strings.Builder
	b.WriteString("<<")
	for _, e := range [][2]string{{"Title", p.title}, {"Subject", p.subject}, {"Author", p.author}, {"Creator", p.creator}, {"Producer", "cloudbm"}} {
		if e[1] != "" {
			fmt.Fprintf(&b, "/%s %s", e[0], textString(e[1]))
		}
	}
	if !p.created.IsZero() {
		d := p.created.Format("D:20060102150405-0700")
		d = d[:len(d)-2] + "'" + d[len(d)-2:] + "'"
		fmt.Fprintf(&b, "/CreationDate(%s)/ModDate(%s)", d, d)
	}
	b.WriteString(">>")
	return b.String()
}

func (p *printed) xmp() []byte {
	esc := func(s string) string { var b bytes.Buffer; _ = xml.EscapeText(&b, []byte(s)); return b.String() }
	var b bytes.Buffer
	b.WriteString("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">` + "\n")
	fmt.Fprintf(&b, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:title>\n<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>\n", esc(p.title), p.lang)
	if p.author != "" {
		fmt.Fprintf(&b, "<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>\n", esc(p.author))
	}
	if !p.created.IsZero() {
		fmt.Fprintf(&b, "<xmp:CreateDate>%s</xmp:CreateDate>\n", p.created.Format(time.RFC3339))
	}
	b.WriteString("</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>")
	return b.Bytes()
}

// each calls do for t and all below it.
func (t *tag) each(do func(*tag)) {
	do(t)
	for _, k := range t.kids {
		if k.tag != nil {
			k.tag.each(do)
		}
	}
}

func (t *tag) source(tree int, pages []int) string {
	var b strings.Builder
	up := tree
	if t.up != nil {
		up = t.up.objNo
	}
	fmt.Fprintf(&b, "<</S/%s/P %d 0 R", t.role, up)
	home := -1
	for _, k := range t.kids {
		if k.tag == nil {
			home = k.page
			fmt.Fprintf(&b, "/Pg %d 0 R", pages[home])
			break
		}
	}
	if t.attr != "" {
		b.WriteString("/A" + t.attr)
	}
	if t.alt != "" {
		b.WriteString("/Alt" + textString(t.alt))
	}
	b.WriteString("/K[")
	for _, k := range t.kids {
		switch {
		case k.tag != nil:
			fmt.Fprintf(&b, "%d 0 R ", k.tag.objNo)
		case k.page == home:
			fmt.Fprintf(&b, "%d ", k.mark)
		default:
			fmt.Fprintf(&b, "<</Type/MCR/Pg %d 0 R/MCID %d>>", pages[k.page], k.mark)
		}
	}
	b.WriteString("]>>")
	return b.String()
}
