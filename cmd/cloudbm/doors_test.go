package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"cloudbm/accounts"
	"cloudbm/egov"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web/webtest"
)

// platform is the whole program at an address of its own, where it asks its own stand-in for 我的E政府, over HTTP, who
// somebody is.
type platform struct {
	*house
	t       *testing.T
	door    http.Handler
	forward atomic.Int64 // how far its clock is ahead
}

func openPlatform(t *testing.T, database string, more ...string) *platform {
	t.Helper()
	ctx, data := context.Background(), t.TempDir()
	compiled := filepath.Join(os.TempDir(), "cloudbm-test-pdfium") // compiling the engine takes longer than all else
	if err := errors.Join(os.MkdirAll(compiled, 0o755), os.Symlink(compiled, filepath.Join(data, "pdf-cache"))); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	var c cli
	at := server.Listener.Addr().String()
	if _, err := kong.Must(&c).Parse(append([]string{"serve", "--listen", at, "--data", data, "--database-url", database}, more...)); err != nil {
		t.Fatal(err)
	}
	h, err := build(ctx, &c.Config)
	if err != nil {
		t.Fatal(err)
	}
	p := &platform{house: h, t: t}
	h.db.SetClock(func() time.Time { return time.Now().Add(time.Duration(p.forward.Load())) })
	h.log, h.site.Log = slog.New(slog.DiscardHandler), slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	p.door = h.site.Handler()
	server.Config.Handler = p.door
	server.Start()
	err = errors.Join(h.crew.Start(ctx, h.db, 2, h.log), h.db.Write(ctx, func(tx *store.Tx) error { return errors.Join(egov.Seed(tx), accounts.Seed(tx)) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Close()
		if err := errors.Join(h.crew.Stop(ctx), h.close()); err != nil {
			t.Error(err)
		}
	})
	return p
}

// eachPlatform runs f on both databases.
func eachPlatform(t *testing.T, f func(*platform), more ...string) {
	t.Run("sqlite", func(t *testing.T) { f(openPlatform(t, "", more...)) })
	t.Run("postgres", func(t *testing.T) { f(openPlatform(t, storetest.PostgresURL(t), more...)) })
}

// visitor is a browser; the program's own address is to it the one that tests use.
func (p *platform) visitor() *webtest.Client {
	return webtest.NewFor(p.t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		a := httptest.NewRecorder()
		q.URL.Path, _, _ = strings.Cut(q.URL.Path, "#") // browsers keep that part to themselves
		p.door.ServeHTTP(a, q)
		for k, v := range a.Header() {
			w.Header()[k] = v
		}
		if to, ours := strings.CutPrefix(w.Header().Get("Location"), p.cfg.base()); ours {
			w.Header().Set("Location", webtest.Base+to)
		}
		w.WriteHeader(a.Code)
		_, _ = io.Copy(w, a.Body)
	}))
}

// member goes to a door, signs in at 我的E政府 and comes back.
func (p *platform) member(v *webtest.Client, door, account string) *webtest.Page {
	p.t.Helper()
	return v.Get(door).WantStatus(200).Want("登入後將回到").
		Fill("帳號：", account).Fill("密碼：", egov.DemoPassword).Submit("登入")
}

// in is somebody signed in by 備用帳號.
func (p *platform) in(email, password string) *webtest.Client {
	p.t.Helper()
	v := p.visitor()
	v.Get("/signin").Fill("電子郵件地址", email).Fill("密碼", password).Submit("登錄").WantStatus(200).Want("已用備用帳號登錄")
	return v
}

// letter waits for the newest letter to an address with that subject.
func (p *platform) letter(to, subject string) string {
	p.t.Helper()
	v := p.visitor()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if page := v.Get("/demo/mail?to=" + to); page.Has(subject) {
			return page.Follow(subject).Text()
		}
	}
	p.t.Fatalf("no letter %q to %s", subject, to)
	return ""
}

var sixDigits = regexp.MustCompile(`驗證碼是 ([0-9]{6})`)

func (p *platform) code(to string) string {
	p.t.Helper()
	found := sixDigits.FindStringSubmatch(p.letter(to, "驗證碼"))
	if found == nil {
		p.t.Fatalf("no code for %s", to)
	}
	return found[1]
}

const theirPassword = "Tree47river"

// filled is 基本資料, filled in for that address.
func filled(page *webtest.Page, email string) *webtest.Page {
	return page.Fill("電子郵件地址", email).Fill("密碼", theirPassword).Fill("再輸入一次密碼", theirPassword).Fill("電話", "0900000014")
}

// typedIn is a field of 基本資料.
func typedIn(page *webtest.Page, name string) webtest.Node {
	return page.One("form[action=/backup] input[name=" + name + "]")
}

