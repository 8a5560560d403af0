package drawings

import (
	"archive/zip"
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/traditionalchinese"

	"cloudbm/pdf"
)

// samples is the folder of real drawings; a test that needs them is skipped where there are none.
func samples(t testing.TB) string {
	dir := os.Getenv("CLOUDBM_DATA")
	if dir == "" {
		dir = "../../shared/data"
	}
	dir = filepath.Join(dir, "drawings")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no sample drawings: ", err)
	}
	return dir
}

func zipped(names ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		w, _ := z.Create(n)
		io.WriteString(w, "x")
	}
	z.Close()
	return b.Bytes()
}

func pictures() (j, p []byte) {
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	var a, b bytes.Buffer
	jpeg.Encode(&a, img, nil)
	png.Encode(&b, img)
	return a.Bytes(), b.Bytes()
}

const smallDXF = "  0\r\nSECTION\r\n  2\r\nHEADER\r\n  9\r\n$ACADVER\r\n  1\r\nAC1027\r\n  9\r\n$INSUNITS\r\n 70\r\n6\r\n  0\r\nENDSEC\r\n" +
	"  0\r\nSECTION\r\n  2\r\nTABLES\r\n  0\r\nTABLE\r\n  2\r\nLAYER\r\n  0\r\nLAYER\r\n  2\r\n地籍線\r\n 70\r\n0\r\n  0\r\nENDTAB\r\n  0\r\nENDSEC\r\n" +
	"  0\r\nSECTION\r\n  2\r\nENTITIES\r\n  0\r\nLINE\r\n  8\r\n地籍線\r\n 10\r\n0\r\n 20\r\n0\r\n 11\r\n25.5\r\n 21\r\n10\r\n" +
	"  0\r\nTEXT\r\n  8\r\n\\U+5730\\U+865F\r\n 10\r\n1\r\n 20\r\n2\r\n  1\r\n123-4\r\n  0\r\nENDSEC\r\n  0\r\nEOF\r\n"

func TestFilesAreKnownByContent(t *testing.T) {
	j, p := pictures()
	hostile := pdf.Hostile()
	for name, k := range map[string]struct {
		content []byte
		want    string
	}{
		"pdf":            {hostile["script-open.pdf"], PDF},
		"pdf after gif":  {hostile["gif-and-pdf.pdf"], PDF},
		"jpeg":           {j, JPEG},
		"png":            {p, PNG},
		"dxf":            {[]byte(smallDXF), DXF},
		"dxf, comment":   {[]byte("999\nmade by hand\n" + smallDXF), DXF},
		"dxf, bom":       {[]byte("\xef\xbb\xbf" + smallDXF), DXF},
		"binary dxf":     {[]byte("AutoCAD Binary DXF\r\n\x1a\x00" + strings.Repeat("\x00", 40)), DXF},
		"dwg":            {append([]byte("AC1032\x00\x00"), make([]byte, 100)...), DWG},
		"zip":            {zipped("a.pdf"), "application/zip"},
		"program":        {append([]byte("MZ\x90\x00"), make([]byte, 200)...), "application/vnd.microsoft.portable-executable"},
		"text like dxf":  {[]byte("0\nSECTION of a letter\n2\n"), "text/plain"},
		"html":           {[]byte("<!DOCTYPE html><script>alert(1)</script>"), "text/html"},
		"svg":            {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "image/svg+xml"},
		"empty":          {nil, "text/plain"},
		"chinese letter": {[]byte("這不是圖說"), "text/plain"},
	} {
		got, err := sniff(bytes.NewReader(k.content))
		if err != nil || got != k.want {
			t.Errorf("%s: %s %v, want %s", name, got, err, k.want)
		}
	}
	if _, err := sniff(brokenDisk{}); err == nil {
		t.Error("an unreadable file has a kind")
	}
}

type brokenDisk struct{}

func (brokenDisk) Read([]byte) (int, error)       { return 0, errors.New("read error") }
func (brokenDisk) Seek(int64, int) (int64, error) { return 0, nil }

