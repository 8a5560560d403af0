package story

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// sister is another system, as small as one can be: / signs in, /callback says who came, /out signs out.
type sister struct {
	*httptest.Server
	t        *testing.T
	platform string
	hint     string // the last ID token
}

const sisterVerifier = "a-verifier-of-the-tests-that-is-long-enough-0123456789"

func newSister(t *testing.T, platform string) *sister {
	y := &sister{t: t, platform: platform}
	y.Server = httptest.NewServer(y)
	t.Cleanup(y.Close)
	return y
}

func (y *sister) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	switch q.URL.Path {
	case "/":
		ask := url.Values{"client_id": {"notes"}, "redirect_uri": {y.URL + "/callback"}, "response_type": {"code"}, "scope": {"openid profile roles"},
			"state": {"s"}, "nonce": {"n"}, "code_challenge": {oidc.NewSHACodeChallenge(sisterVerifier)}, "code_challenge_method": {"S256"}}
		http.Redirect(w, q, y.platform+"/sso/authorize?"+ask.Encode(), http.StatusSeeOther)
	case "/callback":
		fmt.Fprintf(w, "<!DOCTYPE html><title>notes</title><h1>測試筆記</h1><p>%s</p>", y.welcome(q.URL.Query()))
	case "/out":
		http.Redirect(w, q, y.platform+"/sso/end_session?"+url.Values{"id_token_hint": {y.hint}, "post_logout_redirect_uri": {y.URL + "/bye"}}.Encode(), http.StatusSeeOther)
	default:
		fmt.Fprint(w, "<!DOCTYPE html><title>notes</title><h1>測試筆記</h1><p>再見</p>")
	}
}

// welcome redeems the code and says who came.
func (y *sister) welcome(q url.Values) string {
	if q.Get("code") == "" {
		return "沒有登錄：" + q.Get("error")
	}
	r, err := http.PostForm(y.platform+"/sso/token", url.Values{"grant_type": {"authorization_code"}, "client_id": {"notes"}, "redirect_uri": {y.URL + "/callback"},
		"code": {q.Get("code")}, "code_verifier": {sisterVerifier}})
	if err != nil {
		return err.Error()
	}
	defer r.Body.Close()
	var got struct {
		AccessToken string `json:"access_token"`
		IDToken     string `json:"id_token"`
	}
	if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
		return err.Error()
	}
	y.hint = got.IDToken
	ask, err := http.NewRequestWithContext(y.t.Context(), "GET", y.platform+"/sso/userinfo", nil)
	if err != nil {
		return err.Error()
	}
	ask.Header.Set("Authorization", "Bearer "+got.AccessToken)
	said, err := http.DefaultClient.Do(ask)
	if err != nil {
		return err.Error()
	}
	defer said.Body.Close()
	var who struct{ Name string }
	if err := json.NewDecoder(said.Body).Decode(&who); err != nil {
		return err.Error()
	}
	return "您好：" + who.Name
}

