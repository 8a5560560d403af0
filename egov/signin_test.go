package egov_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"cloudbm/egov"
	"cloudbm/fault"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// TestHeader: S29. Both tabs, and every page says that it is a simulation.
func TestHeader(t *testing.T) {
	p := open(t)
	for _, path := range []string{"/egov/", "/egov/join", "/egov/password", "/egov/account", "/egov/card", "/egov/help/faq", "/egov/help/nothing"} {
		page := p.visitor().Get(path)
		head := page.One("header").Text()
		for _, want := range []string{"我的E政府 www.gov.tw", "會員登入", "加入會員", "模擬網站"} {
			if !strings.Contains(head, want) {
				t.Errorf("the head of %s lacks %q: %s", path, want, head)
			}
		}
		if !strings.Contains(page.Title(), "我的E政府") || len(page.Find("h1")) != 1 {
			t.Errorf("%s: title %q, %d first headings", path, page.Title(), len(page.Find("h1")))
		}
	}
	page := p.visitor().Get("/egov/")
	page.Follow("加入會員").WantStatus(200).Want("申請一般會員")
	if got := page.One("header nav a[aria-current=page]").Text(); got != "會員登入" {
		t.Errorf("the current tab is %q", got)
	}
	p.visitor().Get("/egov").WantStatus(200).Want("帳號登入")
}

// TestSignIn: S30, S25. The form, its wording, what is kept after a refusal, and the session of this site.
func TestSignIn(t *testing.T) {
	p := open(t)
	c := p.visitor()
	page := c.Get("/egov/").WantStatus(200).Want("帳號登入", "帳號：", "密碼：", "登入")
	if strings.Contains(page.One("main").Text(), "登錄") {
		t.Error("the real site says 登入, not 登錄")
	}
	page = signIn(page, "test01", "Wrong999pw").WantStatus(422).Want("兩者不相符")
	if got := page.One("#account").Attr("value"); got != "test01" {
		t.Errorf("the account that was typed is gone: %q", got)
	}
	if page.One("#password").Attr("value") != "" || strings.Contains(string(page.Body), "Wrong999pw") {
		t.Error("a password stands in the page")
	}
	signIn(page, "TEST01", strings.ToLower(egov.DemoPassword)).WantStatus(422) // the password minds capitals, the account does not
	signIn(page, "TEST01", egov.DemoPassword).WantStatus(200).Want("會員中心", "測試甲", "p1@example.test", "D1")
	if c.Cookie("session") != "" {
		t.Error("signing in here signed in to the platform")
	}
	c.Get("/egov/").Submit("登出").WantStatus(200).Want("已登出")
	c.Stay().Get("/egov/me").WantStatus(303)
	p.visitor().Get("/egov/").Submit("登入").WantStatus(422).Want("輸入帳號", "輸入密碼")
}

// TestSession: a session ends after its idle time, and after twelve hours in any case; leading back does not leave the site.
func TestSession(t *testing.T) {
	p := open(t)
	c := p.in("test02")
	for range 3 {
		p.now = p.now.Add(egov.SessionIdle - time.Minute)
		c.Get("/egov/me").Want("測試乙")
	}
	p.now = p.now.Add(egov.SessionIdle + 2*time.Minute)
	if page := c.Get("/egov/me/cards"); !strings.Contains(page.URL, "next=") {
		t.Errorf("a dead session opened %s", page.URL)
	}
	page := signIn(c.Get("/egov/me/cards"), "test02", egov.DemoPassword)
	if page.URL != "/egov/me/cards" {
		t.Errorf("led back to %s", page.URL)
	}
	for _, bad := range []string{"https://evil.test/", "//evil.test/egov/", "/egov/../home", "/home", "/egov"} {
		got := p.visitor().Post("/egov/signin", url.Values{"account": {"test02"}, "password": {egov.DemoPassword}, "next": {bad}})
		if got.URL != "/egov/me" && got.URL != "/home" || bad == "/home" && got.URL == "/home" {
			t.Errorf("next=%s leads to %s", bad, got.URL)
		}
	}
}

// TestRecoveryLinks: S31.
func TestRecoveryLinks(t *testing.T) {
	p := open(t)
	p.visitor().Get("/egov/").Follow("忘記密碼").WantStatus(200).Want("以電子信箱重設密碼")
	p.visitor().Get("/egov/").Follow("忘記帳號").WantStatus(200).Want("寄帳號給我")
}

