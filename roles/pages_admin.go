package roles

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
)

func adminCrumbs(zh, en string) []web.Crumb {
	return []web.Crumb{{Text: say.T("系統管理", "Administration"), URL: "/admin"}, {Text: say.T(zh, en)}}
}

// adminPage is the first page of administration: people found, and what waits for a second administrator.
type adminPage struct {
	Words   string
	People  []accounts.Person
	Waiting []Appointment
	Me      string
}

func showAdmin(r *web.Request) error {
	p := adminPage{Words: r.Form().Get("q"), Me: r.Actor.Person}
	err := r.Look(func(tx *store.Tx) (err error) {
		if p.People, err = accounts.People(tx, p.Words); err != nil {
			return err
		}
		p.Waiting, err = WaitingSeats(tx)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: say.T("系統管理", "Administration"), Func: "SYS40000", Crumbs: []web.Crumb{{Text: say.T("系統管理", "Administration")}}, Wide: true}, adminView(p))
}

func drawInvite(r *web.Request, f *fault.Fault) error {
	return r.Draw(web.Page{Title: say.T("建立帳號", "Make an account"), Func: "SYS40100", Fault: f, Crumbs: adminCrumbs("建立帳號", "Make an account")}, inviteView(f, r.Form()))
}

func askInvite(r *web.Request) error { return drawInvite(r, nil) }

func invite(r *web.Request) error {
	form := r.Form()
	p := accounts.Person{Name: form.Get("name"), Email: form.Get("email"), Phone: form.Get("phone"), Organisation: form.Get("organisation"), Title: form.Get("title")}
	var secret string
	err := r.Do(func(tx *store.Tx) (err error) {
		p, secret, err = Invite(tx, r.Actor, p)
		return err
	})
	if f, ok := fault.As(err); ok {
		return drawInvite(r, f)
	}
	if err != nil {
		return err
	}
	return drawLink(r, p, secret)
}

// drawLink shows a one-time link; it is never shown again.
func drawLink(r *web.Request, p accounts.Person, secret string) error {
	host := "https://" + r.Host
	if r.TLS == nil && !r.Site.Production {
		host = "http://" + r.Host
	}
	return r.Draw(web.Page{Title: say.T("設定密碼的連結", "Link for setting a password"), Func: "SYS40110", Crumbs: adminCrumbs("設定密碼的連結", "Link for setting a password")},
		oneLinkView(p, host+accounts.LinkURL(secret)))
}

// personPage is one person as administrators see them.
type personPage struct {
	accounts.Person
	Roles       []permit.Role
	Findings    []Finding
	Why         []Answer
	Seats       []Appointment
	Sessions    int
	Authorities []taiwan.Authority
	Me          string
	Today       string
	Form        web.Form
	Fault       *fault.Fault
}

func drawPerson(r *web.Request, id string, f *fault.Fault) error {
	p := personPage{Me: r.Actor.Person, Fault: f, Form: r.Form()}
	err := r.Look(func(tx *store.Tx) (err error) {
		p.Today = today(tx)
		if p.Person, err = accounts.Find(tx, id); err != nil {
			return err
		}
		a, err := Actor(tx, id)
		if err != nil {
			return err
		}
		p.Roles = a.Roles
		if p.Findings, err = Doctor(tx, a); err != nil {
			return err
		}
		if p.Why, err = Why(tx, a); err != nil {
			return err
		}
		if p.Seats, err = Appointments(tx, id); err != nil {
			return err
		}
		live, err := accounts.Sessions(tx, id)
		if err != nil {
			return err
		}
		p.Sessions = len(live)
		p.Authorities, err = Authorities(tx)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: say.Same(p.Name), Func: "SYS40200", Fault: f, Crumbs: adminCrumbs(p.Name, p.Name)}, personView(p))
}

func showPerson(r *web.Request) error { return drawPerson(r, r.PathValue("id"), nil) }

// act runs one act about a person and shows that person's page again, with the refusal if there was one.
func act(r *web.Request, person string, done say.Text, f func(*store.Tx) error) error {
	err := r.Do(f)
	if refusal, ok := fault.As(err); ok {
		return drawPerson(r, person, refusal)
	}
	if err != nil {
		return err
	}
	r.Flash(done)
	return r.Redirect("/admin/people/" + person)
}

