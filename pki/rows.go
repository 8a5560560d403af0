package pki

import (
	"strconv"
	"strings"
	"time"

	"cloudbm/store"
)

func insertChallenge(tx *store.Tx, mark string, c Challenge) error {
	_, err := tx.Exec(`INSERT INTO pki_challenges (mark, purpose, about, made_at, ends_at) VALUES ($1, $2, $3, $4, $5)`,
		mark, string(c.Purpose), c.About, store.At(tx.Now), store.At(c.Until))
	return err
}

// useChallenge uses a challenge up and answers it; store.ErrNotFound if it is not there or was used before.
func useChallenge(tx *store.Tx, mark string) (c Challenge, err error) {
	if err := tx.Must(`UPDATE pki_challenges SET used_at = $2 WHERE mark = $1 AND used_at IS NULL`, mark, store.At(tx.Now)); err != nil {
		return c, err
	}
	var until store.Time
	err = tx.Row(store.Into(&c.Purpose, &c.About, &until), `SELECT purpose, about, ends_at FROM pki_challenges WHERE mark = $1`, mark)
	c.Until = until.Time
	return c, err
}

func dropChallenges(tx *store.Tx, before time.Time) error {
	_, err := tx.Exec(`DELETE FROM pki_challenges WHERE ends_at < $1`, store.At(before))
	return err
}

func dropOCSP(tx *store.Tx, before time.Time) error {
	_, err := tx.Exec(`DELETE FROM pki_ocsp WHERE next_at < $1`, store.At(before))
	return err
}

// kept is an answer of a responder as it is kept.
type kept struct {
	revoked, this, next, fetched time.Time
	answer                       string
}

func keptOCSP(tx *store.Tx, certificate string) (k kept, err error) {
	var revoked, this, next, fetched store.Time
	err = tx.Row(store.Into(&revoked, &this, &next, &fetched, &k.answer),
		`SELECT revoked_at, this_at, next_at, fetched_at, answer FROM pki_ocsp WHERE certificate = $1`, certificate)
	k.revoked, k.this, k.next, k.fetched = revoked.Time, this.Time, next.Time, fetched.Time
	return k, err
}

func keepOCSP(tx *store.Tx, certificate string, k kept) error {
	_, err := tx.Exec(`INSERT INTO pki_ocsp (certificate, revoked_at, this_at, next_at, fetched_at, answer) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (certificate) DO UPDATE SET revoked_at = excluded.revoked_at, this_at = excluded.this_at, next_at = excluded.next_at,
		fetched_at = excluded.fetched_at, answer = excluded.answer`,
		certificate, store.At(k.revoked), store.At(k.this), store.At(k.next), store.At(k.fetched), k.answer)
	return err
}

func listAt(tx *store.Tx, url string) (l list, err error) {
	var this, next, fetched store.Time
	err = tx.Row(store.Into(&l.url, &l.issuer, &l.number, &l.digest, &this, &next, &fetched),
		`SELECT url, issuer, number, digest, this_at, next_at, fetched_at FROM pki_lists WHERE url = $1`, url)
	l.this, l.next, l.fetched = this.Time, next.Time, fetched.Time
	return l, err
}

// listed is when the list revoked the certificate with that serial number; store.ErrNotFound if it does not.
func listed(tx *store.Tx, url, serial string) (time.Time, error) {
	at, err := store.Get[store.Time](tx, `SELECT revoked_at FROM pki_listed WHERE list = $1 AND serial = $2`, url, serial)
	return at.Time, err
}

func keepList(tx *store.Tx, l list) error {
	_, err := tx.Exec(`INSERT INTO pki_lists (url, issuer, number, digest, this_at, next_at, fetched_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (url) DO UPDATE SET issuer = excluded.issuer, number = excluded.number, digest = excluded.digest,
		this_at = excluded.this_at, next_at = excluded.next_at, fetched_at = excluded.fetched_at`,
		l.url, l.issuer, l.number, l.digest, store.At(l.this), store.At(l.next), store.At(l.fetched))
	return err
}

func listedSerials(tx *store.Tx, url string) (map[string]bool, error) {
	all, err := store.Column[string](tx, `SELECT serial FROM pki_listed WHERE list = $1`, url)
	out := make(map[string]bool, len(all))
	for _, s := range all {
		out[s] = true
	}
	return out, err
}

// batch is how many serial numbers go with one statement.
const batch = 400

func addListed(tx *store.Tx, url string, entries []listing) error {
	for len(entries) > 0 {
		some := entries[:min(batch, len(entries))]
		entries = entries[len(some):]
		q, args := `INSERT INTO pki_listed (list, serial, revoked_at) VALUES `, []any{url}
		var rows []string
		for _, e := range some {
			args = append(args, e.serial, store.At(e.revoked))
			rows = append(rows, `($1, $`+strconv.Itoa(len(args)-1)+`, $`+strconv.Itoa(len(args))+`)`)
		}
		if _, err := tx.Exec(q+strings.Join(rows, ", "), args...); err != nil {
			return err
		}
	}
	return nil
}

func dropListed(tx *store.Tx, url string, serials []string) error {
	for len(serials) > 0 {
		some := serials[:min(batch, len(serials))]
		serials = serials[len(some):]
		args := []any{url}
		var places []string
		for _, s := range some {
			args = append(args, s)
			places = append(places, `$`+strconv.Itoa(len(args)))
		}
		if _, err := tx.Exec(`DELETE FROM pki_listed WHERE list = $1 AND serial IN (`+strings.Join(places, ", ")+`)`, args...); err != nil {
			return err
		}
	}
	return nil
}
