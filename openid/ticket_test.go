package openid_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"cloudbm/fault"
	"cloudbm/openid"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

const honestCredential = `<?xml version="1.0" encoding="utf-8"?><Reply><Result>0</Result><Credential><Account>p1</Account>
	<Name>測試甲</Name><Email>p1@example.test</Email><ID>A123456789</ID><Level>3</Level></Credential></Reply>`

// TestTicketBelievesNoLie: the older style, with the words of one such site.
func TestTicketBelievesNoLie(t *testing.T) {
	const untrue, again, away, stopped = "沒有通過查驗", "從登錄鈕重新開始", "暫時連不上；可以改用其他登錄方式", "取消了這次登錄"
	text := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, q *http.Request) {
			if q.FormValue("SsoToken") != "the-token" || q.FormValue("SystemId") != "us" || q.FormValue("SystemKey") != "our key" || q.Method != "POST" {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}
	xml := func(body string) http.HandlerFunc { return text(200, "text/xml; charset=utf-8", body) }
	for _, row := range []struct {
		name    string
		kind    fault.Kind // 0: believed
		says    string
		answers http.HandlerFunc
		back    func(q url.Values)
		browser string
		twice   bool
	}{
		{name: "honest in XML", answers: xml(honestCredential)},
		{name: "honest in JSON", answers: text(200, "application/json", `{"Result":0,"Account":"p1","Name":"測試甲","Email":"p1@example.test","ID":"A123456789","Level":3}`)},
		{name: "JSON that calls itself text", answers: text(200, "text/plain", ` {"Result":"0","Account":"p1","Name":"測試甲","Email":"p1@example.test","ID":"A123456789","Level":"3"}`)},
		{"no token", fault.Forbidden, stopped, xml(honestCredential), func(q url.Values) { q.Del("SsoToken") }, "", false},
		{"token of another", fault.Conflict, again, xml(honestCredential), func(q url.Values) { q.Set("SsoToken", "guess") }, "", false},
		{"state missing", fault.Conflict, again, xml(honestCredential), func(q url.Values) { q.Del("begun") }, "", false},
		{"state of another", fault.Conflict, again, xml(honestCredential), func(q url.Values) { q.Set("begun", "guess") }, "", false},
		{"another browser", fault.Conflict, again, xml(honestCredential), nil, "the secret in the cookie of another browser", false},
		{"the way back twice", fault.Conflict, again, xml(honestCredential), nil, "", true},
		{"not a success", fault.Conflict, again, xml(strings.Replace(honestCredential, "<Result>0<", "<Result>9<", 1)), nil, "", false},
		{"no result at all", fault.Conflict, again, xml(strings.Replace(honestCredential, "<Result>0</Result>", "", 1)), nil, "", false},
		{"no account", fault.Forbidden, untrue, xml(strings.Replace(honestCredential, "<Account>p1</Account>", "", 1)), nil, "", false},
		{"an empty account", fault.Forbidden, untrue, xml(strings.Replace(honestCredential, "<Account>p1<", "<Account> <", 1)), nil, "", false},
		{"a field twice", fault.Unavailable, away, xml(strings.Replace(honestCredential, "<Name>測試甲", "<Account>p2</Account><Name>測試甲", 1)), nil, "", false},
		{"a document type", fault.Unavailable, away, xml(`<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r><Result>0</Result><Account>&e;</Account></r>`), nil, "", false},
		{"too deep", fault.Unavailable, away, xml(strings.Repeat("<a>", 50) + strings.Repeat("</a>", 50)), nil, "", false},
		{"not closed", fault.Unavailable, away, xml("<Reply><Result>0</Result><Account>p1</Account>"), nil, "", false},
		{"nothing", fault.Unavailable, away, xml(""), nil, "", false},
		{"a list", fault.Unavailable, away, text(200, "application/json", `["p1"]`), nil, "", false},
		{"null", fault.Unavailable, away, text(200, "application/json", `null`), nil, "", false},
		{"two objects", fault.Unavailable, away, text(200, "application/json", `{"Result":"0","Account":"p1"}{}`), nil, "", false},
		{"down", fault.Unavailable, away, text(500, "text/xml", honestCredential), nil, "", false},
		{"slow", fault.Unavailable, away, slow, nil, "", false},
		{"huge", fault.Unavailable, away, huge, nil, "", false},
		{"elsewhere", fault.Unavailable, away, elsewhere, nil, "", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			site := httptest.NewServer(row.answers)
			t.Cleanup(site.Close)
			d, err := openid.NewTicket(storetest.SQLite(t), openid.TicketSettings{
				Name: "old", Says: say.T("測試身分網站", "the test site"), Issuer: "https://old.test", SignIn: "https://old.test/portal/Clogin.aspx?x=1",
				Fixed: map[string]string{"ver": "Simple", "Level": "3"}, Back: "https://us.test/back?door=old", Token: "SsoToken", At: site.URL, Field: "SsoToken",
				Secrets: map[string]string{"SystemId": "us", "SystemKey": "our key"}, Success: map[string]string{"Result": "0"}, Timeout: 500 * time.Millisecond,
			})
			if err != nil {
				t.Fatal(err)
			}
			to, err := d.AuthURL(context.Background(), browserSecret, openid.Ask{Next: "/next"})
			if err != nil {
				t.Fatal(err)
			}
			u, _ := url.Parse(to)
			q := u.Query()
			ret, _ := url.Parse(q.Get("ReturnUrl"))
			if u.Path != "/portal/Clogin.aspx" || q.Get("ver") != "Simple" || q.Get("Level") != "3" || q.Get("x") != "1" || ret.Host != "us.test" || ret.Query().Get("door") != "old" {
				t.Fatal(to)
			}
			back := ret.Query()
			back.Set("SsoToken", "the-token")
			if row.back != nil {
				row.back(back)
			}
			browser := browserSecret
			if row.browser != "" {
				browser = row.browser
			}
			id, err := d.Exchange(context.Background(), browser, back)
			if row.twice && err == nil {
				id, err = d.Exchange(context.Background(), browser, back)
			}
			if row.kind == 0 {
				want := openid.Identity{Issuer: "https://old.test", Subject: "p1", Account: "p1", Name: "測試甲", Email: "p1@example.test", NationalID: "A123456789", Level: "3", Next: "/next"}
				if err != nil || fmt.Sprint(id) != fmt.Sprint(want) {
					t.Fatalf("%v\n got %+v\nwant %+v", err, id, want)
				}
				return
			}
			f, ok := fault.As(err)
			if !ok || f.Kind != row.kind || !strings.Contains(f.Message.Zh, row.says) || f.Way == nil || id.Subject != "" {
				t.Fatalf("believed or refused otherwise: %+v %v", id, err)
			}
		})
	}
}

