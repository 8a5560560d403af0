package review

import (
	"context"
	"strings"

	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/stamps"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// MaxSet is the most bytes that the drawings of an approved set may have together, unless the program is told otherwise.
const MaxSet = 400 << 20

// DrawSet is the work of drawing the approved set of a case (核准圖說) before somebody asks for it.
type DrawSet struct {
	Case string `json:"case"`
}

// Kind names the work.
func (DrawSet) Kind() string { return "review-set" }

// Teach teaches the crew what this room has done later.
func (room *Room) Teach(crew *jobs.Crew, db *store.DB) {
	jobs.Do(crew, func(ctx context.Context, w DrawSet) error {
		var s set
		err := db.Read(ctx, func(tx *store.Tx) error {
			c, err := cases.Find(tx, permit.System, w.Case)
			if err == nil {
				s, err = room.set(tx, c)
			}
			return err
		})
		if err == nil {
			_, err = room.drawSet(ctx, s)
		}
		if _, told := fault.As(err); told { // who asks for the set is told
			return nil
		}
		return err
	})
}

// set is what an approved set is drawn from: all sheets as they were approved, with their seals, and the approval.
type set struct {
	Name   string
	Sheets []stamps.Plan
	Stamp  pdf.Stamp
}

func (room *Room) set(tx *store.Tx, c *cases.Case) (s set, err error) {
	l, err := FindLicence(tx, c)
	if err != nil {
		return s, err
	}
	if s.Sheets, err = stamps.Plans(tx, c); err != nil {
		return s, err
	}
	s.Name = "核准圖說 " + l.Number
	s.Stamp = pdf.Stamp{Title: "核准圖說", Name: c.AuthorityName(), URL: room.Base + l.VerifyURL(),
		Lines: []string{strings.TrimSpace(c.Type.Outcome.Name.Zh + " " + l.Number), taiwan.DateOf(l.At).Long() + " 核准", "案件 " + c.Serial}}
	return s, nil
}

// drawSet is the path of the set, drawn now if it is not kept.
func (room *Room) drawSet(ctx context.Context, s set) (string, error) {
	most := room.MaxSet
	if most == 0 {
		most = MaxSet
	}
	switch n := stamps.Bytes(s.Sheets); {
	case room.Stamps == nil || len(s.Sheets) == 0:
		return "", fault.Of(fault.NotFound, "下載各張圖的原檔：這個案件沒有可以畫成頁面的圖", "Download the files of the sheets: this case has none that can be drawn as pages")
	case n > most:
		return "", fault.Say(fault.NotFound, say.F("改下載送件封存檔：核准圖說的檔案合計 %d MB，超過一份 PDF 的上限 %d MB；各張壓章圖也可以分別下載",
			"Download the bundle of the submission instead: the approved drawings have %d MB together, more than the %d MB of one PDF; each stamped sheet can be had by itself", n>>20, most>>20))
	}
	return room.Stamps.Set(ctx, s.Name, s.Sheets, s.Stamp)
}
