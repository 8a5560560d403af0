package accounts

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"cloudbm/permit"
	"cloudbm/store"
)

// Entry is one line of the audit record.
type Entry struct {
	Chain, N    int64
	ID          string
	At          time.Time // UTC
	Actor, Name string    // who did it: id and name at that time
	Session, IP string
	What        string // which act: "sign-in", "seat.approve"
	About       string // what it was done to: a person, a seat, an authority, a case
	Detail      string
	Prev, Hash  string
}

// Chains is how many hash chains the record has: an act goes to the chain of its actor, so two people seldom wait for
// each other.
const chains = 16

// Note writes one act into the audit record: who (by), what, about which thing, and what else is worth knowing. What
// must stay secret (passwords, tokens, national IDs) never goes in.
func Note(tx *store.Tx, by permit.Actor, what, about, detail string) error {
	e := Entry{
		Chain: chainOf(by), ID: store.NewID(), At: tx.Now, Actor: by.Person, Name: by.Name, Session: by.Session, IP: by.IP,
		What: what, About: about, Detail: detail,
	}
	var err error
	if e.N, e.Prev, err = head(tx, e.Chain); err != nil {
		return err
	}
	e.N++
	e.Hash = e.sum()
	return appendEntry(tx, e)
}

func chainOf(by permit.Actor) int64 {
	h := fnv.New32a()
	h.Write([]byte(by.Person))
	if by.Person == "" {
		h.Write([]byte(by.IP))
	}
	return int64(h.Sum32() % chains)
}

// sum is the hash of the entry and, through Prev, of all before it in its chain.
func (e Entry) sum() string {
	b, _ := json.Marshal([]string{
		e.Prev, strconv.FormatInt(e.Chain, 10), strconv.FormatInt(e.N, 10), e.ID, e.At.UTC().Format(time.RFC3339Nano),
		e.Actor, e.Name, e.Session, e.IP, e.What, e.About, e.Detail,
	})
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// Broken says where the audit record is not what was written.
type Broken struct {
	Chain, N int64
	Why      string
}

// Error names the place.
func (b *Broken) Error() string {
	return fmt.Sprintf("accounts: audit record, chain %d, entry %d: %s", b.Chain, b.N, b.Why)
}

// VerifyAudit reads the whole audit record and answers how many entries it has; the first entry that was changed, taken
// out or put in is answered as *Broken.
func VerifyAudit(tx *store.Tx) (int, error) {
	count := 0
	for chain := int64(0); chain < chains; chain++ {
		n, err := verifyChain(tx, chain)
		if err != nil {
			return 0, err
		}
		count += n
	}
	return count, nil
}

func verifyChain(tx *store.Tx, chain int64) (int, error) {
	var at int64
	prev := ""
	for {
		part, err := chainFrom(tx, chain, at, 1000)
		if err != nil {
			return 0, err
		}
		for _, e := range part {
			switch {
			case e.N != at+1:
				return 0, &Broken{chain, at + 1, "is missing"}
			case e.Prev != prev:
				return 0, &Broken{chain, e.N, "does not follow the entry before it"}
			case e.Hash != e.sum():
				return 0, &Broken{chain, e.N, "was changed"}
			}
			at, prev = e.N, e.Hash
		}
		if len(part) == 0 {
			break
		}
	}
	n, hash, err := head(tx, chain)
	if err == nil && (n != at || hash != prev) {
		err = &Broken{chain, at + 1, "is missing at the end"}
	}
	return int(at), err
}

// Search says which entries of the audit record to show, newest first.
type Search struct {
	Person string    // as actor or as what it is about
	What   string    // an act, or the beginning of its name: "seat"
	IP     string    //
	From   time.Time // inclusive; zero is the beginning
	Until  time.Time // exclusive; zero is now
	Before string    // id of the last entry of the page before
	Limit  int
}

// Entries finds entries of the audit record.
func Entries(tx *store.Tx, s Search) ([]Entry, error) {
	if s.Limit <= 0 || s.Limit > 500 {
		s.Limit = 100
	}
	if s.Until.IsZero() {
		s.Until = tx.Now.Add(time.Hour)
	}
	return findEntries(tx, s)
}
