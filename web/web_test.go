package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/a-h/templ"

	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web"
	"cloudbm/web/parts"
	"cloudbm/web/webtest"
)

func text(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<p>"+templ.EscapeString(s)+"</p>")
		return err
	})
}

// house is a site whose visitors sign in by a cookie.
func house(t *testing.T) (*web.Site, *bytes.Buffer) {
	log := &bytes.Buffer{}
	s := web.NewSite(storetest.SQLite(t), slog.New(slog.NewTextHandler(log, nil)))
	s.Who = func(q *http.Request) (permit.Actor, error) {
		if _, err := q.Cookie("who"); err == nil {
			return permit.Actor{Person: "p1", Name: "王小明"}, nil
		}
		return permit.Actor{}, nil
	}
	s.Chrome = func(_ context.Context, a permit.Actor) web.Chrome {
		if !a.SignedIn() {
			return web.Chrome{}
		}
		return web.Chrome{
			UserName: a.Name, UserTail: "(臺南市政府)", SessionEnds: s.DB.Now().Add(29*time.Minute + 21*time.Second + 500*time.Millisecond),
			Menus: []web.MenuItem{
				{Text: say.T("各類執照申請", "Licence applications"), URL: "/licences"},
				{Text: say.T("施工相關業務申請", "Construction"), WhyNot: say.T("需要營造廠角色", "Needs the contractor role")},
			},
			Mine: []web.MenuItem{{Text: say.T("登出", "Sign out"), URL: "/out", Post: true}},
		}
	}
	page := func(r *web.Request) error {
		return r.Draw(web.Page{Title: say.T("測試頁", "Test page"), Func: "SSO11100", Crumbs: []web.Crumb{{Text: say.T("使用者資訊", "User information")}}}, text("內容 "+r.Form().Get("q")))
	}
	s.Handle("GET /{$}", web.Anyone, page)
	s.Handle("GET /mine", web.SignedIn, page)
	s.Handle("POST /mine", web.SignedIn, func(r *web.Request) error { r.Flash(say.T("已儲存 <b>", "Saved")); return r.Redirect("/mine") })
	s.Handle("GET /fault/{kind}", web.Anyone, func(r *web.Request) error {
		switch r.PathValue("kind") {
		case "forbidden":
			return fault.Of(fault.Forbidden, "只有建築師能開這一頁", "Only architects may open this page").To("檢視使用者資訊", "See your user information", "/profile")
		case "busy":
			return fault.Of(fault.TooMany, "三分鐘後再試", "Try again in three minutes")
		case "missing":
			return store.ErrNotFound
		case "panic":
			panic("boom")
		case "draw":
			return r.Draw(web.Page{}, templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
				_, _ = io.WriteString(w, "HALF A PAGE")
				return errors.New("the other half failed")
			}))
		}
		return errors.New("secret detail")
	})
	form := func(r *web.Request, f *fault.Fault) error {
		in := parts.Input{Name: "name", Label: say.T("姓名", "Name"), Value: r.Form().Get("name"), Required: true}
		if f != nil {
			in.Error = f.Message
		}
		return r.Draw(web.Page{Title: say.T("表單", "Form"), Fault: f}, templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			_, _ = io.WriteString(w, `<form method="post" action="/form">`)
			_ = parts.ErrorSummary(f).Render(ctx, w)
			_ = parts.Field(in).Render(ctx, w)
			_ = parts.Button(say.T("儲存", "Save")).Render(ctx, w)
			_, err := io.WriteString(w, `</form>`)
			return err
		}))
	}
	s.Handle("GET /form", web.Anyone, func(r *web.Request) error { return form(r, nil) })
	s.Handle("POST /form", web.Anyone, func(r *web.Request) error {
		if len([]rune(r.Form().Get("name"))) < 2 {
			return form(r, fault.Bad("name", "輸入兩個字以上的姓名", "Enter a name of two characters or more"))
		}
		return r.Redirect("/?q=" + url.QueryEscape(r.Form().Get("name")))
	})
	s.HandleRaw("POST /raw", web.SignedIn, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		n, _ := io.Copy(io.Discard, q.Body)
		_, _ = io.WriteString(w, web.FromContext(q.Context()).Actor.Name+" "+say.F("%d", "%d", n).Zh)
	}))
	s.Handle("GET /file", web.Anyone, func(r *web.Request) error {
		return r.Send(`配置圖 "A1".pdf`, r.Form().Get("mime"), time.Unix(0, 0), strings.NewReader("0123456789"), true)
	})
	return s, log
}

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	s, _ := house(t)
	s.Production = true
	c := webtest.New(t, s).Stay()
	seen := map[string]bool{}
	for _, path := range []string{"/", "/mine", "/nowhere", "/fault/panic", "/fault/x", "/fault/forbidden", "/static/mark.svg", "/static/none.js"} {
		h := c.Get(path).Header
		csp := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "'strict-dynamic'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: policy without %s: %s", path, want, csp)
			}
		}
		if strings.Contains(csp, "unsafe") || seen[csp] {
			t.Errorf("%s: unsafe or used twice: %s", path, csp)
		}
		seen[csp] = true
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
			"Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "same-origin",
			"Strict-Transport-Security": "max-age=31536000; includeSubDomains",
		} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		if len(h.Get("X-Request-Id")) != 14 {
			t.Errorf("%s has no number", path)
		}
	}
}

