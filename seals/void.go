package seals

import (
	"context"
	"strings"
	"time"

	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/proof"
	"cloudbm/say"
	"cloudbm/store"
)

// Refusal is that a signer will not seal.
type Refusal struct {
	Person, Name string
	Why          string
	At           time.Time
}

// Decline says that by will not seal, and why; whoever filed is told. Sealing takes it back.
func Decline(tx *store.Tx, by permit.Actor, c *cases.Case, why string) error {
	mine, err := Of(tx, by, c)
	if err != nil {
		return err
	}
	if err := maySeal(c, mine); err != nil {
		return err
	}
	why = strings.TrimSpace(why)
	switch {
	case why == "":
		return fault.Bad("why", "寫下不壓章的理由，讓申請人知道要改什麼", "Write why you decline, so that the applicant knows what to mend")
	case len([]rune(why)) > 500:
		return fault.Bad("why", "理由最多 500 個字", "The reason takes at most 500 characters")
	}
	if err := keepRefusal(tx, c.ID, Refusal{by.Person, mine[0].Name, why, tx.Now}); err != nil {
		return err
	}
	return cases.Log(tx, by, c, cases.Entry{Act: ActDecline, Place: "seals/" + by.Person, Tell: true, Said: say.F("%s 不壓章：%s", "%s declines to seal: %s", mine[0].Name, why).Zh})
}

// Follow teaches the crew to look, after every change of a case, which seals do not hold any more.
func Follow(crew *jobs.Crew, db *store.DB) {
	jobs.Do(crew, func(ctx context.Context, w cases.Changed) error {
		return db.Write(ctx, func(tx *store.Tx) error { return Review(tx, w.Case) })
	})
}

// Review looks at a case that has changed: it asks those for their seal who have not been asked, and writes down which seals
// do not hold any more, and has their signers and the applicant told. That they do not hold is so whether or not anybody
// reviews.
func Review(tx *store.Tx, id string) error {
	c, err := cases.Find(tx, permit.System, id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil || !c.State.Open() {
		return err // what is frozen does not change
	}
	f, err := read(tx, c)
	if err != nil {
		return err
	}
	who, err := signers(tx, c, f)
	if err != nil {
		return err
	}
	all, err := sealsOf(tx, id)
	if err != nil {
		return err
	}
	if err := askEach(tx, c, who, all); err != nil {
		return err
	}
	for _, s := range all {
		var gone []string
		for _, it := range s.Items {
			why := f.why(s, it.Item, who)
			if (why == "") == it.VoidedAt.IsZero() {
				continue
			}
			if err := voidItem(tx, it.ID, why); err != nil {
				return err
			}
			if why == "" { // it is again what was sealed: a sheet was taken out and brought back, say
				continue
			}
			gone = append(gone, Thing{Item: it.Item}.Name().Zh+"（"+why.Text().Zh+"）")
		}
		if len(gone) == 0 {
			continue
		}
		if err := cases.Log(tx, permit.System, c, cases.Entry{Act: ActUnseal, Place: "seals/" + s.ID, Tell: true,
			Said: say.F("%s 的壓章失效 %d 項：%s", "The seal of %s is void on %d: %s", s.Name, len(gone), strings.Join(shortened(gone), "、")).Zh}); err != nil {
			return err
		}
	}
	return nil
}

// askEach asks those whose seal the authority wants and who have not been asked. Who opened the case knows.
func askEach(tx *store.Tx, c *cases.Case, who []Signer, all []Seal) error {
	required, err := Required(tx, c)
	if err != nil || !required {
		return err
	}
	for _, w := range who {
		if w.Person == "" || w.Person == c.Opener || len(stand(w, all, nil).Left()) == 0 {
			continue
		}
		fresh, err := asked(tx, c.ID, w.Person)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		if err := cases.Log(tx, permit.System, c, cases.Entry{Act: ActAsk, Place: "seals/" + w.Person, Tell: true,
			Said: say.F("請 %s（%s）壓章", "%s (%s) is asked to seal", w.Name, PartyName(w.Party)).Zh}); err != nil {
			return err
		}
	}
	return nil
}

func shortened(all []string) []string {
	if len(all) > 5 {
		return append(all[:5:5], "…")
	}
	return all
}

// why is why a seal does not hold on what it was over, "" if it holds.
func (f file) why(s Seal, sealed proof.Item, who []Signer) Why {
	now, there := f.at(sealed)
	switch {
	case !there || now.File != sealed.File || now.Page != sealed.Page || now.N != sealed.N:
		if sealed.Kind == proof.Form {
			return Changed
		}
		return Replaced
	case !alike(sealed, now.Item):
		return Renamed
	}
	for _, w := range who {
		if s.covers(w, now) && containsThing(w.Things, now) {
			return ""
		}
	}
	return NotNamed
}

func containsThing(all []Thing, t Thing) bool {
	for _, x := range all {
		if x.Key() == t.Key() {
			return true
		}
	}
	return false
}

// at is the thing with the id of what was sealed, as it is now.
func (f file) at(sealed proof.Item) (Thing, bool) {
	for _, t := range append(append([]Thing{f.form}, f.sheets...), f.papers...) {
		if t.Kind == sealed.Kind && t.ID == sealed.ID {
			return t, true
		}
	}
	return Thing{}, false
}
