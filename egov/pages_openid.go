package egov

import (
	"errors"
	"net/url"
	"slices"
	"strconv"

	"cloudbm/fault"
	"cloudbm/openid"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

// scopes a system may ask for. National ID is told apart from the rest, since it is told least.
var scopes = []string{"profile", "email", "national_id"}

// provide makes the OpenID provider of this site (domain §5.1).
func (s *Site) provide(db *store.DB) (err error) {
	s.provider, err = openid.New(db, openid.Settings{
		Name: "egov", Issuer: s.Base + root, Path: root,
		SignIn:    func(request string) string { return onwardPage + "?request=" + url.QueryEscape(request) },
		SignedOut: Home, Client: s.client, Claims: claims,
		EndSession: func(tx *store.Tx, _, _, session string) error { return dropSession(tx, session) },
	})
	return err
}

func (s *Site) client(_ *store.Tx, id string) (openid.Client, error) {
	for _, sys := range s.Systems {
		if sys.ID == id {
			return openid.Client{ID: sys.ID, Name: sys.Name.Zh, SecretHash: openid.Mark(sys.Secret), Redirects: sys.Returns,
				LogoutRedirects: sys.SignedOut, Scopes: scopes}, nil
		}
	}
	return openid.Client{}, store.ErrNotFound
}

// claims are what a system learns of a member; store.ErrNotFound when the account may not be used any more.
func claims(tx *store.Tx, g openid.Grant) (map[string]any, error) {
	m, err := Find(tx, g.Subject)
	if err != nil || m.State != Active {
		return nil, errors.Join(err, whether(err == nil, store.ErrNotFound))
	}
	level, err := strconv.Atoi(g.Level)
	if err != nil {
		return nil, err
	}
	c := claimsOf(m, Level(level))
	out := map[string]any{"account": c.Account, "level": c.Level}
	if g.Has("profile") {
		out["name"], out["official"] = c.Name, c.Official
	}
	if g.Has("email") {
		out["email"] = c.Email
	}
	if g.Has("national_id") && c.NationalID != "" {
		out["national_id"] = c.NationalID
	}
	return out, nil
}

const onwardPage = Home + "onward"

// onward answers the request of a system: with who has signed in, or by the page on which one does.
func (s *Site) onward(r *web.Request, v Visit) error {
	id := r.Form().Get("request")
	var to string
	var asked openid.Request
	err := r.Do(func(tx *store.Tx) (err error) {
		if asked, err = s.provider.Pending(tx, id); err != nil {
			return err
		}
		to = ""
		switch need := needed(asked.Levels); {
		case v.Member.ID != "" && v.Level >= need && asked.Fresh(v.Checked, tx.Now):
			to, err = s.provider.Approve(tx, id, v.who())
		case asked.Wants("none"):
			to, err = s.provider.Refuse(tx, id, openid.LoginRequired)
		case need > ByCard:
			err = noHealth
		}
		return err
	})
	here := onwardPage + "?request=" + url.QueryEscape(id)
	if f, ok := fault.As(err); ok && f.Kind == fault.Conflict {
		return s.drawSignIn(r, v, f, here) // another member than the system expects
	}
	switch {
	case err != nil:
		return err
	case to != "":
		return openid.Leave(r, to)
	case needed(asked.Levels) >= ByCard:
		return r.Redirect(withNext(cardPage, here))
	}
	return s.drawSignIn(r, v, nil, here)
}

// needed is the least of the levels a system asked for; any will do if it asked for none.
func needed(levels []string) Level {
	var all []Level
	for _, text := range levels {
		if n, err := strconv.Atoi(text); err == nil {
			all = append(all, Level(n))
		}
	}
	if len(all) == 0 {
		return ByPassword
	}
	return slices.Min(all)
}

// who is the visit as a system is told of it.
func (v Visit) who() openid.Who {
	methods := []string{"pwd"}
	if v.Level >= ByCard {
		methods = []string{"sc", "pin"}
	}
	return openid.Who{Subject: v.Member.ID, At: v.Checked, Methods: methods, Level: strconv.Itoa(int(v.Level)), Session: v.mark}
}

// systemBehind is for which system somebody signs in who goes on to the page to, and the origin it is at.
func (s *Site) systemBehind(tx *store.Tx, to string) (name say.Text, origin string, err error) {
	u, err := url.Parse(to)
	if err != nil {
		return say.Text{}, "", nil
	}
	switch u.Path {
	case onwardPage:
		asked, err := s.provider.Pending(tx, u.Query().Get("request"))
		if _, gone := fault.As(err); gone {
			return say.Text{}, "", nil
		}
		if err != nil {
			return say.Text{}, "", err
		}
		return s.nameOf(asked.Client.ID), asked.Origin(), nil
	case portalPage:
		back := u.Query().Get("ReturnUrl")
		if sys, ok := s.systemAt(back); ok {
			return sys.Name, originOf(back), nil
		}
	}
	return say.Text{}, "", nil
}

func (s *Site) nameOf(id string) say.Text {
	for _, sys := range s.Systems {
		if sys.ID == id {
			return sys.Name
		}
	}
	return say.Text{}
}
