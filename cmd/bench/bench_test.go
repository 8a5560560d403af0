package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloudbm/store/storetest"
)

// TestBench measures a little of everything on both databases, so that what is measured does not move away from what
// measures it.
func TestBench(t *testing.T) {
	for name, database := range map[string]string{"sqlite": "", "postgres": storetest.PostgresURL(t)} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			compiled := filepath.Join(os.TempDir(), "cloudbm-test-pdfium")
			if err := errors.Join(os.MkdirAll(compiled, 0o755), os.Symlink(compiled, filepath.Join(dir, "pdf-cache"))); err != nil {
				t.Fatal(err)
			}
			out := filepath.Join(dir, "table.md")
			if err := run(plan{upload: 1, cases: 120, sheets: 2, rounds: 1, database: database, dir: dir}, out); err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"tusd", "pdfcpu", "A1 sheets", "pages/s", "tile", "argon2id", "openssl cms", "Sealing", "/desk; 120 cases"} {
				if !strings.Contains(string(b), want) {
					t.Errorf("nothing was measured about %q:\n%s", want, b)
				}
			}
		})
	}
}
