package factors

import (
	"errors"
	"time"

	"cloudbm/store"
)

const passkeyColumns = `id, person, credential, name, record, made_at, used_at`

func scanPasskey(scan store.Scan) (k Passkey, err error) {
	var made, used store.Time
	err = scan(&k.ID, &k.Person, &k.credential, &k.Name, &k.record, &made, &used)
	k.Made, k.Used = made.Time, used.Time
	return k, err
}

func passkeysOf(tx *store.Tx, person string) ([]Passkey, error) {
	return store.All(tx, scanPasskey, `SELECT `+passkeyColumns+` FROM passkeys WHERE person = $1 ORDER BY made_at, id`, person)
}

func passkeyBy(tx *store.Tx, credential string) (Passkey, error) {
	return one(store.All(tx, scanPasskey, `SELECT `+passkeyColumns+` FROM passkeys WHERE credential = $1`, credential))
}

func insertPasskey(tx *store.Tx, k Passkey) error {
	_, err := tx.Exec(`INSERT INTO passkeys (id, person, credential, name, record, made_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		k.ID, k.Person, k.credential, k.Name, k.record, store.At(k.Made))
	return err
}

func touchPasskey(tx *store.Tx, id, record string) error {
	return tx.Must(`UPDATE passkeys SET record = $2, used_at = $3 WHERE id = $1`, id, record, store.At(tx.Now))
}

func deletePasskey(tx *store.Tx, person, id string) error {
	return tx.Must(`DELETE FROM passkeys WHERE person = $1 AND id = $2`, person, id)
}

// Authenticator apps.

func authenticatorsOf(tx *store.Tx, person string) ([]Authenticator, error) {
	return store.All(tx, func(scan store.Scan) (a Authenticator, err error) {
		var made, confirmed, used store.Time
		err = scan(&a.ID, &a.Person, &a.secret, &a.step, &made, &confirmed, &used)
		a.Made, a.Confirmed, a.Used = made.Time, confirmed.Time, used.Time
		return a, err
	}, `SELECT id, person, secret, step, made_at, confirmed_at, used_at FROM authenticators WHERE person = $1 ORDER BY made_at, id`, person)
}

func insertAuthenticator(tx *store.Tx, a Authenticator) error {
	_, err := tx.Exec(`INSERT INTO authenticators (id, person, secret, made_at) VALUES ($1, $2, $3, $4)`,
		a.ID, a.Person, a.secret, store.At(a.Made))
	return err
}

// confirmAuthenticator makes a new one count, in place of the one before it.
func confirmAuthenticator(tx *store.Tx, person, id string, step int64) error {
	if _, err := tx.Exec(`DELETE FROM authenticators WHERE person = $1 AND id <> $2`, person, id); err != nil {
		return err
	}
	return tx.Must(`UPDATE authenticators SET confirmed_at = $3, step = $4 WHERE person = $1 AND id = $2 AND confirmed_at IS NULL`,
		person, id, store.At(tx.Now), step)
}

// useStep takes the code of a step, once and never one before it.
func useStep(tx *store.Tx, id string, step int64) error {
	return tx.Must(`UPDATE authenticators SET step = $2, used_at = $3 WHERE id = $1 AND step < $2`, id, step, store.At(tx.Now))
}

func dropUnconfirmed(tx *store.Tx, person string) error {
	_, err := tx.Exec(`DELETE FROM authenticators WHERE person = $1 AND confirmed_at IS NULL`, person)
	return err
}

func deleteAuthenticator(tx *store.Tx, person, id string) error {
	return tx.Must(`DELETE FROM authenticators WHERE person = $1 AND id = $2`, person, id)
}

// Backup codes.

func insertBackupCode(tx *store.Tx, mark, person string) error {
	_, err := tx.Exec(`INSERT INTO backup_codes (mark, person, made_at) VALUES ($1, $2, $3)`, mark, person, store.At(tx.Now))
	return err
}

func useBackupCode(tx *store.Tx, mark, person string) error {
	return tx.Must(`UPDATE backup_codes SET used_at = $3 WHERE mark = $1 AND person = $2 AND used_at IS NULL`, mark, person, store.At(tx.Now))
}

func backupCodesLeft(tx *store.Tx, person string) (int, error) {
	return store.Get[int](tx, `SELECT COUNT(*) FROM backup_codes WHERE person = $1 AND used_at IS NULL`, person)
}

func dropBackupCodes(tx *store.Tx, person string) error {
	_, err := tx.Exec(`DELETE FROM backup_codes WHERE person = $1`, person)
	return err
}

// dropFactors takes every factor of a person away, and what was wrong with their codes.
func dropFactors(tx *store.Tx, person string) error {
	for _, q := range []string{
		`DELETE FROM passkeys WHERE person = $1`, `DELETE FROM authenticators WHERE person = $1`,
		`DELETE FROM backup_codes WHERE person = $1`, `DELETE FROM wrong_codes WHERE person = $1`,
	} {
		if _, err := tx.Exec(q, person); err != nil {
			return err
		}
	}
	return nil
}

// Wrong codes.

func wrongCodes(tx *store.Tx, person string) (n int, last, until time.Time, err error) {
	var l, u store.Time
	err = tx.Row(store.Into(&n, &l, &u), `SELECT n, last_at, locked_until FROM wrong_codes WHERE person = $1`, person)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return n, l.Time, u.Time, err
}

func keepWrongCodes(tx *store.Tx, person string, n int, until time.Time) error {
	_, err := tx.Exec(`INSERT INTO wrong_codes (person, n, last_at, locked_until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person) DO UPDATE SET n = excluded.n, last_at = excluded.last_at, locked_until = excluded.locked_until`,
		person, n, store.At(tx.Now), store.At(until))
	return err
}

func forgetWrongCodes(tx *store.Tx, person string) error {
	_, err := tx.Exec(`DELETE FROM wrong_codes WHERE person = $1`, person)
	return err
}

// Challenges.

func insertChallenge(tx *store.Tx, c challenge, mark string) error {
	if _, err := tx.Exec(`DELETE FROM challenges WHERE ends_at < $1`, store.At(tx.Now)); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO challenges (mark, purpose, session, asked, ends_at) VALUES ($1, $2, $3, $4, $5)`,
		mark, c.purpose, c.session, c.asked, store.At(c.ends))
	return err
}

// takeChallenge answers a challenge and takes it away.
func takeChallenge(tx *store.Tx, mark string) (c challenge, err error) {
	var ends store.Time
	err = tx.Row(store.Into(&c.purpose, &c.session, &c.asked, &ends), `DELETE FROM challenges WHERE mark = $1 RETURNING purpose, session, asked, ends_at`, mark)
	c.ends = ends.Time
	return c, err
}

func one[T any](all []T, err error) (T, error) {
	if err == nil && len(all) > 0 {
		return all[0], nil
	}
	var none T
	if err == nil {
		err = store.ErrNotFound
	}
	return none, err
}
