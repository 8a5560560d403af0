package catalog

import (
	"cloudbm/permit"
	"cloudbm/say"
)

// The keys of the lists of people, the same in every case type, so that a later case can take them over.
const (
	owners      = "owners"
	designers   = "designers"
	supervisors = "supervisors"
	engineers   = "engineers"
	builders    = "builders"
	landowners  = "landowners"
	fitters     = "fitters"
	agents      = "agents"
)

// nationalID asks for a national ID; it is kept encrypted.
func nationalID(and ...more) permit.Field {
	return ask("person_id", permit.PersonID, "身分證字號", "National ID", append([]more{secret}, and...)...)
}

// reach asks how to reach a person or an office.
func reach(phone, phoneEn string) []permit.Field {
	return []permit.Field{
		ask("phone", permit.Phone, phone, phoneEn),
		ask("fax", permit.Phone, "傳真", "Fax"),
		ask("email", permit.Mail, "電子郵件", "E-mail"),
	}
}

// office asks for the office of an architect or engineer.
func office(and ...more) []permit.Field {
	return join([]permit.Field{
		ask("office_name", permit.Name, "事務所名稱", "Office name", append(and, upTo(40))...),
		ask("postcode", permit.Postcode, "郵遞區號", "Postcode"),
		ask("office_address", permit.Address, "事務所地址", "Office address", upTo(60)),
	}, reach("事務所電話", "Office telephone"))
}

// ownerList is 起造人名冊 (A11-2), or 申請人名冊 where nobody builds.
func ownerList(zh, en string) permit.Section {
	return permit.Section{
		Key: owners, Name: say.T(zh+"名冊", "List of "+en+"s"), Group: permit.People,
		Help: say.T("公司、機關或團體填名稱和統一編號，負責人另填。有兩位以上時勾選一位代表人。",
			"For a company or body enter its name and company number, and who heads it. With two or more, mark one representative."),
		List: &permit.List{
			Row: say.T(zh, en), Party: permit.Owner, Min: 1, Lead: true, From: permit.Citizen,
			Fill: map[string]string{"any_id": "person_id", "name": "name", "phone": "phone", "mobile": "mobile", "fax": "fax",
				"email": "email", "address": "address"},
			Fields: []permit.Field{
				ask("name", permit.Name, "姓名或名稱", "Name of the person or body", required, upTo(70)),
				ask("any_id", permit.AnyID, "身分證字號或統一編號", "National ID or company number", required, secret),
				ask("born", permit.Day, "出生日期", "Date of birth", secret, hint("公司、機關或團體免填", "Leave empty for a company or body")),
				ask("head", permit.Name, "法定代理人或負責人", "Legal representative or head", upTo(20)),
				ask("phone", permit.Phone, "電話", "Telephone"),
				ask("mobile", permit.Mobile, "行動電話", "Mobile"),
				ask("fax", permit.Phone, "傳真", "Fax"),
				ask("email", permit.Mail, "電子郵件", "E-mail"),
				ask("address", permit.Address, "戶籍或公司地址", "Registered address", required),
				ask("mail_address", permit.Address, "通訊地址", "Postal address", hint("和戶籍地址相同時免填", "Leave empty if it is the registered address")),
				ask("door", permit.Address, "建築物門牌", "Address of the building"),
				ask("block_no", permit.Line, "棟別編號", "Building number on the plans", upTo(20)),
				ask("unit_block", permit.Line, "幢", "Block", upTo(4)),
				ask("unit_building", permit.Line, "棟", "Building", upTo(4)),
				ask("unit_floor", permit.Line, "層", "Floor", upTo(4)),
				ask("unit_no", permit.Line, "戶", "Unit", upTo(4)),
				ask("unit_uses", permit.Several, "用途類組", "Use groups", of(useGroups), hint("最多 3 個", "At most three")),
				ask("unit_use_note", permit.Line, "用途說明", "Description of the use", upTo(100)),
			},
		},
	}
}

