package catalog

import (
	"strings"
	"testing"

	"cloudbm/permit"
)

func TestDeclarationsHoldTogether(t *testing.T) {
	if err := Check(); err != nil {
		t.Fatal(err)
	}
}

// problems are the hard ones of a case, as one text.
func problems(c *permit.Type, a permit.Answers) string {
	var out []string
	for _, h := range c.FormHolds(a) {
		if !h.Soft {
			out = append(out, h.Text.Zh+" ["+h.URL+"]")
		}
	}
	return strings.Join(out, "\n")
}

var fixtures = []struct {
	name    string
	kind    string
	answers func() permit.Answers
}{
	{"C1", "building", C1}, {"C2", "building", C2}, {"C3", "start", C3}, {"C6", "use", C6}, {"C9", "interior", C9},
}

// A fixture is complete, and every answer stands in the form in which it would be stored.
func TestFixturesAreComplete(t *testing.T) {
	for _, f := range fixtures {
		c := Find(f.kind)
		a := c.Complete(f.answers())
		if p := problems(c, a); p != "" {
			t.Errorf("%s:\n%s", f.name, p)
		}
		asked := map[string]bool{}
		for _, s := range c.Form {
			for _, q := range s.Fields {
				asked[q.Key] = true
				stored(t, f.name, q, a.Fields[q.Key])
			}
			if s.List == nil {
				continue
			}
			for _, r := range a.Rows[s.Key] {
				known := map[string]bool{}
				for _, q := range s.List.Fields {
					known[q.Key] = true
					stored(t, f.name+" "+r.ID, q, r.Values[q.Key])
				}
				for k := range r.Values {
					if !known[k] {
						t.Errorf("%s: row %s answers %s, which is not asked", f.name, r.ID, k)
					}
				}
			}
		}
		for k := range a.Fields {
			if !asked[k] {
				t.Errorf("%s answers %s, which is not asked", f.name, k)
			}
		}
		for k := range a.Rows {
			if s := c.Section(k); s == nil || s.List == nil {
				t.Errorf("%s has rows of %s, which is no list", f.name, k)
			}
		}
	}
}

func stored(t *testing.T, where string, q permit.Field, v string) {
	t.Helper()
	if q.Kind == permit.Computed {
		return
	}
	got, err := q.Read(v)
	if err != nil || got != v {
		t.Errorf("%s: %s = %q reads as %q (%v)", where, q.Key, v, got, err)
	}
}
