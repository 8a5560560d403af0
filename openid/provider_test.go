package openid_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/openid"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// payload reads an ID token without checking it.
func payload(t *testing.T, token string) (header, claims said) {
	t.Helper()
	part := strings.Split(token, ".")
	if len(part) != 3 {
		t.Fatalf("no token: %q", token)
	}
	for i, into := range []*said{&header, &claims} {
		b, err := base64.RawURLEncoding.DecodeString(part[i])
		if err != nil || json.Unmarshal(b, into) != nil {
			t.Fatalf("no token: %q", token)
		}
	}
	return header, claims
}

func TestProviderGivesTokensForACode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		out := h.tokens(t)
		status, info := h.userinfo(t, out.text("access_token"))
		if status != 200 || info.text("sub") != "person-1" || info.text("name") != "測試甲" || info.text("email") != "p1@example.test" {
			t.Fatalf("%d %v", status, info)
		}
		header, c := payload(t, out.text("id_token"))
		if header.text("alg") != "RS256" || c.text("iss") != h.issuer || c.text("aud") != "app" || c.text("azp") != "app" || c.text("sub") != "person-1" ||
			c.text("nonce") != "the-nonce" || c.text("acr") != "1" || fmt.Sprint(c["amr"]) != "[pwd]" || c.text("name") != "測試甲" ||
			c.text("at_hash") != openid.Half("RS256", out.text("access_token")) || c["exp"].(float64)-c["iat"].(float64) != 900 || c["auth_time"] == nil {
			t.Fatalf("%v %v", header, c)
		}
		if out.text("scope") != "openid profile email offline_access" || out["expires_in"].(float64) != 900 {
			t.Fatalf("%v", out)
		}
	})
}

// TestCodeWorksOnce: of many that come with the same code at the same moment one is served, and what it got ends then.
func TestCodeWorksOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		code := h.code(t)
		const n = 8
		got := make([]said, n)
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() {
				status, out := h.post(t, "/token", exchange(code))
				if status != 200 && out.text("error") != "invalid_grant" {
					t.Errorf("%d %v", status, out)
				}
				got[i] = out
			})
		}
		all.Wait()
		sets := 0
		for _, out := range got {
			if access := out.text("access_token"); access != "" {
				sets++
				if h.lives(t, access) {
					t.Error("the code was used again, and its token lives")
				}
			}
		}
		if sets != 1 {
			t.Fatalf("%d sets of tokens for one code", sets)
		}
	})
}

func refresh(token string, changes ...string) url.Values {
	q := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}
	for i := 0; i+1 < len(changes); i += 2 {
		q.Set(changes[i], changes[i+1])
	}
	return q
}

func TestRefreshTokensRotate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		first := h.tokens(t)
		if status, out := h.post(t, "/token", refresh(first.text("refresh_token"), "scope", "openid profile admin")); status != 400 || out.text("error") != "invalid_scope" {
			t.Fatalf("more than was granted: %d %v", status, out)
		}
		h.pass(20 * time.Minute)
		if h.lives(t, first.text("access_token")) {
			t.Fatal("an access token lives for ever")
		}
		status, second := h.post(t, "/token", refresh(first.text("refresh_token"), "scope", "openid profile"))
		if status != 200 || second.text("refresh_token") == first.text("refresh_token") || second.text("scope") != "openid profile" {
			t.Fatalf("%d %v", status, second)
		}
		if _, info := h.userinfo(t, second.text("access_token")); info.text("name") == "" || info["email"] != nil {
			t.Fatalf("a narrower token tells %v", info)
		}
		if _, c := payload(t, second.text("id_token")); c["nonce"] != nil || c.text("sub") != "person-1" {
			t.Fatalf("%v", c)
		}
		if status, out := h.post(t, "/token", refresh(first.text("refresh_token"))); status != 400 || out.text("error") != "invalid_grant" {
			t.Fatalf("a refresh token worked twice: %d %v", status, out)
		}
		if h.lives(t, second.text("access_token")) {
			t.Fatal("a stolen refresh token was noticed, and its successor lives")
		}
		if status, out := h.post(t, "/token", refresh(second.text("refresh_token"))); status != 400 {
			t.Fatalf("%d %v", status, out)
		}
		last := h.tokens(t)
		h.pass(31 * 24 * time.Hour)
		if status, _ := h.post(t, "/token", refresh(last.text("refresh_token"))); status != 400 {
			t.Fatal("a refresh token lives for ever")
		}
	})
}