// licensed holds where the designer of the row has a licence: 免建築師 was not ticked.
var licensed = permit.Not(permit.Is("exempt", "Y"))

// designerList is 設計人名冊 (A11-3, S165–S173) with at least min rows.
func designerList(min int) permit.Section {
	return permit.Section{
		Key: designers, Name: say.T("設計人名冊", "List of designers"), Group: permit.People,
		Help: say.T("設計人是建築師時，可用「帶入設計人資料」從角色資料帶入。依建築法第16條或第19條免由建築師設計時，勾選「免建築師」。",
			"“Fill in the designer” takes the data of an architect's profile. Tick “No architect needed” where §16 or §19 of the Building Act allows it."),
		List: &permit.List{
			Row: say.T("設計人資料", "Designer"), Party: permit.Designer, Min: min, Lead: true, From: permit.Architect,
			Fill: architectFill,
			Fields: join([]permit.Field{
				ask("exempt", permit.YesNo, "免建築師", "No architect needed", law("S171")),
				ask("exempt_law", permit.Choice, "免建築師的依據", "Why no architect is needed", required, of(exemptions), when(permit.Is("exempt", "Y")), law("建築法 §16、§19")),
				ask("arch_licence", permit.Architects, "開業證字號", "Practice licence number", required, when(licensed),
					hint("把開業證書上的一整行貼上，例如 南市建開證字第T123456-01號", "Paste the whole line of the certificate, for example 南市建開證字第T123456-01號"), law("S169")),
				nationalID(law("S170")),
				ask("name", permit.Name, "姓名", "Name", required, upTo(20), law("S171")),
			}, office(law("S173"))),
		},
	}
}

// architectFill takes an architect's row from the profile.
var architectFill = map[string]string{"arch_licence": "arch_licence", "person_id": "person_id", "name": "name", "office_name": "office_name",
	"office_address": "office_address", "phone": "office_phone", "fax": "fax", "email": "email"}

// supervisorList is 監造人名冊 (B11-4) with at least min rows.
func supervisorList(min int) permit.Section {
	return permit.Section{
		Key: supervisors, Name: say.T("監造人名冊", "List of supervising architects"), Group: permit.People,
		Help: say.T("監造人由建築師擔任；由設計人監造時同樣帶入。", "The supervisor is an architect, often the designer."),
		List: &permit.List{
			Row: say.T("監造人", "Supervising architect"), Party: permit.Supervisor, Min: min, Lead: true, From: permit.Architect,
			Fill: architectFill,
			Fields: join([]permit.Field{
				ask("arch_licence", permit.Architects, "開業證字號", "Practice licence number", required),
				nationalID(),
				ask("name", permit.Name, "姓名", "Name", required, upTo(20)),
			}, office()),
		},
	}
}

// engineerList is the block of certifying engineers (簽證技師基本資料, S205–S209).
func engineerList(rules ...permit.Rule) permit.Section {
	return permit.Section{
		Key: engineers, Name: say.T("簽證技師", "Certifying engineers"), Group: permit.People,
		Help: say.T("一位技師簽證一個項目填一筆。技師本人用帳號確認後壓章。", "One row for each item an engineer certifies. The engineer confirms it under their own account and seals."),
		List: &permit.List{
			Row: say.T("簽證技師", "Certifying engineer"), Party: permit.Certifier, From: permit.Engineer,
			Fill: map[string]string{"branch": "eng_branch", "name": "name", "eng_licence": "eng_licence", "eng_permit": "eng_permit", "person_id": "person_id",
				"office_name": "office_name", "office_address": "office_address", "phone": "office_phone", "fax": "fax", "email": "email"},
			Fields: join([]permit.Field{
				ask("cert_item", permit.Choice, "簽證項目", "Certified item", required, of(certItems)),
				ask("branch", permit.Choice, "科別", "Branch", required, of(branches), law("S196")),
				ask("name", permit.Name, "姓名", "Name", required, upTo(20), law("S205")),
				ask("eng_licence", permit.Engineers, "執業執照號碼", "Practice licence number", required, hint("例如 技執字第00123號，前面的 0 要保留", "For example 技執字第00123號; keep the leading zeros"), law("S205")),
				ask("eng_permit", permit.PermitNo, "內政部許可文號", "Permit number of the Ministry of the Interior", required, law("S206")),
				nationalID(law("S207")),
			}, office(law("S208")), []permit.Field{
				ask("program", permit.Line, "使用程式", "Program used", upTo(100)),
				ask("certified_on", permit.Day, "登記日期", "Date registered"),
				ask("certified", permit.Lines, "簽證內容", "What is certified", upTo(500)),
			}),
		},
		Rules: rules,
	}
}

