package sso

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// BLS is the building-permit counter itself among the systems: its roles are the duties at an authority.
const BLS = "bls"

// State is how far a request has come, as both sides see it.
type State string

// The states of a request. Of what is kept, agreed is a duty that a second person still has to approve; the seat tells
// how it ended.
const (
	Waiting   State = "waiting"   // 審核中
	Agreed    State = "agreed"    // 審核中: the second of two
	Approved  State = "approved"  // 已核准
	Returned  State = "returned"  // 已退回
	Withdrawn State = "withdrawn" // 已撤回
	Ended     State = "ended"     // 已終止
	Expired   State = "expired"   // 已到期
)

// Name is what the state is called.
func (s State) Name() say.Text {
	switch s {
	case Waiting:
		return say.T("審核中", "In review")
	case Agreed:
		return say.T("審核中，等第二位核准", "In review, second approval to come")
	case Approved:
		return say.T("已核准", "Approved")
	case Returned:
		return say.T("已退回", "Returned")
	case Withdrawn:
		return say.T("已撤回", "Withdrawn")
	case Ended:
		return say.T("已終止", "Ended")
	case Expired:
		return say.T("已到期", "Over")
	}
	return say.Same(string(s))
}

// Wish is what somebody applies for: without a System an organisation with a title, else a Role in it.
type Wish struct {
	System       string
	Role         string
	Authority    string // code, "" for none
	Organisation string // its name where it is no authority
	Title        string
	Said         string // why, in the applicant's words
}

// Request is a wish with what became of it. One that is Approved is the grant.
type Request struct {
	Wish
	ID, Person  string
	Name, Email string // of the applicant
	State       State
	Seat        string // of a duty, once the first of two agreed
	Asked       time.Time
	Agreer      string // id of who decided, of a duty the first of two
	Decider     string // name of who decided, of a duty the second of two
	Decided     time.Time
	Why         string // of a return or an end
	Last        string // last day, 2026-11-23; "" is open
	Ended       time.Time

	system, role say.Text
}

// seated is how the seat of a duty stands.
type seated struct {
	approver, ender, why, last string
	approved, ended            time.Time
}

// called is the name of who decided; what the house itself did has no person.
func called(name string) string {
	if name == permit.System.Person {
		return permit.System.Name
	}
	return name
}

// asOf is r as it stands on the day: how a duty went on is told by its seat.
func (r Request) asOf(day string, s seated) Request {
	r.Decider = called(r.Decider)
	if r.State == Agreed {
		switch {
		case s.approved.IsZero() && s.ended.IsZero():
			return r
		case s.approved.IsZero():
			r.State, r.Decider, r.Decided, r.Why = Returned, called(s.ender), s.ended, s.why
			return r
		}
		r.State, r.Decider, r.Decided, r.Ended, r.Last = Approved, called(s.approver), s.approved, s.ended, s.last
		if !r.Ended.IsZero() {
			r.Why = s.why
		}
	}
	if r.State == Approved && !r.Ended.IsZero() {
		r.State = Ended
	}
	if r.State == Approved && r.Last != "" && r.Last < day {
		r.State = Expired
	}
	return r
}

// Open reports whether it waits for somebody to decide.
func (r Request) Open() bool { return r.State == Waiting || r.State == Agreed }

// Where is the organisation the request is about; empty if none was named.
func (r Request) Where() say.Text {
	if r.Authority == "" {
		return say.Same(r.Organisation)
	}
	if a, ok := taiwan.AuthorityByCode(r.Authority); ok {
		return a.Text()
	}
	return say.Same(r.Authority)
}

// SystemName is the system, RoleName the role in it.
func (r Request) SystemName() say.Text {
	if r.System == BLS {
		return blsName
	}
	return r.system
}

// RoleName is what the role is called.
func (r Request) RoleName() say.Text {
	if r.System == BLS {
		return roles.DutyName(permit.Duty(r.Role))
	}
	return r.role
}

// What is the whole wish in a few words.
func (r Request) What() say.Text {
	if r.System == "" {
		return say.F("%s %s", "%s, %s", r.Where(), r.Title)
	}
	if r.System == BLS {
		return r.placed()
	}
	if r.Authority == "" {
		return say.F("%s：%s", "%s: %s", r.SystemName(), r.RoleName())
	}
	return say.F("%s：%s %s", "%s: %s, %s", r.SystemName(), r.Where(), r.RoleName())
}

var blsName = say.T("新建築執照線上申請書電子化書圖文件送件繳交系統", "Building Licence Online Application and Document Submission System")

const openAtOnce = 20 // requests of one person that may wait at the same time

// Ask applies for w. The request waits until the authority's manager, or where there is none an administrator, decides.
func Ask(tx *store.Tx, by permit.Actor, w Wish) (Request, error) {
	w.Organisation, w.Title = strings.TrimSpace(w.Organisation), strings.TrimSpace(w.Title)
	var err error
	if w.System == "" {
		err = w.checkOrganisation(tx)
	} else {
		err = w.checkRole(tx)
	}
	if err != nil {
		return Request{}, err
	}
	mine, err := Mine(tx, by.Person)
	if err != nil {
		return Request{}, err
	}
	open := 0
	for _, r := range mine {
		if r.Open() {
			open++
		}
		if r.same(w) && (r.Open() || r.State == Approved) {
			return Request{}, fault.Say(fault.Conflict, say.F("不用再申請：這項申請%s", "There is no need to apply again: this is %s", r.State.Name())).
				To("看這項申請", "Look at the request", requestURL(r.ID))
		}
	}
	if open >= openAtOnce {
		return Request{}, fault.Of(fault.TooMany, "等審核中的申請有結果，或先撤回幾項，再提出新的", "Wait until a request has been decided, or withdraw some, before you make another").
			To("我的申請", "My requests", rolesURL)
	}
	if w.System == BLS {
		if err := free(tx, by.Person, w); err != nil {
			return Request{}, err
		}
	}
	id := store.NewID()
	if err := insertRequest(tx, id, by.Person, w); err != nil {
		return Request{}, err
	}
	if err := accounts.Note(tx, by, "request.ask", by.Person, id+" "+w.text()); err != nil {
		return Request{}, err
	}
	return requestByID(tx, id)
}

