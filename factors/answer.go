package factors

import (
	"context"
	"errors"
	"time"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

const (
	wrongAllowed = 5 // 附表十: five failures, fifteen minutes
	lockedFor    = 15 * time.Minute
)

// How somebody answered, as the audit record has it.
const (
	ByCode    = "totp"
	ByBackup  = "backup code"
	ByPasskey = "passkey"
)

// Answer takes a code of by's authenticator or one of their backup codes, uses it up, and does then in the same
// transaction. Five wrong ones in fifteen minutes close this way for fifteen minutes; passkeys and cards stay open.
func Answer(ctx context.Context, db *store.DB, by permit.Actor, code string, then func(tx *store.Tx, how string) error) error {
	if code == "" {
		return fault.Bad("code", "輸入驗證碼", "Enter the code")
	}
	var wait *fault.Fault
	err := db.Write(ctx, func(tx *store.Tx) (err error) {
		wait, err = attempt(tx, by.Person)
		return err
	})
	if err != nil {
		return err
	}
	if wait != nil {
		return wait
	}
	err = db.Write(ctx, func(tx *store.Tx) error {
		how, err := use(tx, by.Person, code)
		if err != nil {
			return err
		}
		if err := forgetWrongCodes(tx, by.Person); err != nil {
			return err
		}
		return then(tx, how)
	})
	if !errors.Is(err, wrongCode) {
		return err
	}
	if err := db.Write(ctx, func(tx *store.Tx) error { return accounts.Note(tx, by, "factor.refused", by.Person, "") }); err != nil {
		return err
	}
	return wrongCode
}

var wrongCode = fault.Bad("code", "輸入驗證器現在顯示的 6 位數字，或一組還沒用過的備用碼；用過的驗證碼，等下一組", "Enter the 6 digits the app shows now, or a backup code not used yet. Wait for the next code if this one was used")

// use takes the code away from those that may still be used, or answers wrongCode.
func use(tx *store.Tx, person, code string) (how string, err error) {
	if code := plain(code); len(code) == codeLength {
		mark, err := markOf(tx, person, code)
		if err == nil {
			err = useBackupCode(tx, mark, person)
		}
		return ByBackup, orWrong(err)
	}
	all, err := authenticatorsOf(tx, person)
	if err != nil {
		return "", err
	}
	for _, a := range all {
		if a.Confirmed.IsZero() {
			continue
		}
		secret, err := tx.Reveal(a.secret)
		if err != nil {
			return "", err
		}
		step, ok, err := stepOf(secret, digits(code), tx.Now, a.step)
		if err != nil {
			return "", err
		}
		if ok {
			return ByCode, orWrong(useStep(tx, a.ID, step))
		}
	}
	return "", wrongCode
}

func orWrong(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return wrongCode
	}
	return err
}

// attempt counts one more code before it is judged, so that guesses made at the same moment count too. It answers how
// long to wait when there were too many.
func attempt(tx *store.Tx, person string) (*fault.Fault, error) {
	n, last, until, err := wrongCodes(tx, person)
	if err != nil {
		return nil, err
	}
	if tx.Now.Before(until) {
		minutes := int((until.Sub(tx.Now) + time.Minute - 1) / time.Minute)
		return fault.BadText("code", say.F("驗證碼錯誤 5 次，%d 分鐘後再試；通行金鑰和憑證卡不受影響", "Five wrong codes. Try again in %d minutes; passkeys and cards still work", minutes)), nil
	}
	if !until.IsZero() || tx.Now.Sub(last) > lockedFor {
		n = 0
	}
	n++
	until = time.Time{}
	if n >= wrongAllowed {
		until = tx.Now.Add(lockedFor)
	}
	return nil, keepWrongCodes(tx, person, n, until)
}
