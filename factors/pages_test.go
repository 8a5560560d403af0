package factors_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"cloudbm/accounts"
	"cloudbm/accounts/accountstest"
	"cloudbm/doors"
	"cloudbm/factors"
	"cloudbm/factors/factorstest"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/sso"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

const (
	p1 = "p1@example.test"
	p2 = "p2@example.test"
)

// hall is a platform whose letters are kept here.
type hall struct {
	*accountstest.Place
	letters []string
}

func open(t *testing.T, mount ...func(*web.Site)) *hall { return on(t, storetest.SQLite(t), mount...) }

func on(t *testing.T, db *store.DB, mount ...func(*web.Site)) *hall {
	t.Helper()
	h := &hall{}
	room := factors.Room{Base: webtest.Base, Required: true, Letter: func(_ *store.Tx, to accounts.Person, _, body say.Text) error {
		h.letters = append(h.letters, to.Email+" "+body.Zh)
		return nil
	}}
	h.Place = accountstest.On(t, db, append([]func(*web.Site){accounts.Mount, room.Mount, doors.Room{}.Mount, sso.Mount}, mount...)...)
	return h
}

// app has somebody set up an authenticator on the pages, and answers its secret.
func (h *hall) app(c *webtest.Client) string {
	h.T.Helper()
	page := c.Get("/me/factors").WantStatus(200).Submit("設定驗證器").WantStatus(200).Want("掃不了時")
	secret := strings.ReplaceAll(page.Find(".key")[0].Text(), " ", "")
	if !strings.HasPrefix(page.Find("img")[0].Attr("src"), "data:image/png;base64,") {
		h.T.Error("there is no picture to scan")
	}
	page.Fill("驗證碼", factors.CodeFor(secret, h.Now)).Submit("確認").WantStatus(200).Want("驗證器已經可以用了")
	h.Now = h.Now.Add(time.Minute)
	return secret
}

// half is somebody whose password was right.
func (h *hall) half(email, next string) (*webtest.Client, *webtest.Page) {
	h.T.Helper()
	c := h.Visitor()
	at := "/signin"
	if next != "" {
		at += "?next=" + url.QueryEscape(next)
	}
	page := c.Get(at).Fill("電子郵件地址", email).Fill("密碼", accounts.DemoPassword).Submit("登錄").WantStatus(200).Want("第二道驗證", "密碼正確")
	return c, page
}

const session = "__Host-session"

func TestSecondStep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := on(t, db)
		secret := h.app(h.In(p1))
		c, page := h.half(p1, "/me/devices")
		before := c.Cookie(session)
		page = page.Fill("驗證碼", "000000").Submit("登錄").WantStatus(422).Want("輸入驗證器現在顯示的 6 位數字")
		page.Fill("驗證碼", factors.CodeFor(secret, h.Now)).Submit("登錄").WantStatus(200).Want("我的登入裝置", "已登錄")
		if page = c.Get("/me/devices"); page.URL != "/me/devices" {
			t.Errorf("after the second step we are at %s", page.URL)
		}

		// The secret from before the step opens nothing, not even the step.
		if before == "" || before == c.Cookie(session) {
			t.Error("the session keeps its secret when it becomes whole")
		}
		thief := h.Visitor()
		thief.SetCookie(session, before)
		if at := thief.Get("/me").URL; at != "/?next=%2Fme" {
			t.Errorf("the old secret opens %s", at)
		}
		if at := thief.Get("/signin/second").URL; at != "/" {
			t.Errorf("the old secret opens %s", at)
		}

		c.Get("/signin/second?next=/me").WantStatus(200).Want("使用者資訊") // signed in: nothing to do there
		_, page = h.half(p1, "")
		h.Now = h.Now.Add(11 * time.Minute)
		page.Fill("驗證碼", factors.CodeFor(secret, h.Now)).Submit("登錄").Want("再登錄一次：第二道驗證要在 10 分鐘內完成")
	})
}

