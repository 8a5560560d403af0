package drawings

import (
	"slices"
	"time"
	"unicode/utf8"

	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Remove takes a sheet out of the set. Its versions stay, and it can be brought back.
func Remove(tx *store.Tx, by permit.Actor, c *cases.Case, id string) (Sheet, error) {
	s, err := findSheet(tx, c, id)
	if err != nil {
		return s, err
	}
	if err := cases.MayChange(tx, by, c, "drawings/"+s.Number); err != nil {
		return s, err
	}
	s.RemovedAt = tx.Now
	if err := updateSheet(tx, s); err != nil {
		return s, err
	}
	return s, cases.Log(tx, by, c, cases.Entry{Act: "remove-sheet", Place: "drawings/" + s.Number, Said: s.Name()})
}

// Restore brings a removed sheet back; a sheet that is there stays as it is.
func Restore(tx *store.Tx, by permit.Actor, c *cases.Case, id string) (Sheet, error) {
	s, err := anySheet(tx, c, id)
	if err != nil || s.RemovedAt.IsZero() {
		return s, err
	}
	if err := cases.MayChange(tx, by, c, "drawings/"+s.Number); err != nil {
		return s, err
	}
	n, _ := ParseNumber(s.Number)
	if other, there, err := sheetNumbered(tx, c, n); err != nil {
		return s, err
	} else if there {
		return s, fault.Say(fault.Conflict, say.F("先替 %s 改圖號，再復原：這個圖號現在是另一張圖", "Give %s another number first: the number belongs to another sheet now", other.Name())).
			To("看這張圖", "See that sheet", base(c)+"/drawings/"+other.ID)
	}
	s.RemovedAt = time.Time{}
	if err := updateSheet(tx, s); err != nil {
		return s, taken(err, s.Number)
	}
	return s, cases.Log(tx, by, c, cases.Entry{Act: "restore-sheet", Place: "drawings/" + s.Number, Said: s.Name()})
}

// Rename gives a sheet another number or title; its versions stay with it.
func Rename(tx *store.Tx, by permit.Actor, c *cases.Case, id, number, title string) (Sheet, error) {
	s, err := findSheet(tx, c, id)
	if err != nil {
		return s, err
	}
	n, title, err := readMapping(number, title)
	if err != nil {
		return s, err
	}
	for _, place := range []string{s.Number, n.Text} {
		if err := cases.MayChange(tx, by, c, "drawings/"+place); err != nil {
			return s, err
		}
	}
	if !known(c.Type.Drawings, n.Class) {
		return s, noSuchClass(c, n.Class)
	}
	if !Takes(n.Class, s.Current().MIME) {
		return s, fault.BadText("number", notTaken(n.Class, s.Current().MIME))
	}
	if other, there, err := sheetNumbered(tx, c, n); err != nil {
		return s, err
	} else if there && other.ID != s.ID {
		return s, taken(store.ErrUnique, other.Name())
	}
	was := s.Name()
	s.Number, s.Class, s.Title = n.Text, n.Class, title
	if s.Name() == was {
		return s, nil
	}
	if err := updateSheet(tx, s); err != nil {
		return s, taken(err, n.Text)
	}
	return s, cases.Log(tx, by, c, cases.Entry{Act: "rename-sheet", Place: "drawings/" + s.Number,
		Said: say.F("%s 改為 %s", "%s became %s", was, s.Name()).Zh})
}

// readMapping reads a number and a title that a person typed.
func readMapping(number, title string) (Number, string, error) {
	var g fault.Form
	n, ok := ParseNumber(number)
	if !ok {
		g.Bad("number", "填寫圖號，例如 A1-01", "Enter the drawing number, for example A1-01")
	}
	title = taiwan.Fold(title)
	if title == "" {
		g.Bad("title", "填寫圖名，例如 一層平面圖", "Enter the title, for example Ground floor plan")
	}
	if utf8.RuneCountInString(title) > 100 {
		g.Bad("title", "圖名最多 100 個字", "A title takes at most 100 characters")
	}
	return n, title, g.Err()
}

// Reorder puts the sheets of a case in the order of ids; sheets that are not named follow in the order they had.
func Reorder(tx *store.Tx, by permit.Actor, c *cases.Case, ids []string) error {
	if err := MayBring(tx, by, c, "", ""); err != nil {
		return err
	}
	all, err := Current(tx, c)
	if err != nil {
		return err
	}
	at := func(s Sheet) int {
		if i := slices.Index(ids, s.ID); i >= 0 {
			return i
		}
		return len(ids)
	}
	slices.SortStableFunc(all, func(a, b Sheet) int { return at(a) - at(b) })
	for i, s := range all {
		if s.Position == int64(i+1) {
			continue
		}
		s.Position = int64(i + 1)
		if err := updateSheet(tx, s); err != nil {
			return err
		}
	}
	return cases.Log(tx, by, c, cases.Entry{Act: "reorder-sheets", Place: "drawings"})
}

// ByNumber puts the sheets of a case back into the order of their numbers.
func ByNumber(tx *store.Tx, by permit.Actor, c *cases.Case) error {
	if err := MayBring(tx, by, c, "", ""); err != nil {
		return err
	}
	all, err := Current(tx, c)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.Position == 0 {
			continue
		}
		s.Position = 0
		if err := updateSheet(tx, s); err != nil {
			return err
		}
	}
	return cases.Log(tx, by, c, cases.Entry{Act: "reorder-sheets", Place: "drawings"})
}
