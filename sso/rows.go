package sso

import (
	"errors"

	"cloudbm/fault"
	"cloudbm/store"
)

func one[T any](all []T, err error) (T, error) {
	var none T
	if err == nil && len(all) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return none, err
	}
	return all[0], nil
}

// Requests.

const requestColumns = `r.id, r.person, p.name, p.email, r.system, r.role, r.authority, r.organisation, r.title, r.said, r.state, r.seat,
	r.asked_at, r.decided_by, COALESCE(d.name, r.decided_by), r.decided_at, r.decided_why, r.last_day, r.ended_at, r.ended_why,
	COALESCE(y.name_zh, ''), COALESCE(y.name_en, ''), COALESCE(l.name_zh, ''), COALESCE(l.name_en, ''),
	COALESCE(a.name, s.approved_by, ''), s.approved_at, COALESCE(e.name, s.ended_by, ''), s.ended_at, COALESCE(s.ended_why, ''), COALESCE(s.last_day, '')
	FROM requests r JOIN persons p ON p.id = r.person LEFT JOIN persons d ON d.id = r.decided_by
	LEFT JOIN systems y ON y.id = r.system LEFT JOIN system_roles l ON l.system = r.system AND l.role = r.role
	LEFT JOIN seats s ON s.id = r.seat LEFT JOIN persons a ON a.id = s.approved_by LEFT JOIN persons e ON e.id = s.ended_by`

// requests reads requests as they stand today.
func requests(tx *store.Tx, where string, args ...any) ([]Request, error) {
	day := today(tx)
	return store.All(tx, func(scan store.Scan) (r Request, err error) {
		var asked, decided, ended, approved, left store.Time
		var endedWhy string
		var s seated
		err = scan(&r.ID, &r.Person, &r.Name, &r.Email, &r.System, &r.Role, &r.Authority, &r.Organisation, &r.Title, &r.Said, &r.State, &r.Seat,
			&asked, &r.Agreer, &r.Decider, &decided, &r.Why, &r.Last, &ended, &endedWhy,
			&r.system.Zh, &r.system.En, &r.role.Zh, &r.role.En,
			&s.approver, &approved, &s.ender, &left, &s.why, &s.last)
		r.Asked, r.Decided, r.Ended, s.approved, s.ended = asked.Time, decided.Time, ended.Time, approved.Time, left.Time
		if !r.Ended.IsZero() {
			r.Why = endedWhy
		}
		return r.asOf(day, s), err
	}, `SELECT `+requestColumns+` `+where, args...)
}

func requestByID(tx *store.Tx, id string) (Request, error) {
	return one(requests(tx, `WHERE r.id = $1`, id))
}

func requestsOf(tx *store.Tx, person string) ([]Request, error) {
	return requests(tx, `WHERE r.person = $1 ORDER BY r.id DESC`, person)
}

const stillOpen = `(r.state = 'waiting' OR r.state = 'agreed' AND s.approved_by = '' AND s.ended_at IS NULL)`

// openRequests are those that wait, at one authority or ("") everywhere.
func openRequests(tx *store.Tx, authority string) ([]Request, error) {
	return requests(tx, `WHERE `+stillOpen+` AND ($1 = '' OR r.authority = $1) ORDER BY r.id LIMIT 500`, authority)
}

func closedRequests(tx *store.Tx, authority string, n int) ([]Request, error) {
	return requests(tx, `WHERE NOT `+stillOpen+` AND r.state <> 'withdrawn' AND ($1 = '' OR r.authority = $1) ORDER BY r.id DESC LIMIT $2`, authority, n)
}

func insertRequest(tx *store.Tx, id, person string, w Wish) error {
	_, err := tx.Exec(`INSERT INTO requests (id, person, system, role, authority, organisation, title, said, state, asked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9)`,
		id, person, w.System, w.Role, w.Authority, w.Organisation, w.Title, w.Said, store.At(tx.Now))
	if errors.Is(err, store.ErrUnique) {
		return fault.Of(fault.Conflict, "不用再申請：這項申請審核中", "There is no need to apply again: this is in review").To("我的申請", "My requests", rolesURL)
	}
	return err
}

