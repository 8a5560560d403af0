package pdf

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/adler32"
	"strings"

	"github.com/signintech/gopdf"
)

// Hostile are files as nobody should send them, by name: for tests of everything that takes files, and for the demo.
func Hostile() map[string][]byte {
	plain := simple()
	ask := func(action string) []byte { return simple("/OpenAction " + action) }
	return map[string][]byte{
		"empty.pdf":           {},
		"not-a-pdf.pdf":       []byte("這不是 PDF，只是一段文字。\n" + "MZ\x90\x00"),
		"truncated.pdf":       plain[:len(plain)*3/5],
		"garbage.pdf":         append(append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("\x80\x01 obj << ["), 200)...), "\n%%EOF\n"...),
		"encrypted-user.pdf":  locked("open", "owner"),
		"encrypted-owner.pdf": locked("", "owner"),
		"script-open.pdf":     ask("<</S/JavaScript/JS(app.alert\\('1'\\))>>"),
		"script-names.pdf":    simple("/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(1)>>]>>>>"),
		"xfa.pdf":             simple("/AcroForm<</Fields[]/XFA(<xdp/>)>>"),
		"launch.pdf":          ask("<</S/Launch/F(cmd.exe)>>"),
		"submit.pdf":          ask("<</S/SubmitForm/F(http://example.org/)>>"),
		"open-link.pdf":       ask("<</S/URI/URI(http://example.org/)>>"),
		"embedded-file.pdf":   embedding(),
		"page-loop.pdf":       objects("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>", "<</Type/Pages/Parent 2 0 R/Count 1/Kids[2 0 R]>>"),
		"wrong-count.pdf":     bytes.Replace(plain, []byte("/Count 1"), []byte("/Count 7"), 1),
		"zero-pages.pdf":      objects("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 0/Kids[]>>"),
		"no-size.pdf":         objects("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>", "<</Type/Page/Parent 2 0 R/Resources<<>>>>"),
		"huge-page.pdf":       bytes.Replace(plain, []byte("[0 0 595 842]"), []byte("[0 0 99999 842]"), 1),
		"tiny-page.pdf":       bytes.Replace(plain, []byte("[0 0 595 842]"), []byte("[0 0 5 5]"), 1),
		"user-unit.pdf":       bytes.Replace(plain, []byte("/MediaBox"), []byte("/UserUnit 100/MediaBox"), 1),
		"bomb.pdf":            bomb(),
		"object-bomb.pdf":     objectBomb("/Type/ObjStm"),
		"hidden-bomb.pdf":     objectBomb("/Type/#4fbjSt#6d"),
		"pdf-and-zip.pdf":     append(bytes.Clone(plain), zipped()...),
		"gif-and-pdf.pdf":     append([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00;"), plain...),
	}
}

// objects numbers the given objects from 1; the first is the catalog.
func objects(o ...string) []byte {
	b := make([][]byte, len(o))
	for i := range o {
		b[i] = []byte(o[i])
	}
	return assemble(b, 0)
}

// simple is one page with one line on it; extra entries go into the catalog.
func simple(extra ...string) []byte {
	more := ""
	for _, e := range extra {
		more += e
	}
	return objects("<</Type/Catalog/Pages 2 0 R"+more+">>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox [0 0 595 842]/Resources<<>>/Contents 4 0 R>>",
		string(stored("", []byte("1 w 50 50 m 500 700 l S\n"))))
}

func embedding() []byte {
	return objects("<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a.exe) 5 0 R]>>>>>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox [0 0 595 842]/Resources<<>>/Contents 4 0 R>>",
		string(stored("", []byte("1 w 50 50 m 500 700 l S\n"))),
		"<</Type/Filespec/F(a.exe)/EF<</F 6 0 R>>>>", string(stored("/Type/EmbeddedFile", []byte("MZ"))))
}

