package story

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"cloudbm/accounts"
	"cloudbm/catalog"
)

// TestWalk goes the whole road of a building licence as people go it, with the mistakes they make: the architect fills
// in, draws and submits; the authority receives, asks for corrections in one notice, gets round 2 and approves; the
// architect holds the licence. It all happens in Chromium, on the program as "cloudbm demo" starts it.
//
// CLOUDBM_SHOTS=folder keeps pictures of the pages at 1280 and 360 pixels.
func TestWalk(t *testing.T) {
	s := serve(t, t.TempDir(), "", "demo")
	w := &walk{stage: open(t, s.url), folder: t.TempDir()}
	w.scene("the architect signs in", w.signsIn)
	w.scene("the architect opens a case", w.opensCase)
	w.scene("the architect types, and mistypes", w.types)
	w.scene("the architect takes herself over from her profile", w.designers)
	w.scene("the architect brings drawings", w.draws)
	w.scene("the architect submits too early", w.early)
	w.scene("the architect submits", w.submits)
	w.scene("the counter receives", w.receives)
	w.scene("the officer reviews and asks once", w.asks)
	w.scene("the architect corrects", w.corrects)
	w.scene("the officer compares and proposes", w.proposes)
	w.scene("the chief approves", w.approves)
	w.scene("the architect holds the licence", w.holdsLicence)
	w.scene("the public sees no person", w.public)
	w.scene("everybody was told", w.told)
}

type walk struct {
	*stage
	folder        string
	p1            *applicant
	p8, p9, chief *person
	id, desk      string
	verify        string // where the public verifies the licence
}

const wrongPassword = "Demo-2025-permit"

func (w *walk) signsIn() {
	p := w.enter("p1")
	w.p1 = &applicant{person: p, answers: catalog.C1(), folder: w.folder}
	p.visit("/")
	p.sees("資訊系統雲端平台", "選擇登錄方式")
	p.shot("landing")
	p.visit("/bls/cases")
	p.sees("登錄後會回到您要去的那一頁") // the page needs a person
	p.visit("/signin")
	p.fill("電子郵件地址", "p1@example.test")
	p.fill("密碼", wrongPassword)
	p.press("登錄")
	p.sees("重新輸入電子郵件和密碼")
	if v := p.value("電子郵件地址"); v != "p1@example.test" {
		p.lost("what was typed is gone: " + v)
	}
	p.shot("wrong-password")
	p.fill("密碼", accounts.DemoPassword)
	p.press("登錄")
	p.sees("測試甲")
	p.shot("home")
	p.visit("/bls/profile")
	p.sees("建築師", "T000101")
	p.shot("profile")
	p.visit("/bls/rights")
	p.shot("rights")
	p.visit("/bls")
	p.shot("bls")
	p.quiet()
}

func (w *walk) opensCase() {
	p := w.p1
	p.visit("/bls/cases")
	p.shot("cases")
	p.follow("新增申請案")
	p.sees("建造執照申請")
	p.press("開立建造執照申請")
	p.sees("選擇案件主管機關")
	p.shot("shelf-without-authority")
	p.pick("案件主管機關", "臺南市政府")
	p.press("開立建造執照申請")
	p.sees("已開立案件", "尚未送件", "臺南市政府")
	p.home = p.where()
	w.id = p.home[strings.LastIndex(p.home, "/")+1:]
	p.serial = js[string](p.person, `document.querySelector(".govuk-summary-list").innerText.match(/\d{3}[A-Z]\d{5}/)?.[0] ?? ""`)
	if p.serial == "" {
		p.lost("the case has no serial")
	}
	p.shot("tasks-new")
	p.quiet()
}

// mistake types something wrong, and wants the sentence that helps, and what was typed kept.
func (w *walk) mistake(label, typed, sentence string) {
	w.t.Helper()
	p := w.p1
	p.fill(label, typed)
	p.press("儲存")
	p.sees("有地方要修正", sentence)
	if v := p.value(label); v != typed {
		p.lost("typed " + typed + ", kept " + v)
	}
}

