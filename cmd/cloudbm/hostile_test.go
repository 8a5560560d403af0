package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"cloudbm/accounts"
	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/factors/factorstest"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web"
)

// The stories of this file and its neighbours are told to the whole program as it is wired, in this process: what people
// and machines send that nobody should send. An answer is always in words and never an error of ours.

// besieged is the program with lived-in cases, and what it complains of.
type besieged struct {
	*house
	t     *testing.T
	door  http.Handler
	mu    sync.Mutex
	wrong []string
}

// Write takes the lines of the program's log that speak of errors.
func (b *besieged) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wrong = append(b.wrong, string(line))
	return len(line), nil
}

// errors are the lines written since it was asked last.
func (b *besieged) errors() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.wrong
	b.wrong = nil
	return out
}

// TestHostile tells every story on both databases.
func TestHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	stories := func(t *testing.T, b *besieged) {
		b.tell(t, "typed", nothingTypedIsLost)
		b.tell(t, "browsers", oddBrowsers)
		b.tell(t, "files", hostileFiles)
		b.tell(t, "requests", oddRequests) // changes whatever can be changed
	}
	t.Run("sqlite", func(t *testing.T) { stories(t, besiege(t, "")) })
	t.Run("postgres", func(t *testing.T) { stories(t, besiege(t, storetest.PostgresURL(t))) })
}

func (b *besieged) tell(t *testing.T, name string, story func(*besieged)) {
	t.Run(name, func(t *testing.T) {
		whole := b.t
		b.t = t
		defer func() { b.t = whole }()
		story(b)
	})
}

func besiege(t *testing.T, database string) *besieged {
	t.Helper()
	ctx := context.Background()
	data := t.TempDir()
	compiled := filepath.Join(os.TempDir(), "cloudbm-test-pdfium") // compiling the engine takes longer than all else
	if err := errors.Join(os.MkdirAll(compiled, 0o755), os.Symlink(compiled, filepath.Join(data, "pdf-cache"))); err != nil {
		t.Fatal(err)
	}
	h, err := build(ctx, &Config{Listen: "cloudbm.test", Base: "https://cloudbm.test", Data: data, DatabaseURL: database, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	b := &besieged{house: h, t: t}
	h.site.Log = slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{Level: slog.LevelError}))
	b.door = h.site.Handler()
	if err := h.crew.Start(ctx, h.db, 2, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.crew.Stop(ctx); err != nil {
			t.Error(err)
		}
		if err := h.close(); err != nil {
			t.Error(err)
		}
	})
	if err := h.seed(ctx); err != nil {
		t.Fatal(err)
	}
	return b
}

// actor is one of the people of the demonstration.
func (b *besieged) actor(email string) permit.Actor {
	s := seeder{h: b.house, ctx: context.Background()}
	a := s.actor(email)
	if s.err != nil {
		b.t.Fatal(s.err)
	}
	return a
}

