package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"runtime"
	"strings"

	"github.com/alexedwards/argon2id"
	"golang.org/x/sync/errgroup"

	"cloudbm/accounts"
)

// signIns signs people in with 備用帳號, as many at once as there are cores, beside argon2id alone: comparing the password
// is what a sign-in is meant to cost.
func signIns(ctx context.Context, h *house, p plan, t *table) error {
	const each = 10 // sign-ins of one person in a turn
	var people []*signer
	for i := range runtime.NumCPU() {
		s, err := h.signer(fmt.Sprintf("p%d@example.test", i%7+1))
		if err != nil {
			return err
		}
		people = append(people, s)
	}
	hash, err := argon2id.CreateHash(accounts.DemoPassword, accounts.HashCost)
	if err != nil {
		return err
	}
	took, err := inTurns(p.rounds, func() error {
		var all errgroup.Group
		for _, s := range people {
			all.Go(func() (err error) {
				for range each {
					err = errors.Join(err, s.signIn(ctx))
				}
				return err
			})
		}
		return all.Wait()
	}, func() error {
		var all errgroup.Group
		for range people {
			all.Go(func() (err error) {
				for range each {
					_, e := argon2id.ComparePasswordAndHash(accounts.DemoPassword, hash)
					err = errors.Join(err, e)
				}
				return err
			})
		}
		return all.Wait()
	})
	if err != nil {
		return err
	}
	n := each * len(people)
	ours, raw := per(n, took[0].median()), per(n, took[1].median())
	t.add(fmt.Sprintf("Signing in with 備用帳號, %d at once", len(people)), fmt.Sprintf("%.0f/s", ours),
		fmt.Sprintf("argon2id alone %.0f/s", raw), fmt.Sprintf("%.2f", ours/raw))
	return nil
}

// signer is a browser of somebody who signs in again and again, on a device that is known after the first time.
type signer struct {
	email, url string
	http       *http.Client
}

func (h *house) signer(email string) (*signer, error) {
	jar, err := cookiejar.New(nil)
	return &signer{email, h.url, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, err
}

func (s *signer) signIn(ctx context.Context) error {
	form := url.Values{"email": {s.email}, "password": {accounts.DemoPassword}}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/signin", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a, err := s.http.Do(q)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("%s could not sign in: %d", s.email, a.StatusCode)
	}
	return nil
}
