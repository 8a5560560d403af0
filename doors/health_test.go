package doors_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/accounts/accountstest"
	"cloudbm/doors"
	"cloudbm/factors"
	"cloudbm/sim/health"
	"cloudbm/sso"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web/webtest"
)

const (
	mine, renewed, theirs = "000000000011", "000000000111", "000000000022"
	key                   = "the key"
)

// counter is a platform with the door of the health card, and a simulator behind it.
type counter struct {
	*accountstest.Place
	sim *health.Sim
}

func withCards(t *testing.T, db *store.DB) *counter {
	t.Helper()
	sim, err := health.New(key)
	if err != nil {
		t.Fatal(err)
	}
	at := httptest.NewServer(sim.Handler())
	t.Cleanup(at.Close)
	v, err := store.NewVault(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	db.SetVault(v)
	room := doors.Room{Card: doors.Health{Components: []string{"wss://localhost:7777/echo"}, Check: at.URL + "/verify", Key: key}}
	return &counter{accountstest.On(t, db, accounts.Mount, factors.Room{}.Mount, room.Mount, sso.Mount), sim}
}

// proof is what the script brings after speaking with the component.
type proof struct{ version, sealed, basic, signature string }

func (p proof) form() url.Values {
	return url.Values{"version": {p.version}, "sealed": {p.sealed}, "basic": {p.basic}, "signature": {p.signature}}
}

func number(t *testing.T, c *webtest.Client, at string) string {
	t.Helper()
	var said struct{ Random string }
	page := c.Post(at+"/random", nil).WantStatus(200)
	if err := json.Unmarshal(page.Body, &said); err != nil || len(said.Random) != 16 {
		t.Fatalf("%v: %s", err, page.Body)
	}
	return said.Random
}

// sign lets the card sign a number, as web/assets/health.js does.
func (p *counter) sign(card, password, random string) proof {
	p.T.Helper()
	if err := p.sim.Insert(card); err != nil {
		p.T.Fatal(err)
	}
	ask := func(command, name string) string {
		got, ok := strings.CutPrefix(p.sim.Answer(command), name+":")
		if !ok {
			p.T.Fatalf("%s: %s", command, got)
		}
		return got
	}
	out := proof{version: ask("GetVersion", "GetVersion"), sealed: ask("EnCrypt?Pwd="+password, "EnCrypt")}
	out.basic = ask("SecureGetBasicWithParam?Pwd="+out.sealed, "SecureGetBasicWithParam")
	out.signature = ask("H_Sign?Random="+out.version+random, "H_Sign")
	return out
}

const (
	signIn = "/doors/health"
	bind   = "/me/health"
)

// read reads the card with its right password and sends what comes of it.
func (p *counter) read(c *webtest.Client, at, card string) *webtest.Page {
	p.T.Helper()
	return c.Post(at, p.sign(card, health.Password, number(p.T, c, at)).form())
}

// bound is somebody signed in who has bound the card.
func (p *counter) bound(email, card string) *webtest.Client {
	p.T.Helper()
	c := p.In(email)
	p.read(c, bind, card).WantStatus(200).Want("已綁定全民健保卡 " + card[:4] + "****" + card[8:])
	return c
}

// TestHealthCard: S21, S111, S112: bind, sign in, go on to where one was going; another card replaces the first.
func TestHealthCard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := withCards(t, db)
		v := p.Visitor()
		v.Get("/").WantStatus(200).Follow("登錄 ：全民健保卡").WantStatus(200).Want("用全民健保卡登錄", "備用帳號")
		p.read(v, signIn, mine).WantStatus(422).Want("先綁定這張健保卡", "備用帳號", "我的e政府")

		p.bound("p1@example.test", mine)
		v = p.Visitor()
		form := p.sign(mine, health.Password, number(t, v, signIn)).form()
		form.Set("next", "/me/devices")
		if page := v.Post(signIn, form).WantStatus(200).Want("已用全民健保卡登錄"); page.URL != "/me/devices" {
			t.Errorf("led to %s", page.URL)
		}
		v.Get("/me/devices").Want("全民健保卡")

		p.bound("p1@example.test", renewed)
		p.read(p.Visitor(), signIn, mine).WantStatus(422).Want("先綁定這張健保卡")
		p.read(p.Visitor(), signIn, renewed).WantStatus(200).Want("測試甲")
	})
}

