package portal

import (
	"bytes"
	_ "embed"
	"maps"
	"net/http"
	"net/url"
	"time"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/pki"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
	"cloudbm/web/parts"
)

const hour = time.Hour

//go:embed selftest.js
var selftestScript []byte

func (p *Portal) selftestDoors(s *web.Site) {
	s.Handle("GET /bls/selftest", web.Anyone, p.showSelftest)
	s.Handle("POST /bls/selftest/card", web.Anyone, p.tellCard)
	s.Handle("GET /bls/selftest/time", web.Anyone, func(r *web.Request) error {
		return r.JSON(http.StatusOK, map[string]int64{"now": r.Site.DB.Now().UnixMilli()})
	})
	s.Handle("GET /bls/selftest/window", web.Anyone, func(r *web.Request) error {
		t := say.T("彈出視窗可以開啟", "Pop-up windows open")
		return r.Draw(web.Page{Title: t, Func: "BLS10910", NoChrome: true}, windowBody(t))
	})
	s.Handle("GET /bls/selftest/script.js", web.Anyone, func(r *web.Request) error {
		r.W.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		http.ServeContent(r.W, r.Request, "", time.Time{}, bytes.NewReader(selftestScript))
		return nil
	})
}

const probe = "selftest" // the cookie of the self-test

