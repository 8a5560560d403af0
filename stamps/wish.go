package stamps

import (
	"cloudbm/cases"
	"cloudbm/drawings"
	"cloudbm/fault"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/seals"
	"cloudbm/store"
)

// How wide a stamp may be, in millimetres: on a narrower one the code cannot be read from paper.
const minWidth, maxWidth = 40, 140

// PlaceAt says where by wants their stamp on the sheets of a size in every case, or with a sheet on that one alone.
func PlaceAt(tx *store.Tx, by permit.Actor, c *cases.Case, party permit.Party, size Size, sheet string, at pdf.Place) error {
	if err := mayPlace(tx, by, c, party, sheet); err != nil {
		return err
	}
	if err := size.check(at); err != nil {
		return err
	}
	return keepWish(tx, wish{person: by.Person, party: party, size: size.Key(), sheet: sheet, at: at})
}

// Forget puts the stamp of by back to the usual place, or with a sheet to where it stands on the others of its size.
func Forget(tx *store.Tx, by permit.Actor, c *cases.Case, party permit.Party, size Size, sheet string) error {
	if err := mayPlace(tx, by, c, party, sheet); err != nil {
		return err
	}
	return keepWish(tx, wish{person: by.Person, party: party, size: size.Key(), sheet: sheet})
}

func mayPlace(tx *store.Tx, by permit.Actor, c *cases.Case, party permit.Party, sheet string) error {
	mine, err := seals.Of(tx, by, c)
	if err != nil {
		return err
	}
	for _, s := range mine {
		if s.Party != party {
			continue
		}
		if sheet == "" {
			return nil
		}
		for _, t := range s.Things {
			if t.Version.Sheet == sheet {
				return nil
			}
		}
		return fault.Of(fault.Forbidden, "選擇由您壓章的圖：這張圖不由您壓章", "Choose a sheet that is yours to seal: this one is not").To("看圖章位置", "See the places of stamps", url(c))
	}
	return fault.Of(fault.Forbidden, "由壓章的人自己設定：每位列名的簽章人各自決定圖章的位置", "Leave this to who seals: each named signer decides about their own stamp").To("看圖章位置", "See the places of stamps", url(c))
}

// check refuses, at the number that is wrong, a place where the stamp would not be whole on the sheet.
func (s Size) check(p pdf.Place) error {
	var f fault.Form
	most := min(float64(maxWidth), s.W, s.H*pdf.StampWidth/pdf.StampHeight)
	if p.Width < minWidth || p.Width > most {
		f.Add("width", fault.BadText("width", say.F("寬度填 %d 到 %.0f 公釐：再小就掃不到 QR 碼", "Enter a width of %d to %.0f mm: smaller ones cannot be scanned", minWidth, most)))
		p.Width = minWidth
	}
	if room := s.W - p.Width; p.Right < 0 || p.Right > room {
		f.Add("right", fault.BadText("right", say.F("離右邊填 0 到 %.0f 公釐，圖章才會整個在圖上", "Enter 0 to %.0f mm from the right edge, so that the whole stamp is on the sheet", room)))
	}
	if room := s.H - p.Height(); p.Lower < 0 || p.Lower > room {
		f.Add("lower", fault.BadText("lower", say.F("離下邊填 0 到 %.0f 公釐，圖章才會整個在圖上", "Enter 0 to %.0f mm from the lower edge, so that the whole stamp is on the sheet", room)))
	}
	return f.Err()
}

func url(c *cases.Case) string { return "/bls/cases/" + c.ID + "/stamps" }

// Slot is the room of one signer on a sheet, sealed or not.
type Slot struct {
	Signer seals.Signer
	Seal   *seals.Seal // that holds; nil if the sheet waits for it
	Item   seals.Item  // of the seal: this sheet
	At     pdf.Place
	Own    bool // wanted on this sheet alone
	Wanted bool // somebody has placed it, here or for the size
}

// Plan is the stamps of a sheet, in the order in which their signers are named.
type Plan struct {
	Sheet   drawings.Sheet
	Version drawings.Version
	Size    Size
	Slots   []Slot
}

// Sealed are the slots whose seal holds.
func (p Plan) Sealed() (out []Slot) {
	for _, s := range p.Slots {
		if s.Seal != nil {
			out = append(out, s)
		}
	}
	return out
}

// Plans are the plans of all sheets of a case as by may see them, in the order of the set. A sheet that cannot be drawn is
// not among them.
func Plans(tx *store.Tx, by permit.Actor, c *cases.Case) ([]Plan, error) {
	standings, err := seals.Seen(tx, by, c)
	if err != nil {
		return nil, err
	}
	sheets, err := drawings.InSight(tx, by, c)
	if err != nil {
		return nil, err
	}
	until := tx.Now
	if (!c.State.Open() || seals.AsHanded(by, c)) && !c.SubmittedAt.IsZero() {
		until = c.SubmittedAt // what was submitted stays as it was
	}
	wishes := map[string][]wish{}
	for _, st := range standings {
		if _, read := wishes[st.Person]; !read && st.Person != "" {
			if wishes[st.Person], err = wishesOf(tx, st.Person, until); err != nil {
				return nil, err
			}
		}
	}
	var out []Plan
	for _, s := range sheets {
		v := s.Current()
		if !v.Drawn() {
			continue
		}
		p := Plan{Sheet: s, Version: v, Size: SizeOf(v)}
		var wanted []*pdf.Place
		for _, st := range standings {
			for _, t := range st.Things {
				if t.Version.ID != v.ID {
					continue
				}
				slot := Slot{Signer: st.Signer}
				if seal, ok := st.Sealed[t.Key()]; ok {
					slot.Seal = &seal
					slot.Item = itemOf(seal, v.ID)
				}
				at, own := latest(wishes[st.Person], st.Party, p.Size.Key(), s.ID)
				slot.Own, slot.Wanted = own, at != nil
				p.Slots, wanted = append(p.Slots, slot), append(wanted, at)
			}
		}
		for i, at := range p.Size.lay(wanted) {
			p.Slots[i].At = at
		}
		out = append(out, p)
	}
	return out, nil
}

// latest is the last word on where a stamp is wanted: for the sheet, else for its size.
func latest(all []wish, party permit.Party, size, sheet string) (at *pdf.Place, own bool) {
	for _, of := range []string{sheet, ""} {
		at = nil
		for i, w := range all {
			if w.party == party && w.size == size && w.sheet == of {
				if at = nil; w.at.Width > 0 {
					at = &all[i].at
				}
			}
		}
		if at != nil {
			return at, of != ""
		}
	}
	return nil, false
}

func itemOf(s seals.Seal, version string) seals.Item {
	for _, it := range s.Items {
		if it.Item.ID == version {
			return it
		}
	}
	return seals.Item{}
}