// TestHalfASession: nobody is signed in before the second step.
func TestHalfASession(t *testing.T) {
	h := open(t)
	h.app(h.In(p1))
	c, _ := h.half(p1, "")
	c.Stay()
	asked := 0
	for _, door := range h.Site.Routes() {
		if door.Policy(permit.Actor{}) == nil {
			continue
		}
		asked++
		path := strings.NewReplacer("{id}", "x", "{secret}", "x", "{door}", "egov").Replace(door.Path)
		page := c.Do(door.Method, path, nil, nil)
		if to := page.Header.Get("Location"); page.Status != http.StatusSeeOther || !strings.HasPrefix(to, "/?next=") {
			t.Errorf("%s answers half a session with %d, to %q", door.Pattern, page.Status, to)
		}
	}
	if asked < 15 {
		t.Errorf("only %d doors ask who is there", asked)
	}
	if page := c.Post("/session/extend", nil); page.Status != http.StatusSeeOther {
		t.Errorf("extending half a session answers %d", page.Status)
	}
	h.Now = h.Now.Add(10 * time.Minute)
	if at := c.Get("/signin/second").Header.Get("Location"); at != "/" {
		t.Errorf("half a session lives after ten minutes, and leads to %q", at)
	}
}

func TestBackupCodeAtTheDoor(t *testing.T) {
	h := open(t)
	in := h.In(p1)
	h.app(in)
	in.Get("/me/factors").Want("您只有一種第二道驗證：遺失它就登入不了")
	codes := in.Get("/me/factors").Submit("產生備用碼").WantStatus(200).Want("只顯示這一次").Find("code")
	if len(codes) != 10 {
		t.Fatalf("%d codes are shown", len(codes))
	}
	in.Get("/me/factors").Want("還剩 10 組")
	h.letters = nil
	_, page := h.half(p1, "")
	page.Fill("備用碼", codes[3].Text()).Submit("用備用碼").WantStatus(200).Want("歡迎使用")
	if len(h.letters) != 1 || !strings.Contains(h.letters[0], "還剩 9 組") {
		t.Errorf("the person is told %q", h.letters)
	}
	_, page = h.half(p1, "")
	page.Fill("備用碼", codes[3].Text()).Submit("用備用碼").WantStatus(422)
	in.Get("/me/factors").Submit("產生新的一組（舊的作廢）").WantStatus(200)
	_, page = h.half(p1, "")
	page.Fill("備用碼", codes[4].Text()).Submit("用備用碼").WantStatus(422)
}

func TestConfirm(t *testing.T) {
	h := open(t, func(s *web.Site) {
		s.Handle("GET /me/binding", web.SignedIn, func(r *web.Request) error {
			if err := factors.Confirmed(r); err != nil {
				return err
			}
			return r.JSON(http.StatusOK, "open")
		})
		s.Handle("POST /me/binding", web.SignedIn, func(r *web.Request) error {
			if err := factors.Confirmed(r); err != nil {
				return err
			}
			return r.JSON(http.StatusOK, r.Form().Get("what"))
		})
	})
	c := h.In(p1)
	c.Get("/me/binding?of=card").WantStatus(200).Want("open")
	h.Now = h.Now.Add(11 * time.Minute)
	page := c.Get("/me/binding?of=card").WantStatus(200).Want("確認是您本人", "十分鐘內不會再問")
	if page.URL != "/me/confirm?next=%2Fme%2Fbinding%3Fof%3Dcard" {
		t.Errorf("we are at %s", page.URL)
	}
	page.Submit("用密碼確認").WantStatus(422).Want("輸入密碼")
	page = page.Fill("密碼", "Wrong-2026-password").Submit("用密碼確認").WantStatus(422).Want("重新輸入密碼")
	page.Fill("密碼", accounts.DemoPassword).Submit("用密碼確認").WantStatus(200).Want("open")

	// What was typed waits on the page.
	h.Now = h.Now.Add(11 * time.Minute)
	page = c.Post("/me/binding", url.Values{"what": {"a card"}}).WantStatus(401).Want("確認是您本人，再送出")
	page.Follow("確認是您本人").Fill("密碼", accounts.DemoPassword).Submit("用密碼確認").WantStatus(200)
	page.Submit("再送出一次").WantStatus(200).Want("a card")

	// A code proves two factors, and is asked for by a script in words.
	secret := h.app(c)
	h.Now = h.Now.Add(11 * time.Minute)
	c.Do("GET", "/me/binding", nil, http.Header{"Accept": {"application/json"}}).WantStatus(401).Want("/me/confirm")
	page = c.Get("/me/binding")
	page.Fill("驗證碼", factors.CodeFor(secret, h.Now)).Submit("用驗證碼確認").WantStatus(200).Want("open")

	// Guesses of the password count.
	h.Now = h.Now.Add(30 * time.Minute)
	_, step := h.half(p1, "")
	step.Fill("驗證碼", factors.CodeFor(secret, h.Now)).Submit("登錄").WantStatus(200)
	other := h.In(p2)
	for range 5 {
		other.Get("/me/confirm").Fill("密碼", "Wrong-2026-password").Submit("用密碼確認").WantStatus(422)
	}
	other.Get("/me/confirm").Fill("密碼", accounts.DemoPassword).Submit("用密碼確認").WantStatus(429)
	if at := other.Get("/me/confirm?next=//elsewhere.example").Find("input[name=next]")[0].Attr("value"); at != "/me" {
		t.Errorf("the proof leads to %s", at)
	}
}

