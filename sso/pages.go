package sso

import (
	"net/url"

	"cloudbm/accounts"
	"cloudbm/factors"
	"cloudbm/fault"
	"cloudbm/openid"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
)

// Room is the pages of whoever has signed in. The zero value works.
type Room struct {
	// Tell puts a notice into somebody's inbox; nil: nobody is told.
	Tell func(tx *store.Tx, person string, title, body say.Text, url string) error
	// Local takes addresses of this machine for sister systems: for demonstrations.
	Local bool
	// Ways are the doors that can be bound to a person.
	Ways Ways
	// Provider answers sister systems (see Open); nil: none can sign in here.
	Provider *openid.Provider
}

// Mount opens the doors with nothing given to them.
func Mount(s *web.Site) { Room{}.Mount(s) }

// Mount opens the doors.
func (d Room) Mount(s *web.Site) {
	s.Handle("GET /home", web.SignedIn, d.home)
	s.Handle("GET /me", web.SignedIn, d.showMe)
	s.Handle("POST /me", web.SignedIn, d.saveMe)
	if d.Ways.Unbind != nil {
		s.Handle("POST /me/unbinding", web.SignedIn, d.unbind)
	}
	s.Handle("GET /me/organisation", web.SignedIn, askOrganisation)
	s.Handle("POST /me/organisation", web.SignedIn, d.applyOrganisation)
	s.Handle("GET /me/roles", web.SignedIn, showRoles)
	s.Handle("GET /me/roles/{system}", web.SignedIn, askRole)
	s.Handle("POST /me/roles/{system}", web.SignedIn, d.applyRole)
	s.Handle("GET /me/requests/{id}", web.SignedIn, showRequest)
	s.Handle("POST /me/requests/{id}/withdraw", web.SignedIn, withdrawRequest)
	s.Handle("POST /me/requests/{id}/end", web.SignedIn, giveBack)
	s.Handle("GET /me/consents", web.SignedIn, showConsents)
	s.Handle("POST /me/consents", web.SignedIn, revokeConsent)
	if d.Provider != nil {
		d.Provider.Mount(s)
		s.Handle("GET /sso/continue", web.Anyone, d.arrive)
		s.Handle("POST /sso/continue", web.SignedIn, d.answer)
		s.Handle("POST /admin/keys", administrator, d.renewKey)
	}
	s.Handle("GET /admin/systems", administrator, d.showSystems)
	s.Handle("POST /admin/systems", administrator, d.registerSystem)
	s.Handle("GET /admin/systems/new", administrator, askSystem)
	s.Handle("GET /admin/systems/{id}", administrator, showSystem)
	s.Handle("POST /admin/systems/{id}", administrator, d.changeSystem)
	s.Handle("POST /admin/systems/{id}/secret", administrator, d.renewSecret)
	s.Handle("POST /admin/systems/{id}/off", administrator, switchOff)
	s.Handle("POST /admin/systems/{id}/on", administrator, switchOn)
	s.Handle("POST /admin/systems/{id}/roles", administrator, keepRole)
	s.Handle("POST /admin/systems/{id}/roles/end", administrator, endRole)
	s.Handle("GET /desk/requests", decider, showInbox)
	s.Handle("GET /desk/requests/{id}", decider, showToDecide)
	s.Handle("POST /desk/requests/{id}/approve", decider, d.approve)
	s.Handle("POST /desk/requests/{id}/return", decider, d.sendBack)
	s.Handle("POST /desk/requests/{id}/end", decider, d.endGrant)
}

// Where things stand.
const (
	rolesURL        = "/me/roles"
	organisationURL = "/me/organisation"
	consentsURL     = "/me/consents"
	inboxURL        = "/desk/requests"
)

func requestURL(id string) string { return "/me/requests/" + id }

// decider lets in who decides requests of others: managers of authorities and administrators.
func decider(a permit.Actor) error {
	if err := factors.AtWork(a); err != nil {
		return err
	}
	if !a.Admin && len(a.Authorities(permit.Manager)) == 0 {
		return notYours
	}
	return nil
}

func crumb(zh, en string) []web.Crumb { return []web.Crumb{{Text: say.T(zh, en)}} }

