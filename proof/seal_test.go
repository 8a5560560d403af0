package proof_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"cloudbm/pki"
	"cloudbm/proof"
)

func sealed() proof.Seal {
	f, r := strings.Repeat("ab", 32), strings.Repeat("01", 32)
	return proof.Seal{Site: "https://cloudbm.example", Authority: "IF0", Case: "c1", Serial: "115A10001", Type: "building@2026-01", Round: 1,
		As: "designer", Signer: "測試甲", Licence: "南市建開證字第T000101號", Nonce: "n0", At: time.Date(2026, 3, 2, 1, 2, 3, 0, time.UTC),
		Items: []proof.Item{{Kind: proof.Form, ID: "c1", File: f}, {Kind: proof.Sheet, ID: "v1", Number: "A1-01", N: 3, Page: 2, File: f, Rendering: r, Title: "一層 平面圖"},
			{Kind: proof.Paper, ID: "p1", Number: "05", File: r, Title: "簽證表.pdf"}}}
}

// TestOneReading: what is written is read as it was, and nothing else is read at all.
func TestOneReading(t *testing.T) {
	s := sealed()
	text := s.Text()
	back, err := proof.Parse(text)
	if err != nil || !reflect.DeepEqual(back, s) {
		t.Fatalf("%v\n%+v\n%+v", err, s, back)
	}
	if !strings.Contains(text, "\n"+pki.NonceLine("n0")+"\n") {
		t.Error("the nonce is not where pki looks for it")
	}
	for name, other := range map[string]string{
		"another mark":      strings.Replace(text, "seal 1", "seal 2", 1),
		"a challenge":       strings.Replace(text, "cloudbm seal 1", "cloudbm challenge 1", 1),
		"carriage returns":  strings.ReplaceAll(text, "\n", "\r\n"),
		"a line more":       text + "\n",
		"a line less":       text[:len(text)-1],
		"a number with +":   strings.Replace(text, "round: 1", "round: +1", 1),
		"capital digest":    strings.Replace(text, strings.Repeat("ab", 32), strings.Repeat("AB", 32), 1),
		"an item less":      strings.Replace(text, "items: 3", "items: 2", 1),
		"an item more":      strings.Replace(text, "items: 3", "items: 4", 1),
		"another purpose":   strings.Replace(text, "purpose: seal", "purpose: sign-in", 1),
		"a time elsewhere":  strings.Replace(text, "T01:02:03Z", "T09:02:03+08:00", 1),
		"a kind of its own": strings.Replace(text, "paper: ", "licence: ", 1),
		"twice the same":    strings.Replace(text, "paper: p1", "sheet: v1", 1),
		"nothing":           "",
	} {
		if got, err := proof.Parse(other); err == nil {
			t.Errorf("%s: read as %+v", name, got)
		}
	}
}

// TestWhatCannotStand: a name that would make a line of its own, or turns the writing round, is no name of a seal.
func TestWhatCannotStand(t *testing.T) {
	for name, change := range map[string]func(*proof.Seal){
		"a new line in a title": func(s *proof.Seal) { s.Items[1].Title = "一層\nsheet: x" },
		"turned round":          func(s *proof.Seal) { s.Signer = "甲\u202e乙" },
		"a dash":                func(s *proof.Seal) { s.Licence = "-" },
		"a blank in a number":   func(s *proof.Seal) { s.Items[1].Number = "A1 01" },
		"no digest":             func(s *proof.Seal) { s.Items[0].File = "" },
		"no item":               func(s *proof.Seal) { s.Items = nil },
		"nobody":                func(s *proof.Seal) { s.Signer = "" },
		"too many":              func(s *proof.Seal) { s.Items = make([]proof.Item, proof.MaxItems+1) },
	} {
		s := sealed()
		change(&s)
		if s.Check() == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sealed().Text())
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := proof.Parse(text); err == nil && s.Text() != text {
			t.Errorf("read %q as %q", text, s.Text())
		}
	})
}