// TestKeysRotate: tokens made before live on, their key stays published until they have ended.
func TestKeysRotate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		published := func() (ids []string) {
			q, _ := http.NewRequest("GET", h.issuer+"/keys", nil)
			_, out := h.do(t, q)
			for _, k := range out["keys"].([]any) {
				k := k.(map[string]any)
				if k["d"] != nil || k["alg"] != "RS256" {
					t.Fatalf("published: %v", k)
				}
				ids = append(ids, k["kid"].(string))
			}
			return ids
		}
		before := h.tokens(t)
		old, _ := payload(t, before.text("id_token"))
		if ids := published(); len(ids) != 1 || ids[0] != old.text("kid") {
			t.Fatalf("%v", ids)
		}
		if err := db.Write(context.Background(), h.provider.Rotate); err != nil {
			t.Fatal(err)
		}
		after := h.tokens(t)
		fresh, _ := payload(t, after.text("id_token"))
		if ids := published(); len(ids) != 2 || fresh.text("kid") == old.text("kid") {
			t.Fatalf("%v", ids)
		}
		if !h.lives(t, before.text("access_token")) {
			t.Error("an access token ended with the key")
		}
		h.pass(25 * time.Hour)
		if ids := published(); len(ids) != 1 || ids[0] != fresh.text("kid") {
			t.Fatalf("an old key is still published: %v", ids)
		}
		if code, body, to := h.endSession(t, url.Values{"id_token_hint": {before.text("id_token")}, "post_logout_redirect_uri": {"http://127.0.0.1:1/bye"}}); to == nil || to.Path != "/bye" {
			t.Errorf("a sign-out with an ID token of the old key: %d %.300s", code, body)
		}
		h.pass(91 * 24 * time.Hour)
		if by, _ := payload(t, h.tokens(t).text("id_token")); by.text("kid") == fresh.text("kid") {
			t.Error("a key is older than its season and still signs")
		}
	})
}

func (h *house) endSession(t *testing.T, q url.Values) (int, string, *url.URL) {
	t.Helper()
	a, err := h.browser(t).Get(h.issuer + "/end_session?" + q.Encode())
	if err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
	to, _ := a.Location()
	return a.StatusCode, a.Request.URL.Path, to
}

func TestSignOutFromAClient(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		one, two := h.tokens(t), h.tokens(t)
		h.who.Session = "session-2"
		other := h.tokens(t)
		bye := url.Values{"id_token_hint": {one.text("id_token")}, "post_logout_redirect_uri": {"http://127.0.0.1:1/bye"}, "state": {"s"}}

		wrong := url.Values{"id_token_hint": {one.text("id_token")}, "post_logout_redirect_uri": {"https://elsewhere.test/"}}
		if code, _, to := h.endSession(t, wrong); code != 422 || to != nil {
			t.Fatalf("sent to an address that is not registered: %d %v", code, to)
		}
		if code, _, to := h.endSession(t, url.Values{"id_token_hint": {"a.b.c"}}); code != 422 || to != nil {
			t.Fatalf("an ID token of nobody: %d %v", code, to)
		}
		if _, path, _ := h.endSession(t, url.Values{"post_logout_redirect_uri": {"http://127.0.0.1:1/bye"}, "client_id": {"app"}}); path != "/signed-out" || len(h.endings()) > 0 {
			t.Fatalf("any page can sign people out: %v, %v", path, h.endings())
		}
		if !h.lives(t, one.text("access_token")) {
			t.Fatal("a refused sign-out ended something")
		}

		h.pass(20 * 24 * time.Hour) // the ID token has expired long ago; it still tells whom to sign out
		if _, _, to := h.endSession(t, bye); to == nil || to.String() != "http://127.0.0.1:1/bye?state=s" {
			t.Fatalf("%v", to)
		}
		if len(h.endings()) != 1 || h.endings()[0] != "person-1 app session-1" {
			t.Fatalf("%v", h.endings())
		}
		for _, out := range []said{one, two} {
			if status, _ := h.post(t, "/token", refresh(out.text("refresh_token"))); status != 400 {
				t.Error("signed out, and a refresh token of that session works")
			}
		}
		if status, _ := h.post(t, "/token", refresh(other.text("refresh_token"))); status != 200 {
			t.Error("a sign-out ended another session")
		}
	})
}

