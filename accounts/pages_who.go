package accounts

import (
	"errors"
	"net/http"
	"strings"

	"cloudbm/permit"
	"cloudbm/store"
	"cloudbm/web"
)

const (
	sessionCookie = "session"
	deviceCookie  = "device"
)

// Who tells who is asking, by the session of the request, and lets that session live on; for roles.Who, which adds roles
// and seats. Nobody is signed in when the session has ended.
func Who(db *store.DB) func(*http.Request) (permit.Actor, error) {
	return func(q *http.Request) (permit.Actor, error) {
		a := permit.Actor{}
		name := sessionCookie
		if r := web.FromContext(q.Context()); r != nil {
			a.IP, name = r.IP(), r.Site.CookieName(sessionCookie)
		}
		c, err := q.Cookie(name)
		if err != nil || c.Value == "" {
			return a, nil
		}
		var s Session
		var p Person
		err = db.Read(q.Context(), func(tx *store.Tx) (err error) {
			s, p, err = Present(tx, c.Value)
			return err
		})
		if errors.Is(err, store.ErrNotFound) {
			return a, nil
		}
		if err != nil {
			return a, err
		}
		a.Person, a.Name, a.Email, a.Session, a.Strong = p.ID, p.Name, p.Mail(), s.ID, s.Strong
		if db.Now().Sub(s.Seen) < strict {
			return a, nil
		}
		return a, db.Write(q.Context(), func(tx *store.Tx) error { return touchSession(tx, s.ID) })
	}
}

// setCookie keeps a secret in the browser: bound to this host when served over HTTPS, out of reach of scripts, and not
// sent along from other sites.
func setCookie(r *web.Request, name, value string, age int) {
	http.SetCookie(r.W, &http.Cookie{
		Name: r.Site.CookieName(name), Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: r.Site.Production || r.TLS != nil, SameSite: http.SameSiteLaxMode,
	})
}

// Keep puts the keys of a new session into the browser.
func (k Keys) Keep(r *web.Request) {
	setCookie(r, sessionCookie, k.Session, int(total.Seconds()))
	if k.Device != "" {
		setCookie(r, deviceCookie, k.Device, 365*24*3600)
	}
}

// SourceOf is where a request comes from.
func SourceOf(r *web.Request) Source {
	s := Source{IP: r.IP(), Agent: strings.ToValidUTF8(r.UserAgent(), "")}
	if c, err := r.Cookie(r.Site.CookieName(deviceCookie)); err == nil {
		s.Device = c.Value
	}
	return s
}
