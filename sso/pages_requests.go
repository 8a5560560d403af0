package sso

import (
	"time"

	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
)

// other is the choice of an organisation that is no authority.
const other = "other"

// organisationPage is 變更/申請組織: what was applied for, and the form.
type organisationPage struct {
	Mine        []Request
	Authorities []taiwan.Authority
	Form        web.Form
	Fault       *fault.Fault
}

func drawOrganisation(r *web.Request, f *fault.Fault) error {
	p := organisationPage{Form: r.Form(), Fault: f}
	err := r.Look(func(tx *store.Tx) error {
		all, err := Mine(tx, r.Actor.Person)
		if err != nil {
			return err
		}
		for _, q := range all {
			if q.System == "" {
				p.Mine = append(p.Mine, q)
			}
		}
		p.Authorities, err = roles.Authorities(tx)
		return err
	})
	if err != nil {
		return err
	}
	title := say.T("變更/申請組織", "Change or apply for an organisation")
	return r.Draw(web.Page{Title: title, Func: "SSO11600", Fault: f, Crumbs: meCrumbs(title)}, organisationView(p))
}

func askOrganisation(r *web.Request) error { return drawOrganisation(r, nil) }

func (d Room) applyOrganisation(r *web.Request) error {
	form := r.Form()
	w := Wish{Authority: form.Get("authority"), Organisation: form.Get("organisation"), Title: form.Get("title"), Said: form.Get("said")}
	if w.Authority == other {
		w.Authority = ""
		if w.Organisation == "" {
			return drawOrganisation(r, fault.Bad("organisation", "輸入組織名稱", "Enter the name of the organisation"))
		}
	}
	return d.apply(r, w, func(f *fault.Fault) error { return drawOrganisation(r, f) })
}

// apply makes the request and tells those who decide; draw shows the form again with a refusal.
func (d Room) apply(r *web.Request, w Wish, draw func(*fault.Fault) error) error {
	var q Request
	err := r.Do(func(tx *store.Tx) (err error) {
		if q, err = Ask(tx, r.Actor, w); err != nil {
			return err
		}
		return d.tellDeciders(tx, q)
	})
	if f, ok := fault.As(err); ok {
		return draw(f)
	}
	if err != nil {
		return err
	}
	r.Flash(say.T("已提出申請，結果會通知您", "Your request is made; you will be told the outcome"))
	return r.Redirect(requestURL(q.ID))
}

func (d Room) tell(tx *store.Tx, person string, title, body say.Text, url string) error {
	if d.Tell == nil || person == permit.System.Person {
		return nil
	}
	return d.Tell(tx, person, title, body, url)
}

