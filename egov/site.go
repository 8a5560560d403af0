package egov

import (
	_ "embed"

	"cloudbm/openid"
	"cloudbm/say"
	"cloudbm/web"
)

// Where the stand-in stands.
const (
	root       = "/egov"
	Home       = root + "/"
	memberPage = Home + "me"
)

// SiteName is how the real site calls itself (S29).
var SiteName = say.T("我的E政府", "MyEGov")

// Site is the stand-in with what the configuration gives to it.
type Site struct {
	Base    string // address of the house: https://cloudbm.example
	Letter  Letter
	Systems []System // whose people sign in here

	provider *openid.Provider
}

// Mount opens the doors. It fails if the provider's key cannot be made or Base is no address to sign in at.
func (s *Site) Mount(site *web.Site) error {
	if err := s.provide(site.DB); err != nil {
		return err
	}
	s.provider.Mount(site)
	s.open(site, "GET /egov/{$}", s.askSignIn)
	s.open(site, "POST /egov/signin", s.signIn)
	s.open(site, "POST /egov/signout", s.signOut)

	s.open(site, "GET /egov/join", s.askJoin)
	s.open(site, "POST /egov/join", s.join)
	s.open(site, "POST /egov/join/account", s.checkAccount)
	s.open(site, "POST /egov/join/strength", s.judgePassword)
	s.open(site, "POST /egov/join/captcha", s.anotherCaptcha)
	s.open(site, "GET /egov/joined/{secret}", s.joined)
	s.open(site, "GET /egov/captcha/{id}", s.captchaPicture)
	s.open(site, "GET /egov/captcha/{id}/audio", s.captchaSpoken)

	s.open(site, "GET /egov/password", s.askRecovery)
	s.open(site, "POST /egov/password", s.recover)
	s.open(site, "GET /egov/password/{secret}", s.askPassword)
	s.open(site, "POST /egov/password/{secret}", s.setPassword)
	s.open(site, "GET /egov/question", s.askQuestion)
	s.open(site, "POST /egov/question", s.answerQuestion)
	s.open(site, "GET /egov/account", s.askAccounts)
	s.open(site, "POST /egov/account", s.mailAccounts)

	s.open(site, "GET /egov/card", s.askCard)
	s.openToMembers(site, "GET /egov/me", s.showMember)
	s.openToMembers(site, "GET /egov/me/cards", s.showCards)
	s.openToMembers(site, "POST /egov/me/cards", s.unbindCard)
	s.openToMembers(site, "GET /egov/official", s.askOfficial)
	s.openToMembers(site, "POST /egov/official", s.applyOfficial)
	s.openToMembers(site, "GET /egov/admin", s.showPending)
	s.openToMembers(site, "POST /egov/admin", s.decide)

	s.open(site, "GET /egov/help/{topic}", s.help)
	s.open(site, "GET /egov/onward", s.onward)
	s.open(site, "GET /egov/portal/Clogin.aspx", s.portal)
	s.open(site, "GET /egov/portal/cpuser/transfer.aspx", s.transfer)
	s.open(site, "POST /egov/portal/ticket", s.redeem)
	site.Handle("GET /egov/look.css", web.Anyone, file("look.css", "text/css; charset=utf-8", look))
	site.Handle("GET /egov/join.js", web.Anyone, file("join.js", "text/javascript; charset=utf-8", joinScript))
	return nil
}

//go:embed look.css
var look []byte

//go:embed join.js
var joinScript []byte
