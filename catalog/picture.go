package catalog

import (
	"fmt"
	"html"
	"math"
	"slices"
	"strings"

	"cloudbm/permit"
)

// seat is the place of each state in the picture: column and row.
var seat = map[permit.State][2]float64{
	permit.Draft: {0, 0}, permit.Submitted: {1, 0}, permit.Received: {2, 0}, permit.Reviewing: {3, 0}, permit.Proposed: {4, 0}, permit.Issued: {5, 0},
	permit.Returned: {1, 1}, permit.Correction: {3, 1}, permit.Resubmitted: {4, 1}, permit.Lapsed: {5, 1},
	permit.Withdrawn: {1, 2}, permit.Rejected: {4, 2},
}

// Measures of the picture, in px.
const (
	columnWidth, rowHeight = 190.0, 140.0
	boxWidth, boxHeight    = 104.0, 48.0
	left, top              = 80.0, 92.0
	manyArrows             = 3 // a move from this many states is written in its goal's box instead of drawn
)

type picture struct{ b strings.Builder }

func (p *picture) put(format string, args ...any) { fmt.Fprintf(&p.b, format+"\n", args...) }

// States is the road of a case of this type as a picture (SVG), drawn from its moves. Whose turn it is stands in each
// box in words, so the picture does not speak through colour alone.
func States(t *permit.Type) string {
	var p picture
	width, height := 2*left+5*columnWidth, top+2*rowHeight+110
	p.put(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%g" height="%g" role="img" aria-labelledby="title desc" font-family="'Noto Sans TC','Microsoft JhengHei',sans-serif">`, width, height, width, height)
	p.put(`<title id="title">%s（%s）的案件流程</title>`, html.EscapeString(t.Name.Zh), html.EscapeString(t.ID()))
	p.put(`<desc id="desc">%s</desc>`, html.EscapeString(strings.Join(roads(t), "；")))
	p.put(`<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="#333"/></marker></defs>`)
	p.put(`<rect width="%g" height="%g" fill="#fff"/>`, width, height)
	p.put(`<text x="24" y="34" font-size="18" font-weight="bold">%s　%s</text>`, html.EscapeString(t.Name.Zh), html.EscapeString(t.ID()))
	for _, a := range arrows(t) {
		p.arrow(a)
	}
	for _, s := range permit.States {
		if used(t, s) {
			p.box(s)
		}
	}
	p.notes(t)
	p.put(`</svg>`)
	return p.b.String()
}

// arrow is what is drawn between two states: the acts that lead from one to the other.
type arrow struct {
	from, to permit.State
	acts     []string
	back     bool // there is an arrow the other way too
}

func arrows(t *permit.Type) []arrow {
	var out []arrow
	for _, m := range t.Moves {
		if len(m.From) >= manyArrows {
			continue
		}
		for _, from := range m.From {
			act := m.Act.Name().Zh
			if i := slices.IndexFunc(out, func(a arrow) bool { return a.from == from && a.to == m.To }); i >= 0 {
				out[i].acts = append(out[i].acts, act)
				continue
			}
			out = append(out, arrow{from: from, to: m.To, acts: []string{act}})
		}
	}
	for i := range out {
		out[i].back = slices.ContainsFunc(out, func(o arrow) bool { return o.from == out[i].to && o.to == out[i].from && o.from != o.to })
	}
	return out
}

func used(t *permit.Type, s permit.State) bool {
	return slices.ContainsFunc(t.Moves, func(m permit.Move) bool { return m.To == s || slices.Contains(m.From, s) })
}

func centre(s permit.State) (x, y float64) {
	at := seat[s]
	return left + at[0]*columnWidth, top + at[1]*rowHeight
}

func (p *picture) box(s permit.State) {
	x, y := centre(s)
	fill, dash := "#eef3fa", ""
	switch {
	case s.Open():
		fill = "#fff6dc"
	case s.Closed():
		fill, dash = "#eeeeee", ` stroke-width="2.5"`
	}
	p.put(`<rect x="%g" y="%g" width="%g" height="%g" rx="6" fill="%s" stroke="#333"%s/>`, x-boxWidth/2, y-boxHeight/2, boxWidth, boxHeight, fill, dash)
	p.put(`<text x="%g" y="%g" font-size="16" text-anchor="middle">%s</text>`, x, y-2, s.Name().Zh)
	p.put(`<text x="%g" y="%g" font-size="11" text-anchor="middle" fill="#444">輪到：%s</text>`, x, y+16, s.Ball().Zh)
}

func (p *picture) arrow(a arrow) {
	x1, y1 := centre(a.from)
	x2, y2 := centre(a.to)
	label := strings.Join(a.acts, "、")
	if a.from == a.to {
		out := -1.0 // over the box in the top row, under it in the others, where arrows come from above
		if seat[a.from][1] > 0 {
			out = 1
		}
		rim := y1 + out*boxHeight/2
		p.put(`<path d="M%g %g C%g %g %g %g %g %g" fill="none" stroke="#333" marker-end="url(#head)"/>`, x1-16, rim, x1-30, rim+out*32, x1+30, rim+out*32, x1+16, rim)
		p.label(x1, rim+out*24, label)
		return
	}
	length := math.Hypot(x2-x1, y2-y1)
	dx, dy := (x2-x1)/length, (y2-y1)/length
	if a.back { // keep to the right, so that the two ways do not lie on each other
		x1, y1, x2, y2 = x1-dy*14, y1+dx*14, x2-dy*14, y2+dx*14
	}
	out := edge(dx, dy)
	x1, y1, x2, y2 = x1+dx*out, y1+dy*out, x2-dx*out, y2-dy*out
	p.put(`<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#333" marker-end="url(#head)"/>`, x1, y1, x2, y2)
	mx, my := (x1+x2)/2, (y1+y2)/2
	switch {
	case math.Abs(dx) > math.Abs(dy) && a.back:
		p.label(mx, my+dx*11, label)
	case math.Abs(dx) > math.Abs(dy):
		p.label(mx, my-11, label)
	case a.back:
		p.label(mx-dy*24, my, label)
	default:
		p.label(mx, my, label)
	}
}

// edge is how far the rim of a box is from its centre in a direction.
func edge(dx, dy float64) float64 {
	d := math.Inf(1)
	if dx != 0 {
		d = math.Abs(boxWidth / 2 / dx)
	}
	if dy != 0 {
		d = math.Min(d, math.Abs(boxHeight/2/dy))
	}
	return d
}

func (p *picture) label(x, y float64, text string) {
	w := 13*float64(len([]rune(text))) + 4
	p.put(`<rect x="%.1f" y="%.1f" width="%.1f" height="17" fill="#fff"/>`, x-w/2, y-9, w)
	p.put(`<text x="%.1f" y="%.1f" font-size="13" text-anchor="middle">%s</text>`, x, y+4, text)
}

// notes writes out the moves that start in many states, beneath the state they lead to.
func (p *picture) notes(t *permit.Type) {
	for _, m := range t.Moves {
		if len(m.From) < manyArrows {
			continue
		}
		x, y := centre(m.To)
		var from []string
		for _, s := range m.From {
			from = append(from, s.Name().Zh)
		}
		p.put(`<text x="%g" y="%g" font-size="12" text-anchor="middle">%s：%s都可以</text>`, x, y+boxHeight/2+22, m.Act.Name().Zh, strings.Join(from, "、"))
	}
	p.put(`<text x="24" y="%g" font-size="12" fill="#444">框內「輪到」是下一步該做的人；粗框是結束。由 Moves 繪製。</text>`, top+2*rowHeight+92)
}

// roads are the moves in words, for who cannot see the picture.
func roads(t *permit.Type) []string {
	var out []string
	for _, m := range t.Moves {
		var from []string
		for _, s := range m.From {
			from = append(from, s.Name().Zh)
		}
		out = append(out, strings.Join(from, "、")+"經"+m.Act.Name().Zh+"到"+m.To.Name().Zh)
	}
	return out
}
