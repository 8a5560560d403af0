package roles

import (
	"time"

	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/taiwan"
)

// Profile is what one person says about one role (角色資料維護).
type Profile struct {
	Person  string
	Role    permit.Role
	Facts   map[string]string // by the keys of Fields, person_id left out
	Hidden  string            // the national ID as the vault keeps it
	Created time.Time
	Changed time.Time
	Ended   time.Time // zero while the role is held
}

// Of is the fact key of the profile, "" if there is none.
func (p Profile) Of(key string) string { return p.Facts[key] }

// Fields are what the section of the role asks, in the order of the manual (S147–S157, S174–S183, S192–S201, A2, A5).
func Fields(r permit.Role) []permit.Field { return sections[r] }

// Section is the heading of the role's section (S139).
func Section(r permit.Role) say.Text {
	return say.F("%s角色資料維護", "Data of the role %s", r.Name())
}

var sections = map[permit.Role][]permit.Field{
	permit.Architect: {
		{Key: "arch_licence", Kind: permit.Architects, Required: true, Label: say.T("開業證字號", "Practice licence number"),
			Hint: say.T("要和開業證書上的資料一樣。把證書上的一整行貼上，例如 南市建開證字第T123456-01號；建開證、南市建開證、南縣建開證...等 後面英文+6位數字 -01(聯合事務所的支號)；證號請填寫完整六碼(包含英文)",
				"As on the practice licence. Paste its whole line, for example 南市建開證字第T123456-01號: the word, one letter, the digits and, for a joint office, its branch such as -01")},
		{Key: "person_id", Kind: permit.PersonID, Required: true, Secret: true, Label: say.T("身份證號", "National ID")},
		{Key: "arch_certificate", Kind: permit.Certificate, Required: true, Label: say.T("建築師證號", "Architect's certificate number"),
			Hint: say.T("建築師證號只要填四個數字，其他文字都不要打", "Only the four digits, no other text")},
		{Key: "office_name", Kind: permit.Name, Label: say.T("事務所名稱", "Office name")},
		{Key: "office_address", Kind: permit.Address, Label: say.T("事務所地址", "Office address")},
		{Key: "office_phone", Kind: permit.Phone, Label: say.T("事務所電話", "Office telephone")},
		{Key: "address", Kind: permit.Address, Label: say.T("聯絡地址", "Contact address")},
		{Key: "phone", Kind: permit.Phone, Label: say.T("聯絡電話", "Contact telephone")},
		until("arch_until", "開業證書有效期限", "Practice licence valid until", "建築師法 §9-1"),
	},
	permit.Contractor: {
		{Key: "con_licence", Kind: permit.Contractors, Required: true, Label: say.T("登記證字號", "Registration number"),
			Hint: say.T("要和營造業登記證書上的資料一樣，例如 綜甲字第T00001-000號", "As on the registration certificate, for example 綜甲字第T00001-000號")},
		{Key: "company_id", Kind: permit.CompanyID, Required: true, Label: say.T("統一編號", "Company number")},
		{Key: "company_name", Kind: permit.Name, Label: say.T("營造廠名稱", "Name of the firm")},
		{Key: "company_head", Kind: permit.Name, Label: say.T("負責人", "Head of the firm")},
		{Key: "company_address", Kind: permit.Address, Label: say.T("營業地址", "Business address")},
		{Key: "office_phone", Kind: permit.Phone, Label: say.T("事務所電話", "Office telephone")},
		{Key: "address", Kind: permit.Address, Label: say.T("聯絡地址", "Contact address")},
		{Key: "company_phone", Kind: permit.Phone, Label: say.T("公司電話", "Company telephone")},
		{Key: "mobile", Kind: permit.Mobile, Label: say.T("行動電話", "Mobile")},
	},
	permit.Decorator: {
		{Key: "dec_licence", Kind: permit.Decorators, Required: true, Label: say.T("登記證字號", "Registration number"),
			Hint: say.T("要和室內裝修業登記證上的資料一樣", "As on the interior decorator's registration certificate")},
		{Key: "company_id", Kind: permit.CompanyID, Required: true, Label: say.T("統一編號", "Company number")},
		{Key: "company_name", Kind: permit.Name, Label: say.T("公司名稱", "Name of the firm")},
		{Key: "company_head", Kind: permit.Name, Label: say.T("負責人", "Head of the firm")},
		{Key: "company_address", Kind: permit.Address, Label: say.T("營業地址", "Business address")},
		{Key: "company_phone", Kind: permit.Phone, Label: say.T("電話", "Telephone")},
		{Key: "dec_technician", Kind: permit.Decorators, Label: say.T("專業技術人員登記證號", "Technician's registration number")},
		until("dec_until", "登記證有效期限", "Registration valid until", "建築物室內裝修管理辦法 §11"),
	},
	permit.Citizen: {
		{Key: "person_id", Kind: permit.PersonID, Required: true, Secret: true, Label: say.T("身分證號", "National ID")},
		{Key: "company_name", Kind: permit.Name, Label: say.T("公司名稱", "Name of the firm")},
		{Key: "company_address", Kind: permit.Address, Label: say.T("公司地址", "Address of the firm")},
		{Key: "office_phone", Kind: permit.Phone, Label: say.T("事務所電話", "Office telephone")},
		{Key: "address", Kind: permit.Address, Label: say.T("聯絡地址", "Contact address")},
		{Key: "company_phone", Kind: permit.Phone, Label: say.T("公司電話", "Company telephone")},
		{Key: "mobile", Kind: permit.Mobile, Label: say.T("行動電話", "Mobile")},
		{Key: "fax", Kind: permit.Phone, Label: say.T("傳真電話", "Fax")},
	},
	permit.Engineer: {
		{Key: "eng_licence", Kind: permit.Engineers, Required: true, Label: say.T("執業執照號碼", "Practice licence number"),
			Hint: say.T("要和執業證書上的資料一樣，前面的 0 也要，例如 技執字第00123號", "As on the practice licence, with the leading zeros, for example 技執字第00123號")},
		{Key: "eng_permit", Kind: permit.PermitNo, Required: true, Label: say.T("內政部許可文號", "Number of the Ministry's permit"),
			Hint: say.T("例如 內授營建管字第1110000001號", "For example 內授營建管字第1110000001號")},
		{Key: "eng_branch", Kind: permit.Choice, Required: true, Label: say.T("技師類別", "Branch of engineering"), Choices: coded(taiwan.Branches)},
		{Key: "person_id", Kind: permit.PersonID, Required: true, Secret: true, Label: say.T("身分證字號", "National ID")},
		{Key: "eng_name", Kind: permit.Name, Label: say.T("技師姓名", "Engineer's name"),
			Hint: say.T("和申請者姓名不同時才填", "Only if it differs from the applicant's name")},
		{Key: "office_name", Kind: permit.Name, Label: say.T("事務所名稱", "Office name")},
		{Key: "office_address", Kind: permit.Address, Label: say.T("事務所地址", "Office address")},
		{Key: "office_phone", Kind: permit.Phone, Label: say.T("事務所電話", "Office telephone")},
		until("eng_until", "執業執照有效期限", "Practice licence valid until", "技師法 §8"),
	},
}

