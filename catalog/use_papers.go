package catalog

import "cloudbm/permit"

// usePapers are the papers of 建築法 §71 and the usual list of the authorities.
var usePapers = []permit.Attachment{
	paper("01", "使用執照申請書（C11-1）", "Application (C11-1)", printed, byLaw("建築法 §71")),
	paper("02", "併案變更設計申請書（A31-1）", "Application for the change of design (A31-1)", onlyIf(special("change")), byLaw("建築法 §39")),
	paper("03", "建築物概要表（A11-4）", "Summary of the building (A11-4)", printed),
	paper("04", "起造人名冊（C11-2）", "List of owners (C11-2)", printed, onlyIf(permit.AtLeast("owners_named", 2))),
	paper("05", "委託書", "Letter of authority", onlyIf(byAgent)),
	paper("06", "地籍圖謄本", "Cadastral map", onlyIf(special("site-changed")), threeMonths),
	paper("07", "土地登記（簿）謄本", "Land register", onlyIf(special("site-changed")), threeMonths),
	paper("08", "土地使用權同意書", "Consent to use the land", ifNeeded, onlyIf(special("site-changed"))),
	paper("09", "原領建造執照", "The building licence", byLaw("建築法 §71")),
	paper("10", "空氣污染防制費結清證明", "Proof that the air pollution fee is settled"),
	paper("11", "營造業承攬手冊及完稅證明", "Contractor's handbook and tax certificate"),
	paper("12", "完工證明", "Proof of completion in time", onlyIf(special("late")), byLaw("建築法 §53")),
	paper("13", "按圖施工證明書", "Statement that the works follow the drawings", byLaw("建築法 §70")),
	paper("14", "監造證明書", "Supervisor's statement", sealedBy(permit.Supervisor), byLaw("建築師法 §18")),
	paper("15", "門牌編釘證明", "Certificate of the assigned address"),
	paper("16", "竣工查報表（B21-2）", "Completion report of the contractor (B21-2)", byLaw("營造業法 §42")),
	paper("17", "營建廢棄物處理完成證明", "Proof that the waste was disposed of"),
	paper("18", "最後樓層混凝土氯離子檢測報告", "Chloride test of the concrete of the last floor"),
	paper("19", "最後樓層混凝土抗壓強度報告", "Strength test of the concrete of the last floor"),
	paper("20", "剩餘土石方處理完成證明", "Proof that the surplus earth was disposed of", onlyIf(special("spoil"))),
	paper("21", "紅火蟻清查紀錄", "Record of the fire ant search"),
	paper("22", "未損壞公共設施照片", "Photographs of the undamaged public works"),
	paper("23", "昇降或機械停車設備竣工檢查合格證明", "Certificates of lifts or mechanical parking", onlyIf(special("lift")), byLaw("建築法 §77-4")),
	paper("24", "損鄰事件名冊及處理紀錄", "List of damaged neighbours and what was done", onlyIf(special("damage"))),
	paper("25", "竣工照片位置示意圖", "Key to the photographs", note("照片以圖說類別 AA 上傳", "The photographs go up as drawing class AA")),
	paper("26", "挑空及夾層清冊", "List of voids and mezzanines", onlyIf(special("void"))),
	paper("27", "公寓大廈公共基金計算及繳交證明", "Condominium fund: calculation and receipt", onlyIf(condominium), byLaw("公寓大廈管理條例 §18")),
	paper("28", "水土保持完工證明", "Completion of the soil and water works", onlyIf(special("slope"))),
	paper("29", "下水道竣工查驗文件", "Inspection of the sewer", onlyIf(special("sewer"))),
	paper("30", "消防安全設備檢查合格文件", "Inspection of the fire equipment", onlyIf(permit.Any(special("fire"), permit.Is("public_use", "Y"))), byLaw("建築法 §72")),
	paper("31", "室內裝修竣工文件", "Completion of the interior works", onlyIf(special("fit-out"))),
	paper("32", "無障礙設施勘檢文件", "Inspection of accessibility", onlyIf(special("accessible"))),
	paper("33", "雨水貯留及滯洪設施竣工文件", "Completion of rainwater storage and detention", onlyIf(special("rainwater"))),
	paper("34", "施工日誌", "Site diary", byLaw("營造業法 §32")),
}

var bySupervisor = drawnBy(permit.Supervisor)

// useDrawings are the as-built sheets: plans and elevations are compulsory (建築法 §71).
var useDrawings = []permit.Drawing{
	sheet("A0", "竣工位置圖、配置圖、面積計算表", "As built: location, layout, areas", "1/1200", bySupervisor),
	sheet("A1", "竣工平面圖", "As built: plans", "1/200", must, bySupervisor),
	sheet("A2", "竣工立面圖", "As built: elevations", "1/200", must, bySupervisor),
	sheet("A3", "竣工剖面圖", "As built: sections", "1/200", bySupervisor),
	sheet("A9", "其他竣工圖說", "Other as-built drawings", "", bySupervisor),
	sheet("AA", "竣工照片", "Photographs of the finished building", "", must),
	sheet("AB", "其他建築文件", "Other papers of the building", ""),
	sheet("N2", "無障礙各樓層竣工平面圖", "As built: accessibility, floor plans", "", mustIf(special("accessible")), bySupervisor),
}

var useChecks = []permit.Check{
	look("licence", "form/case", "建築法 §71", "建造執照字號、發照日期和變更設計紀錄相符，執照有效", "Number, date and changes of the building licence agree; it is still valid"),
	look("period", "form/case", "建築法 §53", "在建築期限內竣工，或有展期核准", "Work finished within the building period or its extension"),
	look("stages", "form/case", "建築法 §56", "指定的施工勘驗都已完成", "All ordered inspections during the works were made"),
	look("structure", "drawings/A1", "建築法 §70", "主要構造與設計圖樣相符", "The main structure agrees with the drawings"),
	look("rooms", "drawings/A1", "建築法 §70", "室內隔間與設計圖樣相符", "The rooms agree with the drawings"),
	look("equipment", "drawings/A1", "建築法 §70", "建築物主要設備與設計圖樣相符", "The main equipment agrees with the drawings"),
	look("areas", "form/bulk", "建築法 §70", "竣工面積、高度和層棟戶數與核准內容相符", "Areas, height and numbers as built agree with the licence"),
	look("parking", "form/parking", "建築技術規則設計施工編 §59", "停車空間數量、位置和尺寸相符", "Parking agrees in number, place and size"),
	look("photos", "drawings/AA", "建築法 §71", "竣工照片涵蓋各向立面、屋頂、停車空間和法定空地", "The photographs show all elevations, roof, parking and open ground"),
	look("open-ground", "drawings/AA", "建築法 §11", "法定空地沒有占用或違章", "The ground to stay open is open"),
	look("fire", "attachments/30", "建築法 §72", "供公眾使用建築物的消防設備已會同檢查合格", "Fire equipment of a public building was inspected and passed"),
	look("accessible", "attachments/32", "建築技術規則設計施工編 §167", "無障礙設施已勘檢合格", "Accessibility was inspected and passed"),
	look("public-works", "attachments/22", "建築法 §68", "施工沒有損壞道路、溝渠等公共設施，或已修復", "Roads, drains and other public works are undamaged or repaired"),
	look("statements", "attachments/14", "建築法 §70", "起造人、承造人和監造人的簽章及證明齊全", "Statements of owner, contractor and supervisor are complete"),
}
