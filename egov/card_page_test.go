package egov_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"cloudbm/egov"
	"cloudbm/pki"
	"cloudbm/sim/card"
	"cloudbm/store"
	"cloudbm/web/webtest"
)

// slot is a card in a reader: it signs what a page asks for, as the component brings it back.
type slot struct {
	t    *testing.T
	key  *ecdsa.PrivateKey
	cert []byte
}

// authority opens an authority whose cards the stand-in trusts.
func (p *place) authority() *card.CA {
	p.t.Helper()
	ca, err := card.NewCA(p.t.TempDir(), "http://127.0.0.1:1", p.now)
	if err != nil {
		p.t.Fatal(err)
	}
	anchors := &pki.Anchors{}
	if err := anchors.Add(ca.Anchors()); err != nil {
		p.t.Fatal(err)
	}
	p.stand.Cards.Anchors, p.stand.Cards.Unreachable = anchors, pki.AcceptAndNote
	return ca
}

func (p *place) slot(ca *card.CA, h card.Holder) slot {
	p.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		p.t.Fatal(err)
	}
	x, err := ca.Issue(h, key.Public(), p.now.AddDate(-1, 0, 0), p.now.AddDate(4, 0, 0), nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return slot{p.t, key, x.Raw}
}

// signs sends the form of a card with what the card makes of its challenge.
func (s slot) signs(page *webtest.Page, fields ...string) (form url.Values) {
	s.t.Helper()
	form = url.Values{"for": {page.One("input[name=for]").Attr("value")}, "card-text": {page.One("[data-card] input[name=card-text]").Attr("value")}}
	text, err := base64.StdEncoding.DecodeString(form.Get("card-text"))
	if err != nil {
		s.t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	signature, err := s.key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		s.t.Fatal(err)
	}
	said, err := json.Marshal(map[string]any{"func": "sign", "ret_code": 0, "signature": base64.StdEncoding.EncodeToString(signature),
		"certb64": base64.StdEncoding.EncodeToString(s.cert), "serverVersion": "1.3.4.103327"})
	if err != nil {
		s.t.Fatal(err)
	}
	form.Set("card-said", string(said))
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return form
}

// TestCardPages: S33, S39, S41, S113. Binding, signing in, enabling and a new password, each by what the card signed.
func TestCardPages(t *testing.T) {
	p := open(t)
	ca := p.authority()
	mine, other := p.slot(ca, card.Holders[0]), p.slot(ca, card.Holders[1])
	c := p.in("test01")
	c.Get("/egov/me").Follow("憑證帳號綁定").WantStatus(200).
		Want("自然人憑證/工商憑證/組織及團體憑證—請到我的e政府->會員資料管理->憑證帳號綁定，然後使用我的e政府登錄", "目前沒有資料")
	c.Post("/egov/card", other.signs(c.Get("/egov/card?for=bind"))).WantStatus(403).Want("用您自己的自然人憑證")
	c.Post("/egov/card", mine.signs(c.Get("/egov/card?for=bind"))).WantStatus(200).Want("憑證已綁定", "自然人憑證", "測試甲")

	v := p.visitor()
	form := mine.signs(v.Get("/egov/"))
	v.Post("/egov/card", form).WantStatus(200).Want("會員中心", "測試甲", "這次登入方式 憑證")
	p.visitor().Post("/egov/card", form).WantStatus(422).Want("在這一頁再讀一次卡") // what was signed serves once
	p.visitor().Post("/egov/card", other.signs(p.visitor().Get("/egov/"))).WantStatus(404).Want("還沒有綁定任何帳號")
	// What was signed to enable does not sign in, and the other way round.
	p.visitor().Post("/egov/card", mine.signs(v.Get("/egov/card?for=enable"), "for", "signin")).WantStatus(422).Want("在這一頁再讀一次卡")

	lock(p, "test02")
	v.Post("/egov/card", mine.signs(v.Get("/egov/card?for=enable"), "account", "test02")).WantStatus(403).Want("這張憑證和帳號不相符")
	v.Post("/egov/card", other.signs(v.Get("/egov/card?for=enable"))).WantStatus(422).Want("輸入帳號")
	v.Post("/egov/card", other.signs(v.Get("/egov/card?for=enable"), "account", "test02")).WantStatus(200).Want("帳號已啟用")
	page := v.Post("/egov/card", other.signs(v.Get("/egov/card?for=reset"), "account", "test02")).WantStatus(200).Want("重設密碼", "test02")
	page.Fill("設定密碼", "River47tree").Fill("確認密碼", "River47tree").Submit("重設密碼").WantStatus(200).Want("密碼已重設")
	signIn(p.visitor().Get("/egov/"), "test02", "River47tree").WantStatus(200).Want("測試乙")

	c.Get("/egov/me/cards").Submit("解除綁定").WantStatus(200).Want("已解除綁定", "目前沒有資料")
	p.visitor().Post("/egov/card", mine.signs(p.visitor().Get("/egov/"))).WantStatus(404)
}

