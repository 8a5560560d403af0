package catalog

import (
	"github.com/shopspring/decimal"

	"cloudbm/permit"
	"cloudbm/say"
)

// simple holds where the simplified way of 建築物室內裝修管理辦法 §33 is asked for.
var simple = permit.Is("way", "simple")

// Interior is 室內裝修圖說審查 (E1-1): the drawings of interior works are reviewed before the works. The review may be
// delegated to a body such as the architects' association; the permit is the authority's.
var Interior = &permit.Type{
	TitleField: "building_name", PlaceField: "premises",
	Kind: "interior", Code: "E1-1", Family: "E1", Edition: "2026-01", Menu: permit.Interior,
	Name: say.T("室內裝修圖說審查", "Review of interior works"),
	Law:  []string{"建築法 §77-2", "建築物室內裝修管理辦法 §22", "建築物室內裝修管理辦法 §23", "建築物室內裝修管理辦法 §26", "建築物室內裝修管理辦法 §27"},
	Help: say.T("供公眾使用建築物室內裝修施工前申請。請準備使用執照字號、建物權利證明、原核准平面圖、室內裝修圖說，以及室內裝修業和專業技術人員的登記證字號。",
		"Before interior works in a building open to public use. Have at hand the use licence number, the title to the building, the plan last approved, the drawings, and the registration numbers of the decorator and the technician."),
	Follows: []permit.Follow{{Kind: "use", Fields: map[string]string{"building_name": "building_name", "use_licence": "licence", "use_licence_date": "issued",
		"premises": "door_plate", "public_use": "public_use", "floors_above": "floors_above"}}},
	Form: []permit.Section{
		{
			Key: "case", Name: say.T("案件基本資料", "The case"), Group: permit.CaseFacts,
			Fields: []permit.Field{
				ask("way", permit.Choice, "申請方式", "Way of applying", required, of(ways), law("建築物室內裝修管理辦法 §22、§33")),
				ask("building_name", permit.Line, "建築物名稱", "Building name", upTo(50)),
				ask("premises", permit.Address, "建築物地址", "Address of the building", required),
				ask("before_licences", permit.YesNo, "使用執照制度前的合法房屋", "A lawful building older than use licences", required),
				ask("use_licence", permit.LicenceNo, "使用執照字號", "Use licence number", required, when(permit.Not(permit.Is("before_licences", "Y")))),
				ask("use_licence_date", permit.Day, "使用執照發照日期", "Date of the use licence", when(permit.Not(permit.Is("before_licences", "Y")))),
				ask("public_use", permit.YesNo, "供公眾使用", "Open to public use", required, law("建築法 §77-2")),
				ask("floors_above", permit.Whole, "建築物地上層數", "Floors of the building above ground", required),
				ask("own_building", permit.YesNo, "申請人是建物所有權人", "The applicant owns the premises", required, hint("選「否」時附使用權同意書", "If no, attach the owner's consent")),
				ask("change_of_use", permit.YesNo, "併同變更使用", "Together with a change of use", law("建築物室內裝修管理辦法 §22")),
				ask("again", permit.YesNo, "曾經退件", "Returned before"),
				ask("review_body", permit.Line, "審查機構", "Reviewing body", required, upTo(60), hint("主管機關委託的審查機構，例如建築師公會", "The body the authority delegates to, for example the architects' association"), law("建築物室內裝修管理辦法 §6")),
				agentAsked(),
			},
			Rules: []permit.Rule{hold("way", "簡易室內裝修符合第33條的用途、面積、區劃條件", "The simplified way keeps the conditions of §33", simpleAllowed)},
		},
		{
			Key: "scope", Name: say.T("申請樓層", "Floors of the works"), Group: permit.CaseFacts,
			List: &permit.List{Row: say.T("申請樓層", "Floor"), Min: 1, Fields: []permit.Field{
				ask("level", permit.Choice, "樓層別", "Kind of floor", required, of(levels)),
				ask("level_no", permit.Whole, "層次", "Number of the floor", required),
				area("storey_area", "該層樓地板面積", "Floor area of the storey", required),
				area("fit_area", "裝修面積", "Area of the works", required),
				ask("use_before", permit.Choice, "原使用類組", "Use group before", required, of(useGroups)),
				ask("use_after", permit.Choice, "裝修後使用類組", "Use group after", required, of(useGroups)),
				ask("scope_note", permit.Line, "用途說明", "Description of the use", upTo(100)),
			}},
			Rules: []permit.Rule{
				hold("fit_area", "裝修面積不大於該層樓地板面積", "The works are within the storey", worksWithinStorey),
				remind("use_after", "使用類組變更時併同變更使用", "A change of use group is part of the case", useUnchanged),
			},
		},
		{
			Key: "safety", Name: say.T("裝修內容", "The works"), Group: permit.CaseFacts,
			Fields: []permit.Field{
				ask("works", permit.Lines, "裝修說明", "Description of the works", required, upTo(500)),
				ask("dwelling", permit.YesNo, "申請範圍用途為住宅", "The premises are a dwelling", required),
				ask("walled_off", permit.YesNo, "裝修範圍以一小時以上防火時效的牆和門窗區劃分隔", "Walled off with one hour of fire resistance", required, law("建築物室內裝修管理辦法 §33")),
				ask("changes_escape", permit.YesNo, "變更防火避難設施", "Escape routes change", required),
				ask("changes_fire", permit.YesNo, "變更消防安全設備", "Fire equipment changes", required, law("建築物室內裝修管理辦法 §28")),
				ask("changes_compartment", permit.YesNo, "變更防火區劃", "Fire compartments change", required),
				ask("changes_structure", permit.YesNo, "變更主要構造", "The main structure changes", required),
				ask("unlawful", permit.YesNo, "申請範圍有違章建築", "There are unlawful parts", required),
				ask("fit_total", permit.Computed, "裝修面積合計", "Total area of the works", unit("㎡"), worked(func(a permit.Answers) (string, bool) {
					sum, ok := a.Sum("scope", "fit_area")
					return sum.StringFixed(2), ok
				})),
				ask("simple_limit", permit.Computed, "簡易室內裝修面積上限", "Limit of the simplified way", unit("㎡"), hint("住宅沒有面積上限", "There is none for a dwelling"), worked(func(a permit.Answers) (string, bool) {
					limit, ok := simpleLimit(a)
					return limit.String(), ok && !a.Yes("dwelling")
				})),
			},
		},
		{
			Key: "materials", Name: say.T("裝修材料表", "Materials"), Group: permit.CaseFacts,
			List: &permit.List{Row: say.T("裝修材料", "Material"), Fields: []permit.Field{
				ask("material_part", permit.Choice, "部位", "Part", required, of(parts)),
				ask("material", permit.Line, "材料名稱", "Material", required, upTo(60)),
				ask("fire_grade", permit.Choice, "耐燃等級", "Fire grade", required, of(fireGrades), law("建築技術規則設計施工編 §88")),
				area("material_area", "面積", "Area"),
				ask("material_proof", permit.Line, "合格證明字號", "Certificate number", upTo(60)),
			}},
		},
		ownerList("申請人", "applicant"),
		designerList(0),
		fitterList(0, hold("dec_licence", "設計人或室內裝修業至少一位", "At least one designer or decorator", somebodyDesigns)),
		agentList(),
	},
	Attachments: interiorPapers,
	Drawings: []permit.Drawing{
		sheet("E1", "室內裝修圖說審查圖", "Interior works drawings for review", "1/100", must, byDesigner),
		sheet("A1", "原核准平面圖或現況圖", "Plan last approved, or the present state", "1/200", byDesigner),
		sheet("D1", "其他文件", "Other papers", ""),
	},
	Checks: []permit.Check{
		look("right", "form/owners", "建築物室內裝修管理辦法 §23", "申請人是所有權人或使用人，權利證明齊全", "The applicant owns or uses the premises, and it is proven"),
		look("licence", "form/case", "建築物室內裝修管理辦法 §23", "使用執照和原核准平面圖與現況相符", "Use licence and approved plan agree with the present state"),
		look("people", "form/fitters", "建築物室內裝修管理辦法 §5", "設計者是開業建築師，或登記有效的室內裝修業和專業技術人員", "The designer is an architect, or a registered decorator with its technician"),
		look("drawings", "drawings/E1", "建築物室內裝修管理辦法 §24", "圖說種類和比例尺齊全（平立剖面 1/100，詳圖 1/30）", "Drawings and scales are complete (1/100, details 1/30)"),
		look("materials", "form/materials", "建築技術規則設計施工編 §88", "內部裝修材料的耐燃等級符合規定", "The fire grades of the materials are as required"),
		look("escape", "drawings/E1", "建築物室內裝修管理辦法 §25", "不妨害或破壞防火避難設施", "Escape routes are not obstructed"),
		look("compartment", "drawings/E1", "建築物室內裝修管理辦法 §25", "不妨害或破壞防火區劃和主要構造", "Fire compartments and main structure are not harmed"),
		look("fire", "attachments/10", "建築物室內裝修管理辦法 §28", "消防安全設備有變更時已經消防機關審核", "Where fire equipment changes, the fire authority has approved"),
		look("use", "form/scope", "建築法 §73", "使用類組沒有變更，或已併同變更使用", "The use group is unchanged, or the change is part of the case"),
		look("simple", "form/safety", "建築物室內裝修管理辦法 §33", "簡易室內裝修的用途、面積和區劃條件符合", "Use, area and compartment allow the simplified way"),
		look("accessible", "drawings/E1", "建築技術規則設計施工編 §167", "無障礙設施沒有減損", "Accessibility is not reduced"),
		look("unlawful", "attachments/04", "建築物室內裝修管理辦法 §25", "違章建築部分已標示並簽證", "Unlawful parts are marked and certified"),
	},
	Moves: usualMoves,
	Deadlines: []permit.Deadline{
		{ID: "review", Name: say.T("審查期限", "Time for review"), Base: permit.OnReceipt, Period: days(7), Effect: permit.Warn, Law: "建築物室內裝修管理辦法 §27"},
		{ID: "second-review", Name: say.T("複審期限", "Time for the second review"), Base: permit.OnResubmit, Period: days(7), Effect: permit.Warn, Law: "建築物室內裝修管理辦法 §27"},
	},
	Fee: permit.Fee{None: say.T("審查費由審查機構照其收費標準收取，不在本系統繳納", "The reviewing body charges by its own scale; nothing is paid here")},
	Outcome: permit.Outcome{
		Name: say.T("室內裝修施工許可證", "Interior works permit"), Word: "室裝", Title: say.T("室內裝修施工許可證", "Interior works permit"),
		Shows: []string{"case", "scope", "safety", owners, designers, fitters},
	},
	Prints: []permit.Print{
		{Code: "E1-2", Name: say.T("室內裝修圖說申請書", "Application for the review of interior works"), Sections: []string{"case", "scope", "safety", owners, designers, fitters, agents}},
		{Code: "E1-4", Name: say.T("室內裝修材料書", "List of materials"), Sections: []string{"materials"}, Land: true},
	},
}

