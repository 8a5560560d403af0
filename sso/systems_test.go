package sso_test

import (
	"strings"
	"testing"

	"cloudbm/accounts"
	"cloudbm/accounts/accountstest"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/sso"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// TestRegister: a system is registered with addresses that stand for nothing else; its secret is shown once.
func TestRegister(t *testing.T) {
	o := openOffice(t)
	o.In("p1@example.test").Get("/admin/systems").WantStatus(403)
	admin := o.In("admin@example.test")
	page := admin.Get("/admin").Follow("應用系統與單一登入").Want("功能編號:SYS40500", "測試機關公文系統", "demo-documents", "還沒有人用過").Follow("登記應用系統").Want("功能編號:SYS40510")
	page = page.Submit("登記").WantStatus(422).Want("輸入 3 到 40 個小寫", "輸入系統的名稱", "輸入登錄後回去的網址")
	page = page.Fill("代號（client_id）", "tainan-docs").Fill("中文名稱", "臺南測試公文").Fill("英文名稱", "Tainan Documents")
	for typed, words := range map[string]string{
		"http://docs.example/cb":                         "https:// 開頭",
		"https://docs.example/cb#there":                  "不能有片段",
		"https://docs.example/cb#":                       "不能有片段",
		"https://*.example/cb":                           "* 不能代替",
		"https://u:p@docs.example/cb":                    "刪掉網址裡的帳號",
		"docs.example/cb":                                "輸入完整的網址",
		"https://docs.example/a b":                       "輸入完整的網址",
		"http://127.0.0.1.example.test/cb":               "https:// 開頭",
		"https://docs.example/a\nhttp://docs.example/cb": "第 2 行：",
	} {
		page = page.Fill("登錄後回去的網址", typed).Submit("登記").WantStatus(422).Want(words)
		if got := page.One("#redirects").Text(); !strings.Contains(got, strings.Fields(typed)[0]) {
			t.Errorf("%q was typed, %q stands there", typed, got)
		}
	}
	page = page.Fill("登錄後回去的網址", "https://docs.example/callback").Submit("登記").WantStatus(422).Want("寫下原因")
	page = page.Fill("原因", "公文系統上線").Submit("登記").WantStatus(200).Want("密鑰只顯示這一次")
	secret := page.One("#client_secret").Attr("value")
	if len(secret) < 40 {
		t.Fatalf("the secret is %q", secret)
	}
	page = admin.Get("/admin/systems/tainan-docs").Want("有密鑰", "共用代號", "原因")
	if strings.Contains(string(page.Body), secret) {
		t.Error("the secret is shown again")
	}
	page.Fill("更換密鑰的原因", "").Submit("更換密鑰").WantStatus(422).Want("寫下原因")
	again := admin.Get("/admin/systems/tainan-docs").Fill("更換密鑰的原因", "可能外洩").Submit("更換密鑰").Want("密鑰只顯示這一次")
	if again.One("#client_secret").Attr("value") == secret {
		t.Error("the secret is the same")
	}
	admin.Get("/admin/systems/new").Fill("代號（client_id）", "tainan-docs").Fill("中文名稱", "臺南測試公文").Fill("英文名稱", "Tainan Documents").
		Fill("登錄後回去的網址", "https://docs.example/callback").Fill("原因", "再一次").Submit("登記").WantStatus(422).Want("換一個代號")

	page = admin.Get("/admin/systems/tainan-docs").Fill("角色代號", "clerk").Submit("登記角色").WantStatus(422).Want("角色的中文名稱")
	page = page.Fill("登記角色的原因", "").Submit("登記角色").WantStatus(422).Want("寫下原因")
	page = page.Fill("角色代號", "clerk").Fill("角色的中文名稱", "收發").Fill("角色的英文名稱", "Clerk").Fill("登記角色的原因", "上線").Submit("登記角色").WantStatus(200).Want("角色已登記", "收發（0 人持有）")
	page = page.Fill("取消角色的原因", "不用了").Submit("取消角色").WantStatus(422).Want("選擇要取消的角色")
	page.Choose("retire=clerk").Fill("取消角色的原因", "不用了").Submit("取消角色").WantStatus(200).Want("角色已取消")
	page = admin.Get("/admin/systems/tainan-docs").Fill("停用的原因", "停止服務").Submit("停用這個系統").WantStatus(200).Want("已停用：停止服務")
	page.Fill("恢復的原因", "恢復服務").Submit("恢復這個系統").WantStatus(200).Want("使用中")
	admin.Get("/admin/audit?what=system").Want("登記應用系統", "公文系統上線", "更換系統密鑰", "停用應用系統", "恢復應用系統")
}

// TestSystemsAreForAdministrators: nobody else changes them, and a released name of a person stays theirs.
func TestSystemsAreForAdministrators(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := accountstest.On(t, db)
		p.Do(roles.Seed)
		p.Do(sso.Seed)
		var nobody permit.Actor
		p.Do(func(tx *store.Tx) error {
			who, err := accounts.ByEmail(tx, "p1@example.test")
			nobody = permit.Actor{Person: who.ID}
			return err
		})
		y := sso.System{ID: "names", Name: say.T("測試系統", "Test"), Redirects: []string{"https://a.example/cb"}}
		for what, f := range map[string]func(*store.Tx) error{
			"register": func(tx *store.Tx) error { _, err := sso.Register(tx, nobody, y, false, false, "x"); return err },
			"change":   func(tx *store.Tx) error { return sso.Change(tx, nobody, y, false, "x") },
			"secret":   func(tx *store.Tx) error { _, err := sso.NewSecret(tx, nobody, documents, "x"); return err },
			"off":      func(tx *store.Tx) error { return sso.SwitchOff(tx, nobody, documents, "x") },
			"on":       func(tx *store.Tx) error { return sso.SwitchOn(tx, nobody, documents, "x") },
			"role":     func(tx *store.Tx) error { return sso.PutRole(tx, nobody, documents, sso.Role{}, "x") },
			"retire":   func(tx *store.Tx) error { _, err := sso.RetireRole(tx, nobody, documents, "clerk", "x"); return err },
		} {
			if err := db.Write(t.Context(), f); err == nil || !strings.Contains(err.Error(), "系統管理者") {
				t.Errorf("%s by nobody in particular: %v", what, err)
			}
		}
		p.Do(func(tx *store.Tx) error {
			_, err := sso.Register(tx, permit.System, y, true, false, "x")
			return err
		})
		y.Redirects = []string{"https://b.example/cb"}
		err := db.Write(t.Context(), func(tx *store.Tx) error { return sso.Change(tx, permit.System, y, false, "x") })
		if err == nil || !strings.Contains(err.Error(), "維持原來的主機") {
			t.Errorf("another host for names of its own: %v", err)
		}
		y.Redirects = []string{"http://127.0.0.1:1/cb"}
		err = db.Write(t.Context(), func(tx *store.Tx) error { return sso.Change(tx, permit.System, y, false, "x") })
		if err == nil || !strings.Contains(err.Error(), "https:// 開頭") {
			t.Errorf("an address of this machine outside a demonstration: %v", err)
		}
		p.Do(func(tx *store.Tx) error {
			n, err := sso.RetireRole(tx, permit.System, documents, "writer", "測試")
			if n != 1 {
				t.Errorf("%d lost the role", n)
			}
			return err
		})
	})
}
