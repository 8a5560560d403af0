package story

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"cloudbm/sim/card"
	"cloudbm/store"
)

// TestWalkStamps: an architect places the stamp by keyboard, by mouse and by numbers, and anybody who holds the stamped
// sheet learns how it stands.
func TestWalkStamps(t *testing.T) {
	sim, component := cardSim(t)
	anchors := filepath.Join(t.TempDir(), "anchors.pem")
	if err := os.WriteFile(anchors, sim.CA.Anchors(), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("CLOUDBM_CARD_ANCHORS", anchors)
	t.Setenv("CLOUDBM_CARD_COMPONENT", component.URL)
	t.Setenv("CLOUDBM_CARD_HOSTS", strings.TrimPrefix(component.URL, "http://"))
	simulated(t)
	s := serve(t, t.TempDir(), "", "demo")
	sim.Origins = []string{s.url}
	st := open(t, s.url)
	p := st.enter("architect")
	key := func(keys string, with ...chromedp.KeyOption) {
		p.must(chromedp.Do(p.ctx, chromedp.KeyEvent(keys, with...)))
	}
	number := func(name string) string {
		return js[string](p, `document.querySelector("form[data-stamp]").elements[%s].value`, name)
	}
	at := func() [2]float64 { // of the stamp on the sheet, in millimetres from the left and from above
		return js[[2]float64](p, `(() => { const e = document.querySelector(".cb-stamp--mine"); return [Number(e.getAttribute("x")), Number(e.getAttribute("y"))] })()`)
	}
	sheet := ""

	st.scene("the architect seals", func() {
		if err := sim.Insert(card.Holders[cardOfArchitect].Number); err != nil {
			t.Fatal(err)
		}
		p.signIn("p2@example.test")
		p.visit("/bls/cards")
		p.fill("PIN 碼", card.PIN)
		p.goes("the button of the card", func() {
			p.click("the button of the card", `document.querySelector("[data-card] button[type=submit]")`)
		})
		p.sees("已註冊自然人憑證")
		p.visit("/bls/seals")
		p.follow(js[string](p, `document.querySelector("main").innerText.match(/1\d\dA1\d{4}/)[0]`))
		p.press("下一步：查看並讀卡壓章")
		p.fill("PIN 碼", card.PIN)
		p.goes("the button of the card", func() {
			p.click("the button of the card", `document.querySelector("[data-card] button[type=submit]")`)
		})
		p.sees("已壓章 ")
		p.follow("圖章位置與壓章圖")
		p.sees("圖章位置", "橫式", "您的圖章（設計人）", "預設")
		p.until("the sheet", func() bool {
			return js[bool](p, `document.querySelector("[data-stamp-sheet] image").getBBox().width > 0`)
		})
		p.shot("stamps")
	})
	st.scene("with the arrow keys", func() {
		before := at()
		for range 60 {
			if js[bool](p, `document.activeElement.classList.contains("cb-stamp--mine")`) {
				break
			}
			key(kb.Tab)
		}
		if !js[bool](p, `document.activeElement.classList.contains("cb-stamp--mine")`) {
			p.lost("the keyboard does not come to the stamp")
		}
		right := number("right")
		key(kb.ArrowLeft, chromedp.KeyModifiers(8)) // Shift
		key(kb.ArrowLeft)
		key(kb.ArrowUp)
		if got := at(); got[0] != before[0]-11 || got[1] != before[1]-1 {
			p.lost("the stamp does not follow the keys")
		}
		if number("right") == right {
			p.lost("the number does not follow the stamp")
		}
		if said := js[string](p, `document.querySelector("[data-stamp-status]").innerText`); !strings.Contains(said, "離右邊 "+number("right")) {
			p.lost("nothing is said to who does not see: " + said)
		}
		p.shot("stamps-keys")
	})
	st.scene("by mouse", func() {
		box := js[[]float64](p, `(() => { const e = document.querySelector(".cb-stamp--mine .cb-stamp__frame"); e.scrollIntoView({ block: "center" }); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()`)
		before := at()
		p.must(chromedp.Do(p.ctx,
			chromedp.MouseEvent(chromedp.MousePressed, box[0], box[1], chromedp.ButtonLeft, chromedp.ClickCount(1)),
			chromedp.MouseEvent(chromedp.MouseMoved, box[0]-60, box[1]-40, chromedp.ButtonLeft, held),
			chromedp.MouseEvent(chromedp.MouseReleased, box[0]-60, box[1]-40, chromedp.ButtonLeft, chromedp.ClickCount(1))))
		p.until("the stamp to move", func() bool { got := at(); return got[0] < before[0] && got[1] < before[1] })
	})
	st.scene("by number, and saved", func() {
		p.fill("離右邊", "9999")
		p.press("儲存位置")
		p.sees("圖章才會整個在圖上")
		if p.value("離右邊") != "9999" {
			p.lost("what was typed is gone")
		}
		p.shot("stamps-refused")
		p.fill("離右邊", "30")
		p.fill("離下邊", "120.5")
		p.press("儲存位置")
		p.sees("已儲存", "自訂", "120.5")
		p.narrow()
		p.shot("stamps-saved")
	})
	st.scene("the sheet with its stamp", func() {
		sheet = js[string](p, `document.querySelector(".cb-stamps a[href$='stamped.pdf']").getAttribute("href")`)
		p.click("the list of sheets", `document.querySelector(".cb-stamps summary")`)
		if text := p.paper(p.fetched("壓章圖（PDF）")); !strings.Contains(text, "設計人壓章") || !strings.Contains(text, "測試乙") {
			p.lost("the stamp is not on the sheet: " + text)
		}
		p.visit(strings.TrimSuffix(sheet, "/stamped.pdf"))
		p.sees("壓章圖（PDF）", "圖章位置")
		p.shot("sheet-with-link")
		p.follow("圖章位置")
		p.sees("這裡設定的位置只用在這張圖")
		p.shot("stamps-one-sheet")
		p.quiet()
	})
	st.scene("anybody scans the code", func() {
		ctx := context.Background()
		db, err := store.Open(ctx, filepath.Join(s.data, "cloudbm.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		version := strings.Split(sheet, "/")[5]
		var item, file string
		if err := db.Read(ctx, func(tx *store.Tx) error {
			return tx.Row(store.Into(&item, &file), `SELECT id, file FROM seal_items WHERE ref = $1`, version)
		}); err != nil {
			t.Fatal(err)
		}
		n := st.enter("nobody")
		n.visit("/register/sheets/" + item)
		n.sees("壓章查驗", "目前有效", "測試乙（設計人）")
		n.shot("register-sheet")
		other := filepath.Join(t.TempDir(), "other.pdf")
		if err := os.WriteFile(other, []byte("%PDF-"), 0o600); err != nil {
			t.Fatal(err)
		}
		n.files("[data-digest] input", other)
		n.sees("不是壓章的原始檔案")
		n.files("[data-digest] input", filepath.Join(s.data, "blobs", file[:2], file[2:4], file))
		n.sees("就是壓章的原始檔案")
		n.quiet()
	})
}

// stamped writes down a seal on a version of the demonstration, as if its card were at hand, and is where its code leads.
func (c *crowd) stamped(version string) string {
	c.t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(c.data, "cloudbm.db"))
	if err != nil {
		c.t.Fatal(err)
	}
	defer db.Close()
	id, seal := store.NewID(), store.NewID()
	err = db.Write(ctx, func(tx *store.Tx) error {
		version = version[strings.LastIndex(version, "/")+1:]
		if _, err := tx.Exec(`INSERT INTO seals (id, case_id, round, person, party, name, licence, permit, work, text, cms, evidence, known, known_by, known_why, kind, card, fingerprint, sealed_at)
			SELECT $1, case_id, 1, 'somebody', 'designer', '測試甲', '南市建開證字第T000101號', '', '', '', '', '', 1, '', '', '', '', '', uploaded_at FROM versions WHERE id = $2`, seal, version); err != nil {
			return err
		}
		return tx.Must(`INSERT INTO seal_items (id, seal_id, case_id, kind, ref, number, n, page, file, rendering, title, why)
			SELECT $1, $2, v.case_id, 'sheet', v.id, s.number, v.n, v.page, v.digest, '', s.title, '' FROM versions v JOIN sheets s ON s.id = v.sheet_id WHERE v.id = $3`, id, seal, version)
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return "/register/sheets/" + id
}
