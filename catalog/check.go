package catalog

import (
	"fmt"
	"slices"

	"cloudbm/permit"
	"cloudbm/say"
)

// facts are what a profile can fill in (帶入); package roles provides exactly these.
var facts = []string{"person_id", "name", "email", "phone", "mobile", "fax", "address", "arch_licence", "arch_certificate",
	"office_name", "office_address", "office_phone", "eng_licence", "eng_permit", "eng_branch", "con_licence", "company_id",
	"company_name", "company_head", "company_address", "company_phone", "dec_licence", "dec_technician"}

// languages lists the sentences of t that lack one of their halves.
func languages(t *permit.Type) []error {
	var errs []error
	both := func(where string, s say.Text) {
		if s.Zh == "" || s.En == "" {
			errs = append(errs, fmt.Errorf("%s: %s lacks one language", t.ID(), where))
		}
	}
	either := func(where string, s say.Text) {
		if !s.Empty() {
			both(where, s)
		}
	}
	both("name", t.Name)
	both("help", t.Help)
	both("outcome", t.Outcome.Name)
	both("title of the outcome", t.Outcome.Title)
	if t.Fee.Of == "" && t.Fee.Flat == 0 {
		both("why there is no fee", t.Fee.None)
	} else {
		both("fee", t.Fee.Name)
	}
	for _, s := range t.Form {
		either("help of "+s.Key, s.Help)
		if s.List != nil {
			both("row of "+s.Key, s.List.Row)
		}
		for _, r := range s.Rules {
			both("rule at "+s.Key+"/"+r.Key, r.Name)
			if r.Key == "" || r.Check == nil || !slices.ContainsFunc(s.All(), func(f permit.Field) bool { return f.Key == r.Key }) {
				errs = append(errs, fmt.Errorf("%s: a rule of %s stands at %q, which is no field of it", t.ID(), s.Key, r.Key))
			}
		}
		for _, f := range s.All() {
			either("hint of "+f.Key, f.Hint)
			for _, o := range f.Choices {
				both("choice "+f.Key+"="+o.Value, o.Text)
			}
		}
	}
	for _, a := range t.Attachments {
		both("attachment "+a.Code, a.Name)
		either("hint of attachment "+a.Code, a.Hint)
	}
	for _, d := range t.Drawings {
		both("drawing "+d.Class, d.Name)
	}
	for _, c := range t.Checks {
		both("check "+c.Key, c.Text)
	}
	for _, d := range t.Deadlines {
		both("deadline "+d.ID, d.Name)
	}
	for _, p := range t.Prints {
		both("print "+p.Code, p.Name)
	}
	return errs
}

// profiles lists the fills of t that name no field of the row or no fact of a profile.
func profiles(t *permit.Type) []error {
	var errs []error
	for _, s := range t.Form {
		if s.List == nil {
			continue
		}
		for key, fact := range s.List.Fill {
			if !slices.ContainsFunc(s.List.Fields, func(f permit.Field) bool { return f.Key == key }) {
				errs = append(errs, fmt.Errorf("%s: %s fills %s, which is no field of the row", t.ID(), s.Key, key))
			}
			if !slices.Contains(facts, fact) {
				errs = append(errs, fmt.Errorf("%s: %s fills from %s, which is no fact of a profile", t.ID(), s.Key, fact))
			}
		}
	}
	return errs
}

// shadows lists the keys of rows that are also keys of questions asked once (a row's answer would hide the other in a
// condition), and keys that are secret in one list and open in another.
func shadows(t *permit.Type) []error {
	var errs []error
	once, secrets := map[string]bool{}, map[string]bool{}
	for _, s := range t.Form {
		for _, f := range s.Fields {
			once[f.Key] = true
		}
	}
	for _, s := range t.Form {
		for _, f := range s.All() {
			if s.List != nil && once[f.Key] {
				errs = append(errs, fmt.Errorf("%s: %s is asked once and in %s too", t.ID(), f.Key, s.Key))
			}
			if was, seen := secrets[f.Key]; seen && was != f.Secret {
				errs = append(errs, fmt.Errorf("%s: %s is secret in one place and open in another", t.ID(), f.Key))
			}
			secrets[f.Key] = f.Secret
		}
	}
	return errs
}

// follows lists what is taken over from an earlier case that it does not have, or has in another shape.
func follows(t *permit.Type, f permit.Follow) []error {
	earlier := Find(f.Kind)
	if earlier == nil {
		return []error{fmt.Errorf("%s follows %s, which is no case type", t.ID(), f.Kind)}
	}
	var errs []error
	for _, key := range f.Sections {
		here, there := t.Section(key), earlier.Section(key)
		if here == nil || there == nil || (here.List == nil) != (there.List == nil) {
			errs = append(errs, fmt.Errorf("%s takes %s over from %s, which is not a section of both", t.ID(), key, f.Kind))
		}
	}
	for here, there := range f.Fields {
		if !asksOnce(t, here) {
			errs = append(errs, fmt.Errorf("%s takes over into %s, which is no field", t.ID(), here))
		}
		if there != "licence" && there != "issued" && !asksOnce(earlier, there) {
			errs = append(errs, fmt.Errorf("%s takes over %s, which is no field of %s", t.ID(), there, f.Kind))
		}
	}
	return errs
}

func asksOnce(t *permit.Type, key string) bool {
	for _, s := range t.Form {
		for _, f := range s.Fields {
			if f.Key == key {
				return true
			}
		}
	}
	return false
}
