package accounts

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
)

// Doors are the pages of 資訊系統雲端平台 with what other rooms and the configuration give to them. The zero value works.
type Doors struct {
	Announcements func(context.Context) templ.Component // 系統公告 (S18); nil: none
	Trial         bool                                  // shows 試營運 (S17)
	EGov, Health  string                                // where those doors open; "": later
	Apply         string                                // where a 備用帳號 is applied for; "": later
	// Letter sends a letter to a person; nil: links for setting a password come from an administrator only.
	Letter func(tx *store.Tx, to Person, subject, body say.Text) error
	Base   string // address of the site in letters: https://cloudbm.example
}

// Mount opens the doors with nothing given to them.
func Mount(s *web.Site) { Doors{}.Mount(s) }

// Mount opens the doors.
func (d Doors) Mount(s *web.Site) {
	s.Handle("GET /{$}", web.Anyone, d.landing)
	s.Handle("GET /apply", web.Anyone, d.apply)
	s.Handle("GET /doors/{door}", web.Anyone, d.later)
	s.Handle("GET /signin", web.Anyone, d.askSignIn)
	s.Handle("POST /signin", web.Anyone, d.signIn)
	s.Handle("GET /password", web.Anyone, d.askLink)
	s.Handle("POST /password", web.Anyone, d.sendLink)
	s.Handle("GET /password/{secret}", web.Anyone, askPassword)
	s.Handle("POST /password/{secret}", web.Anyone, setPassword)
	s.Handle("POST /signout", web.Anyone, signOut)
	s.Handle("GET /signed-out", web.Anyone, signedOut)
	s.Handle("GET /home", web.SignedIn, home)
	s.Handle("GET /me", web.SignedIn, showMe)
	s.Handle("POST /me", web.SignedIn, saveMe)
	s.Handle("GET /me/password", web.SignedIn, showPassword)
	s.Handle("POST /me/password", web.SignedIn, changePassword)
	s.Handle("GET /me/devices", web.SignedIn, showDevices)
	s.Handle("POST /me/devices", web.SignedIn, endDevices)
}

// PlatformName is the title of the landing page (S17).
var PlatformName = say.T("資訊系統雲端平台", "Information Systems Cloud Platform")

func crumb(zh, en string) []web.Crumb { return []web.Crumb{{Text: say.T(zh, en)}} }

// next is where to go after signing in: the path that came with the request, else the home page of the platform.
func next(r *web.Request) string {
	to := web.Local(r.Form().Get("next"))
	if p, _, _ := strings.Cut(to, "?"); p == "/" || p == "/signin" || p == "/signed-out" || p == "" {
		return "/home"
	}
	return to
}

// withNext adds where to go afterwards to the address of a door.
func withNext(door, next string) string {
	if next == "/home" {
		return door
	}
	return door + "?next=" + url.QueryEscape(next)
}

func (d Doors) landing(r *web.Request) error {
	if r.Actor.SignedIn() {
		return r.Redirect(next(r))
	}
	var news templ.Component
	if d.Announcements != nil {
		news = d.Announcements(r.Context())
	}
	return r.Draw(web.Page{Title: PlatformName, Func: "SSO10000"}, landingView(d.tiles(next(r)), news, d.Trial, next(r) != "/home"))
}

// tile is one of the three doors of the landing page.
type tile struct {
	Door   Door
	Name   say.Text // as the tile prints it (S19, S21, S23)
	Colour string
	Text   say.Text
	URL    string
	Help   say.Text // S20, S22, S24
	HelpTo string
	Ready  bool
}

