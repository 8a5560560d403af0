package factors

import (
	"github.com/go-webauthn/webauthn/webauthn"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

// Room is the pages of second factors. The zero value works, without passkeys.
type Room struct {
	Base     string // address of the site: passkeys are for its host and its origin alone
	Required bool   // officers need a second factor
	// Letter sends a letter to a person; nil: changes are told on the page only.
	Letter func(tx *store.Tx, to accounts.Person, subject, body say.Text) error

	passkeys *webauthn.WebAuthn // nil: no name of a host to be for
}

// Mount opens the doors.
func (d Room) Mount(s *web.Site) {
	if w, err := site(d.Base, accounts.PlatformName.Zh); err == nil {
		d.passkeys = w
	}
	s.Handle("GET /signin/second", web.Anyone, d.askSecond)
	s.Handle("POST /signin/second", web.Anyone, d.takeSecond)
	s.Handle("POST /signin/second/challenge", web.Anyone, d.challenge(toFinish))
	s.Handle("POST /signin/passkey", web.Anyone, d.signIn)
	s.Handle("POST /signin/passkey/challenge", web.Anyone, d.challenge(toSignIn))

	s.Handle("GET /me/confirm", web.SignedIn, d.askConfirm)
	s.Handle("POST /me/confirm", web.SignedIn, d.confirm)
	s.Handle("POST /me/confirm/challenge", web.SignedIn, d.challenge(toConfirm))

	s.Handle("GET /me/factors", web.SignedIn, d.show)
	s.Handle("POST /me/factors/passkey", web.SignedIn, d.addPasskey)
	s.Handle("POST /me/factors/passkey/challenge", web.SignedIn, d.challenge(toAdd))
	s.Handle("POST /me/factors/app", web.SignedIn, d.setUp)
	s.Handle("GET /me/factors/app", web.SignedIn, d.showSetUp)
	s.Handle("POST /me/factors/app/code", web.SignedIn, d.finishSetUp)
	s.Handle("POST /me/factors/codes", web.SignedIn, d.newCodes)
	s.Handle("POST /me/factors/removal", web.SignedIn, d.remove)

	s.Handle("GET /admin/people/{id}/factors", administrator, d.showReset)
	s.Handle("POST /admin/people/{id}/factors", administrator, d.reset)
	s.Handle("GET /demo/codes", web.Anyone, showDemo)
}

var factorsName = say.T("第二道驗證", "Second factors")

func mine(last ...web.Crumb) []web.Crumb {
	return append([]web.Crumb{{Text: say.T("使用者資訊", "User information"), URL: "/me"}}, last...)
}

// mySet is the page of one's own second factors.
type mySet struct {
	Factors
	Fault   *fault.Fault
	Name    string // typed for a new passkey
	Here    bool   // passkeys can be used at this address
	Officer bool   // needs one
	Waiting bool   // has duties that wait for it
}

func (d Room) draw(r *web.Request, f *fault.Fault) error {
	p := mySet{Fault: f, Name: r.Form().Get("name"), Here: d.passkeys != nil, Waiting: r.Actor.Waiting}
	err := r.Look(func(tx *store.Tx) error {
		who, err := accounts.Find(tx, r.Actor.Person)
		if err != nil {
			return err
		}
		p.Officer = d.Required && who.Officer
		p.Factors, err = Of(tx, r.Actor.Person)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: factorsName, Func: "SSO11400", Fault: f, Scripts: []string{"passkey"}, Crumbs: mine(web.Crumb{Text: factorsName})}, setView(p))
}

func (d Room) show(r *web.Request) error { return d.draw(r, nil) }

// answered goes on to the page of one's factors, or draws it with the refusal.
func (d Room) answered(r *web.Request, err error, done say.Text) error {
	if f, ok := fault.As(err); ok && f.Kind != fault.SignIn {
		return d.draw(r, f)
	}
	if err != nil {
		return err
	}
	r.Flash(done)
	return r.Redirect(FactorsURL)
}

func (d Room) addPasskey(r *web.Request) error {
	form := r.Form()
	var data webauthn.SessionData
	err := d.taken(r, toAdd, r.Actor.Session, &data)
	if err == nil {
		err = r.Do(func(tx *store.Tx) error {
			if err := AddPasskey(tx, r.Actor, d.passkeys, data, form.Get("name"), form.Get("passkey")); err != nil {
				return err
			}
			return d.told(tx, r.Actor.Person, say.F("加入了通行金鑰「%s」", "the passkey “%s” was added", form.Get("name")))
		})
	}
	return d.answered(r, err, say.T("已加入通行金鑰", "The passkey is added"))
}

func (d Room) setUp(r *web.Request) error {
	err := r.Do(func(tx *store.Tx) error { return SetUp(tx, r.Actor) })
	if err != nil {
		return err
	}
	return r.Redirect(FactorsURL + "/app")
}

func (d Room) showSetUp(r *web.Request) error { return d.drawSetUp(r, nil) }

func (d Room) drawSetUp(r *web.Request, f *fault.Fault) error {
	var secret string
	err := r.Look(func(tx *store.Tx) (err error) {
		if err := Proved(tx, r.Actor); err != nil {
			return err
		}
		_, secret, err = SettingUp(tx, r.Actor.Person)
		return err
	})
	if err != nil {
		return err
	}
	account := r.Actor.Email
	if account == "" {
		account = r.Actor.Name
	}
	c, err := cardOf(accounts.PlatformName.Zh, account, secret)
	if err != nil {
		return err
	}
	name := say.T("設定驗證器", "Set up an authenticator")
	return r.Draw(web.Page{Title: name, Func: "SSO11410", Fault: f, Crumbs: mine(web.Crumb{Text: factorsName, URL: FactorsURL}, web.Crumb{Text: name})}, setUpView(c, f))
}

func (d Room) finishSetUp(r *web.Request) error {
	err := r.Do(func(tx *store.Tx) error {
		if err := FinishSetUp(tx, r.Actor, r.Form().Get("code")); err != nil {
			return err
		}
		return d.told(tx, r.Actor.Person, say.T("設定了驗證器", "an authenticator was set up"))
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		return d.drawSetUp(r, f)
	}
	return d.answered(r, err, say.T("驗證器已經可以用了", "The authenticator is ready"))
}

// newCodes shows a new set of backup codes, this once.
func (d Room) newCodes(r *web.Request) error {
	var codes []string
	err := r.Do(func(tx *store.Tx) (err error) {
		if codes, err = NewCodes(tx, r.Actor); err != nil {
			return err
		}
		return d.told(tx, r.Actor.Person, say.T("產生了新的備用碼，舊的一組已經不能用", "new backup codes were made; the old set has ended"))
	})
	if err != nil {
		return d.answered(r, err, say.Text{})
	}
	name := say.T("備用碼", "Backup codes")
	return r.Draw(web.Page{Title: name, Func: "SSO11420", Crumbs: mine(web.Crumb{Text: factorsName, URL: FactorsURL}, web.Crumb{Text: name})}, codesView(codes, r.Actor.Name))
}

func (d Room) remove(r *web.Request) error {
	err := r.Do(func(tx *store.Tx) error {
		if err := Remove(tx, r.Actor, r.Form().Get("factor"), d.Required); err != nil {
			return err
		}
		return d.told(tx, r.Actor.Person, say.T("移除了一種第二道驗證", "a second factor was removed"))
	})
	return d.answered(r, err, say.T("已移除", "Removed"))
}

// told writes to the person what has happened to their ways in, in case it was not them.
func (d Room) told(tx *store.Tx, person string, what say.Text) error {
	if d.Letter == nil {
		return nil
	}
	p, err := accounts.Find(tx, person)
	if err != nil || p.Mail() == "" {
		return err
	}
	return d.Letter(tx, p, say.T("您的登入安全設定有變動", "Your sign-in settings have changed"),
		say.F("%s，您好。您的帳號%s。\n不是您做的話，馬上修改密碼、登出其他裝置，並通知系統管理者：\n%s", "Hello %s. On your account, %s.\nIf it was not you, change your password now, sign out all other devices and tell an administrator:\n%s",
			p.Name, what, d.Base+"/me/devices"))
}

func administrator(a permit.Actor) error {
	if err := AtWork(a); err != nil {
		return err
	}
	if !a.Admin {
		return onlyAdministrators
	}
	return nil
}

// resetPage is what an administrator sees of the second factors of somebody who has lost them.
type resetPage struct {
	accounts.Person
	Factors
	Why   string
	Fault *fault.Fault
}

func (d Room) showReset(r *web.Request) error { return d.drawReset(r, nil) }

func (d Room) drawReset(r *web.Request, f *fault.Fault) error {
	p := resetPage{Why: r.Form().Get("why"), Fault: f}
	err := r.Look(func(tx *store.Tx) (err error) {
		if p.Person, err = accounts.Find(tx, r.PathValue("id")); err != nil {
			return err
		}
		p.Factors, err = Of(tx, p.ID)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: factorsName, Func: "SYS40210", Fault: f, Crumbs: []web.Crumb{{Text: say.T("系統管理", "Administration"), URL: "/admin"},
		{Text: say.Same(p.Name), URL: "/admin/people/" + p.ID}, {Text: factorsName}}}, resetView(p))
}

func (d Room) reset(r *web.Request) error {
	id := r.PathValue("id")
	err := r.Do(func(tx *store.Tx) error {
		if err := Reset(tx, r.Actor, id, r.Form().Get("why")); err != nil {
			return err
		}
		return d.told(tx, id, say.T("的第二道驗證已由系統管理者在核對身分後重設；登入後重新設定", "the second factors were reset by an administrator who checked your identity; set up new ones after signing in"))
	})
	if f, ok := fault.As(err); ok {
		return d.drawReset(r, f)
	}
	if err != nil {
		return err
	}
	r.Flash(say.T("第二道驗證已重設，本人已收到通知", "The second factors are reset and the person has been told"))
	return r.Redirect("/admin/people/" + id)
}