func (w Wish) text() string {
	return strings.Join(strings.Fields(w.System+" "+w.Role+" "+w.Authority+" "+w.Organisation+" "+w.Title), " ")
}

func (r Request) same(w Wish) bool {
	return r.System == w.System && r.Role == w.Role && r.Authority == w.Authority && r.Organisation == w.Organisation && r.Title == w.Title
}

func (w Wish) checkOrganisation(tx *store.Tx) error {
	var f fault.Form
	if w.Authority != "" && w.Organisation != "" {
		f.Bad("organisation", "清空這一欄，或在上面選「其他組織」：只能選一個組織", "Leave this empty or choose “Another organisation” above: it is one or the other")
	}
	if w.Authority == "" && w.Organisation == "" {
		f.Bad("authority", "選擇機關，或選「其他組織」並輸入名稱", "Choose the authority, or “Another organisation” and enter its name")
	}
	if err := w.checkAuthority(tx); err != nil {
		f.Add("authority", err)
	}
	if w.Title == "" {
		f.Bad("title", "輸入職稱或身分，例如 科員", "Enter the title, for example Officer")
	}
	f.Add("organisation", short(w.Organisation, 100))
	f.Add("title", short(w.Title, 50))
	f.Add("said", short(w.Said, 500))
	return f.Err()
}

func (w Wish) checkRole(tx *store.Tx) error {
	if w.Organisation != "" || w.Title != "" {
		return errors.New("sso: a role has no organisation of its own")
	}
	var f fault.Form
	if w.System == BLS {
		if !slices.Contains(permit.Duties, permit.Duty(w.Role)) {
			f.Bad("role", "選擇職務", "Choose the duty")
		}
		if w.Authority == "" {
			f.Bad("authority", "選擇在哪個機關任職", "Choose the authority at which you serve")
		}
	} else if err := offers(tx, w.System, w.Role); err != nil {
		if !fault.Is(err, fault.Invalid) {
			return err
		}
		f.Add("role", err)
	}
	if err := w.checkAuthority(tx); err != nil {
		f.Add("authority", err)
	}
	f.Add("said", short(w.Said, 500))
	return f.Err()
}

func (w Wish) checkAuthority(tx *store.Tx) error {
	if w.Authority == "" {
		return nil
	}
	if _, err := roles.AuthorityName(tx, w.Authority); err != nil {
		return fault.Of(fault.Invalid, "從清單裡選擇機關", "Choose the authority from the list")
	}
	return nil
}

func short(s string, most int) error {
	if utf8.RuneCountInString(s) > most {
		return fault.Say(fault.Invalid, say.F("縮短到 %d 個字以內", "Shorten this to at most %d characters", most))
	}
	return nil
}

// free reports, as a refusal, a duty that the person holds already or that was given without a request.
func free(tx *store.Tx, person string, w Wish) error {
	have, err := roles.Appointments(tx, person)
	if err != nil {
		return err
	}
	day := today(tx)
	for _, s := range have {
		if s.Authority == w.Authority && string(s.Duty) == w.Role && (s.Waiting() || s.Holds(day)) {
			return fault.Of(fault.Conflict, "不用再申請：您已有這個職務，或正在等第二位核准", "There is no need to apply: you hold this duty, or it waits for its second approval").
				To("我的角色", "My roles", rolesURL)
		}
	}
	return nil
}

func today(tx *store.Tx) string { return taiwan.DateOf(tx.Now).ISO() }

// Mine lists what a person applied for, the newest first.
func Mine(tx *store.Tx, person string) ([]Request, error) { return requestsOf(tx, person) }

// Find is the request with that id, for its applicant and for those who may decide it.
func Find(tx *store.Tx, by permit.Actor, id string) (Request, error) {
	r, err := requestByID(tx, id)
	if err == nil && r.Person != by.Person && !MayDecide(by, r) {
		err = store.ErrNotFound
	}
	return r, err
}

// Organisation is the confirmed organisation of a person; ok is false while none is.
func Organisation(tx *store.Tx, person string) (r Request, ok bool, err error) {
	all, err := Mine(tx, person)
	for _, r := range all {
		if r.System == "" && r.State == Approved {
			return r, true, nil
		}
	}
	return r, false, err
}

// Granted lists the roles a person holds in a sister system today.
func Granted(tx *store.Tx, person, system string) (out []Request, err error) {
	all, err := Mine(tx, person)
	for _, r := range all {
		if r.System == system && r.State == Approved {
			out = append(out, r)
		}
	}
	return out, err
}

// Withdraw takes one's own request back while it is open.
func Withdraw(tx *store.Tx, by permit.Actor, id string) error {
	r, err := requestByID(tx, id)
	switch {
	case err != nil:
		return err
	case r.Person != by.Person:
		return store.ErrNotFound
	case !r.Open():
		return decided(r)
	}
	if r.Seat != "" {
		if err := roles.End(tx, by, r.Seat, "本人撤回申請"); err != nil {
			return err
		}
	}
	if err := setState(tx, id, r.keptAs(), Withdrawn); err != nil {
		return err
	}
	return accounts.Note(tx, by, "request.withdraw", by.Person, id)
}
