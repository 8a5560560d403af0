package catalog

import (
	"github.com/shopspring/decimal"

	"cloudbm/permit"
	"cloudbm/say"
)

// byEngineer holds where 建築法 §13 hands structure and equipment to professional engineers: more than five floors above
// ground, or open to public use.
var byEngineer = permit.Any(permit.Is("public_use", "Y"), permit.AtLeast("floors_above", 6))

// explored holds where the ground must be explored by boring (建築技術規則構造編 §64): five floors or more, or public use.
var explored = permit.Any(permit.Is("public_use", "Y"), permit.AtLeast("floors_above", 5))

// condominium holds from three units on, where the by-laws of the condominium are part of the case (公寓大廈管理條例 §56).
var condominium = permit.AtLeast("units", 3)

// designed holds where at least one architect designs the building.
var designed = permit.AtLeast("architects_named", 1)

// special holds where one of the circumstances was ticked.
func special(values ...string) permit.Cond { return permit.Is("specials", values...) }

// Building is 建造執照申請 (A1-1): a new building, a rebuilding or a major repair.
var Building = &permit.Type{
	TitleField: "building_name", PlaceField: "site_address",
	Kind: "building", Code: "A1-1", Family: "A1", Edition: "2026-01", Menu: permit.Licences,
	Name: say.T("建造執照申請", "Application for a building licence"),
	Law:  []string{"建築法 §24", "建築法 §25", "建築法 §28", "建築法 §30", "建築法 §31", "建築法 §32", "建築法 §33"},
	Help: say.T("新建、改建或修建建築物前申請。請準備土地登記謄本、地籍圖謄本、建築線指示（定）圖、設計圖說，以及設計人和簽證技師的執照字號。增建另有案件類別。",
		"Before a new building, a rebuilding or a major repair. Have at hand the land register, the cadastral map, the building line, the drawings, and the licence numbers of the designer and the engineers. Extensions have a case type of their own."),
	Form: []permit.Section{
		{
			Key: "case", Name: say.T("案件基本資料", "The case"), Group: permit.CaseFacts,
			Fields: []permit.Field{
				ask("building_name", permit.Line, "建築物名稱", "Building name", required, upTo(50), law("S164")),
				ask("work", permit.Choice, "工程類別", "Kind of works", required, of(works), law("建築法 §9")),
				ask("old_licence", permit.LicenceNo, "原執照字號", "Earlier licence", when(permit.Is("work", "02", "03")), hint("原建築物領有執照時填寫", "Where the old building has one")),
				ask("public_use", permit.YesNo, "供公眾使用", "Open to public use", required, hint("照內政部公告的供公眾使用建築物範圍", "As published by the Ministry of the Interior"), law("建築法 §5")),
				ask("complex", permit.YesNo, "構造複雜", "Complex structure", hint("審查期限可延長到 30 日；由主管機關認定", "The review may take up to 30 days; the authority decides"), law("建築法 §33")),
				ask("temporary", permit.YesNo, "臨時建築物", "Temporary building"),
				agentAsked(),
			},
		},
		{
			Key: "line", Name: say.T("建築線", "Building line"), Group: permit.CaseFacts,
			Fields: []permit.Field{
				ask("line_free", permit.YesNo, "免申請指示（定）建築線", "No building line needed", required, law("建築法 §48")),
				ask("line_word", permit.Line, "建築線字別", "Word of the letter", required, upTo(20), when(permit.Not(permit.Is("line_free", "Y")))),
				ask("line_no", permit.Line, "建築線號碼", "Number of the letter", required, upTo(11), when(permit.Not(permit.Is("line_free", "Y")))),
				ask("line_date", permit.Day, "建築線日期", "Date of the letter", required, when(permit.Not(permit.Is("line_free", "Y")))),
			},
		},
		siteSection(ownLand()),
		landList(),
		bulkSection(),
		shapeSection(),
		floorList(),
		{
			Key: "cost", Name: say.T("造價", "Cost"), Group: permit.CaseFacts,
			Help: say.T("照主管機關的造價標準計算，不是契約價。規費按工程造價的千分之一計算。",
				"By the authority's cost table, not the contract price. The fee is one thousandth of it."),
			Fields: []permit.Field{
				ask("cost", permit.Money, "工程造價", "Cost of the building", required, unit("元"), law("建築法 §29")),
				ask("misc_cost", permit.Money, "雜項工作物造價", "Cost of miscellaneous works", unit("元")),
			},
		},
		shelterSection(),
		parkingList(),
		{
			Key: "circumstances", Name: say.T("特殊情形", "Circumstances"), Group: permit.CaseFacts,
			Help: say.T("勾選符合的情形，系統會把需要的文件加到應附文件。都不符合時不必勾選。",
				"Tick what applies; the papers it calls for are then listed. Tick nothing if none applies."),
			Fields: []permit.Field{
				ask("specials", permit.Several, "本案的情形", "What applies to this case", of(specials)),
				ask("farmland_by", permit.Choice, "農業用地取得時間", "When the farm land was acquired", of(farmland), when(special("farmhouse-single", "farmhouse-cluster")), required, law("農業發展條例 §18")),
				ask("owners_named", permit.Computed, "起造人人數", "Owners named", countOf(owners, nil)),
				ask("architects_named", permit.Computed, "設計建築師人數", "Architects named", countOf(designers, func(r permit.Row) bool { return r.Values["exempt"] != "Y" })),
			},
		},
		{
			Key: "versions", Name: say.T("適用法令版本", "Versions of the rules"), Group: permit.CaseFacts,
			Fields: []permit.Field{
				ask("code_version", permit.Line, "建築技術規則版本", "Version of the building technical rules", upTo(50)),
				ask("seismic_version", permit.Line, "耐震設計規範版本", "Version of the seismic design code", upTo(50)),
				ask("fire_approval_no", permit.Line, "防火避難性能認可文號", "Number of the fire-safety performance approval", upTo(50)),
				ask("fire_approval_date", permit.Day, "防火避難性能認可日期", "Date of the fire-safety performance approval"),
			},
		},
		{
			Key: "remarks", Name: say.T("備註", "Remarks"), Group: permit.CaseFacts,
			List: &permit.List{Row: say.T("備註", "Remark"), Fields: []permit.Field{
				ask("remark_code", permit.Line, "備註代碼", "Code", upTo(4)),
				ask("remark_name", permit.Line, "備註名稱", "Name", upTo(100)),
				ask("remark", permit.Line, "備註內容", "Remark", required, upTo(230)),
			}},
		},
		ownerList("起造人", "owner"),
		designerList(1),
		supervisorList(0),
		engineerList(
			hold("cert_item", "超過五層或供公眾使用時，結構設計由專業技師簽證（建築法第13條）", "Above five floors or for public use an engineer certifies the structure (Building Act §13)", structureByEngineer),
			remind("cert_item", "設備屬專業工程時也由專業技師簽證", "Equipment that is professional engineering is certified too", equipmentByEngineer),
			remind("branch", "科別和簽證項目相符", "Branch and item belong together", branchFitsItem),
		),
		landownerList(),
		agentList(),
	},
	Attachments: buildingPapers,
	Drawings:    buildingDrawings,
	Checks:      buildingChecks,
	Moves:       usualMoves,
	Deadlines: []permit.Deadline{
		{ID: "review", Name: say.T("審查期限", "Time for review"), Base: permit.OnReceipt, Period: days(10),
			Longer: days(30), Long: permit.Any(permit.Is("public_use", "Y"), permit.Is("complex", "Y")), Effect: permit.Warn, Law: "建築法 §33"},
		{ID: "second-review", Name: say.T("復審期限", "Time for the second review"), Base: permit.OnResubmit, Period: days(10),
			Longer: days(30), Long: permit.Any(permit.Is("public_use", "Y"), permit.Is("complex", "Y")), Effect: permit.Warn, Law: "建築法 §33"},
		{ID: "correction", Name: say.T("改正期限", "Time for correction"), Base: permit.OnCorrection, Period: months(6), Effect: permit.Flag, Law: "建築法 §36"},
		{ID: "collection", Name: say.T("領照期限", "Time to collect the licence"), Base: permit.OnIssue, Period: months(3), Effect: permit.Flag, Law: "建築法 §41"},
		{ID: "start", Name: say.T("開工期限", "Time to start work"), Base: permit.OnIssue, Period: months(6), Effect: permit.Flag, Law: "建築法 §54"},
	},
	Fee: permit.Fee{Name: say.T("建造執照規費", "Fee for the building licence"), Of: "cost", PerMille: decimal.NewFromInt(1), Setting: "fee_per_mille", Law: "建築法 §29"},
	Outcome: permit.Outcome{
		Name: say.T("建造執照", "Building licence"), Word: "造", Title: say.T("建造執照", "Building licence"),
		Shows: []string{"case", "site", land, "bulk", "shape", "floors", "cost", owners, designers, supervisors},
	},
	Prints: []permit.Print{
		{Code: "A11-1", Name: say.T("建造執照申請書", "Application for a building licence"),
			Sections: []string{"case", "line", "site", "bulk", "shape", "cost", "shelter", "parking", "circumstances", "versions", "remarks", supervisors, engineers, agents}},
		{Code: "A11-2", Name: say.T("起造人名冊", "List of owners"), Sections: []string{owners}, Land: true},
		{Code: "A11-3", Name: say.T("設計人名冊", "List of designers"), Sections: []string{designers}, Land: true},
		{Code: "A11-4", Name: say.T("建築物概要表", "Summary of the building"), Sections: []string{"floors"}, Land: true},
		{Code: "A12-2", Name: say.T("地號表", "Land parcels"), Sections: []string{land}, Land: true},
		{Code: "A12-4", Name: say.T("土地使用權同意書", "Consent to use the land"), Sections: []string{land, landowners}, Land: true},
	},
}

