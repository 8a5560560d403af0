package sso

import (
	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
)

// Mount opens the doors.
func Mount(s *web.Site) {
	s.Handle("GET /home", web.SignedIn, home)
	s.Handle("GET /me", web.SignedIn, showMe)
	s.Handle("POST /me", web.SignedIn, saveMe)
}

func crumb(zh, en string) []web.Crumb { return []web.Crumb{{Text: say.T(zh, en)}} }

func home(r *web.Request) error {
	var p accounts.Person
	err := r.Look(func(tx *store.Tx) (err error) {
		p, err = accounts.Find(tx, r.Actor.Person)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: accounts.PlatformName, Func: "SSO11000"}, homeView(p, r.Actor))
}

// me is 使用者資訊 as it stands: what is kept, and over it what was typed.
type me struct {
	accounts.Person
	Backup  string // 備用帳號, empty while there is none
	Sources [][2]say.Text
	Fault   *fault.Fault
}

func drawMe(r *web.Request, typed *accounts.Person, f *fault.Fault) error {
	m := me{Fault: f, Sources: sources(r.Actor)}
	err := r.Look(func(tx *store.Tx) error {
		p, err := accounts.Find(tx, r.Actor.Person)
		if err != nil {
			return err
		}
		has, err := accounts.HasPassword(tx, p.ID)
		if has {
			m.Backup = p.Email
		}
		m.Person = p
		return err
	})
	if err != nil {
		return err
	}
	if typed != nil {
		m.Person = *typed
	}
	return r.Draw(web.Page{Title: say.T("使用者資訊", "User information"), Func: "SSO11100", Fault: f, Crumbs: crumb("使用者資訊", "User information")}, meView(m))
}

func showMe(r *web.Request) error { return drawMe(r, nil, nil) }

func saveMe(r *web.Request) error {
	form := r.Form()
	typed := accounts.Person{ID: r.Actor.Person, Name: form.Get("name"), Contact: form.Get("contact"), Phone: form.Get("phone"),
		Address: form.Get("address"), Organisation: form.Get("organisation"), Title: form.Get("title")}
	err := r.Do(func(tx *store.Tx) error {
		_, err := accounts.Change(tx, r.Actor, typed)
		return err
	})
	if f, ok := fault.As(err); ok {
		return drawMe(r, &typed, f)
	}
	if err != nil {
		return err
	}
	r.Flash(say.T("已存檔", "Saved"))
	return r.Redirect("/me")
}

// sources are the roles and duties of a with where each comes from (S115).
func sources(a permit.Actor) (out [][2]say.Text) {
	own := say.T("本人登錄", "Entered by yourself")
	given := say.T("系統管理者核准", "Approved by the administrators")
	for _, r := range a.Roles {
		out = append(out, [2]say.Text{r.Name(), own})
	}
	for _, s := range a.Seats {
		name := say.Same(s.Authority)
		if at, ok := taiwan.AuthorityByCode(s.Authority); ok {
			name = at.Text()
		}
		out = append(out, [2]say.Text{say.F("%s %s", "%s, %s", name, s.Duty.Name()), given})
	}
	if a.Admin {
		out = append(out, [2]say.Text{say.T("系統管理者", "System administrator"), given})
	}
	return out
}
