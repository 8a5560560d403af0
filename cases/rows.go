package cases

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloudbm/permit"
	"cloudbm/store"
)

const columns = `id, authority, serial, kind, edition, state, title, applicant, place, opener, opener_name, follows, round,
	revision, registration, desk, desk_name, licence, created_at, changed_at, submitted_at, received_at, decided_at, due_on`

func scanCase(scan store.Scan) (*Case, error) {
	c := &Case{}
	var kind, edition string
	var made, changed, submitted, received, decided store.Time
	err := scan(&c.ID, &c.Authority, &c.Serial, &kind, &edition, &c.State, &c.Title, &c.Applicant, &c.Place, &c.Opener,
		&c.OpenerName, &c.Follows, &c.Round, &c.Revision, &c.Registration, &c.Desk, &c.DeskName, &c.Licence,
		&made, &changed, &submitted, &received, &decided, &c.DueOn)
	if err != nil {
		return nil, err
	}
	c.CreatedAt, c.ChangedAt, c.SubmittedAt, c.ReceivedAt, c.DecidedAt = made.Time, changed.Time, submitted.Time, received.Time, decided.Time
	if c.Type = typeOf(kind, edition); c.Type == nil {
		return nil, fmt.Errorf("cases: %s was opened under %s@%s, which this program does not know", c.Serial, kind, edition)
	}
	return c, nil
}

func load(tx *store.Tx, id string) (*Case, error) {
	found, err := store.All(tx, scanCase, `SELECT `+columns+` FROM cases WHERE id = $1`, id)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, store.ErrNotFound
	}
	c := found[0]
	c.members, err = members(tx, id)
	return c, err
}

func members(tx *store.Tx, id string) ([]Member, error) {
	return store.All(tx, func(scan store.Scan) (m Member, err error) {
		return m, scan(&m.Person, &m.Name, &m.Standing, &m.Party, &m.May)
	}, `SELECT person, name, standing, party, may FROM case_members WHERE case_id = $1 ORDER BY added_at, person`, id)
}

func addMember(tx *store.Tx, id string, m Member) error {
	_, err := tx.Exec(`INSERT INTO case_members (case_id, person, name, standing, party, may, added_at) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (case_id, person, standing, party) DO UPDATE SET name = $3, may = $6`,
		id, m.Person, m.Name, m.Standing, string(m.Party), m.May, store.At(tx.Now))
	return err
}

func dropMembers(tx *store.Tx, id, standing string, party permit.Party) error {
	_, err := tx.Exec(`DELETE FROM case_members WHERE case_id = $1 AND standing = $2 AND party = $3`, id, standing, string(party))
	return err
}

func dropMember(tx *store.Tx, id, person, standing string) error {
	return tx.Must(`DELETE FROM case_members WHERE case_id = $1 AND person = $2 AND standing = $3`, id, person, standing)
}

func insertCase(tx *store.Tx, c *Case) error {
	_, err := tx.Exec(`INSERT INTO cases (id, authority, serial, kind, edition, menu, state, title, applicant, place, opener,
		opener_name, follows, created_at, changed_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$14)`,
		c.ID, c.Authority, c.Serial, c.Type.Kind, c.Type.Edition, string(c.Type.Menu), string(c.State), c.Title, c.Applicant, c.Place,
		c.Opener, c.OpenerName, c.Follows, store.At(tx.Now))
	return err
}

// saveState writes the state of c and counts its revision; somebody who was faster makes it ErrNotFound's conflict.
func saveState(tx *store.Tx, c *Case) error {
	err := tx.Must(`UPDATE cases SET state = $2, revision = revision + 1, changed_at = $3 WHERE id = $1 AND revision = $4`,
		c.ID, string(c.State), store.At(tx.Now), c.Revision)
	if err != nil {
		return fmt.Errorf("cases: state of %s: %w", c.Serial, err)
	}
	c.Revision++
	c.ChangedAt = tx.Now
	return nil
}

