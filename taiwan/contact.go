package taiwan

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// areaCodes are the area codes with the lengths of a local number behind them, the longest code first so that 049 is
// found before 04. 0800 and 0809 are toll-free, 070 is telephony over the internet.
var areaCodes = []struct {
	code    string
	lengths []int
}{
	{"0826", []int{5}}, {"0836", []int{5}}, {"0800", []int{6}}, {"0809", []int{6}},
	{"037", []int{6}}, {"049", []int{7}}, {"082", []int{6}}, {"089", []int{6}}, {"070", []int{8}},
	{"02", []int{8}}, {"03", []int{7}}, {"04", []int{7, 8}}, {"05", []int{7}}, {"06", []int{7}}, {"07", []int{7}}, {"08", []int{7}},
}

var (
	phoneLabel = regexp.MustCompile(`^(?:\p{Han}{0,6}(?:電話|手機|市話|行動|傳真|專線)(?:號碼)?|TEL(?:EPHONE)?|PHONE|MOBILE|CELL|FAX)[ .:]*`)
	phoneExt   = regexp.MustCompile(`[ ,;]*(?:#|EXT(?:ENSION)?|X|轉分機|分機號碼|分機|轉|,)[ :#.\-]*([0-9][0-9 ]*)\)?$`)
	phoneBody  = regexp.MustCompile(`^\(?\+?[0-9 ().\-/]+$`)
)

// Mobile is the mobile number in s as ten digits: 0911123456. Hyphens, spaces and the country code +886 are taken.
func Mobile(s string) (string, error) {
	digits, ext, err := phoneDigits(s)
	if err != nil {
		return "", err
	}
	if ext != "" || len(digits) != 10 || !strings.HasPrefix(digits, "09") {
		return "", refuse("輸入 09 開頭的 10 個數字，例如 0911123456", "Enter ten digits that begin with 09, for example 0911123456")
	}
	return digits, nil
}

// Phone is the telephone number in s: a land line as area code, number and extension (06-6322231#6390) or a mobile
// number (0911123456).
func Phone(s string) (string, error) {
	digits, ext, err := phoneDigits(s)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(digits, "09") && len(digits) == 10 {
		if ext != "" {
			return "", refuse("刪掉分機：手機號碼沒有分機", "Remove the extension: a mobile number has none")
		}
		return digits, nil
	}
	for _, a := range areaCodes {
		local, ok := strings.CutPrefix(digits, a.code)
		if !ok || strings.HasPrefix(local, "0") && len(a.code) < 4 {
			continue
		}
		for _, n := range a.lengths {
			if len(local) == n {
				return a.code + "-" + local + ext, nil
			}
		}
	}
	if digits[0] != '0' {
		return "", refuse("補上區碼，例如 06-6322231", "Add the area code, for example 06-6322231")
	}
	return "", refuse("核對區碼和號碼的位數，例如 06-6322231#6390 或 0911123456",
		"Compare the area code and the number of digits, for example 06-6322231#6390 or 0911123456")
}

// phoneDigits takes s apart into the digits as dialled inside the country and the extension with its #.
func phoneDigits(s string) (digits, ext string, err error) {
	t := strings.Trim(phoneLabel.ReplaceAllString(plain(s), ""), " .,;:-")
	if t == "" {
		return "", "", refuse("輸入電話，例如 06-6322231#6390 或 0911123456", "Enter a telephone number, for example 06-6322231#6390 or 0911123456")
	}
	if m := phoneExt.FindStringSubmatchIndex(t); m != nil {
		ext = without(t[m[2]:m[3]], " ")
		t = strings.TrimRight(t[:m[0]], " (-")
		if len(ext) > 6 {
			return "", "", refuse("縮短分機：分機最多 6 個數字", "Shorten the extension: it has at most six digits")
		}
		ext = "#" + ext
	}
	if !phoneBody.MatchString(t) {
		return "", "", refuse("輸入一個電話，只用數字、-、# 和括號", "Enter one telephone number, with digits, -, # and brackets only")
	}
	digits = without(t, "+ ().-/")
	if digits == "" {
		return "", "", refuse("輸入電話，例如 06-6322231#6390 或 0911123456", "Enter a telephone number, for example 06-6322231#6390 or 0911123456")
	}
	abroad := strings.HasPrefix(t, "+") || strings.HasPrefix(t, "(+") || strings.HasPrefix(digits, "00")
	inside, ours := strings.CutPrefix(strings.TrimPrefix(digits, "00"), "886")
	switch {
	case ours && (abroad || len(inside) >= 8):
		digits = "0" + strings.TrimPrefix(inside, "0")
	case abroad:
		return "", "", refuse("輸入臺灣的電話，國碼是 +886", "Enter a telephone number in Taiwan, country code +886")
	}
	return digits, ext, nil
}

