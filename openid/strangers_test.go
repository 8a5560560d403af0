package openid_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"cloudbm/openid"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web"
)

// missing ends a test for which this machine has no tool: at home it is skipped, in CI it fails.
func missing(t *testing.T, what any) {
	t.Helper()
	if os.Getenv("CI") == "" {
		t.Skip("not here: ", what)
	}
	t.Fatal("not here: ", what)
}

var installed struct {
	sync.Once
	dir string
	err error
}

// strangers is a folder with the packages of testdata/clients, installed once for each lock file.
func strangers(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		missing(t, err)
	}
	installed.Do(func() { installed.dir, installed.err = install() })
	if installed.err != nil {
		missing(t, installed.err)
	}
	return installed.dir
}

func install() (string, error) {
	from := os.DirFS("testdata/clients")
	lock, err := fs.ReadFile(from, "package-lock.json")
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(lock)
	dir, err := filepath.Abs(filepath.Join("..", "build", "openid-clients-"+hex.EncodeToString(sum[:4])))
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	names, _ := fs.Glob(from, "*")
	for _, name := range names {
		b, e := fs.ReadFile(from, name)
		err = errors.Join(err, e, os.WriteFile(filepath.Join(dir, name), b, 0o644))
	}
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json")); err == nil {
		return dir, nil // npm writes it last
	}
	npm := exec.Command("npm", "ci", "--prefix", dir, "--ignore-scripts", "--no-audit", "--no-fund")
	if out, err := npm.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci: %w: %s", err, out)
	}
	return dir, nil
}

// script runs one of the scripts with its settings.
func script(t *testing.T, name string, settings any) *exec.Cmd {
	t.Helper()
	b, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), "node", filepath.Join(strangers(t), name), string(b))
	c.Stderr = t.Output()
	return c
}

// TestProviderServesOpenidClient: an independent client (npm openid-client) signs in with every check it has.
func TestProviderServesOpenidClient(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		run := func(id, secret, redirect string) (out struct {
			Methods, AfterRevoking, CodeTwice, Denied, Bye, Renewed, IDToken any
			Claims, Userinfo, Introspected                                   said
		}) {
			t.Helper()
			b, err := script(t, "client.mjs", map[string]string{"issuer": h.issuer, "id": id, "secret": secret, "redirect": redirect, "bye": "http://127.0.0.1:1/bye"}).Output()
			if err == nil {
				err = json.Unmarshal(b, &out)
			}
			if err != nil {
				t.Fatalf("%v: %s", err, b)
			}
			return out
		}
		out := run("app", secret, "http://127.0.0.1:1/back")
		if out.Claims.text("sub") != "person-1" || out.Claims.text("name") != "測試甲" || out.Userinfo.text("email") != "p1@example.test" || out.Renewed != "person-1" {
			t.Errorf("%+v", out)
		}
		if out.Introspected["active"] != true || out.AfterRevoking != "invalid_grant" || out.CodeTwice != "invalid_grant" || out.Denied != "invalid_scope" {
			t.Errorf("%+v", out)
		}
		if out.Bye != "http://127.0.0.1:1/bye?state=done" || fmt.Sprint(out.Methods) != "[S256]" || len(h.endings()) != 1 {
			t.Errorf("%+v %v", out, h.endings())
		}
		phone := h.clients["phone"]
		phone.LogoutRedirects = []string{"http://127.0.0.1:1/bye"}
		h.let(phone)
		if out := run("phone", "", "http://127.0.0.1:1/phone"); out.Claims.text("sub") == "person-1" || out.Claims.text("sub") != out.Userinfo.text("sub") || out.Claims.text("name") != "測試甲" {
			t.Errorf("%+v", out)
		}
	})
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// ours is a tiny site with one door to a provider of others.
type ours struct {
	*httptest.Server
	party *openid.Party
	got   openid.Identity
}

