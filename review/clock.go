package review

import (
	"time"

	"cloudbm/cases"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Clock is the statutory time of a case as both sides see it.
type Clock struct {
	Deadline  *permit.Deadline // the one that runs, nil while none does
	From      taiwan.Date
	Due       taiwan.Date // last day after roll-over (行政程序法 §48)
	Used      int         // days since From
	Left      int         // days to Due; below 0 it is over
	Paused    say.Text    // why no clock runs against the authority
	Applicant *permit.Deadline
	ApplyBy   taiwan.Date // the applicant's day: correction within six months (建築法 §36)
}

// Over reports whether the authority's day has passed.
func (k Clock) Over() bool { return k.Deadline != nil && k.Left < 0 }

// Read works the clock out from the log and the answers, for the day that now falls on.
func Read(tx *store.Tx, c *cases.Case, a permit.Answers) (Clock, error) {
	var k Clock
	all, err := cases.Entries(tx, c)
	if err != nil {
		return k, err
	}
	cal, err := roles.Calendar(tx, c.Authority, tx.Now)
	if err != nil {
		return k, err
	}
	today := taiwan.DateOf(tx.Now)
	switch c.State {
	case permit.Received, permit.Reviewing, permit.Resubmitted, permit.Proposed:
		k.run(c, a, all, cal, today)
	case permit.Submitted:
		k.Paused = say.T("尚未收件，法定期限還沒開始", "Not yet received; the statutory clock has not begun")
	case permit.Correction:
		k.Paused = say.T("等候申請人改正，審查期限停止", "Waiting for the applicant's corrections; the review clock stands")
	}
	if first := firstNotice(all); !first.IsZero() && !c.State.Closed() {
		if d := deadline(c.Type, permit.OnCorrection); d != nil {
			k.Applicant = d
			_, k.ApplyBy = d.Period.LastDay(taiwan.DateOf(first), cal)
		}
	}
	return k, nil
}

// run counts the authority's own deadline: from receipt, or anew from the day the case came back.
func (k *Clock) run(c *cases.Case, a permit.Answers, all []cases.Entry, cal taiwan.Calendar, today taiwan.Date) {
	k.Deadline = deadline(c.Type, permit.OnReceipt)
	from := c.ReceivedAt
	if back := cases.Since(all, permit.Resubmitted); back.After(from) {
		from = back
		if d := deadline(c.Type, permit.OnResubmit); d != nil {
			k.Deadline = d
		}
	}
	if k.Deadline == nil || from.IsZero() {
		k.Deadline = nil
		return
	}
	k.From = taiwan.DateOf(from)
	_, k.Due = length(k.Deadline, a).LastDay(k.From, cal)
	k.Used, k.Left = k.From.DaysUntil(today), today.DaysUntil(k.Due)
}

func length(d *permit.Deadline, a permit.Answers) taiwan.Period {
	if d.Longer.N > 0 && d.Long.Holds(a) {
		return d.Longer
	}
	return d.Period
}

func deadline(t *permit.Type, base permit.Base) *permit.Deadline {
	for i := range t.Deadlines {
		if t.Deadlines[i].Base == base {
			return &t.Deadlines[i]
		}
	}
	return nil
}

// firstNotice is when the applicant was first told to correct: §36 counts from that one, however many follow.
func firstNotice(all []cases.Entry) time.Time {
	for _, e := range all {
		if e.To == permit.Correction && e.From != e.To {
			return e.At
		}
	}
	return time.Time{}
}

// setDue writes the authority's day on the cover of the case, for inboxes that sort by it.
func setDue(tx *store.Tx, c *cases.Case) error {
	a, err := cases.Answers(tx, c)
	if err != nil {
		return err
	}
	k, err := Read(tx, c, a)
	if err != nil {
		return err
	}
	on := ""
	if k.Deadline != nil {
		on = k.Due.ISO()
	}
	return cases.Due(tx, c, on)
}
