package pdf

import (
	"context"
	"math"
	"regexp"
	"sort"
	"strings"
	"unicode"

	"github.com/klippa-app/go-pdfium/requests"
)

// Word is a piece of text without spaces, with its place as fractions of the page as seen, from the top left.
type Word struct {
	Text       string
	X, Y, W, H float64
}

// Text reads the words of a page in the order of the file.
func (e *Engine) Text(ctx context.Context, path string, page int) (words []Word, err error) {
	err = e.with(ctx, path, func(w *worker, d *document) error {
		p, err := w.load(d, page)
		if err != nil {
			return err
		}
		turn, err := w.turn(p)
		if err != nil {
			return err
		}
		res, err := w.inst.GetPageTextStructured(&requests.GetPageTextStructured{Page: p, Mode: requests.GetPageTextStructuredModeChars})
		if err != nil {
			return err
		}
		var g wordGatherer
		for _, c := range res.Chars {
			q := c.PointPosition
			g.take(c.Text, turn(q.Left, q.Top, q.Right, q.Bottom))
		}
		words = g.end()
		return nil
	})
	return words, err
}

// turn is the way from the points of the page to fractions of the page as seen.
func (w *worker) turn(p requests.Page) (func(left, top, right, bottom float64) Word, error) {
	b, err := w.inst.FPDF_GetPageBoundingBox(&requests.FPDF_GetPageBoundingBox{Page: p})
	if err != nil {
		return nil, err
	}
	rot, err := w.inst.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: p})
	if err != nil {
		return nil, err
	}
	l, t := float64(b.Rect.Left), float64(b.Rect.Top)
	wide, high := float64(b.Rect.Right)-l, t-float64(b.Rect.Bottom)
	point := func(x, y float64) (float64, float64) {
		u, v := (x-l)/wide, (t-y)/high // upright, from the top left
		switch rot.PageRotation {
		case 1:
			return 1 - v, u
		case 2:
			return 1 - u, 1 - v
		case 3:
			return v, 1 - u
		}
		return u, v
	}
	return func(left, top, right, bottom float64) Word {
		x0, y0 := point(left, top)
		x1, y1 := point(right, bottom)
		return Word{X: min(x0, x1), Y: min(y0, y1), W: math.Abs(x1 - x0), H: math.Abs(y1 - y0)}
	}, nil
}

// wordGatherer joins characters to words: a word ends at a space, at a gap wider than half a character, and when the
// line ends.
type wordGatherer struct {
	words []Word
	now   Word
	text  []rune
	last  Word
}

func (g *wordGatherer) take(s string, at Word) {
	r := []rune(s)
	if len(r) == 0 || r[0] == 0 || unicode.IsSpace(r[0]) || r[0] == '\ufffe' || unicode.IsControl(r[0]) {
		g.flush()
		return
	}
	if len(g.text) > 0 {
		// The larger side of the characters is the measure, so that text running upwards is gathered as well.
		em := max(g.last.W, g.last.H, at.W, at.H)
		dx := max(at.X-(g.last.X+g.last.W), g.last.X-(at.X+at.W), 0)
		dy := max(at.Y-(g.last.Y+g.last.H), g.last.Y-(at.Y+at.H), 0)
		if dx > em/2 || dy > em/2 {
			g.flush()
		}
	}
	if len(g.text) == 0 {
		g.now = at
	} else {
		g.now = g.now.around(at)
	}
	g.text = append(g.text, r...)
	g.last = at
}

func (w Word) around(o Word) Word {
	x, y := min(w.X, o.X), min(w.Y, o.Y)
	return Word{Text: w.Text, X: x, Y: y, W: max(w.X+w.W, o.X+o.W) - x, H: max(w.Y+w.H, o.Y+o.H) - y}
}

func (g *wordGatherer) flush() {
	if len(g.text) > 0 {
		g.now.Text = string(g.text)
		g.words = append(g.words, g.now)
	}
	g.text = g.text[:0]
}

