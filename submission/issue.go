package submission

import (
	"context"
	"strconv"

	"cloudbm/cases"
	"cloudbm/deeds"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/store"
)

// about is what the receipt of the round is about.
func (r Round) about() string { return r.Case + "/" + strconv.Itoa(r.N) }

// IssueReceipt is the receipt of a round, signed with the authority's key where there is one: the same bytes for ever.
func (room *Room) IssueReceipt(ctx context.Context, c *cases.Case, r Round) (deeds.Issued, []byte, error) {
	d := deeds.Deed{Authority: c.Authority, Kind: deeds.Receipt, About: r.about(), Title: "送件收據 " + r.Receipt, Name: c.AuthorityName(), At: r.At}
	return room.Deeds.Issue(ctx, d, func() ([]byte, error) { return room.PrintReceipt(c, r) })
}

// issueReceipt is the work of signing the receipt of a round, whether or not anybody asks for it.
type issueReceipt struct {
	Case  string `json:"case"`
	Round int    `json:"round"`
}

// Kind names the work.
func (issueReceipt) Kind() string { return "submission-receipt" }

// Teach teaches the crew what this room has done later.
func (room *Room) Teach(crew *jobs.Crew) {
	jobs.Do(crew, func(ctx context.Context, w issueReceipt) error {
		if !room.Deeds.Signs() {
			return nil
		}
		var c *cases.Case
		var r Round
		err := room.Deeds.DB.Read(ctx, func(tx *store.Tx) (err error) {
			if c, err = cases.Find(tx, permit.System, w.Case); err != nil {
				return err
			}
			r, err = Find(tx, c, w.Round)
			return err
		})
		if err == nil {
			_, _, err = room.IssueReceipt(ctx, c, r)
		}
		return err
	})
}
