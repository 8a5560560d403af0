package review

import (
	"net/http"
	"os"

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
	path, err := room.drawSet(q.Context(), s)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return q.Send(s.Name+".pdf", "application/pdf", q.Site.DB.Now(), f, true)
}
