package stamps

import (
	"fmt"
	"math"

	"cloudbm/drawings"
	"cloudbm/pdf"
	"cloudbm/say"
)

// Size is a size of sheet, one way up.
type Size struct {
	Paper   string // A1, or empty
	W, H    float64
	Upright bool
}

// SizeOf is the size of a sheet as it is stamped: a photograph is put on an A4 page.
func SizeOf(v drawings.Version) Size {
	w, h, paper := float64(v.WidthMM), float64(v.HeightMM), v.Report.Paper
	if v.MIME != drawings.PDF {
		if paper = "A4"; v.WidthMM > v.HeightMM {
			w, h = 297, 210
		} else {
			w, h = 210, 297
		}
	}
	return Size{Paper: paper, W: w, H: h, Upright: h >= w}
}

// Key names the size: sheets within a centimetre of each other are of one.
func (s Size) Key() string {
	name := s.Paper
	if name == "" {
		name = fmt.Sprintf("%.0fx%.0f", math.Round(s.W/10)*10, math.Round(s.H/10)*10)
	}
	if s.Upright {
		return name + "-upright"
	}
	return name + "-lying"
}

// Name is what the size is called.
func (s Size) Name() say.Text {
	name := s.Paper
	if name == "" {
		name = fmt.Sprintf("%.0f × %.0f mm", s.W, s.H)
	}
	if s.Upright {
		return say.F("%s 直式", "%s upright", name)
	}
	return say.F("%s 橫式", "%s lying", name)
}

// usual is where a stamp stands that nobody has placed: at the right edge, above the title block.
func (s Size) usual() pdf.Place {
	k := min(max(s.W, s.H)/841, min(s.W, s.H)/594, 1.4)
	return pdf.Place{Right: math.Round(12 * k), Lower: math.Round(90 * k), Width: min(max(math.Round(70*k), 50), 90)}
}

// gap is how far stamps stay from each other, in millimetres.
const gap = 2

// lay gives every stamp a place of its own on a sheet: those that were placed first, each as near to where it is wanted as
// the ones before it allow; the others one above the other from the usual place.
func (s Size) lay(wanted []*pdf.Place) []pdf.Place {
	out := make([]pdf.Place, len(wanted))
	var taken []pdf.Place
	put := func(i int, p pdf.Place) {
		out[i] = s.free(p.On(s.W, s.H), taken)
		taken = append(taken, out[i])
	}
	for i, p := range wanted {
		if p != nil {
			put(i, *p)
		}
	}
	for i, p := range wanted {
		if p == nil {
			put(i, s.usual())
		}
	}
	return out
}

// free is the first place from p upwards, then in the columns to the left, that meets none of the taken ones. Where the
// sheet is too small for all of them the stamp gets smaller.
func (s Size) free(p pdf.Place, taken []pdf.Place) pdf.Place {
	first := p
	for ; p.Width > 5; p.Width *= 0.8 {
		for _, start := range []pdf.Place{{Right: first.Right, Lower: first.Lower}, {}} {
			for right := start.Right; right+p.Width <= s.W+1e-9; right += p.Width/2 + gap {
				q := pdf.Place{Right: right, Lower: start.Lower, Width: p.Width}
				for q.Lower+q.Height() <= s.H+1e-9 {
					over := meeting(q, taken)
					if over == nil {
						return q
					}
					q.Lower = over.Lower + over.Height() + gap
				}
			}
		}
	}
	return first
}

func meeting(p pdf.Place, taken []pdf.Place) *pdf.Place {
	for i := range taken {
		if p.Meets(taken[i]) {
			return &taken[i]
		}
	}
	return nil
}
