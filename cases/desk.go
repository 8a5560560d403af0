package cases

import (
	"time"

	"cloudbm/permit"
	"cloudbm/store"
)

// What later rooms write on the cover of a case file. None of these moves the case: Go does.

// Submitted notes that round n was handed in now.
func Submitted(tx *store.Tx, c *Case, n int) error {
	c.Round, c.SubmittedAt = n, tx.Now
	return saveSubmitted(tx, c)
}

// Registered notes the 掛號號碼 and when the authority received the case.
func Registered(tx *store.Tx, c *Case, number string) error {
	c.Registration, c.ReceivedAt = number, tx.Now
	if err := saveDesk(tx, c); err != nil {
		return err
	}
	return lift(tx, c)
}

// Handed notes whose desk the case lies on.
func Handed(tx *store.Tx, c *Case, person, name string) error {
	c.Desk, c.DeskName = person, name
	return saveDesk(tx, c)
}

// Due notes the authority's next statutory day, ISO; empty while its clock stands.
func Due(tx *store.Tx, c *Case, on string) error {
	c.DueOn = on
	return saveDesk(tx, c)
}

// Decided notes the decision's time and the licence, if there is one, and stops the clock.
func Decided(tx *store.Tx, c *Case, licence string) error {
	c.Licence, c.DecidedAt, c.DueOn = licence, tx.Now, ""
	if err := saveDesk(tx, c); err != nil {
		return err
	}
	return lift(tx, c)
}

// Conceal hides the protected answers, for keeping elsewhere; Show reads them back.
func Conceal(tx *store.Tx, c *Case, a permit.Answers) (permit.Answers, error) {
	return changed(c, a, tx.Hide)
}

// Show reads what Conceal hid.
func Show(tx *store.Tx, c *Case, a permit.Answers) (permit.Answers, error) {
	return changed(c, a, tx.Reveal)
}

func changed(c *Case, a permit.Answers, f func(string) (string, error)) (permit.Answers, error) {
	out := permit.Answers{Fields: clone(a.Fields), Rows: map[string][]permit.Row{}}
	for key, rows := range a.Rows {
		out.Rows[key] = cloneRows(rows)
	}
	for i := range c.Type.Form {
		s := &c.Type.Form[i]
		if err := secrets(s, kept{Values: out.Fields, Rows: out.Rows[s.Key]}, f); err != nil {
			return out, err
		}
	}
	return out, nil
}

// Since is when the case last entered one of the states, by its log.
func Since(all []Entry, states ...permit.State) (at time.Time) {
	for _, e := range all {
		for _, s := range states {
			if e.To == s && e.From != s {
				at = e.At
			}
		}
	}
	return at
}
