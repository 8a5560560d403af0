package openid

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"cloudbm/fault"
	"cloudbm/store"
	"cloudbm/web"
)

// Party is ourselves as a client of a provider of others.
type Party struct {
	PartySettings
	refusals
	db    *store.DB
	wire  *http.Client
	names Names

	mu      sync.Mutex
	found   about
	foundAt time.Time
	triedAt time.Time // in vain
	keys    jose.JSONWebKeySet
	keysAt  time.Time
}

// about is what a provider publishes about itself.
type about struct {
	Issuer     string   `json:"issuer"`
	Authorize  string   `json:"authorization_endpoint"`
	Token      string   `json:"token_endpoint"`
	UserInfo   string   `json:"userinfo_endpoint"`
	Keys       string   `json:"jwks_uri"`
	EndSession string   `json:"end_session_endpoint"`
	Methods    []string `json:"token_endpoint_auth_methods_supported"`
	SignsBack  bool     `json:"authorization_response_iss_parameter_supported"`
}

// How long what a provider publishes is believed, and how long nobody asks again: after a failure, so that people do not
// queue for a provider that is away, and after keys were fetched, so that a stranger's token does not have them fetched.
const (
	aboutLife = time.Hour
	keysLife  = time.Hour
	pause     = 10 * time.Second
)

// NewParty is the party with those settings. It asks the provider nothing before somebody wants to sign in.
func NewParty(db *store.DB, s PartySettings) (*Party, error) {
	if s.Name == "" || s.ClientID == "" || !safeAddress(s.Issuer) || !safeAddress(s.Redirect) {
		return nil, fmt.Errorf("openid: party %q needs a client and https addresses: issuer %q, redirect %q", s.Name, s.Issuer, s.Redirect)
	}
	if !slices.Contains(s.Scopes, "openid") {
		s.Scopes = append([]string{"openid"}, s.Scopes...)
	}
	return &Party{PartySettings: s, refusals: refusals{s.Says}, db: db, wire: wire(s.Timeout), names: s.Names.over(UsualNames)}, nil
}

// note keeps for the operators why somebody is refused.
func (s PartySettings) note(f *fault.Fault, act string, why error) *fault.Fault {
	if s.Log != nil {
		s.Log.Warn("sign-in elsewhere refused", "party", s.Name, "act", act, "error", why)
	}
	return f
}

// AuthURL begins a sign-in: the address the browser is sent to. The secret is one of the cookie of that browser.
func (p *Party) AuthURL(ctx context.Context, browser string, ask Ask) (string, error) {
	if weak(browser) {
		return "", errors.New("openid: the secret of the browser is too short")
	}
	at, err := p.about(ctx)
	if err != nil {
		return "", err
	}
	state := store.Secret()
	b := newBegun(p.Name, state, browser)
	b.next = ask.Next
	q := url.Values{"client_id": {p.ClientID}, "redirect_uri": {p.Redirect}, "response_type": {"code"}, "scope": {strings.Join(p.Scopes, " ")},
		"state": {state}, "nonce": {b.nonce}, "code_challenge": {challengeOf(b.verifier)}, "code_challenge_method": {"S256"},
		"prompt": {ask.Prompt}, "login_hint": {ask.LoginHint}, "ui_locales": {ask.Locale}, "acr_values": {strings.Join(p.Levels, " ")}}
	if ask.MaxAge > 0 {
		b.maxAge = int64(ask.MaxAge / time.Second)
		q.Set("max_age", strconv.FormatInt(b.maxAge, 10))
	}
	if err := p.db.Write(ctx, func(tx *store.Tx) error { return insertBegun(tx, b) }); err != nil {
		return "", fmt.Errorf("openid: %s: begin: %w", p.Name, err)
	}
	return address(at.Authorize, q)
}

