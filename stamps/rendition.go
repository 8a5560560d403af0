package stamps

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/singleflight"

	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/drawings"
	"cloudbm/fault"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/seals"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Room is what the room needs besides the database. What lies in Cache may be removed at any time.
type Room struct {
	Blobs  *blob.Store
	Engine *pdf.Engine
	Fonts  *pdf.Fonts
	Base   string // https://host, for the codes
	Cache  string
}

// VerifyURL is the public page that the code of a stamp leads to; item is the id of the seal on this sheet.
func VerifyURL(item string) string { return "/register/sheets/" + item }

// Short is the number of a stamp as it stands on it: enough to find it in a list, and to tell two from each other.
func Short(item string) string { return strings.ToUpper(item[max(0, len(item)-8):]) }

// Stamp is what is drawn for the seal of a slot.
func (r *Room) Stamp(s Slot) pdf.Stamp {
	st := pdf.Stamp{Title: seals.PartyName(s.Signer.Party).Zh + "壓章", Name: s.Signer.Name, At: s.At}
	if s.Seal == nil {
		return st
	}
	st.Name, st.URL = s.Seal.Name, r.Base+VerifyURL(s.Item.ID)
	st.Lines = lines(s.Seal.Party, s.Seal.Licence, s.Seal.Permit)
	st.Lines = append(st.Lines, taiwan.DateOf(s.Seal.At).Long()+" 壓章", "壓章編號 "+Short(s.Item.ID))
	return st
}

func lines(p permit.Party, licence, permitNo string) []string {
	name := "證照字號"
	switch p {
	case permit.Designer, permit.Supervisor:
		name = "開業證書"
	case permit.Certifier:
		name = "執業執照"
	case permit.Builder, permit.Fitter:
		name = "登記證"
	}
	var out []string
	if licence != "" {
		out = append(out, name+" "+licence)
	}
	if permitNo != "" {
		out = append(out, "許可文號 "+permitNo)
	}
	return out
}

// Sheet is the sheet of a plan with the stamps of the seals that hold, as pdf draws it.
func (r *Room) Sheet(p Plan) (pdf.StampedSheet, error) {
	path, ok := r.Blobs.Path(p.Version.Digest)
	if !ok || !p.Version.Drawn() {
		return pdf.StampedSheet{}, notDrawn
	}
	s := pdf.StampedSheet{Path: path, Page: p.Version.Page, Photo: p.Version.MIME != drawings.PDF, Name: p.Sheet.Name()}
	for _, slot := range p.Sealed() {
		s.Stamps = append(s.Stamps, r.Stamp(slot))
	}
	return s, nil
}

var (
	notDrawn = fault.Of(fault.NotFound, "下載原檔用製圖軟體開啟：CAD 檔沒有頁面可以蓋圖章，壓章以檔案內容為準", "Download the original and open it in a drawing program: a CAD file has no page for stamps; its seals are over the file itself")
	unsealed = fault.Of(fault.NotFound, "先完成壓章：這張圖的這一版沒有有效的壓章，所以沒有壓章圖", "Seal it first: no seal holds on this version of the sheet, so there is no copy with stamps")
)

// drawer keeps two requests from drawing the same rendition at once.
var drawer singleflight.Group

// version of what is drawn: another one, and no kept rendition is used any more.
const drawn = "1"

// Rendition is the path of the rendition of a plan, drawn now if it is not kept.
func (r *Room) Rendition(ctx context.Context, p Plan) (string, error) {
	sheet, err := r.Sheet(p)
	if err != nil {
		return "", err
	}
	if len(sheet.Stamps) == 0 {
		return "", unsealed
	}
	path, err := r.at("sheet", sheet.Name, []pdf.StampedSheet{sheet})
	if err != nil {
		return "", err
	}
	return r.kept(ctx, path, func(ctx context.Context, f *os.File) error {
		return refused(pdf.Stamped(ctx, f, r.Fonts, sheet.Name, sheet))
	})
}

