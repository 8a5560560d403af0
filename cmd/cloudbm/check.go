package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"cloudbm/accounts"
	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/deeds"
	"cloudbm/drawings"
	"cloudbm/register"
	"cloudbm/seals"
	"cloudbm/store"
)

// check verifies what is kept: every file that the database names is there and unchanged, the chain of every case's
// log and the audit record are whole, the list of licences is what was signed. It names what is not, and answers an error then.
func (h *house) check(ctx context.Context, out io.Writer) error {
	var digests []blob.Digest
	var ids []string
	broken := 0
	err := h.db.Read(ctx, func(tx *store.Tx) (err error) {
		if digests, err = drawings.Kept(tx); err != nil {
			return err
		}
		for _, kept := range []func(*store.Tx) ([]blob.Digest, error){deeds.Kept, seals.Kept} {
			more, err := kept(tx)
			if err != nil {
				return err
			}
			digests = append(digests, more...)
		}
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
		var torn *accounts.Broken
		if _, err = accounts.VerifyAudit(tx); errors.As(err, &torn) {
			broken, err = broken+1, nil
			fmt.Fprintln(out, torn)
		}
		if err != nil {
			return err
		}
		unfit, err := register.Look(tx, h.keeper.Trust)
		for _, b := range unfit {
			broken++
			fmt.Fprintf(out, "the list of licences, %s: %s\n", b.Place, b.Why)
		}
		return err
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
	fmt.Fprintf(out, "%d files, %d case logs, the audit record and the list of licences looked at, %d damaged\n", len(digests), len(ids), broken)
	if broken > 0 {
		return fmt.Errorf("%d damaged", broken)
	}
	return nil
}
