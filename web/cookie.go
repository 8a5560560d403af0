package web

import (
	"encoding/base64"
	"encoding/json"
	"net/http"

	"cloudbm/say"
)

const (
	flashName = "flash"
	langName  = "lang"
	year      = 365 * 24 * 3600
)

// cookie sets a cookie of the hall for age seconds; a negative age takes it away.
func (r *Request) cookie(name, value string, age int) {
	setCookie(r.Site, r.W, r.Request, name, value, age)
}

func setCookie(s *Site, w http.ResponseWriter, q *http.Request, name, value string, age int) {
	http.SetCookie(w, &http.Cookie{
		Name: s.CookieName(name), Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: s.Production || q.TLS != nil, SameSite: http.SameSiteLaxMode,
	})
}

// CookieName is the name a cookie of this site goes by: in production it is bound to the host (__Host-).
func (s *Site) CookieName(name string) string {
	if s.Production {
		return "__Host-" + name
	}
	return name
}

// Flash has t shown once, on the next page.
func (r *Request) Flash(t say.Text) {
	if r.Autosave() {
		return
	}
	t.Zh, t.En = short(t.Zh, 240), short(t.En, 360)
	b, _ := json.Marshal(t)
	r.cookie(flashName, base64.RawURLEncoding.EncodeToString(b), 600)
}

// flash is what was left to be shown.
func (r *Request) flash() (t say.Text) {
	c, err := r.Cookie(r.Site.CookieName(flashName))
	if err != nil {
		return t
	}
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || json.Unmarshal(b, &t) != nil {
		return say.Text{}
	}
	return say.T(short(clean(t.Zh), 240), short(clean(t.En), 360))
}

// short cuts s after n characters.
func short(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// chooseLanguage is the language asked for in the address (and then remembered), else the remembered one, else Chinese.
func chooseLanguage(s *Site, w http.ResponseWriter, q *http.Request) say.Lang {
	switch q.URL.Query().Get("lang") {
	case "en":
		setCookie(s, w, q, langName, "en", year)
		return say.En
	case "zh":
		setCookie(s, w, q, langName, "zh", year)
		return say.Zh
	}
	if c, err := q.Cookie(s.CookieName(langName)); err == nil && c.Value == "en" {
		return say.En
	}
	return say.Zh
}
