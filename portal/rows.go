package portal

import (
	"strconv"
	"strings"

	"cloudbm/blob"
	"cloudbm/permit"
	"cloudbm/store"
	"cloudbm/taiwan"
)

func itoa(n int) string { return strconv.Itoa(n) }

const newsColumns = `SELECT id, authority, kind, title_zh, title_en, body_zh, body_en, works_from, works_until, shown_from,
	shown_until, revision, changed_name, created_at, changed_at FROM announcements `

func scanNews(scan store.Scan) (a Announcement, err error) {
	var worksFrom, worksUntil, from, until, created, changed store.Time
	err = scan(&a.ID, &a.Authority, &a.Kind, &a.Title.Zh, &a.Title.En, &a.Body.Zh, &a.Body.En, &worksFrom, &worksUntil, &from,
		&until, &a.Revision, &a.ChangedName, &created, &changed)
	a.WorksFrom, a.WorksUntil, a.From, a.Until = worksFrom.Time, worksUntil.Time, from.Time, until.Time
	a.Created, a.Changed = created.Time, changed.Time
	return a, err
}

func insertAnnouncement(tx *store.Tx, by permit.Actor, a Announcement) error {
	return tx.Must(`INSERT INTO announcements (id, authority, kind, title_zh, title_en, body_zh, body_en, works_from,
		works_until, shown_from, shown_until, revision, changed_by, changed_name, created_at, changed_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,1,$12,$13,$14,$15)`,
		a.ID, a.Authority, string(a.Kind), a.Title.Zh, a.Title.En, a.Body.Zh, a.Body.En, store.At(a.WorksFrom),
		store.At(a.WorksUntil), store.At(a.From), store.At(a.Until), by.Person, by.Name, store.At(tx.Now), store.At(tx.Now))
}

func updateAnnouncement(tx *store.Tx, by permit.Actor, a Announcement) error {
	return tx.Must(`UPDATE announcements SET authority = $1, kind = $2, title_zh = $3, title_en = $4, body_zh = $5,
		body_en = $6, works_from = $7, works_until = $8, shown_from = $9, shown_until = $10, revision = $11,
		changed_by = $12, changed_name = $13, changed_at = $14 WHERE id = $15`,
		a.Authority, string(a.Kind), a.Title.Zh, a.Title.En, a.Body.Zh, a.Body.En, store.At(a.WorksFrom),
		store.At(a.WorksUntil), store.At(a.From), store.At(a.Until), a.Revision, by.Person, by.Name, store.At(tx.Now), a.ID)
}

func announcementByID(tx *store.Tx, id string) (Announcement, error) {
	return one(store.All(tx, scanNews, newsColumns+`WHERE id = $1`, id))
}

func shownAnnouncements(tx *store.Tx, limit int) ([]Announcement, error) {
	return store.All(tx, scanNews, newsColumns+`WHERE shown_from <= $1 AND (shown_until IS NULL OR shown_until > $1)
		ORDER BY CASE WHEN kind = 'outage' AND works_from <= $1 AND (works_until IS NULL OR works_until > $1) THEN 0 ELSE 1 END,
		shown_from DESC, id DESC LIMIT $2`, store.At(tx.Now), limit)
}

func allAnnouncements(tx *store.Tx, limit int) ([]Announcement, error) {
	return store.All(tx, scanNews, newsColumns+`ORDER BY shown_from DESC, id DESC LIMIT $1`, limit)
}

const downloadColumns = `SELECT id, place, title_zh, title_en, format, updated_on, file_name, digest, size, hidden, revision FROM downloads `

func scanDownload(scan store.Scan) (d Download, err error) {
	var updated, digest string
	if err = scan(&d.ID, &d.Place, &d.Title.Zh, &d.Title.En, &d.Format, &updated, &d.FileName, &digest, &d.Size, &d.Hidden, &d.Revision); err != nil {
		return d, err
	}
	d.Digest = blob.Digest(digest)
	return d, d.Updated.UnmarshalText([]byte(updated))
}

func downloads(tx *store.Tx, hidden bool) ([]Download, error) {
	return store.All(tx, scanDownload, downloadColumns+`WHERE NOT hidden OR $1 ORDER BY place, id`, hidden)
}

