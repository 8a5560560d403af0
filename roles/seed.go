package roles

import (
	"cloudbm/accounts"
	"cloudbm/permit"
	"cloudbm/store"
)

// Tainan is the code of 臺南市政府, the authority of the demonstration.
const Tainan = "IF0"

type demoProfile struct {
	email string
	role  permit.Role
	facts map[string]string
}

// demoProfiles are those of domain §7.1–7.3.
var demoProfiles = []demoProfile{
	{"p1@example.test", permit.Architect, map[string]string{
		"arch_licence": "南市建開證字第T000101號", "person_id": "D123000011", "arch_certificate": "0101", "office_name": "測試甲建築師事務所",
		"office_address": "臺南市安平區測試路1號", "office_phone": "06-9990001", "address": "臺南市安平區測試路1號", "phone": "0900000001"}},
	{"p2@example.test", permit.Architect, map[string]string{
		"arch_licence": "南市建開證字第T000102-01號", "person_id": "D223000022", "arch_certificate": "0102", "office_name": "樣本聯合建築師事務所",
		"office_address": "臺南市東區測試路2號", "office_phone": "06-9990002", "phone": "0900000002"}},
	{"p3@example.test", permit.Contractor, map[string]string{
		"con_licence": "綜甲字第T00001-000號", "company_id": "90010009", "company_name": "測試營造有限公司", "company_head": "測試丙",
		"company_address": "臺南市永康區測試路3號", "company_phone": "06-9990003", "mobile": "0900000003"}},
	{"p4@example.test", permit.Citizen, map[string]string{
		"person_id": "R223000041", "address": "臺南市中西區測試路4號", "mobile": "0900000004"}},
	{"p5@example.test", permit.Engineer, map[string]string{
		"eng_licence": "技執字第00123號", "eng_permit": "內授營建管字第1110000001號", "eng_branch": "02", "person_id": "A123000054",
		"office_name": "示範結構技師事務所", "office_address": "臺南市北區測試路5號", "office_phone": "06-9990005"}},
	{"p6@example.test", permit.Engineer, map[string]string{
		"eng_licence": "技執字第004567號", "eng_permit": "內授營建管字第1110000002號", "eng_branch": "04", "person_id": "B223000066",
		"office_name": "示範大地技師事務所", "office_address": "臺南市南區測試路6號", "office_phone": "06-9990006"}},
	{"p7@example.test", permit.Decorator, map[string]string{
		"dec_licence": "測室業字第000001號", "company_id": "90010079", "company_name": "範例室內裝修有限公司", "company_head": "測試庚",
		"company_address": "臺南市安南區測試路7號", "company_phone": "06-9990007", "dec_technician": "測裝技字第000001號"}},
	{"p10@example.test", permit.Citizen, map[string]string{
		"person_id": "U223000106", "address": "臺南市東區測試路10號", "mobile": "0900000010"}},
}

var demoSeats = []struct {
	email, authority string
	duty             permit.Duty
}{
	{"admin@example.test", "", Administrator},
	{"admin2@example.test", "", Administrator},
	{"admin@example.test", Tainan, permit.Manager},
	{"p8@example.test", Tainan, permit.Counter},
	{"p9@example.test", Tainan, permit.Reviewer},
	{"chief@example.test", Tainan, permit.Chief},
}

var demoSettings = [][2]string{
	{"contact_name", "測試窗口"}, {"contact_phone", "06-9990100#100"}, {"contact_mail", "desk@example.test"},
	{"contact_hours", "週一至週五 8:30–17:30"}, {"seals_required", "N"}, // whoever tries the system out may have no card reader
	{"licence_word", "南工"}, {"dispatch_word", "南市工管"},
	{"review_body", "示範建築師公會"}, {"sign_title", "局長"}, {"sign_name", "測試局長"},
}

// Seed makes the demonstration complete: the accounts (accounts.Seed), the authorities, a whole profile for each
// applicant, the officers of 臺南市政府 and two administrators. It may run again; what is there stays.
func Seed(tx *store.Tx) error {
	if err := accounts.Seed(tx); err != nil {
		return err
	}
	if err := Prepare(tx); err != nil {
		return err
	}
	for _, d := range demoProfiles {
		if err := d.save(tx); err != nil {
			return err
		}
	}
	for _, d := range demoSeats {
		p, err := accounts.ByEmail(tx, d.email)
		if err != nil {
			return err
		}
		have, err := seatsOf(tx, p.ID)
		if err != nil {
			return err
		}
		if hasSeat(have, permit.Seat{Authority: d.authority, Duty: d.duty}) {
			continue
		}
		if err := Seat(tx, permit.System, p.ID, d.authority, d.duty); err != nil {
			return err
		}
	}
	for _, s := range demoSettings {
		if _, set, err := Setting(tx, Tainan, s[0], tx.Now); err != nil || set {
			if err != nil {
				return err
			}
			continue
		}
		if err := SetSetting(tx, permit.System, Tainan, s[0], s[1], ""); err != nil {
			return err
		}
	}
	return nil
}

func hasSeat(all []Appointment, s permit.Seat) bool {
	for _, a := range all {
		if a.Seat == s && a.Ended.IsZero() {
			return true
		}
	}
	return false
}

func (d demoProfile) save(tx *store.Tx) error {
	p, err := accounts.ByEmail(tx, d.email)
	if err != nil {
		return err
	}
	a, err := Actor(tx, p.ID)
	if err != nil || len(a.Roles) > 0 {
		return err
	}
	typed := map[string]string{"name": p.Name, "contact": p.Contact}
	for k, v := range d.facts {
		typed[Key(d.role, k)] = v
	}
	return Save(tx, a, []permit.Role{d.role}, typed)
}
