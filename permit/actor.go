package permit

import (
	"slices"

	"cloudbm/say"
)

// Role is one of the five applicants' roles of 使用者所屬角色 (S135).
type Role string

// The five roles, in the order of the check boxes (S135).
const (
	Architect  Role = "architect"  // 建築師
	Contractor Role = "contractor" // 營造廠
	Decorator  Role = "decorator"  // 室內裝修業者
	Citizen    Role = "citizen"    // 一般民眾
	Engineer   Role = "engineer"   // 技師
)

// Roles lists the five in the order of S135.
var Roles = []Role{Architect, Contractor, Decorator, Citizen, Engineer}

// Name is what the role is called.
func (r Role) Name() say.Text {
	switch r {
	case Architect:
		return say.T("建築師", "Architect")
	case Contractor:
		return say.T("營造廠", "Contractor")
	case Decorator:
		return say.T("室內裝修業者", "Interior decorator")
	case Citizen:
		return say.T("一般民眾", "Citizen")
	case Engineer:
		return say.T("技師", "Professional engineer")
	}
	return say.Same(string(r))
}

// Duty is what an officer does at an authority.
type Duty string

// The duties of an authority.
const (
	Counter  Duty = "counter"  // 收件人員
	Reviewer Duty = "reviewer" // 承辦人
	Chief    Duty = "chief"    // 主管 (股長、科長)
	Manager  Duty = "manager"  // 主管機關管理者: keeps the authority's own data
)

// Duties lists the duties.
var Duties = []Duty{Counter, Reviewer, Chief, Manager}

// Name is what the duty is called.
func (d Duty) Name() say.Text {
	switch d {
	case Counter:
		return say.T("收件人員", "Counter officer")
	case Reviewer:
		return say.T("承辦人", "Reviewing officer")
	case Chief:
		return say.T("主管", "Chief")
	case Manager:
		return say.T("機關管理者", "Authority manager")
	}
	return say.Same(string(d))
}

// Seat is a duty held at an authority.
type Seat struct {
	Authority string // code of taiwan.Authorities
	Duty      Duty
}

// Actor is who asks: a person with the roles and seats that hold right now. The zero Actor is nobody.
type Actor struct {
	Person  string // id of the account, empty when nobody is signed in
	Name    string
	Email   string
	Roles   []Role
	Seats   []Seat
	Admin   bool   // 系統管理者
	Session string // id of the session, for the log
	IP      string // where the request came from, for the log
	Strong  bool   // proved by two factors: a card, a passkey, or a password with a second step
}

// System acts for the house itself: deadlines, imports.
var System = Actor{Person: "system", Name: "系統"}

// SignedIn reports whether somebody is there.
func (a Actor) SignedIn() bool { return a.Person != "" }

// Is reports whether a holds the role r.
func (a Actor) Is(r Role) bool { return slices.Contains(a.Roles, r) }

// Officer reports whether a has any seat at all.
func (a Actor) Officer() bool { return len(a.Seats) > 0 }

// Sits reports whether a has one of the duties at the authority; without duties, any seat there.
func (a Actor) Sits(authority string, duties ...Duty) bool {
	return slices.ContainsFunc(a.Seats, func(s Seat) bool {
		return s.Authority == authority && (len(duties) == 0 || slices.Contains(duties, s.Duty))
	})
}

// Authorities lists the authorities where a has one of the duties.
func (a Actor) Authorities(duties ...Duty) []string {
	var out []string
	for _, s := range a.Seats {
		if (len(duties) == 0 || slices.Contains(duties, s.Duty)) && !slices.Contains(out, s.Authority) {
			out = append(out, s.Authority)
		}
	}
	return out
}
