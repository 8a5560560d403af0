package egov

import "cloudbm/say"

// What the user manual prints is shown as it is printed, half-width marks and all: whoever learnt on the real site
// finds the same words here. Everything else of this room is written as the house writes.
const (
	printedTooOften    = "帳號檢查次數太頻繁,請稍候再試!!"
	printedCaptcha     = "驗證碼皆為英文字母或數字,不分大小寫,若驗證碼無法辨識,請點選圖示或下方按鈕更換."
	printedMobile      = "範例: 行動電話: 0911123456 (此欄位只能輸入數字)"
	printedJoined      = "一般會員註冊成功，您已成功註冊我的E政府會員帳號，系統已發送「註冊成功通知信」至您的電子信箱(%s)"
	printedHealth      = "*.若您要以健保卡執行身分證字號驗證，請點擊下面的連結"
	printedOfficial    = "*.若您要申請成為公務帳號, 請點擊下面的連結"
	printedPIN         = "請插入您的憑證並輸入PIN碼(6-8碼)"
	printedComponent   = "請務必安裝最新版本HICOS元件"
	printedOfficials   = "帳號註冊完成後必須用帳號登入並提出公務帳號申請，審核通過後始為公務帳號"
	printedEmail       = "※請務必填入有效之電子信箱"
	printedMore        = "我願意提供更多個人資料以得到更多電子化政府個人化服務"
	printedBinding     = "自然人憑證/工商憑證/組織及團體憑證—請到我的e政府->會員資料管理->憑證帳號綁定，然後使用我的e政府登錄"
	printedMaintenance = "主機維護公告：110年12月28日 18:00–22:00 進行主機維護，維護期間系統可正常登入，但可能回應速度較緩慢"
	printedOutage      = "12/24(五)19:30~22:30暫停多因子驗證及戶役政WEBIR服務"
)

// The sentences of the manual with their English.
var (
	tooOften   = say.T(printedTooOften, "The account name is checked too often. Try again in a moment.")
	captchaHow = say.T(printedCaptcha, "The code is letters or digits, capital or small. If you cannot read it, press the picture or the button below for another.")
	mobileHow  = say.T(printedMobile, "Example: mobile telephone 0911123456 (digits only)")
	joinedText = func(address string) say.Text {
		return say.F(printedJoined, "You have registered as a general member of MyEGov. The letter that confirms it has been sent to your e-mail address (%s)", address)
	}
	healthLink    = say.T(printedHealth, "* To have your national ID verified with a health insurance card, follow this link")
	officialLink  = say.T(printedOfficial, "* To apply for an official's account, follow this link")
	pinHow        = say.T(printedPIN, "Put in your card and enter its PIN (6–8 digits)")
	component     = say.T(printedComponent, "Have the latest HiCOS component installed")
	officialsRule = say.T(printedOfficials, "Register first, sign in with the account, then apply for an official's account; it is one once it has been approved")
	emailNote     = say.T(printedEmail, "※ Enter an e-mail address that reaches you")
	moreText      = say.T(printedMore, "I am willing to give more personal data in order to get more personal e-government services")
	bindingNote   = say.T(printedBinding, "Citizen, company and organisation cards: bind the card here in MyEGov (member data → card binding), then sign in with MyEGov")
)