// TestWalkSister: a system is registered, somebody signs in there through the landing page, agrees once, is let through
// the next time, and signs out from there. A browser holds what a form leads to against the policy of its page, so only
// a browser can tell that the way is open.
func TestWalkSister(t *testing.T) {
	s := serve(t, t.TempDir(), "", "demo")
	st := open(t, s.url)
	y := newSister(t, s.url)
	admin, p := st.enter("admin"), st.enter("p2")
	st.scene("an administrator registers the system", func() {
		admin.signIn("admin@example.test")
		admin.visit("/admin/systems/new")
		admin.shot("system-new")
		for label, v := range map[string]string{"代號（client_id）": "notes", "中文名稱": "測試筆記系統", "英文名稱": "Notes", "登錄後回去的網址": y.URL + "/callback", "登出後回去的網址": y.URL + "/bye",
			"首頁方塊的網址": y.URL + "/", "原因": "測試"} {
			admin.fill(label, v)
		}
		admin.choose("能不能保管密鑰？", "不能：手機或瀏覽器裡的程式")
		admin.choose("誰可以進入？", "有帳號的人都可以")
		admin.press("登記")
		admin.sees("已登記", "notes", "公開")
		admin.quiet()
	})
	arrived := func() {
		p.t.Helper()
		p.until("the other system", func() bool {
			return strings.Contains(p.text(), "您好：測試乙") && strings.HasPrefix(js[string](p, `location.href`), y.URL)
		})
	}
	st.scene("signing in there goes through the landing page and asks once", func() {
		p.visit(y.URL + "/")
		p.sees("登錄後前往「測試筆記系統」", "備用帳號")
		p.goes("the door", func() { p.click("備用帳號", `document.querySelector(%s)`, `.door--blue .govuk-button`) })
		p.fill("email", "p2@example.test")
		p.fill("password", "Demo-2026-permit")
		p.press("登錄")
		p.sees("不是本部的系統", "姓名", "不會提供身分證字號")
		p.shot("consent")
		p.press("同意並繼續")
		arrived()
	})
	st.scene("the tile on the home page leads there without a question", func() {
		p.visit("/home")
		p.sees("測試筆記系統")
		p.shot("home")
		p.follow("測試筆記系統")
		arrived()
	})
	st.scene("the name, 回首頁 and 登出 stand in the top bar (S94)", func() {
		p.visit("/me")
		bar := js[string](p, `document.querySelector(".hall__person").innerText`)
		for _, want := range []string{"測試乙", "回首頁", "登出"} {
			if !strings.Contains(bar, want) {
				p.t.Errorf("the top bar says %q", bar)
			}
		}
		p.follow("回首頁")
		p.sees("歡迎使用")
	})
	st.scene("the menu under the name opens under a mouse, by a click and by keyboard (S95)", func() {
		p.visit("/home")
		mouse := func(what string, open bool) {
			js[bool](p, `(document.querySelector("details.mine").dispatchEvent(new PointerEvent("pointer" + %s, { pointerType: "mouse" })), true)`, what)
			if got := js[bool](p, `document.querySelector("details.mine").open`); got != open {
				p.t.Errorf("after pointer%s the menu is open: %t", what, got)
			}
		}
		mouse("enter", true)
		mouse("leave", false)
		mouse("enter", true)
		js[bool](p, `(document.querySelector("details.mine summary").click(), true)`)
		mouse("leave", true) // who clicked wants it open
		p.visit("/home")
		js[bool](p, `(document.querySelector("details.mine summary").focus(), true)`)
		p.must(chromedp.Do(p.ctx, chromedp.KeyEvent("\r")))
		p.until("the menu", func() bool { return js[bool](p, `document.querySelector("details.mine").open`) })
		p.sees("備用帳號與密碼", "回首頁", "登出")
		p.follow("備用帳號與密碼")
		p.sees("SSO11100", "備用帳號")
		p.visit("/me/roles")
		p.click("the name", `document.querySelector(%s)`, "details.mine summary")
		p.follow("回首頁")
		p.sees("歡迎使用")
	})
	st.scene("signing out there ends the session here; signing in again leads on by itself", func() {
		p.visit(y.URL + "/out")
		p.sees("再見")
		p.visit(s.url + "/home")
		if !strings.HasPrefix(p.where(), "/?next=") {
			p.lost("still signed in")
		}
		p.visit(y.URL + "/")
		p.goes("the door", func() { p.click("備用帳號", `document.querySelector(%s)`, `.door--blue .govuk-button`) })
		p.fill("email", "p2@example.test")
		p.fill("password", "Demo-2026-permit")
		p.press("登錄")
		arrived()
	})
	st.scene("consent taken back is asked for again", func() {
		p.visit("/me/consents")
		p.sees("測試筆記系統")
		p.shot("consents")
		p.press("撤回對「測試筆記系統」的同意")
		p.sees("已撤回同意")
		p.visit(y.URL + "/")
		p.sees("不是本部的系統")
		p.press("不同意")
		p.until("the refusal at the other system", func() bool { return strings.Contains(p.text(), "沒有登錄：access_denied") })
	})
	p.quiet("another host is asked: "+y.URL, "favicon")
}
