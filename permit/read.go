package permit

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/taiwan"
)

// Read takes what was typed and answers it in canonical form, or a fault that says how to mend it. Nothing typed is
// the empty answer: whether an answer is required is asked by Holds, not here.
func (f Field) Read(typed string) (string, error) {
	s := strings.TrimSpace(strings.ReplaceAll(typed, "\r\n", "\n"))
	if s == "" || f.Kind == Computed {
		return "", nil
	}
	if most := f.most(); utf8.RuneCountInString(s) > most {
		return "", fault.Say(fault.Invalid, say.F("「%s」最多 %d 個字", "“%s” takes at most %d characters", f.Label, most))
	}
	switch f.Kind {
	case Lines:
		return s, nil
	case Name:
		return taiwan.PersonName(s)
	case Whole, Decimal, Money:
		return f.number(s)
	case Choice, YesNo:
		return f.chosen(s)
	case Several:
		return f.several(s)
	case Day:
		d, err := taiwan.ParseDate(s)
		if err != nil {
			return "", err
		}
		return d.ROC(), nil
	case PersonID:
		return taiwan.PersonID(s)
	case CompanyID:
		return taiwan.CompanyID(s)
	case AnyID:
		return anyID(s)
	case Phone:
		return taiwan.Phone(s)
	case Mobile:
		return taiwan.Mobile(s)
	case Mail:
		return taiwan.Email(s)
	case Address:
		return taiwan.NormalizeAddress(s), nil
	case Postcode:
		return taiwan.Postcode(s)
	case Architects:
		return printed(taiwan.ParseArchitectLicence(s))
	case Certificate:
		return taiwan.ArchitectCertificate(s)
	case Engineers:
		return printed(taiwan.ParseEngineerLicence(s))
	case PermitNo:
		return taiwan.PermitNumber(s)
	case Contractors:
		return printed(taiwan.ParseContractorLicence(s))
	case Decorators:
		return taiwan.DecoratorLicence(s)
	case LicenceNo:
		return printed(taiwan.ParseLicenceNumber(s))
	case LandNo:
		return printed(taiwan.ParseLandNumber(s))
	}
	return strings.Join(strings.Fields(s), " "), nil
}

func (f Field) most() int {
	switch {
	case f.Max > 0:
		return f.Max
	case f.Kind == Lines:
		return 2000
	}
	return 200
}

func printed[T interface{ String() string }](v T, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return v.String(), nil
}

func anyID(s string) (string, error) {
	digits := regexp.MustCompile(`^[0-9]+$`)
	if folded := taiwan.Fold(s); digits.MatchString(folded) {
		return taiwan.CompanyID(folded)
	}
	return taiwan.PersonID(s)
}

// number reads digits in any width, with or without thousands separators; it keeps the decimals as typed.
func (f Field) number(s string) (string, error) {
	plain := strings.NewReplacer(",", "", " ", "", "㎡", "", "%", "", "元", "").Replace(taiwan.Fold(s))
	d, err := decimal.NewFromString(plain)
	if err != nil || strings.ContainsAny(plain, "eE+") {
		return "", fault.Say(fault.Invalid, say.F("「%s」填數字，例如 %s", "Enter a number for “%s”, for example %s", f.Label, f.sample()))
	}
	if d.IsNegative() {
		return "", fault.Say(fault.Invalid, say.F("「%s」不能小於 0", "“%s” cannot be below 0", f.Label))
	}
	places := int32(0)
	if f.Kind == Decimal {
		places = int32(f.Places)
	}
	if !d.Equal(d.Truncate(places)) {
		if places == 0 {
			return "", fault.Say(fault.Invalid, say.F("「%s」填整數", "Enter a whole number for “%s”", f.Label))
		}
		return "", fault.Say(fault.Invalid, say.F("「%s」小數最多 %d 位", "“%s” takes at most %d decimals", f.Label, places))
	}
	if d.GreaterThan(decimal.New(1, 13)) {
		return "", fault.Say(fault.Invalid, say.F("「%s」的數字太大，看看是否多打了幾位", "“%s” is too large a number; look for extra digits", f.Label))
	}
	if places > 0 {
		return d.StringFixed(places), nil
	}
	return d.String(), nil
}

func (f Field) sample() string {
	if f.Places > 0 {
		return "365.75"
	}
	return "3"
}

func (f Field) chosen(s string) (string, error) {
	if f.Kind == YesNo {
		if s == "Y" || s == "N" {
			return s, nil
		}
		return "", fault.Say(fault.Invalid, say.F("選擇「%s」是或否", "Choose yes or no for “%s”", f.Label))
	}
	if slices.ContainsFunc(f.Choices, func(o Option) bool { return o.Value == s }) {
		return s, nil
	}
	return "", fault.Say(fault.Invalid, say.F("從清單中選擇「%s」", "Choose “%s” from the list", f.Label))
}

func (f Field) several(s string) (string, error) {
	var kept []string
	for _, v := range strings.Split(s, ",") {
		if v = strings.TrimSpace(v); v == "" || slices.Contains(kept, v) {
			continue
		}
		if _, err := (Field{Kind: Choice, Label: f.Label, Choices: f.Choices}).chosen(v); err != nil {
			return "", err
		}
		kept = append(kept, v)
	}
	return strings.Join(kept, ","), nil
}

// Show is an answer as people read it: the words of a choice, a number with its separators and unit.
func (f Field) Show(value string, l say.Lang) string {
	if value == "" {
		return ""
	}
	switch f.Kind {
	case YesNo:
		if value == "Y" {
			return say.T("是", "Yes").In(l)
		}
		return say.T("否", "No").In(l)
	case Choice, Several:
		var out []string
		for _, v := range strings.Split(value, ",") {
			out = append(out, f.word(v, l))
		}
		return strings.Join(out, "、")
	case Whole, Decimal, Money, Computed:
		return strings.TrimSpace(thousands(value) + " " + f.Unit)
	}
	return value
}

func (f Field) word(v string, l say.Lang) string {
	for _, o := range f.Choices {
		if o.Value == v {
			return o.Text.In(l)
		}
	}
	return v
}

func thousands(s string) string {
	if _, ok := number(s); !ok {
		return s
	}
	whole, frac, has := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if has {
		return whole + "." + frac
	}
	return whole
}

// Thousands writes a whole number with its separators: 6,100.
func Thousands(n int64) string { return thousands(decimal.NewFromInt(n).String()) }
