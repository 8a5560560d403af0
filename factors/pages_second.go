package factors

import (
	"errors"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

// secondPage is the second step of signing in.
type secondPage struct {
	Factors
	Name  string
	First say.Text // what the first step was
	Next  string
	Fault *fault.Fault
	Here  bool // passkeys can be used at this address
}

func (d Room) askSecond(r *web.Request) error { return d.drawSecond(r, nil) }

func (d Room) drawSecond(r *web.Request, f *fault.Fault) error {
	p := secondPage{Next: accounts.Next(r), Fault: f, Here: d.passkeys != nil}
	err := r.Look(func(tx *store.Tx) error {
		s, who, err := accounts.HalfHere(tx, r)
		if err != nil {
			return err
		}
		p.Name, p.First = who.Name, say.F("已用「%s」登錄", "You came by “%s”", s.Door.Name())
		if s.Door == accounts.Backup {
			p.First = say.T("密碼正確", "Your password was right")
		}
		p.Factors, err = Of(tx, s.Person)
		return err
	})
	if err != nil {
		return d.noHalf(r, err)
	}
	name := say.T("第二道驗證", "Second step")
	return r.Draw(web.Page{Title: name, Func: "SSO10210", Fault: f, Scripts: []string{"passkey"}, Crumbs: []web.Crumb{{Text: name}}}, secondView(p))
}

// noHalf sends those on who are signed in, and those back to the doors who took too long.
func (d Room) noHalf(r *web.Request, err error) error {
	switch {
	case !errors.Is(err, store.ErrNotFound):
		return err
	case r.Actor.SignedIn():
		return r.Redirect(accounts.Next(r))
	}
	r.Flash(say.T("再登錄一次：第二道驗證要在 10 分鐘內完成", "Sign in again: the second step has to be taken within 10 minutes"))
	return r.Redirect(accounts.WithNext("/", accounts.Next(r)))
}

func (d Room) takeSecond(r *web.Request) error {
	form := r.Form()
	var s accounts.Session
	err := r.Look(func(tx *store.Tx) (err error) {
		s, _, err = accounts.HalfHere(tx, r)
		return err
	})
	if err != nil {
		return d.noHalf(r, err)
	}
	var keys accounts.Keys
	complete := func(tx *store.Tx, how string) (err error) {
		keys.Session, err = accounts.Complete(tx, s, how)
		return err
	}
	if form.Has("passkey") {
		err = d.passkeyed(r, toFinish, s.ID, func(tx *store.Tx, person string) error {
			if person != s.Person {
				return notTaken
			}
			return complete(tx, ByPasskey)
		})
	} else {
		by := permit.Actor{Person: s.Person, Session: s.ID, IP: r.IP()}
		err = Answer(r.Context(), r.Site.DB, by, form.Get("code"), func(tx *store.Tx, how string) error {
			return errors.Join(complete(tx, how), d.spent(tx, s.Person, how))
		})
	}
	if f, ok := fault.As(err); ok {
		return d.drawSecond(r, f)
	}
	if err != nil {
		return err
	}
	keys.Keep(r)
	r.Flash(say.T("已登錄", "You have signed in"))
	return r.Redirect(accounts.Next(r))
}

// spent tells the person that a backup code was used, and how many are left.
func (d Room) spent(tx *store.Tx, person, how string) error {
	if how != ByBackup {
		return nil
	}
	n, err := backupCodesLeft(tx, person)
	if err != nil {
		return err
	}
	return d.told(tx, person, say.F("用掉了一組備用碼，還剩 %d 組", "a backup code was used; %d are left", n))
}
