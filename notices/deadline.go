package notices

import (
	"context"
	"errors"
	"time"

	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/review"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// deadlines is the work of warning people before a statutory day, and of telling when it has passed.
type deadlines struct{}

// Kind names the work.
func (deadlines) Kind() string { return "deadlines" }

// Watch teaches the crew to look at every running clock once an hour. Each warning is given once.
func Watch(c *jobs.Crew, db *store.DB) {
	jobs.Do(c, func(ctx context.Context, _ deadlines) error {
		var ids []string
		err := db.Read(ctx, func(tx *store.Tx) (err error) { ids, err = cases.Timed(tx); return err })
		for _, id := range ids {
			err = errors.Join(err, db.Write(ctx, func(tx *store.Tx) error { return Warn(tx, id) }))
		}
		return err
	})
	jobs.Every(c, time.Hour, deadlines{})
}

// stage is when a warning is due, by the days that are left; "" is not yet.
func stage(left int, at ...int) string {
	if left < 0 {
		return "over"
	}
	out := ""
	for _, n := range at {
		if left <= n {
			out = taiwan.Period{N: n, Unit: taiwan.Days}.Text().En
		}
	}
	return out
}

// Warn looks at the clock of one case and warns whom it concerns: the officer three days and one day before and when the
// day has passed (then the chief too), the applicant's side thirty, seven and one day before the six months end.
func Warn(tx *store.Tx, id string) error {
	c, err := cases.Find(tx, permit.System, id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	a, err := cases.Answers(tx, c)
	if err != nil {
		return err
	}
	k, err := review.Read(tx, c, a)
	if err != nil {
		return err
	}
	if k.Deadline != nil {
		n := Notice{Kind: Deadline, URL: "/desk/cases/" + c.ID, Title: say.F("法定期限 %s（剩 %d 天）", "Statutory day %s (%d days left)", k.Due.Text(), k.Left),
			Todo: say.T("在期限前審結，或送出改正通知。", "Decide by then, or send the correction notice.")}
		who := []func(*store.Tx, *cases.Case) ([]string, error){handler}
		if k.Over() {
			n.Title = say.F("已逾法定期限 %s（逾 %d 天）", "Statutory day %s has passed (%d days ago)", k.Due.Text(), -k.Left)
			who = append(who, at(permit.Chief))
		}
		if err := warn(tx, c, n, k.Due, stage(k.Left, 3, 1), who...); err != nil {
			return err
		}
	}
	if k.Applicant == nil || c.State != permit.Correction {
		return nil
	}
	left := taiwan.DateOf(tx.Now).DaysUntil(k.ApplyBy)
	n := Notice{Kind: Deadline, Legal: true, URL: "/bls/cases/" + c.ID + "/correction", Title: say.F("改正期限 %s（剩 %d 天）", "Corrections are due on %s (%d days left)", k.ApplyBy.Text(), left),
		Todo: say.T("在期限前改正並送請復審；逾期主管機關得駁回（建築法 §36）。", "Correct and resubmit by then; afterwards the authority may reject the case (Building Act §36).")}
	if left < 0 {
		n.Title = say.F("改正期限 %s 已過", "The time to correct ended on %s", k.ApplyBy.Text())
		return warn(tx, c, n, k.ApplyBy, stage(left), applicants, handler)
	}
	return warn(tx, c, n, k.ApplyBy, stage(left, 30, 7, 1), applicants)
}

func warn(tx *store.Tx, c *cases.Case, n Notice, due taiwan.Date, stage string, who ...func(*store.Tx, *cases.Case) ([]string, error)) error {
	if stage == "" {
		return nil
	}
	fresh, err := claimWarning(tx, c.ID, due.ISO(), stage)
	if err != nil || !fresh {
		return err
	}
	n.Case, n.Serial, n.Due, n.Body = c.ID, c.Serial, due, say.F("%s %s", "%s %s", c.Type.Name, c.Label())
	for _, list := range who {
		people, err := list(tx, c)
		if err != nil {
			return err
		}
		for _, p := range people {
			if err := Tell(tx, p, n); err != nil {
				return err
			}
		}
	}
	return nil
}
