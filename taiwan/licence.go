package taiwan

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// LicenceNumber is the number of a building licence (執照字號): (112)南工造字第00823號, and for a change of design
// (112)南工造字第00823-01號.
type LicenceNumber struct {
	Year   int    // ROC year
	Word   string // authority and kind, without 字: 南工造
	Number int
	Change int // number of the change of design, 0 for the licence itself
}

var licenceLine = regexp.MustCompile(`^\(?([0-9]{1,3})[)年度\-]*([\p{Han}A-Z][\p{Han}A-Z()]{0,18}?)字?第?([0-9]{1,7})號?(?:[\-之]([0-9]{1,2})號?)?$`)

// ParseLicenceNumber reads a licence number in any spelling: brackets or none around the year, 年, spaces, 字第 and 號 or
// not, leading zeros or not, the change as -01, 之1 or 號-01號.
func ParseLicenceNumber(line string) (LicenceNumber, error) {
	t := strings.NewReplacer("[", "(", "]", ")", "【", "(", "】", ")", "〔", "(", "〕", ")").Replace(without(plain(line), " 「」『』\"'.,"))
	t = strings.TrimPrefix(t, "執照字號")
	t = strings.TrimPrefix(strings.TrimPrefix(t, ":"), "民國")
	if t == "" || digitsOnly.MatchString(t) {
		return LicenceNumber{}, refuse("輸入執照字號，例如 (112)南工造字第00823號", "Enter the licence number, for example (112)南工造字第00823號")
	}
	m := licenceLine.FindStringSubmatch(t)
	if m == nil {
		if t[0] != '(' && (t[0] < '0' || t[0] > '9') {
			return LicenceNumber{}, refuse("補上核發年度，例如 (112)南工造字第00823號", "Add the year of issue, for example (112)南工造字第00823號")
		}
		return LicenceNumber{}, refuse("核對執照字號，例如 (112)南工造字第00823號", "Compare the licence number, for example (112)南工造字第00823號")
	}
	var l LicenceNumber
	l.Year, _ = strconv.Atoi(m[1])
	l.Word = strings.TrimRight(m[2], "字第")
	l.Number, _ = strconv.Atoi(m[3])
	l.Change, _ = strconv.Atoi(m[4])
	if l.Year == 0 || l.Number == 0 || l.Word == "" || strings.Count(l.Word, "(") != strings.Count(l.Word, ")") {
		return LicenceNumber{}, refuse("核對執照字號，例如 (112)南工造字第00823號", "Compare the licence number, for example (112)南工造字第00823號")
	}
	return l, nil
}

// String is the number as printed, the serial with at least five digits.
func (l LicenceNumber) String() string {
	change := ""
	if l.Change > 0 {
		change = fmt.Sprintf("-%02d", l.Change)
	}
	return fmt.Sprintf("(%d)%s字第%05d%s號", l.Year, l.Word, l.Number, change)
}

// Kind is the kind of licence its word names: 造 build, 雜 miscellaneous, 使 use, 拆 demolish; "" if none.
func (l LicenceNumber) Kind() string {
	for _, kind := range []string{"造", "雜", "使", "拆"} {
		if strings.HasSuffix(strings.TrimRight(l.Word, ")"), kind) {
			return kind
		}
	}
	return ""
}
