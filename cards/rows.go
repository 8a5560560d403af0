package cards

import (
	"encoding/base64"
	"time"

	"cloudbm/pki"
	"cloudbm/store"
)

const columns = `id, person, kind, number, certificate, registered_at, verified_at, used_at, warned, ended_at, why`

func scan(scan store.Scan) (c Card, err error) {
	var kind, certificate string
	var registered, verified, used, ended store.Time
	err = scan(&c.ID, &c.Person, &kind, &c.Number, &certificate, &registered, &verified, &used, &c.warned, &ended, &c.Why)
	if err != nil {
		return c, err
	}
	c.Kind, c.Registered, c.Verified, c.Used, c.Ended = pki.Kind(kind), registered.Time, verified.Time, used.Time, ended.Time
	if certificate == "" {
		return c, nil
	}
	der, err := base64.StdEncoding.DecodeString(certificate)
	if err == nil {
		c.Certificate, err = pki.Parse(der)
	}
	return c, err
}

func insert(tx *store.Tx, c Card) error {
	certificate, fingerprint, until := "", "", time.Time{}
	if c.Certificate.X509 != nil {
		certificate, fingerprint, until = base64.StdEncoding.EncodeToString(c.Certificate.X509.Raw), c.Certificate.Fingerprint, c.Certificate.Until
	}
	_, err := tx.Exec(`INSERT INTO cards (id, person, kind, number, certificate, fingerprint, until_at, registered_at, verified_at, used_at, warned, why)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,'')`, c.ID, c.Person, string(c.Kind), c.Number, certificate, fingerprint, store.At(until),
		store.At(c.Registered), store.At(c.Verified), store.At(c.Used), c.warned)
	return err
}

func cardsOf(tx *store.Tx, person string) ([]Card, error) {
	return store.All(tx, scan, `SELECT `+columns+` FROM cards WHERE person = $1 ORDER BY registered_at, id`, person)
}

func byFingerprint(tx *store.Tx, fingerprint string) (Card, error) {
	all, err := store.All(tx, scan, `SELECT `+columns+` FROM cards WHERE fingerprint = $1 AND ended_at IS NULL AND verified_at IS NOT NULL`, fingerprint)
	if err == nil && len(all) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Card{}, err
	}
	return all[0], nil
}

// byNumber lists the cards with that number, and the typed numbers that look like it.
func byNumber(tx *store.Tx, number string) ([]Card, error) {
	if number == "" {
		return nil, nil
	}
	return store.All(tx, scan, `SELECT `+columns+` FROM cards WHERE ended_at IS NULL AND (number = $1 OR verified_at IS NULL AND number = $2)
		ORDER BY registered_at, id`, number, alike(number))
}

func ending(tx *store.Tx, before time.Time) ([]Card, error) {
	return store.All(tx, scan, `SELECT `+columns+` FROM cards WHERE ended_at IS NULL AND verified_at IS NOT NULL AND until_at < $1 ORDER BY id`, store.At(before))
}

func markUsed(tx *store.Tx, id string) error {
	return tx.Must(`UPDATE cards SET used_at = $2 WHERE id = $1`, id, store.At(tx.Now))
}

func markWarned(tx *store.Tx, id string, days int) error {
	return tx.Must(`UPDATE cards SET warned = $2 WHERE id = $1`, id, days)
}

func end(tx *store.Tx, id, why string) error {
	return tx.Must(`UPDATE cards SET ended_at = $2, why = $3 WHERE id = $1`, id, store.At(tx.Now), why)
}
