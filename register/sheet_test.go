package register_test

import (
	"strings"
	"testing"

	"cloudbm/cases"
	"cloudbm/drawings"
	"cloudbm/permit"
	"cloudbm/register"
	"cloudbm/review"
	"cloudbm/roles"
	"cloudbm/seals"
	"cloudbm/stamps"
	"cloudbm/stamps/stampstest"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/submission"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

// onSheet is the number that the stamp of a seal carries on the sheet with this number.
func onSheet(t *testing.T, s seals.Seal, number string) string {
	t.Helper()
	for _, it := range s.Items {
		if it.Number == number && it.Kind == "sheet" {
			return it.ID
		}
	}
	t.Fatalf("no seal on %s", number)
	return ""
}

func TestACodeTellsHowItsSheetStands(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := stampstest.New(t, db, true)
		site := web.NewSite(db, nil)
		register.Mount(site)
		public := webtest.New(t, site)
		seal := s.Seal(s.Architect, permit.Designer, "測試乙")
		engineer := s.Seal(s.Engineer, permit.Certifier, "測試戊")
		for _, number := range []string{"A1-01", "A2-01"} {
			p := public.Get(stamps.VerifyURL(onSheet(t, seal, number))).WantStatus(200)
			p.Want("目前有效", number, "第 1 版", "測試乙（設計人）", "南市建開證字第T000102-01號", stamps.Short(onSheet(t, seal, number)), s.Case(s.Architect, s.ID).Serial)
		}
		public.Get(stamps.VerifyURL(onSheet(t, engineer, "S1-01"))).Want("目前有效", "測試戊（簽證技師）", "內授營建管字第1110000001號")
		public.Get(stamps.VerifyURL("unknown")).WantStatus(404).Want("核對 QR 碼是否完整")
		for _, it := range seal.Items {
			if it.Kind != "sheet" {
				public.Get(stamps.VerifyURL(it.ID)).WantStatus(404)
			}
		}

		s.Sheet(s.Architect, s.ID, "A1-01_平面圖、平面詳圖.pdf", "changed")
		s.Do(s.Architect, s.ID, func(tx *store.Tx, c *cases.Case) error {
			all, err := drawings.Current(tx, c)
			for _, x := range all {
				if x.Number == "A2-01" && err == nil {
					_, err = drawings.Rename(tx, s.Architect, c, x.ID, "A2-09", x.Title)
				}
			}
			return err
		})
		old := public.Get(stamps.VerifyURL(onSheet(t, seal, "A1-01"))).WantStatus(200)
		if !old.Has("已被第 2 版取代") || old.Has("目前有效") {
			t.Errorf("a new version: %s", old.Text())
		}
		gone := public.Get(stamps.VerifyURL(onSheet(t, seal, "A2-01"))).Want("壓章已失效", "圖號或圖名已更改")
		again := s.Seal(s.Architect, permit.Designer, "測試乙")
		public.Get(stamps.VerifyURL(onSheet(t, again, "A1-01"))).Want("目前有效", "第 2 版")
		public.Get(stamps.VerifyURL(onSheet(t, again, "A1-01")) + "?lang=en").Want("Current")

		for i, p := range []*webtest.Page{old, gone} {
			for _, x := range append(personal, "E123000055", "0900000002", "0900000005", "東區", "虎尾寮") {
				if strings.Contains(p.Whole(), x) {
					t.Errorf("page %d shows %s", i, x)
				}
			}
		}
	})
}

func TestTheApprovedSet(t *testing.T) {
	s := stampstest.New(t, storetest.SQLite(t), true)
	fonts := s.Stamps.Fonts
	desk := &review.Room{Fonts: fonts, Base: "https://example.test", Stamps: s.Stamps}
	desk.Mount(s.Site)
	s.Write(func(tx *store.Tx) error {
		return roles.SetSetting(tx, permit.System, roles.Tainan, "seals_required", "N", "")
	})
	seal := s.Seal(s.Architect, permit.Designer, "測試乙")
	s.Seal(s.Engineer, permit.Certifier, "測試戊")
	at := "/bls/cases/" + s.ID + "/approved.pdf"
	s.As(s.Architect).Get(at).WantStatus(404).Want("還沒有核發執照")

	counter, officer, chief := s.Person("p8@example.test"), s.Person("p9@example.test"), s.Person("chief@example.test")
	s.Do(s.Architect, s.ID, func(tx *store.Tx, c *cases.Case) error {
		_, err := submission.Submit(tx, s.Architect, c, 1)
		return err
	})
	s.Do(counter, s.ID, func(tx *store.Tx, c *cases.Case) error { return review.Take(tx, counter, c) })
	s.Do(counter, s.ID, func(tx *store.Tx, c *cases.Case) error { return review.Assign(tx, counter, c, officer.Person, "") })
	s.Do(officer, s.ID, func(tx *store.Tx, c *cases.Case) error {
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
	s.Do(chief, s.ID, func(tx *store.Tx, c *cases.Case) (err error) {
		licence, err = review.Approve(tx, chief, c, "")
		return err
	})
	set := s.As(s.Architect).Get(at).WantStatus(200)
	text := stampstest.Text(t, set.Body)
	n := 0
	s.Do(s.Architect, s.ID, func(tx *store.Tx, c *cases.Case) error {
		all, err := drawings.Current(tx, c)
		n = len(all)
		for _, x := range all {
			if !strings.Contains(text, x.Number) {
				t.Errorf("%s is not in the set", x.Number)
			}
		}
		return err
	})
	if got := strings.Count(text, "核准圖說"); got != n {
		t.Errorf("%d stamps of approval on %d sheets", got, n)
	}
	for _, want := range []string{strings.Join(strings.Fields(licence.Number), ""), "測試乙", "測試戊", stamps.Short(onSheet(t, seal, "A1-01"))} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in the set", want)
		}
	}
	if again := s.As(chief).Get(at).WantStatus(200); string(again.Body) != string(set.Body) {
		t.Error("other bytes the second time")
	}
	s.As(s.Stranger).Get(at).WantStatus(404)
	desk.MaxSet = 1
	s.As(s.Architect).Get(at).WantStatus(404).Want("改下載送件封存檔")

	site := web.NewSite(s.DB, nil)
	register.Mount(site)
	webtest.New(t, site).Get(stamps.VerifyURL(onSheet(t, seal, "A1-01"))).Want("核准圖說", licence.Number, "核准日期")
}
