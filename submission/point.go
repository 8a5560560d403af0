package submission

import (
	"fmt"
	"time"

	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// Point is one thing the authority wants corrected (建築法 §35: all of them in one notice).
type Point struct {
	ID         string
	Round      int
	Seq        int
	Place      string // form/site, drawings/A1-01, attachments/A05
	Mark       Mark   // where on the sheet
	Text, Law  string
	AskedBy    string
	AskedName  string
	AskedAt    time.Time
	Answer     Answer
	Reply      string
	AnsweredAt time.Time
	Verdict    string // settled or open, once the officer has looked at the answer
}

// Mark is a box on a sheet, in fractions of the page from its top left; the zero Mark is no place.
type Mark struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
	W float64 `json:"w"`
	H float64 `json:"h"`
}

// None reports whether the mark is no place.
func (m Mark) None() bool { return m == Mark{} }

// Answer is how the applicant answered a point.
type Answer string

// The three answers (UX A14).
const (
	Fixed     Answer = "fixed"     // 已修正
	Explained Answer = "explained" // 說明如下
	Disputed  Answer = "disputed"  // 有不同意見
)

// Name is the answer in words.
func (a Answer) Name() say.Text {
	switch a {
	case Fixed:
		return say.T("已修正", "Corrected")
	case Explained:
		return say.T("說明如下", "Explained")
	case Disputed:
		return say.T("有不同意見", "Disputed")
	}
	return say.T("尚未回復", "Not answered")
}

// Ask puts the points of a correction notice on the counter and opens the places they name.
func Ask(tx *store.Tx, by permit.Actor, c *cases.Case, points []Point) error {
	var places []string
	for i, p := range points {
		p.ID, p.Round, p.Seq, p.AskedBy, p.AskedName, p.AskedAt = store.NewID(), c.Round, i+1, by.Person, by.Name, tx.Now
		if err := addPoint(tx, c, p); err != nil {
			return err
		}
		if p.Place != "" {
			places = append(places, p.Place)
		}
	}
	return cases.Reopen(tx, c, places)
}

// Points lists the points about round n.
func Points(tx *store.Tx, c *cases.Case, n int) ([]Point, error) { return points(tx, c.ID, n) }

// Reply answers one point while the case is with the applicant.
func Reply(tx *store.Tx, by permit.Actor, c *cases.Case, id string, answer Answer, text string) error {
	switch {
	case !c.Edits(by) || c.State != permit.Correction:
		return fault.Of(fault.Conflict, "案件不在改正階段，不能回復", "The case is not out for correction; points cannot be answered now").
			To("看案件現況", "See the case as it is now", "/bls/cases/"+c.ID)
	case answer != Fixed && answer != Explained && answer != Disputed:
		return fault.Bad("answer-"+id, "選擇這一點如何處理", "Choose how this point was dealt with")
	case answer != Fixed && text == "":
		return fault.Bad("reply-"+id, "寫下說明，讓承辦人了解", "Write the explanation for the officer")
	}
	if err := answerPoint(tx, c.ID, id, answer, text, by.Person); err != nil {
		return fmt.Errorf("submission: answer a point of %s: %w", c.Serial, err)
	}
	return cases.Log(tx, by, c, cases.Entry{Act: "answer", Said: answer.Name().Zh + " " + text})
}

// Judge keeps the officer's verdict on an answered point: settled or open.
func Judge(tx *store.Tx, c *cases.Case, id, verdict string) error {
	return judgePoint(tx, c.ID, id, verdict)
}

// unanswered are the points of the notice in force that nobody has answered.
func unanswered(tx *store.Tx, c *cases.Case) ([]permit.Hold, error) {
	if c.State != permit.Correction {
		return nil, nil
	}
	all, err := points(tx, c.ID, c.Round)
	var out []permit.Hold
	for _, p := range all {
		if p.Answer == "" {
			out = append(out, permit.Hold{Need: permit.NeedAnswers, URL: "correction#answer-" + p.ID,
				Text: say.F("回復改正事項第 %d 點", "Answer point %d of the notice", p.Seq)})
		}
	}
	return out, err
}
