package catalog

import "cloudbm/permit"

// interiorPapers are the papers of 建築物室內裝修管理辦法 §23 and the usual list of the authorities.
var interiorPapers = []permit.Attachment{
	paper("01", "室內裝修圖說申請書（E1-2）", "Application (E1-2)", printed, byLaw("建築物室內裝修管理辦法 §23")),
	paper("02", "室內裝修簽證表（E1-5）", "Certification (E1-5)"),
	paper("03", "歷次退件函", "Letters of earlier returns", onlyIf(permit.Is("again", "Y"))),
	paper("04", "違章建築項目簽證表", "Certification of the unlawful parts", onlyIf(permit.Is("unlawful", "Y"))),
	paper("05", "原使用執照影本", "Copy of the use licence", onlyIf(permit.Not(permit.Is("before_licences", "Y")))),
	paper("06", "委託書（E1-9）", "Letter of authority (E1-9)", onlyIf(byAgent)),
	paper("07", "建築物使用權同意書（E1-3）", "Consent to use the premises (E1-3)", onlyIf(permit.Is("own_building", "N")), byLaw("建築物室內裝修管理辦法 §23")),
	paper("08", "建物登記謄本或權利證明", "Building register or proof of title", threeMonths, byLaw("建築物室內裝修管理辦法 §23")),
	paper("09", "查核圖說合格證明", "Certificate that the drawings passed", ifNeeded),
	paper("10", "消防安全設備圖說審查文件", "Fire authority's approval", onlyIf(permit.Is("changes_fire", "Y")), byLaw("建築物室內裝修管理辦法 §28")),
	paper("11", "結構安全鑑定書", "Structural safety report", onlyIf(permit.Is("changes_structure", "Y"))),
	paper("12", "建物測量成果圖", "Survey of the premises"),
	paper("13", "前次核准使用執照平面圖或建築師簽證現況圖", "Plan last approved, or present state certified by an architect", byLaw("建築物室內裝修管理辦法 §23")),
	paper("14", "室內裝修設計圖說", "Interior works drawings", ifNeeded, note("以圖說類別 E1 上傳", "Uploaded as drawing class E1"), byLaw("建築物室內裝修管理辦法 §23")),
	paper("15", "合法房屋證明", "Proof of a lawful building", onlyIf(permit.Is("before_licences", "Y"))),
}
