package cards

import (
	"regexp"
	"strings"

	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/taiwan"
)

// Numbers are how the numbers under the bar codes of cards look. What the authorities really print is not published, so
// it is configuration.
type Numbers struct {
	// Pattern is what a whole number matches, in capitals and without blanks; nil: two letters, then 14 or 16 letters
	// and digits.
	Pattern *regexp.Regexp
}

// usual is how numbers look unless the configuration says otherwise.
var usual = regexp.MustCompile(`^[A-Z]{2}(?:[0-9A-Z]{14}|[0-9A-Z]{16})$`)

// example is a number that nobody has.
const example = "TP01000000000011"

func (n Numbers) matches(number string) bool {
	if n.Pattern == nil {
		return usual.MatchString(number)
	}
	return n.Pattern.MatchString(number)
}

var (
	serials     = regexp.MustCompile(`^[0-9A-F]{20,}$`)
	notTheCards = say.T("填卡片條碼下方的號碼：這看起來是憑證本身的序號，不是卡號", "Enter the number under the bar code of the card: this looks like the serial number of the certificate")
	usualForm   = say.T("填卡片條碼下方的號碼，例如 "+example+"：兩個英文字母，後面 14 或 16 個英文字母或數字", "Enter the number under the bar code of the card, for example "+example+": two letters, then 14 or 16 letters or digits")
	otherForm   = say.T("填卡片條碼下方的號碼，英文字母和數字都要，一個也不能少", "Enter the number under the bar code of the card, whole, with its letters and digits")
)

// Hint is how a number looks, in words.
func (n Numbers) Hint() say.Text {
	if n.Pattern == nil {
		return say.T("兩個英文字母，後面 14 或 16 個英文字母或數字", "two letters, then 14 or 16 letters or digits")
	}
	return say.T("英文字母和數字都要", "with its letters and digits")
}

func (n Numbers) refuse(s string) error {
	if len(s) >= 32 || serials.MatchString(s) {
		return fault.BadText("number", notTheCards)
	}
	return fault.BadText("number", n.form())
}

func (n Numbers) form() say.Text {
	if n.Pattern == nil {
		return usualForm
	}
	return otherForm
}

func isLetterOrDigit(r rune) bool { return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' }

// Read reads a number as people type it: width, case, blanks and hyphens do not matter, and a letter that looks like a
// digit is the digit where digits stand. Empty if nothing was typed.
func (n Numbers) Read(typed string) (string, error) {
	s := plain(typed)
	switch colons := strings.Contains(typed, ":") || strings.Contains(typed, "："); {
	case s == "":
		return "", nil
	case colons && len(s) >= 16:
		return "", fault.BadText("number", notTheCards)
	case n.matches(alike(s)):
		return alike(s), nil
	case n.matches(s):
		return s, nil
	}
	return "", n.refuse(strings.TrimPrefix(s, "0X"))
}

// plain is a number without what does not matter.
func plain(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "_", "", ".", "", ":", "").Replace(strings.ToUpper(taiwan.Fold(s)))
}

var toDigits, toLetters = strings.NewReplacer("O", "0", "I", "1", "L", "1"), strings.NewReplacer("0", "O", "1", "I")

// alike is one way of writing for all numbers that look alike: letters at the first two places, digits behind them.
func alike(s string) string {
	s = plain(s)
	if len(s) < 3 || strings.ContainsFunc(s, func(r rune) bool { return !isLetterOrDigit(r) }) {
		return s
	}
	return toLetters.Replace(s[:2]) + toDigits.Replace(s[2:])
}
