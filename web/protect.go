package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"cloudbm/store"
)

type numberKey struct{}

// number is the reference number of the request of ctx.
func number(ctx context.Context) string {
	n, _ := ctx.Value(numberKey{}).(string)
	return n
}

// newNumber is short enough to be read out over the telephone.
func newNumber() string {
	s := store.Secret()
	return s[:4] + "-" + s[4:8] + "-" + s[8:12]
}

// status remembers what was answered.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	if s.code == 0 && code >= 200 {
		s.code = code
	}
	s.ResponseWriter.WriteHeader(code)
}

func (s *status) Write(b []byte) (int, error) {
	if s.code == 0 {
		s.code = http.StatusOK
	}
	return s.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// Flush sends what has been written so far.
func (s *status) Flush() { _ = http.NewResponseController(s.ResponseWriter).Flush() }

// watch numbers the request, counts and logs the answer.
func (s *Site) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		id, st, begun := newNumber(), &status{ResponseWriter: w}, s.now()
		q = q.WithContext(context.WithValue(q.Context(), numberKey{}, id))
		w.Header().Set("X-Request-Id", id)
		defer func() {
			_, door := s.mux.Handler(q)
			took := s.now().Sub(begun).Seconds()
			s.count.WithLabelValues(door, strconv.Itoa(st.code)).Observe(took)
			s.Log.Info("answered", "id", id, "method", q.Method, "door", door, "status", st.code, "seconds", took)
		}()
		next.ServeHTTP(st, q)
	})
}

// headers sets what every answer carries, and the nonce of this one's scripts.
func (s *Site) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		nonce := store.Secret()[:26]
		h := w.Header()
		h.Set("Content-Security-Policy", policyText(nonce, nil, nil))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin-allow-popups") // the card component answers through its pop-up
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), publickey-credentials-get=(self), publickey-credentials-create=(self)")
		if s.Production {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, q.WithContext(templ.WithNonce(q.Context(), nonce)))
	})
}

func policyText(nonce string, formsTo, connectTo []string) string {
	return "default-src 'none'; script-src 'nonce-" + nonce + "' 'strict-dynamic'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; " +
		"font-src 'self'; connect-src " + strings.Join(append([]string{"'self'"}, connectTo...), " ") + "; manifest-src 'self'; worker-src 'self'; " +
		"form-action " + strings.Join(append([]string{"'self'"}, formsTo...), " ") + "; frame-ancestors 'none'; base-uri 'none'"
}

// FormsTo lets forms of this page lead to other origins: browsers hold a redirect after a form to that list too, so a
// sign-in page that ends at another system has to name it.
func (r *Request) FormsTo(origins ...string) {
	r.W.Header().Set("Content-Security-Policy", policyText(templ.GetNonce(r.Context()), origins, nil))
}

// ConnectTo lets the script of this page connect to these addresses, and no other page's script to any: a component
// beside the browser is spoken to from the one page that is about it.
func (r *Request) ConnectTo(addresses ...string) {
	r.W.Header().Set("Content-Security-Policy", policyText(templ.GetNonce(r.Context()), nil, addresses))
}

// RunsWasm lets the script of this page run WebAssembly, which a browser takes for a kind of eval.
func (r *Request) RunsWasm() {
	h := r.W.Header()
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "'strict-dynamic'", "'strict-dynamic' 'wasm-unsafe-eval'", 1))
}

// denyOrigin answers a change that another site asked for.
func (s *Site) denyOrigin(w http.ResponseWriter, q *http.Request) {
	s.draw(s.enter(w, q), otherOrigin, http.StatusForbidden)
}
