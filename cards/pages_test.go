package cards_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/accounts/accountstest"
	"cloudbm/cards"
	"cloudbm/doors"
	"cloudbm/factors"
	"cloudbm/openid"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/seals/sealstest"
	"cloudbm/sso"
	"cloudbm/store"
	"cloudbm/web/webtest"
)

// desk is the platform with cards, and what people were told.
type desk struct {
	*accountstest.Place
	cards *sealstest.Cards
	told  []string
}

func openDesk(t *testing.T) *desk {
	d := &desk{Place: accountstest.Open(t)}
	d.Site.Who = roles.Who(d.DB)
	d.cards = sealstest.New(t, d.DB)
	accounts.Mount(d.Site)
	factors.Room{}.Mount(d.Site)
	roles.Mount(d.Site)
	sso.Room{Local: true}.Mount(d.Site)
	(&cards.Room{DB: d.DB, Cards: d.cards.Room, Tell: func(_ *store.Tx, _ string, title, body say.Text, url string) error {
		d.told = append(d.told, title.Zh+"｜"+body.Zh+"｜"+url)
		return nil
	}}).Mount(d.Site)
	d.Do(roles.Seed)
	return d
}

// reads has the card read on the page.
func (d *desk) reads(c *webtest.Client, card sealstest.Card) *webtest.Page {
	d.T.Helper()
	text, err := base64.StdEncoding.DecodeString(c.Get("/bls/cards").One("[data-card] input[name=card-text]").Attr("value"))
	if err != nil {
		d.T.Fatal(err)
	}
	a := card.Signs(string(text))
	return c.Post("/bls/cards/read", url.Values{"card-text": {base64.StdEncoding.EncodeToString([]byte(a.Text))}, "card-said": {a.Said}})
}

// tells fails the test unless the only letter since the last question begins so; "" if there has to be none.
func (d *desk) tells(want string) {
	d.T.Helper()
	if len(d.told) > 1 || want == "" && len(d.told) > 0 || want != "" && (len(d.told) == 0 || !strings.HasPrefix(d.told[0], want)) {
		d.T.Errorf("told %q, want %q", d.told, want)
	}
	d.told = nil
}

func numbers(page *webtest.Page) (out []string) {
	for _, n := range page.Find("input") {
		if strings.HasPrefix(n.Attr("id"), "number-") {
			out = append(out, n.Attr("value"))
		}
	}
	return out
}

// TestPage: S142–S146 as a visitor without script sees them: the rows, what is typed, all of it or nothing.
func TestPage(t *testing.T) {
	d := openDesk(t)
	c := d.In("p1@example.test")
	page := c.Get("/bls/cards").WantStatus(200).Want("憑證註冊作業", "功能編號:BLS11000", "選註冊的憑證", "憑證類別", "憑證序號", "憑證序號是卡片上的條碼序號", "儲存", "讀卡並註冊")
	var kinds []string
	for _, n := range page.Find("tbody tr") {
		kinds = append(kinds, strings.Fields(n.Text())[0])
	}
	if got := strings.Join(kinds, " "); got != "自然人憑證 自然人憑證 工商憑證 組織及團體憑證" {
		t.Errorf("rows: %s", got)
	}
	page.Submit("儲存").WantStatus(422).Want("填寫憑證序號，或讀卡註冊")

	// One of two is wrong: nothing is kept, everything typed stands where it was.
	first, second, third := "第 1 列，自然人憑證的憑證序號", "第 2 列，自然人憑證的憑證序號", "第 3 列，工商憑證的憑證序號"
	page = c.Get("/bls/cards").Fill(first, "tp01 0000 0000 0011").Fill(second, "3a:5f:00:c1:9b:2d:4e:6f:8a:7b").Fill(third, "mo01").Submit("儲存").
		WantStatus(422).Want("有 2 個地方要修正", "填卡片條碼下方的號碼：這看起來是憑證本身的序號，不是卡號", "兩個英文字母，後面 14 或 16 個")
	if got := strings.Join(numbers(page), "|"); got != "tp01 0000 0000 0011|3a:5f:00:c1:9b:2d:4e:6f:8a:7b|mo01|" {
		t.Errorf("what was typed: %s", got)
	}
	if at := page.One("#number-1").Attr("aria-describedby"); at != "number-1-error" {
		t.Errorf("the second row is not marked: %q", at)
	}
	if c.Get("/bls/cards").Has("讀卡一次即驗證") || len(numbers(c.Get("/bls/cards"))) != 4 {
		t.Error("something was kept of a page that was refused")
	}
	page = page.Fill(second, "TP02 0000 0000 0011").Fill(third, "").Submit("儲存").WantStatus(200).Want("已儲存", "TP01000000000011", "TP02000000000011")
	if n := strings.Count(page.Whole(), "讀卡一次即驗證"); n != 2 {
		t.Errorf("%d numbers are unverified", n)
	}
	if got := len(numbers(page)); got != 3 {
		t.Errorf("%d rows to type into: one of each kind has to stay", got)
	}
	page.Fill(first, "TPO1000000000011").Submit("儲存").WantStatus(422).Want("這個號碼已經在您的清單裡：TP01000000000011")
	d.tells("")
	page = c.Get("/bls/cards").Submit("移除TP02000000000011").WantStatus(200).Want("已移除憑證序號 TP02000000000011")
	page.Want("以前註冊的憑證（1）")
}

