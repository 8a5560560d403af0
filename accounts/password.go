package accounts

import (
	"context"
	_ "embed"
	"runtime"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"github.com/trustelem/zxcvbn"
	"golang.org/x/text/unicode/norm"

	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// PasswordRule is the rule as the user manual prints it (S79), and PhraseRule the other way to fulfil it.
var (
	PasswordRule = say.T(`"密碼"至少8個字 需包含英文大小寫、數字，或特殊字元`, "At least 8 characters with capital and small letters, and a digit or a special character")
	PhraseRule   = say.T("或是 15 個字以上，任何字都可以，例如幾個不相干的詞", "Or 15 characters or more of any kind, for example several unrelated words")
)

const (
	shortest   = 8
	longPhrase = 15
	longest    = 128
)

// CheckPassword says what p's new password still needs: either the rule of the manual (S79–S81) or 15 characters of any
// kind; at most 128; not one that everybody tries first, not made of the person's own name or address. The fault stands
// at the field "password" with one sentence per rule.
func CheckPassword(p Person, password string) error {
	pw := norm.NFC.String(password)
	n := utf8.RuneCountInString(pw)
	var f fault.Form
	switch {
	case n == 0:
		f.Bad("password", "輸入密碼", "Enter a password")
	case n > longest:
		f.Bad("password", "縮短密碼，最多 128 個字", "Shorten the password to at most 128 characters")
	case strings.TrimSpace(pw) != pw:
		f.Bad("password", "拿掉密碼前後的空格", "Remove the spaces at the ends of the password")
	case n < longPhrase:
		mixed(pw, n, &f)
	}
	if f.OK() && common(pw) {
		f.Bad("password", "換一個密碼：這個密碼太多人用，很容易被猜到", "Choose another password: this one is among the first that are tried")
	}
	if f.OK() && own(p, pw) {
		f.Bad("password", "換一個密碼：不要用姓名、電子郵件、電話或本系統的名稱", "Choose another password: not your name, e-mail address, telephone number or the name of this system")
	}
	return f.Err()
}

// mixed adds what a password of fewer than 15 characters lacks.
func mixed(pw string, n int, f *fault.Form) {
	has := func(is func(rune) bool) bool { return strings.IndexFunc(pw, is) >= 0 }
	if n < shortest {
		f.Bad("password", "加長到至少 8 個字；或用 15 個字以上的長密碼", "Make it at least 8 characters long; or use a phrase of 15 or more")
	}
	if !has(unicode.IsUpper) {
		f.Bad("password", "加上大寫英文字母", "Add a capital letter")
	}
	if !has(unicode.IsLower) {
		f.Bad("password", "加上小寫英文字母", "Add a small letter")
	}
	if !has(func(r rune) bool { return !unicode.IsUpper(r) && !unicode.IsLower(r) && r != ' ' }) {
		f.Bad("password", "加上數字或特殊字元", "Add a digit or a special character")
	}
}

//go:embed common.txt
var commonText string

var commonWords = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(commonText) {
		m[w] = true
	}
	return m
}()

// plainer undoes the usual disguises: P@ssw0rd is password.
var plainer = strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "7", "t", "8", "b", "@", "a", "$", "s", "!", "i", "+", "t")

