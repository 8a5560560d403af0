package pdf

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/binary"
	"fmt"

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

// bomb is a page whose content is a gibibyte of spaces, packed twice into a few kilobytes.
func bomb() []byte {
	const mib = 1024
	var block bytes.Buffer
	w, _ := flate.NewWriter(&block, flate.BestCompression)
	_, _ = w.Write(bytes.Repeat([]byte(" "), 1<<20))
	_ = w.Flush() // ends on a byte, so the block can be repeated
	inner := []byte{0x78, 0xDA}
	for range mib {
		inner = append(inner, block.Bytes()...)
	}
	inner = append(inner, 0x03, 0x00) // an empty last block
	inner = binary.BigEndian.AppendUint32(inner, adlerOfSpaces(mib<<20))
	var outer bytes.Buffer
	z, _ := zlib.NewWriterLevel(&outer, zlib.BestCompression)
	_, _ = z.Write(inner)
	_ = z.Close()
	return objects("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox [0 0 595 842]/Resources<<>>/Contents 4 0 R>>",
		string(stored("/Filter[/FlateDecode/FlateDecode]", outer.Bytes())))
}

// adlerOfSpaces is the Adler-32 of n spaces, by the sums of an arithmetic series.
func adlerOfSpaces(n uint64) uint32 {
	const m = 65521
	a := (1 + n%m*32) % m
	tri := n / 2 % m * ((n + 1) % m) % m // n is even
	b := (n%m + tri*32) % m
	return uint32(b<<16 | a)
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
