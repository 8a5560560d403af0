package egov

import (
	"time"

	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// DemoPassword opens every account of the demonstration.
const DemoPassword = "Demo2026pass"

// DemoMembers are the fictional members of the demonstration (domain §7.1). Those of the list have had their national ID
// verified.
var DemoMembers = []Member{
	{Account: "test01", Name: "測試甲", Email: "p1@example.test", Mobile: "0900000001", NationalID: "D123000011"},
	{Account: "test02", Name: "測試乙", Email: "p2@example.test", Mobile: "0900000002", NationalID: "D223000022"},
	{Account: "test03", Name: "測試丙", Email: "p3@example.test", Mobile: "0900000003", NationalID: "R123000030"},
	{Account: "test04", Name: "測試丁", Email: "p4@example.test", Mobile: "0900000004", NationalID: "R223000041"},
	{Account: "test05", Name: "測試戊", Email: "p5@example.test", Mobile: "0900000005", NationalID: "A123000054"},
	{Account: "test06", Name: "測試己", Email: "p6@example.test", Mobile: "0900000006", NationalID: "B223000066"},
	{Account: "test07", Name: "測試庚", Email: "p7@example.test", Mobile: "0900000007", NationalID: "E123000076"},
	{Account: "test08", Name: "測試辛", Email: "p8@example.test", Mobile: "0900000008", NationalID: "F223000088", Official: Approved, Agency: "臺南市政府", Title: "收件人員"},
	{Account: "test09", Name: "測試壬", Email: "p9@example.test", Mobile: "0900000009", NationalID: "T123000096", Official: Approved, Agency: "臺南市政府", Title: "承辦人"},
	{Account: "test10", Name: "測試癸", Email: "p10@example.test", Mobile: "0900000010", NationalID: "U223000106"},
	{Account: "test11", Name: "測試午", Email: "p11@example.test", State: Inactive},
	{Account: "test12", Name: "測試未", Email: "p12@example.test", State: Locked},
	{Account: "test13", Name: "測試申", Email: "p13@example.test", Official: Asked, Agency: "臺南市政府", Title: "技士"},
	{Account: "admin01", Name: "測試酉", Email: "egov-admin@example.test", Admin: true},
}

// Seed makes the members and the notices of the demonstration, unless there are members already.
func Seed(tx *store.Tx) error {
	if all, err := members(tx, `LIMIT 1`); err != nil || len(all) > 0 {
		return err
	}
	password, err := hashed(tx.Context(), DemoPassword)
	if err != nil {
		return err
	}
	answer, err := hashed(tx.Context(), folded("測試國小"))
	if err != nil {
		return err
	}
	for _, m := range DemoMembers {
		m.ID, m.Created, m.password = store.NewID(), tx.Now, password
		if m.State == "" {
			m.State = Active
		}
		if m.NationalID != "" {
			m.Verified, m.Question, m.answer = ByHealth, 1, answer
		}
		if err := insertMember(tx, m); err != nil {
			return err
		}
	}
	return seedNotices(tx)
}

// seedNotices are the notices as the manual prints them (S44–S46).
func seedNotices(tx *store.Tx) error {
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2021, month, day, hour, minute, 0, 0, taiwan.Zone)
	}
	for i, n := range []Notice{
		{Kind: Maintenance, Text: say.T(printedMaintenance, "Maintenance on 28 December 2021 from 18:00 to 22:00; you can sign in meanwhile, but answers may be slow"),
			From: at(12, 28, 18, 0), Until: at(12, 28, 22, 0)},
		{Kind: Outage, Text: say.T(printedOutage, "Friday 24 December 19:30–22:30: multi-factor verification and the household registry's WEBIR service pause"),
			From: at(12, 24, 19, 30), Until: at(12, 24, 22, 30)},
		{Kind: News, Text: say.T("TOTP軟體式動態密碼驗證功能上線", "One-time passwords from an app (TOTP) are available"), URL: helpURL("totp")},
	} {
		if err := insertNotice(tx, i, n); err != nil {
			return err
		}
	}
	return nil
}
