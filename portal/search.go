package portal

import (
	"slices"
	"strings"

	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Found is one result of a search.
type Found struct {
	Kind, Title, Text say.Text
	URL               string
	score             int
}

// pages are this room's pages that a search should find and the site map lists.
func (p *Portal) pages() []Found {
	page := say.T("網頁", "Page")
	f := func(zh, en, textZh, textEn, url string) Found {
		return Found{Kind: page, Title: say.T(zh, en), Text: say.T(textZh, textEn), URL: url}
	}
	return []Found{
		f("全國建管入口網", "National building portal", "從這裡開始", "Begin here", "/CPTL/"),
		f("資訊系統雲端平台（登錄）", "Sign-in page", "我的e政府、全民健保卡、備用帳號", "My e-government, health card, backup account", "/"),
		f("帳號申請", "Applying for an account", "我的E政府帳號與備用帳號", "My e-government and backup accounts", "/apply"),
		f("線上申請首頁", "Application home", "我的案件、待辦、檔案下載", "My cases, what to do, downloads", "/bls"),
		f("系統公告", "Announcements", "維護時段、服務中斷與消息", "Maintenance, outages and news", "/news"),
		f("案件與執照查詢", "Look up a case or licence", "用案件序號、地址或地號查進度，核對執照真偽", "Progress by number, address or land number; whether a licence is genuine", "/register"),
		f("驗證送件檔", "Verify a submission", "檢查下載的送件內容、壓章與簽章，檔案不離開您的電腦", "Checks contents, seals and signatures of an archive; it stays on your computer", "/verify"),
		f("檔案下載", "Downloads", "套繪圖規範、種子檔", "Rules and seed files for overlay drawings", "/downloads"),
		f("需要建築執照嗎？", "Do I need a permit?", "回答幾個問題，知道要不要申請執照", "A few questions tell whether you need one", "/permit-check"),
		f("操作說明", "Help", "每一種身分的說明", "Help for everyone", "/help"),
		f("線上提問", "Ask a question", "留下姓名與電話，由主管機關回覆；事件服務請求", "Leave name and telephone; the authority answers", "/help/question"),
		f("意見信箱", "Mailbox", "對系統的意見；系統服務信箱", "What you think of the system", "/mailbox"),
		f("聯絡窗口", "Contact", "各主管機關的承辦人員、電話、LINE 社群", "Officers, telephones and LINE groups of the authorities", "/help/contact"),
		f("系統環境自我檢測", "Check this computer", "瀏覽器、Cookie、彈出視窗、時間、讀卡機、自然人憑證", "Browser, cookies, pop-ups, clock, card reader, citizen certificate", "/bls/selftest"),
		f("註冊憑證作業", "Register certificates", "自然人憑證、工商憑證、組織及團體憑證", "Citizen, company and organisation certificates", cardsURL),
		f("通知", "Notices", "案件有變動時告訴您", "You are told when a case changes", "/bls/notices"),
		f("雙語詞彙", "Glossary", "建築管理用語的中英對照與意思", "Words of building administration in Chinese and English", "/glossary"),
		f("網站導覽", "Site map", "所有網頁與快速鍵", "All pages and access keys", "/sitemap"),
		f("無障礙聲明", "Accessibility statement", "已知的限制與回報方式", "Known limits and how to report one", "/accessibility"),
		f("隱私權及資訊安全宣告", "Privacy and security", "個人資料保護法第 8 條告知事項", "Notice under article 8 of the Personal Data Protection Act", "/privacy"),
	}
}

// Search finds pages, help, announcements, downloads and words that contain every word of q, best first.
func (p *Portal) Search(tx *store.Tx, q string) ([]Found, error) {
	words := strings.Fields(fold(q))
	if len(words) == 0 {
		return nil, nil
	}
	all, err := p.everything(tx)
	if err != nil {
		return nil, err
	}
	var out []Found
	for _, f := range all {
		if f.score = f.match(words); f.score > 0 {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b Found) int { return b.score - a.score })
	return out[:min(len(out), 50)], nil
}

func (p *Portal) everything(tx *store.Tx) ([]Found, error) {
	all := p.pages()
	for _, t := range p.Topics() {
		f := Found{Kind: say.T("操作說明", "Help"), Title: t.Title, Text: t.For, URL: "/help/" + t.Key}
		for _, s := range t.Steps {
			f.Text = say.F("%s；%s", "%s; %s", f.Text, s.Title)
		}
		for _, n := range t.Need {
			f.Text = say.F("%s；%s", "%s; %s", f.Text, n)
		}
		all = append(all, f)
	}
	for _, menu := range [][]Entry{MainMenu, AudienceMenu} {
		for _, e := range menu {
			all = append(all, Found{Kind: say.T("入口網選單", "Portal menu"), Title: e.Title, Text: e.What, URL: e.url()})
		}
	}
	news, err := Current(tx, 200)
	if err != nil {
		return nil, err
	}
	for _, a := range news {
		all = append(all, Found{Kind: say.T("系統公告", "Announcement"), Title: a.Title, Text: a.Body, URL: "/news/" + a.ID})
	}
	files, err := downloads(tx, false)
	if err != nil {
		return nil, err
	}
	for _, d := range files {
		all = append(all, Found{Kind: say.T("檔案下載", "Download"), Title: d.Title, Text: say.Same(d.Format), URL: "/downloads/" + d.ID})
	}
	for _, w := range Words {
		all = append(all, Found{Kind: say.T("詞彙", "Word"), Title: w.Word, Text: w.Means, URL: "/glossary#" + anchor(w)})
	}
	return all, nil
}

// match is how well f answers: each word must be somewhere; in the title it weighs more, at its beginning most.
func (f Found) match(words []string) (score int) {
	title := fold(f.Title.Zh + " " + f.Title.En)
	text := fold(f.Text.Zh + " " + f.Text.En)
	for _, w := range words {
		switch {
		case strings.HasPrefix(title, w):
			score += 12
		case strings.Contains(title, w):
			score += 8
		case strings.Contains(text, w):
			score += 2
		default:
			return 0
		}
	}
	return score
}

// anchor is where a word stands on the page of words.
func anchor(w Word) string { return strings.ReplaceAll(strings.ToLower(w.Word.En), " ", "-") }

// fold makes texts that read alike compare alike: 台 and 臺, full width and half width, capital and small.
func fold(s string) string { return strings.ToLower(strings.ReplaceAll(taiwan.Fold(s), "台", "臺")) }
