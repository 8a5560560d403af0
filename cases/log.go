package cases

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/store"
)

// Entry is one line of the log.
type Entry struct {
	Seq      int64
	At       time.Time
	By, Name string
	IP       string
	Act      string // a permit.Act, or what a room did: fill, put-sheet, seal …
	From, To permit.State
	Place    string // form/land, drawings/A1-01
	Said     string
	Prev     string
	Hash     string
	Tell     bool // people are told although the state stays; not kept
}

// Changed is the work of looking what a change of a case's contents means for what was said about them; room seals does it.
type Changed struct {
	Case string `json:"case"`
}

// Kind names the work.
func (Changed) Kind() string { return "case-changed" }

// Told is the work of telling people about an entry; room notices does it.
type Told struct {
	Case string `json:"case"`
	Seq  int64  `json:"seq"`
}

// Kind names the work.
func (Told) Kind() string { return "case-told" }

// Log writes an entry in tx, chained to the one before, and has people told of it.
func Log(tx *store.Tx, by permit.Actor, c *Case, e Entry) error {
	// The cover moves first: two who write at once then meet there, and the slower one is tried again.
	if err := touch(tx, c); err != nil {
		return err
	}
	prev, seq, err := lastEntry(tx, c.ID)
	if err != nil {
		return err
	}
	e.Seq, e.Prev, e.At = seq+1, prev, tx.Now
	e.By, e.Name, e.IP = by.Person, by.Name, by.IP
	if e.From == "" {
		e.From, e.To = c.State, c.State
	}
	e.Hash = e.sum(c.ID)
	if err := addEntry(tx, c.ID, e); err != nil {
		return fmt.Errorf("cases: log %s %s: %w", e.Act, c.Serial, err)
	}
	if e.From == e.To && !e.Tell {
		if e.contents() {
			return jobs.Later(tx, Changed{Case: c.ID})
		}
		return nil
	}
	return jobs.Later(tx, Told{Case: c.ID, Seq: e.Seq})
}

// contents reports whether the entry is about what the case says.
func (e Entry) contents() bool {
	kind, _, _ := strings.Cut(e.Place, "/")
	return kind == "form" || kind == "drawings" || kind == "attachments"
}

// sum is the hash of an entry over everything it says and the hash before it.
func (e Entry) sum(id string) string {
	b, _ := json.Marshal([]any{id, e.Seq, e.At.UTC().Format(time.RFC3339Nano), e.By, e.Name, e.IP, e.Act, e.From, e.To, e.Place, e.Said, e.Prev})
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// VerifyLog walks the chain of a case and names the first entry that does not fit; 0 is a whole chain.
func VerifyLog(tx *store.Tx, id string) (broken int64, err error) {
	all, err := entries(tx, id)
	if err != nil {
		return 0, err
	}
	prev := ""
	for i, e := range all {
		if e.Seq != int64(i+1) || e.Prev != prev || e.sum(id) != e.Hash {
			return int64(i + 1), nil
		}
		prev = e.Hash
	}
	return 0, nil
}

// Entries is the whole log of a case, oldest first.
func Entries(tx *store.Tx, c *Case) ([]Entry, error) { return entries(tx, c.ID) }
