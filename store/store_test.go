package store_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"cloudbm/store"
	"cloudbm/store/storetest"
)

func TestWritesAreSerializable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		set := func(n string) error {
			return db.Write(ctx, func(tx *store.Tx) error {
				_, err := tx.Exec(`INSERT INTO settings (name, value, changed_at) VALUES ('n', $1, $2)
					ON CONFLICT (name) DO UPDATE SET value = $1, changed_at = $2`, n, store.At(tx.Now))
				return err
			})
		}
		if err := set("0"); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 10 {
					err := db.Write(ctx, func(tx *store.Tx) error {
						v, err := store.Get[string](tx, `SELECT value FROM settings WHERE name = 'n'`)
						if err != nil {
							return err
						}
						n, _ := strconv.Atoi(v)
						return tx.Must(`UPDATE settings SET value = $1 WHERE name = 'n'`, strconv.Itoa(n+1))
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		err := db.Read(ctx, func(tx *store.Tx) error {
			v, err := store.Get[string](tx, `SELECT value FROM settings WHERE name = 'n'`)
			if v != "80" {
				t.Errorf("80 increments left %s", v)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestConstraintsAndTimes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		taipei := time.FixedZone("Asia/Taipei", 8*3600)
		at := time.Date(2026, 3, 2, 0, 30, 0, 123456000, taipei)
		add := func(tx *store.Tx) error {
			_, err := tx.Exec(`INSERT INTO settings (name, value, changed_at) VALUES ('a', 'x', $1)`, store.At(at))
			return err
		}
		if err := db.Write(ctx, add); err != nil {
			t.Fatal(err)
		}
		if err := db.Write(ctx, add); !errors.Is(err, store.ErrUnique) {
			t.Errorf("the same row again: %v", err)
		}
		err := db.Read(ctx, func(tx *store.Tx) error {
			var back store.Time
			if err := tx.Row(store.Into(&back), `SELECT changed_at FROM settings WHERE name = $1`, "a"); err != nil {
				return err
			}
			if !back.Equal(at) {
				t.Errorf("%v came back as %v", at, back)
			}
			_, err := store.Get[string](tx, `SELECT value FROM settings WHERE name = 'none'`)
			return err
		})
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("no row: %v", err)
		}
	})
}

func TestAfterRunsOnlyOnCommit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ran := 0
		no := errors.New("no")
		_ = db.Write(context.Background(), func(tx *store.Tx) error { tx.After(func() { ran++ }); return no })
		_ = db.Write(context.Background(), func(tx *store.Tx) error { tx.After(func() { ran += 10 }); return nil })
		if ran != 10 {
			t.Errorf("after ran %d", ran)
		}
	})
}

func TestIDsGrow(t *testing.T) {
	a := store.NewID()
	time.Sleep(2 * time.Millisecond)
	if b := store.NewID(); b <= a || len(a) != 26 {
		t.Errorf("%s then %s", a, b)
	}
}

// Identifiers made one after the other are in that order, however fast.
func TestIDsAreInOrder(t *testing.T) {
	last := ""
	for range 20_000 {
		id := store.NewID()
		if id <= last {
			t.Fatalf("%s was made after %s", id, last)
		}
		last = id
	}
}
