package portal

import (
	"regexp"
	"strconv"

	"cloudbm/say"
)

// Browser is what a browser says of itself.
type Browser struct {
	Name    string
	Version int
}

// browsers are tried in this order: each later one also names the earlier ones.
var browsers = []struct {
	name  string
	mark  *regexp.Regexp
	least int // the oldest version the pages and the card component are tested with
}{
	{"Internet Explorer", regexp.MustCompile(`(?:MSIE |Trident/.*rv:)(\d+)`), 0},
	{"Edge", regexp.MustCompile(`Edg(?:A|iOS)?/(\d+)`), 109},
	{"Opera", regexp.MustCompile(`OPR/(\d+)`), 95},
	{"Samsung Internet", regexp.MustCompile(`SamsungBrowser/(\d+)`), 20},
	{"Firefox", regexp.MustCompile(`(?:Firefox|FxiOS)/(\d+)`), 102},
	{"Chrome", regexp.MustCompile(`(?:Chrome|CriOS)/(\d+)`), 109},
	{"Safari", regexp.MustCompile(`Version/(\d+)[.\d]* (?:Mobile/\S+ )?Safari/`), 15},
}

// BrowserOf reads the User-Agent; ok reports whether it is one the pages are tested with.
func BrowserOf(agent string) (b Browser, ok bool) {
	for _, known := range browsers {
		if m := known.mark.FindStringSubmatch(agent); m != nil {
			b.Name = known.name
			b.Version, _ = strconv.Atoi(m[1])
			return b, known.least > 0 && b.Version >= known.least
		}
	}
	return b, false
}

// Check is one line of the self-test as the server sees it.
type Check struct {
	Key     string
	Name    say.Text
	State   checkState
	Text    say.Text
	OK, Bad say.Text // what the script says instead, {n} a number; empty: the script does not look
}

type checkState int

const (
	notYet checkState = iota // only the browser can tell
	good
	poor
	later // not needed before the sealing step
)

func (s checkState) text() say.Text {
	switch s {
	case good:
		return say.T("符合", "Fine")
	case poor:
		return say.T("需要處理", "Needs attention")
	case later:
		return say.T("之後才需要", "Needed later")
	}
	return say.T("尚未檢測", "Not checked")
}

func (s checkState) colour() string {
	return map[checkState]string{good: "green", poor: "red", later: "grey", notYet: "yellow"}[s]
}

// seen is what came with the request.
type seen struct {
	Agent         string
	Cookie, Again bool // a cookie came back; the visitor has asked for a second look
	Secure        bool
}

// checks are the lines of the self-test (S130), without script.
func (v seen) checks() []Check {
	needsScript := say.T("由瀏覽器的指令碼檢測；指令碼沒有執行。", "The browser's script looks at this; the script has not run.")
	b, ok := BrowserOf(v.Agent)
	browser := Check{Key: "browser", Name: say.T("瀏覽器", "Browser"), State: good, Text: say.F("%s %d", "%s %d", b.Name, b.Version)}
	switch {
	case b.Name == "":
		browser.State, browser.Text = notYet, say.T("認不出這個瀏覽器；建議使用 Chrome、Edge、Firefox 或 Safari 的最近版本。", "This browser is not known here. Use a recent Chrome, Edge, Firefox or Safari.")
	case !ok:
		browser.State = poor
		browser.Text = say.F("%s %d 太舊；更新，或改用 Chrome、Edge、Firefox、Safari 的最近版本。", "%s %d is too old. Update it, or use a recent Chrome, Edge, Firefox or Safari.", b.Name, b.Version)
	}
	cookie := Check{Key: "cookie", Name: say.T("Cookie", "Cookies"), State: notYet, Text: say.T("按「再檢測一次」就知道。", "Press “Check again” to find out."),
		OK: say.T("可以使用。", "They work."), Bad: say.T("被關閉；在瀏覽器設定允許本網站的 Cookie，否則無法登錄。", "They are switched off. Allow cookies of this site in your browser, or you cannot sign in.")}
	if v.Cookie {
		cookie.State, cookie.Text = good, cookie.OK
	} else if v.Again {
		cookie.State, cookie.Text = poor, cookie.Bad
	}
	secure := Check{Key: "secure", Name: say.T("加密連線", "Encrypted connection"), State: good, Text: say.T("使用 HTTPS。", "HTTPS is in use.")}
	if !v.Secure {
		secure.State, secure.Text = poor, say.T("這個連線沒有加密；正式系統的網址以 https:// 開頭。", "This connection is not encrypted. The address of the real system begins with https://.")
	}
	return []Check{browser,
		{Key: "script", Name: say.T("指令碼（JavaScript）", "Script (JavaScript)"), State: notYet,
			Text: say.T("沒有執行。除了用憑證壓章，所有功能都可以使用。", "It does not run. Everything but sealing with a card works without it."), OK: say.T("可以執行。", "It runs."), Bad: say.T("沒有執行。", "It does not run.")},
		cookie, secure,
		{Key: "clock", Name: say.T("電腦時間", "Clock"), State: notYet, Text: needsScript,
			OK: say.T("和伺服器相差 {n} 秒。", "{n} seconds from the server's."), Bad: say.T("和伺服器相差 {n} 秒；校正電腦的日期與時間，否則憑證會驗不過。", "{n} seconds from the server's. Set the clock of this computer, or certificates cannot be checked.")},
		{Key: "popup", Name: say.T("彈出視窗", "Pop-up windows"), State: notYet, Text: say.T("憑證元件用彈出視窗要求 PIN 碼。按下面的「測試彈出視窗」。", "The card component asks for the PIN in a pop-up. Press “Test a pop-up” below."),
			OK: say.T("可以開啟。", "They open."), Bad: say.T("被擋下；在網址列右邊允許本網站的彈出視窗，再測一次。", "They are blocked. Allow pop-ups of this site at the right of the address bar and test again.")},
		{Key: "component", Name: say.T("憑證元件", "Card component"), State: later, Text: cardLater},
		{Key: "reader", Name: say.T("讀卡機", "Card reader"), State: later, Text: cardLater},
		{Key: "card", Name: say.T("憑證卡", "Certificate card"), State: later, Text: cardLater},
	}
}

// cardLater stands until the button for it is pressed: nothing speaks with a program on the visitor's computer unasked.
var cardLater = say.T("只有用憑證登錄、註冊憑證和壓章才需要。按「測試元件、讀卡機與卡片」。",
	"Needed only for signing in with a card, registering certificates and sealing. Press “Test component, reader and card”.")
