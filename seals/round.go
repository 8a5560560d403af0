package seals

import (
	"cloudbm/cases"
	"cloudbm/store"
)

// Frozen is a seal as it stands in a submitted round.
type Frozen struct {
	ID        string `json:"id"`
	Text      string `json:"text_sha256"`
	Signature string `json:"signature_sha256"` // of the detached CMS
}

// Snapshot lists the seals that hold on something of the case, for a round.
func Snapshot(tx *store.Tx, c *cases.Case) ([]Frozen, error) {
	all, err := Holding(tx, c)
	out := make([]Frozen, 0, len(all))
	for _, s := range all {
		out = append(out, Frozen{s.ID, digest([]byte(s.Text)), digest(s.CMS)})
	}
	return out, err
}
