package accounts

import (
	"context"
	"errors"
	"time"

	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
)

// Keys are the secrets a browser keeps after signing in: of the session, and of the device for the next time.
type Keys struct {
	Session, Device string
	Due             bool // half a session: the second step comes next
}

const (
	failuresAllowed = 5 // 附表十: five failures, fifteen minutes
	lockedFor       = 15 * time.Minute
)

// nobody is the hash that an unknown address is compared with, so that it takes as long as a known one.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$/oATV4aFYObpP63c1iYS4w$OX4cVtrvC1mDNOS5WA2j1gSN7xcZhaKx5eFeTOD/FqE"

// refused is the one answer to a wrong address, a wrong password and an account without one.
var refused = fault.Bad("password", "重新輸入電子郵件和密碼：兩者不相符", "Enter your e-mail address and password again: they do not match").
	To("忘記密碼", "Forgotten password", "/password")

// SignIn signs somebody in with 備用帳號. Unknown addresses, wrong passwords and accounts without a password get the
// same answer after the same work. The fifth failure of one account from one source locks that source out for fifteen
// minutes; a device that signed in before keeps a count of its own, so nobody can lock a rival out.
func SignIn(ctx context.Context, db *store.DB, email, password string, from Source) (Keys, error) {
	var p Person
	var hash, key string
	var wait *fault.Fault
	err := db.Write(ctx, func(tx *store.Tx) (err error) {
		if p, hash, err = suspect(tx, email); err != nil {
			return err
		}
		known := false
		if p.ID != "" && from.Device != "" {
			if known, err = knowsDevice(tx, p.ID, mark(from.Device)); err != nil {
				return err
			}
		}
		key = countKey(email, from, known)
		wait, err = attempt(tx, key, email, from, known)
		return err
	})
	if err != nil {
		return Keys{}, err
	}
	if wait != nil {
		return Keys{}, wait
	}
	ok, err := matches(ctx, password, hash)
	if err != nil {
		return Keys{}, err
	}
	if !ok || p.ID == "" {
		return Keys{}, failed(ctx, db, p, from)
	}
	var keys Keys
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		now, err := lastHashes(tx, p.ID, 1)
		if err != nil {
			return err
		}
		if len(now) == 0 || now[0] != hash {
			return refused // changed while we were comparing
		}
		keys, err = comeIn(tx, p, from)
		if err != nil {
			return err
		}
		return forgetFailures(tx, key)
	})
	return keys, err
}

func comeIn(tx *store.Tx, p Person, from Source) (k Keys, err error) {
	k.Due = p.Second
	if k.Session, err = Begin(tx, p.ID, Backup, from); err != nil {
		return k, err
	}
	if k.Device = from.Device; k.Device == "" {
		k.Device = store.Secret()
	}
	return k, keepDevice(tx, p.ID, mark(k.Device))
}

// suspect is the person the address belongs to, if any, and the hash to compare with.
func suspect(tx *store.Tx, email string) (Person, string, error) {
	p, err := ByEmail(tx, email)
	if errors.Is(err, store.ErrNotFound) {
		_, err = lastHashes(tx, "", 1) // the same work as for a known address
		return Person{}, nobody, err
	}
	if err != nil {
		return p, "", err
	}
	h, err := lastHashes(tx, p.ID, 1)
	if err != nil || len(h) == 0 {
		return Person{}, nobody, err
	}
	return p, h[0], nil
}

// failed writes the failure down; what was typed stays out of the record, it may be a password in the wrong box.
func failed(ctx context.Context, db *store.DB, p Person, from Source) error {
	err := db.Write(ctx, func(tx *store.Tx) error {
		return Note(tx, permit.Actor{IP: from.IP}, "sign-in.refused", p.ID, "")
	})
	if err != nil {
		return err
	}
	return refused
}

// countKey names the counter of failures: the account with the device if it is known, else with the address it comes from.
func countKey(email string, from Source, known bool) string {
	source := "ip " + from.IP
	if known {
		source = "device " + from.Device
	}
	return mark(taiwan.EmailKey(email) + "\n" + source)
}

// attempt counts one more attempt before it is judged, so that guesses made at the same moment count too. It answers
// how long to wait when there were too many.
func attempt(tx *store.Tx, key, email string, from Source, known bool) (*fault.Fault, error) {
	if !known {
		if f, err := floods(tx, email, from); f != nil || err != nil {
			return f, err
		}
	}
	n, last, until, err := failuresOf(tx, key)
	if err != nil {
		return nil, err
	}
	if tx.Now.Before(until) {
		return waiting(until.Sub(tx.Now)), nil
	}
	if !until.IsZero() || tx.Now.Sub(last) > lockedFor {
		n = 0
	}
	n++
	until = time.Time{}
	if n >= failuresAllowed {
		until = tx.Now.Add(lockedFor)
	}
	return nil, keepFailures(tx, key, n, until)
}

// floods holds back guessing over many accounts from one address, and over one account from many addresses.
func floods(tx *store.Tx, email string, from Source) (*fault.Fault, error) {
	for _, l := range []struct {
		name, key string
		max       int
		per       time.Duration
	}{
		{"sign-in source", mark(from.IP), 300, 15 * time.Minute},
		{"sign-in account", mark(taiwan.EmailKey(email)), 100, 24 * time.Hour},
	} {
		if err := web.Limit(tx, l.name, l.key, l.max, l.per); err != nil {
			f, ok := fault.As(err)
			if !ok {
				return nil, err
			}
			return otherWays(f.Message), nil
		}
	}
	return nil, nil
}

func waiting(d time.Duration) *fault.Fault {
	return otherWays(say.F("密碼錯誤 5 次，%d 分鐘後再試", "Five wrong passwords. Try again in %d minutes", int((d+time.Minute-1)/time.Minute)))
}

// otherWays says what a locked-out person can do meanwhile.
func otherWays(t say.Text) *fault.Fault {
	return fault.Say(fault.TooMany, say.F("%s；也可以用我的e政府登錄，或在登錄過的裝置上登錄",
		"%s. You can also sign in with MyEGov, or on a device you signed in on before", t)).
		To("其他登錄方式", "Other ways to sign in", "/")
}