func newOurs(t *testing.T, db *store.DB) *ours {
	t.Helper()
	o, site := &ours{}, web.NewSite(db, nil)
	o.Server = httptest.NewUnstartedServer(nil)
	site.Handle("GET /start", web.Anyone, func(r *web.Request) error {
		return o.party.Start(r, openid.Ask{Next: "/next", MaxAge: 10 * time.Minute, Locale: "zh-TW"})
	})
	site.Handle("GET /back", web.Anyone, func(r *web.Request) (err error) {
		if o.got, err = o.party.Finish(r); err != nil {
			return err
		}
		return r.JSON(200, "in")
	})
	site.Handle("GET /bye", web.Anyone, func(r *web.Request) error { return r.JSON(200, "out") })
	o.Config.Handler = site.Handler()
	o.Start()
	t.Cleanup(o.Close)
	return o
}

func read(t *testing.T, a *http.Response, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, _ := io.ReadAll(a.Body)
	return fmt.Sprint(a.StatusCode, " ", string(b))
}

// TestPartySignsInAtOidcProvider: our client at an independent provider (npm oidc-provider), in and out.
func TestPartySignsInAtOidcProvider(t *testing.T) {
	db := storetest.SQLite(t)
	o, port := newOurs(t, db), freePort(t)
	c := script(t, "provider.mjs", map[string]any{"port": port, "account": map[string]any{"name": "測試甲", "preferred_username": "p1", "email": "p1@example.test", "email_verified": true},
		"client": map[string]any{"client_id": "us", "client_secret": "our secret", "redirect_uris": []string{o.URL + "/back"}, "post_logout_redirect_uris": []string{o.URL + "/bye"}}})
	pipe, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Process.Kill(); _ = c.Wait() }()
	if line, err := bufio.NewReader(pipe).ReadString('\n'); err != nil || line != "listening\n" {
		t.Fatalf("the provider does not start: %q %v", line, err)
	}
	issuer := fmt.Sprintf("http://127.0.0.1:%d", port)
	o.party, err = openid.NewParty(db, openid.PartySettings{Name: "stranger", Says: say.T("測試身分網站", "the test site"), Issuer: issuer, ClientID: "us", Secret: "our secret",
		Redirect: o.URL + "/back", Bye: o.URL + "/bye", Scopes: []string{"profile", "email"}})
	if err != nil {
		t.Fatal(err)
	}
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar, Timeout: 20 * time.Second}
	a, err := browser.Get(o.URL + "/start")
	if body := read(t, a, err); body != `200 "in"` {
		t.Fatalf("%.2000s", body)
	}
	id := o.got
	if id.Issuer != issuer || id.Subject != "account-1" || id.Account != "p1" || id.Name != "測試甲" || id.Email != "p1@example.test" || id.Next != "/next" ||
		id.AuthTime.IsZero() || id.IDToken == "" {
		t.Fatalf("%+v", id)
	}
	a, err = browser.Get(a.Request.URL.String())
	if body := read(t, a, err); !strings.HasPrefix(body, "409 ") || !strings.Contains(body, "從登錄鈕重新開始") {
		t.Fatalf("the way back worked twice: %.2000s", body)
	}
	end, err := o.party.EndURL(context.Background(), id.IDToken)
	if err != nil || !strings.HasPrefix(end, issuer) {
		t.Fatal(end, err)
	}
	a, err = browser.Get(end)
	page := read(t, a, err)
	form := url.Values{"logout": {"yes"}}
	if m := regexp.MustCompile(`name="xsrf" value="([^"]+)"`).FindStringSubmatch(page); m != nil {
		form.Set("xsrf", m[1])
	}
	m := regexp.MustCompile(`action="([^"]+)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no page of signing out: %.1000s", page)
	}
	a, err = browser.PostForm(html.UnescapeString(m[1]), form)
	if body := read(t, a, err); body != `200 "out"` || !strings.HasPrefix(a.Request.URL.String(), o.URL+"/bye") {
		t.Fatalf("%v %.1000s", a.Request.URL, body)
	}
}
