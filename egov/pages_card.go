package egov

import (
	"cloudbm/say"
	"cloudbm/web"
)

const cardPage = Home + "card"

// use is what a card is put in for.
type use string

const (
	toSignIn use = "signin"
	toEnable use = "enable"
	toReset  use = "reset"
	toBind   use = "bind"
)

// heading says what the card is put in for.
func (u use) heading() say.Text {
	switch u {
	case toEnable:
		return say.T("以自然人憑證啟用帳號", "Enable an account with a citizen certificate")
	case toReset:
		return say.T("以自然人憑證重設密碼", "Set a new password with a citizen certificate")
	case toBind:
		return say.T("綁定憑證", "Bind a card")
	}
	return say.T("憑證登入", "Sign in with a certificate")
}

// needsAccount reports whether the member has to say which account it is about.
func (u use) needsAccount() bool { return u == toEnable || u == toReset }

func useOf(r *web.Request) use {
	switch u := use(r.Form().Get("for")); u {
	case toEnable, toReset, toBind:
		return u
	}
	return toSignIn
}

func (s *Site) askCard(r *web.Request, v Visit) error {
	u := useOf(r)
	if u == toBind && v.Member.ID == "" {
		return r.Redirect(withNext(Home, cardPage+"?for=bind"))
	}
	return s.draw(r, v, web.Page{Title: u.heading(), Func: "EGV10400", Crumbs: []web.Crumb{{Text: u.heading()}}}, cardView(u, next(r)))
}
