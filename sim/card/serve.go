package card

import (
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
)

//go:embed desk.html popup.html popup.js selftest.html
var files embed.FS

var desk = template.Must(template.ParseFS(files, "desk.html"))

// Handler serves the component, the desk and the authorities.
func (c *Component) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /popupForm", func(w http.ResponseWriter, q *http.Request) {
		c.mu.Lock()
		away := c.fault == Away
		c.mu.Unlock()
		if away {
			http.Error(w, "", http.StatusServiceUnavailable)
			return
		}
		file(w, "text/html; charset=utf-8", "popup.html")
	})
	mux.HandleFunc("GET /popup.js", func(w http.ResponseWriter, _ *http.Request) {
		file(w, "text/javascript; charset=utf-8", "popup.js")
	})
	mux.HandleFunc("GET /selfTest.htm", func(w http.ResponseWriter, _ *http.Request) {
		file(w, "text/html; charset=utf-8", "selftest.html")
	})
	mux.HandleFunc("POST /sign", c.serveSign)
	mux.HandleFunc("GET /pkcs11info", func(w http.ResponseWriter, q *http.Request) {
		c.tell(w, c.Do(originOf(q), []byte(`{"func":"GetUserCert"}`)))
	})
	mux.HandleFunc("GET /{$}", c.serveDesk)
	mux.HandleFunc("POST /{$}", c.setDesk)
	authorities := c.CA.Handler(c.Now)
	mux.Handle("/ca/", authorities)
	mux.Handle("/ocsp", authorities)
	return mux
}

func file(w http.ResponseWriter, kind, name string) {
	b, err := files.ReadFile(name)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(b)
}

// own reports whether one of our own pages asks.
func own(q *http.Request) bool { return q.Header.Get("Origin") == "http://"+q.Host }

// originOf is whose page asks. The window of the component says for whom it asks; any other page is taken by what the
// browser says of it.
func originOf(q *http.Request) string {
	if own(q) {
		return q.FormValue("origin")
	}
	return q.Header.Get("Origin")
}

func (c *Component) serveSign(w http.ResponseWriter, q *http.Request) {
	q.Body = http.MaxBytesReader(w, q.Body, 1<<20)
	c.tell(w, c.Do(originOf(q), []byte(q.FormValue("tbsPackage"))))
}

func (c *Component) tell(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// view is the desk as it is drawn.
type view struct {
	Holders  []Holder
	Troubles []Trouble
	Moods    []Mood
	Card     string
	Fault    Fault
	Mood     Mood
	Wrong    map[string]int
	Origins  []string
	PIN      string
}

// Locked reports whether a card has no tries left.
func (v view) Locked(number string) bool {
	left, counted := v.Wrong[number]
	return counted && left == 0
}

func (c *Component) serveDesk(w http.ResponseWriter, _ *http.Request) {
	c.mu.Lock()
	v := view{Holders: Holders, Troubles: Troubles, Moods: []Mood{Awake, Silent, Stale}, Fault: c.fault, Origins: c.Origins, PIN: PIN, Wrong: map[string]int{}}
	if c.card != nil {
		v.Card = c.card.Number
	}
	for n, k := range c.wrong {
		v.Wrong[n] = tries - k
	}
	c.mu.Unlock()
	v.Mood = c.CA.Mood()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = desk.Execute(w, v)
}

// setDesk does what the desk's form says. Only the desk itself may say it.
func (c *Component) setDesk(w http.ResponseWriter, q *http.Request) {
	if !own(q) {
		http.Error(w, "only the desk decides", http.StatusForbidden)
		return
	}
	if err := c.Insert(q.FormValue("card")); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.Suffer(Fault(q.FormValue("fault")))
	c.CA.Be(Mood(q.FormValue("mood")))
	if q.FormValue("unlock") != "" {
		c.Unlock()
	}
	http.Redirect(w, q, "/", http.StatusSeeOther)
}
