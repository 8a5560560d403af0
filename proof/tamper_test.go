package proof_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudbm/proof"
	"cloudbm/sim/bundle"
	"cloudbm/sim/card"
)

// on changes the content of the one entry whose name begins so.
func on(begins string, change func([]byte) []byte) func(*testing.T, []entry) []entry {
	return func(t *testing.T, all []entry) []entry {
		i := slices.IndexFunc(all, func(e entry) bool { return strings.HasPrefix(e.name, begins) })
		if i < 0 {
			t.Fatalf("no %s", begins)
		}
		was := slices.Clone(all[i].content)
		all[i].content = change(all[i].content)
		if bytes.Equal(was, all[i].content) {
			t.Fatalf("%s was not changed", begins)
		}
		return all
	}
}

func without(begins ...string) func(*testing.T, []entry) []entry {
	return func(t *testing.T, all []entry) []entry {
		before := len(all)
		all = slices.DeleteFunc(all, func(e entry) bool {
			return slices.ContainsFunc(begins, func(b string) bool { return strings.HasPrefix(e.name, b) })
		})
		if len(all) == before {
			t.Fatal("nothing was left out")
		}
		return all
	}
}

func with(name, content string) func(*testing.T, []entry) []entry {
	return func(_ *testing.T, all []entry) []entry { return append(all, entry{name, []byte(content)}) }
}

func flip(b []byte) []byte {
	b = slices.Clone(b)
	b[len(b)/2] ^= 1
	return b
}

func replace(from, to string) func([]byte) []byte {
	return func(b []byte) []byte { return bytes.Replace(b, []byte(from), []byte(to), 1) }
}

