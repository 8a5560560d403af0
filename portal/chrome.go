package portal

import (
	"context"

	"cloudbm/accounts"
	"cloudbm/factors"
	"cloudbm/notices"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

// Chrome is what stands around every page for by: menus, name and authority (S125), the menu under the name
// (S126–S128), the bell, the end of the session, who helps. A page is worth more than what stands around it: what
// cannot be read is left out.
func (p *Portal) Chrome(ctx context.Context, by permit.Actor) web.Chrome {
	c := web.Chrome{SystemName: p.SystemName, Agency: p.Agency, Trial: p.Trial, Menus: publicMenu()}
	_ = p.look(ctx, func(tx *store.Tx) error {
		c = web.Chrome{SystemName: p.SystemName, Agency: p.Agency, Trial: p.Trial, Menus: publicMenu()}
		return p.furnish(tx, by, &c)
	})
	return c
}

func (p *Portal) furnish(tx *store.Tx, by permit.Actor, c *web.Chrome) error {
	a, err := p.authority(tx, by)
	if err != nil {
		return err
	}
	contact, err := contactOf(tx, a)
	if err != nil {
		return err
	}
	c.Help = web.Contact{Name: contact.label(), Phone: contact.Phone, Email: contact.Email, Hours: say.Same(contact.Hours), URL: "/help/contact?authority=" + a.Code}
	if !by.SignedIn() {
		return nil
	}
	c.UserName, c.UserTail = by.Name, "("+a.Name+")"
	c.Mine = p.mine(by)
	c.NoticesURL = "/bls/notices"
	if c.Notices, err = notices.Unread(tx, by.Person); err != nil {
		return err
	}
	c.Menus = menuOf(by)
	c.SessionEnds, err = accounts.SessionEnds(tx, by)
	return err
}

func publicMenu() []web.MenuItem {
	return []web.MenuItem{
		{Text: say.T("系統公告", "Announcements"), URL: "/news"},
		{Text: say.T("需要建築執照嗎？", "Do I need a permit?"), URL: "/permit-check"},
		{Text: say.T("案件與執照查詢", "Look up a case or licence"), URL: "/register"},
		{Text: say.T("檔案下載", "Downloads"), URL: "/downloads"},
		{Text: say.T("操作說明", "Help"), URL: "/help"},
	}
}

// menuOf is the home page and the services; refused ones say why.
func menuOf(by permit.Actor) []web.MenuItem {
	items := []web.MenuItem{{Text: say.T("線上申請首頁", "Application home"), URL: "/bls"}}
	for _, s := range services(by) {
		items = append(items, web.MenuItem{Text: s.Title, URL: s.URL, WhyNot: s.brief})
	}
	if len(by.Roles) > 0 {
		items = append(items, web.MenuItem{Text: say.T("我的案件", "My cases"), URL: "/bls/cases"})
	}
	if by.Waiting {
		items = append(items, web.MenuItem{Text: say.T("設定第二道驗證", "Set up a second factor"), URL: factors.FactorsURL})
	}
	if by.Officer() {
		items = append(items, web.MenuItem{Text: say.T("審查收件匣", "Review inbox"), URL: "/desk"})
	}
	if _, all := asked(by); all || len(by.Authorities(permit.Manager)) > 0 {
		items = append(items, web.MenuItem{Text: say.T("民眾提問", "Questions"), URL: "/desk/questions"})
	}
	return items
}

// mine is the menu under the name: S126, S127, S128 in the manual's order, then 回首頁 and 登出 (S94).
func (p *Portal) mine(by permit.Actor) []web.MenuItem {
	items := []web.MenuItem{
		{Text: say.T("檢視使用者資訊", "View my user information"), URL: profileURL},
		{Text: say.T("系統環境自我檢測", "Check this computer"), URL: "/bls/selftest"},
		{Text: say.T("註冊憑證作業", "Register certificates"), URL: cardsURL},
	}
	if len(by.Authorities(permit.Manager)) > 0 {
		items = append(items, web.MenuItem{Text: say.T("機關設定", "Settings of the authority"), URL: "/desk/settings"})
	}
	items = append(items, web.MenuItem{Text: say.T("我可以做什麼", "What I may do"), URL: rightsURL},
		web.MenuItem{Text: say.T("備用帳號與密碼", "Backup account and password"), URL: "/me"})
	if keeps(by) {
		items = append(items, web.MenuItem{Text: say.T("維護系統公告", "Keep announcements"), URL: "/admin/news"})
	}
	if by.Admin {
		items = append(items, web.MenuItem{Text: say.T("系統管理", "Administration"), URL: "/admin"},
			web.MenuItem{Text: say.T("維護檔案下載", "Keep downloads"), URL: "/admin/downloads"},
			web.MenuItem{Text: say.T("未送達的信件", "Letters that did not arrive"), URL: "/admin/letters"})
	}
	return append(items, web.MenuItem{Text: say.T("回首頁", "Home"), URL: "/home"}, web.MenuItem{Text: say.T("登出", "Sign out"), URL: "/signout", Post: true})
}
