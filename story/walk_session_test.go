package story

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"cloudbm/accounts"
	"cloudbm/factors"
	"cloudbm/permit"
	"cloudbm/store"
)

// listens keeps what a screen reader would be told on this page.
const listens = `(window.told = [], document.querySelectorAll("[data-speak]").forEach((v) =>
	new MutationObserver(() => window.told.push(v.textContent)).observe(v, { childList: true })), true)`

var countdown = regexp.MustCompile(`若您未進行網頁切換，將會於 (\d\d:\d\d)後回登入頁`)

// clock is what the countdown of the page says, in seconds.
func (p *person) clock() time.Duration {
	p.t.Helper()
	m := countdown.FindStringSubmatch(js[string](p, `document.querySelector(".session__text").textContent`))
	if m == nil {
		p.lost("there is no countdown")
	}
	d, err := time.ParseDuration(strings.Replace(m[1], ":", "m", 1) + "s")
	p.must(err)
	return d
}

// about fails the test unless the countdown stands at d, give or take what the machine needs.
func (p *person) about(d time.Duration) {
	p.t.Helper()
	if at := p.clock(); at > d || at < d-40*time.Second {
		p.t.Errorf("%s: the countdown says %s, want %s", p.name, at, d)
	}
}

func (p *person) asked() bool {
	return js[bool](p, `document.querySelector("dialog.session__warning").open`)
}

// TestWalkSession is E5 and S100, S101: the countdown, spoken at 5, 2 and 1 minutes, extended without losing focus or form; at its
// end the session is over, and what was typed comes back after signing in, here with the second step.
func TestWalkSession(t *testing.T) {
	l := receive(t)
	secret := l.app(t, "p1@example.test")
	p := l.enter("p1")
	p.timely()
	p.signsInWith(l, secret)
	p.visit("/me")
	p.about(30 * time.Minute)
	_ = js[bool](p, listens)
	heard := func(want ...string) {
		t.Helper()
		p.until("the voice", func() bool { return len(js[[]string](p, `window.told`)) >= len(want) })
		if got := js[[]string](p, `window.told`); !slices.Equal(got, want) {
			t.Errorf("heard %q, want %q", got, want)
		}
	}
	five, two, one := "距離自動登出還有 5 分鐘；按「延長作業時間」繼續作業", "距離自動登出還有 2 分鐘；按「延長作業時間」繼續作業", "距離自動登出還有 1 分鐘；按「延長作業時間」繼續作業"
	at := func(left time.Duration) { l.passes(p.clock()-left, p) }

	p.fill("聯絡電話", "06-2991111#12")
	_ = js[bool](p, `(document.activeElement.setSelectionRange(3, 6), true)`)
	at(6 * time.Minute)
	p.about(6 * time.Minute)
	at(4*time.Minute + 59*time.Second)
	heard(five)
	at(4*time.Minute + 57*time.Second)
	at(3 * time.Minute)
	if p.asked() {
		t.Error("a dialog asks with three minutes left")
	}
	at(time.Minute + 59*time.Second)
	heard(five, two)
	if !p.asked() {
		p.lost("no dialog asks with two minutes left")
	}
	p.noBarrier()
	p.shot("session-warning")
	p.narrow()
	if on := js[string](p, `document.activeElement.textContent`); on != "延長作業時間" {
		p.lost("the focus of the dialog is on " + on)
	}
	p.must(chromedp.Do(p.ctx, chromedp.KeyEvent("\r")))
	p.until("thirty minutes more", func() bool { return p.clock() > 29*time.Minute })
	if p.asked() {
		t.Error("the dialog stays after the time was extended")
	}
	heard(five, two, "作業時間已延長")
	if got := js[string](p, `[document.activeElement.name, document.activeElement.value, document.activeElement.selectionStart, document.activeElement.selectionEnd].join(" ")`); got != "phone 06-2991111#12 3 6" {
		t.Errorf("after extending, the focus is at %q", got)
	}

	// Who does not want it goes on; the marks are spoken once more, and the page is left at the end.
	at(4*time.Minute + 59*time.Second)
	at(time.Minute + 59*time.Second)
	p.until("the dialog", p.asked)
	p.must(chromedp.Do(p.ctx, chromedp.KeyEvent("\x1b")))
	p.until("no dialog", func() bool { return !p.asked() })
	at(59 * time.Second)
	at(50 * time.Second)
	heard(five, two, "作業時間已延長", five, two, one)
	if p.asked() {
		t.Error("the dialog asks again")
	}

	// A second window has used the session: the first one goes on with what it has left.
	other := p.beside("p1 beside")
	other.timely()
	other.visit("/home")
	p.until("the time of the other window", func() bool { return p.clock() > 29*time.Minute })
	other.about(30 * time.Minute)
	l.passes(28*time.Minute+30*time.Second, p, other)
	p.until("the dialog here", p.asked)
	p.until("the dialog there", other.asked)
	p.must(chromedp.Do(p.ctx, chromedp.KeyEvent("\r")))
	p.until("thirty minutes more", func() bool { return p.clock() > 29*time.Minute })
	other.until("thirty minutes more there", func() bool { return other.clock() > 29*time.Minute && !other.asked() })
	other.visit("/glossary") // one page is enough for the end

	p.goes("the end", func() { l.passes(31*time.Minute, p) })
	p.sees("作業時間已到，已經登出", "選擇登錄方式", "登錄後會回到您要去的那一頁")
	if where := p.where(); where != "/?next=%2Fme" {
		p.lost("the end leads to " + where)
	}
	l.do(t, func(tx *store.Tx) error {
		who, err := accounts.ByEmail(tx, "p1@example.test")
		if err != nil {
			return err
		}
		if live, err := accounts.Sessions(tx, who.ID); len(live) > 0 || err != nil {
			t.Errorf("%d sessions live on (%v)", len(live), err)
		}
		return nil
	})
	p.follow("使用備用帳號登錄")
	p.visit("/signin?next=/me")
	p.signsInHere(l, secret)
	p.sees("已放回您先前輸入、還沒送出的內容")
	if v := p.value("聯絡電話"); v != "06-2991111#12" {
		t.Errorf("after signing in again the field says %q", v)
	}

	// What is asked at the end of twelve hours says so.
	for range 28 {
		l.passes(25*time.Minute, p)
		p.visit("/me/devices")
	}
	p.about(20 * time.Minute)
	l.passes(18*time.Minute+30*time.Second, p)
	p.until("the dialog", p.asked)
	p.must(chromedp.Do(p.ctx, chromedp.KeyEvent("\x1b")))
	p.extends()
	p.until("the voice", func() bool {
		return strings.Contains(js[string](p, `[...document.querySelectorAll("[data-speak]")].map((v) => v.textContent).join(" ")`), "連續作業已滿 12 小時")
	})
	p.quiet()
}

