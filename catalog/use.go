package catalog

import (
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/taiwan"
)

// Use is 使用執照申請 (C1-1): the building is finished and may be used once it has been inspected.
var Use = &permit.Type{
	TitleField: "building_name", PlaceField: "door_plate",
	Kind: "use", Code: "C1-1", Family: "C1", Edition: "2026-01", Menu: permit.Licences,
	Name: say.T("使用執照申請", "Application for a use licence"),
	Law:  []string{"建築法 §70", "建築法 §71", "建築法 §72"},
	Help: say.T("建築工程完竣後，由起造人會同承造人及監造人申請。請準備建造執照字號、竣工圖和竣工照片；已在本系統領得建造執照的案件會帶入原資料，只要改竣工時不同的地方。",
		"When the works are finished; the owner applies together with the contractor and the supervisor. Have at hand the number of the building licence, the as-built drawings and photographs. The data of a building licence issued here are taken over; change only what was built differently."),
	Follows: []permit.Follow{{
		Kind:     "building",
		Sections: []string{"site", land, "bulk", "shape", "floors", "shelter", "parking", owners, designers, supervisors, engineers},
		Fields:   map[string]string{"building_name": "building_name", "public_use": "public_use", "licence_no": "licence", "licence_date": "issued"},
	}},
	Form: []permit.Section{
		{
			Key: "case", Name: say.T("案件基本資料", "The case"), Group: permit.CaseFacts,
			Fields: []permit.Field{
				ask("building_name", permit.Line, "建築物名稱", "Building name", required, upTo(50), law("S164")),
				ask("licence_no", permit.LicenceNo, "建造執照字號", "Number of the building licence", required, hint("例如 (112)南工造字第00823號", "For example (112)南工造字第00823號")),
				ask("licence_date", permit.Day, "建造執照發照日期", "Date of the building licence", required),
				ask("changes", permit.Whole, "變更設計次數", "Changes of design", hint("沒有變更設計填 0", "0 if there was none")),
				ask("started", permit.Day, "開工日期", "Date work started", required, law("建築法 §54")),
				ask("finished", permit.Day, "竣工日期", "Date work finished", required, law("建築法 §70")),
				ask("public_use", permit.YesNo, "供公眾使用", "Open to public use", required, law("建築法 §5")),
				ask("door_plate", permit.Address, "建築物門牌", "Address of the building", required, hint("照戶政事務所編釘的門牌", "As assigned by the household office")),
				agentAsked(),
			},
			Rules: []permit.Rule{
				hold("started", "開工日期不早於發照日期", "Work starts no earlier than the licence", inOrder("licence_date", "started", "開工日期", "start of work", "發照日期", "date of the licence")),
				hold("finished", "竣工日期不早於開工日期", "Work ends no earlier than it starts", inOrder("started", "finished", "竣工日期", "end of work", "開工日期", "start of work")),
			},
		},
		siteSection(),
		landList(),
		bulkSection(),
		shapeSection(),
		floorList(),
		shelterSection(),
		parkingList(),
		{
			Key: "completion", Name: say.T("竣工情形", "Completion"), Group: permit.CaseFacts,
			Help: say.T("勾選符合的情形，系統會把需要的文件加到應附文件。", "Tick what applies; the papers it calls for are then listed."),
			Fields: []permit.Field{
				ask("specials", permit.Several, "本案的情形", "What applies to this case", of(atCompletion)),
				ask("code_version", permit.Line, "建築技術規則版本", "Version of the building technical rules", upTo(50)),
				ask("owners_named", permit.Computed, "起造人人數", "Owners named", countOf(owners, nil)),
			},
		},
		ownerList("起造人", "owner"),
		designerList(0),
		supervisorList(1),
		builderList(),
		engineerList(),
		agentList(),
	},
	Attachments: usePapers,
	Drawings:    useDrawings,
	Checks:      useChecks,
	Moves:       usualMoves,
	Deadlines: []permit.Deadline{
		{ID: "inspection", Name: say.T("查驗期限", "Time for the inspection"), Base: permit.OnReceipt, Period: days(10),
			Longer: days(20), Long: permit.Is("public_use", "Y"), Effect: permit.Warn, Law: "建築法 §70"},
		{ID: "second-inspection", Name: say.T("再報查驗期限", "Time for the second inspection"), Base: permit.OnResubmit, Period: days(10),
			Longer: days(20), Long: permit.Is("public_use", "Y"), Effect: permit.Warn, Law: "建築法 §70"},
	},
	Fee: permit.Fee{Name: say.T("使用執照工本費", "Charge for the use licence"), Flat: 200, Setting: "fee_use_permit", Law: "建築法 §29"},
	Outcome: permit.Outcome{
		Name: say.T("使用執照", "Use licence"), Word: "使", Title: say.T("使用執照", "Use licence"),
		Shows: []string{"case", "site", land, "bulk", "shape", "floors", "parking", owners, supervisors, builders},
	},
	Prints: []permit.Print{
		{Code: "C11-1", Name: say.T("使用執照申請書", "Application for a use licence"),
			Sections: []string{"case", "site", "bulk", "shape", "shelter", "parking", "completion", designers, supervisors, builders, engineers, agents}},
		{Code: "C11-2", Name: say.T("起造人名冊", "List of owners"), Sections: []string{owners}, Land: true},
		{Code: "A11-4", Name: say.T("建築物概要表", "Summary of the building"), Sections: []string{"floors"}, Land: true},
		{Code: "A12-2", Name: say.T("地號表", "Land parcels"), Sections: []string{land}, Land: true},
	},
}

// atCompletion are the circumstances of a finished building that call for more papers.
var atCompletion = []permit.Option{
	opt("change", "併案辦理變更設計", "A change of design is part of this case"),
	opt("site-changed", "基地範圍有變更", "The site has changed"),
	opt("late", "竣工逾期", "Work finished after the building period"),
	opt("lift", "設有昇降設備或機械停車設備", "There are lifts or mechanical parking"),
	opt("damage", "施工中有損鄰事件", "A neighbour was damaged by the works"),
	opt("void", "有挑空或夾層", "There are voids or mezzanines"),
	opt("spoil", "有剩餘土石方", "There was surplus earth"),
	opt("slope", "基地在山坡地", "The site is on hillside land"),
	opt("sewer", "設有專用下水道或應納管", "There is a sewer or a duty to connect"),
	opt("fire", "應經消防機關檢查", "The fire authority must inspect"),
	opt("fit-out", "併案辦理室內裝修", "Interior works are part of this case"),
	opt("accessible", "應設無障礙設施", "The building must be accessible"),
	opt("rainwater", "設有雨水貯留或滯洪設施", "There is rainwater storage or detention"),
}

// inOrder holds the day in field later to be no earlier than the one in field earlier.
func inOrder(earlier, later, laterZh, laterEn, earlierZh, earlierEn string) func(permit.Answers) *say.Text {
	return func(a permit.Answers) *say.Text {
		from, to, ok := bothDays(a, earlier, later)
		if !ok || !to.Before(from) {
			return nil
		}
		return told("核對日期：%s（%s）早於%s（%s）", "Compare the dates: the %s, %s, is before the %s, %s",
			say.T(laterZh, laterEn), to.Text(), say.T(earlierZh, earlierEn), from.Text())
	}
}

// bothDays reads two days of the answers; ok is false while one is missing.
func bothDays(a permit.Answers, first, second string) (from, to taiwan.Date, ok bool) {
	from, err := taiwan.ParseDate(a.Get(first))
	if err != nil {
		return from, to, false
	}
	to, err = taiwan.ParseDate(a.Get(second))
	return from, to, err == nil
}
