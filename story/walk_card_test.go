package story

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"

	"cloudbm/fault"
	"cloudbm/pki"
	"cloudbm/say"
	"cloudbm/sim/card"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web"
	"cloudbm/web/parts"
)

// cardSim is the card component with its authorities, or the end of the test where SoftHSM is not installed.
func cardSim(t *testing.T) (sim *card.Sim, server *httptest.Server) {
	t.Helper()
	var h http.Handler
	var once sync.Once
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		once.Do(func() { h = sim.Handler() })
		h.ServeHTTP(w, q)
	}))
	t.Cleanup(server.Close)
	var err error
	sim, err = card.New(t.TempDir(), server.URL, time.Now)
	if errors.Is(err, card.ErrNoSoftHSM) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return sim, server
}

// cardPage is a page at which a card signs, as a room makes one.
type cardPage struct {
	room  *pki.Room
	posts []string // what has been posted
}

func (p *cardPage) mount(s *web.Site) {
	pki.Doors{Others: []pki.Link{{Text: say.T("備用帳號", "Backup account"), URL: "/card/trouble"}}}.Mount(s)
	s.Handle("GET /try", web.Anyone, func(r *web.Request) error { return p.draw(r, nil) })
	s.Handle("POST /try", web.Anyone, func(r *web.Request) error {
		p.posts = append(p.posts, r.Request.PostForm.Encode())
		signed, err := p.room.Answered(r.Context(), pki.SignIn, "", pki.Read(r), pki.Citizen)
		if err != nil {
			return p.draw(r, err)
		}
		t := say.F("已驗證 %s %s，卡號 %s", "Verified %s %s, card %s", say.Same(signed.Name), say.Same(signed.Last4), say.Same(signed.CardNumber))
		return r.Draw(web.Page{Title: t}, parts.Heading(t, say.Text{}))
	})
}

func (p *cardPage) draw(r *web.Request, err error) error {
	t := say.T("憑證登入", "Sign in with a card")
	page := web.Page{Title: t, Scripts: []string{pki.Script}}
	var refused *pki.Refusal
	if f, ok := fault.As(err); ok {
		page.Fault = f
	} else if err != nil {
		return err
	}
	errors.As(err, &refused)
	var c pki.Challenge
	if err := r.Do(func(tx *store.Tx) (err error) {
		c, err = p.room.Ask(tx, pki.SignIn, "", 5*time.Minute)
		return err
	}); err != nil {
		return err
	}
	others := []pki.Link{{Text: say.T("備用帳號", "Backup account"), URL: "/card/trouble"}}
	return r.Draw(page, templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		signer := pki.Signer(pki.Sign{Room: p.room, Challenge: c, Button: say.T("登入", "Sign in"), Others: others})
		all := []templ.Component{parts.ErrorSummary(page.Fault), parts.Heading(t, say.Text{})}
		if refused != nil {
			all = append(all, pki.Help(refused.Trouble, nil))
		}
		all = append(all, templ.Raw(`<form method="post" action="/try" novalidate>`), signer, templ.Raw(`</form>`))
		for _, c := range all {
			if err := c.Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	}))
}

