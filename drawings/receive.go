package drawings

import (
	"slices"
	"strings"

	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// File is a file whose bytes are kept, on its way into a case.
type File struct {
	Upload string // of the upload, or made by the caller: receiving one twice does nothing
	Name   string // as the sender calls it
	Path   string // with its folders, if they are known
	Digest blob.Digest
	Size   int64
	Sheet  string // id of the sheet it shall replace
	Code   string // of the attachment it is
}

// Receive writes down that a file has arrived and has it looked at. It may run again for the same upload.
func Receive(tx *store.Tx, by permit.Actor, c *cases.Case, f File) error {
	if seen, err := arrived(tx, f.Upload); err != nil || seen {
		return err
	}
	if err := MayBring(tx, by, c, f.Sheet, f.Code); err != nil {
		return err
	}
	if err := roomFor(tx, c, f.Size); err != nil {
		return err
	}
	a := Arrival{ID: store.NewID(), Upload: f.Upload, Case: c.ID, Sheet: f.Sheet, Code: f.Code, State: Waiting,
		Digest: f.Digest, FileName: CleanName(f.Name), Folder: CleanFolder(f.Path), Size: f.Size,
		By: by.Person, ByName: by.Name, At: tx.Now}
	if err := insertArrival(tx, a); err != nil {
		return err
	}
	return jobs.Later(tx, Inspect{Arrival: a.ID})
}

// MaxCase is the most bytes that the files of one case may have together, old versions too.
const MaxCase = 20 << 30

func roomFor(tx *store.Tx, c *cases.Case, size int64) error {
	have, err := bytesOf(tx, c.ID)
	if err == nil && have+size > MaxCase {
		return fault.Say(fault.TooLarge, say.F("聯絡主管機關：這個案件的檔案合計已達 %s", "Contact the authority: the files of this case have reached %s together", blob.Size(MaxCase)))
	}
	return err
}

// MayBring refuses, in words, a file that by may not bring: a new version of sheet, a paper under code, or, with both
// empty, any drawing. Which sheet a drawing is shows only later, so it is enough that one may be changed.
func MayBring(tx *store.Tx, by permit.Actor, c *cases.Case, sheet, code string) error {
	switch {
	case code != "":
		if c.Type.Attachment(code) == nil {
			return fault.Say(fault.NotFound, say.F("%s沒有這一項應附文件", "%s asks for no such paper", c.Type.Name)).
				To("看應附文件", "See the papers", base(c)+"/attachments")
		}
		return cases.MayChange(tx, by, c, "attachments/"+code)
	case sheet != "":
		s, err := findSheet(tx, c, sheet)
		if err != nil {
			return err
		}
		return cases.MayChange(tx, by, c, "drawings/"+s.Number)
	}
	err := cases.MayChange(tx, by, c, "drawings/new")
	if err == nil || c.State != permit.Correction || !c.Edits(by) {
		return err
	}
	open, lerr := cases.Places(tx, c)
	if lerr != nil {
		return lerr
	}
	if slices.ContainsFunc(open, func(p string) bool { return p == "drawings" || strings.HasPrefix(p, "drawings/") }) {
		return nil
	}
	return err
}

func base(c *cases.Case) string { return "/bls/cases/" + c.ID }

// findSheet is a sheet of the case that is there.
func findSheet(tx *store.Tx, c *cases.Case, id string) (Sheet, error) {
	s, err := anySheet(tx, c, id)
	if err == nil && !s.RemovedAt.IsZero() {
		return s, fault.Say(fault.Conflict, say.F("%s 已經移除；可以在圖說頁復原", "%s was removed; it can be restored on the page of drawings", s.Name())).
			To("看圖說", "See the drawings", base(c)+"/drawings")
	}
	return s, err
}

// anySheet is a sheet of the case, removed or not.
func anySheet(tx *store.Tx, c *cases.Case, id string) (Sheet, error) {
	all, err := sheetsOf(tx, c.ID)
	if err != nil {
		return Sheet{}, err
	}
	for _, s := range all {
		if s.ID == id && len(s.Versions) > 0 {
			return s, nil
		}
	}
	return Sheet{}, fault.Of(fault.NotFound, "這個案件沒有這張圖", "This case has no such sheet").
		To("看圖說", "See the drawings", base(c)+"/drawings")
}

// Arrivals lists what has arrived and is not filed yet: being looked at, doubtful, refused or there already.
func Arrivals(tx *store.Tx, c *cases.Case) ([]Arrival, error) {
	all, err := arrivalsOf(tx, c.ID)
	return slices.DeleteFunc(all, func(a Arrival) bool { return a.State == Placed }), err
}

// Discard takes an arrival that was not filed from the list.
func Discard(tx *store.Tx, by permit.Actor, c *cases.Case, id string) error {
	a, err := arrivalByID(tx, id)
	if err == store.ErrNotFound || err == nil && (a.Case != c.ID || a.State == Placed) {
		return fault.Of(fault.Conflict, "這個檔案已經不在清單上", "This file is no longer on the list").To("看圖說", "See the drawings", base(c)+"/drawings")
	}
	if err != nil {
		return err
	}
	if !c.Edits(by) {
		return cases.MayChange(tx, by, c, "drawings/new")
	}
	return deleteArrival(tx, a.ID)
}

// Kept lists the digests of all files that this room still names, for backup and check.
func Kept(tx *store.Tx) ([]blob.Digest, error) {
	all, err := keptDigests(tx)
	out := make([]blob.Digest, len(all))
	for i, d := range all {
		out[i] = blob.Digest(d)
	}
	return out, err
}