// TestHealthCardIsStrong: card and password are two factors: the session is whole although the person has a second step.
func TestHealthCardIsStrong(t *testing.T) {
	p := withCards(t, storetest.SQLite(t))
	p.bound("p1@example.test", mine)
	p.Do(func(tx *store.Tx) error {
		who, err := accounts.ByEmail(tx, "p1@example.test")
		return errors.Join(err, accounts.Second(tx, who.ID, true))
	})
	v := p.Visitor()
	p.read(v, signIn, mine).WantStatus(200)
	p.Do(func(tx *store.Tx) error {
		s, _, err := accounts.Present(tx, v.Cookie("__Host-session"))
		if err == nil && (!s.Strong || s.Door != accounts.Health) {
			t.Errorf("%+v", s)
		}
		return err
	})
}

// TestHealthReplay: a number is signed once, in the browser and for the purpose it was given for.
func TestHealthReplay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := withCards(t, db)
		owner := p.bound("p1@example.test", mine)
		refused := func(what string, page *webtest.Page) {
			t.Helper()
			if page.Status != 409 || !page.Has("再按一次按鈕") {
				t.Errorf("%s: %d %s", what, page.Status, page.Text())
			}
		}
		v := p.Visitor()
		random := number(t, v, signIn)
		secret, good := v.Cookie("__Host-health"), p.sign(mine, health.Password, random)
		thief := p.Visitor()
		refused("without a number", thief.Post(signIn, good.form()))
		number(t, thief, signIn)
		if page := thief.Post(signIn, good.form()); page.Status != 422 || !page.Has("用同一張卡片重新讀一次") {
			t.Errorf("with another browser's number: %d %s", page.Status, page.Text())
		}
		v.Post(signIn, good.form()).WantStatus(200).Want("已用全民健保卡登錄")
		again := p.Visitor()
		again.SetCookie("__Host-health", secret)
		refused("the same again", again.Post(signIn, good.form()))

		late := p.Visitor()
		good = p.sign(mine, health.Password, number(t, late, signIn))
		p.Now = p.Now.Add(2*time.Minute + time.Second)
		refused("too late", late.Post(signIn, good.form()))

		// What was signed to come in does not bind, and what was signed to bind does not let in.
		good = p.sign(mine, health.Password, number(t, owner, bind))
		crossed := p.Visitor()
		crossed.SetCookie("__Host-health", owner.Cookie("__Host-health"))
		refused("bound to come in", crossed.Post(signIn, good.form()))
		outside := p.Visitor()
		good = p.sign(mine, health.Password, number(t, outside, signIn))
		owner.SetCookie("__Host-health", outside.Cookie("__Host-health"))
		refused("came in to bind", owner.Post(bind, good.form()))
	})
}

// TestHealthTroubles: each thing that can be wrong has a page with a next step and another door.
func TestHealthTroubles(t *testing.T) {
	p := withCards(t, storetest.SQLite(t))
	p.bound("p1@example.test", mine)
	for card, title := range map[string]string{
		"000000000911": "先註冊這張健保卡", "000000000912": "換用有效期內的健保卡", "000000000913": "換用目前的健保卡", "000000000914": "到註冊網站恢復健保卡",
	} {
		page := p.read(p.Visitor(), signIn, card).WantStatus(422).Want(title, "接下來", "備用帳號", "我的e政府")
		if len(page.Find("a[href=https://cloudicweb.nhi.gov.tw]")) != 1 {
			t.Errorf("%s: no way to the registration site", title)
		}
	}
	v := p.Visitor()
	for i, said := range []string{"再錯 2 次會鎖住", "再錯 1 次會鎖住", "到註冊網站恢復健保卡"} {
		page := v.Post(signIn, p.sign(mine, "wrong-one", number(t, v, signIn)).form()).WantStatus(422).Want(said)
		if strings.Contains(string(page.Body), "wrong-one") {
			t.Errorf("attempt %d: the password came back", i+1)
		}
	}
	p.read(p.Visitor(), signIn, mine).WantStatus(422).Want("到註冊網站恢復健保卡")
	p.sim.Fresh()

	mixed, c := p.Visitor(), ""
	c = number(t, mixed, signIn)
	form, other := p.sign(mine, health.Password, c), p.sign(theirs, health.Password, c)
	form.signature = other.signature
	mixed.Post(signIn, form.form()).WantStatus(422).Want("用同一張卡片重新讀一次")
	for name, bad := range map[string]string{"signature": "00", "version": "1", "sealed": "pässword", "basic": strings.Repeat("A", 5000)} {
		v := p.Visitor()
		form := p.sign(mine, health.Password, number(t, v, signIn)).form()
		form.Set(name, bad)
		v.Post(signIn, form).Want("重新啟動健保卡元件")
	}
	for why, said := range map[string]string{"component": "啟動健保卡元件", "reader": "8013", "unreadable": "8011", "length": "8009", "strange": "9999", "many": "15 分鐘後再讀卡"} {
		p.Visitor().Get(signIn+"/"+why+"?next=%2Fme").WantStatus(200).Want(said, "接下來", "備用帳號", "再試一次")
	}
	p.Visitor().Get(signIn + "/nothing").WantStatus(404)
	p.Visitor().Get(signIn + "/component?lang=en").Want("Start the health card component")
}

