package web

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/a-h/templ"

	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// Request is one visitor at one door.
type Request struct {
	*http.Request
	W     http.ResponseWriter
	Actor permit.Actor
	Site  *Site

	sent  *status
	form  Form
	typed bool // form holds what was posted
}

type requestKey struct{}

// FromContext is the request whose context ctx is, or nil.
func FromContext(ctx context.Context) *Request {
	r, _ := ctx.Value(requestKey{}).(*Request)
	return r
}

// enter makes the Request of q, with its language.
func (s *Site) enter(w http.ResponseWriter, q *http.Request) *Request {
	sent := &status{ResponseWriter: w}
	r := &Request{W: sent, Site: s, sent: sent}
	ctx := say.With(q.Context(), chooseLanguage(s, w, q))
	r.Request = q.WithContext(context.WithValue(ctx, requestKey{}, r))
	return r
}

// recognise asks who is there.
func (r *Request) recognise() (err error) {
	if r.Site.Who != nil {
		r.Actor, err = r.Site.Who(r.Request)
	}
	r.Actor.IP = r.IP()
	if r.Actor.SignedIn() {
		r.W.Header().Set("Cache-Control", "no-store")
	}
	return err
}

// Do runs f in one write transaction on the request's context.
func (r *Request) Do(f func(*store.Tx) error) error {
	if r.Site.DB == nil {
		return errNoDatabase
	}
	return r.Site.DB.Write(r.Context(), f)
}

// Look runs f in one read transaction on the request's context.
func (r *Request) Look(f func(*store.Tx) error) error {
	if r.Site.DB == nil {
		return errNoDatabase
	}
	return r.Site.DB.Read(r.Context(), f)
}

// Lang is the language of the answer.
func (r *Request) Lang() say.Lang { return say.From(r.Context()) }

// Number is the reference number of this request: on the page of an error, in the header X-Request-Id, in the log.
func (r *Request) Number() string { return number(r.Context()) }

// Autosave reports whether the script is saving a form that its person is still writing.
func (r *Request) Autosave() bool { return r.Header.Get("X-Autosave") != "" }

// wantsJSON reports whether a script is asking, not a person.
func (r *Request) wantsJSON() bool {
	a := r.Header.Get("Accept")
	return r.Autosave() || strings.Contains(a, "application/json") && !strings.Contains(a, "text/html")
}

// Draw answers with a page: body in the layout of the house. It is drawn into memory first, so an error in it is an
// error page, not half a page. The status is p.Status, or that of p.Fault, or 200.
func (r *Request) Draw(p Page, body templ.Component) error {
	if r.Autosave() && p.Fault != nil {
		return r.refuseJSON(p.Fault)
	}
	v := r.view(p)
	var b bytes.Buffer
	if err := layout(v, body).Render(r.Context(), &b); err != nil {
		return err
	}
	if v.flash.Zh != "" {
		r.cookie(flashName, "", -1)
	}
	h := r.W.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(r.Lang()))
	h.Add("Vary", "Cookie")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-cache")
	}
	r.W.WriteHeader(p.status())
	_, err := r.W.Write(b.Bytes())
	if err != nil {
		r.Site.Log.Debug("the visitor has gone", "id", r.Number(), "error", err)
	}
	return nil
}

// Redirect sends the visitor on with 303, to a path of this site only.
func (r *Request) Redirect(to string) error {
	to = local(to)
	if r.Autosave() {
		return r.Saved(to, nil)
	}
	http.Redirect(r.W, r.Request, to, http.StatusSeeOther)
	return nil
}

// Saved answers a form that has been saved: the script gets the time of saving and the fields that changed with it (a
// version to send next time), everybody else goes on to the page at to.
func (r *Request) Saved(to string, fields map[string]string) error {
	if !r.Autosave() {
		return r.Redirect(to)
	}
	return r.JSON(http.StatusOK, map[string]any{
		"saved": r.Site.now().In(taipei).Format("15:04"), "fields": fields,
	})
}

// local is to if it is a path of this site, else the front page.
func local(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || u.Opaque != "" || !strings.HasPrefix(u.Path, "/") ||
		strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return to
}

// Local is to if it is a path of this site, else the front page: for a next= that came with the request.
func Local(to string) string { return local(to) }

// Back is the page of this site the visitor comes from, else the front page.
func (r *Request) Back() string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host || u.Path == "" {
		return "/"
	}
	return local(u.RequestURI())
}

// JSON answers a script.
func (r *Request) JSON(status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	h := r.W.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	r.W.WriteHeader(status)
	_, _ = r.W.Write(b)
	return nil
}

