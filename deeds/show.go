package deeds

import (
	"errors"

	"cloudbm/store"
)

// Shown is what a page tells about a document: who has signed it, or will.
type Shown struct {
	Signs bool // it is signed, or will be
	Issued
}

// ShowIssued is what to tell about the document of a kind about something, if it was issued.
func ShowIssued(tx *store.Tx, k Kind, about string) (s Shown, err error) {
	s.Issued, err = Find(tx, k, about)
	if errors.Is(err, store.ErrNotFound) {
		return s, nil
	}
	s.Signs = err == nil
	return s, err
}

// Show is ShowIssued, or who will sign it.
func (r *Room) Show(tx *store.Tx, k Kind, about, authority string) (s Shown, err error) {
	if s, err = ShowIssued(tx, k, about); err != nil || s.Signs {
		return s, err
	}
	if r.Signs() {
		if g, err := r.Ring.by(authority, tx.Now); err == nil {
			s.Signs, s.By = true, holder(g.chain[0])
		}
	}
	return s, nil
}