func giveSeat(r *web.Request) error {
	form, id := r.Form(), r.PathValue("id")
	return act(r, id, say.T("已提出，等另一位系統管理者核准", "Asked for; another administrator has to approve"), func(tx *store.Tx) error {
		_, err := Give(tx, r.Actor, id, form.Get("authority"), permit.Duty(form.Get("duty")), form.Get("last"))
		return err
	})
}

func newLink(r *web.Request) error {
	var p accounts.Person
	var secret string
	id := r.PathValue("id")
	err := r.Do(func(tx *store.Tx) (err error) {
		if p, err = accounts.Find(tx, id); err != nil {
			return err
		}
		secret, err = accounts.NewLink(tx, r.Actor, id, accounts.InviteLife)
		return err
	})
	if f, ok := fault.As(err); ok {
		return drawPerson(r, id, f)
	}
	if err != nil {
		return err
	}
	return drawLink(r, p, secret)
}

func disable(r *web.Request) error {
	id := r.PathValue("id")
	return act(r, id, say.T("帳號已停用，登錄中的裝置都已登出", "The account is disabled and signed out everywhere"), func(tx *store.Tx) error {
		return accounts.Disable(tx, r.Actor, id, r.Form().Get("why"))
	})
}

func enable(r *web.Request) error {
	id := r.PathValue("id")
	return act(r, id, say.T("帳號已恢復", "The account is enabled again"), func(tx *store.Tx) error {
		return accounts.Enable(tx, r.Actor, id, r.Form().Get("why"))
	})
}

// seatPerson is whose seat the request is about.
func seatPerson(r *web.Request) (person string, err error) {
	return person, r.Look(func(tx *store.Tx) error {
		s, err := seatByID(tx, r.PathValue("id"))
		person = s.Person
		return err
	})
}

func approveOne(r *web.Request) error {
	person, err := seatPerson(r)
	if err != nil {
		return err
	}
	return act(r, person, say.T("職務已核准", "The duty is approved"), func(tx *store.Tx) error { return Approve(tx, r.Actor, r.PathValue("id")) })
}

func endOne(r *web.Request) error {
	person, err := seatPerson(r)
	if err != nil {
		return err
	}
	return act(r, person, say.T("職務已結束", "The duty has ended"), func(tx *store.Tx) error {
		return End(tx, r.Actor, r.PathValue("id"), r.Form().Get("why"))
	})
}

// auditPage is a part of the audit record.
type auditPage struct {
	Form    web.Form
	Entries []accounts.Entry
	Names   map[string]string
	More    string
	Fault   *fault.Fault
}

// showAudit searches the audit record; reading it is itself noted (附表十).
func showAudit(r *web.Request) error {
	form := r.Form()
	p := auditPage{Form: form, Names: map[string]string{}}
	s := accounts.Search{What: form.Get("what"), IP: form.Get("ip"), Before: form.Get("before"), Limit: 100}
	var bad fault.Form
	s.From = dayOf(form.Get("from"), "from", &bad, 0)
	s.Until = dayOf(form.Get("until"), "until", &bad, 1)
	p.Fault, _ = fault.As(bad.Err())
	if p.Fault == nil {
		if err := r.Do(func(tx *store.Tx) error { return p.search(tx, r.Actor, s) }); err != nil {
			return err
		}
	}
	return r.Draw(web.Page{Title: say.T("稽核紀錄", "Audit record"), Func: "SYS40300", Fault: p.Fault, Crumbs: adminCrumbs("稽核紀錄", "Audit record"), Wide: true}, auditView(p))
}

func dayOf(typed, key string, bad *fault.Form, plus int) (t time.Time) {
	if typed == "" {
		return t
	}
	d, err := taiwan.ParseDate(typed)
	if err != nil {
		bad.Add(key, err)
		return t
	}
	return d.AddDays(plus).Time()
}

