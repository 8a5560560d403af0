package egov_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"cloudbm/egov"
	"cloudbm/fault"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web/webtest"
)

// TestChoice: S49, S50. Two choices; the form unfolds on a click, without script too.
func TestChoice(t *testing.T) {
	p := open(t)
	page := p.visitor().Get("/egov/join").WantStatus(200).Want("申請一般會員", "申請公務帳號",
		"帳號註冊完成後必須用帳號登入並提出公務帳號申請，審核通過後始為公務帳號")
	choices := page.Find("details.egov-choice")
	if len(choices) != 2 || choices[0].Has("open") || choices[1].Has("open") {
		t.Errorf("%d choices, or unfolded before the click", len(choices))
	}
	if len(page.Find("details.egov-choice form")) != 1 {
		t.Error("the form is not what unfolds")
	}
	unfolded := page.Follow("先申請一般會員").WantStatus(200)
	if !unfolded.Find("details.egov-choice")[0].Has("open") {
		t.Error("the form did not unfold")
	}
}

// TestSteps: S51, S54–S61, as they are printed, with their marks.
func TestSteps(t *testing.T) {
	p := open(t)
	page := p.visitor().Get("/egov/join").Want(
		"Step 1 請選擇您的帳號和密碼", "Step 2 請提供您的基本資料", "※請務必填入有效之電子信箱", "暱稱",
		"我願意提供更多個人資料以得到更多電子化政府個人化服務",
		"Step 3 請設定您的忘記密碼救援選項", "密碼提示問題", "救援手機門號", "這是什麼?",
		"範例: 行動電話: 0911123456 (此欄位只能輸入數字)",
		"Step 4 註冊確認", "請輸入驗證碼:",
		"驗證碼皆為英文字母或數字,不分大小寫,若驗證碼無法辨識,請點選圖示或下方按鈕更換.", "重新產生驗證碼")
	labels := map[string]string{}
	for _, l := range page.Find("label") {
		labels[l.Attr("for")] = l.Text()
	}
	for field, want := range map[string]string{"account": "帳號", "password": "設定密碼", "password-again": "確認密碼",
		"name": "中文姓名", "email": "電子信箱", "email-again": "確認電子信箱", "captcha": "請輸入驗證碼:"} {
		if got := labels[field]; !strings.HasPrefix(got, "*") || !strings.Contains(got, want) || page.One("#"+field).Attr("aria-required") != "true" {
			t.Errorf("%s is labelled %q", field, got)
		}
	}
	for _, field := range []string{"nickname", "question", "answer", "mobile"} {
		if strings.Contains(labels[field], "*") {
			t.Errorf("%s is marked as required: %q", field, labels[field])
		}
	}
	if n := strings.Count(page.Text(), "這是什麼?"); n != 2 {
		t.Errorf("%d times 這是什麼?", n)
	}
}

// TestAccountCheck: S52, by the button without script and by the script.
func TestAccountCheck(t *testing.T) {
	p := open(t)
	c := p.visitor()
	page := fillJoin(c.Get("/egov/join"), "test01").Submit("檢查帳號").WantStatus(422).Want("這個帳號已經有人使用")
	if got := page.One("#email").Attr("value"); got != "new@example.test" {
		t.Errorf("the check lost what was typed: %q", got)
	}
	page = page.Fill("帳號", "fresh77").Submit("檢查帳號").WantStatus(200).Want("這個帳號可以使用")
	page = page.Fill("帳號", "1x").Submit("檢查帳號").WantStatus(422).Want("英文字母開頭")
	asked := func() (*webtest.Page, map[string]any) {
		got := c.Do(http.MethodPost, "/egov/join/account", strings.NewReader("account=test01"),
			http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"application/json"}})
		var m map[string]any
		if err := json.Unmarshal(got.Body, &m); err != nil {
			t.Fatalf("%v: %s", err, got.Body)
		}
		return got, m
	}
	if got, m := asked(); got.Status != 422 || m["free"] != false {
		t.Errorf("%d %v", got.Status, m)
	}
	for range 6 {
		asked()
	}
	if got, m := asked(); got.Status != 429 || m["text"] != "帳號檢查次數太頻繁,請稍候再試!!" {
		t.Errorf("%d %v", got.Status, m)
	}
	page.Submit("檢查帳號").WantStatus(429).Want("帳號檢查次數太頻繁,請稍候再試!!")
	p.now = p.now.Add(time.Minute)
	page.Fill("帳號", "fresh77").Submit("檢查帳號").WantStatus(200)
}

