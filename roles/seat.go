package roles

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Administrator is the duty of the administrators of the whole system; its authority is "".
const Administrator permit.Duty = "admin"

// DutyName is what a duty of a seat is called.
func DutyName(d permit.Duty) say.Text {
	if d == Administrator {
		return say.T("系統管理者", "System administrator")
	}
	return d.Name()
}

// Appointment is a seat as it is kept: who asked for it, who approved it, from when to when.
type Appointment struct {
	ID, Person, Name string
	permit.Seat
	First, Last string // days, 2026-11-23; Last "" is open
	AskedBy     string // ids of persons
	AskedName   string
	Asked       time.Time
	ApprovedBy  string
	Approved    time.Time
	EndedBy     string
	Ended       time.Time
	EndedWhy    string
}

// Waiting reports whether a second administrator still has to approve it.
func (s Appointment) Waiting() bool { return s.ApprovedBy == "" && s.Ended.IsZero() }

// Holds reports whether it holds on the day.
func (s Appointment) Holds(day string) bool {
	return s.ApprovedBy != "" && s.Ended.IsZero() && s.First <= day && (s.Last == "" || day <= s.Last)
}

func today(tx *store.Tx) string { return taiwan.DateOf(tx.Now).ISO() }

var onlyAdministrators = fault.Of(fault.Forbidden, "由系統管理者來做這件事", "Only an administrator of the system does this").To("回首頁", "Home", "/home")

func administers(by permit.Actor) bool { return by.Admin || by.Person == permit.System.Person }

// Give asks for a duty at an authority for a person, from today until the last day ("" is open). The authority's own
// manager may ask as well as an administrator. It holds once another administrator has approved it: nobody gives a duty
// alone, and nobody to themselves.
func Give(tx *store.Tx, by permit.Actor, person, authority string, duty permit.Duty, last string) (string, error) {
	if !administers(by) && !(slices.Contains(permit.Duties, duty) && by.Sits(authority, permit.Manager)) {
		return "", onlyAdministrators
	}
	var form fault.Form
	switch {
	case duty == Administrator:
		authority = ""
	case !slices.Contains(permit.Duties, duty):
		form.Bad("duty", "選擇職務", "Choose the duty")
	default:
		if _, err := AuthorityName(tx, authority); err != nil {
			form.Bad("authority", "選擇主管機關", "Choose the authority")
		}
	}
	if last != "" {
		d, err := taiwan.ParseDate(last)
		form.Add("last", err)
		if err == nil && d.Before(taiwan.DateOf(tx.Now)) {
			form.Bad("last", "輸入今天以後的日期", "Enter a day after today")
		}
		last = d.ISO()
	}
	if err := form.Err(); err != nil {
		return "", err
	}
	p, err := accounts.Find(tx, person)
	if err != nil {
		return "", err
	}
	before, err := seatsOf(tx, person)
	if err != nil {
		return "", err
	}
	for _, s := range before {
		if s.Authority == authority && s.Duty == duty && s.Ended.IsZero() && (s.Last == "" || s.Last >= today(tx)) {
			return "", fault.Say(fault.Conflict, say.F("%s已有這個職務，或正在等待核准", "%s holds this duty already, or it waits for approval", p.Name))
		}
	}
	s := Appointment{ID: store.NewID(), Person: person, Seat: permit.Seat{Authority: authority, Duty: duty}, First: today(tx), Last: last, AskedBy: by.Person}
	if err := insertSeat(tx, s); err != nil {
		return "", err
	}
	return s.ID, accounts.Note(tx, by, "seat.ask", person, s.text())
}

func (s Appointment) text() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s %s", s.ID, s.Authority, s.Duty, s.Last))
}

// Approve lets a duty begin that another administrator asked for.
func Approve(tx *store.Tx, by permit.Actor, id string) error {
	if !administers(by) {
		return onlyAdministrators
	}
	s, err := seatByID(tx, id)
	switch {
	case err != nil:
		return err
	case !s.Waiting():
		return fault.Of(fault.Conflict, "這個職務已經核准或結束", "This duty was approved or ended already")
	case s.AskedBy == by.Person:
		return fault.Of(fault.Forbidden, "由另一位系統管理者核准：提出的人不能自己核准", "Another administrator has to approve: whoever asks cannot approve")
	case s.Person == by.Person:
		return fault.Of(fault.Forbidden, "由另一位系統管理者核准：不能核准自己的職務", "Another administrator has to approve: nobody approves their own duty")
	}
	if err := approveSeat(tx, id, by.Person); err != nil {
		return err
	}
	if err := accounts.Note(tx, by, "seat.approve", s.Person, s.text()); err != nil {
		return err
	}
	if err := accounts.EndAll(tx, s.Person); err != nil { // new rights, new session
		return err
	}
	return markOfficer(tx, s.Person)
}

