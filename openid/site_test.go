package openid_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudbm/openid"
	"cloudbm/store"
	"cloudbm/web"
)

// house is a tiny site with a provider whose page of sign-in knows one person and asks them nothing.
type house struct {
	db       *store.DB
	provider *openid.Provider
	handler  http.Handler
	base     string
	issuer   string

	mu      sync.Mutex
	clients map[string]openid.Client
	who     openid.Who // who sits at the browser
	refuse  openid.Reason
	ahead   time.Duration
	gone    bool // the person's account has been closed
	ended   []string
}

const secret = "a secret of the tests, as long as a real one is"

// newHouse opens the house on a free port of this machine.
func newHouse(t testing.TB, db *store.DB) *house {
	t.Helper()
	h := &house{db: db, clients: map[string]openid.Client{}, who: openid.Who{Subject: "person-1", Methods: []string{"pwd"}, Level: "1", Session: "session-1"}}
	db.SetClock(h.now)
	site := web.NewSite(db, nil)
	server := httptest.NewUnstartedServer(nil)
	h.base = "http://" + server.Listener.Addr().String()
	h.issuer = h.base + "/test"
	h.clients["app"] = openid.Client{ID: "app", Name: "測試系統", SecretHash: openid.Mark(secret),
		Redirects: []string{"http://127.0.0.1:1/back"}, LogoutRedirects: []string{"http://127.0.0.1:1/bye"},
		Scopes: []string{"profile", "email", "offline_access"}}
	h.clients["phone"] = openid.Client{ID: "phone", Name: "測試程式", Public: true, Sector: "phones",
		Redirects: []string{"http://127.0.0.1:1/phone"}, Scopes: []string{"profile"}}
	var err error
	h.provider, err = openid.New(db, openid.Settings{
		Name: "test", Issuer: h.issuer, Path: "/test", SignedOut: "/signed-out",
		SignIn: func(id string) string { return "/sign-in?request=" + url.QueryEscape(id) },
		Client: func(_ *store.Tx, id string) (openid.Client, error) {
			h.mu.Lock()
			defer h.mu.Unlock()
			c, ok := h.clients[id]
			if !ok {
				return c, store.ErrNotFound
			}
			return c, nil
		},
		Claims: func(_ *store.Tx, g openid.Grant) (map[string]any, error) {
			h.mu.Lock()
			defer h.mu.Unlock()
			if h.gone {
				return nil, store.ErrNotFound
			}
			out := map[string]any{"iss": "https://elsewhere.test"} // a room cannot overrule the protocol
			if g.Has("profile") {
				out["name"] = "測試甲"
			}
			if g.Has("email") {
				out["email"] = "p1@example.test"
			}
			return out, nil
		},
		EndSession: func(_ *store.Tx, subject, client, session string) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.ended = append(h.ended, subject+" "+client+" "+session)
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	h.provider.Mount(site)
	site.Handle("GET /sign-in", web.Anyone, h.signIn)
	h.handler = site.Handler()
	server.Config.Handler = h.handler
	server.Start()
	t.Cleanup(server.Close)
	return h
}

// pass lets time go by.
func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ahead += d
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return time.Now().Add(h.ahead)
}

// let registers a client, or changes one.
func (h *house) let(c openid.Client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clients[c.ID] = c
}

// endings are the sign-outs the house was told of: subject, client, session.
func (h *house) endings() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.ended)
}

func with(c openid.Client, id string) openid.Client {
	c.ID = id
	return c
}

// signIn is the page a room would have.
func (h *house) signIn(r *web.Request) error {
	h.mu.Lock()
	who, refuse := h.who, h.refuse
	h.mu.Unlock()
	if who.At.IsZero() {
		who.At = h.db.Now()
	}
	var to string
	err := r.Do(func(tx *store.Tx) (err error) {
		id := r.URL.Query().Get("request")
		if refuse != "" {
			to, err = h.provider.Refuse(tx, id, refuse)
			return err
		}
		to, err = h.provider.Approve(tx, id, who)
		return err
	})
	if err != nil {
		return err
	}
	return openid.Leave(r, to)
}

// browser is one that stops at the border of the house.
func (h *house) browser(t *testing.T) *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(q *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(q.URL.String(), h.base) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

const verifier = "a-verifier-of-the-tests-that-is-long-enough-0123456789"

// asks are the parameters of an honest request.
func asks(changes ...string) url.Values {
	q := url.Values{"client_id": {"app"}, "redirect_uri": {"http://127.0.0.1:1/back"}, "response_type": {"code"}, "scope": {"openid profile email offline_access"},
		"state": {"the-state"}, "nonce": {"the-nonce"}, "code_challenge": {openid.ChallengeOf(verifier)}, "code_challenge_method": {"S256"}}
	for i := 0; i+1 < len(changes); i += 2 {
		if changes[i+1] == "" {
			q.Del(changes[i])
		} else {
			q.Set(changes[i], changes[i+1])
		}
	}
	return q
}

// authorize sends a browser and tells where it ends: at the client, or on a page of the house.
func (h *house) authorize(t *testing.T, q url.Values) (status int, body string, to *url.URL) {
	t.Helper()
	a, err := h.browser(t).Get(h.issuer + "/authorize?" + q.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, _ := io.ReadAll(a.Body)
	to, _ = a.Location()
	return a.StatusCode, string(b), to
}

// code is the code an honest request gives.
func (h *house) code(t *testing.T, changes ...string) string {
	t.Helper()
	status, body, to := h.authorize(t, asks(changes...))
	if to == nil || to.Query().Get("code") == "" {
		t.Fatalf("no code: %d %v %.300s", status, to, body)
	}
	return to.Query().Get("code")
}

type said map[string]any

func (s said) text(name string) string { v, _ := s[name].(string); return v }

// post sends a form as the client app.
func (h *house) post(t *testing.T, path string, form url.Values) (int, said) {
	t.Helper()
	q, err := http.NewRequest("POST", h.issuer+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if !form.Has("client_id") || form.Has("basic") {
		q.SetBasicAuth("app", url.QueryEscape(secret))
	}
	return h.do(t, q)
}

func (h *house) do(t *testing.T, q *http.Request) (int, said) {
	t.Helper()
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, _ := io.ReadAll(a.Body)
	var out said
	if len(b) > 0 && json.Unmarshal(b, &out) != nil {
		t.Fatalf("%s %s: %d, no JSON: %.300s", q.Method, q.URL, a.StatusCode, b)
	}
	return a.StatusCode, out
}

func exchange(code string, changes ...string) url.Values {
	q := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {"http://127.0.0.1:1/back"}, "code_verifier": {verifier}}
	for i := 0; i+1 < len(changes); i += 2 {
		q.Set(changes[i], changes[i+1])
	}
	return q
}

// tokens are those of an honest exchange.
func (h *house) tokens(t *testing.T) said {
	t.Helper()
	status, out := h.post(t, "/token", exchange(h.code(t)))
	if status != 200 || out.text("id_token") == "" || out.text("access_token") == "" || out.text("refresh_token") == "" {
		t.Fatalf("%d %v", status, out)
	}
	return out
}

func (h *house) userinfo(t *testing.T, access string) (int, said) {
	t.Helper()
	q, _ := http.NewRequest("GET", h.issuer+"/userinfo", nil)
	q.Header.Set("Authorization", "Bearer "+access)
	return h.do(t, q)
}

func (h *house) lives(t *testing.T, access string) bool {
	t.Helper()
	status, _ := h.userinfo(t, access)
	if !slices.Contains([]int{200, 401}, status) {
		t.Fatalf("userinfo answers %d", status)
	}
	return status == 200
}
