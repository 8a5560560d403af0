package story

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloudbm/sim/card"
)

// holders are the cards of the people of the walk, by their place in card.Holders.
const (
	cardOfArchitect = 1 // 測試乙
	cardOfEngineer  = 4 // 測試戊
	cardExpired     = 14
	cardRevoked     = 15
)

// TestWalkSeals: an engineer and an architect seal a case of the demonstration with their cards in Chromium, with every
// mistake that cards allow; what is replaced is not sealed any more (S202–S209).
func TestWalkSeals(t *testing.T) {
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
	insert := func(p *person, n int) {
		if err := sim.Insert(card.Holders[n].Number); err != nil {
			p.lost(err.Error())
		}
	}
	signs := func(p *person, pin string, sees ...string) {
		p.t.Helper()
		p.fill("PIN 碼", pin)
		p.goes("the button of the card", func() {
			p.click("the button of the card", `document.querySelector("[data-card] button[type=submit]")`)
		})
		p.sees(sees...)
	}
	// failures are what a card, a reader or a browser does wrong while somebody seals; each says what to do and asks again.
	failures := func(p *person, another int, sees string) {
		insert(p, another)
		signs(p, card.PIN, sees)
		p.shot("seals-another")
		insert(p, cardExpired)
		signs(p, card.PIN, "這張已經過期")
		insert(p, cardRevoked)
		signs(p, card.PIN, "這張已經廢止或停用")
		js[bool](p, `(window.open = () => null, true)`)
		signs(p, card.PIN, "允許這個網站的彈出視窗")
		sim.Set(card.Silent)
		signs(p, card.PIN, "安裝或啟動跨平臺網頁元件")
		p.shot("seals-no-component")
		sim.Set(card.Fine)
		insert(p, another)
		signs(p, "135790", "還可以試 2 次")
		signs(p, "135790", "只剩 1 次機會")
		signs(p, "135790", "先把卡片解鎖")
		sim.Unlock()
	}
	serial := func(p *person) string {
		return js[string](p, `document.querySelector("main").innerText.match(/1\d\dA1\d{4}/)[0]`)
	}
	registers := func(p *person) {
		p.visit("/bls/cards")
		signs(p, card.PIN, "已註冊自然人憑證", "已驗證")
	}
	p := st.enter("engineer")
	st.scene("the engineer finds what waits", func() {
		p.signIn("p5@example.test")
		p.visit("/bls/seals")
		p.sees("等您壓章的案件", "試驗辦公大樓新建工程")
		p.shot("seals-waiting")
		p.follow(serial(p))
		p.sees("簽證技師基本資料", "執業執照號碼", "技執字第00123號", "內政部許可文號", "案件主管機關", "案件序號", "案件狀態", "建築物名稱",
			"由您以簽證技師身分壓章", "S1-01", "申請書列印 A11-1")
		p.misses("由您以設計人身分壓章")
		if js[bool](p, `[...document.querySelectorAll("input[name=pick]")].some((i) => i.labels[0].innerText.startsWith("A"))`) {
			p.lost("an engineer is offered the architect's sheets")
		}
		star := func(what string) {
			p.goes(what, func() { p.click("★", `document.querySelector(".star__button")`) })
			p.sees("簽證技師基本資料")
		}
		star("a favourite")
		if js[string](p, `document.querySelector(".govuk-breadcrumbs").innerText`) == "" || !js[bool](p, `document.querySelector(".star__button").innerText.includes("★")`) {
			p.lost("建造執照申請 has no star")
		}
		here := p.where()
		p.visit("/bls")
		p.sees("常用功能 ★", "建造執照申請")
		p.visit(here)
		star("no favourite any more")
		if !js[bool](p, `document.querySelector(".star__button").innerText.includes("☆")`) {
			p.lost("the star stays")
		}
		p.noBarrier()
		p.shot("seals-engineer")
	})
	st.scene("nothing ticked", func() {
		p.push("全部不選")
		p.press("下一步：查看並讀卡壓章")
		p.sees("勾選要壓章的項目")
		p.push("全選")
		p.press("下一步：查看並讀卡壓章")
		p.sees("您要壓章的內容", "S1-01", "卡片實際簽署的文字")
		p.until("the pictures", func() bool {
			return js[bool](p, `[...document.querySelectorAll(".seals__picture")].every(i => (i.scrollIntoView(), i.complete && i.naturalWidth > 500))`)
		})
		p.noBarrier()
		p.shot("seals-sign")
	})
	st.scene("cards that do not serve", func() {
		failures(p, cardOfArchitect, "用您本人的自然人憑證：這張是測試乙的，案件列名的是測試戊")
		insert(p, cardOfEngineer)
	})
	st.scene("a card that is not registered", func() {
		signs(p, card.PIN, "先註冊這張憑證，再用它壓章")
		registers(p)
		p.visit("/bls/seals")
		p.follow(serial(p))
		p.press("下一步：查看並讀卡壓章")
	})
	st.scene("one PIN seals everything", func() {
		signs(p, card.PIN, "已壓章 ", "已壓章", "測試戊", "完成")
		p.misses("先把卡片解鎖")
		p.shot("seals-done")
		p.visit("/bls/seals")
		p.sees("目前沒有案件等您壓章", "我壓過的章")
		p.follow(serial(p))
		p.sees("壓章內容", "技執字第00123號", "卡片簽署的文字", "openssl cms -verify", "有效")
		p.noBarrier()
		p.shot("seals-one")
		if text := string(p.fetched("簽署的文字")); !strings.HasPrefix(text, "cloudbm seal 1\n") || !strings.Contains(text, "\n簽章人 signer: 測試戊\n") {
			p.lost("the text: " + text)
		}
		p.quiet()
	})
	a := st.enter("architect")
	at := ""
	st.scene("the architect, with the wrong cards", func() {
		insert(a, cardOfArchitect)
		a.signIn("p2@example.test")
		registers(a)
		a.visit("/bls/seals")
		a.follow(serial(a))
		at = a.where()
		a.sees("由您以設計人身分壓章", "申請書全部填答", "A1-01", "測試戊", "測試己")
		a.press("下一步：查看並讀卡壓章")
		a.shot("seals-architect")
		failures(a, cardOfEngineer, "用您本人的自然人憑證：這張是測試戊的，案件列名的是測試乙")
		insert(a, cardOfArchitect)
	})
	st.scene("the architect seals the case and his sheets", func() {
		signs(a, card.PIN, "已壓章 ")
		a.wide(390)
		a.narrow()
		a.shot("seals-narrow")
		a.wide(1280)
	})
	st.scene("a sheet is replaced, and is not sealed any more", func() {
		a.visit(strings.TrimSuffix(at, "/seals") + "/drawings")
		w := &applicant{person: a, home: strings.TrimSuffix(at, "/seals"), folder: t.TempDir()}
		a.follow("A1-01")
		a.goes("the new version", func() { a.files("#files", w.write("v2.pdf", w.drawing("A1-01", "平面圖", 9, 1))) })
		a.until("the void seal", func() bool {
			a.visit(at)
			return strings.Contains(a.text(), "壓章已失效 這張圖或文件已更換或移除")
		})
		a.sees("已勾選 1 項", "要重新壓章")
		a.shot("seals-void")
		a.press("下一步：查看並讀卡壓章")
		signs(a, card.PIN, "已壓章 1 項", "完成")
		a.quiet()
	})
}
