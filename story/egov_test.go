package story

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"cloudbm/egov"
	"cloudbm/sim/card"
	"cloudbm/store"
)

// signInEGov signs in at the stand-in for 我的E政府.
func (p *person) signInEGov(account string) {
	p.t.Helper()
	p.visit("/egov/")
	p.fill("帳號：", account)
	p.fill("密碼：", egov.DemoPassword)
	p.press("登入")
	p.sees("會員中心")
}

// comesByEGov is somebody new at the platform: signed in at 我的E政府, and asked who they are here.
func (p *person) comesByEGov(account string) {
	p.t.Helper()
	p.visit("/doors/egov")
	p.fill("帳號：", account)
	p.fill("密碼：", egov.DemoPassword)
	p.press("登入")
	p.sees("第一次使用我的e政府登錄")
}

// captcha is what the picture on the page shows, read where the program keeps it: people read the picture.
func (p *person) captcha(data string) (text string) {
	p.t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(data, "cloudbm.db"))
	p.must(err)
	defer db.Close()
	vault, err := store.VaultFile(filepath.Join(data, "keys"))
	p.must(err)
	db.SetVault(vault)
	id := js[string](p, `document.querySelector("[data-join] [name=captcha-id]").value`)
	p.must(db.Read(ctx, func(tx *store.Tx) error {
		hidden, err := store.Get[string](tx, `SELECT digits FROM egov_captchas WHERE id = $1`, id)
		if err == nil {
			text, err = tx.Reveal(hidden)
		}
		return err
	}))
	return text
}

// joins becomes a member of the stand-in.
func (p *person) joins(account, data string) {
	p.t.Helper()
	for label, typed := range map[string]string{"帳號": account, "設定密碼": "Tree47river", "確認密碼": "Tree47river", "中文姓名": "測試戌",
		"電子信箱": "p15@example.test", "確認電子信箱": "p15@example.test", "請輸入驗證碼:": p.captcha(data)} {
		p.fill(label, typed)
	}
	p.press("註冊")
	p.sees("一般會員註冊成功", "(p15@example.test)")
}

// letterEGov is the text of the newest letter with that subject.
func (p *person) letterEGov(subject string) string {
	p.t.Helper()
	p.until("the letter "+subject, func() bool {
		p.visit("/demo/mail")
		return strings.Contains(p.text(), subject)
	})
	p.follow(subject)
	return p.text()
}

var resetLink = regexp.MustCompile(`/egov/password/[0-9a-z]{52}`)

// findEGov looks for the pages of the stand-in that one comes to by doing something.
func (c *crowd) findEGov() {
	p := c.as("nobody")
	p.visit("/egov/join?as=member")
	p.joins("story01", c.data)
	c.found["egovjoined"] = p.where()
	p.visit("/egov/password")
	p.fill("帳號", "test04")
	p.fill("電子信箱", "p4@example.test")
	p.press("寄連結給我")
	c.found["egovreset"] = resetLink.FindString(p.letterEGov("重設密碼"))
	p.visit("/egov/authorize?client_id=cloudbm&response_type=code&scope=openid&code_challenge=" + strings.Repeat("a", 43) +
		"&code_challenge_method=S256&redirect_uri=" + p.url + "/doors/egov/back")
	p.sees("登入後將回到")
	c.found["egovonward"] = p.where()
}