// key is a passkey and what holds it.
type key struct {
	h    *hall
	site virtualwebauthn.RelyingParty
	auth virtualwebauthn.Authenticator
	cred virtualwebauthn.Credential
}

func (h *hall) key() *key {
	return &key{h, virtualwebauthn.RelyingParty{ID: "cloudbm.test", Name: "cloudbm", Origin: webtest.Base}, virtualwebauthn.NewAuthenticator(), pair()}
}

// pair is a pair of keys whose coordinates fill their 32 bytes: the library writes shorter ones without their zeros, as
// no authenticator does.
func pair() virtualwebauthn.Credential {
	for {
		if c := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2); len(c.Key.AttestationData()) == 77 {
			return c
		}
	}
}

func (k *key) ask(c *webtest.Client, at string) string {
	k.h.T.Helper()
	return string(c.Do("POST", at+"/challenge", nil, http.Header{"Accept": {"application/json"}}).WantStatus(200).Body)
}

// made is what a browser answers when a new passkey was made.
func (k *key) made(options string) string {
	k.h.T.Helper()
	o, err := virtualwebauthn.ParseAttestationOptions(options)
	if err != nil {
		k.h.T.Fatal(err)
	}
	k.auth.Options.UserHandle = []byte(o.UserID)
	return virtualwebauthn.CreateAttestationResponse(k.site, k.auth, k.cred, *o)
}

// used is what a browser answers when the passkey was used.
func (k *key) used(options string) string {
	k.h.T.Helper()
	o, err := virtualwebauthn.ParseAssertionOptions(options)
	if err != nil {
		k.h.T.Fatal(err)
	}
	k.cred.Counter++
	return virtualwebauthn.CreateAssertionResponse(k.site, k.auth, k.cred, *o)
}

func (k *key) add(c *webtest.Client, name string) *webtest.Page {
	k.h.T.Helper()
	return c.Post("/me/factors/passkey", url.Values{"name": {name}, "passkey": {k.made(k.ask(c, "/me/factors/passkey"))}})
}

func (k *key) signIn(c *webtest.Client) *webtest.Page {
	k.h.T.Helper()
	return c.Post("/signin/passkey", url.Values{"passkey": {k.used(k.ask(c, "/signin/passkey"))}, "next": {"/me"}})
}

func TestPasskeys(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := on(t, db)
		c, k := h.In(p1), h.key()
		k.add(c, "").WantStatus(422).Want("替這把通行金鑰取個名字")
		k.add(c, "我的手機").WantStatus(200).Want("已加入通行金鑰", "我的手機", "還沒用過")
		if len(h.letters) != 1 || !strings.Contains(h.letters[0], "加入了通行金鑰「我的手機」") {
			t.Errorf("the person is told %q", h.letters)
		}
		again := k.made(k.ask(c, "/me/factors/passkey"))
		c.Post("/me/factors/passkey", url.Values{"name": {"再一次"}, "passkey": {again}}).WantStatus(422).Want("已經登記過")

		// Signing in by it alone is two factors.
		in := h.Visitor()
		k.signIn(in).WantStatus(200).Want("使用者資訊", "已用通行金鑰登錄")
		in.Get("/me/devices").Want("通行金鑰")
		strong := false
		h.Do(func(tx *store.Tx) error {
			p, err := accounts.ByEmail(tx, p1)
			if err != nil {
				return err
			}
			all, err := accounts.Sessions(tx, p.ID)
			for _, s := range all {
				strong = strong || s.Door == accounts.Passkey && s.Strong
			}
			return err
		})
		if !strong {
			t.Error("a session opened by passkey is not strong")
		}

		// As the second step, and to confirm.
		d, _ := h.half(p1, "/me")
		d.Post("/signin/second", url.Values{"passkey": {k.used(k.ask(d, "/signin/second"))}, "next": {"/me"}}).WantStatus(200).Want("使用者資訊")
		h.Now = h.Now.Add(11 * time.Minute)
		d.Post("/me/factors/app", nil).WantStatus(200).Want("確認是您本人")
		d.Do("POST", "/me/factors/passkey/challenge", nil, http.Header{"Accept": {"application/json"}}).WantStatus(401)
		d.Post("/me/confirm", url.Values{"passkey": {k.used(k.ask(d, "/me/confirm"))}, "next": {"/me/factors"}}).WantStatus(200).Want("已確認是您本人", "我的手機")

		d.Get("/me/factors").Submit("移除 我的手機").WantStatus(200).Want("已移除")
		k.signIn(h.Visitor()).WantStatus(422).Want("對不上")
	})
}