func meCrumbs(t say.Text) []web.Crumb {
	return []web.Crumb{{Text: say.T("使用者資訊", "User information"), URL: "/me"}, {Text: t}}
}

// homePage is the first page after signing in.
type homePage struct {
	accounts.Person
	Door    accounts.Door // through which this session came
	Unbound []way         // that could be bound
	Tiles   []tile
	Inbox   int  // requests that wait for this person
	NoRole  bool // nothing can be applied for yet
	Admin   bool
	Manager bool
}

// tile is one system on the home page.
type tile struct {
	Name, Text say.Text
	URL        string
	Away       bool // another site
}

// home leads an officer whose duties wait for a second factor to where it is set up first.
func (d Room) home(r *web.Request) error {
	if r.Actor.Waiting && !r.Form().Has("later") {
		return r.Redirect(factors.FactorsURL)
	}
	p := homePage{NoRole: newcomer(r.Actor), Admin: r.Actor.Admin, Manager: len(r.Actor.Authorities(permit.Manager)) > 0}
	if err := r.Look(func(tx *store.Tx) error { return d.lookHome(tx, r.Actor, &p) }); err != nil {
		return err
	}
	return r.Draw(web.Page{Title: accounts.PlatformName, Func: "SSO11000"}, homeView(p))
}

// newcomer reports whether a can file nothing yet, and has nothing else to do here.
func newcomer(a permit.Actor) bool {
	return len(a.Roles) == 0 && !a.Officer() && !a.Admin && !a.Waiting
}

func (d Room) lookHome(tx *store.Tx, by permit.Actor, p *homePage) (err error) {
	if p.Person, err = accounts.Find(tx, by.Person); err != nil {
		return err
	}
	if p.Door, err = doorOf(tx, by); err != nil {
		return err
	}
	if p.Tiles, err = tiles(tx, by); err != nil {
		return err
	}
	ways, err := d.Ways.of(tx, by.Person)
	if err != nil {
		return err
	}
	for _, w := range ways {
		if w.BindAt != "" && len(w.Bound) == 0 {
			p.Unbound = append(p.Unbound, w)
		}
	}
	waiting, err := Inbox(tx, by)
	p.Inbox = len(waiting)
	return err
}

// doorOf is the door through which the session of by came.
func doorOf(tx *store.Tx, by permit.Actor) (accounts.Door, error) {
	all, err := accounts.Sessions(tx, by.Person)
	for _, s := range all {
		if s.ID == by.Session {
			return s.Door, err
		}
	}
	return "", err
}

// tiles are the systems that by may use: this one first, then the sister systems that have an entrance.
func tiles(tx *store.Tx, by permit.Actor) ([]tile, error) {
	out := []tile{{Name: blsName, Text: say.T("申請建築執照、施工與室內裝修，繳交書圖文件。", "Apply for building licences, works and interiors, and hand in the drawings."), URL: "/bls"}}
	all, err := Systems(tx)
	if err != nil {
		return nil, err
	}
	for _, y := range all {
		if y.Tile == "" || !y.On() {
			continue
		}
		ok, err := y.open(tx, by.Person)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, tile{Name: y.Name, Text: say.T("另一個系統，用同一次登錄進入。", "Another system; the same sign-in opens it."), URL: y.Tile, Away: true})
		}
	}
	return out, nil
}

// me is 使用者資訊 as it stands: what is kept, and over it what was typed.
type me struct {
	accounts.Person
	Backup    string // 備用帳號, empty while there is none
	Ways      []way
	Confirmed []Request // organisations confirmed and in review
	Sources   []source
	NoRole    bool // nothing can be applied for yet
	NewMail   bool // the e-mail address stands there, and is not saved yet
	Fault     *fault.Fault
}

func (d Room) drawMe(r *web.Request, typed *accounts.Person, f *fault.Fault) error {
	m := me{Fault: f, NoRole: newcomer(r.Actor)}
	if err := r.Look(func(tx *store.Tx) error { return d.lookMe(tx, r.Actor, &m) }); err != nil {
		return err
	}
	if typed != nil {
		m.NewMail = f == nil && typed.Contact != m.Contact
		m.Person = *typed
	}
	return r.Draw(web.Page{Title: say.T("使用者資訊", "User information"), Func: "SSO11100", Fault: f, Crumbs: crumb("使用者資訊", "User information")}, meView(m))
}

