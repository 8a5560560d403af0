package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"time"

	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/pdf"
	"cloudbm/store"
)

// beside writes a line of times beside those of the trivial door.
func beside(t *table, what string, ours, none times) {
	t.add(what, fmt.Sprintf("p50 %s ms, p95 %s ms", ms(ours.median()), ms(ours.at(0.95))),
		fmt.Sprintf("trivial door p50 %s ms, p95 %s ms", ms(none.median()), ms(none.at(0.95))),
		fmt.Sprintf("p50 × %.1f, p95 × %.1f", ours.median().Seconds()/none.median().Seconds(), ours.at(0.95).Seconds()/none.at(0.95).Seconds()))
}

func (h *house) printAll(ctx context.Context, tx *store.Tx, c *cases.Case) (pages int, err error) {
	a, err := cases.Answers(tx, c)
	if err != nil {
		return 0, err
	}
	for _, p := range c.Type.Prints {
		b, err := h.print.PrintForm(c, a, p, true)
		if err != nil {
			return 0, err
		}
		rep, err := pdf.Inspect(ctx, bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return 0, err
		}
		pages += len(rep.Pages)
	}
	return pages, nil
}

// pages opens the pages people open most, with so many cases in the database, in turns with the trivial door.
func pages(ctx context.Context, h *house, p plan, t *table) error {
	who, err := h.actor(ctx, "p1@example.test")
	if err != nil {
		return err
	}
	officer, err := h.actor(ctx, "p9@example.test")
	if err != nil {
		return err
	}
	id, err := h.open(ctx, who, catalog.Building, catalog.C1())
	if err != nil {
		return err
	}
	begun := time.Now()
	if err := h.fill(ctx, id, who, officer, p.cases); err != nil {
		return fmt.Errorf("fill the database: %w", err)
	}
	fmt.Fprintf(os.Stderr, "%d cases written in %.0f s\n", p.cases, time.Since(begun).Seconds())

	applicant, err := h.visitor(ctx, "p1@example.test")
	if err != nil {
		return err
	}
	desk, err := h.visitor(ctx, "p9@example.test")
	if err != nil {
		return err
	}
	doors := []struct {
		what string
		who  *visitor
		path string
	}{
		{"", applicant, trivial},
		{"List of one's cases, /bls/cases", applicant, "/bls/cases"},
		{"The same, searched for words", applicant, "/bls/cases?q=" + "%E6%B8%AC%E8%A9%A6%E5%A4%A7%E6%A8%93"},
		{"Page of a case, /bls/cases/{id}", applicant, "/bls/cases/" + id},
		{"Page of its form, /bls/cases/{id}/form/{section}", applicant, "/bls/cases/" + id + "/form/" + catalog.Building.Form[0].Key},
		{"Statutory form " + catalog.Building.Prints[0].Code + " as PDF", applicant, "/bls/cases/" + id + "/print/" + catalog.Building.Prints[0].Code},
		{"Inbox of the desk, /desk", desk, "/desk"},
		{"The same, all cases searched for a serial", desk, "/desk?q=B00012345"},
		{"The same, all cases searched for words all have", desk, "/desk?q=%E6%B8%AC%E8%A9%A6%E5%A4%A7%E6%A8%93"},
	}
	took := make([]times, len(doors))
	for round := range 1 + p.rounds*10 {
		for i, d := range doors {
			for range 4 {
				one, err := spent(func() error { return d.who.get(d.path) })
				if err != nil {
					return err
				}
				if round > 0 { // the first round warms
					took[i] = append(took[i], one)
				}
			}
		}
	}
	for i, d := range doors[1:] {
		beside(t, fmt.Sprintf("%s; %d cases", d.what, p.cases), took[i+1], took[0])
	}
	return nil
}
