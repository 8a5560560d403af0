package sso_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/pkg/client/rp"
	"github.com/zitadel/oidc/v3/pkg/oidc"

	"cloudbm/accounts"
	"cloudbm/doors"
	"cloudbm/factors"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/sso"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web"
)

// platform is the whole platform on a port of this machine, with sister systems: documents is that of the demonstration
// (public, asks for consent, needs a role), notes is the ministry's own (confidential, open to everybody).
type platform struct {
	t     *testing.T
	db    *store.DB
	base  string
	shift atomic.Int64 // how far its clock is ahead

	secret string // of notes
}

const (
	documents = "demo-documents"
	notes     = "notes"
	left      = "left"  // two systems that go by names of their own,
	right     = "right" // on two hosts
)

var addresses = map[string]string{documents: "http://127.0.0.1:9410/callback", notes: "http://127.0.0.1:1/notes", left: "http://127.0.0.1:2/left", right: "http://127.0.0.1:3/right"}

func newPlatform(t *testing.T, db *store.DB) *platform {
	t.Helper()
	p := &platform{t: t, db: db}
	db.SetClock(func() time.Time { return time.Now().Add(time.Duration(p.shift.Load())) })
	site := web.NewSite(db, nil)
	site.Who = roles.Who(db)
	server := httptest.NewUnstartedServer(nil)
	p.base = "http://" + server.Listener.Addr().String()
	provider, err := sso.Open(db, p.base)
	if err != nil {
		t.Fatal(err)
	}
	accounts.Mount(site)
	factors.Room{}.Mount(site)
	doors.Room{}.Mount(site)
	roles.Mount(site)
	sso.Room{Local: true, Provider: provider}.Mount(site)
	server.Config.Handler = site.Handler()
	server.Start()
	t.Cleanup(server.Close)
	p.do(roles.Seed)
	p.do(sso.Seed)
	p.do(func(tx *store.Tx) (err error) {
		y := sso.System{ID: notes, Name: say.T("測試筆記系統", "Notes"), Redirects: []string{addresses[notes]}, Logouts: []string{"http://127.0.0.1:1/bye"}, Scopes: sso.Scopes, Everybody: true}
		p.secret, err = sso.Register(tx, permit.System, y, false, true, "測試")
		return err
	})
	for _, id := range []string{left, right} {
		p.do(func(tx *store.Tx) error {
			_, err := sso.Register(tx, permit.System, sso.System{ID: id, Name: say.T("測試系統", id), Redirects: []string{addresses[id]}, Public: true, Everybody: true}, true, true, "測試")
			return err
		})
	}
	return p
}

func (p *platform) do(f func(*store.Tx) error) {
	p.t.Helper()
	if err := p.db.Write(p.t.Context(), f); err != nil {
		p.t.Fatal(err)
	}
}

// browser is one that stops at the border of the platform.
type browser struct {
	*platform
	http *http.Client
}

// page is where a browser came to: a page of the platform, or (to) the border.
type page struct {
	status int
	at     *url.URL
	header http.Header
	text   string
	to     *url.URL
}

func (p *platform) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return &browser{p, &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(q *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(q.URL.String(), p.base) {
			return http.ErrUseLastResponse
		}
		return nil
	}}}
}

func (b *browser) came(r *http.Response, err error) page {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	out := page{status: r.StatusCode, at: r.Request.URL, header: r.Header, text: string(text)}
	if to, err := r.Location(); err == nil && r.StatusCode >= 300 && r.StatusCode < 400 {
		out.to = to
	}
	return out
}

func (b *browser) get(path string) page {
	b.t.Helper()
	return b.came(b.http.Get(b.base + strings.TrimPrefix(path, b.base)))
}

func (b *browser) post(path string, form url.Values) page {
	b.t.Helper()
	return b.came(b.http.PostForm(b.base+path, form))
}

func (b *browser) signIn(email, next string) page {
	b.t.Helper()
	return b.post("/signin", url.Values{"email": {email}, "password": {accounts.DemoPassword}, "next": {next}})
}

