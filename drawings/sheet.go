package drawings

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/pades"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Sheet is one drawing of a case; it keeps its id through every version and every change of number.
type Sheet struct {
	ID, Case  string
	Number    string // A1-01
	Class     string
	Title     string
	Position  int64 // where it was put by hand; 0 is by number
	AddedAt   time.Time
	RemovedAt time.Time
	Versions  []Version // newest first, at least one
}

// Current is the newest version.
func (s Sheet) Current() Version { return s.Versions[0] }

// Name is number and title.
func (s Sheet) Name() string { return strings.TrimSpace(s.Number + " " + s.Title) }

// Version is what a sheet is made of: one page of a file. It never changes.
type Version struct {
	ID, Sheet, Case   string
	N                 int64
	Digest            blob.Digest
	Page              int // within the file, from 1
	FileName, Folder  string
	Size              int64
	MIME              string
	WidthMM, HeightMM int // of the page as seen; pixels for a photograph; 0 for CAD
	Report            Report
	By, ByName        string
	At                time.Time
}

// Drawn reports whether the version can be shown as a picture.
func (v Version) Drawn() bool { return v.MIME == PDF || v.photo() }

func (v Version) photo() bool { return v.MIME == JPEG || v.MIME == PNG }

// Report is what the inspection found.
type Report struct {
	Problems []Problem      `json:"problems,omitempty"`
	Paper    string         `json:"paper,omitempty"`   // A1, A3 … empty if no standard paper
	Signed   bool           `json:"signed,omitempty"`  // the file carries a signature of its own (information only)
	Verdict  *pades.Verdict `json:"verdict,omitempty"` // on that signature; nil in reports from before it was judged
	Survey   *Survey        `json:"survey,omitempty"`  // of a DXF
	Why      say.Text       `json:"why,omitzero"`      // what a person has to decide
}

// Serious is the first problem that keeps the file out, nil if there is none.
func (r Report) Serious() *Problem {
	for i := range r.Problems {
		if r.Problems[i].Serious {
			return &r.Problems[i]
		}
	}
	return nil
}

// Reminders are the problems that keep nothing out.
func (r Report) Reminders() []Problem {
	return slices.DeleteFunc(slices.Clone(r.Problems), func(p Problem) bool { return p.Serious })
}

// State is where a file stands that has arrived.
type State string

// The states of an arrival.
const (
	Waiting State = "waiting" // being looked at
	Unsure  State = "unsure"  // a person fills in number and title
	Refused State = "refused" // not taken; the report says why
	Same    State = "same"    // the same file was there already
	Placed  State = "placed"  // filed
)

// Arrival is a file that has arrived, and after it was looked at one page of it.
type Arrival struct {
	ID, Upload, Case     string
	Sheet                string // the sheet it shall replace, if one was named
	Code                 string // the attachment it is, if it is no drawing
	State                State
	Digest               blob.Digest
	FileName, Folder     string
	Size                 int64
	MIME                 string
	Page, Pages          int
	Number, Class, Title string // as guessed
	WidthMM, HeightMM    int
	Report               Report
	Became               string // id of the version or paper it was filed as
	By, ByName           string
	At                   time.Time
}

// Where tells which page of which file it is.
func (a Arrival) Where() say.Text {
	name := a.FileName
	if a.Folder != "" {
		name = a.Folder + "/" + name
	}
	if a.Pages > 1 {
		return say.F("%s，第 %d 頁（共 %d 頁）", "%s, page %d of %d", name, a.Page, a.Pages)
	}
	return say.Same(name)
}

// Said is the sentence for a refused, doubtful or repeated file.
func (a Arrival) Said() say.Text {
	if p := a.Report.Serious(); p != nil && a.State == Refused {
		return p.Text
	}
	return a.Report.Why
}

// Paper is one file under an attachment (應附文件).
type Paper struct {
	ID, Case   string
	Code       string
	Digest     blob.Digest
	FileName   string
	Size       int64
	MIME       string
	Pages      int
	Report     Report
	By, ByName string
	At         time.Time
	RemovedAt  time.Time
}

// order sorts sheets as they lie in the set: those put by hand first, in their order, the others by class and number.
func order(classes []permit.Drawing) func(a, b Sheet) int {
	rank := func(class string) int {
		i := slices.IndexFunc(classes, func(d permit.Drawing) bool { return d.Class == class })
		if i < 0 {
			return len(classes)
		}
		return i
	}
	return func(a, b Sheet) int {
		na, _ := ParseNumber(a.Number)
		nb, _ := ParseNumber(b.Number)
		switch {
		case a.Position != b.Position && a.Position > 0 && b.Position > 0:
			return cmp.Compare(a.Position, b.Position)
		case (a.Position > 0) != (b.Position > 0):
			return cmp.Compare(b.Position, a.Position)
		}
		return cmp.Or(cmp.Compare(rank(a.Class), rank(b.Class)), cmp.Compare(na.Class, nb.Class),
			cmp.Compare(na.Sheet, nb.Sheet), cmp.Compare(a.ID, b.ID))
	}
}

// Current lists the sheets of a case as they are now, each with its versions, in the order of the set.
func Current(tx *store.Tx, c *cases.Case) ([]Sheet, error) { return AsOf(tx, c, time.Time{}) }

// AsOf lists the sheets of a case as they were at t; the zero time is now.
func AsOf(tx *store.Tx, c *cases.Case, t time.Time) ([]Sheet, error) {
	all, err := sheetsOf(tx, c.ID)
	if err != nil {
		return nil, err
	}
	var out []Sheet
	for _, s := range all {
		if !t.IsZero() {
			s.Versions = slices.DeleteFunc(s.Versions, func(v Version) bool { return v.At.After(t) })
		}
		gone := !s.RemovedAt.IsZero() && (t.IsZero() || !s.RemovedAt.After(t))
		if !gone && len(s.Versions) > 0 {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, order(c.Type.Drawings))
	return out, nil
}

// Removed lists the sheets that were taken out, newest first; they can be brought back.
func Removed(tx *store.Tx, c *cases.Case) ([]Sheet, error) {
	all, err := sheetsOf(tx, c.ID)
	if err != nil {
		return nil, err
	}
	out := slices.DeleteFunc(all, func(s Sheet) bool { return s.RemovedAt.IsZero() })
	slices.SortFunc(out, func(a, b Sheet) int { return b.RemovedAt.Compare(a.RemovedAt) })
	return out, nil
}

// InSight lists the sheets as by may see them: the applicant's side sees them as they are, the authority as they were
// when they were last submitted.
func InSight(tx *store.Tx, by permit.Actor, c *cases.Case) ([]Sheet, error) {
	if c.Mine(by) || by.Person == permit.System.Person {
		return Current(tx, c)
	}
	return AsOf(tx, c, c.SubmittedAt)
}

// alike compares titles as people do: without spaces, width and case.
func alike(a, b string) bool {
	plain := func(s string) string {
		return strings.ToUpper(strings.Join(strings.Fields(taiwan.Fold(s)), ""))
	}
	return plain(a) == plain(b)
}
