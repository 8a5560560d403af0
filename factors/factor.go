package factors

import (
	"errors"
	"strings"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/store"
)

// FactorsURL is the page of one's own second factors.
const FactorsURL = "/me/factors"

// Factors are the second factors of one person.
type Factors struct {
	Passkeys      []Passkey
	Authenticator *Authenticator // nil: none that counts
	Codes         int            // backup codes left
}

// Of is the second factors that person has.
func Of(tx *store.Tx, person string) (f Factors, err error) {
	if f.Passkeys, err = passkeysOf(tx, person); err != nil {
		return f, err
	}
	all, err := authenticatorsOf(tx, person)
	if err != nil {
		return f, err
	}
	for _, a := range all {
		if !a.Confirmed.IsZero() {
			f.Authenticator = &a
		}
	}
	f.Codes, err = backupCodesLeft(tx, person)
	return f, err
}

// Count is how many there are; backup codes are spares, not factors.
func (f Factors) Count() int {
	n := len(f.Passkeys)
	if f.Authenticator != nil {
		n++
	}
	return n
}

// Any reports whether there is one.
func (f Factors) Any() bool { return f.Count() > 0 }

// Lone reports that whoever loses one thing is locked out.
func (f Factors) Lone() bool { return f.Count() == 1 && f.Codes == 0 }

// gained marks that by has a second factor and has just used it.
func gained(tx *store.Tx, by permit.Actor) error {
	if err := accounts.Second(tx, by.Person, true); err != nil || by.Person == permit.System.Person {
		return err
	}
	return accounts.Prove(tx, by, true)
}

// Remove takes one of by's own factors away. Where officers need one, their last is replaced, not removed. With the
// last one its spares, the backup codes, go too.
func Remove(tx *store.Tx, by permit.Actor, id string, needed bool) error {
	if err := Proved(tx, by); err != nil {
		return err
	}
	p, err := accounts.Find(tx, by.Person)
	if err != nil {
		return err
	}
	f, err := Of(tx, by.Person)
	if err != nil {
		return err
	}
	kind := ByPasskey
	switch {
	case f.Authenticator != nil && f.Authenticator.ID == id:
		kind, err = ByCode, deleteAuthenticator(tx, by.Person, id)
	default:
		err = deletePasskey(tx, by.Person, id)
	}
	if err != nil {
		return err
	}
	if f.Count() == 1 {
		if needed && p.Officer {
			return fault.Of(fault.Conflict, "先加入另一種第二道驗證，再移除這一個：機關人員至少要有一個", "Add another second factor before you remove this one: officers need at least one").To("第二道驗證", "Second factors", FactorsURL)
		}
		if err := dropFactors(tx, by.Person); err != nil {
			return err
		}
		if err := accounts.Second(tx, by.Person, false); err != nil {
			return err
		}
	}
	return accounts.Note(tx, by, "factor.remove", by.Person, kind)
}

var onlyAdministrators = fault.Of(fault.Forbidden, "由系統管理者來做這件事", "Only an administrator of the system does this").To("回首頁", "Home", "/home")

// Reset takes every second factor of a person away who has lost them, after an administrator has checked who they are;
// why says how. Their sessions end, and they set up new ones after signing in again.
func Reset(tx *store.Tx, by permit.Actor, person, why string) error {
	switch {
	case !by.Admin && by.Person != permit.System.Person:
		return onlyAdministrators
	case by.Person == person:
		return fault.Of(fault.Forbidden, "由另一位系統管理者重設您的第二道驗證", "Another administrator has to reset your own second factors")
	case strings.TrimSpace(why) == "":
		return fault.Bad("why", "寫下如何核對了身分", "Write down how the identity was checked")
	}
	f, err := Of(tx, person)
	if err != nil {
		return err
	}
	if !f.Any() {
		return fault.Of(fault.Conflict, "不用重設：這個人沒有第二道驗證", "There is nothing to reset: this person has no second factor")
	}
	err = errors.Join(dropFactors(tx, person), accounts.Second(tx, person, false), accounts.EndAll(tx, person))
	if err != nil {
		return err
	}
	return accounts.Note(tx, by, "factor.reset", person, why)
}
