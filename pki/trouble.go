package pki

import (
	"cloudbm/fault"
	"cloudbm/say"
)

// Trouble is one way in which a card can fail: what happened, what to do, and where. Each has a page of its own.
type Trouble struct {
	Key   string
	Func  string   // 功能編號 of its page
	Title say.Text // begins with what to do
	Cause say.Text
	Steps []say.Text
	Links []Link
	Stop  bool // trying again with the same card is of no use

	kind fault.Kind
}

// Link is an address with words, of this site or another.
type Link struct {
	Text say.Text
	URL  string
}

// TroubleURL is the address of the page about it.
func (t *Trouble) TroubleURL() string { return "/card/trouble/" + t.Key }

// Fault is the trouble as a refusal.
func (t *Trouble) Fault() *fault.Fault {
	return fault.Say(t.kind, t.Title).To("原因與處理步驟", "Cause and next steps", t.TroubleURL())
}

// Refusal is a Trouble as an error. A page that has room for more than the sentence of its fault draws the trouble with
// Help; the detail is for the log.
type Refusal struct {
	*Trouble
	Detail string
}

func refuse(t *Trouble, detail string) *Refusal { return &Refusal{t, detail} }

// Error is for the log.
func (r *Refusal) Error() string { return "pki: " + r.Key + ": " + r.Detail }

// Unwrap is what a page says.
func (r *Refusal) Unwrap() error { return r.Fault() }

// Where people are sent by the pages about troubles.
const (
	HiCOSURL     = "https://moica.nat.gov.tw/rac_plugin.html"
	MOICAURL     = "https://moica.nat.gov.tw/"
	MOICAUnlock  = "https://moica.nat.gov.tw/unblockcard.html"
	MOEACAURL    = "https://moeaca.nat.gov.tw/"
	SelfTestURL  = "/bls/selftest"
	unlockNotice = "https://moeaca.nat.gov.tw/other/pin.html"
)

var (
	install  = Link{say.T("下載 HiCOS 卡片管理工具與跨平臺網頁元件", "Download HiCOS and the cross-platform card component"), HiCOSURL}
	check    = Link{say.T("系統環境自我檢測", "Check this computer"), SelfTestURL}
	unlock   = Link{say.T("自然人憑證：PIN 碼解鎖", "Citizen certificate: unlock the PIN"), MOICAUnlock}
	unlockCo = Link{say.T("工商憑證：PIN 碼與鎖卡", "Company certificate: PIN and locked cards"), unlockNotice}
	moica    = Link{say.T("內政部憑證管理中心", "MOICA, the authority for citizen certificates"), MOICAURL}
	moeaca   = Link{say.T("工商憑證管理中心", "MOEACA, the authority for company certificates"), MOEACAURL}
)

