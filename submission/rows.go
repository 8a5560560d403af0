package submission

import (
	"encoding/json"
	"fmt"

	"cloudbm/cases"
	"cloudbm/permit"
	"cloudbm/store"
	"cloudbm/taiwan"
)

func keepRound(tx *store.Tx, c *cases.Case, r Round) error {
	hidden, err := cases.Conceal(tx, c, r.Answers)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO rounds (case_id, n, at, by_person, by_name, answers, manifest, digest, receipt)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, r.Case, r.N, store.At(r.At), r.By, r.Name, store.AsJSON(hidden),
		string(r.frozen), r.Digest, r.Receipt)
	return err
}

func round(tx *store.Tx, c *cases.Case, n int) (Round, error) {
	r := Round{Case: c.ID, N: n}
	var at store.Time
	var hidden store.JSON[permit.Answers]
	var manifest string
	err := tx.Row(store.Into(&at, &r.By, &r.Name, &hidden, &manifest, &r.Digest, &r.Receipt),
		`SELECT at, by_person, by_name, answers, manifest, digest, receipt FROM rounds WHERE case_id = $1 AND n = $2`, c.ID, n)
	if err != nil {
		return r, err
	}
	if digest([]byte(manifest)) != r.Digest {
		return r, fmt.Errorf("submission: the manifest of %s round %d does not fit its digest", c.Serial, n)
	}
	r.frozen = []byte(manifest)
	if err := json.Unmarshal(r.frozen, &r.Manifest); err != nil {
		return r, err
	}
	r.At = at.Time
	r.Answers, err = cases.Show(tx, c, hidden.V)
	return r, err
}

// receiptNumber is the next number of a receipt: the authority's code, the ROC day, a running number.
func receiptNumber(tx *store.Tx, c *cases.Case) (string, error) {
	day := taiwan.DateOf(tx.Now).Compact()
	var n int64
	err := tx.Row(store.Into(&n), `INSERT INTO receipt_numbers (authority, day, last) VALUES ($1, $2, 1)
		ON CONFLICT (authority, day) DO UPDATE SET last = receipt_numbers.last + 1 RETURNING last`, c.Authority, day)
	return fmt.Sprintf("%s-%s-%05d", c.Authority, day, n), err
}

func addPoint(tx *store.Tx, c *cases.Case, p Point) error {
	_, err := tx.Exec(`INSERT INTO points (id, case_id, round, seq, place, mark, text, law, asked_by, asked_name, asked_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`, p.ID, c.ID, p.Round, p.Seq, p.Place, store.AsJSON(p.Mark), p.Text, p.Law,
		p.AskedBy, p.AskedName, store.At(p.AskedAt))
	return err
}

func points(tx *store.Tx, id string, n int) ([]Point, error) {
	return store.All(tx, func(scan store.Scan) (p Point, err error) {
		var mark store.JSON[Mark]
		var asked, answered store.Time
		err = scan(&p.ID, &p.Round, &p.Seq, &p.Place, &mark, &p.Text, &p.Law, &p.AskedBy, &p.AskedName, &asked, &p.Answer, &p.Reply, &answered, &p.Verdict)
		p.Mark, p.AskedAt, p.AnsweredAt = mark.V, asked.Time, answered.Time
		return p, err
	}, `SELECT id, round, seq, place, mark, text, law, asked_by, asked_name, asked_at, answer, reply, answered_at, verdict
		FROM points WHERE case_id = $1 AND round = $2 ORDER BY seq`, id, n)
}

func answerPoint(tx *store.Tx, caseID, id string, a Answer, reply, by string) error {
	return tx.Must(`UPDATE points SET answer = $3, reply = $4, answered_by = $5, answered_at = $6 WHERE case_id = $1 AND id = $2`,
		caseID, id, string(a), reply, by, store.At(tx.Now))
}

func judgePoint(tx *store.Tx, caseID, id, verdict string) error {
	return tx.Must(`UPDATE points SET verdict = $3 WHERE case_id = $1 AND id = $2`, caseID, id, verdict)
}

// DigestOf is the SHA-256 of the manifest of round n, once it has been looked whether the manifest still comes to it.
func DigestOf(tx *store.Tx, caseID string, n int) (string, error) {
	var manifest, kept string
	if err := tx.Row(store.Into(&manifest, &kept), `SELECT manifest, digest FROM rounds WHERE case_id = $1 AND n = $2`, caseID, n); err != nil {
		return "", fmt.Errorf("submission: the manifest of round %d of %s: %w", n, caseID, err)
	}
	if digest([]byte(manifest)) != kept {
		return "", fmt.Errorf("submission: the manifest of round %d of %s does not fit its digest", n, caseID)
	}
	return kept, nil
}
