package taiwan_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"cloudbm/taiwan"
)

func itoa(n int) string { return strconv.Itoa(n) }

// wide is s as a Chinese input method writes it: every ASCII character full-width.
func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r <= '~' {
			return r - '!' + '！'
		}
		return r
	}, s)
}

// habits are things that happen to any text between a certificate and a field.
var habits = map[string]func(string) string{
	"as it is":    func(s string) string { return s },
	"full-width":  wide,
	"small":       strings.ToLower,
	"edges":       func(s string) string { return " \t" + s + "\u3000\n" },
	"zero width":  func(s string) string { return "\ufeff" + s + "\u200b" },
	"wide hyphen": func(s string) string { return strings.ReplaceAll(s, "-", "－") },
	"en dash":     func(s string) string { return strings.ReplaceAll(s, "-", "–") },
	"no-break":    func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") },
}

// spellings tries every spelling under every habit and counts them; the figure to reach is 99 of 100, ours is all.
func spellings(t *testing.T, read func(string) (string, error), want string, spelled []string) (tried int) {
	t.Helper()
	for _, s := range spelled {
		for name, habit := range habits {
			tried++
			if got, err := read(habit(s)); err != nil || got != want {
				t.Errorf("%q (%s): %q, %v, want %q", habit(s), name, got, err, want)
			}
		}
	}
	return tried
}

