package notices

import (
	"time"

	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// What became of a letter.
const (
	waiting   = "waiting"
	delivered = "sent"
	failed    = "failed"
)

func insertNotice(tx *store.Tx, id, person string, n Notice) error {
	return tx.Must(`INSERT INTO notices (id, person, case_id, serial, kind, title_zh, title_en, body_zh, body_en,
		todo_zh, todo_en, due_on, url, legal, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)`,
		id, person, n.Case, n.Serial, string(n.Kind), n.Title.Zh, n.Title.En, n.Body.Zh, n.Body.En,
		n.Todo.Zh, n.Todo.En, n.Due.ISO(), n.URL, n.Legal, store.At(tx.Now))
}

const noticeColumns = `n.id, n.person, n.case_id, n.serial, n.kind, n.title_zh, n.title_en, n.body_zh, n.body_en,
	n.todo_zh, n.todo_en, n.due_on, n.url, n.legal, n.created_at, n.read_at`

const letterOfNotice = ` LEFT JOIN letters l ON l.notice = n.id `

func scanNotice(scan store.Scan) (k Kept, err error) {
	var kind, due string
	var created, read, mailed store.Time
	err = scan(&k.ID, &k.Person, &k.Case, &k.Serial, &kind, &k.Title.Zh, &k.Title.En, &k.Body.Zh, &k.Body.En,
		&k.Todo.Zh, &k.Todo.En, &due, &k.URL, &k.Legal, &created, &read, &k.Mail.State, &mailed)
	if err != nil {
		return k, err
	}
	k.Kind, k.Created, k.Read, k.Mail.At = Kind(kind), created.Time, read.Time, mailed.Time
	if due != "" {
		k.Due, err = taiwan.ParseDate(due)
	}
	return k, err
}

func oneNotice(tx *store.Tx, where string, args ...any) (Kept, error) {
	found, err := store.All(tx, scanNotice, `SELECT `+noticeColumns+`, COALESCE(l.state, ''), l.done_at
		FROM notices n`+letterOfNotice+where, args...)
	if err == nil && len(found) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Kept{}, err
	}
	return found[0], nil
}

func noticeOf(tx *store.Tx, person, id string) (Kept, error) {
	return oneNotice(tx, `WHERE n.id = $1 AND n.person = $2`, id, person)
}

func noticeByID(tx *store.Tx, id string) (Kept, error) { return oneNotice(tx, `WHERE n.id = $1`, id) }

// inbox lists the notices of person, unread first, newest first.
func inbox(tx *store.Tx, person string, limit, offset int) ([]Kept, error) {
	return store.All(tx, scanNotice, `SELECT `+noticeColumns+`, COALESCE(l.state, ''), l.done_at
		FROM notices n`+letterOfNotice+`WHERE n.person = $1
		ORDER BY CASE WHEN n.read_at IS NULL THEN 0 ELSE 1 END, n.created_at DESC, n.id DESC LIMIT $2 OFFSET $3`,
		person, limit, offset)
}

func countNotices(tx *store.Tx, person string) (int, error) {
	return store.Get[int](tx, `SELECT count(*) FROM notices WHERE person = $1`, person)
}

func countUnread(tx *store.Tx, person string) (int, error) {
	return store.Get[int](tx, `SELECT count(*) FROM notices WHERE person = $1 AND read_at IS NULL`, person)
}

func markRead(tx *store.Tx, person, id string) error {
	_, err := tx.Exec(`UPDATE notices SET read_at = $1 WHERE id = $2 AND person = $3 AND read_at IS NULL`, store.At(tx.Now), id, person)
	return err
}

func markAllRead(tx *store.Tx, person string) error {
	_, err := tx.Exec(`UPDATE notices SET read_at = $1 WHERE person = $2 AND read_at IS NULL`, store.At(tx.Now), person)
	return err
}

func mailOff(tx *store.Tx, person string) (map[Kind]bool, error) {
	kinds, err := store.Column[string](tx, `SELECT kind FROM notice_wishes WHERE person = $1 AND NOT mail`, person)
	off := map[Kind]bool{}
	for _, k := range kinds {
		off[Kind(k)] = true
	}
	return off, err
}

func keepWish(tx *store.Tx, person string, k Kind, mail bool) error {
	_, err := tx.Exec(`INSERT INTO notice_wishes (person, kind, mail, changed_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person, kind) DO UPDATE SET mail = excluded.mail, changed_at = excluded.changed_at`,
		person, string(k), mail, store.At(tx.Now))
	return err
}

// nextInLane is the next number of the lane, which is made if it is new.
func nextInLane(tx *store.Tx, lane string) (int64, error) {
	return store.Get[int64](tx, `INSERT INTO mail_lanes (lane, last) VALUES ($1, 1)
		ON CONFLICT (lane) DO UPDATE SET last = mail_lanes.last + 1 RETURNING last`, lane)
}

type lane struct {
	holder    string
	busyUntil time.Time
	tries     int
}

func laneOf(tx *store.Tx, name string) (l lane, err error) {
	var until store.Time
	err = tx.Row(store.Into(&l.holder, &until, &l.tries), `SELECT holder, busy_until, tries FROM mail_lanes WHERE lane = $1`, name)
	l.busyUntil = until.Time
	return l, err
}

func holdLane(tx *store.Tx, name, holder string, until time.Time) error {
	return tx.Must(`UPDATE mail_lanes SET holder = $1, busy_until = $2 WHERE lane = $3`, holder, store.At(until), name)
}

