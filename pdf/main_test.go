package pdf

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var theFonts = sync.OnceValues(func() (*Fonts, error) { return NewFonts("") })

func fonts(t testing.TB) *Fonts {
	t.Helper()
	f, err := theFonts()
	if err != nil {
		t.Fatal(err)
	}
	if !exists(filepath.Join(RareFontDir, "TW-Kai-Ext-B-98_1.ttf")) {
		missing(t, "font TW-Kai-Ext-B (fonts-cns11643-kai)")
	}
	return f
}

var theEngine = sync.OnceValues(func() (*Engine, error) {
	return NewEngine(filepath.Join(os.TempDir(), "cloudbm-pdf-test"), 2)
})

func engine(t testing.TB) *Engine {
	t.Helper()
	e, err := theEngine()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestMain(m *testing.M) {
	code := m.Run()
	if e, err := theEngine(); err == nil {
		_ = e.Close()
	}
	os.Exit(code)
}

// missing skips a test for want of something, except where everything must be there.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing", what)
	}
	t.Skipf("%s is missing", what)
}

// run runs a tool that judges our files.
func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		missing(t, name)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// drawings are the sample drawings by name.
func drawings(t testing.TB) map[string]string {
	t.Helper()
	dir := os.Getenv("CLOUDBM_DATA")
	if dir == "" {
		dir = "../../shared/data"
	}
	if d := filepath.Join(dir, "drawings"); exists(d) {
		dir = d
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.pdf"))
	if err != nil || len(files) == 0 {
		t.Skipf("no folder of sample drawings %s", dir) // samples, not a tool: not everybody who tests has them
	}
	m := map[string]string{}
	for _, f := range files {
		m[filepath.Base(f)] = f
	}
	return m
}

func exists(p string) bool { _, err := os.Stat(p); return err == nil }

// file keeps b under name for tools that want a path.
func file(t testing.TB, name string, b []byte) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(p, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func inspect(t testing.TB, b []byte) Report {
	t.Helper()
	r, err := Inspect(context.Background(), bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatalf("Inspect: %v", err)
	}
	return r
}

func picture(t testing.TB, b []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// sheet is a generated drawing in a file.
func sheet(t testing.TB, s SheetSpec) string {
	t.Helper()
	var b bytes.Buffer
	if err := GenerateSheet(&b, fonts(t), s); err != nil {
		t.Fatal(err)
	}
	return file(t, "sheet.pdf", b.Bytes())
}

// bare is s without any space, as texts are compared whose lines were broken.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\n', '\t', '\r', '\f', '　':
			return -1
		}
		return r
	}, s)
}

var morning = time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("CST", 8*3600))
