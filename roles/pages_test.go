package roles_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/doors"
	"cloudbm/roles"
	"cloudbm/sso"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

type place struct {
	t    *testing.T
	db   *store.DB
	site *web.Site
}

func open(t *testing.T) *place {
	t.Helper()
	p := &place{t: t, db: storetest.SQLite(t)}
	now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	p.db.SetClock(func() time.Time { now = now.Add(time.Millisecond); return now })
	p.site = web.NewSite(p.db, nil)
	p.site.Who = roles.Who(p.db)
	accounts.Mount(p.site)
	doors.Room{}.Mount(p.site)
	roles.Mount(p.site)
	sso.Mount(p.site)
	if err := p.db.Write(context.Background(), roles.Seed); err != nil {
		t.Fatal(err)
	}
	return p
}

// in is a visitor signed in, through the door.
func (p *place) in(email string) *webtest.Client {
	p.t.Helper()
	c := webtest.NewFor(p.t, p.site.Handler())
	c.Get("/signin").Fill("電子郵件地址", email).Fill("密碼", accounts.DemoPassword).Submit("登錄").WantStatus(200).Want("歡迎使用")
	return c
}

func TestProfileAsKept(t *testing.T) {
	p := open(t)
	c := p.in("p1@example.test")
	page := c.Get("/bls/profile").WantStatus(200).Want("使用者基本資料", "使用者登入帳號", "申請者姓名", "使用者所屬類別", "使用者所屬角色", "要打勾", "Email",
		"建築師角色資料維護", "開業證字號", "要和開業證書上的資料一樣", "建開證、南市建開證、南縣建開證...等 後面英文+6位數字 -01(聯合事務所的支號)",
		"證號請填寫完整六碼(包含英文)", "身份證號", "建築師證號只要填四個數字，其他文字都不要打", "事務所電話", "聯絡地址", "聯絡電話", "儲存",
		"南市建開證 字第 T000101 號", "D12*****11", "填寫齊全")
	if strings.Contains(string(page.Body), "D123000011") {
		t.Error("the national ID stands in the page")
	}
	var order []string
	for _, l := range page.Find("input[name=role]") {
		order = append(order, l.Attr("value"))
	}
	if got := strings.Join(order, " "); got != "architect contractor decorator citizen engineer" {
		t.Errorf("order of the roles: %s", got)
	}
	page.Submit("顯示完整的身分證字號").Want("D123000011")
	c.Get("/bls/profile?lang=en").Want("Practice licence number", "Choose the capacity")
	p.in("p2@example.test").Get("/bls/profile").Want("南市建開證 字第 T000102-01 號", "聯合事務所支號")
	for email, says := range map[string][]string{
		"p3@example.test": {"營造廠角色資料維護", "登記證字號", "要和營造業登記證書上的資料一樣", "統一編號", "營造廠名稱", "營業地址", "事務所電話", "聯絡地址", "公司電話", "行動電話"},
		"p4@example.test": {"一般民眾角色資料維護", "身分證號", "公司名稱", "公司地址", "傳真電話"},
		"p5@example.test": {"技師角色資料維護", "執業執照號碼", "內政部許可文號", "技師類別", "要和執業證書上的資料一樣", "技師姓名", "事務所名稱", "事務所地址"},
		"p7@example.test": {"室內裝修業者角色資料維護", "登記證字號", "專業技術人員登記證號", "負責人"},
	} {
		p.in(email).Get("/bls/profile").WantStatus(200).Want(says...)
	}
}

// TestProfileWrongInput: whatever was typed wrong stays in the boxes, with a sentence.
func TestProfileWrongInput(t *testing.T) {
	p := open(t)
	page := p.in("p1@example.test").Get("/bls/profile")
	typed := map[string]string{"architect-arch_licence": "南市建開證字第123456號", "architect-person_id": "R123456789",
		"architect-arch_certificate": "第1234號", "architect-office_phone": "1-2", "contact": "not an address"}
	for k, v := range typed {
		page.Fill(k, v)
	}
	page = page.Submit("儲存").WantStatus(422).Want("證號請填寫完整六碼(包含英文)", "檢查碼不符", "只要填四個數字", "補上區碼", "@")
	for k, v := range typed {
		n := page.One("#" + k)
		if n.Attr("value") != v {
			t.Errorf("%s: %q was typed, %q stands there", k, v, n.Attr("value"))
		}
		if n.Attr("aria-describedby") == "" {
			t.Errorf("%s has no sentence", k)
		}
		if len(page.Find("a[href=#"+k+"]")) != 1 {
			t.Errorf("the summary does not lead to %s", k)
		}
	}
	page = page.Fill("開業證字號", "Ｔ１２３４５６ 之 01").Fill("身份證號", "").Fill("建築師證號", "1234").
		Fill("事務所電話", "").Fill("Email", "p1@example.test").Submit("儲存").WantStatus(422).Want("補上證書上的字")
	page.Choose("architect-arch_word=南市建開證").Submit("儲存").WantStatus(200).Want("已儲存", "南市建開證 字第 T123456-01 號", "D12*****11")
}

