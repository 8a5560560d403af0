package cases

import (
	"slices"
	"strings"
	"unicode"

	"cloudbm/permit"
	"cloudbm/taiwan"
)

// grams cuts text into runs of two characters, folded: the pieces by which cases are found. One character alone stands
// for itself; spaces and marks only part words.
func grams(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(taiwan.Fold(text)), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsPunct(r) && r != '-' || unicode.IsSymbol(r)
	})
	var out []string
	for _, w := range words {
		r := []rune(strings.ReplaceAll(w, "台", "臺"))
		if len(r) == 1 {
			out = append(out, string(r))
		}
		for i := 0; i+1 < len(r); i++ {
			out = append(out, string(r[i:i+2]))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// pieces is everything a case may be found by: numbers, title, place, names and land numbers; never a national ID.
func pieces(c *Case, a permit.Answers) []string {
	text := []string{c.Serial, c.Registration, c.Licence, c.Title, c.Applicant, c.Place, c.OpenerName}
	for _, s := range c.Type.Form {
		if s.List == nil {
			continue
		}
		for _, r := range a.Rows[s.Key] {
			for _, f := range s.List.Fields {
				if !f.Secret && (f.Kind == permit.Name || f.Kind == permit.LandNo || f.Key == "section") {
					text = append(text, r.Values[f.Key])
				}
			}
		}
	}
	all := strings.Join(text, " ")
	singles := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Han, r) {
			return r
		}
		return -1
	}, all)
	out := grams(all)
	for _, r := range singles {
		out = append(out, string(r))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
