package egov_test

import (
	"testing"

	"cloudbm/egov"
	"cloudbm/fault"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// TestOfficial: S50, S65. Apply after signing in, approved by the administrator, then an official's account.
func TestOfficial(t *testing.T) {
	p := open(t)
	c := p.visitor()
	page := signIn(c.Get("/egov/portal/cpuser/transfer.aspx").WantStatus(200).Want("帳號登入"), "test10", egov.DemoPassword).
		WantStatus(200).Want("公務帳號申請", "審核通過後始為公務帳號")
	page = page.Fill("服務機關", "臺南市政府").Submit("提出公務帳號申請").WantStatus(422).Want("輸入職稱")
	if got := page.One("#agency").Attr("value"); got != "臺南市政府" {
		t.Errorf("what was typed is gone: %q", got)
	}
	page.Fill("職稱", "技佐").Submit("提出公務帳號申請").WantStatus(200).Want("審核中", "臺南市政府 技佐")
	c.Get("/egov/official").Want("審核中")
	c.Get("/egov/admin").WantStatus(403).Want("由模擬網站的管理者審核")

	admin := p.in("admin01")
	list := admin.Get("/egov/me").Follow("公務帳號審核").WantStatus(200).Want("測試癸", "技佐", "測試申", "技士")
	list.Submit("不通過").WantStatus(422).Want("寫下不通過的原因")
	list = admin.Get("/egov/admin").Fill("why", "沒有服務證明").Submit("不通過").WantStatus(200).Want("已決定這件申請")
	list.Submit("核准").WantStatus(200).Want("沒有等候審核的申請")
	standings := map[egov.Standing]bool{p.member("test10").Official: true, p.member("test13").Official: true}
	if !standings[egov.Approved] || !standings[egov.Refused] {
		t.Errorf("decided: %v", standings)
	}
}

// TestOfficialVerbs: on both databases; only an administrator decides, and once.
func TestOfficialVerbs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := openOn(t, db)
		admin, asking := p.member("admin01"), p.member("test13")
		decide := func(by egov.Member, approve bool, why string) error {
			return p.try(func(tx *store.Tx) error { return egov.Decide(tx, by, asking.ID, approve, why) })
		}
		if err := decide(asking, true, ""); !fault.Is(err, fault.Forbidden) {
			t.Errorf("by oneself: %v", err)
		}
		if err := decide(admin, false, ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("refused without a reason: %v", err)
		}
		if err := decide(admin, true, ""); err != nil {
			t.Fatal(err)
		}
		if err := decide(admin, true, ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("twice: %v", err)
		}
		err := p.try(func(tx *store.Tx) error {
			return egov.AskOfficial(tx, p.memberIn(tx, "test13"), "臺南市政府", "技士")
		})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("asked again: %v", err)
		}
	})
}
