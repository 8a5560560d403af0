package web

import "cloudbm/store"

// another counts one more in the window that began at since, and tells how many there are now.
func another(tx *store.Tx, name, key string, since int64) (int64, error) {
	return store.Get[int64](tx, `INSERT INTO limits (name, key, since, n) VALUES ($1, $2, $3, 1)
		ON CONFLICT (name, key, since) DO UPDATE SET n = limits.n + 1 RETURNING n`, name, key, since)
}

// forget drops the windows of name that began before.
func forget(tx *store.Tx, name string, before int64) error {
	_, err := tx.Exec(`DELETE FROM limits WHERE name = $1 AND since < $2`, name, before)
	return err
}
