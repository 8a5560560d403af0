package portal

import "cloudbm/say"

// Topic is one page of help: whom it is for, what to have at hand, how long it takes, the steps, and other ways.
type Topic struct {
	Key   string
	Title say.Text
	For   say.Text   // whom it is for
	Time  say.Text   // how long it takes
	Need  []say.Text // what to have at hand
	Steps []Step
	Notes []say.Text
	Other []say.Text // other ways: the counter, the telephone
	Start *Link      // the one button: where it begins
	Group int        // which heading of the index it stands under
}

// Step is one step of a topic.
type Step struct {
	Title say.Text
	Text  []say.Text
	Links []Link
}

// Link leads from a page of help to a page of the system.
type Link struct {
	Text say.Text
	URL  string
}

// topicGroups are the headings of the index of help.
var topicGroups = []say.Text{
	say.T("帳號與登錄", "Accounts and signing in"),
	say.T("依您的身分", "By what you do"),
	say.T("填寫、圖說與改正", "Filling in, drawings and corrections"),
	say.T("發生問題時", "When something goes wrong"),
}

func link(zh, en, url string) Link { return Link{say.T(zh, en), url} }

// FindingIt is the manual's sentence on finding the portal (S4).
var FindingIt = say.T("可於瀏覽器搜尋 內政部營建署 在最下面的主題網站中，點選全國建築管理",
	"You can search for the Construction and Planning Agency (內政部營建署) in your browser; among the themed sites at the bottom of its home page, choose the one on building administration")

var counter = say.T("不方便使用電腦時，可以到主管機關的櫃檯辦理，或打電話問承辦人員（見「聯絡窗口」）。",
	"If you cannot use a computer, go to the counter of the authority, or telephone (see Contact).")

