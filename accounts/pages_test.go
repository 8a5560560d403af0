package accounts_test

import (
	"net/url"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/accounts/accountstest"
	"cloudbm/doors"
	"cloudbm/sso"
)

func open(t *testing.T, d accounts.Room) *accountstest.Place {
	t.Helper()
	return accountstest.Open(t, d.Mount, doors.Room{}.Mount, sso.Mount)
}

func TestSignInPages(t *testing.T) {
	p := open(t, accounts.Room{})
	c := p.Visitor()
	// Where somebody wanted to go is kept through the doors.
	page := c.Get("/me?x=1").WantStatus(200).Want("登錄後會回到")
	page = page.Follow("登錄 ：備用帳號").Fill("電子郵件地址", "P1@example.test").Fill("密碼", "wrong").Submit("登錄").WantStatus(422).Want("兩者不相符")
	if got := page.One("#email").Attr("value"); got != "P1@example.test" {
		t.Errorf("the address typed is gone: %q", got)
	}
	if got := page.One("#password").Attr("value"); got != "" {
		t.Error("a password stands in the page")
	}
	unknown := p.Visitor().Get("/signin").Fill("電子郵件地址", "nobody@example.test").Fill("密碼", "wrong").Submit("登錄")
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
		v := p.Visitor()
		if got := v.Post("/signin", url.Values{"email": {"p1@example.test"}, "password": {accounts.DemoPassword}, "next": {bad}}); got.URL != "/home" {
			t.Errorf("next=%s leads to %s", bad, got.URL)
		}
	}
	// A new session each time; the token of before the sign-in is worth nothing.
	fixed := p.Visitor()
	fixed.SetCookie("__Host-session", "chosen-by-somebody-else")
	fixed.Get("/signin").Fill("電子郵件地址", "p1@example.test").Fill("密碼", accounts.DemoPassword).Submit("登錄").WantStatus(200)
	if fixed.Cookie("__Host-session") == "chosen-by-somebody-else" {
		t.Error("the session kept the token it had before")
	}
	p.Visitor().Get("/signin").Submit("登錄").WantStatus(422).Want("輸入電子郵件地址", "輸入密碼")
	// Locked: says how long and what else.
	v := p.Visitor()
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

// TestPasswordPage: S97.
func TestPasswordPage(t *testing.T) {
	p := open(t, accounts.Room{})
	c, other := p.In("p1@example.test"), p.In("p1@example.test")
	page := c.Get("/me/password").WantStatus(200).Want(`"密碼"至少8個字 需包含英文大小寫、數字，或特殊字元`, "15 個字以上")
	page = page.Fill("現在的密碼", accounts.DemoPassword).Fill("新密碼", "abc").Submit("修改密碼").WantStatus(422).Want("至少 8 個字", "大寫")
	page = page.Fill("現在的密碼", "wrong").Fill("新密碼", "Brand-New-77").Submit("修改密碼").WantStatus(422).Want("現在的密碼")
	page.Fill("現在的密碼", accounts.DemoPassword).Fill("新密碼", "Brand-New-77").Submit("修改密碼").WantStatus(200).Want("密碼已修改")
	if got := other.Stay().Get("/me").Status; got != 303 {
		t.Error("another device is still signed in after the change")
	}
}

func TestDevices(t *testing.T) {
	p := open(t, accounts.Room{})
	phone := p.Visitor()
	phone.Header.Set("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Safari/605")
	phone.Get("/signin").Fill("電子郵件地址", "p1@example.test").Fill("密碼", accounts.DemoPassword).Submit("登錄")
	p.Now = p.Now.Add(time.Second)
	c := p.In("p1@example.test")
	page := c.Get("/me/devices").WantStatus(200).Want("Safari iPhone", "備用帳號", "2026/11/23 09:00:00", "登出其他所有裝置")
	page.Submit("登出其他所有裝置").WantStatus(200)
	if got := phone.Stay().Get("/me").Status; got != 303 {
		t.Error("the telephone is still signed in")
	}
	c.Get("/me/devices").Submit("登出這個裝置").Want("已登出")
}