// TestTampered: every kind of change is found, and named.
func TestTampered(t *testing.T) {
	d := desk(t, spring)
	good := unpack(t, written(t, sealedRound(t, d)))
	o := believing(t, d)
	zeros := strings.Repeat("0", 64)
	for name, c := range map[string]struct {
		change func(*testing.T, []entry) []entry
		key    string
		level  proof.Level
	}{
		"packed again":                  {func(_ *testing.T, all []entry) []entry { slices.Reverse(all); return all }, "sealed", proof.Good},
		"with folders":                  {with("files/", ""), "sealed", proof.Good},
		"a byte of a file":              {on("files/", flip), "file", proof.Bad},
		"a file cut short":              {on("files/", func(b []byte) []byte { return b[:len(b)-1] }), "file", proof.Bad},
		"a file missing":                {without("files/"), "file.missing", proof.Bad},
		"a file more":                   {with("files/"+zeros+".pdf", "x"), "file.extra", proof.Bad},
		"a file under two names":        {func(t *testing.T, all []entry) []entry { return twice(t, all, "files/") }, "file.extra", proof.Bad},
		"a byte of the form":            {on("form.json", flip), "form", proof.Bad},
		"no form":                       {without("form.json"), "form", proof.Bad},
		"no manifest":                   {without("round.json"), "round", proof.Bad},
		"a manifest written otherwise":  {on("round.json", func(b []byte) []byte { return append(b, '\n') }), "round", proof.Bad},
		"a member twice":                {on("round.json", replace(`"case":`, `"CASE":"x","case":`)), "round", proof.Bad},
		"a member that is not known":    {on("round.json", replace(`"case":`, `"later":1,"case":`)), "round.newer", proof.Warning},
		"another person in it":          {on("round.json", replace(`"by":"測試甲"`, `"by":"測試丁"`)), "authority.signature", proof.Bad},
		"another round":                 {on("round.json", replace(`"round":1`, `"round":2`)), "authority.signature", proof.Bad},
		"another case":                  {on("round.json", replace(`"serial":"115A10001"`, `"serial":"115A10002"`)), "seal.case", proof.Bad},
		"before it was sealed":          {on("round.json", replace(`"at":"2026-`, `"at":"2025-`)), "seal.time", proof.Bad},
		"another page of a sheet":       {on("round.json", replace(`"page":1`, `"page":2`)), "seal.item", proof.Bad},
		"a byte of a text":              {on("seals/01.txt", replace("測試甲", "測試丁")), "seal.signature", proof.Bad},
		"a text that is none":           {on("seals/01.txt", replace("seal 1", "seal 9")), "seal.text", proof.Bad},
		"a signature of another":        {func(t *testing.T, all []entry) []entry { return swap(all, "seals/01.p7s", "seals/02.p7s") }, "seal.signature", proof.Bad},
		"a byte of a signature":         {on("seals/01.p7s", func(b []byte) []byte { b = slices.Clone(b); b[len(b)-3] ^= 1; return b }), "seal.signature", proof.Bad},
		"a signature that is none":      {on("seals/01.p7s", func([]byte) []byte { return []byte("no") }), "seal.signature", proof.Bad},
		"a seal missing":                {without("seals/01."), "seal.missing", proof.Bad},
		"a text without signature":      {without("seals/01.p7s"), "seal.missing", proof.Bad},
		"a signature without text":      {without("seals/02.txt"), "seal.missing", proof.Bad},
		"the last seal missing":         {without("seals/02."), "seal.missing", proof.Bad},
		"all seals missing":             {without("seals/", "renderings/"), "seal.missing", proof.Bad},
		"a seal not named":              {on("round.json", func(b []byte) []byte { return regexp.MustCompile(`"seals":\[.*\]`).ReplaceAll(b, []byte(`"seals":[]`)) }), "seal.extra", proof.Bad},
		"another signature named":       {on("round.json", replace(`"signature_sha256":"`, `"signature_sha256":"`+zeros+`","text_sha256":"`)), "round", proof.Bad},
		"a seal twice":                  {func(t *testing.T, all []entry) []entry { return again(all, "seals/01.", "seals/03.") }, "seal.twice", proof.Bad},
		"a byte of an answer":           {on("seals/01.ocsp", flip), "seal.revocation", proof.Bad},
		"the answer about another":      {func(t *testing.T, all []entry) []entry { return swap(all, "seals/01.ocsp", "seals/02.ocsp") }, "seal.revocation", proof.Bad},
		"no answer":                     {without("seals/01.ocsp"), "seal.revocation", proof.Warning},
		"no answer and no word":         {without("seals/01.ocsp", "seals/01.json"), "seal.revocation", proof.Warning},
		"a byte of a picture":           {on("renderings/", flip), "rendering", proof.Bad},
		"a picture missing":             {without("renderings/"), "rendering.missing", proof.Warning},
		"a picture more":                {with("renderings/"+zeros+".png", "x"), "rendering.extra", proof.Bad},
		"no signature of the authority": {without("round.p7s"), "authority", proof.Warning},
		"a byte of it":                  {on("round.p7s", func(b []byte) []byte { b = slices.Clone(b); b[len(b)-3] ^= 1; return b }), "authority.signature", proof.Bad},
		"a certificate that is none":    {with("certificates/x.pem", "no"), "certificates", proof.Warning},
		"a receipt":                     {with("receipt.pdf", "%PDF"), "receipt", proof.Note},
		"a name outside":                {with("../x", "x"), "archive", proof.Bad},
		"a name of the system":          {with("/etc/passwd", "x"), "archive", proof.Bad},
		"a name with backslash":         {with(`files\x`, "x"), "archive", proof.Bad},
		"a name that is not known":      {with("seals/01.exe", "x"), "archive", proof.Bad},
		"a name twice":                  {func(t *testing.T, all []entry) []entry { return again(all, "round.json", "round.json") }, "archive", proof.Bad},
		"a folder with content":         {with("seals/0001.txt/", ""), "archive", proof.Bad},
		"a seal that is too long":       {with("seals/03.txt", strings.Repeat("x", 2<<20)), "archive", proof.Bad},
	} {
		t.Run(name, func(t *testing.T) {
			all := make([]entry, len(good))
			copy(all, good)
			r := verify(pack(t, c.change(t, all)), o)
			if !r.Stood(c.key, c.level) || worse(c.level, r.Level()) {
				show(t, r)
				t.Errorf("want %s as %s, the verdict is %s", c.key, c.level, r.Level())
			}
			for _, f := range r.Findings {
				if f.Text.Zh == "" || f.Text.En == "" || (f.Level == proof.Bad || f.Level == proof.Warning) && f.Do.Empty() {
					t.Errorf("%s does not say what to do: %+v", f.Key, f)
				}
			}
		})
	}
}

// worse reports whether a verdict is milder than a finding of that level asks for; a good finding asks for a good one.
func worse(finding, verdict proof.Level) bool {
	switch finding {
	case proof.Good, proof.Note:
		return verdict != proof.Good
	case proof.Warning:
		return verdict == proof.Good
	}
	return verdict != proof.Bad
}

func swap(all []entry, a, b string) []entry {
	i := slices.IndexFunc(all, func(e entry) bool { return e.name == a })
	j := slices.IndexFunc(all, func(e entry) bool { return e.name == b })
	all[i].content, all[j].content = all[j].content, all[i].content
	return all
}

func again(all []entry, from, to string) []entry {
	for _, e := range slices.Clone(all) {
		if rest, ok := strings.CutPrefix(e.name, from); ok {
			all = append(all, entry{to + rest, e.content})
		}
	}
	return all
}

func twice(t *testing.T, all []entry, folder string) []entry {
	i := slices.IndexFunc(all, func(e entry) bool { return strings.HasPrefix(e.name, folder) })
	return append(all, entry{strings.TrimSuffix(all[i].name, ".pdf") + ".zzz", all[i].content})
}

