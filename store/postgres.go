package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

func openPostgres(ctx context.Context, url string) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	if cfg.ConnConfig.RuntimeParams["statement_timeout"] == "" {
		cfg.ConnConfig.RuntimeParams["statement_timeout"] = "15000"
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	db := stdlib.OpenDBFromPool(pool)
	return &DB{write: db, read: db, pool: pool, kind: "postgres", clock: time.Now}, nil
}

func (db *DB) isolation() sql.IsolationLevel {
	if db.pool != nil {
		return sql.LevelSerializable
	}
	return sql.LevelDefault // SQLite is serializable by BEGIN IMMEDIATE
}

func (db *DB) readIsolation() sql.IsolationLevel {
	if db.pool != nil {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

// conflict reports whether the transaction lost to another and may be tried again.
func (db *DB) conflict(err error) bool {
	if db.pool == nil {
		return liteConflict(err)
	}
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01")
}

func (db *DB) constraint(err error) error {
	if db.pool == nil {
		return liteConstraint(err)
	}
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return nil
	}
	switch e.Code {
	case "23505":
		return ErrUnique
	case "23503":
		return ErrForeign
	case "23514", "23502":
		return ErrCheck
	}
	return nil
}
