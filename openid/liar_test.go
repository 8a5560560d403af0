package openid_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"cloudbm/fault"
	"cloudbm/openid"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// liar is a provider that is honest but for one thing.
type liar struct {
	*httptest.Server
	key, other *rsa.PrivateKey
	db         *store.DB
	asked      url.Values // what the browser was sent with
	used       map[string]bool
	access     string
	kid        string
	askedKeys  int
	down       bool
	lie        lie
}

// lie is what a liar does otherwise; nil is honest.
type lie struct {
	discovery func(l *liar, d map[string]any)
	answer    func(l *liar, q url.Values)
	claims    func(l *liar, c map[string]any)
	sign      func(l *liar, payload []byte) string
	tokens    func(l *liar, out map[string]any)
	userinfo  func(l *liar, c map[string]any)
	at        map[string]http.HandlerFunc // endpoints that answer in their own way
	browser   string                      // the one that comes back, if another
	ask       openid.Ask
	party     func(*openid.PartySettings)
	twice     bool // the browser comes back a second time; the second is looked at
}

var rsaKeys = func() (out [2]*rsa.PrivateKey) {
	for i := range out {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		out[i] = k
	}
	return out
}()

func newLiar(t *testing.T, db *store.DB, what lie) *liar {
	l := &liar{key: rsaKeys[0], other: rsaKeys[1], db: db, used: map[string]bool{}, access: "the-access-token", kid: "k1", lie: what}
	mux := http.NewServeMux()
	for path, h := range map[string]http.HandlerFunc{
		"/.well-known/openid-configuration": l.discovery, "/token": l.token, "/userinfo": l.userinfo, "/keys": l.keys,
	} {
		if own := what.at[path]; own != nil {
			h = own
		}
		mux.HandleFunc(path, h)
	}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if l.down {
			status(503)(w, q)
			return
		}
		mux.ServeHTTP(w, q)
	}))
	t.Cleanup(l.Close)
	return l
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func (l *liar) discovery(w http.ResponseWriter, _ *http.Request) {
	d := map[string]any{"issuer": l.URL, "authorization_endpoint": l.URL + "/authorize", "token_endpoint": l.URL + "/token",
		"userinfo_endpoint": l.URL + "/userinfo", "jwks_uri": l.URL + "/keys", "end_session_endpoint": l.URL + "/end",
		"authorization_response_iss_parameter_supported": true}
	if l.lie.discovery != nil {
		l.lie.discovery(l, d)
	}
	reply(w, 200, d)
}

func (l *liar) keys(w http.ResponseWriter, _ *http.Request) {
	l.askedKeys++
	reply(w, 200, map[string]any{"keys": []any{
		map[string]any{"kty": "ODD", "kid": "of a kind to come"},
		jose.JSONWebKey{Key: &l.key.PublicKey, KeyID: l.kid, Algorithm: "RS256", Use: "sig"},
	}})
}

func (l *liar) token(w http.ResponseWriter, q *http.Request) {
	user, password, _ := q.BasicAuth()
	code := q.PostFormValue("code")
	switch {
	case user != "us" || password != url.QueryEscape("our secret+/"):
		reply(w, 401, map[string]any{"error": "invalid_client"})
		return
	case code != "the-code" || l.used[code] || q.PostFormValue("redirect_uri") != "https://us.test/back" ||
		openid.ChallengeOf(q.PostFormValue("code_verifier")) != l.asked.Get("code_challenge"):
		reply(w, 400, map[string]any{"error": "invalid_grant"})
		return
	}
	l.used[code] = true
	now := l.db.Now()
	c := map[string]any{"iss": l.URL, "sub": "somebody", "aud": "us", "nonce": l.asked.Get("nonce"), "iat": now.Unix(),
		"exp": now.Add(5 * time.Minute).Unix(), "auth_time": now.Add(-time.Minute).Unix(), "acr": "3", "amr": []string{"pwd"},
		"at_hash": openid.Half("RS256", l.access)}
	if l.lie.claims != nil {
		l.lie.claims(l, c)
	}
	payload, _ := json.Marshal(c)
	sign := l.lie.sign
	if sign == nil {
		sign = (*liar).honest
	}
	out := map[string]any{"access_token": l.access, "token_type": "bearer", "id_token": sign(l, payload)}
	if l.lie.tokens != nil {
		l.lie.tokens(l, out)
	}
	reply(w, 200, out)
}

