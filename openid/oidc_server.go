package openid

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"cloudbm/store"
	"cloudbm/web"
)

// server answers the endpoints. The library reads and checks the form of a request and writes the answer; each method
// finds the transaction of its request in the context, because the library has no other way to hand it down.
type server struct {
	op.UnimplementedServer
	*Provider
}

// visit is one request at an endpoint: its transaction and what went wrong with us, not with the client.
type visit struct {
	tx  *store.Tx
	err error
}

type visitKey struct{}

func at(ctx context.Context) *visit { return ctx.Value(visitKey{}).(*visit) }

// said is the answer of the protocol to err; what is no answer of the protocol is kept for the transaction, which then
// is run again or undone.
func (v *visit) said(err error) error {
	var answer *oidc.Error
	if err == nil || errors.As(err, &answer) {
		return err
	}
	v.err = err
	return &oidc.Error{ErrorType: "temporarily_unavailable"}
}

// stranger is the answer to a client that does not prove who it is.
func stranger(why string) error {
	return op.NewStatusError(oidc.ErrInvalidClient().WithDescription("%s", why), http.StatusUnauthorized)
}

// asking is a client as the library wants to see it.
type asking struct {
	Client
	p *Provider
}

func (a asking) GetID() string                       { return a.ID }
func (a asking) RedirectURIs() []string              { return a.Redirects }
func (a asking) PostLogoutRedirectURIs() []string    { return a.LogoutRedirects }
func (a asking) ApplicationType() op.ApplicationType { return op.ApplicationTypeWeb }
func (a asking) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (a asking) LoginURL(request string) string       { return a.p.SignIn(request) }
func (a asking) AccessTokenType() op.AccessTokenType  { return op.AccessTokenTypeBearer }
func (a asking) IDTokenLifetime() time.Duration       { return idLife }
func (a asking) DevMode() bool                        { return true } // http redirects: Client.Check lets loopback pass only
func (a asking) IsScopeAllowed(scope string) bool     { return slices.Contains(a.Scopes, scope) }
func (a asking) IDTokenUserinfoClaimsAssertion() bool { return true }
func (a asking) ClockSkew() time.Duration             { return 0 }

func (a asking) AuthMethod() oidc.AuthMethod {
	if a.Public {
		return oidc.AuthMethodNone
	}
	return oidc.AuthMethodBasic
}

func (a asking) GrantTypes() []oidc.GrantType {
	return []oidc.GrantType{oidc.GrantTypeCode, oidc.GrantTypeRefreshToken}
}

func (a asking) RestrictAdditionalIdTokenScopes() func([]string) []string     { return all }
func (a asking) RestrictAdditionalAccessTokenScopes() func([]string) []string { return all }

func all(scopes []string) []string { return scopes }

// find is the client with that id.
func (s server) find(v *visit, id string) (Client, error) {
	if id == "" || !readable(id) {
		return Client{}, store.ErrNotFound
	}
	return s.Client(v.tx, id)
}

// VerifyAuthRequest finds who asks. Nothing is sent anywhere before that is known.
func (s server) VerifyAuthRequest(ctx context.Context, r *op.Request[oidc.AuthRequest]) (*op.ClientRequest[oidc.AuthRequest], error) {
	v := at(ctx)
	c, err := s.find(v, r.Data.ClientID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, oidc.ErrInvalidRequestRedirectURI().WithDescription("client_id is not registered")
	case err != nil:
		return nil, v.said(err)
	case !safeAddress(r.Data.RedirectURI):
		return nil, oidc.ErrInvalidRequestRedirectURI().WithDescription("redirect_uri is not registered")
	}
	return &op.ClientRequest[oidc.AuthRequest]{Request: r, Client: asking{c, s.Provider}}, nil
}