// builderList is 承造人名冊 (B11-3, S185–S191), with the contractor's own engineer and site manager in the row.
func builderList() permit.Section {
	return permit.Section{
		Key: builders, Name: say.T("承造人名冊", "List of contractors"), Group: permit.People,
		Help: say.T("登記證字號照營造業登記證書填寫。", "Enter the registration number as it stands on the certificate."),
		List: &permit.List{
			Row: say.T("承造人", "Contractor"), Party: permit.Builder, Min: 1, Lead: true, From: permit.Contractor,
			Fill: map[string]string{"con_licence": "con_licence", "company_name": "company_name", "company_id": "company_id", "company_head": "company_head",
				"head_mobile": "mobile", "company_address": "company_address", "phone": "company_phone", "fax": "fax", "email": "email"},
			Fields: join([]permit.Field{
				ask("con_licence", permit.Contractors, "登記證字號", "Registration number", required, law("S186")),
				ask("company_name", permit.Name, "營造業名稱", "Name of the firm", required, upTo(60), law("S188")),
				ask("company_id", permit.CompanyID, "統一編號", "Company number", law("S189")),
				ask("company_head", permit.Name, "負責人", "Head of the firm", required, upTo(10), law("S190")),
				ask("head_mobile", permit.Mobile, "負責人行動電話", "Mobile of the head", law("S191")),
				ask("company_address", permit.Address, "營業地址", "Business address"),
				ask("fulltime_name", permit.Name, "專任工程人員姓名", "Full-time engineer", required, upTo(10), law("營造業法 §35")),
				ask("fulltime_no", permit.Line, "專任工程人員證號", "Full-time engineer's certificate", upTo(40)),
				ask("fulltime_kind", permit.Choice, "專任工程人員種類", "Kind of full-time engineer", of(fullTime)),
				ask("manager_name", permit.Name, "工地主任姓名", "Site manager", upTo(10), hint("依營造業法第30條應置工地主任時填寫", "Where §30 of the Construction Industry Act requires one"), law("營造業法 §30")),
				ask("manager_no", permit.Line, "工地主任執業證號", "Site manager's licence", upTo(10)),
				ask("guild_no", permit.Line, "公會會員號", "Guild membership number", upTo(20)),
			}, reach("公司電話", "Company telephone")),
		},
	}
}

