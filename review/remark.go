package review

import (
	"time"

	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/store"
	"cloudbm/submission"
)

// Remark is what an officer notes while reviewing a round: a draft point of the notice, or a private note.
type Remark struct {
	ID        string
	Round     int
	Place     string
	Mark      submission.Mark
	Text, Law string
	Private   bool
	By, Name  string
	At        time.Time
	SentAt    time.Time
}

// Verdict is how a check of the list was judged.
type Verdict string

// The verdicts.
const (
	OK    Verdict = "ok"  // 符合
	NotOK Verdict = "not" // 不符合
	NA    Verdict = "na"  // 免檢討
)

// Judgement is one judged check.
type Judgement struct {
	Verdict Verdict
	Note    string
	By      string
	At      time.Time
}

// mayReview refuses whoever does not sit at the desk of this case, or comes when it is not under review.
func mayReview(by permit.Actor, c *cases.Case) error {
	way := "/desk/cases/" + c.ID
	switch {
	case !c.Officer(by, permit.Reviewer, permit.Chief):
		return fault.Of(fault.Forbidden, "審查意見由承辦人或主管填寫", "Remarks are for the reviewing officer or the chief").To("看案件", "See the case", way)
	case c.State != permit.Reviewing && c.State != permit.Resubmitted && c.State != permit.Proposed:
		return fault.Of(fault.Conflict, "案件不在審查中，不能增修審查意見", "The case is not under review; remarks cannot be changed now").To("看案件", "See the case", way)
	}
	return nil
}

// AddRemark keeps a remark on the present round.
func AddRemark(tx *store.Tx, by permit.Actor, c *cases.Case, m Remark) (Remark, error) {
	if err := mayReview(by, c); err != nil {
		return m, err
	}
	if m.Text == "" {
		return m, fault.Bad("text", "寫下意見：哪裡不符、依據什麼、怎麼改", "Write the remark: what does not comply, under which article, how to mend it")
	}
	m.ID, m.Round, m.By, m.Name, m.At = store.NewID(), c.Round, by.Person, by.Name, tx.Now
	if err := putRemark(tx, c, m); err != nil {
		return m, err
	}
	if m.Private {
		return m, nil
	}
	return m, cases.Log(tx, by, c, cases.Entry{Act: "remark", Place: m.Place, Said: ""})
}

// DropRemark takes back a remark that was not sent yet.
func DropRemark(tx *store.Tx, by permit.Actor, c *cases.Case, id string) error {
	if err := mayReview(by, c); err != nil {
		return err
	}
	return dropRemark(tx, c.ID, id)
}

// Judge keeps the checklist as judged so far.
func Judge(tx *store.Tx, by permit.Actor, c *cases.Case, verdicts map[string]Judgement) error {
	if err := mayReview(by, c); err != nil {
		return err
	}
	old, err := judgements(tx, c.ID, c.Round)
	if err != nil {
		return err
	}
	for _, k := range c.Type.Checks {
		j, ok := verdicts[k.Key]
		if !ok || j.Verdict == "" || old[k.Key].Verdict == j.Verdict && old[k.Key].Note == j.Note {
			continue
		}
		if j.Verdict != OK && j.Verdict != NotOK && j.Verdict != NA {
			return fault.Bad("check-"+k.Key, "選擇符合、不符合或免檢討", "Choose complies, does not comply or not applicable")
		}
		j.By, j.At = by.Name, tx.Now
		if err := putJudgement(tx, c.ID, c.Round, k.Key, j); err != nil {
			return err
		}
	}
	return cases.Log(tx, by, c, cases.Entry{Act: "judge"})
}

// checklistHolds are the checks that nobody has judged, or that do not comply.
func checklistHolds(tx *store.Tx, c *cases.Case) ([]permit.Hold, error) {
	done, err := judgements(tx, c.ID, c.Round)
	var out []permit.Hold
	for _, k := range c.Type.Checks {
		switch done[k.Key].Verdict {
		case "":
			out = append(out, permit.Hold{Need: permit.NeedChecklist, URL: "#check-" + k.Key, Text: judgeText(k)})
		case NotOK:
			out = append(out, permit.Hold{Need: permit.NeedChecklist, URL: "#check-" + k.Key, Text: failText(k)})
		}
	}
	return out, err
}
