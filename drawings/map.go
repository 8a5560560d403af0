package drawings

import (
	"fmt"

	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// Mapping is what a person said about one page that could not be filed by itself.
type Mapping struct {
	Arrival       string
	Number, Title string // as typed
	Version       bool   // it is the next version of the sheet that has the number
	Drop          bool   // it is not needed
}

// Map files the pages of the mapping table, all of them or none: what is wrong is answered with its row, under the keys
// "number-<arrival>" and "title-<arrival>". Rows with neither number nor title wait for another time. It tells how many
// were filed.
func Map(tx *store.Tx, by permit.Actor, c *cases.Case, rows []Mapping) (filed int, err error) {
	var g fault.Form
	seen := map[string]string{}
	for _, m := range rows {
		if m.Number == "" && !m.Drop {
			continue
		}
		a, err := arrivalByID(tx, m.Arrival)
		if err == store.ErrNotFound || err == nil && (a.Case != c.ID || a.State != Unsure) {
			continue // somebody else was faster
		}
		if err != nil {
			return 0, err
		}
		if m.Drop {
			if err := Discard(tx, by, c, a.ID); err != nil {
				return 0, err
			}
			continue
		}
		n, title, err := readMapping(m.Number, m.Title)
		if err != nil {
			refuseRow(&g, a.ID, err)
			continue
		}
		key := fmt.Sprintf("%s-%d", n.Class, n.Sheet)
		if other, twice := seen[key]; twice {
			g.Add("number-"+a.ID, fault.Say(fault.Invalid, say.F("改用其他圖號：%s 在這一頁填了兩次（%s）", "Use another number: %s stands twice on this page (%s)", n.Text, other)))
			continue
		}
		seen[key] = a.FileName
		if err := place(tx, by, c, a, n, title, m.Version); err != nil {
			if _, ok := fault.As(err); !ok {
				return 0, err
			}
			refuseRow(&g, a.ID, err)
			continue
		}
		filed++
	}
	return filed, g.Err()
}

// refuseRow adds what is wrong with a row under the row's own keys.
func refuseRow(g *fault.Form, id string, err error) {
	f, _ := fault.As(err)
	if len(f.Places) == 0 {
		g.Add("number-"+id, err)
	}
	for _, p := range f.Places {
		g.Add(p.Key+"-"+id, fault.Say(fault.Invalid, p.Message))
	}
}

// place files one page under a number that a person gave.
func place(tx *store.Tx, by permit.Actor, c *cases.Case, a Arrival, n Number, title string, version bool) error {
	s, there, err := sheetNumbered(tx, c, n)
	if err != nil {
		return err
	}
	if there && !version {
		return fault.BadText("number", say.F("勾選「新版本」，或改用其他圖號：%s 已經是「%s」", "Tick “new version”, or use another number: %s is “%s” already", s.Number, s.Title))
	}
	v, same, err := Put(tx, by, c, a, n, title)
	if err != nil {
		return err
	}
	a.Number, a.Class, a.Title = n.Text, n.Class, title
	return concluded(tx, a, v.ID, same, nil)
}

// proposal is the number that the mapping table offers for a page: the one that was read, else the next free one of the
// class.
func proposal(a Arrival, sheets []Sheet, others map[string]bool) string {
	if a.Number != "" || a.Class == "" {
		return a.Number
	}
	taken := map[int]bool{}
	for _, s := range sheets {
		if n, ok := ParseNumber(s.Number); ok && n.Class == a.Class {
			taken[n.Sheet] = true
		}
	}
	for i := 1; i < 1000; i++ {
		text := fmt.Sprintf("%s-%02d", a.Class, i)
		if !taken[i] && !others[text] {
			others[text] = true
			return text
		}
	}
	return ""
}
