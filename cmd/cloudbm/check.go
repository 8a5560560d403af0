package main

import (
	"context"
	"fmt"
	"io"

	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/deeds"
	"cloudbm/drawings"
	"cloudbm/store"
)

// check verifies what is kept: every file that the database names is there and unchanged, the chain of every case's
// log is whole. It names what is not, and answers an error then.
func (h *house) check(ctx context.Context, out io.Writer) error {
	var digests []blob.Digest
	var ids []string
	broken := 0
	err := h.db.Read(ctx, func(tx *store.Tx) (err error) {
		if digests, err = drawings.Kept(tx); err != nil {
			return err
		}
		signed, err := deeds.Kept(tx)
		if err != nil {
			return err
		}
		digests = append(digests, signed...)
		if ids, err = cases.Logged(tx); err != nil {
			return err
		}
		for _, id := range ids {
			at, err := cases.VerifyLog(tx, id)
			if err != nil {
				return err
			}
			if at > 0 {
				broken++
				fmt.Fprintf(out, "the log of case %s does not fit from entry %d on\n", id, at)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, d := range digests {
		if err := h.room.Blobs.Verify(ctx, d); err != nil {
			broken++
			fmt.Fprintf(out, "file %s: %v\n", d, err)
		}
	}
	fmt.Fprintf(out, "%d files and %d case logs looked at, %d damaged\n", len(digests), len(ids), broken)
	if broken > 0 {
		return fmt.Errorf("%d damaged", broken)
	}
	return nil
}