// extends presses 延長作業時間 in the header.
func (p *person) extends() {
	p.t.Helper()
	p.click("延長作業時間", `named(".session__more", %s)`, "延長作業時間")
}

// app gives somebody an authenticator, and answers its secret.
func (l *parlour) app(t *testing.T, email string) (secret string) {
	t.Helper()
	l.do(t, func(tx *store.Tx) error {
		p, err := accounts.ByEmail(tx, email)
		if err != nil {
			return err
		}
		token, err := accounts.Begin(tx, p.ID, accounts.Backup, accounts.Source{})
		if err != nil {
			return err
		}
		s, _, err := accounts.Present(tx, token)
		if err != nil {
			return err
		}
		by := permit.Actor{Person: p.ID, Name: p.Name, Session: s.ID}
		if err := factors.SetUp(tx, by); err != nil {
			return err
		}
		if _, secret, err = factors.SettingUp(tx, p.ID); err != nil {
			return err
		}
		code, err := totp.GenerateCode(secret, tx.Now)
		if err != nil {
			return err
		}
		if err := factors.FinishSetUp(tx, by, code); err != nil {
			return err
		}
		return accounts.SignOut(tx, by)
	})
	l.ahead.Add(int64(time.Minute)) // that code is used
	return secret
}

func (p *person) signsInWith(l *parlour, secret string) {
	p.t.Helper()
	p.visit("/signin")
	l.passes(0, p)
	p.signsInHere(l, secret)
}

// signsInHere fills in the page of 備用帳號 and the second step.
func (p *person) signsInHere(l *parlour, secret string) {
	p.t.Helper()
	p.fill("電子郵件地址", "p1@example.test")
	p.fill("密碼", accounts.DemoPassword)
	p.press("登錄")
	p.sees("密碼正確")
	code, err := totp.GenerateCode(secret, l.db.Now())
	p.must(err)
	p.fill("驗證碼", code)
	p.press("登錄")
}
