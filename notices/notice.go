package notices

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudbm/say"
	"cloudbm/taiwan"
)

// Kind sorts the notices; a person chooses by kind what comes by mail.
type Kind string

// The kinds of notices.
const (
	Submission Kind = "submission" // 送件、掛號、退件
	Correction Kind = "correction" // 通知改正、補正
	Decision   Kind = "decision"   // 核准、駁回、發照
	Seal       Kind = "seal"       // 請您壓章、壓章失效
	Deadline   Kind = "deadline"   // 期限將屆
	Team       Kind = "team"       // 加入案件、案件資料變動
	Work       Kind = "work"       // 審查人員的待辦
	Account    Kind = "account"    // 帳號與登錄
)

// Kinds lists the kinds in the order of the settings page.
var Kinds = []Kind{Submission, Correction, Decision, Seal, Deadline, Team, Work, Account}

// Name is what the kind is called.
func (k Kind) Name() say.Text {
	switch k {
	case Submission:
		return say.T("送件、掛號與退件", "Submission, registration and return")
	case Correction:
		return say.T("改正與補正", "Corrections")
	case Decision:
		return say.T("核准、駁回與發照", "Decisions and licences")
	case Seal:
		return say.T("壓章", "Seals")
	case Deadline:
		return say.T("期限提醒", "Deadlines")
	case Team:
		return say.T("案件成員與資料變動", "Case team and changes")
	case Work:
		return say.T("審查待辦", "Review work")
	case Account:
		return say.T("帳號與登錄", "Account and sign-in")
	}
	return say.Same(string(k))
}

// Notice is what one person is told.
type Notice struct {
	Case   string // id of the case, "" for none
	Serial string // its serial number (案件序號), the first word of the mail's subject
	Kind   Kind
	Title  say.Text    // what changed, one line
	Body   say.Text    // what changed, in full
	Todo   say.Text    // what to do now
	Due    taiwan.Date // by when
	URL    string      // the page where it is done, a path of this site
	Legal  bool        // has legal effect: cannot be switched off
}

// Kept is a notice in somebody's inbox.
type Kept struct {
	ID, Person string
	Notice
	Created, Read time.Time // Read is zero while unread
	Mail          Mailed
}

// Mailed is what became of the letter of a notice.
type Mailed struct {
	State string // "": not by mail, waiting, sent, failed
	At    time.Time
}

// Unread reports whether nobody has opened it yet.
func (k Kept) Unread() bool { return k.Read.IsZero() }

// check finds what the calling room forgot; it is our error, not a person's.
func (n Notice) check() error {
	switch {
	case !slices.Contains(Kinds, n.Kind):
		return fmt.Errorf("notices: %q is not a kind of notice", n.Kind)
	case n.Title.Zh == "" || n.Title.En == "":
		return errors.New("notices: a notice needs a title in both languages")
	case n.URL != "" && (!strings.HasPrefix(n.URL, "/") || strings.HasPrefix(n.URL, "//")):
		return fmt.Errorf("notices: %q is not a path of this site", n.URL)
	}
	return nil
}

// When is a point in time for a page, in Taipei and to the minute: ROC in Chinese, common era in English.
func When(t time.Time) say.Text {
	if t.IsZero() {
		return say.Text{}
	}
	return say.T(taiwan.ROCMinute(t), t.In(taiwan.Zone).Format("2 January 2006, 15:04"))
}
