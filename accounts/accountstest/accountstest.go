// Package accountstest is a platform for tests: people of the demonstration, who sign in through the pages of rooms.
package accountstest

import (
	"context"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/permit"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

// Place is a platform at a time that the test sets.
type Place struct {
	T    *testing.T
	DB   *store.DB
	Site *web.Site
	Now  time.Time
}

// Open makes a platform on SQLite with the first two people of the demonstration; mount opens its doors.
func Open(t *testing.T, mount ...func(*web.Site)) *Place {
	t.Helper()
	return On(t, storetest.SQLite(t), mount...)
}

// On makes a platform on db.
func On(t *testing.T, db *store.DB, mount ...func(*web.Site)) *Place {
	t.Helper()
	p := &Place{T: t, DB: db, Now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	p.DB.SetClock(func() time.Time { return p.Now })
	p.Site = web.NewSite(p.DB, nil)
	p.Site.Production = true
	p.Site.Who = accounts.Who(p.DB)
	for _, m := range mount {
		m(p.Site)
	}
	p.Do(func(tx *store.Tx) error {
		for _, who := range accounts.DemoPeople[:2] {
			who, err := accounts.New(tx, who)
			if err != nil {
				return err
			}
			if err := accounts.SetPassword(tx, permit.System, who.ID, accounts.DemoPassword); err != nil {
				return err
			}
		}
		return nil
	})
	return p
}

// Do writes, and ends the test where that fails.
func (p *Place) Do(f func(*store.Tx) error) {
	p.T.Helper()
	if err := p.DB.Write(context.Background(), f); err != nil {
		p.T.Fatal(err)
	}
}

// Visitor is somebody at the doors who has not signed in.
func (p *Place) Visitor() *webtest.Client { return webtest.NewFor(p.T, p.Site.Handler()) }

// In is somebody signed in by 備用帳號.
func (p *Place) In(email string) *webtest.Client {
	p.T.Helper()
	c := p.Visitor()
	c.Get("/signin").Fill("電子郵件地址", email).Fill("密碼", accounts.DemoPassword).Submit("登錄").WantStatus(200)
	return c
}
