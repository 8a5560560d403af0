package egov

import (
	"cloudbm/fault"
	"cloudbm/store"
)

// AskOfficial applies for an official's account (公務帳號, S50, S65); it is one once an administrator has approved it.
func AskOfficial(tx *store.Tx, m Member, agency, title string) error {
	var f fault.Form
	agency, err := shortLine(agency, 60)
	f.Add("agency", err)
	title, err = shortLine(title, 30)
	f.Add("title", err)
	if agency == "" {
		f.Bad("agency", "輸入服務機關", "Enter the agency you serve at")
	}
	if title == "" {
		f.Bad("title", "輸入職稱", "Enter your position")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if m.Official == Asked || m.Official == Approved {
		return fault.Of(fault.Conflict, "等候審核結果即可：公務帳號已經申請或核准", "Wait for the decision: the official's account has been applied for or approved").
			To("會員中心", "Member centre", Home+"me")
	}
	m.Official, m.Agency, m.Title, m.Why = Asked, agency, title, ""
	return setOfficial(tx, m, m.ID)
}

var onlyAdministrators = fault.Of(fault.Forbidden, "由模擬網站的管理者審核", "An administrator of the simulation decides this").To("會員中心", "Member centre", Home+"me")

// Pending lists the applications for officials' accounts that wait for a decision, oldest first.
func Pending(tx *store.Tx, by Member) ([]Member, error) {
	if !by.Admin {
		return nil, onlyAdministrators
	}
	return membersAsking(tx)
}

// Decide approves or refuses an application for an official's account.
func Decide(tx *store.Tx, by Member, member string, approve bool, why string) error {
	m, err := Find(tx, member)
	switch {
	case !by.Admin:
		return onlyAdministrators
	case err != nil:
		return err
	case m.Official != Asked:
		return fault.Of(fault.Conflict, "回到清單看其他申請：這件已經決定", "Go back to the list: this application has been decided").To("回到清單", "Back to the list", Home+"admin")
	}
	if why, err = shortLine(why, 200); err != nil {
		return fault.BadText("why", messageOf(err))
	}
	if !approve && why == "" {
		return fault.Bad("why", "寫下不通過的原因", "Write down why it is refused")
	}
	m.Official, m.Why = Refused, why
	if approve {
		m.Official = Approved
	}
	return setOfficial(tx, m, by.ID)
}
