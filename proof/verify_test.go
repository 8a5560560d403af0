package proof_test

import (
	"archive/zip"
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"cloudbm/cms"
	"cloudbm/proof"
	"cloudbm/sim/bundle"
)

var spring = time.Date(2026, 3, 2, 1, 2, 3, 0, time.UTC)

func desk(t testing.TB, at time.Time) *bundle.Desk {
	t.Helper()
	d, err := bundle.Open(t.TempDir(), at)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func sealedRound(t testing.TB, d *bundle.Desk) bundle.Round {
	t.Helper()
	r, err := d.Sealed(bundle.Plan{Sheets: 3, Size: 2000})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func written(t testing.TB, r bundle.Round) []byte {
	t.Helper()
	b, err := r.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func believing(t testing.TB, d ...*bundle.Desk) proof.Options {
	t.Helper()
	trust, err := bundle.Trust(d...)
	if err != nil {
		t.Fatal(err)
	}
	return proof.Options{Cards: trust, Authorities: trust}
}

func verify(b []byte, o proof.Options) proof.Report {
	return proof.Verify(bytes.NewReader(b), int64(len(b)), o)
}

func show(t testing.TB, r proof.Report) {
	t.Helper()
	for _, f := range r.Findings {
		t.Logf("%s %s [%s] %s", f.Level, f.Key, f.About, f.Text.En)
	}
}

// TestGoodBundle: what was sealed and signed is good, and the same contents give the same bytes.
func TestGoodBundle(t *testing.T) {
	d := desk(t, spring)
	r := sealedRound(t, d)
	b := written(t, r)
	report := verify(b, believing(t, d))
	if report.Level() != proof.Good {
		show(t, report)
		t.Fatal(report.Verdict().En)
	}
	if len(report.Sheets) != 5 || report.Sheets[1].Seals[0].Name != "測試甲" || report.Sheets[3].Seals[0].Name != "測試乙" || len(report.Sheets[4].Seals) != 0 {
		t.Errorf("%+v", report.Sheets)
	}
	if !bytes.Equal(b, written(t, r)) {
		t.Error("the same contents gave other bytes")
	}
	if to := os.Getenv("BUNDLE"); to != "" {
		os.WriteFile(to, b, 0o600)
		os.WriteFile(to+".pem", d.CA.Anchors(), 0o600)
	}
}

// TestNobodyBelieved: without roots the report says in which roots the chains end.
func TestNobodyBelieved(t *testing.T) {
	d := desk(t, spring)
	b := written(t, sealedRound(t, d))
	report := verify(b, proof.Options{})
	all, err := cms.Certificates(d.CA.Anchors())
	if err != nil {
		t.Fatal(err)
	}
	moica := cms.Fingerprint(all[1])
	if report.Level() != proof.Warning || !report.Stood("seal.root", proof.Warning) || !strings.Contains(said(report), moica) {
		show(t, report)
		t.Errorf("no word of %s", moica)
	}
	if report := verify(b, believing(t, desk(t, spring))); report.Level() != proof.Bad || !report.Stood("seal.chain", proof.Bad) || !report.Stood("authority.chain", proof.Bad) {
		show(t, report)
		t.Error("other roots are believed, and it is good")
	}
}

func said(r proof.Report) string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, f.Text.En, f.Text.Zh, f.Do.En)
	}
	return strings.Join(out, "\n")
}

// TestLongAgo: certificates and roots that have ended long since do no harm, nor do two generations of roots in a case.
func TestLongAgo(t *testing.T) {
	old, now := desk(t, time.Date(2004, 5, 6, 7, 8, 9, 0, time.UTC)), desk(t, spring)
	if r := verify(written(t, sealedRound(t, old)), believing(t, old)); r.Level() != proof.Good {
		show(t, r)
		t.Error("a bundle of 2004")
	}
	r := now.Round(bundle.Plan{Sheets: 3, Size: 100, Round: 2})
	first := r.Text("測試甲", "T000101", old.At, "A")
	first.Round = 1
	for _, err := range []error{
		old.Seal(&r, first, bundle.Architect, old.At.AddDate(0, 0, 1)),
		now.Seal(&r, r.Text("測試乙", "T000102", now.At, "S"), bundle.Engineer, now.At.AddDate(0, 0, 1)),
		now.Sign(&r),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	b := written(t, r)
	if report := verify(b, believing(t, old, now)); report.Level() != proof.Good {
		show(t, report)
		t.Error("two generations")
	}
	if report := verify(b, believing(t, now)); report.Level() != proof.Bad {
		t.Error("the older generation is not believed, and it is good")
	}
}

// entry is a file of an archive that is written again.
type entry struct {
	name    string
	content []byte
}

func unpack(t testing.TB, b []byte) (out []entry) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var content bytes.Buffer
		if _, err := content.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		out = append(out, entry{f.Name, content.Bytes()})
	}
	return out
}

func pack(t testing.TB, all []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range all {
		w, err := z.Create(e.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
