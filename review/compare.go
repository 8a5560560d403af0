package review

import (
	"slices"
	"strconv"

	"cloudbm/cases"
	"cloudbm/drawings"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/submission"
	"cloudbm/web"
)

// Change is one answer that differs between two rounds. Row is the number of the row in a list, 0 outside.
type Change struct {
	Section *permit.Section
	Row     int
	Label   say.Text
	Old     string
	New     string
}

// Changes lists every answer that differs between two rounds, section by section; national IDs stay masked.
func Changes(t *permit.Type, old, now permit.Answers) []Change {
	var out []Change
	for i := range t.Form {
		s := &t.Form[i]
		if s.List == nil {
			out = append(out, fieldChanges(s, 0, s.Fields, old.Fields, now.Fields)...)
			continue
		}
		out = append(out, rowChanges(s, old.Rows[s.Key], now.Rows[s.Key])...)
	}
	return out
}

func fieldChanges(s *permit.Section, row int, fields []permit.Field, old, now map[string]string) []Change {
	var out []Change
	for _, f := range fields {
		a, b := old[f.Key], now[f.Key]
		if a == b {
			continue
		}
		if f.Secret {
			a, b = cases.Masked(a), cases.Masked(b)
		}
		out = append(out, Change{s, row, f.Label, f.Show(a, say.Zh), f.Show(b, say.Zh)})
	}
	return out
}

func rowChanges(s *permit.Section, old, now []permit.Row) []Change {
	var out []Change
	at := func(rows []permit.Row, id string) int {
		return slices.IndexFunc(rows, func(r permit.Row) bool { return r.ID == id })
	}
	for i, r := range now {
		j := at(old, r.ID)
		if j < 0 {
			out = append(out, Change{s, i + 1, s.List.Row, "", first(s, r)})
			continue
		}
		out = append(out, fieldChanges(s, i+1, s.List.Fields, old[j].Values, r.Values)...)
	}
	for i, r := range old {
		if at(now, r.ID) < 0 {
			out = append(out, Change{s, i + 1, s.List.Row, first(s, r), ""})
		}
	}
	return out
}

// first is what tells a row from the others: its first open answer.
func first(s *permit.Section, r permit.Row) string {
	for _, f := range s.List.Fields {
		if v := r.Values[f.Key]; v != "" && !f.Secret {
			return f.Show(v, say.Zh)
		}
	}
	return s.List.Row.Zh
}

type compareView struct {
	Case    *cases.Case
	Old     submission.Round
	New     submission.Round
	Changes []Change
	Sheets  []drawings.Change
}

func compare(r *web.Request) error {
	var v compareView
	err := r.Look(func(tx *store.Tx) (err error) {
		if v.Case, err = cases.Open(r, tx); err != nil {
			return err
		}
		n, _ := strconv.Atoi(r.Form().Get("round"))
		if n < 2 || n > v.Case.Round {
			n = v.Case.Round
		}
		if n < 2 {
			return fault.Of(fault.NotFound, "只送過一次件，沒有可以比對的前一次", "It was submitted once; there is nothing to compare with").
				To("回到案件", "Back to the case", "/desk/cases/"+v.Case.ID)
		}
		if v.Old, err = submission.Find(tx, v.Case, n-1); err != nil {
			return err
		}
		v.New, err = submission.Find(tx, v.Case, n)
		return err
	})
	if err != nil {
		return err
	}
	v.Changes = Changes(v.Case.Type, v.Old.Answers, v.New.Answers)
	v.Sheets = drawings.CompareRounds(v.Old.Manifest.Sheets, v.New.Manifest.Sheets)
	title := say.F("第 %d 次與第 %d 次送件比對", "Round %d beside round %d", v.New.N, v.Old.N)
	return r.Draw(web.Page{Title: title, Func: funcCompare, Wide: true, Crumbs: deskCrumbs(v.Case, title)}, compareBody(v))
}

// sheetView is one sheet on the officer's desk.
type sheetView struct {
	Case    *cases.Case
	Version drawings.Version
	Sheet   drawings.FrozenSheet
	Before  *drawings.FrozenSheet
	Remarks []Remark
	Points  []submission.Point
	Prev    string
	Next    string
	May     bool
	At      int
	Of      int
}

func sheet(r *web.Request) error {
	var v sheetView
	err := r.Look(func(tx *store.Tx) (err error) {
		if v.Case, err = cases.Open(r, tx); err != nil {
			return err
		}
		return v.read(tx, r)
	})
	if err != nil {
		return err
	}
	title := say.F("圖說 %s %s", "Sheet %s %s", v.Sheet.Number, v.Sheet.Title)
	return r.Draw(web.Page{Title: title, Func: funcSheet, Wide: true, Scripts: []string{"viewer"}, Crumbs: deskCrumbs(v.Case, title)}, sheetBody(v))
}

func (v *sheetView) read(tx *store.Tx, r *web.Request) (err error) {
	c := v.Case
	if v.Version, err = drawings.FindVersion(tx, c, r.PathValue("version")); err != nil {
		return err
	}
	round, err := submission.Find(tx, c, c.Round)
	if err != nil {
		return err
	}
	all := round.Manifest.Sheets
	v.Of = len(all)
	i := slices.IndexFunc(all, func(s drawings.FrozenSheet) bool { return s.Version == v.Version.ID })
	if i < 0 {
		return fault.Of(fault.NotFound, "這一版圖說不在最近一次送件裡", "This version is not part of the latest submission").To("回到案件", "Back to the case", "/desk/cases/"+c.ID)
	}
	v.Sheet, v.At = all[i], i+1
	if i > 0 {
		v.Prev = all[i-1].Version
	}
	if i+1 < len(all) {
		v.Next = all[i+1].Version
	}
	v.May = mayReview(r.Actor, c) == nil
	every, err := remarks(tx, c.ID, c.Round)
	if err != nil {
		return err
	}
	for _, m := range every {
		if m.Place == "drawings/"+v.Sheet.Number {
			v.Remarks = append(v.Remarks, m)
		}
	}
	if c.Round < 2 {
		return nil
	}
	old, err := submission.Find(tx, c, c.Round-1)
	if err != nil {
		return err
	}
	for j := range old.Manifest.Sheets {
		if old.Manifest.Sheets[j].Number == v.Sheet.Number {
			v.Before = &old.Manifest.Sheets[j]
		}
	}
	points, err := submission.Points(tx, c, c.Round-1)
	for _, p := range points {
		if p.Place == "drawings/"+v.Sheet.Number {
			v.Points = append(v.Points, p)
		}
	}
	return err
}