func (l *liar) userinfo(w http.ResponseWriter, q *http.Request) {
	if q.Header.Get("Authorization") != "Bearer "+l.access {
		reply(w, 401, map[string]any{"error": "invalid_token"})
		return
	}
	c := map[string]any{"sub": "somebody", "name": "測試甲", "email": "p1@example.test", "pid": "A123456789", "acr": "9", "org": 12345678901234567}
	if l.lie.userinfo != nil {
		l.lie.userinfo(l, c)
	}
	reply(w, 200, c)
}

func sign(alg jose.SignatureAlgorithm, key any, kid string, payload []byte) string {
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, nil)
	if err != nil {
		panic(err)
	}
	jws, err := s.Sign(payload)
	if err != nil {
		panic(err)
	}
	out, _ := jws.CompactSerialize()
	return out
}

func (l *liar) honest(payload []byte) string { return sign(jose.RS256, l.key, l.kid, payload) }

const browserSecret = "the secret in the cookie of one browser"

// signIn has somebody sign in at the liar.
func (l *liar) signIn(t *testing.T, log *slog.Logger) (openid.Identity, error) {
	t.Helper()
	s := openid.PartySettings{Name: "liar", Says: say.T("測試身分網站", "the test site"), Issuer: l.URL, ClientID: "us", Secret: "our secret+/",
		Redirect: "https://us.test/back", Scopes: []string{"profile"}, Timeout: 5 * time.Second, Log: log,
		Names: openid.Names{"national_id": "pid", "organisation": "org"}}
	if l.lie.party != nil {
		l.lie.party(&s)
	}
	p, err := openid.NewParty(l.db, s)
	if err != nil {
		t.Fatal(err)
	}
	l.lie.ask.Next = "/next"
	to, err := p.AuthURL(context.Background(), browserSecret, l.lie.ask)
	if err != nil {
		return openid.Identity{}, err
	}
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	l.asked = u.Query()
	back := url.Values{"state": {l.asked.Get("state")}, "code": {"the-code"}, "iss": {l.URL}}
	if l.lie.answer != nil {
		l.lie.answer(l, back)
	}
	browser := browserSecret
	if l.lie.browser != "" {
		browser = l.lie.browser
	}
	id, err := p.Exchange(context.Background(), browser, back)
	if l.lie.twice {
		if err != nil {
			t.Fatal("the first return failed: ", err)
		}
		return p.Exchange(context.Background(), browser, back)
	}
	return id, err
}

func set(name string, value any) func(*liar, map[string]any) {
	return func(_ *liar, c map[string]any) { c[name] = value }
}

func without(name string) func(*liar, map[string]any) {
	return func(_ *liar, c map[string]any) { delete(c, name) }
}

// when sets a claim to a time so far from now.
func when(name string, d time.Duration) func(*liar, map[string]any) {
	return func(l *liar, c map[string]any) { c[name] = l.db.Now().Add(d).Unix() }
}

func answers(name, value string) func(*liar, url.Values) {
	return func(_ *liar, q url.Values) { q.Set(name, value) }
}

func at(path string, h http.HandlerFunc) map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{path: h}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { reply(w, code, map[string]any{"error": "server_error"}) }
}

func garbage(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprint(w, "<html>we are being repaired</html>")
}

// huge sends what never ends.
func huge(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprint(w, `{"access_token":"`)
	for {
		if _, err := fmt.Fprint(w, strings.Repeat("a", 1<<16)); err != nil {
			return
		}
	}
}

// slow answers when nobody waits any more.
func slow(_ http.ResponseWriter, q *http.Request) {
	q.Body.Close()
	<-q.Context().Done()
}

func elsewhere(w http.ResponseWriter, q *http.Request) {
	http.Redirect(w, q, "http://localhost:1/token", http.StatusTemporaryRedirect)
}

func impatient(s *openid.PartySettings) { s.Timeout = 300 * time.Millisecond }

