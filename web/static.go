package web

import (
	"embed"
	"encoding/json"
	"io/fs"
	"net/http"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzhttp"
)

// The style sheets and scripts that `go run -C tools/assets .` made, with their hashes in their names.
//
//go:embed all:static
var files embed.FS

var manifest = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	if b, err := files.ReadFile("static/dist/manifest.json"); err == nil {
		_ = json.Unmarshal(b, &m)
	}
	return m
})

// Asset is the address of the bundle that was made from name: "base.js", "cloudbm.css". It is empty when the bundles
// have not been made; a page without them still works.
func Asset(name string) string {
	if at, ok := manifest()[name]; ok {
		return "/static/dist/" + at
	}
	return ""
}

// static serves the bundles; a name with a hash never changes its content.
func static() http.Handler {
	root, err := fs.Sub(files, "static")
	if err != nil {
		panic(err)
	}
	hashed := map[string]bool{}
	for _, f := range manifest() {
		hashed["dist/"+f] = true
	}
	serve := gzhttp.GzipHandler(http.FileServerFS(root))
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		path := q.PathValue("path")
		if info, err := fs.Stat(root, path); err != nil || info.IsDir() {
			r := FromContext(q.Context())
			r.Site.draw(r, noSuchPage, http.StatusNotFound)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=3600")
		if hashed[path] {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		http.StripPrefix("/static/", serve).ServeHTTP(w, q)
	})
}

// bundles are the scripts of a page: the base and those it names, without those that were not made.
func bundles(extra []string) []string {
	var out []string
	for _, n := range append([]string{"base.js"}, extra...) {
		if !strings.HasSuffix(n, ".js") {
			n += ".js"
		}
		if at := Asset(n); at != "" {
			out = append(out, at)
		}
	}
	return out
}