// Topics are the pages of help in the order of the index.
func (p *Portal) Topics() []Topic {
	profile, cards := profileURL, cardsURL
	return []Topic{
		{Key: "account", Title: say.T("帳號及備用帳號如何申請", "How to get an account and a backup account"),
			For:  say.T("第一次使用本系統的人", "Anyone who uses the system for the first time"),
			Time: say.T("約 15 分鐘", "About 15 minutes"),
			Need: []say.Text{say.T("收得到信的電子郵件地址", "An e-mail address you can read"), say.T("身分證字號與行動電話", "Your national ID number and mobile telephone"),
				say.T("專業人員：開業證書、執業執照或登記證", "Professionals: the practice certificate, licence or registration")},
			Start: &Link{say.T("開始：到登錄頁", "Start: go to the sign-in page"), "/"},
			Steps: []Step{
				{say.T("找到入口網", "Find the portal"), []say.Text{FindingIt, say.T("也可以直接到全國建管入口網，點選「新線上申請入口專區」。舊的網址會自動帶到登錄頁。", "Or go to the national building portal and choose “New online application”. Old addresses lead to the sign-in page by themselves.")},
					[]Link{link("全國建管入口網", "National building portal", "/CPTL/")}},
				{say.T("申請「我的E政府」帳號", "Get a my-e-government account"), []say.Text{say.T("在登錄頁點選「帳號申請說明」，依 Step 1. 申請「我的E政府」一般會員。已經有帳號的人跳過這一步。", "On the sign-in page choose “How to apply” and follow step 1. Skip it if you have an account already.")},
					[]Link{link("帳號申請", "Applying for an account", "/apply")}},
				{say.T("申請備用帳號", "Apply for a backup account"), []say.Text{say.T("用「我的E政府」登錄後，填寫電子郵件地址、密碼、姓名與電話，按「下一步」，看過確認頁再按「送出申請」。電子郵件地址就是備用帳號，已申請過的不能再次使用。", "Signed in with my e-government, enter your e-mail address, a password, name and telephone, press “Next”, look at the check page and press “Send”. The e-mail address is your backup account; one that was used before cannot be used again."),
					say.T("密碼至少 8 個字，包含英文大小寫、數字或特殊字元；或者用 15 個字以上的一句話。可以貼上。", "The password has at least 8 characters with upper and lower case and a digit or a special character, or it is a phrase of 15 characters or more. You can paste it.")}, nil},
				{say.T("登錄", "Sign in"), []say.Text{say.T("之後用「我的e政府」、「全民健保卡」或「備用帳號」任何一個登錄，都是同一個人、同一批案件。", "From now on sign in by any of the three doors: my e-government, health card or backup account. It is the same person and the same cases.")},
					[]Link{link("登錄頁", "Sign-in page", "/")}},
				{say.T("檢查使用者資訊", "Check your user information"), []say.Text{say.T("點右上角的姓名，選「檢視使用者資訊」：勾選使用者所屬角色（要打勾），並填寫齊全。證照號碼可以整行貼上。", "Open the menu under your name, choose “View my user information”, tick your role and fill in every required field. Licence numbers can be pasted as one line.")},
					[]Link{link("檢視使用者資訊", "View my user information", profile), link("系統環境自我檢測", "Check this computer", "/bls/selftest")}},
			}, Other: []say.Text{counter}},
		{Key: "apply", Title: say.T("帳號申請說明", "About applying for an account"),
			For:   say.T("想知道要申請哪一種帳號的人", "Anyone who wonders which account is needed"),
			Time:  say.T("閱讀約 2 分鐘", "2 minutes to read"),
			Start: &Link{say.T("前往帳號申請", "Go to the application"), "/apply"},
			Steps: []Step{
				{say.T("先有「我的E政府」帳號", "First a my-e-government account"), []say.Text{say.T("這是政府網站共用的帳號，由「我的E政府」核發，不是本系統的帳號。", "It is the account shared by government websites, issued by my e-government and not by this system.")}, nil},
				{say.T("再申請備用帳號", "Then the backup account"), []say.Text{say.T("備用帳號在「我的E政府」停機、或手邊沒有卡片的時候使用。要先用「我的E政府」登錄，才能申請。", "It serves when my e-government is down or you have no card at hand. You must be signed in with my e-government to apply.")}, nil},
				{say.T("公務人員", "Officers"), []say.Text{say.T("審查人員的職務由機關管理者核定後才能使用。", "An officer's duties have to be confirmed by the manager of the authority.")}, nil},
			}, Other: []say.Text{counter}},
		{Key: "health-card", Title: say.T("想使用健保卡登錄", "Signing in with a health card"),
			For: say.T("想用全民健保卡登錄的人", "Anyone who wants to use the health insurance card"), Time: say.T("第一次約 10 分鐘，之後約 1 分鐘", "About 10 minutes the first time, then about one"),
			Need: []say.Text{say.T("註冊過網路服務的全民健保卡，和註冊時設定的密碼（6 到 12 個字）", "A health card registered for use on the internet, and the password chosen then (6 to 12 characters)"),
				say.T("讀卡機", "A card reader"), say.T("健保卡元件，裝在您的電腦上", "The health card component, installed on your computer"),
				say.T("一個已經可以登錄的帳號：我的e政府或備用帳號", "An account you can already sign in to: MyEGov or a backup account")},
			Start: &Link{say.T("到登錄頁", "Go to the sign-in page"), "/"},
			Steps: []Step{
				{say.T("註冊健保卡、安裝元件", "Register the card, install the component"), []say.Text{say.T("在健保署的健保卡網路服務註冊網站插卡註冊（準備戶口名簿戶號與電子郵件），設定密碼，並下載健保卡元件。", "At the registration site of the Health Insurance Administration insert the card and register it (have the household number and an e-mail address ready), choose a password, and get the component.")}, []Link{link("健保卡網路服務註冊網站", "Registration site of the health card", "https://cloudicweb.nhi.gov.tw")}},
				{say.T("先綁定", "Bind the card first"), []say.Text{say.T("用「我的e政府」或「備用帳號」登錄，到「使用者資訊」的「登錄方式」，在全民健保卡按「前往綁定」，插卡並輸入卡片密碼。卡片的姓名要和帳號相同；一張卡只能綁定一個人。", "Sign in by another door, open “User information”, choose to bind the health card, insert it and enter its password. The name on the card has to be that of the account; a card belongs to one person.")}, []Link{link("使用者資訊", "User information", "/me")}},
				{say.T("插卡登錄", "Sign in with the card"), []say.Text{say.T("綁定後，在登錄頁選「全民健保卡」，插卡、輸入密碼，按「讀卡並登錄」。瀏覽器問是否允許連到本機的程式時，選「允許」。", "Once it is bound, choose the health card on the sign-in page, insert it, enter its password and press “Read the card and sign in”. When the browser asks whether the site may connect to programs on your computer, choose “Allow”.")}, nil},
				{say.T("換發新卡", "A replacement card"), []say.Text{say.T("新卡要重新註冊，並用其他方式登錄後重新綁定；新卡會取代舊卡。", "Register the new card, sign in another way and bind it; it takes the place of the old one.")}, nil},
			}, Notes: []say.Text{say.T("密碼錯誤太多次會鎖住卡片的網路服務，要到註冊網站恢復；不確定時，改用備用帳號。", "Too many wrong passwords lock the card for the internet, until you reset it at the registration site. If you are not sure, use the backup account."),
				say.T("密碼只交給元件，這個網站讀不到；卡號只保存加密的雜湊值。", "The password goes to the component only and cannot be read here; of the card's number a keyed hash is kept.")}, Other: []say.Text{counter}},
		{Key: "backup", Title: say.T("使用備用帳號登錄", "Signing in with the backup account"),
			For: say.T("已經申請備用帳號的人", "Anyone who has a backup account"), Time: say.T("約 1 分鐘", "About 1 minute"),
			Need:  []say.Text{say.T("申請時的電子郵件地址與密碼", "The e-mail address and password of your application")},
			Start: &Link{say.T("使用備用帳號登錄", "Sign in with the backup account"), "/signin"},
			Steps: []Step{
				{say.T("輸入電子郵件地址與密碼", "Enter e-mail address and password"), []say.Text{say.T("15 分鐘內錯 5 次會暫停這個來源登錄；用過的電腦不受影響。", "Five failures within 15 minutes lock that source for a while; a computer you used before is not affected.")}, nil},
				{say.T("忘記密碼", "Forgotten password"), []say.Text{say.T("在登錄頁選「忘記密碼」，我們寄一次有效的連結到您的信箱。", "Choose “Forgotten password”; a link that works once is sent to you by e-mail.")}, []Link{link("忘記密碼", "Forgotten password", "/password")}},
			}, Other: []say.Text{counter}},
		roleTopic("architect", say.T("建築師", "Architect"), profile, []say.Text{say.T("開業證書（開業證書字號、事務所）", "Practice certificate (number, office)"), say.T("建築師證書（四個數字）", "Architect's certificate (four digits)")},
			say.T("開業證字號整行貼上就可以，例如「南市建開證字第T000101號」或「T123456-01」。系統會拆成字、號與分號，並照證書的寫法顯示，請核對。", "Paste the whole line of the practice certificate, such as 南市建開證字第T000101號 or T123456-01. It is taken apart and shown as printed on the certificate for you to compare."),
			say.T("可以辦理三個業務選單的所有案件，並在自己負責的圖說壓章。", "You can open every case of the three menus and seal the drawings you are responsible for.")),
		roleTopic("contractor", say.T("營造廠", "Contractor"), profile, []say.Text{say.T("營造業登記證（登記證字號、等級）", "Registration of the construction firm (number, grade)"), say.T("統一編號", "Company number"), say.T("專任工程人員與工地主任的姓名、證號", "Names and certificates of the full-time engineer and the site manager")},
			say.T("登記證字號照證上的寫法貼上；之後在開工申請直接帶入，不必再打。", "Paste the registration as printed. The report on starting work takes it from there."),
			say.T("可以辦理施工相關業務與室內裝修，各類執照只有使用執照。要申請其他執照，可以再申請「一般民眾」角色。", "You can open construction and interior cases; among the permits only the occupancy permit. For others you may add the role of citizen.")),
		roleTopic("decorator", say.T("室內裝修業者", "Interior decorator"), profile, []say.Text{say.T("室內裝修業登記證", "Registration of the interior firm"), say.T("統一編號", "Company number"), say.T("專業技術人員登記證", "Certificates of the technical staff")},
			say.T("登記證字號照證上的寫法貼上。", "Paste the registration as printed."),
			say.T("可以辦理室內裝修申請。", "You can open interior cases.")),
		roleTopic("citizen", say.T("一般民眾", "Citizen"), profile, []say.Text{say.T("身分證字號", "National ID number"), say.T("土地與建築物的地址或地號", "Address or land number")},
			say.T("只有身分證字號必填。", "Only the national ID number is required."),
			say.T("可以辦理三個業務選單的所有案件；依法要由建築師設計的案件，請建築師一起辦理。", "You can open every case of the three menus. Where the law wants an architect, work with one.")),
		roleTopic("engineer", say.T("技師", "Professional engineer"), profile, []say.Text{say.T("執業執照（字號、科別）", "Practice licence (number, field)"), say.T("內政部許可文號", "Permit number of the Ministry")},
			say.T("執業執照字號和許可文號整行貼上；要和執業證書上的資料一樣，前面的 0 會保留。", "Paste the licence and the permit number as whole lines. They have to match your licence; leading zeros are kept."),
			say.T("可以在列名的案件壓章；不能自己開案。", "You can seal in cases that name you; you cannot open cases.")),
		{Key: "officer", Group: 1, Title: say.T("審查人員", "Officers"), For: say.T("主管機關的收件人員、承辦人與主管", "Counter officers, reviewing officers and chiefs"), Time: say.T("閱讀約 3 分鐘", "3 minutes to read"),
			Start: &Link{say.T("到線上申請首頁", "Go to the application home"), "/bls"},
			Steps: []Step{
				{say.T("職務", "Duties"), []say.Text{say.T("由機關管理者核定；沒有看到案件時，先問管理者職務是否已核定。", "The manager of the authority confirms them. If you see no cases, ask whether yours are confirmed.")}, nil},
				{say.T("一次列舉", "Everything at once"), []say.Text{say.T("需要改正的事項一次通知起造人（建築法第 35 條）。", "What has to be corrected is told to the applicant all at once (Building Act, article 35).")}, nil},
			}},
		{Key: "sheets", Group: 2, Title: say.T("圖說怎麼準備和上傳", "Preparing and uploading drawings"), For: say.T("建築師、技師與協助上傳的人", "Architects, engineers and those who upload for them"), Time: say.T("閱讀約 5 分鐘", "5 minutes to read"),
			Need: []say.Text{say.T("每張圖一個 PDF，或整套一個 PDF", "One PDF per sheet, or one PDF for the set"), say.T("圖號，例如 A1-01、S2-03", "Sheet numbers, such as A1-01 or S2-03")},
			Steps: []Step{
				{say.T("檔名寫圖號", "Put the sheet number in the file name"), []say.Text{say.T("系統從檔名和圖框讀圖號，讀不到的再請您對照。", "The sheet number is read from the file name and the title block; the rest you match yourself.")}, nil},
				{say.T("整個資料夾拖進來", "Drop the whole folder"), []say.Text{say.T("斷線後會從中斷的地方繼續；同一張圖再傳一次就是新的版本。", "After a break it goes on where it stopped. The same sheet sent again is a new version.")}, nil},
				{say.T("套繪圖", "Overlay drawings"), []say.Text{say.T("規範與種子檔在「檔案下載」。", "The rules and the seed files are under Downloads.")}, []Link{link("檔案下載", "Downloads", "/downloads")}},
			}},
		{Key: "corrections", Group: 2, Title: say.T("收到改正通知怎麼辦", "When corrections are asked for"), For: say.T("收到通知改正的人", "Anyone who was asked for corrections"), Time: say.T("閱讀約 3 分鐘", "3 minutes to read"),
			Start: &Link{say.T("看我的通知", "See my notices"), "/bls/notices"},
			Steps: []Step{
				{say.T("看清楚要改什麼", "See what has to change"), []say.Text{say.T("每一項都連到表單欄位或圖上的位置。", "Every item leads to the field or the place on the sheet.")}, nil},
				{say.T("只改列出的項目", "Change what is listed"), []say.Text{say.T("只有列出的欄位和圖說開放修改；改過的圖要重新壓章。", "Only what is listed is open. A changed sheet has to be sealed again.")}, nil},
				{say.T("在期限內再送件", "Submit again in time"), []say.Text{say.T("建造執照要在接到通知後 6 個月內改正（建築法第 36 條）；通知上有您這一案的最後日期。", "For a building permit it is six months from the notice (Building Act, article 36). The notice names the last day of your case.")}, nil},
			}},
		{Key: "seals", Group: 2, Title: say.T("註冊憑證與壓章", "Registering certificates and sealing"), For: say.T("要壓章的建築師與技師", "Architects and engineers who seal"), Time: say.T("第一次約 10 分鐘", "About 10 minutes the first time"),
			Need:  []say.Text{say.T("本人的自然人憑證", "Your own citizen card"), say.T("讀卡機與 HiCOS 元件", "A card reader and the HiCOS component")},
			Start: &Link{say.T("註冊憑證作業", "Register certificates"), cards},
			Steps: []Step{
				{say.T("先註冊憑證", "Register the card first"), []say.Text{say.T("讀一次卡，卡號和有效日期會自動帶入。", "Have it read once; its number and dates come from the card.")}, nil},
				{say.T("看過再壓章", "Look, then seal"), []say.Text{say.T("案件頁的「簽證與壓章」列出要壓的項目和圖的影像；輸入一次 PIN 碼，一次壓完勾選的項目。", "“Seals” on the page of the case lists what is yours, with a picture of each sheet. Enter the PIN once for all that is ticked.")}, nil},
				{say.T("圖換了就要重壓", "A replaced sheet is sealed again"), []say.Text{say.T("換圖、改圖號或修改申請書，原來的章就失效；系統會通知您。", "Replacing or renumbering a sheet, or changing the form, voids the seal on it; you are told.")}, nil},
				{say.T("壓章前才需要卡片", "The card is needed only for sealing"), []say.Text{say.T("填寫、上傳和查看都不用插卡。", "Filling in, uploading and looking need no card.")}, nil},
				{say.T("PIN 碼", "PIN"), []say.Text{say.T("輸入錯 3 次卡片會鎖住，系統不會自己重試。", "Three wrong PINs lock the card. The system never tries again by itself.")}, nil},
			}},
		{Key: "trouble", Group: 3, Title: say.T("登入系統後有異常", "Something is wrong after signing in"), For: say.T("看不到選單、不能送件或頁面不正常的人", "Anyone who misses a menu, cannot submit or sees a broken page"), Time: say.T("約 5 分鐘", "About 5 minutes"),
			Steps: []Step{
				{say.T("先看使用者資訊", "Look at your user information first"), []say.Text{Diagnosis}, []Link{link("檢視使用者資訊", "View my user information", profile)}},
				{say.T("再檢測電腦", "Then check the computer"), []say.Text{say.T("檢測瀏覽器、Cookie、彈出視窗與時間，並可以複製結果。", "It looks at browser, cookies, pop-ups and clock, and gives you a report to copy.")}, []Link{link("系統環境自我檢測", "Check this computer", "/bls/selftest")}},
				{say.T("留下問題", "Leave a question"), []say.Text{say.T("寫下畫面的功能編號和錯誤頁的編號，我們比較快找到原因。", "Write down the function number of the screen and the number on the error page; that helps us find the cause.")}, []Link{link("線上提問", "Ask a question", "/help/question"), link("聯絡窗口", "Contact", "/help/contact")}},
			}},
	}
}

