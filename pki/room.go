package pki

import (
	"context"
	"time"

	"cloudbm/jobs"
	"cloudbm/store"
)

// Room is what verifying cards needs. Without anchors it refuses every card, in words.
type Room struct {
	DB      *store.DB
	Anchors *Anchors
	Site    string // address of the site, in what is signed: https://cloudbm.example

	Unreachable Unreachable // "": Refuse
	Hosts       []string    // of authorities, host or host:port, that may be asked about revocation

	Component string // origin of the card component; "": DefaultComponent
	Least     Least  // oldest versions of it
}

// DefaultComponent is where the card component listens.
const DefaultComponent = "http://localhost:61161"

// Open reports whether cards are in use here.
func (r *Room) Open() bool { return r != nil && !r.Anchors.Empty() }

// Origin is where the card component of visitors listens.
func (r *Room) Origin() string {
	if r == nil || r.Component == "" {
		return DefaultComponent
	}
	return r.Component
}

// Sweep is the daily work of taking away challenges and answers that have ended.
type Sweep struct{}

// Kind names the work.
func (Sweep) Kind() string { return "pki.sweep" }

// Teach has the crew sweep.
func (r *Room) Teach(crew *jobs.Crew) {
	jobs.Do(crew, func(ctx context.Context, _ Sweep) error {
		return r.DB.Write(ctx, func(tx *store.Tx) error {
			if err := dropChallenges(tx, tx.Now.Add(-time.Hour)); err != nil {
				return err
			}
			return dropOCSP(tx, tx.Now)
		})
	})
	jobs.Every(crew, 24*time.Hour, Sweep{})
}
