package jobs

import "cloudbm/store"

// free gives back the work that a program had begun when it died, so that nobody waits for it to be missed. Work of a
// program that still lives may then be done twice, which it bears. What has been tried too often stays as it is: it may be
// what kills the program.
func free(tx *store.Tx) error {
	_, err := tx.Exec(`UPDATE river_job SET state = 'available' WHERE state = 'running' AND attempt < max_attempts`)
	return err
}
