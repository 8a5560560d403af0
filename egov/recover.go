package egov

import (
	"context"
	"errors"
	"strings"
	"time"

	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
)

const resetLife = 30 * time.Minute

// MailReset sends a link for a new password if the account has that e-mail address. Whoever asks learns nothing of
// either: the answer is the same.
func MailReset(tx *store.Tx, account, email, base string, letter Letter) error {
	m, err := ByAccount(tx, account)
	if errors.Is(err, store.ErrNotFound) || err == nil && taiwan.EmailKey(email) != taiwan.EmailKey(m.Email) {
		return nil
	}
	if err != nil {
		return err
	}
	secret, err := allowReset(tx, m)
	if err != nil {
		return err
	}
	return letter(tx, m, say.T("重設密碼", "A new password"), say.F(
		"%s 您好：\n\n請在 30 分鐘內開啟下面的連結設定新密碼：\n%s\n\n如果不是您要求的，不必理會這封信。\n\n這封信由我的E政府的模擬網站寄出。",
		"Dear %s,\n\nOpen this link within 30 minutes to set a new password:\n%s\n\nIf you did not ask for it, ignore this letter.\n\nThis letter comes from the simulation of MyEGov.",
		m.Name, base+passwordPage+"/"+secret))
}

// MailAccounts sends the accounts of an e-mail address to it (忘記帳號), if it has any.
func MailAccounts(tx *store.Tx, email string, letter Letter) error {
	all, err := membersByEmail(tx, taiwan.EmailKey(email))
	if err != nil || len(all) == 0 {
		return err
	}
	var accounts []string
	for _, m := range all {
		accounts = append(accounts, m.Account)
	}
	return letter(tx, all[0], say.T("您的帳號", "Your account"), say.F(
		"%s 您好：\n\n用這個電子信箱註冊的帳號是：\n%s\n\n這封信由我的E政府的模擬網站寄出。",
		"Dear %s,\n\nThe accounts registered with this e-mail address are:\n%s\n\nThis letter comes from the simulation of MyEGov.",
		all[0].Name, strings.Join(accounts, "\n")))
}

// LimitRecovery holds back who asks too often, by where they come from and by what they ask about.
func LimitRecovery(ctx context.Context, db *store.DB, about, ip string) error {
	var refused error
	err := db.Write(ctx, func(tx *store.Tx) error {
		refused = nil
		for _, l := range []struct {
			name, key string
			max       int
		}{{"egov recovery source", ip, 30}, {"egov recovery", accountKey(about), 10}} {
			if err := web.Limit(tx, l.name, mark(l.key), l.max, time.Hour); fault.Is(err, fault.TooMany) {
				refused = err
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(err, refused)
}

// AskQuestion is the recovery question of the account. An account that is not there or has none gets one all the same,
// always the same one, so that the question tells nothing.
func AskQuestion(tx *store.Tx, account string) (say.Text, error) {
	m, err := ByAccount(tx, account)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return say.Text{}, err
	}
	blind, err := tx.Blind("question " + accountKey(account))
	if err != nil {
		return say.Text{}, err
	}
	n := int(blind[0])%len(Questions) + 1
	if m.Question > 0 && m.answer != "" {
		n = m.Question
	}
	return Questions[n-1], nil
}

var wrongAnswer = fault.Bad("answer", "重新輸入答案：和註冊時的不同；也可以改用電子信箱或自然人憑證重設密碼", "Enter the answer again: it differs from the one given at registration. You can also use your e-mail address or your citizen certificate")

// Answer takes the answer to the recovery question (S40); the right one opens the page for a new password by the secret.
func Answer(ctx context.Context, db *store.DB, account, answer string) (secret string, err error) {
	var m Member
	err = db.Read(ctx, func(tx *store.Tx) (err error) {
		m, err = ByAccount(tx, account)
		return whether(!errors.Is(err, store.ErrNotFound), err)
	})
	if err != nil {
		return "", err
	}
	ok, err := matches(ctx, folded(answer), m.answer)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", wrongAnswer
	}
	err = db.Write(ctx, func(tx *store.Tx) (err error) {
		secret, err = allowReset(tx, m)
		return err
	})
	return secret, err
}

// allowReset makes the secret by which m sets a password, and ends those made before.
func allowReset(tx *store.Tx, m Member) (string, error) {
	if err := dropSecretsOf(tx, m.ID, newPass); err != nil {
		return "", err
	}
	return newSecret(tx, m.ID, newPass, resetLife)
}

// ResetOf is the member who may set a password with that secret.
func ResetOf(tx *store.Tx, secret string) (Member, error) {
	s, err := secretOf(tx, mark(secret), newPass)
	if errors.Is(err, store.ErrNotFound) {
		return Member{}, spent
	}
	if err != nil {
		return Member{}, err
	}
	return Find(tx, s.Member)
}

// Reset sets the password by the secret, enables the account and ends its sessions.
func Reset(tx *store.Tx, secret, password, again string) error {
	m, err := ResetOf(tx, secret)
	if err != nil {
		return err
	}
	var f fault.Form
	f.Add("password", checkPassword(m.Account, password))
	if password != again {
		f.Bad("password-again", "再輸入一次相同的密碼", "Enter the same password once more")
	}
	if err := f.Err(); err != nil {
		return err
	}
	hash, err := hashed(tx.Context(), password)
	if err != nil {
		return err
	}
	if err := dropSecret(tx, mark(secret)); err != nil {
		return err
	}
	if err := setPassword(tx, m.ID, hash); err != nil {
		return err
	}
	if err := dropSessionsOf(tx, m.ID); err != nil {
		return err
	}
	return enable(tx, m)
}
