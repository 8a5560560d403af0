package review

import (
	"context"

	"cloudbm/cases"
	"cloudbm/deeds"
	"cloudbm/permit"
	"cloudbm/store"
)

// issue is the licence, signed with the authority's key where there is one: the same bytes for ever.
func (room *Room) issue(ctx context.Context, p paper) (deeds.Issued, []byte, error) {
	d := deeds.Deed{Authority: p.Case.Authority, Kind: deeds.Licence, About: p.Case.ID, Title: p.Case.Type.Outcome.Name.Zh + " " + p.Licence.Number,
		Name: p.Case.AuthorityName(), At: p.Licence.At}
	return room.Deeds.Issue(ctx, d, func() ([]byte, error) { return room.PrintLicence(p) })
}

// issueLicence is the work of signing a licence, whether or not anybody asks for it.
type issueLicence struct {
	Case string `json:"case"`
}

// Kind names the work.
func (issueLicence) Kind() string { return "review-licence" }

// sign signs the licence of a case.
func (room *Room) sign(ctx context.Context, db *store.DB, w issueLicence) error {
	if !room.Deeds.Signs() {
		return nil
	}
	var p paper
	err := db.Read(ctx, func(tx *store.Tx) error {
		c, err := cases.Find(tx, permit.System, w.Case)
		if err == nil {
			p, err = gather(tx, c)
		}
		return err
	})
	if err == nil {
		_, _, err = room.issue(ctx, p)
	}
	return err
}
