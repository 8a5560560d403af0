package webtest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Page is an answer as the visitor sees it.
type Page struct {
	Status int
	Header http.Header
	Body   []byte
	URL    string // path and query, after redirects

	c      *Client
	t      testing.TB
	root   *html.Node
	values map[*html.Node][]string // what the visitor typed or chose
}

// Title is the text of <title>.
func (p *Page) Title() string {
	if t := p.Find("title"); len(t) > 0 {
		return t[0].Text()
	}
	return ""
}

// Text is everything there is to read in the page's main part (the whole page if it has none).
func (p *Page) Text() string {
	if m := p.Find("main"); len(m) > 0 {
		return m[0].Text()
	}
	if p.root == nil {
		return string(p.Body)
	}
	return Node{p.root}.Text()
}

// Whole is everything there is to read, menus and footer too.
func (p *Page) Whole() string {
	if p.root == nil {
		return string(p.Body)
	}
	return Node{p.root}.Text()
}

// Has reports whether text can be read anywhere on the page.
func (p *Page) Has(text string) bool { return strings.Contains(p.Whole(), squeeze(text)) }

// Want fails the test unless every text can be read on the page.
func (p *Page) Want(texts ...string) *Page {
	p.t.Helper()
	for _, s := range texts {
		if !p.Has(s) {
			p.t.Errorf("%s (%d) does not say %q; it says:\n%s", p.URL, p.Status, s, p.Text())
		}
	}
	return p
}

// WantStatus fails the test unless the page came with this status.
func (p *Page) WantStatus(code int) *Page {
	p.t.Helper()
	if p.Status != code {
		p.t.Errorf("%s: status %d, want %d; it says:\n%s", p.URL, p.Status, code, p.Text())
	}
	return p
}

// Node is an element of a page.
type Node struct{ n *html.Node }

// Attr is the value of an attribute, or "".
func (n Node) Attr(name string) string { return attr(n.n, name) }

// Has reports whether the element has the attribute.
func (n Node) Has(name string) bool { return hasAttr(n.n, name) }

// Tag is the name of the element.
func (n Node) Tag() string { return n.n.Data }

// Text is what there is to read in the element, with single spaces.
func (n Node) Text() string {
	var b strings.Builder
	read(n.n, &b)
	return squeeze(b.String())
}

// HTML is the element as text.
func (n Node) HTML() string {
	var b strings.Builder
	_ = html.Render(&b, n.n)
	return b.String()
}

func read(n *html.Node, b *strings.Builder) {
	switch {
	case n.Type == html.TextNode:
		b.WriteString(n.Data)
	case n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style" || n.Data == "template"):
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		read(c, b)
	}
	if n.Type == html.ElementNode && !inline[n.Data] {
		b.WriteByte(' ')
	}
}

var inline = map[string]bool{"a": true, "span": true, "strong": true, "b": true, "em": true, "i": true, "code": true, "abbr": true}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// Find lists the elements that a small selector names: tag, #id, .class, [attr], [attr=value], put together
// ("input[name=q].big") and one inside the other ("form .govuk-error-message").
func (p *Page) Find(selector string) []Node {
	if p.root == nil {
		return nil
	}
	at := []*html.Node{p.root}
	for _, step := range strings.Fields(selector) {
		var next []*html.Node
		seen := map[*html.Node]bool{}
		for _, from := range at {
			for n := range from.Descendants() {
				if n.Type == html.ElementNode && !seen[n] && matches(n, step) {
					seen[n] = true
					next = append(next, n)
				}
			}
		}
		at = next
	}
	out := make([]Node, len(at))
	for i, n := range at {
		out[i] = Node{n}
	}
	return out
}

// One is the only element that selector names.
func (p *Page) One(selector string) Node {
	p.t.Helper()
	found := p.Find(selector)
	if len(found) != 1 {
		p.t.Fatalf("%s: %d elements are %q, want one; the page says:\n%s", p.URL, len(found), selector, p.Text())
	}
	return found[0]
}

func matches(n *html.Node, step string) bool {
	for step != "" {
		end := len(step)
		if step[0] == '[' {
			end = strings.IndexByte(step, ']') + 1
		} else if i := strings.IndexAny(step[1:], ".#["); i >= 0 {
			end = i + 1
		}
		part := step[:end]
		step = step[end:]
		switch part[0] {
		case '#':
			if attr(n, "id") != part[1:] {
				return false
			}
		case '.':
			if !contains(strings.Fields(attr(n, "class")), part[1:]) {
				return false
			}
		case '[':
			name, value, given := strings.Cut(strings.Trim(part, "[]"), "=")
			if !hasAttr(n, name) || given && attr(n, name) != strings.Trim(value, `"'`) {
				return false
			}
		default:
			if n.Data != part {
				return false
			}
		}
	}
	return true
}

func contains(all []string, s string) bool {
	for _, a := range all {
		if a == s {
			return true
		}
	}
	return false
}

// Follow opens the link with this text.
func (p *Page) Follow(text string) *Page {
	p.t.Helper()
	for _, a := range p.Find("a[href]") {
		if a.Text() == squeeze(text) {
			return p.c.Get(p.resolve(a.Attr("href")))
		}
	}
	for _, a := range p.Find("a[href]") {
		if strings.Contains(a.Text(), squeeze(text)) {
			return p.c.Get(p.resolve(a.Attr("href")))
		}
	}
	p.t.Fatalf("%s has no link %q; it says:\n%s", p.URL, text, p.Whole())
	return nil
}

func (p *Page) resolve(to string) string {
	at, err := url.Parse(Base + p.URL)
	if err != nil {
		p.t.Fatal(err)
	}
	u, err := at.Parse(to)
	if err != nil {
		p.t.Fatal(err)
	}
	return u.String()
}
