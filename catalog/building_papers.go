package catalog

import (
	"cloudbm/permit"
	"cloudbm/say"
)

// paper is an attachment that must be there; pages are numbered by code in the order of the list.
func paper(code, zh, en string, and ...func(*permit.Attachment)) permit.Attachment {
	x := permit.Attachment{Code: code, Name: say.T(zh, en), Required: true}
	for _, m := range and {
		m(&x)
	}
	return x
}

func ifNeeded(x *permit.Attachment) { x.Required = false }

// printed marks a form that this system prints from the answers; a copy need not be attached.
func printed(x *permit.Attachment) {
	x.Required = false
	x.Hint = say.T("由系統依填寫的內容列印，不必另附", "Printed from the answers; a copy need not be attached")
}

func onlyIf(c permit.Cond) func(*permit.Attachment) { return func(x *permit.Attachment) { x.When = c } }
func sealedBy(p permit.Party) func(*permit.Attachment) {
	return func(x *permit.Attachment) { x.Signer = p }
}
func byLaw(article string) func(*permit.Attachment) {
	return func(x *permit.Attachment) { x.Law = article }
}
func note(zh, en string) func(*permit.Attachment) {
	return func(x *permit.Attachment) { x.Hint = say.T(zh, en) }
}

var threeMonths = note("三個月內核發", "Issued within the last three months")

