package web

import (
	"math/rand/v2"
	"time"

	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/store"
)

// Limit counts one more attempt of name by key and refuses it, with the minutes to wait, when there have been more than
// max in the present window of length per. The count is kept only if tx commits: give an attempt that may fail a
// transaction of its own.
func Limit(tx *store.Tx, name, key string, max int, per time.Duration) error {
	span := int64(per / time.Second)
	since := tx.Now.Unix() / span * span
	n, err := another(tx, name, key, since)
	if err != nil {
		return err
	}
	if rand.IntN(200) == 0 {
		if err := forget(tx, name, since-span-24*3600); err != nil {
			return err
		}
	}
	if n <= int64(max) {
		return nil
	}
	wait := (since + span - tx.Now.Unix() + 59) / 60
	return fault.Say(fault.TooMany, say.F("次數太多，%d 分鐘後再試", "Too many attempts. Try again in %d minutes", wait))
}
