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

// Letter sends a letter to a member's e-mail address, in the caller's transaction.
type Letter func(tx *store.Tx, to Member, subject, body say.Text) error

// Application is what somebody types to become a member (S51–S58).
type Application struct {
	Account, Password, Again string
	Name, Email, EmailAgain  string
	Nickname                 string
	More                     bool
	Question                 int
	Answer                   string
	Mobile                   string
}

// Check brings the application to its canonical form, or says what to mend at each field.
func (a Application) Check() (Application, error) {
	var f fault.Form
	take := func(key string, to *string, read func(string) (string, error)) {
		s, err := read(*to)
		f.Add(key, err)
		*to = s
	}
	typed := a.Account
	take("account", &a.Account, readAccount)
	f.Add("password", checkPassword(a.Account, a.Password))
	if a.Password != a.Again {
		f.Bad("password-again", "再輸入一次相同的密碼", "Enter the same password once more")
	}
	name, err := taiwan.PersonName(a.Name)
	f.Add("name", err)
	if err == nil {
		a.Name = name
	}
	email, err := taiwan.Email(a.Email)
	f.Add("email", err)
	if again, errAgain := taiwan.Email(a.EmailAgain); err == nil && (errAgain != nil || taiwan.EmailKey(again) != taiwan.EmailKey(email)) {
		f.Bad("email-again", "再輸入一次相同的電子信箱", "Enter the same e-mail address once more")
	}
	if err == nil {
		a.Email = email
	}
	take("nickname", &a.Nickname, func(s string) (string, error) { return shortLine(s, 30) })
	if a.Question < 0 || a.Question > len(Questions) {
		f.Bad("question", "從清單選一個密碼提示問題", "Choose a recovery question from the list")
	}
	take("answer", &a.Answer, func(s string) (string, error) { return shortLine(s, 60) })
	if a.Question > 0 && a.Question <= len(Questions) && a.Answer == "" {
		f.Bad("answer", "輸入密碼提示問題的答案", "Enter the answer to the recovery question")
	}
	if a.Question == 0 && a.Answer != "" {
		f.Bad("question", "選擇這個答案的密碼提示問題", "Choose the recovery question this answers")
	}
	take("mobile", &a.Mobile, readMobile)
	if a.Account == "" {
		a.Account = typed
	}
	return a, f.Err()
}

var accountTaken = fault.Bad("account", "換一個帳號：這個帳號已經有人使用", "Choose another account: this one is taken")

// Join makes a member who may sign in at once, and sends the letter 註冊成功通知信 (S62). The secret opens the page that
// says so.
func Join(tx *store.Tx, a Application, letter Letter) (secret string, err error) {
	if a, err = a.Check(); err != nil {
		return "", err
	}
	if _, err := ByAccount(tx, a.Account); err == nil {
		return "", accountTaken
	} else if !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	m := Member{ID: store.NewID(), Account: a.Account, Name: a.Name, Nickname: a.Nickname, Email: a.Email, Mobile: a.Mobile,
		More: a.More, Question: a.Question, State: Active, Created: tx.Now}
	if m.password, err = hashed(tx.Context(), a.Password); err != nil {
		return "", err
	}
	if a.Question > 0 {
		if m.answer, err = hashed(tx.Context(), folded(a.Answer)); err != nil {
			return "", err
		}
	}
	if err := insertMember(tx, m); err != nil {
		return "", err
	}
	if err := letter(tx, m, say.T("註冊成功通知信", "Your registration"), say.F(
		"%s 您好：\n\n您已成功註冊我的E政府會員帳號。\n帳號：%s\n\n這封信由我的E政府的模擬網站寄出。",
		"Dear %s,\n\nYou have registered as a member of MyEGov.\nAccount: %s\n\nThis letter comes from the simulation of MyEGov.", m.Name, m.Account)); err != nil {
		return "", err
	}
	return newSecret(tx, m.ID, joined, 15*time.Minute)
}

// folded is an answer as it is compared: small half-width letters, no spaces.
func folded(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(taiwan.Fold(s)), ""))
}

// JoinedBy is the member whom the secret of Join belongs to; store.ErrNotFound once it is too old.
func JoinedBy(tx *store.Tx, secret string) (Member, error) {
	s, err := secretOf(tx, mark(secret), joined)
	if err != nil {
		return Member{}, err
	}
	return Find(tx, s.Member)
}

// Free says whether an account can still be had; too many questions from one address are refused with S52. What it
// answers is a sentence for the page, or a fault.
func Free(ctx context.Context, db *store.DB, account, ip string) (say.Text, error) {
	var crowded bool
	var answer error
	err := db.Write(ctx, func(tx *store.Tx) error {
		crowded, answer = false, nil
		if err := web.Limit(tx, "egov account", mark(ip), 10, time.Minute); fault.Is(err, fault.TooMany) {
			crowded = true
			return nil
		} else if err != nil {
			return err
		}
		account, err := readAccount(account)
		if err != nil {
			answer = fault.BadText("account", messageOf(err))
			return nil
		}
		switch _, err := ByAccount(tx, account); {
		case err == nil:
			answer = accountTaken
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		return nil
	})
	if err != nil {
		return say.Text{}, err
	}
	if crowded {
		return say.Text{}, fault.Say(fault.TooMany, tooOften).At("account", tooOften)
	}
	return say.T("這個帳號可以使用", "You can have this account"), answer
}

func messageOf(err error) say.Text {
	if f, ok := fault.As(err); ok {
		return f.Message
	}
	return say.Same(err.Error())
}
