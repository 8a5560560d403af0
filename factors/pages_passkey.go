package factors

import (
	"net/http"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

// challenge answers a script that wants a passkey used for p.
func (d Room) challenge(p purpose) web.Handler {
	return func(r *web.Request) error {
		if d.passkeys == nil {
			return notHere
		}
		var options any
		var secret string
		err := r.Do(func(tx *store.Tx) (err error) {
			person, session := r.Actor.Person, r.Actor.Session
			switch p {
			case toAdd:
				err = Proved(tx, r.Actor)
			case toSignIn:
				person, session = "", ""
				err = web.Limit(tx, "passkey challenge", r.IP(), 300, 15*time.Minute)
			case toFinish:
				var s accounts.Session
				s, _, err = accounts.HalfHere(tx, r)
				person, session = s.Person, s.ID
			}
			if err != nil {
				return err
			}
			options, secret, err = ask(tx, d.passkeys, p, person, session)
			return err
		})
		if err != nil {
			return err
		}
		keep(r, secret, int(challengeLife.Seconds()))
		return r.JSON(http.StatusOK, options)
	}
}

var notHere = fault.Of(fault.Unavailable, "改用驗證器：這個網址還不能用通行金鑰，系統要有網域名稱", "Use an authenticator: passkeys need a site with a domain name")

const challengeCookie = "passkey"

// keep leaves the secret of a challenge in the browser it was given to.
func keep(r *web.Request, secret string, age int) {
	http.SetCookie(r.W, &http.Cookie{Name: r.Site.CookieName(challengeCookie), Value: secret, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: r.Site.Production || r.TLS != nil, SameSite: http.SameSiteStrictMode})
}

// taken takes the challenge of the request away, which was given for p in that session.
func (d Room) taken(r *web.Request, p purpose, session string, data *webauthn.SessionData) error {
	if d.passkeys == nil {
		return notHere
	}
	c, err := r.Cookie(r.Site.CookieName(challengeCookie))
	if err != nil {
		return tooLate
	}
	keep(r, "", -1)
	return r.Do(func(tx *store.Tx) (err error) {
		*data, err = asked(tx, c.Value, p, session)
		return err
	})
}

// passkeyed takes the answer of a passkey to a challenge for p, and does then for the person whose it is.
func (d Room) passkeyed(r *web.Request, p purpose, session string, then func(tx *store.Tx, person string) error) error {
	var data webauthn.SessionData
	if err := d.taken(r, p, session, &data); err != nil {
		return err
	}
	var refused *fault.Fault
	err := r.Do(func(tx *store.Tx) error {
		person, no, err := known(tx, d.passkeys, data, r.Form().Get("passkey"))
		if refused = no; err != nil || no != nil {
			return err
		}
		return then(tx, person)
	})
	if err == nil && refused != nil {
		return refused
	}
	return err
}

// signIn signs somebody in whom their passkey names: it is two factors in itself.
func (d Room) signIn(r *web.Request) error {
	var keys accounts.Keys
	err := d.passkeyed(r, toSignIn, "", func(tx *store.Tx, person string) (err error) {
		keys.Session, err = accounts.Begin(tx, person, accounts.Passkey, accounts.SourceOf(r))
		return err
	})
	if f, ok := fault.As(err); ok {
		return accounts.DrawSignIn(r, f)
	}
	if err != nil {
		return err
	}
	keys.Keep(r)
	r.Flash(say.T("已用通行金鑰登錄", "You have signed in with your passkey"))
	return r.Redirect(accounts.Next(r))
}
