package doors

import (
	"context"

	"github.com/a-h/templ"

	"cloudbm/accounts"
	"cloudbm/openid"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
	"cloudbm/web/parts"
)

// Room is the ways in, with what other rooms and the configuration give to them. The zero value works.
type Room struct {
	Announcements func(context.Context) templ.Component // 系統公告 (S18); nil: none
	Trial         bool                                  // shows 試營運 (S17)
	EGov          National                              // 我的e政府; nil: later
	Join          string                                // where one becomes a member of 我的e政府
	Card          Health                                // 全民健保卡
	// Letter sends a letter to a person; nil: a 備用帳號 cannot be applied for, its address could not be verified.
	Letter func(tx *store.Tx, to accounts.Person, subject, body say.Text) error
	Base   string // address of the site in letters
}

// National is 我的e政府 as a way in: openid.Party, or openid.Ticket in the older style.
type National interface {
	Start(r *web.Request, ask openid.Ask) error
	Finish(r *web.Request) (openid.Identity, error)
}

// Where the doors stand.
const (
	EGovURL   = "/doors/egov"
	welcome   = "/welcome"
	BackupURL = "/backup"
)

// open is the address of a door; "" while it opens later.
func (d Room) open(door accounts.Door) string {
	switch {
	case door == accounts.EGov && d.EGov != nil:
		return EGovURL
	case door == accounts.Health && d.Card.ready():
		return healthURL
	}
	return ""
}

// BindAt is where the binding of each door begins (前往綁定, S112); a door that opens later is not in it.
func (d Room) BindAt() map[accounts.Door]string {
	out := map[accounts.Door]string{}
	for door, at := range map[accounts.Door]string{accounts.EGov: EGovURL, accounts.Health: bindHealthURL} {
		if d.open(door) != "" {
			out[door] = at
		}
	}
	return out
}

// applies is where a 備用帳號 is applied for; "" while it cannot be.
func (d Room) applies() string {
	if d.EGov == nil || d.Letter == nil {
		return ""
	}
	return BackupURL
}

// Mount opens the doors.
func (d Room) Mount(s *web.Site) {
	s.Handle("GET /{$}", web.Anyone, d.landing)
	s.Handle("GET /apply", web.Anyone, d.apply)
	s.Handle("GET /doors/{door}", web.Anyone, d.later)
	if d.EGov != nil {
		s.Handle("GET /doors/egov", web.Anyone, d.startEGov)
		s.Handle("GET /doors/egov/back", web.Anyone, d.finishEGov)
		s.Handle("GET /welcome", web.Anyone, d.askWelcome)
		s.Handle("POST /welcome", web.Anyone, d.settle)
		s.Handle("GET /welcome/bind", web.SignedIn, d.askJoin)
		s.Handle("POST /welcome/bind", web.SignedIn, d.join)
	}
	s.Handle("GET /backup", web.Anyone, d.askBackup)
	s.Handle("POST /backup", web.SignedIn, d.applyBackup)
	s.Handle("GET /backup/confirm", web.SignedIn, d.checkBackup)
	s.Handle("POST /backup/confirm", web.SignedIn, d.sendBackup)
	s.Handle("GET /backup/code", web.SignedIn, d.askCode)
	s.Handle("POST /backup/code", web.SignedIn, d.confirmBackup)
	d.Card.mount(s)
}

func crumb(zh, en string) []web.Crumb { return []web.Crumb{{Text: say.T(zh, en)}} }

func (d Room) landing(r *web.Request) error {
	if r.Actor.SignedIn() {
		return r.Redirect(accounts.Next(r))
	}
	var news templ.Component
	if d.Announcements != nil {
		news = d.Announcements(r.Context())
	}
	return r.Draw(web.Page{Title: accounts.PlatformName, Func: "SSO10000"}, landingView(d.tiles(accounts.Next(r), accounts.LastDoor(r)), news, d.Trial, accounts.Next(r) != "/home"))
}

// tile is one of the three doors of the landing page.
type tile struct {
	Door   accounts.Door
	Name   say.Text // as the tile prints it (S19, S21, S23)
	Colour string
	Text   say.Text
	URL    string
	Help   say.Text // S20, S22, S24
	HelpTo string
	Ready  bool
	Last   bool // used the last time in this browser
}

