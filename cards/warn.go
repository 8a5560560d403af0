package cards

import (
	"context"
	"slices"
	"time"

	"cloudbm/jobs"
	"cloudbm/pki"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Room is what the room needs beside the transaction.
type Room struct {
	DB    *store.DB
	Cards *pki.Room

	// Tell puts a notice into somebody's inbox; nil: nobody is told.
	Tell func(tx *store.Tx, person string, title, body say.Text, url string) error
}

// Warn are the days before its end of which the holder of a card is told, once each.
var Warn = []int{90, 30, 7, 0}

// far is more days than anybody is told of.
const far = 1 << 20

// days is how many days a card is still good; negative: it has ended.
func (c Card) days(now time.Time) int {
	return taiwan.DateOf(now).DaysUntil(taiwan.DateOf(c.Certificate.Until))
}

// Ends says whether a card ends soon or has ended; empty while there is time.
func (c Card) Ends(now time.Time) say.Text {
	if c.Typed() {
		return say.Text{}
	}
	switch d := c.days(now); {
	case !now.Before(c.Certificate.Until):
		return say.T("憑證已過期，不能再壓章；換發後重新讀卡註冊", "The certificate has expired and seals nothing any more; register the new one once you have it")
	case d <= slices.Max(Warn):
		return say.F("再 %d 天到期；到期前先換發，換發後重新讀卡註冊", "Ends in %d days; renew it in time, then register the new one", d)
	}
	return say.Text{}
}

// due is the fewest of the days of Warn that have been reached.
func (c Card) due(now time.Time) (int, bool) {
	at, reached := far, false
	for _, w := range Warn {
		if c.days(now) <= w && w < at {
			at, reached = w, true
		}
	}
	return at, reached && at < c.warned
}

// warn is the daily work of telling people whose cards end soon.
type warn struct{}

// Kind names the work.
func (warn) Kind() string { return "cards-warn" }

// Teach has the crew warn.
func (r *Room) Teach(crew *jobs.Crew) {
	jobs.Do(crew, func(ctx context.Context, _ warn) error {
		return r.DB.Write(ctx, r.Remind)
	})
	jobs.Every(crew, 24*time.Hour, warn{})
}

// Remind tells everybody whose card ends soon, once for each of the days in Warn.
func (r *Room) Remind(tx *store.Tx) error {
	all, err := ending(tx, tx.Now.AddDate(0, 0, slices.Max(Warn)+1))
	if err != nil {
		return err
	}
	for _, c := range all {
		at, is := c.due(tx.Now)
		if !is {
			continue
		}
		if err := markWarned(tx, c.ID, at); err != nil {
			return err
		}
		title := say.F("%s（%s）%s", "%s (%s): %s", c.Kind.Name(), c.Number, c.Ends(tx.Now))
		if err := r.tell(tx, c.Person, title, say.T("請向憑證管理中心換發，再到註冊憑證作業讀一次新的憑證。", "Renew it at its authority, then have the new one read here.")); err != nil {
			return err
		}
	}
	return nil
}

func (r *Room) tell(tx *store.Tx, person string, title, body say.Text) error {
	if r.Tell == nil {
		return nil
	}
	return r.Tell(tx, person, title, body, "/bls/cards")
}
