package drawings

import (
	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/say"
	"cloudbm/store"
)

// FrozenSheet is a sheet as it stands in a submitted round: everything needed to show it and to prove it.
type FrozenSheet struct {
	Sheet    string      `json:"sheet"`
	Version  string      `json:"version"` // id, by which it is shown
	Number   string      `json:"number"`
	Class    string      `json:"class"`
	Title    string      `json:"title"`
	N        int64       `json:"n"`
	Digest   blob.Digest `json:"digest"`
	Page     int         `json:"page"`
	FileName string      `json:"fileName"`
	Size     int64       `json:"size"`
	MIME     string      `json:"mime"`
	WidthMM  int         `json:"widthMM"`
	HeightMM int         `json:"heightMM"`
}

// Name is number and title.
func (f FrozenSheet) Name() string { return Sheet{Number: f.Number, Title: f.Title}.Name() }

// FrozenPaper is an attached paper as it stands in a submitted round.
type FrozenPaper struct {
	Paper    string      `json:"paper"`
	Code     string      `json:"code"`
	Digest   blob.Digest `json:"digest"`
	FileName string      `json:"fileName"`
	Size     int64       `json:"size"`
	MIME     string      `json:"mime"`
}

// Snapshot lists the sheets of a case for a round, in the order of the set.
func Snapshot(tx *store.Tx, c *cases.Case) ([]FrozenSheet, error) {
	all, err := Current(tx, c)
	out := make([]FrozenSheet, 0, len(all))
	for _, s := range all {
		v := s.Current()
		out = append(out, FrozenSheet{s.ID, v.ID, s.Number, s.Class, s.Title, v.N, v.Digest, v.Page, v.FileName, v.Size, v.MIME, v.WidthMM, v.HeightMM})
	}
	return out, err
}

// SnapshotPapers lists the attached papers of a case for a round.
func SnapshotPapers(tx *store.Tx, c *cases.Case) ([]FrozenPaper, error) {
	all, err := Papers(tx, c)
	out := make([]FrozenPaper, 0, len(all))
	for _, p := range all {
		out = append(out, FrozenPaper{p.ID, p.Code, p.Digest, p.FileName, p.Size, p.MIME})
	}
	return out, err
}

// Kind is what happened to a sheet from one round to the next.
type Kind string

// What can happen to a sheet.
const (
	New       Kind = "new"
	Changed   Kind = "changed"
	Renamed   Kind = "renamed" // other number or title, the same page
	Gone      Kind = "removed"
	Unchanged Kind = "unchanged"
)

// Text is the word for it.
func (k Kind) Text() say.Text {
	switch k {
	case New:
		return say.T("新增", "New")
	case Changed:
		return say.T("已更換", "Changed")
	case Renamed:
		return say.T("改圖號或圖名", "Renumbered or retitled")
	case Gone:
		return say.T("已移除", "Removed")
	}
	return say.T("未變動", "Unchanged")
}

// Change is one sheet in two rounds; Old is nil for a new one, New for one that is gone.
type Change struct {
	Kind     Kind
	Old, New *FrozenSheet
}

// CompareRounds tells what happened to every sheet from one round to the next: first those of the new round, in its
// order, then those that are gone. A sheet that was taken out and put in again under its number is the same sheet.
func CompareRounds(old, now []FrozenSheet) []Change {
	byID, byNumber := map[string]int{}, map[string]int{}
	for i, s := range old {
		byID[s.Sheet], byNumber[s.Number] = i, i
	}
	ids := map[string]bool{}
	for _, s := range now {
		ids[s.Sheet] = true
	}
	met := make([]bool, len(old))
	var out []Change
	for i := range now {
		s := &now[i]
		at, ok := byID[s.Sheet]
		if !ok {
			if at, ok = byNumber[s.Number]; ok && ids[old[at].Sheet] {
				ok = false // the number went from one sheet to another
			}
		}
		if !ok || met[at] {
			out = append(out, Change{New, nil, s})
			continue
		}
		met[at] = true
		out = append(out, Change{kindOf(old[at], *s), &old[at], s})
	}
	for i := range old {
		if !met[i] {
			out = append(out, Change{Gone, &old[i], nil})
		}
	}
	return out
}

func kindOf(was, is FrozenSheet) Kind {
	switch {
	case was.Digest != is.Digest || was.Page != is.Page:
		return Changed
	case was.Number != is.Number || was.Title != is.Title:
		return Renamed
	}
	return Unchanged
}
