package kill

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// What the program promises.
const (
	opened    = "opened"    // a case; Key is who opened it
	named     = "named"     // the building's name of a case; Value
	added     = "added"     // a row of owners; Key is its id
	uploaded  = "uploaded"  // a file by tus; Key is the upload, Value the digest
	received  = "received"  // a file by a plain form; Value is the digest
	submitted = "submitted" // round 1
	receipt   = "receipt"   // Key is the number, Value the digest of the round
	taken     = "taken"     // registered at the counter
	sealed    = "sealed"    // Text is the SHA-256 of the text that the card has signed
)

// promise is one answer with which the program vouched for something.
type promise struct {
	What string `json:"what"`
	Case string `json:"case"`
	Key  string `json:"key,omitempty"`
	Text string `json:"value,omitempty"`
	Size int64  `json:"size,omitempty"`
}

// ledger keeps the promises where the program cannot reach them, and what was asked for without an answer.
type ledger struct {
	mu       sync.Mutex
	t        testing.TB
	f        *os.File
	promises []promise
	names    map[string][]string // of a case, in the order they were sent
	kept     map[string]int      // which of these was promised last
	rows     map[string]int      // rows asked for, by case
	cases    map[string]int      // cases asked for, by e-mail address
	wrong    []string
}

func newLedger(t testing.TB) *ledger {
	f, err := os.Create(filepath.Join(t.TempDir(), "ledger"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return &ledger{t: t, f: f, names: map[string][]string{}, kept: map[string]int{}, rows: map[string]int{}, cases: map[string]int{}}
}

// keep writes a promise down, for good.
func (l *ledger) keep(p promise) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.promises = append(l.promises, p)
	if p.What == named {
		l.kept[p.Case] = len(l.names[p.Case]) - 1
	}
	b, err := json.Marshal(p)
	if err == nil {
		_, err = l.f.Write(append(b, '\n'))
	}
	if err == nil {
		err = l.f.Sync()
	}
	if err != nil {
		l.t.Errorf("the ledger: %v", err)
	}
}

// ask notes what is going to be asked for, answered or not.
func (l *ledger) ask(f func(*ledger)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f(l)
}

// complain notes an answer the program should never have given.
func (l *ledger) complain(what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.wrong) < 20 {
		l.wrong = append(l.wrong, what)
	}
}

func (l *ledger) count(what string) (n int) {
	for _, p := range l.promises {
		if p.What == what {
			n++
		}
	}
	return n
}
