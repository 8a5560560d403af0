package seals_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cloudbm/cases"
	"cloudbm/permit"
	"cloudbm/review"
	"cloudbm/seals"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/submission"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

// page is a house whose visitors are whoever they say they are.
type page struct {
	*counter
	site *web.Site
}

func pages(t *testing.T, db *store.DB) *page {
	n := open(t, db)
	p := &page{n, web.NewSite(db, nil)}
	people := map[string]permit.Actor{}
	for _, email := range []string{"p2@example.test", "p5@example.test", "p7@example.test", "p9@example.test"} {
		a := n.Person(email)
		people[a.Person] = a
	}
	p.site.Who = func(q *http.Request) (permit.Actor, error) { return people[q.Header.Get("X-Person")], nil }
	room := &seals.Room{DB: db, Cards: n.Cards.Room, Drawings: n.House.Room, Blobs: n.House.Room.Blobs, Used: anyCard}
	room.Mount(p.site)
	return p
}

func (p *page) as(a permit.Actor) *webtest.Client {
	c := webtest.New(p.House.T, p.site)
	c.Header.Set("X-Person", a.Person)
	return c
}

// signs sends the form with what the card makes of its text.
func signs(c *webtest.Client, at string, drawn *webtest.Page, answer func(string) string) *webtest.Page {
	text := drawn.One("input[name=card-text]").Attr("value")
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return c.Post(at+"/sign", url.Values{"card-text": {text}, "card-said": {answer(string(b))}})
}

// TestPages (S202–S209): what an engineer, an architect, an officer and a stranger see, and what they are told when it
// does not go.
func TestPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := pages(t, db)
		at := "/bls/cases/" + p.id + "/seals"
		p.as(p.other).Get(at).WantStatus(404)
		eng := p.as(p.eng)
		lacks(t, eng.Get(at).WantStatus(200).Want("簽證技師基本資料", "執業執照號碼", "技執字第00123號", "內政部許可文號", "身分證字號", "事務所名稱", "由您以簽證技師身分壓章", "S1-01"), "由您以設計人身分壓章", "A123000054")
		arch := p.as(p.architect)
		lacks(t, arch.Get(at).WantStatus(200).Want("由您以設計人身分壓章", "申請書全部填答", "測試戊"), "簽證技師基本資料")

		eng.Post(at, url.Values{"party": {"certifier"}}).WantStatus(422).Want("勾選要壓章的項目")
		eng.Post(at, url.Values{"do": {"decline"}, "why": {""}}).WantStatus(422).Want("寫下不壓章的理由")
		eng.Post(at, url.Values{"do": {"decline"}, "why": {"與計算書不符"}}).WantStatus(200).Want("您已表示不壓章：與計算書不符")
		var pick []string
		for _, box := range eng.Get(at).Find("input[name=pick]") {
			pick = append(pick, box.Attr("value"))
		}
		drawn := eng.Post(at, url.Values{"party": {"certifier"}, "pick": pick}).WantStatus(200).Want("您要壓章的內容", "S1-01", "簽章人", "cloudbm seal 1")
		if len(drawn.Find("img.seals__picture")) == 0 {
			t.Error("no picture of a sheet is shown")
		}
		signs(eng, at, drawn, func(text string) string { return p.architectCard.Signs(text).Said }).WantStatus(403).Want("用您本人的自然人憑證")
		drawn = eng.Post(at, url.Values{"party": {"certifier"}, "pick": pick})
		signs(eng, at, drawn, func(string) string { return `{"func":"sign","ret_code":1980760070,"last_error":160}` }).WantStatus(422).Want("您要壓章的內容")
		eng.Post(at+"/sign", url.Values{"card-text": {"bm9uc2Vuc2U="}, "card-said": {"{}"}}).WantStatus(422).Want("再讀一次卡")
		drawn = eng.Post(at, url.Values{"party": {"certifier"}, "pick": pick})
		done := signs(eng, at, drawn, func(text string) string { return p.engineCard.Signs(text).Said }).WantStatus(200).Want("已壓章 6 項", "完成")
		lacks(t, done, "您已表示不壓章")

		one := ""
		for _, a := range done.Find("td a") {
			if href := a.Attr("href"); strings.HasPrefix(href, at+"/") {
				one = href
			}
		}
		eng.Get(one).WantStatus(200).Want("壓章內容", "技執字第00123號", "TP01000000000054", "有效", "openssl cms")
		arch.Get(one).WantStatus(200)
		p.as(p.other).Get(one).WantStatus(404)
		if b := eng.Get(one + "/file/seal.txt").WantStatus(200).Whole(); !strings.HasPrefix(b, "cloudbm seal 1\n") {
			t.Errorf("the text: %.60s", b)
		}
		eng.Get(one + "/file/seal.p7s").WantStatus(200)
		eng.Get(one + "/file/other").WantStatus(404)
		eng.Get("/bls/seals").WantStatus(200).Want("目前沒有案件等您壓章", "我壓過的章")

		// An officer sees what was submitted, and nothing before.
		officer := p.as(p.Person("p9@example.test"))
		officer.Get(at).WantStatus(404)
		p.seal(p.architect, permit.Designer, p.architectCard, everything)
		p.seal(p.Person("p6@example.test"), permit.Certifier, p.Card("測試己"), everything)
		p.Do(p.architect, p.id, func(tx *store.Tx, c *cases.Case) error {
			_, err := submission.Submit(tx, p.architect, c, 1)
			return err
		})
		lacks(t, officer.Get(at).WantStatus(200).Want("測試乙", "測試戊", "測試己", "完成"), "由您以")
		officer.Get(one).WantStatus(200)
		lacks(t, eng.Get(at).WantStatus(200).Want("等改正通知再壓章"), "下一步：查看並讀卡壓章")

		// Back with the applicant, the authority sees the seals of what was submitted, and nothing of what changes meanwhile.
		counter, reviewer := p.Person("p8@example.test"), p.Person("p9@example.test")
		p.Do(counter, p.id, func(tx *store.Tx, c *cases.Case) error {
			if err := review.Take(tx, counter, c); err != nil {
				return err
			}
			return review.Assign(tx, counter, c, reviewer.Person, "")
		})
		p.Do(reviewer, p.id, func(tx *store.Tx, c *cases.Case) error {
			if _, err := review.AddRemark(tx, reviewer, c, review.Remark{Place: "drawings/S1-01", Text: "補標樑編號"}); err != nil {
				return err
			}
			return review.AskCorrection(tx, reviewer, c, "改正")
		})
		p.Sheet(p.architect, p.id, "S1-01_結構平面圖.pdf", "the beams have numbers now")
		p.Write(func(tx *store.Tx) error { return seals.Review(tx, p.id) })
		eng.Get(at).WantStatus(200).Want("壓章已失效", "S1-01")
		lacks(t, officer.Get(at).WantStatus(200).Want("案件現在在申請人手上", "送件時的壓章", "測試戊"), "壓章已失效", "已更換")
		lacks(t, officer.Get(one).WantStatus(200).Want("技執字第00123號"), "壓章已失效", "已更換")
	})
}

