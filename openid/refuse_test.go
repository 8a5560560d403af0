package openid_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"cloudbm/store"
	"cloudbm/store/storetest"
)

// TestAuthorizeRefuses: a request that is not as it should be ends on a page while it is not known whom to send it back
// to, and at the client with an error of the protocol afterwards. Nothing ends in a 500.
func TestAuthorizeRefuses(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t))
	page := "回到原來的系統，再從它的按鈕做一次"
	for _, row := range []struct {
		name   string
		change []string
		page   string // what the page says; "" if the client is told
		error  string // what the client is told; "" for a page
	}{
		{"unknown client", []string{"client_id", "stranger"}, "client_id is not registered", ""},
		{"no client", []string{"client_id", ""}, page, ""},
		{"no redirect", []string{"redirect_uri", ""}, page, ""},
		{"redirect of another", []string{"redirect_uri", "https://elsewhere.test/"}, page, ""},
		{"redirect with a slash more", []string{"redirect_uri", "http://127.0.0.1:1/back/"}, page, ""},
		{"redirect with a query more", []string{"redirect_uri", "http://127.0.0.1:1/back?x=1"}, page, ""},
		{"redirect with another port", []string{"redirect_uri", "http://127.0.0.1:2/back"}, page, ""},
		{"redirect of another client", []string{"redirect_uri", "http://127.0.0.1:1/phone"}, page, ""},
		{"redirect to a script", []string{"redirect_uri", "javascript:alert(1)"}, page, ""},
		{"redirect with a user", []string{"redirect_uri", "http://u@127.0.0.1:1/back"}, page, ""},
		{"control characters", []string{"state", "a\x00b"}, "cannot be read", ""},
		{"no text", []string{"state", "\xff\xfe"}, "cannot be read", ""},
		{"too long", []string{"state", strings.Repeat("s", 9000)}, "cannot be read", ""},
		{"max_age no number", []string{"max_age", "soon"}, page, ""},
		{"max_age below zero", []string{"max_age", "-1"}, page, ""},
		{"implicit: token", []string{"response_type", "token"}, "", "unauthorized_client"},
		{"implicit: id_token", []string{"response_type", "id_token"}, "", "unauthorized_client"},
		{"hybrid", []string{"response_type", "code id_token"}, "", "unauthorized_client"},
		{"no response type", []string{"response_type", ""}, "", "invalid_request"},
		{"no scope", []string{"scope", ""}, "", "invalid_request"},
		{"scope without openid", []string{"scope", "profile"}, "", "invalid_scope"},
		{"no challenge", []string{"code_challenge", ""}, "", "invalid_request"},
		{"plain challenge", []string{"code_challenge_method", "plain"}, "", "invalid_request"},
		{"challenge without method", []string{"code_challenge_method", ""}, "", "invalid_request"},
		{"challenge of another length", []string{"code_challenge", "short"}, "", "invalid_request"},
		{"unknown challenge method", []string{"code_challenge_method", "S512"}, "", "invalid_request"},
		{"form_post", []string{"response_mode", "form_post"}, "", "invalid_request"},
		{"fragment", []string{"response_mode", "fragment"}, "", "invalid_request"},
		{"request object", []string{"request", "e30.e30."}, "", "request_not_supported"},
		{"request by address", []string{"request_uri", "https://elsewhere.test/r"}, "", "request_uri_not_supported"},
		{"prompt none and login", []string{"prompt", "none login"}, "", "invalid_request"},
		{"hint of nobody", []string{"id_token_hint", "a.b.c"}, "", "login_required"},
	} {
		t.Run(row.name, func(t *testing.T) {
			code, body, to := h.authorize(t, asks(row.change...))
			if row.page != "" {
				if code < 400 || code >= 500 || to != nil || !strings.Contains(body, row.page) || !strings.Contains(body, "<h1") {
					t.Fatalf("%d %v %.2000s", code, to, body)
				}
				return
			}
			if to == nil || to.Host != "127.0.0.1:1" {
				t.Fatalf("%d %v %.300s", code, to, body)
			}
			q := to.Query()
			if to.Fragment != "" {
				q, _ = url.ParseQuery(to.EscapedFragment())
			}
			if q.Get("error") != row.error || q.Has("code") || q.Get("iss") != h.issuer || q.Get("state") != "the-state" {
				t.Fatalf("%v", to)
			}
		})
	}
	t.Run("a parameter twice", func(t *testing.T) {
		q := asks()
		q.Add("redirect_uri", "https://elsewhere.test/")
		if code, body, to := h.authorize(t, q); code != http.StatusUnprocessableEntity || to != nil || !strings.Contains(body, "cannot be read") {
			t.Fatalf("%d %v", code, to)
		}
	})
	t.Run("in English", func(t *testing.T) {
		if _, body, _ := h.authorize(t, asks("client_id", "stranger", "lang", "en")); !strings.Contains(body, "Go back to the system you came from") {
			t.Fatalf("%.2000s", body)
		}
	})
}