var challenge = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// Authorize keeps the request and sends the browser to sign in.
func (s server) Authorize(ctx context.Context, r *op.ClientRequest[oidc.AuthRequest]) (*op.Redirect, error) {
	v, ask, c := at(ctx), r.Data, r.Client.(asking)
	switch {
	case ask.RequestParam != "":
		return nil, oidc.ErrRequestNotSupported()
	case r.Form.Get("request_uri") != "":
		return nil, &oidc.Error{ErrorType: "request_uri_not_supported"}
	case !slices.Contains(ask.Scopes, oidc.ScopeOpenID):
		return nil, oidc.ErrInvalidScope().WithDescription("scope must contain openid")
	case ask.ResponseMode != "" && ask.ResponseMode != oidc.ResponseModeQuery:
		return nil, oidc.ErrInvalidRequest().WithDescription("response_mode must be query")
	case ask.CodeChallengeMethod != oidc.CodeChallengeMethodS256 || !challenge.MatchString(ask.CodeChallenge):
		return nil, oidc.ErrInvalidRequest().WithDescription("code_challenge with code_challenge_method S256 is required")
	}
	if err := web.Limit(v.tx, "openid.authorize", web.FromContext(ctx).IP(), 1000, 15*time.Minute); err != nil {
		return nil, v.said(err)
	}
	req := Request{ID: store.NewID(), Client: c.Client, Redirect: ask.RedirectURI, Made: v.tx.Now, Ends: v.tx.Now.Add(requestLife),
		state: ask.State, nonce: ask.Nonce, challenge: ask.CodeChallenge}
	for _, scope := range ask.Scopes {
		if !slices.Contains(req.Scopes, scope) && (scope == oidc.ScopeOpenID || c.IsScopeAllowed(scope)) {
			req.Scopes = append(req.Scopes, scope)
		}
	}
	req.asked = asked{Prompt: ask.Prompt, LoginHint: ask.LoginHint, Levels: ask.ACRValues}
	if ask.MaxAge != nil {
		seconds := int64(min(*ask.MaxAge, 1<<31))
		req.MaxAge = &seconds
	}
	for _, l := range ask.UILocales {
		req.Locales = append(req.Locales, l.String())
	}
	if ask.IDTokenHint != "" {
		subject, err := s.hinted(v.tx, c.Client, ask.IDTokenHint)
		if err != nil {
			return nil, v.said(err)
		}
		req.Subject = subject
	}
	if err := insertRequest(v.tx, s.Name, req); err != nil {
		return nil, v.said(err)
	}
	return op.NewRedirect(s.SignIn(req.ID)), nil
}

// hinted is the subject an ID token was made for; "" when that is not to be known any more.
func (s server) hinted(tx *store.Tx, c Client, token string) (string, error) {
	h, err := s.readHint(tx, token)
	if errors.Is(err, errNotOurs) || err == nil && h.Party != c.ID {
		return "", oidc.ErrLoginRequired().WithDescription("id_token_hint was not made here for this client")
	}
	if err != nil {
		return "", err
	}
	g, err := grantBy(tx, s.Name, "id", h.Session)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return g.Subject, err
}

// VerifyClient makes sure that a client at the token and revocation endpoints is who it says.
func (s server) VerifyClient(ctx context.Context, r *op.Request[op.ClientCredentials]) (op.Client, error) {
	c, err := s.proven(ctx, r.Data)
	if err != nil {
		return nil, err
	}
	return asking{c, s.Provider}, nil
}

func (s server) proven(ctx context.Context, cc *op.ClientCredentials) (Client, error) {
	v := at(ctx)
	if cc.ClientAssertion != "" {
		return Client{}, stranger("client_assertion is not supported")
	}
	c, err := s.find(v, cc.ClientID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return c, v.said(err)
	}
	if err == nil && c.Public {
		return c, nil
	}
	if err == nil && subtle.ConstantTimeCompare([]byte(Mark(cc.ClientSecret)), []byte(c.SecretHash)) == 1 {
		return c, nil
	}
	if err := web.Limit(v.tx, "openid.secret", web.FromContext(ctx).IP(), 60, 15*time.Minute); err != nil {
		return c, v.said(err)
	}
	return Client{}, stranger("client_id or its secret is wrong")
}

// CodeExchange gives the tokens of a code.
func (s server) CodeExchange(ctx context.Context, r *op.ClientRequest[oidc.AccessTokenRequest]) (*op.Response, error) {
	v := at(ctx)
	out, err := s.exchange(v.tx, r.Client.(asking).Client, r.Data.Code, r.Data.RedirectURI, r.Data.CodeVerifier)
	if err != nil {
		return nil, v.said(err)
	}
	return op.NewResponse(out), nil
}

// RefreshToken gives the tokens of a refresh token.
func (s server) RefreshToken(ctx context.Context, r *op.ClientRequest[oidc.RefreshTokenRequest]) (*op.Response, error) {
	v := at(ctx)
	out, err := s.renew(v.tx, r.Client.(asking).Client, r.Data.RefreshToken, r.Data.Scopes)
	if err != nil {
		return nil, v.said(err)
	}
	return op.NewResponse(out), nil
}

// UserInfo tells what an access token lets its holder learn.
func (s server) UserInfo(ctx context.Context, r *op.Request[oidc.UserInfoRequest]) (*op.Response, error) {
	v := at(ctx)
	_, _, claims, err := s.holder(v.tx, r.Data.AccessToken)
	if errors.Is(err, store.ErrNotFound) {
		e := &oidc.Error{ErrorType: "invalid_token", Description: "this access token has ended"}
		return nil, op.NewStatusError(e, http.StatusUnauthorized)
	}
	if err != nil {
		return nil, v.said(err)
	}
	return op.NewResponse(claims), nil
}

