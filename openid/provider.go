package openid

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"cloudbm/fault"
	"cloudbm/store"
)

// Settings are what a room decides about its provider.
type Settings struct {
	Name   string // stands in the rows: "sso"
	Issuer string // "https://host/sso"; http only on this machine
	Path   string // where it is mounted: "/sso"

	// SignIn is the page of this site that answers the request with that id, by Approve or Refuse.
	SignIn func(request string) string
	// SignedOut is the page after a sign-out that names no page of the client.
	SignedOut string
	// Client finds who may ask; store.ErrNotFound if there is no such client.
	Client func(tx *store.Tx, id string) (Client, error)
	// Claims are what the client learns of the subject, in the ID token and at userinfo; store.ErrNotFound if the
	// subject is no more.
	Claims func(*store.Tx, Grant) (map[string]any, error)
	// EndSession is told that a client signed its user out; nil if nothing else has to end.
	EndSession func(tx *store.Tx, subject, client, session string) error
}

// Client is a system that may send its users here.
type Client struct {
	ID, Name        string
	SecretHash      string   // Mark of its secret; "" only if Public
	Public          bool     // keeps no secret: an app on somebody's device
	Redirects       []string // addresses a code may be sent to, compared letter by letter
	LogoutRedirects []string
	Scopes          []string // it may ask for, besides openid
	Sector          string   // not "": clients of this sector know people under names nobody else does
}

// Check refuses a client that cannot be served safely.
func (c Client) Check() error {
	var f fault.Form
	if c.ID == "" || c.ID != strings.TrimSpace(c.ID) {
		f.Bad("id", "填寫系統代號，前後不留空白", "Enter the identifier of the system, without spaces around it")
	}
	if len(c.SecretHash) != 64 && !c.Public {
		f.Bad("secret", "產生一組密鑰", "Make a secret for the system")
	}
	if len(c.Redirects) == 0 {
		f.Bad("redirects", "填寫登入後的返回網址", "Enter the address to return to after signing in")
	}
	for key, all := range map[string][]string{"redirects": c.Redirects, "logout_redirects": c.LogoutRedirects} {
		if slices.ContainsFunc(all, func(s string) bool { return !safeAddress(s) }) {
			f.Bad(key, "填寫完整的 https 網址，不含 # 與 *", "Enter the whole https address, without # and *")
		}
	}
	return f.Err()
}

// safeAddress reports whether a code may travel there: over https, or not leaving this machine.
func safeAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && u.User == nil && !strings.ContainsAny(s, "#*\\") && (u.Scheme == "https" || u.Scheme == "http" && loopback(u))
}

func loopback(u *url.URL) bool {
	return slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname())
}

// Mark is how a secret is known in the database. Secrets have 256 random bits, so a plain SHA-256 keeps them.
func Mark(secret string) string {
	s := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(s[:])
}

// Request is what a client asks of somebody who is at the browser.
type Request struct {
	ID        string
	Client    Client
	Scopes    []string
	Redirect  string
	Made      time.Time
	Ends      time.Time
	challenge string
	state     string
	nonce     string
	asked
}

// asked are the wishes of a request that only the page of sign-in weighs.
type asked struct {
	Prompt    []string `json:",omitempty"` // none, login, consent, select_account
	MaxAge    *int64   `json:",omitempty"` // seconds since signing in, at most
	LoginHint string   `json:",omitempty"`
	Locales   []string `json:",omitempty"`
	Levels    []string `json:",omitempty"` // acr_values, the best first
	Subject   string   `json:",omitempty"` // of the id_token_hint: nobody else will do
}

// Wants reports whether the client asked for that prompt.
func (r Request) Wants(prompt string) bool { return slices.Contains(r.Prompt, prompt) }

// Fresh reports whether signing in at that time is recent enough for the client. Who signed in for this request is.
func (r Request) Fresh(at, now time.Time) bool {
	switch {
	case !at.Before(r.Made.Truncate(time.Second)):
		return true
	case r.Wants("login"):
		return false
	}
	return r.MaxAge == nil || now.Sub(at) <= time.Duration(*r.MaxAge)*time.Second
}

