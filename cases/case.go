package cases

import (
	"slices"
	"strings"
	"time"

	"cloudbm/catalog"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Case is the file of one application: what it is and where it stands. What it says is in Answers.
type Case struct {
	ID           string
	Authority    string // code of the deciding authority
	Serial       string // 案件序號
	Type         *permit.Type
	State        permit.State
	Title        string // 建築物名稱
	Applicant    string // the leading owner's name
	Place        string // where it stands: address or land
	Opener       string // person who opened it
	OpenerName   string
	Follows      string // id of the case it continues
	Round        int    // rounds submitted so far
	Revision     int64
	Registration string // 掛號號碼, given at the counter
	Desk         string // the reviewing officer
	DeskName     string
	Licence      string // 執照字號, once issued
	CreatedAt    time.Time
	ChangedAt    time.Time
	SubmittedAt  time.Time // last time, as received by the system (電子簽章法 §9)
	ReceivedAt   time.Time // 掛號
	DecidedAt    time.Time
	DueOn        string // the authority's next statutory day, ISO; empty while the clock stands

	members []Member
}

// Member is a person on the applicant's side.
type Member struct {
	Person, Name string
	Standing     string // opener, team, party
	Party        permit.Party
	May          string // all, edit, read
}

// Members lists the applicant's side.
func (c *Case) Members() []Member { return c.members }

// Filed reports whether the authority has ever seen it.
func (c *Case) Filed() bool { return c.Round > 0 }

// may reports whether by has at least the right on the applicant's side.
func (c *Case) may(by permit.Actor, rights ...string) bool {
	return slices.ContainsFunc(c.members, func(m Member) bool {
		return m.Person == by.Person && slices.Contains(rights, m.May)
	})
}

// Mine reports whether by stands on the applicant's side at all.
func (c *Case) Mine(by permit.Actor) bool { return c.may(by, "all", "edit", "read") }

// Edits reports whether by may fill in and upload, when the case is open.
func (c *Case) Edits(by permit.Actor) bool { return c.may(by, "all", "edit") }

// Submits reports whether by may submit and withdraw.
func (c *Case) Submits(by permit.Actor) bool { return c.may(by, "all") }

// Officer reports whether by handles the case for its authority. Nobody handles a case of his own.
func (c *Case) Officer(by permit.Actor, duties ...permit.Duty) bool {
	return c.Filed() && !c.Mine(by) && by.Sits(c.Authority, duties...)
}

// Sees reports whether by may see the case: the applicant's side always, the authority once it was filed.
func (c *Case) Sees(by permit.Actor) bool {
	return c.Mine(by) || c.Officer(by, permit.Counter, permit.Reviewer, permit.Chief) || by.Person == permit.System.Person
}

// Is reports whether by is that kind of actor for this case.
func (c *Case) Is(by permit.Actor, w permit.Who) bool {
	switch w {
	case permit.Applicant:
		return c.Submits(by)
	case permit.AtCounter:
		return c.Officer(by, permit.Counter)
	case permit.AtDesk:
		return c.Officer(by, permit.Reviewer)
	case permit.AtChiefsDesk:
		return c.Officer(by, permit.Chief)
	}
	return false
}

// AuthorityName is the deciding authority's name.
func (c *Case) AuthorityName() string {
	a, _ := taiwan.AuthorityByCode(c.Authority)
	return a.Name
}

// StateName is where it stands in words; a filing is 備查 where a licence is 核准.
func (c *Case) StateName() say.Text {
	if c.State == permit.Issued {
		if c.Type.Outcome.Filing {
			return say.T("已備查", "On record")
		}
		return say.T("已核准發照", "Licence issued")
	}
	return c.State.Name()
}

// Label names the case in a sentence: its serial and title.
func (c *Case) Label() string { return strings.TrimSpace(c.Serial + " " + c.Title) }

// Find is the case with that id, if by may see it; to everybody else there is no such case.
func Find(tx *store.Tx, by permit.Actor, id string) (*Case, error) {
	c, err := load(tx, id)
	if err == store.ErrNotFound || err == nil && !c.Sees(by) {
		return nil, fault.Of(fault.NotFound, "查無此案件，或您不是這個案件的當事人", "There is no such case, or you are not a party to it").
			To("回到我的案件", "Back to my cases", "/bls/cases")
	}
	return c, err
}

func typeOf(kind, edition string) *permit.Type { return catalog.Edition(kind, edition) }
