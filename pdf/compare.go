package pdf

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"math"
	"sort"
	"strings"

	"cloudbm/say"
)

// Compare draws both sheets so large. On A1 that is 72 dpi, on A3 145 dpi.
const comparePx = 2400

// A difference counts where ink appears or goes by so much (of 255), further than one pixel from ink of the other
// sheet, and so often in a block.
const (
	inkChange = 48
	blockPx   = 16
	blockHits = 3
)

// PageRef is one page of one file.
type PageRef struct {
	Path string
	Page int // from 1
}

// Diff is what changed between two sheets.
type Diff struct {
	PNG     []byte // both over each other: red was, blue is new, grey is in both
	Regions []Region
	Same    bool
}

// Region is one place that changed, in fractions of the page, with its zone on the frame: "B4", or "B4–C5".
type Region struct {
	X, Y, W, H float64
	Grid       string
}

// Say tells how many places changed and where.
func (d Diff) Say() say.Text {
	if d.Same {
		return say.T("兩個版本的圖面相同", "Both versions of the sheet look the same")
	}
	seen := map[string]bool{}
	var zones []string
	for _, r := range d.Regions {
		if !seen[r.Grid] {
			seen[r.Grid] = true
			zones = append(zones, r.Grid)
		}
	}
	where := say.T(strings.Join(zones, "、"), strings.Join(zones, ", "))
	if len(d.Regions) == 1 {
		return say.F("1 處不同：%s", "1 region changed: %s", where)
	}
	return say.F("%d 處不同：%s", "%d regions changed: %s", len(d.Regions), where)
}

// Compare lays sheet b over sheet a (a is the older) and finds what changed, with a tolerance of one pixel. Sheets of
// another paper size are compared scaled to the same length; scans that are shifted or turned come out as changed.
func (e *Engine) Compare(ctx context.Context, a, b PageRef) (Diff, error) {
	was, err := e.ink(ctx, a)
	if err != nil {
		return Diff{}, err
	}
	is, err := e.ink(ctx, b)
	if err != nil {
		return Diff{}, err
	}
	wide, high := max(was.w, is.w), max(was.h, is.h)
	was, is = was.grow(wide, high), is.grow(wide, high)
	gone, come := was.beyond(is.spread()), is.beyond(was.spread())

	var d Diff
	d.Regions = regions(gone, come, wide, high)
	d.Same = len(d.Regions) == 0
	d.PNG, err = overlay(was, is, gone, come)
	return d, err
}

// inkMap is how dark each pixel is: 0 is white paper.
type inkMap struct {
	w, h int
	v    []byte
}

func (e *Engine) ink(ctx context.Context, p PageRef) (m inkMap, err error) {
	err = e.with(ctx, p.Path, func(w *worker, d *document) error {
		img, err := w.draw(d, p.Page, comparePx)
		if err != nil {
			return err
		}
		m = inkMap{img.Rect.Dx(), img.Rect.Dy(), make([]byte, len(img.Pix)/4)}
		for i := range m.v {
			q := img.Pix[4*i:]
			m.v[i] = 255 - min(q[0], q[1], q[2])
		}
		return nil
	})
	return m, err
}

func (m inkMap) grow(w, h int) inkMap {
	if m.w == w && m.h == h {
		return m
	}
	o := inkMap{w, h, make([]byte, w*h)}
	for y := range m.h {
		copy(o.v[y*w:], m.v[y*m.w:(y+1)*m.w])
	}
	return o
}

// spread makes every pixel as dark as its darkest neighbour.
func (m inkMap) spread() inkMap {
	row, out := make([]byte, len(m.v)), make([]byte, len(m.v))
	for y := range m.h {
		in, to := m.v[y*m.w:(y+1)*m.w], row[y*m.w:(y+1)*m.w]
		for x := range in {
			to[x] = max(in[max(x-1, 0)], in[x], in[min(x+1, m.w-1)])
		}
	}
	for y := range m.h {
		up, mid, down := row[max(y-1, 0)*m.w:], row[y*m.w:], row[min(y+1, m.h-1)*m.w:]
		to := out[y*m.w : (y+1)*m.w]
		for x := range to {
			to[x] = max(up[x], mid[x], down[x])
		}
	}
	return inkMap{m.w, m.h, out}
}

// beyond marks where m is clearly darker than the spread other.
func (m inkMap) beyond(other inkMap) []bool {
	out := make([]bool, len(m.v))
	for i, v := range m.v {
		out[i] = int(v)-int(other.v[i]) > inkChange
	}
	return out
}

