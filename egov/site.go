package egov

import (
	_ "embed"

	"cloudbm/openid"
	"cloudbm/pki"
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

	Telephones Telephones // that the pages name
	Cards      *pki.Room  // verifies what cards sign

	provider *openid.Provider
}

// Mount opens the doors. It fails if the provider's key cannot be made or Base is no address to sign in at.
func (s *Site) Mount(site *web.Site) error {
	if err := s.provide(site.DB); err != nil {
		return err
	}
	s.provider.Mount(site)
	site.Handle("GET /egov/{$}", web.Anyone, s.page(s.askSignIn))
	site.Handle("POST /egov/signin", web.Anyone, s.page(s.signIn))
	site.Handle("POST /egov/signout", web.Anyone, s.page(s.signOut))

	site.Handle("GET /egov/join", web.Anyone, s.page(s.askJoin))
	site.Handle("POST /egov/join", web.Anyone, s.page(s.join))
	site.Handle("POST /egov/join/account", web.Anyone, s.page(s.checkAccount))
	site.Handle("POST /egov/join/strength", web.Anyone, s.page(s.judgePassword))
	site.Handle("POST /egov/join/captcha", web.Anyone, s.page(s.anotherCaptcha))
	site.Handle("GET /egov/joined/{secret}", web.Anyone, s.page(s.joined))
	site.Handle("GET /egov/captcha/{id}", web.Anyone, s.page(s.captchaPicture))
	site.Handle("GET /egov/captcha/{id}/audio", web.Anyone, s.page(s.captchaSpoken))

	site.Handle("GET /egov/password", web.Anyone, s.page(s.askRecovery))
	site.Handle("POST /egov/password", web.Anyone, s.page(s.recover))
	site.Handle("GET /egov/password/{secret}", web.Anyone, s.page(s.askPassword))
	site.Handle("POST /egov/password/{secret}", web.Anyone, s.page(s.setPassword))
	site.Handle("GET /egov/question", web.Anyone, s.page(s.askQuestion))
	site.Handle("POST /egov/question", web.Anyone, s.page(s.answerQuestion))
	site.Handle("GET /egov/account", web.Anyone, s.page(s.askAccounts))
	site.Handle("POST /egov/account", web.Anyone, s.page(s.mailAccounts))

	site.Handle("GET /egov/card", web.Anyone, s.page(s.askCard))
	site.Handle("POST /egov/card", web.Anyone, s.page(s.readCard))
	site.Handle("GET /egov/me", web.Anyone, s.members(s.showMember))
	site.Handle("GET /egov/me/cards", web.Anyone, s.members(s.showCards))
	site.Handle("POST /egov/me/cards", web.Anyone, s.members(s.unbindCard))
	site.Handle("GET /egov/official", web.Anyone, s.members(s.askOfficial))
	site.Handle("POST /egov/official", web.Anyone, s.members(s.applyOfficial))
	site.Handle("GET /egov/admin", web.Anyone, s.members(s.showPending))
	site.Handle("POST /egov/admin", web.Anyone, s.members(s.decide))

	site.Handle("GET /egov/help/{topic}", web.Anyone, s.page(s.help))
	site.Handle("GET /egov/onward", web.Anyone, s.page(s.onward))
	site.Handle("GET /egov/portal/Clogin.aspx", web.Anyone, s.page(s.portal))
	site.Handle("GET /egov/portal/cpuser/transfer.aspx", web.Anyone, s.page(s.transfer))
	site.Handle("POST /egov/portal/ticket", web.Anyone, s.page(s.redeem))
	site.Handle("GET /egov/look.css", web.Anyone, file("look.css", "text/css; charset=utf-8", look))
	site.Handle("GET /egov/join.js", web.Anyone, file("join.js", "text/javascript; charset=utf-8", joinScript))
	return nil
}

//go:embed look.css
var look []byte

//go:embed join.js
var joinScript []byte