// farmland tells the two cases of 農業發展條例 §18.
var farmland = []permit.Option{
	opt("1", "89年1月28日以前取得", "Until 28 January 2000"), opt("2", "89年1月28日以後取得", "After 28 January 2000"),
}

// certified reports whether an engineer of the case certifies the item.
func certified(a permit.Answers, item string) bool {
	for _, r := range a.Rows[engineers] {
		if r.Values["cert_item"] == item {
			return true
		}
	}
	return false
}

// structureByEngineer: 建築法 §13 asks for a professional engineer for the structure.
func structureByEngineer(a permit.Answers) *say.Text {
	if !byEngineer.Holds(a) || certified(a, "1") {
		return nil
	}
	return told("新增簽證項目「結構設計」的技師：建築物超過五層或供公眾使用，結構要由專業技師簽證（建築法第13條）",
		"Add an engineer who certifies the structural design: above five floors or for public use the structure needs one (Building Act §13)")
}

// equipmentByEngineer: the same article covers the equipment, where the building has any beyond the ordinary.
func equipmentByEngineer(a permit.Answers) *say.Text {
	if !byEngineer.Holds(a) || certified(a, "3") && certified(a, "4") {
		return nil
	}
	return told("提醒：電氣、空調等設備屬專業工程時，也要由專業技師簽證（建築法第13條）",
		"Reminder: electrical and air-conditioning works that are professional engineering need an engineer too (Building Act §13)")
}

// itemBranches are the branches whose engineers usually certify an item; items not named are left to the authority.
var itemBranches = map[string][]string{"1": {"01", "02"}, "2": {"01", "02", "03", "04"}, "3": {"05"}, "4": {"06"}, "5": {"07"}}

func branchFitsItem(a permit.Answers) *say.Text {
	for i, r := range a.Rows[engineers] {
		usual, known := itemBranches[r.Values["cert_item"]]
		if !known || r.Values["branch"] == "" || oneOf(usual, r.Values["branch"]) {
			continue
		}
		return told("提醒：核對第 %d 位技師的科別和簽證項目", "Reminder: compare the branch and the item of engineer %d", i+1)
	}
	return nil
}

func oneOf(list []string, v string) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}
