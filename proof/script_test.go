package proof_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloudbm/proof"
	"cloudbm/sim/bundle"
)

// script runs docs/verify.sh over a bundle.
func script(t *testing.T, b, anchors []byte) (said string, good bool) {
	t.Helper()
	dir := t.TempDir()
	for name, b := range map[string][]byte{"bundle.zip": b, "anchors.pem": anchors} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command("bash", "../docs/verify.sh", filepath.Join(dir, "bundle.zip"), filepath.Join(dir, "anchors.pem")).CombinedOutput()
	return string(out), err == nil
}

// TestScript: openssl, unzip, sha256sum and jq find what the verifier finds, without a line of ours.
func TestScript(t *testing.T) {
	for _, tool := range []string{"bash", "openssl", "unzip", "jq", "sha256sum"} {
		if _, err := exec.LookPath(tool); err != nil && os.Getenv("CI") == "" {
			t.Skip(err)
		}
	}
	d, old := desk(t, spring), desk(t, time.Date(2004, 5, 6, 7, 8, 9, 0, time.UTC))
	r := sealedRound(t, d)
	both := append(d.CA.Anchors(), old.CA.Anchors()...)
	good := written(t, r)
	second := d.Round(bundle.Plan{Sheets: 3, Size: 100, Round: 2})
	first := second.Text("測試甲", "T000101", old.At, "A")
	first.Round = 1
	for _, err := range []error{
		old.Seal(&second, first, bundle.Architect, old.At.AddDate(0, 0, 1)),
		d.Seal(&second, second.Text("測試乙", "T000102", d.At, "S"), bundle.Engineer, d.At.AddDate(0, 0, 1)),
		d.Sign(&second),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, b := range map[string][]byte{"good": good, "packed again": pack(t, unpack(t, good)), "of 2004": written(t, sealedRound(t, old)), "two generations": written(t, second)} {
		if said, ok := script(t, b, both); !ok || verify(b, believing(t, d, old)).Level() != proof.Good {
			t.Errorf("%s: %s", name, said)
		}
	}
	if said, ok := script(t, good, old.CA.Anchors()); ok {
		t.Errorf("good with roots of others: %s", said)
	}

	revoking := desk(t, spring)
	revoking.Revoke = spring.Add(-time.Hour)
	revoked := revoking.Round(bundle.Plan{Sheets: 2, Size: 10})
	for _, err := range []error{revoking.Seal(&revoked, revoked.Text("測試甲", "T000101", spring, "A", "S"), bundle.Architect, spring.AddDate(1, 0, 0)), revoking.Sign(&revoked)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if said, ok := script(t, written(t, revoked), revoking.CA.Anchors()); ok || !strings.Contains(said, "revoked before") {
		t.Errorf("revoked: %s", said)
	}

	all := unpack(t, good)
	zeros := strings.Repeat("0", 64)
	for name, c := range map[string]struct {
		change func(*testing.T, []entry) []entry
		says   string
	}{
		"a byte of a file":     {on("files/", flip), "missing or changed"},
		"a file more":          {with("files/"+zeros+".pdf", "x"), "is changed"},
		"a byte of the form":   {on("form.json", flip), "form.json"},
		"another round":        {on("round.json", replace(`"round":1`, `"round":2`)), "authority's signature"},
		"before it was sealed": {on("round.json", replace(`"at":"2026-`, `"at":"2025-`)), "after the submission"},
		"another page":         {on("round.json", replace(`"page":1`, `"page":2`)), "another content"},
		"signatures exchanged": {func(_ *testing.T, all []entry) []entry { return swap(all, "seals/01.p7s", "seals/02.p7s") }, "seal 01"},
		"a seal missing":       {without("seals/01."), "a seal before"},
		"an answer exchanged":  {func(_ *testing.T, all []entry) []entry { return swap(all, "seals/01.ocsp", "seals/02.ocsp") }, "revocation"},
		"a picture missing":    {without("renderings/"), "what was shown"},
		"nothing signed":       {without("round.p7s"), "has not signed"},
		"a name outside":       {with("../x", "x"), "no place"},
	} {
		if said, ok := script(t, pack(t, c.change(t, append([]entry(nil), all...))), d.CA.Anchors()); ok || !strings.Contains(said, c.says) {
			t.Errorf("%s: no %q: %s", name, c.says, said)
		}
	}
}