// Exchange finishes a sign-in with the parameters the browser came back with.
func (p *Party) Exchange(ctx context.Context, browser string, answer url.Values) (Identity, error) {
	b := newBegun(p.Name, answer.Get("state"), browser)
	err := p.db.Write(ctx, func(tx *store.Tx) (err error) { b, err = takeBegun(tx, b); return err })
	if errors.Is(err, store.ErrNotFound) {
		return Identity{}, p.again()
	}
	if err != nil {
		return Identity{}, fmt.Errorf("openid: %s: finish: %w", p.Name, err)
	}
	at, err := p.about(ctx)
	if err != nil {
		return Identity{}, err
	}
	if iss := answer.Get("iss"); iss != p.Issuer && (iss != "" || at.SignsBack) {
		return Identity{}, p.note(p.untrue(), "answer", fmt.Errorf("iss %q", iss))
	}
	if why := answer.Get("error"); why != "" {
		return Identity{}, p.refused(why, answer.Get("error_description"))
	}
	got, err := p.redeem(ctx, at, answer.Get("code"), b.verifier)
	if err != nil {
		return Identity{}, err
	}
	claims, err := p.verified(ctx, at, b, got)
	if err != nil {
		return Identity{}, err
	}
	if err := p.enrich(ctx, at, claims, got.Access); err != nil {
		return Identity{}, err
	}
	id := p.names.identity(p.Issuer, claims)
	id.IDToken, id.Next = got.ID, b.next
	if id.Subject == "" {
		return Identity{}, p.note(p.untrue(), "claims", fmt.Errorf("no %q", p.names["subject"]))
	}
	return id, nil
}

// refused is what an error of the provider means to the person.
func (p *Party) refused(why, more string) error {
	err := fmt.Errorf("%.60q %.200q", why, more)
	switch why {
	case "access_denied", "login_required", "interaction_required", "consent_required", "account_selection_required":
		return p.note(p.stopped(), "answer", err)
	}
	return p.note(p.away(), "answer", err)
}

// given are the tokens of a code.
type given struct {
	Access string `json:"access_token"`
	Type   string `json:"token_type"`
	ID     string `json:"id_token"`
}

// redeem exchanges the code.
func (p *Party) redeem(ctx context.Context, at about, code, verifier string) (g given, err error) {
	if code == "" {
		return g, p.note(p.untrue(), "answer", errors.New("no code"))
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {p.Redirect}, "code_verifier": {verifier}}
	user, password := "", ""
	switch basic := len(at.Methods) == 0 || slices.Contains(at.Methods, "client_secret_basic"); {
	case p.Secret != "" && basic:
		user, password = p.ClientID, p.Secret
	case p.Secret != "":
		form.Set("client_secret", p.Secret)
		fallthrough
	default:
		form.Set("client_id", p.ClientID)
	}
	a, err := post(ctx, p.wire, at.Token, form, user, password)
	if err != nil {
		return g, p.note(p.away(), "token", err)
	}
	if a.status != http.StatusOK {
		why := fmt.Errorf("%d %.300q", a.status, a.body)
		if said, err := object(a.body); err == nil && text(said, "error") == "invalid_grant" {
			return g, p.note(p.again(), "token", why)
		}
		return g, p.note(p.away(), "token", why)
	}
	if err := json.Unmarshal(a.body, &g); err != nil {
		return g, p.note(p.away(), "token", err)
	}
	if g.ID == "" || g.Access == "" || !strings.EqualFold(g.Type, "Bearer") {
		return g, p.note(p.untrue(), "token", errors.New("no ID token or no bearer token"))
	}
	return g, nil
}

// verified are the claims of the ID token once it has been looked at.
func (p *Party) verified(ctx context.Context, at about, b begun, g given) (map[string]any, error) {
	keys, err := p.keySet(ctx, at, false)
	if err != nil {
		return nil, err
	}
	claims, alg, err := read(g.ID, keys)
	if errors.Is(err, errNoKey) {
		if keys, err = p.keySet(ctx, at, true); err != nil {
			return nil, err
		}
		claims, alg, err = read(g.ID, keys)
	}
	if err == nil {
		w := wanted{issuer: p.Issuer, client: p.ClientID, nonce: b.nonce, access: g.Access, maxAge: b.maxAge, now: p.db.Now()}
		err = w.check(claims, alg)
	}
	switch {
	case errors.Is(err, errOld):
		return nil, p.note(p.old(), "ID token", err)
	case err != nil:
		return nil, p.note(p.untrue(), "ID token", err)
	}
	return claims, nil
}

// protected claims come from the ID token alone.
var protected = []string{"iss", "sub", "aud", "azp", "exp", "iat", "nbf", "nonce", "acr", "amr", "auth_time", "at_hash", "sid"}

// enrich adds what the userinfo endpoint says about the same person.
func (p *Party) enrich(ctx context.Context, at about, claims map[string]any, access string) error {
	if at.UserInfo == "" {
		return nil
	}
	more, _, err := fetch(ctx, p.wire, at.UserInfo, access)
	if err != nil {
		return p.note(p.away(), "userinfo", err)
	}
	if more["sub"] != claims["sub"] {
		return p.note(p.untrue(), "userinfo", fmt.Errorf("sub: %v", more["sub"]))
	}
	for name, value := range more {
		if !slices.Contains(protected, name) {
			claims[name] = value
		}
	}
	return nil
}