func TestDropEndsASession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		drop := func(subject, session string) {
			t.Helper()
			if err := db.Write(context.Background(), func(tx *store.Tx) error { return h.provider.Drop(tx, subject, session) }); err != nil {
				t.Fatal(err)
			}
		}
		one := h.tokens(t)
		h.who.Session = "session-2"
		two := h.tokens(t)
		h.who = openid.Who{Subject: "person-2", Session: "session-2"}
		three := h.tokens(t)
		code := h.code(t)
		drop("person-1", "session-1")
		if h.lives(t, one.text("access_token")) || !h.lives(t, two.text("access_token")) || !h.lives(t, three.text("access_token")) {
			t.Fatal("another session ended, or this one did not")
		}
		drop("person-2", "")
		if h.lives(t, three.text("access_token")) || !h.lives(t, two.text("access_token")) {
			t.Fatal("another person's session ended, or this one's did not")
		}
		if status, out := h.post(t, "/token", exchange(code)); status != 400 {
			t.Errorf("a code outlived its session: %v", out)
		}
	})
}

func TestRevokeAndIntrospect(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.let(with(h.clients["app"], "other"))
		out := h.tokens(t)
		look := func(changes ...string) said {
			t.Helper()
			q := url.Values{"token": {out.text("access_token")}}
			for i := 0; i+1 < len(changes); i += 2 {
				q.Set(changes[i], changes[i+1])
			}
			_, a := h.post(t, "/introspect", q)
			return a
		}
		if a := look(); a["active"] != true || a.text("sub") != "person-1" || a.text("scope") != "openid profile email offline_access" || a.text("client_id") != "app" {
			t.Fatalf("%v", a)
		}
		if a := look("client_id", "other", "client_secret", secret); a["active"] != false || a["sub"] != nil {
			t.Fatalf("a client learnt about the token of another: %v", a)
		}
		if a := look("client_id", "phone", "client_secret", "none"); a.text("error") != "invalid_client" {
			t.Fatalf("%v", a)
		}
		if a := look("token", out.text("refresh_token")); a["active"] != false {
			t.Fatalf("%v", a)
		}
		revoke := func(token string, changes ...string) {
			t.Helper()
			q := url.Values{"token": {token}}
			for i := 0; i+1 < len(changes); i += 2 {
				q.Set(changes[i], changes[i+1])
			}
			if status, a := h.post(t, "/revoke", q); status != 200 {
				t.Fatalf("%d %v", status, a)
			}
		}
		revoke("unknown")
		revoke(out.text("access_token"), "client_id", "other", "client_secret", secret)
		if look()["active"] != true {
			t.Fatal("a client revoked the token of another")
		}
		revoke(out.text("access_token"))
		revoke(out.text("access_token"))
		if look()["active"] != false {
			t.Fatal("revoked and active")
		}
		_, next := h.post(t, "/token", refresh(out.text("refresh_token")))
		revoke(next.text("refresh_token"))
		if h.lives(t, next.text("access_token")) {
			t.Error("a revoked refresh token left its access token alive")
		}
	})
}

// TestPairwise: two clients of different sectors cannot tell that they have the same person before them.
func TestPairwise(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		sub := func(client string) string {
			t.Helper()
			c := h.clients["phone"]
			code := h.code(t, "client_id", client, "redirect_uri", c.Redirects[0], "scope", "openid profile offline_access")
			status, out := h.post(t, "/token", exchange(code, "client_id", client, "redirect_uri", c.Redirects[0]))
			if status != 200 || out["refresh_token"] != nil {
				t.Fatalf("%d %v", status, out)
			}
			_, claims := payload(t, out.text("id_token"))
			if _, info := h.userinfo(t, out.text("access_token")); info.text("sub") != claims.text("sub") {
				t.Fatalf("%v %v", info, claims)
			}
			return claims.text("sub")
		}
		h.let(with(h.clients["phone"], "phone-2"))
		far := with(h.clients["phone"], "far")
		far.Sector = "far"
		h.let(far)
		one, two, three := sub("phone"), sub("phone-2"), sub("far")
		if one == "person-1" || one != two || one == three {
			t.Fatalf("%q %q %q", one, two, three)
		}
	})
}

