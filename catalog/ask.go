package catalog

import (
	"github.com/shopspring/decimal"

	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
)

// more says something more about a question.
type more func(*permit.Field)

// ask is a question: its key, what may be typed, its label in both languages, and whatever more there is to say.
func ask(key string, kind permit.Kind, zh, en string, and ...more) permit.Field {
	f := permit.Field{Key: key, Label: say.T(zh, en), Kind: kind}
	for _, m := range and {
		m(&f)
	}
	return f
}

// area asks for square metres with two decimals, as the land register and the forms print them.
func area(key, zh, en string, and ...more) permit.Field {
	return ask(key, permit.Decimal, zh, en, append([]more{places(2), unit("㎡")}, and...)...)
}

// share asks for a percentage with two decimals.
func share(key, zh, en string, and ...more) permit.Field {
	return ask(key, permit.Decimal, zh, en, append([]more{places(2), unit("%")}, and...)...)
}

// metres asks for a length with two decimals.
func metres(key, zh, en string, and ...more) permit.Field {
	return ask(key, permit.Decimal, zh, en, append([]more{places(2), unit("m")}, and...)...)
}

func required(f *permit.Field)        { f.Required = true }
func secret(f *permit.Field)          { f.Secret = true }
func upTo(characters int) more        { return func(f *permit.Field) { f.Max = characters } }
func places(n int) more               { return func(f *permit.Field) { f.Places = n } }
func unit(u string) more              { return func(f *permit.Field) { f.Unit = u } }
func hint(zh, en string) more         { return func(f *permit.Field) { f.Hint = say.T(zh, en) } }
func law(article string) more         { return func(f *permit.Field) { f.Law = article } }
func when(c permit.Cond) more         { return func(f *permit.Field) { f.When = c } }
func of(choices []permit.Option) more { return func(f *permit.Field) { f.Choices = choices } }
func worked(out func(permit.Answers) (string, bool)) more {
	return func(f *permit.Field) { f.Compute = out }
}

// join puts lists of fields one after the other.
func join(lists ...[]permit.Field) []permit.Field {
	var out []permit.Field
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// hold is a rule that keeps the case back: what must be so, in both languages, and check, which answers what to do or
// nothing.
func hold(key, zh, en string, check func(permit.Answers) *say.Text) permit.Rule {
	return permit.Rule{Key: key, Name: say.T(zh, en), Check: func(a permit.Answers) *fault.Fault {
		if t := check(a); t != nil {
			return fault.BadText(key, *t)
		}
		return nil
	}}
}

// remind is a rule that only reminds.
func remind(key, zh, en string, check func(permit.Answers) *say.Text) permit.Rule {
	r := hold(key, zh, en, check)
	r.Soft = true
	return r
}

// told is the sentence a rule answers with.
func told(zh, en string, args ...any) *say.Text {
	t := say.F(zh, en, args...)
	return &t
}

// number reads a cell of a row.
func number(r permit.Row, key string) (decimal.Decimal, bool) {
	return permit.Answers{Fields: r.Values}.Number(key)
}

// total adds up fields; ok is false while none of them is answered.
func total(a permit.Answers, keys ...string) (sum decimal.Decimal, ok bool) {
	for _, k := range keys {
		if d, has := a.Number(k); has {
			sum, ok = sum.Add(d), true
		}
	}
	return sum, ok
}

// totalOf is total as a computed answer with two decimals.
func totalOf(keys ...string) more {
	return worked(func(a permit.Answers) (string, bool) {
		sum, ok := total(a, keys...)
		return sum.StringFixed(2), ok
	})
}

// countOf is the number of rows of a list for which is holds, as a computed answer.
func countOf(list string, is func(permit.Row) bool) more {
	return worked(func(a permit.Answers) (string, bool) {
		n := int64(0)
		for _, r := range a.Rows[list] {
			if is == nil || is(r) {
				n++
			}
		}
		return decimal.NewFromInt(n).String(), true
	})
}