func (d Doors) tiles(next string) []tile {
	at := func(url string, door Door) string {
		if url == "" {
			url = "/doors/" + string(door)
		}
		return withNext(url, next)
	}
	return []tile{
		{EGov, say.T("我的e政府", "MyEGov"), "green", say.T("政府網站共用的帳號，也可以用自然人憑證、工商憑證登錄。", "The account shared by government websites; certificates on cards work there too."),
			at(d.EGov, EGov), say.T("帳號申請說明", "How to apply for an account"), "/apply", d.EGov != ""},
		{Health, say.T("全民健保卡", "National Health Insurance card"), "orange", say.T("已經綁定健保卡、手邊有讀卡機時使用。", "For those who have bound their card and have a card reader."),
			at(d.Health, Health), say.T("想使用健保卡登錄", "Signing in with a health card"), "/help/health-card", d.Health != ""},
		{Backup, say.T("備用帳號", "Backup account"), "blue", say.T("電子郵件地址和密碼；手邊沒有卡片時使用。", "An e-mail address and a password; no card needed."),
			withNext("/signin", next), say.T("使用備用帳號登錄", "Signing in with a backup account"), "/help/backup", true},
	}
}

func (d Doors) apply(r *web.Request) error {
	return r.Draw(web.Page{Title: say.T("帳號申請", "Applying for an account"), Func: "SSO10300", Crumbs: crumb("帳號申請", "Applying for an account")}, applyView(d))
}

// later is the page of a door that is not open yet.
func (d Doors) later(r *web.Request) error {
	door := Door(r.PathValue("door"))
	to := map[Door]string{EGov: d.EGov, Health: d.Health}[door]
	if door != EGov && door != Health {
		return store.ErrNotFound
	}
	if to != "" {
		return r.Redirect(withNext(to, next(r)))
	}
	return r.Draw(web.Page{Title: door.Name(), Func: "SSO10500", Crumbs: []web.Crumb{{Text: door.Name()}}}, laterView(door, withNext("/signin", next(r)), r.Actor.SignedIn()))
}

func (d Doors) askSignIn(r *web.Request) error {
	if r.Actor.SignedIn() {
		return r.Redirect(next(r))
	}
	return drawSignIn(r, nil)
}

func drawSignIn(r *web.Request, f *fault.Fault) error {
	return r.Draw(web.Page{Title: say.T("備用帳號登錄", "Sign in with a backup account"), Func: "SSO10200", Fault: f, Crumbs: crumb("備用帳號登錄", "Sign in")},
		signInView(f, r.Form().Get("email"), next(r)))
}

func (d Doors) signIn(r *web.Request) error {
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
	r.Flash(say.T("已用備用帳號登錄", "You have signed in with your backup account"))
	return r.Redirect(next(r))
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

func home(r *web.Request) error {
	var p Person
	err := r.Look(func(tx *store.Tx) (err error) {
		p, err = Find(tx, r.Actor.Person)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: PlatformName, Func: "SSO11000"}, homeView(p, r.Actor))
}

// stamp writes a sign-in as the home pages do (S120).
func stamp(t time.Time) string { return taiwan.Stamp(t) }

// placeOf is the sentence of f at the field key, empty if there is none.
func placeOf(f *fault.Fault, key string) say.Text {
	if f != nil {
		for _, p := range f.Places {
			if p.Key == key {
				return p.Message
			}
		}
	}
	return say.Text{}
}

// sources are the roles and duties of a with where each comes from (S115).
func sources(a permit.Actor) (out [][2]say.Text) {
	own := say.T("本人登錄", "Entered by yourself")
	given := say.T("系統管理者核准", "Approved by the administrators")
	for _, r := range a.Roles {
		out = append(out, [2]say.Text{r.Name(), own})
	}
	for _, s := range a.Seats {
		name := say.Same(s.Authority)
		if at, ok := taiwan.AuthorityByCode(s.Authority); ok {
			name = at.Text()
		}
		out = append(out, [2]say.Text{say.F("%s %s", "%s, %s", name, s.Duty.Name()), given})
	}
	if a.Admin {
		out = append(out, [2]say.Text{say.T("系統管理者", "System administrator"), given})
	}
	return out
}
