package catalog

import (
	"errors"
	"fmt"

	"cloudbm/permit"
)

// All are the case types in the order of the menus, each kind's newest edition first.
var All = []*permit.Type{Building, Use, Start, Interior}

// Find is the newest edition of a kind, nil if there is none.
func Find(kind string) *permit.Type {
	for _, t := range All {
		if t.Kind == kind {
			return t
		}
	}
	return nil
}

// Edition is one edition of a kind, nil if there is none: a case keeps the edition it was opened under.
func Edition(kind, edition string) *permit.Type {
	for _, t := range All {
		if t.Kind == kind && t.Edition == edition {
			return t
		}
	}
	return nil
}

// ByCode is the newest edition of the type with a 案件類別代號 such as "A1-1", nil if there is none.
func ByCode(code string) *permit.Type {
	for _, t := range All {
		if t.Code == code {
			return t
		}
	}
	return nil
}

// Check looks all declarations over, each by itself and together: no edition twice, no code for two kinds, every case
// that is followed exists and has what is taken over from it.
func Check() error {
	var errs []error
	editions, codes := map[string]bool{}, map[string]string{}
	for _, t := range All {
		errs = append(errs, t.Check())
		if editions[t.ID()] {
			errs = append(errs, fmt.Errorf("%s stands twice", t.ID()))
		}
		editions[t.ID()] = true
		if kind, taken := codes[t.Code]; taken && kind != t.Kind {
			errs = append(errs, fmt.Errorf("%s and %s both have the code %s", kind, t.Kind, t.Code))
		}
		codes[t.Code] = t.Kind
		errs = append(errs, languages(t)...)
		errs = append(errs, profiles(t)...)
		errs = append(errs, shadows(t)...)
		for _, f := range t.Follows {
			errs = append(errs, follows(t, f)...)
		}
		for _, s := range t.Outcome.Shows {
			if t.Section(s) == nil {
				errs = append(errs, fmt.Errorf("%s: the outcome shows %s, which is no section", t.ID(), s))
			}
		}
	}
	return errors.Join(errs...)
}
