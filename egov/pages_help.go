package egov

import (
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

func helpURL(topic string) string { return Home + "help/" + topic }

// topic is a page that explains something.
type topic struct {
	Title say.Text
	Text  []say.Text
	Links []web.Crumb
}

func (s *Site) help(r *web.Request, v Visit) error {
	t, ok := topics[r.PathValue("topic")]
	if !ok {
		t, ok = s.helpLines()[r.PathValue("topic")]
	}
	if !ok {
		return store.ErrNotFound
	}
	return s.draw(r, v, web.Page{Title: t.Title, Func: "EGV90100", Crumbs: []web.Crumb{{Text: t.Title}}}, helpView(t))
}

func link(zh, en, url string) web.Crumb { return web.Crumb{Text: say.T(zh, en), URL: url} }

var topics = map[string]topic{
	"enable": {
		Title: say.T("以自然人憑證啟用帳號", "Enabling an account with a citizen certificate"),
		Text: []say.Text{
			say.T("帳號未啟用，或密碼連續錯誤 5 次被鎖定時，用本人的自然人憑證就能立即啟用，不必等候。", "An account that is not enabled, or was locked after five wrong passwords, is enabled at once by its member's own citizen certificate."),
			say.T("準備自然人憑證、讀卡機，並安裝元件；憑證要已綁定這個帳號，或和帳號驗證過的姓名、身分證字號相符。", "Have the card, a reader and the component ready. The card has to be bound to the account or to match its verified name and national ID."),
		},
		Links: []web.Crumb{link("啟用帳號", "Enable an account", cardPage+"?for=enable")},
	},
	"question": {
		Title: say.T("以密碼提示問題重設密碼", "Setting a new password by the recovery question"),
		Text: []say.Text{
			say.T("註冊時設定了密碼提示問題的人，正確回答就能重設密碼。答案不分大小寫和空格。", "Whoever chose a recovery question at registration sets a new password by answering it. Capitals and spaces do not matter."),
			say.T("選一個別人不知道答案的問題；答案不會顯示給任何人看。", "Choose a question whose answer others do not know; the answer is shown to nobody."),
		},
		Links: []web.Crumb{link("忘記密碼", "Forgotten password", passwordPage)},
	},
	"reset": {
		Title: say.T("以自然人憑證重設密碼", "Setting a new password with a citizen certificate"),
		Text: []say.Text{
			say.T("忘記密碼時，用本人的自然人憑證就能重設密碼；被鎖定的帳號會同時啟用。", "Whoever forgot the password sets a new one with their own citizen certificate; a locked account is enabled as well."),
		},
		Links: []web.Crumb{link("重設密碼", "Set a new password", cardPage+"?for=reset")},
	},
	"mobile": {
		Title: say.T("救援手機門號", "Rescue mobile number"),
		Text: []say.Text{
			say.T("救援手機門號用來在您打客服電話時核對身分。只能輸入數字，例如 0911123456。", "The rescue mobile number lets the help desk check who is calling. Digits only, for example 0911123456."),
		},
		Links: []web.Crumb{link("加入會員", "Join", Home+"join")},
	},
	"problems": {
		Title: say.T("帳號/憑證登入問題", "Problems with accounts and cards"),
		Text: []say.Text{
			say.T("帳號和密碼：密碼連續錯誤 5 次，帳號會被鎖定；用自然人憑證啟用，或重設密碼。", "Account and password: five wrong passwords in a row lock an account. Enable it with a citizen certificate, or set a new password."),
			say.T("憑證：確認卡片插好、元件已安裝，PIN 碼是 6 到 8 個數字。PIN 碼連續錯誤 3 次會鎖卡，要到憑證的網站解鎖。", "Card: see that it is in the reader and the component is installed; a PIN is 6 to 8 digits. Three wrong PINs lock a card; it is unlocked on the website of the card."),
		},
		Links: []web.Crumb{link("忘記密碼", "Forgotten password", passwordPage), link("忘記帳號", "Forgotten account", Home+"account"), link("環境檢測網頁", "Check this computer", helpURL("environment"))},
	},
	"faq": {
		Title: say.T("常見問題", "Frequent questions"),
		Text: []say.Text{
			say.T("憑證第一次使用前，先用帳號登入，在「會員資料管理」的「憑證帳號綁定」綁定一次。", "Before its first use, a card is bound once: sign in with your account and use card binding under member data."),
			say.T("忘記帳號時，用註冊的電子信箱查詢，帳號會寄到那個信箱。", "A forgotten account is sent to the e-mail address it was registered with."),
		},
		Links: []web.Crumb{link("帳號/憑證登入問題", "Problems with accounts and cards", helpURL("problems"))},
	},
	"environment": {
		Title: say.T("環境檢測網頁", "Check this computer"),
		Text: []say.Text{
			say.T("憑證登入需要讀卡機、卡片和元件，瀏覽器要允許這個網站開啟彈出視窗。資訊系統雲端平台的「系統環境自我檢測」會逐項檢查。", "Signing in with a card takes a reader, the card and the component, and a browser that lets this site open a pop-up window. The platform's self-test looks at each."),
		},
		Links: []web.Crumb{link("系統環境自我檢測", "Check this computer", "/bls/selftest")},
	},
	"health": {
		Title: say.T("以健保卡執行身分證字號驗證", "Verifying the national ID with a health insurance card"),
		Text: []say.Text{
			say.T("先在中央健康保險署的網站註冊健保卡：準備戶口名簿戶號，設定密碼，收信確認。", "First register the card with the National Health Insurance Administration: have the household number ready, set a password, answer the letter."),
			say.T("再把健保卡插入讀卡機，輸入註冊時設定的密碼；身分證字號驗證後，會員資料會顯示「全民健保卡」。", "Then put the card into a reader and enter the password set at registration. Once the national ID is verified, the member data show “National Health Insurance card”."),
			say.T("模擬網站不讀真正的健保卡；示範會員的身分證字號已經驗證。", "The simulation does not read real cards; the national IDs of the demonstration's members are verified already."),
		},
		Links: []web.Crumb{link("會員中心", "Member centre", memberPage)},
	},
	"totp": {
		Title: say.T("TOTP軟體式動態密碼驗證", "One-time passwords from an app (TOTP)"),
		Text: []say.Text{
			say.T("真正的網站可以在登入時加上 App 產生的動態密碼。模擬網站用帳號密碼或憑證登入，不另外要求動態密碼。", "The real site can ask for a one-time password from an app as well. The simulation signs in with a password or a card and asks for no other."),
		},
		Links: []web.Crumb{link("會員登入", "Member sign-in", Home)},
	},
}

// helpLines are the pages that name whom to call.
func (s *Site) helpLines() map[string]topic {
	call := s.Telephones
	return map[string]topic{
		"citizen-card": {
			Title: say.T("自然人憑證", "Citizen certificate"),
			Text: []say.Text{
				say.F("忘記 PIN 碼或鎖卡時，到內政部憑證管理中心的網站辦理；客服電話 %s。", "A forgotten PIN or a locked card is a matter for the website of the Ministry of the Interior's certification authority; telephone %s.", call.Citizen),
				say.T("這是模擬網站，不連到真正的憑證網站；示範用的卡片由系統管理者發給。", "This is a simulation and does not lead to the real website; cards for the demonstration are handed out by the administrator."),
			},
		},
		"company-card": {
			Title: say.T("工商憑證", "Company certificate"),
			Text: []say.Text{
				say.F("忘記 PIN 碼或鎖卡時，到工商憑證管理中心的網站辦理；客服電話 %s（手機請加 02）。", "A forgotten PIN or a locked card is a matter for the website of the company certification authority; telephone %s (from a mobile, 02 first).", call.Company),
				say.T("這是模擬網站，不連到真正的憑證網站；示範用的卡片由系統管理者發給。", "This is a simulation and does not lead to the real website; cards for the demonstration are handed out by the administrator."),
			},
		},
		"privacy": {
			Title: say.T("個人資料保護法與隱私權政策", "Personal data and privacy"),
			Text: []say.Text{
				say.T("模擬網站只放虛構的人和資料，不要輸入真正的個人資料。註冊的資料只留在這套示範系統，用來登入和寄信。", "The simulation holds fictional people only; do not enter real personal data. What is registered stays in this demonstration and serves for signing in and for letters."),
				say.F("真正的網站的政策見 https://www.gsp.gov.tw/privacy.htm；客服 %s。", "For the policy of the real site see https://www.gsp.gov.tw/privacy.htm; help %s.", call.Help),
			},
		},
	}
}
