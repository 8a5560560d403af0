package egov

import (
	"context"
	"errors"
	"time"

	"cloudbm/fault"
	"cloudbm/store"
	"cloudbm/web"
)

const (
	failuresAllowed = 5
	idle            = 30 * time.Minute
	total           = 12 * time.Hour
	strict          = time.Minute // how often the last sight of a session is written
)

// Visit is one signed-in browser: who, how sure, and since when.
type Visit struct {
	Member  Member
	Level   Level
	Checked time.Time // when the member last proved who they are

	mark string
	seen time.Time
	ends time.Time
}

var (
	// mismatch is the one answer to an unknown account and a wrong password.
	mismatch = fault.Bad("password", "重新輸入帳號和密碼：兩者不相符", "Enter the account and the password again: they do not match").
			To("忘記密碼", "Forgotten password", passwordPage)
	// shut is the one answer once five passwords were wrong, whether there is such an account or not.
	shut = fault.Of(fault.Forbidden, "帳號被鎖定：密碼錯誤 5 次。用自然人憑證啟用帳號，或重設密碼", "The account is locked after five wrong passwords. Enable it with a citizen certificate, or set a new password").
		To("啟用帳號或重設密碼", "Enable the account or set a new password", passwordPage)
	asleep = fault.Of(fault.Forbidden, "帳號未啟用。用自然人憑證啟用帳號，或重設密碼", "The account is not enabled. Enable it with a citizen certificate, or set a new password").
		To("啟用帳號或重設密碼", "Enable the account or set a new password", passwordPage)
)

// SignIn signs a member in with account and password and answers the secret for the cookie. An unknown account is
// answered as a known one, after the same work, also when it is locked; only who knows the password learns more.
func SignIn(ctx context.Context, db *store.DB, account, password, ip string) (secret string, err error) {
	key := mark("account " + accountKey(account))
	var m Member
	var refused error
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		refused = nil
		if err := web.Limit(tx, "egov sign-in", mark(ip), 300, 15*time.Minute); err != nil {
			refused = err
			_, isFault := fault.As(err)
			return whether(!isFault, err)
		}
		if m, err = ByAccount(tx, account); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		n, err := countFailure(tx, key)
		if err != nil {
			return err
		}
		if n > failuresAllowed || m.State == Locked {
			refused = shut
		}
		return nil
	})
	if err != nil || refused != nil {
		return "", errors.Join(err, refused)
	}
	ok, err := matches(ctx, password, m.password)
	if err != nil {
		return "", err
	}
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		if refused = nil; !ok {
			refused = mismatch
			return lockAfterFive(tx, m, key)
		}
		now, err := Find(tx, m.ID)
		switch {
		case err != nil:
			return err
		case now.password != m.password:
			return mismatch // changed while we were comparing
		case now.State == Locked:
			return shut
		case now.State == Inactive:
			refused = asleep
			return dropFailures(tx, key)
		}
		if err := dropFailures(tx, key); err != nil {
			return err
		}
		secret, err = begin(tx, now.ID, ByPassword)
		return err
	})
	return secret, errors.Join(err, refused)
}

// whether is err if yes.
func whether(yes bool, err error) error {
	if yes {
		return err
	}
	return nil
}

// countFailure counts an attempt before it is judged, so that guesses made at the same moment count too.
func countFailure(tx *store.Tx, key string) (int, error) {
	n, last, err := failuresOf(tx, key)
	if err != nil {
		return 0, err
	}
	if n < failuresAllowed && tx.Now.Sub(last) > 24*time.Hour {
		n = 0
	}
	n = min(n+1, failuresAllowed+1)
	return n, keepFailures(tx, key, n)
}

func lockAfterFive(tx *store.Tx, m Member, key string) error {
	n, _, err := failuresOf(tx, key)
	if err != nil || n < failuresAllowed || m.ID == "" {
		return err
	}
	return setState(tx, m.ID, Locked)
}

// begin opens a session. Whoever calls it has made sure who it is.
func begin(tx *store.Tx, member string, level Level) (secret string, err error) {
	if err := dropDeadSessions(tx); err != nil {
		return "", err
	}
	if err := markSignIn(tx, member); err != nil {
		return "", err
	}
	secret = store.Secret()
	return secret, insertSession(tx, mark(secret), member, level, tx.Now.Add(total))
}

// Present is the living session with that secret; store.ErrNotFound if there is none.
func Present(tx *store.Tx, secret string) (Visit, error) {
	v, err := sessionOf(tx, mark(secret))
	if err == nil && (!tx.Now.Before(v.ends) || tx.Now.Sub(v.seen) > idle+strict || v.Member.State != Active) {
		return Visit{}, store.ErrNotFound
	}
	return v, err
}

// SignOut ends the session with that secret.
func SignOut(tx *store.Tx, secret string) error { return dropSession(tx, mark(secret)) }

// enable lets a member sign in again; sessions end, and failures are forgotten.
func enable(tx *store.Tx, m Member) error {
	if err := setState(tx, m.ID, Active); err != nil {
		return err
	}
	return dropFailures(tx, mark("account "+accountKey(m.Account)))
}
