package accounts

import (
	"cmp"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Person is one human being, whichever doors they use.
type Person struct {
	ID           string
	Name         string // 姓名
	Email        string // 備用帳號: the e-mail address to sign in with, once given never another's; "" while none
	Contact      string // 電子郵件: where letters go; the same as Email unless the person wants another
	Phone        string // 聯絡電話
	Address      string // 聯絡地址
	Organisation string // 組織
	Title        string // 職稱/身分
	Terms        string // version of the personal-data notice agreed to
	Officer      bool   // serves at an authority
	Second       bool   // has a second factor: a password alone opens half a session only
	Idle         int    // minutes without a click until the session ends
	Created      time.Time
	Changed      time.Time
	SignedIn     time.Time // the latest sign-in; zero: never
	Before       time.Time // the one before it (上次登入時間); zero: this is the first
	Disabled     time.Time // zero: may sign in
	DisabledWhy  string
}

// Terms is the version of the notice of 個人資料保護法 §8 that pages show now.
const Terms = "2026-01"

// The idle times of a session, in minutes.
const (
	Idle        = 30 // S100: 30:00
	OfficerIdle = 15
)

// Mail is where letters to the person go.
func (p Person) Mail() string {
	if p.Contact != "" {
		return p.Contact
	}
	return p.Email
}

// Taken is the refusal of an address that was ever a 備用帳號 (S78, S80).
func taken(key string) *fault.Fault {
	return fault.Bad(key, "輸入另一個電子郵件地址：已申請過的電子郵件地址不能再次使用",
		"Enter another e-mail address: one that was used for an account before cannot be used again").
		To("用這個帳號登錄", "Sign in with that account", "/signin")
}

// New makes a person. Name is needed; Email, if given, becomes the 備用帳號 for ever (S71) and is refused when any
// account, also a disabled one, ever had it (S80).
func New(tx *store.Tx, p Person) (Person, error) {
	p, err := Clean(p)
	if err != nil {
		return p, err
	}
	if p.Email != "" {
		if err := Free(tx, p.Email); err != nil {
			return p, err
		}
	}
	p.ID, p.Created, p.Changed, p.Idle = store.NewID(), tx.Now, tx.Now, Idle
	if p.Contact == "" {
		p.Contact = p.Email
	}
	return p, insertPerson(tx, p)
}

// Free refuses an address that is or ever was somebody's 備用帳號 (S80), in any case of letters.
func Free(tx *store.Tx, email string) error {
	_, err := ByEmail(tx, email)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil {
		err = taken("email")
	}
	return err
}

// GiveAccount makes p.Email the 備用帳號 of somebody who has none (S88), with the password that hash was made of, and
// keeps what they typed about themselves beside it. Letters go there unless they go elsewhere.
func GiveAccount(tx *store.Tx, by permit.Actor, p Person, hash string) error {
	old, err := Find(tx, p.ID)
	if err != nil {
		return err
	}
	if old.Email != "" {
		return taken("email")
	}
	old.Name, old.Email, old.Contact, old.Changed = p.Name, p.Email, cmp.Or(old.Contact, p.Email), tx.Now
	old.Phone, old.Organisation, old.Title = cmp.Or(p.Phone, old.Phone), cmp.Or(p.Organisation, old.Organisation), cmp.Or(p.Title, old.Title)
	if err := updatePerson(tx, old); err != nil {
		return err
	}
	if err := giveEmail(tx, old); err != nil {
		return err
	}
	if err := insertPassword(tx, p.ID, hash); err != nil {
		return err
	}
	return Note(tx, by, "person.account", p.ID, p.Email)
}

// Clean brings what was typed about a person to its canonical form, or says what to mend at name, email, contact,
// phone, address, organisation, title.
func Clean(p Person) (Person, error) {
	var f fault.Form
	take := func(key string, to *string, read func(string) (string, error)) {
		if *to == "" {
			return
		}
		s, err := read(*to)
		f.Add(key, err)
		if err == nil {
			*to = s
		}
	}
	name, err := taiwan.PersonName(p.Name)
	f.Add("name", err)
	if err == nil {
		p.Name = name
	}
	take("email", &p.Email, taiwan.Email)
	take("contact", &p.Contact, taiwan.Email)
	take("phone", &p.Phone, taiwan.Phone)
	take("address", &p.Address, line(200))
	take("organisation", &p.Organisation, line(100))
	take("title", &p.Title, line(50))
	return p, f.Err()
}

func line(most int) func(string) (string, error) {
	return func(s string) (string, error) {
		s = strings.Join(strings.Fields(s), " ")
		if utf8.RuneCountInString(s) > most {
			return s, fault.Say(fault.Invalid, say.F("縮短到 %d 個字以內", "Shorten this to at most %d characters", most))
		}
		return s, nil
	}
}

// Change keeps what a person typed about themselves (個人資料維護, 組織職稱/身分維護): name, contact, phone, address,
// organisation and title. The 備用帳號 does not change.
func Change(tx *store.Tx, by permit.Actor, p Person) (Person, error) {
	old, err := Find(tx, p.ID)
	if err != nil {
		return p, err
	}
	p.Email = old.Email
	if p, err = Clean(p); err != nil {
		return p, err
	}
	if p.Contact == "" {
		return p, fault.Bad("contact", "輸入電子郵件，通知會寄到這裡", "Enter an e-mail address; notices are sent there")
	}
	p.Changed = tx.Now
	if err := updatePerson(tx, p); err != nil {
		return p, err
	}
	var what []string
	for _, d := range []struct{ name, old, new string }{
		{"name", old.Name, p.Name}, {"contact", old.Contact, p.Contact}, {"phone", old.Phone, p.Phone},
		{"address", old.Address, p.Address}, {"organisation", old.Organisation, p.Organisation}, {"title", old.Title, p.Title},
	} {
		if d.old != d.new {
			what = append(what, d.name)
		}
	}
	if len(what) == 0 {
		return p, nil
	}
	if old.Contact != "" && taiwan.EmailKey(old.Contact) != taiwan.EmailKey(p.Contact) {
		if err := jobs.Later(tx, changed{p.ID, newContact, []string{old.Contact}, tx.Now}); err != nil {
			return p, err
		}
	}
	return p, Note(tx, by, "person.change", p.ID, strings.Join(what, " "))
}

// Find is the person with that id; store.ErrNotFound if there is none.
func Find(tx *store.Tx, id string) (Person, error) { return personBy(tx, "id", id) }

// ByEmail is the person whose 備用帳號 the address is, in any case of letters; store.ErrNotFound if there is none.
func ByEmail(tx *store.Tx, email string) (Person, error) {
	key := taiwan.EmailKey(email)
	if key == "" {
		return Person{}, store.ErrNotFound
	}
	return personBy(tx, "email_key", key)
}

// People finds persons by a part of the name, the e-mail address or the telephone number; 50 at most.
func People(tx *store.Tx, words string) ([]Person, error) {
	return findPeople(tx, strings.Fields(folded(words)), 50)
}

// folded is text as it is searched: half-width, small letters, 臺 for 台.
func folded(s string) string {
	return strings.ReplaceAll(strings.ToLower(taiwan.Fold(s)), "台", "臺")
}

// Officer marks the person as serving at an authority or not, with the minutes without a click their sessions last.
func Officer(tx *store.Tx, person string, officer bool, idle int) error {
	return setOfficer(tx, person, officer, idle)
}

// Second marks whether the person has a second factor, so that a password alone opens half a session only.
func Second(tx *store.Tx, person string, has bool) error { return setSecond(tx, person, has) }

// Disable closes an account: it cannot be signed in to and its sessions end at once. Its address stays taken.
func Disable(tx *store.Tx, by permit.Actor, person, why string) error {
	switch {
	case !administers(by):
		return onlyAdministrators
	case by.Person == person:
		return fault.Of(fault.Forbidden, "由另一位系統管理者停用您的帳號", "Another administrator has to disable your own account")
	case strings.TrimSpace(why) == "":
		return fault.Bad("why", "寫下停用的原因", "Write down why the account is disabled")
	}
	if err := setDisabled(tx, person, tx.Now, why); err != nil {
		return err
	}
	if err := endSessions(tx, person, ""); err != nil {
		return err
	}
	if err := dropLinks(tx, person); err != nil {
		return err
	}
	return Note(tx, by, "person.disable", person, why)
}

// Enable opens a disabled account again.
func Enable(tx *store.Tx, by permit.Actor, person, why string) error {
	if !administers(by) {
		return onlyAdministrators
	}
	if strings.TrimSpace(why) == "" {
		return fault.Bad("why", "寫下恢復的原因", "Write down why the account is enabled again")
	}
	if err := setDisabled(tx, person, time.Time{}, ""); err != nil {
		return err
	}
	return Note(tx, by, "person.enable", person, why)
}

var onlyAdministrators = fault.Of(fault.Forbidden, "由系統管理者來做這件事", "Only an administrator of the system does this")

func administers(by permit.Actor) bool { return by.Admin || by.Person == permit.System.Person }