// TestWalkEGov walks through the stand-in for 我的E政府: joining with its script and without, a locked account that comes
// back by letter, an official's account.
func TestWalkEGov(t *testing.T) {
	s := serve(t, t.TempDir(), "", "demo")
	st := open(t, s.url)
	guest, plain := st.enter("guest"), st.enterWith("guest without script", false)
	st.scene("join", func() {
		guest.visit("/egov/")
		guest.shot("egov-signin")
		guest.follow("加入會員")
		guest.click("申請一般會員", `named("main summary", %s)`, "申請一般會員")
		guest.fill("帳號", "test01")
		guest.push("檢查帳號")
		guest.sees("這個帳號已經有人使用")
		guest.fill("設定密碼", "qT7vW2xZr9KpL4m")
		guest.sees("密碼強度：最強")
		was := js[string](guest, `document.querySelector("[data-again] img").src`)
		guest.push("重新產生驗證碼")
		guest.until("another picture", func() bool { return js[string](guest, `document.querySelector("[data-again] img").src`) != was })
		guest.click("the picture", `document.querySelector("[data-again]")`)
		guest.until("a third picture", func() bool {
			return js[bool](guest, `document.querySelector("[data-again] img").complete && document.querySelector("[data-again] img").naturalWidth === 240`)
		})
		guest.shot("egov-join")
		guest.joins("walker01", s.data)
		guest.shot("egov-joined")
		guest.quiet("/egov/join/account")
	})
	st.scene("join without script", func() {
		plain.visit("/egov/join?as=member")
		plain.fill("帳號", "test01")
		plain.press("檢查帳號")
		plain.sees("這個帳號已經有人使用")
		plain.fill("中文姓名", "測試戌")
		plain.press("重新產生驗證碼")
		if got := plain.value("中文姓名"); got != "測試戌" {
			t.Errorf("another captcha lost the name: %q", got)
		}
		plain.joins("walker02", s.data)
	})
	st.scene("locked", func() {
		plain.visit("/egov/")
		for range 6 {
			plain.fill("帳號：", "test03")
			plain.fill("密碼：", "Wrong999pw")
			plain.press("登入")
		}
		plain.sees("被鎖定")
		plain.follow("啟用帳號或重設密碼")
		plain.fill("帳號", "test03")
		plain.fill("電子信箱", "p3@example.test")
		plain.press("寄連結給我")
		plain.visit(resetLink.FindString(plain.letterEGov("重設密碼")))
		plain.fill("設定密碼", egov.DemoPassword)
		plain.fill("確認密碼", egov.DemoPassword)
		plain.press("重設密碼")
		plain.signInEGov("test03")
	})
	st.scene("officials", func() {
		guest.signInEGov("test10")
		guest.shot("egov-member")
		guest.follow("公務帳號申請")
		guest.fill("服務機關", "臺南市政府")
		guest.fill("職稱", "技佐")
		guest.press("提出公務帳號申請")
		guest.sees("審核中")
		admin := st.enter("the administrator of the stand-in")
		admin.signInEGov("admin01")
		admin.follow("公務帳號審核")
		admin.shot("egov-admin")
		admin.press("核准")
		admin.press("核准")
		guest.visit("/egov/me")
		guest.sees("公務帳號：臺南市政府 技佐")
		admin.quiet()
	})
}

// TestWalkEGovCard binds a card at the stand-in and signs in with it, through the component's window; a wrong PIN and a
// card that was revoked are said in words, and another way in stands beside them.
func TestWalkEGovCard(t *testing.T) {
	sim, component := cardSim(t)
	anchors := filepath.Join(t.TempDir(), "anchors.pem")
	if err := os.WriteFile(anchors, sim.CA.Anchors(), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("CLOUDBM_CARD_ANCHORS", anchors)
	t.Setenv("CLOUDBM_CARD_COMPONENT", component.URL)
	t.Setenv("CLOUDBM_CARD_HOSTS", strings.TrimPrefix(component.URL, "http://"))
	s := serve(t, t.TempDir(), "", "demo")
	sim.Origins = []string{s.url}
	st := open(t, s.url)
	p := st.enter("holder")
	puts := func(number, pin string) {
		p.t.Helper()
		if err := sim.Insert(number); err != nil {
			t.Fatal(err)
		}
		p.fill("PIN：", pin)
		p.goes("the button of the card", func() {
			p.click("the button of the card", `document.querySelector("[data-card] button[type=submit]")`)
		})
	}
	st.scene("bind", func() {
		p.signInEGov("test01")
		p.visit("/egov/me/cards")
		p.follow("綁定憑證")
		puts(card.Holders[0].Number, card.PIN)
		p.sees("憑證已綁定", card.Holders[0].Number)
		p.shot("egov-cards")
	})
	st.scene("sign in", func() {
		p = st.enter("holder, another time")
		p.visit("/egov/")
		puts(card.Holders[0].Number, "135790")
		p.sees("PIN 碼不對", "帳號登入")
		p.shot("egov-card-wrong-pin")
		puts(card.Holders[0].Number, card.PIN)
		p.sees("會員中心", "這次登入方式 憑證")
	})
	st.scene("into the platform, with the keyboard alone", func() {
		p = st.enter("holder, by keyboard")
		n := &newcomer{person: p, onKeyboardAlone: true}
		p.visit("/doors/egov")
		pin := func(code string) {
			n.tabs("the PIN", `field("PIN：")`)
			p.must(chromedp.Do(p.ctx, chromedp.KeyEvent(code)))
			n.tabs("the button of the card", `document.querySelector("[data-card] button[type=submit]")`)
			p.goes("the button of the card", func() { p.must(chromedp.Do(p.ctx, chromedp.KeyEvent("\r"))) })
		}
		pin("135790")
		p.sees("PIN 碼不對")
		pin(card.PIN)
		p.sees("第一次使用我的e政府登錄")
		n.does("先進入系統")
		p.sees("我的e政府（憑證）") // two factors: the PIN and the card
	})
	st.scene("revoked", func() {
		p = st.enter("holder of a revoked card")
		p.visit("/egov/card")
		puts(card.Holders[15].Number, card.PIN)
		p.sees("已經廢止或停用", "帳號登入")
	})
}
