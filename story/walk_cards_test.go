package story

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloudbm/sim/card"
)

// TestWalkCards: S142–S146. An architect registers cards in Chromium, with every mistake that cards allow; a typed number
// stays unverified until the card is read; a card is removed after proving who one is.
func TestWalkCards(t *testing.T) {
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
	p := st.enter("architect")
	insert := func(n int) {
		if err := sim.Insert(card.Holders[n].Number); err != nil {
			p.lost(err.Error())
		}
	}
	signs := func(pin string, sees ...string) {
		p.t.Helper()
		p.fill("PIN 碼", pin)
		p.goes("the button of the card", func() {
			p.click("the button of the card", `document.querySelector("[data-card] button[type=submit]")`)
		})
		p.sees(sees...)
	}
	st.scene("the page", func() {
		p.signIn("p1@example.test")
		p.visit("/bls/cards")
		p.sees("憑證註冊作業", "選註冊的憑證", "憑證類別", "憑證序號", "自然人憑證", "工商憑證", "組織及團體憑證", "憑證序號是卡片上的條碼序號", "儲存")
		p.noBarrier()
		p.shot("cards-empty")
	})
	st.scene("typed", func() {
		p.press("儲存")
		p.sees("填寫憑證序號，或讀卡註冊")
		p.fill("第 1 列，自然人憑證的憑證序號", "3a5f00c19b2d4e6f8a7b6c5d4e3f2a1b")
		p.press("儲存")
		p.sees("這看起來是憑證本身的序號，不是卡號")
		p.noBarrier()
		p.shot("cards-serial")
		p.fill("第 1 列，自然人憑證的憑證序號", "tp o1oo oooo oooo 11")
		p.press("儲存")
		p.sees("已儲存", "TP01000000000011", "未驗證")
	})
	st.scene("cards that do not serve", func() {
		insert(1)
		signs(card.PIN, "用您本人的自然人憑證：這張是測試乙的，您的帳號是測試甲")
		p.shot("cards-another")
		insert(13)
		signs(card.PIN, "換成這裡要用的那一種憑證")
		insert(14)
		signs(card.PIN, "這張已經過期")
		insert(15)
		signs(card.PIN, "這張已經廢止或停用")
		insert(0)
		signs("135790", "還可以試 2 次")
		signs("135790", "只剩 1 次機會")
		signs("135790", "先把卡片解鎖")
		sim.Unlock()
		js[bool](p, `(window.open = () => null, true)`)
		p.fill("PIN 碼", card.PIN)
		p.goes("the button of the card", func() {
			p.click("the button of the card", `document.querySelector("[data-card] button[type=submit]")`)
		})
		p.sees("允許這個網站的彈出視窗")
		sim.Set(card.Silent)
		signs(card.PIN, "安裝或啟動跨平臺網頁元件")
		sim.Set(card.Fine)
	})
	st.scene("read", func() {
		signs(card.PIN, "已驗證並註冊自然人憑證 TP01000000000011", "已驗證", "測試甲", "以前註冊的憑證（1）")
		p.misses("填寫；讀卡一次即驗證")
		p.noBarrier()
		p.shot("cards-read")
	})
	st.scene("removed", func() {
		p.press("移除 TP01000000000011")
		p.sees("已移除自然人憑證 TP01000000000011；以前用它壓的章仍然有效")
		p.misses("已註冊的憑證")
		p.quiet()
	})
}
