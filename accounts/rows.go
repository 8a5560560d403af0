package accounts

import (
	"errors"
	"strings"
	"time"

	"cloudbm/store"
	"cloudbm/taiwan"
)

const personColumns = `p.id, p.name, p.email, p.contact, p.phone, p.address, p.organisation, p.title, p.terms, p.officer,
	p.second, p.idle, p.created_at, p.changed_at, p.signed_in_at, p.before_at, p.disabled_at, p.disabled_why`

func scanPerson(scan store.Scan, more ...any) (p Person, err error) {
	var created, changed, signedIn, before, disabled store.Time
	err = scan(append([]any{&p.ID, &p.Name, &p.Email, &p.Contact, &p.Phone, &p.Address, &p.Organisation, &p.Title, &p.Terms,
		&p.Officer, &p.Second, &p.Idle, &created, &changed, &signedIn, &before, &disabled, &p.DisabledWhy}, more...)...)
	p.Created, p.Changed, p.SignedIn, p.Before, p.Disabled = created.Time, changed.Time, signedIn.Time, before.Time, disabled.Time
	return p, err
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

func personBy(tx *store.Tx, column, value string) (Person, error) {
	return one(store.All(tx, func(scan store.Scan) (Person, error) { return scanPerson(scan) },
		`SELECT `+personColumns+` FROM persons p WHERE p.`+column+` = $1`, value))
}

func findPeople(tx *store.Tx, words []string, limit int) ([]Person, error) {
	q := `SELECT ` + personColumns + ` FROM persons p WHERE TRUE`
	var args []any
	for i, w := range words {
		q += ` AND p.look LIKE $` + string(rune('1'+i)) + ` ESCAPE '\'`
		args = append(args, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(w)+"%")
		if i == 4 {
			break
		}
	}
	q += ` ORDER BY p.name, p.id LIMIT ` + "50"
	all, err := store.All(tx, func(scan store.Scan) (Person, error) { return scanPerson(scan) }, q, args...)
	return all[:min(len(all), limit)], err
}

// lookOf is what a person is searched by.
func lookOf(p Person) string {
	return folded(strings.Join([]string{p.Name, p.Email, p.Contact, p.Phone, p.Organisation}, " "))
}

// emailKey is NULL while there is no 備用帳號, so that many persons may have none.
func emailKey(p Person) any {
	if p.Email == "" {
		return nil
	}
	return taiwan.EmailKey(p.Email)
}

func insertPerson(tx *store.Tx, p Person) error {
	_, err := tx.Exec(`INSERT INTO persons (id, name, email, email_key, contact, phone, address, organisation, title, terms, look,
		officer, idle, created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		p.ID, p.Name, p.Email, emailKey(p), p.Contact, p.Phone, p.Address, p.Organisation, p.Title, p.Terms, lookOf(p),
		p.Officer, p.Idle, store.At(p.Created), store.At(p.Changed))
	if errors.Is(err, store.ErrUnique) {
		return taken("email")
	}
	return err
}

func updatePerson(tx *store.Tx, p Person) error {
	return tx.Must(`UPDATE persons SET name = $2, contact = $3, phone = $4, address = $5, organisation = $6, title = $7, terms = $8,
		look = $9, changed_at = $10 WHERE id = $1`,
		p.ID, p.Name, p.Contact, p.Phone, p.Address, p.Organisation, p.Title, p.Terms, lookOf(p), store.At(p.Changed))
}

// giveEmail gives the person the address, which the schema lets nobody have twice.
func giveEmail(tx *store.Tx, p Person) error {
	err := tx.Must(`UPDATE persons SET email = $2, email_key = $3 WHERE id = $1 AND email_key IS NULL`, p.ID, p.Email, emailKey(p))
	if errors.Is(err, store.ErrUnique) {
		return taken("email")
	}
	return err
}

func setOfficer(tx *store.Tx, person string, officer bool, idle int) error {
	return tx.Must(`UPDATE persons SET officer = $2, idle = $3 WHERE id = $1`, person, officer, idle)
}

func setSecond(tx *store.Tx, person string, has bool) error {
	return tx.Must(`UPDATE persons SET second = $2 WHERE id = $1`, person, has)
}

func setDisabled(tx *store.Tx, person string, at time.Time, why string) error {
	return tx.Must(`UPDATE persons SET disabled_at = $2, disabled_why = $3 WHERE id = $1`, person, store.At(at), why)
}

// markSignIn makes the latest sign-in the one before it.
func markSignIn(tx *store.Tx, person string) error {
	return tx.Must(`UPDATE persons SET before_at = signed_in_at, signed_in_at = $2 WHERE id = $1`, person, store.At(tx.Now))
}

// Passwords.

func lastHashes(tx *store.Tx, person string, n int) ([]string, error) {
	return store.Column[string](tx, `SELECT hash FROM passwords WHERE person = $1 ORDER BY set_at DESC LIMIT $2`, person, n)
}

// insertPassword keeps the last three, for officers may not take one of them again.
func insertPassword(tx *store.Tx, person, hash string) error {
	_, err := tx.Exec(`INSERT INTO passwords (person, set_at, hash) VALUES ($1, $2, $3)
		ON CONFLICT (person, set_at) DO UPDATE SET hash = excluded.hash`, person, store.At(tx.Now), hash)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`DELETE FROM passwords WHERE person = $1 AND set_at NOT IN
		(SELECT set_at FROM passwords WHERE person = $1 ORDER BY set_at DESC LIMIT 3)`, person)
	return err
}

// Sessions and devices.

const sessionColumns = `s.id, s.person, s.door, s.agent, s.ip, s.created_at, s.seen_at, s.ends_at,
	s.strong, s.due, s.proved_at`

func scanSession(scan store.Scan) (s Session, p Person, err error) {
	var created, seen, ends, proved store.Time
	p, err = scanPerson(scan, &s.ID, &s.Person, &s.Door, &s.Agent, &s.IP, &created, &seen, &ends, &s.Strong, &s.Due, &proved)
	s.Proved, s.Created, s.Seen, s.Ends, s.idle = proved.Time, created.Time, seen.Time, ends.Time, time.Duration(p.Idle)*time.Minute
	return s, p, err
}

func sessionBy(tx *store.Tx, column, value string) (Session, Person, error) {
	var p Person
	s, err := one(store.All(tx, func(scan store.Scan) (s Session, err error) {
		s, p, err = scanSession(scan)
		return s, err
	}, `SELECT `+personColumns+`, `+sessionColumns+` FROM sessions s JOIN persons p ON p.id = s.person WHERE s.`+column+` = $1`, value))
	return s, p, err
}

func sessionsOf(tx *store.Tx, person string) ([]Session, error) {
	return store.All(tx, func(scan store.Scan) (Session, error) {
		s, _, err := scanSession(scan)
		return s, err
	}, `SELECT `+personColumns+`, `+sessionColumns+` FROM sessions s JOIN persons p ON p.id = s.person
		WHERE s.person = $1 ORDER BY s.seen_at DESC, s.id DESC`, person)
}

func insertSession(tx *store.Tx, s Session, mark string) error {
	_, err := tx.Exec(`INSERT INTO sessions (id, mark, person, door, agent, ip, created_at, seen_at, ends_at, strong, due, proved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		s.ID, mark, s.Person, string(s.Door), s.Agent, s.IP, store.At(s.Created), store.At(s.Seen), store.At(s.Ends),
		s.Strong, s.Due, store.At(s.Proved))
	return err
}

func completeSession(tx *store.Tx, id, mark string) error {
	return tx.Must(`UPDATE sessions SET mark = $2, strong = TRUE, due = FALSE, proved_at = $3, seen_at = $3 WHERE id = $1 AND due`,
		id, mark, store.At(tx.Now))
}

func proveSession(tx *store.Tx, id string, strong bool) error {
	return tx.Must(`UPDATE sessions SET strong = $2, proved_at = $3 WHERE id = $1 AND NOT due`, id, strong, store.At(tx.Now))
}

func touchSession(tx *store.Tx, id string) error {
	_, err := tx.Exec(`UPDATE sessions SET seen_at = $2 WHERE id = $1`, id, store.At(tx.Now))
	return err
}

func endSession(tx *store.Tx, person, id string) error {
	_, err := tx.Exec(`DELETE FROM sessions WHERE person = $1 AND id = $2`, person, id)
	return err
}

// endSessions ends all sessions of a person but the one to keep.
func endSessions(tx *store.Tx, person, keep string) error {
	_, err := tx.Exec(`DELETE FROM sessions WHERE person = $1 AND id <> $2`, person, keep)
	return err
}

func dropDeadSessions(tx *store.Tx, person string) error {
	_, err := tx.Exec(`DELETE FROM sessions WHERE person = $1 AND (ends_at < $2 OR seen_at < $3)`,
		person, store.At(tx.Now), store.At(tx.Now.Add(-total)))
	return err
}

func knowsDevice(tx *store.Tx, person, mark string) (bool, error) {
	n, err := store.Get[int64](tx, `SELECT COUNT(*) FROM devices WHERE person = $1 AND mark = $2`, person, mark)
	return n > 0, err
}

func keepDevice(tx *store.Tx, person, mark string) error {
	_, err := tx.Exec(`INSERT INTO devices (person, mark, since) VALUES ($1, $2, $3) ON CONFLICT (person, mark) DO NOTHING`,
		person, mark, store.At(tx.Now))
	return err
}

func dropDevices(tx *store.Tx, person string) error {
	_, err := tx.Exec(`DELETE FROM devices WHERE person = $1`, person)
	return err
}

// Failures.

func failuresOf(tx *store.Tx, key string) (n int, last, until time.Time, err error) {
	var l, u store.Time
	err = tx.Row(store.Into(&n, &l, &u), `SELECT n, last_at, locked_until FROM failures WHERE key = $1`, key)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return n, l.Time, u.Time, err
}

func keepFailures(tx *store.Tx, key string, n int, until time.Time) error {
	_, err := tx.Exec(`INSERT INTO failures (key, n, last_at, locked_until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (key) DO UPDATE SET n = excluded.n, last_at = excluded.last_at, locked_until = excluded.locked_until`,
		key, n, store.At(tx.Now), store.At(until))
	return err
}

func forgetFailures(tx *store.Tx, key string) error {
	_, err := tx.Exec(`DELETE FROM failures WHERE key = $1 OR last_at < $2`, key, store.At(tx.Now.Add(-24*time.Hour)))
	return err
}

// Links.

func insertLink(tx *store.Tx, mark, person, by string, ends time.Time) error {
	_, err := tx.Exec(`INSERT INTO links (mark, person, made_by, made_at, ends_at) VALUES ($1, $2, $3, $4, $5)`,
		mark, person, by, store.At(tx.Now), store.At(ends))
	return err
}

func linkOf(tx *store.Tx, mark string) (person string, err error) {
	return store.Get[string](tx, `SELECT person FROM links WHERE mark = $1 AND used_at IS NULL AND ends_at > $2`, mark, store.At(tx.Now))
}

func useLink(tx *store.Tx, mark string) error {
	return tx.Must(`UPDATE links SET used_at = $2 WHERE mark = $1 AND used_at IS NULL`, mark, store.At(tx.Now))
}

func dropLinks(tx *store.Tx, person string) error {
	_, err := tx.Exec(`DELETE FROM links WHERE person = $1`, person)
	return err
}

// The audit record.

const entryColumns = `chain, n, id, at, actor, name, session, ip, what, about, detail, prev, hash`

func scanEntry(scan store.Scan) (e Entry, err error) {
	var at store.Time
	err = scan(&e.Chain, &e.N, &e.ID, &at, &e.Actor, &e.Name, &e.Session, &e.IP, &e.What, &e.About, &e.Detail, &e.Prev, &e.Hash)
	e.At = at.Time
	return e, err
}

// head is the last entry of a chain, by number and hash; an empty chain has 0 and "".
func head(tx *store.Tx, chain int64) (n int64, hash string, err error) {
	err = tx.Row(store.Into(&n, &hash), `SELECT n, hash FROM audit_heads WHERE chain = $1`, chain)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return n, hash, err
}

// appendEntry moves the head of the chain first: two writers meet there, where the database lets one of them try again.
func appendEntry(tx *store.Tx, e Entry) error {
	_, err := tx.Exec(`INSERT INTO audit_heads (chain, n, hash) VALUES ($1, $2, $3)
		ON CONFLICT (chain) DO UPDATE SET n = excluded.n, hash = excluded.hash`, e.Chain, e.N, e.Hash)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO audit (`+entryColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		e.Chain, e.N, e.ID, store.At(e.At), e.Actor, e.Name, e.Session, e.IP, e.What, e.About, e.Detail, e.Prev, e.Hash)
	return err
}

func chainFrom(tx *store.Tx, chain, after int64, limit int) ([]Entry, error) {
	return store.All(tx, scanEntry, `SELECT `+entryColumns+` FROM audit WHERE chain = $1 AND n > $2 ORDER BY n LIMIT $3`,
		chain, after, limit)
}

func findEntries(tx *store.Tx, s Search) ([]Entry, error) {
	return store.All(tx, scanEntry, `SELECT `+entryColumns+` FROM audit
		WHERE ($1 = '' OR actor = $1 OR about = $1) AND ($2 = '' OR what LIKE $3) AND ($4 = '' OR ip = $4)
		AND at >= $5 AND at < $6 AND ($7 = '' OR id < $7)
		ORDER BY id DESC LIMIT $8`,
		s.Person, s.What, s.What+"%", s.IP, store.At(floor(s.From)), store.At(s.Until), s.Before, s.Limit)
}

// floor is t, or a time before anything happened: a zero time would be NULL.
func floor(t time.Time) time.Time {
	if t.IsZero() {
		return time.Unix(0, 0)
	}
	return t
}

// Head is how far a chain of the audit record has come.
type Head struct {
	Chain, N int64
	Hash     string
}

// Heads are the heads of the chains of the audit record.
func Heads(tx *store.Tx) ([]Head, error) {
	return store.All(tx, func(scan store.Scan) (h Head, err error) { return h, scan(&h.Chain, &h.N, &h.Hash) },
		`SELECT chain, n, hash FROM audit_heads ORDER BY chain`)
}

// HashAt is the hash of entry n of a chain of the audit record; empty where there is none.
func HashAt(tx *store.Tx, chain, n int64) (hash string, err error) {
	err = tx.Row(store.Into(&hash), `SELECT hash FROM audit WHERE chain = $1 AND n = $2`, chain, n)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return hash, err
}
