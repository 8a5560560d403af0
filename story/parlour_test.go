package story

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	document "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"cloudbm/accounts"
	"cloudbm/doors"
	"cloudbm/factors"
	"cloudbm/portal"
	"cloudbm/roles"
	"cloudbm/sso"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web"
)

// parlour is the rooms before the first case, in this process, so that a story can move the clock.
type parlour struct {
	*stage
	db    *store.DB
	ahead atomic.Int64 // how far the clock of the house is before ours
}

// receive opens the parlour at http://localhost, and a browser in front of it.
func receive(t *testing.T) *parlour {
	t.Helper()
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &parlour{db: storetest.SQLite(t)}
	p.db.SetClock(func() time.Time { return time.Now().Add(time.Duration(p.ahead.Load())) })
	url := strings.Replace("http://"+at.Addr().String(), "127.0.0.1", "localhost", 1)
	site := web.NewSite(p.db, nil)
	site.Who = roles.Guarded(p.db)
	front := &portal.Portal{DB: p.db, Authority: roles.Tainan}
	site.Chrome = front.Chrome
	accounts.Mount(site)
	factors.Room{Base: url, Required: true}.Mount(site)
	doors.Room{}.Mount(site)
	roles.Mount(site)
	sso.Mount(site)
	front.Mount(site)
	p.do(t, func(tx *store.Tx) error { return roles.Seed(tx) })
	server := &http.Server{Handler: site.Handler(), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(at) }()
	t.Cleanup(func() { _ = server.Close() })
	p.stage = open(t, url)
	return p
}

func (l *parlour) do(t *testing.T, f func(*store.Tx) error) {
	t.Helper()
	if err := l.db.Write(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

// passes moves the clocks of the house and of everybody's browser on.
func (l *parlour) passes(d time.Duration, people ...*person) {
	l.t.Helper()
	all := time.Duration(l.ahead.Add(int64(d)))
	for _, p := range people {
		if !js[bool](p, `(localStorage.setItem("ahead", %s), document.dispatchEvent(new Event("visibilitychange")), true)`, all.Milliseconds()) {
			p.lost("the clock of the browser does not move")
		}
	}
}

// timely gives a person's browser a clock that the story moves.
func (p *person) timely() {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, document.AddScriptToEvaluateOnNewDocument, document.AddScriptToEvaluateOnNewDocumentParams{
		Source: `{ const real = Date.now; Date.now = () => real() + Number(localStorage.getItem("ahead") ?? 0) }`})
	p.must(err)
}

// beside is a second window of the same person's browser.
func (p *person) beside(name string) *person {
	p.t.Helper()
	q := &person{stage: p.stage, name: name, loads: make(chan struct{}, 64)}
	ctx, cancel := chromedp.NewContext(p.ctx)
	q.ctx = ctx
	p.whole.Cleanup(cancel)
	q.must(chromedp.Do(ctx))
	q.must(chromedp.Listen(ctx, q.hear))
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	q.must(err)
	return q
}
