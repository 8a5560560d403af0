package egov

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"cloudbm/fault"
	"cloudbm/pki"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

// handler answers a request of somebody who may have signed in here; the zero Visit is nobody.
type handler func(r *web.Request, v Visit) error

// page is a door for anybody. What it refuses is said on a page of this site, not of the house.
func (s *Site) page(h handler) web.Handler {
	return func(r *web.Request) error {
		v, err := s.visit(r)
		if err == nil {
			err = h(r, v)
		}
		if errors.Is(err, store.ErrNotFound) {
			err = nowhere
		}
		if f, ok := fault.As(err); ok && !strings.Contains(r.Header.Get("Accept"), "application/json") {
			return s.draw(r, v, web.Page{Title: say.T("有地方要處理", "There is something to do"), Func: "EGV90000", Fault: f}, refusalView(f))
		}
		return err
	}
}

// members is a door for those who have signed in; the others are led to the sign-in page and back.
func (s *Site) members(h handler) web.Handler {
	return s.page(func(r *web.Request, v Visit) error {
		if v.Member.ID == "" {
			if r.Method != http.MethodGet {
				return r.Redirect(Home)
			}
			return r.Redirect(withNext(Home, r.URL.RequestURI()))
		}
		return h(r, v)
	})
}

var nowhere = fault.Of(fault.NotFound, "從會員登入重新開始：這裡沒有這一頁", "Start again from the sign-in page: there is no page here").To("會員登入", "Member sign-in", Home)

// draw answers with a page in the look of the stand-in.
func (s *Site) draw(r *web.Request, v Visit, p web.Page, body templ.Component) error {
	p.Look = &web.Look{
		Name: SiteName, Home: Home, Style: Home + "look.css", Footer: footer(),
		Header: func(languages templ.Component) templ.Component { return header(r.URL.Path, v, languages) },
	}
	return r.Draw(p, body)
}

// visit is the living session of the request, if there is one.
func (s *Site) visit(r *web.Request) (v Visit, err error) {
	c, err := r.Cookie(cookie)
	if err != nil || c.Value == "" {
		return Visit{}, nil
	}
	err = r.Look(func(tx *store.Tx) (err error) {
		v, err = Present(tx, c.Value)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return Visit{}, nil
	}
	if err != nil {
		return v, err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	if r.Site.DB.Now().Sub(v.seen) < strict {
		return v, nil
	}
	return v, r.Do(func(tx *store.Tx) error { return touchSession(tx, v.mark) })
}

// cookie holds the session of this site; it is not the platform's.
const cookie = "egov"

func keep(r *web.Request, secret string, age int) {
	http.SetCookie(r.W, &http.Cookie{Name: cookie, Value: secret, Path: root, MaxAge: age,
		HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode})
}

// next is where to go after signing in: a page of this site that came with the request, else the member centre.
func next(r *web.Request) string {
	to := web.Local(r.Form().Get("next"))
	if path, _, _ := strings.Cut(to, "?"); !strings.HasPrefix(to, root+"/") || path == Home {
		return memberPage
	}
	return to
}

func withNext(page, next string) string {
	if next == memberPage {
		return page
	}
	return page + "?next=" + url.QueryEscape(next)
}

func crumbs(zh, en string) []web.Crumb { return []web.Crumb{{Text: say.T(zh, en)}} }

func (s *Site) askSignIn(r *web.Request, v Visit) error {
	return s.drawSignIn(r, v, nil, next(r))
}

// drawSignIn draws 會員登入, after which one goes on to the page to.
func (s *Site) drawSignIn(r *web.Request, v Visit, f *fault.Fault, to string) error {
	d := signInPage{Fault: f, Account: r.Form().Get("account"), Next: to}
	err := r.Do(func(tx *store.Tx) (err error) {
		if d.Card, err = s.ask(tx, v, cardForm{Use: toSignIn, Next: to}); err != nil {
			return err
		}
		if d.Notices, err = s.Notices(tx); err != nil {
			return err
		}
		var back string
		if d.System, back, err = s.systemBehind(tx, to); back != "" {
			r.FormsTo(back)
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.draw(r, v, web.Page{Title: say.T("會員登入", "Member sign-in"), Func: "EGV10100", Fault: f, Scripts: []string{pki.Script}}, signInView(d))
}

func (s *Site) signIn(r *web.Request, v Visit) error {
	account, password := r.Form().Get("account"), r.PostForm.Get("password")
	var missing fault.Form
	if account == "" {
		missing.Bad("account", "輸入帳號", "Enter your account")
	}
	if password == "" {
		missing.Bad("password", "輸入密碼", "Enter your password")
	}
	err := missing.Err()
	var secret string
	if err == nil {
		secret, err = SignIn(r.Context(), r.Site.DB, account, password, r.IP())
	}
	if f, ok := fault.As(err); ok {
		return s.drawSignIn(r, v, f, next(r))
	}
	if err != nil {
		return err
	}
	keep(r, secret, int(total.Seconds()))
	return r.Redirect(next(r))
}

func (s *Site) signOut(r *web.Request, v Visit) error {
	if err := s.end(r); err != nil {
		return err
	}
	r.Flash(say.T("已登出我的E政府", "You have signed out of MyEGov"))
	return r.Redirect(Home)
}

// end ends the session of the request.
func (s *Site) end(r *web.Request) error {
	c, err := r.Cookie(cookie)
	if err != nil {
		return nil
	}
	keep(r, "", -1)
	return r.Do(func(tx *store.Tx) error { return SignOut(tx, c.Value) })
}
