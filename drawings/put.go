package drawings

import (
	"errors"

	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// Put files an arrival as the sheet with that number: as version n+1 if there is such a sheet, else as a new sheet. The
// same page of the same file is not filed twice: same is true then, and nothing changes. An empty title keeps the one
// the sheet has, or takes the name of its class.
func Put(tx *store.Tx, by permit.Actor, c *cases.Case, a Arrival, n Number, title string) (v Version, same bool, err error) {
	if err := cases.MayChange(tx, by, c, "drawings/"+n.Text); err != nil {
		return v, false, err
	}
	if !known(c.Type.Drawings, n.Class) {
		return v, false, noSuchClass(c, n.Class)
	}
	if !Takes(n.Class, a.MIME) {
		return v, false, fault.BadText("number", notTaken(n.Class, a.MIME))
	}
	s, there, err := sheetNumbered(tx, c, n)
	if err != nil {
		return v, false, err
	}
	if !there {
		return begin(tx, by, c, a, n, title)
	}
	if (s.Current().MIME == PDF) != (a.MIME == PDF) {
		return v, false, fault.BadText("number", say.F("改用其他圖號：%s 是另一種檔案，PDF 與 CAD 各用一個圖號", "Use another number: %s is another kind of file; PDF and CAD have a number each", s.Name()))
	}
	if title != "" && title != s.Title {
		s.Title = title
		if err := updateSheet(tx, s); err != nil {
			return v, false, err
		}
	}
	return renew(tx, by, c, s, a)
}

// Replace files an arrival as the next version of a sheet; number and title stay.
func Replace(tx *store.Tx, by permit.Actor, c *cases.Case, sheet string, a Arrival) (v Version, same bool, err error) {
	s, err := findSheet(tx, c, sheet)
	if err != nil {
		return v, false, err
	}
	if err := cases.MayChange(tx, by, c, "drawings/"+s.Number); err != nil {
		return v, false, err
	}
	if !Takes(s.Class, a.MIME) {
		return v, false, fault.BadText("number", notTaken(s.Class, a.MIME))
	}
	return renew(tx, by, c, s, a)
}

func noSuchClass(c *cases.Case, class string) *fault.Fault {
	return fault.BadText("number", say.F("改用%s有的圖說類別：沒有類別 %s", "Use a class that this kind of case has (%s): there is no class %s", c.Type.Name, class))
}

// sheetNumbered finds the sheet with that number among those that are there; A1-1 and A1-01 are the same number.
func sheetNumbered(tx *store.Tx, c *cases.Case, n Number) (Sheet, bool, error) {
	all, err := Current(tx, c)
	if err != nil {
		return Sheet{}, false, err
	}
	for _, s := range all {
		if sameNumber(s, n) {
			return s, true, nil
		}
	}
	return Sheet{}, false, nil
}

// begin makes a new sheet.
func begin(tx *store.Tx, by permit.Actor, c *cases.Case, a Arrival, n Number, title string) (Version, bool, error) {
	if title == "" {
		title = nameOf(c.Type.Drawings, n.Class).Zh
	}
	last, err := lastPosition(tx, c)
	if err != nil {
		return Version{}, false, err
	}
	s := Sheet{ID: store.NewID(), Case: c.ID, Number: n.Text, Class: n.Class, Title: title, Position: last, AddedAt: tx.Now}
	if err := insertSheet(tx, s); err != nil {
		return Version{}, false, taken(err, n.Text)
	}
	v, err := add(tx, by, c, s, a, 1)
	return v, false, err
}

// lastPosition is the place at the end of a set that was put in order by hand, 0 otherwise.
func lastPosition(tx *store.Tx, c *cases.Case) (int64, error) {
	all, err := Current(tx, c)
	most := int64(0)
	for _, s := range all {
		most = max(most, s.Position)
	}
	if most > 0 {
		most++
	}
	return most, err
}

// renew makes the next version of a sheet, unless it is the same page of the same file.
func renew(tx *store.Tx, by permit.Actor, c *cases.Case, s Sheet, a Arrival) (Version, bool, error) {
	now := s.Current()
	if now.Digest == a.Digest && now.Page == a.Page {
		return now, true, nil
	}
	v, err := add(tx, by, c, s, a, now.N+1)
	return v, false, err
}

func add(tx *store.Tx, by permit.Actor, c *cases.Case, s Sheet, a Arrival, n int64) (Version, error) {
	v := Version{ID: store.NewID(), Sheet: s.ID, Case: c.ID, N: n, Digest: a.Digest, Page: a.Page, FileName: a.FileName,
		Folder: a.Folder, Size: a.Size, MIME: a.MIME, WidthMM: a.WidthMM, HeightMM: a.HeightMM, Report: a.Report,
		By: by.Person, ByName: by.Name, At: tx.Now}
	v.Report.Why = say.Text{}
	if err := insertVersion(tx, v); err != nil {
		return v, err
	}
	if err := jobs.LaterAt(tx, Warm{Case: c.ID, Version: v.ID}, tx.Now.Add(afterInspection)); err != nil {
		return v, err
	}
	return v, cases.Log(tx, by, c, cases.Entry{Act: "put-sheet", Place: "drawings/" + s.Number,
		Said: say.F("%s 第 %d 版（%s，SHA-256 %s）", "%s version %d (%s, SHA-256 %s)", s.Name(), n, a.FileName, a.Digest).Zh})
}

// taken puts the refusal of the unique number into words.
func taken(err error, number string) error {
	if errors.Is(err, store.ErrUnique) {
		return fault.BadText("number", say.F("改用其他圖號：%s 已經有一張圖", "Use another number: %s is taken", number))
	}
	return err
}
