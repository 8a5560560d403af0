package accounts

import (
	"net/url"
	"strings"
	"time"

	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
)

// Room is the pages of persons. The zero value works.
type Room struct {
	// Letter sends a letter to a person; nil: links for setting a password come from an administrator only.
	Letter func(tx *store.Tx, to Person, subject, body say.Text) error
	Base   string // address of the site in letters: https://cloudbm.example
}

// Mount opens the doors with nothing given to them.
func Mount(s *web.Site) { Room{}.Mount(s) }

// Mount opens the doors.
func (d Room) Mount(s *web.Site) {
	s.Handle("GET /signin", web.Anyone, askSignIn)
	s.Handle("POST /signin", web.Anyone, signIn)
	s.Handle("GET /password", web.Anyone, d.askLink)
	s.Handle("POST /password", web.Anyone, d.sendLink)
	s.Handle("GET /password/{secret}", web.Anyone, askPassword)
	s.Handle("POST /password/{secret}", web.Anyone, setPassword)
	s.Handle("POST /signout", web.Anyone, signOut)
	s.Handle("GET /signed-out", web.Anyone, signedOut)
	s.Handle("GET /me/password", web.SignedIn, showPassword)
	s.Handle("POST /me/password", web.SignedIn, changePassword)
	s.Handle("GET /me/devices", web.SignedIn, showDevices)
	s.Handle("POST /me/devices", web.SignedIn, endDevices)
}

// PlatformName is the title of the landing page (S17).
var PlatformName = say.T("資訊系統雲端平台", "Information Systems Cloud Platform")

func crumb(zh, en string) []web.Crumb { return []web.Crumb{{Text: say.T(zh, en)}} }

// Next is where to go after signing in: the path that came with the request, else the home page of the platform.
func Next(r *web.Request) string {
	to := web.Local(r.Form().Get("next"))
	if p, _, _ := strings.Cut(to, "?"); p == "/" || p == "/signin" || p == "/signed-out" || p == "" {
		return "/home"
	}
	return to
}

// SecondStep is the page on which half a session is made whole.
const SecondStep = "/signin/second"

// WithNext adds where to go afterwards to the address of a door.
func WithNext(door, next string) string {
	if next == "/home" {
		return door
	}
	return door + "?next=" + url.QueryEscape(next)
}

func askSignIn(r *web.Request) error {
	if r.Actor.SignedIn() {
		return r.Redirect(Next(r))
	}
	return drawSignIn(r, nil)
}

func drawSignIn(r *web.Request, f *fault.Fault) error {
	return r.Draw(web.Page{Title: say.T("備用帳號登錄", "Sign in with a backup account"), Func: "SSO10200", Fault: f, Crumbs: crumb("備用帳號登錄", "Sign in")},
		signInView(f, r.Form().Get("email"), Next(r)))
}

func signIn(r *web.Request) error {
	form := r.Form()
	email, password := form.Get("email"), form.Get("password")
	var missing fault.Form
	if email == "" {
		missing.Bad("email", "輸入電子郵件地址", "Enter your e-mail address")
	}
	if password == "" {
		missing.Bad("password", "輸入密碼", "Enter your password")
	}
	if err := missing.Err(); err != nil {
		f, _ := fault.As(err)
		return drawSignIn(r, f)
	}
	keys, err := SignIn(r.Context(), r.Site.DB, email, password, SourceOf(r))
	if f, ok := fault.As(err); ok {
		return drawSignIn(r, f)
	}
	if err != nil {
		return err
	}
	keys.Keep(r)
	if keys.Due {
		return r.Redirect(WithNext(SecondStep, Next(r)))
	}
	r.Flash(say.T("已用備用帳號登錄", "You have signed in with your backup account"))
	return r.Redirect(Next(r))
}

func signOut(r *web.Request) error {
	if r.Actor.SignedIn() {
		if err := r.Do(func(tx *store.Tx) error { return SignOut(tx, r.Actor) }); err != nil {
			return err
		}
	}
	setCookie(r, sessionCookie, "", -1)
	return r.Redirect("/signed-out")
}

func signedOut(r *web.Request) error {
	if r.Actor.SignedIn() {
		return r.Redirect("/home")
	}
	return r.Draw(web.Page{Title: say.T("已登出", "Signed out"), Func: "SSO10900", Crumbs: crumb("登出", "Signed out")}, signedOutView())
}

// stamp writes a sign-in as the home pages do (S120).
func stamp(t time.Time) string { return taiwan.Stamp(t) }