// TestBackupAccount: S67–S90, from a door that is shut to a signed-in home, with the mistakes people make.
func TestBackupAccount(t *testing.T) {
	eachPlatform(t, func(p *platform) {
		// S67: whoever did not come by 我的E政府 is told what comes first, and can go there.
		stranger := p.visitor().Get("/backup").WantStatus(200).Want("先用我的e政府登錄")
		stranger.Follow("用我的e政府登錄").WantStatus(200).Want("登入後將回到")
		p.in("p1@example.test", accounts.DemoPassword).Get("/backup").WantStatus(200).Want("先用我的e政府登錄")

		// test01 has the address of somebody who has an account here: that proves nothing.
		v := p.visitor()
		page := p.member(v, "/doors/egov", "test01").WantStatus(200).Want("test01", "申請備用帳號", "先進入系統", "用備用帳號登錄")
		if v.Get("/home").Has("測試甲") {
			t.Fatal("the same e-mail address opened somebody's account")
		}
		page = page.Submit("申請備用帳號").WantStatus(200)

		// S68–S79, S81: the fields, and the rules before anything is typed.
		page.Want("基本資料", "我的E政府帳號", "會員類別", "電子郵件地址", "密碼", "再輸入一次密碼", "姓名", "電話", "用途說明", "下一步",
			"電子郵件是將來登入用的備用帳號", "訊息", "確定",
			"\"電子郵件地址\"是未來登入時使用的備用帳號，已申請過的電子郵件地址不能再次使用",
			"\"密碼\"至少8個字 需包含英文大小寫、數字，或特殊字元")
		for name, want := range map[string]string{"account": "test01", "kind": "線上申請"} {
			if f := typedIn(page, name); f.Attr("value") != want || !f.Has("readonly") {
				t.Errorf("%s is %q, to be typed over: %t", name, f.Attr("value"), !f.Has("readonly"))
			}
		}
		if f := typedIn(page, "name"); f.Attr("value") != "測試甲" {
			t.Errorf("the name is %q", f.Attr("value"))
		}
		if n := len(page.Find("main input:not([readonly]):not([type=hidden])")); n > 8 {
			t.Errorf("%d fields to be typed", n) // five are required, three are not
		}

		// One sentence about each thing that is wrong; what was typed stays, passwords do not.
		page = page.Fill("電子郵件地址", "").Fill("密碼", "short").Fill("電話", "").Fill("用途說明", "申請建築執照").Submit("下一步").WantStatus(422).
			Want("輸入電子郵件地址", "8 個字", "輸入電話")
		page = filled(page, "P2@Example.Test").Submit("下一步").WantStatus(422).Want("已申請過") // S80, in any case of letters
		page = page.Fill("電子郵件地址", "p14@example.test").Fill("密碼", theirPassword).Fill("再輸入一次密碼", "Tree47rivers").Submit("下一步").
			WantStatus(422).Want("兩次不一樣")
		for name, want := range map[string]string{"email": "p14@example.test", "phone": "0900000014", "purpose": "申請建築執照", "password": "", "password-again": ""} {
			if got := typedIn(page, name).Attr("value"); got != want {
				t.Errorf("after a refusal %s is %q", name, got)
			}
		}

		// S82–S89: values to look at, nothing to type, and a way back to each.
		page = page.Fill("密碼", theirPassword).Fill("再輸入一次密碼", theirPassword).Fill("組織", "測試建築師事務所").Fill("職稱/身分", "助理").Submit("下一步").WantStatus(200).
			Want("p14@example.test", "測試甲", "0900000014", "測試建築師事務所", "助理", "信箱.姓名.電話 三者無誤，送出申請 然後點確認，備用帳戶已完成申請",
				"項次", "應用系統", "角色", "授權來源", "送出申請", "完成後，直接在我的E政府登錄") // S90
		if n := len(page.Find("main input:not([type=hidden])")); n != 0 {
			t.Errorf("%d fields on the page to check", n)
		}
		if strings.Contains(string(page.Body), theirPassword) {
			t.Error("the password stands in the page")
		}
		if got := typedIn(v.Get("/backup"), "organisation").Attr("value"); got != "測試建築師事務所" {
			t.Errorf("who goes back finds %q", got)
		}

		// S88: two clicks, with the proof that the address is theirs between them.
		page = v.Get("/backup/confirm").Submit("送出申請").WantStatus(200).Want("驗證碼")
		code := p.code("p14@example.test")
		wrong := "000000"
		if code == wrong {
			wrong = "000001"
		}
		page = page.Fill("驗證碼（6 位數）", wrong).Submit("確認").WantStatus(422).Want("這一組不對")
		done := page.Fill("驗證碼（6 位數）", " "+code[:3]+" "+code[3:]).Submit("確認").WantStatus(200)
		if done.URL != "/home" || !done.Has("已完成申請") || !done.Has("測試甲") {
			t.Errorf("it ends at %s:\n%s", done.URL, done.Text())
		}
		if l := p.letter("p1@example.test", "備用帳號申請完成"); !strings.Contains(l, "我的e政府") {
			t.Errorf("the letter does not say which door does what: %s", l)
		}

		// S90: both doors lead to the same person from now on.
		if home := p.member(p.visitor(), "/doors/egov", "test01").WantStatus(200); home.URL != "/home" {
			t.Errorf("who is known comes to %s", home.URL)
		}
		me := p.in("P14@example.test", theirPassword).Get("/me").Want("test01")
		if got := me.One("input[name=backup]").Attr("value"); got != "p14@example.test" {
			t.Errorf("the backup account is %q", got)
		}
		v.Get("/backup").Want("已有")
	})
}