func downloadByID(tx *store.Tx, id string) (Download, error) {
	return one(store.All(tx, scanDownload, downloadColumns+`WHERE id = $1`, id))
}

func insertDownload(tx *store.Tx, d Download) error {
	return tx.Must(`INSERT INTO downloads (id, place, title_zh, title_en, format, updated_on, hidden, changed_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`, d.ID, d.Place, d.Title.Zh, d.Title.En, d.Format, d.Updated.ISO(), d.Hidden, store.At(tx.Now))
}

func updateDownload(tx *store.Tx, d Download) error {
	return tx.Must(`UPDATE downloads SET place = $1, title_zh = $2, title_en = $3, format = $4, updated_on = $5, hidden = $6,
		revision = $7, changed_at = $8 WHERE id = $9`,
		d.Place, d.Title.Zh, d.Title.En, d.Format, d.Updated.ISO(), d.Hidden, d.Revision, store.At(tx.Now), d.ID)
}

func replaceFile(tx *store.Tx, id, name, format string, digest blob.Digest, size int64) error {
	return tx.Must(`UPDATE downloads SET file_name = $1, format = $2, digest = $3, size = $4, updated_on = $5,
		revision = revision + 1, changed_at = $6 WHERE id = $7`,
		name, format, digest.String(), size, taiwan.DateOf(tx.Now).ISO(), store.At(tx.Now), id)
}

const questionColumns = `SELECT id, number, kind, authority, person, name, phone, email, body, func, page, error_no, serial,
	state, answer, answerer, created_at, answered_at FROM questions `

func scanQuestion(scan store.Scan) (q Question, err error) {
	var state string
	var created, answered store.Time
	err = scan(&q.ID, &q.Number, &q.Kind, &q.Authority, &q.Person, &q.Name, &q.Phone, &q.Email, &q.Text, &q.Func, &q.Page,
		&q.ErrorNo, &q.Serial, &state, &q.Answer, &q.Answerer, &created, &answered)
	q.Open, q.Created, q.Answered = state == "open", created.Time, answered.Time
	return q, err
}

func insertQuestion(tx *store.Tx, q Question) error {
	return tx.Must(`INSERT INTO questions (id, number, kind, authority, person, name, phone, email, body, func, page,
		error_no, serial, state, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,'open',$14)`,
		q.ID, q.Number, q.Kind, q.Authority, q.Person, q.Name, q.Phone, q.Email, q.Text, q.Func, q.Page, q.ErrorNo, q.Serial, store.At(q.Created))
}

func questionByID(tx *store.Tx, id string) (Question, error) {
	return one(store.All(tx, scanQuestion, questionColumns+`WHERE id = $1`, id))
}

func questionByNumber(tx *store.Tx, person, number string) (Question, error) {
	return one(store.All(tx, scanQuestion, questionColumns+`WHERE number = $1 AND person = $2 AND person <> ''`, number, person))
}

// questionsTo lists the questions to these authorities, or to all of them, open ones first.
func questionsTo(tx *store.Tx, authorities []string, all bool, limit int) ([]Question, error) {
	if all {
		return store.All(tx, scanQuestion, questionColumns+`ORDER BY CASE WHEN state = 'open' THEN 0 ELSE 1 END, created_at, id LIMIT $1`, limit)
	}
	if len(authorities) == 0 {
		return nil, nil
	}
	args := []any{limit}
	var marks []string
	for i, a := range authorities {
		marks, args = append(marks, "$"+itoa(i+2)), append(args, a)
	}
	return store.All(tx, scanQuestion, questionColumns+`WHERE authority IN (`+strings.Join(marks, ", ")+`)
		ORDER BY CASE WHEN state = 'open' THEN 0 ELSE 1 END, created_at, id LIMIT $1`, args...)
}

func closeQuestion(tx *store.Tx, by permit.Actor, id, answer string) error {
	return tx.Must(`UPDATE questions SET state = 'closed', answer = $1, answered_by = $2, answerer = $3, answered_at = $4 WHERE id = $5`,
		answer, by.Person, by.Name, store.At(tx.Now), id)
}

// one is the only row found.
func one[T any](found []T, err error) (v T, _ error) {
	if err != nil {
		return v, err
	}
	if len(found) == 0 {
		return v, store.ErrNotFound
	}
	return found[0], nil
}
