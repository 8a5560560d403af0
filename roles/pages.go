package roles

import (
	"cloudbm/factors"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
)

// Mount opens the doors of this room.
func Mount(s *web.Site) {
	s.Handle("GET /bls/profile", web.SignedIn, showProfile)
	s.Handle("POST /bls/profile", web.SignedIn, saveProfile)
	s.Handle("POST /bls/profile/person-id", web.SignedIn, showPersonID)
	s.Handle("GET /bls/rights", web.SignedIn, showRights)

	s.Handle("GET /admin", administrator, showAdmin)
	s.Handle("GET /admin/invite", administrator, askInvite)
	s.Handle("POST /admin/invite", administrator, invite)
	s.Handle("GET /admin/people/{id}", administrator, showPerson)
	s.Handle("POST /admin/people/{id}/seats", administrator, giveSeat)
	s.Handle("POST /admin/people/{id}/link", administrator, newLink)
	s.Handle("POST /admin/people/{id}/disable", administrator, disable)
	s.Handle("POST /admin/people/{id}/enable", administrator, enable)
	s.Handle("POST /admin/seats/{id}/approve", administrator, approveOne)
	s.Handle("POST /admin/seats/{id}/end", administrator, endOne)
	s.Handle("GET /admin/audit", administrator, showAudit)
	s.Handle("GET /admin/authorities", administrator, showAuthorities)
	s.Handle("GET /admin/authorities/{code}", administrator, showSettings)
	s.Handle("POST /admin/authorities/{code}", administrator, saveSettings)
	s.Handle("GET /desk/settings", manager, showSettings)
	s.Handle("POST /desk/settings", manager, saveSettings)
}

func administrator(a permit.Actor) error {
	if err := factors.AtWork(a); err != nil {
		return err
	}
	if !a.Admin {
		return onlyAdministrators
	}
	return nil
}

func manager(a permit.Actor) error {
	if err := factors.AtWork(a); err != nil {
		return err
	}
	if len(a.Authorities(permit.Manager)) == 0 {
		return fault.Of(fault.Forbidden, "由機關管理者維護機關設定；需要修改時請洽貴機關的管理者", "An authority's settings are kept by its manager").To("我可以做什麼", "What I may do", "/bls/rights")
	}
	return nil
}

func crumb(zh, en string) []web.Crumb {
	return []web.Crumb{{Text: say.T("線上申請", "Online application"), URL: "/bls"}, {Text: say.T(zh, en)}}
}

// sheet is 使用者基本資料 as it stands: what is kept, over it what was typed, and what the doctor says.
type sheet struct {
	Account  string
	Kept     map[string]string // by Key; the national IDs masked, under Key+"-masked"
	Typed    map[string]string // nil: nothing was typed
	Chosen   permit.Role
	Also     bool // 營造廠 with 一般民眾
	Shown    map[permit.Role]string
	Findings []Finding
	Fault    *fault.Fault
}

// value is what stands in a field.
func (s sheet) value(key string) string {
	if s.Typed != nil {
		return s.Typed[key]
	}
	return s.Kept[key]
}

// open are the sections shown: of the roles held or chosen.
func (s sheet) open() (out []permit.Role) {
	if s.Chosen != "" {
		out = append(out, s.Chosen)
	}
	if add, ok := Second[s.Chosen]; ok && s.Also {
		out = append(out, add)
	}
	return out
}

// look reads what is kept about the person.
func (s *sheet) look(tx *store.Tx, a permit.Actor) error {
	facts, err := personFacts(tx, a.Person)
	if err != nil {
		return err
	}
	s.Account, s.Kept = facts["account"], facts
	profiles, err := profilesOf(tx, a.Person)
	if err != nil {
		return err
	}
	for _, p := range profiles {
		for k, v := range p.Facts {
			s.Kept[Key(p.Role, k)] = v
		}
		if p.Hidden != "" {
			id, err := tx.Reveal(p.Hidden)
			if err != nil {
				return err
			}
			s.Kept[Key(p.Role, "person_id")+"-masked"] = taiwan.MaskID(id)
		}
	}
	if roles := held(profiles); len(roles) > 0 && s.Chosen == "" {
		s.Chosen, s.Also = roles[0], len(roles) > 1
	}
	s.Findings, err = Doctor(tx, a)
	return err
}