func (w *walk) types() {
	p := w.p1
	p.section("case")
	p.visit(p.home + "/form/site")
	p.shot("form-site")
	w.mistake("site_other", "三百多", "填數字")
	p.shot("form-site-wrong")
	p.section("site")
	p.section("land")
	p.visit(p.home + "/form/land")
	p.sees("虎尾寮段", "9001-1")
	p.shot("form-land")
	p.section("floors")
	p.visit(p.home + "/form/owners")
	p.press("新增")
	at := p.where()
	p.fill("name", "測試丁")
	w.mistake("any_id", "R223000042", "檢查碼")
	p.shot("row-wrong-id")
	p.visit(at)
	p.row(catalog.Building.Section("owners"), p.answers.Rows["owners"][0])
	p.misses("R223000041") // masked on screen
	p.quiet()
}

func (w *walk) designers() {
	p := w.p1
	s := catalog.Building.Section("designers")
	at := p.home + "/form/designers"
	p.visit(at)
	p.press("新增")
	p.fill("name", "測試甲")
	w.mistake("arch_licence", "南市建開證字第123號", "補上英文字母")
	p.shot("designer-wrong-licence")
	p.visit(at)
	p.sees("待補")
	p.click("the tick", `document.querySelector("main input[name=row]")`)
	p.press("整批刪除")
	p.sees("已刪除 1 筆")
	p.press("帶入設計人資料")
	if v := p.value("arch_licence"); !strings.Contains(v, "T000101") {
		p.lost("the licence was not taken over: " + v)
	}
	if v := p.value("name"); v != "測試甲" {
		p.lost("the name was not taken over: " + v)
	}
	p.shot("designer-filled")
	p.row(s, p.answers.Rows["designers"][0])
	p.click("the tick", `document.querySelector("main input[name=row]")`)
	p.press("整批刪除")
	p.sees("復原剛刪除的")
	p.press("復原剛刪除的")
	p.sees("T000101", "測試甲")
	p.shot("form-designers")
	p.quiet()
}

func (w *walk) draws() {
	p := w.p1
	p.visit(p.home + "/drawings")
	p.shot("drawings-empty")
	if real := british(w.t); len(real) > 0 {
		p.sheets(real...)
		p.sees("填寫圖號與圖名")
		p.shot("mapping")
		first := js[string](p.person, `document.querySelector("main input[name=row]").value`)
		n := p.mapping()
		if n < len(real) {
			p.lost("there are fewer pages than files")
		}
		p.fill("number-"+first, "平面圖")
		p.press("收為圖說")
		p.sees("有地方要修正")
		if v := p.value("number-" + first); v != "平面圖" {
			p.lost("what was typed is gone: " + v)
		}
		p.shot("mapping-wrong")
		p.fill("number-"+first, "A1-20")
		p.press("收為圖說")
		p.visit(p.home + "/drawings")
		p.sees("A1-20", "參考圖 1")
	}
	// Names that are read by themselves, and a file nobody can open.
	p.visit(p.home + "/drawings")
	set := p.setOf("A0-01_配置圖.pdf", "A1-01_一層平面圖.pdf")
	p.files("#files", append(set, p.locked(set[1]))...)
	p.sees("共 3 個檔案，完成 2 個，1 個需要處理", "退回", "密碼")
	p.shot("drawings-uploading")
	p.visit(p.home + "/drawings")
	p.sees("A0-01", "配置圖", "A1-01", "一層平面圖", "沒有收下的檔案")
	p.shot("drawings")
	p.press("從清單移除")
	p.misses("沒有收下的檔案")
	p.follow("A1-01")
	p.until("the tiles", func() bool {
		return js[int](p.person, `document.querySelectorAll(".tiles__level img.here").length`) > 0
	})
	p.shot("sheet")
	p.visit(p.home + "/attachments")
	p.shot("attachments")
	p.quiet()
}

func (w *walk) early() {
	p := w.p1
	p.visit(p.home + "/submission")
	p.sees("項要完成")
	before := len(p.holds())
	p.choose("", "我已檢查送件內容")
	p.press("確定送件")
	p.sees("有地方要修正", "才能送件")
	if n := len(p.holds()); n != before || n == 0 {
		p.lost("the list of what is missing is gone")
	}
	p.shot("submission-too-early")
	lines := p.settle()
	w.t.Logf("%d lines led to what was missing", lines)
	p.visit(p.home)
	p.shot("tasks-done")
	p.visit(p.home + "/answers")
	p.sees("檢查您的填答", "測試大樓新建工程", "6,100")
	p.shot("answers")
	p.quiet()
}

