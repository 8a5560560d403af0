package doors

import (
	"encoding/json"
	"errors"
	"time"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/openid"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// arrivalLife is how long somebody whom 我的e政府 has vouched for may take to say who they are here.
const arrivalLife = 30 * time.Minute

// Arrive lets in whom 我的e政府 vouches for: as the person who bound that account, or, if nobody has, as an arrival, whose
// secret the browser keeps until they have chosen (Welcome).
func Arrive(tx *store.Tx, who openid.Identity, from accounts.Source) (keys accounts.Keys, arrival string, err error) {
	b, err := bindingBy(tx, who.Issuer, who.Subject)
	if errors.Is(err, store.ErrNotFound) {
		arrival, err = wait(tx, who)
		return keys, arrival, err
	}
	if err != nil {
		return keys, "", err
	}
	if err := useBinding(tx, b.ID, label(who)); err != nil {
		return keys, "", err
	}
	if err := vouched(tx, b.Person, who); err != nil {
		return keys, "", err
	}
	keys, err = accounts.Enter(tx, b.Person, through(who), from)
	return keys, "", err
}

// wait keeps an arrival; what 我的e政府 said is hidden, a national ID may be in it.
func wait(tx *store.Tx, who openid.Identity) (secret string, err error) {
	next := who.Next
	who.IDToken, who.Next = "", ""
	text, err := json.Marshal(who)
	if err != nil {
		return "", err
	}
	hidden, err := tx.Hide(string(text))
	if err != nil {
		return "", err
	}
	secret = store.Secret()
	return secret, insertArrival(tx, openid.Mark(secret), hidden, next)
}

var gone = fault.Of(fault.SignIn, "再用我的e政府登錄一次：從登錄到現在超過 30 分鐘", "Sign in with MyEGov again: more than 30 minutes have passed since")

// Waiting is the arrival that this secret belongs to, with where it was going.
func Waiting(tx *store.Tx, secret string) (who openid.Identity, err error) {
	hidden, next, err := arrivalOf(tx, openid.Mark(secret))
	if errors.Is(err, store.ErrNotFound) {
		return who, gone
	}
	if err != nil {
		return who, err
	}
	text, err := tx.Reveal(hidden)
	if err != nil {
		return who, err
	}
	err = json.Unmarshal([]byte(text), &who)
	who.Next = next
	return who, err
}

// Settle makes a person of an arrival that has no account here, binds it and signs them in. The name is that of
// 我的e政府; letters go to its address until the person says otherwise.
func Settle(tx *store.Tx, secret string, from accounts.Source) (accounts.Keys, error) {
	who, err := Waiting(tx, secret)
	if err != nil {
		return accounts.Keys{}, err
	}
	p := accounts.Person{Name: who.Name, Terms: accounts.Terms}
	if mail, err := taiwan.Email(who.Email); err == nil {
		p.Contact = mail
	}
	if _, err := taiwan.PersonName(p.Name); err != nil {
		p.Name = say.T("線上申請人", "Applicant").Zh // it can be corrected at 使用者資訊
	}
	if p, err = accounts.New(tx, p); err != nil {
		return accounts.Keys{}, err
	}
	if err := bind(tx, permit.Actor{Person: p.ID, Name: p.Name, IP: from.IP}, who); err != nil {
		return accounts.Keys{}, err
	}
	if err := dropArrival(tx, openid.Mark(secret)); err != nil {
		return accounts.Keys{}, err
	}
	return accounts.Enter(tx, p.ID, through(who), from)
}

// Join binds an arrival to by, who has an account here and has just signed in to it.
func Join(tx *store.Tx, by permit.Actor, secret string) (openid.Identity, error) {
	who, err := Waiting(tx, secret)
	if err != nil {
		return who, err
	}
	if err := Bind(tx, by, who); err != nil {
		return who, err
	}
	return who, dropArrival(tx, openid.Mark(secret))
}
