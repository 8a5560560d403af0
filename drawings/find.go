package drawings

import (
	"errors"

	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/store"
)

// FindVersion is one version of a sheet of the case.
func FindVersion(tx *store.Tx, c *cases.Case, id string) (Version, error) {
	v, err := versionByID(tx, c.ID, id)
	if errors.Is(err, store.ErrNotFound) {
		return v, fault.Of(fault.NotFound, "這個案件沒有這張圖", "This case has no such sheet").To("看圖說", "See the drawings", "/bls/cases/"+c.ID+"/drawings")
	}
	return v, err
}

// FindInSight is one version of a sheet of the case, if by may see it.
func FindInSight(tx *store.Tx, by permit.Actor, c *cases.Case, id string) (Version, error) {
	v, err := FindVersion(tx, c, id)
	if err == nil && len(inSight(by, c, []Version{v})) == 0 {
		_, err = FindVersion(tx, c, "")
	}
	return v, err
}
