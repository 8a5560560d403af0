package factors

import (
	"crypto/rand"
	"strings"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/store"
	"cloudbm/taiwan"
)

const (
	codesInSet = 10
	letters    = "23456789abcdefghjkmnpqrstvwxyz" // none that is read for another; 12 of them are 58 bits
	codeLength = 12
)

// NewCodes makes a set of backup codes, each good for one second step, and ends the set before. They are answered here
// and never again; the database has their keyed hashes.
func NewCodes(tx *store.Tx, by permit.Actor) ([]string, error) {
	if err := Proved(tx, by); err != nil {
		return nil, err
	}
	f, err := Of(tx, by.Person)
	if err != nil {
		return nil, err
	}
	if !f.Any() {
		return nil, fault.Of(fault.Conflict, "先加入通行金鑰或驗證器，再產生備用碼", "Add a passkey or an authenticator first, then make backup codes").To("第二道驗證", "Second factors", FactorsURL)
	}
	if err := dropBackupCodes(tx, by.Person); err != nil {
		return nil, err
	}
	out := make([]string, codesInSet)
	for i := range out {
		code := random(codeLength)
		mark, err := markOf(tx, by.Person, code)
		if err != nil {
			return nil, err
		}
		if err := insertBackupCode(tx, mark, by.Person); err != nil {
			return nil, err
		}
		out[i] = code[:4] + "-" + code[4:8] + "-" + code[8:]
	}
	return out, accounts.Note(tx, by, "factor.codes", by.Person, "")
}

// random is n letters by chance, each as likely as the others.
func random(n int) string {
	var b strings.Builder
	var one [1]byte
	for b.Len() < n {
		rand.Read(one[:])
		if at := int(one[0]) & 31; at < len(letters) {
			b.WriteByte(letters[at])
		}
	}
	return b.String()
}

// markOf is how a backup code is known in the database.
func markOf(tx *store.Tx, person, code string) (string, error) {
	return tx.Blind("backup code\n" + person + "\n" + code)
}

// plain is a backup code as it is compared: capitals, spaces and hyphens are no mistake.
func plain(code string) string {
	return strings.Map(func(c rune) rune {
		if c == ' ' || c == '-' {
			return -1
		}
		return c
	}, strings.ToLower(taiwan.Fold(code)))
}
