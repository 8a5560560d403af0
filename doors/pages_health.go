package doors

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"cloudbm/accounts"
	"cloudbm/factors"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

const (
	healthURL     = "/doors/health"
	bindHealthURL = "/me/health"
	randomCookie  = "health"
	passwordField = "card-password"
)

func (h Health) mount(s *web.Site) {
	s.Handle("GET /doors/health", web.Anyone, h.askCard)
	s.Handle("POST /doors/health", web.Anyone, h.signIn)
	s.Handle("POST /doors/health/random", web.Anyone, h.giveRandom)
	s.Handle("GET /doors/health/{trouble}", web.Anyone, h.showTrouble)
	s.Handle("GET /me/health", web.SignedIn, h.askCard)
	s.Handle("POST /me/health", web.SignedIn, h.bind)
	s.Handle("POST /me/health/random", web.SignedIn, h.giveRandom)
	s.Handle("GET /me/health/{trouble}", web.SignedIn, h.showTrouble)
}

// healthPage is the page on which a card is read.
type healthPage struct {
	Health
	Binding bool
	Bound   string // label of the card that is bound now
	Next    string
	Fault   *fault.Fault
}

func binds(r *web.Request) bool { return strings.HasPrefix(r.URL.Path, bindHealthURL) }

// binder is who a number to sign is for: whoever binds a card, or nobody yet.
func binder(r *web.Request) string {
	if binds(r) {
		return r.Actor.Person
	}
	return ""
}

func (p healthPage) action() string {
	if p.Binding {
		return bindHealthURL
	}
	return healthURL
}

func (p healthPage) troubleAt() string  { return p.action() + "/" }
func (p healthPage) components() string { return strings.Join(p.Components, " ") }

func (p healthPage) title() say.Text {
	if p.Binding {
		return say.T("綁定全民健保卡", "Bind a health card")
	}
	return say.T("用全民健保卡登錄", "Sign in with a health card")
}

func (p healthPage) button() say.Text {
	if p.Binding {
		return say.T("讀卡並綁定", "Read the card and bind it")
	}
	return say.T("讀卡並登錄", "Read the card and sign in")
}

func (p healthPage) describedBy() string {
	if p.Fault.About(passwordField).Empty() {
		return "card-password-hint"
	}
	return "card-password-hint card-password-error"
}

func withNext(to, next string) templ.SafeURL { return templ.URL(accounts.WithNext(to, next)) }

// askCard draws the page. Whoever is signed in comes to /doors/health to bind (前往綁定), or, on the way to somewhere
// else, to prove once more who they are.
func (h Health) askCard(r *web.Request) error {
	if !binds(r) && r.Actor.SignedIn() && r.Form().Get("next") == "" {
		return r.Redirect(bindHealthURL)
	}
	return h.draw(r, nil)
}

func (h Health) draw(r *web.Request, f *fault.Fault) error {
	p := healthPage{Health: h, Binding: binds(r), Next: accounts.Next(r), Fault: f}
	if !h.ready() {
		return r.Draw(web.Page{Title: accounts.Health.Name(), Func: "SSO10500", Crumbs: []web.Crumb{{Text: accounts.Health.Name()}}},
			laterView(accounts.Health, accounts.WithNext("/signin", p.Next), r.Actor.SignedIn()))
	}
	page := web.Page{Title: p.title(), Func: "SSO10520", Fault: f, Crumbs: crumb("全民健保卡", "Health card"), Scripts: []string{"health.js"}}
	if p.Binding {
		err := r.Look(func(tx *store.Tx) (err error) {
			if err = factors.Proved(tx, r.Actor); err == nil {
				p.Bound, err = boundCard(tx, r.Actor.Person)
			}
			return err
		})
		if err != nil {
			return err
		}
		page.Func, page.Crumbs = "SSO11120", append([]web.Crumb{{Text: say.T("使用者資訊", "User information"), URL: "/me"}}, page.Crumbs...)
	}
	r.ConnectTo(h.Components...)
	return r.Draw(page, healthView(p))
}

// giveRandom answers the script with a number for the card to sign.
func (h Health) giveRandom(r *web.Request) error {
	var random, secret string
	err := r.Do(func(tx *store.Tx) error { return web.Limit(tx, "health card", r.IP(), 300, 15*time.Minute) })
	if err == nil {
		err = r.Do(func(tx *store.Tx) (err error) {
			random, secret, err = AskCard(tx, binder(r))
			return err
		})
	}
	if f, ok := fault.As(err); ok {
		return r.JSON(web.StatusOf(f.Kind), map[string]string{"message": f.Message.In(r.Lang())})
	}
	if err != nil {
		return err
	}
	keepRandom(r, secret, int(randomLife.Seconds()))
	return r.JSON(http.StatusOK, map[string]string{"random": random})
}

