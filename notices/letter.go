package notices

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"cloudbm/say"
	"cloudbm/taiwan"
)

// Letter is one mail, in one language.
type Letter struct {
	ID       string // stays the same however often it is tried
	To, Name string
	Lang     say.Lang
	Subject  string
	Text     string
	HTML     string // "": the text alone
}

// Post carries letters. An error that is a Refused is for good; any other is worth another try.
type Post interface {
	Send(ctx context.Context, l Letter) error
}

// Refused says that this letter will never be taken: there is no such mailbox, say.
type Refused struct{ Err error }

func (r Refused) Error() string { return "refused for good: " + r.Err.Error() }

// Unwrap is what the server said.
func (r Refused) Unwrap() error { return r.Err }

// Address is where a person gets letters, and in which language.
type Address struct {
	Email, Name string
	Lang        say.Lang // "" is Chinese
}

// letterOf writes the letter of a notice; base is the address of this site, without a slash at its end.
func letterOf(id string, k Kept, to Address, base string, system say.Text) (Letter, error) {
	lang := to.Lang
	if lang == "" {
		lang = say.Zh
	}
	p := page{
		Name: to.Name, Serial: k.Serial, URL: base + "/bls/notices/" + k.ID, System: system,
		Title: masked(k.Title), Body: masked(k.Body), Todo: masked(k.Todo), Due: k.Due, Created: k.Created, Legal: k.Legal,
	}
	var html strings.Builder
	if err := letterPage(p).Render(say.With(context.Background(), lang), &html); err != nil {
		return Letter{}, err
	}
	return Letter{ID: id, To: to.Email, Name: to.Name, Lang: lang, Subject: p.subject(lang), Text: p.text(lang), HTML: html.String()}, nil
}

// page is what a letter says.
type page struct {
	Name, Serial, URL string
	System            say.Text
	Title, Body, Todo say.Text
	Due               taiwan.Date
	Created           time.Time
	Legal             bool
}

// subject begins with the serial number, so that a mailbox sorts by case.
func (p page) subject(l say.Lang) string {
	return strings.TrimSpace(p.Serial + " " + oneLine(p.Title.In(l)))
}

func (p page) greeting() say.Text { return say.F("%s，您好：", "Dear %s,", p.Name) }

func (p page) footer() say.Text {
	return say.F("這封信由「%s」自動寄出，直接回信不會有人收到。有問題時，到系統的「操作說明」留下問題。",
		"This letter was sent by %s. Nobody reads replies to it. If you have a question, leave it on the Help page of the system.", p.System)
}

func (p page) caseLine() say.Text {
	if p.Serial == "" {
		return say.Text{}
	}
	return say.F("案件序號：%s", "Case: %s", p.Serial)
}

func (p page) todoLine() say.Text {
	if p.Todo.Empty() {
		return say.Text{}
	}
	return say.F("您要做的事：%s", "What to do: %s", p.Todo)
}

func (p page) dueLine() say.Text {
	if p.Due.IsZero() {
		return say.Text{}
	}
	return say.F("期限：%s", "By: %s", p.Due.Text())
}

func (p page) legalLine() say.Text {
	if !p.Legal {
		return say.Text{}
	}
	return say.T("這是有法律效果的通知，不能停止寄送。", "This notice has legal effect; it cannot be switched off.")
}

func (p page) link() say.Text { return say.T("到系統查看：", "Open it in the system: ") }

// lines are the sentences of the letter in their order; empty ones fall away.
func (p page) lines() []say.Text {
	var out []say.Text
	for _, t := range []say.Text{p.Title, p.caseLine(), p.Body, p.todoLine(), p.dueLine(), p.legalLine()} {
		if !t.Empty() {
			out = append(out, t)
		}
	}
	return out
}

func (p page) text(l say.Lang) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", p.greeting().In(l))
	for _, t := range p.lines() {
		fmt.Fprintf(&b, "%s\n\n", t.In(l))
	}
	fmt.Fprintf(&b, "%s%s\n\n--\n%s\n", p.link().In(l), p.URL, p.footer().In(l))
	return b.String()
}

var identity = regexp.MustCompile(`\b[A-Z][A-D1289]\d{8}\b`)

// masked hides the middle of every national identity number that slipped into t.
func masked(t say.Text) say.Text {
	return say.Text{Zh: identity.ReplaceAllStringFunc(t.Zh, taiwan.MaskID), En: identity.ReplaceAllStringFunc(t.En, taiwan.MaskID)}
}

// oneLine keeps a header a header.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