// Origin is where the browser goes in the end, for web.Request.FormsTo.
func (r Request) Origin() string {
	u, err := url.Parse(r.Redirect)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Who is the answer to a request: who is at the browser, and how sure that is.
type Who struct {
	Subject string    // stable, never given to anybody else
	At      time.Time // of signing in
	Methods []string  // amr: pwd, otp, hwk …
	Level   string    // acr
	Session string    // of this site: what Drop and EndSession call it
}

// Grant is what a person let a client have.
type Grant struct {
	ID, Client, Subject, Session, Level string
	Scopes, Methods                     []string
	At                                  time.Time // of signing in
	Made                                time.Time

	nonce, redirect, challenge string
	codeEnds                   time.Time
	used, ended                bool
}

// Has reports whether the scope was granted.
func (g Grant) Has(scope string) bool { return slices.Contains(g.Scopes, scope) }

// How long things live.
const (
	requestLife = time.Hour
	codeLife    = time.Minute
	accessLife  = 15 * time.Minute
	idLife      = 15 * time.Minute
	refreshLife = 30 * 24 * time.Hour
)

var goneRequest = fault.Of(fault.NotFound, "這個登入要求已經用過或逾時；回到原來的系統，從它的登入鈕重新開始",
	"This request to sign in has been used or is too old. Go back to the system you came from and start again from its sign-in button").
	To("回首頁", "Go to the home page", "/")

// Pending is the request with that id while it waits for an answer.
func (p *Provider) Pending(tx *store.Tx, id string) (Request, error) {
	if !readable(id) {
		return Request{}, goneRequest
	}
	r, err := requestBy(tx, p.Name, id)
	if err == nil {
		r.Client, err = p.Client(tx, r.Client.ID)
	}
	if errors.Is(err, store.ErrNotFound) || err == nil && tx.Now.After(r.Ends) {
		return Request{}, goneRequest
	}
	return r, p.wrap("pending", id, err)
}

// Approve answers a request once and tells the address of the client to Leave for; the code in it lives for a minute.
func (p *Provider) Approve(tx *store.Tx, id string, w Who) (to string, err error) {
	if w.Subject == "" || w.At.IsZero() {
		return "", p.wrap("approve", id, errors.New("nobody has signed in"))
	}
	r, err := p.Pending(tx, id)
	if err != nil {
		return "", err
	}
	if !r.Fresh(w.At, tx.Now) {
		return "", fault.Of(fault.SignIn, "再登入一次：對方系統要求剛剛才登入", "Sign in again: the other system asks for a sign-in made just now")
	}
	if r.Subject != "" && r.Subject != w.Subject {
		return "", fault.Of(fault.Conflict, "改用原來的帳號登入：對方系統等的是另一個人", "Sign in with the account you used before: the other system waits for another person")
	}
	code := store.Secret()
	g := Grant{ID: store.NewID(), Client: r.Client.ID, Subject: w.Subject, Session: w.Session, Level: w.Level, Scopes: r.Scopes,
		Methods: w.Methods, At: w.At, Made: tx.Now, nonce: r.nonce, redirect: r.Redirect, challenge: r.challenge, codeEnds: tx.Now.Add(codeLife)}
	if err := insertGrant(tx, p.Name, g, Mark(code)); err != nil {
		return "", p.wrap("approve", id, err)
	}
	return p.answer(tx, r, "code", code)
}

// Reason is why a request is refused.
type Reason string

// The reasons a client understands.
const (
	Denied              Reason = "access_denied"
	LoginRequired       Reason = "login_required"
	InteractionRequired Reason = "interaction_required"
	ConsentRequired     Reason = "consent_required"
)

// Refuse answers a request with no and tells the address of the client to Leave for.
func (p *Provider) Refuse(tx *store.Tx, id string, why Reason) (to string, err error) {
	r, err := p.Pending(tx, id)
	if err != nil {
		return "", err
	}
	return p.answer(tx, r, "error", string(why))
}

// answer takes the request away: it is answered once.
func (p *Provider) answer(tx *store.Tx, r Request, key, value string) (string, error) {
	if err := dropRequest(tx, p.Name, r.ID); err != nil {
		return "", p.wrap("answer", r.ID, err)
	}
	return p.back(r.Redirect, r.state, key, value), nil
}

// back is the address of the client with the answer in it, and whose answer it is (RFC 9207).
func (p *Provider) back(redirect, state, key, value string) string {
	u, err := url.Parse(redirect)
	if err != nil {
		return p.SignedOut
	}
	q := u.Query()
	q.Set(key, value)
	q.Set("iss", p.Issuer)
	if state != "" {
		q.Set("state", state)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// Drop ends what the subject has let clients have out of that session, or out of any with "".
func (p *Provider) Drop(tx *store.Tx, subject, session string) error {
	return p.wrap("drop", subject, endGrants(tx, p.Name, subject, session))
}

// known is the subject as the client knows it.
func (p *Provider) known(tx *store.Tx, c Client, subject string) (string, error) {
	if c.Sector == "" {
		return subject, nil
	}
	return tx.Blind("openid subject\n" + p.Name + "\n" + c.Sector + "\n" + subject)
}

func (p *Provider) wrap(act, id string, err error) error {
	if _, is := fault.As(err); err == nil || is {
		return err
	}
	return fmt.Errorf("openid: %s: %s %s: %w", p.Name, act, id, err)
}
