package factors

import (
	"errors"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

// DemoURL is the page that shows the codes of the demonstration's people.
const DemoURL = "/demo/codes"

// demoCode is what the telephone of one person shows.
type demoCode struct{ Email, Name, Code string }

// showDemo is the telephone of the demonstration: the codes of those of its people whose authenticator has the secret
// that everybody knows.
func showDemo(r *web.Request) error {
	if r.Site.Production {
		return fault.Of(fault.NotFound, "示範驗證器只在示範環境開放；看您自己手機上的驗證器", "The demonstration authenticator is open only in the demonstration. Look at the app on your own telephone").To("回首頁", "Go to the home page", "/")
	}
	var all []demoCode
	err := r.Look(func(tx *store.Tx) error {
		all = nil
		for _, p := range accounts.DemoPeople {
			who, err := accounts.ByEmail(tx, p.Email)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			f, err := Of(tx, who.ID)
			if err != nil {
				return err
			}
			if f.Authenticator == nil {
				continue
			}
			secret, err := tx.Reveal(f.Authenticator.secret)
			if err != nil {
				return err
			}
			if secret != DemoSecret(p.Email) {
				continue
			}
			code, err := DemoCode(p.Email, tx.Now)
			if err != nil {
				return err
			}
			all = append(all, demoCode{p.Email, p.Name, code})
		}
		return nil
	})
	if err != nil {
		return err
	}
	name := say.T("示範驗證器", "Demonstration authenticator")
	return r.Draw(web.Page{Title: name, Func: "SYS18910", Crumbs: []web.Crumb{{Text: name}}}, demoView(all))
}