var receipt = regexp.MustCompile(`/receipts/1$`)

func (w *walk) submits() {
	p := w.p1
	p.visit(p.home + "/submission")
	p.sees("送件內容：")
	p.shot("submission-ready")
	p.press("確定送件") // without the declaration
	p.sees("有地方要修正")
	p.choose("", "我已檢查送件內容")
	form := js[string](p.person, `new URLSearchParams(new FormData(document.querySelector("main form[action$='/submission']"))).toString()`)
	p.goes("submitting", func() {
		at := js[*spot](p.person, `(() => {`+finders+`return spot(named("main button", %s))})()`, "確定送件")
		p.must(chromedp.Do(p.ctx, chromedp.MouseClickXY(at.X, at.Y, chromedp.ClickCount(1)), chromedp.MouseClickXY(at.X, at.Y, chromedp.ClickCount(2))))
	})
	p.until("the receipt", func() bool { return receipt.MatchString(p.where()) })
	p.sees("送件完成", "收據編號")
	number := js[string](p.person, `document.querySelector(".govuk-panel__body").innerText`)
	p.shot("receipt")
	// Sent once more, as a browser does that lost the answer: the same receipt.
	again := js[[]string](p.person, `fetch(%s, { method: "POST", body: new URLSearchParams(%s) }).then(async (r) => [new URL(r.url).pathname, await r.text()])`, p.home+"/submission", form)
	if !receipt.MatchString(again[0]) || !strings.Contains(again[1], strings.TrimSpace(strings.TrimPrefix(number, "收據編號"))) {
		p.lost("the second press has another answer: " + again[0])
	}
	said := p.paper(p.fetched("下載收據（PDF）"))
	if !strings.Contains(said, p.serial) {
		p.lost("the receipt does not name " + p.serial + ": " + said)
	}
	p.visit(p.home)
	p.sees("已送件", "第 1 次送件收據")
	p.misses("第 2 次送件收據")
	p.shot("case-submitted")
	p.visit(p.home + "/form/case")
	p.sees("內容已經凍結")
	p.quiet()
}

func (w *walk) receives() {
	w.p8 = w.enter("p8")
	p := w.p8
	p.signIn("p8@example.test")
	p.visit("/desk")
	p.sees("審查收件匣")
	p.shot("desk")
	p.follow(w.p1.serial)
	w.desk = p.where()
	p.sees("收件並給掛號號碼")
	p.shot("desk-case-new")
	p.press("收件並給掛號號碼")
	p.sees("掛號號碼", "已收件")
	p.press("分文") // without an officer
	p.sees("有地方要修正")
	p.pick("承辦人", "測試壬")
	p.press("分文")
	p.sees("審查中", "測試壬")
	p.quiet()
}

func (w *walk) asks() {
	w.p9 = w.enter("p9")
	p := w.p9
	p.signIn("p9@example.test")
	p.visit("/desk?queue=mine")
	p.follow(w.p1.serial)
	p.shot("desk-case")
	p.follow("A1-01")
	p.until("the tiles", func() bool { return js[int](p, `document.querySelectorAll(".tiles__level img.here").length`) > 0 })
	w.pin()
	p.fill("意見", "樓梯淨寬未標示，請補標。")
	p.fill("依據", "建築技術規則建築設計施工編第 33 條")
	p.shot("sheet-pinned")
	p.press("新增意見")
	p.sees("樓梯淨寬未標示", "圖面位置")
	// The same by typing numbers.
	p.fill("左", "0.25")
	p.fill("上", "0.4")
	p.fill("寬", "0.1")
	p.fill("高", "0.1")
	p.fill("意見", "內部註記：比對原核准圖。")
	p.choose("", "內部註記，不送給申請人")
	p.press("新增意見")
	p.sees("內部註記：比對原核准圖", "內部註記，不會送出", "25%, 40%")
	p.shot("sheet-remarks")
	p.visit(w.desk)
	p.press("新增意見") // empty
	p.sees("有地方要修正")
	p.pick("關於哪一項", catalog.Building.Section("bulk").Name.Zh)
	p.fill("意見", "總樓地板面積與圖說不符，請更正。")
	p.press("新增意見")
	p.sees("總樓地板面積與圖說不符")
	w.check("符合")
	p.visit(w.desk)
	p.follow("預覽並送出改正通知（2 點）")
	p.sees("樓梯淨寬未標示", "總樓地板面積與圖說不符")
	p.misses("比對原核准圖")
	p.shot("notice-preview")
	p.press("送出改正通知（2 點）")
	p.sees("通知改正", "等待申請人改正")
	p.shot("desk-case-asked")
	p.quiet()
}

