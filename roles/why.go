package roles

import (
	"cloudbm/catalog"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/store"
)

// Answer says whether somebody may open one type of case now, and if not, why and what would change it.
type Answer struct {
	Type *permit.Type
	No   *fault.Fault // nil: yes
}

// Why answers for every type of case whether a may open it now: what a page shows is what Ready enforces.
func Why(tx *store.Tx, a permit.Actor) ([]Answer, error) {
	var out []Answer
	seen := map[string]bool{}
	for _, t := range catalog.All {
		if seen[t.Kind] {
			continue // an earlier edition
		}
		seen[t.Kind] = true
		err := Ready(tx, a, t)
		f, ok := fault.As(err)
		if err != nil && !ok {
			return nil, err
		}
		out = append(out, Answer{t, f})
	}
	return out, nil
}