func touch(tx *store.Tx, c *Case) error {
	c.ChangedAt = tx.Now
	return tx.Must(`UPDATE cases SET changed_at = $2 WHERE id = $1`, c.ID, store.At(tx.Now))
}

func saveSubmitted(tx *store.Tx, c *Case) error {
	return tx.Must(`UPDATE cases SET round = $2, submitted_at = $3, due_on = $4 WHERE id = $1`, c.ID, c.Round, store.At(c.SubmittedAt), c.DueOn)
}

func saveDesk(tx *store.Tx, c *Case) error {
	return tx.Must(`UPDATE cases SET registration = $2, desk = $3, desk_name = $4, licence = $5, received_at = $6, decided_at = $7,
		due_on = $8 WHERE id = $1`, c.ID, c.Registration, c.Desk, c.DeskName, c.Licence, store.At(c.ReceivedAt), store.At(c.DecidedAt), c.DueOn)
}

func saveLifted(tx *store.Tx, c *Case) error {
	return tx.Must(`UPDATE cases SET title = $2, applicant = $3, place = $4, changed_at = $5 WHERE id = $1`,
		c.ID, c.Title, c.Applicant, c.Place, store.At(tx.Now))
}

func deleteCase(tx *store.Tx, id string) error { return tx.Must(`DELETE FROM cases WHERE id = $1`, id) }

func countSerial(tx *store.Tx, authority string, year int, family string) (n int64, err error) {
	return n, tx.Row(store.Into(&n), `INSERT INTO case_serials (authority, year, family, last) VALUES ($1, $2, $3, 1)
		ON CONFLICT (authority, year, family) DO UPDATE SET last = case_serials.last + 1 RETURNING last`, authority, year, family)
}

// section as it is kept; secrets in it are hidden.
type kept struct {
	Values map[string]string `json:"values,omitempty"`
	Rows   []permit.Row      `json:"rows,omitempty"`
	Gone   []permit.Row      `json:"gone,omitempty"` // removed last, can be brought back
}

// Stand tells when and by whom a section was last saved.
type Stand struct {
	Section  string
	Revision int64
	By, Name string
	At       time.Time
	Gone     int // rows that can be brought back
}

func sections(tx *store.Tx, id string) (map[string]kept, map[string]Stand, error) {
	data, stands := map[string]kept{}, map[string]Stand{}
	_, err := store.All(tx, func(scan store.Scan) (s Stand, err error) {
		var d store.JSON[kept]
		var at store.Time
		if err = scan(&s.Section, &s.Revision, &d, &s.By, &s.Name, &at); err != nil {
			return s, err
		}
		s.At, s.Gone = at.Time, len(d.V.Gone)
		data[s.Section], stands[s.Section] = d.V, s
		return s, nil
	}, `SELECT section, revision, data, changed_by, changed_name, changed_at FROM case_sections WHERE case_id = $1`, id)
	return data, stands, err
}

func saveSection(tx *store.Tx, id, section string, k kept, by permit.Actor) error {
	_, err := tx.Exec(`INSERT INTO case_sections (case_id, section, revision, data, changed_by, changed_name, changed_at)
		VALUES ($1, $2, 1, $3, $4, $5, $6) ON CONFLICT (case_id, section) DO UPDATE SET revision = case_sections.revision + 1,
		data = $3, changed_by = $4, changed_name = $5, changed_at = $6`,
		id, section, store.AsJSON(k), by.Person, by.Name, store.At(tx.Now))
	return err
}

func places(tx *store.Tx, id string) ([]string, error) {
	return store.Column[string](tx, `SELECT place FROM case_places WHERE case_id = $1 ORDER BY place`, id)
}

func setPlaces(tx *store.Tx, id string, places []string) error {
	if _, err := tx.Exec(`DELETE FROM case_places WHERE case_id = $1`, id); err != nil {
		return err
	}
	for _, p := range places {
		if _, err := tx.Exec(`INSERT INTO case_places (case_id, place) VALUES ($1, $2) ON CONFLICT (case_id, place) DO NOTHING`, id, p); err != nil {
			return err
		}
	}
	return nil
}

