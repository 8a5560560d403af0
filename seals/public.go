package seals

import (
	"time"

	"cloudbm/cases"
	"cloudbm/drawings"
	"cloudbm/permit"
	"cloudbm/proof"
	"cloudbm/store"
)

// Public is what anybody may know of a seal on a sheet who has its number from the stamp.
type Public struct {
	Case  *cases.Case // as it is now; of it only serial, type and state are public
	Seal  Seal
	Item  Item
	Why   Why       // why it does not hold; "" while it holds
	Since time.Time // since when it does not hold, as far as known
	Later int64     // the version that took the place of the one that was sealed; 0 if there is none
}

// OnStamp finds the seal whose stamp carries the number item, store.ErrNotFound if there is none. It is judged as the case
// is now, whether or not anybody has looked since; while a case is back with its applicant, as it was submitted.
func OnStamp(tx *store.Tx, item string) (p Public, err error) {
	id, of, err := sealOfItem(tx, item)
	if err != nil {
		return p, err
	}
	if p.Case, err = cases.Find(tx, permit.System, of); err != nil {
		return p, err
	}
	if p.Seal, err = sealByID(tx, of, id); err != nil {
		return p, err
	}
	for _, it := range p.Seal.Items {
		if it.ID == item {
			p.Item = it
		}
	}
	if p.Item.Kind != proof.Sheet { // stamps are drawn on sheets
		return p, store.ErrNotFound
	}
	v, err := drawings.FindVersion(tx, p.Case, p.Item.Item.ID)
	if err != nil {
		return p, err
	}
	if p.Case.Filed() && p.Case.State.Open() && !v.At.After(p.Case.SubmittedAt) {
		// The case is back with its applicant: what they change is nobody's before they submit it again.
		if p.Item.voidBy(p.Case.SubmittedAt) {
			p.Why, p.Since = p.Item.Why, p.Item.VoidedAt
		}
		return p, nil
	}
	f, err := read(tx, p.Case)
	if err != nil {
		return p, err
	}
	who, err := signers(tx, p.Case, f)
	if err != nil {
		return p, err
	}
	if p.Why = f.why(p.Seal, p.Item.Item, who); p.Why == "" {
		return p, nil
	}
	p.Since = p.Item.VoidedAt
	if p.Why != Replaced {
		return p, nil
	}
	sheets, err := drawings.Current(tx, p.Case)
	for _, s := range sheets {
		if now := s.Current(); now.Sheet == v.Sheet && now.N > v.N {
			p.Later, p.Since = now.N, now.At
		}
	}
	return p, err
}
