package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/cms"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/roles"
	"cloudbm/seals"
	"cloudbm/sim/card"
	"cloudbm/store"
)

// sealing measures the seal of a set of sheets, with one signature, whose pictures have been drawn: from the press of the
// button to the kept seal, without the card itself. Beside it, openssl verifies the same signature once.
func sealing(ctx context.Context, h *house, p plan, t *table) error {
	dir := filepath.Join(h.dir, "sealing")
	now := h.db.Now()
	ca, err := card.NewCA(filepath.Join(dir, "authorities"), "http://127.0.0.1:1", now.AddDate(-2, 0, 0))
	if err != nil {
		return err
	}
	held, err := ca.Hold(card.Holders[0], now)
	if err != nil {
		return err
	}
	anchors := &pki.Anchors{}
	if err := anchors.Add(ca.Anchors()); err != nil {
		return err
	}
	by, err := h.actor(ctx, "p1@example.test")
	if err != nil {
		return err
	}
	id, err := h.sheets(ctx, by, p.sheets)
	if err != nil {
		return err
	}
	room := &seals.Room{DB: h.db, Drawings: h.room, Blobs: h.files, Used: func(*store.Tx, permit.Actor, pki.Signed) error { return nil },
		Cards: &pki.Room{DB: h.db, Anchors: anchors, Site: h.url, Unreachable: pki.AcceptAndNote}}
	everything := func(seals.Thing) bool { return true }
	var kept seals.Seal
	one := func() (err error) {
		kept, err = room.Live(ctx, by, id, permit.Designer, everything, func(c pki.Challenge) (pki.Answer, error) { return held.Sign(c.Text) })
		return err
	}
	began := time.Now()
	if err := one(); err != nil {
		return err
	}
	first := time.Since(began)
	roots, err := cms.Certificates(ca.Anchors())
	if err != nil {
		return err
	}
	for name, b := range map[string][]byte{"seal.txt": []byte(kept.Text), "seal.p7s": kept.CMS, "roots.pem": cms.PEM(roots[0])} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			return err
		}
	}
	took, err := inTurns(p.rounds, one, func() error {
		c := exec.Command("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "seal.p7s", "-content", "seal.txt", "-CAfile", "roots.pem", "-purpose", "any", "-out", "/dev/null")
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
	t.add(fmt.Sprintf("Sealing %d things with one signature, their pictures drawn, ms (anchor: one openssl cms -verify of it)", len(kept.Items)),
		ms(ours), ms(theirs), fmt.Sprintf("%.2f", float64(ours)/float64(theirs)))
	t.add(fmt.Sprintf("The same for the first time, drawing %d pictures of A1 sheets, 2,000 px, s", p.sheets), fmt.Sprintf("%.1f", first.Seconds()), "–", "–")
	return nil
}

// sheets is a case of by with n sheets of the size A1, all for the designer to seal.
func (h *house) sheets(ctx context.Context, by permit.Actor, n int) (id string, err error) {
	err = h.db.Write(ctx, func(tx *store.Tx) error {
		c, err := cases.Start(tx, by, catalog.Building, roles.Tainan, "")
		if err != nil {
			return err
		}
		id = c.ID
		return cases.FillAll(tx, by, c, catalog.C1())
	})
	for i := 0; i < n && err == nil; i++ {
		var b bytes.Buffer
		number := fmt.Sprintf("A1-%03d", i+1)
		if err = pdf.GenerateSheet(&b, h.fonts, pdf.SheetSpec{Number: number, Title: "平面圖", Case: "C", Seed: uint64(i + 1), Paper: "A1"}); err == nil {
			err = h.room.Bring(ctx, by, id, "", number+"_平面圖.pdf", &b)
		}
	}
	return id, err
}