// buildingPapers are the papers of 建築法 §30 and the usual list of the authorities. Who owns land signs the consent on
// paper; it is attached as a scan, so no seal of theirs is asked for.
var buildingPapers = []permit.Attachment{
	paper("01", "建造執照申請書（A11-1）", "Application (A11-1)", printed, byLaw("建築法 §31")),
	paper("02", "建築物概要表（A11-4）", "Summary of the building (A11-4)", printed),
	paper("03", "起造人名冊（A11-2）", "List of owners (A11-2)", printed, onlyIf(permit.AtLeast("owners_named", 2))),
	paper("04", "委託書（A11-5）", "Letter of authority (A11-5)", onlyIf(byAgent)),
	paper("05", "建築師簽證表（A13-10）", "Architect's certification (A13-10)", onlyIf(designed), sealedBy(permit.Designer), byLaw("建築法 §34")),
	paper("06", "設計建築師簽證負責項目表", "Items the designing architect answers for", onlyIf(designed), sealedBy(permit.Designer), byLaw("建築法 §34")),
	paper("07", "無障礙設施設計人員培訓講習證書", "Certificate of training in accessible design", onlyIf(special("accessible"))),
	paper("08", "簽證案件自主檢查表", "Self-check list of a certified case", onlyIf(designed), sealedBy(permit.Designer)),
	paper("09", "專業技師簽證報告", "Engineers' certification reports", onlyIf(byEngineer), sealedBy(permit.Certifier), byLaw("建築物結構與設備專業工程技師簽證規則 §9")),
	paper("10", "結構設計抽查項目表", "List for the spot check of the structure", ifNeeded, onlyIf(byEngineer)),
	paper("11", "地籍圖謄本", "Cadastral map", threeMonths, byLaw("建築法 §30")),
	paper("12", "土地登記（簿）謄本", "Land register", threeMonths, byLaw("建築法 §30")),
	paper("13", "土地使用權同意書（A12-4）", "Consent to use the land (A12-4)", onlyIf(permit.Is("own_land", "N")), note("由所有權人在紙本簽章後掃描", "Signed by the owners on paper, then scanned"), byLaw("建築法 §30")),
	paper("14", "原有合法建築物證明", "Proof that the old building is lawful", onlyIf(permit.Is("work", "02", "03"))),
	paper("15", "雜項使用執照及圖說", "Use licence and drawings of the miscellaneous works", onlyIf(special("misc-first"))),
	paper("16", "基地現況照片", "Photographs of the site"),
	paper("17", "基地四周地籍套繪圖", "Cadastral overlay of the surroundings", note("圖檔另以圖說類別 A8 上傳，電子檔附在這裡", "The sheet goes up as drawing class A8; attach the electronic file here")),
	paper("18", "共同壁協定書（A12-5）", "Party wall agreement (A12-5)", onlyIf(special("party-wall"))),
	paper("19", "併案拆除：拆除執照申請書", "Demolition: application", onlyIf(special("demolition")), byLaw("建築法 §78")),
	paper("20", "併案拆除：建築物權利證明或拆除同意書", "Demolition: title to the building or consent", onlyIf(special("demolition")), byLaw("建築法 §79")),
	paper("21", "併案拆除：位置圖、平面圖、立面圖", "Demolition: location, plans, elevations", onlyIf(special("demolition"))),
	paper("22", "併案拆除：違章建築自行拆除切結書", "Demolition: undertaking to remove unlawful parts", ifNeeded, onlyIf(special("demolition"))),
	paper("23", "建築線指示（定）圖", "Building line drawing", onlyIf(permit.Not(permit.Is("line_free", "Y"))), byLaw("建築法 §48")),
	paper("24", "免指示（定）建築線證明", "Proof that no building line is needed", onlyIf(permit.Is("line_free", "Y"))),
	paper("25", "公寓大廈規約草約", "Draft by-laws of the condominium", onlyIf(condominium), byLaw("公寓大廈管理條例 §56")),
	paper("26", "專有、共用部分標示圖", "Drawing of private and common parts", onlyIf(condominium), byLaw("公寓大廈管理條例 §56")),
	paper("27", "土地使用分區證明及都市計畫文件", "Zoning certificate and city plan papers"),
	paper("28", "原住民族主管機關同意文件", "Consent of the indigenous peoples authority", onlyIf(special("indigenous"))),
	paper("29", "環境影響評估審查結果", "Result of the environmental impact assessment", onlyIf(special("eia"))),
	paper("30", "水土保持計畫核定文件", "Approval of the soil and water conservation plan", onlyIf(special("slope"))),
	paper("31", "山坡地建築檢核表", "Check list for hillside building", onlyIf(special("slope"))),
	paper("32", "山坡地建築查核表", "Verification list for hillside building", onlyIf(special("slope"))),
	paper("33", "環境地質圖說", "Drawings of the environmental geology", onlyIf(special("slope"))),
	paper("34", "地質敏感區查詢結果", "Result of the query for geologically sensitive areas", byLaw("地質法 §8")),
	paper("35", "基地地質調查及地質安全評估報告", "Geological survey and safety report", onlyIf(special("sensitive")), byLaw("地質法 §8")),
	paper("36", "擋土設施與地下室剖面圖", "Section of the retaining works and the basement", onlyIf(permit.AtLeast("floors_below", 1))),
	paper("37", "雨水貯留及滯洪設施書圖", "Rainwater storage and detention", onlyIf(special("rainwater"))),
	paper("38", "綠建築檢討書圖", "Green-building review", onlyIf(special("green"))),
	paper("39", "施工說明書", "Specification", byLaw("建築法 §32")),
	paper("40", "工程圖樣", "Drawings", ifNeeded, note("以圖說上傳，不必另附", "Uploaded as drawings; need not be attached"), byLaw("建築法 §32")),
	paper("41", "下水道核准或納管文件", "Sewer approval", onlyIf(special("sewer"))),
	paper("42", "消防圖說審查核准文件", "Fire authority's approval of the drawings", onlyIf(permit.Any(special("fire"), permit.Is("public_use", "Y"))), byLaw("消防法 §10")),
	paper("43", "室內裝修圖說", "Interior works drawings", onlyIf(special("fit-out"))),
	paper("44", "都市設計審議核定文件", "Result of the urban design review", onlyIf(special("design-review"))),
	paper("45", "結構計算書", "Structural calculations", ifNeeded, onlyIf(byEngineer), note("以圖說類別 S8 上傳，由簽證技師壓章", "Uploaded as drawing class S8 and sealed by the engineer"), byLaw("建築法 §32")),
	paper("46", "地基調查（鑽探）報告", "Foundation investigation (boring)", onlyIf(explored), byLaw("建築技術規則構造編 §64")),
	paper("47", "其他文件", "Other papers", ifNeeded),
}

