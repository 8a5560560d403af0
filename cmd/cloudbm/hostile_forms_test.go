package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"cloudbm/accounts"
	"cloudbm/catalog"
	"cloudbm/roles"
)

// nothingTypedIsLost fills every form with what cannot be read, and looks for it where it was typed: on the page
// that says what is wrong, or, when the page was saved all the same, on the page as it is opened again.
func nothingTypedIsLost(b *besieged) {
	draft := b.draft("p1@example.test")
	bls := "/bls/cases/" + draft
	pages := map[string][]string{
		"":                   {"/signin", "/password", "/help/question", "/mailbox"},
		"p1@example.test":    {"/bls/profile", "/me", bls + "/team", bls + "/withdrawal", "/bls/cases/new"},
		"p9@example.test":    {},
		"admin@example.test": {"/desk/settings", "/admin/news/new", "/admin/downloads/new", "/admin/invite", "/admin/authorities/" + roles.Tainan},
	}
	for _, s := range catalog.Building.Form {
		pages["p1@example.test"] = append(pages["p1@example.test"], bls+"/form/"+s.Key)
	}
	for _, id := range b.filed() {
		pages["p9@example.test"] = append(pages["p9@example.test"], "/desk/cases/"+id)
	}
	fields, forms := 0, 0
	for _, who := range visitors {
		cookie := b.key(who)
		for _, p := range pages[who] {
			n, m := b.typeOn(who, cookie, p)
			fields, forms = fields+n, forms+m
		}
	}
	b.t.Logf("%d fields of %d forms", fields, forms)
	if forms < 20 || fields < 100 {
		b.t.Error("too few forms were found: this test says nothing")
	}
}

// typeOn fills and sends every form of a page, each on a page opened afresh.
func (b *besieged) typeOn(who, cookie, path string) (fields, forms int) {
	open := func() *html.Node {
		a := b.send(request{method: http.MethodGet, path: path, cookie: cookie})
		if a.Code != http.StatusOK {
			b.t.Errorf("GET %s as %q: %d", path, who, a.Code)
			return nil
		}
		return parsed(b.t, a)
	}
	page := open()
	if page == nil {
		return 0, 0
	}
	for _, f := range formsOf(page) {
		v, typed := f.fill()
		if len(typed) == 0 || strings.HasPrefix(f.enctype, "multipart/") {
			continue
		}
		forms, fields = forms+1, fields+len(typed)
		q := request{method: http.MethodPost, path: f.action, kind: "application/x-www-form-urlencoded", body: []byte(v.Encode()), cookie: cookie}
		a := b.send(q)
		b.hold(who, "what cannot be read in the form of "+path, q, a)
		again := page
		switch {
		case a.Code == http.StatusSeeOther && strings.HasPrefix(f.action, "/bls/cases/") && strings.Contains(f.action, "/form/"):
			again = open() // saved as it was typed
		case a.Code == http.StatusSeeOther || a.Code == http.StatusTooManyRequests:
			continue // it was taken as it is
		default:
			again = parsed(b.t, a)
		}
		for name, value := range typed {
			if !stands(again, name, value) {
				b.t.Errorf("POST %s as %q, from %s: %d, and %q, typed as %s, is gone", f.action, who, path, a.Code, value, name)
			}
		}
	}
	return fields, forms
}

func parsed(t *testing.T, a *httptest.ResponseRecorder) *html.Node {
	root, err := html.Parse(bytes.NewReader(a.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// form is a form of a page that is sent by POST.
type form struct {
	action, enctype string
	inputs          []*html.Node
	button          *html.Node
}

func formsOf(root *html.Node) (out []form) {
	for n := range root.Descendants() {
		if n.Data != "form" || !strings.EqualFold(attribute(n, "method"), "post") || strings.Contains(attribute(n, "action"), "/session/") {
			continue
		}
		f := form{action: attribute(n, "action"), enctype: attribute(n, "enctype")}
		for x := range n.Descendants() {
			switch x.Data {
			case "input", "textarea", "select":
				f.inputs = append(f.inputs, x)
			case "button":
				if f.button == nil && attribute(x, "formaction") == "" && attribute(x, "type") != "button" {
					f.button = x
				}
			}
		}
		out = append(out, f)
	}
	return out
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// fill types into everything a person types into, and leaves the rest as it stands.
func (f form) fill() (v url.Values, typed map[string]string) {
	v, typed = url.Values{}, map[string]string{}
	for i, n := range f.inputs {
		name, kind := attribute(n, "name"), attribute(n, "type")
		switch {
		case name == "" || has(n, "disabled") || has(n, "readonly") || kind == "submit" || kind == "file":
		case kind == "hidden":
			v.Add(name, attribute(n, "value"))
		case kind == "radio" || kind == "checkbox":
			if has(n, "checked") {
				v.Add(name, attribute(n, "value"))
			}
		case n.Data == "select":
			v.Add(name, "沒有這個選項")
		case kind == "password":
			v.Add(name, "wrong password 一二三")
		default:
			text := fmt.Sprintf("第%d個𠮷😀<b>&\"'", i)
			if n.Data == "textarea" {
				text += "\n第二行"
			}
			v.Set(name, text)
			typed[name] = text
		}
	}
	if f.button != nil && attribute(f.button, "name") != "" {
		v.Set(attribute(f.button, "name"), attribute(f.button, "value"))
	}
	return v, typed
}

// stands reports whether a field of the page has this value.
func stands(root *html.Node, name, value string) bool {
	for n := range root.Descendants() {
		if attribute(n, "name") != name {
			continue
		}
		have := attribute(n, "value")
		if n.Data == "textarea" && n.FirstChild != nil {
			have = strings.TrimPrefix(n.FirstChild.Data, "\n")
		}
		if strings.ReplaceAll(have, "\r\n", "\n") == value {
			return true
		}
	}
	return false
}

// oddBrowsers: what a browser says of itself is kept with its session, whatever it is.
func oddBrowsers(b *besieged) {
	for what, s := range odd {
		s = strings.Map(func(c rune) rune { // a server of HTTP does not let these through
			if c < ' ' {
				return -1
			}
			return c
		}, s)
		v := url.Values{"email": {"p4@example.test"}, "password": {accounts.DemoPassword}}
		q := request{method: http.MethodPost, path: "/signin", kind: "application/x-www-form-urlencoded", body: []byte(v.Encode()), header: http.Header{
			"User-Agent": {s}, "Accept-Language": {s}, "Referer": {s}, "X-Forwarded-For": {s}, "Accept": {s}, "Cookie": {"session=" + s + "; device=" + s + "; lang=" + s}}}
		a := b.send(q)
		b.hold("", what+" in every header", q, a)
		if a.Code != http.StatusSeeOther {
			b.t.Errorf("%s in every header: signing in is answered with %d", what, a.Code)
		}
		q = request{method: http.MethodGet, path: "/me/devices", cookie: b.key("p4@example.test")}
		b.hold("p4", "the devices after "+what, q, b.send(q))
	}
}
