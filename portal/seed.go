package portal

import (
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// SeedDownloads puts the rows of the manual into an empty table (S122, S123, S124). Their files are the Ministry's and
// not ours to give: the administrator hands them in.
func SeedDownloads(tx *store.Tx) error {
	if have, err := downloads(tx, true); err != nil || len(have) > 0 {
		return err
	}
	by := permit.System
	by.Admin = true
	for _, d := range []Download{
		{Place: 10, Title: say.T("建築師套繪圖電子製圖規範及操作說明 (營建署)", "Rules for architects' electronic overlay drawings, with instructions (CPA)"), Format: "doc"},
		{Place: 20, Title: say.T("套繪圖種子檔下載 (營建署)", "Seed files for overlay drawings (CPA)"), Format: "zip"},
	} {
		d.Updated = taiwan.NewDate(2022, 2, 18)
		if _, err := KeepRow(tx, by, d); err != nil {
			return err
		}
	}
	return nil
}

// Seed gives the demonstration its announcements, besides the downloads.
func Seed(tx *store.Tx) error {
	if err := SeedDownloads(tx); err != nil {
		return err
	}
	if have, err := allAnnouncements(tx, 1); err != nil || len(have) > 0 {
		return err
	}
	by := permit.System
	by.Admin = true
	today := taiwan.DateOf(tx.Now).Time()
	for _, a := range []Announcement{
		{Kind: News, From: today.AddDate(0, 0, -20), Title: say.T("新線上申請入口專區上線", "The new online application is open"),
			Body: say.T("建造執照、施工相關業務與室內裝修案件，可以在線上填寫、上傳圖說、壓章與送件。第一次使用請先看「帳號及備用帳號如何申請」。",
				"Building permits, construction reports and interior fit-out cases can be filled in, sealed and submitted online. If this is your first time, read “How to get an account and a backup account”.")},
		{Kind: News, From: today.AddDate(0, 0, -6), Title: say.T("送件前先用「系統環境自我檢測」檢查電腦", "Check your computer before you submit"),
			Body: say.T("檢測瀏覽器、彈出視窗與電腦時間；壓章前才需要讀卡機與憑證元件。", "It looks at the browser, pop-ups and the clock. A card reader and the card component are needed only for sealing.")},
		{Kind: Maintenance, From: today.AddDate(0, 0, -1), Until: today.AddDate(0, 0, 4), Title: say.T("主機維護：系統可登錄，回應速度較慢", "Maintenance: you can sign in, pages answer slowly"),
			Body:      say.T("維護期間可以登錄與填寫，正在填寫的內容會保存。", "You can sign in and fill in forms during the work. What you are writing is kept."),
			WorksFrom: today.AddDate(0, 0, 3).Add(18 * 3600e9), WorksUntil: today.AddDate(0, 0, 3).Add(22 * 3600e9)},
	} {
		if _, err := Announce(tx, by, a); err != nil {
			return err
		}
	}
	return nil
}