// TestEndpointsReadNoRubbish: what is no text never reaches a database.
func TestEndpointsReadNoRubbish(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		for _, path := range []string{"/token", "/introspect", "/revoke"} {
			for _, user := range []string{"%00", "\x00", "\xff", "%ff", "%zz", "app%00", strings.Repeat("a", 9000)} {
				q, _ := http.NewRequest("POST", h.issuer+path, strings.NewReader("grant_type=refresh_token&refresh_token=x&token=x"))
				q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				q.SetBasicAuth(user, secret)
				if status, out := h.do(t, q); status != 401 && status != 400 {
					t.Errorf("%s as %.10q: %d %v", path, user, status, out)
				}
			}
		}
		for _, token := range []string{"", "\xff", "x", "a.b.c", strings.Repeat("x", 9000)} {
			if h.lives(t, token) {
				t.Errorf("%.10q opens userinfo", token)
			}
		}
		for _, id := range []string{"%00", "%ff", "x", ""} {
			a, err := http.Get(h.base + "/sign-in?request=" + id)
			if body := read(t, a, err); !strings.HasPrefix(body, "404 ") || !strings.Contains(body, "從它的登入鈕重新開始") {
				t.Errorf("%s: %.300s", id, body)
			}
		}
	})
}

// TestTokenRefuses: who cannot prove everything gets nothing.
func TestTokenRefuses(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t))
	h.let(with(h.clients["app"], "other"))
	for _, row := range []struct {
		name   string
		change func(q url.Values)
		status int
		error  string
	}{
		{"wrong secret", func(q url.Values) { q.Set("client_id", "app"); q.Set("client_secret", "guess") }, 401, "invalid_client"},
		{"no secret", func(q url.Values) { q.Set("client_id", "app") }, 401, "invalid_client"},
		{"unknown client", func(q url.Values) { q.Set("client_id", "stranger"); q.Set("client_secret", secret) }, 401, "invalid_client"},
		{"two proofs at once", func(q url.Values) { q.Set("client_secret", secret); q.Set("client_id", "app"); q.Set("basic", "too") }, 400, "invalid_request"},
		{"code of another client", func(q url.Values) { q.Set("client_id", "other"); q.Set("client_secret", secret) }, 400, "invalid_grant"},
		{"an assertion", func(q url.Values) {
			q.Set("client_id", "app")
			q.Set("client_assertion", "e30.e30.")
			q.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
		}, 401, "invalid_client"},
		{"unknown code", func(q url.Values) { q.Set("code", "guess") }, 400, "invalid_grant"},
		{"no code", func(q url.Values) { q.Del("code") }, 400, "invalid_request"},
		{"other redirect", func(q url.Values) { q.Set("redirect_uri", "http://127.0.0.1:1/other") }, 400, "invalid_grant"},
		{"no redirect", func(q url.Values) { q.Del("redirect_uri") }, 400, "invalid_request"},
		{"no verifier", func(q url.Values) { q.Del("code_verifier") }, 400, "invalid_grant"},
		{"other verifier", func(q url.Values) { q.Set("code_verifier", strings.Repeat("x", 50)) }, 400, "invalid_grant"},
		{"the challenge as verifier", func(q url.Values) { q.Set("code_verifier", asks().Get("code_challenge")) }, 400, "invalid_grant"},
		{"password grant", func(q url.Values) { q.Set("grant_type", "password") }, 400, "unsupported_grant_type"},
		{"client credentials", func(q url.Values) { q.Set("grant_type", "client_credentials") }, 400, "unauthorized_client"},
		{"JWT grant", func(q url.Values) {
			q.Set("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
			q.Set("assertion", "e30.e30.")
		}, 400, "unsupported_grant_type"},
		{"no grant type", func(q url.Values) { q.Del("grant_type") }, 400, "invalid_request"},
		{"a parameter twice", func(q url.Values) { q.Add("code", "guess") }, 400, "invalid_request"},
		{"too long", func(q url.Values) { q.Set("x", strings.Repeat("x", 70000)) }, 400, "invalid_request"},
		{"unknown refresh token", func(q url.Values) { q.Set("grant_type", "refresh_token"); q.Set("refresh_token", "guess") }, 400, "invalid_grant"},
		{"no refresh token", func(q url.Values) { q.Set("grant_type", "refresh_token") }, 400, "invalid_request"},
	} {
		t.Run(row.name, func(t *testing.T) {
			code := h.code(t)
			q := exchange(code)
			row.change(q)
			status, out := h.post(t, "/token", q)
			if status != row.status || out.text("error") != row.error || out["access_token"] != nil {
				t.Fatalf("%d %v", status, out)
			}
			if _, honest := h.post(t, "/token", exchange(code)); honest.text("access_token") == "" {
				t.Errorf("the honest client lost its code to that: %v", honest)
			}
		})
	}
	t.Run("expired code", func(t *testing.T) {
		code := h.code(t)
		h.pass(61 * time.Second)
		if status, out := h.post(t, "/token", exchange(code)); status != 400 || out.text("error") != "invalid_grant" {
			t.Fatalf("%d %v", status, out)
		}
	})
	t.Run("a storm of guesses has to wait", func(t *testing.T) {
		for range 100 {
			if status, _ := h.post(t, "/token", exchange("x", "client_id", "app", "client_secret", "guess")); status == http.StatusTooManyRequests {
				return
			}
		}
		t.Fatal("a hundred guesses were answered")
	})
}
