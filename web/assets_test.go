package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cloudbm/web"
	"cloudbm/web/webtest"
)

// built skips a test at home, and fails it in CI, when the bundles have not been made.
func built(t *testing.T) {
	t.Helper()
	if web.Asset("base.js") != "" {
		return
	}
	if os.Getenv("CI") != "" {
		t.Fatal("no bundles; run: go run -C tools/assets .")
	}
	t.Skip("no bundles; run: go run -C tools/assets .")
}

func TestTheBundlesAreServedForEver(t *testing.T) {
	built(t)
	s, _ := house(t)
	c := webtest.New(t, s)
	for _, name := range []string{"cloudbm.css", "base.js", "case.js", "upload.js", "viewer.js"} {
		p := c.Get(web.Asset(name)).WantStatus(200)
		if got := p.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: %s", name, got)
		}
		if kind := p.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/css") && !strings.HasPrefix(kind, "text/javascript") {
			t.Errorf("%s is %s", name, kind)
		}
	}
	c.Get("/static/dist/README").WantStatus(200)
	c.Get("/static/dist/").WantStatus(404)
	c.Get("/static/dist/base.js").WantStatus(404).Want("這裡沒有這一頁")
}

func TestOrdinaryPagesAreLight(t *testing.T) {
	built(t)
	size := 0
	for _, name := range []string{"base.js", "case.js"} {
		size += compressed(t, filepath.Join("static", strings.TrimPrefix(web.Asset(name), "/static/")))
	}
	if size > 30<<10 {
		t.Errorf("%d bytes of script on an ordinary page", size)
	}
	if css := compressed(t, filepath.Join("static", strings.TrimPrefix(web.Asset("cloudbm.css"), "/static/"))); css > 30<<10 {
		t.Errorf("%d bytes of style", css)
	}
}

func compressed(t *testing.T, path string) int {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Len()
}

func TestNothingThatBelongsToGovUK(t *testing.T) {
	built(t)
	_ = filepath.WalkDir("static", func(path string, d fs.DirEntry, _ error) error {
		if d.IsDir() {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, not := range []string{"GDS Transport", "@font-face", "govuk-crest", "/assets/", "https://www.gov.uk"} {
			if bytes.Contains(b, []byte(not)) {
				t.Errorf("%s has %q", path, not)
			}
		}
		return nil
	})
}

func TestWhatComesFromNpmIsExact(t *testing.T) {
	raw, err := os.ReadFile("assets/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var p struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatal(err)
	}
	exact := regexp.MustCompile(`^\d+\.\d+\.\d+$`)
	for name, v := range p.Dependencies {
		if !exact.MatchString(v) {
			t.Errorf("%s is wanted as %q", name, v)
		}
	}
	if len(p.Dependencies) == 0 {
		t.Error("nothing is wanted")
	}
	lock, err := os.ReadFile("assets/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(lock, []byte(`"resolved"`)) || !bytes.Contains(lock, []byte(`"integrity"`)) {
		t.Error("the lock file names a registry, or no digests")
	}
}