func (d Room) lookMe(tx *store.Tx, by permit.Actor, m *me) error {
	p, err := accounts.Find(tx, by.Person)
	if err != nil {
		return err
	}
	has, err := accounts.HasPassword(tx, p.ID)
	if err != nil {
		return err
	}
	if has {
		m.Backup = p.Email
	}
	m.Person = p
	all, err := Mine(tx, p.ID)
	if err != nil {
		return err
	}
	for _, q := range all {
		if q.System == "" && (q.Open() || q.State == Approved) {
			m.Confirmed = append(m.Confirmed, q)
		}
	}
	if m.Ways, err = d.Ways.of(tx, p.ID); err != nil {
		return err
	}
	m.Sources, err = sources(tx, by, all)
	return err
}

// showMe shows 使用者資訊; who has just proved who they are finds the new e-mail address in its field.
func (d Room) showMe(r *web.Request) error {
	contact := r.Form().Get("contact")
	if contact == "" {
		return d.drawMe(r, nil, nil)
	}
	var typed accounts.Person
	err := r.Look(func(tx *store.Tx) (err error) {
		typed, err = accounts.Find(tx, r.Actor.Person)
		return err
	})
	if err != nil {
		return err
	}
	typed.Contact = contact
	return d.drawMe(r, &typed, nil)
}

func (d Room) saveMe(r *web.Request) error {
	form := r.Form()
	typed := accounts.Person{ID: r.Actor.Person, Name: form.Get("name"), Contact: form.Get("contact"), Phone: form.Get("phone"),
		Address: form.Get("address"), Organisation: form.Get("organisation"), Title: form.Get("title")}
	var later bool
	err := r.Do(func(tx *store.Tx) (err error) {
		later, err = saveData(tx, r.Actor, typed)
		return err
	})
	if f, ok := fault.As(err); ok {
		return d.drawMe(r, &typed, f)
	}
	if err != nil {
		return err
	}
	if later {
		r.Flash(say.T("其他欄位已存檔；更換電子郵件前，先確認是您本人", "The other fields are saved. Before the e-mail address changes, confirm that it is you"))
		return r.Redirect(accounts.WithNext(factors.ConfirmURL, "/me?contact="+url.QueryEscape(typed.Contact)))
	}
	r.Flash(say.T("已存檔", "Saved"))
	return r.Redirect("/me")
}

// unbind takes a way in from whoever is signed in, after a fresh proof.
func (d Room) unbind(r *web.Request) error {
	err := factors.Confirmed(r)
	if fault.Is(err, fault.SignIn) {
		r.Flash(say.T("先確認是您本人，再按一次「解除綁定」", "Confirm that it is you, then press “Unbind” again"))
		return r.Redirect(accounts.WithNext(factors.ConfirmURL, "/me"))
	}
	if err == nil {
		err = r.Do(func(tx *store.Tx) error { return d.Ways.Unbind(tx, r.Actor, r.Form().Get("binding")) })
	}
	if f, ok := fault.As(err); ok {
		return d.drawMe(r, nil, f)
	}
	if err != nil {
		return err
	}
	r.Flash(say.T("已解除綁定，不能再用它登錄", "Unbound; it does not sign you in any more"))
	return r.Redirect("/me")
}

// saveData keeps what somebody typed about themselves. Letters, links for passwords among them, go to the e-mail address:
// it changes only after a fresh proof. Without one the rest is kept, and later is true.
func saveData(tx *store.Tx, by permit.Actor, typed accounts.Person) (later bool, err error) {
	kept, err := accounts.Find(tx, by.Person)
	if err != nil {
		return false, err
	}
	if taiwan.EmailKey(typed.Contact) != taiwan.EmailKey(kept.Contact) {
		err = factors.Proved(tx, by)
		if later = fault.Is(err, fault.SignIn); err != nil && !later {
			return false, err
		}
	}
	if later {
		if _, err := taiwan.Email(typed.Contact); err != nil {
			var f fault.Form
			f.Add("contact", err)
			return false, f.Err()
		}
		typed.Contact = kept.Contact
	}
	_, err = accounts.Change(tx, by, typed)
	return later, err
}
