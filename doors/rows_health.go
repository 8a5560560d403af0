package doors

import "cloudbm/store"

func insertRandom(tx *store.Tx, mark, random, person string) error {
	if _, err := tx.Exec(`DELETE FROM health_randoms WHERE ends_at < $1`, store.At(tx.Now)); err != nil {
		return err
	}
	return tx.Must(`INSERT INTO health_randoms (mark, random, person, ends_at) VALUES ($1, $2, $3, $4)`,
		mark, random, person, store.At(tx.Now.Add(randomLife)))
}

// takeRandom answers what was asked to be signed, and takes it away; store.ErrNotFound when there is nothing.
func takeRandom(tx *store.Tx, mark string) (random, person string, ends store.Time, err error) {
	if err = tx.Row(store.Into(&random, &person, &ends), `SELECT random, person, ends_at FROM health_randoms WHERE mark = $1`, mark); err != nil {
		return "", "", ends, err
	}
	return random, person, ends, tx.Must(`DELETE FROM health_randoms WHERE mark = $1`, mark)
}

func ownerOf(tx *store.Tx, subject string) (string, error) {
	return store.Get[string](tx, `SELECT person FROM health_cards WHERE subject = $1`, subject)
}

func labelOf(tx *store.Tx, person string) (string, error) {
	return store.Get[string](tx, `SELECT label FROM health_cards WHERE person = $1`, person)
}

func replaceCard(tx *store.Tx, subject, person, label string) error {
	if _, err := tx.Exec(`DELETE FROM health_cards WHERE person = $1`, person); err != nil {
		return err
	}
	return tx.Must(`INSERT INTO health_cards (subject, person, label, bound_at) VALUES ($1, $2, $3, $4)`, subject, person, label, store.At(tx.Now))
}
