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