var (
	ways = []permit.Option{
		opt("general", "圖說審查（一般）", "Review of the drawings (general)"), opt("simple", "簡易室內裝修（第33條）", "Simplified (§33)"),
	}
	parts = []permit.Option{
		opt("ceiling", "天花板", "Ceiling"), opt("wall", "內部牆面", "Inner wall"), opt("partition", "高度超過1.2公尺的固定隔屏或兼作櫥櫃的隔屏", "Fixed screens above 1.2 m"),
		opt("dividing-wall", "分間牆", "Dividing wall"), opt("other", "其他", "Other"),
	}
	fireGrades = []permit.Option{
		opt("1", "耐燃一級（不燃材料）", "Grade 1 (non-combustible)"), opt("2", "耐燃二級（耐火板）", "Grade 2"), opt("3", "耐燃三級（耐燃材料）", "Grade 3"), opt("0", "無耐燃等級", "None"),
	}
)

// The limits of §33: up to the tenth floor and underground 300 ㎡, from the eleventh floor on 100 ㎡.
var (
	lowLimit  = decimal.NewFromInt(300)
	highLimit = decimal.NewFromInt(100)
	eleventh  = decimal.NewFromInt(11)
)

// simpleLimit is the area that the works may have in the simplified way: with several floors the smallest limit of any.
func simpleLimit(a permit.Answers) (limit decimal.Decimal, ok bool) {
	for _, r := range a.Rows["scope"] {
		own := lowLimit
		if no, has := number(r, "level_no"); r.Values["level"] == "V" || r.Values["level"] != "D" && has && no.GreaterThanOrEqual(eleventh) {
			own = highLimit
		}
		if !ok || own.LessThan(limit) {
			limit, ok = own, true
		}
	}
	return limit, ok
}