// until asks the last day of a licence, so that the profile can warn before it is over.
func until(key, zh, en, law string) permit.Field {
	return permit.Field{Key: key, Kind: permit.Day, Law: law, Label: say.T(zh, en),
		Hint: say.T("例如 117-06-30；填了，到期前會提醒", "For example 117-06-30; if given, you are reminded before it ends")}
}

func coded(table []taiwan.Coded) (out []permit.Option) {
	for _, c := range table {
		out = append(out, permit.Option{Value: c.Code, Text: say.T(c.Name, c.En)})
	}
	return out
}

// Key names a field of the role on the page and in faults: architect-arch_licence.
func Key(r permit.Role, field string) string { return string(r) + "-" + field }

// licenceKeys is the fact that is a role's licence number.
var licenceKeys = map[permit.Role]string{
	permit.Architect: "arch_licence", permit.Contractor: "con_licence", permit.Decorator: "dec_licence", permit.Engineer: "eng_licence",
}

// licenceParts is a licence of the role as it is printed, its number alone, and whether the line had the word before it.
func licenceParts(r permit.Role, line string) (whole, number string, worded bool, err error) {
	switch r {
	case permit.Architect:
		l, err := taiwan.ParseArchitectLicence(line)
		return l.String(), l.NumberText(), l.Word != "", err
	case permit.Engineer:
		l, err := taiwan.ParseEngineerLicence(line)
		return l.String(), l.Number, true, err
	case permit.Contractor:
		l, err := taiwan.ParseContractorLicence(line)
		return l.String(), l.Number, l.Text != l.Number, err
	case permit.Decorator:
		s, err := taiwan.DecoratorLicence(line)
		return s, s, true, err
	}
	return "", "", false, nil
}
