package catalog

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cloudbm/permit"
)

var update = flag.Bool("update", false, "rewrite the golden sheets and the state pictures")

// same holds a committed file to what the declaration says today.
func same(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run go test ./catalog -update", err)
	}
	if string(have) != want {
		t.Errorf("%s is not what the declaration says: a released edition never changes, add a new one; before release run go test ./catalog -update", path)
	}
}

func TestGoldenSheets(t *testing.T) {
	for _, c := range All {
		same(t, filepath.Join("testdata", c.ID()+".txt"), Sheet(c))
	}
}

func TestStatePictures(t *testing.T) {
	for _, c := range All {
		if Find(c.Kind) != c {
			continue
		}
		svg := States(c)
		same(t, filepath.Join("..", "docs", "states", c.Kind+".svg"), svg)
		for d := xml.NewDecoder(strings.NewReader(svg)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", c.Kind, err)
			}
		}
		for _, m := range c.Moves {
			if !strings.Contains(svg, m.Act.Name().Zh) || !strings.Contains(svg, ">"+m.To.Name().Zh+"<") {
				t.Errorf("%s: the picture lacks %s to %s", c.Kind, m.Act, m.To)
			}
		}
	}
}

// Every state of the usual road has a seat of its own in the picture.
func TestSeats(t *testing.T) {
	taken := map[[2]float64]permit.State{}
	for _, s := range permit.States {
		at, ok := seat[s]
		if other, twice := taken[at]; !ok || twice {
			t.Errorf("%s has no seat of its own (%s)", s, other)
		}
		taken[at] = s
	}
}

// The schema takes the complete sample cases, and nothing else by those keys.
func TestSchemas(t *testing.T) {
	type field struct {
		Enum     []string
		Pattern  string
		ReadOnly bool
	}
	var schema struct {
		Properties struct {
			Fields struct {
				Properties map[string]field
				Required   []string
			}
			Rows struct {
				Properties map[string]struct {
					Items struct {
						Properties struct {
							Values struct {
								Properties map[string]field
								Required   []string
							}
						}
					}
				}
			}
		}
	}
	fits := func(where string, f field, v string) {
		if len(f.Enum) > 0 && !slices.Contains(f.Enum, v) || f.Pattern != "" && !regexp.MustCompile(f.Pattern).MatchString(v) {
			t.Errorf("%s: the schema refuses %q", where, v)
		}
	}
	for _, fx := range fixtures {
		raw, err := Schema(Find(fx.kind))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &schema); err != nil {
			t.Fatal(err)
		}
		a := fx.answers()
		for k, v := range a.Fields {
			f, known := schema.Properties.Fields.Properties[k]
			if !known || f.ReadOnly {
				t.Errorf("%s: the schema does not take %s", fx.name, k)
			}
			fits(fx.name+" "+k, f, v)
		}
		for _, k := range schema.Properties.Fields.Required {
			if a.Fields[k] == "" {
				t.Errorf("%s lacks %s, which the schema requires", fx.name, k)
			}
		}
		for list, rows := range a.Rows {
			l := schema.Properties.Rows.Properties[list]
			for _, r := range rows {
				for k, v := range r.Values {
					f, known := l.Items.Properties.Values.Properties[k]
					if !known {
						t.Errorf("%s: the schema does not take %s/%s", fx.name, list, k)
					}
					fits(fx.name+" "+list+"/"+k, f, v)
				}
				for _, k := range l.Items.Properties.Values.Required {
					if r.Values[k] == "" {
						t.Errorf("%s lacks %s/%s, which the schema requires", fx.name, list, k)
					}
				}
			}
		}
	}
}

// A sheet names every question, paper, class and check of its type.
func TestSheetsAreWhole(t *testing.T) {
	for _, c := range All {
		s := Sheet(c)
		want := func(what, text string) {
			if text == "" || !strings.Contains(s, text) {
				t.Errorf("%s: the sheet lacks %s %q", c.ID(), what, text)
			}
		}
		for _, sec := range c.Form {
			for _, f := range sec.All() {
				want("the question", f.Label.Zh)
				want("the kind", kindWords[f.Kind].Zh)
			}
		}
		for _, a := range c.Attachments {
			want("the paper", a.Code+" "+a.Name.Zh)
		}
		for _, d := range c.Drawings {
			want("the class", d.Class+" "+d.Name.Zh)
			for _, p := range d.Signers {
				want("the signer", partyWords[p].Zh)
			}
		}
		for _, m := range c.Moves {
			for _, w := range m.By {
				want("who", whoWords[w].Zh)
			}
			for _, n := range m.Needs {
				want("the need", needWords[n].Zh)
			}
		}
	}
}