// TestNewcomer: no role, then one, by the buttons alone.
func TestNewcomer(t *testing.T) {
	p := open(t)
	admin := p.in("admin@example.test")
	page := admin.Get("/admin").WantStatus(200).Follow("建立帳號").Fill("姓名", "測試子").Fill("電子郵件地址", "P1@example.test").Submit("建立帳號").
		WantStatus(422).Want("已申請過的電子郵件地址不能再次使用")
	page = page.Fill("電子郵件地址", "new@example.test").Submit("建立帳號").WantStatus(200).Want("只能用一次")
	link := page.One("#link").Attr("value")
	c := webtest.NewFor(t, p.site.Handler())
	c.Get(link[strings.Index(link, "/password/"):]).Fill("密碼", accounts.DemoPassword).Submit("設定密碼").WantStatus(200).Want("新使用者首次登入")
	c.Get("/bls/rights").Want("還沒有選擇使用者所屬角色")
	page = c.Get("/bls/profile").Want("要打勾", "所有申請").Submit("儲存").WantStatus(422).Want("要打勾")
	// Choosing a role and pressing 儲存 shows what it asks; nothing typed is lost.
	page = page.Choose("營造廠").Fill("申請者姓名", "測試子子").Submit("儲存").WantStatus(200).Want("營造廠角色資料維護")
	if got := page.One("#name").Attr("value"); got != "測試子子" {
		t.Errorf("the name typed is gone: %q", got)
	}
	page = page.Submit("儲存").WantStatus(422).Want("輸入登記證字號", "輸入統一編號")
	page.Fill("登記證字號", "綜甲字第T00002-000號").Fill("統一編號", "９００１ ０００９").Submit("儲存").WantStatus(200).Want("已儲存", "填寫齊全")
	c.Get("/bls/rights").Want("僅使用執照申請", "可以再加一般民眾")
	page = c.Get("/bls/profile").Choose("also=citizen").Submit("儲存").Want("一般民眾角色資料維護")
	page.Fill("身分證號", "W123000116").Submit("儲存").WantStatus(200).Want("已儲存")
	c.Get("/bls/rights").Want("您的角色：營造廠、一般民眾", "您已經加了一般民眾")
	// The other way round is refused, with the reason.
	citizen := p.in("p4@example.test").Get("/bls/profile").Choose("營造廠").Choose("also=citizen").Submit("儲存")
	citizen.WantStatus(422).Want("一般民眾是「否」，不能再加營造廠")
	arch := p.in("p1@example.test").Get("/bls/profile").Choose("also=citizen").Submit("儲存")
	arch.WantStatus(422).Want("建築師是「否」，不能再加一般民眾")
}

func TestRights(t *testing.T) {
	p := open(t)
	page := p.in("p5@example.test").Get("/bls/rights").WantStatus(200).Want("您的角色：技師", "僅壓章", "可以在列名您的案件壓章", "不能再申請其他角色")
	rows := page.Find("table tr")
	if len(rows) < 10 {
		t.Fatalf("%d rows", len(rows))
	}
	page.Want("現在可以申請的案件", "技師在「各類執照申請」的權限是「僅壓章」；這件由建築師、一般民眾的帳號申請")
	rows = rows[len(rows)-5:]
	for i, want := range []string{
		"業務 建築師 營造廠 一般民眾 技師 室內裝修業者",
		"各類執照申請 全 僅使用執照申請 全 僅壓章 無",
		"施工相關業務申請 全 全 全 無 無",
		"室內裝修申請 全 全 全 無 全",
		"是否可以申請其他角色權限 否 可申請一般民眾 否 否 否",
	} {
		if got := rows[i].Text(); got != want {
			t.Errorf("row %d: %s", i, got)
		}
	}
	p.in("p8@example.test").Get("/bls/rights").Want("臺南市政府 收件人員")
}

