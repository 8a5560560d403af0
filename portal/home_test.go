package portal

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/notices"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web/webtest"
)

// 1.F — the home page

var menus = []string{"各類執照申請", "施工相關業務申請", "室內裝修申請"}

// service is the card of one business menu.
func service(t *testing.T, p *webtest.Page, name string) webtest.Node {
	t.Helper()
	for _, c := range p.Find("li.cb-shelf__item") {
		if strings.HasPrefix(c.Text(), name) {
			return c
		}
	}
	t.Fatalf("no card %s on\n%s", name, p.Text())
	return webtest.Node{}
}

// TestS116toS118: the three menus, no more and no less, open or closed exactly as the matrix says for every role.
func TestS116toS118_TheThreeMenusFollowTheMatrix(t *testing.T) {
	w := lite(t)
	for _, role := range permit.Roles {
		a := w.person("測試"+role.Name().Zh, role)
		p := w.as(a).Get("/bls")
		if n := len(p.Find("li.cb-shelf__item")); n != 3 {
			t.Fatalf("%s sees %d menus", role, n)
		}
		for i, m := range permit.Menus {
			card := service(t, p, menus[i])
			right := roles.Matrix[m][role]
			opened := right == roles.All || right == roles.OnlyUse
			link := regexp.MustCompile(menus[i]).MatchString(strings.Join(keys(links(p, "ul.cb-shelf h3 a")), "|"))
			if opened != link {
				t.Errorf("%s × %s: %s, but open is %v", m, role, right, link)
			}
			if opened == strings.Contains(card.Attr("class"), "cb-shelf__item--closed") {
				t.Errorf("%s × %s: looks wrong", m, role)
			}
			if !opened && !strings.Contains(card.Text(), "不能辦理：") {
				t.Errorf("%s × %s is refused without a reason: %s", m, role, card.Text())
			}
		}
		// What the menu at the top of every page says is the same.
		for i, m := range permit.Menus {
			right := roles.Matrix[m][role]
			_, open := links(p, "nav.hall__menus a")[menus[i]]
			if want := right == roles.All || right == roles.OnlyUse; open != want {
				t.Errorf("%s × %s in the top menu: open is %v", m, role, open)
			}
		}
	}
	if to := links(w.as(w.person("測試戊", permit.Engineer)).Get("/bls"), "ul.cb-shelf a")["我可以做什麼"]; to != "/bls/rights" {
		t.Errorf("the way out of a refusal leads to %q", to)
	}
}

func keys(m map[string]string) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

func TestS119_TheWelcome(t *testing.T) {
	w := lite(t)
	w.as(w.person("測試丁", permit.Citizen)).Get("/bls").Want("歡迎使用新建築執照線上申請書電子化書圖文件送件繳交系統", "您好：測試丁")
	w.anyone().Stay().Get("/bls").WantStatus(303)
}

func TestS120_TheSignInBeforeThisOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db)
		a := w.person("測試甲", permit.Architect)
		enter := func() {
			if err := db.Write(t.Context(), func(tx *store.Tx) error {
				_, err := accounts.Begin(tx, a.Person, accounts.Door("backup"), accounts.Source{})
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		w.now = time.Date(2022, 4, 4, 12, 34, 9, 0, time.UTC)
		enter()
		w.as(a).Get("/bls").Want("這是您第一次登入")
		w.now = time.Date(2022, 4, 5, 1, 0, 0, 0, time.UTC)
		enter()
		w.as(a).Get("/bls").Want("上次登入時間2022/04/04 20:34:09")
	})
}

func TestS121toS124_TheTableOfDownloads(t *testing.T) {
	w := lite(t)
	a := w.person("測試甲", permit.Architect)
	for _, path := range []string{"/bls", "/downloads"} {
		p := w.as(a).Get(path)
		var heads, cells []string
		for _, h := range p.Find("table th") {
			heads = append(heads, h.Text())
		}
		if strings.Join(heads, "|") != "下載檔案說明|格式|更新日期|下載連結" {
			t.Errorf("%s: %q", path, heads)
		}
		for _, c := range p.Find("table td") {
			cells = append(cells, c.Text())
		}
		if len(cells) != 8 {
			t.Fatalf("%s: %q", path, cells)
		}
		for i, want := range []string{"建築師套繪圖電子製圖規範及操作說明 (營建署)", "doc", "111-02-18", "Download Now",
			"套繪圖種子檔下載 (營建署)", "zip", "111-02-18", "Download Now"} {
			if !strings.HasPrefix(cells[i], want) {
				t.Errorf("%s: cell %d is %q, want %q", path, i+1, cells[i], want)
			}
		}
	}
	p := w.as(a).Get("/downloads")
	to := p.Find("table td a")[0].Attr("href")
	w.anyone().Get(to).WantStatus(200).Want("管理者保管", "測試子", "06-6000001#0001")
}

