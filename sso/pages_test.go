package sso_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/accounts/accountstest"
	"cloudbm/doors"
	"cloudbm/sso"
)

func open(t *testing.T) *accountstest.Place {
	t.Helper()
	return accountstest.Open(t, accounts.Mount, doors.Room{}.Mount, sso.Mount)
}

func TestHome(t *testing.T) {
	p := open(t)
	c := p.In("p1@example.test")
	c.Get("/home").Want("歡迎使用", "您好：測試甲", "新使用者首次登入", "新建築執照線上申請書電子化書圖文件送件繳交系統", "登出")
	p.Now = p.Now.Add(time.Hour)
	c = p.In("p1@example.test")
	c.Get("/home").Want("上次登入時間2026/11/23 09:00:00")
	if got := c.Get("/").URL; got != "/home" {
		t.Errorf("whoever has signed in is sent from / to %s", got)
	}
}

func TestIdle(t *testing.T) {
	p := open(t)
	c := p.In("p1@example.test")
	for range 3 {
		p.Now = p.Now.Add(29 * time.Minute)
		if got := c.Get("/me").URL; got != "/me" {
			t.Fatalf("sent to %s although active", got)
		}
	}
	p.Now = p.Now.Add(31*time.Minute + time.Second)
	// What was typed stays on the page when the session has ended.
	c.Post("/me", url.Values{"name": {"測試甲甲"}}).WantStatus(401).Want("再登入一次")
	if got := c.Get("/me"); !strings.HasPrefix(got.URL, "/?next=%2Fme") {
		t.Errorf("sent to %s", got.URL)
	}
}

// TestMe: S102–S115.
func TestMe(t *testing.T) {
	p := open(t)
	c := p.In("p1@example.test")
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
