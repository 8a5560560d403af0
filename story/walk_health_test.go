package story

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"cloudbm/sim/health"
)

// TestWalkHealthCard binds a health card in Chromium and signs in with it, with the mistakes people make and everything
// that reader, card, component and verification service can do wrong (S21, S22, S111, S112).
func TestWalkHealthCard(t *testing.T) {
	sim, err := health.New("the key")
	if err != nil {
		t.Fatal(err)
	}
	component := httptest.NewServer(sim.Handler())
	defer component.Close()
	host := strings.TrimPrefix(component.URL, "http://")
	t.Setenv("CLOUDBM_HEALTH_COMPONENT", "ws://"+freeAddress(t)+"/echo,ws://"+host+"/echo") // at the first there is none
	t.Setenv("CLOUDBM_HEALTH_CHECK", component.URL+"/verify")
	t.Setenv("CLOUDBM_HEALTH_KEY", "the key")
	s := serve(t, t.TempDir(), "", "demo")
	sim.Origins = []string{s.url}
	w := &cardWalk{stage: open(t, s.url), sim: sim}
	w.scene("bind, with a wrong password first", w.binds)
	w.scene("sign in, with a short and a wrong password first", w.signsIn)
	w.scene("by keyboard alone, in English", w.byKeyboard)
	w.scene("another person's card", w.othersCard)
	w.scene("a card that is not bound", w.unboundCard)
	w.scene("everything that can be wrong", w.troubles)
	w.scene("without script", w.plain)
	component.CloseClientConnections()
	component.Close()
	w.scene("no component", w.noComponent)
}

type cardWalk struct {
	*stage
	sim *health.Sim
}

// beside are what the browser says of the address without a component.
const beside = "WebSocket connection to"

func (w *cardWalk) insert(number string) {
	w.t.Helper()
	if err := w.sim.Insert(number); err != nil {
		w.t.Fatal(err)
	}
}

// reads types the card's password and has the card read.
func (p *person) reads(button, password string) {
	p.t.Helper()
	p.fill("健保卡密碼", password)
	p.press(button)
}

func (w *cardWalk) binds() {
	p := w.enter("p1")
	p.signIn("p1@example.test")
	p.visit("/me")
	p.sees("登錄方式", "全民健保卡", "未綁定")
	p.follow("前往綁定 全民健保卡")
	p.sees("綁定全民健保卡", "這個網站讀不到")
	p.shot("health-bind")
	p.reads("讀卡並綁定", "wrong-one")
	p.sees("有地方要修正", "再錯 2 次會鎖住")
	if v := js[string](p, `document.querySelector("#card-password").value`); v != "" {
		p.lost("the password came back: " + v)
	}
	p.shot("health-wrong-password")
	p.reads("讀卡並綁定", health.Password)
	p.sees("已綁定全民健保卡 0000****0011")
	p.quiet(beside)
}

func (w *cardWalk) signsIn() {
	p := w.enter("card")
	p.visit("/bls/cases")
	p.follow("登錄 ：全民健保卡")
	p.sees("用全民健保卡登錄")
	p.shot("health-signin")
	p.fill("健保卡密碼", "short")
	p.push("讀卡並登錄")
	p.sees("輸入 6 到 12 個字的健保卡密碼")
	if !js[bool](p, `document.activeElement.id === "card-password"`) {
		p.lost("the field that is wrong has no focus")
	}
	p.shot("health-short-password")
	p.reads("讀卡並登錄", "wrong-one")
	p.sees("再錯 2 次會鎖住")
	p.reads("讀卡並登錄", health.Password)
	p.sees("已用全民健保卡登錄", "測試甲")
	if p.where() != "/bls/cases" {
		p.lost("where one was going is forgotten")
	}
	p.quiet(beside)
}

func (w *cardWalk) byKeyboard() {
	p := w.enter("keys")
	p.visit("/doors/health?lang=en")
	key := func(k string) { p.must(chromedp.Do(p.ctx, chromedp.KeyEvent(k))) }
	for n := 0; !js[bool](p, `document.activeElement.id === "card-password"`); n++ {
		if n > 60 {
			p.lost("the keyboard does not reach the password")
		}
		key("\t")
	}
	_, err := chromedp.Call(p.ctx, input.InsertText, input.InsertTextParams{Text: health.Password})
	p.must(err)
	p.goes("Enter", func() { key("\r") })
	p.sees("You have signed in with your health card")
	p.visit("/help?lang=zh")
	p.quiet(beside)
}

func (w *cardWalk) othersCard() {
	w.insert("000000000022")
	p := w.enter("p3")
	p.signIn("p3@example.test")
	p.visit("/me/health")
	p.reads("讀卡並綁定", health.Password)
	p.sees("用您自己的健保卡", "回使用者資訊")
	p.shot("health-others")
	p.quiet(beside)
}

func (w *cardWalk) unboundCard() {
	p := w.enter("unbound")
	p.visit("/doors/health")
	p.reads("讀卡並登錄", health.Password)
	p.sees("先綁定這張健保卡", "前往綁定", "備用帳號")
	p.shot("health-unbound")
	w.insert("000000000011")
	p.quiet(beside)
}

func (w *cardWalk) troubles() {
	p := w.enter("trouble")
	for fault, title := range map[health.Fault]string{
		health.NoReader: "接上讀卡機，插入健保卡", health.NoCard: "接上讀卡機，插入健保卡", health.Unreadable: "重新插入健保卡",
		health.Broken: "重新啟動健保卡元件", health.Silent: "重新啟動健保卡元件", health.ServiceOff: "健保卡驗證服務暫時連不上",
	} {
		w.sim.Fail(fault)
		p.visit("/doors/health")
		p.reads("讀卡並登錄", health.Password)
		p.sees(title, "接下來", "備用帳號", "我的e政府")
		p.shot("health-" + string(fault))
		w.sim.Fail(health.None)
		p.follow("再試一次")
		p.sees("用全民健保卡登錄")
	}
	for card, title := range map[string]string{
		"000000000911": "先註冊這張健保卡", "000000000912": "換用有效期內的健保卡", "000000000913": "換用目前的健保卡", "000000000914": "到註冊網站恢復健保卡",
	} {
		w.insert(card)
		p.visit("/doors/health")
		p.reads("讀卡並登錄", health.Password)
		p.sees(title, "健保卡網路服務註冊網站", "備用帳號")
		p.shot("health-" + card)
	}
	w.insert("000000000011")
	p.quiet(beside)
}

func (w *cardWalk) plain() {
	p := w.enterWith("plain", false)
	p.visit("/doors/health?next=%2Fbls%2Fcases")
	p.sees("指令碼沒有執行", "「備用帳號」和「我的e政府」不需要指令碼")
	p.misses("讀卡並登錄")
	p.follow("想使用健保卡登錄")
	p.sees("讀卡機", "健保卡元件，裝在您的電腦上", "先綁定", "健保卡網路服務註冊網站")
	p.visit("/doors/health?next=%2Fbls%2Fcases")
	p.follow("備用帳號")
	p.sees("備用帳號登錄")
	p.quiet()
}

func (w *cardWalk) noComponent() {
	p := w.enter("alone")
	p.visit("/doors/health")
	p.reads("讀卡並登錄", health.Password)
	p.sees("啟動健保卡元件", "備用帳號")
	p.shot("health-component")
	p.quiet(beside)
}