// TestWhoSealed: what a seal may not be, made by real keys.
func TestWhoSealed(t *testing.T) {
	d := desk(t, spring)
	year := spring.AddDate(1, 0, 0)
	seal := func(change func(*proof.Seal), h card.Holder, until time.Time) func(*bundle.Round) error {
		return func(r *bundle.Round) error {
			s := r.Text(h.Name, "T000101", spring, "A", "S")
			if change != nil {
				change(&s)
			}
			return d.Seal(r, s, h, until)
		}
	}
	for name, c := range map[string]struct {
		make  func(*bundle.Round) error
		key   string
		level proof.Level
	}{
		"as it should be":        {seal(nil, bundle.Architect, year), "sealed", proof.Good},
		"another's card":         {seal(func(s *proof.Seal) { s.Signer = "測試丁" }, bundle.Architect, year), "seal.name", proof.Bad},
		"expired before":         {seal(nil, bundle.Architect, spring.Add(-time.Hour)), "seal.chain", proof.Bad},
		"another case":           {seal(func(s *proof.Seal) { s.Serial = "115A10009" }, bundle.Architect, year), "seal.case", proof.Bad},
		"a later round":          {seal(func(s *proof.Seal) { s.Round = 2 }, bundle.Architect, year), "seal.round", proof.Bad},
		"after it was submitted": {seal(func(s *proof.Seal) { s.At = spring.Add(3 * time.Hour) }, bundle.Architect, year), "seal.time", proof.Bad},
		"another file":           {seal(func(s *proof.Seal) { s.Items[1].File = strings.Repeat("0", 64) }, bundle.Architect, year), "seal.item", proof.Bad},
		"another version":        {seal(func(s *proof.Seal) { s.Items[1].ID = "v9" }, bundle.Architect, year), "unsealed", proof.Warning},
		"another form":           {seal(func(s *proof.Seal) { s.Items[0].File = strings.Repeat("0", 64) }, bundle.Architect, year), "unsealed", proof.Warning},
		"a picture that is not":  {seal(func(s *proof.Seal) { s.Items[1].Rendering = strings.Repeat("0", 64) }, bundle.Architect, year), "rendering.missing", proof.Warning},
		"named and not there": {func(r *bundle.Round) error {
			r.Manifest.Seals = []proof.ManifestSeal{{ID: "x", Text: strings.Repeat("0", 64), Signature: strings.Repeat("0", 64)}}
			r.Freeze()
			return nil
		}, "seal.missing", proof.Bad},
		"a firm":                {seal(func(s *proof.Seal) { s.Signer = "測試丙" }, card.Holders[10], year), "seal.name", proof.Note},
		"no list of seals":      {func(r *bundle.Round) error { r.Manifest.Seals = nil; r.Freeze(); return nil }, "unsealed", proof.Warning},
		"a person as authority": {signAs(d, bundle.Architect), "authority.kind", proof.Bad},
		"a guild as authority":  {signAs(d, card.Holders[12]), "authority.kind", proof.Bad},
	} {
		t.Run(name, func(t *testing.T) {
			r := d.Round(bundle.Plan{Sheets: 3, Size: 100})
			if err := c.make(&r); err != nil {
				t.Fatal(err)
			}
			if r.Contents.Signature == nil {
				if err := d.Sign(&r); err != nil {
					t.Fatal(err)
				}
			}
			report := verify(written(t, r), believing(t, d))
			if !report.Stood(c.key, c.level) {
				show(t, report)
				t.Errorf("want %s as %s", c.key, c.level)
			}
		})
	}
}

func signAs(d *bundle.Desk, h card.Holder) func(*bundle.Round) error {
	return func(r *bundle.Round) error { return d.SignAs(r, h) }
}

// TestRevoked: what was revoked before it sealed is bad; what was revoked after is still good.
func TestRevoked(t *testing.T) {
	for name, c := range map[string]struct {
		when  time.Duration
		level proof.Level
	}{"before": {-time.Hour, proof.Bad}, "after": {30 * time.Second, proof.Note}} {
		t.Run(name, func(t *testing.T) {
			d := desk(t, spring)
			r := d.Round(bundle.Plan{Sheets: 2, Size: 10})
			d.Revoke = spring.Add(c.when)
			if err := d.Seal(&r, r.Text("測試甲", "T000101", spring, "A", "S"), bundle.Architect, spring.AddDate(1, 0, 0)); err != nil {
				t.Fatal(err)
			}
			if report := verify(written(t, r), believing(t, d)); !report.Stood("seal.revoked", c.level) {
				show(t, report)
				t.Errorf("no seal.revoked as %s", c.level)
			}
		})
	}
}

