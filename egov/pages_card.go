package egov

import (
	"encoding/base64"
	"errors"
	"time"

	"cloudbm/fault"
	"cloudbm/pki"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

const cardPage = Home + "card"

// use is what a card is put in for.
type use string

const (
	toSignIn use = "signin"
	toEnable use = "enable"
	toReset  use = "reset"
	toBind   use = "bind"
)

// heading says what the card is put in for.
func (u use) heading() say.Text {
	switch u {
	case toEnable:
		return say.T("以自然人憑證啟用帳號", "Enable an account with a citizen certificate")
	case toReset:
		return say.T("以自然人憑證重設密碼", "Set a new password with a citizen certificate")
	case toBind:
		return say.T("綁定憑證", "Bind a card")
	}
	return say.T("憑證登入", "Sign in with a certificate")
}

// button says what its button does.
func (u use) button() say.Text {
	switch u {
	case toEnable:
		return say.T("啟用帳號", "Enable the account")
	case toReset:
		return say.T("重設密碼", "Set a new password")
	case toBind:
		return say.T("綁定", "Bind")
	}
	return say.T("登入", "Sign in")
}

// needsAccount reports whether the member has to say which account it is about.
func (u use) needsAccount() bool { return u == toEnable || u == toReset }

// kinds are the certificates that serve for it (S39, S41, S113).
func (u use) kinds() []pki.Kind {
	if u.needsAccount() {
		return []pki.Kind{pki.Citizen}
	}
	return []pki.Kind{pki.Citizen, pki.Company, pki.Organisation}
}

// asks is what the card signs for it: the purpose and what it is about, so that a signature for one use is none for
// another, nor for another member.
func (u use) asks(v Visit) (pki.Purpose, string) {
	if u == toBind {
		return pki.BindCard, "egov " + v.Member.ID
	}
	return pki.EGovSignIn, string(u)
}

func useOf(r *web.Request) use {
	switch u := use(r.Form().Get("for")); u {
	case toEnable, toReset, toBind:
		return u
	}
	return toSignIn
}

// challengeLife is the time for putting the card in and typing the PIN.
const challengeLife = 10 * time.Minute

// cardForm is the form of a card as it is drawn.
type cardForm struct {
	Use       use
	Next      string
	Account   string
	Fault     *fault.Fault
	Trouble   *pki.Trouble // with the card: what can be done about it
	Component string       // where it listens on this computer
	Challenge pki.Challenge
}

// text is the challenge as the script and the form carry it.
func (d cardForm) text() string { return base64.StdEncoding.EncodeToString([]byte(d.Challenge.Text)) }

// ask makes the challenge of a form.
func (s *Site) ask(tx *store.Tx, v Visit, d cardForm) (_ cardForm, err error) {
	d.Component = s.Cards.Component
	if d.Component == "" {
		d.Component = pki.DefaultComponent
	}
	purpose, about := d.Use.asks(v)
	d.Challenge, err = s.Cards.Ask(tx, purpose, about, challengeLife)
	return d, err
}

func (s *Site) askCard(r *web.Request, v Visit) error {
	u := useOf(r)
	if u == toBind && v.Member.ID == "" {
		return r.Redirect(withNext(Home, cardPage+"?for=bind"))
	}
	return s.drawCard(r, v, cardForm{Use: u})
}

func (s *Site) drawCard(r *web.Request, v Visit, d cardForm) error {
	d.Next, d.Account = next(r), r.Form().Get("account")
	err := r.Do(func(tx *store.Tx) (err error) {
		if d, err = s.ask(tx, v, d); err != nil {
			return err
		}
		var back string
		if _, back, err = s.systemBehind(tx, d.Next); back != "" {
			r.FormsTo(back)
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.draw(r, v, web.Page{Title: d.Use.heading(), Func: "EGV10400", Fault: d.Fault, Scripts: []string{pki.Script},
		Crumbs: []web.Crumb{{Text: d.Use.heading()}}}, cardView(d))
}

// readCard takes what the card signed, and does with it what it was put in for.
func (s *Site) readCard(r *web.Request, v Visit) error {
	u := useOf(r)
	if u == toBind && v.Member.ID == "" {
		return r.Redirect(withNext(Home, cardPage+"?for=bind"))
	}
	if u.needsAccount() && r.Form().Get("account") == "" {
		return s.drawCard(r, v, cardForm{Use: u, Fault: fault.Bad("account", "輸入帳號", "Enter your account")})
	}
	purpose, about := u.asks(v)
	signed, err := s.Cards.Answered(r.Context(), purpose, about, pki.Read(r), u.kinds()...)
	var trouble *pki.Refusal
	if errors.As(err, &trouble) {
		r.Site.Log.Info("a card was not taken", "id", r.Number(), "for", string(u), "why", trouble.Error())
		return s.drawCard(r, v, cardForm{Use: u, Fault: trouble.Fault(), Trouble: trouble.Trouble})
	}
	if err != nil {
		return err
	}
	err = s.put(r, v, u, certificateOf(signed))
	if f, ok := fault.As(err); ok {
		return s.drawCard(r, v, cardForm{Use: u, Fault: f})
	}
	return err
}

// put does what the card was put in for.
func (s *Site) put(r *web.Request, v Visit, u use, c Certificate) error {
	account, to := r.Form().Get("account"), Home
	var secret string
	err := r.Do(func(tx *store.Tx) (err error) {
		switch u {
		case toEnable:
			err = EnableByCard(tx, account, c)
		case toReset:
			secret, err = ResetByCard(tx, account, c)
		case toBind:
			err = BindCard(tx, v.Member, c)
		default:
			secret, err = SignInByCard(tx, c)
		}
		return err
	})
	if err != nil {
		return err
	}
	switch u {
	case toEnable:
		r.Flash(say.T("帳號已啟用，可以登入了", "The account is enabled. You can sign in"))
	case toReset:
		to = passwordPage + "/" + secret
	case toBind:
		r.Flash(say.T("憑證已綁定", "The card is bound"))
		to = memberPage + "/cards"
	default:
		keep(r, secret, int(total.Seconds()))
		to = next(r)
	}
	return r.Redirect(to)
}

// certificateOf is what a card proved, as this room keeps it.
func certificateOf(s pki.Signed) Certificate {
	return Certificate{Kind: s.Kind, Name: s.Name, Last4: s.Last4, UBN: s.UBN, Number: s.CardNumber, Fingerprint: s.Fingerprint}
}
