package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"cloudbm/jobs"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

type greet struct{ Name string }

func (greet) Kind() string { return "greet" }

func TestAJobCommitsOrVanishesWithItsTransaction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		no := errors.New("no")
		_ = db.Write(ctx, func(tx *store.Tx) error {
			if err := jobs.Later(tx, greet{"lost"}); err != nil {
				t.Error(err)
			}
			return no
		})
		if err := db.Write(ctx, func(tx *store.Tx) error { return jobs.Later(tx, greet{"kept"}) }); err != nil {
			t.Fatal(err)
		}
		done := make(chan string, 4)
		crew := jobs.NewCrew()
		fails := 1
		jobs.Do(crew, func(_ context.Context, g greet) error {
			if fails > 0 {
				fails--
				return errors.New("the first try fails")
			}
			done <- g.Name
			return nil
		})
		if err := crew.Start(ctx, db, 1, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		select {
		case name := <-done:
			if name != "kept" {
				t.Errorf("did %q", name)
			}
		case <-time.After(30 * time.Second):
			t.Error("nothing was done")
		}
		if err := crew.Stop(ctx); err != nil {
			t.Error(err)
		}
		if len(done) > 0 {
			t.Errorf("also did %q", <-done)
		}
	})
}

// A program that died in the middle of a job leaves it marked as running; whoever comes next does it without waiting.
func TestWorkOfAProgramThatDiedIsDoneAgainAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		first, second := interrupted(t, db), make(chan string, 1)
		jobs.Die(first.crew)
		next := crewFor(t, db, second)
		select {
		case <-second:
		case <-time.After(30 * time.Second):
			t.Error("the work of the program that died lies there still")
		}
		close(first.goOn)
		if err := errors.Join(first.crew.Stop(context.Background()), next.Stop(context.Background())); err != nil {
			t.Error(err)
		}
	})
}

// Several programs work on one PostgreSQL: one that starts leaves alone what a living one has in hand.
func TestWorkOfAProgramThatLivesIsLeftToIt(t *testing.T) {
	db := storetest.Postgres(t)
	first, second := interrupted(t, db), make(chan string, 2)
	next := crewFor(t, db, second)
	// Work that comes later is done, so the newcomer has looked at everything there is.
	if err := db.Write(context.Background(), func(tx *store.Tx) error { return jobs.Later(tx, greet{"later"}) }); err != nil {
		t.Fatal(err)
	}
	if name := <-second; name != "later" {
		t.Errorf("the newcomer did %q, which another has in hand", name)
	}
	close(first.goOn)
	if err := errors.Join(first.crew.Stop(context.Background()), next.Stop(context.Background())); err != nil {
		t.Error(err)
	}
	if len(second) > 0 {
		t.Errorf("%q was done twice", <-second)
	}
}

type held struct {
	crew *jobs.Crew
	goOn chan bool
}

// interrupted is a crew in the middle of a job.
func interrupted(t *testing.T, db *store.DB) held {
	t.Helper()
	if err := db.Write(context.Background(), func(tx *store.Tx) error { return jobs.Later(tx, greet{"kept"}) }); err != nil {
		t.Fatal(err)
	}
	begun, h := make(chan bool), held{jobs.NewCrew(), make(chan bool)}
	jobs.Do(h.crew, func(context.Context, greet) error { close(begun); <-h.goOn; return nil })
	if err := h.crew.Start(context.Background(), db, 1, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	<-begun
	return h
}

// crewFor is a crew that tells what it has done.
func crewFor(t *testing.T, db *store.DB, done chan string) *jobs.Crew {
	t.Helper()
	c := jobs.NewCrew()
	jobs.Do(c, func(_ context.Context, g greet) error { done <- g.Name; return nil })
	if err := c.Start(context.Background(), db, 1, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return c
}