// sheet is a class of drawings with the smallest scale the law allows and who seals it.
func sheet(class, zh, en, scale string, and ...func(*permit.Drawing)) permit.Drawing {
	d := permit.Drawing{Class: class, Name: say.T(zh, en), Scale: scale}
	for _, m := range and {
		m(&d)
	}
	return d
}

func must(d *permit.Drawing) { d.Required = true }

func mustIf(c permit.Cond) func(*permit.Drawing) {
	return func(d *permit.Drawing) { d.Required, d.When = true, c }
}

func drawnBy(p ...permit.Party) func(*permit.Drawing) {
	return func(d *permit.Drawing) { d.Signers = p }
}

// item names what an engineer certifies on the sheets. The architect seals them too: under 建築法 §13 he answers for them
// together with the engineer, and alone where the law asks for none.
func item(code string) func(*permit.Drawing) {
	return func(d *permit.Drawing) {
		d.Signers, d.CertItem = []permit.Party{permit.Designer, permit.Certifier}, code
	}
}

var (
	byDesigner = drawnBy(permit.Designer)
	structural = item("1")
)

// buildingDrawings are the classes of the Ministry's table PIC that belong to a building licence, with the scales of
// 建築法 §32.
var buildingDrawings = []permit.Drawing{
	sheet("A0", "位置圖、現況圖、配置圖、日照圖、面積計算表", "Location, present state, layout, sunlight, areas", "1/1200", must, byDesigner),
	sheet("A1", "平面圖、平面詳圖", "Plans and details of plans", "1/200", must, byDesigner),
	sheet("A2", "立面圖、剖立面圖", "Elevations and sectional elevations", "1/200", must, byDesigner),
	sheet("A3", "總剖面圖、剖面詳圖", "Sections and details of sections", "1/200", must, byDesigner),
	sheet("A4", "樓梯、昇降坡詳圖", "Stairs and ramps", "1/30", byDesigner),
	sheet("A5", "門窗圖", "Doors and windows", "", byDesigner),
	sheet("A6", "其他特殊大樣詳圖", "Other details", "1/30", byDesigner),
	sheet("A8", "地籍套繪圖", "Cadastral overlay", "1/1200", byDesigner),
	sheet("A9", "其他建築圖說", "Other architectural drawings", "", byDesigner),
	sheet("S1", "結構平面圖", "Structural plans", "1/200", mustIf(byEngineer), structural),
	sheet("S2", "樑配筋詳圖", "Beam reinforcement", "1/30", mustIf(byEngineer), structural),
	sheet("S3", "柱配筋詳圖", "Column reinforcement", "1/30", mustIf(byEngineer), structural),
	sheet("S4", "版配筋詳圖", "Slab reinforcement", "1/30", mustIf(byEngineer), structural),
	sheet("S5", "牆配筋詳圖", "Wall reinforcement", "1/30", structural),
	sheet("S6", "樓梯、水箱及其他配筋詳圖", "Reinforcement of stairs, tanks and others", "1/30", structural),
	sheet("S7", "其他結構圖說", "Other structural drawings", "", structural),
	sheet("S8", "結構計算書", "Structural calculations", "", mustIf(byEngineer), structural),
	sheet("S9", "其他結構文件", "Other structural papers", "", item("2")),
	sheet("D1", "其他文件", "Other papers", ""),
	sheet("I1", "綠建築檢討書圖", "Green-building review", "", mustIf(special("green")), byDesigner),
	sheet("N1", "無障礙全區配置圖", "Accessibility: layout of the site", "", mustIf(special("accessible")), byDesigner),
	sheet("N2", "無障礙各樓層平面圖", "Accessibility: floor plans", "", mustIf(special("accessible")), byDesigner),
	sheet("N3", "無障礙單元平面詳圖", "Accessibility: details of units", "", byDesigner),
	sheet("N4", "無障礙剖面詳圖", "Accessibility: sections", "", byDesigner),
	sheet("N5", "無障礙其他圖說", "Accessibility: other drawings", "", byDesigner),
}