func TestTheScriptsCarryTheNonceOfTheirAnswer(t *testing.T) {
	s, _ := house(t)
	p := webtest.New(t, s).Get("/")
	for _, n := range p.Find("script") {
		if !strings.Contains(p.Header.Get("Content-Security-Policy"), "'nonce-"+n.Attr("nonce")+"'") {
			t.Errorf("%s is not let run", n.HTML())
		}
	}
}

func TestPagesOfSignedInPeopleAreNotKept(t *testing.T) {
	s, _ := house(t)
	c := webtest.New(t, s)
	if got := c.Get("/").Header.Get("Cache-Control"); got == "no-store" {
		t.Error("a page for everybody is not kept at all")
	}
	c.SetCookie("who", "1")
	for _, path := range []string{"/", "/mine", "/nowhere", "/fault/x"} {
		if got := c.Get(path).Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: %q", path, got)
		}
	}
}

func TestARefusalIsAPageInWords(t *testing.T) {
	s, log := house(t)
	c := webtest.New(t, s)
	for path, want := range map[string]struct {
		status int
		says   string
	}{
		"/fault/forbidden": {403, "只有建築師能開這一頁"},
		"/fault/busy":      {429, "三分鐘後再試"},
		"/fault/missing":   {404, "找不到這筆資料"},
		"/nowhere":         {404, "這裡沒有這一頁"},
		"/raw":             {405, "這個網址不能這樣開啟"},
		"/fault/x":         {500, "這是系統的問題，不是您的操作造成的"},
		"/fault/panic":     {500, "這是系統的問題，不是您的操作造成的"},
		"/fault/draw":      {500, "這是系統的問題，不是您的操作造成的"},
	} {
		p := c.Get(path).WantStatus(want.status).Want(want.says, "網站導覽")
		if p.Has("secret") || p.Has("boom") || p.Has("HALF A PAGE") {
			t.Errorf("%s says what is ours: %s", path, p.Text())
		}
		if want.status == 500 {
			id := p.Header.Get("X-Request-Id")
			p.Want(id)
			if !strings.Contains(log.String(), "id="+id) {
				t.Errorf("%s: the number is not in the log", path)
			}
		}
	}
	c.Get("/fault/forbidden").Want("檢視使用者資訊").One(`a[href="/profile"]`)
	c.Do("GET", "/fault/busy", nil, http.Header{"Referer": {webtest.Base + "/form?x=1"}}).Want("回上一頁").One(`main a[href="/form?x=1"]`)
	if c.Do("GET", "/fault/busy", nil, http.Header{"Referer": {"https://evil.test/form"}}).Has("回上一頁") {
		t.Error("leads back to another site")
	}
	if got := c.Get("/raw").Header.Get("Allow"); got != "POST" {
		t.Errorf("Allow is %q", got)
	}
}

// An address that is no text is no door's, whatever stands behind the door: databases differ about such names.
func TestAnAddressThatIsNoTextIsNowhere(t *testing.T) {
	s, _ := house(t)
	c := webtest.New(t, s)
	for _, path := range []string{"/fault/forbidden%00", "/fault/%ff%fe", "/fault/a%0d%0aSet-Cookie:b=c"} {
		c.Get(path).WantStatus(http.StatusNotFound).Want("這裡沒有這一頁")
	}
	c.Get("/fault/forbidden").WantStatus(http.StatusForbidden)
}