// pin marks a place on the sheet with the mouse: a box is drawn.
func (w *walk) pin() {
	p := w.p9
	p.click("標記位置", `named(".tiles__bar button", "標記位置")`)
	box := js[[]float64](p, `(() => { const s = document.querySelector(".tiles__stage"); s.scrollIntoView({ block: "center" }); const r = s.getBoundingClientRect(); return [r.x, r.y, r.width, r.height] })()`)
	x, y := box[0]+box[2]*0.45, box[1]+box[3]*0.45
	p.must(chromedp.Do(p.ctx,
		chromedp.MouseEvent(chromedp.MousePressed, x, y, chromedp.ButtonLeft, chromedp.ClickCount(1)),
		chromedp.MouseEvent(chromedp.MouseMoved, x+40, y+30, chromedp.ButtonLeft, held),
		chromedp.MouseEvent(chromedp.MouseMoved, x+80, y+60, chromedp.ButtonLeft, held),
		chromedp.MouseEvent(chromedp.MouseReleased, x+80, y+60, chromedp.ButtonLeft, chromedp.ClickCount(1))))
	p.until("the place in the form", func() bool { return p.value("左") != "" && p.value("寬") != "" })
}

func held(p *input.DispatchMouseEventParams) { p.Buttons = 1 }

// check gives every item of the checklist the same verdict.
func (w *walk) check(verdict string) {
	p := w.p9
	for _, k := range catalog.Building.Checks {
		p.choose("check-"+k.Key, verdict)
	}
	p.press("儲存審查項目")
	if n := js[int](p, `document.querySelectorAll("main input[name^='check-']:checked").length`); n != len(catalog.Building.Checks) {
		p.lost("not every item is judged")
	}
}

func (w *walk) corrects() {
	p := w.p1
	p.visit("/bls/notices")
	p.sees(p.serial, "法定通知")
	p.shot("notices")
	p.visit(p.home)
	p.sees("主管機關通知改正，共 2 點")
	p.shot("case-correction")
	// What the notice does not name stays closed, in words.
	p.visit(p.home + "/form/site")
	p.sees("改正通知沒有提到這一項")
	refused := js[[]string](p.person, `fetch(location.pathname, { method: "POST", body: new URLSearchParams({ revision: "1", site_other: "1.00" }) }).then(async (r) => [String(r.status), await r.text()])`)
	if refused[0][0] != '4' || !strings.Contains(refused[1], "改正通知沒有提到這一項") {
		p.lost("a change that the notice does not name: " + clip(refused[0]+" "+refused[1], 300))
	}
	p.quiet("Fetch 409", "Fetch 403")
	p.visit(p.home + "/drawings")
	p.follow("A0-01")
	p.sees("改正通知沒有提到這一項")
	// The sheet and the page that it names.
	p.visit(p.home + "/drawings")
	p.follow("A1-01")
	p.goes("the new version", func() {
		p.files("#files", p.write("A1-01_一層平面圖_v2.pdf", p.drawing("A1-01", "一層平面圖", 2, 1)))
	})
	p.until("version 2", func() bool {
		if !strings.Contains(p.text(), "第 2 版") {
			p.visit(p.where())
			return false
		}
		return true
	})
	p.shot("sheet-v2")
	p.visit(p.home + "/submission") // too early: nothing is answered
	if len(p.holds()) == 0 {
		p.lost("points without an answer do not hold the submission")
	}
	p.visit(p.home + "/form/bulk")
	p.fill("building_area", "199.50")
	p.press("儲存並回到案件")
	p.visit(p.home + "/correction")
	p.choose("第 1 點如何處理？", "已修正")
	p.choose("第 2 點如何處理？", "已修正")
	p.fill("第 2 點說明", "已依圖說更正建築面積。")
	p.shot("correction")
	p.press("儲存回復")
	p.visit(p.home + "/submission")
	if all := p.holds(); len(all) > 0 {
		p.lost("still held: " + all[0].Text)
	}
	p.choose("", "我已檢查送件內容")
	p.press("確定送件")
	p.sees("送件完成")
	p.visit(p.home)
	p.sees("復審中", "第 2 次送件收據")
	p.quiet()
}

