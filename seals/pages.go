package seals

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"cloudbm/cases"
	"cloudbm/drawings"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/proof"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

const funcSeals, funcSign, funcSeal, funcMine = "BLS24100", "BLS24110", "BLS24120", "BLS24200"

// Mount opens the doors of the room.
func (r *Room) Mount(s *web.Site) {
	s.Handle("GET /bls/cases/{id}/seals", web.SignedIn, func(q *web.Request) error { return r.drawList(q, nil, nil) })
	s.Handle("POST /bls/cases/{id}/seals", web.SignedIn, r.change)
	s.Handle("POST /bls/cases/{id}/seals/sign", web.SignedIn, r.sign)
	s.Handle("GET /bls/cases/{id}/seals/{seal}", web.SignedIn, r.one)
	s.Handle("GET /bls/cases/{id}/seals/{seal}/file/{name}", web.SignedIn, r.file)
	s.Handle("GET /bls/cases/{id}/pictures/{version}", web.SignedIn, r.shown)
	s.Handle("GET /bls/seals", web.SignedIn, r.mine)
}

func at(c *cases.Case) string { return "/bls/cases/" + c.ID + "/seals" }

// listView is who seals what, and how far it is.
type listView struct {
	Case     *cases.Case
	All      []Standing
	Mine     []Standing
	Rows     []particulars // how the form names the reader as an engineer
	Required bool
	Open     bool // cards are in use here
	Why      *fault.Fault
	Fault    *fault.Fault
	Picked   []string // as sent, when the page is drawn again
	Typed    string

	OnSide bool   // the reader is on the applicant's side
	Back   bool   // the reader is the authority, and the case is back with the applicant
	Handed []Seal // then: the seals of what was submitted, and nothing later
}

func (r *Room) drawList(q *web.Request, f *fault.Fault, picked []string) error {
	v := listView{Fault: f, Picked: picked, Open: r.Cards.Open()}
	var star *web.Star
	if f != nil {
		v.Typed = q.Form().Get("why")
	}
	err := q.Look(func(tx *store.Tx) (err error) {
		if v.Case, err = cases.Open(q, tx); err != nil {
			return err
		}
		if v.Required, err = Required(tx, v.Case); err != nil {
			return err
		}
		v.OnSide = v.Case.Mine(q.Actor)
		if v.Back = AsHanded(q.Actor, v.Case); v.Back {
			v.Handed, err = handed(tx, v.Case)
			return err
		}
		if v.All, err = Standings(tx, v.Case); err != nil {
			return err
		}
		var mine []Signer
		for _, s := range v.All {
			if s.Person == q.Actor.Person {
				v.Mine, mine = append(v.Mine, s), append(mine, s.Signer)
			}
		}
		if v.Rows, err = rowsOf(tx, v.Case, q.Actor); err != nil {
			return err
		}
		refused := maySeal(v.Case, mine)
		v.Why, _ = fault.As(refused)
		star, err = cases.Star(tx, q.Actor, v.Case)
		return err
	})
	if err != nil {
		return err
	}
	page := cases.Page(v.Case, say.T("簽證與壓章", "Seals"), funcSeals)
	page.Fault, page.Wide, page.Scripts, page.Star = f, true, []string{"seals"}, star
	return q.Draw(page, listBody(v))
}

// particulars are the answers about an engineer in one row of the form.
type particulars struct {
	Section say.Text
	Facts   [][2]say.Text
}

// rowsOf is how the form names by as an engineer: 簽證技師基本資料 (S205–S209).
func rowsOf(tx *store.Tx, c *cases.Case, by permit.Actor) (out []particulars, err error) {
	a, err := cases.Answers(tx, c)
	if err != nil {
		return nil, err
	}
	for _, s := range c.Type.Lists(permit.Certifier) {
		for _, row := range a.Rows[s.Key] {
			person, err := cases.PartyPerson(tx, s.List, row)
			if err != nil {
				return nil, err
			}
			if person != by.Person {
				continue
			}
			one := particulars{Section: s.Name}
			for _, f := range s.List.Fields {
				value := row.Values[f.Key]
				if value == "" || f.Kind == permit.Lines {
					continue
				}
				if f.Secret {
					value = cases.Masked(value)
				}
				one.Facts = append(one.Facts, [2]say.Text{f.Label, say.T(f.Show(value, say.Zh), f.Show(value, say.En))})
			}
			out = append(out, one)
		}
	}
	return out, nil
}

