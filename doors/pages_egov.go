package doors

import (
	"net/http"
	"strings"
	"time"

	"cloudbm/accounts"
	"cloudbm/factors"
	"cloudbm/fault"
	"cloudbm/openid"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

// binding begins where an attempt goes that binds instead of signing in; the session it was begun in follows.
const binding = "bind "

const (
	arrivalCookie = "arrival"
	onwardCookie  = "onward" // where somebody was going, for when they do not come through
)

// startEGov sends the browser to 我的e政府: to sign in, or, for somebody who has signed in, to bind an account (前往綁定) or
// to prove once more who they are. Those two ask for a sign-in made now: the browser may still be another's there.
func (d Room) startEGov(r *web.Request) error {
	ask := openid.Ask{Next: accounts.Next(r), Locale: string(r.Lang())}
	if r.Actor.SignedIn() {
		ask.Prompt = "login"
		if r.Form().Get("next") == "" {
			if err := factors.Confirmed(r); err != nil {
				return err
			}
			ask.Next = binding + r.Actor.Session
		}
	}
	keep(r, onwardCookie, accounts.Next(r), arrivalLife)
	return otherWays(d.EGov.Start(r, ask), accounts.Next(r))
}

// otherWays leads whoever does not come through to the other doors, and on to where they were going.
func otherWays(err error, next string) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	g := *f
	return g.To("其他登錄方式", "Other ways to sign in", accounts.WithNext("/", next))
}

// finishEGov is where 我的e政府 sends the browser back.
func (d Room) finishEGov(r *web.Request) error {
	who, err := d.EGov.Finish(r)
	if err != nil {
		return otherWays(err, web.Local(kept(r, onwardCookie)))
	}
	if session, binds := strings.CutPrefix(who.Next, binding); binds {
		if session == r.Actor.Session {
			return d.bind(r, who)
		}
		who.Next = "/me#doors" // the session in which it was begun has ended
	}
	var keys accounts.Keys
	var arrival string
	err = r.Do(func(tx *store.Tx) (err error) {
		keys, arrival, err = Arrive(tx, who, accounts.SourceOf(r))
		return err
	})
	if err != nil {
		return err
	}
	if arrival != "" {
		keep(r, arrivalCookie, arrival, arrivalLife)
		return r.Redirect(welcome)
	}
	return enter(r, keys, web.Local(who.Next))
}

// enter goes on as whom the keys are for, by the second step if that is due.
func enter(r *web.Request, keys accounts.Keys, next string) error {
	keys.Keep(r)
	if keys.Due {
		return r.Redirect(accounts.WithNext(accounts.SecondStep, next))
	}
	r.Flash(say.F("已用%s登錄", "You have signed in with %s", keys.Door.Name()))
	return r.Redirect(next)
}

func (d Room) bind(r *web.Request, who openid.Identity) error {
	err := r.Do(func(tx *store.Tx) error {
		if err := Bind(tx, r.Actor, who); err != nil {
			return err
		}
		return d.tellBound(tx, r.Actor.Person, who)
	})
	if err != nil {
		return err
	}
	r.Flash(say.F("已綁定我的e政府帳號 %s，下次可以用它登錄", "The MyEGov account %s is bound; you can sign in with it", label(who)))
	return r.Redirect("/me#doors")
}

// tellBound lets somebody know that there is a new way in, in case it was not them.
func (d Room) tellBound(tx *store.Tx, person string, who openid.Identity) error {
	return d.tell(tx, person, say.T("您的帳號多了一種登錄方式", "A new way to sign in to your account"),
		say.F("我的e政府帳號 %s 已綁定到您的帳號，之後可以用它登錄。不是您做的話，請立刻登錄後到「使用者資訊」解除綁定並修改密碼。",
			"The MyEGov account %s is now bound to your account and can be used to sign in. If this was not you, sign in at once, unbind it under “User information” and change your password.", label(who)))
}

// tell writes to every address at which the person can be reached.
func (d Room) tell(tx *store.Tx, person string, subject, body say.Text) error {
	p, err := accounts.Find(tx, person)
	if err != nil || d.Letter == nil {
		return err
	}
	for _, address := range p.Addresses() {
		p.Contact = address
		if err := d.Letter(tx, p, subject, body); err != nil {
			return err
		}
	}
	return nil
}

