package jobs

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"cloudbm/store"
)

// free gives back the work that programs had begun when they died, so that nobody waits for it to be missed. What has been
// tried too often stays as it is: it may be what kills the program. An SQLite file has one program at a time; in
// PostgreSQL every living program holds a lock by its name (see appear), which the database lets go when it dies.
func free(tx *store.Tx) error {
	q := `UPDATE river_job SET state = 'available' WHERE state = 'running' AND attempt < max_attempts`
	if tx.DB().Postgres() {
		q += ` AND NOT EXISTS (SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 2
			AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.classid = 7001
			AND l.objid::bigint = hashtext(attempted_by[array_upper(attempted_by, 1)])::bigint & 4294967295)`
	}
	_, err := tx.Exec(q)
	return err
}

// appear takes the lock by which other programs know that the one of this name lives, on a connection of its own.
func appear(ctx context.Context, pool *pgxpool.Pool, name string) (*pgxpool.Conn, error) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := c.Exec(ctx, `SELECT pg_advisory_lock(7001, hashtext($1))`, name); err != nil {
		c.Release()
		return nil, err
	}
	return c, nil
}
