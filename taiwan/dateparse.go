package taiwan

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// firstYear and lastYear bound the common years a date is taken from: ROC 1 to 288.
const firstYear, lastYear = 1912, 2199

var (
	dateWeekday = regexp.MustCompile(` ?(?:\((?:星期|週|周|禮拜)?([日一二三四五六天])\)|(?:星期|週|周|禮拜)([日一二三四五六天]))$`)
	dateTime    = regexp.MustCompile(`(?:T| ) ?([0-9]{1,2})(?::|時|點)([0-9]{1,2})(?:(?::|分)(?:([0-9]{1,2})秒?)?)?$`)
	dateParts   = regexp.MustCompile(`^(中華民國|民國|ROC|R\.O\.C\.|西元|公元|AD|A\.D\.)? *([0-9]{1,4}|[〇○零元一二三四五六七八九十百]{1,6}) *[年\-/. ] *([0-9]{1,2}|[一二三四五六七八九十]{1,3}) *[月\-/. ] *([0-9]{1,2}|[一二三四五六七八九十]{1,3}) *日?$`)
	dateDigits  = regexp.MustCompile(`^[0-9]{6,8}$`)
)

// ParseDate reads a day in any spelling met on papers: 111-02-18, 111/2/18, 111.02.18, 111 2 18, 1110218, 990218 (two
// digits of year), 民國111年2月18日, 一百一十一年二月十八日, 2022-02-18, 20220218, 西元2022年2月18日; a weekday behind it is
// compared, a time of day is dropped. A year of one to three digits is one of the Republic, of four digits a common year.
func ParseDate(s string) (Date, error) {
	t := strings.TrimRight(plain(s), " .,;。")
	if m := dateTime.FindStringIndex(t); m != nil && len(t[:m[0]]) > 5 {
		t = strings.TrimRight(t[:m[0]], " ")
	}
	weekday := ""
	if m := dateWeekday.FindStringSubmatchIndex(t); m != nil {
		weekday = t[max(m[2], m[4]):max(m[3], m[5])]
		t = t[:m[0]]
	}
	d, err := parseDay(strings.TrimSpace(t))
	if err == nil && weekday != "" && weekdayNames[d.Weekday()] != strings.ReplaceAll(weekday, "天", "日") {
		return Date{}, refuse("核對日期：%s是星期%s", "Compare the date: %s is a %s", d.Text(), weekdayIn(d))
	}
	return d, err
}

var weekdayNames = [7]string{"日", "一", "二", "三", "四", "五", "六"}

func parseDay(t string) (Date, error) {
	var era, year, month, day string
	switch {
	case t == "":
		return Date{}, refuse("輸入日期，例如 111-02-18", "Enter a date, for example 111-02-18")
	case dateDigits.MatchString(t):
		n := len(t) - 4
		year, month, day = t[:n], t[n:n+2], t[n+2:]
	default:
		m := dateParts.FindStringSubmatch(t)
		if m == nil {
			return Date{}, refuse("輸入年、月、日，例如 111-02-18 或 2022-02-18", "Enter year, month and day, for example 111-02-18 or 2022-02-18")
		}
		era, year, month, day = m[1], m[2], m[3], m[4]
	}
	y, err := yearOf(era, year)
	if err != nil {
		return Date{}, err
	}
	m, d := numeral(month), numeral(day)
	if m < 1 || m > 12 {
		return Date{}, refuse("改月份：一年只有 1 到 12 月", "Change the month: a year has months 1 to 12")
	}
	if days := daysIn(y, time.Month(m)); d < 1 || d > days {
		return Date{}, refuse("改日期：民國 %d 年 %d 月只有 %d 天", "Change the day: in ROC year %d, month %d has %d days", y-rocOffset, m, days)
	}
	return Date{year: y, month: time.Month(m), day: d}, nil
}

// yearOf is the common year written in digits or numerals under era, which may be empty.
func yearOf(era, year string) (int, error) {
	y := numeral(year)
	common := y >= 1000 || digitsOnly.MatchString(year) && len(year) == 4
	switch {
	case strings.Contains(era, "民國") || strings.HasPrefix(era, "R"):
		if common {
			return 0, refuse("改年份：民國年最多 3 位數，例如 111", "Change the year: a ROC year has at most three digits, for example 111")
		}
	case era != "" && !common:
		return 0, refuse("改年份：西元年是 4 位數，例如 2022", "Change the year: a common year has four digits, for example 2022")
	}
	if !common {
		y += rocOffset
		if y == rocOffset {
			y = 0
		}
	}
	if y < firstYear || y > lastYear {
		return 0, refuse("改年份：民國 1 到 288 年", "Change the year: ROC 1 to 288 (1912 to 2199)")
	}
	return y, nil
}

// numeral is the number that s writes in digits, in Chinese numerals (一百一十一) or digit by digit (一一一); 元 is 1.
func numeral(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	if s == "元" {
		return 1
	}
	const ones = "〇一二三四五六七八九"
	total, one, seen := 0, 0, false
	for _, r := range strings.NewReplacer("零", "〇", "○", "〇").Replace(s) {
		switch r {
		case '百', '十':
			unit := map[rune]int{'百': 100, '十': 10}[r]
			if !seen {
				one = 1
			}
			total, one, seen = total+one*unit, 0, false
		default:
			digit := strings.IndexRune(ones, r) / len("一")
			if seen && one > 0 {
				one *= 10 // digit by digit
			}
			one, seen = one+digit, true
		}
	}
	return total + one
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// ParseStamp reads a day and a time of day in Taiwan: 2022/04/04 20:34:09, 111-04-04 20:34, 111年4月4日 20時34分09秒.
func ParseStamp(s string) (time.Time, error) {
	t := strings.TrimSpace(plain(s))
	m := dateTime.FindStringSubmatchIndex(t)
	if m == nil {
		return time.Time{}, refuse("補上時間，例如 111-04-04 20:34", "Add the time of day, for example 111-04-04 20:34")
	}
	d, err := ParseDate(t[:m[0]])
	if err != nil {
		return time.Time{}, err
	}
	var clock [3]int
	for i := range clock {
		if m[2*i+2] >= 0 {
			clock[i], _ = strconv.Atoi(t[m[2*i+2]:m[2*i+3]])
		}
	}
	if clock[0] > 23 || clock[1] > 59 || clock[2] > 59 {
		return time.Time{}, refuse("改時間：從 00:00:00 到 23:59:59", "Change the time: from 00:00:00 to 23:59:59")
	}
	return d.Time().Add(time.Duration(clock[0])*time.Hour + time.Duration(clock[1])*time.Minute + time.Duration(clock[2])*time.Second), nil
}
