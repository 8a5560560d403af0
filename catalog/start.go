package catalog

import (
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/taiwan"
)

// extended holds where one extension of three months was granted (建築法 §54 II).
var extended = permit.Is("extended", "Y")

// Start is 開工申報 (B1-1): the day work starts, with contractor and supervisor, is filed before it starts.
var Start = &permit.Type{
	TitleField: "building_name", PlaceField: "site_address",
	Kind: "start", Code: "B1-1", Family: "B1", Edition: "2026-01", Menu: permit.Construction,
	Name: say.T("開工申報", "Report of the start of work"),
	Law:  []string{"建築法 §54"},
	Help: say.T("領得建造執照後六個月內開工，開工前申報。請準備執照字號、承造人登記證字號、監造人開業證字號和施工計畫書。",
		"Work starts within six months of the licence and is reported before it starts. Have at hand the licence number, the contractor's registration, the supervisor's licence and the construction plan."),
	Follows: []permit.Follow{{
		Kind: "building", Sections: []string{owners, supervisors},
		Fields: map[string]string{"building_name": "building_name", "licence_no": "licence", "licence_date": "issued", "site_address": "site_address"},
	}},
	Form: []permit.Section{
		{
			Key: "case", Name: say.T("開工申請基本資料", "The start of work"), Group: permit.CaseFacts,
			Fields: []permit.Field{
				ask("building_name", permit.Line, "建築物名稱", "Building name", required, upTo(50)),
				ask("site_address", permit.Address, "建築地點", "Location", required),
				ask("licence_no", permit.LicenceNo, "執照字號", "Licence number", required, hint("例如 (112)南工造字第00823號", "For example (112)南工造字第00823號")),
				ask("licence_date", permit.Day, "領照日期", "Date the licence was obtained", required, hint("開工期限從這一天起算", "The time to start work counts from this day"), law("建築法 §54")),
				ask("extended", permit.YesNo, "已核准開工展期", "An extension was granted", required, hint("展期以一次為限，三個月", "Once, three months"), law("建築法 §54")),
				ask("extension_no", permit.Line, "展期核准文號", "Number of the extension", required, when(extended)),
				ask("start_date", permit.Day, "預定開工日期", "Intended start of work", required, law("建築法 §54")),
				ask("real_start", permit.Day, "實際開工日期", "Real start of work"),
				agentAsked(),
				ask("start_until", permit.Computed, "開工期限", "Last day to start work", worked(startUntil)),
				ask("owners_named", permit.Computed, "起造人人數", "Owners named", countOf(owners, nil)),
			},
			Rules: []permit.Rule{
				hold("start_date", "預定開工日期不早於領照日期", "Work starts no earlier than the licence", inOrder("licence_date", "start_date", "預定開工日期", "intended start", "領照日期", "date of the licence")),
				hold("start_date", "領照後六個月內開工；展期一次三個月（建築法第54條）", "Work starts within six months, extended once by three (Building Act §54)", startInTime),
			},
		},
		{
			Key: "roads", Name: say.T("借用道路", "Use of the road"), Group: permit.CaseFacts,
			Help: say.T("施工時要借用道路才填。", "Only where the works need part of a road."),
			List: &permit.List{Row: say.T("借用道路", "Use of the road"), Fields: []permit.Field{
				ask("road", permit.Line, "路段", "Road and section", required, upTo(50)),
				ask("lane", permit.Line, "巷", "Lane", upTo(10)),
				ask("alley", permit.Line, "弄", "Alley", upTo(10)),
				ask("road_number", permit.Line, "門號", "Number", upTo(20)),
				metres("road_length", "長度", "Length", required),
				metres("road_width", "寬度", "Width", required),
			}},
		},
		ownerList("起造人", "owner"),
		builderList(),
		supervisorList(1),
		agentList(),
	},
	Attachments: []permit.Attachment{
		paper("01", "建築工程開工申報書（B11-1）", "Report of the start of work (B11-1)", printed),
		paper("02", "建造執照正本", "The building licence", byLaw("建築法 §54")),
		paper("03", "起造人名冊", "List of owners", printed, onlyIf(permit.AtLeast("owners_named", 2))),
		paper("04", "營造業承攬工程開工查報表（B21-2）", "Contractor's start report (B21-2)", byLaw("營造業法 §42")),
		paper("05", "營造業完稅證明", "Contractor's tax certificate"),
		paper("06", "施工計畫書", "Construction plan", note("含工程概要、監造計畫、品質管制、安全衛生、剩餘土石方、防災；山坡地另附水土保持施工許可",
			"Outline, supervision, quality, safety, surplus earth, disaster prevention; on hillside land also the soil and water permit"), byLaw("建築法 §54")),
		paper("07", "空氣污染防制費繳納收據", "Receipt of the air pollution fee"),
		paper("08", "事業廢棄物清理計畫核准文件", "Approval of the waste plan", ifNeeded, note("可在放樣勘驗前補送", "May follow before the setting-out inspection")),
		paper("09", "結構詳圖", "Structural details", ifNeeded, note("以圖說類別 G2 上傳", "Uploaded as drawing class G2")),
		paper("10", "基地現況照片", "Photographs of the site"),
		paper("11", "紅火蟻清查紀錄", "Record of the fire ant search"),
		paper("12", "委託書", "Letter of authority", onlyIf(byAgent)),
		paper("13", "開工展期核准函", "Letter that granted the extension", onlyIf(extended), byLaw("建築法 §54")),
	},
	Drawings: []permit.Drawing{
		sheet("G1", "開工文件", "Papers of the start of work", ""),
		sheet("G2", "開工圖說", "Drawings of the start of work", "", bySupervisor),
	},
	Checks: []permit.Check{
		look("licence", "form/case", "建築法 §54", "執照字號和領照日期與核發紀錄相符", "Number and date agree with the licence issued"),
		look("in-time", "form/case", "建築法 §54", "預定開工日期在期限內，或在核准的展期內", "The intended start lies within the time or its extension"),
		look("builder", "form/builders", "建築法 §14", "承造人是依法登記的營造業，等級和承攬範圍符合", "The contractor is registered, with the right grade and scope"),
		look("fulltime", "form/builders", "營造業法 §34", "專任工程人員在職並已簽章", "The full-time engineer is employed there and has signed"),
		look("manager", "form/builders", "營造業法 §30", "應置工地主任的工程已置工地主任", "A site manager is named where one is required"),
		look("supervisor", "form/supervisors", "建築法 §13", "監造人開業證書有效", "The supervisor's licence is valid"),
		look("plan", "attachments/06", "建築法 §54", "施工計畫書內容齊全", "The construction plan is complete"),
		look("road", "form/roads", "建築法 §64", "借用道路的範圍與使用道路的許可相符", "The use of the road agrees with its permission"),
		look("owners", "form/owners", "建築法 §55", "起造人與執照相符，有變更時已另案申報", "The owners agree with the licence, or the change was reported"),
	},
	Moves: usualMoves,
	Deadlines: []permit.Deadline{
		{ID: "start", Name: say.T("開工期限", "Time to start work"), Base: permit.OnField, Field: "licence_date", Period: months(6),
			Longer: months(9), Long: extended, Effect: permit.Flag, Law: "建築法 §54"},
		{ID: "filing", Name: say.T("處理期限", "Time to handle the report"), Base: permit.OnReceipt, Period: months(2), Effect: permit.Warn, Law: "行政程序法 §51"},
	},
	Fee: permit.Fee{None: say.T("開工申報不收規費", "There is no fee for reporting the start of work")},
	Outcome: permit.Outcome{
		Name: say.T("開工備查", "Start of work on record"), Word: "開", Title: say.T("建築工程開工備查", "Start of work on record"), Filing: true,
		Shows: []string{"case", owners, builders, supervisors},
	},
	Prints: []permit.Print{
		{Code: "B11-1", Name: say.T("建築工程開工申報書", "Report of the start of work"), Sections: []string{"case", "roads", owners, builders, supervisors, agents}},
		{Code: "B11-3", Name: say.T("承造人名冊", "List of contractors"), Sections: []string{builders}, Land: true},
		{Code: "B11-4", Name: say.T("監造人名冊", "List of supervising architects"), Sections: []string{supervisors}, Land: true},
	},
}

