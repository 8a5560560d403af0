package doors_test

import (
	"context"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"cloudbm/accounts"
	"cloudbm/accounts/accountstest"
	"cloudbm/doors"
	"cloudbm/sso"
)

func open(t *testing.T, d doors.Room) *accountstest.Place {
	t.Helper()
	return accountstest.Open(t, accounts.Mount, d.Mount, sso.Mount)
}

// TestLanding: S16–S25.
func TestLanding(t *testing.T) {
	p := open(t, doors.Room{Trial: true, Announcements: func(context.Context) templ.Component { return templ.Raw("<p>維護時段</p>") }})
	page := p.Visitor().Get("/").WantStatus(200).Want("資訊系統雲端平台", "試營運", "維護時段",
		"我的e政府", "全民健保卡", "備用帳號", "帳號申請說明", "想使用健保卡登錄", "使用備用帳號登錄")
	doors := page.Find(".door")
	for i, name := range []string{"我的e政府", "全民健保卡", "備用帳號"} {
		if got := doors[i].Text(); !strings.Contains(got, name) || !strings.Contains(got, "登錄") {
			t.Errorf("tile %d says %q", i+1, got)
		}
	}
	page.Follow("登錄 ：全民健保卡").WantStatus(200).Want("還沒有開放").Follow("使用備用帳號登錄").Want("備用帳號登錄")
	p.Visitor().Get("/doors/back").WantStatus(404)
	p.Visitor().Get("/apply").WantStatus(200).Want("帳號申請流程簡介", "申請『我的e政府』帳號", "使用『我的e政府帳號』申請『備用帳號』", "使用『我的e政府帳號』登錄", "點選申請", "如何申請", "無法開始")
	p.Visitor().Get("/?lang=en").Want("Information Systems Cloud Platform", "Backup account")
}
