package egov

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"runtime"
	"strings"
	"unicode"

	"github.com/alexedwards/argon2id"
	"github.com/trustelem/zxcvbn"

	"cloudbm/fault"
	"cloudbm/say"
)

// PasswordRule is the rule of the real site (domain §5.1).
var PasswordRule = say.T("8 到 15 個字，要有英文字母和數字，不能和帳號相同；大小寫視為不同", "8 to 15 characters with letters and digits, not the same as the account; capital and small letters differ")

const (
	shortest = 8
	longest  = 15
)

// checkPassword says at which rule a new password fails, nil if at none.
func checkPassword(account, password string) error {
	letter := strings.ContainsFunc(password, func(c rune) bool { return c < 0x80 && unicode.IsLetter(c) })
	digit := strings.ContainsFunc(password, func(c rune) bool { return c >= '0' && c <= '9' })
	odd := strings.ContainsFunc(password, func(c rune) bool { return c <= ' ' || c > '~' })
	switch n := len(password); {
	case n == 0:
		return fault.Of(fault.Invalid, "輸入密碼", "Enter a password")
	case odd:
		return fault.Of(fault.Invalid, "密碼只用半形的英文字母、數字和符號，不用空格", "Use plain letters, digits and signs in the password, and no spaces")
	case n < shortest || n > longest:
		return fault.Of(fault.Invalid, "密碼要有 8 到 15 個字", "Make the password 8 to 15 characters long")
	case !letter || !digit:
		return fault.Of(fault.Invalid, "密碼要有英文字母，也要有數字", "Use both letters and digits in the password")
	case strings.EqualFold(password, account):
		return fault.Of(fault.Invalid, "換一個密碼：不能和帳號相同", "Choose another password: it may not be the same as the account")
	}
	return nil
}

// Strength is the word for how hard a password is to guess (S53): the last is 最強.
func Strength(account, password string) say.Text {
	if r := []rune(password); len(r) > 60 {
		password = string(r[:60]) // the estimate takes long on long texts
	}
	return strengths[zxcvbn.PasswordStrength(password, []string{account, "egov"}).Score]
}

var strengths = [5]say.Text{
	say.T("最弱", "Weakest"), say.T("弱", "Weak"), say.T("中", "Medium"), say.T("強", "Strong"), say.T("最強", "Strongest"),
}

// cost is fixed, so that a hash takes the same memory (19 MiB) on every machine.
var cost = &argon2id.Params{Memory: 19456, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// nothing is the hash that what belongs to nobody is compared with, so that it takes as long.
const nothing = "$argon2id$v=19$m=19456,t=2,p=1$/oATV4aFYObpP63c1iYS4w$OX4cVtrvC1mDNOS5WA2j1gSN7xcZhaKx5eFeTOD/FqE"

// turns lets only as many hashes be worked out at once as there are processors.
var turns = make(chan struct{}, max(2, runtime.NumCPU()))

func inTurn[T any](ctx context.Context, f func() (T, error)) (v T, err error) {
	select {
	case turns <- struct{}{}:
		defer func() { <-turns }()
		return f()
	case <-ctx.Done():
		return v, ctx.Err()
	}
}

func hashed(ctx context.Context, secret string) (string, error) {
	return inTurn(ctx, func() (string, error) { return argon2id.CreateHash(secret, cost) })
}

// matches reports whether hash was made from secret; without a hash the work is done all the same.
func matches(ctx context.Context, secret, hash string) (bool, error) {
	if len(secret) > 500 {
		secret = ""
	}
	known := hash != ""
	if !known {
		hash = nothing
	}
	ok, err := inTurn(ctx, func() (bool, error) { return argon2id.ComparePasswordAndHash(secret, hash) })
	return ok && known, err
}

// mark is how a secret is known in the database.
func mark(secret string) string {
	s := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(s[:])
}