// TestHealthBinding: a card belongs to one person, whose name it bears, and is bound after a fresh proof only.
func TestHealthBinding(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := withCards(t, db)
		p.bound("p1@example.test", mine)
		two := p.In("p2@example.test")
		p.read(two, bind, renewed).WantStatus(422).Want("用您自己的健保卡", "回使用者資訊")
		two.Get("/me").Fill("姓名", "測試甲").Submit("存檔").Want("已存檔")
		p.read(two, bind, mine).WantStatus(422).Want("用您自己的健保卡")
		p.read(p.Visitor(), signIn, mine).WantStatus(200).Want("測試甲")

		one := p.In("p1@example.test")
		one.Get(bind).WantStatus(200).Want("綁定全民健保卡", "0000****0011")
		if at := one.Get(signIn).URL; at != bind {
			t.Errorf("前往綁定 leads to %s", at)
		}
		p.Now = p.Now.Add(11 * time.Minute)
		if at := one.Stay().Get(bind).Header.Get("Location"); !strings.HasPrefix(at, "/me/confirm") {
			t.Errorf("an old proof leads to %q", at)
		}
		form := p.sign(renewed, health.Password, number(t, one, bind)).form()
		if page := one.Post(bind, form); page.Status == 200 {
			t.Error("an old proof binds")
		}
		p.read(p.Visitor(), signIn, renewed).WantStatus(422).Want("先綁定這張健保卡")
		p.Visitor().Stay().Get(bind).WantStatus(303)

		// Whoever came in by card proves by card who they are.
		card := p.Visitor()
		p.read(card, signIn, mine).WantStatus(200)
		p.Now = p.Now.Add(11 * time.Minute)
		again := card.Get(bind).Want("確認是您本人").Follow("用「全民健保卡」再登錄一次").Want("用全民健保卡登錄")
		form = p.sign(mine, health.Password, number(t, card, signIn)).form()
		form.Set("next", again.One("input[name=next]").Attr("value"))
		if page := card.Post(signIn, form); page.URL != bind {
			t.Errorf("led to %s", page.URL)
		}
		p.read(card, bind, renewed).WantStatus(200).Want("已綁定全民健保卡 0000****0111")
	})
}