func (s sheet) draw(r *web.Request) error {
	if err := r.Look(func(tx *store.Tx) error { return s.look(tx, r.Actor) }); err != nil {
		return err
	}
	return r.Draw(web.Page{Title: say.T("檢視使用者資訊", "User information"), Func: "BLS12000", Fault: s.Fault, Crumbs: crumb("檢視使用者資訊", "User information")}, profileView(s))
}

// showProfile shows the sections of the roles held, or of the one being chosen (?role=).
func showProfile(r *web.Request) error {
	s := sheet{}
	if role := permit.Role(r.Form().Get("role")); sections[role] != nil {
		s.Chosen, s.Also = role, r.Form().Get("also") == string(Second[role]) && r.Form().Get("also") != ""
	}
	return s.draw(r)
}

// chosen reads the role and the follow-up from the form.
func chosen(f web.Form) (role permit.Role, also bool, want []permit.Role) {
	role = permit.Role(f.Get("role"))
	if role == "" {
		return role, false, nil
	}
	want = []permit.Role{role}
	for _, add := range f.All("also") {
		if add != "" && permit.Role(add) != role {
			want, also = append(want, permit.Role(add)), true
		}
	}
	return role, also, want
}

// saveProfile is 儲存. Choosing another role first shows its section, with everything typed so far kept.
func saveProfile(r *web.Request) error {
	form := r.Form()
	s := sheet{Typed: map[string]string{}}
	for k := range form {
		s.Typed[k] = form.Get(k)
	}
	var want []permit.Role
	s.Chosen, s.Also, want = chosen(form)
	if form.Has("show") || !shown(form, want) && Combine(r.Actor.Roles, want) == nil {
		return s.keepTyping(r, want)
	}
	err := r.Do(func(tx *store.Tx) error { return Save(tx, r.Actor, want, s.Typed) })
	if f, ok := fault.As(err); ok {
		s.Fault = f
		return s.draw(r)
	}
	if err != nil {
		return err
	}
	r.Flash(say.T("已儲存", "Saved"))
	return r.Redirect(profileURL)
}

// shown reports whether the sections of the wanted roles stood on the page that was sent.
func shown(form web.Form, want []permit.Role) bool {
	for _, r := range want {
		if len(Fields(r)) > 0 && !form.Has(Key(r, Fields(r)[0].Key)) {
			return false
		}
	}
	return true
}

// keepTyping shows the sections of a role just chosen; of those not on the page yet, what was kept earlier.
func (s sheet) keepTyping(r *web.Request, want []permit.Role) error {
	s.Fault, _ = fault.As(Combine(r.Actor.Roles, want))
	err := r.Look(func(tx *store.Tx) error {
		old := sheet{}
		if err := old.look(tx, r.Actor); err != nil {
			return err
		}
		for k, v := range old.Kept {
			if _, typed := s.Typed[k]; !typed {
				s.Typed[k] = v
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.draw(r)
}

// showPersonID shows one's own national ID in full, once; the look is noted.
func showPersonID(r *web.Request) error {
	role := permit.Role(r.Form().Get("of"))
	s := sheet{Shown: map[permit.Role]string{}}
	err := r.Do(func(tx *store.Tx) error {
		id, err := PersonID(tx, r.Actor, role)
		s.Shown[role] = id
		return err
	})
	if err != nil {
		return err
	}
	return s.draw(r)
}

func showRights(r *web.Request) error {
	var why []Answer
	err := r.Look(func(tx *store.Tx) (err error) {
		why, err = Why(tx, r.Actor)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: say.T("我可以做什麼", "What I may do"), Func: "BLS12100", Crumbs: crumb("我可以做什麼", "What I may do")}, rightsView(r.Actor, why))
}