func TestPasskeyRefusals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := on(t, db)
		c, k := h.In(p1), h.key()
		k.add(c, "我的手機").WantStatus(200)
		post := func(c *webtest.Client, answer string) *webtest.Page {
			return c.Post("/signin/passkey", url.Values{"passkey": {answer}})
		}
		outside := func(why string, page *webtest.Page) {
			t.Helper()
			if page.Status != 422 {
				t.Errorf("%s: %d at %s", why, page.Status, page.URL)
			}
		}

		v := h.Visitor()
		answer := k.used(k.ask(v, "/signin/passkey"))
		kept := v.Cookie("__Host-passkey")
		outside("another browser's challenge", post(h.Visitor(), answer))
		if post(v, answer).WantStatus(200).URL != "/home" {
			t.Error("the answer is not taken")
		}
		v = h.Visitor()
		v.SetCookie("__Host-passkey", kept)
		outside("a challenge answered before", post(v, answer))

		v = h.Visitor()
		k.cred.Counter -= 2
		outside("a counter that ran backwards", k.signIn(v).Want("可能被複製了"))
		h.Do(func(tx *store.Tx) error {
			found, err := accounts.Entries(tx, accounts.Search{What: "factor.copied", Limit: 5})
			if len(found) != 1 {
				t.Errorf("the copy is noted %d times", len(found))
			}
			return err
		})
		k.cred.Counter += 9

		other := *k
		other.site.Origin = "https://other.test"
		outside("another origin", other.signIn(h.Visitor()))
		other = *k
		other.site.Origin = webtest.Base + ":8443"
		outside("another port", other.signIn(h.Visitor()))
		other = *k
		other.site.ID = "other.test"
		outside("another site", other.signIn(h.Visitor()))
		other = *k
		other.auth.Options.UserNotVerified = true
		outside("nobody's finger", other.signIn(h.Visitor()))
		other = *k
		other.auth.Options.UserHandle = []byte("somebody else")
		outside("another person's name", other.signIn(h.Visitor()))
		other = *k
		other.cred.Key = pair().Key
		outside("another key", other.signIn(h.Visitor()))

		v = h.Visitor()
		asked := k.ask(v, "/signin/passkey")
		h.Now = h.Now.Add(6 * time.Minute)
		outside("an answer after six minutes", post(v, k.used(asked)))

		// What was asked for one thing answers no other.
		h.Now = h.Now.Add(6 * time.Minute)
		d, _ := h.half(p1, "")
		asked = k.ask(d, "/signin/passkey")
		outside("a sign-in as the second step", d.Post("/signin/second", url.Values{"passkey": {k.used(asked)}}))
		d, _ = h.half(p1, "")
		asked = k.ask(d, "/signin/second")
		outside("a second step as a sign-in", post(d, k.used(asked)))
		e, _ := h.half(p1, "")
		asked = k.ask(d, "/signin/second")
		e.SetCookie("__Host-passkey", d.Cookie("__Host-passkey"))
		outside("one session's challenge in another", e.Post("/signin/second", url.Values{"passkey": {k.used(asked)}}))

		// A session keeps its id when it becomes whole; what it was asked for does not change with it.
		c.Post("/me/confirm", url.Values{"passkey": {k.used(k.ask(c, "/me/confirm"))}}).WantStatus(200)
		secret := h.app(c)
		d, step := h.half(p1, "")
		asked = k.ask(d, "/signin/second")
		step.Fill("驗證碼", factors.CodeFor(secret, h.Now)).Submit("登錄").WantStatus(200)
		outside("a second step as a proof", d.Post("/me/confirm", url.Values{"passkey": {k.used(asked)}}))

		// Somebody else's passkey is no second step of mine.
		mine, two := h.key(), h.In(p2)
		mine.add(two, "別人的").WantStatus(200)
		d, _ = h.half(p1, "")
		outside("another's passkey", d.Post("/signin/second", url.Values{"passkey": {mine.used(k.ask(d, "/signin/second"))}}))
		for _, junk := range []string{"", "{}", "null", `{"id":"x"}`, strings.Repeat("[", 9999)} {
			v = h.Visitor()
			k.ask(v, "/signin/passkey")
			outside("junk", post(v, junk))
			d, _ = h.half(p1, "")
			k.ask(d, "/signin/second")
			outside("junk", d.Post("/signin/second", url.Values{"passkey": {junk}}))
			k.ask(two, "/me/factors/passkey")
			outside("junk", two.Post("/me/factors/passkey", url.Values{"name": {"x"}, "passkey": {junk}}))
		}

		// A disabled account stays closed, whatever opens it.
		h.Do(func(tx *store.Tx) error {
			p, err := accounts.ByEmail(tx, p1)
			if err != nil {
				return err
			}
			return accounts.Disable(tx, permit.System, p.ID, "test")
		})
		if page := k.signIn(h.Visitor()); page.Status != 403 {
			t.Errorf("a disabled account's passkey answers %d", page.Status)
		}
	})
}

