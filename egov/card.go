package egov

import (
	"errors"
	"strings"
	"time"

	"cloudbm/fault"
	"cloudbm/pki"
	"cloudbm/say"
	"cloudbm/store"
)

// Certificate is what a verified certificate says of its holder. Whoever hands it over has had the card sign a
// challenge of this site and has checked chain, validity and revocation.
type Certificate struct {
	Kind        pki.Kind
	Name        string
	Last4       string // of the national ID, on citizens' cards
	UBN         string // 統一編號, on companies' cards
	Number      string // of the card
	Fingerprint string // SHA-256 of the certificate, hex
}

// Card is a card bound to a member.
type Card struct {
	Certificate
	Bound time.Time
}

var (
	unbound = fault.Of(fault.NotFound, "先用帳號登入，到會員資料管理綁定這張憑證：它還沒有綁定任何帳號", "Sign in with your account and bind this card under member data: it is bound to no account yet").
		To("會員登入", "Member sign-in", Home)
	notTheirs = fault.Of(fault.Forbidden, "用這個帳號本人的自然人憑證：這張憑證和帳號不相符", "Use the citizen certificate of the member: this card does not match the account").
			To("其他方式", "Other ways", passwordPage)
)

// SignInByCard signs in the member the card is bound to and answers the secret for the cookie.
func SignInByCard(tx *store.Tx, c Certificate) (secret string, err error) {
	m, err := memberOfCard(tx, c.Fingerprint)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "", unbound
	case err != nil:
		return "", err
	case m.State == Locked:
		return "", shut
	case m.State == Inactive:
		return "", asleep
	}
	return begin(tx, m.ID, ByCard)
}

// EnableByCard enables an account that is 未啟用 or 被鎖定 by its member's own citizen certificate (S39).
func EnableByCard(tx *store.Tx, account string, c Certificate) error {
	m, err := ownerOf(tx, account, c)
	if err != nil {
		return err
	}
	return enable(tx, m)
}

// ResetByCard opens the page for a new password by the member's own citizen certificate (S41).
func ResetByCard(tx *store.Tx, account string, c Certificate) (secret string, err error) {
	m, err := ownerOf(tx, account, c)
	if err != nil {
		return "", err
	}
	return allowReset(tx, m)
}

// ownerOf is the member with that account if the citizen certificate is theirs: bound to the account, or with the name
// and the last four digits of the national ID that was verified. An unknown account is answered as another's card.
func ownerOf(tx *store.Tx, account string, c Certificate) (Member, error) {
	m, err := ByAccount(tx, account)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return m, err
	}
	holder, err := memberOfCard(tx, c.Fingerprint)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return m, err
	}
	bound := m.ID != "" && holder.ID == m.ID
	same := m.NationalID != "" && m.Name == c.Name && c.Last4 != "" && strings.HasSuffix(m.NationalID, c.Last4)
	if c.Kind != pki.Citizen || !bound && !same {
		return Member{}, notTheirs
	}
	return m, nil
}

// BindCard binds a card to a member (憑證帳號綁定, S113). One card belongs to one member; a citizen's card has to carry
// the member's own name.
func BindCard(tx *store.Tx, m Member, c Certificate) error {
	if c.Kind == pki.Citizen && c.Name != m.Name {
		return fault.Say(fault.Forbidden, say.F("用您自己的自然人憑證：這張是%s的，帳號是%s的", "Use your own citizen certificate: this one is of %s, the account of %s",
			say.Same(c.Name), say.Same(m.Name)))
	}
	switch holder, err := memberOfCard(tx, c.Fingerprint); {
	case err == nil && holder.ID == m.ID:
		return nil
	case err == nil:
		return fault.Of(fault.Conflict, "先在原來的帳號解除綁定：這張憑證已綁定另一個帳號", "Unbind the card from the other account first: it is bound there")
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	return insertCard(tx, m.ID, c)
}

// UnbindCard ends the binding of one of the member's cards.
func UnbindCard(tx *store.Tx, m Member, fingerprint string) error {
	return dropCard(tx, m.ID, fingerprint)
}

// Cards lists the cards bound to the member.
func Cards(tx *store.Tx, m Member) ([]Card, error) { return cardsOf(tx, m.ID) }