// simpleAllowed holds the simplified way to the conditions of §33.
func simpleAllowed(a permit.Answers) *say.Text {
	if !simple.Holds(a) {
		return nil
	}
	works, ok := a.Sum("scope", "fit_area")
	if limit, known := simpleLimit(a); ok && known && !a.Yes("dwelling") && works.GreaterThan(limit) {
		return told("改選一般的圖說審查，或減少裝修面積：合計 %s ㎡，這些樓層的簡易室內裝修最多 %s ㎡（十層以下和地下層 300 ㎡，十一層以上 100 ㎡，第33條）",
			"Choose the general review, or reduce the works: %s ㎡ in all, on these floors at most %s ㎡ (up to the tenth floor and underground 300 ㎡, from the eleventh 100 ㎡, §33)",
			works.StringFixed(2), limit.String())
	}
	if a.Get("walled_off") == "N" {
		return told("改選一般的圖說審查：簡易室內裝修的範圍要以一小時以上防火時效的牆和門窗區劃分隔（第33條）",
			"Choose the general review: the simplified way asks for walls and doors with one hour of fire resistance (§33)")
	}
	for _, change := range []string{"changes_escape", "changes_fire", "changes_compartment", "changes_structure"} {
		if a.Yes(change) {
			return told("改選一般的圖說審查：變更防火避難設施、消防安全設備、防火區劃或主要構造時不適用簡易室內裝修（第33條）",
				"Choose the general review: the simplified way does not cover changes of escape routes, fire equipment, compartments or main structure (§33)")
		}
	}
	return nil
}

