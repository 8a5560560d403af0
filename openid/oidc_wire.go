package openid

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"time"
)

// maxAnswer is the longest answer of a provider that is read.
const maxAnswer = 1 << 20

var errElsewhere = errors.New("sends us to another address")

// wire is a client of HTTP for talking to providers: it does not wait for ever, reads no more than it must, and is not
// sent on to other hosts.
func wire(timeout time.Duration) *http.Client {
	if timeout == 0 {
		timeout = 10 * time.Second
	}
	return &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: timeout / 2}).DialContext,
			TLSHandshakeTimeout: timeout / 2, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
			MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(q *http.Request, via []*http.Request) error {
			first := via[0]
			if first.Method != http.MethodGet || q.URL.Host != first.URL.Host || q.URL.Scheme != first.URL.Scheme || len(via) > 3 {
				return errElsewhere
			}
			return nil
		},
	}
}

// reply is what came back.
type reply struct {
	status int
	kind   string // media type
	body   []byte
}

// send sends a request and reads the answer whole, or not at all.
func send(c *http.Client, q *http.Request) (reply, error) {
	a, err := c.Do(q)
	if err != nil {
		return reply{}, err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(io.LimitReader(a.Body, maxAnswer+1))
	if err == nil && len(b) > maxAnswer {
		err = errors.New("the answer is too long")
	}
	kind, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	return reply{a.StatusCode, kind, b}, err
}

// fetch reads the JSON object at an address.
func fetch(ctx context.Context, c *http.Client, from, bearer string) (map[string]any, []byte, error) {
	if !safeAddress(from) {
		return nil, nil, fmt.Errorf("%q is not an address to ask at", from)
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, nil, err
	}
	q.Header.Set("Accept", "application/json")
	if bearer != "" {
		q.Header.Set("Authorization", "Bearer "+bearer)
	}
	a, err := send(c, q)
	if err != nil {
		return nil, nil, err
	}
	if a.status != http.StatusOK {
		return nil, nil, fmt.Errorf("%s answers %d", from, a.status)
	}
	out, err := object(a.body)
	return out, a.body, err
}

// post sends a form to an address.
func post(ctx context.Context, c *http.Client, to string, form url.Values, user, password string) (reply, error) {
	if !safeAddress(to) {
		return reply{}, fmt.Errorf("%q is not an address to send secrets to", to)
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader([]byte(form.Encode())))
	if err != nil {
		return reply{}, err
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Accept", "application/json, application/xml;q=0.9, text/xml;q=0.9")
	if user != "" {
		q.SetBasicAuth(url.QueryEscape(user), url.QueryEscape(password))
	}
	return send(c, q)
}
