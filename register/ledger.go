package register

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cloudbm/fault"
	"cloudbm/ledger"
	"cloudbm/proof"
	"cloudbm/review"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
	"cloudbm/web/parts"
)

const funcLedger = "BLS40130"

func mountLedger(s *web.Site) {
	s.Handle("GET /register/ledger", web.Anyone, showLedger)
	s.Handle("GET /register/ledger/checkpoint.txt", web.Anyone, checkpointFile("txt"))
	s.Handle("GET /register/ledger/checkpoint.p7s", web.Anyone, checkpointFile("p7s"))
	s.Handle("GET /register/ledger/entries.txt", web.Anyone, entriesFile)
	s.Handle("GET /register/licences/{id}/proof.txt", web.Anyone, proofFile)
	s.Handle("GET /register/licences/{id}/licence.txt", web.Anyone, licenceFile)
}

const (
	entriesAPage = 50
	entriesAFile = 2000 // so many entries one download has; the next begins with ?from=
)

// ledgerView is the page of the list.
type ledgerView struct {
	Newest            ledger.Checkpoint
	Point             proof.Checkpoint
	Size              int64
	Alarmed           bool
	Alarms            []ledger.Alarm // for administrators
	Authority, Number string
	Asked             bool
	Found             []proof.Entry
	Fault             *fault.Fault
	Entries           []proof.Entry
	Base              url.URL
	Page, Pages       int
}

func showLedger(r *web.Request) error {
	in := r.Form()
	v := ledgerView{Authority: in.Get("authority"), Number: strings.TrimSpace(in.Get("number")), Asked: in.Has("number"), Base: *r.URL}
	if v.Authority == "" {
		v.Authority = "IF0"
	}
	if v.Page, _ = strconv.Atoi(in.Get("page")); v.Page < 1 {
		v.Page = 1
	}
	key := taiwan.NumberKey(v.Number)
	if v.Asked {
		switch _, ok := taiwan.AuthorityByCode(v.Authority); {
		case !ok:
			v.Fault = fault.Bad("authority", "選擇主管機關", "Choose the authority")
		case !strings.Contains(key, "-"):
			v.Fault = fault.Bad("number", "輸入執照字號，例如 (115)南工造字第00001號", "Enter the number of the licence, for example (115)南工造字第00001號")
		default:
			if err := limited(r); err != nil {
				return err
			}
		}
	}
	err := r.Look(func(tx *store.Tx) (err error) {
		if v.Size, err = ledger.Size(tx, ledger.Licences); err != nil {
			return err
		}
		if v.Newest, err = ledger.Newest(tx); err != nil {
			return err
		}
		if v.Newest.N > 0 {
			// One that cannot be read is for the alarm to tell; the page shows what can be downloaded.
			v.Point, _ = v.Newest.Read()
		}
		alarms, err := ledger.Alarms(tx)
		if err != nil {
			return err
		}
		if v.Alarmed = len(alarms) > 0; r.Actor.Admin {
			v.Alarms = alarms
		}
		if v.Asked && v.Fault == nil {
			v.Found, err = ledger.Wanted(tx, v.Authority, key)
			return err
		}
		v.Pages = int((v.Size + entriesAPage - 1) / entriesAPage)
		v.Entries, err = ledger.Until(tx, v.Size-int64(v.Page-1)*entriesAPage, entriesAPage)
		return err
	})
	if err != nil {
		return err
	}
	title := say.T("執照清單", "List of licences")
	return r.Draw(web.Page{Title: title, Func: funcLedger, Fault: v.Fault, Crumbs: []web.Crumb{{Text: say.T("案件進度與執照查詢", "Look up a case or licence"), URL: "/register"}, {Text: title}}}, ledgerBody(v))
}

// limited counts one more search from an address; searches of the register and of the list count together.
func limited(r *web.Request) error {
	return r.Do(func(tx *store.Tx) error { return web.Limit(tx, "register", r.IP(), 60, searchWindow) })
}

var noCheckpoint = fault.Of(fault.NotFound, "還沒有簽署的檢查點；核發執照或設定機關金鑰後再看一次", "No checkpoint has been signed yet; look again once a licence was issued or the authority's key was set up").
	To("執照清單", "List of licences", "/register/ledger")

// checkpointFile sends the newest checkpoint, or with ?n= that one: the text, or the signature beside it.
func checkpointFile(ext string) web.Handler {
	return func(r *web.Request) error {
		var c ledger.Checkpoint
		err := r.Look(func(tx *store.Tx) (err error) {
			if asked := r.Form().Get("n"); asked != "" {
				n, _ := strconv.ParseInt(asked, 10, 64)
				c, err = ledger.Numbered(tx, n)
				return err
			}
			c, err = ledger.Newest(tx)
			return err
		})
		if err != nil {
			return err
		}
		if c.N == 0 {
			return noCheckpoint
		}
		if ext == "p7s" {
			return r.Send(fmt.Sprintf("checkpoint-%d.p7s", c.N), "application/pkcs7-signature", c.At, bytes.NewReader(c.CMS), false)
		}
		return r.Send(fmt.Sprintf("checkpoint-%d.txt", c.N), "text/plain; charset=utf-8", c.At, strings.NewReader(c.Text), false)
	}
}

