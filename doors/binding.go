package doors

import (
	"errors"
	"strconv"
	"time"

	"cloudbm/accounts"
	"cloudbm/factors"
	"cloudbm/fault"
	"cloudbm/openid"
	"cloudbm/permit"
	"cloudbm/store"
)

// Binding is a way in that leads to a person: an account of 我的e政府, or a health card.
type Binding struct {
	ID     string
	Person string
	Door   accounts.Door
	Label  string // the account as its owner knows it, or the card's number, masked
	Bound  time.Time
	Used   time.Time // zero: not yet
}

// theCard is the id of the one health card a person can bind.
const theCard = "card"

// Bindings are the ways in that a person has bound, 我的e政府 first.
func Bindings(tx *store.Tx, person string) ([]Binding, error) {
	all, err := bindingsOf(tx, person)
	if err != nil {
		return nil, err
	}
	card, err := cardOf(tx, person)
	if errors.Is(err, store.ErrNotFound) {
		return all, nil
	}
	return append(all, card), err
}

var elsewhere = fault.Of(fault.Conflict, "先到原來的帳號解除綁定：這個我的e政府帳號已經綁定在另一個人的帳號上",
	"Unbind it at the other account first: this MyEGov account is bound to somebody else's").To("聯絡窗口", "Contact", "/contact")

// Bind makes an account of 我的e政府 a way in for by, who has just proved who they are. One that leads to somebody else
// is refused, whatever its e-mail address.
func Bind(tx *store.Tx, by permit.Actor, who openid.Identity) error {
	if err := factors.Proved(tx, by); err != nil {
		return err
	}
	return bind(tx, by, who)
}

func bind(tx *store.Tx, by permit.Actor, who openid.Identity) error {
	switch b, err := bindingBy(tx, who.Issuer, who.Subject); {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return err
	case b.Person != by.Person:
		return elsewhere
	default:
		return nil // bound already
	}
	b := Binding{ID: store.NewID(), Person: by.Person, Door: accounts.EGov, Label: label(who), Bound: tx.Now}
	if err := insertBinding(tx, b, who.Issuer, who.Subject); errors.Is(err, store.ErrUnique) {
		return elsewhere
	} else if err != nil {
		return err
	}
	if err := vouched(tx, by.Person, who); err != nil {
		return err
	}
	return accounts.Note(tx, by, "door.bind", by.Person, string(accounts.EGov)+" "+b.Label)
}

func label(who openid.Identity) string {
	for _, s := range []string{who.Account, who.Email, who.Name} {
		if s != "" {
			return s
		}
	}
	return "—"
}

var lastWayIn = fault.Of(fault.Conflict, "先申請備用帳號或綁定另一種登錄方式，再解除這一個：這是您現在唯一的登錄方式",
	"Apply for a backup account or bind another way to sign in first: this is the only one you have").To("申請備用帳號", "Apply for a backup account", BackupURL)

// Unbind takes a way in away from by, who has just proved who they are. The last one stays.
func Unbind(tx *store.Tx, by permit.Actor, id string) (Binding, error) {
	if err := factors.Proved(tx, by); err != nil {
		return Binding{}, err
	}
	all, err := Bindings(tx, by.Person)
	if err != nil {
		return Binding{}, err
	}
	password, err := accounts.HasPassword(tx, by.Person)
	if err != nil {
		return Binding{}, err
	}
	mine, err := factors.Of(tx, by.Person)
	if err != nil {
		return Binding{}, err
	}
	for _, b := range all {
		if b.ID != id {
			continue
		}
		if len(all) == 1 && !password && len(mine.Passkeys) == 0 {
			return b, lastWayIn
		}
		drop := deleteBinding
		if b.Door == accounts.Health {
			drop = deleteCard
		}
		if err := drop(tx, by.Person, id); err != nil {
			return b, err
		}
		return b, accounts.Note(tx, by, "door.unbind", by.Person, string(b.Door)+" "+b.Label)
	}
	return Binding{}, store.ErrNotFound
}

// Levels of assurance of 我的e政府 (domain §5.1): from certificate on, a card and its PIN were used.
const certificate = 3

// through is the door an identity came by.
func through(who openid.Identity) accounts.Door {
	if n, err := strconv.Atoi(who.Level); err == nil && n >= certificate {
		return accounts.Card
	}
	return accounts.EGov
}

// vouched keeps a national ID that the provider has verified, so that nobody needs to type it, or can type another's.
func vouched(tx *store.Tx, person string, who openid.Identity) error {
	if who.NationalID == "" || through(who) != accounts.Card {
		return nil
	}
	hidden, err := tx.Hide(who.NationalID)
	if err != nil {
		return err
	}
	return keepVerified(tx, person, hidden, who.Issuer)
}

// Verified is the national ID that 我的e政府 has vouched for, empty if it never did.
func Verified(tx *store.Tx, person string) (string, error) {
	hidden, err := verifiedOf(tx, person)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return tx.Reveal(hidden)
}
