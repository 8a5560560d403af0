package pdf

import "strconv"

// Table draws rows under a header that is repeated on every page the table reaches.
func (f *Form) Table(cols []Column, rows [][]string) {
	widths := make([]float64, len(cols))
	head := make([]Cell, len(cols))
	for i, c := range cols {
		widths[i] = c.Width
		head[i] = Cell{Text: c.Title, Label: true}
	}
	body := make([][]Cell, len(rows))
	for i, r := range rows {
		body[i] = make([]Cell, len(cols))
		for j := range cols {
			body[i][j].Align = cols[j].Align
			if j < len(r) {
				body[i][j].Text = r[j]
			}
		}
	}
	f.lay(widths, [][]Cell{head}, body)
}

// Grid draws the label/value grid of a statutory form. widths are the columns, in any unit; nil shares the page in
// proportion one to a column of labels, two to any other.
func (f *Form) Grid(widths []float64, rows [][]Cell) {
	if widths == nil {
		widths = shares(rows)
	}
	f.lay(widths, nil, rows)
}

func shares(rows [][]Cell) []float64 {
	var value []bool
	for _, s := range slots(rows) {
		for len(value) < s.col+s.span {
			value = append(value, false)
		}
		if !s.Label && s.span == 1 {
			value[s.col] = true
		}
	}
	w := make([]float64, len(value))
	for i := range w {
		w[i] = 1
		if value[i] {
			w[i] = 2
		}
	}
	return w
}

// slot is a cell with its place in the table.
type slot struct {
	Cell
	row, col, span, rows int
	lines                []line
	tag                  *tag
}

// slots places the cells: each goes to the next column that no cell above reaches down to.
func slots(rows [][]Cell) []*slot {
	var out []*slot
	taken := map[[2]int]bool{}
	for r, cells := range rows {
		c := 0
		for _, cell := range cells {
			for taken[[2]int{r, c}] {
				c++
			}
			s := &slot{Cell: cell, row: r, col: c, span: max(1, cell.Span), rows: min(max(1, cell.Rows), len(rows)-r)}
			for i := range s.rows {
				for j := range s.span {
					taken[[2]int{r + i, c + j}] = true
				}
			}
			out = append(out, s)
			c += s.span
		}
	}
	return out
}

// table is a table being laid: rows of slots with their heights.
type table struct {
	f       *Form
	x       []float64 // left edges of the columns, and the right edge of the last
	head    []*slot
	headH   []float64
	tag     *tag
	rowTags map[int]*tag
}

func (f *Form) lay(widths []float64, head, body [][]Cell) {
	all := slots(append(append([][]Cell(nil), head...), body...))
	n := len(widths)
	for _, s := range all {
		n = max(n, s.col+s.span)
	}
	if n == 0 || len(body) == 0 && len(head) == 0 {
		return
	}
	t := &table{f: f, x: edges(widths, n, sideMargin, f.width()), tag: f.doc.root.add("Table"), rowTags: map[int]*tag{}}
	rows := make([][]*slot, len(head)+len(body))
	for _, s := range all {
		s.tag = t.cellTag(s, s.row < len(head))
		s.lines = f.wrap(s.Text, bodySize, s.Label, t.inner(s))
		rows[s.row] = append(rows[s.row], s)
	}
	if f.err != nil {
		return
	}
	for _, r := range rows[:len(head)] {
		t.head = append(t.head, r...)
	}
	t.headH = heights(t.head, len(head))
	t.place(rows[len(head):], len(head))
	f.y += bodySize * 0.5
}

// edges are the borders of n columns over width points from left; columns without a width take the mean.
func edges(widths []float64, n int, left, width float64) []float64 {
	w := make([]float64, n)
	sum, known := 0.0, 0
	for i := range w {
		if i < len(widths) && widths[i] > 0 {
			w[i] = widths[i]
			sum += widths[i]
			known++
		}
	}
	for i := range w {
		if w[i] == 0 {
			w[i] = 1
			if known > 0 {
				w[i] = sum / float64(known)
			}
		}
	}
	total := 0.0
	for _, v := range w {
		total += v
	}
	x := make([]float64, n+1)
	x[0] = left
	for i, v := range w {
		x[i+1] = x[i] + v/total*width
	}
	return x
}

func (t *table) inner(s *slot) float64 { return t.x[s.col+s.span] - t.x[s.col] - 2*cellPad }

func (t *table) cellTag(s *slot, header bool) *tag {
	row := t.rowTags[s.row]
	if row == nil {
		row = t.tag.add("TR")
		t.rowTags[s.row] = row
	}
	role, attr := "TD", ""
	if s.Label {
		role = "TH"
		attr = "/Scope/Row"
		if header {
			attr = "/Scope/Column"
		}
	}
	if s.span > 1 {
		attr += "/ColSpan " + strconv.Itoa(s.span)
	}
	if s.rows > 1 {
		attr += "/RowSpan " + strconv.Itoa(s.rows)
	}
	c := row.add(role)
	if attr != "" {
		c.attr = "<</O/Table" + attr + ">>"
	}
	return c
}