// common reports a password that is on the list as it stands, undisguised, without the digits and signs at its ends, or
// that only repeats something short.
func common(pw string) bool {
	s := strings.ToLower(pw)
	letters := strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	undisguised := strings.TrimFunc(plainer.Replace(s), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, form := range []string{s, letters, undisguised, plainer.Replace(letters)} {
		if commonWords[form] || commonWords[unit(form)] {
			return true
		}
	}
	return utf8.RuneCountInString(unit(s)) <= 2 || run(s)
}

// unit is the shortest text that s repeats: ab for ababab.
func unit(s string) string {
	for n := 1; n <= len(s)/2; n++ {
		if len(s)%n == 0 && strings.Repeat(s[:n], len(s)/n) == s {
			return s[:n]
		}
	}
	return s
}

// run reports characters that only count up or down: 12345678, abcdefgh.
func run(s string) bool {
	r := []rune(s)
	up, down := len(r) > 2, len(r) > 2
	for i := 1; i < len(r); i++ {
		up = up && (r[i] == r[i-1]+1 || r[i] == '0' && r[i-1] == '9')
		down = down && (r[i] == r[i-1]-1 || r[i] == '9' && r[i-1] == '0')
	}
	return up || down
}

// contextWords are what belongs to this system; a password must have more than them.
var contextWords = []string{"cloudbm", "cpami", "nlma", "building", "建築執照", "建築師", "營建署", "國土管理署", "資訊系統雲端平台"}

// own reports a password in which little is left beside the person's own facts and the name of the system.
func own(p Person, pw string) bool {
	s := strings.ToLower(pw)
	local, _, _ := strings.Cut(strings.ToLower(p.Email), "@")
	facts := append([]string{strings.ToLower(p.Email), local, strings.ToLower(p.Name), strings.ReplaceAll(p.Phone, "-", "")}, contextWords...)
	slices.SortFunc(facts, func(a, b string) int { return len(b) - len(a) })
	found := false
	for _, w := range facts {
		if utf8.RuneCountInString(w) >= 2 && strings.Contains(s, w) {
			s, found = strings.ReplaceAll(s, w, ""), true
		}
	}
	return found && utf8.RuneCountInString(s) < 6
}

// Strength is an opinion on how hard a password is to guess: 0 (at once) to 4 (very hard). It advises, it refuses nothing.
func Strength(p Person, password string) int {
	if r := []rune(password); len(r) > 60 {
		password = string(r[:60]) // the estimate takes long on long texts, which are strong anyhow
	}
	return zxcvbn.PasswordStrength(password, append([]string{p.Email, p.Name}, contextWords...)).Score
}

// HashCost is fixed, so that a hash takes the same memory (19 MiB) on every machine.
var HashCost = &argon2id.Params{Memory: 19456, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// turns lets only as many hashes be worked out at once as there are processors: a flood of sign-ins waits instead of
// eating the memory.
var turns = make(chan struct{}, max(2, runtime.NumCPU()))

func turn(ctx context.Context) (func(), error) {
	select {
	case turns <- struct{}{}:
		return func() { <-turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Hash is a password as it is kept. It takes its turn among the others, so it is made outside a transaction where that is
// possible.
func Hash(ctx context.Context, password string) (string, error) {
	done, err := turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return argon2id.CreateHash(norm.NFC.String(password), HashCost)
}

// matches reports whether password is the one hash was made from.
func matches(ctx context.Context, password, hash string) (bool, error) {
	if utf8.RuneCountInString(password) > longest {
		password = "" // nobody has such a password; the work is done all the same
	}
	done, err := turn(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	return argon2id.ComparePasswordAndHash(norm.NFC.String(password), hash)
}

// SetPassword gives the person a new password: it is checked by CheckPassword, an officer may not take one of the last
// three (附表十), and every session but that of by ends.
func SetPassword(tx *store.Tx, by permit.Actor, person, password string) error {
	p, err := Find(tx, person)
	if err != nil {
		return err
	}
	if p.Email == "" {
		return fault.Bad("email", "先申請備用帳號，再設定密碼", "Apply for a backup account before setting a password")
	}
	if err := CheckPassword(p, password); err != nil {
		return err
	}
	hashes, err := lastHashes(tx, person, 3)
	if err != nil {
		return err
	}
	if p.Officer {
		for _, old := range hashes {
			if same, err := matches(tx.Context(), password, old); err != nil {
				return err
			} else if same {
				return fault.Bad("password", "換一個密碼：不要用最近三次用過的", "Choose another password: not one of your last three")
			}
		}
	}
	hash, err := Hash(tx.Context(), password)
	if err != nil {
		return err
	}
	if err := insertPassword(tx, person, hash); err != nil {
		return err
	}
	keep := ""
	if by.Person == person {
		keep = by.Session
	}
	if err := endSessions(tx, person, keep); err != nil {
		return err
	}
	if err := dropLinks(tx, person); err != nil {
		return err
	}
	if by.Person != permit.System.Person { // whom the demonstration makes up need no letters
		if err := jobs.Later(tx, changed{person, newPassword, p.Addresses(), tx.Now}); err != nil {
			return err
		}
	}
	return Note(tx, by, "password.set", person, "")
}

// ChangePassword is 修改密碼: the person gives the present password first.
func ChangePassword(tx *store.Tx, by permit.Actor, present, password string) error {
	hashes, err := lastHashes(tx, by.Person, 1)
	if err != nil {
		return err
	}
	if len(hashes) > 0 {
		ok, err := matches(tx.Context(), present, hashes[0])
		if err != nil {
			return err
		}
		if !ok {
			return fault.Bad("old-password", "重新輸入現在的密碼：和您目前使用的密碼不同", "Enter your present password again: it differs from the one in use")
		}
	}
	return SetPassword(tx, by, by.Person, password)
}

// Knows reports whether password is the person's. Count the attempts before asking.
func Knows(ctx context.Context, db *store.DB, person, password string) (bool, error) {
	var hashes []string
	err := db.Read(ctx, func(tx *store.Tx) (err error) {
		hashes, err = lastHashes(tx, person, 1)
		return err
	})
	if err != nil || len(hashes) == 0 {
		return false, err
	}
	return matches(ctx, password, hashes[0])
}

// HasPassword reports whether the person can sign in with 備用帳號.
func HasPassword(tx *store.Tx, person string) (bool, error) {
	h, err := lastHashes(tx, person, 1)
	return len(h) > 0, err
}