// TestCardToSystem: a system that wants a card gets the verified national ID by it, through the page of the card.
func TestCardToSystem(t *testing.T) {
	p := open(t)
	mine := p.slot(p.authority(), card.Holders[0])
	c := p.in("test01")
	c.Post("/egov/card", mine.signs(c.Get("/egov/card?for=bind"))).WantStatus(200)
	v := p.visitor()
	page := v.Get(authorize(url.Values{"acr_values": {"3"}})).Want("憑證登入")
	back := v.Post("/egov/card", mine.signs(page, "next", page.One("input[name=next]").Attr("value"))).URL
	if got := p.learnt(back); got["national_id"] != "D123000011" || got["acr"] != "3" {
		t.Errorf("%v", got)
	}
}

// TestCardTroubles: every way in which a card can fail is said in words, with what to do and another way in; nothing is
// kept of it.
func TestCardTroubles(t *testing.T) {
	p := open(t)
	ca := p.authority()
	mine, firm := p.slot(ca, card.Holders[0]), p.slot(ca, card.Holders[10])
	stranger, err := card.NewCA(t.TempDir(), "http://127.0.0.1:1", p.now)
	if err != nil {
		t.Fatal(err)
	}
	fake := p.slot(stranger, card.Holders[0])
	p.do(func(tx *store.Tx) error {
		x, err := pki.Parse(mine.cert)
		if err != nil {
			return err
		}
		return egov.BindCard(tx, p.memberIn(tx, "test01"), egov.Certificate{Kind: x.Kind, Name: x.Name, Fingerprint: x.Fingerprint})
	})
	v := p.visitor()
	try := func(what, says, said string) {
		t.Helper()
		form := mine.signs(v.Get("/egov/"))
		form.Set("card-said", said)
		page := v.Post("/egov/card", form).WantStatus(422).Want(says, "帳號登入", "沒有帶卡，或卡片不能用？")
		if page.One("h1").Text() != "憑證登入" || page.One("[data-card] input[name=card-text]").Attr("value") == form.Get("card-text") {
			t.Errorf("%s: the page is no page to try again on", what)
		}
	}
	for what, x := range map[string][2]string{
		"no script":    {"允許這個網站執行指令碼", ""},
		"no pop-up":    {"允許這個網站的彈出視窗", `{"trouble":"popup"}`},
		"no component": {"尚未安裝元件", `{"trouble":"component"}`},
		"closed":       {"讓它自己關閉", `{"trouble":"closed"}`},
		"no reader":    {"接上讀卡機", `{"func":"sign","ret_code":1980760067}`},
		"no card":      {"把憑證卡插入讀卡機", `{"func":"sign","ret_code":1979711494}`},
		"wrong PIN":    {"再輸入一次 PIN 碼", `{"func":"sign","ret_code":1980760070,"last_error":160}`},
		"one try left": {"只剩 1 次機會", `{"func":"sign","ret_code":1980760070,"last_error":-2147483647}`},
		"locked":       {"先把卡片解鎖", `{"func":"sign","ret_code":1980760070,"last_error":164}`},
		"cancelled":    {"您取消了", `{"func":"sign","ret_code":1979713945}`},
		"expired":      {"這張已經過期", `{"func":"sign","ret_code":1984954370}`},
		"no site":      {"加入元件的信任清單", `{"func":"sign","ret_code":1979711537}`},
		"nonsense":     {"更新元件", `{"func":`},
		"no signature": {"收到的簽章驗不過", `{"func":"sign","ret_code":0,"signature":"AAAA"}`},
	} {
		try(what, x[0], x[1])
	}
	v.Post("/egov/card", fake.signs(v.Get("/egov/"))).WantStatus(422).Want("不是由本系統信任")
	v.Post("/egov/card", firm.signs(v.Get("/egov/card?for=enable"), "account", "test01")).WantStatus(422).Want("換成這裡要用的那一種憑證")
	late := mine.signs(v.Get("/egov/"))
	p.now = p.now.Add(11 * time.Minute)
	v.Post("/egov/card", late).WantStatus(422).Want("在這一頁再讀一次卡")
	p.now = p.now.AddDate(5, 0, 0)
	v.Post("/egov/card", mine.signs(v.Get("/egov/"))).WantStatus(422).Want("這張已經過期")
	if page := v.Get("/egov/me"); page.URL != "/egov/" {
		t.Errorf("somebody is signed in: %s", page.URL)
	}
}

// TestNoAnchors: where no authority is trusted, a card is refused in words.
func TestNoAnchors(t *testing.T) {
	p := open(t)
	ca := p.authority()
	mine := p.slot(ca, card.Holders[0])
	p.stand.Cards.Anchors = nil
	v := p.visitor()
	v.Post("/egov/card", mine.signs(v.Get("/egov/"))).WantStatus(503).Want("這裡還沒有開放憑證", "帳號登入")
}