func (g *wordGatherer) end() []Word { g.flush(); return g.words }

// SheetNumber is the pattern of drawing numbers where an authority has not set its own: class, hyphen, sheet.
var SheetNumber = regexp.MustCompile(`^(A[0-9AB]|S[1-9]|[DEGHIN][1-9])-\d{2,3}$`)

var (
	numberLabels = []string{"圖號", "圖面編號", "圖說編號", "DRAWINGNO", "DRAWINGNUMBER", "DWGNO", "SHEETNO", "SHEETNUMBER"}
	titleLabels  = []string{"圖名", "圖說名稱", "圖面名稱", "圖面內容", "DRAWINGTITLE", "SHEETTITLE", "TITLE"}
	otherLabels  = []string{"案名", "工程名稱", "比例", "日期", "設計", "繪圖", "校對", "核定", "業主", "起造人", "設計人", "建築師", "張數", "版次", "修正", "SCALE", "DATE", "DRAWN", "CHECKED", "PROJECT", "CLIENT", "REVISION", "REV"}
)

// ReadTitleBlock finds the drawing number and the title in the words of a sheet. The number must match pattern
// (SheetNumber, or the authority's own); among several, the one beside or under a label such as 圖號 wins, then the
// one nearest to the lower right corner. The title is what stands beside or under a label such as 圖名. What is not
// found is empty.
func ReadTitleBlock(words []Word, pattern *regexp.Regexp) (number, title string) {
	b := newBlock(words)
	best := math.Inf(-1)
	for _, w := range b.words {
		t := strings.ToUpper(b.value(w.Text))
		if !pattern.MatchString(t) {
			continue
		}
		score := (w.X + w.Y) / 2
		if b.labelled(w, numberLabels) {
			score += 10
		}
		if score > best {
			best, number = score, t
		}
	}
	best = math.Inf(-1)
	for _, l := range b.words {
		label, rest, ok := b.label(l.Text, titleLabels)
		if !ok {
			continue
		}
		t := rest
		if t == "" {
			t = b.beside(l)
		}
		if t == "" {
			t = b.under(l)
		}
		score := l.X + l.Y
		if label == "TITLE" {
			score -= 5 // the weakest of the labels
		}
		if t != "" && score > best {
			best, title = score, t
		}
	}
	return number, title
}

// block is the words of a sheet with spaced-out labels (圖　號) joined.
type block struct{ words []Word }

func newBlock(words []Word) *block {
	in := append([]Word(nil), words...)
	sort.SliceStable(in, func(i, j int) bool {
		if !sameLine(in[i], in[j]) {
			return in[i].Y < in[j].Y
		}
		return in[i].X < in[j].X
	})
	b := &block{}
	used := make([]bool, len(in))
	for i := range in {
		if used[i] {
			continue
		}
		w := in[i]
		for j := i + 1; j < len(in) && sameLine(w, in[j]); j++ {
			if used[j] || in[j].X < w.X {
				continue
			}
			if in[j].X-(w.X+w.W) > 4*max(w.H, in[j].H) || !b.startsLabel(w.Text+in[j].Text) {
				break
			}
			t := w.Text + in[j].Text
			w = w.around(in[j])
			w.Text, used[j] = t, true
		}
		b.words = append(b.words, w)
	}
	return b
}

func sameLine(a, c Word) bool {
	return math.Abs((a.Y+a.H/2)-(c.Y+c.H/2)) < max(a.H, c.H)*0.6
}

// plain is a text without punctuation and case: how labels are compared.
func plain(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s))
}

func (b *block) startsLabel(s string) bool {
	p := plain(s)
	if len([]rune(p)) < 2 {
		return false
	}
	for _, set := range [][]string{numberLabels, titleLabels, otherLabels} {
		for _, l := range set {
			if strings.HasPrefix(l, p) {
				return true
			}
		}
	}
	return false
}