// shown are the types that a browser may show by itself; everything else is saved to disk.
var shown = map[string]bool{
	"application/pdf": true, "image/png": true, "image/jpeg": true, "image/webp": true, "text/plain": true,
}

// Send answers with a file, in ranges where asked. It is shown in the browser only if inline and of a type that runs
// nothing; whatever it holds, it runs with no rights of this site.
func (r *Request) Send(name, mimeType string, t time.Time, content io.ReadSeeker, inline bool) error {
	kind, _, _ := mime.ParseMediaType(mimeType)
	if kind == "" {
		kind, mimeType = "application/octet-stream", "application/octet-stream"
	}
	how, csp := "attachment", "default-src 'none'; frame-ancestors 'none'; sandbox"
	if inline && shown[kind] {
		how = "inline"
	}
	if how == "inline" && kind == "application/pdf" {
		// Some browsers' own PDF readers do not open in a sandbox; nosniff keeps it a PDF.
		csp = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
	}
	h := r.W.Header()
	h.Set("Content-Type", mimeType)
	h.Set("Content-Disposition", disposition(how, name))
	h.Set("Content-Security-Policy", csp)
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-cache")
	}
	r.takeTime()
	http.ServeContent(r.W, r.Request, "", t, content)
	return nil
}

// Stream sends a file for keeping that is made while it is sent. What goes wrong before its first byte is answered by the
// caller; what goes wrong later breaks the connection, so that nobody takes half a file for a whole one.
func (r *Request) Stream(name, mimeType string, write func(io.Writer) error) error {
	h := r.W.Header()
	h.Set("Content-Type", mimeType)
	h.Set("Content-Disposition", disposition("attachment", name))
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	h.Set("Cache-Control", "private, no-store")
	r.takeTime()
	out := &begun{w: r.W}
	err := write(out)
	if err != nil && out.sent {
		r.Site.Log.Error("a file broke off", "id", r.Number(), "name", name, "error", err)
		panic(http.ErrAbortHandler)
	}
	return err
}

// begun remembers whether something was sent.
type begun struct {
	w    io.Writer
	sent bool
}

func (b *begun) Write(p []byte) (int, error) {
	b.sent = true
	return b.w.Write(p)
}

// disposition writes a Content-Disposition as RFC 6266 wants it: an ASCII name for old readers, the real one beside it.
func disposition(how, name string) string {
	name = strings.Map(func(c rune) rune {
		switch {
		case c == '/' || c == '\\' || c == ':' || c == '*' || c == '?' || c == '"' || c == '<' || c == '>' || c == '|':
			return '-'
		case unicode.IsControl(c), unicode.Is(unicode.Cf, c):
			return -1
		}
		return c
	}, strings.ToValidUTF8(name, ""))
	if name = strings.Trim(name, ". "); name == "" {
		name = "file"
	}
	plain := strings.Map(func(c rune) rune {
		if c > unicode.MaxASCII || c == '%' {
			return '_'
		}
		return c
	}, name)
	if plain == name {
		return how + `; filename="` + name + `"`
	}
	return how + `; filename="` + plain + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}

// IP is the address the visitor comes from, as far as trusted proxies tell.
func (r *Request) IP() string {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ip := at.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && r.Site.trusts(ip); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		ip = next.Unmap()
	}
	return ip.String()
}

func (s *Site) trusts(ip netip.Addr) bool {
	for _, p := range s.Proxies {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// now is the clock of the house.
func (s *Site) now() time.Time {
	if s.DB == nil {
		return time.Time{}
	}
	return s.DB.Now()
}

var taipei = time.FixedZone("Asia/Taipei", 8*3600)

// refuseJSON tells a script what a page would tell a person.
func (r *Request) refuseJSON(f *fault.Fault) error {
	type place struct {
		Key     string `json:"key"`
		Message string `json:"message"`
	}
	out := struct {
		Message string  `json:"message"`
		Places  []place `json:"places,omitempty"`
		Way     string  `json:"way,omitempty"`
		WayText string  `json:"wayText,omitempty"`
		SignIn  bool    `json:"signIn,omitempty"`
	}{Message: f.Message.In(r.Lang()), SignIn: f.Kind == fault.SignIn}
	for _, p := range f.Places {
		out.Places = append(out.Places, place{p.Key, p.Message.In(r.Lang())})
	}
	if f.Way != nil {
		out.Way, out.WayText = f.Way.URL, f.Way.Text.In(r.Lang())
	}
	code := StatusOf(f.Kind)
	if f.Kind == fault.SignIn {
		code = http.StatusUnauthorized
	}
	return r.JSON(code, out)
}
