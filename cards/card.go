package cards

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"cloudbm/accounts"
	"cloudbm/doors"
	"cloudbm/factors"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
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
}

// Typed reports whether the number was only typed.
func (c Card) Typed() bool { return c.Verified.IsZero() }

// Kinds are the cards that can be registered (S143).
var Kinds = []pki.Kind{pki.Citizen, pki.Company, pki.Organisation}

// Format is how numbers of cards look. What the authorities really print is not published, so it is configuration.
var Format = regexp.MustCompile(`^[A-Z]{2}[0-9A-Z]{8,16}$`)

// Owned lists the cards of a person, registered first.
func Owned(tx *store.Tx, person string) ([]Card, error) {
	all, err := cardsOf(tx, person)
	return slices.DeleteFunc(all, func(c Card) bool { return !c.Ended.IsZero() }), err
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
	c := Card{ID: store.NewID(), Person: by.Person, Kind: s.Kind, Number: s.CardNumber, Certificate: s.Certificate, Registered: tx.Now, Verified: tx.Now, Used: tx.Now, warned: far}
	if s.CardNumber != "" {
		same, err := byNumber(tx, s.CardNumber)
		if err != nil {
			return c, err
		}
		for _, o := range same {
			switch {
			case o.Person != by.Person && !o.Typed():
				return c, elsewhere
			case o.Person != by.Person:
				err = end(tx, o.ID, "another")
			case o.Typed():
				err = end(tx, o.ID, "verified")
			default:
				err = end(tx, o.ID, "renewed")
			}
			if err != nil {
				return c, err
			}
		}
	}
	if err := insert(tx, c); errors.Is(err, store.ErrUnique) {
		return c, elsewhere
	} else if err != nil {
		return c, err
	}
	return c, accounts.Note(tx, by, "card.add", by.Person, string(c.Kind)+" "+c.Number)
}

// elsewhere tells nothing of the account that has the card.
var elsewhere = fault.Of(fault.Conflict, "用還沒有註冊的憑證：這張憑證已註冊在另一個帳號；是您本人的話，先到那個帳號移除", "Use a card that is not registered: this one belongs to another account. If that is yours too, remove it there first")

// belongs refuses a certificate that is not of by: a citizen's by name and the end of the national ID, a firm's by its
// 統一編號 (domain §5.2).
func belongs(tx *store.Tx, by permit.Actor, c pki.Certificate) error {
	facts, _, err := roles.Facts(tx, by.Person)
	if err != nil {
		return err
	}
	switch c.Kind {
	case pki.Citizen:
		id, err := doors.Verified(tx, by.Person)
		if err != nil {
			return err
		}
		if id == "" {
			id = facts["person_id"]
		}
		switch {
		case taiwan.Fold(c.Name) != taiwan.Fold(by.Name) && taiwan.Fold(c.Name) != taiwan.Fold(facts["name"]):
			return fault.Say(fault.Forbidden, say.F("用您本人的自然人憑證：這張是%s的，您的帳號是%s", "Use your own citizen certificate: this one is of %s, the account of %s", say.Same(c.Name), say.Same(by.Name))).
				To("核對我的資料", "Check my data", "/me")
		case id == "":
			return fault.Of(fault.Conflict, "先在角色資料填寫身分證字號：憑證要和身分證字號核對", "Enter your national ID in your profile first: the card is checked against it").To("填寫角色資料", "Fill in the profile", "/bls/profile")
		case !strings.HasSuffix(id, c.Last4) || c.Last4 == "":
			return fault.Of(fault.Forbidden, "核對角色資料的身分證字號：後四碼和這張憑證不同", "Check the national ID in your profile: its last four digits are not those of this card").To("核對角色資料", "Check the profile", "/bls/profile")
		}
	case pki.Company:
		switch {
		case facts["company_id"] == "":
			return fault.Of(fault.Conflict, "先在角色資料填寫統一編號：工商憑證要和統一編號核對", "Enter the company number in your profile first: the card is checked against it").To("填寫角色資料", "Fill in the profile", "/bls/profile")
		case facts["company_id"] != c.UBN:
			return fault.Say(fault.Forbidden, say.F("用貴公司的工商憑證：這張的統一編號是 %s，角色資料是 %s", "Use the card of your firm: this one is of %s, the profile says %s", c.UBN, facts["company_id"])).To("核對角色資料", "Check the profile", "/bls/profile")
		}
	}
	return nil
}

var (
	serials     = regexp.MustCompile(`^[0-9A-F]{20,}$`)
	notTheCards = fault.Bad("number", "填卡片條碼下方的號碼：這看起來是憑證本身的序號，不是卡號", "Enter the number under the bar code of the card: this looks like the serial number of the certificate")
	formatWrong = fault.Bad("number", "填卡片條碼下方的號碼，例如 TP01000000000011：兩個英文字母，後面是數字", "Enter the number under the bar code of the card, for example TP01000000000011: two letters, then digits")
)

// Number reads a number of a card as people type it: width, case, blanks and hyphens do not matter, and a letter O or I
// among the digits is the digit that it looks like.
func Number(typed string) (string, error) {
	s := strings.ToUpper(taiwan.Fold(typed))
	colons := strings.Contains(s, ":")
	s = strings.NewReplacer(" ", "", "-", "", "　", "", ":", "").Replace(s)
	switch {
	case s == "":
		return "", nil
	case colons || serials.MatchString(s) && !Format.MatchString(s) || len(s) >= 32:
		return "", notTheCards
	}
	if len(s) > 2 {
		s = s[:2] + strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(s[2:])
	}
	if !Format.MatchString(s) {
		return "", formatWrong
	}
	return s, nil
}

// Type keeps a number that somebody typed, unverified until the card signs (S146).
func Type(tx *store.Tx, by permit.Actor, kind pki.Kind, typed string) error {
	number, err := Number(typed)
	if err != nil {
		return err
	}
	if !slices.Contains(Kinds, kind) || number == "" {
		return formatWrong
	}
	all, err := Owned(tx, by.Person)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(c Card) bool { return c.Number == number }) {
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
		if err := factors.Proved(tx, by); err != nil {
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
	case err == nil && c.Person == by.Person:
		return c, markUsed(tx, c.ID)
	case err == nil:
		return Card{}, elsewhere
	case !errors.Is(err, store.ErrNotFound):
		return Card{}, err
	}
	same, err := byNumber(tx, s.CardNumber)
	if err != nil {
		return Card{}, err
	}
	if s.CardNumber != "" && slices.ContainsFunc(same, func(o Card) bool { return o.Person == by.Person }) {
		return Register(tx, by, s)
	}
	return Card{}, fault.Of(fault.Forbidden, "先註冊這張憑證，再用它壓章：註冊只要讀一次卡", "Register this card first, then seal with it: it takes one reading").To("註冊憑證作業", "Register a card", "/bls/cards")
}
