package accounts

import (
	"strings"
	"time"

	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

func drawPassword(r *web.Request, f *fault.Fault) error {
	var has bool
	err := r.Look(func(tx *store.Tx) (err error) {
		has, err = HasPassword(tx, r.Actor.Person)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: say.T("修改密碼", "Change the password"), Func: "SSO11200", Fault: f,
		Crumbs: []web.Crumb{{Text: say.T("使用者資訊", "User information"), URL: "/me"}, {Text: say.T("修改密碼", "Change the password")}}},
		passwordView(f, has, r.Actor.Email))
}

func showPassword(r *web.Request) error { return drawPassword(r, nil) }

func changePassword(r *web.Request) error {
	form := r.Form()
	var p Person
	// Guesses of the present password count like sign-ins, also when they fail.
	err := r.Do(func(tx *store.Tx) error {
		return web.Limit(tx, "change password", r.Actor.Person, 10, 15*time.Minute)
	})
	if err == nil {
		err = r.Do(func(tx *store.Tx) (err error) {
			if p, err = Find(tx, r.Actor.Person); err != nil {
				return err
			}
			return ChangePassword(tx, r.Actor, form.Get("old-password"), form.Get("password"))
		})
	}
	if f, ok := fault.As(err); ok {
		return drawPassword(r, f)
	}
	if err != nil {
		return err
	}
	r.Flash(advice(p, form.Get("password"), say.T("密碼已修改，其他裝置都已登出", "The password is changed; all other devices are signed out")))
	return r.Redirect("/me")
}

// advice adds to a confirmation that a password, though taken, is easy to guess.
func advice(p Person, password string, done say.Text) say.Text {
	if Strength(p, password) >= 2 {
		return done
	}
	return say.F("%s。這個密碼比較容易被猜到，建議改用幾個不相干的詞組成的長密碼",
		"%s. This password is rather easy to guess; a phrase of several unrelated words would be better", done)
}

func showDevices(r *web.Request) error {
	var all []Session
	err := r.Look(func(tx *store.Tx) (err error) {
		all, err = Sessions(tx, r.Actor.Person)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: say.T("我的登入裝置", "My signed-in devices"), Func: "SSO11300",
		Crumbs: []web.Crumb{{Text: say.T("使用者資訊", "User information"), URL: "/me"}, {Text: say.T("我的登入裝置", "My signed-in devices")}}},
		devicesView(all, r.Actor.Session))
}

func endDevices(r *web.Request) error {
	id := r.Form().Get("session")
	err := r.Do(func(tx *store.Tx) error {
		if id == "others" {
			return SignOutEverywhere(tx, r.Actor)
		}
		return EndSession(tx, r.Actor, id)
	})
	if err != nil {
		return err
	}
	if id == r.Actor.Session {
		setCookie(r, sessionCookie, "", -1)
		return r.Redirect("/signed-out")
	}
	r.Flash(say.T("已登出該裝置", "The device is signed out"))
	return r.Redirect("/me/devices")
}

// deviceName is a browser and its system in a few words.
func deviceName(agent string) say.Text {
	find := func(names ...[2]string) string {
		for _, n := range names {
			if strings.Contains(agent, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	browser := find([2]string{"Edg/", "Edge"}, [2]string{"OPR/", "Opera"}, [2]string{"Firefox/", "Firefox"}, [2]string{"Chrome/", "Chrome"}, [2]string{"Safari/", "Safari"})
	system := find([2]string{"Windows", "Windows"}, [2]string{"iPhone", "iPhone"}, [2]string{"iPad", "iPad"}, [2]string{"Android", "Android"}, [2]string{"Mac OS", "macOS"}, [2]string{"Linux", "Linux"})
	if browser == "" && system == "" {
		return say.T("其他裝置", "Another device")
	}
	return say.Same(strings.TrimSpace(browser + " " + system))
}

func (d Room) askLink(r *web.Request) error { return d.drawLink(r, nil) }

func (d Room) drawLink(r *web.Request, f *fault.Fault) error {
	return r.Draw(web.Page{Title: say.T("忘記密碼", "Forgotten password"), Func: "SSO10400", Fault: f, Crumbs: crumb("忘記密碼", "Forgotten password")},
		linkView(f, d.Letter != nil, r.Form().Get("email")))
}

// sendLink answers the same whether or not the address is known.
func (d Room) sendLink(r *web.Request) error {
	if d.Letter == nil {
		return r.Redirect("/password")
	}
	email := r.Form().Get("email")
	if email == "" {
		return d.drawLink(r, fault.Bad("email", "輸入電子郵件地址", "Enter your e-mail address"))
	}
	err := r.Do(func(tx *store.Tx) error {
		if err := web.Limit(tx, "password link", mark(r.IP()), 10, time.Hour); err != nil {
			return err
		}
		return jobs.Later(tx, linkAsked{cut(email, 300), r.IP()})
	})
	if f, ok := fault.As(err); ok {
		return d.drawLink(r, f)
	}
	if err != nil {
		return err
	}
	r.Flash(say.T("如果這個地址有帳號，設定密碼的連結已經寄出，30 分鐘內有效", "If the address has an account, a link for setting a password is on its way. It works for 30 minutes"))
	return r.Redirect("/signin")
}

func drawSet(r *web.Request, p Person, f *fault.Fault) error {
	return r.Draw(web.Page{Title: say.T("設定密碼", "Set a password"), Func: "SSO10410", Fault: f, Crumbs: crumb("設定密碼", "Set a password")},
		setView(f, p))
}

func askPassword(r *web.Request) error {
	var p Person
	err := r.Look(func(tx *store.Tx) (err error) {
		p, err = Linked(tx, r.PathValue("secret"))
		return err
	})
	if err != nil {
		return err
	}
	return drawSet(r, p, nil)
}

func setPassword(r *web.Request) error {
	var p Person
	var keys Keys
	password := r.Form().Get("password")
	err := r.Do(func(tx *store.Tx) (err error) {
		if p, err = Linked(tx, r.PathValue("secret")); err != nil {
			return err
		}
		keys, err = UseLink(tx, r.PathValue("secret"), password, SourceOf(r))
		return err
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		return drawSet(r, p, f)
	}
	if err != nil {
		return err
	}
	keys.Keep(r)
	if keys.Due {
		return r.Redirect(SecondStep)
	}
	r.Flash(advice(p, password, say.T("密碼已設定，您已登錄", "The password is set and you are signed in")))
	return r.Redirect("/home")
}
