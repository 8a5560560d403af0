package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloudbm/pades/padestest"
	"cloudbm/proof"
	"cloudbm/sim/bundle"
)

// TestVerify: the report is printed in both languages or as JSON, and the command ends with 0, 1 or 2.
func TestVerify(t *testing.T) {
	dir := t.TempDir()
	d, err := bundle.Open(filepath.Join(dir, "keys"), time.Date(2024, 3, 2, 1, 2, 3, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Sealed(bundle.Plan{Sheets: 2, Size: 100})
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, b, 0o600)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good, broken := write("good.zip", b), write("broken.zip", bytes.Replace(b, []byte("A1-01\nA1-01"), []byte("A1-01\nA1-02"), 1))
	all, split, cards, none := filepath.Dir(write("all/roots.pem", d.CA.Anchors())), filepath.Join(dir, "split"), filepath.Join(dir, "cards"), filepath.Join(dir, "none")
	write("split/cards/roots.crt", d.CA.Anchors())
	write("split/authorities/roots.CER", d.CA.Anchors())
	write("cards/cards/roots.pem", d.CA.Anchors())
	write("none/notes.txt", []byte("x"))
	signed := padestest.NewSigner(t).Honest()
	for name, c := range map[string]struct {
		do   verifyCmd
		code int
		says []string
	}{
		"good":                {verifyCmd{File: good, Trust: all}, 0, []string{"驗證通過", "Verified", "測試甲", "✓ sealed"}},
		"in English":          {verifyCmd{File: good, Trust: all, Lang: "en"}, 0, []string{"Verified"}},
		"a file":              {verifyCmd{File: good, Trust: filepath.Join(all, "roots.pem")}, 0, []string{"驗證通過"}},
		"two folders":         {verifyCmd{File: good, Trust: split}, 0, []string{"驗證通過"}},
		"cards alone":         {verifyCmd{File: good, Trust: cards}, 1, []string{"! authority.root", "✓ seal"}},
		"nobody is believed":  {verifyCmd{File: good}, 1, []string{"SHA-256", "--trust"}},
		"broken":              {verifyCmd{File: broken, Trust: all}, 2, []string{"不可信賴", "✗ file"}},
		"no archive":          {verifyCmd{File: write("x.zip", []byte("x")), Trust: all}, 2, []string{"✗ archive"}},
		"a PDF":               {verifyCmd{File: write("one.pdf", signed["one"])}, 1, []string{"簽章後沒有更改", "用 --trust 指定您信任的根憑證"}},
		"a PDF by a stranger": {verifyCmd{File: write("one.pdf", signed["one"]), Trust: all}, 1, []string{"簽章後沒有更改", "任何人都能做出這樣的憑證"}},
		"a PDF signed twice":  {verifyCmd{File: write("two.pdf", signed["two"]), Trust: all, Lang: "en"}, 1, []string{"Since then"}},
		"a PDF unsigned":      {verifyCmd{File: write("plain.pdf", []byte("%PDF-1.7")), Trust: all}, 2, []string{"檔案裡沒有簽章"}},
		"a PDF spoilt":        {verifyCmd{File: write("spoilt.pdf", bytes.Replace(signed["one"], []byte("ByteRange"), []byte("ByteRangf"), 1)), Trust: all}, 2, nil},
		"no file":             {verifyCmd{File: filepath.Join(dir, "nothing.zip")}, 2, []string{"no such file"}},
		"no roots there":      {verifyCmd{File: good, Trust: none}, 2, []string{"holds no root"}},
	} {
		var out bytes.Buffer
		code := 0
		if err := c.do.run(&out, &out); err != nil {
			var ended outcome
			if !errors.As(err, &ended) {
				t.Errorf("%s: %v", name, err)
			}
			code = int(ended)
		}
		if code != c.code {
			t.Errorf("%s ends with %d: %s", name, code, out.String())
		}
		for _, want := range c.says {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s does not say %q: %s", name, want, out.String())
			}
		}
		if c.do.Lang == "en" && strings.Contains(out.String(), "通過") {
			t.Errorf("%s speaks Chinese: %s", name, out.String())
		}
	}
	var out bytes.Buffer
	var told proof.Told
	if err := (verifyCmd{File: good, Trust: all, JSON: true}).run(&out, &out); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), &told); err != nil || told.Level != proof.Good || told.Kind != "bundle" || len(told.Contents) != 4 {
		t.Errorf("%v %s", err, out.String())
	}
}
