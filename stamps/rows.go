package stamps

import (
	"time"

	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/store"
)

// wish is where somebody wants their stamp.
type wish struct {
	person string
	party  permit.Party
	size   string
	sheet  string // "" is every sheet of the size
	at     pdf.Place
}

func keepWish(tx *store.Tx, w wish) error {
	tenths := func(mm float64) int64 { return int64(mm*10 + 0.5) }
	_, err := tx.Exec(`INSERT INTO stamp_places (id, person, party, size, sheet, aside, above, width, set_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
		store.NewID(), w.person, string(w.party), w.size, w.sheet, tenths(w.at.Right), tenths(w.at.Lower), tenths(w.at.Width), store.At(tx.Now))
	return err
}

// wishesOf reads what a person wanted until then, in the order in which they said it.
func wishesOf(tx *store.Tx, person string, until time.Time) ([]wish, error) {
	return store.All(tx, func(scan store.Scan) (w wish, err error) {
		var party string
		var right, lower, width int64
		err = scan(&w.person, &party, &w.size, &w.sheet, &right, &lower, &width)
		w.party, w.at = permit.Party(party), pdf.Place{Right: float64(right) / 10, Lower: float64(lower) / 10, Width: float64(width) / 10}
		return w, err
	}, `SELECT person, party, size, sheet, aside, above, width FROM stamp_places WHERE person = $1 AND set_at <= $2 ORDER BY set_at, id`, person, store.At(until))
}