func lastEntry(tx *store.Tx, id string) (hash string, seq int64, err error) {
	err = tx.Row(store.Into(&hash, &seq), `SELECT hash, seq FROM case_log WHERE case_id = $1 ORDER BY seq DESC LIMIT 1`, id)
	if errors.Is(err, store.ErrNotFound) {
		return "", 0, nil
	}
	return hash, seq, err
}

func addEntry(tx *store.Tx, id string, e Entry) error {
	_, err := tx.Exec(`INSERT INTO case_log (case_id, seq, at, by_person, by_name, ip, act, from_state, to_state, place, said, prev, hash)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`, id, e.Seq, store.At(e.At), e.By, e.Name, e.IP, e.Act,
		string(e.From), string(e.To), e.Place, e.Said, e.Prev, e.Hash)
	return err
}

func entries(tx *store.Tx, id string) ([]Entry, error) {
	return store.All(tx, func(scan store.Scan) (e Entry, err error) {
		var at store.Time
		err = scan(&e.Seq, &at, &e.By, &e.Name, &e.IP, &e.Act, &e.From, &e.To, &e.Place, &e.Said, &e.Prev, &e.Hash)
		e.At = at.Time
		return e, err
	}, `SELECT seq, at, by_person, by_name, ip, act, from_state, to_state, place, said, prev, hash FROM case_log
		WHERE case_id = $1 ORDER BY seq`, id)
}

func setGrams(tx *store.Tx, id string, grams []string) error {
	if _, err := tx.Exec(`DELETE FROM case_grams WHERE case_id = $1`, id); err != nil {
		return err
	}
	const most = 100 // rows a statement
	for len(grams) > 0 {
		n := min(most, len(grams))
		args, marks := []any{id}, make([]string, n)
		for i, g := range grams[:n] {
			args = append(args, g)
			marks[i] = fmt.Sprintf("($%d, $1)", i+2)
		}
		_, err := tx.Exec(`INSERT INTO case_grams (gram, case_id) VALUES `+strings.Join(marks, ", ")+` ON CONFLICT (gram, case_id) DO NOTHING`, args...)
		if err != nil {
			return err
		}
		grams = grams[n:]
	}
	return nil
}

// Wanted says which cases to list. Person or Authorities bounds them: without either there are none.
type Wanted struct {
	Person      string   // on whose applicant's side
	Authorities []string // or at which authorities, filed cases only
	States      []permit.State
	Desk        string // handled by
	Menu        permit.Menu
	Kind        string
	Words       string // searched in serial, title, names, address, land numbers
	After       Mark   // where the page before ended; the zero Mark: from the beginning
	Limit       int
	ByDue       bool // statutory day first, instead of newest change first
}

// Mark is where a page of a list ended: the last case on it, as the list is ordered.
type Mark struct {
	Due string // statutory day, see byDue
	At  time.Time
	ID  string
}

// byDue is the statutory day for ordering: a case without one comes last.
const byDue = `CASE WHEN due_on = '' THEN '9999' ELSE due_on END`

// MarkOf reads a mark that came with an address; the zero Mark if it is none.
func MarkOf(s string) Mark {
	part := strings.Split(s, "~")
	if len(part) != 3 {
		return Mark{}
	}
	us, err := strconv.ParseInt(part[0], 10, 64)
	if err != nil || part[1] == "" {
		return Mark{}
	}
	return Mark{At: time.UnixMicro(us).UTC(), ID: part[1], Due: part[2]}
}

// Mark is the place of c in a list, for an address.
func (c *Case) Mark() string {
	due := c.DueOn
	if due == "" {
		due = "9999"
	}
	return fmt.Sprintf("%d~%s~%s", c.ChangedAt.UnixMicro(), c.ID, due)
}

