package ledger

import (
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"cloudbm/jobs"
	"cloudbm/proof"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// The trees.
const (
	Licences = "licences"
	Logs     = "logs"
)

// Due is the work of having a checkpoint signed; room register does it. Where a newer checkpoint covers Size already,
// nothing is left to do, so many licences at once are one checkpoint. Whole asks for a look at
// everything first.
type Due struct {
	Whole bool  `json:"whole"`
	Size  int64 `json:"size"`
}

// Kind names the work.
func (Due) Kind() string { return "ledger-due" }

// Enter writes what happened to a licence as the next entry, in the transaction in which it happens, and answers its
// position. Position and At of e are given here.
func Enter(tx *store.Tx, e proof.Entry) (int64, error) {
	// The size moves first: two who enter at once meet there, and the slower one is tried again.
	n, err := grow(tx, Licences)
	if err != nil {
		return 0, fmt.Errorf("ledger: enter %s: %w", e.Licence, err)
	}
	e.Position, e.At = n, tx.Now.Truncate(time.Microsecond)
	e.Issued = e.Issued.Truncate(time.Microsecond)
	if err := e.Check(); err != nil {
		return 0, err
	}
	if err := leaf(tx, Licences, n, e.Text()); err != nil {
		return 0, fmt.Errorf("ledger: enter %s: %w", e.Licence, err)
	}
	if err := addEntry(tx, e, taiwan.NumberKey(e.Number)); err != nil {
		return 0, fmt.Errorf("ledger: enter %s: %w", e.Licence, err)
	}
	return n, jobs.Later(tx, Due{Size: n})
}

// Fasten writes how far a log has come as the next anchor.
func Fasten(tx *store.Tx, a proof.Anchor) error {
	n, err := grow(tx, Logs)
	if err != nil {
		return fmt.Errorf("ledger: fasten %s: %w", a.Log, err)
	}
	a.Position = n
	if err := leaf(tx, Logs, n, a.Text()); err != nil {
		return fmt.Errorf("ledger: fasten %s: %w", a.Log, err)
	}
	if err := addAnchor(tx, a); err != nil {
		return fmt.Errorf("ledger: fasten %s: %w", a.Log, err)
	}
	return nil
}

// leaf adds leaf n, counted from 1, with the hashes that it completes.
func leaf(tx *store.Tx, tree string, n int64, text string) error {
	at := tlog.StoredHashIndex(0, n-1)
	all, err := tlog.StoredHashes(n-1, []byte(text), Hashes(tx, tree))
	if err != nil {
		return err
	}
	return addHashes(tx, tree, at, all)
}

// Root is what the first size leaves of a tree come to, by the hashes that are kept.
func Root(tx *store.Tx, tree string, size int64) (proof.Tree, error) {
	root, err := tlog.TreeHash(size, Hashes(tx, tree))
	if err != nil {
		return proof.Tree{}, fmt.Errorf("ledger: root of %d %s: %w", size, tree, err)
	}
	return proof.Tree{Size: size, Root: root}, nil
}

// Prove is the proof that an entry stands under a checkpoint.
func Prove(tx *store.Tx, e proof.Entry, c proof.Checkpoint) (proof.Inclusion, error) {
	path, err := tlog.ProveRecord(c.Licences.Size, e.Position-1, Hashes(tx, Licences))
	p := proof.Inclusion{Entry: e, Path: path, Checkpoint: c}
	if err == nil {
		err = p.Check()
	}
	if err != nil {
		return p, fmt.Errorf("ledger: prove entry %d under checkpoint %d: %w", e.Position, c.N, err)
	}
	return p, nil
}

// Consistent proves that the first old.Size leaves of a tree are those of old, and what it is now.
func Consistent(tx *store.Tx, tree string, old proof.Tree, size int64) (now proof.Tree, err error) {
	if now, err = Root(tx, tree, size); err != nil {
		return now, err
	}
	if old.Size == 0 {
		return now, nil
	}
	if size < old.Size {
		return now, fmt.Errorf("ledger: %s were %d and are %d", tree, old.Size, size)
	}
	p, err := tlog.ProveTree(size, old.Size, Hashes(tx, tree))
	if err == nil {
		err = tlog.CheckTree(p, size, now.Root, old.Size, old.Root)
	}
	if err != nil {
		return now, fmt.Errorf("ledger: the %d %s of today do not begin with the %d that were signed: %w", size, tree, old.Size, err)
	}
	return now, nil
}

// Checkpoint is one that was signed, as it is kept.
type Checkpoint struct {
	N    int64
	Size int64
	At   time.Time
	Text string
	CMS  []byte
}

// Read takes its text apart.
func (c Checkpoint) Read() (proof.Checkpoint, error) {
	p, err := proof.ParseCheckpoint(c.Text)
	if err == nil && (p.N != c.N || p.Licences.Size != c.Size || !p.At.Equal(c.At)) {
		err = fmt.Errorf("ledger: checkpoint %d is kept otherwise than it says", c.N)
	}
	return p, err
}

// Keep keeps a signed checkpoint as the next; false where another was faster.
func Keep(tx *store.Tx, c proof.Checkpoint, der []byte) (bool, error) {
	last, err := Newest(tx)
	if err != nil || last.N != c.N-1 {
		return false, err
	}
	return true, addCheckpoint(tx, c, der)
}

// Alarm is a place of the list that does not fit.
type Alarm struct {
	Place string
	Why   string
	At    time.Time
}
