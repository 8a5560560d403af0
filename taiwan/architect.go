package taiwan

import (
	"regexp"
	"strings"

	"cloudbm/say"
)

// ArchitectLicence is the number of an architect's practice licence (開業證書字號) in the parts the Ministry keeps.
type ArchitectLicence struct {
	Word   string // 南市建開證; "" when the line had none, and then whoever asked must ask for it
	Letter string // one capital letter, the municipality's in building administration (T = 臺南市)
	Number string // five or six digits, leading zeros kept
	Branch string // two digits, the branch of a joint office (聯合事務所支號); "" when there is none
}

var (
	architectLabel = regexp.MustCompile(`^(?:建築師)?開業證書?(?:字號|號碼)`)
	architectLine  = regexp.MustCompile(`^(.*?)([A-Z]?)[ .\-]*([0-9][0-9 \-之一號.]*)$`)
	lettersForZero = regexp.MustCompile(`^[A-Z][ \-]*[0-9 ]*[OIL][0-9OIL \-]*$`)
)

// ParseArchitectLicence reads one pasted line in any spelling: 「南市建開證字第T123456-01號」, "t 123456 之 01", the line
// of the certificate with its label. The number has five or six digits. A branch written without a hyphen is taken only
// behind six digits and as 01 to 09 (t12345601); anything else run together is refused, because it may as well be a slip.
func ParseArchitectLicence(line string) (ArchitectLicence, error) {
	s := strings.TrimRight(plain(line), " .,;:、。-號"+brackets)
	if s == "" {
		return ArchitectLicence{}, refuse("輸入開業證書字號，例如 T123456-01", "Enter the practice licence number, for example T123456-01")
	}
	number := s
	if i := strings.LastIndex(s, "第"); i >= 0 {
		number = s[i+len("第"):]
	}
	if lettersForZero.MatchString(without(number, brackets)) {
		return ArchitectLicence{}, refuse("把英文 O、I、L 改成數字，例如 T100101", "Change the letters O, I and L to digits, for example T100101")
	}
	m := architectLine.FindStringSubmatch(without(s, brackets))
	if m == nil {
		return ArchitectLicence{}, refuse("輸入開業證書字號，例如 T123456-01", "Enter the practice licence number, for example T123456-01")
	}
	word, err := architectWord(m[1])
	if err != nil {
		return ArchitectLicence{}, err
	}
	if m[2] == "" {
		return ArchitectLicence{}, refuse("補上英文字母：證號請填寫完整六碼(包含英文)",
			"Add the letter before the digits: the number is complete only with its letter, for example T123456")
	}
	l := ArchitectLicence{Word: word, Letter: m[2]}
	if l.Number, l.Branch, err = architectNumber(m[3]); err != nil {
		return ArchitectLicence{}, err
	}
	return l, nil
}

// architectWord is the issuing word in front of the letter, as the Ministry lists it where it does.
func architectWord(head string) (string, error) {
	word := numberWord(head, architectLabel)
	if word == "" {
		return "", nil
	}
	if !hanWord.MatchString(word) {
		return "", refuse("輸入證書上的字、一個英文字母和數字，例如 南市建開證字第T123456號",
			"Enter the word on the certificate, one letter and the digits, for example 南市建開證字第T123456號")
	}
	for _, w := range []string{word, word + "字"} {
		if listed := WordsNamed(w); listed != nil {
			return listed[0].Word, nil
		}
	}
	return word, nil
}

// architectNumber takes the digits of a licence apart into number and branch.
func architectNumber(tail string) (number, branch string, err error) {
	parts := strings.FieldsFunc(tail, func(r rune) bool { return !strings.ContainsRune("0123456789 ", r) })
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	parts = filled(parts)
	if len(parts) == 1 {
		parts = splitBranch(parts[0])
	}
	number = without(parts[0], " ")
	if len(number) != 5 && len(number) != 6 || len(parts) > 2 {
		return "", "", refuse("核對證號：後面英文+6位數字 -01(聯合事務所的支號)",
			"Compare the number: a letter, six digits and, for a joint office, its branch such as -01")
	}
	if len(parts) == 2 {
		branch = without(parts[1], " ")
		if len(branch) != 2 {
			return "", "", refuse("輸入兩位數的支號，例如 -01(聯合事務所的支號)", "Enter the branch of the joint office with two digits, for example -01")
		}
	}
	if branch == "00" {
		branch = ""
	}
	return number, branch, nil
}

