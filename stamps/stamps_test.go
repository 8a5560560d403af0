package stamps_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/drawings"
	"cloudbm/fault"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/stamps"
	"cloudbm/stamps/stampstest"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/submission"
	"cloudbm/web/webtest"
)

type studio struct{ *stampstest.Studio }

func open(t *testing.T, db *store.DB) studio {
	t.Helper()
	return studio{stampstest.New(t, db, false)}
}

func (s studio) plan(number string) (out stamps.Plan) {
	s.T.Helper()
	s.Do(s.Architect, s.ID, func(tx *store.Tx, c *cases.Case) error {
		all, err := stamps.Plans(tx, s.Architect, c)
		for _, p := range all {
			if p.Sheet.Number == number {
				out = p
			}
		}
		return err
	})
	if out.Sheet.ID == "" {
		s.T.Fatalf("no plan of %s", number)
	}
	return out
}

func TestAPlaceHoldsForASizeOrForOneSheet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		a, b := s.plan("A1-01"), s.plan("S1-01")
		if a.Size.Key() != "A3-lying" || len(a.Slots) != 1 || len(b.Slots) != 2 {
			t.Fatalf("%s with %d, %d slots", a.Size.Key(), len(a.Slots), len(b.Slots))
		}
		usual := a.Slots[0].At
		want := pdf.Place{Right: 30.5, Lower: 100, Width: 60}
		put := func(by permit.Actor, party permit.Party, sheet string, at pdf.Place) error {
			return s.Try(by, s.ID, func(tx *store.Tx, c *cases.Case) error { return stamps.PlaceAt(tx, by, c, party, a.Size, sheet, at) })
		}
		if err := put(s.Architect, permit.Designer, "", want); err != nil {
			t.Fatal(err)
		}
		for _, number := range []string{"A1-01", "S1-01"} {
			if got := s.plan(number).Slots[0]; got.At != want || got.Own || !got.Wanted {
				t.Errorf("%s: %+v", number, got)
			}
		}
		own := pdf.Place{Right: 200, Lower: 10, Width: 50}
		if err := put(s.Architect, permit.Designer, a.Sheet.ID, own); err != nil {
			t.Fatal(err)
		}
		if one, other := s.plan("A1-01").Slots[0], s.plan("S1-01").Slots[0]; one.At != own || !one.Own || other.At != want {
			t.Errorf("one sheet: %+v, %+v", one, other)
		}
		s.Do(s.Architect, s.ID, func(tx *store.Tx, c *cases.Case) error {
			return stamps.Forget(tx, s.Architect, c, permit.Designer, a.Size, a.Sheet.ID)
		})
		if got := s.plan("A1-01").Slots[0]; got.At != want || got.Own {
			t.Errorf("back to the size: %+v", got)
		}
		// in another case of the same person
		first := s.ID
		s.ID = s.Open(s.Architect, catalog.Building, catalog.C2())
		s.Sheet(s.Architect, s.ID, "A1-01_一層平面圖.pdf", "a")
		if got := s.plan("A1-01").Slots[0].At; got != want {
			t.Errorf("in another case: %+v", got)
		}
		s.ID = first
		s.Do(s.Architect, s.ID, func(tx *store.Tx, c *cases.Case) error {
			return stamps.Forget(tx, s.Architect, c, permit.Designer, a.Size, "")
		})
		if got := s.plan("A1-01").Slots[0]; got.At != usual || got.Wanted {
			t.Errorf("back to the usual place: %+v", got)
		}

		for name, row := range map[string]struct {
			by    permit.Actor
			party permit.Party
			sheet string
			at    pdf.Place
			want  string
		}{
			"too narrow":       {s.Architect, permit.Designer, "", pdf.Place{Right: 0, Lower: 0, Width: 30}, "寬度填 40"},
			"too wide":         {s.Architect, permit.Designer, "", pdf.Place{Right: 0, Lower: 0, Width: 141}, "寬度填 40"},
			"beyond the left":  {s.Architect, permit.Designer, "", pdf.Place{Right: 400, Lower: 0, Width: 50}, "離右邊填 0 到 370"},
			"below":            {s.Architect, permit.Designer, "", pdf.Place{Right: 0, Lower: -1, Width: 50}, "離下邊填 0 到"},
			"another's":        {s.Engineer, permit.Designer, "", want, "由壓章的人自己設定"},
			"not theirs":       {s.Engineer, permit.Certifier, a.Sheet.ID, want, "這張圖不由您壓章"},
			"the engineer too": {s.Engineer, permit.Certifier, b.Sheet.ID, want, ""},
		} {
			err := put(row.by, row.party, row.sheet, row.at)
			if row.want == "" {
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			f, ok := fault.As(err)
			if !ok || !strings.Contains(f.Message.Zh+fmt.Sprint(f.Places), row.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		b = s.plan("S1-01")
		if b.Slots[0].At.Meets(b.Slots[1].At) || b.Slots[1].At != want {
			t.Errorf("on each other: %+v", b.Slots)
		}
	})
}

