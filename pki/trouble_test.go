package pki_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"cloudbm/pki"
	"cloudbm/say"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

// TestTroubles: each trouble has a page of its own with a cause, a next step or a link, and the other door; no two are alike.
func TestTroubles(t *testing.T) {
	site := web.NewSite(nil, slog.New(slog.DiscardHandler))
	pki.Doors{Others: []pki.Link{{Text: say.T("備用帳號", "backup account"), URL: "/signin"}}}.Mount(site)
	list := webtest.New(t, site).Get("/card/trouble").WantStatus(200)
	seen := map[string]string{}
	for _, x := range pki.Troubles {
		for _, is := range []string{x.Key, x.Func, x.Cause.Zh, x.Cause.En} {
			if other := seen[is]; other != "" || is == "" {
				t.Errorf("%s and %s are alike: %q", x.Key, other, is)
			}
			seen[is] = x.Key
		}
		list.Want(x.Title.Zh)
		p := webtest.New(t, site).Get(x.TroubleURL()).WantStatus(200).Want(x.Title.Zh, x.Cause.Zh, x.Func, "備用帳號")
		if n := len(p.Find("h1")); n != 1 {
			t.Errorf("%s: %d h1", x.Key, n)
		}
		for _, s := range x.Steps {
			p.Want(s.Zh)
		}
		webtest.New(t, site).Get(x.TroubleURL()+"?lang=en").Want(x.Title.En, x.Cause.En)
	}
	for _, eight := range []string{"popup", "component", "reader", "card", "pin-two", "pin-one", "locked", "expired", "not-yet", "site", "old", "revoked", "cancelled"} {
		if seen[eight] == "" {
			t.Errorf("no page for %s", eight)
		}
	}
	webtest.New(t, site).Get("/card/trouble/none").WantStatus(404).Want("從清單選擇")
}

// TestSigner: S33–S36, and that no form sends the PIN.
func TestSigner(t *testing.T) {
	var b bytes.Buffer
	c := pki.Challenge{Purpose: pki.SignIn, Nonce: "n", Text: "文字\n"}
	sign := pki.Signer(pki.Sign{Room: &pki.Room{}, Challenge: c, Others: []pki.Link{{Text: say.Same("備用帳號"), URL: "/signin"}}})
	if err := sign.Render(templ.InitializeContext(context.Background()), &b); err != nil {
		t.Fatal(err)
	}
	html := b.String()
	var plain strings.Builder
	for i, part := range strings.Split(html, "<") {
		if _, text, ok := strings.Cut(part, ">"); i > 0 && ok {
			plain.WriteString(text)
		}
	}
	for _, want := range []string{"請插入您的憑證並輸入PIN碼(6-8碼)", "PIN：", "請務必安裝最新版本HICOS元件", "若忘記PIN碼或鎖卡，請至各憑證網站處理(自然人憑證/工商憑證)",
		"其他安裝元件與登入問題，詳見常見問題 或 環境檢測網頁 [協助測試]", "沒有指令碼時，用下面的其他方式", "備用帳號"} {
		if !strings.Contains(plain.String(), want) {
			t.Errorf("does not say %q: %s", want, plain.String())
		}
	}
	pin := html[strings.Index(html, `id="card-pin" `)-60:]
	pin = pin[:strings.Index(pin, "data-card-line")]
	if !strings.Contains(pin, `type="password"`) || strings.Contains(pin, "name=") || !strings.Contains(html, `data-card="http://localhost:61161"`) {
		t.Errorf("the PIN: %s", pin)
	}
}

// TestLook: what the component tells the self-test, in words.
func TestLook(t *testing.T) {
	r := &pki.Room{Least: pki.Least{Windows: "1.3.4.103327", Mac: "1.3.4.13"}}
	const windows, mac = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
	for _, x := range []struct {
		agent, said, want string // per line: + fine, - not, . not looked at
		says              string
	}{
		{windows, ``, "...", ""},
		{windows, `{"trouble":"component"}`, "-..", "安裝或啟動"},
		{windows, `{"trouble":"popup"}`, "-..", "彈出視窗"},
		{windows, `{"func":"pkcs11info","ret_code":1979711537}`, "-..", "信任清單"},
		{windows, `{"func":"pkcs11info","serverVersion":"1.3.4.13","slots":[]}`, "-..", "至少要 1.3.4.103327"},
		{mac, `{"func":"pkcs11info","serverVersion":"1.3.4.13","slots":[]}`, "+-.", "接上讀卡機"},
		{windows, `{"func":"pkcs11info","ret_code":1980760067,"serverVersion":"1.3.4.103327"}`, "+-.", "接上讀卡機"},
		{windows, `{"func":"pkcs11info","serverVersion":"1.3.4.103327","slots":[{"slotDescription":"R 0","token":null}]}`, "++-", "插入讀卡機"},
		{windows, `{"func":"pkcs11info","serverVersion":"1.3.4.103327","slots":[{"slotDescription":"R 0","token":"unknown token"}]}`, "++-", "重新插入"},
		{windows, `{"func":"pkcs11info","serverVersion":"1.3.4.103327","slots":[{"slotDescription":"R 0","token":null},{"slotDescription":"R 1","token":{"serialNumber":"TP01000000000011"}}]}`, "+++", "TP01000000000011"},
		{windows, `{`, "-..", "更新元件"},
	} {
		got, says := "", ""
		for _, s := range r.Look(pki.Answer{Said: x.said, Agent: x.agent}) {
			switch {
			case s.OK:
				got += "+"
			case s.Seen:
				got += "-"
			default:
				got += "."
			}
			says += s.Text.Zh
			if s.Seen && !s.OK && s.Trouble == nil {
				t.Errorf("%s: no page for it", x.said)
			}
		}
		if got != x.want || !strings.Contains(says, x.says) {
			t.Errorf("%s: %s %q, want %s %q", x.said, got, says, x.want, x.says)
		}
	}
}