// splitBranch finds a branch written without a hyphen: two digits apart from the rest, or 01 to 09 behind six digits.
func splitBranch(digits string) []string {
	groups := strings.Fields(digits)
	joined := strings.Join(groups, "")
	n := len(joined) - 2
	switch {
	case len(groups) > 1 && len(groups[len(groups)-1]) == 2 && (n == 5 || n == 6):
		return []string{joined[:n], joined[n:]}
	case n == 6 && joined[n] == '0' && joined[n+1] != '0':
		return []string{joined[:n], joined[n:]}
	}
	return []string{joined}
}

// filled is parts without the empty ones.
func filled(parts []string) []string {
	kept := parts[:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return kept
}

// NumberText is the number with its letter and branch: T123456-01.
func (l ArchitectLicence) NumberText() string {
	if l.Branch == "" {
		return l.Letter + l.Number
	}
	return l.Letter + l.Number + "-" + l.Branch
}

// String is the licence as certificates print it: 南市建開證字第T123456-01號. Without a word it is the number alone.
func (l ArchitectLicence) String() string {
	if l.Word == "" {
		return l.NumberText()
	}
	return strings.TrimSuffix(l.Word, "字") + "字第" + l.NumberText() + "號"
}

// Spaced is the licence as the user manual prints it: 南市建開證 字第 T123456-01 號.
func (l ArchitectLicence) Spaced() string {
	if l.Word == "" {
		return l.NumberText()
	}
	return strings.TrimSuffix(l.Word, "字") + " 字第 " + l.NumberText() + " 號"
}

// Code is the Ministry's code of the word, "" for a word it does not list. Of several entries written alike the one of
// the letter's municipality counts, else the first.
func (l ArchitectLicence) Code() string {
	listed := WordsNamed(l.Word)
	if len(listed) == 0 {
		return ""
	}
	if m, ok := MunicipalityByLetter(l.Letter); ok {
		for _, w := range listed {
			if w.Municipality == m.Code {
				return w.Code
			}
		}
	}
	return listed[0].Code
}

// Warnings are doubts that do not stop anybody: a letter of another municipality than the word, a letter or a word that
// no table knows.
func (l ArchitectLicence) Warnings() []say.Text {
	var doubts []say.Text
	of, known := MunicipalityByLetter(l.Letter)
	if !known {
		doubts = append(doubts, say.F("核對英文字母：%s 不是任何縣市的代號", "Compare the letter: %s stands for no municipality", l.Letter))
	}
	listed := WordsNamed(l.Word)
	if l.Word != "" && listed == nil {
		doubts = append(doubts, say.F("核對證書上的字：名單裡沒有「%s」", "Compare the word on the certificate: the list has no 「%s」", l.Word))
	}
	if known && len(listed) > 0 && !issuedBy(listed, of.Code) {
		at, _ := MunicipalityByCode(listed[0].Municipality)
		doubts = append(doubts, say.F("核對證號：「%s」是%s的字，%s 是%s的代號", "Compare the number: 「%s」 belongs to %s, the letter %s to %s",
			l.Word, at.Text(), l.Letter, of.Text()))
	}
	return doubts
}

// issuedBy reports whether one of the entries belongs to the municipality or to none in particular.
func issuedBy(listed []LicenceWord, municipality string) bool {
	for _, w := range listed {
		if w.Municipality == "" || w.Municipality == municipality {
			return true
		}
	}
	return false
}

// ArchitectCertificate is the number of an architect's own certificate (建築師證號): four digits, on newer certificates
// up to six, and nothing else. Words around it are refused with the sentence of the user manual, as the authorities do.
func ArchitectCertificate(s string) (string, error) {
	t := without(plain(s), " ")
	if !digitsOnly.MatchString(t) || len(t) < 4 || len(t) > 6 {
		return "", refuse("建築師證號只要填四個數字，其他文字都不要打",
			"Enter only the four digits of the architect's certificate (up to six on newer ones), no other text")
	}
	return t, nil
}