// at is where a rendition is kept: the name is made of everything that is drawn.
func (r *Room) at(kind, title string, sheets []pdf.StampedSheet) (string, error) {
	said, err := json.Marshal(struct {
		Drawn, Kind, Title string
		Sheets             []pdf.StampedSheet
	}{drawn, kind, title, sheets})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(said)
	key := hex.EncodeToString(sum[:])
	return filepath.Join(r.Cache, key[:2], key+".pdf"), nil
}

// Picture is the rendition as a PNG of so many pixels along its longer side.
func (r *Room) Picture(ctx context.Context, p Plan, px int) (string, error) {
	path, err := r.Rendition(ctx, p)
	if err != nil {
		return "", err
	}
	return r.kept(ctx, strings.TrimSuffix(path, ".pdf")+".png", func(ctx context.Context, f *os.File) error {
		b, err := r.Engine.PagePNG(ctx, path, 1, px)
		if err != nil {
			return refused(err)
		}
		_, err = bytes.NewReader(b).WriteTo(f)
		return err
	})
}

// kept is the path of a file that is written by make, whole or not at all, if it is not there.
func (r *Room) kept(ctx context.Context, path string, make func(context.Context, *os.File) error) (string, error) {
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	// It is drawn to its end even if who asked first has gone: others may be waiting for it.
	_, err, _ := drawer.Do(path, func() (any, error) {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		f, err := os.CreateTemp(filepath.Dir(path), ".new-")
		if err != nil {
			return nil, err
		}
		err = make(context.WithoutCancel(ctx), f)
		if err = errors.Join(err, f.Close()); err == nil {
			err = os.Rename(f.Name(), path)
		}
		if err != nil {
			os.Remove(f.Name())
		}
		return nil, err
	})
	return path, err
}

// refused puts into words that a file cannot be drawn.
func refused(err error) error {
	var u *pdf.Unfit
	switch {
	case errors.As(err, &u):
		return fault.Say(fault.NotFound, say.F("換一個檔案再壓章：這張圖不能畫上圖章（%s）", "Replace the file and seal again: stamps cannot be drawn on this sheet (%s)", u.Text))
	case errors.Is(err, pdf.ErrUnreadable), errors.Is(err, pdf.ErrNoSuchPage):
		return notDrawn
	}
	return err
}

// Of is the plan of one version of a sheet. Only what is there now has stamps.
func Of(tx *store.Tx, by permit.Actor, c *cases.Case, v drawings.Version) (Plan, error) {
	if !v.Drawn() {
		return Plan{}, notDrawn
	}
	all, err := Plans(tx, by, c)
	if err != nil {
		return Plan{}, err
	}
	for _, p := range all {
		if p.Version.ID == v.ID {
			return p, nil
		}
	}
	return Plan{}, unsealed
}

// Bytes is how many bytes the files of the plans have together; a file of many sheets counts once.
func Bytes(all []Plan) (n int64) {
	seen := map[blob.Digest]bool{}
	for _, p := range all {
		if !seen[p.Version.Digest] {
			seen[p.Version.Digest] = true
			n += p.Version.Size
		}
	}
	return n
}

// Set is the path of one document of all planned sheets, in their order, each with the stamps of the seals that hold and one
// more, of the authority. It is drawn now if it is not kept.
func (r *Room) Set(ctx context.Context, title string, all []Plan, also pdf.Stamp) (string, error) {
	var sheets []pdf.StampedSheet
	for _, p := range all {
		s, err := r.Sheet(p)
		if err != nil {
			return "", err
		}
		var taken []pdf.Place
		for _, slot := range p.Slots {
			taken = append(taken, slot.At)
		}
		also.At = p.Size.free(p.Size.usual().On(p.Size.W, p.Size.H), taken)
		s.Stamps = append(s.Stamps, also)
		sheets = append(sheets, s)
	}
	path, err := r.at("set", title, sheets)
	if err != nil {
		return "", err
	}
	return r.kept(ctx, path, func(ctx context.Context, f *os.File) error {
		return refused(pdf.Stamped(ctx, f, r.Fonts, title, sheets...))
	})
}
