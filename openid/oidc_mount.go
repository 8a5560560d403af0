package openid

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

// endpoints are where the protocol is spoken, under the path of the provider.
var endpoints = op.Endpoints{
	Authorization: op.NewEndpoint("authorize"),
	Token:         op.NewEndpoint("token"),
	Userinfo:      op.NewEndpoint("userinfo"),
	JwksURI:       op.NewEndpoint("keys"),
	EndSession:    op.NewEndpoint("end_session"),
	Revocation:    op.NewEndpoint("revoke"),
	Introspection: op.NewEndpoint("introspect"),
}

// Provider lets other systems know who somebody is.
type Provider struct {
	Settings
	db      *store.DB
	handler http.Handler
}

// New is the provider with those settings; the first one of that name makes its signing key.
func New(db *store.DB, s Settings) (*Provider, error) {
	u, err := url.Parse(s.Issuer)
	if err != nil || !safeAddress(s.Issuer) || u.RawQuery != "" || !strings.HasSuffix(u.Path, s.Path) {
		return nil, fmt.Errorf("openid: %s: the issuer %q has to be https://…%s (http only on this machine)", s.Name, s.Issuer, s.Path)
	}
	p := &Provider{Settings: s, db: db}
	p.handler = http.StripPrefix(s.Path, op.RegisterServer(server{Provider: p}, endpoints, op.WithServerCORSOptions(nil)))
	return p, p.wrap("open", s.Issuer, db.Write(context.Background(), func(tx *store.Tx) error {
		_, err := p.present(tx)
		return err
	}))
}

// Mount opens the doors of the provider. What other systems and their pages post brings its own proof.
func (p *Provider) Mount(s *web.Site) {
	open := func(method, path string, h http.HandlerFunc) {
		pattern := method + " " + p.Path + path
		s.HandleRaw(pattern, web.Anyone, h)
		if method == http.MethodPost {
			s.AllowCrossOrigin(pattern)
		}
	}
	open("GET", oidc.DiscoveryEndpoint, p.published)
	open("GET", endpoints.JwksURI.Relative(), p.published)
	for _, method := range []string{"GET", "POST"} {
		open(method, endpoints.Authorization.Relative(), p.browser)
		open(method, endpoints.EndSession.Relative(), p.browser)
		open(method, endpoints.Userinfo.Relative(), p.machine)
	}
	open("POST", endpoints.Token.Relative(), p.machine)
	open("POST", endpoints.Revocation.Relative(), p.machine)
	open("POST", endpoints.Introspection.Relative(), p.machine)
}

// Leave sends the browser to the address Approve and Refuse gave.
func Leave(r *web.Request, to string) error {
	r.W.Header().Set("Cache-Control", "no-store")
	http.Redirect(r.W, r.Request, to, http.StatusSeeOther)
	return nil
}

// published is what everybody may read and keep for a while.
func (p *Provider) published(w http.ResponseWriter, q *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=300")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	a, err := p.run(q, p.db.Read)
	if err != nil {
		web.FromContext(q.Context()).Refuse(err)
		return
	}
	a.send(w)
}

// machine answers another system, in JSON.
func (p *Provider) machine(w http.ResponseWriter, q *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	a, err := p.take(w, q)
	if f, is := fault.As(err); is {
		_ = web.FromContext(q.Context()).JSON(web.StatusOf(f.Kind), map[string]string{"error": "temporarily_unavailable", "error_description": f.Message.En})
		return
	}
	if err != nil {
		q.Header.Set("Accept", "application/json")
		web.FromContext(q.Context()).Refuse(err)
		return
	}
	if a.code == http.StatusUnauthorized {
		a.header.Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		if !strings.HasSuffix(q.URL.Path, endpoints.Userinfo.Relative()) {
			a.header.Set("WWW-Authenticate", `Basic realm="`+p.Name+`"`)
		}
	}
	a.send(w)
}

// browser answers somebody whom another system sent: what the library would say in JSON becomes a page.
func (p *Provider) browser(w http.ResponseWriter, q *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	r := web.FromContext(q.Context())
	a, err := p.take(w, q)
	if err == nil && a.code >= 400 {
		err = p.sorry(a)
	}
	if err != nil {
		r.Refuse(err)
		return
	}
	p.signed(a)
	a.send(w)
}

// sorry is the refusal in words, with what the developer of the other system needs.
func (p *Provider) sorry(a *answer) error {
	e, _ := object(a.body.Bytes()) // what cannot be read is said without detail
	return fault.Say(fault.Invalid, say.F("回到原來的系統，再從它的按鈕做一次；它送來的要求與登記的不同（%s）",
		"Go back to the system you came from and use its button again. What it sent is not what is registered (%s)",
		strings.TrimSuffix(text(e, "error")+": "+text(e, "error_description"), ": "))).To("回首頁", "Go to the home page", "/")
}

// signed adds whose answer it is to one that the library sends to a client (RFC 9207). Who asked for the answer in the
// fragment gets it there, and learns in it that this is not done.
func (p *Provider) signed(a *answer) {
	to, fragment, _ := strings.Cut(a.header.Get("Location"), "#")
	if q, err := url.ParseQuery(fragment); err == nil && q.Has("error") {
		q.Set("iss", p.Issuer)
		a.header.Set("Location", to+"#"+q.Encode())
	}
	if u, err := url.Parse(to); err == nil && u.Query().Has("error") {
		q := u.Query()
		q.Set("iss", p.Issuer)
		u.RawQuery = q.Encode()
		a.header.Set("Location", u.String())
	}
}

// The longest request anybody needs: an ID token as a hint, and little else.
const maxBody, maxValue = 64 << 10, 8 << 10

// take reads what came and answers it in one transaction.
func (p *Provider) take(w http.ResponseWriter, q *http.Request) (*answer, error) {
	q.Body = http.MaxBytesReader(w, q.Body, maxBody)
	if err := q.ParseForm(); err != nil || !clean(q.Form) {
		a := newAnswer()
		op.WriteError(a, q, oidc.ErrInvalidRequest().WithDescription("the parameters cannot be read: too long, sent twice, or no text"), nil)
		return a, nil
	}
	return p.run(q, p.db.Write)
}

// clean reports whether every parameter is one short text (RFC 6749 §3.1: none is sent twice).
func clean(form url.Values) bool {
	for name, values := range form {
		if len(values) != 1 || len(values[0]) > maxValue || !readable(name) || !readable(values[0]) {
			return false
		}
	}
	return true
}

func readable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// run lets the library answer inside a transaction. Since that may run twice, the answer is written down first.
func (p *Provider) run(q *http.Request, in func(context.Context, func(*store.Tx) error) error) (a *answer, err error) {
	err = in(q.Context(), func(tx *store.Tx) error {
		v := &visit{tx: tx}
		a = newAnswer()
		p.handler.ServeHTTP(a, q.WithContext(context.WithValue(q.Context(), visitKey{}, v)))
		return v.err
	})
	return a, p.wrap("answer", q.URL.Path, err)
}

// answer is a response while it is being written.
type answer struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func newAnswer() *answer { return &answer{header: http.Header{}, code: http.StatusOK} }

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }
func (a *answer) WriteHeader(code int)        { a.code = code }

func (a *answer) send(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.code)
	_, _ = w.Write(a.body.Bytes()) // nobody is left to tell
}
