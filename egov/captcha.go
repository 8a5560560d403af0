package egov

import (
	"crypto/subtle"
	"errors"
	"strings"
	"time"

	"github.com/dchest/captcha"

	"cloudbm/fault"
	"cloudbm/store"
	"cloudbm/taiwan"
)

const (
	captchaLife   = 10 * time.Minute
	captchaLength = 6
)

// NewCaptcha makes a 驗證碼 and answers its id. It is kept in the database: the picture may be asked of another node.
func NewCaptcha(tx *store.Tx) (id string, err error) {
	if err := dropOldCaptchas(tx); err != nil {
		return "", err
	}
	var digits strings.Builder
	for _, d := range captcha.RandomDigits(captchaLength) {
		digits.WriteByte('0' + d)
	}
	hidden, err := tx.Hide(digits.String())
	if err != nil {
		return "", err
	}
	id = store.NewID()
	return id, insertCaptcha(tx, id, hidden, tx.Now.Add(captchaLife))
}

// digitsOf are the digits to draw or to speak; store.ErrNotFound when the captcha has been answered or is too old.
func digitsOf(tx *store.Tx, id string) ([]byte, error) {
	text, err := captchaText(tx, id)
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(text))
	for i := range text {
		out[i] = text[i] - '0'
	}
	return out, nil
}

func captchaText(tx *store.Tx, id string) (string, error) {
	hidden, err := captchaOf(tx, id)
	if err != nil {
		return "", err
	}
	return tx.Reveal(hidden)
}

// solve takes the one answer a captcha gets, in capital or small letters; wrong says why it is not taken. The captcha
// is gone afterwards, so the transaction must commit also when the answer is wrong.
func solve(tx *store.Tx, id, typed string) (wrong *fault.Fault, err error) {
	text, err := captchaText(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return fault.Bad("captcha", "輸入新的驗證碼：前一個已經用過或過期", "Enter the new code: the one before has been used or is too old"), nil
	}
	if err != nil {
		return nil, err
	}
	if err := dropCaptcha(tx, id); err != nil {
		return nil, err
	}
	typed = strings.ToLower(strings.ReplaceAll(taiwan.Fold(typed), " ", ""))
	if subtle.ConstantTimeCompare([]byte(typed), []byte(strings.ToLower(text))) != 1 {
		return fault.Bad("captcha", "輸入新的驗證碼：和圖片上的不同", "Enter the new code: it differed from the picture"), nil
	}
	return nil, nil
}