// EndURL is where the browser signs out at the provider; "" if the provider has no such page.
func (p *Party) EndURL(ctx context.Context, idToken string) (string, error) {
	at, err := p.about(ctx)
	if err != nil || at.EndSession == "" {
		return "", err
	}
	return address(at.EndSession, url.Values{"id_token_hint": {idToken}, "client_id": {p.ClientID}, "post_logout_redirect_uri": {p.Bye}})
}

// about is what the provider publishes. While the provider is away, what it said last is believed on.
func (p *Party) about(ctx context.Context) (about, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.db.Now()
	known, resting := p.found.Issuer != "", now.Sub(p.triedAt) < pause
	if known && (resting || now.Sub(p.foundAt) < aboutLife) {
		return p.found, nil
	}
	if resting {
		return about{}, p.away()
	}
	a, err := p.discover(context.WithoutCancel(ctx)) // others wait for it too
	if err == nil {
		p.found, p.foundAt = a, now
		return a, nil
	}
	p.triedAt = now
	if known {
		return p.found, nil
	}
	return about{}, err
}

// discover reads what the provider publishes. A second try is made at once: the first connection after a night is the
// one that fails.
func (p *Party) discover(ctx context.Context) (a about, err error) {
	from := strings.TrimSuffix(p.Issuer, "/") + "/.well-known/openid-configuration"
	_, b, err := fetch(ctx, p.wire, from, "")
	if err != nil {
		_, b, err = fetch(ctx, p.wire, from, "")
	}
	if err == nil {
		err = json.Unmarshal(b, &a)
	}
	if err != nil {
		return a, p.note(p.away(), "discovery", err)
	}
	if a.Issuer != p.Issuer {
		return a, p.note(p.untrue(), "discovery", fmt.Errorf("issuer %q", a.Issuer))
	}
	for _, e := range []string{a.Authorize, a.Token, a.Keys} {
		if !safeAddress(e) {
			return a, p.note(p.untrue(), "discovery", fmt.Errorf("endpoint %q", e))
		}
	}
	return a, nil
}

// keySet are the keys of the provider; anew asks again because one was missing, but not for every stranger's token.
func (p *Party) keySet(ctx context.Context, at about, anew bool) (jose.JSONWebKeySet, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.db.Now()
	if age := now.Sub(p.keysAt); !p.keysAt.IsZero() && (age < pause || !anew && age < keysLife) {
		return p.keys, nil
	}
	_, b, err := fetch(context.WithoutCancel(ctx), p.wire, at.Keys, "")
	var set jose.JSONWebKeySet
	if err == nil {
		set, err = keysIn(b)
	}
	if err != nil {
		return set, p.note(p.away(), "keys", err)
	}
	p.keys, p.keysAt = set, now
	return set, nil
}

// cookie is the name of the cookie of sign-ins with that party: each has its own, since two on one host share the jar.
func cookie(r *web.Request, party string) string { return r.Site.CookieName("openid-" + party) }

// browser is the secret of the browser at r; for a sign-in that begins it is made where there is none, and kept.
func browser(r *web.Request, party string, begins bool) string {
	name, secret := cookie(r, party), ""
	if c, err := r.Cookie(name); err == nil && !weak(c.Value) {
		secret = c.Value
	}
	if !begins {
		return secret
	}
	if secret == "" {
		secret = store.Secret()
	}
	http.SetCookie(r.W, &http.Cookie{Name: name, Value: secret, Path: "/", MaxAge: int(begunLife / time.Second),
		HttpOnly: true, Secure: r.Site.Production || r.TLS != nil, SameSite: http.SameSiteLaxMode})
	return secret
}

// Start sends the browser at r to sign in at the provider.
func (p *Party) Start(r *web.Request, ask Ask) error {
	to, err := p.AuthURL(r.Context(), browser(r, p.Name, true), ask)
	if err != nil {
		return err
	}
	return Leave(r, to)
}

// Finish is who came back: the page at Redirect calls it.
func (p *Party) Finish(r *web.Request) (Identity, error) {
	return p.Exchange(r.Context(), browser(r, p.Name, false), r.URL.Query())
}
