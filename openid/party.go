package openid

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/store"
)

// Identity is what a provider of others says about who is at the browser, whichever way it was asked.
type Identity struct {
	Issuer, Subject string // together they are one person for ever
	Account         string
	Name            string
	Email           string // empty if the provider says it was not verified
	NationalID      string
	Organisation    string
	Level           string    // of assurance, as the provider counts
	Methods         []string  // by which the person signed in
	AuthTime        time.Time // zero if the provider does not say
	IDToken         string    // for EndURL
	Next            string    // what AuthURL was told
}

// Names are our names of claims with those of a provider.
type Names map[string]string

// UsualNames are the claims of OpenID Connect itself; settings change single ones.
var UsualNames = Names{"subject": "sub", "account": "preferred_username", "name": "name", "email": "email", "national_id": "national_id",
	"level": "acr", "organisation": "organisation"}

// over are these names with those of the usual ones that they leave open.
func (n Names) over(usual Names) Names {
	out := Names{}
	for ours, theirs := range usual {
		if out[ours] = theirs; n[ours] != "" {
			out[ours] = n[ours]
		}
	}
	return out
}

// identity reads claims by their names.
func (n Names) identity(issuer string, claims map[string]any) Identity {
	id := Identity{Issuer: issuer, Subject: text(claims, n["subject"]), Account: text(claims, n["account"]), Name: text(claims, n["name"]),
		Email: text(claims, n["email"]), NationalID: text(claims, n["national_id"]), Level: text(claims, n["level"]),
		Organisation: text(claims, n["organisation"]), Methods: texts(claims["amr"])}
	if verified, said := claims["email_verified"]; said && verified != true && verified != "true" {
		id.Email = ""
	}
	if at, ok := number(claims, "auth_time"); ok {
		id.AuthTime = at
	}
	return id
}

// text is a claim as clean text; what is none is empty.
func text(claims map[string]any, name string) string {
	switch v := claims[name].(type) {
	case string:
		if readable(v) && len(v) <= 1000 {
			return strings.TrimSpace(v)
		}
	case json.Number:
		return v.String()
	}
	return ""
}

// texts is a claim that is one text or a list of them.
func texts(v any) (out []string) {
	switch v := v.(type) {
	case string:
		out = append(out, v)
	case []any:
		for _, e := range v {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
	}
	return out
}

// number is a claim that is a time.
func number(claims map[string]any, name string) (time.Time, bool) {
	v, ok := claims[name].(json.Number)
	if !ok {
		return time.Time{}, false
	}
	seconds, err := v.Float64()
	if err != nil || seconds < 0 || seconds > 1<<40 {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), 0).UTC(), true
}

// object reads a JSON object, its numbers as they were written.
func object(b []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var out map[string]any
	if err := d.Decode(&out); err != nil {
		return nil, err
	}
	if out == nil || d.More() {
		return nil, errors.New("no JSON object")
	}
	return out, nil
}

// PartySettings are how we are known to a provider of others.
type PartySettings struct {
	Name     string // stands in the rows and in the cookie: "egov"
	Says     say.Text
	Issuer   string
	ClientID string
	Secret   string // of the client; "" for one without
	Redirect string // our page that Finish is called on, as registered there
	Bye      string // our page after signing out there, as registered; may be ""
	Scopes   []string
	Levels   []string // acr_values to ask for
	Names    Names
	Timeout  time.Duration // of one answer of the provider; 10 s if zero
	Log      *slog.Logger  // why a sign-in failed; nil keeps it
}

// Ask is what one sign-in wants.
type Ask struct {
	Next      string        // handed back in the Identity
	MaxAge    time.Duration // the person has to have signed in there at most so long ago; zero: whenever
	Prompt    string        // login, none, select_account …
	LoginHint string
	Locale    string
}

// begun is a sign-in on its way. Its nonce and its verifier are made of the state and the secret in the cookie, so that
// neither stands in a table and both belong to one browser.
type begun struct {
	mark, party, browser, next string
	maxAge                     int64 // seconds; -1: none
	nonce, verifier            string
}

const begunLife = 30 * time.Minute

func newBegun(party, state, browser string) begun {
	from := func(what string) string {
		sum := sha256.Sum256([]byte("openid " + what + "\n" + state + "\n" + browser))
		return base64.RawURLEncoding.EncodeToString(sum[:])
	}
	return begun{mark: Mark(state), party: party, browser: Mark(browser), maxAge: -1, nonce: from("nonce"), verifier: from("verifier")}
}

// The refusals of a sign-in elsewhere, with the name of where.
type refusals struct{ where say.Text }

func (r refusals) say(k fault.Kind, t say.Text) *fault.Fault {
	return fault.Say(k, t).To("看其他登錄方式", "See the other ways to sign in", "/")
}

// again is for a sign-in that cannot be finished and may be begun anew.
func (r refusals) again() *fault.Fault {
	return r.say(fault.Conflict, say.F("從登錄鈕重新開始；這次經由%s的登錄已經用過或逾時", "Start again from the sign-in button. This sign-in through %s has been used or is too old", r.where))
}

// stopped is for a person who changed their mind.
func (r refusals) stopped() *fault.Fault {
	return r.say(fault.Forbidden, say.F("要登錄時再按一次登錄鈕；您在%s取消了這次登錄", "Use the sign-in button again when you want to sign in. You stopped this sign-in at %s", r.where))
}

// untrue is for an answer that does not stand up to being looked at.
func (r refusals) untrue() *fault.Fault {
	return r.say(fault.Forbidden, say.F("改用其他登錄方式；%s的答覆沒有通過查驗，所以沒有登錄", "Use another way to sign in. The answer of %s did not pass our checks, so you are not signed in", r.where))
}

// old is for a sign-in there that is not fresh enough.
func (r refusals) old() *fault.Fault {
	return r.say(fault.Conflict, say.F("在%s登出，再從登錄鈕重新開始；這裡需要剛剛才輸入的登錄", "Sign out at %s and start again from the sign-in button. A sign-in made just now is needed here", r.where))
}

// away is for a provider that cannot be reached, or answers what nobody can use.
func (r refusals) away() *fault.Fault {
	return r.say(fault.Unavailable, say.F("%s暫時連不上；可以改用其他登錄方式", "%s cannot be reached at the moment. You can use another way to sign in", r.where))
}

// address adds the parameters to the address of an endpoint.
func address(endpoint string, more url.Values) (string, error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return "", err
	}
	q := u.Query()
	for name, values := range more {
		if len(values) > 0 && values[0] != "" {
			q.Set(name, values[0])
		}
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// weak reports whether a cookie's secret could be guessed.
func weak(browser string) bool { return len(browser) < len(store.NewID()) }
