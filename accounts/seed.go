package accounts

import (
	"errors"

	"cloudbm/permit"
	"cloudbm/store"
)

// DemoPassword opens every account of the demonstration.
const DemoPassword = "Demo-2026-permit"

// DemoPeople are the fictional people of the demonstration (domain §7.1); all are called 測試.
var DemoPeople = []Person{
	{Name: "測試甲", Email: "p1@example.test", Phone: "0900000001", Address: "臺南市安平區測試路1號", Organisation: "測試甲建築師事務所", Title: "建築師"},
	{Name: "測試乙", Email: "p2@example.test", Phone: "0900000002", Address: "臺南市東區測試路2號", Organisation: "樣本聯合建築師事務所", Title: "建築師"},
	{Name: "測試丙", Email: "p3@example.test", Phone: "0900000003", Address: "臺南市永康區測試路3號", Organisation: "測試營造有限公司", Title: "負責人"},
	{Name: "測試丁", Email: "p4@example.test", Phone: "0900000004", Address: "臺南市中西區測試路4號"},
	{Name: "測試戊", Email: "p5@example.test", Phone: "0900000005", Address: "臺南市北區測試路5號", Organisation: "示範結構技師事務所", Title: "技師"},
	{Name: "測試己", Email: "p6@example.test", Phone: "0900000006", Address: "臺南市南區測試路6號", Organisation: "示範大地技師事務所", Title: "技師"},
	{Name: "測試庚", Email: "p7@example.test", Phone: "0900000007", Address: "臺南市安南區測試路7號", Organisation: "範例室內裝修有限公司", Title: "負責人"},
	{Name: "測試辛", Email: "p8@example.test", Phone: "0900000008", Organisation: "臺南市政府", Title: "收件人員"},
	{Name: "測試壬", Email: "p9@example.test", Phone: "0900000009", Organisation: "臺南市政府", Title: "承辦人"},
	{Name: "測試癸", Email: "p10@example.test", Phone: "0900000010", Address: "臺南市東區測試路10號"},
	{Name: "測試寅", Email: "chief@example.test", Organisation: "臺南市政府", Title: "科長"},
	{Name: "測試卯", Email: "admin@example.test", Organisation: "臺南市政府", Title: "機關管理者"},
	{Name: "測試辰", Email: "admin2@example.test", Organisation: "臺南市政府", Title: "系統管理者"},
}

// Seed makes the accounts of the demonstration; those that are there stay as they are.
func Seed(tx *store.Tx) error {
	for _, p := range DemoPeople {
		if _, err := ByEmail(tx, p.Email); !errors.Is(err, store.ErrNotFound) {
			if err != nil {
				return err
			}
			continue
		}
		p.Terms = Terms
		p, err := New(tx, p)
		if err != nil {
			return err
		}
		if err := SetPassword(tx, permit.System, p.ID, DemoPassword); err != nil {
			return err
		}
	}
	return nil
}