// decide, agree, setState and endRequest change one row in the state it was seen in; who comes second finds none.
func decide(tx *store.Tx, id string, to State, by, why, last string) error {
	return tx.Must(`UPDATE requests SET state = $2, decided_by = $3, decided_at = $4, decided_why = $5, last_day = $6 WHERE id = $1 AND state = 'waiting'`,
		id, string(to), by, store.At(tx.Now), why, last)
}

func agree(tx *store.Tx, id, by, seat string) error {
	return tx.Must(`UPDATE requests SET state = 'agreed', decided_by = $2, decided_at = $3, seat = $4 WHERE id = $1 AND state = 'waiting'`,
		id, by, store.At(tx.Now), seat)
}

func setState(tx *store.Tx, id string, from, to State) error {
	return tx.Must(`UPDATE requests SET state = $3 WHERE id = $1 AND state = $2`, id, string(from), string(to))
}

func endRequest(tx *store.Tx, id, by, why string) error {
	return tx.Must(`UPDATE requests SET ended_by = $2, ended_at = $3, ended_why = $4 WHERE id = $1 AND state = 'approved' AND ended_at IS NULL`,
		id, by, store.At(tx.Now), why)
}

// Systems.

func scanSystem(scan store.Scan) (y System, err error) {
	var redirects, logouts, scopes store.JSON[[]string]
	var made, changed, used, disabled store.Time
	err = scan(&y.ID, &y.Name.Zh, &y.Name.En, &y.Tile, &redirects, &logouts, &y.Public, &y.secret, &scopes, &y.Sector, &y.Consent, &y.Everybody,
		&made, &changed, &used, &disabled, &y.DisabledWhy)
	y.Redirects, y.Logouts, y.Scopes = redirects.V, logouts.V, scopes.V
	y.Made, y.Changed, y.Used, y.Disabled = made.Time, changed.Time, used.Time, disabled.Time
	return y, err
}

const systemColumns = `y.id, y.name_zh, y.name_en, y.tile, y.redirects, y.logouts, y.public, y.secret, y.scopes, y.sector, y.consent, y.everybody,
	y.made_at, y.changed_at, y.used_at, y.disabled_at, y.disabled_why FROM systems y`

func systemByID(tx *store.Tx, id string) (System, error) {
	return one(store.All(tx, scanSystem, `SELECT `+systemColumns+` WHERE y.id = $1`, id))
}

func allSystems(tx *store.Tx) ([]System, error) {
	return store.All(tx, scanSystem, `SELECT `+systemColumns+` ORDER BY y.name_zh, y.id`)
}

func insertSystem(tx *store.Tx, y System) error {
	_, err := tx.Exec(`INSERT INTO systems (id, name_zh, name_en, tile, redirects, logouts, public, secret, scopes, sector, consent, everybody, made_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`,
		y.ID, y.Name.Zh, y.Name.En, y.Tile, store.AsJSON(y.Redirects), store.AsJSON(y.Logouts), y.Public, y.secret, store.AsJSON(y.Scopes),
		y.Sector, y.Consent, y.Everybody, store.At(tx.Now))
	return err
}

func updateSystem(tx *store.Tx, y System) error {
	return tx.Must(`UPDATE systems SET name_zh = $2, name_en = $3, tile = $4, redirects = $5, logouts = $6, scopes = $7, consent = $8, everybody = $9,
		changed_at = $10 WHERE id = $1`,
		y.ID, y.Name.Zh, y.Name.En, y.Tile, store.AsJSON(y.Redirects), store.AsJSON(y.Logouts), store.AsJSON(y.Scopes), y.Consent, y.Everybody, store.At(tx.Now))
}

func setSecret(tx *store.Tx, id, hash string) error {
	return tx.Must(`UPDATE systems SET secret = $2 WHERE id = $1`, id, hash)
}

