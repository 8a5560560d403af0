package ledger

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"cloudbm/proof"
	"cloudbm/store"
)

func grow(tx *store.Tx, tree string) (n int64, err error) {
	return n, tx.Row(store.Into(&n), `INSERT INTO ledger_trees (tree, size) VALUES ($1, 1)
		ON CONFLICT (tree) DO UPDATE SET size = ledger_trees.size + 1 RETURNING size`, tree)
}

// Size is how many leaves a tree has.
func Size(tx *store.Tx, tree string) (n int64, err error) {
	err = tx.Row(store.Into(&n), `SELECT size FROM ledger_trees WHERE tree = $1`, tree)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return n, err
}

// Started reports whether every licence from before the list has its entry.
func Started(tx *store.Tx) (bool, error) {
	var since store.Time
	err := tx.Row(store.Into(&since), `SELECT since FROM ledger_trees WHERE tree = $1`, Licences)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return !since.IsZero(), err
}

// Start says that every licence from before the list has its entry.
func Start(tx *store.Tx) error {
	_, err := tx.Exec(`INSERT INTO ledger_trees (tree, size, since) VALUES ($1, 0, $2)
		ON CONFLICT (tree) DO UPDATE SET since = $2`, Licences, store.At(tx.Now))
	return err
}

// Hashes reads the hashes of a tree that are kept.
func Hashes(tx *store.Tx, tree string) tlog.HashReader {
	return tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		if len(at) == 0 {
			return nil, nil
		}
		args, marks := []any{tree}, make([]string, len(at))
		for i, n := range at {
			args, marks[i] = append(args, n), "$"+strconv.Itoa(i+2)
		}
		found := map[int64]tlog.Hash{}
		_, err := store.All(tx, func(scan store.Scan) (n int64, err error) {
			var text string
			if err = scan(&n, &text); err == nil {
				found[n], err = readHash(text)
			}
			return n, err
		}, `SELECT at, hash FROM ledger_hashes WHERE tree = $1 AND at IN (`+strings.Join(marks, ", ")+`)`, args...)
		out := make([]tlog.Hash, len(at))
		for i, n := range at {
			h, ok := found[n]
			if err == nil && !ok {
				err = fmt.Errorf("hash %d of the tree %s is missing", n, tree)
			}
			out[i] = h
		}
		return out, err
	})
}

func readHash(text string) (h tlog.Hash, err error) {
	b, err := hex.DecodeString(text)
	if err == nil && len(b) != len(h) {
		err = fmt.Errorf("a hash of %d bytes", len(b))
	}
	copy(h[:], b)
	return h, err
}

func addHashes(tx *store.Tx, tree string, at int64, all []tlog.Hash) error {
	for i, h := range all {
		if _, err := tx.Exec(`INSERT INTO ledger_hashes (tree, at, hash) VALUES ($1, $2, $3)`, tree, at+int64(i), hex.EncodeToString(h[:])); err != nil {
			return err
		}
	}
	return nil
}

// Kept are the hashes of a tree as they are kept, from index at on.
func Kept(tx *store.Tx, tree string, at int64, most int) ([]string, error) {
	return store.Column[string](tx, `SELECT hash FROM ledger_hashes WHERE tree = $1 AND at >= $2 ORDER BY at LIMIT $3`, tree, at, most)
}

const entryColumns = `position, entered_at, act, authority, number, kind, serial, licence, issued_at, sha256`

