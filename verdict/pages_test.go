package verdict_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"cloudbm/cms"
	"cloudbm/sim/bundle"
	"cloudbm/store/storetest"
	"cloudbm/verdict"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

// TestPage: only this page may run WebAssembly; it says what the reader has to know, and brings along whom it believes.
func TestPage(t *testing.T) {
	d, err := bundle.Open(t.TempDir(), time.Date(2026, 3, 2, 1, 2, 3, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	trust, err := bundle.Trust(d)
	if err != nil {
		t.Fatal(err)
	}
	site := web.NewSite(storetest.SQLite(t), nil)
	verdict.Room{Cards: trust}.Mount(site)
	c := webtest.New(t, site)
	p := c.Get("/verify").WantStatus(200).Want("檔案不會離開您的電腦", "cloudbm verify bundle.zip --trust roots", cms.Fingerprint(trust.Roots[0]), "沒有設定")
	if csp := p.Header.Get("Content-Security-Policy"); strings.Count(csp, "'wasm-unsafe-eval'") != 1 || strings.Contains(csp, "'unsafe-eval'") {
		t.Error(csp)
	}
	if csp := c.Get("/nowhere").Header.Get("Content-Security-Policy"); strings.Contains(csp, "wasm") {
		t.Error(csp)
	}
	box := p.One("[data-verify]")
	if got, err := cms.Certificates([]byte(box.Attr("data-cards"))); err != nil || len(got) != len(trust.Roots)+len(trust.Below) {
		t.Errorf("%d authorities: %v", len(got), err)
	}
	if box.Attr("data-authorities") != "" {
		t.Error("somebody signs for the authorities")
	}
	wasm := c.Get(box.Attr("data-verify")).WantStatus(200)
	if kind := wasm.Header.Get("Content-Type"); kind != "application/wasm" || !strings.Contains(wasm.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%s %s", kind, wasm.Header.Get("Cache-Control"))
	}
	if a := c.Do("GET", box.Attr("data-verify"), nil, http.Header{"Accept-Encoding": {"gzip"}}); a.Header.Get("Content-Encoding") != "gzip" {
		t.Error("the verifier is sent as it is, without compression")
	}
}
