// Package webtest is a visitor for tests: it opens pages of a site in the same process, keeps cookies, fills in forms by
// the words of their labels and presses buttons by theirs, as a person does without script.
package webtest

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"cloudbm/web"
)

// Base is the address the site is visited at.
const Base = "https://cloudbm.test"

// Client is one visitor.
type Client struct {
	t    testing.TB
	http *http.Client
	// Header is sent with every request.
	Header http.Header
}

// New is a visitor of site who has no cookie yet.
func New(t testing.TB, site *web.Site) *Client { return NewFor(t, site.Handler()) }

// NewFor is a visitor of h, for several visitors of one site.
func NewFor(t testing.TB, h http.Handler) *Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Client{t: t, http: &http.Client{Jar: jar, Transport: inside{h}}, Header: http.Header{}}
}

// inside answers requests by calling the handler.
type inside struct{ h http.Handler }

func (i inside) RoundTrip(q *http.Request) (*http.Response, error) {
	body := q.Body
	if body == nil {
		body = http.NoBody
	}
	in := httptest.NewRequestWithContext(q.Context(), q.Method, q.URL.String(), body)
	in.Header, in.ContentLength = q.Header.Clone(), q.ContentLength
	if q.Host != "" {
		in.Host = q.Host
	}
	out := httptest.NewRecorder()
	i.h.ServeHTTP(out, in)
	a := out.Result()
	a.Request = q
	return a, nil
}

// Stay makes the visitor stop at redirects instead of following them.
func (c *Client) Stay() *Client {
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

// Cookie is the value of a cookie the visitor holds, or "".
func (c *Client) Cookie(name string) string {
	u, _ := url.Parse(Base)
	for _, k := range c.http.Jar.Cookies(u) {
		if k.Name == name {
			return k.Value
		}
	}
	return ""
}

// SetCookie gives the visitor a cookie.
func (c *Client) SetCookie(name, value string) {
	u, _ := url.Parse(Base)
	c.http.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

// Get opens the page at path.
func (c *Client) Get(path string) *Page {
	c.t.Helper()
	return c.Do(http.MethodGet, path, nil, nil)
}

// Post sends a form to path.
func (c *Client) Post(path string, form url.Values) *Page {
	c.t.Helper()
	return c.Do(http.MethodPost, path, strings.NewReader(form.Encode()),
		http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

// File is a file to be sent with a form.
type File struct {
	Field, Name string
	Content     []byte
}

// Upload sends a form with files to path.
func (c *Client) Upload(path string, form url.Values, files ...File) *Page {
	c.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, vs := range form {
		for _, v := range vs {
			_ = m.WriteField(k, v)
		}
	}
	for _, f := range files {
		w, err := m.CreateFormFile(f.Field, f.Name)
		if err == nil {
			_, err = w.Write(f.Content)
		}
		if err != nil {
			c.t.Fatal(err)
		}
	}
	_ = m.Close()
	return c.Do(http.MethodPost, path, &b, http.Header{"Content-Type": {m.FormDataContentType()}})
}

// Do sends any request; path may be a whole address.
func (c *Client) Do(method, path string, body io.Reader, h http.Header) *Page {
	c.t.Helper()
	if strings.HasPrefix(path, "/") || path == "" {
		path = Base + path
	}
	q, err := http.NewRequest(method, path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if method != http.MethodGet {
		q.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, from := range []http.Header{c.Header, h} {
		for k, v := range from {
			q.Header[k] = v
		}
	}
	a, err := c.http.Do(q)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	p := &Page{c: c, t: c.t, Status: a.StatusCode, Header: a.Header, Body: b, URL: a.Request.URL.RequestURI(), values: map[*html.Node][]string{}}
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		if p.root, err = html.Parse(bytes.NewReader(b)); err != nil {
			c.t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	return p
}