// in is a browser in which somebody has signed in.
func (p *platform) in(email string) *browser {
	p.t.Helper()
	b := p.browser()
	if got := b.signIn(email, ""); got.at.Path != "/home" {
		p.t.Fatalf("%s came to %s", email, got.at)
	}
	return b
}

func (g page) wants(t *testing.T, status int, words ...string) {
	t.Helper()
	if g.status != status || g.to != nil {
		t.Fatalf("%s answers %d, leads to %v: %.300s", g.at, g.status, g.to, g.text)
	}
	for _, w := range words {
		if !strings.Contains(g.text, w) {
			t.Errorf("%s does not say %q: %s", g.at, w, g.text)
		}
	}
}

const verifier = "a-verifier-of-the-tests-that-is-long-enough-0123456789"

// ask sends the browser to sign in for a system, as the system would.
func (b *browser) ask(system string, more ...string) page {
	b.t.Helper()
	q := url.Values{"client_id": {system}, "redirect_uri": {addresses[system]}, "response_type": {"code"}, "scope": {"openid profile email organisation roles"},
		"state": {"the-state"}, "nonce": {"the-nonce"}, "code_challenge": {oidc.NewSHACodeChallenge(verifier)}, "code_challenge_method": {"S256"}}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return b.get("/sso/authorize?" + q.Encode())
}

// code is the code with which the browser left for a system.
func (g page) code(t *testing.T) string {
	t.Helper()
	if g.to == nil || g.to.Query().Get("code") == "" || g.to.Query().Get("state") != "the-state" {
		t.Fatalf("no code: %d at %s, to %v: %.400s", g.status, g.at, g.to, g.text)
	}
	return g.to.Query().Get("code")
}

func (g page) refused(t *testing.T, reason string) {
	t.Helper()
	if g.to == nil || g.to.Query().Get("error") != reason {
		t.Fatalf("want %s; %d at %s, to %v: %.300s", reason, g.status, g.at, g.to, g.text)
	}
}

// party is a system as a client of another make: zitadel's.
func (p *platform) party(system string) rp.RelyingParty {
	p.t.Helper()
	secret := ""
	if system == notes {
		secret = p.secret
	}
	y, err := rp.NewRelyingPartyOIDC(p.t.Context(), p.base+"/sso", system, secret, addresses[system], []string{"openid"}, rp.WithPKCE(nil),
		rp.WithVerifierOpts(rp.WithNonce(func(context.Context) string { return "the-nonce" })))
	if err != nil {
		p.t.Fatal(err)
	}
	return y
}

type tokens = *oidc.Tokens[*oidc.IDTokenClaims]

func (p *platform) redeem(system, code string) tokens {
	p.t.Helper()
	got, err := rp.CodeExchange[*oidc.IDTokenClaims](p.t.Context(), code, p.party(system), rp.WithCodeVerifier(verifier))
	if err != nil {
		p.t.Fatal(err)
	}
	return got
}

// learn is what the system learns at userinfo; status 401 when nothing any more.
func (p *platform) learn(got tokens) (out map[string]any, status int) {
	p.t.Helper()
	q, err := http.NewRequestWithContext(p.t.Context(), "GET", p.base+"/sso/userinfo", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+got.AccessToken)
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		p.t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode == http.StatusOK {
		if err := json.NewDecoder(r.Body).Decode(&out); err != nil {
			p.t.Fatal(err)
		}
	}
	return out, r.StatusCode
}

func request(g page) string { return g.at.Query().Get("request") }

func (b *browser) agree(g page, answer string) page {
	b.t.Helper()
	return b.post("/sso/continue", url.Values{"request": {request(g)}, "answer": {answer}})
}