// Unbind takes a way in away from by (解除綁定) and tells them, in case it was not them.
func (d Room) Unbind(tx *store.Tx, by permit.Actor, id string) error {
	b, err := Unbind(tx, by, id)
	if err != nil {
		return err
	}
	return d.tell(tx, by.Person, say.T("您的帳號少了一種登錄方式", "A way to sign in to your account is gone"),
		say.F("%s %s 已從您的帳號解除綁定，不能再用來登錄。不是您做的話，請立刻修改密碼並聯絡主管機關。",
			"%s %s was unbound from your account and cannot be used to sign in any more. If this was not you, change your password at once and contact the authority.", b.Door.Name(), b.Label))
}

// keep puts something into the browser for a while; a negative one takes it away.
func keep(r *web.Request, name, value string, life time.Duration) {
	http.SetCookie(r.W, &http.Cookie{Name: r.Site.CookieName(name), Value: value, Path: "/", MaxAge: int(life / time.Second),
		HttpOnly: true, Secure: r.Site.Production || r.TLS != nil, SameSite: http.SameSiteLaxMode})
}

// kept is what keep put into this browser, empty if nothing.
func kept(r *web.Request, name string) string {
	c, err := r.Cookie(r.Site.CookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// arrived is the secret of the arrival of this browser.
func arrived(r *web.Request) string { return kept(r, arrivalCookie) }

// waiting is the arrival of this browser; who has none, or stayed too long, starts again at the door.
func waiting(r *web.Request) (who openid.Identity, err error) {
	err = r.Look(func(tx *store.Tx) (err error) {
		who, err = Waiting(tx, arrived(r))
		return err
	})
	return who, err
}

// askWelcome asks somebody new what they want: an account here, or the one they have.
func (d Room) askWelcome(r *web.Request) error {
	if r.Actor.SignedIn() && arrived(r) == "" {
		return r.Redirect("/home")
	}
	who, err := waiting(r)
	if err != nil {
		return err
	}
	title := say.T("第一次使用我的e政府登錄", "Your first sign-in with MyEGov")
	return r.Draw(web.Page{Title: title, Func: "SSO10510", Crumbs: []web.Crumb{{Text: title}}}, welcomeView(who, d.Letter != nil))
}

// settle makes somebody new a person, and goes on to the 備用帳號 or to where they were going.
func (d Room) settle(r *web.Request) error {
	who, err := waiting(r)
	if err != nil {
		return err
	}
	var keys accounts.Keys
	err = r.Do(func(tx *store.Tx) (err error) {
		keys, err = Settle(tx, arrived(r), accounts.SourceOf(r))
		return err
	})
	if err != nil {
		return err
	}
	keep(r, arrivalCookie, "", -time.Second)
	next := web.Local(who.Next)
	if r.Form().Get("then") == "backup" {
		next = BackupURL
	}
	return enter(r, keys, next)
}

// askJoin asks whoever has just signed in to the account they have whether to bind 我的e政府 to it.
func (d Room) askJoin(r *web.Request) error { return d.drawJoin(r, nil) }

func (d Room) drawJoin(r *web.Request, f *fault.Fault) error {
	who, err := waiting(r)
	if err != nil {
		return err
	}
	title := say.T("綁定我的e政府", "Bind MyEGov")
	return r.Draw(web.Page{Title: title, Func: "SSO10512", Fault: f, Crumbs: []web.Crumb{{Text: title}}}, joinView(f, who, r.Actor))
}

func (d Room) join(r *web.Request) error {
	var who openid.Identity
	err := r.Do(func(tx *store.Tx) (err error) {
		if who, err = Join(tx, r.Actor, arrived(r)); err != nil {
			return err
		}
		return d.tellBound(tx, r.Actor.Person, who)
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.Conflict {
		return d.drawJoin(r, f)
	}
	if err != nil {
		return err
	}
	keep(r, arrivalCookie, "", -time.Second)
	r.Flash(say.F("已綁定我的e政府帳號 %s，下次可以用它登錄", "The MyEGov account %s is bound; you can sign in with it", label(who)))
	return r.Redirect(web.Local(who.Next))
}
