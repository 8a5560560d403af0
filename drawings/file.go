package drawings

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// CleanName is the name of a file from outside as it may be kept and shown: no folders, nothing invisible or turning
// the writing round, no characters that a file system refuses, at most 120 characters with its ending.
func CleanName(name string) string {
	name = strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/")
	name = visible(strings.TrimPrefix(path.Base("/"+strings.TrimRight(name, "/")), "/"))
	if strings.Trim(name, ". ") == "" {
		return "未命名"
	}
	ext := path.Ext(name)
	if utf8.RuneCountInString(ext) > 8 || ext == name {
		ext = ""
	}
	stem := []rune(strings.TrimSuffix(name, ext))
	if most := 120 - utf8.RuneCountInString(ext); len(stem) > most {
		stem = append(stem[:most-1], '…')
	}
	if strings.TrimSpace(string(stem)) == "" {
		stem = []rune("未命名")
	}
	return string(stem) + ext
}

// CleanFolder is the folder a file came from: its last two names, cleaned.
func CleanFolder(relative string) string {
	relative = strings.ReplaceAll(strings.ToValidUTF8(relative, ""), `\`, "/")
	var kept []string
	for _, part := range strings.Split(path.Dir("/"+relative), "/") {
		part = visible(part)
		if strings.Trim(part, ". ") == "" {
			continue
		}
		if r := []rune(part); len(r) > 60 {
			part = string(r[:60])
		}
		kept = append(kept, part)
	}
	if len(kept) > 2 {
		kept = kept[len(kept)-2:]
	}
	return strings.Join(kept, "/")
}

func visible(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == 0, unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != 0x200D:
			return -1
		case strings.ContainsRune(`/\:*?"<>|`, r):
			return '-'
		case unicode.Is(unicode.Zs, r):
			return ' '
		}
		return r
	}, norm.NFC.String(s))
	return strings.TrimSpace(s)
}
