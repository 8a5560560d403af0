// Package jobs is work that is written in the caller's transaction and done later, again and again until it succeeds.
//
// A room declares a kind of work as a small struct with a Kind method and hands the house a worker for it (Do). A verb
// then writes jobs.Later(tx, Inspect{…}): the job commits or vanishes with everything else the verb wrote. The house
// starts the workers (Start) and stops them gracefully (Stop): a job that was cut off is done again, so a worker must
// bear being run twice.
package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"cloudbm/store"
)

// Work is a kind of work with what it needs; Kind names it for ever.
type Work interface{ Kind() string }

// Later writes w in tx, to be done after the commit.
func Later(tx *store.Tx, w Work) error { return LaterAt(tx, w, time.Time{}) }

// LaterAt writes w in tx, to be done not before at.
func LaterAt(tx *store.Tx, w Work, at time.Time) error {
	c, err := writer(tx.DB())
	if err != nil {
		return err
	}
	return c(tx, w, &river.InsertOpts{ScheduledAt: at})
}

// Crew does the work.
type Crew struct {
	workers  *river.Workers
	periodic []*river.PeriodicJob
	stop     func(context.Context) error
	alive    *presence
}

// NewCrew is a crew that knows no work yet.
func NewCrew() *Crew { return &Crew{workers: river.NewWorkers()} }

// Do teaches the crew one kind of work.
func Do[W Work](c *Crew, f func(ctx context.Context, w W) error) {
	river.AddWorker(c.workers, river.WorkFunc(func(ctx context.Context, j *river.Job[W]) error { return f(ctx, j.Args) }))
}

// Every has the work done again and again, by one machine at a time.
func Every[W Work](c *Crew, each time.Duration, w W) {
	c.periodic = append(c.periodic, river.NewPeriodicJob(river.PeriodicInterval(each),
		func() (river.JobArgs, *river.InsertOpts) { return w, nil }, &river.PeriodicJobOpts{RunOnStart: true}))
}

// Start puts n workers to work on db. What a program that died had begun is done again: at once by the next that starts, and
// within a minute where others live.
func (c *Crew) Start(ctx context.Context, db *store.DB, n int, log *slog.Logger) error {
	cfg := &river.Config{
		ID:      store.NewID(),
		Workers: c.workers, PeriodicJobs: c.periodic, Logger: log,
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: n}},
		FetchCooldown:        50 * time.Millisecond,
		FetchPollInterval:    time.Second,
		JobTimeout:           10 * time.Minute,
		RescueStuckJobsAfter: 15 * time.Minute,
	}
	var err error
	if c.alive, err = present(ctx, db, cfg.ID); err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	if db.Postgres() {
		err = start(ctx, c, riverpgxv5.New(db.Pool()), cfg)
	} else {
		err = start(ctx, c, riversqlite.New(db.SQL()), cfg)
	}
	if err != nil {
		c.alive.leave()
	}
	return err
}

func start[T any](ctx context.Context, c *Crew, d riverdriver.Driver[T], cfg *river.Config) error {
	cl, err := river.NewClient(d, cfg)
	if err != nil {
		return err
	}
	c.stop = cl.Stop
	return cl.Start(ctx)
}

// Stop lets the running jobs finish, until ctx ends.
func (c *Crew) Stop(ctx context.Context) error {
	if c.stop == nil {
		return nil
	}
	err := c.stop(ctx)
	c.alive.leave()
	return err
}

// Migrate brings the queue's own tables up to date.
func Migrate(ctx context.Context, db *store.DB) error {
	if db.Postgres() {
		return migrate(ctx, riverpgxv5.New(db.Pool()))
	}
	return migrate(ctx, riversqlite.New(db.SQL()))
}

func migrate[T any](ctx context.Context, d riverdriver.Driver[T]) error {
	m, err := rivermigrate.New(d, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

type insert func(*store.Tx, Work, *river.InsertOpts) error

var writers sync.Map // *store.DB → insert; a client without workers, one per open database

func writer(db *store.DB) (insert, error) {
	if w, ok := writers.Load(db); ok {
		return w.(insert), nil
	}
	w, err := newWriter(db)
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	writers.Store(db, w)
	return w, nil
}

func newWriter(db *store.DB) (insert, error) {
	quiet := &river.Config{Logger: slog.New(slog.DiscardHandler)}
	if !db.Postgres() {
		c, err := river.NewClient(riversqlite.New(db.SQL()), quiet)
		return func(tx *store.Tx, w Work, o *river.InsertOpts) error {
			raw, _ := tx.Raw()
			return keep[*sql.Tx](tx, c, raw, w, o)
		}, err
	}
	c, err := river.NewClient(riverpgxv5.New(db.Pool()), quiet)
	return func(tx *store.Tx, w Work, o *river.InsertOpts) error {
		_, conn := tx.Raw()
		return conn.Raw(func(dc any) error {
			return keep[pgx.Tx](tx, c, joined{dc.(*stdlib.Conn).Conn()}, w, o)
		})
	}, err
}

func keep[T any](tx *store.Tx, c *river.Client[T], raw T, w Work, o *river.InsertOpts) error {
	if _, err := c.InsertTx(tx.Context(), raw, w, o); err != nil {
		return fmt.Errorf("jobs: write %s: %w", w.Kind(), err)
	}
	return nil
}