// TestOutside: an archive that two tools could read in two ways, or that is larger than it looks, is not read at all.
func TestOutside(t *testing.T) {
	d := desk(t, spring)
	good := written(t, sealedRound(t, d))
	o := believing(t, d)
	central := bytes.Index(good, []byte("PK\x01\x02"))
	for name, c := range map[string]struct {
		b     []byte
		key   string
		level proof.Level
	}{
		"nothing":             {nil, "archive", proof.Bad},
		"no archive":          {[]byte("%PDF-1.7"), "archive", proof.Bad},
		"cut short":           {good[:len(good)-30], "archive", proof.Bad},
		"a name inside":       {bytes.Replace(good, []byte("form.json{"), []byte("farm.json{"), 1), "archive", proof.Bad},
		"bytes before":        {append([]byte("#!/bin/sh\n"), good...), "archive.spare", proof.Warning},
		"larger than it says": {lying(good, central, 24), "archive", proof.Bad},
		"over another":        {overlapping(t), "archive", proof.Bad},
		"a bomb":              {bomb(t), "archive", proof.Bad},
		"encrypted":           {patched(good, central+8, 1), "archive", proof.Bad},
		"a method of its own": {patched(good, central+10, 99), "archive", proof.Bad},
		"a remark at its end": {remark(good), "archive.spare", proof.Warning},
		"too many":            {many(t), "archive", proof.Bad},
	} {
		r := verify(c.b, o)
		if !r.Stood(c.key, c.level) {
			show(t, r)
			t.Errorf("%s: no %s as %s", name, c.key, c.level)
		}
	}
}

func patched(b []byte, at int, value uint16) []byte {
	b = slices.Clone(b)
	binary.LittleEndian.PutUint16(b[at:], value)
	return b
}

// lying has the first entry say that it is larger than it is.
func lying(b []byte, central, at int) []byte {
	b = slices.Clone(b)
	binary.LittleEndian.PutUint32(b[central+at:], 200<<10)
	return b
}

func remark(b []byte) []byte {
	b = append(slices.Clone(b), "hello"...)
	binary.LittleEndian.PutUint16(b[len(b)-7:], 5)
	return b
}

// overlapping has one content under two entries of the directory.
func overlapping(t *testing.T) []byte {
	name := func(i int) string { return fmt.Sprintf("files/%064x", i) }
	b := pack(t, []entry{{name(1), []byte("x")}, {name(2), []byte("x")}})
	second := bytes.LastIndex(b, []byte("PK\x01\x02"))
	at := binary.LittleEndian.Uint32(b[second+42:])
	first := bytes.Index(b, []byte("PK\x01\x02"))
	// Both say that they begin where the second does, and bear its name; the directory calls one otherwise.
	binary.LittleEndian.PutUint32(b[first+42:], at)
	return b
}

func bomb(t *testing.T) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("files/" + strings.Repeat("0", 64))
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if _, err := w.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func many(t *testing.T) []byte {
	var all []entry
	for i := range 20_001 {
		all = append(all, entry{fmt.Sprintf("files/%064x", i), nil})
	}
	return pack(t, all)
}

// TestTold: what other programs read has no null in its lists, and no control characters.
func TestTold(t *testing.T) {
	d := desk(t, spring)
	r := d.Round(bundle.Plan{Sheets: 1, Size: 10})
	r.Manifest.Sheets[0].Title = "\x1b[2J\u202e"
	r.Freeze()
	b, err := json.Marshal(verify(written(t, r), proof.Options{}).Told())
	if err != nil || bytes.Contains(b, []byte("null")) || strings.ContainsAny(string(b), "\x1b\u202e") || bytes.Contains(b, []byte(`\u001b`)) {
		t.Errorf("%v %s", err, b)
	}
	if b, _ := json.Marshal(verify(nil, proof.Options{}).Told()); bytes.Contains(b, []byte("null")) {
		t.Errorf("%s", b)
	}
}

// FuzzVerify: whatever is in a file, the verifier ends, and says good only of what has the manifest that was signed.
func FuzzVerify(f *testing.F) {
	d, err := bundle.Open(f.TempDir(), spring)
	if err != nil {
		f.Fatal(err)
	}
	r, err := d.Sealed(bundle.Plan{Sheets: 2, Size: 50})
	if err != nil {
		f.Fatal(err)
	}
	b := written(f, r)
	f.Add(b)
	f.Add(b[:len(b)/2])
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	o := believing(f, d)
	f.Fuzz(func(t *testing.T, b []byte) {
		got := verify(b, o)
		if got.Level() == proof.Good && got.Digest != verify(written(t, r), o).Digest {
			t.Errorf("good: %s", got.Digest)
		}
		_ = got.Told()
	})
}