// landownerList is 土地所有權人 (A12-4), asked where somebody else than the applicant owns land of the site.
func landownerList() permit.Section {
	return permit.Section{
		Key: landowners, Name: say.T("土地所有權人", "Land owners"), Group: permit.People, When: permit.Is("own_land", "N"),
		Help: say.T("一位所有權人對一筆土地填一筆，並附土地使用權同意書。", "One row for each owner and parcel; attach the consent to use the land."),
		List: &permit.List{
			Row: say.T("土地所有權人", "Land owner"), Party: permit.LandOwner, Min: 1,
			Fields: []permit.Field{
				ask("parcel_of", permit.Line, "地號", "Parcel", required, upTo(60), hint("例如 虎尾寮段 9001", "For example 虎尾寮段 9001")),
				ask("name", permit.Name, "姓名或名稱", "Name of the person or body", required, upTo(70)),
				ask("any_id", permit.AnyID, "身分證字號或統一編號", "National ID or company number", secret),
				ask("born", permit.Day, "出生日期", "Date of birth", secret),
				ask("address", permit.Address, "地址", "Address", upTo(50)),
				ask("phone", permit.Phone, "電話", "Telephone"),
				area("held_area", "持有面積", "Area held"),
				area("let_area", "使用面積", "Area to be used"),
				ask("note", permit.Line, "備註", "Remarks"),
			},
		},
	}
}

// fitterList is the interior decorators of the works and their technicians.
func fitterList(min int, rules ...permit.Rule) permit.Section {
	return permit.Section{
		Key: fitters, Name: say.T("室內裝修業者", "Interior decorators"), Group: permit.People,
		Help: say.T("填寫室內裝修業登記證和專業技術人員登記證的字號。", "Enter the registration numbers of the firm and of its technician."),
		List: &permit.List{
			Row: say.T("室內裝修業", "Interior decorator"), Party: permit.Fitter, Min: min, Lead: true, From: permit.Decorator,
			Fill: map[string]string{"dec_licence": "dec_licence", "company_id": "company_id", "company_name": "company_name", "company_head": "company_head",
				"company_address": "company_address", "phone": "company_phone", "tech_no": "dec_technician", "email": "email"},
			Fields: join([]permit.Field{
				ask("dec_licence", permit.Decorators, "登記證字號", "Registration number", required, law("建築物室內裝修管理辦法 §10")),
				ask("company_name", permit.Name, "公司名稱", "Name of the firm", required, upTo(60)),
				ask("company_id", permit.CompanyID, "統一編號", "Company number", required),
				ask("company_head", permit.Name, "負責人", "Head of the firm", upTo(10)),
				ask("company_address", permit.Address, "營業地址", "Business address"),
				ask("tech_name", permit.Name, "專業技術人員姓名", "Name of the technician", required, upTo(20)),
				ask("tech_kind", permit.Choice, "專業技術人員種類", "Kind of technician", required, of(technicians), law("建築物室內裝修管理辦法 §16")),
				ask("tech_no", permit.Decorators, "專業技術人員登記證號", "Technician's registration number", required),
			}, reach("公司電話", "Company telephone")),
		},
		Rules: rules,
	}
}

// byAgent holds where somebody files for the applicant.
var byAgent = permit.Is("agent", "Y")

// agentAsked is the question that opens the agent's page.
func agentAsked() permit.Field {
	return ask("agent", permit.YesNo, "委託他人辦理", "Filed by an agent", required, hint("選「是」時填受託人並附委託書", "If yes, name the agent and attach the letter of authority"))
}

// agentList is the agent named in the letter of authority (委託書 A11-5).
func agentList() permit.Section {
	return permit.Section{
		Key: agents, Name: say.T("受託人", "Agent"), Group: permit.People, When: byAgent,
		List: &permit.List{
			Row: say.T("受託人", "Agent"), Party: permit.Agent, Min: 1, Max: 1, From: permit.Citizen,
			Fill: map[string]string{"person_id": "person_id", "name": "name", "phone": "phone", "mobile": "mobile", "email": "email", "address": "address"},
			Fields: []permit.Field{
				ask("name", permit.Name, "姓名", "Name", required, upTo(70)),
				nationalID(),
				ask("phone", permit.Phone, "電話", "Telephone"),
				ask("mobile", permit.Mobile, "行動電話", "Mobile"),
				ask("email", permit.Mail, "電子郵件", "E-mail"),
				ask("address", permit.Address, "地址", "Address"),
				ask("power", permit.Line, "委託事項", "What the agent may do"),
			},
		},
	}
}
