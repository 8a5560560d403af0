package register_test

import (
	"strings"
	"testing"

	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/drawings/drawingstest"
	"cloudbm/permit"
	"cloudbm/register"
	"cloudbm/review"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/submission"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

// personal is what must never stand on a public page.
var personal = []string{"測試丁", "測試甲", "R223000041", "D123000011", "0900000004"}

func TestThePublicSeesProgressAndLicencesButNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := drawingstest.New(t, db)
		architect, counter, officer, chief := h.Person("p1@example.test"), h.Person("p8@example.test"), h.Person("p9@example.test"), h.Person("chief@example.test")
		id := h.Open(architect, catalog.Building, catalog.C1())
		site := web.NewSite(db, nil)
		register.Mount(site)
		public := webtest.New(t, site)
		serial := h.Case(architect, id).Serial
		public.Get("/register/IF0/" + serial).WantStatus(404).Want("尚未送件的案件不會出現在這裡")

		h.Complete(architect, id, catalog.C1())
		h.Do(architect, id, func(tx *store.Tx, c *cases.Case) error { _, err := submission.Submit(tx, architect, c, 1); return err })
		h.Do(counter, id, func(tx *store.Tx, c *cases.Case) error { return review.Take(tx, counter, c) })
		pages := []*webtest.Page{
			public.Get("/register/IF0/"+serial).WantStatus(200).Want(serial, "測試大樓新建工程", "已收件"),
			public.Get("/register?authority=IF0&q=" + serial).WantStatus(200).Want("測試大樓新建工程"),
			public.Get("/register?authority=IF0&q=9001").WantStatus(200),
		}
		public.Get("/register?authority=IF0&q=測試丁").WantStatus(200).Want("查無資料")
		public.Get("/register?authority=IF0&q=樓").WantStatus(422).Want("輸入至少兩個字")

		h.Do(counter, id, func(tx *store.Tx, c *cases.Case) error { return review.Assign(tx, counter, c, officer.Person, "") })
		h.Do(officer, id, func(tx *store.Tx, c *cases.Case) error {
			all := map[string]review.Judgement{}
			for _, k := range c.Type.Checks {
				all[k.Key] = review.Judgement{Verdict: review.OK}
			}
			if err := review.Judge(tx, officer, c, all); err != nil {
				return err
			}
			return review.Propose(tx, officer, c, "")
		})
		var licence review.Licence
		h.Do(chief, id, func(tx *store.Tx, c *cases.Case) (err error) {
			licence, err = review.Approve(tx, chief, c, "")
			return err
		})
		if c := h.Case(architect, id); c.State != permit.Issued {
			t.Fatal(c.State)
		}
		pages = append(pages, public.Get(licence.VerifyURL()).WantStatus(200).Want("這張執照登記在案", licence.Number))
		public.Get("/register/licences/unknown").WantStatus(404).Want("登記簿裡沒有這張執照")
		for i, p := range pages {
			for _, x := range personal {
				if strings.Contains(p.Whole(), x) {
					t.Errorf("page %d shows %s", i, x)
				}
			}
		}
	})
}
