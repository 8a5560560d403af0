package drawings

import (
	"time"

	"cloudbm/blob"
	"cloudbm/store"
)

const versionColumns = `id, sheet_id, case_id, n, digest, page, file_name, folder, size, mime, width_mm, height_mm, report,
	uploaded_by, uploaded_name, uploaded_at`

func scanVersion(scan store.Scan) (v Version, err error) {
	var digest string
	var report store.JSON[Report]
	var at store.Time
	err = scan(&v.ID, &v.Sheet, &v.Case, &v.N, &digest, &v.Page, &v.FileName, &v.Folder, &v.Size, &v.MIME, &v.WidthMM,
		&v.HeightMM, &report, &v.By, &v.ByName, &at)
	v.Digest, v.Report, v.At = blob.Digest(digest), report.V, at.Time
	return v, err
}

// sheetsOf reads every sheet of a case, removed ones too, each with all its versions, newest first.
func sheetsOf(tx *store.Tx, id string) ([]Sheet, error) {
	versions, err := store.All(tx, scanVersion, `SELECT `+versionColumns+` FROM versions WHERE case_id = $1 ORDER BY sheet_id, n DESC`, id)
	if err != nil {
		return nil, err
	}
	of := map[string][]Version{}
	for _, v := range versions {
		of[v.Sheet] = append(of[v.Sheet], v)
	}
	return store.All(tx, func(scan store.Scan) (s Sheet, err error) {
		var added, removed store.Time
		err = scan(&s.ID, &s.Case, &s.Number, &s.Class, &s.Title, &s.Position, &added, &removed)
		s.AddedAt, s.RemovedAt, s.Versions = added.Time, removed.Time, of[s.ID]
		return s, err
	}, `SELECT id, case_id, number, class, title, position, added_at, removed_at FROM sheets WHERE case_id = $1 ORDER BY id`, id)
}

func insertSheet(tx *store.Tx, s Sheet) error {
	_, err := tx.Exec(`INSERT INTO sheets (id, case_id, number, class, title, position, added_at) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		s.ID, s.Case, s.Number, s.Class, s.Title, s.Position, store.At(s.AddedAt))
	return err
}

func updateSheet(tx *store.Tx, s Sheet) error {
	return tx.Must(`UPDATE sheets SET number = $2, class = $3, title = $4, position = $5, removed_at = $6 WHERE id = $1`,
		s.ID, s.Number, s.Class, s.Title, s.Position, store.At(s.RemovedAt))
}

func insertVersion(tx *store.Tx, v Version) error {
	_, err := tx.Exec(`INSERT INTO versions (`+versionColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)`,
		v.ID, v.Sheet, v.Case, v.N, string(v.Digest), v.Page, v.FileName, v.Folder, v.Size, v.MIME, v.WidthMM, v.HeightMM,
		store.AsJSON(v.Report), v.By, v.ByName, store.At(v.At))
	return err
}

func versionByID(tx *store.Tx, caseID, id string) (Version, error) {
	found, err := store.All(tx, scanVersion, `SELECT `+versionColumns+` FROM versions WHERE case_id = $1 AND id = $2`, caseID, id)
	if err == nil && len(found) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Version{}, err
	}
	return found[0], nil
}

const paperColumns = `id, case_id, code, digest, file_name, size, mime, pages, report, uploaded_by, uploaded_name, uploaded_at, removed_at`

func scanPaper(scan store.Scan) (p Paper, err error) {
	var digest string
	var report store.JSON[Report]
	var at, removed store.Time
	err = scan(&p.ID, &p.Case, &p.Code, &digest, &p.FileName, &p.Size, &p.MIME, &p.Pages, &report, &p.By, &p.ByName, &at, &removed)
	p.Digest, p.Report, p.At, p.RemovedAt = blob.Digest(digest), report.V, at.Time, removed.Time
	return p, err
}

func papersOf(tx *store.Tx, id string) ([]Paper, error) {
	return store.All(tx, scanPaper, `SELECT `+paperColumns+` FROM papers WHERE case_id = $1 ORDER BY code, id`, id)
}