var (
	emailLocal  = regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+)*$`)
	emailDomain = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)
)

// Email is the e-mail address in s with its domain in small letters; the part before the @ is kept as typed. Two
// addresses are the same mailbox when their EmailKey is equal. Whether anybody reads it is for a letter to find out.
func Email(s string) (string, error) {
	t := strings.Trim(Fold(s), "<>,; ")
	if rest, ok := strings.CutPrefix(strings.ToLower(t), "mailto:"); ok {
		t = t[len(t)-len(rest):]
	}
	local, domain, found := strings.Cut(t, "@")
	domain = strings.ToLower(domain)
	switch {
	case t == "":
		return "", refuse("輸入電子郵件地址，例如 name@example.com", "Enter an e-mail address, for example name@example.com")
	case !found || strings.Contains(domain, "@"):
		return "", refuse("輸入一個有 @ 的電子郵件地址，例如 name@example.com", "Enter one e-mail address with an @, for example name@example.com")
	case len(t) > 254 || len(local) > 64:
		return "", refuse("輸入較短的電子郵件地址，@ 前最多 64 字", "Enter a shorter e-mail address, at most 64 characters before the @")
	case !emailLocal.MatchString(local):
		return "", refuse("核對 @ 前面的字，只能用英文、數字和 . _ -", "Compare the part before the @: letters, digits and . _ - only")
	case !emailDomain.MatchString(domain):
		return "", refuse("核對 @ 後面的網域，例如 example.com", "Compare the domain after the @, for example example.com")
	}
	return local + "@" + domain, nil
}

// EmailKey is what two spellings of one mailbox have in common: all small letters. It is for uniqueness, not for sending.
func EmailKey(s string) string { return strings.ToLower(Fold(s)) }

// Postcode is the postcode in s: three digits, or with the delivery part five (until 2020) or six, written together.
func Postcode(s string) (string, error) {
	t := without(strings.TrimPrefix(plain(s), "郵遞區號"), " -:"+brackets)
	if !digitsOnly.MatchString(t) || len(t) != 3 && len(t) != 5 && len(t) != 6 || t < "100" || t >= "984" {
		return "", refuse("輸入 3、5 或 6 個數字的郵遞區號，例如 708", "Enter a postcode of three, five or six digits, for example 708")
	}
	return t, nil
}

// NameLimit is the longest name the register keeps, in characters.
const NameLimit = 70

// PersonName is the name of a person or a body in s, composed (NFC), with single spaces: any Han character Unicode
// knows, rare ones too, names with a middle dot, names in Latin letters. It is otherwise kept as typed. Characters that
// cannot be seen or that turn the direction of writing are refused, because with them two names can look the same.
func PersonName(s string) (string, error) {
	name := norm.NFC.String(strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), blank), " "))
	if utf8.RuneCountInString(name) > NameLimit {
		return "", refuse("縮短姓名或名稱，最多 %d 個字", "Shorten the name to at most %d characters", NameLimit)
	}
	letters := 0
	for _, r := range name {
		switch {
		case rareHan(r), unicode.IsLetter(r) && !rightToLeft(r) && !invisible(r):
			letters++
		case rightToLeft(r):
			return "", refuse("輸入證件上的中文或羅馬拼音姓名", "Enter the name in Chinese or in Latin letters, as on the identity document")
		case unicode.Is(unicode.Co, r):
			return "", refuse("換成 Unicode 的字：這裡有自造字", "Replace the private-use character by the Unicode one")
		case invisible(r) || r == utf8.RuneError || !unicode.IsGraphic(r):
			return "", refuse("刪掉看不見的字元，重新輸入姓名", "Delete the characters that cannot be seen and enter the name again")
		}
	}
	if letters == 0 {
		return "", refuse("輸入姓名或名稱", "Enter the name")
	}
	return name, nil
}

// blank tells the spaces and line ends between the parts of a name; other control characters are for the check to find.
func blank(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || unicode.Is(unicode.Zs, r)
}

// rareHan reports whether r lies in the two planes set aside for Han characters, known to this Go's tables or not.
func rareHan(r rune) bool { return r >= 0x20000 && r <= 0x3FFFD }

func rightToLeft(r rune) bool {
	p, _ := bidi.LookupString(string(r))
	switch p.Class() {
	case bidi.R, bidi.AL, bidi.RLE, bidi.RLO, bidi.RLI, bidi.LRE, bidi.LRO, bidi.LRI, bidi.PDF, bidi.PDI:
		return true
	}
	return r == 0x200E || r == 0x200F || r == 0x061C
}

// LooksAlike reports whether a name holds characters that pass for others: letters of two alphabets side by side, or the
// radicals of the Kangxi dictionary that look like the Han characters made from them. Such a name is shown with a mark,
// it is not refused.
func LooksAlike(name string) bool {
	alphabets := 0
	for _, script := range []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Armenian, unicode.Cherokee} {
		if strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(script, r) && unicode.IsLetter(r) }) {
			alphabets++
		}
	}
	return alphabets > 1 || strings.ContainsFunc(name, func(r rune) bool { return r >= 0x2E80 && r <= 0x2FDF })
}

// NameKey is what two spellings of one name have in common: no spaces, one kind of middle dot, 臺 for 台, half-width,
// small letters. It is for comparing a profile with a register, never for showing.
func NameKey(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ':
			return -1
		case '‧', '・', '•', '∙', '⋅', '.', '．', '･':
			return '·'
		case '台':
			return '臺'
		}
		return unicode.ToLower(r)
	}, Fold(s))
}