// TestNoCards: where no authority is trusted, the page says so and asks for no card.
func TestNoCards(t *testing.T) {
	p := pages(t, storetest.SQLite(t))
	p.Cards.Room.Anchors = nil
	at := "/bls/cases/" + p.id + "/seals"
	lacks(t, p.as(p.architect).Get(at).WantStatus(200).Want("系統尚未設定憑證管理中心"), "下一步：查看並讀卡壓章")
	p.as(p.architect).Post(at, url.Values{"party": {"designer"}, "pick": {"form/" + p.id}}).WantStatus(422).Want("洽系統管理者設定憑證管理中心")
}

func lacks(t *testing.T, p *webtest.Page, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if p.Has(text) {
			t.Errorf("the page says %q", text)
		}
	}
}

// TestRemovedSigner: whoever is taken off the list sees what they have sealed, and nothing else of the case.
func TestRemovedSigner(t *testing.T) {
	p := pages(t, storetest.SQLite(t))
	at := "/bls/cases/" + p.id + "/seals"
	s := p.seal(p.eng, permit.Certifier, p.engineCard, everything)
	p.Do(p.architect, p.id, func(tx *store.Tx, c *cases.Case) error {
		a, err := cases.Answers(tx, c)
		if err != nil {
			return err
		}
		for _, row := range a.Rows["engineers"] {
			if row.Values["name"] == "測試戊" {
				_, err = cases.RemoveRows(tx, p.architect, c, c.Type.Section("engineers"), []string{row.ID})
			}
		}
		return err
	})
	eng := p.as(p.eng)
	eng.Get(at).WantStatus(404)
	eng.Get("/bls/seals").WantStatus(200).Want("我壓過的章").Follow("115A10001").WantStatus(200).Want("壓章內容", "技執字第00123號", "壓章已失效")
	eng.Get(at + "/" + s.ID + "/file/seal.txt").WantStatus(200)
	p.as(p.other).Get(at + "/" + s.ID).WantStatus(404)
}