// TestSignOn: one sign-in for two systems (S92), the other asks once for consent; each learns what it asked for and no
// national ID.
func TestSignOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := newPlatform(t, db)
		b := p.browser()
		landing := b.ask(documents)
		landing.wants(t, 200, "登錄後前往「測試機關公文系統」")
		next := landing.at.Query().Get("next")
		if landing.at.Path != "/" || !strings.HasPrefix(next, "/sso/continue?request=") {
			t.Fatalf("a stranger comes to %s", landing.at)
		}
		// Signing in that fails keeps the way; signing in leads on.
		b.post("/signin", url.Values{"email": {"p1@example.test"}, "password": {"wrong"}, "next": {next}}).wants(t, 422, "/sso/continue?request=")
		consent := b.signIn("p1@example.test", next)
		consent.wants(t, 200, "不是本部的系統", "姓名", "電子郵件", "您在這個系統的角色", "不會提供身分證字號")
		if csp := consent.header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' http://127.0.0.1:9410;") {
			t.Errorf("the browser would hold the answer back: %s", csp)
		}
		got := p.redeem(documents, b.agree(consent, "yes").code(t))
		if c := got.IDTokenClaims; c.Nonce != "the-nonce" || c.AuthenticationContextClassReference != "1" || !slices.Equal(c.AuthenticationMethodsReferences, []string{"pwd"}) {
			t.Errorf("the ID token says %+v", c)
		}
		says, _ := p.learn(got)
		if says["name"] != "測試甲" || says["email"] != "p1@example.test" || says["email_verified"] != true || says["door"] != "backup" || fmt.Sprint(says["roles"]) != "[writer]" {
			t.Errorf("userinfo says %v", says)
		}
		if all := fmt.Sprint(says, got.IDToken); strings.Contains(all, "D123000011") || says["organisation"] != nil {
			t.Errorf("too much is said: %s", all)
		}

		second := p.redeem(notes, b.ask(notes).code(t)) // straight on
		if second.IDTokenClaims.Subject != got.IDTokenClaims.Subject {
			t.Error("two systems without sectors know one person by two names")
		}
		b.ask(documents).code(t) // consent is remembered
		b.ask(documents, "prompt", "consent").wants(t, 200, "不是本部的系統")

		b.get("/me/consents").wants(t, 200, "測試機關公文系統", "撤回對")
		b.post("/me/consents", url.Values{"system": {documents}}).wants(t, 200, "已撤回同意")
		if _, status := p.learn(got); status != 401 {
			t.Errorf("after the consent was taken back userinfo answers %d", status)
		}
		b.ask(documents).wants(t, 200, "不是本部的系統")
	})
}

// TestBack: whoever comes back from signing in is led on by the page itself, for a redirect after a form would be held.
func TestBack(t *testing.T) {
	p := newPlatform(t, storetest.SQLite(t))
	b := p.browser()
	back := b.signIn("p2@example.test", b.ask(notes).at.Query().Get("next"))
	back.wants(t, 200, "測試乙，您已登錄，正在前往「測試筆記系統」")
	to, ok := strings.CutPrefix(back.header.Get("Refresh"), "0; url=")
	if !ok {
		t.Fatal("the page does not lead on")
	}
	p.redeem(notes, b.get(to).code(t))
	b.get(to).wants(t, 404, "從它的登入鈕重新開始") // answered once
}

