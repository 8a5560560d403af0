// Package storetest hands a test a fresh database, once on SQLite and once on PostgreSQL, so that no test names one.
//
// PostgreSQL comes from CLOUDBM_TEST_POSTGRES (make test starts one server for the whole run) or is started here on a
// free port for the life of the test program. Without PostgreSQL installed the test is skipped at home and fails in CI.
package storetest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"cloudbm/jobs"
	"cloudbm/store"
)

// Each runs f on both databases, each fresh and migrated.
func Each(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); f(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); f(t, Postgres(t)) })
}

var lite struct {
	sync.Once
	file []byte
	err  error
}

// SQLite is a fresh database in a file of its own.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	lite.Do(func() {
		dir, err := os.MkdirTemp("", "cloudbm-lite")
		if err != nil {
			lite.err = err
			return
		}
		defer os.RemoveAll(dir)
		path := filepath.Join(dir, "t.db")
		if lite.err = migrated(path); lite.err == nil {
			lite.file, lite.err = os.ReadFile(path)
		}
	})
	if lite.err != nil {
		t.Fatal(lite.err)
	}
	path := filepath.Join(t.TempDir(), "t.db")
	if err := os.WriteFile(path, lite.file, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, path)
}

func migrated(url string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	return jobs.Migrate(ctx, db)
}

var pg struct {
	sync.Once
	url, template string
	err           error
	n             atomic.Int64
}

// Postgres is a fresh database on the test server.
func Postgres(t testing.TB) *store.DB {
	t.Helper()
	return open(t, PostgresURL(t))
}

// PostgresURL is the address of a fresh, migrated database on the test server.
func PostgresURL(t testing.TB) string {
	t.Helper()
	pg.Do(prepare)
	if pg.err != nil {
		if os.Getenv("CI") == "" {
			t.Skip("no PostgreSQL here: ", pg.err)
		}
		t.Fatal(pg.err)
	}
	name := fmt.Sprintf("t%d_%d", os.Getpid(), pg.n.Add(1))
	admin(t, "CREATE DATABASE "+name+" TEMPLATE "+pg.template)
	t.Cleanup(func() { admin(t, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	return database(pg.url, name)
}

func prepare() {
	pg.url = os.Getenv("CLOUDBM_TEST_POSTGRES")
	if pg.url == "" {
		if pg.url, _, pg.err = StartPostgres(); pg.err != nil {
			return
		}
	}
	pg.template = fmt.Sprintf("template_%d", os.Getpid())
	if pg.err = run("CREATE DATABASE " + pg.template + " LOCALE 'C.UTF-8' TEMPLATE template0"); pg.err == nil {
		pg.err = migrated(database(pg.url, pg.template))
	}
}

func admin(t testing.TB, sql string) {
	t.Helper()
	if err := run(sql); err != nil {
		t.Fatal(err)
	}
}

// copying: PostgreSQL copies a template only while nobody is connected to it, so copies wait for each other.
var copying sync.Mutex

func run(sql string) error {
	copying.Lock()
	defer copying.Unlock()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, pg.url)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, sql)
	return err
}

func database(url, name string) string {
	base, query, _ := strings.Cut(url, "?")
	return base[:strings.LastIndexByte(base, '/')+1] + name + "?" + query
}

func open(t testing.TB, url string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	v, err := store.NewVault([]byte("a key of thirty-two bytes, tests"))
	if err != nil {
		t.Fatal(err)
	}
	db.SetVault(v)
	return db
}