func keepRandom(r *web.Request, secret string, age int) {
	http.SetCookie(r.W, &http.Cookie{Name: r.Site.CookieName(randomCookie), Value: secret, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: r.Site.Production || r.TLS != nil, SameSite: http.SameSiteStrictMode})
}

// proved is the card that was read in the browser, as the verification service vouches for it. The number it signed is
// used up whatever comes out.
func (h Health) proved(r *web.Request) (HealthCard, error) {
	if !h.ready() {
		return HealthCard{}, &Trouble{Why: serviceDown}
	}
	form := r.Form()
	p := Proof{Version: form.Get("version"), Password: form.Get("sealed"), Basic: form.Get("basic"), Signature: form.Get("signature")}
	c, err := r.Cookie(r.Site.CookieName(randomCookie))
	if err != nil {
		return HealthCard{}, &Trouble{Why: late}
	}
	keepRandom(r, "", -1)
	err = r.Do(func(tx *store.Tx) (err error) {
		p.Random, err = spend(tx, c.Value, binder(r))
		return err
	})
	if err != nil {
		return HealthCard{}, err
	}
	if p.Random == "" {
		return HealthCard{}, &Trouble{Why: late}
	}
	if err := p.read(); err != nil {
		return HealthCard{}, err
	}
	return h.Verify(r.Context(), p)
}

func (h Health) signIn(r *web.Request) error {
	card, err := h.proved(r)
	if err != nil {
		return h.refuse(r, err)
	}
	var keys accounts.Keys
	err = r.Do(func(tx *store.Tx) error {
		person, err := cardOwner(tx, card)
		if errors.Is(err, store.ErrNotFound) {
			return &Trouble{Why: unbound}
		}
		if err != nil {
			return err
		}
		keys, err = accounts.Enter(tx, person, accounts.Health, accounts.SourceOf(r))
		return err
	})
	if err != nil {
		return h.refuse(r, err)
	}
	keys.Keep(r)
	r.Flash(say.T("已用全民健保卡登錄", "You have signed in with your health card"))
	return r.Redirect(accounts.Next(r))
}

func (h Health) bind(r *web.Request) error {
	card, err := h.proved(r)
	if err != nil {
		return h.refuse(r, err)
	}
	if err := r.Do(func(tx *store.Tx) error { return BindCard(tx, r.Actor, card) }); err != nil {
		return h.refuse(r, err)
	}
	r.Flash(say.F("已綁定全民健保卡 %s，下次可以用它登錄", "Health card %s is bound; you can sign in with it", card.Label()))
	return r.Redirect("/me")
}

// refuse tells what is wrong with the card. A wrong password is said at its field; everything else has a page.
func (h Health) refuse(r *web.Request, err error) error {
	var t *Trouble
	if !errors.As(err, &t) {
		return err
	}
	r.Site.Log.Info("health card refused", "id", r.Number(), "error", err)
	if t.Why != late && t.Why != strange {
		note := func(tx *store.Tx) error {
			return accounts.Note(tx, permit.Actor{Person: r.Actor.Person, Name: r.Actor.Name, Session: r.Actor.Session, IP: r.IP()}, "sign-in.refused", r.Actor.Person, "health "+t.Why)
		}
		if err := r.Do(note); err != nil {
			return err
		}
	}
	if t.Why == wrongPassword {
		return h.draw(r, wrongCardPassword(t.Left))
	}
	return h.drawTrouble(r, t.Why)
}

func wrongCardPassword(left int) *fault.Fault {
	if left > 0 {
		return fault.BadText(passwordField, say.F("輸入這張健保卡的密碼：剛才的不對，再錯 %d 次會鎖住", "Enter the password of this card: the last one was wrong, and %d more lock it", left))
	}
	return fault.Bad(passwordField, "輸入這張健保卡的密碼：剛才的不對", "Enter the password of this card: the last one was wrong")
}

func (h Health) showTrouble(r *web.Request) error { return h.drawTrouble(r, r.PathValue("trouble")) }

func (h Health) drawTrouble(r *web.Request, why string) error {
	a, ok := troubles[why]
	if !ok {
		return store.ErrNotFound
	}
	p := healthPage{Binding: binds(r), Next: accounts.Next(r)}
	page := web.Page{Title: a.Title, Func: "SSO10530", Crumbs: crumb("全民健保卡", "Health card")}
	if r.Method == http.MethodPost {
		page.Status = a.Status
	}
	return r.Draw(page, troubleView(a, accounts.WithNext(p.action(), p.Next), p.Binding, p.Next))
}