// TestPartyWhileTheProviderChanges: new keys are found, and what is known is used while the provider is away.
func TestPartyWhileTheProviderChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var ahead time.Duration
		db.SetClock(func() time.Time { return time.Now().Add(ahead) })
		l := newLiar(t, db, lie{})
		p, err := openid.NewParty(db, openid.PartySettings{Name: "liar", Says: say.T("測試身分網站", "the test site"), Issuer: l.URL, ClientID: "us", Secret: "our secret+/", Redirect: "https://us.test/back"})
		if err != nil {
			t.Fatal(err)
		}
		in := func() error {
			to, err := p.AuthURL(context.Background(), browserSecret, openid.Ask{})
			if err != nil {
				return err
			}
			u, _ := url.Parse(to)
			l.asked, l.used = u.Query(), map[string]bool{}
			_, err = p.Exchange(context.Background(), browserSecret, url.Values{"state": {l.asked.Get("state")}, "code": {"the-code"}, "iss": {l.URL}})
			return err
		}
		if err := in(); err != nil {
			t.Fatal(err)
		}
		asked := l.askedKeys
		l.kid, l.key = "k2", l.other
		if err := in(); !fault.Is(err, fault.Forbidden) || l.askedKeys != asked {
			t.Fatalf("strangers' tokens have the keys fetched again and again: %v, %d", err, l.askedKeys-asked)
		}
		ahead += 11 * time.Second
		if err := in(); err != nil || l.askedKeys != asked+1 {
			t.Fatalf("a new key of the provider is not found: %v, %d", err, l.askedKeys-asked)
		}
		l.down = true
		ahead += 2 * time.Hour
		if _, err := p.AuthURL(context.Background(), browserSecret, openid.Ask{}); err != nil {
			t.Fatalf("what is known of the provider is forgotten: %v", err)
		}
		if err := in(); !fault.Is(err, fault.Unavailable) {
			t.Fatal(err)
		}
		l.down = false
		ahead += 11 * time.Second
		if err := in(); err != nil {
			t.Fatal(err)
		}
		if end, err := p.EndURL(context.Background(), "an ID token"); err != nil || !strings.HasPrefix(end, l.URL+"/end?") || !strings.Contains(end, "id_token_hint=an+ID+token") {
			t.Fatal(end, err)
		}
	})
}

// TestNothingOfASignInStaysInTheTable: what stands there helps nobody to finish it.
func TestNothingOfASignInStaysInTheTable(t *testing.T) {
	db := storetest.SQLite(t)
	l := newLiar(t, db, lie{})
	p, err := openid.NewParty(db, openid.PartySettings{Name: "liar", Issuer: l.URL, ClientID: "us", Redirect: "https://us.test/back"})
	if err != nil {
		t.Fatal(err)
	}
	to, err := p.AuthURL(context.Background(), browserSecret, openid.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(to)
	all := dump(t, db)
	for _, secret := range []string{u.Query().Get("state"), u.Query().Get("nonce"), browserSecret} {
		if secret == "" || strings.Contains(all, secret) {
			t.Errorf("%q is in the table", secret)
		}
	}
	if !strings.Contains(all, openid.Mark(browserSecret)) {
		t.Error("this test looks at the wrong rows")
	}
	if _, err := p.AuthURL(context.Background(), "short", openid.Ask{}); err == nil {
		t.Error("a secret that can be guessed was taken")
	}
}

func TestPartyNeedsSafeAddresses(t *testing.T) {
	db := storetest.SQLite(t)
	good := openid.PartySettings{Name: "p", Issuer: "https://issuer.test", ClientID: "us", Redirect: "https://us.test/back"}
	if _, err := openid.NewParty(db, good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*openid.PartySettings){
		"issuer in the clear": func(s *openid.PartySettings) { s.Issuer = "http://issuer.test" }, "no client": func(s *openid.PartySettings) { s.ClientID = "" },
		"redirect in the clear": func(s *openid.PartySettings) { s.Redirect = "http://us.test/back" }, "no name": func(s *openid.PartySettings) { s.Name = "" },
	} {
		s := good
		change(&s)
		if _, err := openid.NewParty(db, s); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if _, err := openid.NewTicket(db, openid.TicketSettings{Name: "t", Issuer: "i", SignIn: "https://old.test", Back: "https://us.test/back", At: "http://old.test"}); err == nil {
		t.Error("a token would be exchanged in the clear")
	}
}
