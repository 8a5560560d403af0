package portal

import (
	"context"
	"errors"

	"cloudbm/accounts"
	"cloudbm/blob"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
)

// Card is one thing on the home page: where it leads, or why it leads nowhere and what changes that.
type Card struct {
	Title  say.Text
	Text   say.Text
	Tag    say.Text // state of a case, a deadline
	URL    string
	WhyNot say.Text // set: this person may not; URL is then the way out
	Way    say.Text // the words of the way out

	brief say.Text // WhyNot in the few words a menu has room for
}

// Cards lists what a person sees in one place of the home page.
type Cards func(tx *store.Tx, by permit.Actor) ([]Card, error)

// Portal is the front of the house. A nil Cards is an empty place on the home page.
type Portal struct {
	DB    *store.DB
	Files *blob.Store

	Cases Cards // 我的案件, the newest few
	Todo  Cards // 待辦

	Favourites Cards // 常用功能 (★, S202)

	// AuthorityOf is the authority an applicant used last, "" for none; officers are known by their seat.
	AuthorityOf func(tx *store.Tx, by permit.Actor) (string, error)
	Authority   string // shown for an applicant who has used none (S125); "": IF0, 臺南市政府

	SystemName, Agency say.Text // "" are web's own
	Trial              bool
	Hot                []say.Text // 熱搜 (S12); nil: as the manual shows
	Reader             *pki.Room  // what the self-test asks about the card component; nil: the usual one
}

const (
	profileURL = "/bls/profile" // 檢視使用者資訊
	rightsURL  = "/bls/rights"  // 我可以做什麼
)

// cardsURL is 註冊憑證作業, the page of room cards.
const cardsURL = "/bls/cards"

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// authority is the office that stands behind the name of by (S125).
func (p *Portal) authority(tx *store.Tx, by permit.Actor) (taiwan.Authority, error) {
	code := or(p.Authority, "IF0")
	if own := by.Authorities(); len(own) > 0 {
		code = own[0]
	} else if p.AuthorityOf != nil && by.SignedIn() {
		last, err := p.AuthorityOf(tx, by)
		if err != nil {
			return taiwan.Authority{}, err
		}
		code = or(last, code)
	}
	return office(tx, code)
}

// offices are the authorities of this installation; while it has no list of its own, those the country is known to have.
func offices(tx *store.Tx) ([]taiwan.Authority, error) {
	own, err := roles.Authorities(tx)
	if err == nil && len(own) == 0 {
		own = taiwan.Authorities
	}
	return own, err
}

// office finds an authority by its code.
func office(tx *store.Tx, code string) (taiwan.Authority, error) {
	all, err := offices(tx)
	if err != nil {
		return taiwan.Authority{}, err
	}
	for _, a := range all {
		if a.Code == code {
			return a, nil
		}
	}
	return taiwan.Authority{}, store.ErrNotFound
}

func (c Cards) of(tx *store.Tx, by permit.Actor) ([]Card, error) {
	if c == nil {
		return nil, nil
	}
	return c(tx, by)
}

// services are the three business menus (S116–S118) as the matrix opens them to by; a refused one says why and what
// would change it. Somebody who only serves at an authority has none.
func services(by permit.Actor) (out []Card) {
	if len(by.Roles) == 0 && (by.Officer() || by.Admin || by.Waiting) {
		return nil
	}
	for _, m := range permit.Menus {
		c := Card{Title: m.Name(), URL: "/bls/cases/new#" + string(m)}
		right := roles.RightOf(by, m)
		switch {
		case len(by.Roles) == 0:
			c.URL, c.WhyNot, c.Way = profileURL, say.T("使用者所屬角色要打勾", "Tick your role first"), say.T("選擇角色", "Choose a role")
			c.brief = c.WhyNot
		case right == roles.OnlyUse:
			c.Text = right.Name()
		case right == roles.SealOnly:
			c.URL, c.Way = rightsURL, say.T("我可以做什麼", "What I may do")
			c.brief = right.Name()
			c.WhyNot = say.T("僅壓章：列有您姓名的案件會出現在「待辦」", "Sealing only: cases that name you appear under “To do”")
		case right == roles.None:
			c.URL, c.Way = rightsURL, say.T("我可以做什麼", "What I may do")
			c.brief = say.F("%s無此權限", "Not open to a %s", by.Roles[0].Name())
			c.WhyNot = say.F("依「使用者所屬角色之權限」，%s在這裡的權限是「%s」", "In the table of rights, here a %s has: %s", by.Roles[0].Name(), right.Name())
		}
		out = append(out, c)
	}
	return out
}

// doctor lists what in the person's profile stands in the way of their work (S129), each with the field that mends it.
func doctor(tx *store.Tx, by permit.Actor) (out []Card, err error) {
	findings, err := roles.Doctor(tx, by)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	for _, f := range findings {
		if f.Health == roles.OK || f.Key == "role" {
			continue // a missing role has a banner of its own
		}
		c := Card{Title: f.Label, Tag: f.Health.Name(), Text: f.Say, URL: f.URL}
		if !f.Blocks.Empty() {
			c.Text = say.F("%s（影響：%s）", "%s (stops: %s)", f.Say, f.Blocks)
		}
		out = append(out, c)
	}
	return out, err
}

// lastSignIn is 上次登入時間 as the manual shows it (S120); "" at the first sign-in.
func lastSignIn(tx *store.Tx, person string) (string, error) {
	t, err := accounts.LastSignIn(tx, person)
	if err != nil || t.IsZero() {
		return "", err
	}
	return taiwan.Stamp(t), nil
}

// hot are the words under the search box.
func (p *Portal) hot() []say.Text {
	if p.Hot != nil {
		return p.Hot
	}
	return []say.Text{say.T("人事", "Personnel"), say.T("自然人憑證", "Citizen certificate")}
}

// look reads outside a request's own door: for the chrome and for components of other rooms' pages.
func (p *Portal) look(ctx context.Context, f func(*store.Tx) error) error { return p.DB.Read(ctx, f) }

var (
	portalCrumb = web.Crumb{Text: say.T("全國建管入口網", "National building portal"), URL: "/CPTL/"}
	blsCrumb    = web.Crumb{Text: say.T("線上申請", "Online application"), URL: "/bls"}
	helpCrumb   = web.Crumb{Text: say.T("操作說明", "Help"), URL: "/help"}
)

// crumbs ends the way to a page with the page itself.
func crumbs(t say.Text, before ...web.Crumb) []web.Crumb {
	return append(before[:len(before):len(before)], web.Crumb{Text: t})
}
