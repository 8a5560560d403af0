package cases_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// The lists of the desk are put together from one list for each state; in them, as in one, the earliest day comes first
// and a case without a day last.
func TestListsOfTheDeskAreInOneOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
		db.SetClock(func() time.Time { now = now.Add(time.Minute); return now })
		write(t, db, roles.Seed)
		by := person(t, db, "p1@example.test")
		officer := person(t, db, "p9@example.test")
		stand := []struct {
			title, due string
			state      permit.State
			desk       bool
		}{
			{"甲", "2026-03-20", permit.Reviewing, true}, {"乙", "2026-03-10", permit.Resubmitted, false}, {"丙", "", permit.Reviewing, false},
			{"丁", "2026-03-10", permit.Reviewing, true}, {"戊", "2026-03-01", permit.Received, true}, {"己", "", permit.Draft, false},
		}
		for _, x := range stand {
			write(t, db, func(tx *store.Tx) error {
				c, err := cases.Start(tx, by, catalog.Building, roles.Tainan, "")
				if err != nil {
					return err
				}
				if err := cases.FillAll(tx, by, c, permit.Answers{Fields: map[string]string{catalog.Building.TitleField: x.title + "號測試大樓"}}); err != nil {
					return err
				}
				round, desk := 1, ""
				if x.state == permit.Draft {
					round = 0
				}
				if x.desk {
					desk = officer.Person
				}
				return tx.Must(`UPDATE cases SET state = $2, due_on = $3, round = $4, desk = $5 WHERE id = $1`, c.ID, string(x.state), x.due, round, desk)
			})
		}
		at := []string{roles.Tainan}
		two := []permit.State{permit.Reviewing, permit.Resubmitted}
		for what, x := range map[string]struct {
			w     cases.Wanted
			order string
			count int64
		}{
			"two states by day":    {cases.Wanted{Authorities: at, States: two, ByDue: true, Limit: 10}, "乙丁甲丙", 4},
			"the first two":        {cases.Wanted{Authorities: at, States: two, ByDue: true, Limit: 2}, "乙丁", 4},
			"newest first":         {cases.Wanted{Authorities: at, States: two, Limit: 10}, "丁丙乙甲", 4},
			"on my desk":           {cases.Wanted{Authorities: at, States: append(two, permit.Received), Desk: officer.Person, ByDue: true, Limit: 10}, "戊丁甲", 3},
			"all that was filed":   {cases.Wanted{Authorities: at, Limit: 10}, "戊丁丙乙甲", 5},
			"no draft either way":  {cases.Wanted{Authorities: at, States: []permit.State{permit.Draft}, Limit: 10}, "", 0},
			"another authority":    {cases.Wanted{Authorities: []string{"AF0"}, States: two, Limit: 10}, "", 0},
			"words":                {cases.Wanted{Authorities: at, Words: "丙號測試", Limit: 10}, "丙", 1},
			"words and states":     {cases.Wanted{Authorities: at, States: two, Words: "測試大樓", ByDue: true, Limit: 10}, "乙丁甲丙", 4},
			"words that are a lot": {cases.Wanted{Authorities: at, Words: allHan(3000), Limit: 10}, "", 0},
			"nobody's":             {cases.Wanted{States: two, Limit: 10}, "", 0},
			"one's own":            {cases.Wanted{Person: by.Person, States: two, Limit: 10}, "丁丙乙甲", 4},
		} {
			if x.w.Limit == 10 && paged(t, db, x.w) != x.order {
				t.Errorf("%s: two to a page it is %q, should be %q", what, paged(t, db, x.w), x.order)
			}
			var got string
			var n int64
			err := db.Read(context.Background(), func(tx *store.Tx) error {
				all, err := cases.List(tx, x.w)
				for _, c := range all {
					got += strings.TrimSuffix(c.Title, "號測試大樓")
				}
				if err == nil {
					n, err = cases.Count(tx, x.w)
				}
				return err
			})
			if err != nil || got != x.order || n != x.count {
				t.Errorf("%s: %q, %d, want %q, %d (%v)", what, got, n, x.order, x.count, err)
			}
		}
	})
}

// allHan is a text of so many different characters.
func allHan(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteRune(rune(0x4E00 + i))
	}
	return b.String()
}

// paged is a list as one reads it page by page, two cases on each, by the addresses of the pages.
func paged(t *testing.T, db *store.DB, w cases.Wanted) (got string) {
	t.Helper()
	for w.Limit = 2; ; {
		var page []*cases.Case
		err := db.Read(context.Background(), func(tx *store.Tx) (err error) {
			page, err = cases.List(tx, w)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page {
			got += string([]rune(c.Title)[0])
		}
		if len(page) < w.Limit || len(got) > 100 {
			return got
		}
		w.After = cases.MarkOf(page[len(page)-1].Mark())
	}
}
