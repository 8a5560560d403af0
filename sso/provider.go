package sso

import (
	"slices"

	"cloudbm/accounts"
	"cloudbm/openid"
	"cloudbm/permit"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Path is where the provider for sister systems stands, and continueURL the page that answers their requests.
const (
	Path        = "/sso"
	continueURL = "/sso/continue"
)

// Open is the OpenID provider for sister systems at the address of this site.
func Open(db *store.DB, base string) (*openid.Provider, error) {
	return openid.New(db, openid.Settings{
		Name: "sso", Issuer: base + Path, Path: Path,
		SignIn:     func(request string) string { return continueURL + "?request=" + request },
		SignedOut:  "/signed-out",
		Client:     client,
		Claims:     claims,
		EndSession: endSession,
	})
}

// client is a system that is switched on, as the protocol wants to see it.
func client(tx *store.Tx, id string) (openid.Client, error) {
	y, err := systemByID(tx, id)
	if err == nil && !y.On() {
		err = store.ErrNotFound
	}
	return openid.Client{ID: y.ID, Name: y.Name.Zh, SecretHash: y.secret, Public: y.Public, Redirects: y.Redirects, LogoutRedirects: y.Logouts,
		Scopes: y.Scopes, Sector: y.Sector}, err
}

// session is a living session of somebody; store.ErrNotFound once it has ended.
func session(tx *store.Tx, person, id string) (accounts.Session, error) {
	all, err := accounts.Sessions(tx, person)
	for _, s := range all {
		if s.ID == id {
			return s, err
		}
	}
	if err == nil {
		err = store.ErrNotFound
	}
	return accounts.Session{}, err
}

// The levels of authentication that systems read in acr.
const (
	byPassword = "1"
	byTwo      = "2"
	byCard     = "3"
)

// levelOf is how sure a session is of its person.
func levelOf(s accounts.Session) string {
	switch {
	case s.Door == accounts.Card, s.Door == accounts.Health:
		return byCard
	case s.Strong:
		return byTwo
	}
	return byPassword
}

// methodsOf is how the person proved who they are, in the words of RFC 8176.
func methodsOf(s accounts.Session) (out []string) {
	switch s.Door {
	case accounts.Backup:
		out = append(out, "pwd")
	case accounts.Card, accounts.Health:
		return []string{"sc", "pin", "mfa"}
	case accounts.Passkey:
		return []string{"hwk", "user", "mfa"}
	}
	if s.Strong {
		out = append(out, "mfa")
	}
	return out
}

// claims is what a system learns of a person: what it asked for and the person agreed to, as it is at this moment. It
// learns nothing once the session here has ended, the account is closed, or the consent is taken back.
func claims(tx *store.Tx, g openid.Grant) (map[string]any, error) {
	p, err := accounts.Find(tx, g.Subject)
	if err != nil {
		return nil, err
	}
	s, err := session(tx, g.Subject, g.Session)
	if err != nil {
		return nil, err
	}
	y, err := systemByID(tx, g.Client)
	if err != nil {
		return nil, err
	}
	ok, err := agreed(tx, y, p.ID, g.Scopes)
	if err == nil && (!ok || !p.Disabled.IsZero()) {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	out := map[string]any{"door": string(s.Door)}
	if g.Has("profile") {
		out["name"] = p.Name
	}
	if g.Has("email") && p.Mail() != "" {
		out["email"] = p.Mail()
		out["email_verified"] = taiwan.EmailKey(p.Mail()) == taiwan.EmailKey(p.Email) // 備用帳號: letters have reached its owner
	}
	if g.Has("organisation") {
		r, ok, err := Organisation(tx, p.ID)
		if err != nil {
			return nil, err
		}
		if ok {
			out["organisation"], out["title"] = r.Where().Zh, r.Title
			if r.Authority != "" {
				out["authority"] = r.Authority
			}
		}
	}
	if g.Has("roles") {
		return out, withRolesOf(tx, out, p.ID, y.ID)
	}
	return out, nil
}

// withRolesOf adds the roles that a person holds in a system, by name and with where and until when they hold.
func withRolesOf(tx *store.Tx, out map[string]any, person, system string) error {
	held, err := Granted(tx, person, system)
	names, grants := []string{}, []map[string]string{}
	for _, r := range held {
		if !slices.Contains(names, r.Role) {
			names = append(names, r.Role)
		}
		grant := map[string]string{"role": r.Role}
		if r.Authority != "" {
			grant["authority"] = r.Authority
		}
		if r.Last != "" {
			grant["until"] = r.Last
		}
		grants = append(grants, grant)
	}
	out["roles"], out["role_grants"] = names, grants
	return err
}

// endSession signs somebody out here whom a system signed out.
func endSession(tx *store.Tx, person, _, id string) error {
	p, err := accounts.Find(tx, person)
	if err != nil {
		return err
	}
	return accounts.EndSession(tx, permit.Actor{Person: p.ID, Name: p.Name, Session: id}, id)
}

// enough reports whether the level is among those a system asks for, or above one of them.
func enough(level string, asked []string) bool {
	known := slices.DeleteFunc(slices.Clone(asked), func(s string) bool { return s != byPassword && s != byTwo && s != byCard })
	return len(known) == 0 || level >= slices.Min(known)
}
