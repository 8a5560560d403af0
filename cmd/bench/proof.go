package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"cloudbm/proof"
	"cloudbm/sim/bundle"
)

// sealedSize is how many bytes each sheet of the bundle has.
const sealedSize = 1 << 20

// proofs measures the verification of a bundle beside openssl and sha256sum over the same files, which lie unpacked and
// are not looked at in any other way.
func proofs(_ context.Context, h *house, p plan, t *table) error {
	dir := filepath.Join(h.dir, "proof")
	d, err := bundle.Open(filepath.Join(dir, "authorities"), time.Date(2026, 3, 2, 1, 2, 3, 0, time.UTC))
	if err != nil {
		return err
	}
	r, err := d.Sealed(bundle.Plan{Sheets: p.sheets, Size: sealedSize})
	if err != nil {
		return err
	}
	b, err := r.Bundle()
	if err != nil {
		return err
	}
	at := filepath.Join(dir, "bundle.zip")
	if err := os.WriteFile(at, b, 0o600); err != nil {
		return err
	}
	if err := unpacked(r, d, dir); err != nil {
		return err
	}
	trust, err := bundle.Trust(d)
	if err != nil {
		return err
	}
	took, err := inTurns(p.rounds, func() error {
		f, err := os.Open(at)
		if err != nil {
			return err
		}
		defer f.Close()
		report := proof.Verify(f, int64(len(b)), proof.Options{Cards: trust, Authorities: trust})
		if report.Level() != proof.Good {
			return fmt.Errorf("verify: %s", report.Verdict().En)
		}
		return nil
	}, func() error {
		c := exec.Command("bash", "-ec", `sha256sum round.json form.json files/* renderings/* >/dev/null
			for s in seals/*.txt; do
				openssl cms -verify -binary -inform DER -in "${s%.txt}.p7s" -content "$s" -CAfile roots.pem -purpose any -attime "$0" -out /dev/null 2>/dev/null
			done
			openssl cms -verify -binary -inform DER -in round.p7s -content round.json -CAfile roots.pem -purpose any -attime "$0" -out /dev/null 2>/dev/null`,
			fmt.Sprint(d.At.Unix()))
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("openssl: %w: %s", err, out)
		}
		return nil
	})
	if err != nil {
		return err
	}
	ours, theirs := took[0].median(), took[1].median()
	t.add(fmt.Sprintf("Verifying a bundle of %d sheets of 1 MiB, 2 seals, ms (anchor: openssl cms -verify and sha256sum)", p.sheets),
		ms(ours), ms(theirs), fmt.Sprintf("%.2f", float64(ours)/float64(theirs)))
	return nil
}

// unpacked puts the files of the bundle into dir.
func unpacked(r bundle.Round, d *bundle.Desk, dir string) error {
	all := map[string][]byte{"round.json": r.Contents.Round, "form.json": r.Contents.Form, "round.p7s": r.Contents.Signature, "roots.pem": d.CA.Anchors()}
	for i, s := range r.Contents.Seals {
		all[fmt.Sprintf("seals/%02d.txt", i+1)], all[fmt.Sprintf("seals/%02d.p7s", i+1)] = []byte(s.Text), s.CMS
	}
	for folder, files := range map[string][]proof.File{"files": r.Contents.Files, "renderings": r.Contents.Renderings} {
		for _, f := range files {
			b, err := whole(f)
			if err != nil {
				return err
			}
			all[filepath.Join(folder, f.Digest)] = b
		}
	}
	for name, b := range all {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func whole(f proof.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}