// TestStrength: S53. The server judges; the label of the best is 最強.
func TestStrength(t *testing.T) {
	for password, want := range map[string]string{"password1": "最弱", "qT7vW2xZr9KpL4m": "最強"} {
		if got := egov.Strength("test01", password).Zh; got != want {
			t.Errorf("%s is %s", password, got)
		}
	}
	p := open(t)
	got := p.visitor().Post("/egov/join/strength", url.Values{"account": {"a"}, "password": {"qT7vW2xZr9KpL4m"}})
	if !bytes.Contains(got.Body, []byte("最強")) {
		t.Errorf("%s", got.Body)
	}
	page := p.visitor().Get("/egov/join").Fill("帳號", "fresh77").Fill("設定密碼", "qT7vW2xZr9KpL4m").Submit("註冊").WantStatus(422)
	if got := page.One("[data-strength]").Text(); got != "最強" {
		t.Errorf("strength %q", got)
	}
}

// TestPasswordRule: domain §5.1.
func TestPasswordRule(t *testing.T) {
	for _, x := range []struct{ account, password, says string }{
		{"fresh77", "Tree47river", ""}, {"fresh77", "abcdefg8", ""}, {"fresh77", "12345678901234a", ""}, {"fresh77", "fresh777", ""},
		{"fresh77", "", "輸入密碼"}, {"fresh77", "Tree47r", "8 到 15"}, {"fresh77", "Tree47riverTree4", "8 到 15"},
		{"fresh77", "Treeriver", "數字"}, {"fresh77", "47474747", "英文字母"}, {"fresh777", "FRESH777", "不能和帳號相同"},
		{"fresh77", "Tree 47river", "不用空格"}, {"fresh77", "樹木47河流ab", "半形"},
	} {
		a := application(x.account)
		a.Password, a.Again = x.password, x.password
		_, err := a.Check()
		f, _ := fault.As(err)
		switch got := f.About("password").Zh; {
		case x.says == "" && err != nil, !strings.Contains(got, x.says):
			t.Errorf("%s, %s: %v", x.account, x.password, err)
		}
	}
}

func application(account string) egov.Application {
	return egov.Application{Account: account, Password: "Tree47river", Again: "Tree47river", Name: "測試戌", Email: "new@example.test",
		EmailAgain: "new@example.test"}
}

// TestApplication: what each field refuses (S54, S57, S58).
func TestApplication(t *testing.T) {
	for key, change := range map[string]func(*egov.Application){
		"account":        func(a *egov.Application) { a.Account = "帳號" },
		"password-again": func(a *egov.Application) { a.Again = "tree47river" },
		"name":           func(a *egov.Application) { a.Name = "" },
		"email":          func(a *egov.Application) { a.Email = "new" },
		"email-again":    func(a *egov.Application) { a.EmailAgain = "old@example.test" },
		"question":       func(a *egov.Application) { a.Question = 99 },
		"answer":         func(a *egov.Application) { a.Question = 1 },
		"nickname":       func(a *egov.Application) { a.Nickname = strings.Repeat("名", 31) },
		"mobile":         func(a *egov.Application) { a.Mobile = "02-21927111" },
	} {
		a := application("fresh77")
		if _, err := a.Check(); err != nil {
			t.Fatal(err)
		}
		change(&a)
		_, err := a.Check()
		if f, ok := fault.As(err); !ok || f.About(key).Empty() || len(f.Places) != 1 {
			t.Errorf("%s: %v", key, err)
		}
	}
	for mobile, good := range map[string]bool{"0911123456": true, "": true, "０９１１１２３４５６": true, "091112345": false, "09111234567": false, "0811123456": false, "0911-123456": false} {
		a := application("fresh77")
		a.Mobile = mobile
		if _, err := a.Check(); (err == nil) != good {
			t.Errorf("%q: %v", mobile, err)
		}
	}
}