// TestHealthService: whatever the verification service does instead of vouching opens nothing.
func TestHealthService(t *testing.T) {
	var answer http.HandlerFunc
	gone := make(chan struct{})
	at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) { answer(w, q) }))
	defer at.Close()
	defer close(gone)
	h := doors.Health{Check: at.URL, Key: key}
	asked := doors.Proof{Version: "0001", Random: "0123456789012345", Password: "AB", Basic: "CD", Signature: strings.Repeat("0", 256)}
	says := func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, s) }
	}
	good := `{"result":"ok","random":"0123456789012345","card":"000000000011","name":"測試甲"}`
	for what, f := range map[string]http.HandlerFunc{
		"an error": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, good, 500) },
		"a redirect": func(w http.ResponseWriter, q *http.Request) {
			http.Redirect(w, q, "/elsewhere", http.StatusTemporaryRedirect)
		},
		"nothing":         says(""),
		"garbage":         says("<html>"),
		"another number":  says(strings.Replace(good, "0123", "3210", 1)),
		"no number":       says(strings.Replace(good, `"random":"0123456789012345",`, "", 1)),
		"an unknown word": says(strings.Replace(good, `"ok"`, `"okay"`, 1)),
		"no card":         says(strings.Replace(good, "000000000011", "", 1)),
		"half a card":     says(strings.Replace(good, "000000000011", "11", 1)),
		"no name":         says(strings.Replace(good, "測試甲", "", 1)),
		"too much":        says(good + strings.Repeat(" ", 1<<20)),
		"the wrong type":  says(strings.Replace(good, `"000000000011"`, `11`, 1)),
		"a broken promise": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "500")
			_, _ = io.WriteString(w, good)
		},
	} {
		answer = f
		card, err := h.Verify(t.Context(), asked)
		var trouble *doors.Trouble
		if !errors.As(err, &trouble) || trouble.Why != "service" || card.Number != "" {
			t.Errorf("%s: %v, %v", what, card, err)
		}
	}
	answer = says(good)
	if card, err := h.Verify(t.Context(), asked); err != nil || card != (doors.HealthCard{Number: "000000000011", Name: "測試甲"}) {
		t.Errorf("a good answer: %v, %v", card, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	answer = func(http.ResponseWriter, *http.Request) { cancel(); <-gone }
	if _, err := h.Verify(ctx, asked); err == nil {
		t.Error("a service that does not answer vouches")
	}
	at.CloseClientConnections()
	h.Check = "http://127.0.0.1:1/"
	if _, err := h.Verify(t.Context(), asked); err == nil {
		t.Error("no service vouches")
	}
}

// TestHealthServiceDown: the page says that the service is down and names the other doors; nobody comes in.
func TestHealthServiceDown(t *testing.T) {
	p := withCards(t, storetest.SQLite(t))
	p.bound("p1@example.test", mine)
	p.sim.Fail(health.ServiceOff)
	v := p.Visitor()
	p.read(v, signIn, mine).WantStatus(503).Want("健保卡驗證服務暫時連不上", "備用帳號", "我的e政府")
	if at := v.Get("/me").URL; at == "/me" {
		t.Error("somebody came in")
	}
}

// TestHealthPage: S22: the component may be connected to from this page alone, the password has no name to be sent under, and
// without script the page says which doors work.
func TestHealthPage(t *testing.T) {
	p := withCards(t, storetest.SQLite(t))
	v := p.Visitor()
	page := v.Get(signIn+"?next=%2Fme%2Fdevices").WantStatus(200).Want("想使用健保卡登錄", "「備用帳號」和「我的e政府」不需要指令碼")
	if csp := page.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "connect-src 'self' wss://localhost:7777/echo;") {
		t.Error(csp)
	}
	if page.One("#card-password").Has("name") {
		t.Error("the password would be sent")
	}
	if !page.One("form[data-health]").Has("hidden") {
		t.Error("without script the form is shown")
	}
	for _, at := range []string{"/", "/signin", signIn + "/reader"} {
		if csp := v.Get(at).Header.Get("Content-Security-Policy"); strings.Contains(csp, "7777") {
			t.Errorf("%s: %s", at, csp)
		}
	}
	q := v.Do(http.MethodPost, signIn+"/random", nil, http.Header{"Origin": {"https://elsewhere.example"}, "Sec-Fetch-Site": {"cross-site"}})
	if q.Status != http.StatusForbidden {
		t.Errorf("another site gets a number: %d", q.Status)
	}
	later := accountstest.Open(t, accounts.Mount, doors.Room{}.Mount, sso.Mount)
	later.Visitor().Get(signIn).WantStatus(200).Want("還沒有開放")
	later.Visitor().Post(signIn, proof{}.form()).WantStatus(503)
}

// FuzzHealthAnswer: no answer of a verification service makes a card that was not vouched for.
func FuzzHealthAnswer(f *testing.F) {
	for _, s := range []string{`{"result":"ok","random":"%s","card":"000000000011","name":"測試甲"}`, `{"result":"password","left":2,"random":"%s"}`, `{}`, `[]`, `{"result":"ok","random":"%s","card":"0","name":""}`} {
		f.Add(s)
	}
	var answer string
	at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) }))
	f.Cleanup(at.Close)
	h := doors.Health{Check: at.URL}
	f.Fuzz(func(t *testing.T, s string) {
		answer = strings.ReplaceAll(s, "%s", "0123456789012345")
		card, err := h.Verify(t.Context(), doors.Proof{Random: "0123456789012345"})
		if err != nil {
			var trouble *doors.Trouble
			if !errors.As(err, &trouble) || card != (doors.HealthCard{}) {
				t.Errorf("%q: %v, %v", answer, card, err)
			}
			return
		}
		if !strings.Contains(answer, `0123456789012345`) || len(card.Number) != 12 || card.Name == "" {
			t.Errorf("%q vouches for %s", answer, fmt.Sprint(card))
		}
	})
}
