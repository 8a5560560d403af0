package register

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"cloudbm/accounts"
	"cloudbm/cases"
	"cloudbm/cms"
	"cloudbm/ledger"
	"cloudbm/permit"
	"cloudbm/proof"
	"cloudbm/review"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Broken is a place that is not what was written: a table with the key of the row, and why.
type Broken struct {
	Place, Why string
}

// chunk is how many rows are looked at together.
const chunk = 1000

// Look looks at the whole list: every entry and its licence, every hash of the trees, every anchor and its log, every
// checkpoint and its signature. It names what does not fit.
func Look(tx *store.Tx, trust *cms.Trust) (out []Broken, err error) {
	var licences, logs proof.Grown
	for _, look := range []func() ([]Broken, error){
		func() ([]Broken, error) { return lookAtEntries(tx, &licences) },
		func() ([]Broken, error) { return lookAtTree(tx, ledger.Licences, &licences) },
		func() ([]Broken, error) { return lookAtUnlisted(tx) },
		func() ([]Broken, error) { return lookAtAnchors(tx, &logs) },
		func() ([]Broken, error) { return lookAtTree(tx, ledger.Logs, &logs) },
		func() ([]Broken, error) { return lookAtCheckpoints(tx, trust, &licences, &logs) },
	} {
		more, err := look()
		if err != nil {
			return out, fmt.Errorf("register: look at the list: %w", err)
		}
		out = append(out, more...)
	}
	return out, nil
}

func lookAtEntries(tx *store.Tx, g *proof.Grown) (out []Broken, err error) {
	for {
		next := g.Size + 1
		part, err := ledger.From(tx, next, chunk)
		if err != nil || len(part) == 0 {
			return out, err
		}
		keys, err := ledger.Keys(tx, next, chunk)
		if err != nil {
			return out, err
		}
		for i, e := range part {
			if e.Position != g.Size+1 {
				return append(out, Broken{entryPlace(g.Size + 1), "is missing"}), nil
			}
			if err := e.Check(); err != nil {
				out = append(out, Broken{entryPlace(e.Position), err.Error()})
			}
			if keys[i] != taiwan.NumberKey(e.Number) {
				out = append(out, Broken{entryPlace(e.Position), "is not found under its number"})
			}
			if err := g.Add(e.Text()); err != nil {
				return out, err
			}
		}
		more, err := compared(tx, part)
		out = append(out, more...)
		if err != nil {
			return out, err
		}
	}
}

func entryPlace(n int64) string { return "ledger_entries " + strconv.FormatInt(n, 10) }

func compared(tx *store.Tx, part []proof.Entry) (out []Broken, err error) {
	unfit, err := review.CompareWithList(tx, part)
	for _, u := range unfit {
		out = append(out, Broken{"licences " + u.Licence, u.Why})
	}
	return out, err
}

func lookAtUnlisted(tx *store.Tx) (out []Broken, err error) {
	// Before the first start the licences from before the list have no entries, and need none.
	started, err := ledger.Started(tx)
	if err != nil || !started {
		return nil, err
	}
	unfit, err := review.Unlisted(tx)
	for _, u := range unfit {
		out = append(out, Broken{"licences " + u.Licence, u.Why})
	}
	return out, err
}

// lookAtTree compares the hashes that are kept with those that the texts come to.
func lookAtTree(tx *store.Tx, tree string, g *proof.Grown) (out []Broken, err error) {
	size, err := ledger.Size(tx, tree)
	if err != nil {
		return nil, err
	}
	if size != g.Size {
		out = append(out, Broken{"ledger_trees " + tree, fmt.Sprintf("says %d, and there are %d", size, g.Size)})
	}
	want := g.Stored()
	for at := 0; ; {
		kept, err := ledger.Kept(tx, tree, int64(at), chunk)
		if err != nil {
			return out, err
		}
		for _, h := range kept {
			switch {
			case at >= len(want):
				return append(out, Broken{hashPlace(tree, int64(at)), "belongs to nothing"}), nil
			case h != hex.EncodeToString(want[at][:]):
				out = append(out, Broken{hashPlace(tree, int64(at)), "is not what the texts come to" + whose(tree, int64(at))})
			}
			at++
		}
		if len(kept) == 0 {
			if at < len(want) {
				out = append(out, Broken{hashPlace(tree, int64(at)), "is missing"})
			}
			return out, nil
		}
	}
}

func hashPlace(tree string, at int64) string { return fmt.Sprintf("ledger_hashes %s %d", tree, at) }

// whose names the row whose text a hash is of: either it or the hash was changed.
func whose(tree string, at int64) string {
	level, n := tlog.SplitStoredHashIndex(at)
	switch {
	case level > 0:
		return ""
	case tree == ledger.Licences:
		return "; " + entryPlace(n+1) + " or this hash was changed"
	}
	return fmt.Sprintf("; ledger_anchors %d or this hash was changed", n+1)
}

func lookAtAnchors(tx *store.Tx, g *proof.Grown) (out []Broken, err error) {
	for {
		part, err := ledger.Anchors(tx, g.Size+1, chunk)
		if err != nil || len(part) == 0 {
			return out, err
		}
		for _, a := range part {
			if a.Position != g.Size+1 {
				return append(out, Broken{fmt.Sprintf("ledger_anchors %d", g.Size+1), "is missing"}), nil
			}
			if err := g.Add(a.Text()); err != nil {
				return out, err
			}
			b, err := lookAtAnchor(tx, a)
			if err != nil {
				return out, err
			}
			if b != nil {
				out = append(out, *b)
			}
		}
	}
}

