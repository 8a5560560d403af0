package portal

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"

	"cloudbm/accounts"
	"cloudbm/blob"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

// noon is when the tests happen: 2026-11-23 12:00 in Taipei.
var noon = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

// house is a portal with everything behind it that the tests need.
type house struct {
	*Portal
	t    *testing.T
	site *web.Site
	who  map[string]permit.Actor
	h    http.Handler
	now  time.Time
}

func open(t *testing.T, db *store.DB, change ...func(*Portal)) *house {
	t.Helper()
	files, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	p := &Portal{DB: db, Files: files}
	for _, f := range change {
		f(p)
	}
	w := &house{Portal: p, t: t, site: web.NewSite(db, nil), who: map[string]permit.Actor{}, now: noon}
	db.SetClock(func() time.Time { return w.now })
	w.site.Who = func(q *http.Request) (permit.Actor, error) { return w.who[q.Header.Get("X-Person")], nil }
	w.site.Chrome = p.Chrome
	p.Mount(w.site)
	w.h = w.site.Handler()
	if err := db.Write(t.Context(), func(tx *store.Tx) error {
		if err := roles.Prepare(tx); err != nil {
			return err
		}
		for name, value := range map[string]string{"contact_name": "測試子", "contact_phone": "06-6000001#0001", "line_url": "https://line.example.test/bls"} {
			if err := roles.SetSetting(tx, boss, "IF0", name, value, "115-11-23"); err != nil {
				return err
			}
		}
		return Seed(tx)
	}); err != nil {
		t.Fatal(err)
	}
	return w
}

// as is a visitor signed in as a; the zero Actor is nobody.
func (w *house) as(a permit.Actor) *webtest.Client {
	w.who[a.Person] = a
	c := webtest.NewFor(w.t, w.h)
	c.Header.Set("X-Person", a.Person)
	return c
}

func (w *house) anyone() *webtest.Client { return w.as(permit.Actor{}) }

