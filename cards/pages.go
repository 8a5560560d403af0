package cards

import (
	"errors"
	"strconv"
	"time"

	"cloudbm/cms"
	"cloudbm/fault"
	"cloudbm/pki"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

const funcCards = "BLS11000"

// Mount opens the doors of the room.
func (r *Room) Mount(s *web.Site) {
	s.Handle("GET /bls/cards", web.SignedIn, func(q *web.Request) error { return r.draw(q, nil) })
	s.Handle("POST /bls/cards", web.SignedIn, r.save)
	s.Handle("POST /bls/cards/read", web.SignedIn, r.read)
	s.Handle("POST /bls/cards/{card}", web.SignedIn, r.remove)
}

// life is the time for putting the card in and typing the PIN.
const life = 10 * time.Minute

func about(q *web.Request) string { return "card " + q.Actor.Person }

// view is the page of the cards.
type view struct {
	Cards     []Card
	Empty     []pki.Kind // rows to type a number into
	Now       time.Time
	Room      *pki.Room
	Challenge pki.Challenge
	Fault     *fault.Fault
	At        int // the row that is wrong, from 0; -1 for none
	Trouble   *pki.Trouble
	In        web.Form
}

// rows are those of the manual's page: two citizens' certificates, one of a firm, one of an organisation (S143).
var rows = []pki.Kind{pki.Citizen, pki.Citizen, pki.Company, pki.Organisation}

// empty are the rows of the manual that no card fills, and always one for each kind.
func empty(all []Card) (out []pki.Kind) {
	have, left := map[pki.Kind]int{}, map[pki.Kind]bool{}
	for _, c := range all {
		have[c.Kind]++
	}
	for _, k := range rows {
		if have[k] > 0 {
			have[k]--
			continue
		}
		out, left[k] = append(out, k), true
	}
	for _, k := range Kinds {
		if !left[k] {
			out = append(out, k)
		}
	}
	return out
}

func (r *Room) draw(q *web.Request, err error) error { return r.drawRow(q, -1, err) }

func (r *Room) drawRow(q *web.Request, row int, why error) error {
	v := view{Room: r.Cards, In: q.Form(), At: row}
	var refused *pki.Refusal
	if errors.As(why, &refused) {
		v.Fault, v.Trouble = refused.Fault(), refused.Trouble
	} else if f, ok := fault.As(why); ok {
		v.Fault = f
	}
	err := q.Do(func(tx *store.Tx) (err error) {
		v.Now = tx.Now
		if v.Cards, err = Owned(tx, q.Actor.Person); err != nil {
			return err
		}
		v.Empty = empty(v.Cards)
		if r.Cards.Open() {
			v.Challenge, err = r.Cards.Ask(tx, pki.BindCard, about(q), life)
		}
		return err
	})
	if err != nil {
		return err
	}
	title := say.T("憑證註冊作業", "Register certificates")
	return q.Draw(web.Page{Title: title, Func: funcCards, Fault: v.Fault, Scripts: []string{pki.Script},
		Crumbs: []web.Crumb{{Text: say.T("線上申請", "Online application"), URL: "/bls"}, {Text: title}}}, body(v))
}

// read registers the card that has signed.
func (r *Room) read(q *web.Request) error {
	signed, err := r.Cards.Answered(q.Context(), pki.BindCard, about(q), pki.Read(q), Kinds...)
	var refused *pki.Refusal
	if errors.As(err, &refused) {
		q.Site.Log.Info("a card was not taken", "id", q.Number(), "for", "registration", "why", refused.Error())
		return r.draw(q, err)
	}
	if err != nil {
		return err
	}
	var c Card
	err = q.Do(func(tx *store.Tx) (err error) {
		before, err := Owned(tx, q.Actor.Person)
		if err != nil {
			return err
		}
		if c, err = Register(tx, q.Actor, signed); err != nil {
			return err
		}
		for _, b := range before {
			if b.ID == c.ID {
				return nil
			}
		}
		return r.tell(tx, q.Actor.Person, say.F("已註冊%s %s", "Registered: %s %s", c.Kind.Name(), c.Number),
			say.T("如果不是您本人註冊的，請立即移除這張憑證並更改密碼。", "If this was not you, remove the card at once and change your password."))
	})
	if f, ok := fault.As(err); ok {
		return r.draw(q, f)
	}
	if err != nil {
		return err
	}
	q.Flash(say.F("已註冊%s %s", "Registered: %s %s", c.Kind.Name(), c.Number))
	return q.Redirect("/bls/cards")
}

// save keeps the numbers that were typed (S144).
func (r *Room) save(q *web.Request) error {
	in, kept := q.Form(), 0
	for i := range len(rows) + len(Kinds) {
		typed := in.Get("number-" + strconv.Itoa(i))
		if typed == "" {
			continue
		}
		if err := q.Do(func(tx *store.Tx) error { return Type(tx, q.Actor, pki.Kind(in.Get("kind-"+strconv.Itoa(i))), typed) }); err != nil {
			if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
				return r.drawRow(q, i, f)
			}
			return err
		}
		kept++
	}
	if kept == 0 {
		return r.drawRow(q, 0, fault.Bad("number", "填寫憑證序號，或讀卡註冊", "Enter the number of a card, or have a card read"))
	}
	q.Flash(say.T("已儲存；用這張憑證讀卡一次，就會驗證", "Saved. Have the card read once, and it is verified"))
	return q.Redirect("/bls/cards")
}

// remove takes a card away.
func (r *Room) remove(q *web.Request) error {
	var c Card
	err := q.Do(func(tx *store.Tx) (err error) {
		if c, err = Remove(tx, q.Actor, q.PathValue("card")); err != nil || c.Typed() {
			return err
		}
		return r.tell(tx, q.Actor.Person, say.F("已移除%s %s", "Removed: %s %s", c.Kind.Name(), c.Number), say.T("以前用它壓的章仍然有效。", "What it has sealed stays sealed."))
	})
	if err != nil {
		return err
	}
	q.Flash(say.F("已移除%s %s；以前用它壓的章仍然有效", "Removed: %s %s. What it has sealed stays sealed", c.Kind.Name(), c.Number))
	return q.Redirect("/bls/cards")
}

// holder is whose certificate it is.
func holder(c Card) string { return c.Certificate.Name }

func serial(c Card) string {
	if c.Certificate.X509 == nil {
		return ""
	}
	return cms.SerialText(c.Certificate.X509)
}

// numberID is the id of a field for a number: that of the refusal on the row it is about.
func numberID(v view, i int) string {
	if v.At == i {
		return "number"
	}
	return "number-" + strconv.Itoa(i)
}

func endTag(c Card, now time.Time) say.Text {
	if now.Before(c.Certificate.Until) {
		return say.T("即將到期", "Ends soon")
	}
	return say.T("已過期", "Expired")
}

func endColour(c Card, now time.Time) string {
	if now.Before(c.Certificate.Until) {
		return "yellow"
	}
	return "red"
}
