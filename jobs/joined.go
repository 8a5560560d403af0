package jobs

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// joined presents the connection under a database/sql transaction as a pgx.Tx that takes part in it: committing and
// rolling back stay with the owner, and what River nests becomes a savepoint.
type joined struct{ c *pgx.Conn }

func (j joined) Conn() *pgx.Conn                { return j.c }
func (j joined) Commit(context.Context) error   { return nil }
func (j joined) Rollback(context.Context) error { return nil }
func (j joined) LargeObjects() pgx.LargeObjects { panic("jobs: the queue keeps no large objects") }

func (j joined) Begin(ctx context.Context) (pgx.Tx, error) {
	if _, err := j.c.Exec(ctx, "SAVEPOINT joined"); err != nil {
		return nil, err
	}
	return &nested{joined: j}, nil
}

func (j joined) CopyFrom(ctx context.Context, t pgx.Identifier, cols []string, src pgx.CopyFromSource) (int64, error) {
	return j.c.CopyFrom(ctx, t, cols, src)
}

func (j joined) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	return j.c.SendBatch(ctx, b)
}

func (j joined) Prepare(ctx context.Context, name, sql string) (*pgconn.StatementDescription, error) {
	return j.c.Prepare(ctx, name, sql)
}

func (j joined) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return j.c.Exec(ctx, sql, args...)
}

func (j joined) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return j.c.Query(ctx, sql, args...)
}

func (j joined) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return j.c.QueryRow(ctx, sql, args...)
}

type nested struct {
	joined
	done bool
}

func (n *nested) Commit(ctx context.Context) error {
	n.done = true
	_, err := n.c.Exec(ctx, "RELEASE SAVEPOINT joined")
	return err
}

func (n *nested) Rollback(ctx context.Context) error {
	if n.done {
		return pgx.ErrTxClosed
	}
	n.done = true
	_, err := n.c.Exec(ctx, "ROLLBACK TO SAVEPOINT joined")
	return err
}