// person makes an account and its actor.
func (w *house) person(name string, roles ...permit.Role) permit.Actor {
	w.t.Helper()
	var p accounts.Person
	if err := w.DB.Write(w.t.Context(), func(tx *store.Tx) (err error) {
		p, err = accounts.New(tx, accounts.Person{Name: name, Email: store.NewID() + "@example.test", Phone: "0900000001"})
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return permit.Actor{Person: p.ID, Name: name, Roles: roles}
}

func lite(t *testing.T, change ...func(*Portal)) *house {
	return open(t, storetest.SQLite(t), change...)
}

var (
	boss    = permit.Actor{Person: "boss", Name: "測試管理", Admin: true}
	manager = permit.Actor{Person: "mgr", Name: "測試壬", Seats: []permit.Seat{{Authority: "IF0", Duty: permit.Manager}}}
	clerk   = permit.Actor{Person: "clerk", Name: "測試辛", Seats: []permit.Seat{{Authority: "IF0", Duty: permit.Counter}}}
)

func links(p *webtest.Page, selector string) map[string]string {
	out := map[string]string{}
	for _, a := range p.Find(selector) {
		out[a.Text()] = a.Attr("href")
	}
	return out
}

// 1.A — the way in

func TestS1_TheNameOfTheSystemIsOnEveryPage(t *testing.T) {
	w := lite(t)
	for _, path := range []string{"/CPTL/", "/help", "/news", "/privacy"} {
		p := w.anyone().Get(path)
		if p.Want("新建築執照線上申請書電子化書圖文件送件繳交系統"); path != "/CPTL/" && !strings.Contains(p.Title(), "新建築執照線上申請書電子化書圖文件送件繳交系統") {
			t.Errorf("%s is titled %q", path, p.Title())
		}
	}
}

func TestS2_ThePageOfHelpWalksTheWholePath(t *testing.T) {
	p := lite(t).anyone().Get("/help").Follow("帳號及備用帳號如何申請")
	if h := p.One("h1").Text(); h != "帳號及備用帳號如何申請" {
		t.Errorf("headed %q", h)
	}
	text, at := p.Text(), 0
	for _, step := range []string{"找到入口網", "申請「我的E政府」帳號", "申請備用帳號", "登錄", "檢查使用者資訊"} {
		n := strings.Index(text[at:], step)
		if n < 0 {
			t.Fatalf("%q does not come after the steps before it:\n%s", step, text)
		}
		at += n
	}
}

func TestS3_TheOldAddressLeadsToTheSignInPage(t *testing.T) {
	w := lite(t)
	for _, old := range []string{"/BLS/bccslogin.do", "/BLS/", "/BLS"} {
		p := w.anyone().Stay().Get(old).WantStatus(303)
		if to := p.Header.Get("Location"); to != "/" {
			t.Errorf("%s leads to %q", old, to)
		}
	}
	to := w.anyone().Stay().Get("/BLS/bccslogin.do?next=/bls/notices").Header.Get("Location")
	if to != "/?next=%2Fbls%2Fnotices" {
		t.Errorf("what was wanted is lost: %q", to)
	}
	if to := w.anyone().Stay().Get("/BLS/bccslogin.do?next=https://example.test/").Header.Get("Location"); to != "/?next=%2F" {
		t.Errorf("leads out of the house: %q", to)
	}
}

func TestS4_FindingItByASearchEngine(t *testing.T) {
	lite(t).anyone().Get("/help/account").Want("可於瀏覽器搜尋 內政部營建署 在最下面的主題網站中，點選全國建築管理")
}

// S5 to S8 are parts of the agency's own home page, outside the product; the portal does not copy them.
func TestS5toS8_TheOuterHomePageIsNotCopied(t *testing.T) {
	p := lite(t).anyone().Get("/CPTL/")
	for _, s := range []string{"國家公園", "耐震 A+", "統計資料庫網際網路報送系統", "投票區"} {
		if p.Has(s) {
			t.Errorf("the portal shows %q of another website", s)
		}
	}
}

func TestS9_ThePortalHasTheEntryToTheSignInPage(t *testing.T) {
	w := lite(t)
	for _, path := range []string{"/CPTL", "/CPTL/"} {
		p := w.anyone().Get(path).WantStatus(200)
		if to := links(p, "main a")["新線上申請入口專區"]; to != "/" {
			t.Errorf("%s: the entry leads to %q", path, to)
		}
		if to := p.One("main a.govuk-button").Attr("href"); to != "/" {
			t.Errorf("%s: the button leads to %q", path, to)
		}
	}
}

func TestS10_TheTitleOfThePortal(t *testing.T) {
	p := lite(t).anyone().Get("/CPTL/")
	if !strings.HasPrefix(p.Title(), "內政部營建署 全國建築管理資訊系統入口網") || p.One("h1").Text() != "內政部營建署 全國建築管理資訊系統入口網" {
		t.Errorf("%q, %q", p.Title(), p.One("h1").Text())
	}
}

func TestS11_UtilityLinks(t *testing.T) {
	w := lite(t)
	got := links(w.anyone().Get("/CPTL/"), "main nav a")
	for _, name := range []string{"回首頁", "系統服務信箱", "事件服務請求", "網站導覽", "雙語詞彙"} {
		if got[name] == "" {
			t.Errorf("no %s", name)
			continue
		}
		w.anyone().Get(got[name]).WantStatus(200)
	}
}

func TestS12_SearchWithOftenSearchedWords(t *testing.T) {
	w := lite(t)
	p := w.anyone().Get("/CPTL/").Want("熱搜：", "人事", "自然人憑證")
	p.Follow("自然人憑證").Want("註冊憑證作業", "系統環境自我檢測")
	p.Fill("搜尋入口網", "備用帳號").Submit("搜尋").Want("帳號及備用帳號如何申請")
	w.anyone().Get("/CPTL/search?q=" + url.QueryEscape("套繪圖　種子")).Want("套繪圖種子檔下載 (營建署)")
	w.anyone().Get("/CPTL/search?q=" + url.QueryEscape("主機維護")).Want("主機維護：系統可登錄，回應速度較慢")
	w.anyone().Get("/CPTL/search?q="+url.QueryEscape("天馬行空")).Want("找到 0 項", "換一個詞")
	other := lite(t, func(p *Portal) { p.Hot = []say.Text{say.T("颱風", "Typhoon")} }).anyone().Get("/CPTL/").Want("颱風")
	if other.Has("人事") {
		t.Error("the words are not configurable")
	}
}

func TestS13_TheMainMenu(t *testing.T) {
	checkMenu(t, "main-menu", "建管業務", "營造業務", "證照與講習", "防救災系統", "新線上申請入口專區", "舊版入口網")
}

func TestS14_TheMenuByVisitor(t *testing.T) {
	checkMenu(t, "audience-menu", "一般民眾", "建築師及技師", "專業機構及廠商", "建管業務主管單位", "營造業務主管單位", "建管委訓單位", "營造業委訓及評鑑單位")
}

// checkMenu wants these entries in this order, each leading to a real page.
func checkMenu(t *testing.T, id string, names ...string) {
	t.Helper()
	w := lite(t)
	entries := w.anyone().Get("/CPTL/").Find("nav[aria-labelledby=" + id + "] a")
	if len(entries) != len(names) {
		t.Fatalf("%d entries, want %d", len(entries), len(names))
	}
	for i, e := range entries {
		if e.Text() != names[i] {
			t.Errorf("entry %d is %q, want %q", i+1, e.Text(), names[i])
		}
		if to := e.Attr("href"); to != "/" {
			p := w.anyone().Get(to).WantStatus(200).Want(names[i], "這個項目不在本系統辦理")
			for name, at := range links(p, "main li a") {
				if at != "/" && w.anyone().Get(at).Status != 200 {
					t.Errorf("%s: %s leads nowhere (%s)", names[i], name, at)
				}
			}
		}
	}
}

func TestS15_HowToApplyIsAPageOfHelp(t *testing.T) {
	lite(t).anyone().Get("/help/apply").Want("帳號申請說明", "前往帳號申請")
}

func TestS18_Announcements(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db)
		admin := w.as(boss)
		form := admin.Get("/admin/news/new")
		form.Submit("存檔").WantStatus(422).Want("輸入公告標題", "輸入英文標題")
		form.Choose("維護時段").Fill("標題（中文）", "資料庫維護").Fill("標題（英文）", "Database maintenance").
			Fill("開始公告", "115-11-24 09:00").Fill("結束公告", "115/11/25 09:00").Submit("存檔").WantStatus(422).
			Want("輸入維護或中斷的開始時間").
			Fill("維護或中斷開始", "115-11-24 18:00").Fill("維護或中斷結束", "115年11月24日 22時00分").Submit("存檔").Want("公告已存檔", "尚未開始")
		if w.anyone().Get("/news").Has("資料庫維護") {
			t.Error("seen before its time")
		}
		w.now = noon.AddDate(0, 0, 1)
		p := w.anyone().Get("/news").Want("115-11-24", "維護時段", "115年11月24日 18時00分 至 115年11月24日 22時00分")
		one := p.Follow("資料庫維護").WantStatus(200)
		var landing strings.Builder
		if err := w.Announcements(t.Context()).Render(t.Context(), &landing); err != nil || !strings.Contains(landing.String(), "資料庫維護") || !strings.Contains(landing.String(), "系統公告") {
			t.Error(err, landing.String())
		}
		w.now = noon.AddDate(0, 0, 2)
		if w.anyone().Get("/news").Has("資料庫維護") {
			t.Error("seen after its time")
		}
		w.anyone().Get(one.URL).WantStatus(404).Want("這則公告已經結束")
		admin.Get("/admin/news").Want("資料庫維護", "已結束")
	})
}

