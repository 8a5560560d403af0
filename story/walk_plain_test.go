package story

import (
	"strings"
	"testing"

	"cloudbm/catalog"
)

// TestWalkWithoutScript goes the road of a building licence in a browser that runs no script at all: everything but the
// pictures that can be zoomed works by plain forms and links.
func TestWalkWithoutScript(t *testing.T) {
	s := serve(t, t.TempDir(), "", "demo")
	st := open(t, s.url)
	a := &applicant{person: st.enterWith("p1", false), answers: catalog.C1(), folder: t.TempDir(), plain: true}
	var desk string
	st.scene("sign in and open a case", func() {
		a.signIn("p1@example.test")
		a.visit("/bls/cases/new")
		a.pick("案件主管機關", "臺南市政府")
		a.press("開立建造執照申請")
		a.sees("已開立案件")
		a.home = a.where()
		a.serial = js[string](a.person, `document.querySelector(".govuk-summary-list").innerText.match(/\d{3}[A-Z]\d{5}/)[0]`)
		if js[bool](a.person, `document.documentElement.classList.contains("scripted")`) {
			a.lost("this browser runs scripts")
		}
	})
	st.scene("what is wrong is said and kept", func() {
		a.visit(a.home + "/form/site")
		a.fill("site_other", "三百多")
		a.press("儲存並到下一頁")
		a.sees("有地方要修正")
		if v := a.value("site_other"); v != "三百多" {
			a.lost("what was typed is gone: " + v)
		}
	})
	st.scene("a file that cannot be opened is refused in words", func() {
		a.sheets(a.locked(a.setOf("A1-01_一層平面圖.pdf")[0]))
		a.sees("沒有收下的檔案", "密碼")
		a.press("從清單移除")
	})
	st.scene("fill in, draw, attach, submit", func() {
		a.settle()
		a.press("確定送件")
		a.sees("有地方要修正", "勾選聲明")
		a.choose("", "我已檢查送件內容")
		a.press("確定送件")
		a.sees("送件完成", "收據編號")
	})
	st.scene("the counter receives", func() {
		p := st.enterWith("p8", false)
		p.signIn("p8@example.test")
		p.visit("/desk")
		p.follow(a.serial)
		desk = p.where()
		p.press("收件並給掛號號碼")
		p.pick("承辦人", "測試壬")
		p.press("分文")
		p.sees("審查中")
		p.quiet()
	})
	st.scene("the officer asks once", func() {
		p := st.enterWith("p9", false)
		p.signIn("p9@example.test")
		p.visit(desk)
		p.follow("A1-01")
		if n := js[int](p, `document.querySelector("main img.cb-page-image").naturalWidth`); n < 100 {
			p.lost("the picture of the sheet did not come")
		}
		for label, v := range map[string]string{"左": "0.25", "上": "0.4", "寬": "0.1", "高": "0.1", "意見": "樓梯淨寬未標示，請補標。"} {
			p.fill(label, v)
		}
		p.press("新增意見")
		p.sees("25%, 40%")
		p.visit(desk + "/correction")
		p.press("送出改正通知（1 點）")
		p.sees("等待申請人改正")
		p.quiet()
	})
	st.scene("the architect corrects", func() {
		a.visit(a.home + "/drawings")
		a.follow("A1-01")
		a.send("#files", a.write("A1-01_一層平面圖_v2.pdf", a.drawing("A1-01", "一層平面圖", 2, 1)))
		a.until("version 2", func() bool {
			done := strings.Contains(a.text(), "第 2 版")
			if !done {
				a.visit(a.where())
			}
			return done
		})
		a.visit(a.home + "/correction")
		a.choose("第 1 點如何處理？", "已修正")
		a.press("儲存回復")
		a.visit(a.home + "/submission")
		a.choose("", "我已檢查送件內容")
		a.press("確定送件")
		a.sees("送件完成")
		a.quiet()
	})
	st.scene("the officer proposes, the chief approves", func() {
		p := st.enterWith("p9", false)
		p.signIn("p9@example.test")
		p.visit(desk)
		p.choose("第 1 點是否已改正？", "已改正")
		p.press("儲存認定")
		p.press("其餘標為符合並儲存")
		p.press("擬准陳核")
		p.sees("陳核中")
		chief := st.enterWith("chief", false)
		chief.signIn("chief@example.test")
		chief.visit(desk)
		chief.press("核准")
		chief.sees("已核准", "造字第")
		p.quiet()
		chief.quiet()
	})
	st.scene("the architect holds the licence", func() {
		a.visit(a.home)
		a.sees("已核准", "造字第", "下載建造執照（PDF）")
		a.quiet()
	})
}