// look is one line of a checklist.
func look(key, at, law, zh, en string) permit.Check {
	return permit.Check{Key: key, Look: at, Law: law, Text: say.T(zh, en)}
}

// buildingChecks are the items the authority itself reviews (規定項目, A13-2). For everything else the architect and the
// engineers answer (建築法 §34).
var buildingChecks = []permit.Check{
	look("applicant", "form/owners", "建築法 §12", "起造人資格和申請書記載相符，有代表人或受託人時權限清楚", "The owners are entitled and agree with the application; representatives and agents have the power"),
	look("designer", "form/designers", "建築法 §13", "設計人的開業證書有效，或符合免由建築師設計的條件", "The designer's licence is valid, or no architect is needed"),
	look("engineers", "form/engineers", "建築法 §13", "應由專業技師負責的工程已有技師簽證，科別與項目相符", "Works that need an engineer are certified, by the right branch"),
	look("land-right", "form/land", "建築法 §30", "地號、面積與土地登記相符，土地權利證明齊全", "Parcels and areas agree with the register; the right to the land is proven"),
	look("zone", "form/site", "都市計畫法 §32", "土地使用分區准許本案用途", "The zone permits the use"),
	look("line", "form/line", "建築法 §48", "建築線與指示（定）文件相符，或符合免指示的規定", "The building line agrees with the letter, or none is needed"),
	look("frontage", "drawings/A0", "建築技術規則設計施工編 §2", "基地臨接道路的寬度和長度符合規定，沒有畸零地問題", "The frontage on the road suffices; no irregular plot is left"),
	look("setback", "drawings/A0", "建築技術規則設計施工編 §110", "騎樓、退縮和防火間隔符合規定", "Arcade, set-back and fire separation are as required"),
	look("coverage", "form/bulk", "建築技術規則設計施工編 §25", "建蔽率不超過法定值，面積計算表與圖相符", "Coverage is within the limit; the area table agrees with the drawings"),
	look("ratio", "form/bulk", "建築技術規則設計施工編 §161", "容積率不超過法定值，不計入的部分符合規定", "The floor area ratio is within the limit; what is left out may be left out"),
	look("height", "drawings/A2", "建築技術規則設計施工編 §14", "建築物高度和斜線限制符合規定", "Height and slanting-plane limits are kept"),
	look("sunlight", "drawings/A0", "建築技術規則設計施工編 §23", "日照和鄰地採光符合規定", "Sunlight and the neighbours' light are as required"),
	look("parking", "form/parking", "建築技術規則設計施工編 §59", "停車空間的數量、尺寸和車道符合規定", "Number and size of parking spaces and the lanes are as required"),
	look("shelter", "form/shelter", "建築技術規則設計施工編 §141", "防空避難設備面積足夠，或得免設", "The shelter is large enough, or none is needed"),
	look("escape", "drawings/A1", "建築技術規則設計施工編 §93", "直通樓梯的座數、步行距離和安全梯符合規定", "Number of direct stairs, walking distance and safety stairs are as required"),
	look("compartment", "drawings/A1", "建築技術規則設計施工編 §79", "防火構造和防火區劃符合規定", "Fire-resistant construction and compartments are as required"),
	look("accessible", "drawings/N1", "建築技術規則設計施工編 §167", "公共建築物的無障礙設施符合規定", "A public building is accessible as required"),
	look("review-board", "form/circumstances", "水土保持法 §12、環境影響評估法 §5", "山坡地、環評、都市設計、水保等會審結果已附且內容相符", "Results of other reviews (hillside, environment, design, soil and water) are attached and agree"),
	look("drawings", "drawings/A0", "建築法 §32", "圖說種類、比例尺和必要記載齊全", "Classes, scales and contents of the drawings are complete"),
	look("fee", "form/cost", "建築法 §29", "工程造價依造價標準計算，規費正確", "The cost follows the cost table and the fee is right"),
}