// TestJoin: S62–S66. The letter, the message with the address, and its three links.
func TestJoin(t *testing.T) {
	p := open(t)
	c := p.visitor()
	page := fillJoin(c.Get("/egov/join"), "fresh77").Choose("more=yes")
	page = page.Fill("請輸入驗證碼:", p.captcha(page)).Submit("註冊").WantStatus(200)
	page.Want("傳送訊息",
		"一般會員註冊成功，您已成功註冊我的E政府會員帳號，系統已發送「註冊成功通知信」至您的電子信箱(new@example.test)",
		"*.若您要以健保卡執行身分證字號驗證，請點擊下面的連結",
		"https://www.cp.gov.tw/portal/Clogin.aspx?ReturnUrl=http%3a%2f%2fwww.gov.tw&ver=Simple&Level=4",
		"*.若您要申請成為公務帳號, 請點擊下面的連結", "https://www.cp.gov.tw/portal/cpuser/transfer.aspx", "回首頁")
	if page.One("h1").Text() != "傳送訊息" {
		t.Errorf("heading %q", page.One("h1").Text())
	}
	if len(p.letters) != 1 || p.letters[0].to != "new@example.test" || p.letters[0].subject != "註冊成功通知信" || !strings.Contains(p.letters[0].body, "fresh77") {
		t.Errorf("letters: %v", p.letters)
	}
	page.Follow("Level=4").WantStatus(200).Want("以健保卡執行身分證字號驗證")
	if got := page.Follow("transfer.aspx"); got.Status != 200 || !strings.Contains(got.URL, "official") {
		t.Errorf("transfer leads to %s", got.URL)
	}
	page.Follow("回首頁").WantStatus(200).Want("帳號登入")
	signIn(c.Get("/egov/"), "fresh77", "Tree47river").WantStatus(200).Want("測試戌", "一般會員", "未驗證")
	m := p.member("fresh77")
	if m.Mobile != "0900000015" || !m.More || m.Nickname != "小戌" || m.Question != 2 {
		t.Errorf("%+v", m)
	}
	// Kept unreadable: a copy of the database has no number.
	p.do(func(tx *store.Tx) error {
		raw, err := store.Get[string](tx, `SELECT mobile FROM egov_members WHERE account = 'fresh77'`)
		if strings.Contains(raw, "0900000015") {
			t.Error("the mobile number is readable in the database")
		}
		return err
	})
	p.visitor().Get("/egov/joined/nosuch").WantStatus(404)
}

// TestJoinRefused: what was typed stays, passwords and answers do not.
func TestJoinRefused(t *testing.T) {
	p := open(t)
	page := fillJoin(p.visitor().Get("/egov/join"), "fresh77").Fill("確認電子信箱", "other@example.test").Submit("註冊").
		WantStatus(422).Want("再輸入一次相同的電子信箱", "輸入驗證碼")
	for field, want := range map[string]string{"account": "fresh77", "name": "測試戌", "email": "new@example.test", "email-again": "other@example.test",
		"nickname": "小戌", "mobile": "0900000015", "password": "", "password-again": "", "answer": "", "captcha": ""} {
		if got := page.One("#" + field).Attr("value"); got != want {
			t.Errorf("%s: %q", field, got)
		}
	}
	for _, secret := range []string{"Tree47river", "小花"} {
		if strings.Contains(string(page.Body), secret) {
			t.Errorf("the page holds the secret %q", secret)
		}
	}
	if !page.Find("details.egov-choice")[0].Has("open") {
		t.Error("the form folded up")
	}
}