// TestWalkCard signs with cards in Chromium through the component's window, and makes every failure of browser,
// component, reader and card happen (S33–S36).
func TestWalkCard(t *testing.T) {
	sim, component := cardSim(t)
	a := &pki.Anchors{}
	if err := a.Add(sim.CA.Anchors()); err != nil {
		t.Fatal(err)
	}
	db := storetest.SQLite(t)
	page := &cardPage{room: &pki.Room{DB: db, Anchors: a, Hosts: []string{strings.TrimPrefix(component.URL, "http://")}, Component: component.URL}}
	site := web.NewSite(db, nil)
	page.mount(site)
	server := httptest.NewServer(site.Handler())
	t.Cleanup(server.Close)
	page.room.Site, sim.Origins = server.URL, []string{server.URL}

	s := open(t, server.URL)
	p := s.enter("card")
	signs := func(pin string, sees ...string) {
		p.t.Helper()
		p.visit("/try")
		p.fill("PIN 碼", pin)
		p.press("登入")
		p.sees(sees...)
		if at := strings.Join(page.posts, "&"); pin != "" && strings.Contains(at, pin) {
			p.lost("the PIN was posted")
		}
	}
	insert := func(n int) {
		if err := sim.Insert(card.Holders[n].Number); err != nil {
			p.lost(err.Error())
		}
	}
	s.scene("a card signs", func() {
		p.visit("/try")
		p.sees("請插入您的憑證並輸入PIN碼(6-8碼)", "請務必安裝最新版本HICOS元件", "若忘記PIN碼或鎖卡", "[協助測試]", "備用帳號")
		p.shot("card")
		signs(card.PIN, "已驗證 測試甲 0011，卡號 TP01000000000011")
		insert(1)
		signs(card.PIN, "已驗證 測試乙 0022")
		p.visit("/try?lang=en")
		p.shot("card-english")
		if zh := p.chineseAlone(); len(zh) > 0 {
			p.t.Errorf("the English page says in Chinese: %v", zh)
		}
		p.visit("/try?lang=zh")
		p.quiet()
	})
	s.scene("a PIN of another length is not sent", func() {
		p.visit("/try")
		p.fill("PIN 碼", "12345")
		p.push("登入")
		p.sees("錯誤： 輸入 6 到 8 位數字的 PIN 碼")
		if !js[bool](p, `document.activeElement.id === "card-pin"`) {
			p.lost("the field that is wrong has no focus")
		}
		p.shot("card-short")
	})
	s.scene("wrong PINs", func() {
		signs("111111", "還可以試 2 次", "備用帳號")
		if v := js[string](p, `document.querySelector("#card-pin").value`); v != "" {
			p.lost("the PIN came back: " + v)
		}
		p.shot("card-two-left")
		signs("111111", "只剩 1 次機會")
		signs("111111", "先把卡片解鎖", "PIN 碼解鎖")
		signs(card.PIN, "先把卡片解鎖")
		sim.Unlock()
		insert(0)
	})
	s.scene("cards that do not count", func() {
		for n, sees := range map[int]string{10: "換成這裡要用的那一種憑證", 14: "這張已經過期", 15: "這張已經廢止或停用", 16: "等憑證生效後再使用"} {
			insert(n)
			signs(card.PIN, sees)
		}
		insert(0)
	})
	s.scene("reader and component", func() {
		for state, sees := range map[card.State]string{card.NoReader: "接上讀卡機", card.NoCard: "把憑證卡插入讀卡機", card.Cancelled: "要繼續時，再輸入 PIN 碼",
			card.Busy: "關閉其他正在讀卡的程式", card.NoLibrary: "重新安裝 HiCOS", card.Unreadable: "把卡片重新插入", card.Silent: "安裝或啟動跨平臺網頁元件"} {
			sim.Set(state)
			signs(card.PIN, sees, "備用帳號")
		}
		sim.Set(card.Fine)
		sim.Origins = nil
		signs(card.PIN, "加入元件的信任清單")
		sim.Origins = []string{server.URL}
	})
	s.scene("no component", func() {
		page.room.Component = "http://" + freeAddress(t)
		signs(card.PIN, "安裝或啟動跨平臺網頁元件", "3.5 秒")
		p.shot("card-no-component")
		page.room.Component = component.URL
	})
	s.scene("pop-ups blocked", func() {
		p.visit("/try")
		js[bool](p, `(window.open = () => null, true)`)
		p.fill("PIN 碼", card.PIN)
		p.press("登入")
		p.sees("允許這個網站的彈出視窗")
	})
	s.scene("another window speaks", func() {
		sim.Set(card.Silent)
		p.visit("/try")
		p.fill("PIN 碼", card.PIN)
		p.push("登入")
		js[bool](p, `(window.postMessage('{"func":"getTbs"}', "*"), window.postMessage('{"func":"sign","ret_code":0}', "*"), true)`)
		p.sees("安裝或啟動跨平臺網頁元件")
		sim.Set(card.Fine)
	})
	s.scene("the way out", func() {
		p.follow("原因與處理步驟")
		p.sees("安裝或啟動跨平臺網頁元件", "備用帳號", "CRD10103")
		p.shot("card-trouble")
		p.follow("所有讀卡問題")
		p.shot("card-troubles")
	})
	s.scene("without script", func() {
		q := s.enterWith("plain", false)
		q.visit("/try")
		q.sees("讀卡需要瀏覽器執行指令碼", "備用帳號")
		if js[bool](q, `!!document.querySelector("#card-pin").getClientRects().length`) {
			q.lost("a field that cannot work is shown")
		}
	})
}

// TestWalkSelfTest has the self-test look at component, reader and card (S127, S130): from a click only.
func TestWalkSelfTest(t *testing.T) {
	sim, component := cardSim(t)
	anchors := filepath.Join(t.TempDir(), "anchors.pem")
	if err := os.WriteFile(anchors, sim.CA.Anchors(), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("CLOUDBM_CARD_ANCHORS", anchors)
	t.Setenv("CLOUDBM_CARD_COMPONENT", component.URL)
	s := serve(t, t.TempDir(), "", "demo")
	sim.Origins = []string{s.url}
	stage := open(t, s.url)
	p := stage.enter("selftest")
	test := func(sees ...string) {
		p.t.Helper()
		p.visit("/bls/selftest")
		p.sees("憑證元件 之後才需要")
		p.push("測試元件、讀卡機與卡片")
		p.sees(sees...)
		p.sees("複製這些文字")
	}
	stage.scene("all is well", func() {
		test("憑證元件 符合 版本 "+card.Version, "讀卡機 符合 cloudbm Simulated Reader 00 00", "憑證卡 符合 自然人憑證，有效到 ", "彈出視窗 符合")
		if report := js[string](p, `document.querySelector("#report").value`); !strings.Contains(report, "憑證元件: 符合 版本 "+card.Version) || strings.Contains(report, "測試甲") || strings.Contains(report, card.Holders[0].Number) {
			p.lost("the report: " + report)
		}
		p.shot("selftest")
	})
	stage.scene("each thing amiss", func() {
		for state, sees := range map[card.State]string{card.NoReader: "讀卡機 需要處理 接上讀卡機", card.NoCard: "憑證卡 需要處理 把憑證卡插入讀卡機",
			card.Silent: "憑證元件 需要處理 安裝或啟動跨平臺網頁元件", card.NoLibrary: "憑證元件 需要處理 重新安裝 HiCOS"} {
			sim.Set(state)
			test(sees)
		}
		p.shot("selftest-amiss")
		p.follow("處理步驟")
		sim.Set(card.Fine)
		if err := sim.Insert(card.Holders[14].Number); err != nil {
			t.Fatal(err)
		}
		test("憑證卡 需要處理 申請新的憑證：這張已經過期")
		p.quiet()
	})
}
