package cases

import (
	"slices"

	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// Answers is everything the case says, computed answers included.
func Answers(tx *store.Tx, c *Case) (permit.Answers, error) {
	a, _, err := Read(tx, c)
	return a, err
}

// Read is everything the case says, and when each section was last saved by whom.
func Read(tx *store.Tx, c *Case) (permit.Answers, map[string]Stand, error) {
	data, stands, err := sections(tx, c.ID)
	a := permit.Answers{Fields: map[string]string{}, Rows: map[string][]permit.Row{}}
	if err != nil {
		return a, nil, err
	}
	for i := range c.Type.Form {
		s := &c.Type.Form[i]
		k, ok := data[s.Key]
		if !ok {
			continue
		}
		if err := secrets(s, k, tx.Reveal); err != nil {
			return a, nil, err
		}
		for f, v := range k.Values {
			a.Fields[f] = v
		}
		a.Rows[s.Key] = k.Rows
	}
	return c.Type.Complete(a), stands, nil
}

// secrets changes every protected answer of a section with f: tx.Hide or tx.Reveal.
func secrets(s *permit.Section, k kept, f func(string) (string, error)) error {
	change := func(values map[string]string) error {
		for _, field := range s.All() {
			v, ok := values[field.Key]
			if !field.Secret || !ok {
				continue
			}
			changed, err := f(v)
			if err != nil {
				return err
			}
			values[field.Key] = changed
		}
		return nil
	}
	if err := change(k.Values); err != nil {
		return err
	}
	for _, r := range slices.Concat(k.Rows, k.Gone) {
		if err := change(r.Values); err != nil {
			return err
		}
	}
	return nil
}

// keep writes a section, its secrets hidden, and logs who wrote which.
func keep(tx *store.Tx, by permit.Actor, c *Case, s *permit.Section, k kept) error {
	copied := kept{Values: clone(k.Values), Rows: cloneRows(k.Rows), Gone: cloneRows(k.Gone)}
	if err := secrets(s, copied, tx.Hide); err != nil {
		return err
	}
	if err := saveSection(tx, c.ID, s.Key, copied, by); err != nil {
		return err
	}
	return Log(tx, by, c, Entry{Act: "fill", Place: "form/" + s.Key})
}

func cloneRows(rows []permit.Row) (out []permit.Row) {
	for _, r := range rows {
		r.Values = clone(r.Values)
		out = append(out, r)
	}
	return out
}

func clone(m map[string]string) map[string]string {
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// Clash is what stands in the way when somebody else saved the same page in the meantime: both texts.
type Clash struct {
	Stand Stand
	Diffs []Diff
}

// Diff is one field that two people wrote differently.
type Diff struct {
	Field        permit.Field
	Yours, Their string
}

// Error says whose text is newer.
func (c *Clash) Error() string { return "cases: somebody else saved this section" }

// Fill saves one section of questions. values are as typed; what can be read is kept in canonical form, the rest as
// typed, so that nothing is lost: what is wrong shows in Problems and holds the submission. revision is the one the
// page was drawn with; if another person saved meanwhile the answer is a Clash, unless force.
func Fill(tx *store.Tx, by permit.Actor, c *Case, s *permit.Section, values map[string]string, revision int64, force bool) error {
	if err := MayChange(tx, by, c, "form/"+s.Key); err != nil {
		return err
	}
	data, stands, err := sections(tx, c.ID)
	if err != nil {
		return err
	}
	old := data[s.Key]
	if err := secrets(s, old, tx.Reveal); err != nil {
		return err
	}
	read := readValues(s.Fields, values, old.Values)
	if err := onlyOpen(tx, c, s, read, old.Values); err != nil {
		return err
	}
	if stand := stands[s.Key]; stand.Revision != revision && !force {
		if diffs := differ(s.Fields, read, old.Values); len(diffs) > 0 {
			return &Clash{stand, diffs}
		}
	}
	if same(read, old.Values) {
		return nil
	}
	if err := keep(tx, by, c, s, kept{Values: read}); err != nil {
		return err
	}
	return lift(tx, c)
}

// onlyOpen refuses the change of a field that the correction notice does not name.
func onlyOpen(tx *store.Tx, c *Case, s *permit.Section, now, old map[string]string) error {
	open, err := openFields(tx, c, s)
	if err != nil || open == nil {
		return err
	}
	for _, d := range differ(s.Fields, now, old) {
		if !open[d.Field.Key] {
			return fault.Say(fault.Conflict, say.F("改正通知沒有提到「%s」，所以維持送件時的內容", "The notice does not name “%s”, so it stays as submitted", d.Field.Label)).
				To("看改正通知", "See the correction notice", "/bls/cases/"+c.ID+"/correction")
		}
	}
	return nil
}

// readValues reads what was typed; a masked secret that came back unchanged stands for the old answer.
func readValues(fields []permit.Field, typed, old map[string]string) map[string]string {
	out := map[string]string{}
	for _, f := range fields {
		if f.Kind == permit.Computed {
			continue
		}
		raw, sent := typed[f.Key]
		if !sent {
			if v := old[f.Key]; v != "" {
				out[f.Key] = v
			}
			continue
		}
		if f.Secret && old[f.Key] != "" && raw == Masked(old[f.Key]) {
			out[f.Key] = old[f.Key]
			continue
		}
		v, err := f.Read(raw)
		if err != nil {
			v = raw
		}
		if v != "" {
			out[f.Key] = v
		}
	}
	return out
}

func differ(fields []permit.Field, yours, theirs map[string]string) []Diff {
	var out []Diff
	for _, f := range fields {
		if yours[f.Key] != theirs[f.Key] {
			out = append(out, Diff{f, yours[f.Key], theirs[f.Key]})
		}
	}
	return out
}

func same(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}

// Masked is a protected answer as pages show it: D12*****11.
func Masked(v string) string {
	r := []rune(v)
	if len(r) < 6 {
		return v
	}
	for i := 3; i < len(r)-2; i++ {
		r[i] = '*'
	}
	return string(r)
}

// lift copies what lists and searches need from the answers to the case itself, and keeps the parties' standing.
func lift(tx *store.Tx, c *Case) error {
	a, err := Answers(tx, c)
	if err != nil {
		return err
	}
	c.Title, c.Place = a.Get(c.Type.TitleField), a.Get(c.Type.PlaceField)
	c.Applicant = ""
	for _, s := range c.Type.Lists(permit.Owner) {
		for i, r := range a.Rows[s.Key] {
			if i == 0 || r.Lead {
				c.Applicant = r.Values["name"]
			}
		}
	}
	if err := saveLifted(tx, c); err != nil {
		return err
	}
	if err := c.seatParties(tx, a); err != nil {
		return err
	}
	return setGrams(tx, c.ID, pieces(c, a))
}

func sectionOf(c *Case, key string) (*permit.Section, error) {
	if s := c.Type.Section(key); s != nil {
		return s, nil
	}
	return nil, fault.Say(fault.NotFound, say.F("%s沒有這一頁", "%s has no such page", c.Type.Name)).
		To("回到案件", "Back to the case", "/bls/cases/"+c.ID)
}

func indexOf(rows []permit.Row, id string) int {
	return slices.IndexFunc(rows, func(r permit.Row) bool { return r.ID == id })
}
