package story

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/catalog"
	"cloudbm/store/storetest"
	"cloudbm/web/webtest"
)

// TestKill kills the program without warning, again and again, while people work, and then counts: what was answered is
// there, unchanged; what was not answered is there once or not at all; and the program finds nothing damaged. It kills
// three times; CLOUDBM_KILL=5m goes on for so long.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	t.Run("sqlite", func(t *testing.T) { killing(t, "") })
	t.Run("postgres", func(t *testing.T) { killing(t, storetest.PostgresURL(t)) })
}

func killing(t *testing.T, database string) {
	k := &killed{t: t, data: t.TempDir(), database: database}
	k.start("demo")
	var workers sync.WaitGroup
	stop := make(chan struct{})
	for n, email := range []string{"p1@example.test", "p2@example.test", "p1@example.test"} {
		w := &worker{k: k, email: email, mark: fmt.Sprintf("員工%d", n+1)}
		k.workers = append(k.workers, w)
		workers.Go(func() { w.work(stop) })
	}
	kills := 0
	for until := k.until(); ; kills++ {
		time.Sleep(time.Duration(200+rand.IntN(2300)) * time.Millisecond) // when the blow falls is left to chance
		k.kill()
		k.start("serve")
		if kills >= 2 && time.Now().After(until) || t.Failed() {
			break
		}
	}
	close(stop)
	workers.Wait()
	answered := 0
	for _, w := range k.workers {
		w.count()
		answered += len(w.opened)
	}
	k.kill()
	if out, err := k.program("check").CombinedOutput(); err != nil {
		t.Errorf("cloudbm check: %v\n%s", err, out)
	}
	t.Logf("%d kills, %d cases opened", kills+1, answered)
	if answered == 0 {
		t.Error("nothing was answered: this run says nothing")
	}
}

// killed is a program that is started again on the same data.
type killed struct {
	t              *testing.T
	data, database string
	at             atomic.Pointer[server]
	workers        []*worker
}

func (k *killed) until() time.Time {
	d, _ := time.ParseDuration(os.Getenv("CLOUDBM_KILL"))
	return time.Now().Add(d)
}

func (k *killed) start(command string) { k.at.Store(serve(k.t, k.data, k.database, command)) }

func (k *killed) kill() {
	s := k.at.Load()
	if err := s.cmd.Process.Kill(); err != nil {
		k.t.Error(err)
	}
	<-s.gone
}

func (k *killed) program(command string) *exec.Cmd {
	path, err := binary()
	if err != nil {
		k.t.Fatal(err)
	}
	cmd := exec.Command(path, command)
	cmd.Env = append(os.Environ(), "CLOUDBM_DATA_DIR="+k.data, "CLOUDBM_DATABASE_URL="+k.database)
	return cmd
}

// ServeHTTP passes a request to the program as it runs now; while it is down, the answer is 502.
func (k *killed) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	to, err := url.Parse(k.at.Load().url)
	if err != nil {
		panic(err)
	}
	p := &httputil.ReverseProxy{
		Rewrite:      func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = r.In.Host },
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
		Transport:    &http.Transport{DisableKeepAlives: true},
	}
	p.ServeHTTP(w, q)
}

// worker opens cases, names the building again and again, and brings drawings; it remembers what was answered.
type worker struct {
	k           *killed
	email, mark string
	me          *webtest.Client
	opened      []*work
	asked       int // cases that were asked for, answered or not
}

// work is what was done to one case.
type work struct {
	id      string
	named   string   // the last name that was answered
	maybe   []string // names sent since, without an answer
	brought []string // files that were answered

}

func (w *worker) work(stop chan struct{}) {
	w.me = webtest.NewFor(w.k.t, w.k).Stay()
	for n := 1; ; n++ {
		select {
		case <-stop:
			return
		default:
		}
		if w.me.Get("/home").Status != http.StatusOK && !w.signIn() {
			time.Sleep(50 * time.Millisecond) // the program is down
			continue
		}
		if len(w.opened) == 0 || n%5 == 0 {
			w.open()
			continue
		}
		c := w.opened[len(w.opened)-1]
		if n%5 == 2 {
			w.bring(c, fmt.Sprintf("A%d-%02d", 1+len(c.brought)%9, 1+n%90))
			continue
		}
		w.name(c, fmt.Sprintf("%s第%d次命名大樓", w.mark, n))
	}
}

func (w *worker) signIn() bool {
	p := w.me.Get("/signin")
	if p.Status != http.StatusOK {
		return false
	}
	return p.Fill("email", w.email).Fill("password", accounts.DemoPassword).Submit("登錄").Status == http.StatusSeeOther
}

func (w *worker) open() {
	w.asked++
	p := w.me.Post("/bls/cases", url.Values{"kind": {catalog.Building.Kind}, "authority": {"IF0"}})
	if p.Status != http.StatusSeeOther {
		return
	}
	id, ok := strings.CutPrefix(p.Header.Get("Location"), "/bls/cases/")
	if !ok {
		w.k.t.Errorf("opening a case leads to %q", p.Header.Get("Location"))
		return
	}
	id, _, _ = strings.Cut(id, "/")
	w.opened = append(w.opened, &work{id: id})
}

// titled is the address of the section that asks for the name of the building.
func titled(id string) string {
	t := catalog.Building
	for _, s := range t.Form {
		for _, f := range s.Fields {
			if f.Key == t.TitleField {
				return "/bls/cases/" + id + "/form/" + s.Key
			}
		}
	}
	return ""
}

func (w *worker) name(c *work, name string) {
	p := w.me.Get(titled(c.id))
	if p.Status != http.StatusOK {
		return
	}
	c.maybe = append(c.maybe, name)
	if a := p.Fill(catalog.Building.TitleField, name).Submit("儲存並回到案件"); a.Status == http.StatusSeeOther {
		c.named, c.maybe = name, nil
	}
}

func (w *worker) bring(c *work, number string) {
	file := number + "_" + w.mark + ".pdf"
	a := w.me.Upload("/bls/cases/"+c.id+"/drawings", nil, webtest.File{Field: "files", Name: file, Content: drawn(w.k.t, number)})
	if a.Status == http.StatusSeeOther {
		c.brought = append(c.brought, number)
	}
}

// drawings are drawn once: the workers shall keep the program busy, not themselves.
var drawings sync.Map

func drawn(t testing.TB, number string) []byte {
	if b, ok := drawings.Load(number); ok {
		return b.([]byte)
	}
	b := sheet(t, number)
	drawings.Store(number, b)
	return b
}

// count holds the program to what it has answered.
func (w *worker) count() {
	t := w.k.t
	if w.me == nil || w.me.Get("/home").Status != http.StatusOK && !w.signIn() {
		t.Fatalf("%s cannot sign in any more", w.email)
	}
	for _, c := range w.opened {
		p := w.me.Get(titled(c.id)).WantStatus(http.StatusOK)
		if p.Status != http.StatusOK {
			continue
		}
		now := p.One("[name=" + catalog.Building.TitleField + "]").Attr("value")
		if now != c.named && !contains(c.maybe, now) {
			t.Errorf("case %s is called %q; answered was %q, sent since then %q", c.id, now, c.named, c.maybe)
		}
		list := w.me.Get("/bls/cases/" + c.id + "/drawings").WantStatus(http.StatusOK)
		for _, n := range c.brought {
			if !list.Has(n) {
				t.Errorf("case %s has lost drawing %s; its drawings:\n%s", c.id, n, list.Text())
			}
		}
	}
}

func contains(all []string, s string) bool {
	for _, x := range all {
		if x == s {
			return true
		}
	}
	return false
}