// TestWhatWasSubmittedStaysWhereItWas: a place that is changed later holds once the case is open again.
func TestWhatWasSubmittedStaysWhereItWas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := studio{stampstest.New(t, db, true)}
		s.Write(func(tx *store.Tx) error {
			return roles.SetSetting(tx, permit.System, roles.Tainan, "seals_required", "N", "")
		})
		before := s.plan("A1-01").Slots[0].At
		s.Do(s.Architect, s.ID, func(tx *store.Tx, c *cases.Case) error {
			_, err := submission.Submit(tx, s.Architect, c, 1)
			return err
		})
		moved := pdf.Place{Right: 100, Lower: 20, Width: 60}
		s.Do(s.Architect, s.ID, func(tx *store.Tx, c *cases.Case) error {
			return stamps.PlaceAt(tx, s.Architect, c, permit.Designer, stamps.SizeOf(s.version(tx, c)), "", moved)
		})
		if got := s.plan("A1-01").Slots[0].At; got != before {
			t.Errorf("a submitted sheet has its stamp moved: %+v", got)
		}
		counter := s.Person("p8@example.test")
		s.Do(counter, s.ID, func(tx *store.Tx, c *cases.Case) error {
			return cases.Go(tx, counter, c, permit.Return, permit.Looked{}, "缺圖")
		})
		if got := s.plan("A1-01").Slots[0].At; got != moved {
			t.Errorf("open again, it stands at %+v", got)
		}
	})
}

// TestBackWithTheApplicant: while a case is back with its applicant, the authority sees the stamps of what was submitted,
// and nothing that was sealed, replaced or moved since.
func TestBackWithTheApplicant(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := studio{stampstest.New(t, db, true)}
		s.Write(func(tx *store.Tx) error {
			return roles.SetSetting(tx, permit.System, roles.Tainan, "seals_required", "N", "")
		})
		s.Seal(s.Architect, permit.Designer, "測試乙")
		old, engineers := s.plan("A1-01").Version, s.plan("S1-01").Version
		counter := s.Person("p8@example.test")
		s.Do(s.Architect, s.ID, func(tx *store.Tx, c *cases.Case) error {
			_, err := submission.Submit(tx, s.Architect, c, 1)
			return err
		})
		s.Do(counter, s.ID, func(tx *store.Tx, c *cases.Case) error {
			return cases.Go(tx, counter, c, permit.Return, permit.Looked{}, "缺圖")
		})
		at := func(v drawings.Version) string { return "/bls/cases/" + s.ID + "/sheets/" + v.ID + "/stamped.pdf" }
		submitted := s.As(counter).Get(at(engineers)).WantStatus(200)

		s.Seal(s.Engineer, permit.Certifier, "測試戊")
		s.Do(s.Architect, s.ID, func(tx *store.Tx, c *cases.Case) error {
			return stamps.PlaceAt(tx, s.Architect, c, permit.Designer, stamps.SizeOf(engineers), "", pdf.Place{Right: 100, Lower: 20, Width: 60})
		})
		s.Sheet(s.Architect, s.ID, "A1-01_一層平面圖.pdf", "changed")
		if got := s.As(counter).Get(at(engineers)).WantStatus(200); string(got.Body) != string(submitted.Body) {
			t.Error("the authority's copy has changed with what was sealed and moved since")
		}
		if text := stampstest.Text(t, s.As(s.Engineer).Get(at(engineers)).WantStatus(200).Body); !strings.Contains(text, "測試戊") {
			t.Errorf("the engineer's stamp is not on the applicant's copy: %s", text)
		}
		s.As(counter).Get(at(old)).WantStatus(200)
		s.As(s.Architect).Get(at(old)).WantStatus(404).Want("先完成壓章")
		s.As(counter).Get(at(s.plan("A1-01").Version)).WantStatus(404)
	})
}

