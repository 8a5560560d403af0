package story

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTracked: what is kept in the repository says nothing about the machines and tools it was made with.
func TestTracked(t *testing.T) {
	list, err := exec.Command("git", "-C", root, "ls-files", "-z").Output()
	if err != nil {
		t.Skip("not a git checkout: ", err)
	}
	never := map[string]string{ // spelled in two halves, so that this file passes too
		"Co-" + "Authored-By":    "names a tool",
		"Generated" + " with":    "names a tool",
		"proxy." + "golang.org":  "names a registry",
		"sum." + "golang.org":    "names a registry",
		"registry." + "npmjs":    "names a registry",
		"deb." + "debian.org":    "names a registry",
		"/home/" + "user":        "is a path of one machine",
		"/work/" + "main":        "is a path of one machine",
		"/work/" + "shared":      "is a path of one machine",
		"/root/" + "go":          "is a path of one machine",
		"BEGIN RSA " + "PRIVATE": "is a key",
	}
	for _, name := range strings.Split(strings.TrimRight(string(list), "\x00"), "\x00") {
		b, err := os.ReadFile(filepath.Join(root, name))
		if err != nil || bytes.IndexByte(b[:min(len(b), 8000)], 0) >= 0 {
			continue // removed since, or not text
		}
		for words, why := range never {
			if i := bytes.Index(bytes.ToLower(b), []byte(strings.ToLower(words))); i >= 0 {
				t.Errorf("%s:%d: %q %s", name, 1+bytes.Count(b[:i], []byte("\n")), words, why)
			}
		}
	}
}
