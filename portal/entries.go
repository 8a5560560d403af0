package portal

import "cloudbm/say"

// Entry is one entry of the portal's menus. One that is not built here says what belongs to it and where to go.
type Entry struct {
	Key   string
	Title say.Text
	What  say.Text // what belongs there
	Open  []Link   // what is open for those who came for it
	URL   string   // set: the entry itself is open
}

var (
	toApply = link("新線上申請入口專區", "New online application", "/")
	toHelp  = link("操作說明", "Help", "/help")
	toCheck = link("需要建築執照嗎？", "Do I need a permit?", "/permit-check")
	toDown  = link("檔案下載", "Downloads", "/downloads")
	toAsk   = link("聯絡窗口", "Contact", "/help/contact")
	toTopic = func(key, zh, en string) Link { return link(zh, en, "/help/"+key) }
)

// MainMenu is the portal's main menu in the order of the manual (S13).
var MainMenu = []Entry{
	{Key: "building", Title: say.T("建管業務", "Building administration"), What: say.T("建築管理的統計、法規與各機關內部作業系統。", "Statistics, regulations and the internal systems of building administration."), Open: []Link{toApply, toCheck, toDown}},
	{Key: "construction", Title: say.T("營造業務", "Construction industry"), What: say.T("營造業登記、評鑑與工程紀錄的系統。", "Systems for registering and rating construction firms and keeping their record of works."), Open: []Link{toTopic("contractor", "營造廠怎麼使用線上申請", "How contractors use the online application"), toApply}},
	{Key: "training", Title: say.T("證照與講習", "Certificates and courses"), What: say.T("工地主任、公共安全檢查人員等證照與講習的系統。", "Systems for the certificates and courses of site managers, safety inspectors and others."), Open: []Link{toAsk, toHelp}},
	{Key: "disaster", Title: say.T("防救災系統", "Disaster response"), What: say.T("震災後建築物緊急評估與動員的系統。", "Systems for assessing buildings after an earthquake and calling up those who do it."), Open: []Link{toAsk}},
	{Key: "apply", Title: say.T("新線上申請入口專區", "New online application"), What: say.T("建造執照、施工相關業務與室內裝修的線上申請。", "Online application for building permits, construction reports and interior fit-out."), URL: "/"},
	{Key: "old", Title: say.T("舊版入口網", "The old portal"), What: say.T("新系統啟用前的入口網。新的案件一律從「新線上申請入口專區」辦理。", "The portal before the new system. New cases all go through the new online application."), Open: []Link{toApply}},
}

// AudienceMenu is the menu by visitor in the order of the manual (S14).
var AudienceMenu = []Entry{
	{Key: "citizens", Title: say.T("一般民眾", "Citizens"), What: say.T("想蓋房子、裝修或查詢案件的人。", "People who want to build, fit out or look up a case."), Open: []Link{toCheck, toTopic("citizen", "一般民眾怎麼使用線上申請", "How citizens use the online application"), toApply}},
	{Key: "professionals", Title: say.T("建築師及技師", "Architects and engineers"), What: say.T("開業建築師與執業技師。", "Practising architects and professional engineers."), Open: []Link{toTopic("architect", "建築師怎麼使用線上申請", "How architects use the online application"), toTopic("engineer", "技師怎麼使用線上申請", "How engineers use the online application"), toDown, toApply}},
	{Key: "firms", Title: say.T("專業機構及廠商", "Professional bodies and firms"), What: say.T("營造業、室內裝修業與受託審查的專業團體。", "Construction firms, interior firms and bodies entrusted with review."), Open: []Link{toTopic("contractor", "營造廠怎麼使用線上申請", "How contractors use the online application"), toTopic("decorator", "室內裝修業者怎麼使用線上申請", "How decorators use the online application"), toApply}},
	{Key: "building-authorities", Title: say.T("建管業務主管單位", "Building authorities"), What: say.T("直轄市、縣（市）政府與特設機關的建築管理單位。", "The building offices of cities, counties and special authorities."), Open: []Link{toTopic("officer", "審查人員怎麼使用", "How officers use the system"), toApply}},
	{Key: "construction-authorities", Title: say.T("營造業務主管單位", "Construction industry authorities"), What: say.T("管理營造業登記的單位。", "The offices that register construction firms."), Open: []Link{toAsk}},
	{Key: "building-training", Title: say.T("建管委訓單位", "Training bodies for building administration"), What: say.T("受託辦理建築管理講習的單位。", "Bodies entrusted with courses on building administration."), Open: []Link{toAsk}},
	{Key: "construction-training", Title: say.T("營造業委訓及評鑑單位", "Training and rating bodies for construction"), What: say.T("受託辦理營造業講習與評鑑的單位。", "Bodies entrusted with courses and ratings of construction firms."), Open: []Link{toAsk}},
}

// Utilities are the portal's utility links in the order of the manual (S11).
var Utilities = []Link{
	link("回首頁", "Home", "/CPTL/"),
	link("系統服務信箱", "Service mailbox", "/mailbox"),
	link("事件服務請求", "Request help", "/help/question"),
	link("網站導覽", "Site map", "/sitemap"),
	link("雙語詞彙", "Glossary", "/glossary"),
}

func (e Entry) url() string { return or(e.URL, "/CPTL/"+e.Key) }

func entry(key string) (Entry, bool) {
	for _, menu := range [][]Entry{MainMenu, AudienceMenu} {
		for _, e := range menu {
			if e.Key == key && e.URL == "" {
				return e, true
			}
		}
	}
	return Entry{}, false
}
