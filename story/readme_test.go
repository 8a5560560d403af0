package story

import (
	"go/ast"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"cloudbm/accounts"
)

func page(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestReadmePeople: whoever README.md invites can sign in, and everybody who can is invited.
func TestReadmePeople(t *testing.T) {
	readme := page(t, "README.md")
	for _, p := range accounts.DemoPeople {
		if !strings.Contains(readme, "| `"+p.Email+"` | "+p.Name+" |") {
			t.Errorf("README.md does not name %s, %s", p.Email, p.Name)
		}
	}
	if n := strings.Count(readme, "@example.test` | 測試"); n != len(accounts.DemoPeople) {
		t.Errorf("README.md names %d people, the demonstration has %d", n, len(accounts.DemoPeople))
	}
	if !strings.Contains(readme, "`"+accounts.DemoPassword+"`") {
		t.Error("README.md tells another password")
	}
}

// TestReadmeConfiguration: README.md lists what cmd/cloudbm reads from the environment, all of it and nothing else.
func TestReadmeConfiguration(t *testing.T) {
	read := map[string]bool{}
	for _, f := range product(t) {
		if f.dir != "cmd/cloudbm" {
			continue
		}
		each(f, func(x *ast.Field) {
			if x.Tag == nil {
				return
			}
			if v := reflect.StructTag(strings.Trim(x.Tag.Value, "`")).Get("env"); v != "" {
				read[v] = true
			}
		})
	}
	readme := page(t, "README.md")
	for v := range read {
		if !strings.Contains(readme, "`"+v+"`") {
			t.Errorf("README.md does not tell about %s", v)
		}
	}
	for _, v := range regexp.MustCompile("`(CLOUDBM_[A-Z_]+)`").FindAllStringSubmatch(readme, -1) {
		if !read[v[1]] {
			t.Errorf("README.md tells about %s, which nothing reads", v[1])
		}
	}
}

// TestLinks: a page of the documentation leads to pages that are there, and names commands that make knows.
func TestLinks(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(root, "*.md"))
	more, moreErr := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	deep, deepErr := filepath.Glob(filepath.Join(root, "docs", "*", "*.md"))
	if err != nil || moreErr != nil || deepErr != nil {
		t.Fatal(err, moreErr, deepErr)
	}
	commands, err := exec.Command("make", "-s", "-C", root, "help").Output()
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	command := regexp.MustCompile("(?m)(?:`|^)make ([a-z-]+)")
	for _, p := range append(append(pages, more...), deep...) {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(b), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(p), m[1])); err != nil {
				t.Errorf("%s leads to %s, which is not there", p, m[1])
			}
		}
		for _, m := range command.FindAllStringSubmatch(string(b), -1) {
			if !strings.Contains(string(commands), "make "+m[1]+" ") {
				t.Errorf("%s names make %s; make has no such command", p, m[1])
			}
		}
	}
}
