package doors

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
)

// Application is what somebody who came by 我的e政府 gives for a 備用帳號 (S68–S77, S85, S86).
type Application struct {
	Person       string
	Email        string // what they will sign in with
	Name         string
	Phone        string
	Purpose      string // 用途說明
	Organisation string
	Title        string

	hash     string
	code     string // its mark
	codeEnds time.Time
	tries    int
}

// How long an application waits for its confirmation, and a code for being typed; how often it may be typed wrong.
const (
	applicationLife = 30 * time.Minute
	codeLife        = 10 * time.Minute
	codeTries       = 5
)

var (
	comeByEGov = fault.Of(fault.Forbidden, "先用我的e政府登錄，才能申請備用帳號", "Sign in with MyEGov first; only then can a backup account be applied for").
			To("用我的e政府登錄", "Sign in with MyEGov", accounts.WithNext(EGovURL, BackupURL))
	hasOne   = fault.Of(fault.Conflict, "用您已有的備用帳號登錄；每個人只有一個", "Sign in with the backup account you have; everybody has one").To("使用者資訊", "User information", "/me")
	tooLate  = fault.Of(fault.Conflict, "重新填寫基本資料：填寫到現在超過 30 分鐘", "Fill in your data again: more than 30 minutes have passed").To("基本資料", "Basic data", BackupURL)
	codeLate = fault.Bad("digits", "重寄一組驗證碼：這一組已經超過 10 分鐘", "Have a new code sent: this one is older than 10 minutes")
	codeOver = fault.Bad("digits", "重寄一組驗證碼：這一組已經輸入錯誤 5 次", "Have a new code sent: this one was typed wrong five times")
	codeNot  = fault.Bad("digits", "重新輸入信中的 6 位數驗證碼：這一組不對", "Enter the six digits of the letter again: these are not right")
)

// MayApply refuses whoever did not come by 我的e政府 (S67), and whoever has a 備用帳號.
func MayApply(tx *store.Tx, by permit.Actor) error {
	came, err := cameByEGov(tx, by)
	if err != nil {
		return err
	}
	if !came {
		return comeByEGov
	}
	p, err := accounts.Find(tx, by.Person)
	if err == nil && p.Email != "" {
		return hasOne
	}
	return err
}

func cameByEGov(tx *store.Tx, by permit.Actor) (bool, error) {
	here, err := accounts.Here(tx, by)
	return here.Door == accounts.EGov || here.Door == accounts.Card, err
}

// Apply keeps an application until it is confirmed. hash is the password's; whatever is wrong is said at its field, and
// that an address is taken too: whoever asks has proved who they are, and may ask twenty times an hour.
func Apply(tx *store.Tx, by permit.Actor, a Application, hash string) error {
	if err := MayApply(tx, by); err != nil {
		return err
	}
	p, err := accounts.Clean(accounts.Person{Name: a.Name, Email: a.Email, Phone: a.Phone, Organisation: a.Organisation, Title: a.Title})
	if err != nil {
		return err
	}
	if err := accounts.Free(tx, p.Email); err != nil {
		return err
	}
	a.Person, a.Email, a.Name, a.Phone, a.Organisation, a.Title, a.hash = by.Person, p.Email, p.Name, p.Phone, p.Organisation, p.Title, hash
	return keepApplication(tx, a)
}

// Applied is what by is applying for.
func Applied(tx *store.Tx, by permit.Actor) (Application, error) {
	if err := MayApply(tx, by); err != nil {
		return Application{}, err
	}
	a, err := applicationOf(tx, by.Person, tx.Now.Add(-applicationLife))
	if errors.Is(err, store.ErrNotFound) {
		err = tooLate
	}
	return a, err
}

// Send makes a code for the address of an application (送出申請); five an hour.
func Send(tx *store.Tx, by permit.Actor) (a Application, code string, err error) {
	if a, err = Applied(tx, by); err != nil {
		return a, "", err
	}
	if err := web.Limit(tx, "backup code", by.Person, 5, time.Hour); err != nil {
		return a, "", err
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return a, "", err
	}
	code = fmt.Sprintf("%06d", n)
	mark, err := codeMark(tx, by, code)
	if err != nil {
		return a, "", err
	}
	return a, code, keepCode(tx, by.Person, mark, tx.Now.Add(codeLife))
}

// codeMark is how a code is known in the database: keyed, for six digits are soon tried.
func codeMark(tx *store.Tx, by permit.Actor, code string) (string, error) {
	return tx.Blind("backup code\n" + by.Person + "\n" + code)
}

// Tried judges a code and counts the attempt: no is what to say, and err a trouble of ours. What is counted has to be
// kept, so no is no error.
func Tried(tx *store.Tx, by permit.Actor, code string) (a Application, no *fault.Fault, err error) {
	if a, err = Applied(tx, by); err != nil {
		return a, nil, err
	}
	mark, err := codeMark(tx, by, strings.ReplaceAll(taiwan.Fold(code), " ", ""))
	if err != nil {
		return a, nil, err
	}
	switch {
	case a.code == "" || tx.Now.After(a.codeEnds):
		return a, codeLate, nil
	case a.tries >= codeTries:
		return a, codeOver, nil
	case subtle.ConstantTimeCompare([]byte(mark), []byte(a.code)) != 1:
		return a, codeNot, countTry(tx, by.Person)
	}
	return a, nil, nil
}

// Confirm makes the account once the code of the letter has come back (確認): the address is the person's for ever.
func Confirm(tx *store.Tx, by permit.Actor, code string) (Application, *fault.Fault, error) {
	a, no, err := Tried(tx, by, code)
	if no != nil || err != nil {
		return a, no, err
	}
	if err := accounts.GiveAccount(tx, by, accounts.Person{ID: by.Person, Name: a.Name, Email: a.Email, Phone: a.Phone,
		Organisation: a.Organisation, Title: a.Title}, a.hash); err != nil {
		return a, nil, err
	}
	return a, nil, dropApplication(tx, by.Person)
}
