package taiwan

import (
	"strings"
	"unicode"
)

// NumberKey brings the number of a licence to the one form in which it is searched: (115)南工造字第00001號,
// （１１５） 南工造 1 and 115南工造字1號 are the same. Width, spaces, brackets, leading zeros, 字, 第, 號 and 民國…年 do not count;
// where digits end does.
func NumberKey(s string) string {
	s = strings.ReplaceAll(plain(s), "台", "臺")
	s = strings.TrimPrefix(s, "中華")
	var parts []string
	var run []rune
	end := func() {
		if len(run) == 0 {
			return
		}
		part := string(run)
		if unicode.IsDigit(run[0]) {
			if part = strings.TrimLeft(part, "0"); part == "" {
				part = "0"
			}
		}
		parts, run = append(parts, part), nil
	}
	for _, r := range s {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
		case strings.ContainsRune("字第號民國年", r):
			end()
		default:
			if len(run) > 0 && unicode.IsDigit(run[0]) != unicode.IsDigit(r) {
				end()
			}
			run = append(run, r)
		}
	}
	end()
	return strings.Join(parts, "-")
}
