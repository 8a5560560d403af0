package openid_test

import (
	"net/url"

	"cloudbm/openid"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

// How a room lets other systems know who somebody is: settings, doors, and one page that answers requests.
func ExampleProvider() {
	var db *store.DB
	var site *web.Site
	var clientBy func(*store.Tx, string) (openid.Client, error)
	var nameOf func(*store.Tx, string) (string, error)

	p, err := openid.New(db, openid.Settings{
		Name: "sso", Issuer: "https://host.test/sso", Path: "/sso", SignedOut: "/signed-out",
		SignIn: func(id string) string { return "/sso/continue?request=" + url.QueryEscape(id) },
		Client: clientBy,
		Claims: func(tx *store.Tx, g openid.Grant) (map[string]any, error) {
			name, err := nameOf(tx, g.Subject)
			return map[string]any{"name": name}, err
		},
	})
	if err != nil {
		panic(err)
	}
	p.Mount(site)
	site.Handle("GET /sso/continue", web.Anyone, func(r *web.Request) error {
		var to string
		err := r.Do(func(tx *store.Tx) error {
			q, err := p.Pending(tx, r.URL.Query().Get("request"))
			switch {
			case err != nil:
				return err
			case !r.Actor.SignedIn() && q.Wants("none"):
				to, err = p.Refuse(tx, q.ID, openid.LoginRequired)
			case !r.Actor.SignedIn(): // or q.Fresh says no
				return web.SignedIn(r.Actor)
			default:
				to, err = p.Approve(tx, q.ID, openid.Who{Subject: r.Actor.Person, At: tx.Now, Methods: []string{"pwd"}, Session: r.Actor.Session})
			}
			return err
		})
		if err != nil {
			return err
		}
		return openid.Leave(r, to)
	})
}

// How a room learns from a provider of others who somebody is: one door to begin, one to come back to.
func ExampleParty() {
	var db *store.DB
	var site *web.Site
	var letIn func(*web.Request, openid.Identity) error

	p, err := openid.NewParty(db, openid.PartySettings{
		Name: "egov", Says: say.T("我的E政府", "MyEGov"), Issuer: "https://login.test", ClientID: "cloudbm", Secret: "…",
		Redirect: "https://host.test/doors/egov/back", Bye: "https://host.test/signed-out", Scopes: []string{"profile", "email"},
		Names: openid.Names{"national_id": "idno"},
	})
	if err != nil {
		panic(err)
	}
	// Reached by a link; a form that leads here would have to name the provider by FormsTo.
	site.Handle("GET /doors/egov", web.Anyone, func(r *web.Request) error {
		return p.Start(r, openid.Ask{Next: web.Local(r.URL.Query().Get("next"))})
	})
	site.Handle("GET /doors/egov/back", web.Anyone, func(r *web.Request) error {
		who, err := p.Finish(r)
		if err != nil {
			return err // a refusal in words, with a way to the other doors
		}
		return letIn(r, who)
	})
}
