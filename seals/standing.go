package seals

import (
	"slices"
	"time"

	"cloudbm/cases"
	"cloudbm/drawings"
	"cloudbm/permit"
	"cloudbm/proof"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
)

// Standing is how far a signer is.
type Standing struct {
	Signer
	Sealed  map[string]Seal // by Thing.Key: the seal that holds
	Void    map[string]Item // by Thing.Key: the last seal on the same sheet, paper or form, where none holds
	Refusal *Refusal        // they will not seal, and say why
}

// Left are the things that wait for the signer's seal.
func (s Standing) Left() []Thing {
	return slices.DeleteFunc(slices.Clone(s.Things), func(t Thing) bool { _, ok := s.Sealed[t.Key()]; return ok })
}

// Standings tells of every signer how far they are, now.
func Standings(tx *store.Tx, c *cases.Case) ([]Standing, error) {
	f, err := read(tx, c)
	if err != nil {
		return nil, err
	}
	who, err := signers(tx, c, f)
	if err != nil {
		return nil, err
	}
	all, err := sealsOf(tx, c.ID)
	if err != nil {
		return nil, err
	}
	refusals, err := refusalsOf(tx, c.ID)
	if err != nil {
		return nil, err
	}
	var out []Standing
	for _, w := range who {
		out = append(out, stand(w, all, refusals))
	}
	return out, nil
}

func stand(who Signer, all []Seal, refusals []Refusal) Standing {
	st := Standing{Signer: who, Sealed: map[string]Seal{}, Void: map[string]Item{}}
	for _, t := range who.Things {
		for _, s := range all { // oldest first: the last one that holds is kept
			for _, it := range s.Items {
				switch {
				case alike(it.Item, t.Item) && s.covers(who, t):
					st.Sealed[t.Key()] = s
				case sameThing(it.Item, t.Item) && s.Licence == who.Licence && s.Party == who.Party:
					st.Void[t.Key()] = it
				}
			}
		}
		if _, holds := st.Sealed[t.Key()]; holds {
			delete(st.Void, t.Key())
		}
	}
	for i := range refusals {
		if refusals[i].Person == who.Person {
			st.Refusal = &refusals[i]
		}
	}
	return st
}

// sameThing reports whether what was sealed once stands where the thing stands now.
func sameThing(was, now proof.Item) bool {
	return was.Kind == now.Kind && (was.Number == now.Number || was.ID == now.ID)
}

// Seen tells of the signers what by may know: to the applicant's side everything as it is now; to the authority, while the
// case is back with its applicant, the seals of what was submitted and nothing later.
func Seen(tx *store.Tx, by permit.Actor, c *cases.Case) ([]Standing, error) {
	if !AsHanded(by, c) {
		return Standings(tx, c)
	}
	all, err := handed(tx, c)
	if err != nil {
		return nil, err
	}
	var out []Standing
	for _, s := range all {
		who := Signer{Party: s.Party, Person: s.Person, Name: s.Name, Licence: s.Licence, Permit: s.Permit}
		at := slices.IndexFunc(out, func(st Standing) bool { return st.same(who) })
		if at < 0 {
			out, at = append(out, Standing{Signer: who, Sealed: map[string]Seal{}}), len(out)
		}
		st := &out[at]
		for _, it := range s.Items {
			t := Thing{Item: it.Item}
			if it.Kind == proof.Sheet {
				if t.Version, err = drawings.FindVersion(tx, c, it.Item.ID); err != nil {
					return nil, err
				}
			}
			if _, twice := st.Sealed[t.Key()]; !twice {
				st.Things = append(st.Things, t)
			}
			st.Sealed[t.Key()] = s
		}
	}
	return out, nil
}

// AsHanded reports whether by sees what was submitted and nothing later: the authority, while the case is back with its
// applicant.
func AsHanded(by permit.Actor, c *cases.Case) bool {
	return c.State.Open() && !c.Mine(by) && by.Person != permit.System.Person
}

