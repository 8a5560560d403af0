package review_test

import (
	"bytes"
	"net/http"
	"testing"

	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/drawings"
	"cloudbm/drawings/drawingstest"
	"cloudbm/pades/padestest"
	"cloudbm/permit"
	"cloudbm/review"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

// TestOfficerSeesWhatBecameOfASignature: beside the sheet stands that its file was altered after it was signed.
func TestOfficerSeesWhatBecameOfASignature(t *testing.T) {
	s := padestest.NewSigner(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := &road{House: drawingstest.New(t, db)}
		architect, officer := r.Person("p1@example.test"), r.Person("p9@example.test")
		r.id = r.Open(architect, catalog.Building, catalog.C1())
		r.Complete(architect, r.id, catalog.C1())
		current := func(by permit.Actor) (all []drawings.Sheet) {
			r.do(by, func(tx *store.Tx, c *cases.Case) (err error) {
				all, err = drawings.Current(tx, c)
				return err
			})
			return all
		}
		kinds := []string{"altered", "unchanged"}
		for i, sheet := range current(architect)[:len(kinds)] {
			if err := r.Room.Bring(t.Context(), architect, r.id, "", sheet.Number+"_"+sheet.Title+".pdf", bytes.NewReader(s.Drawings()[kinds[i]])); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := r.submit(architect, 1); err != nil {
			t.Fatal(err)
		}

		site := web.NewSite(db, nil)
		site.Who = func(*http.Request) (permit.Actor, error) { return officer, nil }
		(&review.Room{}).Mount(site)
		page := webtest.NewFor(t, site.Handler())
		for i, sheet := range current(officer) {
			p := page.Get("/desk/cases/" + r.id + "/sheets/" + sheet.Current().ID)
			p.WantStatus(200)
			switch i {
			case 0:
				p.Want("檔案內的簽章", "簽章後被更改", "換了第 1 頁的內容", "不是本系統的壓章")
				if p.Has("沒有更改") {
					t.Error("an altered file reads as unchanged")
				}
			case 1:
				p.Want("檔案內的簽章", "簽章後沒有更改", "姓名不能相信")
			default:
				if p.Has("檔案內的簽章") {
					t.Error("a sheet without a signature speaks of one")
				}
			}
		}
	})
}
