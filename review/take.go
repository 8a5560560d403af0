package review

import (
	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Take receives a case at the counter (收件): it gets its 掛號號碼 and its statutory clock starts.
func Take(tx *store.Tx, by permit.Actor, c *cases.Case) error {
	if err := cases.Go(tx, by, c, permit.Take, nil, ""); err != nil {
		return err
	}
	number := c.Registration
	if number == "" { // a case that was returned and filed again keeps its number
		var err error
		if number, err = registration(tx, c); err != nil {
			return err
		}
	}
	if err := cases.Registered(tx, c, number); err != nil {
		return err
	}
	return setDue(tx, c)
}

func registration(tx *store.Tx, c *cases.Case) (string, error) {
	year := taiwan.DateOf(tx.Now).ROCYear()
	n, err := nextNumber(tx, c.Authority, year, "掛號")
	if err != nil {
		return "", err
	}
	template, ok, err := roles.Setting(tx, c.Authority, "registration_template", tx.Now)
	if err != nil {
		return "", err
	}
	if !ok || template == "" {
		template = "{roc:3}{serial:6}"
	}
	return cases.Number(template, year, c.Type.Family, n), nil
}

// Return sends a case back from the counter for a formal fault (退件), with the reason.
func Return(tx *store.Tx, by permit.Actor, c *cases.Case, why string) error {
	if err := cases.Go(tx, by, c, permit.Return, nil, why); err != nil {
		return err
	}
	return cases.Due(tx, c, "")
}

// Assign lays the case on an officer's desk (分文), the first time or again.
func Assign(tx *store.Tx, by permit.Actor, c *cases.Case, person, note string) error {
	officers, err := roles.Officers(tx, c.Authority, permit.Reviewer)
	if err != nil {
		return err
	}
	for _, o := range officers {
		if o.Person != person {
			continue
		}
		for _, m := range c.Members() {
			if m.Person == person {
				return fault.Bad("officer", "這位承辦人是本案當事人，依法應迴避；改派其他人", "This officer is a party to the case and must stand aside; choose another")
			}
		}
		if err := cases.Go(tx, by, c, permit.Assign, nil, o.Name+" "+note); err != nil {
			return err
		}
		return cases.Handed(tx, c, o.Person, o.Name)
	}
	return fault.Bad("officer", "選擇承辦人", "Choose the reviewing officer")
}
