package review_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/drawings"
	"cloudbm/drawings/drawingstest"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/review"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/submission"
)

// road is one building case on its way.
type road struct {
	*drawingstest.House
	id string
}

func (r *road) try(by permit.Actor, f func(*store.Tx, *cases.Case) error) error {
	return r.Try(by, r.id, f)
}

func (r *road) do(by permit.Actor, f func(*store.Tx, *cases.Case) error) {
	r.T.Helper()
	r.Do(by, r.id, f)
}

func (r *road) look(by permit.Actor) *cases.Case { return r.Case(by, r.id) }

func (r *road) submit(by permit.Actor, n int) (submission.Round, error) {
	var round submission.Round
	err := r.try(by, func(tx *store.Tx, c *cases.Case) (err error) {
		round, err = submission.Submit(tx, by, c, n)
		return err
	})
	return round, err
}

func TestTheMainRoad(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC) // a Monday, 09:00 in Taipei
		db.SetClock(func() time.Time { return now })
		r := &road{House: drawingstest.New(t, db)}
		architect, counter, officer, chief := r.Person("p1@example.test"), r.Person("p8@example.test"), r.Person("p9@example.test"), r.Person("chief@example.test")
		r.id = r.Open(architect, catalog.Building, catalog.C1())
		if c := r.look(architect); c.Serial != "115A10001" || c.State != permit.Draft {
			t.Fatalf("opened as %s, %s", c.Serial, c.State)
		}

		t.Log("a draft is nobody else's business, and what is missing is listed with links")
		for _, other := range []permit.Actor{officer, chief, r.Person("p2@example.test")} {
			if err := r.try(other, func(*store.Tx, *cases.Case) error { return nil }); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s sees a draft: %v", other.Name, err)
			}
		}
		_, err := r.submit(architect, 1)
		f, ok := fault.As(err)
		if !ok || len(f.Places) == 0 || !strings.HasPrefix(f.Places[0].Key, "/bls/cases/"+r.id+"/") {
			t.Fatalf("submitted without drawings: %v", err)
		}

		r.Complete(architect, r.id, catalog.C1())
		first, err := r.submit(architect, 1)
		if err != nil {
			t.Fatal(err)
		}
		again, err := r.submit(architect, 1)
		if err != nil || again.Receipt != first.Receipt || again.Digest != first.Digest {
			t.Fatalf("pressed twice: %v, receipts %s and %s", err, first.Receipt, again.Receipt)
		}
		if err := r.try(architect, func(tx *store.Tx, c *cases.Case) error {
			return cases.Fill(tx, architect, c, c.Type.Section("cost"), map[string]string{"works_cost": "1"}, 0, true)
		}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a frozen case was changed: %v", err)
		}

		t.Log("the counter receives; the clock is ten days")
		r.do(counter, func(tx *store.Tx, c *cases.Case) error { return review.Take(tx, counter, c) })
		if c := r.look(officer); c.Registration == "" || c.DueOn != "2026-03-12" {
			t.Errorf("registered %q, due %q", c.Registration, c.DueOn)
		}
		if err := r.try(architect, func(tx *store.Tx, c *cases.Case) error { return review.Take(tx, architect, c) }); !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Forbidden) {
			t.Errorf("the architect received his own case: %v", err)
		}
		r.do(counter, func(tx *store.Tx, c *cases.Case) error { return review.Assign(tx, counter, c, officer.Person, "") })

		t.Log("nothing to say is no notice; all points go in one")
		if err := r.try(officer, func(tx *store.Tx, c *cases.Case) error { return review.AskCorrection(tx, officer, c, "請改正") }); !fault.Is(err, fault.Invalid) {
			t.Errorf("an empty notice: %v", err)
		}
		r.do(officer, func(tx *store.Tx, c *cases.Case) error {
			for _, m := range []review.Remark{{Place: "drawings/A1-01", Text: "補標尺寸", Law: "§32"}, {Place: "form/cost", Text: "造價請重算"}, {Place: "form/case/building_name", Text: "名稱與圖面不符"}, {Text: "內部註記", Private: true}} {
				if _, err := review.AddRemark(tx, officer, c, m); err != nil {
					return err
				}
			}
			return nil
		})
		if err := r.try(officer, func(tx *store.Tx, c *cases.Case) error { return review.Propose(tx, officer, c, "") }); !fault.Is(err, fault.Invalid) {
			t.Errorf("proposed with an open checklist: %v", err)
		}
		now = now.Add(24 * time.Hour)
		r.do(officer, func(tx *store.Tx, c *cases.Case) error { return review.AskCorrection(tx, officer, c, "請改正") })
		if c := r.look(architect); c.State != permit.Correction || c.DueOn != "" {
			t.Errorf("after the notice: %s, due %q", c.State, c.DueOn)
		}

		t.Log("only what the notice names is open, and every point is answered before it goes back")
		cost := map[string]string{}
		for _, x := range catalog.Building.Section("cost").Fields {
			if x.Kind == permit.Money {
				cost[x.Key] = "6200000"
			}
		}
		r.do(architect, func(tx *store.Tx, c *cases.Case) error {
			return cases.Fill(tx, architect, c, c.Type.Section("cost"), cost, 0, true)
		})
		for section, values := range map[string]map[string]string{"site": {"site_address": "臺南市別處1號"}, "case": {"building_name": "別的名字", "public_use": "Y"}} {
			if err := r.try(architect, func(tx *store.Tx, c *cases.Case) error {
				return cases.Fill(tx, architect, c, c.Type.Section(section), values, 0, true)
			}); !fault.Is(err, fault.Conflict) {
				t.Errorf("changed what the notice does not name in %s: %v", section, err)
			}
		}
		r.do(architect, func(tx *store.Tx, c *cases.Case) error {
			return cases.Fill(tx, architect, c, c.Type.Section("case"), map[string]string{"building_name": "改名大樓新建工程"}, 0, true)
		})
		r.Sheet(architect, r.id, "A1-01_平面圖.pdf", "a new version")
		if _, err := r.submit(architect, 2); !fault.Is(err, fault.Invalid) {
			t.Errorf("came back with unanswered points: %v", err)
		}
		r.do(architect, func(tx *store.Tx, c *cases.Case) error {
			points, err := submission.Points(tx, c, 1)
			if err != nil || len(points) != 3 {
				return fmt.Errorf("%d points, %w", len(points), err)
			}
			for _, p := range points {
				if err := submission.Reply(tx, architect, c, p.ID, submission.Fixed, ""); err != nil {
					return err
				}
			}
			return nil
		})
		now = now.Add(48 * time.Hour)
		second, err := r.submit(architect, 2)
		if err != nil {
			t.Fatal(err)
		}
		changes := review.Changes(catalog.Building, first.Answers, second.Answers)
		if len(changes) == 0 {
			t.Error("round 2 shows no changed answer")
		}
		changed := 0
		for _, x := range drawings.CompareRounds(first.Manifest.Sheets, second.Manifest.Sheets) {
			if x.Kind == drawings.Changed {
				changed++
			}
		}
		if changed != 1 {
			t.Errorf("%d sheets changed, want A1-01 alone", changed)
		}

		t.Log("the officer proposes, the chief decides, once")
		r.do(officer, func(tx *store.Tx, c *cases.Case) error {
			all := map[string]review.Judgement{}
			for _, k := range c.Type.Checks {
				all[k.Key] = review.Judgement{Verdict: review.OK}
			}
			if err := review.Judge(tx, officer, c, all); err != nil {
				return err
			}
			return review.Propose(tx, officer, c, "擬准")
		})
		if err := r.try(officer, func(tx *store.Tx, c *cases.Case) error { _, err := review.Approve(tx, officer, c, ""); return err }); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the officer approved: %v", err)
		}
		var licence review.Licence
		for range 2 {
			r.do(chief, func(tx *store.Tx, c *cases.Case) (err error) {
				before := licence.Number
				licence, err = review.Approve(tx, chief, c, "")
				if before != "" && before != licence.Number {
					t.Errorf("approved twice: %s and %s", before, licence.Number)
				}
				return err
			})
		}
		if licence.Number != "(115)南工造字第00001號" {
			t.Errorf("licence %s", licence.Number)
		}
		c := r.look(architect)
		if c.State != permit.Issued || c.Licence != licence.Number {
			t.Errorf("at the end: %s, %s", c.State, c.Licence)
		}
		_ = db.Read(context.Background(), func(tx *store.Tx) error {
			if broken, err := cases.VerifyLog(tx, c.ID); broken != 0 || err != nil {
				t.Errorf("the log breaks at %d: %v", broken, err)
			}
			return nil
		})
	})
}