// TestNotLetThrough: every no is a page in words with a way out, or what the protocol says where no page may be shown.
func TestNotLetThrough(t *testing.T) {
	p := newPlatform(t, storetest.SQLite(t))
	nobody := p.browser()
	nobody.ask(notes, "prompt", "none").refused(t, "login_required")

	p2 := p.in("p2@example.test") // holds no role in documents
	stop := p2.ask(documents)
	stop.wants(t, 403, "先申請角色", "/me/roles/demo-documents", "回「測試機關公文系統」，不登錄")
	p2.agree(stop, "yes").wants(t, 403, "先申請角色")
	p2.agree(stop, "no").refused(t, "access_denied")
	p2.ask(documents, "prompt", "none").refused(t, "access_denied")

	p1 := p.in("p1@example.test")
	p1.ask(documents, "prompt", "none").refused(t, "consent_required")
	p1.agree(p1.ask(documents), "no").refused(t, "access_denied")
	p1.ask(documents, "redirect_uri", "http://127.0.0.1:9410/callback/").wants(t, 422, "與登記的不同")
	p1.ask(documents, "code_challenge_method", "plain").refused(t, "invalid_request")

	hint := p.redeem(notes, p1.ask(notes).code(t)).IDToken
	p2.ask(notes, "id_token_hint", hint).wants(t, 200, "改用原來的帳號登錄", "測試乙")
	p2.ask(notes, "id_token_hint", hint, "prompt", "none").refused(t, "login_required")
	p1.ask(notes, "id_token_hint", hint, "prompt", "none").code(t)

	p1.agree(p1.ask(documents), "yes").code(t)
	got := p.redeem(documents, p1.ask(documents).code(t))
	p.do(func(tx *store.Tx) error { return sso.SwitchOff(tx, permit.System, documents, "測試") })
	p1.ask(documents).wants(t, 422, "與登記的不同")
	if _, status := p.learn(got); status != 401 {
		t.Errorf("a system that is switched off still learns: %d", status)
	}
	if home := p1.get("/home"); strings.Contains(home.text, "測試機關公文系統") {
		t.Error("its tile still stands")
	}
}

// TestProofAgain: max_age and prompt=login ask for a new proof and get one.
func TestProofAgain(t *testing.T) {
	p := newPlatform(t, storetest.SQLite(t))
	b := p.in("p1@example.test")
	p.shift.Store(int64(3 * time.Minute))
	b.ask(notes, "max_age", "600").code(t)
	b.ask(notes, "max_age", "60", "prompt", "none").refused(t, "login_required")
	for _, more := range [][]string{{"max_age", "60"}, {"prompt", "login"}} {
		confirm := b.ask(notes, more...)
		confirm.wants(t, 200, "確認是您本人", "「測試筆記系統」要求剛剛才確認過是您本人")
		if confirm.at.Path != "/me/confirm" {
			t.Fatalf("led to %s", confirm.at)
		}
		p.shift.Add(int64(2 * time.Second))
		back := b.post("/me/confirm", url.Values{"password": {accounts.DemoPassword}, "next": {confirm.at.Query().Get("next")}})
		back.wants(t, 200, "正在前往「測試筆記系統」")
		b.get(strings.TrimPrefix(back.header.Get("Refresh"), "0; url=")).code(t)
		p.shift.Add(int64(2 * time.Minute))
	}
}

// TestLevel: a system may ask for two factors or a card.
func TestLevel(t *testing.T) {
	p := newPlatform(t, storetest.SQLite(t))
	b := p.in("p1@example.test")
	b.ask(notes, "acr_values", "1").code(t)
	b.ask(notes, "acr_values", "2").wants(t, 200, "要求更確實的登錄方式", "第二道驗證", "憑證登錄")
	b.ask(notes, "acr_values", "2", "prompt", "none").refused(t, "interaction_required")
	p.do(func(tx *store.Tx) error {
		who, err := accounts.ByEmail(tx, "p1@example.test")
		if err != nil {
			return err
		}
		all, err := accounts.Sessions(tx, who.ID)
		if err != nil {
			return err
		}
		return accounts.Prove(tx, permit.Actor{Person: who.ID, Session: all[0].ID}, true)
	})
	got := p.redeem(notes, b.ask(notes, "acr_values", "3 2").code(t))
	if c := got.IDTokenClaims; c.AuthenticationContextClassReference != "2" || !slices.Equal(c.AuthenticationMethodsReferences, []string{"pwd", "mfa"}) {
		t.Errorf("acr %s, amr %v", c.AuthenticationContextClassReference, c.AuthenticationMethodsReferences)
	}
	only := b.ask(notes, "acr_values", "3")
	only.wants(t, 200, "健保卡")
	if strings.Contains(only.text, "還沒有第二道驗證") {
		t.Error("a second factor is offered where only a card will do")
	}
}