// regions gathers changed pixels: blocks that touch, or have one block between them, are one region.
func regions(gone, come []bool, w, h int) []Region {
	bw, bh := (w+blockPx-1)/blockPx, (h+blockPx-1)/blockPx
	hits := make([]int, bw*bh)
	for y := range h {
		for x := range w {
			if i := y*w + x; gone[i] || come[i] {
				hits[y/blockPx*bw+x/blockPx]++
			}
		}
	}
	seen := make([]bool, len(hits))
	var boxes []image.Rectangle
	for i := range hits {
		if seen[i] || hits[i] < blockHits {
			continue
		}
		seen[i] = true
		box := image.Rectangle{}
		for todo := []int{i}; len(todo) > 0; {
			j := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			x, y := j%bw, j/bw
			box = box.Union(image.Rect(x, y, x+1, y+1))
			for ny := max(0, y-2); ny <= min(bh-1, y+2); ny++ {
				for nx := max(0, x-2); nx <= min(bw-1, x+2); nx++ {
					if n := ny*bw + nx; !seen[n] && hits[n] >= blockHits {
						seen[n] = true
						todo = append(todo, n)
					}
				}
			}
		}
		boxes = append(boxes, box)
	}
	boxes = merge(boxes)
	var out []Region
	for _, b := range boxes {
		r := Region{X: float64(b.Min.X*blockPx) / float64(w), Y: float64(b.Min.Y*blockPx) / float64(h)}
		r.W = math.Min(float64(b.Dx()*blockPx)/float64(w), 1-r.X)
		r.H = math.Min(float64(b.Dy()*blockPx)/float64(h), 1-r.Y)
		r.Grid = zone(r, w >= h)
		out = append(out, r)
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Grid[0] != out[j].Grid[0] {
			return out[i].Grid[0] < out[j].Grid[0]
		}
		return out[i].X < out[j].X
	})
	return out
}

// merge joins boxes that overlap until none do.
func merge(in []image.Rectangle) []image.Rectangle {
	for again := true; again; {
		again = false
		for i := 0; i < len(in); i++ {
			for j := i + 1; j < len(in); j++ {
				if in[i].Overlaps(in[j]) {
					in[i] = in[i].Union(in[j])
					in = append(in[:j], in[j+1:]...)
					again = true
					j--
				}
			}
		}
	}
	return in
}

// zone names the fields of the frame that a region touches: rows A to F from the top, columns 1 to 8 from the left;
// upright sheets have eight rows of six columns.
func zone(r Region, lying bool) string {
	rows, cols := 8, 6
	if lying {
		rows, cols = 6, 8
	}
	at := func(f float64, n int) int { return min(n-1, max(0, int(f*float64(n)))) }
	const inside = 1e-6
	r0, r1 := at(r.Y, rows), at(r.Y+r.H-inside, rows)
	c0, c1 := at(r.X, cols), at(r.X+r.W-inside, cols)
	from := fmt.Sprintf("%c%d", 'A'+r0, c0+1)
	if r0 == r1 && c0 == c1 {
		return from
	}
	return fmt.Sprintf("%s–%c%d", from, 'A'+r1, c1+1)
}

// overlay paints both: sixteen shades each of grey (both), red (was) and blue (is).
func overlay(was, is inkMap, gone, come []bool) ([]byte, error) {
	var pal color.Palette
	for i := range 16 {
		v := uint8(255 - i*8)
		pal = append(pal, color.RGBA{v, v, v, 255})
	}
	for i := range 16 {
		v := uint8(225 - i*15)
		pal = append(pal, color.RGBA{uint8(235 - i*2), v, v, 255})
	}
	for i := range 16 {
		v := uint8(225 - i*15)
		pal = append(pal, color.RGBA{v, uint8(230 - i*9), uint8(250 - i*2), 255})
	}
	img := image.NewPaletted(image.Rect(0, 0, was.w, was.h), pal)
	for i := range img.Pix {
		switch {
		case come[i]:
			img.Pix[i] = 32 + is.v[i]>>4
		case gone[i]:
			img.Pix[i] = 16 + was.v[i]>>4
		default:
			img.Pix[i] = max(was.v[i], is.v[i]) >> 4
		}
	}
	var b bytes.Buffer
	err := pngs.Encode(&b, img)
	return b.Bytes(), err
}
