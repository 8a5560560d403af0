package sso

import (
	"cloudbm/accounts"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
)

// source is one line of 變更/申請應用系統角色 (S115): a role with who gave it, when and until when.
type source struct {
	System, Role, From say.Text
	State              State
	URL                string // of the request, if there was one
}

// sources are the roles and duties of by, and what by applied for: all are that person's requests.
func sources(tx *store.Tx, by permit.Actor, all []Request) (out []source, err error) {
	for _, r := range by.Roles {
		out = append(out, source{System: blsName, Role: r.Name(), From: say.T("本人登錄", "Entered by yourself"), State: Approved})
	}
	asked := map[string]bool{}
	for _, r := range all {
		asked[r.Seat] = r.Seat != ""
		if r.System != "" && (r.Open() || r.State == Approved) {
			out = append(out, source{System: r.SystemName(), Role: r.placed(), From: r.from(), State: r.State, URL: requestURL(r.ID)})
		}
	}
	seats, err := roles.Appointments(tx, by.Person)
	if err != nil {
		return nil, err
	}
	for _, s := range seats {
		if asked[s.ID] || !s.Holds(today(tx)) {
			continue
		}
		from, err := givenBy(tx, s)
		if err != nil {
			return nil, err
		}
		out = append(out, source{System: blsName, Role: place(s.Authority, roles.DutyName(s.Duty)), From: from, State: Approved})
	}
	return out, nil
}

// placed is the role with the authority it is held at.
func (r Request) placed() say.Text { return place(r.Authority, r.RoleName()) }

func place(authority string, role say.Text) say.Text {
	if authority == "" {
		return role
	}
	return say.F("%s %s", "%s, %s", Request{Wish: Wish{Authority: authority}}.Where(), role)
}

// from is 授權來源: who granted it, when and until when, or how far it has come.
func (r Request) from() say.Text {
	switch {
	case r.Open():
		return say.F("%s（%s 提出）", "%s (asked for on %s)", r.State.Name(), dayOf(r.Asked))
	case r.State != Approved:
		return r.State.Name()
	}
	return granted(say.Same(r.Decider), dayOf(r.Decided), r.Last)
}

func granted(by, on say.Text, last string) say.Text {
	if last == "" {
		return say.F("%s核准，%s 起", "Granted by %s, since %s", by, on)
	}
	return say.F("%s核准，%s 起，到 %s", "Granted by %s, since %s, until %s", by, on, dayText(last))
}

// givenBy is 授權來源 of a duty that was given without a request.
func givenBy(tx *store.Tx, s roles.Appointment) (say.Text, error) {
	by := say.Same(permit.System.Name)
	if s.ApprovedBy != permit.System.Person {
		p, err := accounts.Find(tx, s.ApprovedBy)
		if err != nil {
			return by, err
		}
		by = say.Same(p.Name)
	}
	return granted(by, dayText(s.First), s.Last), nil
}
