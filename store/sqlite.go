package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite"
	lite "modernc.org/sqlite/lib"
)

// pragmas: WAL with synchronous=FULL, because an acknowledged filing is a legal record and NORMAL may lose the last
// commits at a power cut.
const pragmas = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
	"&_pragma=foreign_keys(1)&_txlock=immediate&_time_format=sqlite&_timezone=UTC"

// openSQLite opens path with one connection that writes, since SQLite lets one write at a time and database/sql's
// queue is fairer than SQLite's lock, and several that read.
func openSQLite(ctx context.Context, path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	dsn := "file:" + path + pragmas
	w, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	w.SetMaxOpenConns(1)
	if err := w.PingContext(ctx); err != nil {
		return nil, err
	}
	r, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	r.SetMaxOpenConns(8)
	return &DB{write: w, read: r, kind: "sqlite", clock: time.Now}, nil
}

func liteCode(err error) (int, bool) {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code(), true
	}
	return 0, false
}

func liteConflict(err error) bool {
	c, ok := liteCode(err)
	return ok && (c&0xff == lite.SQLITE_BUSY || c&0xff == lite.SQLITE_LOCKED)
}

func liteConstraint(err error) error {
	c, ok := liteCode(err)
	switch {
	case !ok:
		return nil
	case c == lite.SQLITE_CONSTRAINT_UNIQUE || c == lite.SQLITE_CONSTRAINT_PRIMARYKEY:
		return ErrUnique
	case c == lite.SQLITE_CONSTRAINT_FOREIGNKEY:
		return ErrForeign
	case c == lite.SQLITE_CONSTRAINT_CHECK || c == lite.SQLITE_CONSTRAINT_NOTNULL || c == lite.SQLITE_CONSTRAINT_TRIGGER:
		return ErrCheck
	case strings.Contains(err.Error(), "UNIQUE"):
		return ErrUnique
	}
	return nil
}