// lookAtAnchor reports whether the log still has the entry to which it was anchored.
func lookAtAnchor(tx *store.Tx, a proof.Anchor) (*Broken, error) {
	var hash, table string
	var err error
	kind, id, _ := strings.Cut(a.Log, "/")
	switch kind {
	case "case":
		table = "case_log"
		hash, err = cases.HashAt(tx, id, a.Count)
	case "audit":
		table = "audit"
		chain, _ := strconv.ParseInt(id, 10, 64)
		hash, err = accounts.HashAt(tx, chain, a.Count)
	default:
		return &Broken{fmt.Sprintf("ledger_anchors %d", a.Position), "is about no log there is"}, nil
	}
	if err != nil || hash == a.Head {
		return nil, err
	}
	why := "is not the entry that ledger_anchors %d was made of"
	if hash == "" {
		why = "is missing, and ledger_anchors %d was made of it"
	}
	return &Broken{fmt.Sprintf("%s %s %d", table, id, a.Count), fmt.Sprintf(why, a.Position)}, nil
}

func ofCase(log string) (id string, ok bool) { return strings.CutPrefix(log, "case/") }

// lookAtCheckpoints walks the checkpoints: each goes on from the one before, is signed, and is of the trees as the texts
// make them.
func lookAtCheckpoints(tx *store.Tx, trust *cms.Trust, licences, logs *proof.Grown) (out []Broken, err error) {
	var before proof.Checkpoint
	digest := ""
	for n := int64(1); ; {
		part, err := ledger.Checkpoints(tx, n, chunk)
		if err != nil || len(part) == 0 {
			return out, err
		}
		for _, kept := range part {
			place := fmt.Sprintf("ledger_checkpoints %d", n)
			if kept.N != n {
				return append(out, Broken{place, "is missing"}), nil
			}
			n++
			c, err := kept.Read()
			if err != nil {
				return append(out, Broken{place, err.Error()}), nil
			}
			if why := unfit(tx, trust, c, kept, before, digest, licences, logs); why != "" {
				out = append(out, Broken{place, why})
			}
			before, digest = c, proof.Digest(kept.Text)
		}
	}
}

// unfit says why a checkpoint is not one of ours.
func unfit(tx *store.Tx, trust *cms.Trust, c proof.Checkpoint, kept ledger.Checkpoint, before proof.Checkpoint, digest string, licences, logs *proof.Grown) string {
	if _, err := c.Signed(kept.CMS, trust, tx.Now); err != nil {
		return "is not signed: " + err.Error()
	}
	if c.Before != digest || c.Licences.Size < before.Licences.Size || c.Logs.Size < before.Logs.Size || c.At.Before(before.At) || before.N > 0 && c.Origin != before.Origin {
		return "does not go on from the one before"
	}
	for _, t := range []struct {
		name string
		tree proof.Tree
		g    *proof.Grown
	}{{ledger.Licences, c.Licences, licences}, {ledger.Logs, c.Logs, logs}} {
		if root, err := t.g.Root(t.tree.Size); err != nil || root != t.tree.Root {
			return fmt.Sprintf("is not of the first %d %s that are there", t.tree.Size, t.name)
		}
	}
	return ""
}

// lookAtNew looks at what the last checkpoint does not cover yet, and at that checkpoint itself.
func lookAtNew(tx *store.Tx, trust *cms.Trust) (out []Broken, err error) {
	last, err := ledger.Newest(tx)
	if err != nil {
		return nil, err
	}
	if last.N > 0 {
		c, err := last.Read()
		if err == nil {
			_, err = c.Signed(last.CMS, trust, tx.Now)
		}
		if err != nil {
			return []Broken{{fmt.Sprintf("ledger_checkpoints %d", last.N), err.Error()}}, nil
		}
	}
	for next := last.Size + 1; ; {
		part, err := ledger.From(tx, next, chunk)
		if err != nil {
			return out, err
		}
		for _, e := range part {
			if e.Position != next {
				return append(out, Broken{entryPlace(next), "is missing"}), nil
			}
			at := tlog.StoredHashIndex(0, next-1)
			kept, err := ledger.Kept(tx, ledger.Licences, at, 1)
			if err != nil {
				return out, err
			}
			if want := tlog.RecordHash([]byte(e.Text())); len(kept) == 0 || kept[0] != hex.EncodeToString(want[:]) {
				out = append(out, Broken{hashPlace(ledger.Licences, at), "is not what the texts come to" + whose(ledger.Licences, at)})
			}
			next++
		}
		more, err := compared(tx, part)
		out = append(out, more...)
		if err != nil {
			return out, err
		}
		if len(part) < chunk {
			if size, err := ledger.Size(tx, ledger.Licences); err != nil || size != next-1 {
				return append(out, Broken{"ledger_trees " + ledger.Licences, fmt.Sprintf("says %d, and there are %d", size, next-1)}), err
			}
			return out, nil
		}
	}
}

// Todo is what does not fit, for those who have to clear it up: administrators.
func Todo(tx *store.Tx, by permit.Actor) ([]ledger.Alarm, error) {
	if !by.Admin {
		return nil, nil
	}
	return ledger.Alarms(tx)
}