// List lists cases, newest change first, without their members.
func List(tx *store.Tx, w Wanted) ([]*Case, error) {
	order := `changed_at DESC, id DESC`
	if w.ByDue {
		order = byDue + `, changed_at, id`
	}
	end := fmt.Sprintf(` ORDER BY %s LIMIT %d`, order, max(w.Limit, 1))
	var args []any
	var ids []string
	for _, p := range w.parts() {
		q, err := p.query(tx, &args)
		if err != nil || q == "" {
			return nil, err
		}
		ids = append(ids, `SELECT id FROM (SELECT id FROM `+q+end+`) p`)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return store.All(tx, scanCase, `SELECT `+columns+` FROM cases WHERE id IN (`+strings.Join(ids, ` UNION ALL `)+`)`+end, args...)
}

// parts are the lists of single authorities and states that w is made of: each of them lies in order in an index.
func (w Wanted) parts() []Wanted {
	if w.Person != "" || len(w.States) == 0 {
		return []Wanted{w}
	}
	var out []Wanted
	for _, a := range w.Authorities {
		for _, s := range w.States {
			p := w
			p.Authorities, p.States = []string{a}, []permit.State{s}
			out = append(out, p)
		}
	}
	return out
}

// Count counts what List would list, without its limit.
func Count(tx *store.Tx, w Wanted) (int64, error) {
	w.After = Mark{}
	var args []any
	q, err := w.query(tx, &args)
	if err != nil || q == "" {
		return 0, err
	}
	return store.Get[int64](tx, `SELECT count(*) FROM `+q, args...)
}

// query is the tables and the condition of w, empty if nothing can be listed; what it asks for is added to args.
func (w Wanted) query(tx *store.Tx, args *[]any) (string, error) {
	from := "cases c"
	var where []string
	arg := func(v any) string {
		*args = append(*args, v)
		return fmt.Sprintf("$%d", len(*args))
	}
	oneOf := func(col string, vs []string) {
		marks := make([]string, len(vs))
		for i, v := range vs {
			marks[i] = arg(v)
		}
		where = append(where, col+" IN ("+strings.Join(marks, ", ")+")")
	}
	switch {
	case w.Person != "":
		where = append(where, "id IN (SELECT case_id FROM case_members WHERE person = "+arg(w.Person)+")")
	case len(w.Authorities) > 0:
		oneOf("authority", w.Authorities)
		if len(w.States) == 0 || slices.Contains(w.States, permit.Draft) { // every other state lies behind the first round
			where = append(where, "round > 0")
		}
	default:
		return "", nil
	}
	if len(w.States) > 0 {
		vs := make([]string, len(w.States))
		for i, s := range w.States {
			vs[i] = string(s)
		}
		oneOf("state", vs)
	}
	for col, v := range map[string]string{"desk": w.Desk, "menu": string(w.Menu), "kind": w.Kind} {
		if v != "" {
			where = append(where, col+" = "+arg(v))
		}
	}
	pieces, first, err := searched(tx, w.Words)
	if err != nil {
		return "", err
	}
	if first != "" {
		from = "case_grams f CROSS JOIN cases c" // in this order: SQLite keeps it
		where = append(where, "f.gram = "+arg(first)+" AND c.id = f.case_id")
	}
	for _, g := range pieces {
		where = append(where, "EXISTS (SELECT 1 FROM case_grams g WHERE g.gram = "+arg(g)+" AND g.case_id = c.id)")
	}
	switch m := w.After; {
	case m.ID == "":
	case w.ByDue:
		where = append(where, "("+byDue+", changed_at, id) > ("+arg(m.Due)+", "+arg(store.At(m.At))+", "+arg(m.ID)+")")
	default:
		where = append(where, "(changed_at, id) < ("+arg(store.At(m.At))+", "+arg(m.ID)+")")
	}
	return from + " WHERE " + strings.Join(where, " AND "), nil
}

// searched are the pieces that a search for words looks for, two dozen at most, and the rarest of them: where few cases
// have it the search begins there; where it is in many, the newest of all cases are soon found.
func searched(tx *store.Tx, words string) (pieces []string, first string, err error) {
	least := 8000
	pieces = grams(words)
	pieces = pieces[:min(24, len(pieces))]
	for _, g := range pieces {
		n, err := store.Get[int](tx, fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 FROM case_grams WHERE gram = $1 LIMIT %d) g`, least), g)
		if err != nil {
			return nil, "", err
		}
		if n < least {
			first, least = g, n
		}
		if n == 0 {
			break
		}
	}
	return pieces, first, nil
}

// filed is a case that was submitted at least once, by authority and serial.
func filed(tx *store.Tx, authority, serial string) (*Case, error) {
	found, err := store.All(tx, scanCase, `SELECT `+columns+` FROM cases WHERE authority = $1 AND serial = $2 AND round > 0`, authority, serial)
	if err == nil && len(found) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// Logged lists the ids of all cases that have a log, for checks of the whole house.
func Logged(tx *store.Tx) ([]string, error) {
	return store.Column[string](tx, `SELECT DISTINCT case_id FROM case_log ORDER BY case_id`)
}

// Timed lists the ids of cases against which time runs: the authority's days, or the applicant's while correcting.
func Timed(tx *store.Tx) ([]string, error) {
	return store.Column[string](tx, `SELECT id FROM cases WHERE due_on <> '' OR state = 'correction' ORDER BY id`)
}

func favouritesOf(tx *store.Tx, person string) ([]string, error) {
	return store.All(tx, func(scan store.Scan) (kind string, err error) { err = scan(&kind); return kind, err },
		`SELECT kind FROM favourites WHERE person = $1 ORDER BY kind`, person)
}

func keepFavourite(tx *store.Tx, person, kind string) error {
	_, err := tx.Exec(`INSERT INTO favourites (person, kind, kept_at) VALUES ($1,$2,$3) ON CONFLICT (person, kind) DO NOTHING`, person, kind, store.At(tx.Now))
	return err
}

func dropFavourite(tx *store.Tx, person, kind string) error {
	_, err := tx.Exec(`DELETE FROM favourites WHERE person = $1 AND kind = $2`, person, kind)
	return err
}

// Head is how far the log of a case has come.
type Head struct {
	Case string
	Seq  int64
	Hash string
}

// Heads are the heads of the logs of cases that changed since then, in the order of the ids, from after an id on.
func Heads(tx *store.Tx, since time.Time, after string, most int) ([]Head, error) {
	return store.All(tx, func(scan store.Scan) (h Head, err error) { return h, scan(&h.Case, &h.Seq, &h.Hash) },
		`SELECT c.id, l.seq, l.hash FROM cases c JOIN case_log l ON l.case_id = c.id
		WHERE c.changed_at >= $1 AND c.id > $2 AND l.seq = (SELECT MAX(m.seq) FROM case_log m WHERE m.case_id = c.id)
		ORDER BY c.id LIMIT $3`, store.At(since), after, most)
}

// HashAt is the hash of entry seq of the log of a case; empty where there is none.
func HashAt(tx *store.Tx, id string, seq int64) (hash string, err error) {
	err = tx.Row(store.Into(&hash), `SELECT hash FROM case_log WHERE case_id = $1 AND seq = $2`, id, seq)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return hash, err
}

func dropNamed(tx *store.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM case_named WHERE case_id = $1`, id)
	return err
}

func putNamed(tx *store.Tx, id string, role permit.Role, licence string) error {
	_, err := tx.Exec(`INSERT INTO case_named (case_id, role, licence) VALUES ($1,$2,$3) ON CONFLICT (case_id, role, licence) DO NOTHING`, id, string(role), licence)
	return err
}

// named are the cases that wait for somebody with the licence.
func named(tx *store.Tx, role permit.Role, licence string) ([]string, error) {
	return store.All(tx, func(scan store.Scan) (id string, err error) { err = scan(&id); return id, err },
		`SELECT case_id FROM case_named WHERE role = $1 AND licence = $2 ORDER BY case_id`, string(role), licence)
}
