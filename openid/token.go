package openid

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"slices"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"cloudbm/store"
)

// token is an access or a refresh token as the database knows it.
type token struct {
	mark       string
	grant      Grant
	refresh    bool
	scopes     []string
	made, ends time.Time
	used       bool
}

// lives reports whether the token still opens anything.
func (t token) lives(now time.Time) bool {
	return !t.used && !t.grant.ended && now.Before(t.ends)
}

// refusal is an answer of the protocol to a client.
func refusal(why string) error { return oidc.ErrInvalidGrant().WithDescription("%s", why) }

// exchange gives the tokens of a code, once. A second use of the code ends what the first one gave: one of the two who
// have it is not the client.
func (p *Provider) exchange(tx *store.Tx, c Client, code, redirect, verifier string) (*oidc.AccessTokenResponse, error) {
	g, err := grantBy(tx, p.Name, "code", Mark(code))
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && g.Client != c.ID:
		return nil, refusal("this code is unknown")
	case err != nil:
		return nil, err
	case g.used:
		if err := endGrant(tx, g.ID); err != nil {
			return nil, err
		}
		return nil, refusal("this code was used before; what it gave has been revoked")
	case g.ended || !tx.Now.Before(g.codeEnds):
		return nil, refusal("this code has expired")
	case g.redirect != redirect:
		return nil, refusal("redirect_uri is another than in the authorization request")
	case !answers(verifier, g.challenge):
		return nil, refusal("code_verifier does not answer the code_challenge")
	}
	if err := useCode(tx, g.ID); err != nil {
		return nil, err
	}
	return p.tokens(tx, c, g, g.Scopes)
}

// answers reports whether the verifier is the one the challenge was made of (RFC 7636, S256).
func answers(verifier, challenge string) bool {
	return subtle.ConstantTimeCompare([]byte(challengeOf(verifier)), []byte(challenge)) == 1
}

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// renew exchanges a refresh token for a new pair. One that was exchanged before has been stolen, from the client or by
// it: everything of its grant ends.
func (p *Provider) renew(tx *store.Tx, c Client, refresh string, scopes []string) (*oidc.AccessTokenResponse, error) {
	t, err := tokenBy(tx, p.Name, Mark(refresh))
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && (!t.refresh || t.grant.Client != c.ID):
		return nil, refusal("this refresh token is unknown")
	case err != nil:
		return nil, err
	case t.used:
		if err := endGrant(tx, t.grant.ID); err != nil {
			return nil, err
		}
		return nil, refusal("this refresh token was used before; its successors have been revoked")
	case !t.lives(tx.Now):
		return nil, refusal("this refresh token has ended")
	}
	for _, s := range scopes {
		if !t.grant.Has(s) {
			return nil, oidc.ErrInvalidScope().WithDescription("more than was granted")
		}
	}
	if len(scopes) == 0 {
		scopes = t.grant.Scopes
	}
	if err := useToken(tx, t.mark); err != nil {
		return nil, err
	}
	t.grant.nonce = "" // belongs to the first ID token alone
	return p.tokens(tx, c, t.grant, scopes)
}

// tokens makes what a client gets for a grant.
func (p *Provider) tokens(tx *store.Tx, c Client, g Grant, scopes []string) (*oidc.AccessTokenResponse, error) {
	access := store.Secret()
	t := token{mark: Mark(access), grant: g, scopes: scopes, made: tx.Now, ends: tx.Now.Add(accessLife)}
	if err := insertToken(tx, t); err != nil {
		return nil, err
	}
	out := &oidc.AccessTokenResponse{AccessToken: access, TokenType: oidc.BearerToken, ExpiresIn: uint64(accessLife / time.Second), Scope: scopes}
	if g.Has(oidc.ScopeOfflineAccess) && slices.Contains(c.Scopes, oidc.ScopeOfflineAccess) {
		out.RefreshToken = store.Secret()
		r := token{mark: Mark(out.RefreshToken), grant: g, refresh: true, scopes: g.Scopes, made: tx.Now, ends: tx.Now.Add(refreshLife)}
		if err := insertToken(tx, r); err != nil {
			return nil, err
		}
	}
	claims, err := p.learn(tx, c, g, scopes)
	if errors.Is(err, store.ErrNotFound) {
		return nil, refusal("the person is no longer here")
	}
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256([]byte(access))
	for name, value := range map[string]any{
		"iss": p.Issuer, "aud": c.ID, "azp": c.ID, "sid": g.ID, "iat": tx.Now.Unix(), "exp": tx.Now.Add(idLife).Unix(),
		"auth_time": g.At.Unix(), "at_hash": base64.RawURLEncoding.EncodeToString(hash[:16]),
	} {
		claims[name] = value
	}
	set := func(name string, value any, there bool) {
		if delete(claims, name); there {
			claims[name] = value
		}
	}
	set("nonce", g.nonce, g.nonce != "")
	set("acr", g.Level, g.Level != "")
	set("amr", g.Methods, len(g.Methods) > 0)
	out.IDToken, err = p.sign(tx, claims)
	return out, err
}

// learn is what the client may know of the subject: what the room says, under the name the client knows it by.
func (p *Provider) learn(tx *store.Tx, c Client, g Grant, scopes []string) (map[string]any, error) {
	g.Scopes = scopes
	says, err := p.Claims(tx, g)
	if err != nil {
		return nil, err
	}
	out := make(map[string]any, len(says)+12)
	for name, value := range says {
		out[name] = value
	}
	out["sub"], err = p.known(tx, c, g.Subject)
	return out, err
}

// holder is the living access token and what may be learnt with it; store.ErrNotFound if it opens nothing.
func (p *Provider) holder(tx *store.Tx, access string) (t token, c Client, claims map[string]any, err error) {
	if t, err = tokenBy(tx, p.Name, Mark(access)); err != nil {
		return t, c, nil, err
	}
	if t.refresh || !t.lives(tx.Now) {
		return t, c, nil, store.ErrNotFound
	}
	if c, err = p.Client(tx, t.grant.Client); err != nil {
		return t, c, nil, err
	}
	claims, err = p.learn(tx, c, t.grant, t.scopes)
	return t, c, claims, err
}

// revoke ends a token of the client; with a refresh token everything of its grant. What is unknown is over already.
func (p *Provider) revoke(tx *store.Tx, c Client, text string) error {
	t, err := tokenBy(tx, p.Name, Mark(text))
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && t.grant.Client != c.ID:
		return nil
	case err != nil:
		return err
	case t.refresh:
		return endGrant(tx, t.grant.ID)
	case t.used:
		return nil
	}
	return useToken(tx, t.mark)
}