// Introspect tells a client with a secret about a token of its own.
func (s server) Introspect(ctx context.Context, r *op.Request[op.IntrospectionRequest]) (*op.Response, error) {
	v := at(ctx)
	asks, err := s.proven(ctx, r.Data.ClientCredentials)
	if err != nil {
		return nil, err
	}
	if asks.Public {
		return nil, stranger("a public client cannot introspect")
	}
	t, c, claims, err := s.holder(v.tx, r.Data.Token)
	if errors.Is(err, store.ErrNotFound) || err == nil && c.ID != asks.ID {
		return op.NewResponse(map[string]any{"active": false}), nil
	}
	if err != nil {
		return nil, v.said(err)
	}
	return op.NewResponse(map[string]any{
		"active": true, "iss": s.Issuer, "sub": claims["sub"], "aud": c.ID, "client_id": c.ID, "token_type": oidc.BearerToken,
		"scope": strings.Join(t.scopes, " "), "iat": t.made.Unix(), "exp": t.ends.Unix(), "auth_time": t.grant.At.Unix(),
	}), nil
}

// Revocation ends a token.
func (s server) Revocation(ctx context.Context, r *op.ClientRequest[oidc.RevocationRequest]) (*op.Response, error) {
	v := at(ctx)
	if err := s.revoke(v.tx, r.Client.(asking).Client, r.Data.Token); err != nil {
		return nil, v.said(err)
	}
	return op.NewResponse(nil), nil
}

// EndSession signs somebody out whom a client sends with an ID token of ours. Without one nothing is ended, since any
// page could send a browser here: the page SignedOut asks.
func (s server) EndSession(ctx context.Context, r *op.Request[oidc.EndSessionRequest]) (*op.Redirect, error) {
	v, ask := at(ctx), r.Data
	if ask.IdTokenHint == "" {
		return op.NewRedirect(s.SignedOut), nil
	}
	h, err := s.readHint(v.tx, ask.IdTokenHint)
	if errors.Is(err, errNotOurs) || err == nil && ask.ClientID != "" && ask.ClientID != h.Party {
		return nil, oidc.ErrInvalidRequest().WithDescription("id_token_hint was not made here for this client")
	}
	if err != nil {
		return nil, v.said(err)
	}
	c, err := s.find(v, h.Party)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, v.said(err)
	}
	to := ask.PostLogoutRedirectURI
	if to != "" && !slices.Contains(c.LogoutRedirects, to) {
		return nil, oidc.ErrInvalidRequest().WithDescription("post_logout_redirect_uri is not registered")
	}
	if err := s.signOut(v.tx, h); err != nil {
		return nil, v.said(err)
	}
	if to == "" {
		return op.NewRedirect(s.SignedOut), nil
	}
	if u, err := url.Parse(to); err == nil && ask.State != "" {
		q := u.Query()
		q.Set("state", ask.State)
		u.RawQuery = q.Encode()
		to = u.String()
	}
	return op.NewRedirect(to), nil
}

// signOut ends the session the ID token was made in, as far as it is still known.
func (s server) signOut(tx *store.Tx, h hint) error {
	g, err := grantBy(tx, s.Name, "id", h.Session)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if g.Session == "" {
		err = endGrant(tx, g.ID)
	} else {
		err = endGrants(tx, s.Name, g.Subject, g.Session)
	}
	if err == nil && s.Settings.EndSession != nil {
		err = s.Settings.EndSession(tx, g.Subject, g.Client, g.Session)
	}
	return err
}

// Keys publishes the keys of signatures.
func (s server) Keys(ctx context.Context, _ *op.Request[struct{}]) (*op.Response, error) {
	v := at(ctx)
	set, err := s.shown(v.tx)
	if err != nil {
		return nil, v.said(err)
	}
	return op.NewResponse(set), nil
}

// Discovery says what this provider can, and nothing that it refuses.
func (s server) Discovery(context.Context, *op.Request[struct{}]) (*op.Response, error) {
	at := func(e *op.Endpoint) string { return e.Absolute(s.Issuer) }
	methods := []string{"client_secret_basic", "client_secret_post", "none"}
	return op.NewResponse(map[string]any{
		"issuer":                                         s.Issuer,
		"authorization_endpoint":                         at(endpoints.Authorization),
		"token_endpoint":                                 at(endpoints.Token),
		"userinfo_endpoint":                              at(endpoints.Userinfo),
		"jwks_uri":                                       at(endpoints.JwksURI),
		"end_session_endpoint":                           at(endpoints.EndSession),
		"revocation_endpoint":                            at(endpoints.Revocation),
		"introspection_endpoint":                         at(endpoints.Introspection),
		"response_types_supported":                       []string{"code"},
		"response_modes_supported":                       []string{"query"},
		"grant_types_supported":                          []string{"authorization_code", "refresh_token"},
		"subject_types_supported":                        []string{"public", "pairwise"},
		"id_token_signing_alg_values_supported":          []string{"RS256"},
		"token_endpoint_auth_methods_supported":          methods,
		"revocation_endpoint_auth_methods_supported":     methods,
		"introspection_endpoint_auth_methods_supported":  methods[:2],
		"code_challenge_methods_supported":               []string{"S256"},
		"ui_locales_supported":                           []string{"zh-TW", "en"},
		"authorization_response_iss_parameter_supported": true,
		"request_parameter_supported":                    false,
		"request_uri_parameter_supported":                false,
		"claims_parameter_supported":                     false,
	}), nil
}