// entriesFile sends entries as text from ?from= on, at most entriesAFile of them.
func entriesFile(r *web.Request) error {
	from, _ := strconv.ParseInt(r.Form().Get("from"), 10, 64)
	from = max(from, 1)
	if err := limited(r); err != nil {
		return err
	}
	var all []proof.Entry
	err := r.Look(func(tx *store.Tx) (err error) { all, err = ledger.From(tx, from, entriesAFile); return err })
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return fault.Of(fault.NotFound, "清單在這個位置之後沒有內容；換一個起始位置", "The list has nothing from this position on; begin at another").To("執照清單", "List of licences", "/register/ledger")
	}
	name := fmt.Sprintf("entries-%d-%d.txt", from, all[len(all)-1].Position)
	return r.Send(name, "text/plain; charset=utf-8", time.Time{}, strings.NewReader(proof.Entries(all)), false)
}

// standing is where a licence stands in the list.
type standing struct {
	Entry   proof.Entry       // its first; Position is 0 where the list does not have it yet
	First   ledger.Checkpoint // the first that has it
	Covered bool              // there is one
	Last    proof.Act         // what happened to it last
}

func stands(tx *store.Tx, licence string) (s standing, err error) {
	all, err := ledger.Of(tx, licence)
	if err != nil || len(all) == 0 {
		return s, err
	}
	s.Entry = all[0]
	for _, e := range all {
		if e.Act != proof.Sealed {
			s.Last = e.Act
		}
	}
	s.First, err = ledger.Covering(tx, s.Entry.Position)
	s.Covered = s.First.N > 0
	return s, err
}

// gone says what became of a licence that does not hold any more.
func (s standing) gone() say.Text {
	switch s.Last {
	case proof.Revoked:
		return say.T("這張執照已經撤銷或廢止，不再有效", "This licence was revoked and does not hold any more")
	case proof.Superseded:
		return say.T("這張執照已經換發，以新的執照為準", "This licence was replaced; the newer one holds")
	}
	return say.Text{}
}

func proofFile(r *web.Request) error {
	var p proof.Inclusion
	found := false
	err := r.Look(func(tx *store.Tx) error {
		s, err := stands(tx, r.PathValue("id"))
		if err != nil || !s.Covered {
			return err
		}
		c, err := s.First.Read()
		if err == nil {
			p, err = ledger.Prove(tx, s.Entry, c)
		}
		found = err == nil
		return err
	})
	if err != nil {
		return err
	}
	if !found {
		return fault.Of(fault.NotFound, "這張執照還沒有納入檢查點；過幾分鐘再下載", "No checkpoint has this licence yet; download the proof in a few minutes").
			To("看執照", "See the licence", "/register/licences/"+url.PathEscape(r.PathValue("id")))
	}
	return r.Send(fmt.Sprintf("proof-%d.txt", p.Entry.Position), "text/plain; charset=utf-8", p.Checkpoint.At, strings.NewReader(p.Text()), false)
}

func licenceFile(r *web.Request) error {
	var text proof.LicenceText
	err := r.Look(func(tx *store.Tx) error {
		l, err := review.LicenceByID(tx, r.PathValue("id"))
		if err == nil {
			text, err = review.TextOf(tx, l)
		}
		return err
	})
	if err != nil {
		return noLicence(err)
	}
	return r.Send("licence.txt", "text/plain; charset=utf-8", text.At, strings.NewReader(text.Text()), false)
}

func actName(a proof.Act) say.Text {
	switch a {
	case proof.Issued:
		return say.T("核發", "Issued")
	case proof.Sealed:
		return say.T("用印", "Signed by the authority")
	case proof.Superseded:
		return say.T("換發", "Replaced")
	}
	return say.T("撤銷或廢止", "Revoked")
}

func listed(ctx context.Context, all []proof.Entry) [][]parts.Cell {
	var out [][]parts.Cell
	for _, e := range all {
		a, _ := taiwan.AuthorityByCode(e.Authority)
		out = append(out, []parts.Cell{{Text: strconv.FormatInt(e.Position, 10)}, {Text: parts.Minute(e.At).Here(ctx)}, {Text: actName(e.Act).Here(ctx)}, {Text: a.Text().Here(ctx)},
			{Text: e.Number, URL: "/register/licences/" + e.Licence}, {Text: e.SHA256[:min(16, len(e.SHA256))] + "…"}})
	}
	return out
}
