package review

import (
	"fmt"
	"strings"

	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/submission"
	"cloudbm/taiwan"
)

func judgeText(k permit.Check) say.Text {
	return say.F("審查項目尚未判定：%s", "Not judged yet: %s", k.Text)
}

func failText(k permit.Check) say.Text {
	return say.F("審查項目不符合：%s；要核准須先改正", "Does not comply: %s; it has to be mended before approval", k.Text)
}

// AskCorrection sends every remark that is not private as the points of one notice (建築法 §35), opens the places they
// name and stops the review clock.
func AskCorrection(tx *store.Tx, by permit.Actor, c *cases.Case, said string) error {
	drafts, err := Drafts(tx, c)
	if err != nil {
		return err
	}
	looked := permit.Looked{permit.NeedPoints: nil}
	if len(drafts) == 0 {
		looked[permit.NeedPoints] = []permit.Hold{{Need: permit.NeedPoints, URL: "#remarks",
			Text: say.T("至少寫一點審查意見，通知才有內容", "Write at least one remark, so that the notice says something")}}
	}
	if err := cases.Go(tx, by, c, permit.AskCorrection, looked, said); err != nil {
		return err
	}
	var points []submission.Point
	for _, m := range drafts {
		points = append(points, submission.Point{Place: m.Place, Mark: m.Mark, Text: m.Text, Law: m.Law})
	}
	if err := submission.Ask(tx, by, c, points); err != nil {
		return err
	}
	if err := sendRemarks(tx, c.ID, c.Round); err != nil {
		return err
	}
	return setDue(tx, c)
}

// Drafts are the remarks that the next notice would send.
func Drafts(tx *store.Tx, c *cases.Case) ([]Remark, error) {
	all, err := remarks(tx, c.ID, c.Round)
	var out []Remark
	for _, m := range all {
		if !m.Private && m.SentAt.IsZero() {
			out = append(out, m)
		}
	}
	return out, err
}

// Propose lays the case before the chief (擬准陳核), once every check is judged and no remark is left unsent.
func Propose(tx *store.Tx, by permit.Actor, c *cases.Case, said string) error {
	looked, err := lookForGrant(tx, c)
	if err != nil {
		return err
	}
	return cases.Go(tx, by, c, permit.Propose, looked, said)
}

func lookForGrant(tx *store.Tx, c *cases.Case) (permit.Looked, error) {
	holds, err := checklistHolds(tx, c)
	if err != nil {
		return nil, err
	}
	drafts, err := Drafts(tx, c)
	if err != nil {
		return nil, err
	}
	if len(drafts) > 0 {
		holds = append(holds, permit.Hold{Need: permit.NeedChecklist, URL: "#remarks", Text: say.F("還有 %d 點審查意見沒有送出；送改正通知，或刪除它們",
			"%d remarks are not sent; send the notice or remove them", len(drafts))})
	}
	return permit.Looked{permit.NeedChecklist: holds}, nil
}

// SendBack returns a proposed case to its officer, with the reason.
func SendBack(tx *store.Tx, by permit.Actor, c *cases.Case, why string) error {
	if err := cases.Go(tx, by, c, permit.SendBack, nil, why); err != nil {
		return err
	}
	return setDue(tx, c)
}

// Approve grants the case: by the chief, or by the officer himself where the authority wants one step. It gives the
// licence number and enters the licence in the register and in the list of licences. Granted again it answers the licence that stands.
func Approve(tx *store.Tx, by permit.Actor, c *cases.Case, said string) (Licence, error) {
	if c.State == permit.Issued {
		return FindLicence(tx, c)
	}
	var looked permit.Looked
	if c.State != permit.Proposed {
		two, _, err := roles.Setting(tx, c.Authority, "two_step_approval", tx.Now)
		if err != nil {
			return Licence{}, err
		}
		if two != "N" {
			return Licence{}, fault.Of(fault.Conflict, "本機關採兩階段決行：承辦人先擬准陳核，再由主管核准", "This authority decides in two steps: the officer proposes, then the chief approves").
				To("回到案件", "Back to the case", "/desk/cases/"+c.ID)
		}
		if looked, err = lookForGrant(tx, c); err != nil {
			return Licence{}, err
		}
	}
	if err := cases.Go(tx, by, c, permit.Approve, looked, said); err != nil {
		return Licence{}, err
	}
	l, err := grant(tx, by, c, said)
	if err != nil {
		return l, err
	}
	if err := cases.Decided(tx, c, l.Number); err != nil {
		return l, err
	}
	if err := jobs.Later(tx, issueLicence{c.ID}); err != nil {
		return l, err
	}
	return l, jobs.Later(tx, DrawSet{Case: c.ID})
}

func grant(tx *store.Tx, by permit.Actor, c *cases.Case, said string) (Licence, error) {
	year := taiwan.DateOf(tx.Now).ROCYear()
	word, _, err := roles.Setting(tx, c.Authority, "licence_word", tx.Now)
	if err != nil {
		return Licence{}, err
	}
	n, err := nextNumber(tx, c.Authority, year, c.Type.Outcome.Word)
	if err != nil {
		return Licence{}, err
	}
	l := Licence{ID: store.NewID(), Authority: c.Authority, Case: c.ID, Kind: c.Type.Kind, Round: c.Round, At: tx.Now, By: by.Name, Said: said,
		Number: fmt.Sprintf("(%d)%s%s字第%05d號", year, word, c.Type.Outcome.Word, n)}
	if err := putLicence(tx, l); err != nil {
		return l, err
	}
	return l, list(tx, l)
}

// Reject refuses the case for good, with reasons and the notice of remedies (行政程序法 §96).
func Reject(tx *store.Tx, by permit.Actor, c *cases.Case, why string) error {
	if why = strings.TrimSpace(why); why != "" {
		remedy, _, err := roles.Setting(tx, c.Authority, "remedy_words", tx.Now)
		if err != nil {
			return err
		}
		why = strings.TrimSpace(why + "\n" + remedy)
	}
	if err := cases.Go(tx, by, c, permit.Reject, nil, why); err != nil {
		return err
	}
	return cases.Decided(tx, c, "")
}
