package egov_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"cloudbm/egov"
	"cloudbm/store"
	"cloudbm/web/webtest"
)

const verifier = "a verifier of forty-three characters or more, said once"

// authorize is where the platform sends somebody to sign in.
func authorize(more url.Values) string {
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{"client_id": {"cloudbm"}, "redirect_uri": {"https://cloudbm.test/back"}, "response_type": {"code"},
		"scope": {"openid profile email national_id"}, "state": {"s"}, "nonce": {"n"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}}
	for k, v := range more {
		q[k] = v
	}
	return "/egov/authorize?" + q.Encode()
}

// learnt is what the platform learns by the code it got.
func (p *place) learnt(back string) map[string]any {
	p.t.Helper()
	u, err := url.Parse(back)
	if err != nil || u.Path != "/back" || u.Query().Get("code") == "" || u.Query().Get("state") != "s" {
		p.t.Fatalf("came back to %s", back)
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {u.Query().Get("code")}, "redirect_uri": {"https://cloudbm.test/back"}, "code_verifier": {verifier}}
	a := p.visitor().Do(http.MethodPost, "/egov/token", strings.NewReader(form.Encode()), http.Header{
		"Content-Type": {"application/x-www-form-urlencoded"}, "Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("cloudbm:"+url.QueryEscape(system.Secret)))}})
	var tokens map[string]any
	if err := json.Unmarshal(a.Body, &tokens); err != nil || tokens["id_token"] == nil {
		p.t.Fatalf("%d %s", a.Status, a.Body)
	}
	part := strings.Split(tokens["id_token"].(string), ".")[1]
	b, err := base64.RawURLEncoding.DecodeString(part)
	var out map[string]any
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	out["id_token"] = tokens["id_token"]
	return out
}

// TestOpenID: the platform's door. The sign-in page says where one goes on to; by password no national ID is told.
func TestOpenID(t *testing.T) {
	p := open(t)
	c := p.visitor()
	page := c.Get(authorize(nil)).WantStatus(200).Want("登入後將回到：資訊系統雲端平台", "帳號登入")
	if !strings.Contains(page.Header.Get("Content-Security-Policy"), "form-action 'self' https://cloudbm.test") {
		t.Errorf("the form may not lead back: %s", page.Header.Get("Content-Security-Policy"))
	}
	page = signIn(page, "test01", "Wrong999pw").WantStatus(422).Want("登入後將回到：資訊系統雲端平台")
	got := p.learnt(signIn(page, "test01", egov.DemoPassword).URL)
	m := p.member("test01")
	for name, want := range map[string]any{"sub": m.ID, "account": "test01", "name": "測試甲", "email": "p1@example.test", "acr": "1", "level": 1.0, "official": false, "nonce": "n", "national_id": nil} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	if back := c.Get(authorize(nil)).URL; !strings.HasPrefix(back, "/back?") {
		t.Errorf("signed in already, led to %s", back)
	}
	p.visitor().Get(authorize(url.Values{"client_id": {"nobody"}})).WantStatus(422)
	p.visitor().Get("/egov/onward?request=nosuch").WantStatus(404)
}

// TestOpenIDFresh: prompt=login and max_age ask for the password again, prompt=none asks for nothing.
func TestOpenIDFresh(t *testing.T) {
	p := open(t)
	c := p.in("test02")
	p.now = p.now.Add(10 * time.Minute)
	for name, q := range map[string]url.Values{"prompt": {"prompt": {"login"}}, "max_age": {"max_age": {"60"}}} {
		page := c.Get(authorize(q)).WantStatus(200).Want("帳號登入")
		if back := signIn(page, "test02", egov.DemoPassword).URL; !strings.HasPrefix(back, "/back?") {
			t.Errorf("%s: led to %s", name, back)
		}
		p.now = p.now.Add(10 * time.Minute)
	}
	if back := c.Get(authorize(url.Values{"max_age": {"900"}})).URL; !strings.HasPrefix(back, "/back?code") {
		t.Errorf("ten minutes ago was not recent enough: %s", back)
	}
	if back := p.visitor().Get(authorize(url.Values{"prompt": {"none"}})).URL; !strings.Contains(back, "error=login_required") {
		t.Errorf("prompt=none: %s", back)
	}
	hint := p.learnt(c.Get(authorize(nil)).URL)["id_token"].(string)
	p.in("test03").Get(authorize(url.Values{"id_token_hint": {hint}})).WantStatus(409).Want("改用原來的帳號")
}

// TestOpenIDLevel: a card tells the verified national ID, and a system that wants a card is not served by a password.
func TestOpenIDLevel(t *testing.T) {
	p := open(t)
	c := p.in("test01")
	p.visitor().Get(authorize(url.Values{"acr_values": {"3"}})).WantStatus(200).Want("請插入您的憑證並輸入PIN碼(6-8碼)")
	if page := c.Get(authorize(url.Values{"acr_values": {"3"}})); !strings.HasPrefix(page.URL, "/egov/card") {
		t.Errorf("a password served where a card was asked for: %s", page.URL)
	}
	c.Get(authorize(url.Values{"acr_values": {"4"}})).WantStatus(403).Want("改用憑證登入")
	if back := c.Get(authorize(url.Values{"acr_values": {"3 1"}})).URL; !strings.HasPrefix(back, "/back?code") {
		t.Errorf("either would do: %s", back)
	}
	card := p.byCard("test01", citizen("測試甲", "0011"))
	got := p.learnt(card.Get(authorize(url.Values{"acr_values": {"3"}})).URL)
	if got["national_id"] != "D123000011" || got["acr"] != "3" || got["level"] != 3.0 {
		t.Errorf("%v", got)
	}
	unverified := p.byCard("test13", citizen("測試申", "0000"))
	if got := p.learnt(unverified.Get(authorize(nil)).URL); got["national_id"] != nil || got["official"] != false {
		t.Errorf("%v", got)
	}
	if got := p.learnt(p.in("test08").Get(authorize(nil)).URL); got["official"] != true {
		t.Errorf("%v", got)
	}
	if got := p.learnt(card.Get(authorize(url.Values{"scope": {"openid"}})).URL); got["national_id"] != nil || got["name"] != nil || got["sub"] == "" {
		t.Errorf("told more than was asked: %v", got)
	}
}

// byCard is a visitor who has signed in with a card.
func (p *place) byCard(account string, card egov.Certificate) *webtest.Client {
	p.t.Helper()
	c := p.visitor()
	p.do(func(tx *store.Tx) error {
		if err := egov.BindCard(tx, p.memberIn(tx, account), card); err != nil {
			return err
		}
		secret, err := egov.SignInByCard(tx, card)
		c.SetCookie("egov", secret)
		return err
	})
	return c
}

// TestOpenIDLogout: a sign-out that begins at the platform ends the session here.
func TestOpenIDLogout(t *testing.T) {
	p := open(t)
	c := p.in("test04")
	hint := p.learnt(c.Get(authorize(nil)).URL)["id_token"].(string)
	page := c.Get("/egov/end_session?" + url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {"https://cloudbm.test/bye"}, "state": {"z"}}.Encode())
	if page.URL != "/bye?state=z" {
		t.Errorf("led to %s", page.URL)
	}
	c.Stay().Get("/egov/me").WantStatus(303)
}

// TestPortal: the older way in, with a ticket that serves once and one system only.
func TestPortal(t *testing.T) {
	p := open(t)
	at := func(back, level string) string {
		return "/egov/portal/Clogin.aspx?" + url.Values{"ReturnUrl": {back}, "ver": {"Simple"}, "Level": {level}}.Encode()
	}
	redeem := func(id, secret, ticket string) (int, map[string]any) {
		a := p.visitor().Post("/egov/portal/ticket", url.Values{"client_id": {id}, "client_secret": {secret}, "ticket": {ticket}})
		var m map[string]any
		if err := json.Unmarshal(a.Body, &m); err != nil {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		return a.Status, m
	}
	c := p.visitor()
	page := c.Get(at("https://cloudbm.test/back", "1")).WantStatus(200).Want("登入後將回到：資訊系統雲端平台")
	back := signIn(page, "test09", egov.DemoPassword).URL
	ticket := func(back string) string {
		u, err := url.Parse(back)
		if err != nil || u.Path != "/back" || u.Query().Get("ticket") == "" {
			t.Fatalf("came back to %s", back)
		}
		return u.Query().Get("ticket")
	}
	if code, m := redeem("cloudbm", "wrong", ticket(back)); code != 403 || m["sub"] != nil {
		t.Errorf("a wrong secret: %d %v", code, m)
	}
	if code, _ := redeem("nobody", "", ticket(back)); code != 403 {
		t.Errorf("an unknown system: %d", code)
	}
	code, m := redeem("cloudbm", system.Secret, ticket(back))
	if code != 200 || m["account"] != "test09" || m["official"] != true || m["level"] != 1.0 || m["national_id"] != nil {
		t.Errorf("%d %v", code, m)
	}
	if code, m := redeem("cloudbm", system.Secret, ticket(back)); code != 403 {
		t.Errorf("twice: %d %v", code, m)
	}
	late := ticket(c.Get(at("https://cloudbm.test/back", "1")).URL)
	p.now = p.now.Add(egov.TicketLife + time.Second)
	if code, _ := redeem("cloudbm", system.Secret, late); code != 403 {
		t.Errorf("too late: %d", code)
	}
	c.Get(at("https://evil.test/", "1")).WantStatus(403).Want("沒有登記")
	c.Get(at("https://cloudbm.test/back?x=1", "1")).WantStatus(403)
	c.Get(at("https://cloudbm.test/back", "3")).WantStatus(200).Want("請插入您的憑證並輸入PIN碼(6-8碼)")
	c.Get(at("https://cloudbm.test/back", "4")).WantStatus(403).Want("改用憑證登入")
	card := p.byCard("test01", citizen("測試甲", "0011"))
	if _, m := redeem("cloudbm", system.Secret, ticket(card.Get(at("https://cloudbm.test/back", "3")).URL)); m["national_id"] != "D123000011" || m["level"] != 3.0 {
		t.Errorf("by card: %v", m)
	}
}
