package seals

import "cloudbm/store"

// sealOfItem is the seal, with its case, of which the item with this id is one.
func sealOfItem(tx *store.Tx, item string) (seal, caseID string, err error) {
	type both struct{ seal, of string }
	all, err := store.All(tx, func(scan store.Scan) (b both, err error) { err = scan(&b.seal, &b.of); return b, err },
		`SELECT seal_id, case_id FROM seal_items WHERE id = $1`, item)
	if err == nil && len(all) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return "", "", err
	}
	return all[0].seal, all[0].of, nil
}
