package egov

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// State says whether a member may sign in.
type State string

// The states (S39): a new member is active; five wrong passwords lock.
const (
	Active   State = "active"
	Inactive State = "inactive" // 未啟用
	Locked   State = "locked"   // 被鎖定
)

// Name is what the state is called.
func (s State) Name() say.Text {
	switch s {
	case Inactive:
		return say.T("未啟用", "Not enabled")
	case Locked:
		return say.T("被鎖定", "Locked")
	}
	return say.T("已啟用", "Enabled")
}

// Level is how sure it is who signs in, in the numbers of the national platform (domain §5.1).
type Level int

// The levels.
const (
	ByPassword Level = 1
	ByCard     Level = 3
	ByHealth   Level = 4 // 全民健保卡
)

// Name is what the level is called.
func (l Level) Name() say.Text {
	switch l {
	case ByPassword:
		return say.T("帳號密碼", "Account and password")
	case ByCard:
		return say.T("憑證", "Certificate on a card")
	case ByHealth:
		return say.T("全民健保卡", "National Health Insurance card")
	}
	return say.T("未驗證", "Not verified")
}

// Standing is how far a member has come to an official's account (公務帳號).
type Standing string

// The standings; "" is a general member (一般會員).
const (
	Asked    Standing = "asked"
	Approved Standing = "approved"
	Refused  Standing = "refused"
)

// Name is what the standing is called.
func (s Standing) Name() say.Text {
	switch s {
	case Asked:
		return say.T("公務帳號申請審核中", "Application for an official's account under review")
	case Approved:
		return say.T("公務帳號", "Official's account")
	case Refused:
		return say.T("公務帳號申請未通過", "Application for an official's account refused")
	}
	return say.T("一般會員", "General member")
}

// Member is one member of the stand-in.
type Member struct {
	ID         string // also the subject of the OpenID provider: it never changes and says nothing
	Account    string
	Name       string
	Nickname   string
	Email      string
	Mobile     string // 救援手機門號
	More       bool   // S56
	Question   int    // 密碼提示問題, 1 is the first of Questions; 0: none
	State      State
	NationalID string // "" until verified
	Verified   Level  // how the national ID was verified; 0: not
	Official   Standing
	Agency     string
	Title      string
	Why        string // of a refusal
	Admin      bool   // decides about officials' accounts
	Created    time.Time
	SignedIn   time.Time
	Before     time.Time // the sign-in before the last

	password, answer string // hashes
}

// Questions are the recovery questions to choose from (密碼提示問題).
var Questions = []say.Text{
	say.T("我小學的校名？", "What was my primary school called?"),
	say.T("我的第一隻寵物的名字？", "What was my first pet called?"),
	say.T("我最喜歡的一本書？", "Which book do I like best?"),
	say.T("我第一個工作的地點？", "Where was my first job?"),
	say.T("我童年最好的朋友的綽號？", "What was the nickname of my best friend as a child?"),
}

// ways out that many refusals share
const passwordPage = "/egov/password"

// accountForm is what an account looks like; it is the same account in capital and small letters.
var accountForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{3,19}$`)

// readAccount is the account in s as it is kept.
func readAccount(s string) (string, error) {
	s = taiwan.Fold(s)
	switch {
	case s == "":
		return s, fault.Of(fault.Invalid, "輸入帳號", "Enter an account")
	case !accountForm.MatchString(s):
		return s, fault.Of(fault.Invalid, "輸入 4 到 20 個字的帳號：英文字母開頭，可以用英文字母、數字和 . _ -", "Enter an account of 4 to 20 characters: a letter first, then letters, digits and . _ -")
	}
	return s, nil
}

func accountKey(s string) string {
	s = strings.ToLower(taiwan.Fold(s))
	if r := []rune(s); len(r) > 100 {
		return string(r[:100])
	}
	return s
}

var mobileForm = regexp.MustCompile(`^09\d{8}$`)

// readMobile is the mobile number in s (S58).
func readMobile(s string) (string, error) {
	s = taiwan.Fold(s)
	if s != "" && !mobileForm.MatchString(s) {
		return s, fault.Of(fault.Invalid, "輸入 09 開頭的 10 個數字，例如 0911123456", "Enter ten digits beginning with 09, for example 0911123456")
	}
	return s, nil
}

// shortLine is s as one line of at most n characters.
func shortLine(s string, n int) (string, error) {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > n {
		return s, fault.Say(fault.Invalid, say.F("縮短到 %d 個字以內", "Shorten this to at most %d characters", n))
	}
	return s, nil
}

// Find is the member with that id; store.ErrNotFound if there is none.
func Find(tx *store.Tx, id string) (Member, error) { return memberBy(tx, "id", id) }

// ByAccount is the member with that account; store.ErrNotFound if there is none.
func ByAccount(tx *store.Tx, account string) (Member, error) {
	return memberBy(tx, "account_key", accountKey(account))
}
