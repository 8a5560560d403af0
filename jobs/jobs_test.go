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
		ctx := context.Background()
		if err := db.Write(ctx, func(tx *store.Tx) error { return jobs.Later(tx, greet{"kept"}) }); err != nil {
			t.Fatal(err)
		}
		begun, died := make(chan bool), make(chan bool)
		first := jobs.NewCrew()
		jobs.Do(first, func(context.Context, greet) error { close(begun); <-died; return nil })
		if err := first.Start(ctx, db, 1, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		<-begun
		done := make(chan string, 1)
		next := jobs.NewCrew()
		jobs.Do(next, func(_ context.Context, g greet) error { done <- g.Name; return nil })
		if err := next.Start(ctx, db, 1, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		select {
		case <-done:
		case <-time.After(30 * time.Second):
			t.Error("the work of the program that died lies there still")
		}
		close(died)
		if err := errors.Join(first.Stop(ctx), next.Stop(ctx)); err != nil {
			t.Error(err)
		}
	})
}
