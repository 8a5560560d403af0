package deeds

import (
	"cloudbm/blob"
	"cloudbm/store"
)

const columns = `id, kind, about, authority, title, digest, size, holder, serial, issuer, certificate, dated_at, signed_at, stamped_at`

func scan(scan store.Scan) (d Issued, err error) {
	var dated, signed, stamped store.Time
	err = scan(&d.ID, &d.Kind, &d.About, &d.Authority, &d.Title, &d.Digest, &d.Size, &d.By.Name, &d.By.Serial, &d.By.Issuer, &d.Certificate, &dated, &signed, &stamped)
	d.At, d.Signed, d.Stamped = dated.Time, signed.Time, stamped.Time
	return d, err
}

// insert keeps what was issued; what was issued before it stays.
func insert(tx *store.Tx, d Issued) error {
	_, err := tx.Exec(`INSERT INTO deeds (`+columns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14) ON CONFLICT (kind, about) DO NOTHING`,
		d.ID, string(d.Kind), d.About, d.Authority, d.Title, string(d.Digest), d.Size, d.By.Name, d.By.Serial, d.By.Issuer, d.Certificate,
		store.At(d.At), store.At(d.Signed), store.At(d.Stamped))
	return err
}

// Find is what was issued about that; store.ErrNotFound if nothing was yet.
func Find(tx *store.Tx, k Kind, about string) (Issued, error) {
	all, err := store.All(tx, scan, `SELECT `+columns+` FROM deeds WHERE kind = $1 AND about = $2`, string(k), about)
	if err == nil && len(all) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Issued{}, err
	}
	return all[0], nil
}

// Kept lists the bytes that were issued: they have to be there for ever.
func Kept(tx *store.Tx) ([]blob.Digest, error) {
	return store.All(tx, func(scan store.Scan) (d blob.Digest, err error) {
		err = scan(&d)
		return d, err
	}, `SELECT DISTINCT digest FROM deeds ORDER BY digest`)
}
