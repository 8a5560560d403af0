package notices

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"cloudbm/jobs"
	"cloudbm/say"
	"cloudbm/store"
)

// carry is the work of sending what waits in one lane. Try is 0 for a new letter, else the number of the retry.
type carry struct {
	Lane string `json:"lane"`
	Try  int    `json:"try,omitempty"`
}

// Kind names the work.
func (carry) Kind() string { return "notices.carry" }

// Mailer takes letters to the Post.
type Mailer struct {
	DB     *store.DB
	Post   Post
	Base   string   // address of this site for links: https://example.gov.tw
	System say.Text // name of the system in the letter
	// Address tells where a person gets letters; store.ErrNotFound or no e-mail: nowhere.
	Address func(tx *store.Tx, person string) (Address, error)
	Log     *slog.Logger

	Pause    func(try int) time.Duration // before the next try; nil: 30 s, 1 min, 2 min … 1 h
	Patience time.Duration               // how long one letter is tried; 0: five days
	Limit    time.Duration               // how long the server may take for one letter; 0: one minute
}

// Teach hands the work to the crew.
func (m *Mailer) Teach(c *jobs.Crew) {
	jobs.Do(c, func(ctx context.Context, w carry) error { return m.deliver(ctx, w) })
}

const (
	claim = 5 * time.Minute // longer than one letter can take
	again = 3 * time.Second // when somebody else is busy with the lane
)

// deliver sends what waits in the lane, in order. A letter that cannot go now holds back those behind it, and one
// later try is written down.
func (m *Mailer) deliver(ctx context.Context, w carry) error {
	holder := store.NewID()
	mine, err := m.take(ctx, w, holder)
	if err != nil || !mine {
		return err
	}
	for {
		l, k, err := m.next(ctx, w.Lane, holder)
		if err != nil {
			return err
		}
		if l == nil {
			return nil // next has let the lane go
		}
		letter, err := m.write(ctx, *l, k)
		if err == nil {
			err = m.send(ctx, letter)
		}
		if ctx.Err() != nil {
			return ctx.Err() // the house closes; the job is done again, the claim runs out
		}
		stop, err := m.settle(ctx, w.Lane, holder, *l, err)
		if err != nil || stop {
			return err
		}
	}
}

// take claims the lane. Whoever finds it busy comes again; whoever finds a retry written down leaves it to that.
func (m *Mailer) take(ctx context.Context, w carry, holder string) (mine bool, err error) {
	err = m.DB.Write(ctx, func(tx *store.Tx) error {
		mine = false
		lane, err := laneOf(tx, w.Lane)
		switch {
		case err != nil:
			return err
		case lane.tries > w.Try:
			return nil
		case lane.holder != "" && lane.busyUntil.After(tx.Now):
			return jobs.LaterAt(tx, w, tx.Now.Add(again))
		}
		mine = true
		return holdLane(tx, w.Lane, holder, tx.Now.Add(claim))
	})
	return mine, err
}

// next is the first letter that waits, with its notice; none: the lane is let go.
func (m *Mailer) next(ctx context.Context, lane, holder string) (l *kept, k Kept, err error) {
	err = m.DB.Write(ctx, func(tx *store.Tx) error {
		l, k = nil, Kept{}
		first, err := firstWaiting(tx, lane)
		if errors.Is(err, store.ErrNotFound) {
			return freeLane(tx, lane, holder, 0)
		}
		if err != nil {
			return err
		}
		if first.notice != "" {
			if k, err = noticeByID(tx, first.notice); err != nil {
				return err
			}
		}
		l = &first
		return holdLane(tx, lane, holder, tx.Now.Add(claim))
	})
	return l, k, err
}

// write makes the letter of a notice; other letters bring their text.
func (m *Mailer) write(ctx context.Context, l kept, k Kept) (Letter, error) {
	if l.notice == "" {
		return l.Letter, nil
	}
	var to Address
	err := m.DB.Read(ctx, func(tx *store.Tx) (err error) {
		to, err = m.Address(tx, k.Person)
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && to.Email == "" {
		return Letter{}, Refused{errors.New("the person has no e-mail address")}
	}
	if err != nil {
		return Letter{}, err
	}
	return letterOf(l.ID, k, to, strings.TrimSuffix(m.Base, "/"), m.System)
}

func (m *Mailer) send(ctx context.Context, l Letter) error {
	limit := m.Limit
	if limit == 0 {
		limit = time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return m.Post.Send(ctx, l)
}

// settle writes down what became of the letter; stop means that the lane waits for its next try.
func (m *Mailer) settle(ctx context.Context, lane, holder string, l kept, sent error) (stop bool, err error) {
	var refused Refused
	err = m.DB.Write(ctx, func(tx *store.Tx) error {
		stop = false
		if sent == nil {
			return closeLetter(tx, l.ID, delivered, "")
		}
		if errors.As(sent, &refused) || tx.Now.Sub(l.created) > m.patience() {
			m.log().Error("a letter could not be delivered", "letter", l.ID, "error", sent)
			return closeLetter(tx, l.ID, failed, sent.Error())
		}
		stop = true
		at, err := laneOf(tx, lane)
		if err != nil {
			return err
		}
		if err := noteLetter(tx, l.ID, sent.Error()); err != nil {
			return err
		}
		if err := freeLane(tx, lane, holder, at.tries+1); err != nil {
			return err
		}
		return jobs.LaterAt(tx, carry{lane, at.tries + 1}, tx.Now.Add(m.pause(at.tries+1)))
	})
	if stop {
		m.log().Warn("a letter has to wait", "letter", l.ID, "error", sent)
	}
	return stop, err
}

func (m *Mailer) pause(try int) time.Duration {
	if m.Pause != nil {
		return m.Pause(try)
	}
	return min(30*time.Second<<min(try-1, 10), time.Hour)
}

func (m *Mailer) patience() time.Duration {
	if m.Patience > 0 {
		return m.Patience
	}
	return 5 * 24 * time.Hour
}

func (m *Mailer) log() *slog.Logger {
	if m.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return m.Log
}
