package permit

import (
	"errors"
	"fmt"
	"slices"
)

// Check looks a declaration over, at start and in tests: no key twice, both languages everywhere, every condition asks
// about a real field, every state can be reached and left, every signer is a party of the form, every print names real
// sections.
func (t *Type) Check() error {
	c := checker{t: t, keys: map[string]bool{}}
	c.form()
	c.conditions()
	c.moves()
	c.rest()
	return errors.Join(c.errs...)
}

type checker struct {
	t    *Type
	keys map[string]bool
	errs []error
}

func (c *checker) bad(format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("%s: %s", c.t.ID(), fmt.Sprintf(format, args...)))
}

func (c *checker) form() {
	if c.t.Kind == "" || c.t.Code == "" || c.t.Family == "" || c.t.Edition == "" || c.t.Menu == "" {
		c.bad("kind, code, family, edition and menu are needed")
	}
	sections := map[string]bool{}
	for _, s := range c.t.Form {
		if sections[s.Key] {
			c.bad("section %s stands twice", s.Key)
		}
		sections[s.Key] = true
		if s.Name.Zh == "" || s.Name.En == "" {
			c.bad("section %s lacks a name in one language", s.Key)
		}
		if s.List != nil && len(s.Fields) > 0 {
			c.bad("section %s has both fields and a list", s.Key)
		}
		own := map[string]bool{}
		for _, f := range s.All() {
			if s.List == nil && c.keys[f.Key] || own[f.Key] {
				c.bad("field %s stands twice", f.Key)
			}
			own[f.Key] = true
			if s.List == nil {
				c.keys[f.Key] = true
			}
			c.field(s, f)
		}
	}
}

func (c *checker) field(s Section, f Field) {
	if f.Label.Zh == "" || f.Label.En == "" {
		c.bad("field %s/%s lacks a label in one language", s.Key, f.Key)
	}
	if (f.Kind == Choice || f.Kind == Several) && len(f.Choices) == 0 {
		c.bad("field %s/%s has nothing to choose", s.Key, f.Key)
	}
	if (f.Kind == Computed) != (f.Compute != nil) {
		c.bad("field %s/%s: a computed field and only that has Compute", s.Key, f.Key)
	}
}

func (c *checker) conditions() {
	real := func(where string, x Cond, row *List) {
		for _, k := range x.Keys() {
			inRow := row != nil && slices.ContainsFunc(row.Fields, func(f Field) bool { return f.Key == k })
			if !c.keys[k] && !inRow {
				c.bad("%s asks about %s, which is no field", where, k)
			}
		}
	}
	for _, s := range c.t.Form {
		real("section "+s.Key, s.When, nil)
		for _, f := range s.All() {
			real("field "+s.Key+"/"+f.Key, f.When, s.List)
		}
	}
	for _, a := range c.t.Attachments {
		real("attachment "+a.Code, a.When, nil)
	}
	for _, d := range c.t.Drawings {
		real("drawing "+d.Class, d.When, nil)
	}
	for _, d := range c.t.Deadlines {
		real("deadline "+d.ID, d.Long, nil)
	}
}

func (c *checker) moves() {
	reached, left := map[State]bool{Draft: true}, map[State]bool{}
	for _, m := range c.t.Moves {
		if len(m.By) == 0 {
			c.bad("nobody may %s", m.Act)
		}
		reached[m.To] = true
		for _, s := range m.From {
			left[s] = true
		}
	}
	for s := range reached {
		if !left[s] && !s.Closed() {
			c.bad("state %s cannot be left", s)
		}
	}
	for s := range left {
		if !reached[s] {
			c.bad("state %s cannot be reached", s)
		}
		if s.Closed() {
			c.bad("state %s is closed and yet left", s)
		}
	}
	if !reached[Issued] {
		c.bad("the case can never be granted")
	}
}

func (c *checker) rest() {
	party := func(where string, p Party) {
		if p != "" && len(c.t.Lists(p)) == 0 {
			c.bad("%s is signed by %s, who is no party of the form", where, p)
		}
	}
	codes := map[string]bool{}
	for _, a := range c.t.Attachments {
		if codes[a.Code] {
			c.bad("attachment %s stands twice", a.Code)
		}
		codes[a.Code] = true
		party("attachment "+a.Code, a.Signer)
	}
	for _, d := range c.t.Drawings {
		if codes["drawing "+d.Class] {
			c.bad("drawing class %s stands twice", d.Class)
		}
		codes["drawing "+d.Class] = true
		for _, p := range d.Signers {
			party("drawing "+d.Class, p)
		}
	}
	for _, p := range c.t.Prints {
		for _, key := range p.Sections {
			if c.t.Section(key) == nil {
				c.bad("print %s shows %s, which is no section", p.Code, key)
			}
		}
	}
	if c.t.Fee.Of != "" && !c.keys[c.t.Fee.Of] {
		c.bad("the fee is a share of %s, which is no field", c.t.Fee.Of)
	}
	for what, key := range map[string]string{"title": c.t.TitleField, "place": c.t.PlaceField} {
		if !c.keys[key] {
			c.bad("its %s is the field %q, which is no field", what, key)
		}
	}
	for _, d := range c.t.Deadlines {
		if d.Base == OnField && !c.keys[d.Field] {
			c.bad("deadline %s counts from %s, which is no field", d.ID, d.Field)
		}
	}
}
