package story

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cloudbm/web/webtest"
)

// walkers are the people who between them see every page.
var walkers = []string{"nobody", "測試甲", "測試丙", "測試丁", "測試辛", "測試壬", "測試寅", "測試卯"}

// TestCrawl follows every link that each of the people is shown, in both languages. A link leads to a page that this
// person may see; a page has one heading of the first order, a title, and no id twice.
func TestCrawl(t *testing.T) {
	s := serve(t, t.TempDir(), "", "demo")
	t.Run("all", func(t *testing.T) {
		for _, who := range walkers {
			for _, lang := range []string{"zh", "en"} {
				t.Run(who+" "+lang, func(t *testing.T) {
					t.Parallel()
					seen := crawl(t, s, who, lang)
					t.Logf("%d kinds of page", len(seen))
					if len(seen) < 5 {
						t.Errorf("only %d pages found: %v", len(seen), seen)
					}
				})
			}
		}
	})
}

// crawl opens the pages that somebody comes to by links, at most three of a kind, and answers one address of each kind.
func crawl(t *testing.T, s *server, who, lang string) []string {
	x := &teller{t: t, s: s, all: map[string]*visitor{}}
	x.as(who)
	me := x.now.Client
	me.Get("/?lang=" + lang)
	starts := []string{"/", "/home", "/bls", "/desk", "/admin", "/CPTL/", "/register", "/sitemap"}
	if who == "nobody" {
		starts = []string{"/", "/CPTL/", "/register", "/sitemap", "/egov/", "/egov/join?as=member"}
	}
	type door struct{ to, from string }
	var queue []door
	for _, p := range starts {
		queue = append(queue, door{p, ""})
	}
	asked, visits := map[string]bool{}, map[string]int{}
	var found []string
	for len(queue) > 0 && len(asked) < 600 {
		d := queue[0]
		queue = queue[1:]
		if asked[d.to] || visits[pattern(d.to)] >= 3 {
			continue
		}
		asked[d.to] = true
		if strings.HasPrefix(d.to, "/doors/egov") {
			continue // leads to another site, whose pages have starts of their own
		}
		p := me.Get(d.to)
		if d.from == "" && p.Status >= 400 {
			continue // not everybody may start everywhere
		}
		if p.Status >= 400 {
			t.Errorf("on %s %s %s finds a link to %s, which answers %d: %.200s", d.from, who, lang, d.to, p.Status, p.Text())
			continue
		}
		if !strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			continue
		}
		if visits[pattern(d.to)]++; visits[pattern(d.to)] == 1 {
			found = append(found, d.to)
			plain(t, p)
			if lang == "en" {
				english(t, p)
			}
		}
		for _, to := range links(p) {
			queue = append(queue, door{to, d.to})
		}
	}
	return found
}

var changing = regexp.MustCompile(`^[0-9a-hjkmnp-tv-z]{26}$|^[0-9a-f]{16,}$|^[0-9]+$`)

// pattern is an address without what differs between cases, people and sheets.
func pattern(at string) string {
	u, err := url.Parse(at)
	if err != nil {
		return at
	}
	parts := strings.Split(u.Path, "/")
	for i, p := range parts {
		if changing.MatchString(p) {
			parts[i] = "…"
		}
		if i > 0 && slices.Contains([]string{"form", "print", "drawings", "help", "news", "attachments"}, parts[i-1]) {
			parts[i] = "…"
		}
	}
	keys := make([]string, 0, len(u.Query()))
	for k := range u.Query() {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return strings.Join(parts, "/") + "?" + strings.Join(keys, "&")
}

// links are the pages of this house that p leads to.
func links(p *webtest.Page) []string {
	base, err := url.Parse(webtest.Base + p.URL)
	if err != nil {
		return nil
	}
	var out []string
	for _, a := range p.Find("a[href]") {
		u, err := base.Parse(a.Attr("href"))
		if err != nil || u.Scheme+"://"+u.Host != webtest.Base || strings.Contains(u.RawQuery, "lang=") {
			continue
		}
		u.Fragment = ""
		out = append(out, u.RequestURI())
	}
	return out
}

// plain looks at what every page owes its readers.
func plain(t *testing.T, p *webtest.Page) {
	t.Helper()
	if n := len(p.Find("h1")); n != 1 {
		t.Errorf("%s has %d first headings", p.URL, n)
	}
	if p.Title() == "" {
		t.Errorf("%s has no title", p.URL)
	}
	ids := map[string]bool{}
	for _, n := range p.Find("[id]") {
		if id := n.Attr("id"); ids[id] {
			t.Errorf("%s has the id %q twice", p.URL, id)
		} else {
			ids[id] = true
		}
	}
	for _, a := range p.Find("a[href]") {
		if to, ok := strings.CutPrefix(a.Attr("href"), "#"); ok && to != "" && !ids[to] {
			t.Errorf("%s leads to #%s, which is not on it", p.URL, to)
		}
	}
	for _, bad := range []string{"%!", "<nil>", "ZgotmplZ", "about:invalid#Templ"} {
		if strings.Contains(string(p.Body), bad) {
			t.Errorf("%s says %q", p.URL, bad)
		}
	}
	if p.Status != http.StatusOK {
		t.Errorf("%s came with %d", p.URL, p.Status)
	}
}

// english looks for words of the house that are in Chinese alone: not names of people, and a legal name has its gloss.
func english(t *testing.T, p *webtest.Page) {
	t.Helper()
	if at := p.One("html").Attr("lang"); at != "en" {
		t.Errorf("%s is in %s", p.URL, at)
	}
	for _, tag := range []string{"button", "label", "legend", "th", "dt", "h2", "h3"} {
		for _, n := range p.Find(tag) {
			if s := n.Text(); han(s) && !latin(s) && !strings.HasPrefix(n.Attr("lang"), "zh") {
				t.Errorf("%s has %s in Chinese alone: %s", p.URL, tag, s)
			}
		}
	}
}
