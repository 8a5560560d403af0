package pades

import "fmt"

// updates checks that what lies between two ends is updates and nothing else: objects that the update's own table
// lists, the table, its trailer, its end. Other readers look for objects in the bytes where a table misleads them; here
// both see the same.
func (v view) updates(from, to int64) error {
	f := v.f
	known := map[int64]*section{}
	for _, s := range v.sections {
		if s.at >= from {
			known[s.at] = s
		}
	}
	objects := map[int]found{} // of this update
	where := map[int]int64{}
	for at := from; at < to; {
		next, what, err := f.next(at)
		if err != nil {
			return err
		}
		switch what {
		case "": // only space is left
			at = to
			continue
		case "xref":
			s := known[next]
			if s == nil {
				return &malformed{next, "a table that nothing leads to"}
			}
			if at, err = f.closing(next, next, to); err != nil {
				return err
			}
			if err := s.lists(where, objects, next); err != nil {
				return err
			}
			delete(known, next)
			clear(objects)
			clear(where)
			continue
		}
		o, err := f.object(next)
		if err != nil {
			return err
		}
		if _, twice := objects[o.ref.num]; twice {
			return &malformed{next, "an object that stands twice"}
		}
		objects[o.ref.num], where[o.ref.num] = found{ref: o.ref}, next
		if len(objects) > maxEntries {
			return errTooMuch
		}
		at = o.end
		st, isStream := o.value.(pdfStream)
		if isStream {
			n, err := v.length(st)
			if err != nil {
				return err
			}
			if at, err = f.afterStream(st.at + n); err != nil {
				return err
			}
		}
		if s := known[next]; s != nil && isStream && s.own == o.ref.num {
			if at, err = f.closing(next, at, to); err != nil {
				return err
			}
			if err := s.lists(where, objects, next); err != nil {
				return err
			}
			delete(known, next)
			clear(objects)
			clear(where)
		}
	}
	if len(objects) > 0 || len(known) > 0 {
		return &malformed{to, "objects after the last table, or a table that is not part of an update"}
	}
	return nil
}

// next goes over white space; comments are none here, they may hold anything.
func (f *file) next(at int64) (int64, string, error) {
	what := ""
	for at < f.size {
		n := 0
		err := f.at(at, func(l *lexer) error {
			for n = 0; n < len(l.b) && isSpace(l.b[n]); n++ {
			}
			if n == len(l.b) {
				return nil
			}
			if l.b[n] == 'x' {
				what = "xref"
			} else if l.b[n] >= '0' && l.b[n] <= '9' {
				what = "object"
			} else {
				l.i = n
				return l.bad("what is no object")
			}
			return nil
		})
		at += int64(n)
		if err != nil || what != "" {
			return at, what, err
		}
		if n == 0 {
			break
		}
	}
	return at, what, nil
}

// afterStream goes over endstream and endobj.
func (f *file) afterStream(at int64) (end int64, err error) {
	err = f.at(at, func(l *lexer) error {
		if err := l.keyword("endstream"); err != nil {
			return err
		}
		if err := l.keyword("endobj"); err != nil {
			return err
		}
		end = l.base + int64(l.i)
		return nil
	})
	return end, err
}

// closing goes over what ends an update: the table and its trailer if it has one, startxref with the place of the
// section, %%EOF. It is the byte after it.
func (f *file) closing(section, at, to int64) (end int64, err error) {
	if section == at {
		if at, err = f.overTable(at); err != nil {
			return 0, err
		}
	}
	err = f.at(at, func(l *lexer) error {
		if err := l.keyword("startxref"); err != nil {
			return err
		}
		n, err := l.number()
		if err != nil {
			return err
		}
		if n != section {
			return l.bad("the end of another update")
		}
		for l.i < len(l.b) && isSpace(l.b[l.i]) {
			l.i++
		}
		for _, c := range []byte("%%EOF") {
			if l.i >= len(l.b) || l.b[l.i] != c {
				return l.bad("no end of an update")
			}
			l.i++
		}
		end = l.base + int64(l.i)
		return nil
	})
	if err == nil && end > to {
		err = &malformed{end, "an update beyond the end"}
	}
	return end, err
}

// overTable is the byte after the trailer of a table.
func (f *file) overTable(at int64) (end int64, err error) {
	s, err := f.table(at, maxEntries)
	if err != nil {
		return 0, err
	}
	return s.end, nil
}

// lists reports whether a section lists just the objects that its update wrote.
func (s *section) lists(where map[int]int64, objects map[int]found, at int64) error {
	n := 0
	for _, e := range s.entries {
		switch e.kind {
		case 1:
			n++
			if there, ok := where[e.num]; !ok || there != e.at || objects[e.num].ref.gen != e.gen {
				return &malformed{at, fmt.Sprintf("object %d is not in the update that lists it", e.num)}
			}
		case 2:
			if _, ok := where[int(e.at)]; !ok {
				return &malformed{at, fmt.Sprintf("object %d is in a stream of another update", e.num)}
			}
		}
	}
	if s.own != 0 {
		if e, ok := s.find(s.own); !ok || e.kind != 1 {
			n++ // a stream of references need not list itself
		}
	}
	if n != len(where) {
		return &malformed{at, "an object that no table lists"}
	}
	return nil
}

// merge adds what a hybrid file keeps for readers that know streams of objects: it counts where the table says free.
func (s *section) merge(more *section) {
	all := make([]entry, 0, len(s.entries)+len(more.entries))
	a, b := s.entries, more.entries
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].num < b[0].num:
			all, a = append(all, a[0]), a[1:]
		case a[0].num > b[0].num:
			all, b = append(all, b[0]), b[1:]
		default:
			if a[0].kind == 0 {
				a[0] = b[0]
			}
			all, a, b = append(all, a[0]), a[1:], b[1:]
		}
	}
	s.entries = append(append(all, a...), b...)
}
