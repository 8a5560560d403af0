package story

import (
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"

	"cloudbm/egov"
)

var backupCode = regexp.MustCompile(`驗證碼是 ([0-9]{6})`)

// newcomer is somebody with an account at 我的E政府 and none here, and the mailbox they look into.
type newcomer struct {
	*person
	mailbox         *person
	account, email  string
	onKeyboardAlone bool
}

const newcomersPassword = "Tree47river"

// gives fills a field, with the keyboard alone where that is how they work.
func (n *newcomer) gives(label, text string) {
	n.t.Helper()
	if !n.onKeyboardAlone {
		n.fill(label, text)
		return
	}
	n.tabs("the field "+label, `field(%s)`, label)
	n.must(chromedp.Do(n.ctx, chromedp.KeyEvent(text)))
}

// does presses a button or follows a link that leads on.
func (n *newcomer) does(text string) {
	n.t.Helper()
	if !n.onKeyboardAlone {
		n.goes(text, func() { n.click(text, `named("main a, main button", %s)`, text) })
		return
	}
	n.tabs(text, `named("main a, main button", %s)`, text)
	n.goes(text, func() { n.must(chromedp.Do(n.ctx, chromedp.KeyEvent("\r"))) })
}

// tabs goes from where the keyboard is to what a finder finds, by Tab alone; a text field is left with all of it chosen.
func (n *newcomer) tabs(what, finder string, args ...any) {
	n.t.Helper()
	for range 150 {
		if js[bool](n.person, `(() => {`+finders+`return document.activeElement === (`+finder+`)})()`, args...) {
			return
		}
		n.must(chromedp.Do(n.ctx, chromedp.KeyEvent("\t")))
	}
	n.lost("the keyboard does not come to " + what)
}

// signs is the sign-in at 我的E政府.
func (n *newcomer) signs() {
	n.t.Helper()
	n.sees("登入後將回到")
	n.gives("帳號：", n.account)
	n.gives("密碼：", egov.DemoPassword)
	n.does("登入")
}

func (n *newcomer) code() string {
	n.t.Helper()
	n.mailbox.until("the letter with the code for "+n.email, func() bool {
		n.mailbox.visit("/demo/mail?to=" + n.email)
		return js[bool](n.mailbox, `document.body.innerText.includes("備用帳號的驗證碼")`)
	})
	n.mailbox.follow("備用帳號的驗證碼")
	found := backupCode.FindStringSubmatch(n.mailbox.text())
	if found == nil {
		n.lost("the letter has no code: " + n.mailbox.text())
	}
	return found[1]
}

// applies is 帳號申請 from 基本資料 to a signed-in home (S68–S90).
func (n *newcomer) applies() {
	n.t.Helper()
	n.gives("電子郵件地址", n.email)
	n.gives("密碼", newcomersPassword)
	n.gives("再輸入一次密碼", newcomersPassword)
	n.gives("電話", "0900000014")
	n.does("→ 下一步")
	n.sees("信箱.姓名.電話 三者無誤", n.email, "0900000014")
	n.does("送出申請")
	n.gives("驗證碼（6 位數）", n.code())
	n.does("確認")
	n.sees("已完成申請")
	if n.where() != "/home" {
		n.lost("it ends at " + n.where())
	}
}

