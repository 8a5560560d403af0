package register

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"cloudbm/accounts"
	"cloudbm/cases"
	"cloudbm/cms"
	"cloudbm/jobs"
	"cloudbm/ledger"
	"cloudbm/permit"
	"cloudbm/proof"
	"cloudbm/store"
)

// Keeper looks after the list of licences: it looks it over, anchors the logs in it, and has its checkpoints signed.
type Keeper struct {
	DB     *store.DB
	Log    *slog.Logger
	Origin string // name of the list, first line of every checkpoint: example.gov.tw/register/ledger

	// Sign answers a detached CMS over content by the key of the list; nil where there is no key: then nothing is signed.
	Sign  func(ctx context.Context, content []byte) ([]byte, error)
	Trust *cms.Trust // whose signatures count; nil judges the signatures alone
}

const (
	// alive is the time after which a new checkpoint is signed although nothing has changed, so that everybody sees that the
	// list is looked after.
	alive = 24 * time.Hour
	// overlap is how long before the last checkpoint changes are looked for again: a transaction that was under way then
	// has the time at which it began.
	overlap = time.Hour
)

// Teach has the crew make checkpoints: after a licence, every hour, and once a day after a look at everything.
func (k *Keeper) Teach(crew *jobs.Crew) {
	jobs.Do(crew, k.Keep)
	jobs.Every(crew, time.Hour, ledger.Due{})
	jobs.Every(crew, 24*time.Hour, ledger.Due{Whole: true})
}

// Keep makes the next checkpoint if there is something new. A list that does not fit is never signed: the places are
// kept for the administrator, and stand in the log.
func (k *Keeper) Keep(ctx context.Context, w ledger.Due) error {
	if k.Sign == nil && w.Size > 0 {
		// Without a key there is no checkpoint to wait for; every hour is often enough to look.
		return nil
	}
	last, err := k.newest(ctx)
	if err != nil || w.Size > 0 && last.Size >= w.Size {
		return err
	}
	broken, err := k.fasten(ctx, last)
	if err != nil {
		return err
	}
	var next proof.Checkpoint
	var fresh bool
	err = k.DB.Read(ctx, func(tx *store.Tx) error {
		more, err := k.look(tx, w.Whole)
		if broken = append(broken, more...); err != nil || len(broken) > 0 {
			return err
		}
		if next, fresh, err = k.draft(tx); err != nil {
			broken = append(broken, Broken{"the trees", err.Error()})
		}
		return nil
	})
	if err != nil {
		return err
	}
	open, err := k.alarm(ctx, broken, w.Whole)
	if err != nil || open > 0 || !fresh || k.Sign == nil {
		return err
	}
	return k.sign(ctx, next)
}

func (k *Keeper) newest(ctx context.Context) (c ledger.Checkpoint, err error) {
	err = k.DB.Read(ctx, func(tx *store.Tx) error { c, err = ledger.Newest(tx); return err })
	return c, err
}

// look looks at everything, or at what is new since the last checkpoint.
func (k *Keeper) look(tx *store.Tx, whole bool) ([]Broken, error) {
	if whole {
		return Look(tx, k.Trust)
	}
	return lookAtNew(tx, k.Trust)
}

// alarm keeps what does not fit and tells how many places are open; a look at everything that found nothing closes them.
func (k *Keeper) alarm(ctx context.Context, broken []Broken, whole bool) (open int, err error) {
	for _, b := range broken {
		k.Log.Error("the list of licences does not fit; nothing is signed until it does", "place", b.Place, "why", b.Why)
	}
	err = k.DB.Write(ctx, func(tx *store.Tx) error {
		for _, b := range broken {
			news, err := ledger.Ring(tx, b.Place, b.Why)
			if err == nil && news {
				err = accounts.Note(tx, permit.System, "ledger.broken", b.Place, b.Why)
			}
			if err != nil {
				return err
			}
		}
		if whole && len(broken) == 0 {
			if n, err := ledger.Quiet(tx); err != nil || n == 0 {
				return err
			}
			return accounts.Note(tx, permit.System, "ledger.whole", "ledger", "")
		}
		all, err := ledger.Alarms(tx)
		open = len(all)
		return err
	})
	return open, err
}