func (d Room) tiles(next string, last accounts.Door) []tile {
	at := func(door accounts.Door) string {
		if url := d.open(door); url != "" {
			return accounts.WithNext(url, next)
		}
		return accounts.WithNext("/doors/"+string(door), next)
	}
	if last == accounts.Card {
		last = accounts.EGov
	}
	out := []tile{
		{accounts.EGov, say.T("我的e政府", "MyEGov"), "green", say.T("政府網站共用的帳號，也可以用自然人憑證、工商憑證登錄。", "The account shared by government websites; certificates on cards work there too."),
			at(accounts.EGov), say.T("帳號申請說明", "How to apply for an account"), "/apply", d.open(accounts.EGov) != "", false},
		{accounts.Health, say.T("全民健保卡", "National Health Insurance card"), "orange", say.T("已經綁定健保卡、手邊有讀卡機時使用。", "For those who have bound their card and have a card reader."),
			at(accounts.Health), say.T("想使用健保卡登錄", "Signing in with a health card"), "/help/health-card", d.open(accounts.Health) != "", false},
		{accounts.Backup, say.T("備用帳號", "Backup account"), "blue", say.T("電子郵件地址和密碼；手邊沒有卡片時使用。", "An e-mail address and a password; no card needed."),
			accounts.WithNext("/signin", next), say.T("使用備用帳號登錄", "Signing in with a backup account"), "/help/backup", true, false},
	}
	for i := range out {
		out[i].Last = out[i].Door == last
	}
	return out
}

func (d Room) apply(r *web.Request) error {
	var came bool
	if r.Actor.SignedIn() {
		err := r.Look(func(tx *store.Tx) (err error) {
			came, err = cameByEGov(tx, r.Actor)
			return err
		})
		if err != nil {
			return err
		}
	}
	return r.Draw(web.Page{Title: say.T("帳號申請", "Applying for an account"), Func: "SSO10300", Crumbs: crumb("帳號申請", "Applying for an account")}, applyView(d, came))
}

// later is the page of a door that is not open yet.
func (d Room) later(r *web.Request) error {
	door := accounts.Door(r.PathValue("door"))
	to := d.open(door)
	if door != accounts.EGov && door != accounts.Health {
		return store.ErrNotFound
	}
	if to != "" {
		return r.Redirect(accounts.WithNext(to, accounts.Next(r)))
	}
	return r.Draw(web.Page{Title: door.Name(), Func: "SSO10500", Crumbs: []web.Crumb{{Text: door.Name()}}}, laterView(door, accounts.WithNext("/signin", accounts.Next(r)), r.Actor.SignedIn()))
}

// steps are 點選申請 of Step 1. and Step 2. of 帳號申請 (S27, S28).
// Step 2. can be started by whoever came by 我的e政府.
func (d Room) steps(came bool) []parts.TaskGroup {
	first := parts.Task{Name: say.T("Step 1. 申請『我的e政府』帳號：點選申請", "Step 1. Apply for a MyEGov account: apply"), Status: parts.Todo, URL: d.Join,
		Hint: say.T("由「我的E政府」網站核發", "Issued by the MyEGov website")}
	if d.EGov == nil {
		first.Status, first.Hint = parts.Blocked, say.T("這個系統還沒有接上「我的e政府」；先請主管機關的承辦人員建立備用帳號", "This system is not connected to MyEGov yet; ask the authority to make a backup account for you")
	}
	second := parts.Task{Name: say.T("Step 2. 使用『我的e政府帳號』申請『備用帳號』：點選申請", "Step 2. Apply for a backup account: apply"), Status: parts.Todo, URL: d.applies(),
		Hint: say.T("先完成 Step 1.，用「我的e政府」登錄後才能申請", "Finish step 1 first: it is applied for when signed in with MyEGov")}
	if !came || d.applies() == "" {
		second.Status, second.URL = parts.Blocked, ""
	}
	if came {
		first.Status, first.URL = parts.Done, ""
	}
	return []parts.TaskGroup{{Tasks: []parts.Task{first, second}}}
}