func TestAnnouncementsAreKeptByThoseTheyBelongTo(t *testing.T) {
	w := lite(t)
	w.anyone().Stay().Get("/admin/news").WantStatus(303)
	w.as(clerk).Get("/admin/news").WantStatus(403)
	list := w.as(manager).Get("/admin/news").WantStatus(200)
	if to := links(list, "td a")["新線上申請入口專區上線"]; !strings.HasPrefix(to, "/news/") {
		t.Errorf("a manager is offered the whole system's announcement: %q", to)
	}
	form := w.as(manager).Get("/admin/news/new").Fill("標題（中文）", "臺南市櫃檯異動").Fill("標題（英文）", "Tainan counter moves")
	form.Submit("存檔").Want("公告已存檔", "臺南市政府")
	var a Announcement
	for _, x := range look(t, w.DB, func(tx *store.Tx) ([]Announcement, error) { return Current(tx, 9) }) {
		if x.Authority == "IF0" {
			a = x
		}
	}
	other := permit.Actor{Person: "o", Name: "別處", Seats: []permit.Seat{{Authority: "AF0", Duty: permit.Manager}}}
	w.as(other).Get("/admin/news/" + a.ID).WantStatus(403)
	w.as(other).Post("/admin/news/"+a.ID+"/end", nil).WantStatus(403)
	w.as(other).Post("/admin/news", url.Values{"kind": {"news"}, "title_zh": {"一"}, "title_en": {"a"}, "from": {"115-11-23 08:00"}}).WantStatus(403)

	// Two keepers: the second is told, and loses nothing that was typed.
	first, second := w.as(manager).Get("/admin/news/"+a.ID), w.as(boss).Get("/admin/news/"+a.ID)
	first.Fill("標題（中文）", "櫃檯搬到二樓").Submit("存檔").Want("公告已存檔")
	second.Fill("標題（中文）", "櫃檯搬到三樓").Submit("存檔").WantStatus(409).Want("測試壬剛改過這則公告")
	w.as(manager).Get("/admin/news/" + a.ID).Submit("立即取下").Want("公告已取下")
	if w.anyone().Get("/news").Has("櫃檯搬到二樓") {
		t.Error("still seen")
	}
	acts := look(t, w.DB, func(tx *store.Tx) ([]accounts.Entry, error) {
		return accounts.Entries(tx, accounts.Search{What: "announcement."})
	})
	n := 0
	for _, e := range acts {
		if e.About == a.ID {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d acts in the audit record, want 3", n)
	}
}

func look[T any](t *testing.T, db *store.DB, f func(*store.Tx) (T, error)) (v T) {
	t.Helper()
	if err := db.Read(context.Background(), func(tx *store.Tx) (err error) { v, err = f(tx); return err }); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestEveryPublicPageIsWholeInBothLanguages(t *testing.T) {
	w := lite(t)
	paths := []string{"/CPTL/", "/CPTL/search?q=account", "/CPTL/old", "/news", "/downloads", "/help", "/help/question", "/mailbox", "/help/contact",
		"/bls/selftest", "/bls/selftest/window", "/permit-check", "/permit-check?what=repair&half=no", "/sitemap", "/accessibility", "/privacy"}
	for _, topic := range w.Topics() {
		paths = append(paths, "/help/"+topic.Key)
	}
	for _, e := range append(append([]Entry{}, MainMenu...), AudienceMenu...) {
		if e.URL == "" {
			paths = append(paths, e.url())
		}
	}
	// Names of offices, persons and sites stay Chinese; so does what is printed on a certificate.
	allowed := strings.NewReplacer("內政部營建署", "", "測試子", "", "南市建開證字第T000101號", "")
	for _, path := range paths {
		zh := w.anyone().Get(path).WantStatus(200)
		en := w.anyone()
		en.SetCookie("lang", "en")
		text := allowed.Replace(en.Get(path).WantStatus(200).Text())
		if strings.IndexFunc(text, han) >= 0 {
			t.Errorf("%s: Chinese on an English page:\n%s", path, text)
		}
		if strings.IndexFunc(zh.Text(), han) < 0 {
			t.Errorf("%s: no Chinese on a Chinese page", path)
		}
		for _, p := range []*webtest.Page{zh} {
			if len(p.Find("h1")) != 1 {
				t.Errorf("%s has %d headings of the first order", path, len(p.Find("h1")))
			}
		}
	}
}

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

func TestEveryPageNamesItsFunctionNumber(t *testing.T) {
	w := lite(t)
	for _, r := range w.site.Routes() {
		if r.Method != "GET" || r.Raw || strings.ContainsAny(r.Path, "{") || strings.HasPrefix(r.Path, "/BLS") || strings.HasPrefix(r.Path, "/bls/selftest/") {
			continue
		}
		p := w.as(boss).Get(r.Path)
		if r.Path == "/bls" {
			p = w.as(w.person("測試丁", permit.Citizen)).Get(r.Path)
		}
		if p.Status != 200 || len(p.Find("meta[name=function-number]")) != 1 {
			t.Errorf("%s: %d, function number missing", r.Path, p.Status)
		}
	}
}

func TestEveryLinkOfTheHouseLeadsSomewhere(t *testing.T) {
	w := lite(t)
	ours := func(path string) bool {
		for _, other := range []string{"/apply", "/signin", "/password", "/home", "/me", "/bls/profile", "/bls/notices", "/bls/cases", "/signout", "/static", "/session", "/admin/letters", "/register", "/desk", "/bls/rights", "/bls/cards", "/bls/favourites", "/verify", "/admin"} {
			if strings.HasPrefix(path, "/admin/news") || strings.HasPrefix(path, "/admin/downloads") || strings.HasPrefix(path, "/desk/questions") {
				return true
			}
			if path == other || strings.HasPrefix(path, other+"/") || strings.HasPrefix(path, other+"?") {
				return false // doors of other rooms
			}
		}
		return strings.HasPrefix(path, "/") && path != "/" && !strings.HasPrefix(path, "/?")
	}
	c := w.as(func() permit.Actor { a := w.person("測試丁", permit.Citizen); a.Admin = true; return a }())
	seen := map[string]bool{"/CPTL/": true}
	for todo := []string{"/CPTL/"}; len(todo) > 0; todo = todo[1:] {
		p := c.Get(todo[0])
		if p.Status != 200 {
			t.Errorf("%s answers %d", todo[0], p.Status)
		}
		for _, a := range p.Find("a") {
			to, _, _ := strings.Cut(a.Attr("href"), "#")
			if strings.Contains(to, "lang=") || strings.HasPrefix(to, "/permit-check?") || strings.HasPrefix(to, "/CPTL/search?") || !ours(to) || seen[to] {
				continue
			}
			seen[to] = true
			todo = append(todo, to)
		}
	}
	if len(seen) < 45 {
		t.Errorf("only %d pages were reached", len(seen))
	}
}