func TestWhatAClassTakes(t *testing.T) {
	for _, k := range []struct {
		class, kind string
		want        bool
	}{{"A1", PDF, true}, {"A8", DXF, true}, {"A8", DWG, true}, {"A1", DXF, false}, {"AA", JPEG, true}, {"A1", JPEG, false}, {"A8", PNG, false}, {"A1", "application/zip", false}} {
		if Takes(k.class, k.kind) != k.want {
			t.Errorf("%s takes %s: %v", k.class, k.kind, !k.want)
		}
		if why := notTaken(k.class, k.kind); !k.want && (why.Zh == "" || why.En == "") {
			t.Errorf("%s does not take %s, and nobody says why", k.class, k.kind)
		}
	}
}

func TestSurveyOfADXF(t *testing.T) {
	s, p, err := surveyDXF(strings.NewReader(smallDXF))
	if err != nil || len(p) != 0 {
		t.Fatalf("%v %v", p, err)
	}
	if s.Entities != 2 || s.Unit != "m" || s.Version != "AC1027" || s.Wide() != 25.5 || s.High() != 10 ||
		len(s.Layers) != 2 || s.Layers[0] != (Layer{"地籍線", 1}) || s.Layers[1] != (Layer{"地號", 1}) {
		t.Errorf("%+v", s)
	}
	big5, _ := traditionalchinese.Big5.NewEncoder().String(strings.Replace(smallDXF, "AC1027", "AC1015\r\n  9\r\n$DWGCODEPAGE\r\n  3\r\nANSI_950", 1))
	if s, _, _ = surveyDXF(strings.NewReader(big5)); len(s.Layers) != 2 || s.Layers[0].Name != "地籍線" {
		t.Errorf("Big5: %+v", s)
	}
	for name, k := range map[string]struct{ content, code string }{
		"cut":          {smallDXF[:len(smallDXF)-20], "truncated-dxf"},
		"garbage":      {strings.Replace(smallDXF, "  8\r\n地籍線", "xx\r\n地籍線", 1), "damaged-dxf"},
		"nothing":      {strings.Replace(smallDXF, "ENTITIES", "OBJECTS", 1), "empty-dxf"},
		"binary":       {"AutoCAD Binary DXF\r\n\x1a\x00", "binary-dxf"},
		"endless line": {"  0\n" + strings.Repeat("A", 1<<20), "damaged-dxf"},
		"NaN":          {strings.Replace(smallDXF, "25.5", "NaN", 1), ""},
		"no unit":      {strings.Replace(smallDXF, "$INSUNITS", "$OTHER", 1), "no-unit"},
	} {
		_, p, err := surveyDXF(strings.NewReader(k.content))
		if err != nil || k.code == "" && len(p) > 0 || k.code != "" && (len(p) == 0 || p[0].Code != k.code) {
			t.Errorf("%s: %v %v, want %s", name, p, err, k.code)
		}
	}
}

func TestRealDXF(t *testing.T) {
	for _, name := range []string{"apartment-6-units.dxf", "house-medium.dxf"} {
		f, err := os.Open(filepath.Join(samples(t), name))
		if err != nil {
			t.Fatal(err)
		}
		if kind, err := sniff(f); kind != DXF || err != nil {
			t.Errorf("%s is %s, %v", name, kind, err)
		}
		s, p, err := surveyDXF(f)
		f.Close()
		if err != nil || len(s.Layers) < 5 || s.Entities < 100 || s.Wide() == 0 || s.High() == 0 {
			t.Errorf("%s: %d layers, %d entities, %v × %v, %v %v", name, len(s.Layers), s.Entities, s.Wide(), s.High(), p, err)
		}
		for _, x := range p {
			if x.Serious {
				t.Errorf("%s: %s", name, x.Text)
			}
		}
		t.Logf("%s: %s, %d layers, %d entities, %.1f × %.1f %s", name, s.Version, len(s.Layers), s.Entities, s.Wide(), s.High(), s.Unit)
	}
}

func FuzzSurveyDXF(f *testing.F) {
	f.Add([]byte(smallDXF))
	f.Fuzz(func(t *testing.T, b []byte) {
		surveyDXF(bytes.NewReader(b))
		sniff(bytes.NewReader(b))
	})
}
