package jobs

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"cloudbm/store"
)

// presence is a program at work: the others see that it lives, and it looks after the work of those who do not.
type presence struct {
	db   *store.DB
	name string
	lock *pgxpool.Conn // nil on SQLite, and while PostgreSQL is away
	end  context.CancelFunc
	gone chan struct{}
}

// round is how often one looks after the others.
const round = time.Minute

// present shows that the program of this name lives, and frees what others have left, now and again.
func present(ctx context.Context, db *store.DB, name string) (*presence, error) {
	p := &presence{db: db, name: name, gone: make(chan struct{})}
	if err := p.look(ctx); err != nil {
		p.release()
		return nil, err
	}
	ctx, p.end = context.WithCancel(context.WithoutCancel(ctx))
	go p.watch(ctx)
	return p, nil
}

func (p *presence) watch(ctx context.Context) {
	defer close(p.gone)
	t := time.NewTicker(round)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			_ = p.look(ctx) // the database is away: the next round finds it
		}
	}
}

// look holds the lock, taking it again where the connection was lost, and frees what the dead have left.
func (p *presence) look(ctx context.Context) (err error) {
	if p.lock != nil && p.lock.Ping(ctx) != nil {
		p.release()
	}
	if p.db.Postgres() {
		if p.lock == nil {
			if p.lock, err = appear(ctx, p.db.Pool(), p.name); err != nil {
				return err
			}
		}
	} else if p.end != nil {
		return nil // nobody else works on this file
	}
	return p.db.Write(ctx, free)
}

// leave ends the watch and lets go of the lock.
func (p *presence) leave() {
	p.end()
	<-p.gone
	p.release()
}

// release closes the connection: the lock goes with it, a connection that went back to the pool would keep it.
func (p *presence) release() {
	if p.lock != nil {
		_ = p.lock.Hijack().Close(context.Background())
		p.lock = nil
	}
}
