package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed schema
var schema embed.FS

// ErrNewer says that the database was written by a newer program.
var ErrNewer = errors.New("store: the database is newer than this program; run the newer program")

// Migrate brings the schema up to date: one numbered list, forward only. A file that differs per database is named
// NNNN_name.sqlite.sql and NNNN_name.postgres.sql. A newer schema is refused with ErrNewer.
func (db *DB) Migrate(ctx context.Context) error {
	p, err := db.provider()
	if err != nil {
		return err
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return err
	}
	sources := p.ListSources()
	if newest := sources[len(sources)-1].Version; have > newest {
		return fmt.Errorf("%w (%d > %d)", ErrNewer, have, newest)
	}
	_, err = p.Up(ctx)
	return err
}

func (db *DB) provider() (*goose.Provider, error) {
	files, err := fs.Sub(schema, "schema")
	if err != nil {
		return nil, err
	}
	dialect, opts := goose.DialectSQLite3, []goose.ProviderOption{}
	if db.pool != nil {
		l, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		dialect, opts = goose.DialectPostgres, append(opts, goose.WithSessionLocker(l))
	}
	return goose.NewProvider(dialect, db.write, without{files, db.other()}, opts...)
}

func (db *DB) other() string {
	if db.pool != nil {
		return ".sqlite.sql"
	}
	return ".postgres.sql"
}

// without hides the other database's files.
type without struct {
	fs.FS
	suffix string
}

// Glob lists the files that are meant for this database.
func (w without) Glob(pattern string) ([]string, error) {
	names, err := fs.Glob(w.FS, pattern)
	var kept []string
	for _, n := range names {
		if !strings.HasSuffix(n, w.suffix) {
			kept = append(kept, n)
		}
	}
	return kept, err
}
