package portal

import "cloudbm/say"

// Word is one entry of 雙語詞彙 (S11): the word in both languages and what it means in one sentence.
type Word struct {
	Word, Means say.Text
	Law         string // where the law says so, "" for words of the office
}

func word(zh, en, meansZh, meansEn, law string) Word {
	return Word{say.T(zh, en), say.T(meansZh, meansEn), law}
}

// Words are the words of building administration as this system uses them.
var Words = []Word{
	word("建造執照", "Building permit", "蓋新房子、增建、改建或修建前要有的執照。", "Needed before a building is put up, extended, rebuilt or structurally repaired.", "建築法 §28"),
	word("雜項執照", "Miscellaneous works permit", "蓋圍牆、水塔、招牌這一類東西前要有的執照。", "Needed before walls, water towers, signs and the like are put up.", "建築法 §7、§28"),
	word("使用執照", "Occupancy permit", "房子蓋好、查驗合格後發的執照，有了它才能使用。", "Issued when the finished building has passed inspection; only then may it be used.", "建築法 §70"),
	word("拆除執照", "Demolition permit", "拆房子前要有的執照。", "Needed before a building is pulled down.", "建築法 §78"),
	word("變更使用執照", "Change-of-use permit", "把房子改作別的用途時要有的執照。", "Needed when a building is to be used for something else.", "建築法 §73"),
	word("新建", "New building", "蓋全新的房子，或全部拆掉重蓋。", "A building put up anew, also after complete demolition.", "建築法 §9"),
	word("增建", "Extension", "在原來的房子增加面積或高度。", "More floor area or height added to a building.", "建築法 §9"),
	word("改建", "Rebuilding", "拆掉一部分，在原來的範圍內改造，不增加高度或面積。", "Part of a building taken down and rebuilt without more height or area.", "建築法 §9"),
	word("修建", "Structural repair", "基礎、梁柱、承重牆、樓地板、屋架或屋頂，有任何一種過半的修理或變更。", "More than half of the foundation, beams and columns, load-bearing walls, floors, roof frame or roof repaired or changed.", "建築法 §9"),
	word("主管建築機關", "Building authority", "決定案件的政府機關，通常是直轄市、縣（市）政府。", "The office that decides, usually the city or county government.", "建築法 §2"),
	word("起造人", "Building applicant", "要蓋房子、以自己名義申請執照的人。", "The person who builds and in whose name the permit is applied for.", "建築法 §12"),
	word("設計人", "Designer", "負責設計的開業建築師。", "The practising architect who designs the building.", "建築法 §13"),
	word("監造人", "Supervisor", "負責監督施工的開業建築師。", "The practising architect who supervises the work.", "建築法 §13"),
	word("承造人", "Contractor of the works", "負責施工的營造業。", "The construction firm that builds.", "建築法 §14"),
	word("建築師", "Architect", "有建築師證書並開業的人。", "A person with an architect's certificate and a practice.", "建築師法"),
	word("技師", "Professional engineer", "負責結構、設備等專業部分並簽證的人。", "The person who certifies structure, equipment and other special parts.", "建築法 §13"),
	word("營造廠", "Construction firm", "登記可以承攬營造工程的公司。", "A firm registered to carry out construction.", "營造業法"),
	word("室內裝修業者", "Interior decorator", "登記可以做室內裝修設計或施工的公司。", "A firm registered to design or carry out interior fit-out.", "建築法 §77-2"),
	word("一般民眾", "Citizen", "不是以專業身分辦理的人。", "Someone who does not act as a professional.", ""),
	word("專任工程人員", "Full-time engineer", "營造業聘任、負責施工技術的技師或建築師。", "The engineer or architect employed by a construction firm for its technical work.", "營造業法"),
	word("工地主任", "Site manager", "在工地負責管理的人。", "The person in charge on the site.", "營造業法"),
	word("供公眾使用建築物", "Building for public use", "很多人進出的建築物，審查與消防的規定比較多。", "A building many people use; review and fire rules are stricter.", "建築法 §5"),
	word("簽證", "Certification", "專業人員以自己的責任證明設計符合規定。", "A professional's statement, at their own responsibility, that the design follows the rules.", "建築法 §34"),
	word("壓章", "Sealing", "專業人員在圖說蓋章並用憑證簽署。", "A professional puts seal and card signature on a drawing.", ""),
	word("送件", "Submission", "把填好的案件送給主管機關。", "Sending a finished case to the authority.", ""),
	word("掛號", "Registration", "主管機關收下案件並給號碼，審查期限開始計算。", "The authority accepts the case and numbers it; the time limit begins.", ""),
	word("案件序號", "Case serial number", "系統給每一案的號碼，例如 111A10134。", "The number the system gives every case, such as 111A10134.", ""),
	word("補正", "Completing", "補上缺少的文件。", "Handing in papers that are missing.", ""),
	word("改正", "Correcting", "修改不符合規定的地方；主管機關要一次全部告訴您。", "Changing what does not follow the rules; the authority has to tell it all at once.", "建築法 §35、§36"),
	word("復審", "Re-review", "改正後再審查一次。", "Another review after corrections.", "建築法 §36"),
	word("退件", "Return", "案件退回申請人，不再審查。", "The case goes back to the applicant and is not reviewed further.", ""),
	word("核准", "Approval", "同意發給執照。", "The permit is granted.", ""),
	word("駁回", "Refusal", "不同意發給執照，會附理由和救濟方式。", "The permit is refused, with reasons and the way to appeal.", "行政程序法 §96"),
	word("撤案", "Withdrawal", "申請人收回自己的案件。", "The applicant takes the case back.", ""),
	word("承辦人", "Reviewing officer", "負責審查案件的公務人員。", "The officer who reviews the case.", ""),
	word("會辦", "Consultation", "請其他機關表示意見。", "Other agencies are asked for their opinion.", ""),
	word("開工", "Start of work", "領到建造執照後開始施工，要先申報。", "Beginning work with a permit in hand; it is reported first.", "建築法 §54"),
	word("勘驗", "Inspection of works", "施工到指定階段時申報查驗。", "Reporting the works for inspection at set stages.", "建築法 §56"),
	word("竣工", "Completion", "工程全部完成。", "The works are finished.", "建築法 §70"),
	word("竣工展期", "Extension of completion", "來不及完工時申請延長，以一次為限。", "More time to finish, granted once.", "建築法 §53"),
	word("變更設計", "Change of design", "領到執照後改設計。", "The design is changed after the permit was issued.", "建築法 §39"),
	word("套繪圖", "Overlay drawing", "把基地和建築物畫在地籍圖與建築線上的圖。", "A drawing of site and building on the cadastral map and the building line.", ""),
	word("建築線", "Building line", "建築物可以蓋到的界線，通常是計畫道路的邊線。", "The line up to which one may build, usually the edge of a planned road.", "建築法 §48"),
	word("建蔽率", "Building coverage ratio", "建築物蓋住基地的比例。", "How much of the site the building covers.", ""),
	word("容積率", "Floor area ratio", "所有樓地板面積和基地面積的比例。", "Floor area of all storeys against the area of the site.", ""),
	word("樓地板面積", "Floor area", "一層樓的面積。", "The area of a storey.", ""),
	word("地號", "Land number", "土地登記上的號碼。", "The number of a parcel in the land register.", ""),
	word("段", "Section", "地籍上的分區名稱，和地號一起使用。", "The part of the cadastral map a land number belongs to.", ""),
	word("土地使用分區", "Land use zone", "都市計畫規定土地可以做什麼用。", "What a piece of land may be used for under the urban plan.", "都市計畫法"),
	word("農舍", "Farmhouse", "農業用地上和農業經營不可分離的房子。", "A house on farmland that belongs to farming.", ""),
	word("室內裝修", "Interior fit-out", "天花板、固定的牆面、隔間和高過 1.2 公尺的固定隔屏。", "Ceilings, fixed wall finishes, partitions and fixed screens higher than 1.2 m.", "建築法 §77-2"),
	word("室內裝修合格證明", "Fit-out certificate", "裝修完成、查驗合格後發的證明。", "Issued when a fit-out has passed its inspection.", ""),
	word("圖說審查", "Review of drawings", "開工前先審查設計圖。", "The drawings are reviewed before work begins.", ""),
	word("竣工查驗", "Completion inspection", "完工後查驗是否照圖施工。", "The finished work is compared with the drawings.", ""),
	word("備用帳號", "Backup account", "以電子郵件地址和密碼登錄的帳號。", "An account of e-mail address and password.", ""),
	word("我的E政府", "My e-government", "政府網站共用的登入服務。", "The sign-in service shared by government websites.", ""),
	word("自然人憑證", "Citizen certificate", "內政部發給個人的電子憑證卡。", "The certificate card the Ministry of the Interior issues to persons.", "電子簽章法"),
	word("工商憑證", "Company certificate", "經濟部發給公司行號的電子憑證卡。", "The certificate card the Ministry of Economic Affairs issues to firms.", "電子簽章法"),
	word("組織及團體憑證", "Organisation certificate", "發給學校、法人、團體的電子憑證卡。", "The certificate card for schools, legal persons and associations.", "電子簽章法"),
	word("統一編號", "Company number", "公司行號的 8 位數字號碼。", "The 8-digit number of a firm.", ""),
	word("開業證書", "Practice certificate", "建築師開業的證明，上面有開業證字號。", "Proof that an architect is in practice, with its number.", "建築師法"),
	word("執業執照", "Practice licence", "技師執業的證明。", "Proof that an engineer is in practice.", "技師法"),
	word("登記證", "Registration certificate", "營造業或室內裝修業登記的證明。", "Proof that a firm is registered.", ""),
	word("規費", "Fee", "申請執照要繳的費用。", "What is paid for a permit.", "建築法 §29"),
	word("訴願", "Administrative appeal", "不服決定時，在 30 日內向上級機關提出。", "An appeal to the higher authority within 30 days.", "訴願法 §14"),
	word("送達", "Service", "正式把文件交到當事人手上，期限從隔天開始算。", "The formal delivery of a document; time limits begin the day after.", "行政程序法"),
	word("系統公告", "Announcement", "系統維護、停機與新功能的消息。", "News of maintenance, outages and new functions.", ""),
	word("功能編號", "Function number", "每個畫面右上角的編號，提問時告訴我們。", "The number at the top right of every screen; quote it when you ask.", ""),
}
