package accounts

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

const (
	sessionCookie = "session"
	deviceCookie  = "device"
	doorCookie    = "door"
	expirePath    = "/session/end"
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
		if db.Now().Sub(s.Seen) < strict || q.URL.Path == expirePath {
			return a, nil
		}
		return a, db.Write(q.Context(), func(tx *store.Tx) error { return touchSession(tx, s.ID) })
	}
}

// expire answers a page whose countdown has come to its end (S100): the session ends, unless another page has used it
// meanwhile; then it answers the seconds left. Asking does not let the session live on.
func expire(r *web.Request) error {
	left := time.Duration(0)
	if r.Actor.SignedIn() {
		err := r.Do(func(tx *store.Tx) (err error) {
			left, err = Expire(tx, r.Actor)
			return err
		})
		if err != nil {
			return err
		}
	}
	if left == 0 {
		setCookie(r, sessionCookie, "", -1)
		r.Flash(say.T("作業時間已到，已經登出；再登錄一次，您輸入的內容會放回原來的頁面", "Your time ran out and you are signed out. Sign in again: what you typed is put back on its page"))
	}
	return r.JSON(http.StatusOK, map[string]int{"left": int(left.Seconds())})
}

// HalfHere is the half session that the request comes with, and whose it is; store.ErrNotFound if there is none.
func HalfHere(tx *store.Tx, r *web.Request) (Session, Person, error) {
	c, err := r.Cookie(r.Site.CookieName(sessionCookie))
	if err != nil {
		return Session{}, Person{}, store.ErrNotFound
	}
	return Half(tx, c.Value)
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
	if k.Door != "" {
		setCookie(r, doorCookie, string(k.Door), 365*24*3600)
	}
}

// LastDoor is the door this browser came by the last time, empty if it never did.
func LastDoor(r *web.Request) Door {
	c, err := r.Cookie(r.Site.CookieName(doorCookie))
	if err != nil {
		return ""
	}
	return Door(c.Value)
}

// SourceOf is where a request comes from.
func SourceOf(r *web.Request) Source {
	s := Source{IP: r.IP(), Agent: strings.ToValidUTF8(r.UserAgent(), "")}
	if c, err := r.Cookie(r.Site.CookieName(deviceCookie)); err == nil {
		s.Device = c.Value
	}
	return s
}
