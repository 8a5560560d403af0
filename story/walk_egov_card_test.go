package story

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloudbm/sim/card"
)

// TestWalkEGovCardTroubles: at the stand-in, a wrong PIN and then the right one; a locked card, an expired one, one before
// its time, and another person's, each said in words with another way in beside it (S33–S36, S39, S41, S113).
func TestWalkEGovCardTroubles(t *testing.T) {
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
	insert := func(n int) {
		if err := sim.Insert(card.Holders[n].Number); err != nil {
			p.lost(err.Error())
		}
	}
	puts := func(pin string, sees ...string) {
		p.t.Helper()
		p.fill("PIN：", pin)
		p.goes("the button of the card", func() {
			p.click("the button of the card", `document.querySelector("[data-card] button[type=submit]")`)
		})
		p.sees(sees...)
	}
	st.scene("another person's card binds to nobody else", func() {
		p.signInEGov("test01")
		p.visit("/egov/card?for=bind")
		insert(1)
		puts(card.PIN, "用您自己的自然人憑證：這張是測試乙的，帳號是測試甲的")
		p.shot("egov-card-another")
		insert(0)
		puts(card.PIN, "憑證已綁定", card.Holders[0].Number)
	})
	st.scene("two wrong PINs, then the right one", func() {
		p = st.enter("holder, signing in")
		p.visit("/egov/card")
		puts("135790", "還可以試 2 次", "帳號登入")
		puts("135791", "只剩 1 次機會", "帳號登入")
		p.shot("egov-card-one-left")
		puts(card.PIN, "會員中心", "這次登入方式 憑證")
	})
	st.scene("another person's card signs nobody in", func() {
		p = st.enter("another person")
		p.visit("/egov/card")
		insert(1)
		puts(card.PIN, "還沒有綁定任何帳號", "會員登入")
		p.misses("這次登入方式")
	})
	st.scene("another person's card enables no account", func() {
		p.visit("/egov/card?for=enable")
		p.fill("帳號", "test03")
		puts(card.PIN, "用這個帳號本人的自然人憑證")
		if got := p.value("帳號"); got != "test03" {
			p.lost("the account that was typed is gone: " + got)
		}
	})
	st.scene("cards past their time and before it", func() {
		p.visit("/egov/card")
		insert(14)
		puts(card.PIN, "這張已經過期", "帳號登入")
		insert(16)
		puts(card.PIN, "等憑證生效後再使用", "帳號登入")
	})
	st.scene("locked", func() {
		insert(0)
		for _, pin := range []string{"135790", "135791", "135792"} {
			puts(pin)
		}
		p.sees("先把卡片解鎖", "PIN 碼解鎖", "帳號登入")
		p.shot("egov-card-locked")
		puts(card.PIN, "先把卡片解鎖")
		p.narrow()
		p.noBarrier()
		p.follow("原因與處理步驟")
		p.sees("CRD10113", "先把卡片解鎖")
		p.quiet()
	})
}
