package sso_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/accounts/accountstest"
	"cloudbm/doors"
	"cloudbm/factors"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/sso"
	"cloudbm/store"
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

// TestS91toS99: from the home page, by links alone, to each function of 使用者資訊.
func TestS91toS99(t *testing.T) {
	o := openOffice(t)
	c := o.In("p1@example.test")
	home := c.Get("/home").Want("歡迎使用", "您好：測試甲", "新使用者首次登入") // S91
	if got := home.Find(".apps .cb-shelf__item a")[0].Attr("href"); got != "/bls" {
		t.Errorf("the first tile leads to %s", got) // S92
	}
	if got := c.Get(home.One(".hall__home").Attr("href")).URL; got != "/home" {
		t.Errorf("the logo leads to %s", got) // S93
	}
	me := home.Follow("檢視使用者資訊").Want("備用帳號", "功能編號:SSO11100") // S96
	if got := me.One("#backup").Attr("value"); got != "p1@example.test" {
		t.Errorf("備用帳號 is %q", got)
	}
	me.Follow("修改密碼").Want("功能編號:SSO11200")                                      // S97
	me.Follow("組織職稱/身分維護").Want("功能編號:SSO11600")                                 // S98
	if got := me.One("#personal"); got.Text() != "個人屬性設定" || !me.Has("個人資料維護") { // S99
		t.Errorf("個人資料維護 leads to %q", got.Text())
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

// TestMe: S102–S115 of somebody who has applied for nothing.
func TestMe(t *testing.T) {
	p := open(t)
	c := p.In("p1@example.test")
	page := c.Get("/me").WantStatus(200).Want("首頁", "使用者資訊", "個人屬性設定", "功能編號:SSO11100", "備用帳號", "姓名", "電子郵件", "聯絡電話", "聯絡地址",
		"登錄方式", "我的e政府", "全民健保卡", "未綁定", "前往綁定",
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

// office is the platform with the people of the demonstration, and what they were told.
type office struct {
	*accountstest.Place
	told []string
}

func openOffice(t *testing.T) *office {
	o := &office{Place: accountstest.Open(t)}
	o.Site.Who = roles.Who(o.DB)
	accounts.Mount(o.Site)
	factors.Room{}.Mount(o.Site)
	doors.Room{}.Mount(o.Site)
	roles.Mount(o.Site)
	sso.Room{Local: true, Tell: func(tx *store.Tx, person string, title, body say.Text, url string) error {
		p, err := accounts.Find(tx, person)
		o.told = append(o.told, p.Name+"："+title.Zh+"｜"+body.Zh+"｜"+url)
		return err
	}}.Mount(o.Site)
	o.Do(roles.Seed)
	o.Do(sso.Seed)
	return o
}

func (o *office) toldLast(want ...string) {
	o.T.Helper()
	if len(o.told) == 0 {
		o.T.Fatal("nobody was told")
	}
	for _, w := range want {
		if last := o.told[len(o.told)-1]; !strings.Contains(last, w) {
			o.T.Errorf("%q was told, not %q", last, w)
		}
	}
}

// TestApplyForDuty: S115 from 未申請 to 授權來源, as the applicant and the two who decide see it.
func TestApplyForDuty(t *testing.T) {
	o := openOffice(t)
	p4 := o.In("p4@example.test")
	form := p4.Get("/me").Follow("申請應用系統角色").Want("功能編號:SSO11700").Follow("申請機關職務").Want("功能編號:SSO11710")
	form = form.Fill("said", "十二月到職").Submit("提出申請").WantStatus(422).Want("選擇職務", "選擇在哪個機關任職", "十二月到職")
	page := form.Choose("收件人員").Choose("臺南市政府").Submit("提出申請").WantStatus(200).
		Want("審核中", "臺南市政府的機關管理者", "2026/11/23 09:00:00", "十二月到職")
	o.toldLast("測試卯：測試丁申請", "等您審核", "/desk/requests/")
	mine := page.URL
	p4.Get("/me").Want("臺南市政府 收件人員", "審核中（115-11-23 提出）")
	p4.Get("/me/roles/bls").Choose("收件人員").Choose("臺南市政府").Submit("提出申請").WantStatus(409).Want("不用再申請")
	p4.Get("/desk/requests").WantStatus(403)

	admin := o.In("admin@example.test")
	admin.Get("/home").Want("1 件申請等您審核").Follow("1 件申請等您審核").Want("功能編號:SSO12000", "測試丁").Follow("測試丁").
		Want("p4@example.test", "測試丁還不會有權限").Fill("最後一天", "昨天").Submit("同意，送第二位核准").WantStatus(422).Want("最後一天").
		Fill("最後一天", "116-12-31").Submit("同意，送第二位核准").WantStatus(200).Want("已同意，由一位系統管理者核准後生效")
	p4.Get(mine).Want("審核中，等第二位核准", "系統管理者（測試卯已同意）")
	admin.Get("/desk/requests").Follow("測試丁").Want("您是第一位")

	other := o.In("admin2@example.test")
	other.Get("/desk/requests").Follow("測試丁").Submit("核准").WantStatus(200)
	o.toldLast("測試丁：您的申請已核准", mine)
	p4 = o.In("p4@example.test") // new rights, new session
	p4.Get(mine).Want("已核准", "測試辰", "最後一天 116-12-31")
	p4.Get("/me").Want("測試辰核准，115-11-23 起，到 116-12-31")
}

// TestApplyForOrganisation: S114; what is returned says why and can be made again with what was typed.
func TestApplyForOrganisation(t *testing.T) {
	o := openOffice(t)
	p4 := o.In("p4@example.test")
	page := p4.Get("/me").Want("未申請").Follow("變更或申請組織").Want("功能編號:SSO11600", "申請建築執照不需要")
	page = page.Choose("其他組織").Fill("職稱/身分", "幹事").Submit("提出申請").WantStatus(422).Want("輸入組織名稱")
	page = page.Fill("其他組織的名稱", "測試公會").Submit("提出申請").WantStatus(200).Want("審核中", "系統管理者")
	o.toldLast("等您審核")
	mine := page.URL

	admin := o.In("admin2@example.test")
	admin.Get("/desk/requests").Follow("測試丁").Want("權限不變").Submit("退回").WantStatus(422).Want("退回的原因").
		Fill("退回的原因", "名稱和立案證書不同").Submit("退回").WantStatus(200).Want("已退回")
	o.toldLast("測試丁：您的申請已退回：測試公會 幹事", "名稱和立案證書不同")
	again := p4.Get(mine).Want("已退回", "名稱和立案證書不同", "測試辰").Follow("修改後再提出")
	if got := again.One("#organisation").Attr("value"); got != "測試公會" {
		t.Errorf("the form begins with %q", got)
	}
	page = again.Fill("其他組織的名稱", "測試縣測試公會").Submit("提出申請").WantStatus(200)
	admin.Get("/desk/requests").Follow("測試丁").Submit("核准").WantStatus(200)
	p4.Get("/me").Want("測試縣測試公會", "幹事（測試辰核准，115-11-23 起）")
	p4.Get(page.URL).Submit("不再需要，放棄").WantStatus(200).Want("已終止", "本人放棄")
	p4.Get("/me").Want("未申請")
}

// TestTiles: S92: the systems that somebody may use stand on the home page, others do not.
func TestTiles(t *testing.T) {
	o := openOffice(t)
	o.In("p1@example.test").Get("/home").Want("新建築執照線上申請書電子化書圖文件送件繳交系統", "測試機關公文系統", "這次用「備用帳號」登錄", "我的登錄方式")
	if o.In("p4@example.test").Get("/home").Has("測試機關公文系統") {
		t.Error("a tile of a system that the person may not use")
	}
}

// TestNewMail: letters go to the e-mail address, so it changes only after a fresh proof; nothing typed is lost on the way.
func TestNewMail(t *testing.T) {
	o := openOffice(t)
	c := o.In("p1@example.test")
	o.Now = o.Now.Add(11 * time.Minute)
	c.Get("/me").Fill("電子郵件", "nonsense").Submit("存檔").WantStatus(422).Want("錯誤：")
	page := c.Get("/me").Fill("電子郵件", "new@example.test").Fill("聯絡電話", "06-9990001").Submit("存檔").WantStatus(200).Want("確認是您本人", "其他欄位已存檔")
	kept := c.Get("/me")
	if contact, phone := kept.One("#contact").Attr("value"), kept.One("#phone").Attr("value"); contact != "p1@example.test" || phone != "06-9990001" {
		t.Errorf("kept %s, %s", contact, phone)
	}
	page = page.Fill("密碼", accounts.DemoPassword).Submit("確認").WantStatus(200).Want("按「存檔」更換電子郵件")
	page.Submit("存檔").WantStatus(200).Want("已存檔")
	if got := c.Get("/me").One("#contact").Attr("value"); got != "new@example.test" {
		t.Errorf("after the proof the address is %s", got)
	}
}

// TestBindings: S111, S112: what is bound says since when and when it was used, and is taken away after a fresh proof.
func TestBindings(t *testing.T) {
	o := &office{Place: accountstest.Open(t)}
	bound := []sso.Binding{{ID: "card-1", Door: accounts.Health, Label: "尾碼 0011", Since: o.Now, Used: o.Now.Add(time.Hour)}}
	accounts.Mount(o.Site)
	factors.Room{}.Mount(o.Site)
	sso.Room{Ways: sso.Ways{
		Bindings: func(*store.Tx, string) ([]sso.Binding, error) { return bound, nil },
		Unbind: func(_ *store.Tx, by permit.Actor, id string) error {
			if id != "card-1" {
				return fault.Of(fault.Conflict, "先綁定另一種登錄方式：這是最後一種", "Bind another way first: this is the last one")
			}
			bound = nil
			return nil
		},
		BindAt: map[accounts.Door]string{accounts.EGov: "/bind/egov", accounts.Health: "/bind/health"},
	}}.Mount(o.Site)
	c := o.In("p1@example.test")
	if home := c.Get("/home").Want("綁定「我的e政府」"); home.Has("綁定「全民健保卡」") {
		t.Error("a card that is bound is offered again")
	}
	me := c.Get("/me").Want("已綁定 尾碼 0011，115-11-23 起", "最近使用 2026/11/23 10:00:00", "未綁定 | 前往綁定")
	if got := me.One("a[href=/bind/egov]").Text(); got != "前往綁定 我的e政府" {
		t.Errorf("the way to bind says %q", got)
	}
	c.Post("/me/unbinding", url.Values{"binding": {"other"}}).WantStatus(409).Want("先綁定另一種登錄方式")
	o.Now = o.Now.Add(11 * time.Minute)
	confirm := c.Get("/me").Submit("解除綁定").WantStatus(200).Want("確認是您本人", "再按一次「解除綁定」")
	if bound == nil {
		t.Fatal("unbound without a fresh proof")
	}
	confirm.Fill("密碼", accounts.DemoPassword).Submit("確認").WantStatus(200).Submit("解除綁定").WantStatus(200).Want("已解除綁定")
	if me := c.Get("/me"); me.Has("已綁定") || len(me.Find("a[href=/bind/health]")) != 1 {
		t.Error("it still stands as bound")
	}
}
