package drawings

import (
	"context"
	"io"

	"cloudbm/cases"
	"cloudbm/permit"
	"cloudbm/store"
)

// Bring receives one file and looks at it at once, through the same verbs as the pages: for the demonstration, imports
// and tests. A code brings it under that attachment, without one it is a drawing.
func (r *Room) Bring(ctx context.Context, by permit.Actor, caseID, code, name string, content io.Reader) error {
	d, size, err := r.Blobs.Put(ctx, content, MaxFile)
	if err != nil {
		return err
	}
	upload := store.NewID()
	err = r.DB.Write(ctx, func(tx *store.Tx) error {
		c, err := cases.Find(tx, by, caseID)
		if err != nil {
			return err
		}
		return Receive(tx, by, c, File{Upload: upload, Name: name, Digest: d, Size: size, Code: code})
	})
	if err != nil {
		return err
	}
	var ids []string
	err = r.DB.Read(ctx, func(tx *store.Tx) error {
		all, err := arrivalsOf(tx, caseID)
		ids = nil
		for _, a := range all {
			if a.Upload == upload {
				ids = append(ids, a.ID)
			}
		}
		return err
	})
	for _, id := range ids {
		if err == nil {
			err = r.inspect(ctx, id)
		}
	}
	return err
}