// TestPartyBelievesNoLie: each lie is refused with a plain sentence, and the honest provider is believed.
func TestPartyBelievesNoLie(t *testing.T) {
	const untrue, again, away, stopped, old = "沒有通過查驗", "從登錄鈕重新開始", "暫時連不上；可以改用其他登錄方式", "取消了這次登錄", "剛剛才輸入"
	unsigned := func(alg string) func(*liar, []byte) string {
		return func(_ *liar, b []byte) string {
			e := base64.RawURLEncoding.EncodeToString
			return e([]byte(`{"alg":"`+alg+`","kid":"k1"}`)) + "." + e(b) + "."
		}
	}
	fresh := openid.Ask{MaxAge: 10 * time.Minute}
	for _, row := range []struct {
		name string
		kind fault.Kind // 0: believed
		says string
		why  string // what the operators read; "" where nobody was asked yet
		lie  lie
	}{
		{"honest", 0, "", "", lie{}},
		{"honest with clocks a little apart", 0, "", "", lie{claims: when("iat", 50*time.Second)}},
		{"honest and expired a moment ago", 0, "", "", lie{claims: when("exp", -50*time.Second)}},
		{"honest with two audiences and azp", 0, "", "", lie{claims: func(_ *liar, c map[string]any) { c["aud"], c["azp"] = []string{"us", "them"}, "us" }}},
		{"honest and signed in recently enough", 0, "", "", lie{ask: fresh}},
		{"honest without iss in the answer where none is announced", 0, "", "", lie{discovery: without("authorization_response_iss_parameter_supported"),
			answer: func(_ *liar, q url.Values) { q.Del("iss") }}},
		{"honest without userinfo", 0, "", "", lie{discovery: without("userinfo_endpoint"), claims: func(_ *liar, c map[string]any) {
			maps.Copy(c, map[string]any{"name": "測試甲", "email": "p1@example.test", "pid": "A123456789", "org": 12345678901234567})
		}}},

		{"issuer of another", fault.Forbidden, untrue, "iss: https://elsewhere.test", lie{claims: set("iss", "https://elsewhere.test")}},
		{"issuer with a slash more", fault.Forbidden, untrue, "iss:", lie{claims: func(l *liar, c map[string]any) { c["iss"] = l.URL + "/" }}},
		{"audience of another", fault.Forbidden, untrue, "aud: them", lie{claims: set("aud", "them")}},
		{"no audience", fault.Forbidden, untrue, "aud:", lie{claims: without("aud")}},
		{"azp of another", fault.Forbidden, untrue, "azp: them", lie{claims: set("azp", "them")}},
		{"two audiences without azp", fault.Forbidden, untrue, "azp:", lie{claims: set("aud", []string{"us", "them"})}},
		{"nonce of another", fault.Forbidden, untrue, "nonce: another", lie{claims: set("nonce", "another")}},
		{"no nonce", fault.Forbidden, untrue, "nonce:", lie{claims: without("nonce")}},
		{"signed with another key", fault.Forbidden, untrue, "another key", lie{sign: func(l *liar, b []byte) string { return sign(jose.RS256, l.other, "k1", b) }}},
		{"unknown kid", fault.Forbidden, untrue, "no such key", lie{sign: func(l *liar, b []byte) string { return sign(jose.RS256, l.other, "k2", b) }}},
		{"alg none", fault.Forbidden, untrue, "unexpected signature algorithm", lie{sign: unsigned("none")}},
		{"alg NONE", fault.Forbidden, untrue, "unexpected signature algorithm", lie{sign: unsigned("NONE")}},
		{"signature taken off", fault.Forbidden, untrue, "another key", lie{sign: unsigned("RS256")}},
		{"HS256 with the public key", fault.Forbidden, untrue, "unexpected signature algorithm", lie{sign: func(l *liar, b []byte) string {
			n, _ := json.Marshal(jose.JSONWebKey{Key: &l.key.PublicKey})
			return sign(jose.HS256, n, "k1", b)
		}}},
		{"HS256 with our secret", fault.Forbidden, untrue, "unexpected signature algorithm", lie{sign: func(_ *liar, b []byte) string {
			return sign(jose.HS256, []byte("our secret+/ and more, to be long enough"), "k1", b)
		}}},
		{"claims changed after signing", fault.Forbidden, untrue, "another key", lie{sign: func(l *liar, b []byte) string {
			part := strings.Split(l.honest(b), ".")
			part[1] = base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(b), "somebody", "somebodx", 1)))
			return strings.Join(part, ".")
		}}},
		{"ID token is no token", fault.Forbidden, untrue, "illegal base64", lie{tokens: set("id_token", "a.b.c")}},
		{"expired", fault.Forbidden, untrue, "exp:", lie{claims: when("exp", -2*time.Minute)}},
		{"no exp", fault.Forbidden, untrue, "exp:", lie{claims: without("exp")}},
		{"exp is a text", fault.Forbidden, untrue, "exp: tomorrow", lie{claims: set("exp", "tomorrow")}},
		{"not yet", fault.Forbidden, untrue, "nbf:", lie{claims: when("nbf", 2*time.Minute)}},
		{"made in the future", fault.Forbidden, untrue, "iat:", lie{claims: when("iat", 2*time.Minute)}},
		{"no iat", fault.Forbidden, untrue, "iat:", lie{claims: without("iat")}},
		{"no sub", fault.Forbidden, untrue, "sub:", lie{claims: without("sub")}},
		{"sub is a number", fault.Forbidden, untrue, "sub: 7", lie{claims: set("sub", 7)}},
		{"sub with a control character", fault.Forbidden, untrue, "sub:", lie{claims: set("sub", "some\x00body")}},
		{"sub of userinfo differs", fault.Forbidden, untrue, "userinfo", lie{userinfo: set("sub", "somebody else")}},
		{"userinfo without sub", fault.Forbidden, untrue, "userinfo", lie{userinfo: without("sub")}},
		{"at_hash of another token", fault.Forbidden, untrue, "at_hash:", lie{tokens: set("access_token", "another-access-token")}},
		{"auth_time missing though asked", fault.Forbidden, untrue, "auth_time:", lie{ask: fresh, claims: without("auth_time")}},
		{"auth_time too old", fault.Conflict, old, "too long ago", lie{ask: fresh, claims: when("auth_time", -12*time.Minute)}},
		{"no ID token", fault.Forbidden, untrue, "no ID token", lie{tokens: without("id_token")}},
		{"no access token", fault.Forbidden, untrue, "no ID token", lie{tokens: without("access_token")}},
		{"token type unknown", fault.Forbidden, untrue, "no bearer", lie{tokens: set("token_type", "mac")}},

		{"state missing", fault.Conflict, again, "", lie{answer: func(_ *liar, q url.Values) { q.Del("state") }}},
		{"state of another", fault.Conflict, again, "", lie{answer: answers("state", "another")}},
		{"state replayed", fault.Conflict, again, "", lie{twice: true}},
		{"state of another browser", fault.Conflict, again, "", lie{browser: "the secret in the cookie of another browser"}},
		{"browser without cookie", fault.Conflict, again, "", lie{browser: " "}},
		{"code replayed", fault.Conflict, again, "invalid_grant", lie{answer: func(l *liar, _ url.Values) { l.used["the-code"] = true }}},
		{"code of somebody else's sign-in", fault.Conflict, again, "invalid_grant", lie{answer: func(l *liar, _ url.Values) { l.asked.Set("code_challenge", "another") }}},
		{"code missing", fault.Forbidden, untrue, "no code", lie{answer: func(_ *liar, q url.Values) { q.Del("code") }}},
		{"mix-up: iss of another", fault.Forbidden, untrue, "elsewhere.test", lie{answer: answers("iss", "https://elsewhere.test")}},
		{"mix-up: iss missing though announced", fault.Forbidden, untrue, "iss", lie{answer: func(_ *liar, q url.Values) { q.Del("iss") }}},
		{"error=access_denied", fault.Forbidden, stopped, "access_denied", lie{answer: answers("error", "access_denied")}},
		{"error=login_required", fault.Forbidden, stopped, "login_required", lie{answer: answers("error", "login_required")}},
		{"error=temporarily_unavailable", fault.Unavailable, away, "temporarily_unavailable", lie{answer: answers("error", "temporarily_unavailable")}},
		{"error=<script>", fault.Unavailable, away, "script", lie{answer: answers("error", "<script>alert(1)</script>")}},

		{"discovery of another issuer", fault.Forbidden, untrue, "elsewhere.test", lie{discovery: set("issuer", "https://elsewhere.test")}},
		{"discovery with a token endpoint in the clear", fault.Forbidden, untrue, "endpoint", lie{discovery: set("token_endpoint", "http://elsewhere.test/token")}},
		{"discovery down", fault.Unavailable, away, "answers 503", lie{at: at("/.well-known/openid-configuration", status(503))}},
		{"discovery garbage", fault.Unavailable, away, "discovery", lie{at: at("/.well-known/openid-configuration", garbage)}},
		{"discovery slow", fault.Unavailable, away, "exceeded", lie{at: at("/.well-known/openid-configuration", slow), party: impatient}},
		{"keys down", fault.Unavailable, away, "answers 500", lie{at: at("/keys", status(500))}},
		{"keys garbage", fault.Unavailable, away, "act=keys", lie{at: at("/keys", garbage)}},
		{"no key at all", fault.Unavailable, away, "no key that", lie{at: at("/keys", func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, map[string]any{"keys": []any{}}) })}},
		{"token endpoint 500", fault.Unavailable, away, "server_error", lie{at: at("/token", status(500))}},
		{"token endpoint refuses us", fault.Unavailable, away, "invalid_client", lie{party: func(s *openid.PartySettings) { s.Secret = "wrong" }}},
		{"token endpoint slow", fault.Unavailable, away, "exceeded", lie{at: at("/token", slow), party: impatient}},
		{"token endpoint huge", fault.Unavailable, away, "too long", lie{at: at("/token", huge)}},
		{"token endpoint garbage", fault.Unavailable, away, "act=token", lie{at: at("/token", garbage)}},
		{"token endpoint sends us elsewhere", fault.Unavailable, away, "another address", lie{at: at("/token", elsewhere)}},
		{"token endpoint in the clear", fault.Forbidden, untrue, "192.0.2.1", lie{discovery: set("token_endpoint", "http://192.0.2.1/token")}},
		{"userinfo down", fault.Unavailable, away, "answers 500", lie{at: at("/userinfo", status(500))}},
		{"userinfo garbage", fault.Unavailable, away, "act=userinfo", lie{at: at("/userinfo", garbage)}},
		{"userinfo sends us elsewhere", fault.Unavailable, away, "another address", lie{at: at("/userinfo", elsewhere)}},
		{"userinfo refuses the token", fault.Unavailable, away, "answers 401", lie{at: at("/userinfo", status(401))}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			l := newLiar(t, storetest.SQLite(t), row.lie)
			var log bytes.Buffer
			id, err := l.signIn(t, slog.New(slog.NewTextHandler(&log, nil)))
			if row.kind == 0 {
				want := openid.Identity{Issuer: l.URL, Subject: "somebody", Name: "測試甲", Email: "p1@example.test", NationalID: "A123456789",
					Level: "3", Organisation: "12345678901234567", Next: "/next", AuthTime: id.AuthTime, IDToken: id.IDToken}
				if err != nil || fmt.Sprint(id) != fmt.Sprint(withMethods(want)) || id.AuthTime.IsZero() || id.IDToken == "" {
					t.Fatalf("%v\n got %+v\nwant %+v", err, id, withMethods(want))
				}
				return
			}
			f, ok := fault.As(err)
			if !ok || f.Kind != row.kind || !strings.Contains(f.Message.Zh, row.says) || f.Way == nil || f.Way.URL != "/" {
				t.Fatalf("believed or refused otherwise: %+v %v", id, err)
			}
			if !strings.Contains(log.String(), row.why) || row.why == "" && log.Len() > 0 {
				t.Errorf("refused for another reason: %s", log.String())
			}
			if id.Subject != "" || id.IDToken != "" {
				t.Errorf("refused, and yet something of it is handed on: %+v", id)
			}
		})
	}
}

func withMethods(id openid.Identity) openid.Identity {
	id.Methods = []string{"pwd"}
	return id
}