// The troubles of browser, component, reader and card.
var (
	trNoScript = &Trouble{Key: "script", Func: "CRD10101", kind: fault.Invalid,
		Title: say.T("允許這個網站執行指令碼，再讀一次卡", "Allow scripts on this site and read the card again"),
		Cause: say.T("卡片由瀏覽器的指令碼和元件讀取；這次沒有收到元件的回應。", "A script in the browser reads the card through the component. Nothing of the component's arrived this time."),
		Steps: []say.Text{say.T("在瀏覽器設定開啟 JavaScript，重新整理後再試。", "Switch JavaScript on in the browser's settings, reload the page and try again.")}, Links: []Link{check}}
	trPopup = &Trouble{Key: "popup", Func: "CRD10102", kind: fault.Invalid,
		Title: say.T("允許這個網站的彈出視窗，再按一次", "Allow pop-up windows of this site and press the button again"),
		Cause: say.T("元件用一個小視窗讀卡，瀏覽器把它擋下了。卡片沒有被讀取，PIN 碼沒有送出。", "The component reads the card in a small window, and the browser blocked it. The card was not read and the PIN was not sent."),
		Steps: []say.Text{say.T("按網址列右邊的「彈出式視窗已封鎖」圖示，選「一律允許」。", "Press the “pop-up blocked” sign at the right of the address bar and choose “always allow”."),
			say.T("回到這一頁，再輸入 PIN 碼。", "Come back to this page and enter the PIN again.")}, Links: []Link{check}}
	trNoComponent = &Trouble{Key: "component", Func: "CRD10103", kind: fault.Invalid,
		Title: say.T("安裝或啟動跨平臺網頁元件，再讀一次卡", "Install or start the card component and read the card again"),
		Cause: say.T("尚未安裝元件，或元件沒有在執行：3.5 秒內沒有回應。卡片沒有被讀取。", "The component is not installed or does not run: it gave no answer within 3.5 seconds. The card was not read."),
		Steps: []say.Text{say.T("下載並安裝最新版 HiCOS 與跨平臺網頁元件。", "Download and install the latest HiCOS and card component."),
			say.T("瀏覽器若詢問是否允許連線到本機的裝置或應用程式，選「允許」。", "If the browser asks whether to allow connections to devices or apps on this computer, choose “Allow”."),
			say.T("重新開啟瀏覽器，再讀一次卡。", "Restart the browser and read the card again.")}, Links: []Link{install, check}}
	trClosed = &Trouble{Key: "closed", Func: "CRD10104", kind: fault.Invalid,
		Title: say.T("再讀一次卡，讀卡的小視窗讓它自己關閉", "Read the card again and let the small window close by itself"),
		Cause: say.T("讀卡的小視窗在完成以前關閉了，或超過時間。", "The small window closed before it was done, or took too long."),
		Steps: []say.Text{say.T("卡片插好，再按一次；小視窗會自己關閉。", "Leave the card in the reader and press the button again. The small window closes by itself.")}, Links: []Link{check}}
	trOld = &Trouble{Key: "old", Func: "CRD10105", kind: fault.Invalid,
		Title: say.T("更新跨平臺網頁元件，再讀一次卡", "Update the card component and read the card again"),
		Cause: say.T("這臺電腦的元件版本太舊。", "The component on this computer is too old."),
		Steps: []say.Text{say.T("下載並安裝最新版，重新開啟瀏覽器。", "Download and install the latest version, then restart the browser.")}, Links: []Link{install, check}}
	trSite = &Trouble{Key: "site", Func: "CRD10106", kind: fault.Invalid,
		Title: say.T("把這個網站加入元件的信任清單，再讀一次卡", "Add this site to the component's trusted sites and read the card again"),
		Cause: say.T("元件沒有授權這個網站讀卡。", "The component does not let this site read cards."),
		Steps: []say.Text{say.T("確認網址列是本系統的網址。", "Check that the address bar shows the address of this system."),
			say.T("更新元件；仍然如此時，在元件的設定加入這個網址，或洽聯絡窗口。", "Update the component. If nothing changes, add this address in the component's settings, or ask the contact.")},
		Links: []Link{install, {say.T("聯絡窗口", "Contact"), "/contact"}}}
	trNoReader = &Trouble{Key: "reader", Func: "CRD10107", kind: fault.Invalid,
		Title: say.T("接上讀卡機，再讀一次卡", "Connect a card reader and read the card again"),
		Cause: say.T("元件找不到讀卡機。", "The component finds no card reader."),
		Steps: []say.Text{say.T("把讀卡機接到電腦，換一個 USB 插孔試試。", "Connect the reader; try another USB port."),
			say.T("裝上讀卡機的驅動程式。", "Install the reader's driver.")}, Links: []Link{check}}
	trNoCard = &Trouble{Key: "card", Func: "CRD10108", kind: fault.Invalid,
		Title: say.T("把憑證卡插入讀卡機，再讀一次", "Put the card into the reader and read it again"),
		Cause: say.T("讀卡機裡沒有卡片。", "There is no card in the reader."),
		Steps: []say.Text{say.T("晶片朝上，插到底。", "Chip up, push it in as far as it goes.")}, Links: []Link{check}}
	trUnreadable = &Trouble{Key: "unreadable", Func: "CRD10109", kind: fault.Invalid,
		Title: say.T("把卡片重新插入，再讀一次", "Take the card out, put it in again and read it again"),
		Cause: say.T("讀到卡片，但讀不到卡片裡的金鑰或憑證，或認不出這種卡片。", "There is a card, but its key or certificate cannot be read, or the card is of an unknown make."),
		Steps: []say.Text{say.T("擦拭晶片；換一臺讀卡機試試。", "Wipe the chip; try another reader."),
			say.T("這張卡要是自然人、工商、組織團體或政府憑證。", "The card has to be a citizen, company, organisation or government certificate.")}, Links: []Link{check, moica}}
	trWrongPIN = &Trouble{Key: "pin", Func: "CRD10110", kind: fault.Invalid,
		Title: say.T("看清楚再輸入一次 PIN 碼", "Enter the PIN again, with care"),
		Cause: say.T("PIN 碼不對。連錯 3 次會鎖卡，這裡不會自動重試。", "The PIN is wrong. Three wrong ones in a row lock the card; nothing is tried again by itself."),
		Steps: []say.Text{say.T("確認是這張卡的 PIN 碼，大寫鎖定與數字鍵是否正確。", "Check that it is this card's PIN, and look at Num Lock.")}, Links: []Link{unlock, unlockCo}}
	trTwoLeft = &Trouble{Key: "pin-two", Func: "CRD10111", kind: fault.Invalid,
		Title: say.T("看清楚再輸入一次 PIN 碼，還可以試 2 次", "Enter the PIN again, with care: two tries are left"),
		Cause: say.T("PIN 碼不對。再錯 2 次就會鎖卡，這裡不會自動重試。", "The PIN is wrong. Two more wrong ones lock the card; nothing is tried again by itself."),
		Steps: trWrongPIN.Steps, Links: trWrongPIN.Links}
	trOneLeft = &Trouble{Key: "pin-one", Func: "CRD10112", kind: fault.Invalid,
		Title: say.T("先查出正確的 PIN 碼，只剩 1 次機會", "Find the right PIN first: one try is left"),
		Cause: say.T("PIN 碼不對。再錯 1 次就會鎖卡。沒有把握時，用其他方式。", "The PIN is wrong. One more wrong one locks the card. If you are not sure, use another way."),
		Steps: []say.Text{say.T("忘記 PIN 碼時，到憑證管理中心的網站重設，不要再試。", "If you have forgotten it, reset it at the authority's site instead of trying again.")}, Links: trWrongPIN.Links}
	trLocked = &Trouble{Key: "locked", Func: "CRD10113", kind: fault.Invalid, Stop: true,
		Title: say.T("先把卡片解鎖，再回來使用", "Unlock the card first, then come back"),
		Cause: say.T("PIN 碼連錯 3 次，卡片已經鎖住。", "Three wrong PINs in a row have locked the card."),
		Steps: []say.Text{say.T("到發卡的憑證管理中心網站辦理鎖卡解碼，或帶證件臨櫃辦理。", "Unlock it at the site of the authority that issued it, or at its counter with your papers.")}, Links: []Link{unlock, unlockCo}}
	trPINLength = &Trouble{Key: "pin-length", Func: "CRD10114", kind: fault.Invalid,
		Title: say.T("輸入 6 到 8 位數字的 PIN 碼", "Enter the PIN, six to eight digits"),
		Cause: say.T("PIN 碼的長度不對，卡片沒有比對。", "The PIN has another length; the card has not compared it."),
		Steps: []say.Text{say.T("PIN 碼不是帳號的密碼，是設定在卡片裡的數字。", "The PIN is not the password of an account; it is a number set in the card.")}, Links: trWrongPIN.Links}
	trCancelled = &Trouble{Key: "cancelled", Func: "CRD10115", kind: fault.Invalid,
		Title: say.T("要繼續時，再輸入 PIN 碼讀一次卡", "To go on, enter the PIN and read the card again"),
		Cause: say.T("您取消了，或沒有輸入 PIN 碼。", "You cancelled, or entered no PIN.")}
	trExpired = &Trouble{Key: "expired", Func: "CRD10116", kind: fault.Invalid, Stop: true,
		Title: say.T("申請新的憑證：這張已經過期", "Apply for a new certificate: this one has expired"),
		Cause: say.T("憑證的有效期限已過。電腦的日期如果不對，也會這樣。", "The certificate's last day has passed. A wrong date on this computer has the same effect."),
		Steps: []say.Text{say.T("看一下電腦的日期；正確時，到憑證管理中心展期或換卡。", "Look at the date of the computer. If it is right, renew or replace the card at its authority.")}, Links: []Link{moica, moeaca, check}}
	trNotYet = &Trouble{Key: "not-yet", Func: "CRD10117", kind: fault.Invalid, Stop: true,
		Title: say.T("等憑證生效後再使用", "Use the certificate once it has begun"),
		Cause: say.T("憑證的生效日還沒有到。電腦的日期如果不對，也會這樣。", "The certificate's first day has not come yet. A wrong date on this computer has the same effect."),
		Steps: []say.Text{say.T("看一下電腦的日期與卡片的生效日。", "Look at the date of the computer and at the first day of the card.")}, Links: []Link{check, moica}}
	trBusy = &Trouble{Key: "busy", Func: "CRD10118", kind: fault.Invalid,
		Title: say.T("關閉其他正在讀卡的程式，再讀一次", "Close other programs that use the card and read it again"),
		Cause: say.T("元件執行逾時。", "The component took too long."),
		Steps: []say.Text{say.T("只開一個讀卡的視窗，卡片重新插入。", "Leave only one window open that reads the card, and put the card in again.")}, Links: []Link{check}}
	trDriver = &Trouble{Key: "driver", Func: "CRD10119", kind: fault.Invalid,
		Title: say.T("重新安裝 HiCOS，再讀一次卡", "Install HiCOS again and read the card again"),
		Cause: say.T("元件載入不了卡片的程式庫。", "The component cannot load the library of the card."),
		Steps: trOld.Steps, Links: []Link{install, check}}
	trStrange = &Trouble{Key: "strange", Func: "CRD10120", kind: fault.Invalid,
		Title: say.T("再讀一次卡；仍然不行時更新元件", "Read the card again; if that fails, update the component"),
		Cause: say.T("元件回報了這裡沒有其他說明的問題。", "The component reports a problem for which there is no other page here."),
		Steps: []say.Text{say.T("把自我檢測的結果複製給聯絡窗口。", "Copy the report of the check of this computer to the contact.")},
		Links: []Link{check, install, {say.T("聯絡窗口", "Contact"), "/contact"}}}
)

