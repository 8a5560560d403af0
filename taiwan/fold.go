package taiwan

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"cloudbm/fault"
	"cloudbm/say"
)

// Fold brings s to the one way of writing that the readers of this package work on: full-width letters, digits and
// punctuation become half-width, every kind of space becomes a plain one, invisible characters that come along with a
// paste (zero-width, byte-order mark, soft hyphen, direction marks) go, and both ends are trimmed. Han characters stay.
func Fold(s string) string {
	s = width.Fold.String(strings.ToValidUTF8(s, ""))
	s = strings.Map(func(r rune) rune {
		switch {
		case invisible(r):
			return -1
		case unicode.IsSpace(r), unicode.Is(unicode.Zs, r):
			return ' '
		}
		return r
	}, s)
	return strings.TrimSpace(norm.NFC.String(s))
}

// invisible reports whether r takes no room on a page but makes two equal-looking texts differ. Variation selectors are
// not among them: they choose the shape of a Han character in a name.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || (unicode.Is(unicode.Cc, r) && !unicode.IsSpace(r)) ||
		r == 0x034F || r == 0x115F || r == 0x1160 || r == 0x3164
}

// plain is Fold for codes: capital letters, every dash a hyphen, the everyday variants 証 and 号 as the law writes them.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '‐', '‑', '‒', '–', '—', '―', '−', '﹣', '﹘', '⁃', '˗', '─', '━', 'ー', '~', '∼', '〜':
			return '-'
		case '証':
			return '證'
		case '号':
			return '號'
		}
		return unicode.ToUpper(r)
	}, Fold(s))
}

// without is s with every character of cut taken out, composed again where that brought two characters together.
func without(s, cut string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if strings.ContainsRune(cut, r) {
			return -1
		}
		return r
	}, s))
}

// brackets and quotes stand around pasted numbers and mean nothing in them.
const brackets = "()[]{}<>「」『』【】〈〉《》〔〕\"'“”‘’`*"

var (
	digitsOnly = regexp.MustCompile(`^[0-9]+$`)
	hanWord    = regexp.MustCompile(`^\p{Han}{1,12}$`)
)

// numberWord is the issuing word before a number: head without spaces, labels and the 字第 that joins the two.
func numberWord(head string, label *regexp.Regexp) string {
	w := without(head, " -:.,;、"+brackets)
	for {
		cut := label.ReplaceAllString(w, "")
		if cut == w {
			break
		}
		w = cut
	}
	return strings.TrimRight(w, "字第")
}

// refuse is the answer to something typed that cannot be taken: a sentence that says how to mend it.
func refuse(zh, en string, args ...any) error {
	return fault.Say(fault.Invalid, say.F(zh, en, args...))
}
