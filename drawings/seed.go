package drawings

import (
	"context"
	"fmt"
	"io"

	"cloudbm/cases"
	"cloudbm/permit"
	"cloudbm/store"
)

// Bring takes a file into a case and looks at it at once, for lived-in examples: what an upload and its job do, in one
// go. code names the attachment, or is empty for a drawing.
func (r *Room) Bring(ctx context.Context, by permit.Actor, caseID, code, name string, content io.Reader) error {
	digest, size, err := r.Blobs.Put(ctx, content, MaxFile)
	if err != nil {
		return err
	}
	upload := store.NewID()
	err = r.DB.Write(ctx, func(tx *store.Tx) error {
		c, err := cases.Find(tx, by, caseID)
		if err != nil {
			return err
		}
		return Receive(tx, by, c, File{Upload: upload, Name: name, Digest: digest, Size: size, Code: code})
	})
	if err != nil {
		return err
	}
	var arrivals []Arrival
	err = r.DB.Read(ctx, func(tx *store.Tx) (err error) { arrivals, err = arrivalsOf(tx, caseID); return err })
	if err != nil {
		return err
	}
	for _, a := range arrivals {
		if a.Upload == upload && a.State == Waiting {
			if err := r.inspect(ctx, a.ID); err != nil {
				return fmt.Errorf("drawings: look at %s: %w", name, err)
			}
		}
	}
	return nil
}
