package register

import (
	"errors"
	"strings"

	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/review"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
)

const funcSearch, funcProgress, funcLicence = "BLS40100", "BLS40110", "BLS40120"

// Mount opens the doors of the room.
func Mount(s *web.Site) {
	s.Handle("GET /register", web.Anyone, search)
	s.Handle("GET /register/{authority}/{serial}", web.Anyone, progress)
	s.Handle("GET /register/licences/{id}", web.Anyone, licence)
	s.Handle("GET /register/sheets/{id}", web.Anyone, stamped)
	mountLedger(s)
}

// most is how many answers a public search shows: enough to find one's own case, too few to copy the register.
const most = 20

type searchView struct {
	Words, Authority string
	Asked            bool
	Found            []cases.Public
	Fault            *fault.Fault
}

func search(r *web.Request) error {
	in := r.Form()
	v := searchView{Words: in.Get("q"), Authority: in.Get("authority"), Asked: in.Has("q")}
	if v.Authority == "" {
		v.Authority = "IF0"
	}
	if v.Asked {
		switch _, ok := taiwan.AuthorityByCode(v.Authority); {
		case !ok:
			v.Fault = fault.Bad("authority", "選擇主管機關", "Choose the authority")
		case len([]rune(strings.TrimSpace(v.Words))) < 2:
			v.Fault = fault.Bad("q", "輸入至少兩個字，例如案件序號或地址", "Enter two characters or more, such as a serial or an address")
		default:
			if err := r.Do(func(tx *store.Tx) error { return web.Limit(tx, "register", r.IP(), 60, searchWindow) }); err != nil {
				return err
			}
			err := r.Look(func(tx *store.Tx) (err error) {
				v.Found, err = cases.SearchPublic(tx, v.Authority, v.Words, most)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	title := say.T("案件進度與執照查詢", "Look up a case or licence")
	return r.Draw(web.Page{Title: title, Func: funcSearch, Fault: v.Fault, Crumbs: crumbs(title)}, searchBody(v))
}

func crumbs(title say.Text) []web.Crumb {
	return []web.Crumb{{Text: title}}
}

func progress(r *web.Request) error {
	var p cases.Public
	err := r.Look(func(tx *store.Tx) (err error) {
		p, err = cases.InPublic(tx, r.PathValue("authority"), r.PathValue("serial"))
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return fault.Of(fault.NotFound, "查無此案件；尚未送件的案件不會出現在這裡", "There is no such case; cases that were not submitted do not appear here").
			To("重新查詢", "Search again", "/register")
	}
	if err != nil {
		return err
	}
	title := say.F("案件進度 %s", "Progress of %s", p.Serial)
	return r.Draw(web.Page{Title: title, Func: funcProgress, Crumbs: crumbs(title)}, progressBody(p))
}

type licenceView struct {
	Licence review.Licence
	Case    cases.Public
	Stands  standing
}

func licence(r *web.Request) error {
	var v licenceView
	err := r.Look(func(tx *store.Tx) (err error) {
		if v.Licence, err = review.LicenceByID(tx, r.PathValue("id")); err != nil {
			return err
		}
		if v.Case, err = cases.InPublicByID(tx, v.Licence.Case); err != nil {
			return err
		}
		v.Stands, err = stands(tx, v.Licence.ID)
		return err
	})
	if err != nil {
		return noLicence(err)
	}
	title := say.T("執照查驗", "Verify a licence")
	return r.Draw(web.Page{Title: title, Func: funcLicence, Crumbs: crumbs(title)}, licenceBody(v))
}

// noLicence is what to do when a licence is not found.
func noLicence(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fault.Of(fault.NotFound, "登記簿裡沒有這張執照；請核對 QR 碼是否完整，或向核發機關查證", "The register holds no such licence; check that the QR code is whole, or ask the issuing authority").
			To("用字號查詢", "Search by number", "/register/ledger")
	}
	return err
}
