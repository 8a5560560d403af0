package factors

import (
	"errors"
	"time"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

// Confirmed refuses a request whose person has not proved within ten minutes who they are; the hall leads them to the
// page where they do, and back. For the pages of every room on which a way in is opened or closed:
//
//	if err := factors.Confirmed(r); err != nil { return err }
func Confirmed(r *web.Request) error {
	return r.Look(func(tx *store.Tx) error { return Proved(tx, r.Actor) })
}

// proofPage is what somebody can prove with who they are.
type proofPage struct {
	Factors
	Password bool
	Account  string // the address of the 備用帳號
	Door     accounts.Door
	DoorURL  string
	Next     string
	Fault    *fault.Fault
	Here     bool // passkeys can be used at this address
}

// next is where to go after the proof.
func next(r *web.Request) string {
	if to := web.Local(r.Form().Get("next")); to != "/" {
		return to
	}
	return "/me"
}

func (d Room) askConfirm(r *web.Request) error { return d.drawConfirm(r, nil) }

func (d Room) drawConfirm(r *web.Request, f *fault.Fault) error {
	p := proofPage{Next: next(r), Fault: f, Here: d.passkeys != nil, Account: r.Actor.Email}
	err := r.Look(func(tx *store.Tx) (err error) {
		if p.Factors, err = Of(tx, r.Actor.Person); err != nil {
			return err
		}
		s, err := accounts.Here(tx, r.Actor)
		if err != nil {
			return err
		}
		p.Door = s.Door
		p.Password, err = accounts.HasPassword(tx, r.Actor.Person)
		return err
	})
	if err != nil {
		return err
	}
	switch p.Door {
	case accounts.EGov, accounts.Card:
		p.DoorURL = accounts.WithNext("/doors/"+string(accounts.EGov), p.Next)
	case accounts.Health:
		p.DoorURL = accounts.WithNext("/doors/"+string(accounts.Health), p.Next)
	}
	name := say.T("確認是您本人", "Confirm it is you")
	return r.Draw(web.Page{Title: name, Func: "SSO11500", Fault: f, Scripts: []string{"passkey"}, Crumbs: mine(web.Crumb{Text: name})}, confirmView(p))
}

// confirm takes a password, a code or a passkey of whoever is signed in.
func (d Room) confirm(r *web.Request) error {
	form := r.Form()
	prove := func(tx *store.Tx, how string) error { return accounts.Prove(tx, r.Actor, how != "") }
	var err error
	switch {
	case form.Has("passkey"):
		err = d.passkeyed(r, toConfirm, r.Actor.Session, func(tx *store.Tx, person string) error {
			if person != r.Actor.Person {
				return notTaken
			}
			return prove(tx, ByPasskey)
		})
	case form.Has("code"):
		err = Answer(r.Context(), r.Site.DB, r.Actor, form.Get("code"), func(tx *store.Tx, how string) error {
			return errors.Join(prove(tx, how), d.spent(tx, r.Actor.Person, how))
		})
	default:
		if err = d.password(r, form.Get("password")); err == nil {
			err = r.Do(func(tx *store.Tx) error { return prove(tx, "") })
		}
	}
	if f, ok := fault.As(err); ok {
		return d.drawConfirm(r, f)
	}
	if err != nil {
		return err
	}
	r.Flash(say.T("已確認是您本人，十分鐘內有效", "Confirmed. It holds for ten minutes"))
	return r.Redirect(next(r))
}

// password refuses what is not the password of whoever is signed in. Guesses count, also when they fail.
func (d Room) password(r *web.Request, typed string) error {
	if typed == "" {
		return fault.Bad("password", "輸入密碼", "Enter your password")
	}
	err := r.Do(func(tx *store.Tx) error { return web.Limit(tx, "confirm", r.Actor.Person, 5, 15*time.Minute) })
	if err != nil {
		return err
	}
	ok, err := accounts.Knows(r.Context(), r.Site.DB, r.Actor.Person, typed)
	if err == nil && !ok {
		err = fault.Bad("password", "重新輸入密碼：和您目前使用的密碼不同", "Enter your password again: it differs from the one in use")
	}
	return err
}
