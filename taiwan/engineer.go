package taiwan

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// EngineerLicence is the number of a professional engineer's practice licence (執業執照號碼).
type EngineerLicence struct {
	Word   string // 技執, the word of all of them; another is kept as typed
	Number string // five or six digits, leading zeros kept
}

// EngineerWord is the word of engineers' practice licences.
const EngineerWord = "技執"

var (
	engineerLabel = regexp.MustCompile(`^(?:技師)?執業執照(?:字號|號碼)?`)
	wordAndDigits = regexp.MustCompile(`^(.*?)[ .\-]*([0-9][0-9 ]*)$`)
)

// ParseEngineerLicence reads 「技執字第00123號」 in any spelling. A number alone gets the word 技執.
func ParseEngineerLicence(line string) (EngineerLicence, error) {
	m := wordAndDigits.FindStringSubmatch(without(strings.TrimRight(plain(line), " .,;:、。-號"+brackets), brackets))
	if m == nil {
		return EngineerLicence{}, refuse("輸入執業執照號碼，例如 技執字第00123號", "Enter the practice licence number, for example 技執字第00123號")
	}
	l := EngineerLicence{Word: numberWord(m[1], engineerLabel), Number: without(m[2], " ")}
	if l.Word == "" {
		l.Word = EngineerWord
	}
	if !hanWord.MatchString(l.Word) {
		return EngineerLicence{}, refuse("核對執照上的字，例如 技執字第00123號", "Compare the word on the licence, for example 技執字第00123號")
	}
	if len(l.Number) != 5 && len(l.Number) != 6 {
		return EngineerLicence{}, refuse("輸入 5 或 6 個數字，前面的 0 也要，例如 00123", "Enter five or six digits with the leading zeros, for example 00123")
	}
	return l, nil
}

// String is the licence as printed: 技執字第00123號.
func (l EngineerLicence) String() string { return l.Word + "字第" + l.Number + "號" }

// Spaced is the licence as the user manual prints it: 技執 字第 00123 號.
func (l EngineerLicence) Spaced() string { return l.Word + " 字第 " + l.Number + " 號" }

var (
	permitLabel  = regexp.MustCompile(`^(?:內政部)?(?:許可|核准)?(?:文號|字號)|^內政部`)
	permitDate   = regexp.MustCompile(`^(?:內政部)?(?:中華民國|民國)?[0-9]{2,3}年[0-9]{1,2}月[0-9]{1,2}日`)
	permitOffice = regexp.MustCompile(`^臺內`)
)

// PermitNumber is the number of the Ministry's letter that permits an engineer to certify (內政部許可文號). With its word
// it comes back as printed, 「內授營建管字第1110000001號」; digits alone come back as digits, since the word cannot be
// guessed. A label, the date of the letter and 函 at the end are left out.
func PermitNumber(s string) (string, error) {
	t := without(plain(s), " "+brackets)
	t = permitLabel.ReplaceAllString(t, "")
	t = strings.TrimLeft(t, ":")
	t = permitDate.ReplaceAllString(t, "")
	t = strings.TrimRight(t, ".,;:、。-函令號")
	m := wordAndDigits.FindStringSubmatch(t)
	if m == nil {
		return "", refuse("輸入許可文號，例如 內授營建管字第1110000001號", "Enter the permit number, for example 內授營建管字第1110000001號")
	}
	if len(m[2]) < 6 || len(m[2]) > 12 {
		return "", refuse("輸入完整文號，數字有 6 到 12 個，例如 1110000001", "Enter the whole number, 6 to 12 digits, for example 1110000001")
	}
	word := permitOffice.ReplaceAllString(numberWord(m[1], permitLabel), "台內")
	if word == "" {
		return m[2], nil
	}
	if !hanWord.MatchString(word) {
		return "", refuse("核對文號前的字，例如 內授營建管字第1110000001號", "Compare the word before the number, for example 內授營建管字第1110000001號")
	}
	return word + "字第" + m[2] + "號", nil
}

// ContractorLicence is the number of a construction firm's registration certificate (營造業登記證書字號). Its printed
// order differs by era, so the text is what counts; the parts are filled as far as they can be told.
type ContractorLicence struct {
	Text   string // the number as typed, half-width and without spaces
	Class  string // 綜 (綜合營造業), 專 (專業營造業), 土 (土木包工業)
	Grade  string // 甲, 乙, 丙, 直甲
	Number string // letter and digits: T00001
	Suffix string // three digits: 000
}

var (
	contractorNumber = regexp.MustCompile(`([A-Z]?[0-9]{4,6})(?:-([0-9]{3}))?號?$`)
	contractorGrade  = regexp.MustCompile(`(直甲|[甲乙丙])`)
)

// ParseContractorLicence takes what is printed on the certificate, up to 40 characters, and refuses only what cannot be
// a number at all: nothing, or text without a digit.
func ParseContractorLicence(line string) (ContractorLicence, error) {
	t := without(plain(line), " ")
	if err := freeNumber(t, "輸入登記證書上的字號，例如 綜甲字第T00001-000號", "Enter the number on the registration certificate, for example 綜甲字第T00001-000號"); err != nil {
		return ContractorLicence{}, err
	}
	l := ContractorLicence{Text: t, Grade: contractorGrade.FindString(t)}
	for _, class := range []string{"綜", "專", "土"} {
		if strings.Contains(t, class) {
			l.Class = class
			break
		}
	}
	if m := contractorNumber.FindStringSubmatch(t); m != nil {
		l.Number, l.Suffix = m[1], m[2]
	}
	return l, nil
}

// String is the text of the number.
func (l ContractorLicence) String() string { return l.Text }

// DecoratorLicence is the number of an interior decorator's or its technicians' certificate (室內裝修業登記證), free text
// of up to 40 characters with at least one digit: no rule for these numbers has been published.
func DecoratorLicence(s string) (string, error) {
	t := without(plain(s), " ")
	return t, freeNumber(t, "輸入登記證上的字號，例如 測室業字第000001號", "Enter the number on the registration certificate, for example 測室業字第000001號")
}

// freeNumber holds a number without a published rule to the little that must be so.
func freeNumber(t, zh, en string) error {
	if !strings.ContainsAny(t, "0123456789") {
		return refuse(zh, en)
	}
	if utf8.RuneCountInString(t) > 40 {
		return refuse("縮短字號，最多 40 個字", "Shorten the number to at most 40 characters")
	}
	return nil
}
