package sso

import (
	"slices"
	"strings"

	"cloudbm/accounts"
	"cloudbm/factors"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

const systemsURL = "/admin/systems"

// administrator lets in the administrators of the system.
func administrator(a permit.Actor) error {
	if err := factors.AtWork(a); err != nil {
		return err
	}
	if !a.Admin {
		return onlyAdministrators
	}
	return nil
}

func systemCrumbs(t say.Text) []web.Crumb {
	return []web.Crumb{{Text: say.T("系統管理", "Administration"), URL: "/admin"}, {Text: say.T("應用系統", "Systems"), URL: systemsURL}, {Text: t}}
}

// systemsPage lists the sister systems.
type systemsPage struct {
	All    []System
	Issuer string
	Form   web.Form
	Fault  *fault.Fault
}

func (d Room) drawSystems(r *web.Request, f *fault.Fault) error {
	p := systemsPage{Form: r.Form(), Fault: f}
	if d.Provider != nil {
		p.Issuer = d.Provider.Issuer
	}
	err := r.Look(func(tx *store.Tx) (err error) {
		p.All, err = Systems(tx)
		return err
	})
	if err != nil {
		return err
	}
	crumbs := systemCrumbs(say.Text{})[:2]
	crumbs[1].URL = ""
	return r.Draw(web.Page{Title: say.T("應用系統", "Systems"), Func: "SYS40500", Fault: f, Crumbs: crumbs, Wide: true}, systemsView(p))
}

func (d Room) showSystems(r *web.Request) error { return d.drawSystems(r, nil) }

// renewKey makes a new signing key; tokens signed by the one before stay good until they end.
func (d Room) renewKey(r *web.Request) error {
	why := r.Form().Get("why")
	err := r.Do(func(tx *store.Tx) error {
		if err := reason(why); err != nil {
			return err
		}
		if err := d.Provider.Rotate(tx); err != nil {
			return err
		}
		return accounts.Note(tx, r.Actor, "system.keys", Path, why)
	})
	if f, ok := fault.As(err); ok {
		return d.drawSystems(r, f)
	}
	if err != nil {
		return err
	}
	r.Flash(say.T("已更換簽章金鑰；原來的公鑰會再公布一天", "The signing key is renewed; the public half of the one before stays published for a day"))
	return r.Redirect(systemsURL)
}

// systemPage is one system, or one to be registered.
type systemPage struct {
	System
	New      bool
	Pairwise bool
	Roles    []Role
	Held     map[string]int // by role: how many hold it today
	Form     web.Form
	Typed    bool
	Fault    *fault.Fault
}

// typedSystem is a system as it was typed.
func typedSystem(f web.Form, id string) System {
	return System{ID: id, Name: say.T(f.Get("name_zh"), f.Get("name_en")), Tile: f.Get("tile"), Redirects: lines(f.Get("redirects")), Logouts: lines(f.Get("logouts")),
		Public: f.Get("public") == "Y", Scopes: f.All("scopes"), Consent: f.Get("consent") == "Y", Everybody: f.Get("everybody") == "Y"}
}

func lines(s string) (out []string) {
	for _, l := range strings.Split(s, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

func drawNewSystem(r *web.Request, f *fault.Fault) error {
	p := systemPage{New: true, Form: r.Form(), Typed: f != nil, Fault: f, System: System{Consent: true, Scopes: []string{"profile"}}}
	if p.Typed {
		p.System, p.Pairwise = typedSystem(p.Form, p.Form.Get("id")), p.Form.Get("pairwise") == "Y"
	}
	title := say.T("登記應用系統", "Register a system")
	return r.Draw(web.Page{Title: title, Func: "SYS40510", Fault: f, Crumbs: systemCrumbs(title)}, systemView(p))
}

func askSystem(r *web.Request) error { return drawNewSystem(r, nil) }

func (d Room) registerSystem(r *web.Request) error {
	form := r.Form()
	y := typedSystem(form, form.Get("id"))
	var secret string
	err := r.Do(func(tx *store.Tx) (err error) {
		secret, err = Register(tx, r.Actor, y, form.Get("pairwise") == "Y", d.Local, form.Get("why"))
		return err
	})
	if f, ok := fault.As(err); ok {
		return drawNewSystem(r, f)
	}
	if err != nil {
		return err
	}
	if secret != "" {
		return d.drawSecret(r, y.ID, secret)
	}
	r.Flash(say.T("已登記", "Registered"))
	return r.Redirect(systemsURL + "/" + y.ID)
}

// drawSecret shows a secret; it is never shown again.
func (d Room) drawSecret(r *web.Request, id, secret string) error {
	title := say.T("系統密鑰", "Secret of the system")
	return r.Draw(web.Page{Title: title, Func: "SYS40520", Crumbs: systemCrumbs(title)}, secretView(id, secret))
}

func drawSystem(r *web.Request, f *fault.Fault, typed bool) error {
	p := systemPage{Form: r.Form(), Typed: typed, Fault: f}
	err := r.Look(func(tx *store.Tx) (err error) {
		if p.System, err = systemByID(tx, r.PathValue("id")); err != nil {
			return err
		}
		if p.Roles, err = Offered(tx, p.ID); err != nil {
			return err
		}
		p.Held, err = holders(tx, p.ID)
		return err
	})
	if err != nil {
		return err
	}
	p.Pairwise = p.Sector != ""
	title := p.Name
	if typed {
		kept := p.System
		p.System = typedSystem(p.Form, kept.ID)
		p.Public, p.Sector, p.Used, p.Made, p.Disabled, p.DisabledWhy = kept.Public, kept.Sector, kept.Used, kept.Made, kept.Disabled, kept.DisabledWhy
	}
	return r.Draw(web.Page{Title: title, Func: "SYS40530", Fault: f, Crumbs: systemCrumbs(title)}, systemView(p))
}

func showSystem(r *web.Request) error { return drawSystem(r, nil, false) }

// about runs one act about a system and shows its page again, with the refusal if there was one; field is where the
// form of the act asks why.
func about(r *web.Request, field string, done say.Text, f func(tx *store.Tx, id, why string) error) error {
	id := r.PathValue("id")
	err := r.Do(func(tx *store.Tx) error { return f(tx, id, r.Form().Get("why")) })
	if refusal, ok := fault.As(err); ok {
		return drawSystem(r, whyAt(refusal, field), r.Form().Has("name_zh"))
	}
	if err != nil {
		return err
	}
	r.Flash(done)
	return r.Redirect(systemsURL + "/" + id)
}

// whyAt is f with what it says about the reason at the field of the form that was sent.
func whyAt(f *fault.Fault, field string) *fault.Fault {
	moved := *f
	moved.Places = slices.Clone(f.Places)
	for i := range moved.Places {
		if moved.Places[i].Key == "why" {
			moved.Places[i].Key = field
		}
	}
	return &moved
}

func (d Room) changeSystem(r *web.Request) error {
	return about(r, "why", say.T("已存檔", "Saved"), func(tx *store.Tx, id, why string) error {
		return Change(tx, r.Actor, typedSystem(r.Form(), id), d.Local, why)
	})
}

func (d Room) renewSecret(r *web.Request) error {
	var secret string
	id := r.PathValue("id")
	err := r.Do(func(tx *store.Tx) (err error) {
		secret, err = NewSecret(tx, r.Actor, id, r.Form().Get("why"))
		return err
	})
	if f, ok := fault.As(err); ok {
		return drawSystem(r, whyAt(f, "why-secret"), false)
	}
	if err != nil {
		return err
	}
	return d.drawSecret(r, id, secret)
}

func switchOff(r *web.Request) error {
	return about(r, "why-switch", say.T("已停用，立即生效", "Switched off, as of now"), func(tx *store.Tx, id, why string) error { return SwitchOff(tx, r.Actor, id, why) })
}

func switchOn(r *web.Request) error {
	return about(r, "why-switch", say.T("已恢復", "Switched on again"), func(tx *store.Tx, id, why string) error { return SwitchOn(tx, r.Actor, id, why) })
}

func keepRole(r *web.Request) error {
	form := r.Form()
	return about(r, "why-role", say.T("角色已登記", "The role is kept"), func(tx *store.Tx, id, why string) error {
		return PutRole(tx, r.Actor, id, Role{Key: form.Get("role"), Name: say.T(form.Get("role_zh"), form.Get("role_en"))}, why)
	})
}

func endRole(r *web.Request) error {
	role := r.Form().Get("retire")
	return about(r, "why-retire", say.T("角色已取消，持有的人立即失去", "The role is retired; who held it has lost it"), func(tx *store.Tx, id, why string) error {
		_, err := RetireRole(tx, r.Actor, id, role, why)
		return err
	})
}

// to is where the forms of the page go.
func (p systemPage) to() string {
	if p.New {
		return systemsURL
	}
	return systemsURL + "/" + p.ID
}