func (s studio) version(tx *store.Tx, c *cases.Case) drawings.Version {
	all, err := drawings.Current(tx, c)
	if err != nil || len(all) == 0 {
		s.T.Fatal(err)
	}
	return all[0].Current()
}

func TestRenditions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		v := s.plan("S1-01").Version
		at := "/bls/cases/" + s.ID + "/sheets/" + v.ID
		s.As(s.Architect).Get(at + "/stamped.pdf").WantStatus(404).Want("先完成壓章")
		s.Seal(s.Architect, permit.Designer, "測試乙")
		engineer := s.Seal(s.Engineer, permit.Certifier, "測試戊")

		path, _ := s.Room.Blobs.Path(v.Digest)
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		one := s.As(s.Architect).Get(at + "/stamped.pdf").WantStatus(200)
		if !strings.HasPrefix(string(one.Body), "%PDF-") {
			t.Fatalf("no PDF: %.80s", string(one.Body))
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
			t.Error("what was sealed has changed")
		}
		if again := s.As(s.Engineer).Get(at + "/stamped.pdf"); string(again.Body) != string(one.Body) {
			t.Error("other bytes the second time")
		}
		item := ""
		for _, it := range engineer.Items {
			if it.Item.ID == v.ID {
				item = it.ID
			}
		}
		text := stampstest.Text(t, one.Body)
		for _, want := range []string{"設計人壓章", "測試乙", "開業證書南市建開證字第T000102-01號", "簽證技師壓章", "測試戊", "執業執照技執字第00123號", "許可文號內授營建管字第1110000001號", stamps.Short(item)} {
			if !strings.Contains(text, want) {
				t.Errorf("%s is not on the sheet: %s", want, text)
			}
		}
		if pic := s.As(s.Architect).Get(at + "/stamped.png").WantStatus(200); !strings.HasPrefix(string(pic.Body), "\x89PNG") {
			t.Error("no picture")
		}
		s.As(s.Stranger).Get(at + "/stamped.pdf").WantStatus(404)
		signedOut(t, s.As(permit.Actor{}).Get(at+"/stamped.pdf"))
		s.As(s.Architect).Get(at).Want("壓章圖（PDF）", "圖章位置")

		// a new version: neither the old one nor the new one has a seal that holds
		s.Sheet(s.Architect, s.ID, "S1-01_結構平面圖.pdf", "changed")
		s.As(s.Architect).Get(at + "/stamped.pdf").WantStatus(404).Want("先完成壓章")
		s.As(s.Architect).Get("/bls/cases/" + s.ID + "/sheets/" + s.plan("S1-01").Version.ID + "/stamped.pdf").WantStatus(404).Want("先完成壓章")
	})
}

// signedOut wants the way to the doors.
func signedOut(t *testing.T, p *webtest.Page) {
	t.Helper()
	if !strings.HasPrefix(p.URL, "/?next=") {
		t.Errorf("without signing in: %s", p.URL)
	}
}