// key is the cookie of a fresh session; nobody has none.
func (b *besieged) key(email string) (cookie string) {
	if email == "" {
		return ""
	}
	who := b.actor(email)
	err := b.db.Write(context.Background(), func(tx *store.Tx) error {
		secret, err := factorstest.Begin(tx, who.Person, accounts.Source{IP: "192.0.2.1"})
		cookie = b.site.CookieName("session") + "=" + secret
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return cookie
}

// draft opens a case of the person's own kind.
func (b *besieged) draft(email string) string {
	s := seeder{h: b.house, ctx: context.Background()}
	by := s.actor(email)
	kind, a := catalog.Building, catalog.C1()
	if by.Is(permit.Contractor) {
		kind, a = catalog.Start, catalog.C3()
	}
	id := s.open(by, kind, a, "測試大樓")
	if s.err != nil {
		b.t.Fatal(s.err)
	}
	return id
}

// filed are the cases the authority sees.
func (b *besieged) filed() (ids []string) {
	err := b.db.Read(context.Background(), func(tx *store.Tx) error {
		all, err := cases.List(tx, cases.Wanted{Authorities: []string{roles.Tainan}, Limit: 20})
		for _, c := range all {
			ids = append(ids, c.ID)
		}
		return err
	})
	if err != nil || len(ids) == 0 {
		b.t.Fatal("no case was filed", err)
	}
	return ids
}

// request is something that is sent.
type request struct {
	method, path, query string
	kind                string // Content-Type
	body                []byte
	cookie              string
	header              http.Header
}

func (b *besieged) send(q request) *httptest.ResponseRecorder {
	to := "http://cloudbm.test" + q.path
	if q.query != "" {
		to += "?" + q.query
	}
	var body io.Reader = http.NoBody
	if q.body != nil {
		body = bytes.NewReader(q.body)
	}
	ctx, end := context.WithCancel(context.Background())
	defer end()
	in := httptest.NewRequestWithContext(ctx, q.method, to, body)
	for k, v := range q.header {
		in.Header[k] = v
	}
	if q.kind != "" {
		in.Header.Set("Content-Type", q.kind)
	}
	if q.cookie != "" {
		in.Header.Set("Cookie", q.cookie)
	}
	if q.method != http.MethodGet {
		in.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	out := httptest.NewRecorder()
	b.door.ServeHTTP(out, in)
	return out
}

const script = `"><script>alert(7)</script>`

// odd is what comes instead of a number, a choice, a name.
var odd = map[string]string{
	"NUL":             "a\x00b",
	"no UTF-8":        "a\xff\xfe\xc3(",
	"ten thousand":    strings.Repeat("長", 3400),
	"no such number":  "99999999999999999999",
	"below zero":      "-1",
	"another folder":  "../../../../etc/passwd",
	"other direction": "\u202eAB\u202c.pdf",
	"picture":         "👩‍👧😀",
	"rare":            "𠮷𡃁𪚥",
	"script":          script,
	"line break":      "a\r\nSet-Cookie: b=c\r\n\r\n",
	"quote":           "' OR ''='",
	"percent":         "%s%n%00%",
	"an id":           "0123456789abcdefghjkmnpqrs",
	"nothing":         " ",
}

// hard are those that databases differ about; the second database is asked these alone.
var hard = []string{"NUL", "no UTF-8", "ten thousand", "no such number", "rare", "quote", "an id"}

// oddities are those that are brought to the n-th door: half of them to each, and to the second database the hard ones.
// Who cannot come in anyway brings one.
func (b *besieged) oddities(n int, welcome bool) (names []string) {
	for k := range odd {
		if !b.db.Postgres() || slices.Contains(hard, k) {
			names = append(names, k)
		}
	}
	slices.Sort(names)
	if !welcome {
		return names[n%len(names):][:1]
	}
	if b.db.Postgres() {
		return names
	}
	turn := 0
	return slices.DeleteFunc(names, func(string) bool { turn++; return (turn+n)%2 == 0 })
}

// welcome reports whether a door is meant for this visitor.
func welcome(path, who string) bool {
	switch {
	case strings.HasPrefix(path, "/admin"):
		return who == "admin@example.test"
	case strings.HasPrefix(path, "/desk"):
		return who == "p9@example.test"
	case strings.HasPrefix(path, "/bls/cases/{id}"):
		return who == "p1@example.test" || who == "p9@example.test"
	case strings.HasPrefix(path, "/bls"), strings.HasPrefix(path, "/me"):
		return who == "p1@example.test"
	}
	return who == ""
}

// questions are the names of everything the pages read from a form or an address, and of every question of the catalogue.
func questions(t *testing.T) []string {
	t.Helper()
	reads := regexp.MustCompile(`\.(?:Get|Has|All|FormValue)\("([A-Za-z0-9_.-]+)"\)`)
	names := map[string]bool{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasPrefix(d.Name(), "pages") || !strings.HasSuffix(path, ".go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range reads.FindAllSubmatch(text, -1) {
			names[string(m[1])] = true
		}
		return err
	})
	if err != nil || len(names) < 30 {
		t.Fatalf("%d names found in the pages: %v", len(names), err)
	}
	for _, k := range catalog.All {
		for _, s := range k.Form {
			for _, f := range s.All() {
				names[f.Key] = true
			}
		}
	}
	out := make([]string, 0, len(names))
	for k := range names {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// visitors are the people who knock at every door; the first has not signed in.
var visitors = []string{"", "p1@example.test", "p3@example.test", "p9@example.test", "chief@example.test", "admin@example.test"}

var segment = regexp.MustCompile(`\{[a-z]+(\.\.\.|\$)?\}|\{\$\}`)

// paths are the addresses of a door with odd things in them: the odd thing in place of everything, and, where the door
// belongs to a case, the case and the odd thing in place of the rest.
func paths(route, id, text string) []string {
	fill := func(keepCase bool) string {
		n := 0
		return segment.ReplaceAllStringFunc(route, func(s string) string {
			n++
			switch {
			case s == "{$}":
				return ""
			case n == 1 && keepCase && s == "{id}":
				return id
			}
			return url.PathEscape(text)
		})
	}
	out := []string{fill(false)}
	if id != "" && strings.Contains(route, "/cases/{id}") {
		out = append(out, fill(true))
	}
	return out
}

var leaks = regexp.MustCompile(`SQLSTATE|no such row|store: |strconv\.|goroutine \d|runtime error|\.go:\d+|sql: |invalid UTF-8|<script>alert\(7\)`)

// hold fails the test unless the answer is one a person can be given.
func (b *besieged) hold(who, what string, q request, a *httptest.ResponseRecorder) {
	b.t.Helper()
	name := fmt.Sprintf("%s, as %q, %s", door(q), who, what)
	body := a.Body.String()
	away := a.Code == http.StatusServiceUnavailable && others.MatchString(q.path) && inWords(a)
	if a.Code >= 500 && !away || a.Code == 0 {
		b.t.Errorf("%s: %d %.300s", name, a.Code, body)
	}
	if found := leaks.FindString(body); found != "" && !strings.HasPrefix(a.Header().Get("Content-Type"), "application/pdf") {
		at := strings.Index(body, found)
		b.t.Errorf("%s: %d: the answer says %q: …%s…", name, a.Code, found, body[max(0, at-80):min(len(body), at+80)])
	}
	if a.Code >= 400 && !machines.MatchString(q.path) && !inWords(a) {
		b.t.Errorf("%s: %d without words: %q %.200s", name, a.Code, a.Header().Get("Content-Type"), body)
	}
	for k := range a.Header() {
		if strings.EqualFold(k, "Set-Cookie") && slices.ContainsFunc(a.Header()[k], func(v string) bool { return strings.HasPrefix(v, "b=") }) {
			b.t.Errorf("%s: a header was smuggled in", name)
		}
	}
	for _, line := range b.errors() {
		b.t.Errorf("%s: the log says %.1500s", name, line)
	}
}

// others are the doors behind which another site is asked; there is none in these stories, and that is said.
var others = regexp.MustCompile(`^/(doors/egov|doors/health|me/health)\b`)

func door(q request) string {
	p := q.path
	if len(p) > 100 {
		p = p[:100] + "…"
	}
	return q.method + " " + p
}

// machines are the addresses at which programs talk to each other, in the words of their protocols.
var machines = regexp.MustCompile(`/uploads/|^/(egov|sso)/(token|introspect|revoke|userinfo)\b`)

var han = regexp.MustCompile(`\p{Han}{4,}`)

// inWords reports whether a refusal says a sentence.
func inWords(a *httptest.ResponseRecorder) bool {
	kind := a.Header().Get("Content-Type")
	switch {
	case strings.HasPrefix(kind, "text/html"):
		return strings.Contains(a.Body.String(), "<h1") && han.Match(a.Body.Bytes())
	case strings.HasPrefix(kind, "application/json"):
		return han.Match(a.Body.Bytes())
	}
	return strings.HasPrefix(kind, "text/plain") && a.Body.Len() > 3
}

// oddRequests knocks at every door with everything odd.
func oddRequests(b *besieged) {
	names, filed, n := questions(b.t), b.filed(), 0
	own := map[string]string{"p1@example.test": b.draft("p1@example.test"), "p3@example.test": b.draft("p3@example.test")}
	for i, r := range b.site.Routes() {
		for k, who := range visitors {
			id, ok := own[who]
			switch {
			case !ok:
				id = filed[i%len(filed)]
			case r.Method != http.MethodGet && welcome(r.Path, who) && strings.Contains(r.Path, "/cases/{id}"):
				id = b.draft(who) // what comes may be the end of it
			}
			n += b.besiegeDoor(r, who, b.oddities(i+k, welcome(r.Path, who)), names, id)
		}
	}
	b.t.Logf("%d doors, %d requests", len(b.site.Routes()), n)
}

// besiegeDoor sends everything odd through one door, as one of the people; id is a case of theirs.
func (b *besieged) besiegeDoor(r web.Route, who string, oddities, names []string, id string) (n int) {
	q := request{method: r.Method, path: r.Path, cookie: b.key(who)}
	if q.method == "" {
		q.method = http.MethodGet
	}
	try := func(what string, q request) {
		n++
		b.hold(who, what, q, b.send(q))
	}
	for _, what := range oddities {
		for _, p := range paths(r.Path, id, odd[what]) {
			x := q
			x.path = p
			try(what+" in the address", x)
		}
		v := url.Values{}
		for _, name := range names {
			v.Set(name, odd[what])
		}
		x := q
		x.path = paths(r.Path, id, "1")[len(paths(r.Path, id, "1"))-1]
		if q.method == http.MethodGet {
			for name := range v {
				if len(name) > 6 { // an address has its limits
					delete(v, name)
				}
			}
			if x.query = v.Encode(); len(x.query) > 60<<10 {
				x.query = "q=" + url.QueryEscape(odd[what])
			}
			try(what+" as every question", x)
			continue
		}
		if what == "ten thousand" {
			for name := range v {
				v.Set(name, odd[what][:999])
			}
		}
		x.kind, x.body = "application/x-www-form-urlencoded", []byte(v.Encode())
		try(what+" in every field", x)
	}
	if q.method == http.MethodGet || !welcome(r.Path, who) || b.db.Postgres() {
		return n
	}
	q.path = paths(r.Path, id, "1")[len(paths(r.Path, id, "1"))-1]
	for what, x := range bodies() {
		q.kind, q.body = x.kind, x.body
		try(what, q)
	}
	return n
}

type body struct {
	kind string
	body []byte
}

// bodies are forms that are none.
func bodies() map[string]body {
	const form = "application/x-www-form-urlencoded"
	return map[string]body{
		"no form":               {"", nil},
		"an empty form":         {form, []byte{}},
		"a broken form":         {form, []byte("%zz=%&;=&a=%")},
		"a form of 1.5 MB":      {form, []byte("said=" + strings.Repeat("a", 3<<19))},
		"ten thousand fields":   {form, []byte(strings.Repeat("a=1&b=2&row=x&", 10000))},
		"JSON":                  {"application/json", []byte(`{"said":`)},
		"no known type":         {"a/b; c=\"", []byte("said=x")},
		"parts without border":  {"multipart/form-data", []byte("--x\r\n")},
		"parts broken off":      {"multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.pdf\"\r\n\r\n%PDF")},
		"parts without a name":  {"multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n")},
		"parts of 1.5 MB":       {"multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"said\"\r\n\r\n" + strings.Repeat("a", 3<<19) + "\r\n--x--\r\n")},
		"parts with odd header": {"multipart/form-data; boundary=x", []byte("--x\r\n" + strings.Repeat("X-A: b\r\n", 20000) + "\r\na\r\n--x--\r\n")},
	}
}