// officeDays is the calendar by which a last day that falls on a rest day moves on.
var officeDays = taiwan.National()

// lastStart is the last day to start work: six months from the licence, nine once the extension was granted.
func lastStart(a permit.Answers, got taiwan.Date) (last, due taiwan.Date) {
	if extended.Holds(a) {
		return months(9).LastDay(got, officeDays)
	}
	return months(6).LastDay(got, officeDays)
}

func startUntil(a permit.Answers) (string, bool) {
	got, err := taiwan.ParseDate(a.Get("licence_date"))
	if err != nil {
		return "", false
	}
	_, due := lastStart(a, got)
	return due.ROC(), true
}

// startInTime holds the start of work to 建築法 §54.
func startInTime(a permit.Answers) *say.Text {
	got, start, ok := bothDays(a, "licence_date", "start_date")
	if !ok {
		return nil
	}
	_, due := lastStart(a, got)
	if !start.After(due) {
		return nil
	}
	if extended.Holds(a) {
		return told("改預定開工日期：展期後最遲%s開工，逾期執照失其效力（建築法第54條）",
			"Change the intended start: with the extension work starts by %s at the latest, or the licence lapses (Building Act §54)", due.Text())
	}
	return told("改預定開工日期，或先申請開工展期：%s領照，六個月內（最遲%s）開工；因故不能如期開工時可展期一次三個月（建築法第54條）",
		"Change the intended start, or apply for an extension first: the licence was obtained on %s and work starts within six months (by %s); it can be extended once, by three months (Building Act §54)",
		got.Text(), due.Text())
}
