package accounts_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"cloudbm/accounts"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

type place struct {
	t    *testing.T
	db   *store.DB
	site *web.Site
	now  time.Time
}

func (p *place) visitor() *webtest.Client { return webtest.NewFor(p.t, p.site.Handler()) }

func open(t *testing.T, d accounts.Doors) *place {
	t.Helper()
	p := &place{t: t, db: storetest.SQLite(t), now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	p.db.SetClock(func() time.Time { return p.now })
	p.site = web.NewSite(p.db, nil)
	p.site.Production = true
	p.site.Who = accounts.Who(p.db)
	d.Mount(p.site)
	p.do(func(tx *store.Tx) error {
		for _, who := range accounts.DemoPeople[:2] {
			who, err := accounts.New(tx, who)
			if err != nil {
				return err
			}
			if err := accounts.SetPassword(tx, permit.System, who.ID, accounts.DemoPassword); err != nil {
				return err
			}
		}
		return nil
	})
	return p
}

func (p *place) do(f func(*store.Tx) error) {
	p.t.Helper()
	if err := p.db.Write(context.Background(), f); err != nil {
		p.t.Fatal(err)
	}
}

func (p *place) in(email string) *webtest.Client {
	p.t.Helper()
	c := p.visitor()
	c.Get("/signin").Fill("電子郵件地址", email).Fill("密碼", accounts.DemoPassword).Submit("登錄").WantStatus(200)
	return c
}

// TestLanding: S16–S25.
func TestLanding(t *testing.T) {
	p := open(t, accounts.Doors{Trial: true, Announcements: func(context.Context) templ.Component { return templ.Raw("<p>維護時段</p>") }})
	page := p.visitor().Get("/").WantStatus(200).Want("資訊系統雲端平台", "試營運", "維護時段",
		"我的e政府", "全民健保卡", "備用帳號", "帳號申請說明", "想使用健保卡登錄", "使用備用帳號登錄")
	doors := page.Find(".door")
	for i, name := range []string{"我的e政府", "全民健保卡", "備用帳號"} {
		if got := doors[i].Text(); !strings.Contains(got, name) || !strings.Contains(got, "登錄") {
			t.Errorf("tile %d says %q", i+1, got)
		}
	}
	page.Follow("登錄 ：全民健保卡").WantStatus(200).Want("還沒有開放").Follow("使用備用帳號登錄").Want("備用帳號登錄")
	p.visitor().Get("/doors/back").WantStatus(404)
	p.visitor().Get("/apply").WantStatus(200).Want("帳號申請流程簡介", "申請『我的e政府』帳號", "使用『我的e政府帳號』申請『備用帳號』", "使用『我的e政府帳號』登錄", "點選申請", "如何申請", "無法開始")
	p.visitor().Get("/?lang=en").Want("Information Systems Cloud Platform", "Backup account")
}

func TestSignInPages(t *testing.T) {
	p := open(t, accounts.Doors{})
	c := p.visitor()
	// Where somebody wanted to go is kept through the doors.
	page := c.Get("/me?x=1").WantStatus(200).Want("登錄後會回到")
	page = page.Follow("登錄 ：備用帳號").Fill("電子郵件地址", "P1@example.test").Fill("密碼", "wrong").Submit("登錄").WantStatus(422).Want("兩者不相符")
	if got := page.One("#email").Attr("value"); got != "P1@example.test" {
		t.Errorf("the address typed is gone: %q", got)
	}
	if got := page.One("#password").Attr("value"); got != "" {
		t.Error("a password stands in the page")
	}
	unknown := p.visitor().Get("/signin").Fill("電子郵件地址", "nobody@example.test").Fill("密碼", "wrong").Submit("登錄")
	if unknown.Status != page.Status || unknown.Find(".govuk-error-summary")[0].Text() != page.Find(".govuk-error-summary")[0].Text() {
		t.Error("an unknown address is answered differently")
	}
	page = page.Fill("密碼", accounts.DemoPassword).Submit("登錄").WantStatus(200)
	if page.URL != "/me?x=1" {
		t.Errorf("signed in, sent to %s", page.URL)
	}
	if c.Cookie("__Host-session") == "" {
		t.Error("the cookie is not bound to the host")
	}
	for _, bad := range []string{"https://evil.test/", "//evil.test", "/\\evil.test"} {
		v := p.visitor()
		if got := v.Post("/signin", url.Values{"email": {"p1@example.test"}, "password": {accounts.DemoPassword}, "next": {bad}}); got.URL != "/home" {
			t.Errorf("next=%s leads to %s", bad, got.URL)
		}
	}
	// A new session each time; the token of before the sign-in is worth nothing.
	fixed := p.visitor()
	fixed.SetCookie("__Host-session", "chosen-by-somebody-else")
	fixed.Get("/signin").Fill("電子郵件地址", "p1@example.test").Fill("密碼", accounts.DemoPassword).Submit("登錄").WantStatus(200)
	if fixed.Cookie("__Host-session") == "chosen-by-somebody-else" {
		t.Error("the session kept the token it had before")
	}
	p.visitor().Get("/signin").Submit("登錄").WantStatus(422).Want("輸入電子郵件地址", "輸入密碼")
	// Locked: says how long and what else.
	v := p.visitor()
	v.Header.Set("X-Test", "1")
	for range 5 {
		v.Post("/signin", url.Values{"email": {"p2@example.test"}, "password": {"wrong"}})
	}
	v.Post("/signin", url.Values{"email": {"p2@example.test"}, "password": {"wrong"}}).WantStatus(429).Want("15 分鐘後再試", "其他登錄方式")
	// Signing out ends the session on the server too.
	token := c.Cookie("__Host-session")
	c.Get("/home").Submit("登出").WantStatus(200).Want("已登出")
	c.SetCookie("__Host-session", token)
	c.Stay().Get("/home").WantStatus(303)
}

func TestHome(t *testing.T) {
	p := open(t, accounts.Doors{})
	c := p.in("p1@example.test")
	c.Get("/home").Want("歡迎使用", "您好：測試甲", "新使用者首次登入", "新建築執照線上申請書電子化書圖文件送件繳交系統", "登出")
	p.now = p.now.Add(time.Hour)
	c = p.in("p1@example.test")
	c.Get("/home").Want("上次登入時間2026/11/23 09:00:00")
	if got := c.Get("/").URL; got != "/home" {
		t.Errorf("whoever has signed in is sent from / to %s", got)
	}
}

func TestIdle(t *testing.T) {
	p := open(t, accounts.Doors{})
	c := p.in("p1@example.test")
	for range 3 {
		p.now = p.now.Add(29 * time.Minute)
		if got := c.Get("/me").URL; got != "/me" {
			t.Fatalf("sent to %s although active", got)
		}
	}
	p.now = p.now.Add(31*time.Minute + time.Second)
	// What was typed stays on the page when the session has ended.
	c.Post("/me", url.Values{"name": {"測試甲甲"}}).WantStatus(401).Want("再登入一次")
	if got := c.Get("/me"); !strings.HasPrefix(got.URL, "/?next=%2Fme") {
		t.Errorf("sent to %s", got.URL)
	}
}

// TestMe: S102–S115.
func TestMe(t *testing.T) {
	p := open(t, accounts.Doors{})
	c := p.in("p1@example.test")
	page := c.Get("/me").WantStatus(200).Want("首頁", "使用者資訊", "個人屬性設定", "功能編號:SSO11100", "備用帳號", "姓名", "電子郵件", "聯絡電話", "聯絡地址",
		"登錄方式", "我的e政府", "全民健保卡", "未綁定", "前往綁定", "稍後開放",
		"自然人憑證/工商憑證/組織及團體憑證—請到我的e政府->會員資料管理->憑證帳號綁定，然後使用我的e政府登錄",
		"變更/申請組織", "組織", "職稱/身分", "變更/申請應用系統角色", "項次", "應用系統", "角色", "授權來源", "未申請")
	page = page.Fill("聯絡電話", "12-3").Fill("電子郵件", "not an address").Fill("聯絡地址", "臺南市測試路99號").Submit("存檔").WantStatus(422).Want("錯誤：")
	for id, want := range map[string]string{"phone": "12-3", "contact": "not an address", "address": "臺南市測試路99號"} {
		if got := page.One("#" + id).Attr("value"); got != want {
			t.Errorf("%s: %q was typed, %q stands there", id, want, got)
		}
	}
	page = page.Fill("聯絡電話", "(06) 999 0001 轉 12").Fill("電子郵件", "New@example.test").Submit("存檔").WantStatus(200).Want("已存檔")
	if got := page.One("#phone").Attr("value"); got != "06-9990001#12" {
		t.Errorf("telephone %q", got)
	}
	if got := page.One("#backup").Attr("value"); got != "p1@example.test" {
		t.Errorf("the account changed to %q", got)
	}
}

func TestPasswordPage(t *testing.T) {
	p := open(t, accounts.Doors{})
	c, other := p.in("p1@example.test"), p.in("p1@example.test")
	page := c.Get("/me/password").WantStatus(200).Want(`"密碼"至少8個字 需包含英文大小寫、數字，或特殊字元`, "15 個字以上")
	page = page.Fill("現在的密碼", accounts.DemoPassword).Fill("新密碼", "abc").Submit("修改密碼").WantStatus(422).Want("至少 8 個字", "大寫")
	page = page.Fill("現在的密碼", "wrong").Fill("新密碼", "Brand-New-77").Submit("修改密碼").WantStatus(422).Want("現在的密碼")
	page.Fill("現在的密碼", accounts.DemoPassword).Fill("新密碼", "Brand-New-77").Submit("修改密碼").WantStatus(200).Want("密碼已修改")
	if got := other.Stay().Get("/me").Status; got != 303 {
		t.Error("another device is still signed in after the change")
	}
}

func TestDevices(t *testing.T) {
	p := open(t, accounts.Doors{})
	phone := p.visitor()
	phone.Header.Set("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Safari/605")
	phone.Get("/signin").Fill("電子郵件地址", "p1@example.test").Fill("密碼", accounts.DemoPassword).Submit("登錄")
	p.now = p.now.Add(time.Second)
	c := p.in("p1@example.test")
	page := c.Get("/me/devices").WantStatus(200).Want("Safari iPhone", "備用帳號", "2026/11/23 09:00:00", "登出其他所有裝置")
	page.Submit("登出其他所有裝置").WantStatus(200)
	if got := phone.Stay().Get("/me").Status; got != 303 {
		t.Error("the telephone is still signed in")
	}
	c.Get("/me/devices").Submit("登出這個裝置").Want("已登出")
}

func TestLinkPages(t *testing.T) {
	var letter string
	p := open(t, accounts.Doors{Base: "https://cloudbm.test", Letter: func(tx *store.Tx, to accounts.Person, subject, body say.Text) error {
		letter = to.Email + " " + body.Zh
		return nil
	}})
	v := p.visitor()
	v.Get("/signin").Follow("忘記密碼").Fill("電子郵件地址", "nobody@example.test").Submit("寄連結給我").WantStatus(200).Want("如果這個地址有帳號")
	if letter != "" {
		t.Errorf("a letter to nobody: %s", letter)
	}
	v.Get("/password").Fill("電子郵件地址", "P1@example.test").Submit("寄連結給我").WantStatus(200).Want("如果這個地址有帳號")
	_, rest, ok := strings.Cut(letter, "https://cloudbm.test")
	path, _, _ := strings.Cut(rest, "\n")
	if !ok || !strings.HasPrefix(letter, "p1@example.test") {
		t.Fatalf("letter: %s", letter)
	}
	page := v.Get(path).WantStatus(200).Want("測試甲", "15 個字以上")
	page = page.Fill("密碼", "password").Submit("設定密碼").WantStatus(422).Want("大寫")
	page.Fill("密碼", "Brand-New-77").Submit("設定密碼").WantStatus(200).Want("密碼已設定", "您好：測試甲")
	p.visitor().Get(path).WantStatus(404).Want("用過或過期", "要一個新的連結")
	q := open(t, accounts.Doors{})
	q.visitor().Get("/password").WantStatus(200).Want("聯絡主管機關")
}