func TestASignInRemembersWhereItWasAskedFor(t *testing.T) {
	s, _ := house(t)
	c := webtest.New(t, s).Stay()
	p := c.Get("/mine?q=1&r=2").WantStatus(303)
	if got := p.Header.Get("Location"); got != "/?next="+url.QueryEscape("/mine?q=1&r=2") {
		t.Errorf("goes to %s", got)
	}
	p = c.Do("GET", "/mine", nil, http.Header{"Accept": {"application/json"}}).WantStatus(401)
	if !strings.Contains(string(p.Body), `"signIn":true`) {
		t.Errorf("a script is told %s", p.Body)
	}
}

func TestWhatWasTypedOutlivesTheSession(t *testing.T) {
	s, _ := house(t)
	c := webtest.New(t, s)
	p := c.Post("/mine", url.Values{"note": {"三天的心血"}, "password": {"hunter2"}}).WantStatus(401).Want("您輸入的內容還在這一頁")
	if p.One("main input[name=note]").Attr("value") != "三天的心血" {
		t.Error("the note is lost")
	}
	if strings.Contains(string(p.Body), "hunter2") {
		t.Error("a password was held")
	}
	c.SetCookie("who", "1")
	p.Submit("再送出一次").WantStatus(200).Want("已儲存 <b>")
}

func TestAFlashIsShownOnce(t *testing.T) {
	s, _ := house(t)
	c := webtest.New(t, s)
	c.SetCookie("who", "1")
	p := c.Post("/mine", nil).Want("已儲存 <b>")
	if !strings.Contains(string(p.Body), "已儲存 &lt;b&gt;") {
		t.Error("the flash is not escaped")
	}
	if c.Get("/mine").Has("已儲存") {
		t.Error("shown twice")
	}
}

func TestTheLanguageIsRemembered(t *testing.T) {
	s, _ := house(t)
	c := webtest.New(t, s)
	p := c.Get("/?q=1")
	if p.One("html").Attr("lang") != "zh-Hant-TW" || p.Title() != "測試頁 - 新建築執照線上申請書電子化書圖文件送件繳交系統" {
		t.Errorf("not Chinese at first: %s", p.Title())
	}
	p = p.Follow("English").Want("Function no.: SSO11100", "Skip to main content")
	if p.URL != "/?lang=en&q=1" || p.One("html").Attr("lang") != "en" {
		t.Errorf("at %s in %s", p.URL, p.One("html").Attr("lang"))
	}
	c.Get("/form").Want("Name", "(required)").Follow("中文").Want("姓名", "（必填）")
	c.Get("/").Want("功能編號:SSO11100")
}

func TestAnEnglishPageHasNoChineseOfOurs(t *testing.T) {
	s, _ := house(t)
	s.Chrome = func(_ context.Context, a permit.Actor) web.Chrome {
		return web.Chrome{Trial: true, UserName: "Wang", NoticesURL: "/n", Notices: 2, SessionEnds: s.DB.Now().Add(time.Hour), Help: web.Contact{Phone: "1"}}
	}
	c := webtest.New(t, s)
	for _, path := range []string{"/?lang=en", "/nowhere", "/fault/x", "/fault/missing", "/form"} {
		text := strings.ReplaceAll(c.Get(path).Whole(), "中文", "")
		if path == "/?lang=en" {
			text = strings.ReplaceAll(text, "內容", "") // the test's own
		}
		for _, r := range text {
			if unicode.Is(unicode.Han, r) {
				t.Errorf("%s: %s", path, text)
				break
			}
		}
	}
}

func TestARefusedFormKeepsItsValuesThroughAChangeOfLanguage(t *testing.T) {
	s, _ := house(t)
	p := webtest.New(t, s).Get("/form").Fill("姓名", "王").Submit("儲存").WantStatus(422)
	if !strings.HasPrefix(p.Title(), "錯誤：表單 - ") {
		t.Errorf("title %q", p.Title())
	}
	if p.One(`.govuk-error-summary a[href="#name"]`).Text() != "輸入兩個字以上的姓名" {
		t.Error("the summary does not lead to the field")
	}
	p = p.Submit("English").WantStatus(422).Want("Enter a name of two characters or more")
	if !strings.HasPrefix(p.Title(), "Error: Form - ") {
		t.Errorf("title %q", p.Title())
	}
	if got := p.One("main input[name=name]").Attr("value"); got != "王" {
		t.Errorf("the name became %q", got)
	}
	p.Fill("Name", "王小明").Submit("Save").WantStatus(200).Want("內容 王小明")
}

