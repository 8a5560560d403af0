package openid

import (
	"context"
	"time"

	"cloudbm/jobs"
	"cloudbm/store"
)

// Sweep is the daily work of taking away requests and tokens that have ended, of all providers and parties.
type Sweep struct{}

// Kind names the work.
func (Sweep) Kind() string { return "openid.sweep" }

// Work has the crew sweep.
func Work(crew *jobs.Crew, db *store.DB) {
	jobs.Do(crew, func(ctx context.Context, _ Sweep) error { return db.Write(ctx, sweep) })
	jobs.Every(crew, 24*time.Hour, Sweep{})
}
