package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/drawings"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/store"
)

// intake looks at a set of A1 sheets as every uploaded file is looked at (bombs, active content, pages, paper, fonts),
// beside pdfcpu reading and validating the same bytes; and draws the first picture of every sheet.
func intake(ctx context.Context, h *house, p plan, t *table) error {
	var set bytes.Buffer
	err := pdf.GenerateSet(&set, h.fonts, pdf.SheetSpec{Number: "A1-01", Title: "平面圖", Case: "BENCH", Seed: 1, Segments: 4000, Paper: "A1"}, p.sheets)
	if err != nil {
		return err
	}
	path := filepath.Join(h.dir, "set.pdf")
	if err := os.WriteFile(path, set.Bytes(), 0o600); err != nil {
		return err
	}
	took, err := inTurns(p.rounds, func() error {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		rep, err := pdf.Inspect(ctx, f, int64(set.Len()))
		if err == nil && (!rep.OK() || len(rep.Pages) != p.sheets) {
			err = fmt.Errorf("the set is not taken in: %d pages, %v", len(rep.Pages), rep.Problems)
		}
		return err
	}, func() error {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = api.ReadAndValidate(f, model.NewDefaultConfiguration())
		return err
	})
	if err != nil {
		return err
	}
	a, b := took[0].median(), took[1].median()
	t.add(fmt.Sprintf("Intake of %d A1 sheets in one PDF (%.1f MiB)", p.sheets, float64(set.Len())/(1<<20)),
		fmt.Sprintf("%.0f sheets/s", per(p.sheets, a)), fmt.Sprintf("pdfcpu %.0f sheets/s", per(p.sheets, b)), fmt.Sprintf("%.2f", b.Seconds()/a.Seconds()))

	return pictures(ctx, h, path, p.sheets, t)
}

// pictures draws the first picture of every sheet, beside poppler's pdftoppm where it is installed.
func pictures(ctx context.Context, h *house, path string, n int, t *table) error {
	if _, err := h.engine.PagePNG(ctx, path, 1, 100); err != nil { // the engine compiles itself once
		return err
	}
	took, err := spent(func() error { return thumbnails(ctx, h, path, n) })
	if err != nil {
		return err
	}
	anchor, times := "–", "–"
	if _, err := exec.LookPath("pdftoppm"); err == nil {
		dir, err := h.scratch("poppler")
		if err != nil {
			return err
		}
		poppler, err := spent(func() error {
			return exec.CommandContext(ctx, "pdftoppm", "-png", "-scale-to", "400", path, filepath.Join(dir, "p")).Run()
		})
		if err != nil {
			return err
		}
		anchor, times = fmt.Sprintf("pdftoppm, one at a time, %.1f sheets/s", per(n, poppler)), fmt.Sprintf("%.2f", poppler.Seconds()/took.Seconds())
	}
	t.add(fmt.Sprintf("First pictures of %d A1 sheets, 400 px, two at a time", n), fmt.Sprintf("%.1f sheets/s, all in %.1f s", per(n, took), took.Seconds()), anchor, times)
	return nil
}

func thumbnails(ctx context.Context, h *house, path string, n int) error {
	const hands = 2
	turns, errs := make(chan int), make(chan error, hands)
	for range hands {
		go func() {
			var failed error
			for i := range turns {
				if _, err := h.engine.PagePNG(ctx, path, i, 400); err != nil && failed == nil {
					failed = err
				}
			}
			errs <- failed
		}()
	}
	for i := range n {
		turns <- i + 1
	}
	close(turns)
	for range hands {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// forms draws the statutory forms of a building licence.
func forms(ctx context.Context, h *house, p plan, t *table) error {
	who, err := h.actor(ctx, "p1@example.test")
	if err != nil {
		return err
	}
	id, err := h.open(ctx, who, catalog.Building, catalog.C1())
	if err != nil {
		return err
	}
	all := 0
	took, err := inTurns(max(p.rounds, 3), func() error {
		return h.act(ctx, who, id, func(tx *store.Tx, c *cases.Case) error {
			n, err := h.printAll(ctx, tx, c)
			all = n
			return err
		})
	})
	if err != nil {
		return err
	}
	d := took[0].median()
	t.add(fmt.Sprintf("Statutory forms of a building licence (%d forms, %d A4 pages)", len(catalog.Building.Prints), all),
		fmt.Sprintf("%.0f pages/s", per(all, d)), "–", "–")
	return nil
}

// tiles opens squares of a sheet as the viewer does: for the first time, and again.
func tiles(ctx context.Context, h *house, p plan, t *table) error {
	who, err := h.actor(ctx, "p1@example.test")
	if err != nil {
		return err
	}
	id, err := h.open(ctx, who, catalog.Building, catalog.C1())
	if err != nil {
		return err
	}
	v, err := h.bringSheet(ctx, who, id)
	if err != nil {
		return err
	}
	browser, err := h.visitor(ctx, "p1@example.test")
	if err != nil {
		return err
	}
	base := fmt.Sprintf("/bls/cases/%s/sheets/%s/tiles/", id, v.ID)
	const zoom, across, down = 4, 16, 11
	var first, again, none times
	for x := range across {
		for y := range down {
			at := fmt.Sprintf("%s%d/%d/%d.png", base, zoom, x, y)
			for _, into := range []*times{&first, &again} {
				d, err := spent(func() error { return browser.get(at) })
				if err != nil {
					return err
				}
				*into = append(*into, d)
			}
			d, err := spent(func() error { return browser.get(trivial) })
			if err != nil {
				return err
			}
			none = append(none, d)
		}
	}
	beside(t, fmt.Sprintf("A tile of 512 px of an A1 sheet, for the first time (%.0f tiles/s)", rate(first)), first, none)
	beside(t, fmt.Sprintf("The same tile again (%.0f tiles/s)", rate(again)), again, none)
	return nil
}

func rate(t times) float64 {
	var all time.Duration
	for _, d := range t {
		all += d
	}
	return per(len(t), all)
}

func (h *house) bringSheet(ctx context.Context, by permit.Actor, id string) (v drawings.Version, err error) {
	var b bytes.Buffer
	if err := pdf.GenerateSheet(&b, h.fonts, pdf.SheetSpec{Number: "A1-01", Title: "平面圖", Case: "BENCH", Seed: 2, Segments: 4000, Paper: "A1"}); err != nil {
		return v, err
	}
	if err := h.room.Bring(ctx, by, id, "", "A1-01_平面圖.pdf", &b); err != nil {
		return v, err
	}
	err = h.act(ctx, by, id, func(tx *store.Tx, c *cases.Case) error {
		all, err := drawings.Current(tx, c)
		if err == nil && len(all) != 1 {
			err = fmt.Errorf("the sheet was not filed: %d sheets", len(all))
		}
		if err == nil {
			v = all[0].Current()
		}
		return err
	})
	return v, err
}