// Holding are the seals that hold on something of the case as it is now, in the order of sealing: those of a round that is
// frozen now.
func Holding(tx *store.Tx, c *cases.Case) ([]Seal, error) {
	all, err := Standings(tx, c)
	if err != nil {
		return nil, err
	}
	var out []Seal
	for _, st := range all {
		for _, s := range st.Sealed {
			if !slices.ContainsFunc(out, func(o Seal) bool { return o.ID == s.ID }) {
				out = append(out, s)
			}
		}
	}
	slices.SortFunc(out, func(a, b Seal) int { return a.At.Compare(b.At) })
	return out, nil
}

// All are the seals of a case, in the order of sealing.
func All(tx *store.Tx, c *cases.Case) ([]Seal, error) { return sealsOf(tx, c.ID) }

// ByID are seals by their ids, in the order of sealing.
func ByID(tx *store.Tx, c *cases.Case, ids []string) ([]Seal, error) {
	all, err := sealsOf(tx, c.ID)
	return slices.DeleteFunc(all, func(s Seal) bool { return !slices.Contains(ids, s.ID) }), err
}

// Required reports whether the authority of the case takes nothing unsealed.
func Required(tx *store.Tx, c *cases.Case) (bool, error) {
	v, _, err := roles.Setting(tx, c.Authority, "seals_required", tx.Now)
	return v == "Y", err
}

// listOf is where the form names a party.
func listOf(c *cases.Case, p permit.Party) string {
	for _, s := range c.Type.Lists(p) {
		return "form/" + s.Key
	}
	return ""
}

// Holds tells what still waits for a seal: one line for each signer. Where the authority does not ask for seals, what was
// begun and is not whole is a reminder.
func Holds(tx *store.Tx, c *cases.Case) ([]permit.Hold, error) {
	required, err := Required(tx, c)
	if err != nil {
		return nil, err
	}
	all, err := Standings(tx, c)
	if err != nil {
		return nil, err
	}
	var out []permit.Hold
	for _, st := range all {
		left := len(st.Left())
		if st.Differs {
			out = append(out, permit.Hold{Need: permit.NeedSeals, URL: listOf(c, st.Party), Soft: !required,
				Text: say.F("把%s的姓名和許可文號改成一樣：名冊裡有幾筆寫得不同", "Write name and permit number of %s alike: several rows of the list differ", say.Same(st.Name))})
		}
		if left == 0 || !required && left == len(st.Things) {
			continue
		}
		h := permit.Hold{Need: permit.NeedSeals, URL: "seals", Soft: !required,
			Text: say.F("等候%s（%s）壓章：還有 %d 項", "Waiting for the seal of %s (%s): %d to do", say.Same(st.Name), PartyName(st.Party), left)}
		switch {
		case st.Person == "":
			h.Text = say.F("請%s（%s，%s）申請帳號並登記角色，才能壓章", "Ask %s (%s, %s) to get an account with this licence, in order to seal", say.Same(st.Name), PartyName(st.Party), st.Licence)
		case st.Refusal != nil:
			h.Text = say.F("%s（%s）不壓章：%s", "%s (%s) declines to seal: %s", say.Same(st.Name), PartyName(st.Party), say.Same(st.Refusal.Why))
		}
		out = append(out, h)
	}
	return out, nil
}

// handed are the seals that were there when the case was last submitted, each with what it held on then.
func handed(tx *store.Tx, c *cases.Case) ([]Seal, error) {
	all, err := sealsOf(tx, c.ID)
	var out []Seal
	for _, s := range all {
		s.Items = slices.DeleteFunc(s.Items, func(it Item) bool { return it.voidBy(c.SubmittedAt) })
		if !s.At.After(c.SubmittedAt) && len(s.Items) > 0 {
			out = append(out, s)
		}
	}
	return out, err
}

// voidBy reports whether it had been seen by then that the seal does not hold.
func (it Item) voidBy(t time.Time) bool { return !it.VoidedAt.IsZero() && !it.VoidedAt.After(t) }
