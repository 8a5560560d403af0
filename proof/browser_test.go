package proof_test

import (
	"os"
	"os/exec"
	"regexp"
	"testing"
)

// TestBrowser: what is compiled for the browser has no network, no database and no room but the words.
func TestBrowser(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "cloudbm/cmd/verifywasm")
	list.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^cloudbm/proof$`).Match(out) {
		t.Fatal("the verifier is not in it")
	}
	if not := regexp.MustCompile(`(?m)^(net/http|database/sql|os/exec|cloudbm/(store|web|pki|pdf|blob).*)$`).FindAll(out, -1); not != nil {
		t.Errorf("compiled for the browser: %s", not)
	}
}