func TestSpellings(t *testing.T) {
	total := 0
	for _, c := range []struct{ word, letter, number, branch string }{
		{"南市建開證", "T", "000101", ""}, {"南市建開證", "T", "000102", "01"}, {"南縣建開證", "U", "000203", ""}, {"建開證", "B", "000404", ""},
		{"中市建開證", "M", "000505", "02"}, {"南市建開證", "T", "123456", "01"}, {"工師業", "B", "00606", ""}, {"高建開證", "C", "00707", "03"},
		{"閩二建開證", "D", "000808", ""}, {"台工登", "T", "000909", "12"},
	} {
		n := c.letter + c.number
		if c.branch != "" {
			n += "-" + c.branch
		}
		canonical := c.word + "字第" + n + "號"
		spelled := []string{
			canonical, c.word + " 字第 " + n + " 號", "開業證字號 " + c.word + " 字第 " + n + " 號", "* 開業證字號 " + c.word + " 字第 " + n,
			"建築師開業證書字號：" + canonical, "「" + canonical + "」", c.word + n, c.word + "第" + n + "號", c.word + "-" + n, c.word + "字 " + n, "(" + c.word + ")字第" + n + "號",
			c.word + "字第 " + c.letter + " " + c.number + strings.Replace(n[len(c.letter+c.number):], "-", " - ", 1) + "號", strings.ReplaceAll(canonical, "證", "証"), strings.ReplaceAll(canonical, "號", "号"),
			strings.ReplaceAll(canonical, "台", "臺"), c.word + "字第" + c.letter + "-" + c.number + n[len(c.letter+c.number):] + "號。",
		}
		if c.branch != "" {
			spelled = append(spelled, c.word+"字第"+c.letter+c.number+"號之"+c.branch, c.word+"字第"+c.letter+c.number+"之"+c.branch+"號", c.word+c.letter+c.number+" "+c.branch,
				c.word+"字第"+c.letter+c.number+"號-"+c.branch)
			if len(c.number) == 6 && c.branch < "10" {
				spelled = append(spelled, c.word+c.letter+c.number+c.branch)
			}
		}
		total += spellings(t, text(taiwan.ParseArchitectLicence), canonical, spelled)
		total += spellings(t, text(taiwan.ParseArchitectLicence), n, []string{n, c.letter + " " + c.number + n[len(c.letter+c.number):]})
	}
	for _, id := range []string{"D123000011", "D223000022", "W123000116", "I123000127", "O223000139", "D800000017", "A900000025", "DC00000015"} {
		total += spellings(t, taiwan.PersonID, id, []string{id, id[:4] + "-" + id[4:7] + "-" + id[7:], id[:1] + " " + id[1:], "(" + id + ")"})
	}
	for _, id := range []string{"90010009", "90010004", "90010079", "90010078", "90010036"} {
		total += spellings(t, taiwan.CompanyID, id, []string{id, id[:4] + " " + id[4:], id[:4] + "-" + id[4:]})
	}
	total += spellings(t, taiwan.Mobile, "0911123456", []string{
		"0911123456", "0911-123-456", "0911-123456", "0911 123 456", "0911.123.456", "(0911)123-456", "(0911) 123456", "+886911123456", "+886-911-123-456", "+886 911 123 456",
		"+886 (0)911 123 456", "886911123456", "886-911-123456", "00886911123456", "+8860911123456", "手機：0911-123-456", "行動電話 0911123456", "Mobile: 0911 123 456", "0911/123456", "(+886)911123456",
	})
	total += spellings(t, taiwan.Phone, "06-6322231", []string{
		"066322231", "06-6322231", "06-632-2231", "(06)6322231", "(06) 632-2231", "(06)632 2231", "06 6322231", "06.632.2231", "06/6322231", "+886-6-6322231", "+886 6 632 2231",
		"+886 (06) 632-2231", "886-6-6322231", "電話：06-6322231", "Tel: 06-6322231", "事務所電話 (06)6322231", "聯絡電話:06-6322231", "傳真 06-6322231",
	})
	total += spellings(t, taiwan.Phone, "06-6322231#6390", []string{
		"06-6322231#6390", "066322231#6390", "(06)6322231#6390", "06-6322231 # 6390", "06-6322231轉6390", "06-6322231 分機 6390", "06-6322231轉分機6390", "06-6322231 分機：6390",
		"06-6322231 ext 6390", "06-6322231 ext. 6390", "06-6322231 Ext.6390", "06-6322231 extension 6390", "06-6322231x6390", "+886-6-6322231#6390", "06-6322231(分機6390)", "06-6322231, 6390",
	})
	iso := func(s string) (string, error) {
		d, err := taiwan.ParseDate(s)
		return d.ISO(), err
	}
	for day := taiwan.NewDate(2010, time.December, 31); day.Year() < 2030; day = day.AddDays(517) {
		y, m, d := day.ROCYear(), int(day.Month()), day.Day()
		spelled := []string{
			day.ROC(), day.Long(), day.Compact(), day.ISO(), "民國" + day.Long(), "中華民國 " + day.Long(), "西元" + day.Time().Format("2006年1月2日"), day.Time().Format("2006/1/2"), day.Time().Format("2006.01.02"),
			day.Time().Format("20060102"), day.Time().Format("2006/01/02 15:04:05"), fmt.Sprintf("%d/%d/%d", y, m, d), fmt.Sprintf("%d.%d.%d", y, m, d), fmt.Sprintf("%d-%d-%d", y, m, d),
			fmt.Sprintf("%d 年 %02d 月 %02d 日", y, m, d), fmt.Sprintf("%d. %d. %d.", y, m, d), fmt.Sprintf("ROC %d/%d/%d", y, m, d), fmt.Sprintf("%d %d %d", y, m, d),
			han(y) + "年" + han(m) + "月" + han(d) + "日", "民國" + han(y) + "年" + han(m) + "月" + han(d) + "日", day.Long() + "（星期" + string([]rune("日一二三四五六")[day.Weekday()]) + "）",
		}
		total += spellings(t, iso, day.ISO(), spelled)
	}
	t.Logf("%d spellings", total)
	if total < 600 {
		t.Errorf("only %d spellings, want 600", total)
	}
}

// han writes n below 1000 in Chinese numerals.
func han(n int) string {
	ones := []rune("零一二三四五六七八九")
	out := ""
	if n >= 100 {
		out = string(ones[n/100]) + "百"
		if n%100 == 0 {
			return out
		}
		if n%100 < 10 {
			return out + "零" + string(ones[n%10])
		}
		if n%100 < 20 {
			out += "一"
		}
		n %= 100
	}
	if n >= 20 {
		out += string(ones[n/10])
	}
	if n >= 10 {
		out += "十"
	}
	if n%10 > 0 {
		out += string(ones[n%10])
	}
	return out
}

// TestWrongCheckDigits changes the last digit of good numbers to each of the nine others.
func TestWrongCheckDigits(t *testing.T) {
	for _, id := range []string{"D123000011", "D223000022", "W123000116", "I123000127", "O223000139", "D800000017", "A900000025", "DC00000015"} {
		for d := '0'; d <= '9'; d++ {
			wrong := id[:9] + string(d)
			if got, err := taiwan.PersonID(wrong); wrong != id && (err == nil || err.Error() != "核對每一碼：檢查碼不符，可能打錯一碼") {
				t.Errorf("PersonID(%s) = %s, %v", wrong, got, err)
			}
		}
	}
}