func TestPlacesOnThePageWithoutScript(t *testing.T) {
	s := open(t, storetest.SQLite(t))
	at := "/bls/cases/" + s.ID + "/stamps"
	c := s.As(s.Architect)
	c.Get(at).WantStatus(200).Want("圖章位置", "A3 橫式（2 張）", "您的圖章（設計人）", "測試戊（簽證技師）", "預設")
	form := func(do, right, lower, width string) map[string][]string {
		return map[string][]string{"do": {do}, "size": {"A3-lying"}, "party": {"designer"}, "right": {right}, "lower": {lower}, "width": {width}}
	}
	id := "stamp-A3-lying-designer-" + s.Architect.Person
	looked := c.Post(at, form("look", "100", "50", "60")).WantStatus(200)
	if x := looked.One("#" + id).Attr("x"); x != "260" {
		t.Errorf("previewed at %s", x)
	}
	if got := s.plan("A1-01").Slots[0]; got.Wanted {
		t.Error("a preview was saved")
	}
	bad := c.Post(at, form("place", "abc", "９９９９", "60")).WantStatus(422).Want("輸入公釐數", "離下邊")
	if v := bad.One("main input[name=right]").Attr("value"); v != "abc" {
		t.Errorf("what was typed is lost: %q", v)
	}
	c.Post(at, form("place", "１２.５", "50", "60")).Want("已儲存 A3 橫式 的圖章位置", "自訂")
	if got := s.plan("A1-01").Slots[0].At; got != (pdf.Place{Right: 12.5, Lower: 50, Width: 60}) {
		t.Errorf("saved %+v", got)
	}
	one := at + "/" + s.plan("A1-01").Sheet.ID
	c.Post(one, form("place", "200", "50", "60")).Want("已儲存這張圖的圖章位置", "只用在這張圖")
	c.Post(one, form("usual", "", "", "")).Want("自訂")
	c.Post(at, form("usual", "", "", "")).Want("已回到預設位置", "預設")
	c.Post(at, map[string][]string{"do": {"place"}, "size": {"A3-lying"}, "party": {"certifier"}, "right": {"1"}, "lower": {"1"}, "width": {"60"}}).WantStatus(403).Want("由壓章的人自己設定")
	c.Get(at + "/unknown").WantStatus(404)
	c.Get(at+"?lang=en").Want("Places of stamps", "Your stamp")

	e := s.As(s.Engineer).Get(at).WantStatus(200).Want("您的圖章（簽證技師）")
	if n := len(e.Find("main form.cb-stamps__form")); n != 1 {
		t.Errorf("the engineer has %d forms", n)
	}
	s.As(s.Stranger).Get(at).WantStatus(404)
	signedOut(t, s.As(permit.Actor{}).Get(at))
}

// TestStampsDoNotMeet: the usual places, and wishes of all for the same spot, on every size of paper.
func TestStampsDoNotMeet(t *testing.T) {
	for _, paper := range [][2]int{{1189, 841}, {841, 594}, {594, 841}, {420, 297}, {297, 420}, {297, 210}, {210, 297}, {1500, 300}, {300, 1500}, {120, 90}} {
		for n := 1; n <= 6; n++ {
			for name, spot := range map[string]*pdf.Place{"usual": nil, "corner": {Right: 0, Lower: 0, Width: 70}, "upper left": {Right: 1e4, Lower: 1e4, Width: 140}} {
				size := stamps.SizeOf(drawings.Version{MIME: drawings.PDF, WidthMM: paper[0], HeightMM: paper[1]})
				got := stamps.Lay(size, slices.Repeat([]*pdf.Place{spot}, n))
				for i, p := range got {
					if p.Right < 0 || p.Lower < 0 || p.Right+p.Width > size.W+1e-6 || p.Lower+p.Height() > size.H+1e-6 {
						t.Errorf("%v %s: %d of %d is off the sheet: %+v", paper, name, i, n, p)
					}
					for j := range i {
						if p.Meets(got[j]) {
							t.Errorf("%v %s: %d and %d of %d meet: %+v %+v", paper, name, j, i, n, got[j], p)
						}
					}
				}
			}
		}
	}
}
