package roles

import (
	"strings"

	"cloudbm/permit"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Profiles.

func profilesOf(tx *store.Tx, person string) ([]Profile, error) {
	return store.All(tx, func(scan store.Scan) (p Profile, err error) {
		var facts store.JSON[map[string]string]
		var created, changed, ended store.Time
		err = scan(&p.Person, &p.Role, &facts, &p.Hidden, &created, &changed, &ended)
		p.Facts, p.Created, p.Changed, p.Ended = facts.V, created.Time, changed.Time, ended.Time
		return p, err
	}, `SELECT person, role, facts, person_id, created_at, changed_at, ended_at FROM profiles WHERE person = $1`, person)
}

// rolesOf are the roles a person holds, in no order.
func rolesOf(tx *store.Tx, person string) ([]permit.Role, error) {
	return store.Column[permit.Role](tx, `SELECT role FROM profiles WHERE person = $1 AND ended_at IS NULL`, person)
}

func putProfile(tx *store.Tx, p Profile, licence, number, blind string) error {
	_, err := tx.Exec(`INSERT INTO profiles (person, role, facts, person_id, person_blind, licence, licence_number, company_id, created_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
		ON CONFLICT (person, role) DO UPDATE SET facts = excluded.facts, person_id = excluded.person_id, person_blind = excluded.person_blind,
			licence = excluded.licence, licence_number = excluded.licence_number, company_id = excluded.company_id,
			changed_at = excluded.changed_at, ended_at = NULL`,
		p.Person, string(p.Role), store.AsJSON(p.Facts), p.Hidden, blind, licence, number, p.Facts["company_id"], store.At(tx.Now))
	return err
}

func endProfile(tx *store.Tx, person string, r permit.Role) error {
	return tx.Must(`UPDATE profiles SET ended_at = $3 WHERE person = $1 AND role = $2`, person, string(r), store.At(tx.Now))
}

func holdersOf(tx *store.Tx, r permit.Role, licence string) ([]string, error) {
	return store.Column[string](tx, `SELECT person FROM profiles WHERE role = $1 AND licence = $2 AND ended_at IS NULL
		ORDER BY created_at, person`, string(r), licence)
}

func holdersOfNumber(tx *store.Tx, r permit.Role, number string) ([]string, error) {
	return store.Column[string](tx, `SELECT person FROM profiles WHERE role = $1 AND licence_number = $2 AND ended_at IS NULL
		ORDER BY created_at, person`, string(r), number)
}

func holdersOfID(tx *store.Tx, blind string) ([]string, error) {
	return store.Column[string](tx, `SELECT DISTINCT person FROM profiles WHERE person_blind = $1 AND ended_at IS NULL`, blind)
}

// Authorities.

// putAuthority adds an authority; one that is there stays as it is.
func putAuthority(tx *store.Tx, a taiwan.Authority) error {
	_, err := tx.Exec(`INSERT INTO authorities (code, name, en, municipality) VALUES ($1, $2, $3, $4) ON CONFLICT (code) DO NOTHING`,
		a.Code, a.Name, a.En, a.Municipality)
	return err
}

const authorityColumns = `code, name, en, municipality`

func scanAuthority(scan store.Scan) (a taiwan.Authority, err error) {
	return a, scan(&a.Code, &a.Name, &a.En, &a.Municipality)
}

func authorities(tx *store.Tx) ([]taiwan.Authority, error) {
	return store.All(tx, scanAuthority, `SELECT `+authorityColumns+` FROM authorities ORDER BY code DESC`)
}

func authority(tx *store.Tx, code string) (taiwan.Authority, error) {
	return one(store.All(tx, scanAuthority, `SELECT `+authorityColumns+` FROM authorities WHERE code = $1`, code))
}

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

// Seats.

const seatColumns = `s.id, s.person, p.name, s.authority, s.duty, s.first_day, s.last_day, s.asked_by, COALESCE(a.name, ''), s.asked_at,
	s.approved_by, s.approved_at, s.ended_by, s.ended_at, s.ended_why
	FROM seats s JOIN persons p ON p.id = s.person LEFT JOIN persons a ON a.id = s.asked_by`

func scanSeat(scan store.Scan) (s Appointment, err error) {
	var asked, approved, ended store.Time
	err = scan(&s.ID, &s.Person, &s.Name, &s.Authority, &s.Duty, &s.First, &s.Last, &s.AskedBy, &s.AskedName, &asked,
		&s.ApprovedBy, &approved, &s.EndedBy, &ended, &s.EndedWhy)
	s.Asked, s.Approved, s.Ended = asked.Time, approved.Time, ended.Time
	return s, err
}

func insertSeat(tx *store.Tx, s Appointment) error {
	_, err := tx.Exec(`INSERT INTO seats (id, person, authority, duty, first_day, last_day, asked_by, asked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, s.ID, s.Person, s.Authority, string(s.Duty), s.First, s.Last, s.AskedBy, store.At(tx.Now))
	return err
}

func seatsOf(tx *store.Tx, person string) ([]Appointment, error) {
	return store.All(tx, scanSeat, `SELECT `+seatColumns+` WHERE s.person = $1 ORDER BY s.id`, person)
}

func waitingSeats(tx *store.Tx) ([]Appointment, error) {
	return store.All(tx, scanSeat, `SELECT `+seatColumns+` WHERE s.approved_by = '' AND s.ended_at IS NULL ORDER BY s.id`)
}

func seatByID(tx *store.Tx, id string) (Appointment, error) {
	return one(store.All(tx, scanSeat, `SELECT `+seatColumns+` WHERE s.id = $1`, id))
}

func approveSeat(tx *store.Tx, id, by string) error {
	return tx.Must(`UPDATE seats SET approved_by = $2, approved_at = $3 WHERE id = $1 AND approved_by = ''`, id, by, store.At(tx.Now))
}

func endSeat(tx *store.Tx, id, by, why string) error {
	return tx.Must(`UPDATE seats SET ended_by = $2, ended_at = $3, ended_why = $4 WHERE id = $1 AND ended_at IS NULL`, id, by, store.At(tx.Now), why)
}

// holding are the seats that hold on the day.
func holding(tx *store.Tx, person, day string) ([]permit.Seat, error) {
	return store.All(tx, func(scan store.Scan) (s permit.Seat, err error) { return s, scan(&s.Authority, &s.Duty) },
		`SELECT authority, duty FROM seats WHERE person = $1 AND approved_by <> '' AND ended_at IS NULL
		AND first_day <= $2 AND (last_day = '' OR last_day >= $2) ORDER BY id`, person, day)
}

func holdersOfDuty(tx *store.Tx, authority string, duties []permit.Duty, day string) ([]Officer, error) {
	var in []string
	args := []any{authority, day}
	for i, d := range duties {
		in = append(in, "$"+string(rune('3'+i)))
		args = append(args, string(d))
	}
	rows, err := store.All(tx, func(scan store.Scan) (o Officer, err error) {
		var d permit.Duty
		err = scan(&o.Person, &o.Name, &o.Email, &d)
		o.Duties = []permit.Duty{d}
		return o, err
	}, `SELECT p.id, p.name, p.email, s.duty FROM seats s JOIN persons p ON p.id = s.person
		WHERE s.authority = $1 AND s.approved_by <> '' AND s.ended_at IS NULL AND s.first_day <= $2
		AND (s.last_day = '' OR s.last_day >= $2) AND p.disabled_at IS NULL AND s.duty IN (`+strings.Join(in, ", ")+`)
		ORDER BY p.name, p.id, s.id`, args...)
	var out []Officer
	for _, o := range rows {
		if n := len(out); n > 0 && out[n-1].Person == o.Person {
			out[n-1].Duties = append(out[n-1].Duties, o.Duties...)
			continue
		}
		out = append(out, o)
	}
	return out, err
}

// Settings.

func scanValue(scan store.Scan) (v Value, err error) {
	var changed store.Time
	err = scan(&v.Value, &v.From, &v.By, &v.ByName, &changed)
	v.Changed = changed.Time
	return v, err
}

func settingOn(tx *store.Tx, authority, name, day string) (Value, error) {
	return one(store.All(tx, scanValue, `SELECT value, effective_from, by_person, by_name, changed_at FROM authority_settings
		WHERE authority = $1 AND name = $2 AND effective_from <= $3 ORDER BY effective_from DESC, id DESC LIMIT 1`, authority, name, day))
}

func settingHistory(tx *store.Tx, authority, name string) ([]Value, error) {
	return store.All(tx, scanValue, `SELECT value, effective_from, by_person, by_name, changed_at FROM authority_settings
		WHERE authority = $1 AND name = $2 ORDER BY effective_from DESC, id DESC`, authority, name)
}

// settingsOf is the latest value of each setting on the day, and those that begin later.
func settingsOf(tx *store.Tx, authority, day string) (now, later map[string]Value, err error) {
	now, later = map[string]Value{}, map[string]Value{}
	_, err = store.All(tx, func(scan store.Scan) (struct{}, error) {
		var v Value
		var name string
		err := scan(&name, &v.Value, &v.From, &v.ByName)
		if v.From > day {
			later[name] = v
		} else {
			now[name] = v
		}
		return struct{}{}, err
	}, `SELECT name, value, effective_from, by_name FROM authority_settings WHERE authority = $1 ORDER BY effective_from, id`, authority)
	return now, later, err
}

func insertSetting(tx *store.Tx, authority, name string, v Value) error {
	_, err := tx.Exec(`INSERT INTO authority_settings (id, authority, name, value, effective_from, by_person, by_name, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, store.NewID(), authority, name, v.Value, v.From, v.By, v.ByName, store.At(tx.Now))
	return err
}
