package cards

import (
	"context"
	"slices"
	"time"

	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Room is what the room needs beside the transaction.
type Room struct {
	DB      *store.DB
	Cards   *pki.Room
	Numbers Numbers
	// Warn are the days before its end of which the holder of a card is told, once each, and once when it has ended;
	// none: 90, 30 and 7.
	Warn []int

	// Tell puts a notice into somebody's inbox; nil: nobody is told.
	Tell func(tx *store.Tx, person string, title, body say.Text, url string) error
}

func (r *Room) warnings() []int {
	if len(r.Warn) == 0 {
		return []int{90, 30, 7}
	}
	return r.Warn
}

const (
	far  = 1 << 20 // more days than anybody is told of
	over = -1      // it has ended
)

// days is how many days a card is still good: 0 on its last day, over when it has ended.
func (c Card) days(now time.Time) int {
	if !now.Before(c.Certificate.Until) {
		return over
	}
	return max(0, taiwan.DateOf(now).DaysUntil(taiwan.DateOf(c.Certificate.Until)))
}

// Ends says whether a card ends soon or has ended; empty while there is time.
func (r *Room) Ends(c Card, now time.Time) say.Text {
	if c.Typed() {
		return say.Text{}
	}
	switch d := c.days(now); {
	case d == over:
		return say.T("憑證已過期，不能再壓章；換發後重新讀卡註冊", "The certificate has expired and seals nothing any more; register the new one once you have it")
	case d == 0:
		return say.T("今天到期；換發後重新讀卡註冊", "Ends today; register the new one once you have it")
	case d <= slices.Max(r.warnings()):
		return say.F("再 %d 天到期；到期前先換發，換發後重新讀卡註冊", "Ends in %d days; renew it in time, then register the new one", d)
	}
	return say.Text{}
}

// due is the fewest of the days of Warn that have been reached, and whether the holder was not told of it yet.
func (r *Room) due(c Card, now time.Time) (int, bool) {
	at, d := far, c.days(now)
	if d == over {
		return over, c.warned > over
	}
	for _, w := range r.warnings() {
		if d <= w {
			at = min(at, w)
		}
	}
	return at, at < c.warned
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

// Remind tells everybody whose card ends soon or has ended, once for each of the days in Warn.
func (r *Room) Remind(tx *store.Tx) error {
	all, err := ending(tx, tx.Now.AddDate(0, 0, slices.Max(r.warnings())+1))
	if err != nil {
		return err
	}
	for _, c := range all {
		at, is := r.due(c, tx.Now)
		if !is {
			continue
		}
		if err := markWarned(tx, c.ID, at); err != nil {
			return err
		}
		title := say.F("%s %s：%s", "%s %s: %s", c.Kind.Name(), c.Number, r.Ends(c, tx.Now))
		if err := r.tell(tx, c.Person, title, say.T("請向憑證管理中心換發，再到註冊憑證作業讀一次新的憑證。", "Renew it at its authority, then have the new one read here.")); err != nil {
			return err
		}
	}
	return nil
}

// Used is Used, and tells the person when the signature has registered something.
func (r *Room) Used(tx *store.Tx, by permit.Actor, s pki.Signed) error {
	c, err := Used(tx, by, s)
	if err != nil {
		return err
	}
	return r.tellNews(tx, c)
}

func (r *Room) tellNews(tx *store.Tx, c Card) error {
	if c.news == "" {
		return nil
	}
	return r.tell(tx, c.Person, c.News(), say.T("如果不是您本人註冊的，請立即移除這張憑證並更改密碼。", "If this was not you, remove the card at once and change your password."))
}

// News is what the signature just given has changed about the card, in words.
func (c Card) News() say.Text {
	switch c.news {
	case verified:
		return say.F("已驗證並註冊%s %s", "Verified and registered: %s %s", c.Kind.Name(), c.Number)
	case renewed:
		return say.F("已換成新的%s %s", "Renewed: %s %s", c.Kind.Name(), c.Number)
	case added:
		return say.F("已註冊%s %s", "Registered: %s %s", c.Kind.Name(), c.Number)
	}
	return say.F("這張%s已經註冊：%s", "This card is registered already: %s %s", c.Kind.Name(), c.Number)
}

func (r *Room) tell(tx *store.Tx, person string, title, body say.Text) error {
	if r.Tell == nil {
		return nil
	}
	return r.Tell(tx, person, title, body, "/bls/cards")
}