// TestApproveWeighsTheRequest: the verbs of the page of sign-in.
func TestApproveWeighsTheRequest(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		hint := h.tokens(t).text("id_token")
		begin := func(changes ...string) (r openid.Request) {
			t.Helper()
			stay := h.browser(t)
			stay.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			a, err := stay.Get(h.issuer + "/authorize?" + asks(changes...).Encode())
			if err != nil {
				t.Fatal(err)
			}
			a.Body.Close()
			to, _ := a.Location()
			if to == nil || to.Path != "/sign-in" {
				t.Fatalf("%d %v", a.StatusCode, to)
			}
			if err := db.Read(context.Background(), func(tx *store.Tx) (err error) {
				r, err = h.provider.Pending(tx, to.Query().Get("request"))
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return r
		}
		answer := func(id string, w openid.Who) (to string, err error) {
			err = db.Write(context.Background(), func(tx *store.Tx) (err error) { to, err = h.provider.Approve(tx, id, w); return err })
			return to, err
		}
		who := openid.Who{Subject: "person-1", At: db.Now().Add(-10 * time.Minute)}

		r := begin("prompt", "consent", "login_hint", "p1@example.test", "ui_locales", "en zh-TW", "acr_values", "3 1", "max_age", "900", "scope", "openid profile admin")
		if !r.Wants("consent") || r.LoginHint != "p1@example.test" || fmt.Sprint(r.Locales, r.Levels, r.Scopes) != "[en zh-TW] [3 1] [openid profile]" ||
			*r.MaxAge != 900 || r.Client.Name != "測試系統" || r.Origin() != "http://127.0.0.1:1" || !r.Fresh(who.At, db.Now()) {
			t.Fatalf("%+v", r)
		}
		if to, err := answer(r.ID, who); err != nil || !strings.Contains(to, "code=") {
			t.Fatal(to, err)
		}
		if _, err := answer(r.ID, who); !fault.Is(err, fault.NotFound) {
			t.Fatalf("a request was answered twice: %v", err)
		}
		if _, err := answer("unknown", who); !fault.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
		for _, old := range []openid.Request{begin("max_age", "300"), begin("prompt", "login"), begin("max_age", "0")} {
			if _, err := answer(old.ID, who); !fault.Is(err, fault.SignIn) {
				t.Fatalf("an old sign-in was fresh enough for %+v: %v", old, err)
			}
			again := who
			again.At = db.Now()
			if to, err := answer(old.ID, again); err != nil || !strings.Contains(to, "code=") {
				t.Fatal(to, err)
			}
		}
		r = begin("id_token_hint", hint)
		if _, err := answer(r.ID, openid.Who{Subject: "person-2", At: db.Now()}); r.Subject != "person-1" || !fault.Is(err, fault.Conflict) {
			t.Fatalf("somebody else answered: %q %v", r.Subject, err)
		}
		if _, err := answer(r.ID, who); err != nil {
			t.Fatal(err)
		}
		r = begin()
		var to string
		err := db.Write(context.Background(), func(tx *store.Tx) (err error) { to, err = h.provider.Refuse(tx, r.ID, openid.Denied); return err })
		if u, _ := url.Parse(to); err != nil || u.Query().Get("error") != "access_denied" || u.Query().Get("state") != "the-state" || u.Query().Get("iss") != h.issuer {
			t.Fatal(to, err)
		}
		r = begin()
		h.pass(2 * time.Hour)
		if _, err := answer(r.ID, openid.Who{Subject: "person-1", At: db.Now()}); !fault.Is(err, fault.NotFound) {
			t.Fatalf("a request waits for ever: %v", err)
		}
	})
}

// TestNothingSecretInTheTables: neither codes nor tokens nor the private key can be read there.
func TestNothingSecretInTheTables(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		code := h.code(t)
		out := h.tokens(t)
		all := dump(t, db)
		for name, secret := range map[string]string{"a code": code, "an access token": out.text("access_token"), "a refresh token": out.text("refresh_token"), "an ID token": out.text("id_token")} {
			if strings.Contains(all, secret) {
				t.Errorf("%s is in a table", name)
			}
		}
		if !strings.Contains(all, "hid1:") || strings.Contains(all, `"d":`) || !strings.Contains(all, openid.Mark(code)) {
			t.Error("the private key is not sealed, or this test looks at the wrong rows")
		}
	})
}

