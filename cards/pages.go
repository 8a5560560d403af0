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
	Cards, Past []Card
	Empty       []pki.Kind // rows to type a number into
	Now         time.Time
	Room        *Room
	Challenge   pki.Challenge
	Fault       *fault.Fault
	Trouble     *pki.Trouble
	In          web.Form
}

// wrong is what is wrong with the number in row i, from 0; empty: nothing.
func (v view) wrong(i int) say.Text { return v.Fault.About(field(i)) }

// field is the name of the field for the number in row i, from 0.
func field(i int) string { return "number-" + strconv.Itoa(i) }

// rows are those of the manual's page: two citizens' certificates, one of a firm, one of an organisation (S143).
var rows = []pki.Kind{pki.Citizen, pki.Citizen, pki.Company, pki.Organisation}

// empty are the rows of the manual that no card fills, and always one for each kind.
func empty(all []Card) (out []pki.Kind) {
	for _, k := range Kinds {
		left := 0
		for _, want := range rows {
			if want == k {
				left++
			}
		}
		for _, c := range all {
			if c.Kind == k {
				left--
			}
		}
		for range max(left, 1) {
			out = append(out, k)
		}
	}
	return out
}

func (r *Room) draw(q *web.Request, why error) error {
	v := view{Room: r, In: q.Form()}
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
		if v.Past, err = Past(tx, q.Actor.Person); err != nil {
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
		if c, err = Register(tx, q.Actor, signed); err != nil {
			return err
		}
		return r.tellNews(tx, c)
	})
	if f, ok := fault.As(err); ok {
		return r.draw(q, f)
	}
	if err != nil {
		return err
	}
	q.Flash(c.News())
	return q.Redirect("/bls/cards")
}

// save keeps the numbers that were typed, all or none (S144).
func (r *Room) save(q *web.Request) error {
	in := q.Form()
	err := q.Do(func(tx *store.Tx) error {
		var wrong fault.Form
		kept := 0
		for i := range len(rows) + len(Kinds) {
			typed := in.Get(field(i))
			if typed == "" {
				continue
			}
			err := Type(tx, q.Actor, pki.Kind(in.Get("kind-"+strconv.Itoa(i))), typed, r.Numbers)
			if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
				wrong.Join(fault.BadText(field(i), f.About("number")))
			} else if err != nil {
				return err
			}
			kept++
		}
		if kept == 0 {
			wrong.Bad(field(0), "填寫憑證序號，或讀卡註冊", "Enter the number of a card, or have a card read")
		}
		return wrong.Err()
	})
	if f, ok := fault.As(err); ok {
		return r.draw(q, f)
	}
	if err != nil {
		return err
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
	if c.Typed() {
		q.Flash(say.F("已移除憑證序號 %s", "Removed: the number %s", c.Number))
	} else {
		q.Flash(say.F("已移除%s %s；以前用它壓的章仍然有效", "Removed: %s %s. What it has sealed stays sealed", c.Kind.Name(), c.Number))
	}
	return q.Redirect("/bls/cards")
}

func serial(c Card) string {
	if c.Certificate.X509 == nil {
		return ""
	}
	return cms.SerialText(c.Certificate.X509)
}

// who is what else the certificate says of its holder: the end of a national ID, a 統一編號 or an organisation's OID.
func who(c Card) say.Text {
	switch x := c.Certificate; {
	case x.Last4 != "":
		return say.F("身分證號後四碼：%s", "Last four digits of the national ID: %s", x.Last4)
	case x.UBN != "":
		return say.F("統一編號：%s", "Company number: %s", x.UBN)
	case x.Organisation != "":
		return say.F("機關團體物件識別碼（OID）：%s", "OID of the organisation: %s", x.Organisation)
	}
	return say.Text{}
}

// ended says why a card is no longer registered.
func ended(c Card) say.Text {
	switch c.Why {
	case "renewed":
		return say.T("換成新的憑證", "A new certificate took its place")
	case "verified":
		return say.T("讀卡後已驗證", "Verified when the card was read")
	case "another":
		return say.T("請核對號碼：這不是您的憑證", "Check the number: this is not your card")
	}
	return say.T("已移除", "Removed")
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