// change asks for a signature, or keeps that somebody declines.
func (r *Room) change(q *web.Request) error {
	in := q.Form()
	if in.Get("do") == "decline" {
		var c *cases.Case
		err := q.Do(func(tx *store.Tx) (err error) {
			if c, err = cases.Open(q, tx); err != nil {
				return err
			}
			return Decline(tx, q.Actor, c, in.Get("why"))
		})
		if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
			return r.drawList(q, f, nil)
		}
		if err != nil {
			return err
		}
		q.Flash(say.T("已告知申請人您不壓章的理由", "The applicant has been told why you do not seal"))
		return q.Redirect(at(c))
	}
	return r.ask(q, permit.Party(in.Get("party")), append([]string{}, in.All("pick")...), nil)
}

// signView is the page on which the card signs.
type signView struct {
	Case      *cases.Case
	Seal      proof.Seal
	URLs      map[string]string // where each thing is looked at, by its id
	Challenge pki.Challenge
	Room      *pki.Room
	Fault     *fault.Fault
	Trouble   *pki.Trouble
}

// ask draws the page on which the card signs for the picked things; trouble is what went wrong with the card before.
func (r *Room) ask(q *web.Request, party permit.Party, picked []string, trouble error) error {
	v := signView{Room: r.Cards, URLs: map[string]string{}}
	var refused *pki.Refusal
	if errors.As(trouble, &refused) {
		v.Fault, v.Trouble = refused.Fault(), refused.Trouble
	} else if f, ok := fault.As(trouble); ok {
		v.Fault = f
	}
	var things []Thing
	err := q.Look(func(tx *store.Tx) (err error) {
		if v.Case, err = cases.Open(q, tx); err != nil {
			return err
		}
		mine, err := Of(tx, q.Actor, v.Case)
		for _, s := range mine {
			if s.Party == party {
				things = slices.DeleteFunc(s.Things, func(t Thing) bool { return !slices.Contains(picked, t.Key()) })
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if !r.Cards.Open() {
		return r.drawList(q, fault.Of(fault.Invalid, "洽系統管理者設定憑證管理中心：設定後才能讀卡壓章", "Ask the administrator to set up the certification authorities before sealing by card"), picked)
	}
	for _, t := range things {
		v.URLs[t.ID] = t.URL
	}
	pictures, wanting, err := r.pictures(q.Context(), v.Case, things)
	if fault.Is(err, fault.NotFound) {
		return r.drawList(q, fault.Of(fault.Invalid, "重新上傳無法顯示的圖：沒有看過的圖不能壓章", "Upload the sheet that cannot be shown again: what nobody can see cannot be sealed"), picked)
	}
	if err != nil {
		return err
	}
	if wanting > 0 {
		return r.drawList(q, fault.Say(fault.Invalid, say.F("一分鐘後再按一次壓章：還在準備 %d 張圖的影像，您勾選的項目都保留著", "Press the button again in a minute: the pictures of %d sheets are being made, and what you ticked is kept", wanting)), picked)
	}
	err = q.Do(func(tx *store.Tx) (err error) {
		v.Challenge, v.Seal, err = Ask(tx, r.Cards, q.Actor, v.Case, party, picked, pictures)
		return err
	})
	if f, ok := fault.As(err); ok {
		return r.drawList(q, f, picked)
	}
	if err != nil {
		return err
	}
	page := cases.Page(v.Case, say.T("讀卡壓章", "Seal with the card"), funcSign)
	page.Fault, page.Wide, page.Scripts = v.Fault, true, []string{pki.Script}
	page.Crumbs = append(page.Crumbs[:len(page.Crumbs)-1], web.Crumb{Text: say.T("簽證與壓章", "Seals"), URL: at(v.Case)}, web.Crumb{Text: say.T("讀卡壓章", "Seal with the card")})
	return q.Draw(page, signBody(v))
}

// sign takes what the card has signed.
func (r *Room) sign(q *web.Request) error {
	a := pki.Read(q)
	said, err := proof.Parse(a.Text)
	if err != nil {
		return r.drawList(q, fault.Of(fault.Invalid, "勾選項目，再讀一次卡：這一頁的內容不完整", "Tick what you seal and read the card again: the page was not whole"), nil)
	}
	var picked []string
	for _, it := range said.Items {
		picked = append(picked, Thing{Item: it}.Key())
	}
	party := permit.Party(said.As)
	var c *cases.Case
	err = q.Look(func(tx *store.Tx) (err error) { c, err = cases.Open(q, tx); return err })
	if err != nil {
		return err
	}
	signed, err := r.Cards.Answered(q.Context(), pki.Seal, about(c, q.Actor), a, kinds...)
	var refused *pki.Refusal
	if errors.As(err, &refused) {
		q.Site.Log.Info("a card was not taken", "id", q.Number(), "for", "seal", "why", refused.Error())
		return r.ask(q, party, picked, err)
	}
	if err != nil {
		return err
	}
	var kept Seal
	err = q.Do(func(tx *store.Tx) (err error) {
		if c, err = cases.Open(q, tx); err != nil {
			return err
		}
		kept, err = Put(tx, q.Actor, c, signed, r.Used)
		return err
	})
	if f, ok := fault.As(err); ok {
		if f.Kind == fault.Conflict {
			return r.drawList(q, f, picked)
		}
		return r.ask(q, party, picked, f)
	}
	if err != nil {
		return err
	}
	q.Flash(say.F("已壓章 %d 項", "Sealed: %d", len(kept.Items)))
	return q.Redirect(at(c))
}

// sealView is one seal.
type sealView struct {
	Case *cases.Case
	Seal Seal
	Cert pki.Certificate
	Now  map[string]Why // by id of the item: why it does not hold; absent when it does
}

func (r *Room) one(q *web.Request) error {
	v := sealView{Now: map[string]Why{}}
	err := q.Look(func(tx *store.Tx) (err error) {
		if v.Case, v.Seal, err = found(q, tx); err != nil {
			return err
		}
		if AsHanded(q.Actor, v.Case) && v.Seal.Person != q.Actor.Person { // what the applicant changes meanwhile is not for the authority yet
			for _, it := range v.Seal.Items {
				if it.voidBy(v.Case.SubmittedAt) {
					v.Now[it.ID] = it.Why
				}
			}
			return nil
		}
		f, err := read(tx, v.Case)
		if err != nil {
			return err
		}
		who, err := signers(tx, v.Case, f)
		for _, it := range v.Seal.Items {
			if why := f.why(v.Seal, it.Item, who); why != "" {
				v.Now[it.ID] = why
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if v.Cert, err = v.Seal.certificate(); err != nil {
		return err
	}
	page := cases.Page(v.Case, say.T("壓章內容", "A seal"), funcSeal)
	page.Crumbs = append(page.Crumbs[:len(page.Crumbs)-1], web.Crumb{Text: say.T("簽證與壓章", "Seals"), URL: at(v.Case)}, web.Crumb{Text: say.T("壓章內容", "A seal")})
	page.Wide = true
	return q.Draw(page, sealBody(v))
}

// found is the seal of the address with its case. The applicant's side sees all of them, the authority those of what was
// submitted, and whoever sealed their own, also when the case does not name them any more.
func found(q *web.Request, tx *store.Tx) (c *cases.Case, s Seal, err error) {
	c, err = cases.Open(q, tx)
	if fault.Is(err, fault.NotFound) {
		if s, theirs := sealByID(tx, q.PathValue("id"), q.PathValue("seal")); theirs == nil && s.Person == q.Actor.Person {
			c, err = cases.Find(tx, permit.System, s.Case)
			return c, s, err
		}
	}
	if err != nil {
		return nil, s, err
	}
	if s, err = Find(tx, c, q.PathValue("seal")); err == nil && !c.Mine(q.Actor) && s.At.After(c.SubmittedAt) {
		_, err = Find(tx, c, "")
	}
	return c, s, err
}

// file sends the text or the signature, to be checked elsewhere: openssl cms -verify -content seal.txt -in seal.p7s.
func (r *Room) file(q *web.Request) error {
	var c *cases.Case
	var s Seal
	err := q.Look(func(tx *store.Tx) (err error) { c, s, err = found(q, tx); return err })
	if err != nil {
		return err
	}
	switch q.PathValue("name") {
	case "seal.txt":
		return q.Send(c.Serial+"_seal.txt", "text/plain; charset=utf-8", s.At, strings.NewReader(s.Text), false)
	case "seal.p7s":
		return q.Send(c.Serial+"_seal.p7s", "application/pkcs7-signature", s.At, bytes.NewReader(s.CMS), false)
	}
	return fault.Of(fault.NotFound, "選擇壓章內容的檔案：seal.txt 或 seal.p7s", "Choose a file of the seal: seal.txt or seal.p7s").To("看壓章內容", "See the seal", at(c)+"/"+s.ID)
}

// shown sends the picture of a sheet that signers are shown.
func (r *Room) shown(q *web.Request) error {
	var v drawings.Version
	err := q.Look(func(tx *store.Tx) (err error) {
		c, err := cases.Open(q, tx)
		if err != nil {
			return err
		}
		if v, err = drawings.FindVersion(tx, c, q.PathValue("version")); err == nil && !c.Mine(q.Actor) && v.At.After(c.SubmittedAt) {
			_, err = drawings.FindVersion(tx, c, "")
		}
		return err
	})
	if err != nil {
		return err
	}
	d, err := r.picture(q.Context(), v)
	if err != nil {
		return err
	}
	f, err := r.Blobs.Get(d)
	if err != nil {
		return err
	}
	defer f.Close()
	q.W.Header().Set("Cache-Control", "private, max-age=3600")
	return q.Send("", drawings.PNG, v.At, f, true)
}

// mineView is what waits for the reader's seal, and what they have sealed.
type mineView struct {
	Waiting []Waiting
	Sealed  []Seal
	Serials map[string]string // by case
}

// How many of somebody's seals, and of the cases that wait for them, a page lists.
const mostSealed, mostWaiting = 500, 50

func (r *Room) mine(q *web.Request) error {
	v := mineView{Serials: map[string]string{}}
	err := q.Look(func(tx *store.Tx) (err error) {
		if v.Waiting, err = WaitingFor(tx, q.Actor, mostWaiting); err != nil {
			return err
		}
		if v.Sealed, err = sealsBy(tx, q.Actor.Person, mostSealed); err != nil {
			return err
		}
		for _, s := range v.Sealed {
			if v.Serials[s.Case] != "" {
				continue
			}
			m, err := s.Manifest()
			if err != nil {
				return err
			}
			v.Serials[s.Case] = m.Serial
		}
		return nil
	})
	if err != nil {
		return err
	}
	return q.Draw(web.Page{Title: say.T("我的壓章", "My seals"), Func: funcMine, Wide: true,
		Crumbs: []web.Crumb{{Text: say.T("線上申請", "Online application"), URL: "/bls"}, {Text: say.T("我的壓章", "My seals")}}}, mineBody(v))
}

// Waiting is a case that waits for somebody's seal.
type Waiting struct {
	Case *cases.Case
	Left int
}

// WaitingFor lists cases that wait for the seal of by, the last changed first, among the newest open ones, most of them.
func WaitingFor(tx *store.Tx, by permit.Actor, most int) ([]Waiting, error) {
	open := slices.DeleteFunc(slices.Clone(permit.States), func(s permit.State) bool { return !s.Open() })
	all, err := cases.List(tx, cases.Wanted{Person: by.Person, States: open, Limit: most})
	if err != nil {
		return nil, err
	}
	var out []Waiting
	for _, c := range all {
		c, err := cases.Find(tx, by, c.ID)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(c.Members(), func(m cases.Member) bool { return m.Person == by.Person && m.Party != "" }) {
			continue // named in no list: there is nothing of theirs to seal
		}
		st, err := Standings(tx, c)
		if err != nil {
			return nil, err
		}
		left := 0
		for _, s := range st {
			if s.Person == by.Person && s.Refusal == nil {
				left += len(s.Left())
			}
		}
		if left > 0 {
			out = append(out, Waiting{c, left})
		}
	}
	return out, nil
}
