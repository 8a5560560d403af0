package doors

import (
	"net/http"

	"cloudbm/say"
)

// registerSite is where a card and its password are registered.
const registerSite = "https://cloudicweb.nhi.gov.tw"

// advice is the page of a trouble: what has happened, and what to do next.
type advice struct {
	Title    say.Text
	Text     say.Text
	Steps    []say.Text
	Again    bool // trying again at once may help
	Register bool // the registration site may help
	Code     string
	Status   int // when the house found it
}

var (
	plugReader = say.T("讀卡機插進電腦的 USB，燈要亮。", "Plug the reader into a USB port; its light has to be on.")
	chipUp     = say.T("健保卡晶片朝上、朝讀卡機插到底。", "Push the card all the way in, chip up and towards the reader.")
	restart    = say.T("還是不行：拔下讀卡機再插上，或重新啟動電腦。", "Still nothing: unplug the reader and plug it in again, or restart the computer.")
)

// troubles are the troubles with a page of their own. A wrong password has none: the page with its field says it.
var troubles = map[string]advice{
	noComponent: {Title: say.T("啟動健保卡元件", "Start the health card component"),
		Text: say.T("瀏覽器連不到這台電腦上的健保卡元件：沒有安裝、沒有啟動，或瀏覽器沒有被允許連到它。", "The browser does not reach the health card component of this computer: it is not installed, not running, or the browser may not connect to it."),
		Steps: []say.Text{
			say.T("到健保卡網路服務註冊網站下載「健保卡元件」，安裝後重新啟動瀏覽器。", "Get the component at the registration site of the health card, install it and restart the browser."),
			say.T("瀏覽器問「是否允許連到本機的程式」時，選「允許」。", "When the browser asks whether this site may connect to programs on your computer, choose “Allow”."),
			say.T("第一次使用元件時，開啟 https://localhost:7777 並信任它的憑證。", "Before the first use, open https://localhost:7777 and trust its certificate.")},
		Again: true, Register: true},
	noReader: {Title: say.T("接上讀卡機，插入健保卡", "Connect the reader and insert the card"),
		Text:  say.T("元件找不到讀卡機，或讀卡機裡沒有卡片。", "The component finds no reader, or no card in it."),
		Steps: []say.Text{plugReader, chipUp, restart}, Again: true, Code: "8013"},
	unreadable: {Title: say.T("重新插入健保卡", "Insert the card again"),
		Text: say.T("讀卡機裡有卡片，但是讀不出資料。", "There is a card in the reader, but nothing can be read from it."),
		Steps: []say.Text{say.T("確認插的是健保卡，不是自然人憑證或金融卡。", "Make sure it is the health card, not a certificate or bank card."), chipUp,
			say.T("用乾布擦淨晶片後再插一次。", "Wipe the chip with a dry cloth and insert it again."),
			say.T("在診所也讀不出來的卡片已經損壞，向健保署申請換發。", "A card that clinics cannot read either is damaged; ask the Health Insurance Administration for a new one.")},
		Again: true, Code: "8011"},
	badLength: {Title: say.T("輸入 6 到 12 個字的卡片密碼", "Enter the card's password of 6 to 12 characters"),
		Text:  say.T("元件沒有把密碼送給卡片，因為長度不對。這一次不算密碼錯誤。", "The component did not pass the password on because of its length. This does not count as a wrong password."),
		Steps: []say.Text{say.T("密碼是註冊健保卡時自己設定的，不是提款卡密碼，也不是備用帳號的密碼。", "It is the password chosen when the card was registered, not that of a bank card or of the backup account.")},
		Again: true, Register: true, Code: "8009"},
	strange: {Title: say.T("重新啟動健保卡元件", "Restart the health card component"),
		Text: say.T("元件回答了這個網站看不懂的內容，或沒有在時間內回答。", "The component answered something this site does not understand, or did not answer in time."),
		Steps: []say.Text{say.T("關閉元件再開啟一次；版本太舊時先更新。", "Close the component and open it again; update it if it is old."), plugReader,
			say.T("關閉其他正在使用健保卡的網頁。", "Close other pages that are using the card.")},
		Again: true, Register: true, Code: "9999"},
	late: {Title: say.T("再按一次按鈕", "Press the button once more"), Status: http.StatusConflict,
		Text:  say.T("這一次讀卡已經用過、超過 2 分鐘，或是從另一個瀏覽器開始的，所以不算數。", "This reading of the card was used already, took longer than two minutes, or began in another browser. It does not count."),
		Steps: []say.Text{say.T("回到上一頁，重新輸入卡片密碼。", "Go back and enter the card's password again.")}, Again: true},
	many: {Title: say.T("15 分鐘後再讀卡", "Read the card in 15 minutes"),
		Text:  say.T("從這個網路位址讀卡的次數太多，先停一下。", "Cards were read too often from this network address."),
		Steps: []say.Text{say.T("過 15 分鐘再試，或現在用其他方式登錄。", "Try again in 15 minutes, or sign in another way now.")}, Again: true},
	locked: {Title: say.T("到註冊網站恢復健保卡", "Unlock the card at the registration site"), Status: http.StatusUnprocessableEntity,
		Text:  say.T("密碼錯誤太多次，這張健保卡的網路服務已經鎖住。看病不受影響。", "After too many wrong passwords the card is locked for use on the internet. Seeing a doctor is not affected."),
		Steps: []say.Text{say.T("到健保卡網路服務註冊網站重設密碼，準備戶口名簿戶號和收得到信的電子郵件。", "Set a new password at the registration site; have your household number and an e-mail address ready."), say.T("在那之前，用其他方式登錄。", "Until then, sign in another way.")}, Register: true},
	unregistered: {Title: say.T("先註冊這張健保卡", "Register this card first"), Status: http.StatusUnprocessableEntity,
		Text:  say.T("這張健保卡還沒有註冊網路服務，所以沒有密碼可以驗證。", "This card is not registered for use on the internet yet, so there is no password to check."),
		Steps: []say.Text{say.T("到健保卡網路服務註冊網站註冊：插入卡片，填戶口名簿戶號，設定密碼，收信確認。", "Register it: insert the card, give your household number, choose a password, confirm by e-mail."), say.T("註冊好再回來。", "Then come back.")}, Register: true},
	expired: {Title: say.T("換用有效期內的健保卡", "Use a card that has not expired"), Status: http.StatusUnprocessableEntity,
		Text:  say.T("這張健保卡已經過期。", "This card has expired."),
		Steps: []say.Text{say.T("向健保署申請換發新卡，再註冊新卡。", "Ask the Health Insurance Administration for a new card and register it."), say.T("拿到新卡後，用其他方式登錄，到「使用者資訊」重新綁定。", "With the new card, sign in another way and bind it in “User information”.")}, Register: true},
	cancelled: {Title: say.T("換用目前的健保卡", "Use your present card"), Status: http.StatusUnprocessableEntity,
		Text:  say.T("這張健保卡已經註銷；遺失補發後，舊卡就不能再用。", "This card was cancelled. After a replacement the old card no longer works."),
		Steps: []say.Text{say.T("用補發的新卡；新卡要重新註冊，也要重新綁定。", "Use the replacement; it has to be registered and bound anew.")}, Register: true},
	forged: {Title: say.T("用同一張卡片重新讀一次", "Read the card once more"), Status: http.StatusUnprocessableEntity,
		Text:  say.T("卡片的簽章和卡片上的資料對不起來，可能在讀卡時換了卡片。", "The card's signature and its data do not belong together; the card may have been changed while it was read."),
		Steps: []say.Text{say.T("讀卡時不要拔卡或換卡。", "Leave the card in the reader while it is read."), say.T("一再發生時，向聯絡窗口說明，不要再試。", "If it happens again, tell the contact and stop trying.")}, Again: true},
	serviceDown: {Title: say.T("健保卡驗證服務暫時連不上", "The health card service cannot be reached for now"), Status: http.StatusServiceUnavailable,
		Text:  say.T("卡片讀到了，但是健保署的驗證服務沒有回答，所以不能登錄或綁定。您的卡片和密碼沒有問題，這一次也不算密碼錯誤。", "The card was read, but the service that verifies it does not answer, so it opens nothing. Your card and password are not at fault."),
		Steps: []say.Text{say.T("幾分鐘後再試，或現在用其他方式登錄。", "Try again in some minutes, or sign in another way now.")}, Again: true},
	unbound: {Title: say.T("先綁定這張健保卡", "Bind this card first"), Status: http.StatusUnprocessableEntity,
		Text: say.T("卡片和密碼都對，但是這張健保卡還沒有綁定帳號。", "Card and password are right, but the card is not bound to an account yet."),
		Steps: []say.Text{say.T("用「我的e政府」或「備用帳號」登錄。", "Sign in with MyEGov or a backup account."),
			say.T("到「使用者資訊」的「登錄方式」，在全民健保卡按「前往綁定」。", "Open “User information”, and under ways to sign in choose to bind the health card."),
			say.T("換發過健保卡的人也要重新綁定新卡。", "Whoever got a replacement card has to bind the new one.")}},
	others: {Title: say.T("用您自己的健保卡", "Use your own card"), Status: http.StatusUnprocessableEntity,
		Text: say.T("這張健保卡不能綁定到這個帳號：它是另一個人的名字，或已經綁定另一個帳號。", "This card cannot be bound to this account: it is in another person's name, or bound to another account."),
		Steps: []say.Text{say.T("拿出讀卡機裡的卡片，確認是自己的。", "Take the card out and make sure it is yours."),
			say.T("姓名和健保卡不同時，先在「使用者資訊」改成和卡片一樣。", "If your name differs from the card, change it in “User information” first."),
			say.T("卡片綁定在您的另一個帳號時，用那個帳號登錄並解除綁定。", "If it is bound to another account of yours, sign in there and unbind it.")}, Again: true},
}
