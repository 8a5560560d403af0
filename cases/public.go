package cases

import (
	"time"

	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// Public is what anybody may know of a filed case: no names, no papers.
type Public struct {
	Authority, Serial, Registration, Licence string
	Type                                     say.Text
	Title, Place                             string
	State                                    say.Text
	Ball                                     say.Text
	SubmittedAt, ReceivedAt, DecidedAt       time.Time
	DueOn                                    string
	Round                                    int
	ID                                       string
	Steps                                    []Step
}

// Step is one move of the case with its day.
type Step struct {
	At   time.Time
	What say.Text
}

func (c *Case) public() Public {
	return Public{c.Authority, c.Serial, c.Registration, c.Licence, c.Type.Name, c.Title, c.Place, c.StateName(), c.State.Ball(),
		c.SubmittedAt, c.ReceivedAt, c.DecidedAt, c.DueOn, c.Round, c.ID, nil}
}

// InPublic is the public side of a filed case, by its authority and serial.
func InPublic(tx *store.Tx, authority, serial string) (Public, error) {
	c, err := filed(tx, authority, serial)
	if err != nil {
		return Public{}, err
	}
	p := c.public()
	all, err := entries(tx, c.ID)
	for _, e := range all {
		if e.From != e.To {
			p.Steps = append(p.Steps, Step{e.At, e.To.Name()})
		}
	}
	return p, err
}

// SearchPublic finds filed cases by number, building, address or land number, newest first. A name is not searched:
// only what stands in the public columns has to match.
func SearchPublic(tx *store.Tx, authority, words string, most int) ([]Public, error) {
	if len(grams(words)) == 0 {
		return nil, nil
	}
	found, err := List(tx, Wanted{Authorities: []string{authority}, Words: words, Limit: most * 4,
		States: []permit.State{permit.Submitted, permit.Received, permit.Reviewing, permit.Correction, permit.Resubmitted, permit.Proposed, permit.Issued, permit.Rejected}})
	var out []Public
	for _, c := range found {
		if p := c.public(); len(out) < most && p.names(words) {
			out = append(out, p)
		}
	}
	return out, err
}

// names reports whether the public columns hold every piece of the words, so that nobody is found by a person's name.
func (p Public) names(words string) bool {
	have := map[string]bool{}
	for _, text := range []string{p.Serial, p.Registration, p.Licence, p.Title, p.Place} {
		for _, g := range grams(text) {
			have[g] = true
		}
		for _, r := range text {
			have[string(r)] = true
		}
	}
	for _, g := range grams(words) {
		if !have[g] {
			return false
		}
	}
	return true
}

// InPublicByID is the public side of a filed case, by its id.
func InPublicByID(tx *store.Tx, id string) (Public, error) {
	c, err := load(tx, id)
	if err == nil && !c.Filed() {
		err = store.ErrNotFound
	}
	if err != nil {
		return Public{}, err
	}
	return c.public(), nil
}
