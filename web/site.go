package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/klauspost/compress/gzhttp"
	"github.com/prometheus/client_golang/prometheus"

	"cloudbm/permit"
	"cloudbm/store"
)

// Handler answers one request; an error it returns becomes a page (see Site).
type Handler func(r *Request) error

// Site is the hall: the doors, and what all of them share. Set the fields before the first request.
type Site struct {
	DB  *store.DB
	Log *slog.Logger

	// Who tells who is asking, by the session of the request, and lets that session live on; nil means nobody.
	Who func(*http.Request) (permit.Actor, error)
	// Chrome is what stands around every page for this actor; nil means the names of the system alone.
	Chrome func(context.Context, permit.Actor) Chrome

	Production bool           // served over HTTPS: cookies are Secure, HSTS is sent
	Proxies    []netip.Prefix // whose X-Forwarded-For is believed
	Metrics    *prometheus.Registry

	mux    *http.ServeMux
	origin *http.CrossOriginProtection
	gzip   func(http.Handler) http.HandlerFunc
	routes []Route
	count  *prometheus.HistogramVec
}

// NewSite is a hall with the doors of its own.
func NewSite(db *store.DB, log *slog.Logger) *Site {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &Site{DB: db, Log: log, Metrics: prometheus.NewRegistry(), mux: http.NewServeMux(), origin: http.NewCrossOriginProtection()}
	s.count = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "cloudbm_http_seconds", Help: "Answers by door and status, with the time they took.",
		Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"pattern", "status"})
	s.Metrics.MustRegister(s.count)
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.ContentTypes([]string{"text/html", "text/css", "text/javascript", "text/plain", "application/json", "image/svg+xml"}))
	if err != nil {
		panic(err)
	}
	s.gzip = wrap
	s.origin.SetDenyHandler(http.HandlerFunc(s.denyOrigin))
	s.HandleRaw("GET /static/{path...}", Anyone, static())
	return s
}

// Route is one door, as the tests of policy and accessibility read them.
type Route struct {
	Pattern, Method, Path string
	Policy                Policy
	Raw                   bool
}

// Routes lists the doors in the order they were opened.
func (s *Site) Routes() []Route { return slices.Clone(s.routes) }

// Handle opens a door for pages and forms. The pattern is one of net/http with its method; the policy must not be nil.
func (s *Site) Handle(pattern string, p Policy, h Handler) {
	s.open(pattern, p, false, s.gzip(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		s.answer(w, q, p, func(r *Request) error {
			if err := r.readForm(); err != nil {
				return err
			}
			return h(r)
		})
	})))
}

// HandleRaw opens a door for a handler of net/http: uploads, tiles, static files, protocols. Policy, headers and the
// origin check stand before it; body limit, time limits and compression do not. FromContext gives it the Request.
func (s *Site) HandleRaw(pattern string, p Policy, h http.Handler) {
	s.open(pattern, p, true, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		s.answer(w, q, p, func(r *Request) error {
			r.takeTime()
			h.ServeHTTP(r.W, r.Request)
			return nil
		})
	}))
}

// AllowCrossOrigin lets other sites post to pattern: a protocol's callback that brings its own proof of origin.
func (s *Site) AllowCrossOrigin(pattern string) { s.origin.AddInsecureBypassPattern(pattern) }

func (s *Site) open(pattern string, p Policy, raw bool, h http.Handler) {
	if p == nil {
		panic("web: " + pattern + " has no policy; say web.Anyone if everybody may")
	}
	method, path, ok := strings.Cut(pattern, " ")
	if !ok {
		method, path = "", pattern
	}
	s.routes = append(s.routes, Route{pattern, method, path, p, raw})
	s.mux.Handle(pattern, h)
}

// answer lets the visitor in, or says why not, and draws whatever refusal the handler left undrawn.
func (s *Site) answer(w http.ResponseWriter, q *http.Request, p Policy, h Handler) {
	r := s.enter(w, q)
	defer func() {
		if x := recover(); x != nil {
			if x == http.ErrAbortHandler {
				panic(x)
			}
			s.refuse(r, fmt.Errorf("panic: %v\n%s", x, debug.Stack()))
		}
	}()
	err := r.recognise()
	if err == nil {
		err = p(r.Actor)
	}
	if err == nil {
		err = h(r)
	}
	if err != nil {
		s.refuse(r, err)
	}
}

// Handler is the whole hall, ready to serve.
func (s *Site) Handler() http.Handler {
	if !slices.ContainsFunc(s.routes, func(r Route) bool { return r.Pattern == extend }) {
		s.Handle(extend, Anyone, extendSession)
	}
	nowhere, noPage := s.gzip(http.HandlerFunc(s.nowhere)), s.gzip(http.HandlerFunc(s.noPage))
	mux := http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if !readable(q.URL.Path) {
			noPage(w, q)
			return
		}
		if _, pattern := s.mux.Handler(q); pattern == "" {
			nowhere(w, q)
			return
		}
		s.mux.ServeHTTP(w, q)
	})
	return s.watch(s.headers(s.origin.Handler(mux)))
}

// readable reports whether a path is text: what is none is no name of anything, and databases differ about it.
func readable(path string) bool {
	return utf8.ValidString(path) && !strings.ContainsFunc(path, unicode.IsControl)
}

// nowhere answers a path or a method that no door has.
func (s *Site) nowhere(w http.ResponseWriter, q *http.Request) {
	found := &status{ResponseWriter: discard{http.Header{}}}
	h, _ := s.mux.Handler(q)
	h.ServeHTTP(found, q)
	if found.code != http.StatusMethodNotAllowed {
		s.noPage(w, q)
		return
	}
	w.Header().Set("Allow", found.Header().Get("Allow"))
	s.draw(s.stranger(w, q), wrongMethod, found.code)
}

func (s *Site) noPage(w http.ResponseWriter, q *http.Request) {
	s.draw(s.stranger(w, q), noSuchPage, http.StatusNotFound)
}

// stranger is a visitor before no door; who it is stands on the page, but an unknown one is welcome too.
func (s *Site) stranger(w http.ResponseWriter, q *http.Request) *Request {
	r := s.enter(w, q)
	if err := r.recognise(); err != nil {
		s.Log.Warn("who is asking is unknown", "id", r.Number(), "error", err)
	}
	return r
}

type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

// Server is an http.Server for the hall that does not wait for slow visitors. Doors opened by HandleRaw take the time
// they need.
func (s *Site) Server(addr string) *http.Server {
	return &http.Server{
		Addr: addr, Handler: s.Handler(), ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 2 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
}

// takeTime lifts the server's time limits from this request.
func (r *Request) takeTime() {
	c := http.NewResponseController(r.W)
	_ = c.SetReadDeadline(time.Time{}) // a recorder of a test has none
	_ = c.SetWriteDeadline(time.Time{})
}

var errNoDatabase = errors.New("web: the site has no database")