func (w *walk) proposes() {
	p := w.p9
	p.visit(w.desk)
	p.sees("復審中", "前次改正事項與回復", "已依圖說更正建築面積")
	p.shot("desk-case-round-2")
	p.follow("與第 1 次送件比對")
	p.sees("填答異動", "建築面積", "199.50", "A1-01")
	p.shot("compare")
	p.follow("疊圖比對")
	p.sees("紅色是舊版才有的")
	if n := js[int](p, `document.querySelector("main img").naturalWidth`); n < 100 {
		p.lost("the overlay did not come")
	}
	p.shot("overlay")
	p.visit(w.desk)
	p.press("擬准陳核") // before the points are settled
	p.sees("有地方要修正")
	p.visit(w.desk)
	p.choose("第 1 點是否已改正？", "已改正")
	p.choose("第 2 點是否已改正？", "已改正")
	p.press("儲存認定")
	w.check("符合")
	p.fill("簽辦意見（選填）", "擬准予核發")
	p.press("擬准陳核")
	p.sees("陳核中", "等待主管決行")
	p.quiet()
}

func (w *walk) approves() {
	w.chief = w.enter("chief")
	p := w.chief
	p.signIn("chief@example.test")
	p.visit("/desk?queue=chief")
	p.follow(w.p1.serial)
	p.shot("desk-case-chief")
	p.fill("附帶條件及說明", "施工期間應維持鄰地排水暢通。")
	p.press("核准")
	p.sees("已核准", "造字第")
	p.shot("desk-case-issued")
	p.quiet()
}

func (w *walk) holdsLicence() {
	p := w.p1
	p.visit(p.home)
	p.sees("已核准", "造字第")
	p.shot("case-issued")
	said := p.paper(p.fetched("下載建造執照（PDF）"))
	for _, want := range []string{"測試大樓新建工程", "施工期間應維持鄰地排水暢通"} {
		if !strings.Contains(strings.Join(strings.Fields(said), ""), want) {
			p.lost("the licence does not say " + want + ": " + said)
		}
	}
	w.verify = p.verifies(said)
	p.visit(p.home + "/log")
	p.sees("已驗證無更動")
	p.shot("log")
	p.quiet()
}

var verifyPage = regexp.MustCompile(`/register/licences/[0-9a-z]{26}`)

// verifies is the page on which a licence tells its reader to verify it.
func (p *person) verifies(said string) string {
	p.t.Helper()
	at := verifyPage.FindString(strings.Join(strings.Fields(said), ""))
	if at == "" {
		p.lost("the licence does not name the page that verifies it: " + said)
	}
	return at
}

func (w *walk) public() {
	p := w.enter("nobody")
	personal := []string{"測試甲", "測試丁", "測試癸", "測試壬", "R223000041", "0900000004", "p1@example.test", "東區測試路4號"}
	p.visit("/register")
	p.pick("主管機關", "臺南市政府")
	p.fill("查詢文字", w.p1.serial)
	p.press("查詢")
	p.sees(w.p1.serial, "測試大樓新建工程")
	p.misses(personal...)
	p.shot("register")
	p.follow(w.p1.serial)
	p.sees("案件進度", "已核准")
	p.misses(personal...)
	p.shot("register-progress")
	p.visit(w.verify)
	p.sees("這張執照登記在案", "造字第")
	p.misses(personal...)
	p.shot("register-licence")
	p.quiet()
}

func (w *walk) told() {
	p := w.p1
	p.visit("/bls/notices")
	p.sees(p.serial, "核准")
	p.follow("核准")
	p.shot("notice")
	p.visit("/demo/mail?to=p1%40example.test")
	p.until("the letter about the approval", func() bool {
		if !strings.Contains(p.text(), "核准") {
			p.visit(p.where())
			return false
		}
		return true
	})
	p.sees(p.serial)
	p.shot("demo-mail")
	p.quiet()
	if dir := os.Getenv("CLOUDBM_SHOTS"); dir != "" {
		all, _ := filepath.Glob(filepath.Join(dir, "*.png"))
		w.t.Logf("%d pictures in %s", len(all), dir)
	}
}
