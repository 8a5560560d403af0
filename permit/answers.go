package permit

import (
	"strings"

	"github.com/shopspring/decimal"
)

// Answers are what a case says so far, as text: one value per field, and the rows of each list.
type Answers struct {
	Fields map[string]string
	Rows   map[string][]Row
}

// Row is one row of a list; ID stays the same for its life.
type Row struct {
	ID     string            `json:"id"`
	Lead   bool              `json:"lead,omitempty"` // 代表人
	From   string            `json:"from,omitempty"` // the profile it was filled from: person id
	Values map[string]string `json:"values"`
}

// Get is the answer to key, empty if none.
func (a Answers) Get(key string) string { return strings.TrimSpace(a.Fields[key]) }

// Yes reports whether key was answered with yes.
func (a Answers) Yes(key string) bool { return a.Fields[key] == "Y" }

// Number is the answer to key as a number; ok is false when there is none.
func (a Answers) Number(key string) (decimal.Decimal, bool) { return number(a.Fields[key]) }

// Sum adds up a column of a list; ok is false when no row has a number there.
func (a Answers) Sum(list, key string) (sum decimal.Decimal, ok bool) {
	for _, r := range a.Rows[list] {
		if d, has := number(r.Values[key]); has {
			sum, ok = sum.Add(d), true
		}
	}
	return sum, ok
}

func number(s string) (decimal.Decimal, bool) {
	s = strings.ReplaceAll(strings.TrimSpace(s), ",", "")
	if s == "" {
		return decimal.Zero, false
	}
	d, err := decimal.NewFromString(s)
	return d, err == nil
}

// Cond is a condition on the answers. The zero Cond always holds.
type Cond struct {
	key     string
	in      []string
	atLeast *decimal.Decimal
	all     []Cond
	any     []Cond
	not     *Cond
}

// Is holds when key was answered with one of the values.
func Is(key string, values ...string) Cond { return Cond{key: key, in: values} }

// AtLeast holds when the number answered to key is n or more.
func AtLeast(key string, n int64) Cond {
	d := decimal.NewFromInt(n)
	return Cond{key: key, atLeast: &d}
}

// All holds when each of cs holds.
func All(cs ...Cond) Cond { return Cond{all: cs} }

// Any holds when one of cs holds.
func Any(cs ...Cond) Cond { return Cond{any: cs} }

// Not holds when c does not.
func Not(c Cond) Cond { return Cond{not: &c} }

// Always reports whether c is the zero Cond.
func (c Cond) Always() bool {
	return c.key == "" && c.all == nil && c.any == nil && c.not == nil
}

// Holds reports whether c holds for the answers. Inside a list the row's own values come first: see Over.
func (c Cond) Holds(a Answers) bool {
	switch {
	case c.all != nil:
		for _, x := range c.all {
			if !x.Holds(a) {
				return false
			}
		}
		return true
	case c.any != nil:
		for _, x := range c.any {
			if x.Holds(a) {
				return true
			}
		}
		return false
	case c.not != nil:
		return !c.not.Holds(a)
	case c.key == "":
		return true
	case c.atLeast != nil:
		d, ok := a.Number(c.key)
		return ok && d.GreaterThanOrEqual(*c.atLeast)
	}
	v := a.Get(c.key)
	for _, want := range c.in {
		if v == want || strings.Contains(","+v+",", ","+want+",") {
			return true
		}
	}
	return false
}

// Keys lists the fields a condition asks about.
func (c Cond) Keys() []string {
	var out []string
	if c.key != "" {
		out = append(out, c.key)
	}
	for _, x := range append(append([]Cond{}, c.all...), c.any...) {
		out = append(out, x.Keys()...)
	}
	if c.not != nil {
		out = append(out, c.not.Keys()...)
	}
	return out
}

// Over lays a row's values over the answers, so that conditions inside a list may ask about both.
func (a Answers) Over(r Row) Answers {
	f := make(map[string]string, len(a.Fields)+len(r.Values))
	for k, v := range a.Fields {
		f[k] = v
	}
	for k, v := range r.Values {
		f[k] = v
	}
	return Answers{Fields: f, Rows: a.Rows}
}
