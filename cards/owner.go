package cards

import (
	"slices"
	"strings"

	"cloudbm/doors"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// profile is the page on which a person mends what a certificate is compared with.
const profile = "/bls/profile"

// belongs refuses a certificate that is not of by: a citizen's by name and the end of the national ID, a firm's by its
// 統一編號 (domain §5.2). An organisation's says nothing that a profile says too.
func belongs(tx *store.Tx, by permit.Actor, c pki.Certificate) error {
	facts, _, err := roles.Facts(tx, by.Person)
	if err != nil {
		return err
	}
	switch c.Kind {
	case pki.Citizen:
		return citizen(tx, by, facts, c)
	case pki.Company:
		switch {
		case facts["company_id"] == "":
			return fault.Of(fault.Conflict, "先在角色資料填寫統一編號：工商憑證要和統一編號核對", "Enter the company number in your profile first: the card is checked against it").To("填寫角色資料", "Fill in the profile", profile)
		case facts["company_id"] != c.UBN:
			return fault.Say(fault.Forbidden, say.F("用貴公司的工商憑證，或更正角色資料的「統一編號」：這張憑證是 %s，角色資料是 %s", "Use the card of your firm, or mend the company number in your profile: the card says %s, the profile %s", c.UBN, facts["company_id"])).
				To("核對角色資料", "Check the profile", profile)
		}
	case pki.Organisation:
	default:
		return fault.Of(fault.Forbidden, "用自然人憑證、工商憑證或團體憑證：這一種憑證不在這裡註冊", "Use a card of a citizen, a firm or an organisation: this kind is not registered here")
	}
	return nil
}

// citizen refuses a citizen's certificate that is not of by. An ID that 我的E政府 has vouched for counts before a typed one.
func citizen(tx *store.Tx, by permit.Actor, facts map[string]string, c pki.Certificate) error {
	vouched, err := doors.Verified(tx, by.Person)
	if err != nil {
		return err
	}
	name, id := taiwan.Fold(c.Name), facts["person_id"]
	switch {
	case name != taiwan.Fold(by.Name) && name != taiwan.Fold(facts["name"]):
		return fault.Say(fault.Forbidden, say.F("用您本人的自然人憑證：這張是%s的，您的帳號是%s；帳號的姓名有錯就到使用者資訊更正", "Use your own citizen certificate: this one is of %s, the account of %s. If the name of the account is wrong, mend it there", say.Same(c.Name), say.Same(by.Name))).
			To("核對使用者資訊", "Check your data", "/me")
	case vouched != "" && ends(vouched, c.Last4):
		return nil
	case vouched != "":
		return fault.Of(fault.Forbidden, "用您本人的自然人憑證：後四碼和我的E政府核驗過的身分證號不同", "Use your own citizen certificate: its last four digits are not those of the ID that 我的E政府 has verified")
	case id == "" && !asksID(by):
		return fault.Of(fault.Conflict, "先用我的E政府登錄一次：憑證要和身分證號核對，您的角色資料沒有這一欄", "Sign in with 我的E政府 once first: the card is checked against your national ID, for which your profile has no field").
			To("看登錄方式", "Ways to sign in", "/me")
	case id == "":
		return fault.Of(fault.Conflict, "先在角色資料填寫身分證號：憑證要和身分證號核對", "Enter your national ID in your profile first: the card is checked against it").To("填寫角色資料", "Fill in the profile", profile)
	case !ends(id, c.Last4):
		return fault.Of(fault.Forbidden, "核對角色資料的「身分證號」：後四碼和這張憑證不同", "Check the national ID in your profile: its last four digits are not those of this card").To("核對角色資料", "Check the profile", profile)
	}
	return nil
}

func ends(id, last4 string) bool { return len(last4) == 4 && strings.HasSuffix(id, last4) }

// asksID reports whether the profile of by has a field for the national ID.
func asksID(by permit.Actor) bool {
	return slices.ContainsFunc(by.Roles, func(r permit.Role) bool {
		return slices.ContainsFunc(roles.Fields(r), func(f permit.Field) bool { return f.Key == "person_id" })
	})
}