// The troubles of what came back.
var (
	trLate = &Trouble{Key: "late", Func: "CRD10121", kind: fault.Invalid,
		Title: say.T("在這一頁再讀一次卡", "Read the card again on this page"),
		Cause: say.T("每次讀卡的內容只能用一次，而且要在幾分鐘內完成；這一次的已經用過或過期。", "What a card signs counts once and for a few minutes. This one has been used or is too old.")}
	trOther = &Trouble{Key: "other", Func: "CRD10122", kind: fault.Invalid,
		Title: say.T("在這一頁再讀一次卡", "Read the card again on this page"),
		Cause: say.T("收到的簽章不是這一頁要的內容，所以沒有採用，也不能再用。", "The signature is not over what this page asked for, so it was not accepted and cannot be used again.")}
	trTampered = &Trouble{Key: "tampered", Func: "CRD10123", kind: fault.Invalid,
		Title: say.T("再讀一次卡；仍然不行時更新元件", "Read the card again; if that fails, update the component"),
		Cause: say.T("收到的簽章驗不過。", "The signature that arrived does not verify."),
		Links: []Link{check, install}}
	trUntrusted = &Trouble{Key: "untrusted", Func: "CRD10124", kind: fault.Invalid, Stop: true,
		Title: say.T("改用自然人、工商、組織團體或政府憑證", "Use a citizen, company, organisation or government certificate"),
		Cause: say.T("這張憑證不是由本系統信任的憑證管理中心簽發。", "This certificate was not issued by an authority that this system trusts."), Links: []Link{moica, moeaca}}
	trNotForSigning = &Trouble{Key: "usage", Func: "CRD10125", kind: fault.Invalid, Stop: true,
		Title: say.T("改用簽章用的憑證", "Use the certificate for signatures"),
		Cause: say.T("這張憑證不是用來簽章的（可能是加解密用）。", "This certificate is not for signing (it may be the one for encryption)."), Links: []Link{install}}
	trWeak = &Trouble{Key: "weak", Func: "CRD10126", kind: fault.Invalid, Stop: true,
		Title: say.T("換發新的憑證", "Have a new certificate issued"),
		Cause: say.T("這張憑證使用的演算法或金鑰長度已經不再安全。", "This certificate uses an algorithm or a length of key that is not safe any more."), Links: []Link{moica, moeaca}}
	trKind = &Trouble{Key: "kind", Func: "CRD10127", kind: fault.Invalid, Stop: true,
		Title: say.T("換成這裡要用的那一種憑證", "Use the kind of certificate that is asked for here"),
		Cause: say.T("讀到的卡片是另一種憑證，例如這裡要自然人憑證而讀到工商憑證。", "The card has another kind of certificate; for example, a company's where a citizen's is asked for.")}
	trRevoked = &Trouble{Key: "revoked", Func: "CRD10128", kind: fault.Invalid, Stop: true,
		Title: say.T("改用有效的憑證：這張已經廢止或停用", "Use another certificate: this one was revoked or suspended"),
		Cause: say.T("發證的憑證管理中心已經廢止或停用這張憑證。", "The authority that issued this certificate has revoked or suspended it."), Links: []Link{moica, moeaca}}
	trUnknownState = &Trouble{Key: "state", Func: "CRD10129", kind: fault.Unavailable,
		Title: say.T("過幾分鐘再讀一次卡", "Read the card again in some minutes"),
		Cause: say.T("目前連不上憑證管理中心，不知道這張憑證有沒有廢止。卡片和 PIN 碼沒有問題。", "The authority cannot be reached at the moment, so nobody knows whether this certificate has been revoked. Card and PIN are fine.")}
	trNotSetUp = &Trouble{Key: "closed-here", Func: "CRD10130", kind: fault.Unavailable, Stop: true,
		Title: say.T("改用其他方式：這裡還沒有開放憑證", "Use another way: cards are not in use here yet"),
		Cause: say.T("系統還沒有設定信任的憑證管理中心。", "No authority has been configured as trusted.")}
)

// Troubles are all there are, in the order of the way a card's answer takes.
var Troubles = []*Trouble{trNoScript, trPopup, trNoComponent, trClosed, trOld, trSite, trNoReader, trNoCard, trUnreadable, trWrongPIN, trTwoLeft,
	trOneLeft, trLocked, trPINLength, trCancelled, trExpired, trNotYet, trBusy, trDriver, trStrange, trLate, trOther, trTampered,
	trUntrusted, trNotForSigning, trWeak, trKind, trRevoked, trUnknownState, trNotSetUp}

// troubleNamed is the trouble with that key, or nil.
func troubleNamed(key string) *Trouble {
	for _, t := range Troubles {
		if t.Key == key {
			return t
		}
	}
	return nil
}
