package egov_test

import (
	"net/url"
	"strings"
	"testing"
)

// TestOdd: whatever is sent to whichever door, no answer is an error of ours.
func TestOdd(t *testing.T) {
	p := open(t)
	member := p.in("test07")
	odd := []string{"", "0", "-1", "' OR 1=1 --", "\x00", "\xff\xfe", "<script>", strings.Repeat("長", 5000), "../../etc", "９９９", "a\nb"}
	fields := []string{"account", "password", "password-again", "name", "email", "email-again", "nickname", "question", "answer", "mobile", "captcha", "captcha-id",
		"do", "next", "agency", "title", "card", "member", "why", "request", "for", "card-text", "card-said", "ticket", "client_id", "client_secret", "ReturnUrl", "Level", "lang"}
	for _, door := range p.site.Routes() {
		if !strings.HasPrefix(door.Path, "/egov") || door.Raw {
			continue
		}
		for _, o := range odd {
			form := url.Values{}
			for _, f := range fields {
				form.Set(f, o)
			}
			path := strings.NewReplacer("{$}", "", "{secret}", url.PathEscape(o+"x"), "{id}", url.PathEscape(o+"x"), "{topic}", url.PathEscape(o+"x")).Replace(door.Path)
			got := member.Get(path + "?" + form.Encode()).Status
			if door.Method == "POST" {
				got = member.Post(path, form).Status
			}
			if got >= 500 {
				t.Errorf("%s with %.20q: %d", door.Pattern, o, got)
			}
		}
		if door.Path == "/egov/signout" {
			member = p.in("test07")
		}
	}
}

// TestEnglish: the pages of members and guests in English, without a sentence in Chinese alone.
func TestEnglish(t *testing.T) {
	p := open(t)
	for _, path := range []string{"/egov/?lang=en", "/egov/join", "/egov/password", "/egov/account", "/egov/card", "/egov/card?for=reset"} {
		c := p.visitor()
		c.Get("/egov/?lang=en")
		for _, tag := range []string{"button", "label", "h1", "h2", "h3", "summary"} {
			for _, n := range c.Get(path).Find("main " + tag) {
				if strings.ContainsFunc(n.Text(), func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }) {
					t.Errorf("%s says %s", path, n.Text())
				}
			}
		}
	}
	p.in("test01").Get("/egov/me?lang=en").WantStatus(200).Want("Member centre", "Card binding")
}
