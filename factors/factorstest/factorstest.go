// Package factorstest takes the second step of signing in for tests: it is the telephone of the demonstration's officers.
package factorstest

import (
	"strings"
	"sync"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/factors"
	"cloudbm/store"
	"cloudbm/web/webtest"
)

// handed is the last step of which a code was handed out, by program and person.
var handed = struct {
	sync.Mutex
	steps map[string]int64
}{steps: map[string]int64{}}

const period = 30

// Code is a code that the running program at url takes from the officer now. A code is taken once, so it is the first
// not handed out before of those that count: the one before, the present one, the next. Where all three are used it
// waits for the clock, as the officer would.
func Code(t testing.TB, url, email string) string {
	t.Helper()
	for {
		step, wait := claim(url+" "+email, time.Now())
		if wait == 0 {
			code, err := factors.DemoCode(email, time.Unix(step*period, 0))
			if err != nil {
				t.Fatal(err)
			}
			return code
		}
		<-time.After(wait)
	}
}

// claim takes the first step that is free, or tells how long until there is one.
func claim(who string, now time.Time) (step int64, wait time.Duration) {
	handed.Lock()
	defer handed.Unlock()
	here := now.Unix() / period
	step = here
	if now.Unix()%period < period/2 {
		step-- // the one before counts long enough for the request to arrive
	}
	step = max(step, handed.steps[who]+1)
	if step > here+1 {
		return 0, time.Until(time.Unix((step-1)*period, 0))
	}
	handed.steps[who] = step
	return step, 0
}

// Second goes on from the page that came after the password: it types the officer's code where one is asked for.
func Second(t testing.TB, page *webtest.Page, url, email string) *webtest.Page {
	t.Helper()
	if !strings.HasPrefix(page.URL, accounts.SecondStep) {
		return page
	}
	return page.Fill("驗證碼", Code(t, url, email)).Submit("登錄").WantStatus(200)
}

// Begin opens a whole session for the person, with the second step if there is one, and answers the secret of its cookie.
func Begin(tx *store.Tx, person string, from accounts.Source) (token string, err error) {
	p, err := accounts.Find(tx, person)
	if err != nil {
		return "", err
	}
	if token, err = accounts.Begin(tx, person, accounts.Backup, from); err != nil || !p.Second {
		return token, err
	}
	s, _, err := accounts.Half(tx, token)
	if err != nil {
		return "", err
	}
	return accounts.Complete(tx, s, factors.ByCode)
}