func insertPaper(tx *store.Tx, p Paper) error {
	_, err := tx.Exec(`INSERT INTO papers (`+paperColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`,
		p.ID, p.Case, p.Code, string(p.Digest), p.FileName, p.Size, p.MIME, p.Pages, store.AsJSON(p.Report), p.By, p.ByName,
		store.At(p.At), store.At(p.RemovedAt))
	return err
}

func setPaperRemoved(tx *store.Tx, id string, at time.Time) error {
	return tx.Must(`UPDATE papers SET removed_at = $2 WHERE id = $1`, id, store.At(at))
}

const arrivalColumns = `id, upload, case_id, sheet_id, code, state, digest, file_name, folder, size, mime, page, pages, number, class,
	title, width_mm, height_mm, report, became, uploaded_by, uploaded_name, uploaded_at`

func scanArrival(scan store.Scan) (a Arrival, err error) {
	var digest string
	var report store.JSON[Report]
	var at store.Time
	err = scan(&a.ID, &a.Upload, &a.Case, &a.Sheet, &a.Code, &a.State, &digest, &a.FileName, &a.Folder, &a.Size, &a.MIME, &a.Page,
		&a.Pages, &a.Number, &a.Class, &a.Title, &a.WidthMM, &a.HeightMM, &report, &a.Became, &a.By, &a.ByName, &at)
	a.Digest, a.Report, a.At = blob.Digest(digest), report.V, at.Time
	return a, err
}

func insertArrival(tx *store.Tx, a Arrival) error {
	_, err := tx.Exec(`INSERT INTO intake (`+arrivalColumns+`)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23)`,
		a.ID, a.Upload, a.Case, a.Sheet, a.Code, string(a.State), string(a.Digest), a.FileName, a.Folder, a.Size, a.MIME, a.Page,
		a.Pages, a.Number, a.Class, a.Title, a.WidthMM, a.HeightMM, store.AsJSON(a.Report), a.Became, a.By, a.ByName, store.At(a.At))
	return err
}

func updateArrival(tx *store.Tx, a Arrival) error {
	return tx.Must(`UPDATE intake SET state = $2, mime = $3, page = $4, pages = $5, number = $6, class = $7, title = $8,
		width_mm = $9, height_mm = $10, report = $11, became = $12 WHERE id = $1`,
		a.ID, string(a.State), a.MIME, a.Page, a.Pages, a.Number, a.Class, a.Title, a.WidthMM, a.HeightMM, store.AsJSON(a.Report), a.Became)
}

func deleteArrival(tx *store.Tx, id string) error {
	_, err := tx.Exec(`DELETE FROM intake WHERE id = $1`, id)
	return err
}

func arrivalByID(tx *store.Tx, id string) (Arrival, error) {
	found, err := store.All(tx, scanArrival, `SELECT `+arrivalColumns+` FROM intake WHERE id = $1`, id)
	if err == nil && len(found) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Arrival{}, err
	}
	return found[0], nil
}

// arrivalsOf lists what has arrived for a case, in the order of arriving and of pages.
func arrivalsOf(tx *store.Tx, caseID string) ([]Arrival, error) {
	return store.All(tx, scanArrival, `SELECT `+arrivalColumns+` FROM intake WHERE case_id = $1 ORDER BY upload, page, id`, caseID)
}

// arrived reports whether an upload has been received already.
func arrived(tx *store.Tx, upload string) (bool, error) {
	n, err := store.Get[int64](tx, `SELECT count(*) FROM intake WHERE upload = $1`, upload)
	return n > 0, err
}

// keptDigests lists every digest that the rows of this room name.
func keptDigests(tx *store.Tx) ([]string, error) {
	return store.Column[string](tx, `SELECT digest FROM versions UNION SELECT digest FROM papers UNION SELECT digest FROM intake`)
}

// bytesOf adds up the sizes of all files of a case.
func bytesOf(tx *store.Tx, caseID string) (int64, error) {
	return store.Get[int64](tx, `SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM (
		SELECT digest, max(size) AS size FROM (
			SELECT digest, size FROM versions WHERE case_id = $1
			UNION ALL SELECT digest, size FROM papers WHERE case_id = $1
			UNION ALL SELECT digest, size FROM intake WHERE case_id = $1) AS every GROUP BY digest) AS once`, caseID)
}
