package review

import (
	"cloudbm/cases"
	"cloudbm/store"
	"cloudbm/submission"
)

func nextNumber(tx *store.Tx, authority string, year int, word string) (n int64, err error) {
	return n, tx.Row(store.Into(&n), `INSERT INTO desk_numbers (authority, year, word, last) VALUES ($1, $2, $3, 1)
		ON CONFLICT (authority, year, word) DO UPDATE SET last = desk_numbers.last + 1 RETURNING last`, authority, year, word)
}

func putRemark(tx *store.Tx, c *cases.Case, m Remark) error {
	_, err := tx.Exec(`INSERT INTO remarks (id, case_id, round, place, mark, text, law, private, by_person, by_name, at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`, m.ID, c.ID, m.Round, m.Place, store.AsJSON(m.Mark), m.Text, m.Law, m.Private,
		m.By, m.Name, store.At(m.At))
	return err
}

func dropRemark(tx *store.Tx, caseID, id string) error {
	return tx.Must(`DELETE FROM remarks WHERE case_id = $1 AND id = $2 AND sent_at IS NULL`, caseID, id)
}

func sendRemarks(tx *store.Tx, caseID string, round int) error {
	_, err := tx.Exec(`UPDATE remarks SET sent_at = $3 WHERE case_id = $1 AND round = $2 AND private = FALSE AND sent_at IS NULL`,
		caseID, round, store.At(tx.Now))
	return err
}

func remarks(tx *store.Tx, caseID string, round int) ([]Remark, error) {
	return store.All(tx, func(scan store.Scan) (m Remark, err error) {
		var mark store.JSON[submission.Mark]
		var at, sent store.Time
		err = scan(&m.ID, &m.Round, &m.Place, &mark, &m.Text, &m.Law, &m.Private, &m.By, &m.Name, &at, &sent)
		m.Mark, m.At, m.SentAt = mark.V, at.Time, sent.Time
		return m, err
	}, `SELECT id, round, place, mark, text, law, private, by_person, by_name, at, sent_at FROM remarks
		WHERE case_id = $1 AND round = $2 ORDER BY at, id`, caseID, round)
}

func putJudgement(tx *store.Tx, caseID string, round int, key string, j Judgement) error {
	_, err := tx.Exec(`INSERT INTO judgements (case_id, round, check_key, verdict, note, by_name, at) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (case_id, round, check_key) DO UPDATE SET verdict = $4, note = $5, by_name = $6, at = $7`,
		caseID, round, key, string(j.Verdict), j.Note, j.By, store.At(j.At))
	return err
}

func judgements(tx *store.Tx, caseID string, round int) (map[string]Judgement, error) {
	out := map[string]Judgement{}
	_, err := store.All(tx, func(scan store.Scan) (k string, err error) {
		var j Judgement
		var at store.Time
		err = scan(&k, &j.Verdict, &j.Note, &j.By, &at)
		j.At = at.Time
		out[k] = j
		return k, err
	}, `SELECT check_key, verdict, note, by_name, at FROM judgements WHERE case_id = $1 AND round = $2`, caseID, round)
	return out, err
}

func putViewed(tx *store.Tx, caseID string, round int, person, version string) error {
	_, err := tx.Exec(`INSERT INTO viewed (case_id, round, person, version, at) VALUES ($1,$2,$3,$4,$5)
		ON CONFLICT (case_id, round, person, version) DO NOTHING`, caseID, round, person, version, store.At(tx.Now))
	return err
}

func viewed(tx *store.Tx, caseID string, round int, person string) ([]string, error) {
	return store.Column[string](tx, `SELECT version FROM viewed WHERE case_id = $1 AND round = $2 AND person = $3`, caseID, round, person)
}

func putLicence(tx *store.Tx, l Licence) error {
	_, err := tx.Exec(`INSERT INTO licences (id, authority, number, case_id, kind, round, issued_at, by_name, decision)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, l.ID, l.Authority, l.Number, l.Case, l.Kind, l.Round, store.At(l.At), l.By, l.Said)
	return err
}

func licenceWhere(tx *store.Tx, where string, args ...any) ([]Licence, error) {
	return store.All(tx, func(scan store.Scan) (l Licence, err error) {
		var at store.Time
		err = scan(&l.ID, &l.Authority, &l.Number, &l.Case, &l.Kind, &l.Round, &at, &l.By, &l.Said)
		l.At = at.Time
		return l, err
	}, `SELECT id, authority, number, case_id, kind, round, issued_at, by_name, decision FROM licences WHERE `+where, args...)
}

// unlisted are licences without an entry in the list, oldest first.
func unlisted(tx *store.Tx, most int) ([]Licence, error) {
	return licenceWhere(tx, `NOT EXISTS (SELECT 1 FROM ledger_entries e WHERE e.licence = licences.id AND e.act = 'issued')
		ORDER BY issued_at, id LIMIT $1`, most)
}
