package sso_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"cloudbm/store/storetest"
)

// TestDocument: the example of docs/sister-systems.md does what it says.
func TestDocument(t *testing.T) {
	for _, program := range []string{"bash", "curl", "openssl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	page, err := os.ReadFile("../docs/sister-systems.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(page), "## Try it")
	_, example, _ = strings.Cut(example, "```sh\n")
	example, _, ok := strings.Cut(example, "```")
	if !ok {
		t.Fatal("the page has no example")
	}
	p := newPlatform(t, storetest.SQLite(t))
	run := exec.CommandContext(t.Context(), "bash", "-c", strings.Replace(example, "http://127.0.0.1:8080", p.base, 1))
	run.Dir = t.TempDir()
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range []string{`"name":"測試甲"`, `"roles":["writer"]`, `"email":"p1@example.test"`, `"door":"backup"`} {
		if !strings.Contains(string(out), want) {
			t.Errorf("it does not answer %s: %s", want, out)
		}
	}
}