func worksWithinStorey(a permit.Answers) *say.Text {
	for i, r := range a.Rows["scope"] {
		works, ok := number(r, "fit_area")
		storey, known := number(r, "storey_area")
		if ok && known && works.GreaterThan(storey) {
			return told("第 %d 筆樓層：裝修面積 %s ㎡ 大於該層樓地板面積 %s ㎡，核對面積",
				"Floor %d: the works of %s ㎡ exceed the storey of %s ㎡; compare the areas", i+1, works.StringFixed(2), storey.StringFixed(2))
		}
	}
	return nil
}

func useUnchanged(a permit.Answers) *say.Text {
	for i, r := range a.Rows["scope"] {
		if before, after := r.Values["use_before"], r.Values["use_after"]; before != "" && after != "" && before != after && !a.Yes("change_of_use") {
			return told("提醒：第 %d 筆樓層的使用類組由 %s 變為 %s，要併同變更使用時選「是」", "Reminder: the use group of floor %d goes from %s to %s; say so if the change of use is part of this case",
				i+1, before, after)
		}
	}
	return nil
}

// somebodyDesigns: interior works are designed by an architect or a registered decorator.
func somebodyDesigns(a permit.Answers) *say.Text {
	if len(a.Rows[designers])+len(a.Rows[fitters]) > 0 {
		return nil
	}
	return told("新增設計人（開業建築師）或室內裝修業，至少一位", "Add a designer (architect) or an interior decorator, at least one")
}