func TestAChangeAskedForByAnotherSiteIsRefused(t *testing.T) {
	s, _ := house(t)
	c := webtest.New(t, s)
	c.SetCookie("who", "1")
	form := func() io.Reader { return strings.NewReader("name=x") }
	for name, h := range map[string]http.Header{
		"cross-site": {"Sec-Fetch-Site": {"cross-site"}},
		"same-site":  {"Sec-Fetch-Site": {"same-site"}},
		"origin":     {"Sec-Fetch-Site": nil, "Origin": {"https://evil.test"}},
	} {
		for _, path := range []string{"/mine", "/form", "/raw", "/session/extend"} {
			t.Run(name+path, func(t *testing.T) {
				c.Do("POST", path, form(), h).WantStatus(403).Want("這個要求來自別的網站，沒有執行")
			})
		}
	}
	c.Do("POST", "/raw", form(), http.Header{"Sec-Fetch-Site": nil}).WantStatus(200).Want("王小明 6")
}

func TestFormsArriveClean(t *testing.T) {
	s, _ := house(t)
	var got web.Form
	s.Handle("POST /clean", web.Anyone, func(r *web.Request) error { got = r.Form(); return r.Redirect("/") })
	c := webtest.New(t, s)
	for in, want := range map[string]string{
		"  王小明\u3000":       "王小明",
		"a\x00b\x07c":       "abc",
		"一\r\n二\r三":         "一\n二\n三",
		"e\u0301":           "é",
		"ok\xff\xfe":        "ok",
		"A-101\u202egnp":    "A-101gnp",
		"A\u200bB":          "AB",
		"𠮷野家":               "𠮷野家",
		"葛\U000E0100城":      "葛\U000E0100城",
		"tab\tstays inside": "tab\tstays inside",
	} {
		c.Post("/clean?x=query&k=never", url.Values{"k": {in}, "many": {"1", "2"}})
		if got.Get("k") != want {
			t.Errorf("%q became %q, want %q", in, got.Get("k"), want)
		}
		if got.Get("x") != "query" || len(got.All("many")) != 2 || got.Has("none") || !got.Has("k") {
			t.Errorf("the form is %v", got)
		}
	}
	c.Upload("/clean", url.Values{"k": {" small "}})
	if got.Get("k") != "small" {
		t.Error("a multipart field is lost")
	}
	c.Post("/clean", url.Values{"k": {strings.Repeat("字", 1<<19)}}).WantStatus(413).Want("內容要小於 1 MB")
}

func TestAutosaveIsAnsweredInJSON(t *testing.T) {
	s, _ := house(t)
	s.DB.SetClock(func() time.Time { return time.Date(2026, 11, 23, 6, 5, 0, 0, time.UTC) })
	c := webtest.New(t, s).Stay()
	c.Header.Set("X-Autosave", "1")
	if p := c.Post("/form", url.Values{"name": {"王小明"}}).WantStatus(200); !strings.Contains(string(p.Body), `"saved":"14:05"`) {
		t.Errorf("told %s", p.Body)
	}
	if p := c.Post("/form", url.Values{"name": {"王"}}).WantStatus(422); !strings.Contains(string(p.Body), `{"key":"name","message":"輸入兩個字以上的姓名"}`) {
		t.Errorf("told %s", p.Body)
	}
	c.Post("/mine", url.Values{"name": {"王"}}).WantStatus(401)
}

// S100, S101.
func TestTheSessionIsExtendedWithAndWithoutScript(t *testing.T) {
	s, _ := house(t)
	c := webtest.New(t, s)
	c.SetCookie("who", "1")
	p := c.Get("/mine?q=here").Want("若您未進行網頁切換，將會於 29:21後回登入頁")
	if p = p.Submit("延長作業時間"); p.URL != "/mine?q=here" {
		t.Errorf("ends at %s", p.URL)
	}
	p = c.Do("POST", "/session/extend", nil, http.Header{"Accept": {"application/json"}}).WantStatus(200)
	if string(p.Body) != `{"left":1761}` {
		t.Errorf("told %s", p.Body)
	}
}

func TestARefusedMenuSaysWhy(t *testing.T) {
	s, _ := house(t)
	c := webtest.New(t, s)
	c.SetCookie("who", "1")
	p := c.Get("/mine").Want("各類執照申請", "需要營造廠角色", "王小明(臺南市政府)")
	p.One(`.hall__menus a[href="/licences"]`)
	if len(p.Find(".hall__menus .closed a")) > 0 {
		t.Error("the closed menu leads somewhere")
	}
}