// TestReading: a card is read, verified, renewed, warned of and removed; each is told and stands in the audit record.
func TestReading(t *testing.T) {
	d := openDesk(t)
	c, mine := d.In("p1@example.test"), d.cards.Card("測試甲")
	c.Get("/bls/cards").Fill("第 1 列，自然人憑證的憑證序號", mine.Holder.Number).Submit("儲存").WantStatus(200).Want("未驗證")
	page := d.reads(c, mine).WantStatus(200).Want("已驗證並註冊自然人憑證 TP01000000000011", "身分證號後四碼：0011", "憑證本身的序號（X.509）", "指紋（SHA-256）", "最近使用", "有效到 民國119年11月23日")
	if page.Has("讀卡一次即驗證") {
		t.Error("still unverified")
	}
	d.tells("已驗證並註冊自然人憑證 TP01000000000011｜如果不是您本人註冊的")
	d.reads(c, mine).WantStatus(200).Want("這張自然人憑證已經註冊：TP01000000000011")
	d.tells("")
	d.reads(c, d.cards.Issue(mine.Holder)).WantStatus(200).Want("已換成新的自然人憑證 TP01000000000011", "以前註冊的憑證（2）", "換成新的憑證")
	d.tells("已換成新的自然人憑證 TP01000000000011")

	// Another's card says nothing of the other account.
	guild := d.cards.Card("測試建築師公會")
	d.reads(d.In("p2@example.test"), guild).WantStatus(200).Want("已註冊組織及團體憑證 XC01000000000001")
	d.tells("已註冊組織及團體憑證")
	page = d.reads(c, guild).WantStatus(409).Want("用還沒有註冊的憑證：這張憑證已註冊在另一個帳號")
	if page.Has("測試乙") || page.Has("p2@") {
		t.Error("it says whose account")
	}
	d.reads(c, d.cards.Card("測試乙")).WantStatus(403).Want("用您本人的自然人憑證")
	d.tells("")

	// Removing it asks for a proof of today, in words about cards, and leads back.
	d.Now = d.Now.Add(11 * time.Minute)
	page = c.Get("/bls/cards").Submit("移除TP01000000000011").WantStatus(200).Want("確認")
	if page.URL != "/me/confirm?next=%2Fbls%2Fcards" {
		t.Fatalf("removing without a proof leads to %s", page.URL)
	}
	page = page.Fill("密碼", accounts.DemoPassword).Submit("用密碼確認").WantStatus(200)
	if page.URL != "/bls/cards" {
		t.Fatalf("after the proof: %s", page.URL)
	}
	page.Submit("移除TP01000000000011").WantStatus(200).Want("已移除自然人憑證 TP01000000000011；以前用它壓的章仍然有效", "以前註冊的憑證（3）")
	d.tells("已移除自然人憑證 TP01000000000011")

	var acts []string
	d.Do(func(tx *store.Tx) error {
		p, err := accounts.ByEmail(tx, "p1@example.test")
		if err != nil {
			return err
		}
		all, err := accounts.Entries(tx, accounts.Search{Person: p.ID, What: "card", Limit: 50})
		for _, e := range all {
			if strings.HasPrefix(e.What, "card.") {
				acts = append(acts, e.What)
			}
			if name := accounts.ActName(e.What); name.Zh == e.What {
				t.Errorf("%s has no name", e.What)
			}
		}
		return err
	})
	for _, want := range []string{"card.type", "card.verify", "card.renew", "card.remove"} {
		if !strings.Contains(strings.Join(acts, " "), want) {
			t.Errorf("the audit record has %v, not %s", acts, want)
		}
	}
}

// TestEnding: what the page says of a card that ends.
func TestEnding(t *testing.T) {
	d := openDesk(t)
	d.reads(d.In("p1@example.test"), d.cards.Card("測試甲")).WantStatus(200).Want("已驗證")
	until := d.Now.AddDate(4, 0, 0)
	for _, row := range []struct {
		at   time.Time
		says string
	}{{until.AddDate(0, 0, -91), "已驗證"}, {until.AddDate(0, 0, -90), "即將到期 再 90 天到期"}, {until.AddDate(0, 0, -1), "即將到期 再 1 天到期"},
		{until.Add(-time.Second), "即將到期 今天到期"}, {until, "已過期 憑證已過期，不能再壓章"}} {
		d.Now = row.at
		d.In("p1@example.test").Get("/bls/cards").WantStatus(200).Want(row.says)
	}
}

// TestVouched: an ID that 我的E政府 has verified counts, whatever the profile says or does not ask.
func TestVouched(t *testing.T) {
	d := openDesk(t)
	p3 := d.In("p3@example.test")
	d.reads(p3, d.cards.Card("測試丙")).WantStatus(409).Want("先用我的E政府登錄一次", "看登錄方式")
	bind := func(email, id string) {
		d.Do(func(tx *store.Tx) error {
			p, err := accounts.ByEmail(tx, email)
			if err != nil {
				return err
			}
			by := permit.Actor{Person: p.ID, Name: p.Name}
			all, err := accounts.Sessions(tx, p.ID)
			if err != nil {
				return err
			}
			by.Session = all[0].ID
			return doors.Bind(tx, by, openid.Identity{Issuer: "https://egov.example", Subject: email, Level: "3", NationalID: id})
		})
	}
	bind("p3@example.test", "F223000030")
	d.reads(p3, d.cards.Card("測試丙")).WantStatus(200).Want("已註冊自然人憑證 TP01000000000030")
	p2 := d.In("p2@example.test")
	bind("p2@example.test", "F223000030")
	d.reads(p2, d.cards.Card("測試乙")).WantStatus(403).Want("後四碼和我的E政府核驗過的身分證號不同")
}
