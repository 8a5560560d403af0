package pdf

import (
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/signintech/gopdf"
)

//go:embed all:fonts
var carried embed.FS

// RareFontDir is where Debian puts the government's own fonts (全字庫), which have the characters of rare names.
const RareFontDir = "/usr/share/fonts/truetype/cns11643"

// Fonts are the typefaces of the printed forms, parsed once and shared by all forms.
type Fonts struct {
	body, bold *face
	rare       []*rareFace
	box        gopdf.FontContainer
	seen       sync.Map // glyphKey → glyph
}

// face is one parsed font.
type face struct {
	family string
	subset gopdf.SubsetFontObj
}

// rareFace is parsed when a character first needs it: the files are large.
type rareFace struct {
	family, path string
	once         sync.Once
	face         *face
	err          error
}

type glyphKey struct {
	r    rune
	bold bool
}

// glyph is where a character is found and how wide it is, in thousandths of the font size.
type glyph struct {
	family string
	width  float64
	err    error
}

// NewFonts parses the body font that the program carries and notes the rare ones in dir (empty: RareFontDir). The rare
// fonts may be missing; a form that needs a character of theirs then says so.
func NewFonts(dir string) (*Fonts, error) {
	if dir == "" {
		dir = RareFontDir
	}
	f := &Fonts{}
	var err error
	if f.body, err = f.carried("NotoSansTC", "fonts/NotoSansTC_400Regular.ttf"); err != nil {
		return nil, err
	}
	if f.bold, err = f.carried("NotoSansTC-Bold", "fonts/NotoSansTC_700Bold.ttf"); err != nil {
		return nil, err
	}
	for _, r := range [][2]string{{"TW-Kai", "TW-Kai-98_1.ttf"}, {"TW-Kai-Ext-B", "TW-Kai-Ext-B-98_1.ttf"}, {"TW-Kai-Plus", "TW-Kai-Plus-98_1.ttf"}} {
		f.rare = append(f.rare, &rareFace{family: r[0], path: filepath.Join(dir, r[1])})
	}
	return f, nil
}

func (f *Fonts) carried(family, path string) (*face, error) {
	b, err := carried.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("pdf: %s is not in the program; see pdf/fonts/README.md and build again", path)
	}
	return f.parse(family, b)
}

func (f *Fonts) parse(family string, data []byte) (*face, error) {
	a := &face{family: family}
	if err := a.subset.SetTTFData(data); err != nil {
		return nil, fmt.Errorf("pdf: font %s: %w", family, err)
	}
	if err := f.box.AddTTFFontData(family, data); err != nil {
		return nil, fmt.Errorf("pdf: font %s: %w", family, err)
	}
	return a, nil
}

func (r *rareFace) load(f *Fonts) (*face, error) {
	r.once.Do(func() {
		b, err := os.ReadFile(r.path)
		if errors.Is(err, os.ErrNotExist) {
			return // not installed: the character may be in another one
		}
		if err != nil {
			r.err = fmt.Errorf("pdf: font: %w", err)
			return
		}
		r.face, r.err = f.parse(r.family, b)
	})
	return r.face, r.err
}

// find is the font that has r: the body font, else the first rare font with it.
func (f *Fonts) find(r rune, bold bool) (glyph, error) {
	k := glyphKey{r, bold}
	if g, ok := f.seen.Load(k); ok {
		return g.(glyph), g.(glyph).err
	}
	g := f.search(r, bold)
	f.seen.Store(k, g)
	return g, g.err
}

func (f *Fonts) search(r rune, bold bool) glyph {
	first := f.body
	if bold {
		first = f.bold
	}
	if w, ok := first.width(r); ok {
		return glyph{family: first.family, width: w}
	}
	for _, rare := range f.rare {
		a, err := rare.load(f)
		if err != nil {
			return glyph{err: err}
		}
		if a == nil {
			continue
		}
		if w, ok := a.width(r); ok {
			return glyph{family: a.family, width: w}
		}
	}
	return glyph{err: &MissingGlyph{Rune: r}}
}

// width is how wide r is, if the font has it.
func (a *face) width(r rune) (w float64, ok bool) {
	defer func() { // gopdf indexes past its tables for some characters that a font does not have
		if recover() != nil {
			ok = false
		}
	}()
	i, err := a.subset.CharCodeToGlyphIndex(r)
	if err != nil || i == 0 {
		return 0, false
	}
	return float64(a.subset.GlyphIndexToPdfWidth(i)), true
}

// MissingGlyph is a character that none of the fonts has.
type MissingGlyph struct{ Rune rune }

func (m *MissingGlyph) Error() string {
	return fmt.Sprintf("pdf: no font has the character %q (U+%04X); install the 全字庫 fonts (fonts-cns11643-kai)", m.Rune, m.Rune)
}
