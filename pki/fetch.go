package pki

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// client speaks with authorities and nobody else. It follows no redirects: the address was allowed, the next one was not.
var client = &http.Client{
	Timeout:       8 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// allowed are the addresses in a certificate that may be asked: of a host that the configuration names. A certificate
// comes from outside, and what stands in it must not make this machine talk to any place.
func (r *Room) allowed(addresses []string) (out []string) {
	for _, a := range addresses {
		u, err := url.Parse(a)
		if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.User == nil && slices.Contains(r.Hosts, u.Host) {
			out = append(out, a)
		}
	}
	return out
}

// fetch gets what is at an address, or the answer to a question, of at most so many bytes.
func fetch(ctx context.Context, address string, question []byte, most int64) ([]byte, error) {
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if question != nil {
		method, body = http.MethodPost, bytes.NewReader(question)
	}
	q, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, err
	}
	if question != nil {
		q.Header.Set("Content-Type", "application/ocsp-request")
	}
	a, err := client.Do(q)
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("answers %s", a.Status)
	}
	b, err := io.ReadAll(io.LimitReader(a.Body, most+1))
	if err == nil && int64(len(b)) > most {
		err = errors.New("answers too much")
	}
	return b, err
}
