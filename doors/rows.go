package doors

import (
	"time"

	"cloudbm/accounts"
	"cloudbm/store"
)

// Bindings.

func scanBinding(scan store.Scan) (b Binding, err error) {
	var bound, used store.Time
	b.Door = accounts.EGov
	err = scan(&b.ID, &b.Person, &b.Label, &bound, &used)
	b.Bound, b.Used = bound.Time, used.Time
	return b, err
}

func bindingBy(tx *store.Tx, issuer, subject string) (Binding, error) {
	all, err := store.All(tx, scanBinding, `SELECT id, person, label, bound_at, used_at FROM bindings WHERE issuer = $1 AND subject = $2`, issuer, subject)
	if err == nil && len(all) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Binding{}, err
	}
	return all[0], nil
}

func bindingsOf(tx *store.Tx, person string) ([]Binding, error) {
	return store.All(tx, scanBinding, `SELECT id, person, label, bound_at, used_at FROM bindings WHERE person = $1 ORDER BY bound_at, id`, person)
}

func insertBinding(tx *store.Tx, b Binding, issuer, subject string) error {
	return tx.Must(`INSERT INTO bindings (id, person, issuer, subject, label, bound_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		b.ID, b.Person, issuer, subject, b.Label, store.At(b.Bound))
}

func useBinding(tx *store.Tx, id, label string) error {
	return tx.Must(`UPDATE bindings SET used_at = $2, label = $3 WHERE id = $1`, id, store.At(tx.Now), label)
}

func deleteBinding(tx *store.Tx, person, id string) error {
	return tx.Must(`DELETE FROM bindings WHERE person = $1 AND id = $2`, person, id)
}

// Arrivals.

func insertArrival(tx *store.Tx, mark, identity, next string) error {
	if _, err := tx.Exec(`DELETE FROM arrivals WHERE ends_at < $1`, store.At(tx.Now)); err != nil {
		return err
	}
	return tx.Must(`INSERT INTO arrivals (mark, identity, onward, ends_at) VALUES ($1, $2, $3, $4)`, mark, identity, next, store.At(tx.Now.Add(arrivalLife)))
}

func arrivalOf(tx *store.Tx, mark string) (identity, next string, err error) {
	err = tx.Row(store.Into(&identity, &next), `SELECT identity, onward FROM arrivals WHERE mark = $1 AND ends_at > $2`, mark, store.At(tx.Now))
	return identity, next, err
}

func dropArrival(tx *store.Tx, mark string) error {
	return tx.Must(`DELETE FROM arrivals WHERE mark = $1`, mark)
}

// Verified national IDs.

func keepVerified(tx *store.Tx, person, hidden, issuer string) error {
	return tx.Must(`INSERT INTO verified (person, national_id, issuer, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person) DO UPDATE SET national_id = excluded.national_id, issuer = excluded.issuer, at = excluded.at`,
		person, hidden, issuer, store.At(tx.Now))
}

func verifiedOf(tx *store.Tx, person string) (string, error) {
	return store.Get[string](tx, `SELECT national_id FROM verified WHERE person = $1`, person)
}

// Applications for a 備用帳號.

func keepApplication(tx *store.Tx, a Application) error {
	return tx.Must(`INSERT INTO applications (person, email, hash, name, phone, purpose, organisation, title, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (person) DO UPDATE SET email = excluded.email, hash = excluded.hash, name = excluded.name, phone = excluded.phone,
			purpose = excluded.purpose, organisation = excluded.organisation, title = excluded.title, made_at = excluded.made_at,
			code = '', code_ends = NULL, tries = 0`,
		a.Person, a.Email, a.hash, a.Name, a.Phone, a.Purpose, a.Organisation, a.Title, store.At(tx.Now))
}

func applicationOf(tx *store.Tx, person string, since time.Time) (a Application, err error) {
	var ends store.Time
	err = tx.Row(store.Into(&a.Person, &a.Email, &a.hash, &a.Name, &a.Phone, &a.Purpose, &a.Organisation, &a.Title, &a.code, &ends, &a.tries),
		`SELECT person, email, hash, name, phone, purpose, organisation, title, code, code_ends, tries FROM applications
		WHERE person = $1 AND made_at > $2`, person, store.At(since))
	a.codeEnds = ends.Time
	return a, err
}

func keepCode(tx *store.Tx, person, mark string, ends time.Time) error {
	return tx.Must(`UPDATE applications SET code = $2, code_ends = $3, tries = 0 WHERE person = $1`, person, mark, store.At(ends))
}

func countTry(tx *store.Tx, person string) error {
	return tx.Must(`UPDATE applications SET tries = tries + 1 WHERE person = $1`, person)
}

func dropApplication(tx *store.Tx, person string) error {
	_, err := tx.Exec(`DELETE FROM applications WHERE person = $1`, person)
	return err
}

// cardOf is the health card a person has bound; store.ErrNotFound if there is none.
func cardOf(tx *store.Tx, person string) (Binding, error) {
	b := Binding{ID: theCard, Person: person, Door: accounts.Health}
	var bound store.Time
	err := tx.Row(store.Into(&b.Label, &bound), `SELECT label, bound_at FROM health_cards WHERE person = $1`, person)
	b.Bound = bound.Time
	return b, err
}

func deleteCard(tx *store.Tx, person, _ string) error {
	return tx.Must(`DELETE FROM health_cards WHERE person = $1`, person)
}