// heights are the heights of n rows, counted from the row of the first slot, so that every cell has room.
func heights(cells []*slot, n int) []float64 {
	h := make([]float64, n)
	if len(cells) == 0 {
		return h
	}
	base := cells[0].row
	room := func(s *slot) float64 { return float64(max(1, len(s.lines)))*bodySize*leading + 2*cellPad }
	for _, s := range cells {
		if s.rows == 1 {
			h[s.row-base] = max(h[s.row-base], room(s))
		}
	}
	for i := range h {
		h[i] = max(h[i], bodySize*leading+2*cellPad)
	}
	for _, s := range cells {
		if s.rows > 1 {
			have := sum(h[s.row-base : s.row-base+s.rows])
			if r := room(s); r > have {
				h[s.row-base+s.rows-1] += r - have
			}
		}
	}
	return h
}

func sum(v []float64) (s float64) {
	for _, x := range v {
		s += x
	}
	return s
}

// place draws the body rows, whose first has the number base, turning pages where needed. Rows that a cell ties
// together stay on one page if a page can hold them.
func (t *table) place(rows [][]*slot, base int) {
	f := t.f
	started := false
	begin := func(h float64) {
		if !started {
			f.need(sum(t.headH) + h)
			t.draw(t.head, t.headH, true)
			started = true
		}
	}
	again := func() { // on a new page the header is decoration: it was read before
		f.turnPage()
		t.draw(t.head, t.headH, false)
	}
	for i := 0; i < len(rows); {
		j := i + 1
		for k := i; k < j; k++ {
			for _, s := range rows[k] {
				j = max(j, s.row-base+s.rows)
			}
		}
		var group []*slot
		for _, r := range rows[i:j] {
			group = append(group, r...)
		}
		h := heights(group, j-i)
		page := f.bottom() - headRoom - sum(t.headH)
		begin(min(sum(h), page))
		fresh := f.y <= headRoom+sum(t.headH)+0.01
		switch {
		case f.y+sum(h) <= f.bottom()+0.01:
			t.draw(group, h, true)
			i = j
		case !fresh && sum(h) <= page:
			again()
		case j-i > 1:
			k := 0
			for k < j-i-1 && f.y+sum(h[:k+1]) <= f.bottom() {
				k++
			}
			if k == 0 && !fresh {
				again()
				continue
			}
			rows[i+max(k, 1)] = cut(rows[i:i+max(k, 1)], rows[i+max(k, 1)], base+i+max(k, 1))
		default:
			fits := int((f.bottom() - f.y - 2*cellPad) / (bodySize * leading))
			if fits < 2 && !fresh {
				again()
				continue
			}
			top, rest := halve(group, max(1, fits))
			t.draw(top, heights(top, 1), true)
			rows[i] = rest
			again()
		}
	}
	begin(0)
}

// cut ends the cells of the rows above that reach into the row numbered at, and lets them begin again there.
func cut(above [][]*slot, below []*slot, at int) []*slot {
	for _, r := range above {
		for _, s := range r {
			if over := s.row + s.rows - at; over > 0 {
				rest := *s
				rest.row, rest.rows = at, over
				s.rows -= over
				below = append(below, &rest)
			}
		}
	}
	return below
}

// halve splits one row after n lines.
func halve(cells []*slot, n int) (top, rest []*slot) {
	for _, s := range cells {
		a, b := *s, *s
		k := min(n, len(s.lines))
		a.lines, b.lines = s.lines[:k], s.lines[k:]
		top, rest = append(top, &a), append(rest, &b)
	}
	return top, rest
}

// draw draws the boxes of the cells and then their texts; read is false for what a screen reader should pass over.
func (t *table) draw(cells []*slot, h []float64, read bool) {
	if len(cells) == 0 {
		return
	}
	f := t.f
	c := f.now
	base := cells[0].row
	for _, s := range cells {
		base = min(base, s.row)
	}
	top := func(row int) float64 { return f.y + sum(h[:row-base]) }
	c.begin(nil)
	for _, s := range cells {
		if s.Label {
			c.filled(t.x[s.col], top(s.row), t.x[s.col+s.span]-t.x[s.col], sum(h[s.row-base:s.row-base+s.rows]), shade)
		}
	}
	for _, s := range cells {
		c.box(t.x[s.col], top(s.row), t.x[s.col+s.span]-t.x[s.col], sum(h[s.row-base:s.row-base+s.rows]), ruleWidth, black)
	}
	c.end()
	for _, s := range cells {
		if len(s.lines) == 0 || len(s.lines) == 1 && len(s.lines[0].spans) == 0 {
			continue
		}
		room := sum(h[s.row-base : s.row-base+s.rows])
		y := top(s.row) + (room-float64(len(s.lines))*bodySize*leading)/2
		if read {
			c.begin(s.tag)
		} else {
			c.begin(nil)
		}
		align := s.Align
		if s.Label && align == Left && (len(s.lines) == 1 || s.rows > 1) {
			align = Center
		}
		for _, l := range s.lines {
			c.text(align.at(t.x[s.col]+cellPad, t.inner(s), l.width), baseline(y, bodySize), l, bodySize)
			y += bodySize * leading
		}
		c.end()
	}
	f.y += sum(h)
	f.empty = false
}
