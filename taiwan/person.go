package taiwan

import (
	"regexp"
	"strings"
)

// OldUINumbersUntil is the last day on which a 統一證號 of the old style (two letters) may be used.
var OldUINumbersUntil = NewDate(2030, 12, 31)

// IDRules says which numbers a field for a person's number takes besides those in force for everybody.
type IDRules struct {
	AllowSamples bool // numbers that forms print as an example, such as A123456789
	OldUINumbers bool // 統一證號 of two letters and eight digits, in use until OldUINumbersUntil
	ManualSample bool // R123456789, the number the user manual shows though its check digit is wrong: demonstrations only
}

// PersonID is the number of a person, 國民身分證統一編號 or 統一證號 of either style, in capital letters and half-width
// digits. Spaces and hyphens are ignored. The check digit is verified; a number that passes need not belong to anybody.
func PersonID(s string) (string, error) {
	return IDRules{AllowSamples: true, OldUINumbers: true}.PersonID(s)
}

// PersonIDStrict is PersonID for production: it refuses the numbers that forms print as an example.
func PersonIDStrict(s string) (string, error) {
	return IDRules{OldUINumbers: true}.PersonID(s)
}

var (
	nationalID = regexp.MustCompile(`^[A-Z][1289][0-9]{8}$`)
	oldUI      = regexp.MustCompile(`^[A-Z][ABCD][0-9]{8}$`)
	samples    = map[string]bool{"A123456789": true, "A223456781": true, "A100000001": true, "A200000003": true, "R123456783": true}
)

const manualSample = "R123456789"

// PersonID is the person's number in s if these rules take it.
func (r IDRules) PersonID(s string) (string, error) {
	id := without(plain(s), " -.:"+brackets)
	switch {
	case id == "":
		return "", refuse("輸入身分證字號或統一證號", "Enter a national ID or a resident's UI number")
	case r.ManualSample && id == manualSample:
		return id, nil
	case oldUI.MatchString(id) && !r.OldUINumbers:
		return "", refuse("輸入新式統一證號：1 個英文字母加 9 個數字", "Enter the new UI number: one letter and nine digits")
	case !nationalID.MatchString(id) && !oldUI.MatchString(id):
		return "", refuse("輸入 10 碼：1 個英文字母加 9 個數字，例如 D123000011",
			"Enter ten characters: one letter and nine digits, for example D123000011")
	case !personCheck(id):
		return "", refuse("核對每一碼：檢查碼不符，可能打錯一碼", "Compare each character: the check digit differs, one may be mistyped")
	case samples[id] && !r.AllowSamples:
		return "", refuse("輸入本人的號碼，%s 是表單的範例", "Enter the person's own number: %s is the example on forms", id)
	}
	return id, nil
}

// personCheck verifies the check digit. The letter counts as two digits, and in an old 統一證號 the second letter as the
// units digit of its value.
func personCheck(id string) bool {
	first := letterValue(id[0])
	sum := first/10 + first%10*9
	for i := 1; i < 10; i++ {
		d := int(id[i] - '0')
		if i == 1 && id[i] >= 'A' {
			d = letterValue(id[i]) % 10
		}
		sum += d * max(9-i, 1)
	}
	return sum%10 == 0
}

// letterValue is the two-digit value of a household letter. I, O and W came late and took 34, 35 and 32. These letters
// are not those of building administration: there T is 臺南市, here D is.
func letterValue(c byte) int { return strings.IndexByte("ABCDEFGHJKLMNPQRSTUVXYWZIO", c) + 10 }

// MaskID hides the middle of a person's number for the screen: D12*****11. What is too short to hide anything else is
// hidden whole.
func MaskID(s string) string {
	r := []rune(s)
	if len(r) < 8 {
		return strings.Repeat("*", len(r))
	}
	return string(r[:3]) + strings.Repeat("*", len(r)-5) + string(r[len(r)-2:])
}