// label reports whether s is, or begins with, one of the labels; rest is what follows its colon.
func (b *block) label(s string, set []string) (which, rest string, ok bool) {
	head, tail, cut := strings.Cut(strings.ReplaceAll(s, "：", ":"), ":")
	p := plain(head)
	for _, l := range set {
		if p == l {
			if cut {
				return l, strings.TrimSpace(tail), true
			}
			return l, "", true
		}
	}
	return "", "", false
}

// value is s without the label in front of it.
func (b *block) value(s string) string {
	if _, rest, ok := b.label(s, numberLabels); ok {
		return rest
	}
	return strings.Trim(s, "：:()（）[]")
}

func (b *block) isLabel(w Word) bool {
	for _, set := range [][]string{numberLabels, titleLabels, otherLabels} {
		if _, _, ok := b.label(w.Text, set); ok {
			return true
		}
	}
	return false
}

// labelled reports whether w carries one of the labels, or stands beside or under one.
func (b *block) labelled(w Word, set []string) bool {
	if _, rest, ok := b.label(w.Text, set); ok && rest != "" {
		return true
	}
	for _, l := range b.words {
		if _, _, ok := b.label(l.Text, set); !ok {
			continue
		}
		if sameLine(l, w) && w.X >= l.X && w.X-(l.X+l.W) < 12*l.H {
			return true
		}
		if under(l, w) {
			return true
		}
	}
	return false
}

func under(l, w Word) bool {
	dy := w.Y - (l.Y + l.H)
	return dy > -l.H/2 && dy < 4*max(l.H, w.H) && w.X+w.W > l.X && w.X < l.X+max(l.W, 8*l.H)
}

// beside is the text to the right of the label, up to the next label or a wide gap.
func (b *block) beside(l Word) string {
	var line []Word
	for _, w := range b.words {
		if w != l && sameLine(l, w) && w.X >= l.X+l.W*0.9 {
			line = append(line, w)
		}
	}
	return b.run(l, line, 12*l.H)
}

// under is the nearest line of text below the label.
func (b *block) under(l Word) string {
	var first *Word
	for i := range b.words {
		w := &b.words[i]
		if *w != l && under(l, *w) && !b.isLabel(*w) && (first == nil || w.Y < first.Y) {
			first = w
		}
	}
	if first == nil {
		return ""
	}
	var line []Word
	for _, w := range b.words {
		if sameLine(*first, w) && w.X >= first.X {
			line = append(line, w)
		}
	}
	return b.run(Word{X: first.X, Y: first.Y, H: first.H}, line, 12*l.H)
}

func (b *block) run(from Word, line []Word, gap float64) string {
	sort.SliceStable(line, func(i, j int) bool { return line[i].X < line[j].X })
	var parts []string
	end := from.X + from.W
	for _, w := range line {
		if b.isLabel(w) || w.X-end > gap {
			break
		}
		parts = append(parts, w.Text)
		end, gap = w.X+w.W, 3*w.H
	}
	return join(parts)
}

// join puts words together: a space between Latin words, none between Chinese ones.
func join(parts []string) string {
	var b strings.Builder
	var last rune
	for _, p := range parts {
		r := []rune(p)
		if len(r) == 0 {
			continue
		}
		if b.Len() > 0 && !(wideRune(last) || wideRune(r[0])) {
			b.WriteByte(' ')
		}
		b.WriteString(p)
		last = r[len(r)-1]
	}
	return b.String()
}

// wideRune reports whether r is set in a full square: Chinese characters and full-width punctuation.
func wideRune(r rune) bool {
	return r >= 0x2E80 && r <= 0xA4CF || r >= 0xF900 && r <= 0xFAFF || r >= 0xFE30 && r <= 0xFE4F || r >= 0xFF00 && r <= 0xFF60 || r >= 0x20000
}
