package review

import (
	"context"
	"os"
	"strings"
	"time"

	"cloudbm/cases"
	"cloudbm/deeds"
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
	jobs.Do(crew, func(ctx context.Context, w issueLicence) error { return room.sign(ctx, db, w) })
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
			var f *os.File
			if f, _, err = room.openSet(ctx, s); err == nil {
				err = f.Close()
			}
		}
		if _, told := fault.As(err); told && !fault.Is(err, fault.Unavailable) { // who asks for the set is told
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
	Deed   deeds.Deed
	Issued deeds.Issued // zero: not signed, or not yet
}

func (room *Room) set(tx *store.Tx, c *cases.Case) (s set, err error) {
	l, err := FindLicence(tx, c)
	if err != nil {
		return s, err
	}
	if s.Sheets, err = stamps.Plans(tx, permit.System, c); err != nil {
		return s, err
	}
	signed, err := deeds.ShowIssued(tx, deeds.Set, c.ID)
	if err != nil {
		return s, err
	}
	s.Issued = signed.Issued
	s.Deed = deeds.Deed{Authority: c.Authority, Kind: deeds.Set, About: c.ID, Title: "核准圖說 " + l.Number, Name: c.AuthorityName(), At: l.At}
	s.Name = "核准圖說 " + l.Number
	s.Stamp = pdf.Stamp{Title: "核准圖說", Name: c.AuthorityName(), URL: room.Base + l.VerifyURL(),
		Lines: []string{strings.TrimSpace(c.Type.Outcome.Name.Zh + " " + l.Number), taiwan.DateOf(l.At).Long() + " 核准", "案件 " + c.Serial}}
	return s, nil
}

// openSet opens the set as the authority has signed it, and tells since when it is what it is. It is signed now if it
// was not; where there is no key it is the drawn one, unsigned.
func (room *Room) openSet(ctx context.Context, s set) (f *os.File, at time.Time, err error) {
	if s.Issued.IsSigned() && room.Deeds != nil {
		f, err = room.Deeds.Blobs.Get(s.Issued.Digest)
		return f, s.Issued.Signed, err
	}
	path, err := room.drawSet(ctx, s)
	if err != nil {
		return nil, at, err
	}
	if !room.Deeds.Signs() {
		f, err = os.Open(path)
		return f, at, err
	}
	if s.Issued, _, err = room.Deeds.Issue(ctx, s.Deed, func() ([]byte, error) { return os.ReadFile(path) }); err != nil {
		return nil, at, err
	}
	f, err = room.Deeds.Blobs.Get(s.Issued.Digest)
	return f, s.Issued.Signed, err
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
