package portal

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/notices"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Two kinds of words people leave here.
const (
	Asked   = "question" // 線上提問: about how the system works, answered by an authority
	Opinion = "opinion"  // 意見信箱: what somebody thinks of the system
)

// Question is what somebody asks, with what is needed to find the place they were at.
type Question struct {
	ID, Number  string // Number is what the person quotes: Q1151123-7KM2P
	Kind        string
	Authority   string
	Person      string // "" for somebody who had not signed in
	Name, Phone string
	Email       string
	Text        string
	Func        string // 功能編號 of the screen
	Page        string // its path
	ErrorNo     string // reference number of an error page
	Serial      string // case number
	Open        bool
	Answer      string
	Answerer    string
	Created     time.Time
	Answered    time.Time
}

// KindName is what the kind is called.
func (q Question) KindName() say.Text {
	if q.Kind == Opinion {
		return say.T("意見", "Opinion")
	}
	return say.T("提問", "Question")
}

const maxQuestion = 4000

// Ask keeps a question (S230) and tells the managers of the authority. A telephone number or an e-mail address is
// needed, or nobody could answer.
func Ask(tx *store.Tx, by permit.Actor, q Question) (Question, error) {
	if err := q.tidy(tx); err != nil {
		return q, err
	}
	q.ID, q.Person, q.Open, q.Created = store.NewID(), by.Person, true, tx.Now
	q.Number = "Q" + taiwan.DateOf(tx.Now).Compact() + "-" + strings.ToUpper(store.Secret()[:5])
	if err := insertQuestion(tx, q); err != nil {
		return q, err
	}
	managers, err := roles.Officers(tx, q.Authority, permit.Manager)
	for _, m := range managers {
		if err := notices.Tell(tx, m.Person, notices.Notice{Kind: notices.Work, URL: "/desk/questions/" + q.ID, Serial: q.Serial,
			Title: say.F("有新的%s %s", "A new %s: %s", q.KindName(), q.Number), Todo: say.T("回覆提問人。", "Answer whoever asked.")}); err != nil {
			return q, err
		}
	}
	return q, err
}

func (q *Question) tidy(tx *store.Tx) error {
	var g fault.Form
	var err error
	if q.Name, err = taiwan.PersonName(q.Name); err != nil {
		g.Add("name", err)
	}
	if q.Phone != "" {
		if q.Phone, err = taiwan.Phone(q.Phone); err != nil {
			g.Add("phone", err)
		}
	}
	if q.Email != "" {
		if q.Email, err = taiwan.Email(q.Email); err != nil {
			g.Add("email", err)
		}
	}
	if q.Phone == "" && q.Email == "" {
		g.Bad("phone", "輸入聯絡電話，例如 06-6322231 或 0911-123-456", "Enter a telephone number, for example 06-6322231 or 0911-123-456")
	}
	q.Text = strings.TrimSpace(q.Text)
	switch n := utf8.RuneCountInString(q.Text); {
	case n == 0:
		g.Bad("text", "輸入您的問題", "Enter your question")
	case n > maxQuestion:
		g.Bad("text", "問題縮短到 4000 字以內", "Keep the question under 4000 characters")
	}
	if _, err := office(tx, q.Authority); errors.Is(err, store.ErrNotFound) {
		g.Bad("authority", "選擇主管機關", "Choose the authority")
	}
	q.Func, q.ErrorNo, q.Serial = cut(q.Func, 20), cut(q.ErrorNo, 40), cut(strings.ToUpper(q.Serial), 20)
	if q.Page = cut(q.Page, 200); !strings.HasPrefix(q.Page, "/") {
		q.Page = ""
	}
	return g.Err()
}

func cut(s string, n int) string {
	if r := []rune(strings.TrimSpace(s)); len(r) > n {
		return string(r[:n])
	}
	return strings.TrimSpace(s)
}

// answers reports whether by may see and answer the questions to the authority.
func answers(by permit.Actor, authority string) bool {
	return by.Admin || by.Sits(authority, permit.Manager)
}

// asked are the authorities whose questions by sees; all reports that it is every one.
func asked(by permit.Actor) (authorities []string, all bool) {
	return by.Authorities(permit.Manager), by.Admin
}

// Answer closes a question with an answer; who asked it while signed in is told.
func Answer(tx *store.Tx, by permit.Actor, id, text string) error {
	q, err := questionByID(tx, id)
	if err != nil {
		return err
	}
	if !answers(by, q.Authority) {
		return store.ErrNotFound
	}
	if text = strings.TrimSpace(text); text == "" {
		return fault.Bad("answer", "輸入回覆內容，或記下處理結果", "Enter the answer, or note what was done")
	}
	if !q.Open {
		return fault.Say(fault.Conflict, say.F("%s已經回覆這個問題", "%s has already answered this question", q.Answerer)).
			To("查看回覆", "See the answer", "/desk/questions/"+id)
	}
	if err := closeQuestion(tx, by, id, text); err != nil {
		return err
	}
	if err := accounts.Note(tx, by, "question.answer", id, q.Number); err != nil {
		return err
	}
	if q.Person == "" {
		return nil
	}
	return notices.Tell(tx, q.Person, notices.Notice{
		Kind: notices.Account, URL: "/help/question/" + q.Number, Serial: q.Serial,
		Title: say.F("您的提問 %s 已有回覆", "Your question %s has been answered", q.Number),
		Body:  say.Same(text),
	})
}
