package taiwan

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	subOfNumber   = regexp.MustCompile(`([0-9]+)號[之\-]([0-9]+)(號|[^0-9樓F]|$)`)
	hyphenNumber  = regexp.MustCompile(`([0-9]+)-([0-9]+)號`)
	floorNumeral  = regexp.MustCompile(`([一二三四五六七八九十]{1,3})樓`)
	floorLatin    = regexp.MustCompile(`([0-9]{1,3}) ?F(?:-|之|$|[ ,(])`)
	floorSub      = regexp.MustCompile(`(樓)[之\-]([0-9一二三四五六七八九十]{1,3})`)
	sectionDigits = regexp.MustCompile(`([0-9]{1,2})段`)
	hanNumerals   = []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"}
)

// NormalizeAddress writes an address the one way two spellings of it have in common: 臺 for 台, 市 for the look-alike 巿,
// half-width digits, no spaces, 中山路一段 for 1段, 12之3號 for 12號之3 and 12-3號, 5樓之2 for 五樓之二, 5F-2. It is for
// searching and comparing; the record keeps what was typed.
func NormalizeAddress(s string) string {
	t := without(plain(s), " ,，")
	t = strings.NewReplacer("台", "臺", "巿", "市").Replace(t)
	t = subOfNumber.ReplaceAllStringFunc(t, func(hit string) string {
		m := subOfNumber.FindStringSubmatch(hit)
		return m[1] + "之" + m[2] + "號" + strings.TrimPrefix(m[3], "號")
	})
	t = hyphenNumber.ReplaceAllString(t, "${1}之${2}號")
	t = floorLatin.ReplaceAllStringFunc(t, func(hit string) string { return strings.Replace(strings.ReplaceAll(hit, " ", ""), "F", "樓", 1) })
	t = floorNumeral.ReplaceAllStringFunc(t, func(hit string) string {
		return strconv.Itoa(numeral(strings.TrimSuffix(hit, "樓"))) + "樓"
	})
	t = floorSub.ReplaceAllStringFunc(t, func(hit string) string {
		return "樓之" + strconv.Itoa(numeral(strings.TrimLeft(hit, "樓之-")))
	})
	return sectionDigits.ReplaceAllStringFunc(t, func(hit string) string {
		if n := numeral(strings.TrimSuffix(hit, "段")); n >= 1 && n <= 10 {
			return hanNumerals[n] + "段"
		}
		return hit
	})
}

// Address is an address in its parts, each as written after NormalizeAddress and without its unit.
type Address struct {
	Municipality  string // 臺南市
	District      string // 東區
	Village       string // 里 or 村
	Neighbourhood string // 鄰
	Road          string // road with its section: 中山路一段
	Lane          string // 巷
	Alley         string // 弄
	Number        string // 號
	Sub           string // 之 of the number
	Floor         string // 樓
	FloorSub      string // 之 of the floor
	Room          string // 室
	Rest          string // what fits nowhere
}

var addressParts = regexp.MustCompile(`^(?:[0-9]{3,6})?(\p{Han}{2}[市縣])?(\p{Han}{1,4}?[區鄉鎮市])?(\p{Han}{1,5}?[里村])?(?:([0-9]{1,3})鄰)?` +
	`(\p{Han}{1,10}?(?:大道|路|街)(?:[一二三四五六七八九十]段)?|\p{Han}{1,8}?[一二三四五六七八九十]段)?(?:([0-9]{1,4})巷)?(?:([0-9]{1,4})弄)?` +
	`(?:([0-9]{1,4})(?:之([0-9]{1,4}))?號)?(?:(地下[0-9]{0,2}|[0-9]{1,3})樓)?(?:之([0-9]{1,3}))?(?:([0-9A-Z]{1,5})室)?(.*)$`)

// SplitAddress takes an address apart as far as its parts can be told; what cannot be told is in Rest. No address is
// refused, because none can be known to be wrong by its looks.
func SplitAddress(s string) Address {
	m := addressParts.FindStringSubmatch(NormalizeAddress(s))
	if m == nil {
		return Address{Rest: NormalizeAddress(s)}
	}
	return Address{Municipality: m[1], District: m[2], Village: m[3], Neighbourhood: m[4], Road: m[5], Lane: m[6], Alley: m[7],
		Number: m[8], Sub: m[9], Floor: m[10], FloorSub: m[11], Room: m[12], Rest: m[13]}
}

// String joins the parts again.
func (a Address) String() string {
	var b strings.Builder
	part := func(before, s, after string) {
		if s != "" {
			b.WriteString(before + s + after)
		}
	}
	part("", a.Municipality+a.District+a.Village, "")
	part("", a.Neighbourhood, "鄰")
	part("", a.Road, "")
	part("", a.Lane, "巷")
	part("", a.Alley, "弄")
	part("", a.Number, "")
	part("之", a.Sub, "")
	if a.Number != "" {
		b.WriteString("號")
	}
	part("", a.Floor, "樓")
	part("之", a.FloorSub, "")
	part("", a.Room, "室")
	return b.String() + a.Rest
}