// dump is everything the room has in the database.
func dump(t *testing.T, db *store.DB) string {
	t.Helper()
	var b strings.Builder
	for _, table := range []string{"openid_keys", "openid_requests", "openid_grants", "openid_tokens", "openid_begun"} {
		rows, err := db.SQL().Query("SELECT * FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		names, _ := rows.Columns()
		for rows.Next() {
			values := make([]any, len(names))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			for _, v := range values {
				fmt.Fprintln(&b, *v.(*any))
			}
		}
		rows.Close()
	}
	return b.String()
}

// TestWhoIsGone: when the room says that a person is no more, nothing is told about them.
func TestWhoIsGone(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t))
	out := h.tokens(t)
	code := h.code(t)
	h.mu.Lock()
	h.gone = true
	h.mu.Unlock()
	if h.lives(t, out.text("access_token")) {
		t.Error("userinfo tells of somebody who is gone")
	}
	if status, a := h.post(t, "/token", exchange(code)); status != 400 || a.text("error") != "invalid_grant" {
		t.Errorf("%d %v", status, a)
	}
	if status, a := h.post(t, "/token", refresh(out.text("refresh_token"))); status != 400 || a.text("error") != "invalid_grant" {
		t.Errorf("%d %v", status, a)
	}
}

func TestSweepTakesWhatHasEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		before := h.tokens(t)
		h.pass(10 * 24 * time.Hour)
		sweep := func() {
			t.Helper()
			if err := db.Write(context.Background(), openid.SweepNow); err != nil {
				t.Fatal(err)
			}
		}
		sweep()
		status, after := h.post(t, "/token", refresh(before.text("refresh_token")))
		if status != 200 {
			t.Fatalf("swept too early: %v", after)
		}
		h.pass(62 * 24 * time.Hour)
		sweep()
		if all := dump(t, db); strings.Contains(all, "person-1") || strings.Contains(all, openid.Mark(after.text("refresh_token"))) {
			t.Errorf("left over: %s", all)
		}
	})
}

// TestTheCrewSweeps: the work is done by itself, from the start of the program on.
func TestTheCrewSweeps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		h.tokens(t)
		h.pass(62 * 24 * time.Hour)
		crew := jobs.NewCrew()
		openid.Work(crew, db)
		if err := crew.Start(context.Background(), db, 1, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		defer crew.Stop(context.Background())
		for end := time.After(30 * time.Second); strings.Contains(dump(t, db), "person-1"); {
			select {
			case <-end:
				t.Fatal("nothing was swept")
			case <-time.After(20 * time.Millisecond): // the crew tells nobody that it is done
			}
		}
	})
}

func TestProviderNeedsASafeIssuer(t *testing.T) {
	db := storetest.SQLite(t)
	for issuer, ok := range map[string]bool{"https://host.test/sso": true, "http://127.0.0.1:8080/sso": true, "http://localhost/sso": true,
		"http://host.test/sso": false, "https://host.test/other": false, "https://host.test/sso?x": false, "": false, "ftp://host.test/sso": false} {
		if _, err := openid.New(db, openid.Settings{Name: "sso", Issuer: issuer, Path: "/sso"}); (err == nil) != ok {
			t.Errorf("%q: %v", issuer, err)
		}
	}
}

func TestClientCheck(t *testing.T) {
	good := openid.Client{ID: "app", SecretHash: openid.Mark("s"), Redirects: []string{"https://app.test/back", "http://localhost:1/back"}}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*openid.Client){
		"no id": func(c *openid.Client) { c.ID = " " }, "no secret": func(c *openid.Client) { c.SecretHash = "" }, "no redirect": func(c *openid.Client) { c.Redirects = nil },
		"in the clear": func(c *openid.Client) { c.Redirects = []string{"http://app.test/back"} }, "a pattern": func(c *openid.Client) { c.Redirects = []string{"https://*.test/"} },
		"a fragment": func(c *openid.Client) { c.LogoutRedirects = []string{"https://app.test/#x"} }, "a path": func(c *openid.Client) { c.Redirects = []string{"/back"} },
	} {
		c := good
		change(&c)
		if err := c.Check(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
