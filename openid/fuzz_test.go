package openid_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"cloudbm/openid"
	"cloudbm/store/storetest"
)

// FuzzEndpoints: whatever is sent to whichever endpoint, the answer is one of the protocol or a page, never a failure of
// ours, and nothing is let in.
func FuzzEndpoints(f *testing.F) {
	h := newHouse(f, storetest.SQLite(f))
	endpoints := []string{"authorize", "token", "userinfo", "keys", "end_session", "revoke", "introspect", ".well-known/openid-configuration"}
	for i := range endpoints {
		for _, q := range []string{asks().Encode(), exchange("x").Encode(), "id_token_hint=a.b.c", "%zz", "a=1;b=2", "=", "state=%00", "client_id=app&client_secret=\xff", "max_age=99999999999999999999", "prompt=none+login"} {
			f.Add(uint8(i), true, q, "Basic YXBwOng=")
			f.Add(uint8(i), false, q, "Bearer x")
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, post bool, form, authorization string) {
		to := h.issuer + "/" + endpoints[int(which)%len(endpoints)]
		q := httptest.NewRequest(http.MethodGet, to, nil)
		if q.URL.RawQuery = form; post {
			q = httptest.NewRequest(http.MethodPost, to, strings.NewReader(form))
			q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		q.Header.Set("Authorization", authorization)
		w := httptest.NewRecorder()
		h.handler.ServeHTTP(w, q)
		if w.Code >= 500 {
			t.Errorf("%s answers %d: %.300s", to, w.Code, w.Body)
		}
		if strings.Contains(w.Body.String(), `"access_token"`) || strings.Contains(w.Body.String(), "測試甲") {
			t.Errorf("%s let somebody in: %.300s", to, w.Body)
		}
	})
}

// FuzzCredential: what the older style brings back is read or refused, and says nothing twice.
func FuzzCredential(f *testing.F) {
	f.Add(honestCredential)
	f.Add(`{"Account":"p1"}`)
	f.Add(`<a><b>1</b><c/>2</a>`)
	f.Add(`<a xmlns:x="y"><x:b>1</x:b><b>2</b></a>`)
	f.Add(`<!DOCTYPE a><a>1</a>`)
	f.Fuzz(func(t *testing.T, body string) {
		if fields, err := openid.Credential(body); err == nil && fields == nil {
			t.Error("neither read nor refused")
		}
	})
}

// FuzzIDToken: nobody without the key makes an ID token that is read.
func FuzzIDToken(f *testing.F) {
	keys := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &rsaKeys[0].PublicKey, KeyID: "k1"}}}
	honest := sign(jose.RS256, rsaKeys[0], "k1", []byte(`{"sub":"somebody"}`))
	if _, _, err := openid.Read(honest, keys); err != nil {
		f.Fatal(err)
	}
	f.Add(honest[1:])
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Add(strings.Replace(honest, ".", "..", 1))
	f.Fuzz(func(t *testing.T, token string) {
		if _, _, err := openid.Read(token, keys); err == nil && token != honest {
			t.Errorf("%q was read", token)
		}
	})
}
