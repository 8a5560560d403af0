package register

import (
	"errors"

	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

const funcStamped = "BLS40130"

// stamped tells anybody who scans the code of a stamp how that very sheet stands.
func stamped(r *web.Request) error {
	if err := r.Do(func(tx *store.Tx) error { return web.Limit(tx, "register-sheet", r.IP(), 300, searchWindow) }); err != nil {
		return err
	}
	var s Sheet
	err := r.Look(func(tx *store.Tx) (err error) { s, err = FindSheet(tx, r.PathValue("id")); return err })
	if errors.Is(err, store.ErrNotFound) || fault.Is(err, fault.NotFound) {
		return fault.Of(fault.NotFound, "核對 QR 碼是否完整：登記簿裡沒有這個壓章；圖上的壓章可能不是本系統的", "Check that the QR code is whole: the register holds no such seal, and the stamp may not be one of ours").
			To("查詢案件", "Look up a case", "/register")
	}
	if err != nil {
		return err
	}
	title := say.T("壓章查驗", "Verify a stamp")
	return r.Draw(web.Page{Title: title, Func: funcStamped, Crumbs: crumbs(title), Scripts: []string{"digest"}}, stampedBody(s))
}
