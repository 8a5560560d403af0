package egov_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"cloudbm/egov"
	"cloudbm/pki"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

// place is the stand-in with its members and a visitor's way into it.
type place struct {
	t       *testing.T
	db      *store.DB
	site    *web.Site
	stand   *egov.Site
	now     time.Time
	letters []letter
}

type letter struct{ to, subject, body string }

var system = egov.System{ID: "cloudbm", Name: say.T("資訊系統雲端平台", "Information Systems Cloud Platform"), Secret: "a secret of both",
	Returns: []string{"https://cloudbm.test/back"}, SignedOut: []string{"https://cloudbm.test/bye"}}

func open(t *testing.T) *place {
	t.Helper()
	return openOn(t, storetest.SQLite(t))
}

func openOn(t *testing.T, db *store.DB) *place {
	t.Helper()
	p := &place{t: t, db: db, now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	db.SetClock(func() time.Time { return p.now })
	p.do(egov.Seed)
	p.site = web.NewSite(db, nil)
	p.stand = &egov.Site{Base: "https://cloudbm.test", Letter: p.letter, Systems: []egov.System{system}, Telephones: egov.Printed,
		Cards: &pki.Room{DB: db, Site: "https://cloudbm.test"}}
	if err := p.stand.Mount(p.site); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *place) letter(tx *store.Tx, to egov.Member, subject, body say.Text) error {
	p.letters = append(p.letters, letter{to.Email, subject.Zh, body.Zh})
	return nil
}

func (p *place) do(f func(*store.Tx) error) {
	p.t.Helper()
	if err := p.db.Write(context.Background(), f); err != nil {
		p.t.Fatal(err)
	}
}

func (p *place) try(f func(*store.Tx) error) error {
	p.t.Helper()
	return p.db.Write(context.Background(), f)
}

func (p *place) visitor() *webtest.Client { return webtest.NewFor(p.t, p.site.Handler()) }

func (p *place) member(account string) (m egov.Member) {
	p.t.Helper()
	p.do(func(tx *store.Tx) (err error) {
		m, err = egov.ByAccount(tx, account)
		return err
	})
	return m
}

func (p *place) memberIn(tx *store.Tx, account string) egov.Member {
	p.t.Helper()
	m, err := egov.ByAccount(tx, account)
	if err != nil {
		p.t.Fatal(err)
	}
	return m
}

// lock locks an account as five wrong passwords do.
func lock(p *place, account string) {
	p.t.Helper()
	for range 5 {
		_, _ = egov.SignIn(context.Background(), p.db, account, "Wrong999pw", "192.0.2.1")
	}
	if got := p.member(account).State; got != egov.Locked {
		p.t.Fatalf("%s is %s", account, got)
	}
}

// signIn fills in the form of 帳號登入.
func signIn(page *webtest.Page, account, password string) *webtest.Page {
	return page.Fill("帳號：", account).Fill("密碼：", password).Submit("登入")
}

// in is a visitor who has signed in.
func (p *place) in(account string) *webtest.Client {
	p.t.Helper()
	c := p.visitor()
	signIn(c.Get("/egov/"), account, egov.DemoPassword).WantStatus(200).Want("會員中心")
	return c
}

// captcha is what the picture on the page shows.
func (p *place) captcha(page *webtest.Page) (text string) {
	p.t.Helper()
	p.do(func(tx *store.Tx) (err error) {
		text, err = egov.CaptchaText(tx, page.One("[data-join] input[name=captcha-id]").Attr("value"))
		return err
	})
	return text
}

// fillJoin fills in the form of 加入會員 so that only the captcha is missing.
func fillJoin(page *webtest.Page, account string) *webtest.Page {
	return page.Fill("帳號", account).Fill("設定密碼", "Tree47river").Fill("確認密碼", "Tree47river").
		Fill("中文姓名", "測試戌").Fill("電子信箱", "new@example.test").Fill("確認電子信箱", "NEW@example.test").
		Fill("暱稱", "小戌").Choose("question=2").Fill("答案", "小花").Fill("救援手機門號", "0900000015")
}

// linkIn is the path of the link in the last letter.
func (p *place) linkIn() string {
	p.t.Helper()
	if len(p.letters) == 0 {
		p.t.Fatal("no letter was sent")
	}
	_, rest, ok := strings.Cut(p.letters[len(p.letters)-1].body, "https://cloudbm.test")
	if !ok {
		p.t.Fatalf("no link in %v", p.letters)
	}
	path, _, _ := strings.Cut(rest, "\n")
	return path
}