// TestBackupRace: two people who confirm the same address at the same moment: one gets it, the other is told (S80).
func TestBackupRace(t *testing.T) {
	eachPlatform(t, func(p *platform) {
		const mail = "p14@example.test"
		ready := make([]*webtest.Page, 2)
		for i, account := range []string{"test01", "test02"} {
			v := p.visitor()
			page := p.member(v, "/doors/egov", account).Submit("申請備用帳號")
			ready[i] = filled(page, mail).Submit("下一步").WantStatus(200).Submit("送出申請").WantStatus(200)
			subject := "驗證碼"
			for end := time.Now().Add(20 * time.Second); strings.Count(p.visitor().Get("/demo/mail?to="+mail).Text(), subject) <= i; time.Sleep(20 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("no letter")
				}
			}
			ready[i].Fill("驗證碼（6 位數）", p.code(mail)) // the newest one
		}
		after := make([]*webtest.Page, 2)
		var both sync.WaitGroup
		for i, page := range ready {
			both.Go(func() { after[i] = page.Submit("確認") })
		}
		both.Wait()
		got := 0
		for _, page := range after {
			switch {
			case page.Status == 200 && page.Has("已完成申請"):
				got++
			case page.Status != 422 || !page.Has("已申請過"):
				t.Errorf("%d:\n%s", page.Status, page.Text())
			}
		}
		if got != 1 {
			t.Errorf("%d people have the address", got)
		}
	})
}

// TestBackupCode: a code is typed wrong five times at most, is too old after ten minutes, and can be sent anew; what was
// typed waits half an hour.
func TestBackupCode(t *testing.T) {
	eachPlatform(t, func(p *platform) {
		const mail = "p14@example.test"
		v := p.visitor()
		page := filled(p.member(v, "/doors/egov", "test01").Submit("申請備用帳號"), mail).Submit("下一步").Submit("送出申請").WantStatus(200)
		code := p.code(mail)
		for range 5 {
			page = page.Fill("驗證碼（6 位數）", "no code").Submit("確認").WantStatus(422)
		}
		page = page.Fill("驗證碼（6 位數）", code).Submit("確認").WantStatus(422).Want("5 次")
		page.Submit("重寄驗證碼").WantStatus(200)
		p.forward.Add(int64(10*time.Minute + time.Second))
		v.Get("/backup/code").Fill("驗證碼（6 位數）", code).Submit("確認").WantStatus(422).Want("10 分鐘")
		p.forward.Add(int64(20 * time.Minute))
		v.Get("/backup/code").Want("重新填寫", "30 分鐘")
	})
}

// TestBindings: an account of 我的E政府 is bound by who has signed in and leads to them from then on; one that is another's
// is refused with what to do, and the last way in stays.
func TestBindings(t *testing.T) {
	eachPlatform(t, func(p *platform) {
		v := p.in("p3@example.test", accounts.DemoPassword)
		p.member(v, "/doors/egov?bind=1", "test03").WantStatus(200).Want("已綁定我的e政府帳號 test03")
		p.letter("p3@example.test", "多了一種登錄方式")
		page := p.member(p.visitor(), "/doors/egov?next=%2Fme", "test03").WantStatus(200).Want("測試丙")
		if page.URL != "/me" {
			t.Errorf("where somebody was going is lost: %s", page.URL)
		}
		p.member(p.in("p4@example.test", accounts.DemoPassword), "/doors/egov?bind=1", "test03").WantStatus(409).Want("已經綁定在另一個人")

		v.Get("/me").Submit("解除綁定").WantStatus(200).Want("已解除綁定")
		p.letter("p3@example.test", "少了一種登錄方式")
		p.member(p.visitor(), "/doors/egov", "test03").WantStatus(200).Want("還沒有和它綁定的帳號")

		only := p.visitor()
		p.member(only, "/doors/egov", "test05").Submit("先進入系統").WantStatus(200)
		only.Get("/me").Submit("解除綁定").WantStatus(409).Want("唯一的登錄方式")
	})
}