// TestCaptcha: S59–S61. Wrong, used and too old ones are refused; another comes by the button and by the picture.
func TestCaptcha(t *testing.T) {
	p := open(t)
	c := p.visitor()
	send := func(page *webtest.Page, typed string) *webtest.Page {
		return fillJoin(page, "fresh77").Fill("請輸入驗證碼:", typed).Submit("註冊")
	}
	first := c.Get("/egov/join")
	right := p.captcha(first)
	wrong := send(first, "000000x").WantStatus(422).Want("和圖片上的不同")
	if id := first.One("[data-join] input[name=captcha-id]").Attr("value"); id == wrong.One("[data-join] input[name=captcha-id]").Attr("value") {
		t.Error("a wrong answer kept its captcha")
	}
	send(first, right).WantStatus(422).Want("已經用過或過期")
	old := c.Get("/egov/join")
	right = p.captcha(old)
	p.now = p.now.Add(egov.CaptchaLife + time.Second)
	send(old, right).WantStatus(422).Want("已經用過或過期")

	page := c.Get("/egov/join")
	picture := page.One("[data-again] img").Attr("src")
	other := fillJoin(page, "fresh77").Submit("重新產生驗證碼").WantStatus(200)
	if other.One("[data-again] img").Attr("src") == picture || other.One("#name").Attr("value") != "測試戌" {
		t.Error("the button gave no other captcha, or lost what was typed")
	}
	if b := page.One("[data-again]"); b.Tag() != "button" || b.Attr("value") != "captcha" || b.Attr("type") != "submit" {
		t.Errorf("pressing the picture: %s", b.HTML())
	}
	scripted := c.Do(http.MethodPost, "/egov/join/captcha", nil, http.Header{"Accept": {"application/json"}})
	var got map[string]string
	if err := json.Unmarshal(scripted.Body, &got); err != nil || got["id"] == "" || !strings.HasPrefix(got["picture"], "/egov/captcha/") {
		t.Errorf("%s", scripted.Body)
	}
	// Full-width digits with spaces are the same answer.
	page = c.Get("/egov/join")
	wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, p.captcha(page))
	send(page, wide[:9]+" "+wide[9:]).WantStatus(200).Want("傳送訊息")
}

// TestCaptchaForms: the picture and the spoken code.
func TestCaptchaForms(t *testing.T) {
	p := open(t)
	c := p.visitor()
	page := c.Get("/egov/join")
	picture := c.Get(page.One("[data-again] img").Attr("src")).WantStatus(200)
	if img, err := png.Decode(bytes.NewReader(picture.Body)); err != nil || img.Bounds().Dx() != 240 {
		t.Errorf("picture: %v", err)
	}
	spoken := c.Get(page.One("audio").Attr("src")).WantStatus(200)
	if !bytes.HasPrefix(spoken.Body, []byte("RIFF")) || spoken.Header.Get("Content-Type") != "audio/wav" || spoken.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("spoken: %v", spoken.Header)
	}
	if !strings.Contains(page.Header.Get("Content-Security-Policy"), "media-src 'self'") {
		t.Error("the browser may not play it")
	}
	c.Get("/egov/captcha/nosuch").WantStatus(404)
	c.Get("/egov/captcha/nosuch/audio").WantStatus(404)
}

// TestJoinVerbs: on both databases; an account is one in capital and small letters.
func TestJoinVerbs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := openOn(t, db)
		var secret string
		p.do(func(tx *store.Tx) (err error) {
			secret, err = egov.Join(tx, application("Fresh77"), p.letter)
			return err
		})
		p.do(func(tx *store.Tx) error {
			m, err := egov.JoinedBy(tx, secret)
			if m.Account != "Fresh77" || m.State != egov.Active {
				t.Errorf("%+v", m)
			}
			return err
		})
		err := p.try(func(tx *store.Tx) error {
			_, err := egov.Join(tx, application("fRESH77"), p.letter)
			return err
		})
		if f, ok := fault.As(err); !ok || f.About("account").Empty() {
			t.Errorf("the same account twice: %v", err)
		}
		if _, err := egov.Free(context.Background(), db, "FRESH77", "192.0.2.1"); !fault.Is(err, fault.Invalid) {
			t.Errorf("taken: %v", err)
		}
		p.now = p.now.Add(time.Hour)
		if err := p.try(func(tx *store.Tx) error { _, err := egov.JoinedBy(tx, secret); return err }); err == nil {
			t.Error("the page after joining opens an hour later")
		}
	})
}

// TestJoinLimit: guessing captchas ends.
func TestJoinLimit(t *testing.T) {
	p := open(t)
	page := p.visitor().Get("/egov/join")
	for range 60 {
		page = fillJoin(page, "fresh77").Fill("請輸入驗證碼:", "x").Submit("註冊").WantStatus(422)
	}
	fillJoin(page, "fresh77").Fill("請輸入驗證碼:", p.captcha(page)).Submit("註冊").WantStatus(429).Want("分鐘後再試")
	c := p.visitor()
	for range 120 {
		c.Post("/egov/join/captcha", nil).WantStatus(200)
	}
	c.Do(http.MethodPost, "/egov/join/captcha", nil, http.Header{"Accept": {"application/json"}}).WantStatus(429)
}
