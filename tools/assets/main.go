// Command assets makes what the pages load: it bundles every script and style sheet that stands in web/assets into
// web/static/dist, with a hash of the content in the name and a manifest of the names, compiles the verifier of bundles for
// the browser beside them, and puts the typefaces of the printed forms into pdf/fonts.
//
//	npm ci --prefix web/assets      once, and after package.json changed
//	go run -C tools/assets .        after web/assets changed
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	root := "../.."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	if err := run(root); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	from, to := filepath.Join(root, "web/assets"), filepath.Join(root, "web/static/dist")
	if _, err := os.Stat(filepath.Join(from, "node_modules/govuk-frontend")); err != nil {
		return fmt.Errorf("npm packages are missing; run: npm ci --prefix web/assets")
	}
	if err := bundle(from, to); err != nil {
		return err
	}
	return typefaces(from, filepath.Join(root, "pdf/fonts"))
}

// bundle makes one file of each script and style sheet in from.
func bundle(from, to string) error {
	entries, err := sources(from)
	if err != nil {
		return err
	}
	if err := sweep(to); err != nil {
		return err
	}
	abs, err := filepath.Abs(to)
	if err != nil {
		return err
	}
	out := api.Build(api.BuildOptions{
		EntryPoints: entries, Bundle: true, Write: true, Outdir: abs, EntryNames: "[name]-[hash]", Metafile: true,
		Format: api.FormatESModule, Platform: api.PlatformBrowser, Charset: api.CharsetUTF8,
		Target: api.ES2020, MinifySyntax: true, MinifyWhitespace: true, MinifyIdentifiers: true,
		LegalComments: api.LegalCommentsEndOfFile, Plugins: []api.Plugin{ownFace, wasmExec}, LogLevel: api.LogLevelError,
		MainFields: []string{"browser", "module", "main"},
	})
	if len(out.Errors) > 0 {
		return fmt.Errorf("%d files do not build", len(out.Errors))
	}
	names := map[string]string{}
	for _, f := range out.OutputFiles {
		name := filepath.Base(f.Path)
		stem, ext := strings.TrimSuffix(name, filepath.Ext(name)), filepath.Ext(name)
		names[stem[:strings.LastIndexByte(stem, '-')]+ext] = name
		fmt.Printf("%-28s %7d bytes, %6d compressed\n", name, len(f.Contents), compressed(f.Contents))
	}
	if err := verifier(filepath.Join(from, "../.."), abs, names); err != nil {
		return err
	}
	b, err := json.MarshalIndent(names, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to, "manifest.json"), append(b, '\n'), 0o644)
}

// wasmExec is the script that comes with Go and runs what Go compiled to WebAssembly.
var wasmExec = api.Plugin{Name: "wasm_exec", Setup: func(b api.PluginBuild) {
	b.OnResolve(api.OnResolveOptions{Filter: `^go:wasm_exec$`}, func(api.OnResolveArgs) (api.OnResolveResult, error) {
		out, err := exec.Command("go", "env", "GOROOT").Output()
		return api.OnResolveResult{Path: filepath.Join(strings.TrimSpace(string(out)), "lib/wasm/wasm_exec.js")}, err
	})
}}

// verifier compiles the verifier for the browser, with a hash of it in its name like the others.
func verifier(root, to string, names map[string]string) error {
	made := filepath.Join(to, "verify.wasm")
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", made, "./cmd/verifywasm")
	build.Dir, build.Env = root, append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("the verifier for the browser: %w", err)
	}
	b, err := os.ReadFile(made)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(b)
	name := fmt.Sprintf("verify-%X.wasm", sum[:4])
	names["verify.wasm"] = name
	fmt.Printf("%-28s %7d bytes, %6d compressed\n", name, len(b), compressed(b))
	return os.Rename(made, filepath.Join(to, name))
}

// sources are the scripts and style sheets that stand in dir itself; its folders hold what they import.
func sources(dir string) ([]string, error) {
	found, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, f := range found {
		if ext := filepath.Ext(f.Name()); !f.IsDir() && (ext == ".js" || ext == ".css") {
			out = append(out, filepath.Join(dir, f.Name()))
		}
	}
	return out, nil
}

// sweep takes the bundles of the last time away.
func sweep(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	old, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, f := range old {
		if f.Name() != "README" {
			if err := os.Remove(filepath.Join(dir, f.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

var (
	faces    = regexp.MustCompile(`(?s)(/\*![^*]*\*/\s*)?@font-face\s*\{[^}]*\}`)
	pictures = regexp.MustCompile(`[^{}]*\{[^{}]*url\(/assets/[^{}]*\}`)
	family   = regexp.MustCompile(`GDS Transport,\s*arial,\s*sans-serif`)
)

// ownFace gives govuk-frontend our typefaces and takes out what may only stand on gov.uk: its font, crown and crest.
var ownFace = api.Plugin{Name: "own face", Setup: func(b api.PluginBuild) {
	b.OnLoad(api.OnLoadOptions{Filter: `govuk-frontend.*\.css$`}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
		raw, err := os.ReadFile(a.Path)
		if err != nil {
			return api.OnLoadResult{}, err
		}
		css := faces.ReplaceAllString(string(raw), "")
		css = pictures.ReplaceAllString(css, "")
		css = family.ReplaceAllString(css, "var(--font)")
		for _, not := range []string{"GDS Transport", "@font-face", "/assets/", "crest.svg"} {
			if strings.Contains(css, not) {
				return api.OnLoadResult{}, fmt.Errorf("%s still has %q", a.Path, not)
			}
		}
		return api.OnLoadResult{Contents: &css, Loader: api.LoaderCSS}, nil
	})
}}

// typefaces copies the two weights that the printed forms are set in, with their licence.
func typefaces(from, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	pkg := filepath.Join(from, "node_modules/@expo-google-fonts/noto-sans-tc")
	for name, path := range map[string]string{
		"NotoSansTC_400Regular.ttf": "400Regular/NotoSansTC_400Regular.ttf",
		"NotoSansTC_700Bold.ttf":    "700Bold/NotoSansTC_700Bold.ttf",
		"LICENSE_FONT":              "LICENSE_FONT",
	} {
		if err := copyFile(filepath.Join(pkg, path), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(dst, src); err != nil {
		dst.Close()
		return err
	}
	return dst.Close()
}

func compressed(b []byte) int {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Len()
}