// fasten anchors every log that has gone on since the last checkpoint. A log that does not go on from where it was
// anchored is broken.
func (k *Keeper) fasten(ctx context.Context, last ledger.Checkpoint) (broken []Broken, err error) {
	since := time.Unix(0, 0)
	if last.N > 0 {
		since = last.At.Add(-overlap)
	}
	for after, more := "", true; more; {
		// What others write is only read in a reading transaction, so that nobody has to try again because of us.
		var news []proof.Anchor
		err := k.DB.Read(ctx, func(tx *store.Tx) error {
			news = nil
			heads, err := cases.Heads(tx, since, after, 500)
			if err != nil {
				return err
			}
			for _, h := range heads {
				a := proof.Anchor{Log: "case/" + h.Case, Count: h.Seq, Head: h.Hash}
				b, fresh, err := goesOn(tx, a)
				if err != nil {
					return err
				}
				if broken = append(broken, b...); len(b) == 0 && fresh {
					news = append(news, a)
				}
				after = h.Case
			}
			if more = len(heads) > 0; more {
				return nil
			}
			chains, err := accounts.Heads(tx)
			if err != nil {
				return err
			}
			for _, h := range chains {
				a := proof.Anchor{Log: "audit/" + strconv.FormatInt(h.Chain, 10), Count: h.N, Head: h.Hash}
				b, fresh, err := goesOn(tx, a)
				if err != nil {
					return err
				}
				if broken = append(broken, b...); len(b) == 0 && fresh {
					news = append(news, a)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if err := k.DB.Write(ctx, func(tx *store.Tx) error { return fastenAll(tx, news) }); err != nil {
			return nil, err
		}
	}
	return broken, nil
}

func fastenAll(tx *store.Tx, news []proof.Anchor) error {
	for _, a := range news {
		// Another program may have been faster.
		was, err := ledger.Fastened(tx, a.Log)
		if err != nil {
			return err
		}
		if was.Count >= a.Count {
			continue
		}
		if err := ledger.Fasten(tx, a); err != nil {
			return err
		}
	}
	return nil
}

// goesOn reports whether a log, whose head is now a, goes on from where it was anchored, and whether there is news.
func goesOn(tx *store.Tx, a proof.Anchor) (broken []Broken, fresh bool, err error) {
	was, err := ledger.Fastened(tx, a.Log)
	if err != nil {
		return nil, false, err
	}
	if was.Count == a.Count && was.Head == a.Head {
		return nil, false, nil
	}
	if was.Count > 0 {
		b, err := lookAtAnchor(tx, was)
		if err != nil {
			return nil, false, err
		}
		if b != nil {
			return []Broken{*b}, false, nil
		}
	}
	if id, ok := ofCase(a.Log); ok {
		at, err := cases.VerifyLog(tx, id)
		if err != nil {
			return nil, false, err
		}
		if at > 0 {
			return []Broken{{fmt.Sprintf("case_log %s %d", id, at), "the log does not fit from this entry on"}}, false, nil
		}
	}
	return nil, true, nil
}

// draft is the next checkpoint, once it has been proven that both trees begin with what was signed last.
func (k *Keeper) draft(tx *store.Tx) (next proof.Checkpoint, fresh bool, err error) {
	kept, err := ledger.Newest(tx)
	if err != nil {
		return next, false, err
	}
	var last proof.Checkpoint
	if kept.N > 0 {
		if last, err = kept.Read(); err != nil {
			return next, false, err
		}
		next.Before = proof.Digest(kept.Text)
	}
	next.Origin, next.N, next.At = k.Origin, kept.N+1, tx.Now.Truncate(time.Microsecond)
	for _, t := range []struct {
		tree string
		old  proof.Tree
		into *proof.Tree
	}{{ledger.Licences, last.Licences, &next.Licences}, {ledger.Logs, last.Logs, &next.Logs}} {
		size, err := ledger.Size(tx, t.tree)
		if err != nil {
			return next, false, err
		}
		if *t.into, err = ledger.Consistent(tx, t.tree, t.old, size); err != nil {
			return next, false, err
		}
	}
	if next.At.Before(last.At) {
		return next, false, fmt.Errorf("the clock says %s and checkpoint %d was signed at %s", next.At, last.N, last.At)
	}
	return next, kept.N == 0 || next.Licences.Size > last.Licences.Size || next.Logs.Size > last.Logs.Size || next.At.Sub(last.At) >= alive, nil
}

// sign has the checkpoint signed and keeps it, once its signature was read as others will read it.
func (k *Keeper) sign(ctx context.Context, c proof.Checkpoint) error {
	der, err := k.Sign(ctx, []byte(c.Text()))
	if err == nil {
		_, err = c.Signed(der, k.Trust, c.At)
	}
	if err != nil {
		k.Log.Error("checkpoint was not signed", "n", c.N, "why", err)
		return fmt.Errorf("register: sign checkpoint %d: %w", c.N, err)
	}
	kept := false
	err = k.DB.Write(ctx, func(tx *store.Tx) (err error) { kept, err = ledger.Keep(tx, c, der); return err })
	if errors.Is(err, store.ErrUnique) {
		return nil
	}
	if err == nil && kept {
		// A log that is kept elsewhere is one more witness.
		k.Log.Info("checkpoint", "n", c.N, "licences", c.Licences.Size, "root", c.Licences.Root, "logs", c.Logs.Size, "logs_root", c.Logs.Root)
	}
	return err
}