// showSelftest draws 系統環境自我檢測 (S127, S130). It works for somebody who cannot sign in, and without script.
func (p *Portal) showSelftest(r *web.Request) error {
	_, err := r.Cookie(probe)
	v := seen{Agent: r.UserAgent(), Cookie: err == nil || r.Actor.SignedIn(), Again: r.Form().Get("again") != "", Secure: r.TLS != nil || r.Site.Production}
	http.SetCookie(r.W, &http.Cookie{Name: probe, Value: "1", Path: "/bls/selftest", MaxAge: 600, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	t := say.T("系統環境自我檢測", "Check this computer")
	return r.Draw(web.Page{Title: t, Func: "BLS10900", Crumbs: crumbs(t, blsCrumb), Scripts: []string{pki.Script}},
		selftestBody(v.checks(), p.Reader.Origin(), r.Site.DB.Now(), v.Agent, r.IP()))
}

// tellCard says in words what the component answered to the self-test. It keeps nothing.
func (p *Portal) tellCard(r *web.Request) error {
	type line struct {
		Check string `json:"check"`
		OK    bool   `json:"ok"`
		Text  string `json:"text"`
		URL   string `json:"url,omitempty"`
	}
	var out []line
	for _, f := range p.Reader.Inspect(pki.Answer{Said: r.Form().Get("said"), Agent: r.UserAgent()}, r.Site.DB.Now()) {
		out = append(out, line{f.Key, f.Good, f.Text.In(r.Lang()), f.URL})
	}
	return r.JSON(http.StatusOK, out)
}

// showAdvice asks the next question of 「需要建築執照嗎？」, or tells what comes of the answers. The address holds the
// answers, so every step can be gone back to, kept and sent on.
func showAdvice(r *web.Request) error {
	a := answersTo{}
	for k, v := range r.Form() {
		if len(v) > 0 && k != "lang" && k != "asked" {
			a[k] = v[0]
		}
	}
	t := say.T("需要建築執照嗎？", "Do I need a permit?")
	page := web.Page{Title: t, Func: "CPT40000", Crumbs: crumbs(t)}
	given := rows(a)
	q := a.next()
	if q == nil {
		return r.Draw(page, adviceBody(Advise(a), given))
	}
	if r.Form().Get("asked") == q.Key {
		page.Fault = fault.Bad(q.Key, "選擇一個答案", "Choose an answer")
		page.Status = http.StatusUnprocessableEntity
	}
	return r.Draw(page, questionPage(*q, kept(a), given, page.Fault))
}

// kept are the answers that still belong to the way taken.
func kept(a answersTo) answersTo {
	out := answersTo{}
	for _, q := range questions(a) {
		if v, ok := a[q.Key]; ok {
			out[q.Key] = v
		}
	}
	return out
}

// rows are the answers given so far, each with the way back to its question.
func rows(a answersTo) (out []parts.Row) {
	before := url.Values{}
	for _, q := range questions(a) {
		back := maps.Clone(before)
		for _, o := range q.Options {
			if o.Value == a[q.Key] {
				out = append(out, parts.Row{Key: q.Text, Rich: words(o.Text), ChangeURL: "/permit-check?" + back.Encode()})
				before[q.Key] = []string{o.Value}
			}
		}
	}
	return out
}

func (q ask) choice(bad *fault.Fault) parts.Choice {
	c := parts.Choice{Name: q.Key, Legend: q.Text, Hint: q.Help, Big: true, Error: errorAt(bad, q.Key)}
	for _, o := range q.Options {
		c.Options = append(c.Options, parts.Option{Value: o.Value, Text: o.Text, Hint: o.Help})
	}
	return c
}

func (p *Portal) aboutDoors(s *web.Site) {
	s.Handle("GET /sitemap", web.Anyone, func(r *web.Request) error {
		t := say.T("網站導覽", "Site map")
		return r.Draw(web.Page{Title: t, Func: "CPT90100", Crumbs: crumbs(t)}, sitemapBody(p.pages(), p.Topics()))
	})
	s.Handle("GET /accessibility", web.Anyone, func(r *web.Request) error {
		t := say.T("無障礙聲明", "Accessibility statement")
		return r.Draw(web.Page{Title: t, Func: "CPT90200", Crumbs: crumbs(t)}, accessibilityBody())
	})
	s.Handle("GET /privacy", web.Anyone, p.showPrivacy)
	s.Handle("GET /glossary", web.Anyone, func(r *web.Request) error {
		t := say.T("雙語詞彙", "Glossary")
		q := cut(r.Form().Get("q"), 50)
		return r.Draw(web.Page{Title: t, Func: "CPT90400", Crumbs: crumbs(t)}, glossaryBody(q, wordsFor(q)))
	})
}

// wordsFor are the words that hold q.
func wordsFor(q string) (out []Word) {
	q = fold(q)
	for _, w := range Words {
		if f := (Found{Title: w.Word, Text: w.Means}); q == "" || f.match([]string{q}) > 0 {
			out = append(out, w)
		}
	}
	return out
}

func (p *Portal) showPrivacy(r *web.Request) error {
	var office Contact
	err := r.Look(func(tx *store.Tx) error {
		a, err := p.authority(tx, r.Actor)
		if err == nil {
			office, err = contactOf(tx, a)
		}
		return err
	})
	if err != nil {
		return err
	}
	t := say.T("隱私權及資訊安全宣告", "Privacy and security")
	return r.Draw(web.Page{Title: t, Func: "CPT90300", Crumbs: crumbs(t)}, privacyBody(accounts.Terms, office))
}

// notice8 are the six things 個人資料保護法 §8 wants told when data are collected.
func notice8(office say.Text) []parts.Row {
	r := func(zh, en, textZh, textEn string) parts.Row {
		return parts.Row{Key: say.T(zh, en), Rich: words(say.T(textZh, textEn))}
	}
	return []parts.Row{
		{Key: say.T("蒐集的機關", "Who collects"), Rich: words(say.F("中央建築主管機關，以及您送件的主管建築機關（%s）", "The central building authority, and the building authority you submit to (%s)", office))},
		r("蒐集的目的", "For what", "辦理建築執照、施工相關業務與室內裝修的申請、審查、通知、公開與統計；帳號管理與資訊安全。", "Handling applications for building permits, construction reports and interior fit-out: review, notices, publication and statistics; accounts and security."),
		r("個人資料的類別", "Which data", "姓名、身分證字號、出生日期、聯絡方式、證照與執業資料、土地與建築物資料、使用系統的紀錄。", "Name, national ID, date of birth, how to reach you, licences and practice, land and building, records of using the system."),
		r("利用的期間、地區、對象及方式", "How long, where, by whom and how", "核發執照的案件依檔案法令永久保存，未送件的草稿由您刪除；在我國境內；由主管機關、受託審查的團體與依法協助的機關，以電子或書面方式使用。公開查詢不顯示個人資料。", "Cases with a permit are kept permanently under the law on archives, drafts that were never submitted until you delete them; within the country; by the authorities, the bodies entrusted with review and the agencies that assist by law, electronically or on paper. Public look-ups show no personal data."),
		r("您的權利", "Your rights", "可以查詢或閱覽、取得複本、補充或更正、請求停止蒐集處理利用或刪除；用線上提問向主管機關提出，15 日內答復查詢，30 日內答復更正與刪除。", "You may see your data, get a copy, have them completed or corrected, and ask that their use be stopped or that they be deleted. Ask through the question form: you get an answer within 15 days, on correction and deletion within 30."),
		r("不提供的影響", "If you do not give them", "必填的資料沒有填寫，案件無法送件或審查；選填的可以不填。", "Without the required data a case cannot be submitted or reviewed. Optional ones you may leave out."),
	}
}