// TestPairwise: systems of two sectors cannot tell that two of their people are one.
func TestPairwise(t *testing.T) {
	p := newPlatform(t, storetest.SQLite(t))
	b := p.in("p1@example.test")
	sub := func(system string) string { return p.redeem(system, b.ask(system).code(t)).IDTokenClaims.Subject }
	one, other, plain := sub(left), sub(right), sub(notes)
	if one == other || one == plain || one != sub(left) {
		t.Errorf("names %s, %s, %s", one, other, plain)
	}
}

// TestLost: what somebody loses is lost at the next look: a role, the session here, the account.
func TestLost(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := newPlatform(t, db)
		b := p.in("p1@example.test")
		got := p.redeem(documents, b.agree(b.ask(documents), "yes").code(t))
		p.do(func(tx *store.Tx) error {
			held, err := sso.Granted(tx, got.IDTokenClaims.Subject, documents)
			if err != nil {
				return err
			}
			_, err = sso.End(tx, permit.System, held[0].ID, "測試")
			return err
		})
		says, status := p.learn(got)
		if status != 200 || fmt.Sprint(says["roles"]) != "[]" {
			t.Errorf("a role that was taken away: %d %v", status, says["roles"])
		}
		b.ask(documents).wants(t, 403, "先申請角色")

		second := p.redeem(notes, b.ask(notes).code(t))
		b.post("/signout", nil)
		if _, status := p.learn(second); status != 401 {
			t.Errorf("signed out here, userinfo answers %d", status)
		}
		b = p.in("p1@example.test")
		third := p.redeem(notes, b.ask(notes).code(t))
		p.do(func(tx *store.Tx) error {
			return accounts.Disable(tx, permit.System, third.IDTokenClaims.Subject, "測試")
		})
		if _, status := p.learn(third); status != 401 {
			t.Errorf("with the account closed, userinfo answers %d", status)
		}
	})
}

// TestSignOutThere: a sign-out that begins at one system ends the session here and what other systems may learn.
func TestSignOutThere(t *testing.T) {
	p := newPlatform(t, storetest.SQLite(t))
	b := p.in("p1@example.test")
	elsewhere := p.in("p1@example.test")
	got, other := p.redeem(notes, b.ask(notes).code(t)), p.redeem(left, b.ask(left).code(t))
	q := url.Values{"id_token_hint": {got.IDToken}, "post_logout_redirect_uri": {"http://127.0.0.1:1/bye"}, "state": {"s"}}
	out := b.get("/sso/end_session?" + q.Encode())
	if out.to == nil || out.to.String() != "http://127.0.0.1:1/bye?state=s" {
		t.Fatalf("signed out, %d to %v", out.status, out.to)
	}
	if at := b.get("/home").at; at.Path != "/" {
		t.Errorf("still signed in at %s", at)
	}
	for _, g := range []tokens{got, other} {
		if _, status := p.learn(g); status != 401 {
			t.Errorf("userinfo answers %d", status)
		}
	}
	if at := elsewhere.get("/home").at; at.Path != "/home" {
		t.Error("another device was signed out too")
	}
	q.Set("post_logout_redirect_uri", "http://127.0.0.1:1/elsewhere")
	b.get("/sso/end_session?"+q.Encode()).wants(t, 422, "與登記的不同")
}

// TestSecret: the secret of a confidential system is asked for, and its successor ends it.
func TestSecret(t *testing.T) {
	p := newPlatform(t, storetest.SQLite(t))
	b := p.in("p1@example.test")
	old := p.party(notes)
	p.do(func(tx *store.Tx) (err error) {
		p.secret, err = sso.NewSecret(tx, permit.System, notes, "測試")
		return err
	})
	code := b.ask(notes).code(t)
	if _, err := rp.CodeExchange[*oidc.IDTokenClaims](context.Background(), code, old, rp.WithCodeVerifier(verifier)); err == nil {
		t.Error("the old secret still works")
	}
	p.redeem(notes, b.ask(notes).code(t))
}
