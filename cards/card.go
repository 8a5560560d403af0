package cards

import (
	"errors"
	"slices"
	"time"

	"cloudbm/accounts"
	"cloudbm/factors"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/say"
	"cloudbm/store"
)

// Card is a card that somebody has registered.
type Card struct {
	ID, Person  string
	Kind        pki.Kind
	Number      string          // 憑證序號; "" if the card's signatures do not say it
	Certificate pki.Certificate // zero while unverified
	Registered  time.Time
	Verified    time.Time // zero: only typed
	Used        time.Time // last time it signed for us; zero: never since it was registered
	Ended       time.Time
	Why         string // it ended: removed, renewed, verified by another
	warned      int    // the fewest days before its end of which its holder was told
	news        news   // what the signature just given has changed
}

// Typed reports whether the number was only typed.
func (c Card) Typed() bool { return c.Verified.IsZero() }

// Kinds are the cards that can be registered (S143).
var Kinds = []pki.Kind{pki.Citizen, pki.Company, pki.Organisation}

// Owned lists the cards of a person, registered first.
func Owned(tx *store.Tx, person string) ([]Card, error) {
	all, err := cardsOf(tx, person)
	return slices.DeleteFunc(all, func(c Card) bool { return !c.Ended.IsZero() }), err
}

// Past lists what the person had registered or typed and has no more, ended last first.
func Past(tx *store.Tx, person string) ([]Card, error) {
	all, err := cardsOf(tx, person)
	all = slices.DeleteFunc(all, func(c Card) bool { return c.Ended.IsZero() })
	slices.SortStableFunc(all, func(a, b Card) int { return b.Ended.Compare(a.Ended) })
	return all, err
}

// Register registers the card that has just signed to by, or says that it is registered already. It verifies a number that
// by had typed, takes the place of an older certificate on the same card, and ends whatever others typed of its number.
func Register(tx *store.Tx, by permit.Actor, s pki.Signed) (Card, error) {
	if err := belongs(tx, by, s.Certificate); err != nil {
		return Card{}, err
	}
	switch there, err := byFingerprint(tx, s.Fingerprint); {
	case err == nil && there.Person != by.Person:
		return Card{}, elsewhere
	case err == nil:
		return there, markUsed(tx, there.ID)
	case !errors.Is(err, store.ErrNotFound):
		return Card{}, err
	}
	c := Card{ID: store.NewID(), Person: by.Person, Kind: s.Kind, Number: plain(s.CardNumber), Certificate: s.Certificate, Registered: tx.Now, Verified: tx.Now, Used: tx.Now, warned: far, news: added}
	same, err := byNumber(tx, c.Number)
	if err != nil {
		return c, err
	}
	for _, o := range same {
		if o.Person != by.Person && !o.Typed() {
			return c, elsewhere
		}
		why := "another"
		if o.Person == by.Person {
			c.news, why = renewed, "renewed"
			if o.Typed() {
				c.news, why = verified, "verified"
			}
		}
		if err := end(tx, o.ID, why); err != nil {
			return c, err
		}
	}
	if err := insert(tx, c); errors.Is(err, store.ErrUnique) {
		return c, elsewhere
	} else if err != nil {
		return c, err
	}
	return c, accounts.Note(tx, by, string(c.news), by.Person, string(c.Kind)+" "+c.Number)
}

// news is what a signature has changed about a card, by its name in the audit record; empty: nothing.
type news string

const (
	added    news = "card.add"
	verified news = "card.verify"
	renewed  news = "card.renew"
)

// elsewhere tells nothing of the account that has the card.
var elsewhere = fault.Of(fault.Conflict, "用還沒有註冊的憑證：這張憑證已註冊在另一個帳號；是您本人的話，先到那個帳號移除", "Use a card that is not registered: this one belongs to another account. If that is yours too, remove it there first")

// Type keeps a number that somebody typed, unverified until the card signs (S146).
func Type(tx *store.Tx, by permit.Actor, kind pki.Kind, typed string, n Numbers) error {
	number, err := n.Read(typed)
	if err != nil {
		return err
	}
	if !slices.Contains(Kinds, kind) || number == "" {
		return fault.BadText("number", n.form())
	}
	all, err := Owned(tx, by.Person)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(c Card) bool { return alike(c.Number) == alike(number) }) {
		return fault.BadText("number", say.F("這個號碼已經在您的清單裡：%s", "The number is on your list already: %s", number))
	}
	if len(all) >= most {
		return fault.BadText("number", say.F("先移除不用的憑證：一個帳號最多 %d 張", "Remove a card that you do not use: an account has at most %d", most))
	}
	if err := insert(tx, Card{ID: store.NewID(), Person: by.Person, Kind: kind, Number: number, Registered: tx.Now, warned: far}); err != nil {
		return err
	}
	return accounts.Note(tx, by, "card.type", by.Person, string(kind)+" "+number)
}

var proveFirst = fault.Of(fault.SignIn, "先確認是您本人，再按一次「移除」：移除憑證前要再驗證一次", "Confirm first that it is you, then press Remove again").
	To("確認是您本人", "Confirm it is you", factors.ConfirmURL)

// most cards of one account.
const most = 20

// Remove takes a card of by away, who has proved just now who they are. What it has sealed stays sealed.
func Remove(tx *store.Tx, by permit.Actor, id string) (Card, error) {
	all, err := Owned(tx, by.Person)
	if err != nil {
		return Card{}, err
	}
	i := slices.IndexFunc(all, func(c Card) bool { return c.ID == id })
	if i < 0 {
		return Card{}, fault.Of(fault.NotFound, "從清單選擇憑證：這張憑證已經移除", "Choose a card from the list: this one was removed").To("註冊憑證作業", "Register a card", "/bls/cards")
	}
	if !all[i].Typed() {
		if err := factors.Proved(tx, by); fault.Is(err, fault.SignIn) {
			return all[i], proveFirst
		} else if err != nil {
			return all[i], err
		}
	}
	if err := end(tx, id, "removed"); err != nil {
		return all[i], err
	}
	return all[i], accounts.Note(tx, by, "card.remove", by.Person, string(all[i].Kind)+" "+all[i].Number)
}

// Used is the registered card of by that has just signed something. A number that by had typed is verified by it. Any other
// card is refused, in words.
func Used(tx *store.Tx, by permit.Actor, s pki.Signed) (Card, error) {
	c, err := byFingerprint(tx, s.Fingerprint)
	switch {
	case err == nil && c.Person != by.Person:
		return Card{}, elsewhere
	case err == nil: // the profile may say something else by now
		if err := belongs(tx, by, s.Certificate); err != nil {
			return Card{}, err
		}
		return c, markUsed(tx, c.ID)
	case !errors.Is(err, store.ErrNotFound):
		return Card{}, err
	}
	same, err := byNumber(tx, plain(s.CardNumber))
	switch {
	case err != nil:
		return Card{}, err
	case slices.ContainsFunc(same, func(o Card) bool { return o.Person == by.Person }):
		return Register(tx, by, s)
	case slices.ContainsFunc(same, func(o Card) bool { return !o.Typed() }):
		return Card{}, elsewhere
	}
	return Card{}, fault.Of(fault.Forbidden, "先註冊這張憑證，再用它壓章：註冊只要讀一次卡", "Register this card first, then seal with it: it takes one reading").To("註冊憑證作業", "Register a card", "/bls/cards")
}