func TestDownloadsAreHandedInAndReplaced(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db)
		w.as(clerk).Get("/admin/downloads").WantStatus(403)
		w.as(manager).Get("/admin/downloads").WantStatus(403)
		admin := w.as(boss)
		row := admin.Get("/admin/downloads").Follow("套繪圖種子檔下載 (營建署)").Want("尚未上傳檔案")
		id := row.URL
		admin.Upload(id+"/file", nil).WantStatus(422).Want("選擇要上傳的檔案")
		admin.Upload(id+"/file", nil, webtest.File{Field: "file", Name: "x.exe", Content: []byte("MZ")}).WantStatus(422).Want("選擇文件、試算表、圖檔、PDF 或 zip 檔")
		admin.Upload(id+"/file", nil, webtest.File{Field: "file", Name: "empty.zip"}).WantStatus(422).Want("這個檔案是空的")
		w.as(manager).Upload(id+"/file", nil, webtest.File{Field: "file", Name: "a.zip", Content: []byte("PK1")}).WantStatus(403)
		for _, content := range []string{"PK first", "PK second"} {
			admin.Upload(id+"/file", nil, webtest.File{Field: "file", Name: `C:\套繪圖\種子檔.zip`, Content: []byte(content)}).Want("檔案已上傳", "種子檔.zip")
			got := w.anyone().Get("/downloads/" + strings.TrimPrefix(id, "/admin/downloads/"))
			if string(got.Body) != content || got.Header.Get("Content-Disposition") != `attachment; filename="___.zip"; filename*=UTF-8''%E7%A8%AE%E5%AD%90%E6%AA%94.zip` {
				t.Fatalf("%q %q", got.Body, got.Header.Get("Content-Disposition"))
			}
		}
		w.anyone().Get("/downloads").Want("115-11-23")
		admin.Get(id).Fill("更新日期", "111年2月30日").Submit("存檔").WantStatus(422).Want("輸入更新日期，例如 111-02-18")
		admin.Get(id).Fill("下載檔案說明（中文）", "新的種子檔").Choose("先不顯示").Submit("存檔").Want("已存檔")
		if w.anyone().Get("/downloads").Has("種子檔") {
			t.Error("a hidden row is shown")
		}
		w.anyone().Get("/downloads/" + strings.TrimPrefix(id, "/admin/downloads/")).WantStatus(404)
		admin.Get("/admin/downloads/new").Fill("下載檔案說明（中文）", "法定空地表").Fill("下載檔案說明（英文）", "Table of open space").
			Fill("格式", "ods").Fill("更新日期", "1151101").Submit("存檔").Want("已存檔")
		w.anyone().Get("/downloads").Want("法定空地表", "ods", "115-11-01")
	})
}