// freeLane lets the lane go, unless somebody else holds it by now.
func freeLane(tx *store.Tx, name, holder string, tries int) error {
	_, err := tx.Exec(`UPDATE mail_lanes SET holder = '', busy_until = NULL, tries = $1 WHERE lane = $2 AND holder = $3`, tries, name, holder)
	return err
}

func insertLetter(tx *store.Tx, lane string, seq int64, l Letter, notice string) error {
	return tx.Must(`INSERT INTO letters (id, lane, seq, notice, to_address, to_name, lang, subject, body_text, body_html, state, created_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)`,
		l.ID, lane, seq, notice, l.To, l.Name, string(l.Lang), l.Subject, l.Text, l.HTML, waiting, store.At(tx.Now))
}

// kept is a letter as it waits.
type kept struct {
	Letter
	lane, notice, State, Said string
	created, done             time.Time
	about                     string // who or what a failed letter is about, for the administrator
}

const letterColumns = `l.id, l.lane, l.notice, l.to_address, l.to_name, l.lang, l.subject, l.body_text, l.body_html, l.state, l.said, l.created_at, l.done_at`

func scanLetter(scan store.Scan) (l kept, err error) {
	var lang string
	var created, done store.Time
	err = scan(&l.ID, &l.lane, &l.notice, &l.To, &l.Name, &lang, &l.Subject, &l.Text, &l.HTML, &l.State, &l.Said, &created, &done, &l.about)
	l.Lang, l.created, l.done = say.Lang(lang), created.Time, done.Time
	return l, err
}

func oneLetter(tx *store.Tx, rest string, args ...any) (kept, error) {
	found, err := store.All(tx, scanLetter, `SELECT `+letterColumns+`, '' FROM letters l `+rest, args...)
	if err == nil && len(found) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return kept{}, err
	}
	return found[0], nil
}

func firstWaiting(tx *store.Tx, lane string) (kept, error) {
	return oneLetter(tx, `WHERE l.lane = $1 AND l.state = 'waiting' ORDER BY l.seq LIMIT 1`, lane)
}

func letterByID(tx *store.Tx, id string) (kept, error) { return oneLetter(tx, `WHERE l.id = $1`, id) }

// undelivered lists the letters that failed or have been waiting since before t, newest first.
func undelivered(tx *store.Tx, t time.Time, limit int) ([]kept, error) {
	return store.All(tx, scanLetter, `SELECT `+letterColumns+`, COALESCE(n.serial || ' ' || n.title_zh, l.subject)
		FROM letters l LEFT JOIN notices n ON n.id = l.notice
		WHERE l.state = 'failed' OR (l.state = 'waiting' AND l.created_at < $1)
		ORDER BY l.created_at DESC, l.id DESC LIMIT $2`, store.At(t), limit)
}

// closeLetter ends the way of a letter; the text of one that brought its own is forgotten.
func closeLetter(tx *store.Tx, id, state, said string) error {
	return tx.Must(`UPDATE letters SET state = $1, said = $2, done_at = $3, body_text = '', body_html = '' WHERE id = $4`,
		state, said, store.At(tx.Now), id)
}

func noteLetter(tx *store.Tx, id, said string) error {
	return tx.Must(`UPDATE letters SET said = $1 WHERE id = $2`, said, id)
}

func waitAgain(tx *store.Tx, id string, seq int64) error {
	return tx.Must(`UPDATE letters SET state = 'waiting', said = '', seq = $1, created_at = $2, done_at = NULL WHERE id = $3`, seq, store.At(tx.Now), id)
}

func shelve(tx *store.Tx, l Letter) error {
	_, err := tx.Exec(`INSERT INTO demo_mails (id, to_address, to_name, subject, body_text, body_html, lang, created_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8) ON CONFLICT (id) DO NOTHING`,
		l.ID, l.To, l.Name, l.Subject, l.Text, l.HTML, string(l.Lang), store.At(tx.Now))
	return err
}

const shelfColumns = `SELECT id, to_address, to_name, subject, body_text, body_html, lang, created_at FROM demo_mails `

func scanShelved(scan store.Scan) (s Shelved, err error) {
	var lang string
	err = scan(&s.ID, &s.To, &s.Name, &s.Subject, &s.Text, &s.HTML, &lang, &s.At)
	s.Lang = say.Lang(lang)
	return s, err
}

func shelved(tx *store.Tx, to string, n int) ([]Shelved, error) {
	return store.All(tx, scanShelved, shelfColumns+`WHERE $1 = '' OR to_address = $1 ORDER BY created_at DESC, id DESC LIMIT $2`, to, n)
}

func fromShelf(tx *store.Tx, id string) (Shelved, error) {
	found, err := store.All(tx, scanShelved, shelfColumns+`WHERE id = $1`, id)
	if err == nil && len(found) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Shelved{}, err
	}
	return found[0], nil
}

// claimEntry notes that people are told of an entry of a case's log; false means they were told before.
func claimEntry(tx *store.Tx, caseID string, seq int64) (bool, error) {
	n, err := tx.Exec(`INSERT INTO told (case_id, seq, at) VALUES ($1, $2, $3) ON CONFLICT (case_id, seq) DO NOTHING`, caseID, seq, store.At(tx.Now))
	return n == 1, err
}

// claimWarning notes that a warning is given; false means it was given before.
func claimWarning(tx *store.Tx, caseID, due, stage string) (bool, error) {
	n, err := tx.Exec(`INSERT INTO warned (case_id, due_on, stage, at) VALUES ($1, $2, $3, $4) ON CONFLICT (case_id, due_on, stage) DO NOTHING`,
		caseID, due, stage, store.At(tx.Now))
	return n == 1, err
}