func TestOnlyPathsOfThisSiteAreRedirectedTo(t *testing.T) {
	for in, want := range map[string]string{
		"/cases/1?x=2#y": "/cases/1?x=2#y", "https://evil.test/": "/", "//evil.test/": "/", `/\evil.test`: "/",
		"javascript:alert(1)": "/", "": "/", "cases": "/", "/a\r\nSet-Cookie: x": "/", "http:/x": "/",
	} {
		if got := web.Local(in); got != want {
			t.Errorf("%q leads to %q, want %q", in, got, want)
		}
	}
}

func TestAFileRunsNothing(t *testing.T) {
	s, _ := house(t)
	c := webtest.New(t, s)
	for mime, want := range map[string]string{
		"application/pdf": "inline", "image/png": "inline", "text/html": "attachment", "image/svg%2Bxml": "attachment", "": "attachment",
	} {
		h := c.Get("/file?mime=" + mime).WantStatus(200).Header
		if how, _, _ := strings.Cut(h.Get("Content-Disposition"), ";"); how != want {
			t.Errorf("%s is sent %s", mime, h.Get("Content-Disposition"))
		}
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "script-src") || mime != "application/pdf" && !strings.Contains(csp, "sandbox") {
			t.Errorf("%s: %s", mime, csp)
		}
	}
	p := c.Do("GET", "/file?mime=application/pdf", nil, http.Header{"Range": {"bytes=2-4"}}).WantStatus(206)
	if string(p.Body) != "234" {
		t.Errorf("the range is %q", p.Body)
	}
	if got, want := p.Header.Get("Content-Disposition"), `inline; filename="___ -A1-.pdf"; filename*=UTF-8''%E9%85%8D%E7%BD%AE%E5%9C%96%20-A1-.pdf`; got != want {
		t.Errorf("named %s", got)
	}
}

func TestTheAddressIsToldByTrustedProxiesOnly(t *testing.T) {
	s, _ := house(t)
	s.Handle("GET /ip", web.Anyone, func(r *web.Request) error { return r.JSON(200, r.IP()) })
	c := webtest.New(t, s)
	c.Header.Set("X-Forwarded-For", "6.6.6.6, 203.0.113.9, 192.0.2.7")
	if got := string(c.Get("/ip").Body); got != `"192.0.2.1"` {
		t.Errorf("a stranger's header is believed: %s", got)
	}
	s.Proxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	if got := string(c.Get("/ip").Body); got != `"203.0.113.9"` {
		t.Errorf("came from %s", got)
	}
}

func TestADoorNeedsAPolicy(t *testing.T) {
	s, _ := house(t)
	defer func() {
		if recover() == nil {
			t.Error("opened without a policy")
		}
	}()
	s.Handle("GET /open", nil, func(*web.Request) error { return nil })
}

func TestTheDoorsAreListedAndCounted(t *testing.T) {
	s, _ := house(t)
	c := webtest.New(t, s)
	found := false
	for _, r := range s.Routes() {
		if r.Method == "" || r.Path == "" || r.Policy == nil {
			t.Errorf("%+v", r)
		}
		found = found || r.Pattern == "POST /session/extend"
	}
	if !found {
		t.Error("the hall's own doors are missing")
	}
	c.Get("/mine")
	m, err := s.Metrics.Gather()
	if err != nil || len(m) == 0 || !strings.Contains(m[0].String(), "GET /mine") {
		t.Errorf("not counted: %v %v", m, err)
	}
}

func TestALimitCountsAndTellsTheMinutes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := time.Date(2026, 11, 23, 6, 4, 30, 0, time.UTC)
		db.SetClock(func() time.Time { return now })
		try := func(key string) error {
			return db.Write(t.Context(), func(tx *store.Tx) error { return web.Limit(tx, "sign-in", key, 2, 15*time.Minute) })
		}
		for range 2 {
			if err := try("a"); err != nil {
				t.Fatal(err)
			}
		}
		err := try("a")
		if f, ok := fault.As(err); !ok || f.Kind != fault.TooMany || f.Message.Zh != "次數太多，11 分鐘後再試" {
			t.Errorf("the third: %v", err)
		}
		if err := try("b"); err != nil {
			t.Errorf("another key: %v", err)
		}
		now = now.Add(15 * time.Minute)
		if err := try("a"); err != nil {
			t.Errorf("the next window: %v", err)
		}
	})
}

func TestStatusOfEveryKind(t *testing.T) {
	for k := fault.Invalid; k <= fault.Unavailable; k++ {
		if web.StatusOf(k) == 500 {
			t.Errorf("kind %d has no status", k)
		}
	}
}
