package pdf

import (
	"strings"
	"unicode"
)

// What may not begin and what may not end a line (禁則處理): no closing mark at the start, no opening one at the end.
const (
	notFirst = "。，、；：？！．）」』】〕》〉〗’”…—～·‧・％℃〞︰﹐﹑﹒﹔﹕﹖﹗)]},.;:?!%ー々〻ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
	notLast  = "（「『【〔《〈〖‘“〝([{＄￥$£"
)

// span is a stretch of text in one font.
type span struct {
	text   string
	family string
	width  float64 // points
}

// line is one line of text, measured.
type line struct {
	spans []span
	width float64
	end   bool // the last one of its paragraph
}

func (l line) text() string {
	var b strings.Builder
	for _, s := range l.spans {
		b.WriteString(s.text)
	}
	return b.String()
}

// unit is a piece of text inside which a line may not break.
type unit struct {
	text  []rune
	width float64
	space bool
}

// wrap breaks text into lines no wider than width points. A line feed ends a paragraph.
func (f *Fonts) wrap(text string, size float64, bold bool, width float64) ([]line, error) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", "    ").Replace(text)
	var out []line
	for _, para := range strings.Split(text, "\n") {
		units, err := f.units(para, size, bold)
		if err != nil {
			return nil, err
		}
		first := len(out)
		var now []rune
		var used float64
		finish := func() error {
			l, err := f.line(strings.TrimRight(string(now), " "), size, bold)
			out = append(out, l)
			now, used = now[:0], 0
			return err
		}
		for _, u := range units {
			if u.space && len(now) == 0 && len(out) > first {
				continue // a space at a break is the break
			}
			if used+u.width > width+0.01 && len(now) > 0 {
				if u.space {
					continue
				}
				if err := finish(); err != nil {
					return nil, err
				}
			}
			if u.width <= width {
				now, used = append(now, u.text...), used+u.width
				continue
			}
			for _, r := range u.text { // a word longer than the line is cut anywhere
				g, err := f.find(r, bold)
				if err != nil {
					return nil, err
				}
				w := g.width * size / 1000
				if used+w > width+0.01 && len(now) > 0 {
					if err := finish(); err != nil {
						return nil, err
					}
				}
				now, used = append(now, r), used+w
			}
		}
		if err := finish(); err != nil {
			return nil, err
		}
		out[len(out)-1].end = true
	}
	return out, nil
}

// units splits a paragraph where a line may break.
func (f *Fonts) units(s string, size float64, bold bool) ([]unit, error) {
	var out []unit
	runes := []rune(s)
	for i, r := range runes {
		if r < ' ' || r == 0x7F || r == 0xFEFF || r == 0x200B || selector(r) {
			continue // says nothing on paper
		}
		g, err := f.find(r, bold)
		if err != nil {
			return nil, err
		}
		w := g.width * size / 1000
		space := r == ' '
		if i > 0 && len(out) > 0 && !mayBreak(runes[i-1], r) {
			u := &out[len(out)-1]
			u.text, u.width = append(u.text, r), u.width+w
			continue
		}
		out = append(out, unit{text: []rune{r}, width: w, space: space})
	}
	return out, nil
}

// mayBreak reports whether a line may end between a and b.
func mayBreak(a, b rune) bool {
	switch {
	case strings.ContainsRune(notFirst, b), strings.ContainsRune(notLast, a), unicode.Is(unicode.Mn, b):
		return false
	case a == ' ' || b == ' ':
		return true
	case wideRune(a) || wideRune(b):
		return true
	case a == '-' || a == '/':
		return !unicode.IsDigit(b)
	}
	return false
}

// line measures one line.
func (f *Fonts) line(s string, size float64, bold bool) (line, error) {
	var l line
	for _, r := range s {
		g, err := f.find(r, bold)
		if err != nil {
			return line{}, err
		}
		w := g.width * size / 1000
		if n := len(l.spans); n > 0 && l.spans[n-1].family == g.family {
			l.spans[n-1].text += string(r)
			l.spans[n-1].width += w
		} else {
			l.spans = append(l.spans, span{text: string(r), family: g.family, width: w})
		}
		l.width += w
	}
	return l, nil
}

// selector reports whether r chooses among shapes of the character before it; our fonts have one shape each.
func selector(r rune) bool { return r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF }
