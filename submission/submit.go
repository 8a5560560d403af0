package submission

import (
	"errors"

	"cloudbm/cases"
	"cloudbm/drawings"
	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/seals"
	"cloudbm/store"
)

// Look gathers from every room what still holds the case back, for the act of submitting or resubmitting.
func Look(tx *store.Tx, c *cases.Case, a permit.Answers) (permit.Looked, error) {
	sheets, papers, err := drawings.Holds(tx, c, a)
	if err != nil {
		return nil, err
	}
	sealed, err := seals.Holds(tx, c)
	if err != nil {
		return nil, err
	}
	answers, err := unanswered(tx, c)
	if err != nil {
		return nil, err
	}
	return permit.Looked{
		permit.NeedForm: c.Type.FormHolds(a), permit.NeedDrawings: sheets, permit.NeedAttachments: papers,
		permit.NeedSeals: sealed, permit.NeedAnswers: answers,
	}, nil
}

// Submit hands the case in: looks, refuses with everything that holds it back, or freezes it as round n and gives the
// receipt. Asked again for a round that was handed in already, it answers that round.
func Submit(tx *store.Tx, by permit.Actor, c *cases.Case, n int) (Round, error) {
	if n > 0 && n <= c.Round {
		return Find(tx, c, n)
	}
	if n != c.Round+1 {
		return Round{}, fault.Of(fault.Conflict, "案件已有新的進度，請回到案件頁再送件", "The case has moved on; go back to it and submit from there").
			To("回到案件", "Back to the case", "/bls/cases/"+c.ID)
	}
	if c.Submits(by) {
		if err := roles.Ready(tx, by, c.Type); err != nil {
			return Round{}, err
		}
	}
	a, err := cases.Answers(tx, c)
	if err != nil {
		return Round{}, err
	}
	looked, err := Look(tx, c, a)
	if err != nil {
		return Round{}, err
	}
	r, err := freeze(tx, by, c, a, n)
	if err != nil {
		return Round{}, err
	}
	act := permit.Submit
	if c.State == permit.Correction {
		act = permit.Resubmit
	}
	if err := cases.Go(tx, by, c, act, looked, r.Receipt); err != nil {
		return Round{}, err
	}
	if err := cases.Submitted(tx, c, n); err != nil {
		return Round{}, err
	}
	if err := keepRound(tx, c, r); err != nil {
		return Round{}, err
	}
	return r, jobs.Later(tx, issueReceipt{c.ID, n})
}

// Find is round n of a case.
func Find(tx *store.Tx, c *cases.Case, n int) (Round, error) {
	r, err := round(tx, c, n)
	if errors.Is(err, store.ErrNotFound) {
		return r, fault.Say(fault.NotFound, say.F("這個案件沒有第 %d 次送件", "This case was not submitted a %dth time", n)).
			To("回到案件", "Back to the case", "/bls/cases/"+c.ID)
	}
	return r, err
}

// Withdraw takes a filed case back, before it is decided.
func Withdraw(tx *store.Tx, by permit.Actor, c *cases.Case, why string) error {
	if err := cases.Go(tx, by, c, permit.Withdraw, nil, why); err != nil {
		return err
	}
	return cases.Decided(tx, c, "")
}
