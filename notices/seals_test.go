package notices

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/drawings/drawingstest"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/roles"
	"cloudbm/seals"
	"cloudbm/seals/sealstest"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// TestSeals: who is named is asked for their seal; who sealed and who filed are told when it is void; a colleague who may
// only look is told nothing; all of it by the crew, from the log.
func TestSeals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, desk := drawingstest.New(t, db), sealstest.New(t, db)
		architect, eng, colleague := h.Person("p2@example.test"), h.Person("p5@example.test"), h.Person("p4@example.test")
		h.Write(func(tx *store.Tx) error {
			return roles.SetSetting(tx, permit.System, roles.Tainan, "seals_required", "Y", "")
		})
		crew := jobs.NewCrew()
		room := &seals.Room{DB: db, Cards: desk.Room, Drawings: h.Room, Blobs: h.Room.Blobs, Used: func(*store.Tx, permit.Actor, pki.Signed) error { return nil }}
		room.Teach(crew)
		Follow(crew, db)
		if err := crew.Start(t.Context(), db, 2, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		defer crew.Stop(context.Background())
		titles := func(person string) (out string) {
			for _, k := range look(t, db, func(tx *store.Tx) ([]Kept, error) { return inbox(tx, person, 50, 0) }) {
				if k.Kind == Seal {
					out += k.Title.Zh + "（" + k.Todo.Zh + "）"
				}
			}
			return out
		}
		wants := func(who permit.Actor, words string) {
			t.Helper()
			within(t, 30*time.Second, func() bool { return strings.Contains(titles(who.Person), words) })
		}

		id := h.Open(architect, catalog.Building, catalog.C2())
		h.Do(architect, id, func(tx *store.Tx, c *cases.Case) error {
			return cases.Invite(tx, architect, c, "p4@example.test", "read")
		})
		h.Complete(architect, id, catalog.C2())
		wants(eng, "請您壓章")
		if n := strings.Count(titles(eng.Person), "請您壓章"); n != 1 {
			t.Errorf("asked %d times", n)
		}
		card := desk.Card("測試戊")
		if _, err := room.Live(t.Context(), eng, id, permit.Certifier, func(seals.Thing) bool { return true },
			func(c pki.Challenge) (pki.Answer, error) { return card.Sign(c.Text) }); err != nil {
			t.Fatal(err)
		}
		wants(architect, "測試戊 已壓章")
		h.Sheet(architect, id, "S1-01_結構平面圖.pdf", "another drawing")
		wants(eng, "案件內容變動，有壓章失效（看過新的內容後重新壓章")
		wants(architect, "案件內容變動，有壓章失效")
		h.Do(architect, id, func(tx *store.Tx, c *cases.Case) error {
			a, err := cases.Answers(tx, c)
			if err != nil {
				return err
			}
			for _, row := range a.Rows["engineers"] {
				if row.Values["name"] == "測試戊" {
					_, err = cases.RemoveRows(tx, architect, c, c.Type.Section("engineers"), []string{row.ID})
				}
			}
			return err
		})
		wants(eng, "（案件已不再列您的名")
		if got := titles(colleague.Person); got != "" {
			t.Errorf("a colleague is told %q", got)
		}
		if got := titles(architect.Person); strings.Contains(got, "請您壓章") {
			t.Errorf("who opened the case is asked: %q", got)
		}
	})
}