func TestS125_TheNameWithItsAuthority(t *testing.T) {
	w := lite(t, func(p *Portal) {
		p.AuthorityOf = func(_ *store.Tx, by permit.Actor) (string, error) {
			return map[string]string{"測試乙": "B30"}[by.Name], nil
		}
	})
	for _, c := range []struct {
		who  permit.Actor
		want string
	}{
		{w.person("測試甲", permit.Architect), "測試甲(臺南市政府)"},
		{w.person("測試乙", permit.Architect), "測試乙(南部科學園區管理局)"},
		{func() permit.Actor {
			a := w.person("測試壬")
			a.Seats = []permit.Seat{{Authority: "A70", Duty: permit.Reviewer}}
			return a
		}(), "測試壬(台江國家公園管理處)"},
	} {
		p := w.as(c.who).Get("/bls")
		if got := p.One(".mine summary").Text(); !strings.HasSuffix(got, c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestS126toS128_TheMenuUnderTheName(t *testing.T) {
	w := lite(t)
	a := w.person("測試甲", permit.Architect)
	p := w.as(a).Get("/bls")
	var names []string
	for _, n := range p.Find(".mine li") {
		names = append(names, n.Text())
	}
	if got := strings.Join(names, "|"); got != "檢視使用者資訊|系統環境自我檢測|註冊憑證作業|我可以做什麼|備用帳號與密碼|回首頁|登出" {
		t.Fatal(got)
	}
	to := links(p, ".mine a")
	if to["檢視使用者資訊"] != "/bls/profile" {
		t.Error(to)
	}
	w.as(a).Get(to["系統環境自我檢測"]).WantStatus(200).Want("系統環境自我檢測")
	if to["註冊憑證作業"] != "/bls/cards" {
		t.Errorf("the room of cards is not led to: %q", to["註冊憑證作業"])
	}
}

func TestS129_WhatIsWrongWithTheProfileIsSaidAndLedTo(t *testing.T) {
	w := lite(t)
	none := w.person("測試癸")
	p := w.as(none).Get("/bls").Want("登入系統後，如果有異常，有可能是使用者資訊錯誤", "使用者所屬角色要打勾")
	if to := links(p, "main a")["前往檢視使用者資訊"]; to != "/bls/profile" {
		t.Errorf("leads to %q", to)
	}
	// A role in the session whose profile lacks its e-mail address: the doctor names the field and leads to it.
	p4 := w.person("測試丁", permit.Citizen)
	before := w.as(p4).Get("/bls")
	if err := w.DB.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE persons SET contact = '' WHERE id = $1`, p4.Person)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	after := w.as(p4).Get("/bls").Want("使用者資訊需要修正", "Email")
	if to := links(after, "main a")["Email"]; to != "/bls/profile#contact" {
		t.Errorf("Email leads to %q", to)
	}
	if before.Text() == after.Text() {
		t.Error("nothing changed")
	}
}

func TestS130_TheSelfTest(t *testing.T) {
	w := lite(t)
	c := w.anyone()
	c.Header.Set("User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0")
	p := c.Get("/bls/selftest").Want("瀏覽器", "Edge 130", "憑證元件", "讀卡機", "憑證卡", "之後才需要", "測試元件、讀卡機與卡片", "彈出視窗", "電腦時間", "2026/11/23 12:00:00", "按「再檢測一次」就知道")
	p.Submit("再檢測一次").Want("可以使用。")
	blocked := w.anyone().Get("/bls/selftest?again=1").Want("被關閉；在瀏覽器設定允許本網站的 Cookie")
	if blocked.Has("Edge 130") {
		t.Error("a browser that did not say so")
	}
	script := p.One("script[src='/bls/selftest/script.js']")
	if nonce := script.Attr("nonce"); nonce == "" || !strings.Contains(p.Header.Get("Content-Security-Policy"), "'nonce-"+nonce+"'") {
		t.Error("the script of the page would not run")
	}
	js := c.Get("/bls/selftest/script.js").WantStatus(200)
	if js.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Error(js.Header)
	}
	// The script and the page speak of the same lines.
	for _, m := range regexp.MustCompile(`tell\("(\w+)"`).FindAllStringSubmatch(string(js.Body), -1) {
		at := p.Find("[data-check=" + m[1] + "]")
		if len(at) != 1 || at[0].Attr("data-ok") == "" || at[0].Attr("data-bad") == "" {
			t.Errorf("the script tells %q, the page has no words for it", m[1])
		}
	}
	// What the component said is put into words by the server; nothing is asked of it before the button is pressed.
	if b := p.One("button[data-card-test]"); b.Attr("data-card-test") != "http://localhost:61161" {
		t.Errorf("the component is looked for at %q", b.Attr("data-card-test"))
	}
	for said, want := range map[string]string{
		`{"trouble":"popup"}`: `"check":"popup","ok":false`, `{"trouble":"component"}`: `"check":"component","ok":false`,
		`{"func":"pkcs11info","serverVersion":"1.3.4.13","slots":[]}`: `"check":"component","ok":true`, `nothing`: `"check":"component","ok":false`, ``: `"ok":false`,
	} {
		a := w.anyone().Post("/bls/selftest/card", url.Values{"said": {said}}).WantStatus(200)
		if !strings.Contains(string(a.Body), want) {
			t.Errorf("%s: %s", said, a.Body)
		}
		for _, m := range regexp.MustCompile(`"check":"(\w+)"`).FindAllStringSubmatch(string(a.Body), -1) {
			if len(p.Find("[data-check="+m[1]+"]")) != 1 {
				t.Errorf("the page has no line for %q", m[1])
			}
		}
	}
	now := c.Get("/bls/selftest/time")
	if strings.TrimSpace(string(now.Body)) != `{"now":1795406400000}` {
		t.Errorf("the server's clock says %s", now.Body)
	}
	c.Get("/bls/selftest/window").WantStatus(200).Want("彈出視窗可以開啟")
}

func TestBrowsers(t *testing.T) {
	for agent, want := range map[string]struct {
		b  Browser
		ok bool
	}{
		"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0":                                                                  {Browser{"Firefox", 128}, true},
		"Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/49.0.2623.112 Safari/537.36":                                  {Browser{"Chrome", 49}, false},
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15":                   {Browser{"Safari", 17}, true},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1": {Browser{"Safari", 17}, true},
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1":  {Browser{"Chrome", 126}, true},
		"Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko":                                                                   {Browser{"Internet Explorer", 11}, false},
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 OPR/115.0":               {Browser{"Opera", 115}, true},
		"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36":            {Browser{"Samsung Internet", 25}, true},
		"curl/8.5": {Browser{}, false},
	} {
		if b, ok := BrowserOf(agent); b != want.b || ok != want.ok {
			t.Errorf("%s: %+v %v", agent, b, ok)
		}
	}
}

func TestWhatOtherRoomsGiveStandsOnTheHomePage(t *testing.T) {
	w := lite(t, func(p *Portal) {
		p.Cases = func(_ *store.Tx, by permit.Actor) ([]Card, error) {
			return []Card{{Title: say.Same("111A10134 " + by.Name), Tag: say.T("尚未送件", "Draft"), URL: "/bls/cases/c1"}}, nil
		}
		p.Todo = func(*store.Tx, permit.Actor) ([]Card, error) {
			return []Card{{Title: say.T("請您壓章", "Your seal is asked for"), URL: "/bls/cases/c1/seals"}}, nil
		}
	})
	p := w.as(w.person("測試丁", permit.Citizen)).Get("/bls").Want("尚未送件")
	got := links(p, "main a")
	if got["111A10134 測試丁"] != "/bls/cases/c1" || got["請您壓章"] != "/bls/cases/c1/seals" {
		t.Error(got)
	}
}

func TestTheBellCountsWhatIsUnread(t *testing.T) {
	w := lite(t)
	a := w.person("測試丁", permit.Citizen)
	if err := w.DB.Write(t.Context(), func(tx *store.Tx) error {
		return notices.Tell(tx, a.Person, notices.Notice{Kind: notices.Team, Title: say.T("您加入了案件", "You joined a case")})
	}); err != nil {
		t.Fatal(err)
	}
	bell := w.as(a).Get("/bls").One(".hall__notices")
	if bell.Attr("href") != "/bls/notices" || !strings.Contains(bell.Text(), "1 則未讀") {
		t.Errorf("%q %q", bell.Attr("href"), bell.Text())
	}
}

// 1.N — support

func TestS230_TheQuestionForm(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db)
		notices.Mount(w.site)
		asker := w.person("測試丁", permit.Citizen)
		form := w.as(asker).Get("/help/question?func=SSO11100&error=abcd-efgh&case=111A10134").Want("請留姓名與聯絡電話，能夠較快與您聯繫")
		form.Fill("姓名", "").Submit("送出").WantStatus(422).Want("輸入聯絡電話").Fill("您的問題", "").Submit("送出").Want("輸入您的問題")
		sent := form.Fill("姓名", "測試丁").Fill("聯絡電話", "０９００－０００－００４").Fill("您的問題", "為什麼不能存檔？").Submit("送出").WantStatus(200).Want("已收到")
		number := regexp.MustCompile(`Q1151123-[0-9A-Z]{5}`).FindString(sent.Text())
		if number == "" {
			t.Fatal(sent.Text())
		}
		w.as(clerk).Get("/desk/questions").WantStatus(403)
		other := permit.Actor{Person: "o", Name: "別處", Seats: []permit.Seat{{Authority: "B30", Duty: permit.Manager}}}
		if w.as(other).Get("/desk/questions").Has(number) {
			t.Error("shown to another authority")
		}
		desk := w.as(manager).Get("/desk/questions").Want(number, "待回覆").Follow(number).
			Want("SSO11100", "abcd-efgh", "111A10134", "0900000004", "為什麼不能存檔？")
		w.as(other).Get(desk.URL).WantStatus(404)
		w.as(other).Post(desk.URL, url.Values{"answer": {"x"}}).WantStatus(404)
		desk.Submit("回覆").WantStatus(422).Want("輸入回覆內容")
		desk.Fill("回覆或處理結果", "請先選擇角色再存檔。").Submit("回覆").Want("已回覆")
		w.as(manager).Post(desk.URL, url.Values{"answer": {"又一次"}}).WantStatus(409).Want("測試壬已經回覆這個問題")
		// Who asked is told, and may read the answer; nobody else may.
		p := w.as(asker).Get("/bls/notices").Follow("您的提問 " + number + " 已有回覆").Follow("前往處理").Want("請先選擇角色再存檔。")
		w.as(w.person("測試癸")).Get(p.URL).WantStatus(404)
	})
}

func TestAQuestionWithoutAnAccount(t *testing.T) {
	w := lite(t)
	form := w.anyone().Get("/help/question")
	form.Fill("姓名", "測試癸").Fill("聯絡電話", "12").Fill("您的問題", "問題").Submit("送出").WantStatus(422)
	form.Fill("聯絡電話", "").Fill("電子郵件", "p10@example.test").Fill("您的問題", "問題").Choose("南部科學園區管理局").Submit("送出").Want("已收到")
	qs := look(t, w.DB, func(tx *store.Tx) ([]Question, error) { return questionsTo(tx, []string{"B30"}, false, 9) })
	if len(qs) != 1 || qs[0].Email != "p10@example.test" || qs[0].Person != "" {
		t.Fatalf("%+v", qs)
	}
	w.anyone().Get("/mailbox").Fill("姓名", "測試癸").Fill("聯絡電話", "0900000010").Fill("您的意見", "字可以再大一點").Submit("送出").Want("已收到")
	w.as(boss).Get("/desk/questions").Want("意見", "字可以再大一點")
}

func TestQuestionsAreLimited(t *testing.T) {
	w := lite(t)
	form := url.Values{"authority": {"IF0"}, "name": {"測試癸"}, "phone": {"0900000010"}, "text": {"問題"}}
	for range 20 {
		w.anyone().Post("/help/question", form).WantStatus(200)
	}
	w.anyone().Post("/help/question", form).WantStatus(429).Want("次數太多")
}

func TestS231_TheContactOfAnAuthority(t *testing.T) {
	w := lite(t)
	p := w.anyone().Get("/contact").Want("臺南市政府", "測試子", "06-6000001#0001")
	if to := links(p, "main a")["06-6000001#0001"]; to != "tel:066000001,0001" {
		t.Errorf("the telephone dials %q", to)
	}
	p.Choose("南部科學園區管理局").Submit("查看").Want("南部科學園區管理局", "還沒有公布聯絡窗口")
	w.anyone().Get("/help/question").Want("測試子 06-6000001#0001")
	// The seed's own person and number are nowhere in the program.
	if p.Has("6322231") {
		t.Error("a number is written into the page")
	}
}

func TestS232_TheLINEGroup(t *testing.T) {
	w := lite(t)
	p := w.anyone().Get("/help/contact").Want("可加入LINE社群")
	if to := links(p, "main a")["可加入LINE社群"]; to != "https://line.example.test/bls" {
		t.Errorf("leads to %q", to)
	}
	if w.anyone().Get("/help/contact?authority=B30").Has("LINE") {
		t.Error("shown for an authority that has none")
	}
	for _, bad := range []string{"javascript:alert(1)", "http://example.test", "//example.test", "https://"} {
		if outside(bad) != "" {
			t.Errorf("%s would be a link", bad)
		}
	}
}

// Z1 — do I need a permit?

func TestAdvice(t *testing.T) {
	for _, c := range []struct {
		answers string
		needed  bool
		title   string
		law     string
	}{
		{"what=new&farm=no&public=no&high=no&small=no&land=yes", true, "需要申請建造執照（新建）", "建築法第 25 條"},
		{"what=extend&farm=no&public=yes&high=no&small=no&land=no", true, "需要申請建造執照（增建）", "建築法第 13 條"},
		{"what=rebuild&farm=yes&public=no&high=yes&small=yes&land=yes", true, "需要申請建造執照（改建）", "建築法第 16 條"},
		{"what=repair&half=yes&public=no&high=no&small=no", true, "需要申請建造執照（修建）", "建築法第 9 條"},
		{"what=repair&half=no", false, "不需要建造執照", "建築法第 9 條"},
		{"what=works&sign=small-sign", false, "不需要雜項執照，但設招牌要先申請審查許可", "建築法第 97-3 條"},
		{"what=works&sign=other&small=no&land=yes", true, "需要申請雜項執照", "建築法第 7 條"},
		{"what=fitout&paint=yes", false, "不需要申請室內裝修許可", "建築法第 77-2 條"},
		{"what=fitout&paint=no&public=no", false, "應該不需要申請室內裝修許可", "建築法第 77-2 條"},
		{"what=fitout&paint=no&public=yes&simple=yes", true, "需要申請室內裝修許可", "建築物室內裝修管理辦法第 33 條"},
		{"what=fitout&paint=no&public=yes&simple=no", true, "需要申請室內裝修許可", "建築物室內裝修管理辦法第 22 條"},
		{"what=use&otheruse=yes&tiny=no&public=yes", true, "需要申請變更使用執照", "建築法第 73 條"},
		{"what=use&otheruse=no", false, "應該不需要變更使用執照", "建築法第 73 條"},
		{"what=demolish&heritage=yes", true, "先問文化主管機關，不可以直接拆", "建築法第 83 條"},
		{"what=demolish&heritage=no&ordered=yes&small=no", false, "不需要拆除執照", "建築法第 78 條"},
		{"what=demolish&heritage=no&ordered=no&small=no", true, "需要申請拆除執照", "建築法第 80 條"},
		{"what=finished&had=yes&whole=yes", true, "需要申請使用執照", "建築法第 70 條"},
		{"what=finished&had=yes&whole=no", true, "可以申請部分使用執照", "建築法第 70-1 條"},
		{"what=finished&had=no", true, "要先補辦建造執照", "建築法第 25 條"},
	} {
		v, _ := url.ParseQuery(c.answers)
		a := answersTo{}
		for k := range v {
			a[k] = v.Get(k)
		}
		if q := a.next(); q != nil {
			t.Errorf("%s: still asks %s", c.answers, q.Key)
			continue
		}
		got := Advise(a)
		var laws []string
		for _, l := range got.Laws {
			laws = append(laws, l.Name)
			if !strings.HasPrefix(l.URL, "https://law.moj.gov.tw/") {
				t.Errorf("%s: %s has no text", c.answers, l.Name)
			}
		}
		if got.Needed != c.needed || got.Title.Zh != c.title || !strings.Contains(strings.Join(laws, "|")+"|", c.law+"|") || len(got.Points) == 0 {
			t.Errorf("%s: %v %q %q", c.answers, got.Needed, got.Title.Zh, laws)
		}
	}
}

// TestEveryWayThroughTheQuestionsEnds walks all ways: at most seven questions, and advice with a law at each end.
func TestEveryWayThroughTheQuestionsEnds(t *testing.T) {
	ways := 0
	var walk func(a answersTo)
	walk = func(a answersTo) {
		q := a.next()
		if q == nil {
			ways++
			if got := Advise(a); got.Title.Zh == "" || got.Title.En == "" || len(got.Laws) == 0 || len(got.Points) == 0 {
				t.Errorf("%v: no advice", a)
			}
			return
		}
		if len(a) >= 7 {
			t.Fatalf("%v: an eighth question", a)
		}
		for _, o := range q.Options {
			b := answersTo{q.Key: o.Value}
			for k, v := range a {
				b[k] = v
			}
			walk(b)
		}
	}
	walk(answersTo{})
	if ways < 100 {
		t.Errorf("only %d ways", ways)
	}
}

func TestTheQuestionsOnPages(t *testing.T) {
	w := lite(t)
	p := w.anyone().Get("/permit-check").Want("您想做什麼？", "不用登入")
	p.Submit("繼續").WantStatus(422).Want("選擇一個答案")
	p = p.Choose("把房子加高或加大").Submit("繼續").Want("土地是不是農地？")
	p = p.Choose("不是").Submit("繼續").Choose("不是").Submit("繼續").Choose("不是").Submit("繼續").Choose("不是").Submit("繼續").Want("土地是您自己的嗎？")
	p = p.Choose("是").Submit("繼續").Want("需要申請建造執照（增建）", "建築法第 25 條", "不是主管機關的決定")
	var back string
	for _, a := range p.Find("dd.govuk-summary-list__actions a") {
		back = a.Attr("href")
		break
	}
	w.anyone().Get(back).Want("您想做什麼？")
	// An answer that belongs to another way is dropped.
	q := w.anyone().Get("/permit-check?what=demolish&half=yes&evil=%3Cscript%3E")
	for _, n := range q.Find("input[type=hidden]") {
		if name := n.Attr("name"); name != "what" && name != "asked" {
			t.Errorf("carries %s on", name)
		}
	}
}

func TestGlossary(t *testing.T) {
	w := lite(t)
	w.anyone().Get("/glossary").Want("建造執照", "Building permit").Fill("找一個詞", "ＳＥＡＬＩＮＧ").Submit("查詢").Want("壓章")
	w.anyone().Get("/glossary?q=zzz").Want("沒有這個詞")
	seen := map[string]bool{}
	for _, x := range Words {
		if x.Word.En == "" || x.Means.Zh == "" || x.Means.En == "" || strings.IndexFunc(x.Word.En+x.Means.En, han) >= 0 {
			t.Errorf("%s is not whole in both languages", x.Word.Zh)
		}
		if seen[x.Word.Zh] || seen[anchor(x)] {
			t.Errorf("%s stands there twice", x.Word.Zh)
		}
		seen[x.Word.Zh], seen[anchor(x)] = true, true
	}
}

func TestThePrivacyNoticeSaysTheSixThingsOfArticle8(t *testing.T) {
	lite(t).anyone().Get("/privacy").Want("個人資料保護法第 8 條", "蒐集的機關", "蒐集的目的", "個人資料的類別", "利用的期間、地區、對象及方式", "您的權利", "不提供的影響", "版本 "+accounts.Terms)
}

func TestTheSiteMapExplainsTheAccessKeysOfTheLayout(t *testing.T) {
	w := lite(t)
	p := w.as(w.person("測試丁", permit.Citizen)).Get("/sitemap")
	for _, g := range p.Find("a[accesskey]") {
		if !p.Has("Alt+" + g.Attr("accesskey")) {
			t.Errorf("the key %s is not explained", g.Attr("accesskey"))
		}
	}
	if len(p.Find("a[accesskey]")) < 4 {
		t.Error("the layout has fewer guides than the page explains")
	}
}

func TestTheManagersAreToldOfAQuestion(t *testing.T) {
	w := lite(t)
	m, other := w.person("測試壬"), w.person("測試辛")
	if err := w.DB.Write(t.Context(), func(tx *store.Tx) error {
		if err := roles.Seat(tx, permit.System, m.Person, "IF0", permit.Manager); err != nil {
			return err
		}
		return roles.Seat(tx, permit.System, other.Person, "IF0", permit.Counter)
	}); err != nil {
		t.Fatal(err)
	}
	w.anyone().Get("/help/question").Fill("姓名", "測試癸").Fill("聯絡電話", "0900000010").Fill("您的問題", "問題").Submit("送出").Want("已收到")
	for person, want := range map[string]int{m.Person: 1, other.Person: 0} {
		if n := look(t, w.DB, func(tx *store.Tx) (int, error) { return notices.Unread(tx, person) }); n != want {
			t.Errorf("%d notices, want %d", n, want)
		}
	}
}
