package webtest

import (
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// Fill types values into the field with this label (or this name).
func (p *Page) Fill(label string, values ...string) *Page {
	p.t.Helper()
	n := p.field(label)
	if n == nil {
		p.t.Fatalf("%s has no field %q; it says:\n%s", p.URL, label, p.Text())
	}
	p.values[n] = values
	return p
}

// Choose takes the radio button, check box or option with this label (or name=value), inside the question if given.
func (p *Page) Choose(label string) *Page {
	p.t.Helper()
	for _, n := range p.Find("input") {
		if kind := n.Attr("type"); (kind == "radio" || kind == "checkbox") && (p.labelled(n.n, label) || n.Attr("name")+"="+n.Attr("value") == label) {
			if kind == "radio" {
				for _, o := range p.Find("input[type=radio]") {
					if o.Attr("name") == n.Attr("name") {
						p.values[o.n] = nil
					}
				}
			}
			p.values[n.n] = []string{value(n)}
			return p
		}
	}
	for _, s := range p.Find("select") {
		for _, o := range options(s.n) {
			if o.Text() == squeeze(label) || s.Attr("name")+"="+o.Attr("value") == label {
				p.values[s.n] = []string{o.Attr("value")}
				return p
			}
		}
	}
	p.t.Fatalf("%s offers no %q; it says:\n%s", p.URL, label, p.Text())
	return p
}

// Clear takes the choice of a check box back.
func (p *Page) Clear(label string) *Page {
	p.t.Helper()
	if n := p.field(label); n != nil {
		p.values[n] = nil
	}
	return p
}

// Submit presses the button with this text and sends its form.
func (p *Page) Submit(button string) *Page {
	p.t.Helper()
	for _, exact := range []bool{true, false} {
		for _, b := range p.Find("button") {
			if t := b.Text(); b.Attr("type") != "button" && (t == squeeze(button) || !exact && strings.Contains(t, squeeze(button))) {
				return p.send(b)
			}
		}
	}
	p.t.Fatalf("%s has no button %q; it says:\n%s", p.URL, button, p.Whole())
	return nil
}

func (p *Page) send(b Node) *Page {
	p.t.Helper()
	form := b.n
	for form != nil && form.Data != "form" {
		form = form.Parent
	}
	if id := b.Attr("form"); id != "" {
		form = p.One("#" + id).n
	}
	if form == nil {
		p.t.Fatalf("%s: the button %q stands in no form", p.URL, b.Text())
	}
	v := p.collect(form)
	if name := b.Attr("name"); name != "" {
		v.Add(name, b.Attr("value"))
	}
	to := attr(form, "action")
	if b.Has("formaction") {
		to = b.Attr("formaction")
	}
	to = p.resolve(to)
	if !strings.EqualFold(attr(form, "method"), "post") {
		u, _ := url.Parse(to)
		u.RawQuery = v.Encode()
		return p.c.Get(u.String())
	}
	if strings.HasPrefix(attr(form, "enctype"), "multipart/") {
		return p.c.Upload(to, v)
	}
	return p.c.Do(http.MethodPost, to, strings.NewReader(v.Encode()), http.Header{
		"Content-Type": {"application/x-www-form-urlencoded"}, "Referer": {Base + p.URL}})
}

// collect gathers what the form would send.
func (p *Page) collect(form *html.Node) url.Values {
	v := url.Values{}
	for n := range form.Descendants() {
		if n.Type != html.ElementNode || attr(n, "name") == "" || hasAttr(n, "disabled") {
			continue
		}
		typed, touched := p.values[n]
		var vals []string
		switch {
		case touched:
			vals = typed
		case n.Data == "textarea":
			vals = []string{strings.TrimPrefix(raw(n), "\n")}
		case n.Data == "select":
			vals = chosen(n)
		case n.Data == "input":
			vals = standing(Node{n})
		default:
			continue
		}
		for _, x := range vals {
			v.Add(attr(n, "name"), x)
		}
	}
	return v
}

func standing(n Node) []string {
	switch n.Attr("type") {
	case "radio", "checkbox":
		if !n.Has("checked") {
			return nil
		}
		return []string{value(n)}
	case "submit", "button", "file", "image", "reset":
		return nil
	}
	return []string{n.Attr("value")}
}

func value(n Node) string {
	if n.Has("value") {
		return n.Attr("value")
	}
	return "on"
}

func chosen(s *html.Node) []string {
	all := options(s)
	for _, o := range all {
		if o.Has("selected") {
			return []string{o.Attr("value")}
		}
	}
	if len(all) > 0 {
		return []string{all[0].Attr("value")}
	}
	return nil
}

func options(s *html.Node) (out []Node) {
	for n := range s.Descendants() {
		if n.Type == html.ElementNode && n.Data == "option" {
			out = append(out, Node{n})
		}
	}
	return out
}

func raw(n *html.Node) string {
	if n.FirstChild == nil {
		return ""
	}
	return n.FirstChild.Data
}

// field finds an input, a select or a textarea by its label or its name.
func (p *Page) field(label string) *html.Node {
	for _, tag := range []string{"input", "select", "textarea"} {
		for _, n := range p.Find(tag) {
			if n.Attr("type") != "hidden" && p.labelled(n.n, label) {
				return n.n
			}
		}
	}
	for _, tag := range []string{"input", "select", "textarea"} {
		for _, n := range p.Find(tag) {
			if n.Attr("name") == label {
				return n.n
			}
		}
	}
	return nil
}

// labelled reports whether the label of n says text, leaving aside the marks of 必填 and 選填.
func (p *Page) labelled(n *html.Node, text string) bool {
	id := attr(n, "id")
	if id == "" {
		return false
	}
	for _, l := range p.Find("label") {
		if l.Attr("for") != id {
			continue
		}
		t := l.Text()
		for _, mark := range []string{"（必填）", "（選填）", "(required)", "(optional)", "*"} {
			t = squeeze(strings.ReplaceAll(t, mark, ""))
		}
		if t == squeeze(text) {
			return true
		}
	}
	return false
}