// TestSocial: S32. The icons are there and do nothing.
func TestSocial(t *testing.T) {
	p := open(t)
	icons := p.visitor().Get("/egov/").Find(".egov-social button")
	if len(icons) != 2 || !strings.HasPrefix(icons[0].Text(), "g") || !strings.HasPrefix(icons[1].Text(), "f") {
		t.Fatalf("icons: %v", icons)
	}
	for _, i := range icons {
		if !i.Has("disabled") {
			t.Errorf("%s can be pressed", i.Text())
		}
	}
}

// TestFooter: S37.
func TestFooter(t *testing.T) {
	p := open(t)
	page := p.visitor().Get("/egov/")
	foot := page.One("footer").Text()
	for _, want := range []string{"忘記密碼 加入會員", "帳號/憑證登入問題", "會員中心"} {
		if !strings.Contains(foot, want) {
			t.Errorf("the foot lacks %q: %s", want, foot)
		}
	}
	page.Follow("帳號/憑證登入問題").WantStatus(200).Want("PIN 碼是 6 到 8 個數字")
	page.Follow("會員中心").WantStatus(200).Want("帳號登入")
}

// TestPromotions: S38–S42.
func TestPromotions(t *testing.T) {
	p := open(t)
	page := p.visitor().Get("/egov/").Want("會員帳號管理功能強化 忘記密碼不煩惱",
		"以自然人憑證 啟用帳號", "帳號未啟用或被鎖定？使用個人之自然人憑證，即可啟用帳號。",
		"以密碼提示問題 重設密碼", "設定密碼提示問題後，忘記密碼時正確回答預設答案，即可重設密碼。",
		"以自然人憑證 重設密碼", "忘記密碼時，使用個人之自然人憑證，即可重設密碼。")
	if n := strings.Count(page.Text(), "(詳細說明請點選此處)"); n != 3 {
		t.Errorf("%d links to details", n)
	}
	for name, want := range map[string]string{"以自然人憑證 啟用帳號": "啟用帳號", "以密碼提示問題 重設密碼": "回答", "以自然人憑證 重設密碼": "重設密碼"} {
		page.Follow("(詳細說明請點選此處) " + name).WantStatus(200).Want(want)
	}
}

// TestNotices: S43–S48.
func TestNotices(t *testing.T) {
	p := open(t)
	page := p.visitor().Get("/egov/").Want("e政府服務平台公告",
		"110年12月28日 18:00–22:00", "系統可正常登入", "回應速度較緩慢",
		"12/24(五)19:30~22:30暫停多因子驗證及戶役政WEBIR服務",
		"TOTP軟體式動態密碼驗證功能上線",
		"自然人憑證客服 0800-080-117；工商憑證客服 412-1166 (手機請加02)", "(02)21927111")
	page.Follow("TOTP").WantStatus(200)
	page.Follow("個人資料保護法").WantStatus(200).Want("https://www.gsp.gov.tw/privacy.htm")
	p.visitor().Get("/egov/help/citizen-card").Want("0800-080-117")
	p.visitor().Get("/egov/help/company-card").Want("412-1166")
	p.do(func(tx *store.Tx) error {
		all, err := p.stand.Notices(tx)
		if err != nil || len(all) != 5 || all[0].Kind != egov.Maintenance || all[1].Kind != egov.Outage {
			t.Errorf("notices: %v, %v", all, err)
		}
		if got := all[0].Until.Sub(all[0].From); got != 4*time.Hour {
			t.Errorf("the window of the maintenance is %v", got)
		}
		return err
	})
}

// TestPIN: S33–S36.
func TestPIN(t *testing.T) {
	p := open(t)
	for _, path := range []string{"/egov/", "/egov/card"} {
		page := p.visitor().Get(path).Want("憑證登入", "請插入您的憑證並輸入PIN碼(6-8碼)", "PIN：", "登入",
			"請務必安裝最新版本HICOS元件",
			"若忘記PIN碼或鎖卡，請至各憑證網站處理(自然人憑證/工商憑證)",
			"其他安裝元件與登入問題，詳見常見問題 或 環境檢測網頁 [協助測試]")
		pin := page.One("#card-pin")
		if pin.Attr("type") != "password" || pin.Attr("minlength") != "6" || pin.Attr("maxlength") != "8" || pin.Has("name") {
			t.Errorf("the field of the PIN: %s", pin.HTML())
		}
		for _, link := range []string{"自然人憑證", "工商憑證", "常見問題", "環境檢測網頁"} {
			page.Follow(link).WantStatus(200)
		}
	}
}

