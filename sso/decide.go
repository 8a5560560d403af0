package sso

import (
	"strings"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// MayDecide reports whether by decides requests like r: the manager of the authority it names, or an administrator.
func MayDecide(by permit.Actor, r Request) bool {
	return by.Admin || by.Person == permit.System.Person || r.Authority != "" && by.Sits(r.Authority, permit.Manager)
}

// Inbox lists the requests that wait for by, the oldest first.
func Inbox(tx *store.Tx, by permit.Actor) (out []Request, err error) {
	if by.Admin {
		return openRequests(tx, "")
	}
	for _, at := range by.Authorities(permit.Manager) {
		some, err := openRequests(tx, at)
		if err != nil {
			return nil, err
		}
		for _, r := range some {
			if r.State == Waiting { // the second of two is an administrator
				out = append(out, r)
			}
		}
	}
	return out, nil
}

// Lately lists the requests by may decide that were decided, the latest first, at most n for each authority.
func Lately(tx *store.Tx, by permit.Actor, n int) (out []Request, err error) {
	if by.Admin {
		return closedRequests(tx, "", n)
	}
	for _, at := range by.Authorities(permit.Manager) {
		some, err := closedRequests(tx, at, n)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// keptAs is the state that the row of r has.
func (r Request) keptAs() State {
	if r.Seat != "" {
		return Agreed
	}
	return r.State
}

// toDecide loads an open request for somebody who may decide it.
func toDecide(tx *store.Tx, by permit.Actor, id string) (Request, error) {
	r, err := requestByID(tx, id)
	switch {
	case err != nil:
		return r, err
	case !MayDecide(by, r):
		return r, notYours
	case r.Person == by.Person:
		return r, fault.Of(fault.Forbidden, "由另一位管理者審核：不能審核自己的申請", "Another manager has to decide: nobody decides their own request").To("審核申請", "Requests", inboxURL)
	case !r.Open():
		return r, decided(r)
	}
	return r, nil
}

var notYours = fault.Of(fault.Forbidden, "由該機關的機關管理者或系統管理者審核", "The manager of that authority or an administrator decides this").To("回首頁", "Home", "/home")

// decided says who was first.
func decided(r Request) *fault.Fault {
	t := say.F("不用再處理：這項申請%s（%s）", "Nothing is left to do: this request is %s (%s)", r.State.Name(), say.Same(taiwan.Stamp(r.Decided)))
	if r.Decider != "" {
		t = say.F("不用再處理：%s已在 %s 處理，結果是%s", "Nothing is left to do: %s dealt with it at %s, and it is %s", say.Same(r.Decider), say.Same(taiwan.Stamp(r.Decided)), r.State.Name())
	}
	return fault.Say(fault.Conflict, t).To("看這項申請", "Look at the request", requestURL(r.ID))
}

// Approve grants what r asks for, until the last day ("" is open). Of a duty at an authority it is the first of two
// approvals, which asks for the seat, or the second, which lets it begin: see roles.Give and roles.Approve.
func Approve(tx *store.Tx, by permit.Actor, id, last string) (Request, error) {
	r, err := toDecide(tx, by, id)
	if err != nil {
		return r, err
	}
	switch {
	case r.State == Agreed:
		if r.Agreer == by.Person {
			return r, fault.Of(fault.Forbidden, "由另一位系統管理者核准：您是第一位，第二位不能是同一人", "Another administrator has to approve: you were the first of the two").To("審核申請", "Requests", inboxURL)
		}
		err = roles.Approve(tx, by, r.Seat)
	case r.System == BLS:
		var seat string
		if seat, err = roles.Give(tx, by, r.Person, r.Authority, permit.Duty(r.Role), last); err == nil {
			err = agree(tx, id, by.Person, seat)
		}
	default:
		if last, err = lastDay(tx, last); err == nil {
			err = grant(tx, by, r, last)
		}
	}
	if err != nil {
		return r, err
	}
	if err := accounts.Note(tx, by, "request.approve", r.Person, strings.TrimSpace(id+" "+r.text()+" "+last)); err != nil {
		return r, err
	}
	return requestByID(tx, id)
}

func lastDay(tx *store.Tx, typed string) (string, error) {
	if typed == "" {
		return "", nil
	}
	d, err := taiwan.ParseDate(typed)
	if err != nil {
		f, _ := fault.As(err)
		return "", fault.BadText("last", f.Message)
	}
	if d.Before(taiwan.DateOf(tx.Now)) {
		return "", fault.Bad("last", "輸入今天以後的日期", "Enter a day after today")
	}
	return d.ISO(), nil
}

// grant lets r hold. A person has one confirmed organisation: a new one takes the place of the old.
func grant(tx *store.Tx, by permit.Actor, r Request, last string) error {
	if r.System == "" {
		old, ok, err := Organisation(tx, r.Person)
		if err != nil {
			return err
		}
		if ok {
			if err := endRequest(tx, old.ID, by.Person, "由新的組織取代"); err != nil {
				return err
			}
		}
	}
	return decide(tx, r.ID, Approved, by.Person, "", last)
}

// Return sends r back with the reason.
func Return(tx *store.Tx, by permit.Actor, id, why string) (Request, error) {
	r, err := toDecide(tx, by, id)
	if err != nil {
		return r, err
	}
	if why = strings.TrimSpace(why); why == "" {
		return r, fault.Bad("why", "寫下退回的原因，申請人會看到", "Write down why; the applicant reads it")
	}
	if err := short(why, 500); err != nil {
		f, _ := fault.As(err)
		return r, fault.BadText("why", f.Message)
	}
	if r.State == Agreed {
		err = roles.End(tx, by, r.Seat, why)
	} else {
		err = decide(tx, id, Returned, by.Person, why, "")
	}
	if err != nil {
		return r, err
	}
	if err := accounts.Note(tx, by, "request.return", r.Person, id+" "+why); err != nil {
		return r, err
	}
	return requestByID(tx, id)
}

// End takes a grant away at once: by those who could give it, or by the person, who no longer wants it. A duty at an
// authority is ended by the administrators (roles.End).
func End(tx *store.Tx, by permit.Actor, id, why string) (Request, error) {
	r, err := requestByID(tx, id)
	switch {
	case err != nil:
		return r, err
	case r.Person != by.Person && !MayDecide(by, r):
		return r, notYours
	case r.State != Approved:
		return r, decided(r)
	case strings.TrimSpace(why) == "":
		return r, fault.Bad("why", "寫下終止的原因", "Write down why it ends")
	case r.Seat != "":
		err = roles.End(tx, by, r.Seat, why)
	default:
		err = endRequest(tx, id, by.Person, why)
	}
	if err != nil {
		return r, err
	}
	if err := accounts.Note(tx, by, "grant.end", r.Person, id+" "+r.text()+" "+why); err != nil {
		return r, err
	}
	return requestByID(tx, id)
}