// Seat gives a duty at once, by the house itself: the first administrators of a new installation, imports and demonstrations.
// In everyday work duties are given by Give and Approve.
func Seat(tx *store.Tx, by permit.Actor, person, authority string, duty permit.Duty) error {
	if by.Person != permit.System.Person {
		_, err := Give(tx, by, person, authority, duty, "")
		return err
	}
	id, err := Give(tx, by, person, authority, duty, "")
	if err != nil {
		return err
	}
	if err := approveSeat(tx, id, by.Person); err != nil {
		return err
	}
	return markOfficer(tx, person)
}

// End ends a duty now. One administrator is enough: taking a right away is safe. One that still waits may be turned down
// by the authority's manager and given up by its person too. The last administrator stays.
func End(tx *store.Tx, by permit.Actor, id, why string) error {
	s, err := seatByID(tx, id)
	if err != nil {
		return err
	}
	if !administers(by) && !(s.Waiting() && (s.Person == by.Person || by.Sits(s.Authority, permit.Manager))) {
		return onlyAdministrators
	}
	if strings.TrimSpace(why) == "" {
		return fault.Bad("why", "寫下結束的原因", "Write down why it ends")
	}
	if !s.Ended.IsZero() {
		return fault.Of(fault.Conflict, "這個職務已經結束", "This duty has ended already")
	}
	if s.Duty == Administrator && s.ApprovedBy != "" {
		others, err := holdersOfDuty(tx, "", []permit.Duty{Administrator}, today(tx))
		if err != nil {
			return err
		}
		if len(others) < 2 {
			return fault.Of(fault.Conflict, "先指定另一位系統管理者：這是最後一位", "Name another administrator first: this is the last one")
		}
	}
	if err := endSeat(tx, id, by.Person, why); err != nil {
		return err
	}
	if err := accounts.Note(tx, by, "seat.end", s.Person, s.text()+" "+why); err != nil {
		return err
	}
	return markOfficer(tx, s.Person)
}

// markOfficer gives the sessions of an officer their shorter idle time, and others the usual one.
func markOfficer(tx *store.Tx, person string) error {
	seats, err := seatsOf(tx, person)
	if err != nil {
		return err
	}
	idle, officer := accounts.Idle, false
	for _, s := range seats {
		if s.ApprovedBy == "" || !s.Ended.IsZero() {
			continue
		}
		m, err := number(tx, s.Authority, "officer_idle_minutes")
		if err != nil {
			return err
		}
		officer, idle = true, min(idle, m)
	}
	return accounts.Officer(tx, person, officer, idle)
}

// markOfficers does so for everybody at the authority.
func markOfficers(tx *store.Tx, authority string) error {
	all, err := Officers(tx, authority)
	for _, o := range all {
		if err := markOfficer(tx, o.Person); err != nil {
			return err
		}
	}
	return err
}

// Appointments lists all duties a person has, had or is to have.
func Appointments(tx *store.Tx, person string) ([]Appointment, error) { return seatsOf(tx, person) }

// WaitingSeats lists the duties that wait for a second administrator.
func WaitingSeats(tx *store.Tx) ([]Appointment, error) { return waitingSeats(tx) }

// Officer is one officer of an authority.
type Officer struct {
	Person, Name, Email string
	Duties              []permit.Duty
}

// Officers lists who holds one of the duties at the authority today, by name; without duties, everybody with a seat there.
func Officers(tx *store.Tx, authority string, duties ...permit.Duty) ([]Officer, error) {
	if len(duties) == 0 {
		duties = permit.Duties
	}
	return holdersOfDuty(tx, authority, duties, today(tx))
}

// Invite makes an account for somebody and a one-time link for them to set a password, good for seven days.
func Invite(tx *store.Tx, by permit.Actor, p accounts.Person) (accounts.Person, string, error) {
	if !administers(by) {
		return p, "", onlyAdministrators
	}
	if p.Email == "" {
		return p, "", fault.Bad("email", "輸入電子郵件地址，將來用它登錄", "Enter the e-mail address to sign in with")
	}
	p, err := accounts.New(tx, p)
	if err != nil {
		return p, "", err
	}
	if err := accounts.Note(tx, by, "person.invite", p.ID, ""); err != nil {
		return p, "", err
	}
	secret, err := accounts.NewLink(tx, by, p.ID, accounts.InviteLife)
	return p, secret, err
}
