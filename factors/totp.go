package factors

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"image/png"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Authenticator is an app on somebody's telephone that shows a new code every thirty seconds (RFC 6238).
type Authenticator struct {
	ID, Person string
	Made       time.Time
	Confirmed  time.Time // zero: on its way to being set up, and counts for nothing
	Used       time.Time
	secret     string // hidden
	step       int64  // the last step of which a code was taken
}

const (
	period    = 30        // seconds of a step
	setUpLife = time.Hour // how long a secret waits for its first code
)

var codeShape = totp.ValidateOpts{Period: period, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// codeAt is the code of the secret at a step.
func codeAt(secret string, step int64) (string, error) {
	return totp.GenerateCodeCustom(secret, time.Unix(step*period, 0), codeShape)
}

// stepOf is the step of which code is the code: the present one, the one before or the one after it, but only later
// than the last one taken. ok is false where there is none.
func stepOf(secret, code string, now time.Time, last int64) (step int64, ok bool, err error) {
	here := now.Unix() / period
	for s := here - 1; s <= here+1; s++ {
		want, err := codeAt(secret, s)
		if err != nil {
			return 0, false, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && s > last && !ok {
			step, ok = s, true
		}
	}
	return step, ok, nil
}

// SetUp begins a new authenticator and answers its secret: it counts for nothing until a code of it was given.
func SetUp(tx *store.Tx, by permit.Actor) error {
	if err := Proved(tx, by); err != nil {
		return err
	}
	if err := dropUnconfirmed(tx, by.Person); err != nil {
		return err
	}
	var raw [20]byte
	rand.Read(raw[:])
	return begin(tx, by.Person, store.NewID(), base32.StdEncoding.EncodeToString(raw[:]))
}

func begin(tx *store.Tx, person, id, secret string) error {
	hidden, err := tx.Hide(secret)
	if err != nil {
		return err
	}
	return insertAuthenticator(tx, Authenticator{ID: id, Person: person, Made: tx.Now, secret: hidden})
}

// SettingUp is the authenticator that person is setting up, with its secret; store.ErrNotFound if there is none, or if
// it waited for too long.
func SettingUp(tx *store.Tx, person string) (Authenticator, string, error) {
	all, err := authenticatorsOf(tx, person)
	for _, a := range all {
		if a.Confirmed.IsZero() && tx.Now.Before(a.Made.Add(setUpLife)) {
			secret, err := tx.Reveal(a.secret)
			return a, secret, err
		}
	}
	if err == nil {
		err = store.ErrNotFound
	}
	return Authenticator{}, "", err
}

// FinishSetUp makes the authenticator count, once its first code proves that secret and clock are right. It takes the
// place of an earlier one, and the session is proved by two factors from now on.
func FinishSetUp(tx *store.Tx, by permit.Actor, code string) error {
	if err := Proved(tx, by); err != nil {
		return err
	}
	a, secret, err := SettingUp(tx, by.Person)
	if err != nil {
		return err
	}
	step, ok, err := stepOf(secret, digits(code), tx.Now, a.step)
	if err != nil {
		return err
	}
	if !ok {
		return fault.Bad("code", "輸入驗證器現在顯示的 6 位數字；一直不對時，校正手機的時間", "Enter the 6 digits the app shows now. If they are never right, set the clock of the telephone")
	}
	if err := confirmAuthenticator(tx, by.Person, a.ID, step); err != nil {
		return err
	}
	if err := accounts.Note(tx, by, "factor.add", by.Person, "totp"); err != nil {
		return err
	}
	return gained(tx, by)
}

// digits is a code as it is compared: full-width digits and the space in the middle are no mistake.
func digits(code string) string {
	return strings.Map(func(c rune) rune {
		if c == ' ' || c == '-' {
			return -1
		}
		return c
	}, taiwan.Fold(code))
}

// Card is what the page of setting up shows: a picture for the telephone's camera, and the secret to type.
type Card struct {
	Picture string // PNG as data:
	Groups  string // the secret in groups of four
	URL     string // otpauth://, for a telephone that opens this page itself
}

func cardOf(system, account, secret string) (c Card, err error) {
	raw, err := base32.StdEncoding.DecodeString(secret)
	if err != nil {
		return c, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: system, AccountName: account, Secret: raw, Period: period, Digits: otp.DigitsSix})
	if err != nil {
		return c, err
	}
	picture, err := key.Image(264, 264)
	if err != nil {
		return c, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return c, err
	}
	return Card{"data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()), groups(secret), key.URL()}, nil
}

func groups(s string) string {
	var out []string
	for ; len(s) > 4; s = s[4:] {
		out = append(out, s[:4])
	}
	return strings.Join(append(out, s), " ")
}