func (p *auditPage) search(tx *store.Tx, by permit.Actor, s accounts.Search) error {
	if who := p.Form.Get("who"); who != "" {
		s.Person = who
		found, err := accounts.People(tx, who)
		if err != nil {
			return err
		}
		if len(found) == 1 {
			s.Person = found[0].ID
		}
	}
	var err error
	if p.Entries, err = accounts.Entries(tx, s); err != nil {
		return err
	}
	for _, e := range p.Entries {
		if _, ok := p.Names[e.About]; ok || e.About == "" {
			continue
		}
		if who, err := accounts.Find(tx, e.About); err == nil {
			p.Names[e.About] = who.Name
		} else {
			p.Names[e.About] = e.About
		}
	}
	if len(p.Entries) == s.Limit {
		q := url.Values{}
		for _, k := range []string{"who", "what", "ip", "from", "until"} {
			if v := p.Form.Get(k); v != "" {
				q.Set(k, v)
			}
		}
		q.Set("before", p.Entries[len(p.Entries)-1].ID)
		p.More = "/admin/audit?" + q.Encode()
	}
	return accounts.Note(tx, by, "audit.look", s.Person, strings.TrimSpace(s.What+" "+s.IP))
}

func showAuthorities(r *web.Request) error {
	var all []taiwan.Authority
	err := r.Look(func(tx *store.Tx) (err error) {
		all, err = Authorities(tx)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: say.T("主管機關", "Authorities"), Func: "SYS40400", Crumbs: adminCrumbs("主管機關", "Authorities")}, authoritiesView(all))
}

// settingsPage is the settings of one authority: what holds, what will hold, what was typed.
type settingsPage struct {
	Authority  string
	Name       say.Text
	To         string // where the form goes
	Now, Later map[string]Value
	Form       web.Form
	Typed      bool
	Others     []string // the other authorities the manager keeps
	Fault      *fault.Fault
}

// authorityOf is the authority the request is about: named in the address for administrators, else the manager's own.
func authorityOf(r *web.Request) (string, error) {
	if code := r.PathValue("code"); code != "" {
		return code, nil
	}
	mine := r.Actor.Authorities(permit.Manager)
	code := r.Form().Get("authority")
	if code == "" && len(mine) > 0 {
		return mine[0], nil
	}
	if !slices.Contains(mine, code) {
		return "", store.ErrNotFound
	}
	return code, nil
}

func drawSettings(r *web.Request, f *fault.Fault, typed bool) error {
	code, err := authorityOf(r)
	if err != nil {
		return err
	}
	p := settingsPage{Authority: code, To: r.URL.Path, Form: r.Form(), Typed: typed, Fault: f}
	if r.PathValue("code") == "" {
		p.Others = r.Actor.Authorities(permit.Manager)
	}
	err = r.Look(func(tx *store.Tx) (err error) {
		if p.Name, err = AuthorityName(tx, code); err != nil {
			return err
		}
		p.Now, p.Later, err = settingsOf(tx, code, today(tx))
		return err
	})
	if err != nil {
		return err
	}
	crumbs := adminCrumbs("機關設定", "Settings of the authority")
	if r.PathValue("code") == "" {
		crumbs = crumb("機關設定", "Settings of the authority")
	}
	return r.Draw(web.Page{Title: say.T("機關設定", "Settings of the authority"), Func: "SYS40410", Fault: f, Crumbs: crumbs}, settingsView(p))
}

func showSettings(r *web.Request) error { return drawSettings(r, nil, false) }

// saveSettings keeps every setting that differs from what holds, all or none.
func saveSettings(r *web.Request) error {
	code, err := authorityOf(r)
	if err != nil {
		return err
	}
	form := r.Form()
	err = r.Do(func(tx *store.Tx) error {
		var bad fault.Form
		for _, k := range Settings {
			if !form.Has(k.Key) {
				continue
			}
			err := SetSetting(tx, r.Actor, code, k.Key, form.Get(k.Key), form.Get("from"))
			if fault.Is(err, fault.Forbidden) || !add(&bad, err) {
				return err
			}
		}
		return once(bad.Err())
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		return drawSettings(r, f, true)
	}
	if err != nil {
		return err
	}
	r.Flash(say.T("設定已儲存", "The settings are saved"))
	to := r.URL.Path
	if r.PathValue("code") == "" {
		to += "?authority=" + url.QueryEscape(code)
	}
	return r.Redirect(to)
}

// once leaves of several places with the same key the first: a wrong day is wrong for every setting alike.
func once(err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	var bad fault.Form
	seen := map[string]bool{}
	for _, p := range f.Places {
		if !seen[p.Key] {
			bad.Bad(p.Key, p.Message.Zh, p.Message.En)
		}
		seen[p.Key] = true
	}
	return bad.Err()
}