// locked is a page under a password; without a user password it opens, but is encrypted all the same.
func locked(user, owner string) []byte {
	g := &gopdf.GoPdf{}
	g.Start(gopdf.Config{Unit: gopdf.UnitPT, PageSize: *gopdf.PageSizeA4, Protection: gopdf.PDFProtectionConfig{
		UseProtection: true, Permissions: gopdf.PermissionsPrint, UserPass: []byte(user), OwnerPass: []byte(owner),
	}})
	g.AddPage()
	g.Line(50, 50, 500, 700)
	return g.GetBytesPdf()
}

// spaces is a text and then so many mebibytes of spaces, packed a thousandfold.
func spaces(text string, mib int) []byte {
	block := func(b []byte) []byte { // ends on a byte, so it can be repeated
		var out bytes.Buffer
		w, _ := flate.NewWriter(&out, flate.BestCompression)
		_, _ = w.Write(b)
		_ = w.Flush()
		return out.Bytes()
	}
	out := append([]byte{0x78, 0xDA}, block([]byte(text))...)
	one := block(bytes.Repeat([]byte(" "), 1<<20))
	for range mib {
		out = append(out, one...)
	}
	out = append(out, 0x03, 0x00) // an empty last block
	return binary.BigEndian.AppendUint32(out, adler(text, uint64(mib)<<20))
}

// bomb is a page whose content is a gibibyte of spaces, packed twice into a few kilobytes.
func bomb() []byte {
	var outer bytes.Buffer
	z, _ := zlib.NewWriterLevel(&outer, zlib.BestCompression)
	_, _ = z.Write(spaces("", 1024))
	_ = z.Close()
	return objects("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox [0 0 595 842]/Resources<<>>/Contents 4 0 R>>",
		string(stored("/Filter[/FlateDecode/FlateDecode]", outer.Bytes())))
}

// objectBomb keeps its objects in eight streams that grow to 100 MiB each when they are looked at.
func objectBomb(kind string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	const streams = 8
	var at [4 + streams]int
	put := func(n int, body []byte) {
		at[n] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, body)
	}
	put(1, []byte("<</Type/Catalog/Pages 2 0 R>>"))
	put(2, []byte("<</Type/Pages/Count 1/Kids[3 0 R]>>"))
	var inside strings.Builder
	for i := range streams {
		fmt.Fprintf(&inside, "%d 0 R ", len(at)+i)
	}
	put(3, []byte("<</Type/Page/Parent 2 0 R/MediaBox [0 0 595 842]/Resources<<>>/X["+inside.String()+"]>>"))
	for i := range streams {
		object := fmt.Sprintf("%-8s(bomb)", fmt.Sprintf("%d 0", len(at)+i))
		put(4+i, stored(kind+"/N 1/First 8/Filter/FlateDecode", spaces(object, 100)))
	}
	var rows []byte
	row := func(t byte, v, w int) { rows = append(rows, t, byte(v>>24), byte(v>>16), byte(v>>8), byte(v), byte(w)) }
	row(0, 0, 0)
	for n := 1; n < len(at); n++ {
		row(1, at[n], 0)
	}
	for i := range streams {
		row(2, 4+i, 0)
	}
	start := b.Len()
	n := len(at) + streams
	rows = append(rows, 1, byte(start>>24), byte(start>>16), byte(start>>8), byte(start), 0)
	fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", n, stored(fmt.Sprintf("/Type/XRef/Size %d/W[1 4 1]/Root 1 0 R", n+1), rows), start)
	return b.Bytes()
}

// adler is the Adler-32 of text and n spaces (n even): the sums of the spaces are an arithmetic series.
func adler(text string, n uint64) uint32 {
	const m = 65521
	sum := uint64(adler32.Checksum([]byte(text)))
	a, b := sum&0xFFFF, sum>>16
	series := n / 2 % m * ((n + 1) % m) % m * 32 % m
	return uint32((b+n%m*a+series)%m<<16 | (a+n%m*32)%m)
}

func zipped() []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create("setup.exe")
	if err == nil {
		_, err = fmt.Fprint(f, "MZ")
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic(err) // a buffer takes every byte
	}
	return b.Bytes()
}
