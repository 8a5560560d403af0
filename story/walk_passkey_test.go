package story

import (
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"cloudbm/accounts"
	"cloudbm/store"
)

// stick is the authenticator in somebody's computer.
type stick struct {
	p  *person
	id webauthn.AuthenticatorID
}

func (p *person) stick() *stick {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, webauthn.Enable, webauthn.EnableParams{})
	p.must(err)
	made, err := chromedp.Call(p.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal, HasResidentKey: true,
		HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true, HasCmtgKey: true}})
	p.must(err)
	return &stick{p, made.AuthenticatorID}
}

// spoils has the authenticator answer with a wrong signature, or without a finger.
func (s *stick) spoils(signature, finger bool) {
	s.p.t.Helper()
	_, err := chromedp.Call(s.p.ctx, webauthn.SetResponseOverrideBits, webauthn.SetResponseOverrideBitsParams{AuthenticatorID: s.id, IsBogusSignature: &signature, IsBadUV: &finger})
	s.p.must(err)
}

// counts sets the counter of the authenticator's only passkey.
func (s *stick) counts(n float64) {
	s.p.t.Helper()
	all, err := chromedp.Call(s.p.ctx, webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: s.id})
	s.p.must(err)
	if len(all.Credentials) != 1 {
		s.p.t.Fatalf("the authenticator keeps %d passkeys", len(all.Credentials))
	}
	c := all.Credentials[0]
	_, err = chromedp.Call(s.p.ctx, webauthn.ClearCredentials, webauthn.ClearCredentialsParams{AuthenticatorID: s.id})
	s.p.must(err)
	c.SignCount, c.ActiveCmtgKeyIndex = n, nil
	_, err = chromedp.Call(s.p.ctx, webauthn.AddCredential, webauthn.AddCredentialParams{AuthenticatorID: s.id, Credential: c})
	s.p.must(err)
}

// TestWalkPasskeys: a passkey is made in a browser, signs in by itself, is the second step, proves anew; and is refused where it should be.
func TestWalkPasskeys(t *testing.T) {
	l := receive(t)
	p := l.enter("p1")
	s := p.stick()
	const email = "p1@example.test"

	l.scene("made", func() {
		p.password(email)
		p.visit("/me/factors")
		p.noBarrier()
		p.shot("factors-empty")
		p.fill("通行金鑰的名稱", "我的電腦")
		p.press("加入通行金鑰")
		p.sees("已加入通行金鑰", "我的電腦", "您只有一種第二道驗證")
		p.press("產生備用碼")
		p.sees("只顯示這一次")
		p.noBarrier()
		p.narrow()
		p.shot("factors-codes")
		p.follow("我收好了")
		p.sees("還剩 10 組")
		p.narrow()
		p.shot("factors-passkey")
	})
	out := func() {
		p.visit("/home")
		p.press("登出")
		p.sees("已登出")
	}
	l.scene("signs in by itself", func() {
		out()
		p.visit("/signin?next=/me/devices")
		p.press("用通行金鑰登錄")
		p.sees("我的登入裝置", "通行金鑰")
	})
	l.scene("is the second step", func() {
		out()
		p.password(email)
		p.sees("密碼正確")
		p.noBarrier()
		p.shot("second-step")
		p.press("用通行金鑰")
		p.sees("歡迎使用", "已登錄")
	})
	l.scene("proves anew", func() {
		l.ahead.Add(int64(11 * 60e9))
		p.visit("/me/factors")
		p.goes("the proof", func() {
			p.fill("通行金鑰的名稱", "另一把")
			p.push("加入通行金鑰")
		})
		p.sees("確認是您本人")
		p.shot("confirm")
		p.press("用通行金鑰")
		p.sees("已確認是您本人", "我的電腦")
	})
	l.scene("beside an app", func() {
		p.press("設定驗證器")
		p.sees("掃描這張圖")
		p.shot("factors-app")
		code, err := totp.GenerateCode(js[string](p, `document.querySelector(".key").textContent.replaceAll(" ", "")`), l.db.Now())
		p.must(err)
		p.fill("驗證碼", code)
		p.press("確認")
		p.sees("驗證器已經可以用了", "換一支手機")
		p.shot("factors-both")
		p.visit("/me/confirm")
		p.shot("confirm-any-way")
	})
	refused := func(why, words string) {
		t.Helper()
		p.visit("/signin")
		p.press("用通行金鑰登錄")
		p.sees(words)
		if p.status() != 422 {
			t.Errorf("%s: %d", why, p.status())
		}
	}
	l.scene("is refused", func() {
		out()
		s.spoils(true, false)
		refused("a wrong signature", "對不上")
		s.spoils(false, true)
		refused("nobody's finger", "對不上")
		s.spoils(false, false)
		s.counts(1)
		refused("a copy whose counter is behind", "可能被複製了")
		s.counts(90)
		p.visit("/signin")
		p.press("用通行金鑰登錄")
		p.sees("歡迎使用")
		out()

		// The same answer sent twice.
		p.visit("/signin")
		twice := js[[]int](p, `(async () => {
			const a = await fetch("/signin/passkey/challenge", { method: "POST", headers: { Accept: "application/json" } });
			const c = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON((await a.json()).publicKey) });
			const send = async () => (await fetch("/signin/passkey", { method: "POST", body: new URLSearchParams({ passkey: JSON.stringify(c.toJSON()) }) })).status;
			return [await send(), await send()];
		})()`)
		if len(twice) != 2 || twice[0] != 200 || twice[1] != 422 {
			t.Errorf("the same answer sent twice is answered %v", twice)
		}
		out()

		// At another name of the same machine the browser itself says no.
		p.visit("http://127.0.0.1" + l.url[len("http://localhost"):] + "/signin")
		p.push("用通行金鑰登錄")
		p.until("the reason", func() bool { return js[string](p, `document.querySelector("[data-said]").textContent`) != "" })
		p.sees("從本系統公告的網址開啟這一頁")
	})
	l.scene("needs a script, and says what to use", func() {
		q := l.enterWith("without script", false)
		q.visit("/signin")
		q.sees("通行金鑰要開啟瀏覽器的 JavaScript 才能用", "改用上面的電子郵件和密碼登錄")
		q.quiet()
	})
	l.do(t, func(tx *store.Tx) error {
		found, err := accounts.Entries(tx, accounts.Search{What: "factor.", Limit: 50})
		seen := map[string]bool{}
		for _, e := range found {
			seen[e.What] = true
		}
		for _, what := range []string{"factor.add", "factor.codes", "factor.copied"} {
			if !seen[what] {
				t.Errorf("the audit record has no %s", what)
			}
		}
		return err
	})
}