// TestJoin: somebody new at 我的E政府 who has a 備用帳號 binds the two by signing in with it.
func TestJoin(t *testing.T) {
	p := openPlatform(t, "")
	v := p.visitor()
	page := p.member(v, "/doors/egov", "test04").Follow("用備用帳號登錄").Fill("電子郵件地址", "p4@example.test").Fill("密碼", accounts.DemoPassword).Submit("登錄")
	page.WantStatus(200).Want("綁定我的e政府", "test04", "測試丁").Submit("綁定").WantStatus(200).Want("已綁定")
	p.member(p.visitor(), "/doors/egov", "test04").WantStatus(200).Want("測試丁")
}

// TestEGovGoesWrong: a sign-in that was broken off, was answered twice or is another browser's ends in words, with the
// other doors beside them.
func TestEGovGoesWrong(t *testing.T) {
	p := openPlatform(t, "")
	for _, back := range []string{"", "?state=nobody&code=nothing", "?error=access_denied&state=x", "?code=&state=", "?state=%00"} {
		page := p.visitor().Get("/doors/egov/back" + back)
		if page.Status >= 500 && page.Status != 503 || page.Status == 200 {
			t.Errorf("%s is answered %d", back, page.Status)
		}
		page.Want("登錄")
	}
}

// TestEGovIsDown: an identity site that does not answer is a page that says so, with the other doors open, and where
// somebody was going is kept.
func TestEGovIsDown(t *testing.T) {
	shut := httptest.NewServer(nil)
	shut.Close()
	p := openPlatform(t, "", "--egov-issuer="+shut.URL, "--egov-secret=nobody")
	v := p.visitor()
	page := v.Get("/doors/egov?next=%2Fme").WantStatus(503).Want("我的e政府", "其他登錄方式")
	page = page.Follow("其他登錄方式").WantStatus(200).Want("備用帳號").Follow("登錄 ：備用帳號")
	page = page.Fill("電子郵件地址", "p1@example.test").Fill("密碼", accounts.DemoPassword).Submit("登錄").WantStatus(200)
	if page.URL != "/me" {
		t.Errorf("by another door one comes to %s", page.URL)
	}
}

// TestTicketStyle: the older way in ends at the same places.
func TestTicketStyle(t *testing.T) {
	p := openPlatform(t, "", "--egov-style=ticket")
	v := p.visitor()
	p.member(v, "/doors/egov?next=%2Fme", "test06").WantStatus(200).Want("test06").Submit("先進入系統").WantStatus(200)
	if page := p.member(p.visitor(), "/doors/egov?next=%2Fme", "test06").WantStatus(200); page.URL != "/me" || !page.Has("test06") {
		t.Errorf("%s:\n%s", page.URL, page.Text())
	}
}

// TestLandingOfThePlatform: S16–S28 with every door open that the program has by itself.
func TestLandingOfThePlatform(t *testing.T) {
	p := openPlatform(t, "")
	v := p.visitor()
	page := v.Get("/").WantStatus(200).Want("資訊系統雲端平台", "試營運", "系統公告", "我的e政府", "全民健保卡", "備用帳號",
		"帳號申請說明", "想使用健保卡登錄", "使用備用帳號登錄")
	for i, colour := range []string{"green", "orange", "blue"} {
		if tile := page.Find(".door")[i]; !strings.Contains(tile.Attr("class"), "door--"+colour) || !strings.Contains(tile.Text(), "登錄") {
			t.Errorf("tile %d: %s %s", i+1, tile.Attr("class"), tile.Text())
		}
	}
	apply := page.Follow("帳號申請說明").WantStatus(200).Want("帳號申請流程簡介", "申請『我的e政府』帳號", "使用『我的e政府帳號』申請『備用帳號』", "使用『我的e政府帳號』登錄", "點選申請", "如何申請")
	apply.Follow("Step 1. 申請『我的e政府』帳號：點選申請").WantStatus(200).Want("會員")
	apply.Want("Step 2. 使用『我的e政府帳號』申請『備用帳號』：點選申請", "無法開始") // S28: not before Step 1.
	home := p.member(v, "/doors/egov", "test07").Submit("先進入系統").WantStatus(200)
	v.Get("/apply").WantStatus(200).Follow("Step 2. 使用『我的e政府帳號』申請『備用帳號』：點選申請").WantStatus(200).Want("基本資料")
	home.Submit("登出")
	if tile := v.Get("/").Find(".door")[0]; !strings.Contains(tile.Text(), "上次使用") {
		t.Errorf("the door used last is not marked: %s", tile.Text())
	}
}
