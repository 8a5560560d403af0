package seals

import (
	"context"

	"cloudbm/cases"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/store"
)

// Live seals as people do: what pick takes of the things of by, with the pictures drawn, and with the answer that sign has
// of a card.
func (r *Room) Live(ctx context.Context, by permit.Actor, id string, party permit.Party, pick func(Thing) bool, sign func(pki.Challenge) (pki.Answer, error)) (s Seal, err error) {
	var c *cases.Case
	var things []Thing
	err = r.DB.Read(ctx, func(tx *store.Tx) (err error) {
		if c, err = cases.Find(tx, by, id); err != nil {
			return err
		}
		mine, err := Of(tx, by, c)
		for _, who := range mine {
			for _, t := range who.Things {
				if who.Party == party && pick(t) {
					things = append(things, t)
				}
			}
		}
		return err
	})
	if err != nil {
		return s, err
	}
	pictures, _, err := r.pictures(ctx, c, things)
	if err != nil {
		return s, err
	}
	var keys []string
	for _, t := range things {
		keys = append(keys, t.Key())
	}
	var asked pki.Challenge
	err = r.DB.Write(ctx, func(tx *store.Tx) (err error) {
		asked, _, err = Ask(tx, r.Cards, by, c, party, keys, pictures)
		return err
	})
	if err != nil {
		return s, err
	}
	a, err := sign(asked)
	if err != nil {
		return s, err
	}
	signed, err := r.Cards.Answered(ctx, pki.Seal, about(c, by), a, kinds...)
	if err != nil {
		return s, err
	}
	err = r.DB.Write(ctx, func(tx *store.Tx) (err error) {
		if c, err = cases.Find(tx, by, id); err == nil {
			s, err = Put(tx, by, c, signed, r.Used)
		}
		return err
	})
	return s, err
}
