package review

import (
	"context"
	"errors"
	"fmt"

	"cloudbm/cases"
	"cloudbm/ledger"
	"cloudbm/proof"
	"cloudbm/store"
	"cloudbm/submission"
)

// TextOf is what a licence says without naming anybody: what its entry in the list is over.
func TextOf(tx *store.Tx, l Licence) (proof.LicenceText, error) {
	p, err := cases.InPublicByID(tx, l.Case)
	if err != nil {
		return proof.LicenceText{}, fmt.Errorf("review: the case of licence %s: %w", l.ID, err)
	}
	manifest, err := submission.DigestOf(tx, l.Case, l.Round)
	return proof.LicenceText{ID: l.ID, Authority: l.Authority, Number: l.Number, Serial: p.Serial, Kind: l.Kind, Round: l.Round,
		Manifest: manifest, At: l.At, Decision: proof.Digest(l.By + "\n" + l.Said)}, err
}

func list(tx *store.Tx, l Licence) error {
	text, err := TextOf(tx, l)
	if err != nil {
		return err
	}
	_, err = ledger.Enter(tx, proof.Entry{Act: proof.Issued, Authority: l.Authority, Number: l.Number, Kind: l.Kind, Serial: text.Serial,
		Licence: l.ID, Issued: l.At, SHA256: proof.Digest(text.Text())})
	return err
}

// ListOld gives the licences from before the list their entries, in the order in which they were issued. Once that is
// done it does nothing ever again: a licence without an entry is then a fault, and not old.
func ListOld(ctx context.Context, db *store.DB) error {
	for {
		done := false
		err := db.Write(ctx, func(tx *store.Tx) error {
			started, err := ledger.Started(tx)
			if err != nil || started {
				done = started
				return err
			}
			old, err := unlisted(tx, 200)
			if err != nil {
				return err
			}
			for _, l := range old {
				if err := list(tx, l); err != nil {
					return err
				}
			}
			if done = len(old) == 0; done {
				return ledger.Start(tx)
			}
			return nil
		})
		if err != nil || done {
			return err
		}
	}
}

// Unfit is a licence that is not what the list says of it.
type Unfit struct {
	Licence, Why string
}

// CompareWithList looks at every entry from a position on against the row of its licence, and answers what does not fit.
func CompareWithList(tx *store.Tx, entries []proof.Entry) (out []Unfit, err error) {
	for _, e := range entries {
		if e.Act != proof.Issued {
			continue
		}
		l, err := LicenceByID(tx, e.Licence)
		if errors.Is(err, store.ErrNotFound) {
			out = append(out, Unfit{e.Licence, fmt.Sprintf("entry %d is about a licence that is not there", e.Position)})
			continue
		}
		if err != nil {
			return out, err
		}
		text, err := TextOf(tx, l)
		switch {
		case err != nil:
			out = append(out, Unfit{e.Licence, err.Error()})
		case proof.Digest(text.Text()) != e.SHA256 || l.Number != e.Number || l.Authority != e.Authority || l.Kind != e.Kind || text.Serial != e.Serial || !l.At.Equal(e.Issued):
			out = append(out, Unfit{e.Licence, fmt.Sprintf("the row of %s is not what entry %d was made over", l.Number, e.Position)})
		}
	}
	return out, nil
}

// Unlisted are licences that have no entry.
func Unlisted(tx *store.Tx) (out []Unfit, err error) {
	all, err := unlisted(tx, 1000)
	for _, l := range all {
		out = append(out, Unfit{l.ID, l.Number + " has no entry in the list"})
	}
	return out, err
}
