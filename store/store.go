package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	mrand "math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// What a statement can answer besides an error of the machine.
var (
	ErrNotFound = errors.New("store: no such row")
	ErrUnique   = errors.New("store: such a row exists already")
	ErrForeign  = errors.New("store: refers to a row that does not exist")
	ErrCheck    = errors.New("store: a value the schema does not allow")
	ErrRetry    = errors.New("store: too much contention")
)

// DB is an open database.
type DB struct {
	write, read *sql.DB
	pool        *pgxpool.Pool // nil on SQLite
	kind        string
	clock       func() time.Time
	vault       *Vault
}

// Open opens url: postgres://… or the path of an SQLite file, and brings nothing up to date (see Migrate).
func Open(ctx context.Context, url string) (*DB, error) {
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		return openPostgres(ctx, url)
	}
	return openSQLite(ctx, url)
}

// SetClock replaces the clock, for demonstrations and tests of deadlines.
func (db *DB) SetClock(now func() time.Time) { db.clock = now }

// Now is the time of the database's clock, in UTC to the microsecond.
func (db *DB) Now() time.Time { return db.clock().UTC().Truncate(time.Microsecond) }

// Postgres reports whether this is PostgreSQL; only store, jobs and full-text search may care.
func (db *DB) Postgres() bool { return db.pool != nil }

// Pool is PostgreSQL's pool, nil on SQLite; for jobs alone.
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

// SQL is the pool that writes; for jobs and migrations alone.
func (db *DB) SQL() *sql.DB { return db.write }

// Close lets the database go.
func (db *DB) Close() error {
	err := db.write.Close()
	if db.read != db.write {
		err = errors.Join(err, db.read.Close())
	}
	if db.pool != nil {
		db.pool.Close()
	}
	return err
}

// Ping answers whether the database does, within a second.
func (db *DB) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return db.read.PingContext(ctx)
}

// Tx is one transaction with one time.
type Tx struct {
	Now   time.Time
	ctx   context.Context
	tx    *sql.Tx
	conn  *sql.Conn
	db    *DB
	after []func()
}

// Context is the request's context; it ends with the request.
func (tx *Tx) Context() context.Context { return tx.ctx }

// DB is the database of the transaction.
func (tx *Tx) DB() *DB { return tx.db }

// Raw is the transaction and its connection as database/sql knows them; for jobs alone.
func (tx *Tx) Raw() (*sql.Tx, *sql.Conn) { return tx.tx, tx.conn }

// After runs f once the transaction has been committed. Losing it must lose nothing: f is a nudge, not work.
func (tx *Tx) After(f func()) { tx.after = append(tx.after, f) }

const tries = 12

// Write runs f in one serializable transaction and commits it. f may run more than once.
func (db *DB) Write(ctx context.Context, f func(*Tx) error) error {
	for n := 0; ; n++ {
		tx, err := db.once(ctx, db.write, &sql.TxOptions{Isolation: db.isolation()}, f)
		if err == nil {
			for _, a := range tx.after {
				a()
			}
			return nil
		}
		if !db.conflict(err) {
			return err
		}
		if n == tries {
			return fmt.Errorf("%w: %w", ErrRetry, err)
		}
		pause := time.Duration(1+mrand.IntN(4<<min(n, 6))) * time.Millisecond
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// Read runs f in one transaction that sees one state of the database and changes nothing.
func (db *DB) Read(ctx context.Context, f func(*Tx) error) error {
	_, err := db.once(ctx, db.read, &sql.TxOptions{ReadOnly: true, Isolation: db.readIsolation()}, f)
	return err
}

func (db *DB) once(ctx context.Context, pool *sql.DB, opt *sql.TxOptions, f func(*Tx) error) (*Tx, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	raw, err := conn.BeginTx(ctx, opt)
	if err != nil {
		return nil, err
	}
	defer raw.Rollback()
	tx := &Tx{Now: db.Now(), ctx: ctx, tx: raw, conn: conn, db: db}
	if err := f(tx); err != nil {
		return nil, err
	}
	return tx, raw.Commit()
}

// Exec runs a statement and tells how many rows it touched.
func (tx *Tx) Exec(q string, args ...any) (int64, error) {
	r, err := tx.tx.ExecContext(tx.ctx, q, args...)
	if err != nil {
		return 0, tx.db.named(err)
	}
	return r.RowsAffected()
}

// Must runs a statement that has to touch exactly one row; touching none is ErrNotFound.
func (tx *Tx) Must(q string, args ...any) error {
	n, err := tx.Exec(q, args...)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// Row reads one row into dest; no row is ErrNotFound.
func (tx *Tx) Row(dest []any, q string, args ...any) error {
	return tx.db.named(tx.tx.QueryRowContext(tx.ctx, q, args...).Scan(dest...))
}

// Into lists the destinations of a row: store.Into(&a, &b).
func Into(dest ...any) []any { return dest }

// Scan reads the columns of the present row.
type Scan func(dest ...any) error

// All reads every row of a query with f.
func All[T any](tx *Tx, f func(Scan) (T, error), q string, args ...any) ([]T, error) {
	rows, err := tx.tx.QueryContext(tx.ctx, q, args...)
	if err != nil {
		return nil, tx.db.named(err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := f(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, tx.db.named(rows.Err())
}

// Column reads the first column of every row.
func Column[T any](tx *Tx, q string, args ...any) ([]T, error) {
	return All(tx, func(scan Scan) (v T, err error) { return v, scan(&v) }, q, args...)
}

// Get reads one value.
func Get[T any](tx *Tx, q string, args ...any) (v T, err error) {
	return v, tx.Row(Into(&v), q, args...)
}

func (db *DB) named(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	if is := db.constraint(err); is != nil {
		return fmt.Errorf("%w: %w", is, err)
	}
	return err
}

var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// NewID is a new identifier: 26 letters and digits, ordered by the time of making, also within a millisecond and when the
// clock is set back while the program runs; unguessable (80 random bits, at least 64 of them unlike its neighbour's).
func NewID() string {
	lastID.Lock()
	defer lastID.Unlock()
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(time.Now().UnixMilli())<<16)
	rand.Read(b[6:])
	if bytes.Compare(b[:], lastID.b[:]) < 0 {
		// Not later than the last one: as much more than it as 64 random bits say.
		low, carry := bits.Add64(binary.BigEndian.Uint64(lastID.b[8:]), binary.BigEndian.Uint64(b[8:]), 1)
		binary.BigEndian.PutUint64(b[:8], binary.BigEndian.Uint64(lastID.b[:8])+carry)
		binary.BigEndian.PutUint64(b[8:], low)
	}
	lastID.b = b
	return crockford.EncodeToString(b[:])
}

// lastID is the identifier made last.
var lastID struct {
	sync.Mutex
	b [16]byte
}

// Secret is a new unguessable token of 256 bits, as text for a cookie or a link.
func Secret() string {
	var b [32]byte
	rand.Read(b[:])
	return crockford.EncodeToString(b[:])
}