func TestResetOnThePage(t *testing.T) {
	h := open(t)
	h.app(h.In(p1))
	h.app(h.In(p2))
	var id string
	h.Do(func(tx *store.Tx) error {
		p, err := accounts.ByEmail(tx, p1)
		id = p.ID
		return err
	})
	at := "/admin/people/" + id + "/factors"
	h.whole(p2).Get(at).WantStatus(403).Want("由系統管理者來做這件事")

	who := h.Site.Who
	h.Site.Who = func(q *http.Request) (permit.Actor, error) {
		a, err := who(q)
		a.Admin = a.Email == p2
		return a, err
	}
	h.letters = nil
	page := h.whole(p2).Get(at).WantStatus(200).Want("驗證器")
	page.Submit("重設第二道驗證").WantStatus(422).Want("寫下如何核對了身分")
	h.whole(p2).Get(at).Fill("如何核對了身分", "本人攜證到場").Submit("重設第二道驗證")
	if len(h.letters) != 1 || !strings.HasPrefix(h.letters[0], p1) || !strings.Contains(h.letters[0], "重設") {
		t.Errorf("the person is told %q", h.letters)
	}
	h.In(p1).Get("/home").WantStatus(200).Want("歡迎使用") // by password alone again

	h.Site.Who = func(q *http.Request) (permit.Actor, error) {
		a, err := who(q)
		a.Waiting = a.Email == p2
		return a, err
	}
	h.whole(p2).Get(at).WantStatus(403).Want("先設定第二道驗證，才能辦理機關的工作").Follow("設定第二道驗證").WantStatus(200).Want("您有機關的職務", "您已經有第二道驗證")
}

// whole is somebody signed in with the second step too.
func (h *hall) whole(email string) *webtest.Client {
	h.T.Helper()
	c := h.Visitor()
	h.Do(func(tx *store.Tx) error {
		p, err := accounts.ByEmail(tx, email)
		if err != nil {
			return err
		}
		token, err := factorstest.Begin(tx, p.ID, accounts.Source{})
		c.SetCookie(session, token)
		return err
	})
	return c
}

func TestDemoCodes(t *testing.T) {
	h := open(t)
	h.Visitor().Get("/demo/codes").WantStatus(404).Want("示範驗證器只在示範環境開放")
	h.Site.Production = false
	h.Do(func(tx *store.Tx) error {
		for _, p := range accounts.DemoPeople[2:] {
			if _, err := accounts.New(tx, p); err != nil {
				return err
			}
		}
		p, err := accounts.ByEmail(tx, p1)
		if err != nil {
			return err
		}
		return accounts.Officer(tx, p.ID, true, 15)
	})
	h.Do(factors.Seed)
	h.Do(factors.Seed)
	code, err := factors.DemoCode(p1, h.Now)
	if err != nil {
		t.Fatal(err)
	}
	page := h.Visitor().Get("/demo/codes").WantStatus(200).Want(p1, code[:3]+" "+code[3:])
	if page.Has(p2) {
		t.Error("people without an authenticator are on the page")
	}
}