func addEntry(tx *store.Tx, e proof.Entry, wanted string) error {
	_, err := tx.Exec(`INSERT INTO ledger_entries (`+entryColumns+`, wanted) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
		e.Position, store.At(e.At), string(e.Act), e.Authority, e.Number, e.Kind, e.Serial, e.Licence, store.At(e.Issued), e.SHA256, wanted)
	return err
}

func scanEntry(scan store.Scan) (e proof.Entry, err error) {
	var at, issued store.Time
	err = scan(&e.Position, &at, &e.Act, &e.Authority, &e.Number, &e.Kind, &e.Serial, &e.Licence, &issued, &e.SHA256)
	e.At, e.Issued = at.Time, issued.Time
	return e, err
}

// From are entries from a position on, in order.
func From(tx *store.Tx, position int64, most int) ([]proof.Entry, error) {
	return store.All(tx, scanEntry, `SELECT `+entryColumns+` FROM ledger_entries WHERE position >= $1 ORDER BY position LIMIT $2`, position, most)
}

// Until are entries up to a position, newest first.
func Until(tx *store.Tx, position int64, most int) ([]proof.Entry, error) {
	return store.All(tx, scanEntry, `SELECT `+entryColumns+` FROM ledger_entries WHERE position <= $1 ORDER BY position DESC LIMIT $2`, position, most)
}

// Of is everything that happened to a licence, in order.
func Of(tx *store.Tx, licence string) ([]proof.Entry, error) {
	return store.All(tx, scanEntry, `SELECT `+entryColumns+` FROM ledger_entries WHERE licence = $1 ORDER BY position`, licence)
}

// Wanted are the licences of an authority under a number that is written in any of its ways.
func Wanted(tx *store.Tx, authority, key string) ([]proof.Entry, error) {
	return store.All(tx, scanEntry, `SELECT `+entryColumns+` FROM ledger_entries WHERE wanted = $1 AND authority = $2 AND act = 'issued' ORDER BY position LIMIT 20`, key, authority)
}

// Keys are the numbers as they are searched, by position.
func Keys(tx *store.Tx, position int64, most int) ([]string, error) {
	return store.Column[string](tx, `SELECT wanted FROM ledger_entries WHERE position >= $1 ORDER BY position LIMIT $2`, position, most)
}

func addAnchor(tx *store.Tx, a proof.Anchor) error {
	_, err := tx.Exec(`INSERT INTO ledger_anchors (position, log, count, head) VALUES ($1,$2,$3,$4)`, a.Position, a.Log, a.Count, a.Head)
	return err
}

func scanAnchor(scan store.Scan) (a proof.Anchor, err error) {
	return a, scan(&a.Position, &a.Log, &a.Count, &a.Head)
}

// Anchors are anchors from a position on, in order.
func Anchors(tx *store.Tx, position int64, most int) ([]proof.Anchor, error) {
	return store.All(tx, scanAnchor, `SELECT position, log, count, head FROM ledger_anchors WHERE position >= $1 ORDER BY position LIMIT $2`, position, most)
}

// Fastened is the newest anchor of a log; Count is 0 where there is none.
func Fastened(tx *store.Tx, log string) (proof.Anchor, error) {
	all, err := store.All(tx, scanAnchor, `SELECT position, log, count, head FROM ledger_anchors WHERE log = $1 ORDER BY count DESC LIMIT 1`, log)
	if err != nil || len(all) == 0 {
		return proof.Anchor{}, err
	}
	return all[0], nil
}

func addCheckpoint(tx *store.Tx, c proof.Checkpoint, der []byte) error {
	_, err := tx.Exec(`INSERT INTO ledger_checkpoints (n, size, made_at, text, cms) VALUES ($1,$2,$3,$4,$5)`,
		c.N, c.Licences.Size, store.At(c.At), c.Text(), base64.StdEncoding.EncodeToString(der))
	return err
}

func scanCheckpoint(scan store.Scan) (c Checkpoint, err error) {
	var at store.Time
	var der string
	if err = scan(&c.N, &c.Size, &at, &c.Text, &der); err != nil {
		return c, err
	}
	c.At = at.Time
	// What is no base64 is no signature either: whoever checks it says so.
	c.CMS, _ = base64.StdEncoding.DecodeString(der)
	return c, nil
}

func oneCheckpoint(tx *store.Tx, rest string, args ...any) (Checkpoint, error) {
	all, err := store.All(tx, scanCheckpoint, `SELECT n, size, made_at, text, cms FROM ledger_checkpoints `+rest, args...)
	if err != nil || len(all) == 0 {
		return Checkpoint{}, err
	}
	return all[0], nil
}

// Newest is the last checkpoint; N is 0 where there is none.
func Newest(tx *store.Tx) (Checkpoint, error) { return oneCheckpoint(tx, `ORDER BY n DESC LIMIT 1`) }

// Covering is the first checkpoint under which an entry stands; N is 0 where there is none yet.
func Covering(tx *store.Tx, position int64) (Checkpoint, error) {
	return oneCheckpoint(tx, `WHERE size >= $1 ORDER BY size, n LIMIT 1`, position)
}

// Numbered is a checkpoint by its number; N is 0 where there is none.
func Numbered(tx *store.Tx, n int64) (Checkpoint, error) { return oneCheckpoint(tx, `WHERE n = $1`, n) }

// Checkpoints are checkpoints from a number on, in order.
func Checkpoints(tx *store.Tx, n int64, most int) ([]Checkpoint, error) {
	return store.All(tx, scanCheckpoint, `SELECT n, size, made_at, text, cms FROM ledger_checkpoints WHERE n >= $1 ORDER BY n LIMIT $2`, n, most)
}

// Ring keeps a place that does not fit; true if nobody knew of it.
func Ring(tx *store.Tx, place, why string) (bool, error) {
	known, err := store.Column[string](tx, `SELECT place FROM ledger_alarms WHERE place = $1 AND closed_at IS NULL`, place)
	if err != nil {
		return false, err
	}
	_, err = tx.Exec(`INSERT INTO ledger_alarms (place, why, seen_at) VALUES ($1, $2, $3)
		ON CONFLICT (place) DO UPDATE SET why = $2, seen_at = $3, closed_at = NULL`, place, why, store.At(tx.Now))
	return len(known) == 0, err
}

// Quiet closes every open alarm: somebody looked at everything and it fits.
func Quiet(tx *store.Tx) (int64, error) {
	return tx.Exec(`UPDATE ledger_alarms SET closed_at = $1 WHERE closed_at IS NULL`, store.At(tx.Now))
}

// Alarms are the places that do not fit, oldest first.
func Alarms(tx *store.Tx) ([]Alarm, error) {
	return store.All(tx, func(scan store.Scan) (a Alarm, err error) {
		var at store.Time
		err = scan(&a.Place, &a.Why, &at)
		a.At = at.Time
		return a, err
	}, `SELECT place, why, seen_at FROM ledger_alarms WHERE closed_at IS NULL ORDER BY seen_at, place`)
}