// Diagnosis is the manual's tip (S129), said so that it works without a mouse.
var Diagnosis = say.T("登入系統後，如果有異常，有可能是使用者資訊錯誤。點右上角的姓名，選「檢視使用者資訊」檢查。",
	"If something is wrong after you have signed in, your user information may be wrong. Open the menu under your name and choose “View my user information”.")

// roleTopic is the page of help for one of the five roles.
func roleTopic(key string, name say.Text, profile string, need []say.Text, paste, may say.Text) Topic {
	return Topic{Key: key, Group: 1, Title: name, For: say.F("以%s身分辦理的人", "Anyone who works as: %s", name), Time: say.T("設定約 5 分鐘，之後不用再填", "About 5 minutes, once"),
		Need: need, Start: &Link{say.T("設定使用者資訊", "Set up my user information"), profile},
		Steps: []Step{
			{say.T("勾選角色", "Tick the role"), []say.Text{say.F("在使用者所屬角色勾選「%s」。沒有勾選角色不能辦理案件。", "Tick “%s” among the roles. Without a role you cannot work on cases.", name)}, []Link{{say.T("檢視使用者資訊", "View my user information"), profile}}},
			{say.T("貼上證照號碼", "Paste the licence numbers"), []say.Text{paste}, nil},
			{say.T("您可以做什麼", "What you may do"), []say.Text{may}, nil},
			{say.T("圖說與改正", "Drawings and corrections"), []say.Text{say.T("圖說的準備、收到改正通知的處理，各有一頁說明。", "There is a page each on preparing drawings and on corrections.")},
				[]Link{link("圖說怎麼準備和上傳", "Preparing and uploading drawings", "/help/sheets"), link("收到改正通知怎麼辦", "When corrections are asked for", "/help/corrections")}},
		}, Other: []say.Text{counter}}
}

// topic finds a page of help.
func (p *Portal) topic(key string) (Topic, bool) {
	for _, t := range p.Topics() {
		if t.Key == key {
			return t, true
		}
	}
	return Topic{}, false
}