// tellDeciders tells the authority's managers, or where there are none the administrators, that q waits for them.
func (d Room) tellDeciders(tx *store.Tx, q Request) error {
	var to []roles.Officer
	var err error
	if q.Authority != "" && q.State == Waiting {
		if to, err = roles.Officers(tx, q.Authority, permit.Manager); err != nil {
			return err
		}
	}
	if len(to) == 0 {
		if to, err = roles.Officers(tx, "", roles.Administrator); err != nil {
			return err
		}
	}
	for _, o := range to {
		if o.Person == q.Person || o.Person == q.Agreer {
			continue
		}
		err := d.tell(tx, o.Person, say.F("%s申請%s，等您審核", "%s applies for %s and waits for you", say.Same(q.Name), q.What()), say.F("提出時間：%s", "Asked for on %s", dayOf(q.Asked)), inboxURL+"/"+q.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// tellApplicant tells what became of q.
func (d Room) tellApplicant(tx *store.Tx, q Request) error {
	body := say.F("處理者：%s，%s。", "By %s on %s.", say.Same(q.Decider), dayOf(q.Decided))
	if q.Why != "" {
		body = say.F("處理者：%s，%s。原因：%s", "By %s on %s. Reason: %s", say.Same(q.Decider), dayOf(q.Decided), say.Same(q.Why))
	}
	return d.tell(tx, q.Person, say.F("您的申請%s：%s", "Your request is %s: %s", q.State.Name(), q.What()), body, requestURL(q.ID))
}

// rolesPage is 變更/申請應用系統角色: what is held and asked for, and where more can be applied for.
type rolesPage struct {
	Sources []source
	Past    []Request
	Systems []System
}

func showRoles(r *web.Request) error {
	var p rolesPage
	err := r.Look(func(tx *store.Tx) error {
		all, err := Mine(tx, r.Actor.Person)
		if err != nil {
			return err
		}
		for _, q := range all {
			if q.System != "" && !q.Open() && q.State != Approved {
				p.Past = append(p.Past, q)
			}
		}
		if p.Sources, err = sources(tx, r.Actor, all); err != nil {
			return err
		}
		p.Systems, err = withRoles(tx)
		return err
	})
	if err != nil {
		return err
	}
	title := say.T("變更/申請應用系統角色", "Roles in the systems")
	return r.Draw(web.Page{Title: title, Func: "SSO11700", Crumbs: meCrumbs(title), Wide: true}, rolesView(p))
}

// withRoles are the sister systems that have roles to apply for.
func withRoles(tx *store.Tx) (out []System, err error) {
	all, err := Systems(tx)
	if err != nil {
		return nil, err
	}
	for _, y := range all {
		offered, err := Offered(tx, y.ID)
		if err != nil {
			return nil, err
		}
		if y.On() && len(offered) > 0 {
			out = append(out, y)
		}
	}
	return out, nil
}

// rolePage is the form for one role in one system.
type rolePage struct {
	System      string
	Name        say.Text
	Roles       []Role
	Authorities []taiwan.Authority
	Form        web.Form
	Fault       *fault.Fault
}

func drawRole(r *web.Request, f *fault.Fault) error {
	p := rolePage{System: r.PathValue("system"), Name: blsName, Form: r.Form(), Fault: f}
	err := r.Look(func(tx *store.Tx) (err error) {
		if p.Authorities, err = roles.Authorities(tx); err != nil {
			return err
		}
		if p.System == BLS {
			p.Roles = nil
			for _, duty := range permit.Duties {
				p.Roles = append(p.Roles, Role{Key: string(duty), Name: duty.Name()})
			}
			return nil
		}
		y, err := systemByID(tx, p.System)
		if err != nil {
			return err
		}
		if !y.On() {
			return closedSystem(y)
		}
		p.Name = y.Name
		p.Roles, err = Offered(tx, p.System)
		return err
	})
	if err != nil {
		return err
	}
	title := say.T("申請角色", "Apply for a role")
	crumbs := append(meCrumbs(say.T("變更/申請應用系統角色", "Roles in the systems")), web.Crumb{Text: title})
	crumbs[1].URL = rolesURL
	return r.Draw(web.Page{Title: title, Func: "SSO11710", Fault: f, Crumbs: crumbs}, roleView(p))
}

func askRole(r *web.Request) error { return drawRole(r, nil) }

func (d Room) applyRole(r *web.Request) error {
	form := r.Form()
	w := Wish{System: r.PathValue("system"), Role: form.Get("role"), Authority: form.Get("authority"), Said: form.Get("said")}
	return d.apply(r, w, func(f *fault.Fault) error { return drawRole(r, f) })
}

// requestPage is one request: as its applicant sees it, or with Decide as who decides it does.
type requestPage struct {
	Request
	Decide bool
	Second bool // the next approval lets it begin
	Me     string
	Form   web.Form
	Fault  *fault.Fault
}

func drawRequest(r *web.Request, decide bool, f *fault.Fault) error {
	p := requestPage{Decide: decide, Me: r.Actor.Person, Form: r.Form(), Fault: f}
	err := r.Look(func(tx *store.Tx) (err error) {
		p.Request, err = Find(tx, r.Actor, r.PathValue("id"))
		if err == nil && (decide && !MayDecide(r.Actor, p.Request) || !decide && p.Person != r.Actor.Person) {
			err = store.ErrNotFound
		}
		return err
	})
	if err != nil {
		return err
	}
	p.Second = p.State == Agreed
	title := say.T("我的申請", "My request")
	page := web.Page{Title: title, Func: "SSO11720", Fault: f, Crumbs: meCrumbs(title)}
	if decide {
		title = say.T("審核申請", "Decide a request")
		page = web.Page{Title: title, Func: "SSO12010", Fault: f, Crumbs: []web.Crumb{{Text: say.T("審核申請", "Requests to decide"), URL: inboxURL}, {Text: say.Same(p.Name)}}}
	}
	return r.Draw(page, requestView(p))
}

func showRequest(r *web.Request) error { return drawRequest(r, false, nil) }

func showToDecide(r *web.Request) error { return drawRequest(r, true, nil) }

// act runs one act about a request and shows its page again, with the refusal if there was one.
func act(r *web.Request, decide bool, done say.Text, to string, f func(*store.Tx) error) error {
	err := r.Do(f)
	if refusal, ok := fault.As(err); ok {
		return drawRequest(r, decide, refusal)
	}
	if err != nil {
		return err
	}
	r.Flash(done)
	return r.Redirect(to)
}

func withdrawRequest(r *web.Request) error {
	id := r.PathValue("id")
	return act(r, false, say.T("申請已撤回", "The request is withdrawn"), requestURL(id), func(tx *store.Tx) error { return Withdraw(tx, r.Actor, id) })
}

func giveBack(r *web.Request) error {
	id := r.PathValue("id")
	return act(r, false, say.T("已放棄，立即生效", "Given up, as of now"), requestURL(id), func(tx *store.Tx) error {
		q, err := requestByID(tx, id)
		if err != nil || q.Person != r.Actor.Person {
			return orNotFound(err)
		}
		_, err = End(tx, r.Actor, id, "本人放棄")
		return err
	})
}

func orNotFound(err error) error {
	if err == nil {
		return store.ErrNotFound
	}
	return err
}

// inboxPage is the desk of those who decide requests.
type inboxPage struct {
	Waiting, Done []Request
	Me            string
}

func showInbox(r *web.Request) error {
	p := inboxPage{Me: r.Actor.Person}
	err := r.Look(func(tx *store.Tx) (err error) {
		if p.Waiting, err = Inbox(tx, r.Actor); err != nil {
			return err
		}
		p.Done, err = Lately(tx, r.Actor, 50)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: say.T("審核申請", "Requests to decide"), Func: "SSO12000", Crumbs: crumb("審核申請", "Requests to decide"), Wide: true}, inboxView(p))
}

func (d Room) approve(r *web.Request) error {
	var q Request
	err := r.Do(func(tx *store.Tx) (err error) {
		if q, err = Approve(tx, r.Actor, r.PathValue("id"), r.Form().Get("last")); err != nil {
			return err
		}
		if q.State == Agreed {
			if err := d.tellDeciders(tx, q); err != nil {
				return err
			}
		}
		return d.tellApplicant(tx, q)
	})
	if f, ok := fault.As(err); ok {
		return drawRequest(r, true, f)
	}
	if err != nil {
		return err
	}
	if q.State == Agreed {
		r.Flash(say.T("已同意，由一位系統管理者核准後生效", "Agreed; it begins once an administrator approves too"))
	} else {
		r.Flash(say.T("已核准，並通知申請人", "Approved; the applicant is told"))
	}
	return r.Redirect(inboxURL)
}

func (d Room) sendBack(r *web.Request) error {
	id, why := r.PathValue("id"), r.Form().Get("why")
	return act(r, true, say.T("已退回，並通知申請人", "Returned; the applicant is told"), inboxURL, func(tx *store.Tx) error {
		q, err := Return(tx, r.Actor, id, why)
		if err == nil {
			err = d.tellApplicant(tx, q)
		}
		return err
	})
}

func (d Room) endGrant(r *web.Request) error {
	id, why := r.PathValue("id"), r.Form().Get("ended")
	return act(r, true, say.T("已終止，並通知本人", "Ended; the person is told"), inboxURL, func(tx *store.Tx) error {
		q, err := End(tx, r.Actor, id, why)
		if err == nil {
			err = d.tellApplicant(tx, q)
		}
		return err
	})
}

// dayOf is the day of a moment, dayText an ISO day, both in words.
func dayOf(t time.Time) say.Text {
	return say.T(taiwan.DateOf(t).ROC(), taiwan.DateOf(t).Time().Format("2 January 2006"))
}

func dayText(iso string) say.Text {
	d, err := taiwan.ParseDate(iso)
	if err != nil {
		return say.Same(iso)
	}
	return dayOf(d.Time())
}