// TestWalkNewcomer: 帳號申請 from the landing page, through the stand-in for 我的E政府, to a signed-in home: with the
// mistakes people make, with the keyboard alone, and in a browser that runs no script.
func TestWalkNewcomer(t *testing.T) {
	s := serve(t, t.TempDir(), "", "demo")
	st := open(t, s.url)
	mailbox := st.enter("mailbox")
	n := &newcomer{person: st.enter("test01"), mailbox: mailbox, account: "test01", email: "p21@example.test"}
	st.scene("what comes first is said", func() {
		n.visit("/")
		n.shot("landing")
		n.follow("帳號申請說明")
		n.sees("帳號申請流程簡介")
		n.shot("apply")
		n.sees("Step 2. 使用『我的e政府帳號』申請『備用帳號』：點選申請", "無法開始")
		n.visit("/backup")
		n.sees("先用我的e政府登錄")
		n.shot("backup-first")
		n.does("用我的e政府登錄")
	})
	st.scene("through 我的E政府", func() {
		n.gives("帳號：", n.account)
		n.gives("密碼：", "Wrong999pw")
		n.does("登入")
		n.signs()
		n.sees("還沒有和它綁定的帳號")
		n.shot("welcome")
		n.does("申請備用帳號")
		n.sees("基本資料", "線上申請")
		n.shot("backup")
	})
	st.scene("mistakes are said, and what was typed stays", func() {
		n.gives("電子郵件地址", "p2@example.test")
		n.gives("密碼", "short")
		n.gives("再輸入一次密碼", "shorter")
		n.does("→ 下一步")
		n.sees("有地方要修正", "8 個字", "輸入電話")
		n.shot("backup-mistakes")
		n.gives("密碼", newcomersPassword)
		n.gives("再輸入一次密碼", newcomersPassword)
		n.gives("電話", "0900000014")
		n.does("→ 下一步")
		n.sees("已申請過的電子郵件地址不能再次使用")
		if got := n.value("電話"); got != "0900000014" {
			n.lost("the telephone is now " + got)
		}
		if got := n.value("密碼"); got != "" {
			n.lost("a password came back")
		}
	})
	st.scene("check, send, confirm", func() {
		n.gives("電子郵件地址", n.email)
		n.gives("密碼", newcomersPassword)
		n.gives("再輸入一次密碼", newcomersPassword)
		n.does("→ 下一步")
		n.shot("backup-check")
		n.does("送出申請")
		code := n.code()
		n.gives("驗證碼（6 位數）", "12345")
		n.does("確認")
		n.sees("這一組不對")
		n.shot("backup-code")
		n.gives("驗證碼（6 位數）", code)
		n.does("確認")
		n.sees("已完成申請")
		n.shot("backup-done")
		n.quiet("/backup", "/backup/code", "/egov/signin")
	})
	st.scene("the door used last is marked, and the new one opens", func() {
		n.visit("/home")
		n.press("登出")
		n.visit("/")
		n.sees("上次使用")
		n.visit("/signin")
		n.fill("電子郵件地址", n.email)
		n.fill("密碼", newcomersPassword)
		n.press("登錄")
		n.sees("已用備用帳號登錄")
		n.quiet("/backup", "/backup/code", "/egov/signin")
	})
	st.scene("with the keyboard alone", func() {
		n := &newcomer{person: st.enter("test02"), mailbox: mailbox, account: "test02", email: "p22@example.test", onKeyboardAlone: true}
		n.visit("/")
		n.does("登錄 ：我的e政府")
		n.signs()
		n.does("申請備用帳號")
		n.applies()
		n.quiet()
	})
	st.scene("by 備用帳號, with the keyboard alone and a wrong password first", func() {
		n := &newcomer{person: st.enter("test02, later"), onKeyboardAlone: true}
		n.visit("/")
		n.does("登錄 ：備用帳號")
		n.gives("電子郵件地址", "p22@example.test")
		n.gives("密碼", "Wrong999pw")
		n.does("登錄")
		n.sees("兩者不相符")
		n.gives("電子郵件地址", "p22@example.test")
		n.gives("密碼", newcomersPassword)
		n.does("登錄")
		n.sees("已用備用帳號登錄", "測試乙")
		n.quiet("/signin")
	})
	st.scene("without script", func() {
		n := &newcomer{person: st.enterWith("test06", false), mailbox: mailbox, account: "test06", email: "p26@example.test"}
		n.visit("/")
		n.does("登錄 ：我的e政府")
		n.signs()
		n.does("申請備用帳號")
		n.applies()
		n.quiet()
	})
}