// TestLock: five wrong passwords lock, known or not, and both are answered alike every time.
func TestLock(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := openOn(t, db)
		ctx := context.Background()
		try := func(account, password string) error {
			_, err := egov.SignIn(ctx, db, account, password, "192.0.2.1")
			return err
		}
		for n := 1; n <= 7; n++ {
			known, unknown := try("test03", "Wrong999pw"), try("nobody03", "Wrong999pw")
			k, okKnown := fault.As(known)
			u, okUnknown := fault.As(unknown)
			if !okKnown || !okUnknown || k.Message != u.Message || k.Kind != u.Kind {
				t.Fatalf("try %d: known %v, unknown %v", n, known, unknown)
			}
			if locked := strings.Contains(k.Message.Zh, "被鎖定"); locked != (n > 5) {
				t.Errorf("try %d: %s", n, k.Message.Zh)
			}
		}
		if err := try("test03", egov.DemoPassword); err == nil || !strings.Contains(err.Error(), "被鎖定") {
			t.Errorf("the right password opened a locked account: %v", err)
		}
		if got := p.member("test03").State; got != egov.Locked {
			t.Errorf("state %s", got)
		}
		// Success forgets the failures before it.
		for range 4 {
			_ = try("test04", "Wrong999pw")
		}
		if err := try("test04", egov.DemoPassword); err != nil {
			t.Fatal(err)
		}
		_ = try("test04", "Wrong999pw")
		if err := try("test04", egov.DemoPassword); err != nil {
			t.Errorf("failures were not forgotten: %v", err)
		}
		// 未啟用: only who knows the password learns it.
		if err := try("test11", egov.DemoPassword); err == nil || !strings.Contains(err.Error(), "未啟用") {
			t.Errorf("not enabled: %v", err)
		}
		if err := try("test11", "Wrong999pw"); err == nil || strings.Contains(err.Error(), "未啟用") {
			t.Errorf("not enabled, wrong password: %v", err)
		}
		if err := try("test12", egov.DemoPassword); err == nil || !strings.Contains(err.Error(), "被鎖定") {
			t.Errorf("locked: %v", err)
		}
	})
}

// TestLockTogether: guesses made at the same moment count too.
func TestLockTogether(t *testing.T) {
	p := open(t)
	answers := make(chan error, 12)
	for range cap(answers) {
		go func() {
			_, err := egov.SignIn(context.Background(), p.db, "test05", "Wrong999pw", "192.0.2.1")
			answers <- err
		}()
	}
	judged := 0
	for range cap(answers) {
		if err := <-answers; err != nil && strings.Contains(err.Error(), "不相符") {
			judged++
		}
	}
	if judged > 5 {
		t.Errorf("%d guesses were judged", judged)
	}
	if got := p.member("test05").State; got != egov.Locked {
		t.Errorf("state %s", got)
	}
}

// TestSignInPageAlike: a known and an unknown account get the same page.
func TestSignInPageAlike(t *testing.T) {
	p := open(t)
	known := signIn(p.visitor().Get("/egov/"), "test06", "Wrong999pw")
	unknown := signIn(p.visitor().Get("/egov/"), "test66", "Wrong999pw")
	if known.Status != unknown.Status || known.One("main").Text() != unknown.One("main").Text() {
		t.Errorf("known: %d %s\nunknown: %d %s", known.Status, known.Text(), unknown.Status, unknown.Text())
	}
}

// TestSameWork: whoever asks about an unknown account waits for a hash as for a known one.
func TestSameWork(t *testing.T) {
	p := open(t)
	release := egov.NoTurns()
	defer release()
	for what, ask := range map[string]func(ctx context.Context) error{
		"sign-in, known": func(ctx context.Context) error {
			_, err := egov.SignIn(ctx, p.db, "test01", "Wrong999pw", "192.0.2.1")
			return err
		},
		"sign-in, unknown": func(ctx context.Context) error {
			_, err := egov.SignIn(ctx, p.db, "nobody", "Wrong999pw", "192.0.2.1")
			return err
		},
		"answer, known":    func(ctx context.Context) error { _, err := egov.Answer(ctx, p.db, "test01", "guess"); return err },
		"answer, none set": func(ctx context.Context) error { _, err := egov.Answer(ctx, p.db, "test11", "guess"); return err },
		"answer, unknown":  func(ctx context.Context) error { _, err := egov.Answer(ctx, p.db, "nobody", "guess"); return err },
	} {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		if err := ask(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s was answered without the work: %v", what, err)
		}
		cancel()
	}
}
