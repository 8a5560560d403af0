package review

import (
	"net/http"

	"cloudbm/cases"
	"cloudbm/store"
	"cloudbm/web"
)

// approvedSet sends the approved drawings as one document.
func (room *Room) approvedSet(_ http.ResponseWriter, raw *http.Request) {
	q := web.FromContext(raw.Context())
	if err := room.sendSet(q); err != nil {
		q.Refuse(err)
	}
}

func (room *Room) sendSet(q *web.Request) error {
	var s set
	err := q.Look(func(tx *store.Tx) error {
		c, err := cases.Open(q, tx)
		if err == nil {
			s, err = room.set(tx, c)
		}
		return err
	})
	if err != nil {
		return err
	}
	f, at, err := room.openSet(q.Context(), s)
	if err != nil {
		return err
	}
	defer f.Close()
	if at.IsZero() {
		at = q.Site.DB.Now()
	}
	return q.Send(s.Name+".pdf", "application/pdf", at, f, true)
}
