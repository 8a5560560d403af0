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
	"cloudbm/web"
)

// stop is why a request of a system cannot be answered yet.
type stop string

const (
	goOn     stop = ""
	signIn   stop = "sign-in"  // nobody is signed in
	another  stop = "another"  // the system waits for another person
	prove    stop = "prove"    // the sign-in is too old for the system
	stronger stop = "stronger" // the system asks for more than this sign-in proved
	noRole   stop = "no-role"
	ask      stop = "ask" // consent
)

// silent is what a system that asked for no page is told instead.
var silent = map[stop]openid.Reason{signIn: openid.LoginRequired, another: openid.LoginRequired, prove: openid.LoginRequired,
	stronger: openid.InteractionRequired, noRole: openid.Denied, ask: openid.ConsentRequired}

// visit is a request of a system with whoever is at the browser.
type visit struct {
	openid.Request
	System System
	by     permit.Actor
	here   accounts.Session
}

func (d Room) visit(tx *store.Tx, by permit.Actor, request string) (v visit, err error) {
	v.by = by
	if v.Request, err = d.Provider.Pending(tx, request); err != nil {
		return v, err
	}
	if v.System, err = systemByID(tx, v.Client.ID); err != nil || !by.SignedIn() {
		return v, err
	}
	v.here, err = session(tx, by.Person, by.Session)
	return v, err
}

// holds is what still holds the request back.
func (v visit) holds(tx *store.Tx) (stop, error) {
	switch {
	case !v.by.SignedIn():
		return signIn, nil
	case v.Subject != "" && v.Subject != v.by.Person:
		return another, nil
	case !v.Fresh(v.here.Proved, tx.Now):
		return prove, nil
	case !enough(levelOf(v.here), v.Levels):
		return stronger, nil
	}
	if ok, err := v.System.open(tx, v.by.Person); err != nil || !ok {
		return noRole, err
	}
	if ok, err := agreed(tx, v.System, v.by.Person, v.Scopes); err != nil || !ok || v.Wants("consent") && v.System.Consent {
		return ask, err
	}
	return goOn, nil
}

// approve lets the person through to the system.
func (d Room) letThrough(tx *store.Tx, v visit) (to string, err error) {
	to, err = d.Provider.Approve(tx, v.ID, openid.Who{Subject: v.by.Person, At: v.here.Proved, Methods: methodsOf(v.here), Level: levelOf(v.here), Session: v.here.ID})
	if err != nil {
		return "", err
	}
	if err := touchSystem(tx, v.System.ID); err != nil {
		return "", err
	}
	return to, accounts.Note(tx, v.by, "system.enter", v.System.ID, "")
}

func continueTo(request string) string { return continueURL + "?request=" + url.QueryEscape(request) }

// arrive answers a request of a sister system: straight on for whoever may go there, else a page that says what is
// missing. Whoever comes back from signing in gets a page that leads on by itself: browsers hold a redirect after a form
// to the forms-to of the page of that form.
func (d Room) arrive(r *web.Request) error {
	request := r.Form().Get("request")
	var v visit
	var why stop
	var to string
	err := r.Do(func(tx *store.Tx) (err error) {
		if v, err = d.visit(tx, r.Actor, request); err != nil {
			return err
		}
		if why, err = v.holds(tx); err != nil {
			return err
		}
		switch {
		case why == goOn && !r.Form().Has("back"):
			to, err = d.letThrough(tx, v)
		case why != goOn && v.Wants("none"):
			to, err = d.Provider.Refuse(tx, request, silent[why])
		}
		return err
	})
	if err != nil {
		return err
	}
	if to != "" {
		return openid.Leave(r, to)
	}
	back := continueTo(request) + "&back=1"
	switch why {
	case goOn:
		r.W.Header().Set("Refresh", "0; url="+continueTo(request))
	case signIn:
		r.Flash(say.F("登錄後前往「%s」", "Sign in to go on to “%s”", v.System.Name))
		return r.Redirect(accounts.WithNext("/", back))
	case prove:
		r.Flash(say.F("「%s」要求剛剛才確認過是您本人", "“%s” asks for a proof made just now that it is you", v.System.Name))
		return r.Redirect(accounts.WithNext(factors.ConfirmURL, back))
	}
	return d.drawStop(r, v, why, nil)
}

func (d Room) drawStop(r *web.Request, v visit, why stop, f *fault.Fault) error {
	r.FormsTo(v.Origin())
	p := web.Page{Title: v.System.Name, Func: "SSO11900", Fault: f, Crumbs: []web.Crumb{{Text: v.System.Name}}}
	if why == noRole {
		p.Status = web.StatusOf(fault.Forbidden)
	}
	return r.Draw(p, stopView(v, why, f))
}

// answer is what the person chose on the page of a request: to go on, or not to.
func (d Room) answer(r *web.Request) error {
	form := r.Form()
	var v visit
	var why stop
	var to string
	err := r.Do(func(tx *store.Tx) (err error) {
		if v, err = d.visit(tx, r.Actor, form.Get("request")); err != nil {
			return err
		}
		if form.Get("answer") == "no" {
			to, err = d.Provider.Refuse(tx, v.ID, openid.Denied)
			return err
		}
		if why, err = v.holds(tx); err != nil {
			return err
		}
		if why == ask {
			if err := Agree(tx, r.Actor, v.System.ID, v.Scopes); err != nil {
				return err
			}
			why = goOn
		}
		if why == goOn {
			to, err = d.letThrough(tx, v)
		}
		return err
	})
	if err != nil {
		return err
	}
	if why != goOn {
		return r.Redirect(continueTo(v.ID))
	}
	return openid.Leave(r, to)
}

func showConsents(r *web.Request) error {
	var all []Consent
	err := r.Look(func(tx *store.Tx) (err error) {
		all, err = Consents(tx, r.Actor.Person)
		return err
	})
	if err != nil {
		return err
	}
	title := say.T("提供個人資料的系統", "Systems that receive my data")
	return r.Draw(web.Page{Title: title, Func: "SSO11800", Crumbs: meCrumbs(title)}, consentsView(all))
}

func revokeConsent(r *web.Request) error {
	if err := r.Do(func(tx *store.Tx) error { return Revoke(tx, r.Actor, r.Form().Get("system")) }); err != nil {
		return err
	}
	r.Flash(say.T("已撤回同意，立即生效", "Taken back, as of now"))
	return r.Redirect(consentsURL)
}