func setSystemDisabled(tx *store.Tx, id string, at store.Time, why string) error {
	return tx.Must(`UPDATE systems SET disabled_at = $2, disabled_why = $3 WHERE id = $1`, id, at, why)
}

func touchSystem(tx *store.Tx, id string) error {
	return tx.Must(`UPDATE systems SET used_at = $2 WHERE id = $1`, id, store.At(tx.Now))
}

// Consents.

func scanConsent(scan store.Scan) (c Consent, err error) {
	var scopes store.JSON[[]string]
	var given store.Time
	err = scan(&c.System, &c.Name.Zh, &c.Name.En, &scopes, &given)
	c.Scopes, c.Given = scopes.V, given.Time
	return c, err
}

const consentColumns = `c.system, y.name_zh, y.name_en, c.scopes, c.given_at FROM consents c JOIN systems y ON y.id = c.system`

func consentTo(tx *store.Tx, person, system string) (Consent, error) {
	return one(store.All(tx, scanConsent, `SELECT `+consentColumns+` WHERE c.person = $1 AND c.system = $2`, person, system))
}

func consentsOf(tx *store.Tx, person string) ([]Consent, error) {
	return store.All(tx, scanConsent, `SELECT `+consentColumns+` WHERE c.person = $1 ORDER BY c.given_at, c.system`, person)
}

func putConsent(tx *store.Tx, person, system string, scopes []string) error {
	_, err := tx.Exec(`INSERT INTO consents (person, system, scopes, given_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person, system) DO UPDATE SET scopes = excluded.scopes, given_at = excluded.given_at`,
		person, system, store.AsJSON(scopes), store.At(tx.Now))
	return err
}

func dropConsent(tx *store.Tx, person, system string) error {
	return tx.Must(`DELETE FROM consents WHERE person = $1 AND system = $2`, person, system)
}

// Roles of systems.

func scanRole(scan store.Scan) (r Role, err error) {
	var retired store.Time
	err = scan(&r.Key, &r.Name.Zh, &r.Name.En, &retired)
	r.Retired = retired.Time
	return r, err
}

func rolesOfSystem(tx *store.Tx, system string) ([]Role, error) {
	return store.All(tx, scanRole, `SELECT role, name_zh, name_en, retired_at FROM system_roles WHERE system = $1 ORDER BY role`, system)
}

func putRole(tx *store.Tx, system string, r Role) error {
	_, err := tx.Exec(`INSERT INTO system_roles (system, role, name_zh, name_en) VALUES ($1, $2, $3, $4)
		ON CONFLICT (system, role) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en, retired_at = NULL`,
		system, r.Key, r.Name.Zh, r.Name.En)
	return err
}

func retireRole(tx *store.Tx, system, role string) error {
	return tx.Must(`UPDATE system_roles SET retired_at = $3 WHERE system = $1 AND role = $2 AND retired_at IS NULL`, system, role, store.At(tx.Now))
}

// holders counts how many hold each role of a system today.
func holders(tx *store.Tx, system string) (map[string]int, error) {
	out := map[string]int{}
	_, err := store.All(tx, func(scan store.Scan) (struct{}, error) {
		var role string
		var n int
		err := scan(&role, &n)
		out[role] = n
		return struct{}{}, err
	}, `SELECT role, COUNT(DISTINCT person) FROM requests WHERE system = $1 AND state = 'approved' AND ended_at IS NULL
		AND (last_day = '' OR last_day >= $2) GROUP BY role`, system, today(tx))
	return out, err
}

// endGrants ends every grant of a role that is no more.
func endGrants(tx *store.Tx, system, role, by, why string) (int64, error) {
	return tx.Exec(`UPDATE requests SET ended_by = $3, ended_at = $4, ended_why = $5 WHERE system = $1 AND role = $2 AND state = 'approved' AND ended_at IS NULL`,
		system, role, by, store.At(tx.Now), why)
}
