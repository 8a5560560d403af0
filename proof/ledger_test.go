package proof_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"cloudbm/proof"
)

var noon = time.Date(2026, 11, 26, 4, 0, 0, 123456000, time.UTC)

func listed(n int64) proof.Entry {
	return proof.Entry{Position: n, At: noon, Act: proof.Issued, Authority: "IF0", Number: fmt.Sprintf("(115)南工造字第%05d號", n), Kind: "building",
		Serial: fmt.Sprintf("115A1%04d", n), Licence: fmt.Sprintf("ID%d", n), Issued: noon, SHA256: proof.Digest(fmt.Sprint(n))}
}

// list is a list of n entries with the checkpoints after each of sizes.
func list(t *testing.T, n int64, sizes ...int64) (all []proof.Entry, g *proof.Grown, points []proof.Checkpoint) {
	t.Helper()
	g = &proof.Grown{}
	for i := int64(1); i <= n; i++ {
		all = append(all, listed(i))
		if err := g.Add(listed(i).Text()); err != nil {
			t.Fatal(err)
		}
	}
	before := ""
	for i, size := range sizes {
		root, err := g.Root(size)
		if err != nil {
			t.Fatal(err)
		}
		c := proof.Checkpoint{Origin: "bls.example.test/register/ledger", Licences: proof.Tree{Size: size, Root: root}, N: int64(i + 1), At: noon, Before: before}
		points, before = append(points, c), proof.Digest(c.Text())
	}
	return all, g, points
}

func TestTextsOfTheListHaveOneReading(t *testing.T) {
	all, g, points := list(t, 9, 4, 9)
	path, err := tlog.ProveRecord(9, 4, g)
	if err != nil {
		t.Fatal(err)
	}
	inclusion := proof.Inclusion{Entry: all[4], Path: path, Checkpoint: points[1]}
	for name, x := range map[string]struct {
		text  string
		parse func(string) (string, error)
	}{
		"entry":      {all[0].Text(), func(s string) (string, error) { e, err := proof.ParseEntry(s); return e.Text(), err }},
		"checkpoint": {points[1].Text(), func(s string) (string, error) { c, err := proof.ParseCheckpoint(s); return c.Text(), err }},
		"inclusion":  {inclusion.Text(), func(s string) (string, error) { p, err := proof.ParseInclusion(s); return p.Text(), err }},
		"list":       {proof.Entries(all), func(s string) (string, error) { l, err := proof.ParseEntries(s); return proof.Entries(l), err }},
	} {
		if back, err := x.parse(x.text); err != nil || back != x.text {
			t.Errorf("%s: %v\n%s", name, err, back)
		}
		for i := range len(x.text) {
			// A byte taken out, a byte doubled, and a letter changed.
			for _, other := range []string{x.text[:i] + x.text[i+1:], x.text[:i] + x.text[i:i+1] + x.text[i:]} {
				if back, err := x.parse(other); err == nil && back != other {
					t.Fatalf("%s: reads %q", name, other)
				}
			}
		}
		for _, other := range []string{"", x.text + "\n", x.text + "x", "\n" + x.text, strings.ReplaceAll(x.text, "\n", "\r\n"), strings.Replace(x.text, "Z\n", "+00:00\n", 1)} {
			if back, err := x.parse(other); err == nil && other != "" && back != other {
				t.Errorf("%s: reads %q", name, other)
			}
		}
	}
}

func TestAnEntryIsProvenOrNot(t *testing.T) {
	for size := int64(1); size <= 20; size++ {
		all, g, points := list(t, size, size)
		for i, e := range all {
			path, err := tlog.ProveRecord(size, int64(i), g)
			if err != nil {
				t.Fatal(err)
			}
			p := proof.Inclusion{Entry: e, Path: path, Checkpoint: points[0]}
			if err := p.Check(); err != nil {
				t.Fatalf("%d of %d: %v", i, size, err)
			}
			p.Entry.Number = "(115)南工造字第99999號"
			if p.Check() == nil {
				t.Fatalf("%d of %d: another number is proven", i, size)
			}
		}
	}
}

func TestAWitnessSeesEveryChange(t *testing.T) {
	all, _, points := list(t, 9, 4, 9)
	if err := proof.Witness(all, points[1], &points[0]); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func([]proof.Entry) []proof.Entry{
		"one changed":    func(a []proof.Entry) []proof.Entry { a[2].SHA256 = proof.Digest("x"); return a },
		"one taken out":  func(a []proof.Entry) []proof.Entry { return append(a[:2], a[3:]...) },
		"last taken out": func(a []proof.Entry) []proof.Entry { return a[:8] },
		"two changed round": func(a []proof.Entry) []proof.Entry {
			a[2], a[3] = a[3], a[2]
			a[2].Position, a[3].Position = 3, 4
			return a
		},
		"one put in": func(a []proof.Entry) []proof.Entry { return append([]proof.Entry{listed(1)}, a...) },
	} {
		if proof.Witness(change(append([]proof.Entry(nil), all...)), points[1], &points[0]) == nil {
			t.Errorf("%s: not seen", name)
		}
	}
	if proof.Witness(all, points[0], &points[1]) == nil {
		t.Error("the list has shrunk and nobody says so")
	}
}

func FuzzParseInclusion(f *testing.F) {
	f.Add("")
	f.Add(proof.Inclusion{Entry: listed(1), Checkpoint: proof.Checkpoint{Origin: "x", N: 1, At: noon, Licences: proof.Tree{Size: 1, Root: tlog.RecordHash([]byte(listed(1).Text()))}}}.Text())
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := proof.ParseInclusion(text); err == nil && p.Text() != text {
			t.Errorf("reads %q as %q", text, p.Text())
		}
	})
}