func TestAdmin(t *testing.T) {
	p := open(t)
	for _, path := range []string{"/admin", "/admin/invite", "/admin/audit", "/admin/authorities", "/admin/authorities/IF0"} {
		p.in("p9@example.test").Get(path).WantStatus(403).Want("系統管理者")
		webtest.NewFor(t, p.site.Handler()).Stay().Get(path).WantStatus(303)
	}
	one, two := p.in("admin@example.test"), p.in("admin2@example.test")
	page := one.Get("/admin?q=測試癸").Follow("測試癸").WantStatus(200).Want("p10@example.test", "一般民眾")
	page = page.Submit("提出，等待核准").WantStatus(422).Want("選擇職務")
	page = page.Choose("authority=IF0").Choose("duty=reviewer").Fill("最後一天", "115-01-01").Submit("提出").WantStatus(422).Want("今天以後")
	if page.One("#last").Attr("value") != "115-01-01" {
		t.Error("what was typed is gone")
	}
	page.Fill("最後一天", "117-12-31").Submit("提出").WantStatus(200).Want("等另一位系統管理者核准", "由另一位系統管理者核准")
	two.Get("/admin").Want("等待核准的職務", "117-12-31").Submit("核准 測試癸 的職務").WantStatus(200).Want("職務已核准", "有效")
	p.in("p10@example.test").Get("/bls/rights").Want("臺南市政府 承辦人")
	page = two.Get("/admin?q=測試癸").Follow("測試癸").Submit("結束「承辦人」").WantStatus(422).Want("寫下結束的原因")
	page.Fill("結束「承辦人」的原因", "調職").Submit("結束「承辦人」").WantStatus(200).Want("已結束：調職")

	gone := p.in("p10@example.test")
	page = one.Get("/admin?q=測試癸").Follow("測試癸").Fill("停用的原因", "測試").Submit("停用帳號").WantStatus(200).Want("帳號已停用")
	gone.Stay().Get("/home").WantStatus(303)
	page.Fill("恢復的原因", "測試").Submit("恢復帳號").WantStatus(200).Want("帳號已恢復")
	one.Get("/admin?q=測試卯").Follow("測試卯").Fill("停用的原因", "自己").Submit("停用帳號").WantStatus(403).Want("另一位系統管理者")

	page = one.Get("/admin/audit?what=seat").WantStatus(200).Want("seat.ask", "seat.approve", "seat.end", "測試癸")
	page.Fill("從", "昨天").Submit("查詢").WantStatus(422)
	one.Get("/admin/audit?what=audit").Want("audit.look")
	one.Get("/admin/people/nobody").WantStatus(404)
}

func TestSettingsPages(t *testing.T) {
	p := open(t)
	p.in("p9@example.test").Get("/desk/settings").WantStatus(403).Want("機關管理者")
	c := p.in("admin@example.test")
	page := c.Get("/desk/settings").WantStatus(200).Want("臺南市政府", "送件前要壓章", "案件序號樣式")
	page = page.Fill("執照規費率（千分之）", "2").Fill("執照字", "南工務").Submit("儲存").WantStatus(422).Want("千分之一以下")
	if page.One("#fee_per_mille").Attr("value") != "2" || page.One("#licence_word").Attr("value") != "南工務" {
		t.Error("what was typed is gone")
	}
	page = page.Fill("執照規費率（千分之）", "0.5").Fill("生效日期", "115-01-01").Submit("儲存").WantStatus(422).Want("今天或以後")
	if n := len(page.Find("a[href=#from]")); n != 1 {
		t.Errorf("the wrong day is told %d times", n)
	}
	page.Fill("生效日期", "").Submit("儲存").WantStatus(200).Want("設定已儲存")
	if got := c.Get("/admin/authorities/IF0").One("#licence_word").Attr("value"); got != "南工務" {
		t.Errorf("licence word %q", got)
	}
	c.Get("/desk/settings").Fill("執照字", "南市工").Fill("生效日期", "116-01-01").Submit("儲存").Want("起改為「南市工」")
	c.Get("/desk/settings?authority=A70").WantStatus(404)
	c.Get("/admin/authorities").Follow("台江國家公園管理處").WantStatus(200).Want("機關設定")
	c.Get("/admin/authorities/nowhere").WantStatus(404)
}
