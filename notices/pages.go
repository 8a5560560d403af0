package notices

import (
	"net/url"
	"regexp"
	"time"

	"cloudbm/factors"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
	"cloudbm/web/parts"
)

// Mount opens the doors of the room.
func Mount(s *web.Site) {
	s.Handle("GET /bls/notices", web.SignedIn, showInbox)
	s.Handle("GET /bls/notices/{id}", web.SignedIn, showNotice)
	s.Handle("POST /bls/notices/read", web.SignedIn, postRead)
	s.Handle("GET /bls/notices/settings", web.SignedIn, showWishes)
	s.Handle("POST /bls/notices/settings", web.SignedIn, postWishes)
	s.Handle("GET /admin/letters", admin, showLetters)
	s.Handle("POST /admin/letters/{id}", admin, postLetter)
	s.Handle("GET /demo/mail", web.Anyone, demo(showShelf))
	s.Handle("GET /demo/mail/{id}", web.Anyone, demo(showShelved))
}

func admin(a permit.Actor) error {
	if err := factors.AtWork(a); err != nil {
		return err
	}
	if !a.Admin {
		return fault.Of(fault.Forbidden, "系統管理者才能查看信件", "Only a system administrator can see letters").To("回首頁", "Go to the home page", "/bls")
	}
	return nil
}

// demo keeps a door shut in production.
func demo(h web.Handler) web.Handler {
	return func(r *web.Request) error {
		if r.Site.Production {
			return fault.Of(fault.NotFound, "示範信箱只在示範環境開放；到您自己的信箱收信", "The demonstration mailbox is open only in the demonstration. Look in your own mailbox").To("回首頁", "Go to the home page", "/")
		}
		return h(r)
	}
}

const perPage = 20

var (
	homeCrumb  = web.Crumb{Text: say.T("線上申請", "Online application"), URL: "/bls"}
	inboxCrumb = web.Crumb{Text: say.T("通知", "Notices"), URL: "/bls/notices"}
)

type inboxPage struct {
	Notices             []Kept
	Unread, Page, Pages int
	Base                url.URL
}

func showInbox(r *web.Request) error {
	p := inboxPage{Page: page1(r.Form().Get("page")), Base: *r.URL}
	err := r.Look(func(tx *store.Tx) error {
		n, err := countNotices(tx, r.Actor.Person)
		if err != nil {
			return err
		}
		p.Pages = max(1, (n+perPage-1)/perPage)
		p.Page = min(p.Page, p.Pages)
		if p.Unread, err = countUnread(tx, r.Actor.Person); err != nil {
			return err
		}
		p.Notices, err = inbox(tx, r.Actor.Person, perPage, (p.Page-1)*perPage)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: say.T("通知", "Notices"), Func: "BLS18100", Crumbs: []web.Crumb{homeCrumb, {Text: inboxCrumb.Text}}}, inboxBody(p))
}

// page1 reads a page number; what is none is the first page.
func page1(s string) int {
	n := 0
	for _, c := range s {
		if c < '0' || c > '9' || n > 1e6 {
			return 1
		}
		n = n*10 + int(c-'0')
	}
	return max(n, 1)
}

func showNotice(r *web.Request) error {
	var k Kept
	err := r.Do(func(tx *store.Tx) (err error) {
		k, err = Open(tx, r.Actor, r.PathValue("id"))
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: k.Title, Func: "BLS18110", Crumbs: []web.Crumb{homeCrumb, inboxCrumb, {Text: k.Title}}}, noticeBody(k))
}

func noticeRows(k Kept) []parts.Row {
	rows := []parts.Row{{Key: say.T("時間", "Time"), Rich: words(When(k.Created))}}
	if k.Serial != "" {
		rows = append(rows, parts.Row{Key: say.T("案件序號", "Case"), Value: k.Serial})
	}
	if !k.Todo.Empty() {
		rows = append(rows, parts.Row{Key: say.T("您要做的事", "What to do"), Rich: words(k.Todo)})
	}
	if !k.Due.IsZero() {
		rows = append(rows, parts.Row{Key: say.T("期限", "By"), Rich: words(k.Due.Text())})
	}
	return append(rows, parts.Row{Key: say.T("電子郵件", "Mail"), Rich: words(k.Mail.text())})
}

func (m Mailed) text() say.Text {
	switch m.State {
	case waiting:
		return say.T("寄送中", "On its way")
	case delivered:
		return say.F("已寄出（%s）", "Sent (%s)", When(m.At))
	case failed:
		return say.T("寄不出去，檢查您的電子郵件地址", "Could not be sent. Check your e-mail address")
	}
	return say.T("依您的設定沒有寄信", "Not by mail, as you chose")
}

func postRead(r *web.Request) error {
	if err := r.Do(func(tx *store.Tx) error { return MarkRead(tx, r.Actor, r.Form().All("id")...) }); err != nil {
		return err
	}
	r.Flash(say.T("已標示為已讀", "Marked as read"))
	return r.Redirect("/bls/notices")
}

func showWishes(r *web.Request) error {
	var off map[Kind]bool
	if err := r.Look(func(tx *store.Tx) (err error) { off, err = mailOff(tx, r.Actor.Person); return err }); err != nil {
		return err
	}
	t := say.T("通知設定", "Notice settings")
	return r.Draw(web.Page{Title: t, Func: "BLS18120", Crumbs: []web.Crumb{homeCrumb, inboxCrumb, {Text: t}}}, wishesBody(off))
}

func wishes(off map[Kind]bool) parts.Choice {
	c := parts.Choice{Name: "mail", Legend: say.T("寄到電子郵件的通知", "Notices that come by mail")}
	for _, k := range Kinds {
		c.Options = append(c.Options, parts.Option{Value: string(k), Text: k.Name(), Checked: !off[k]})
	}
	return c
}

func postWishes(r *web.Request) error {
	var on []Kind
	for _, k := range r.Form().All("mail") {
		on = append(on, Kind(k))
	}
	if err := r.Do(func(tx *store.Tx) error { return Wish(tx, r.Actor, on) }); err != nil {
		return err
	}
	r.Flash(say.T("設定已存檔", "Settings saved"))
	return r.Redirect("/bls/notices/settings")
}

func showLetters(r *web.Request) error {
	var letters []kept
	err := r.Look(func(tx *store.Tx) (err error) {
		letters, err = undelivered(tx, tx.Now.Add(-10*time.Minute), 200)
		return err
	})
	if err != nil {
		return err
	}
	t := say.T("未送達的信件", "Letters that did not arrive")
	return r.Draw(web.Page{Title: t, Func: "SYS18100", Crumbs: []web.Crumb{homeCrumb, {Text: t}}}, lettersBody(letters))
}

func (l kept) stateText() say.Text {
	if l.State == failed {
		return say.T("寄不出去", "Could not be sent")
	}
	return say.T("等待寄送", "Waiting")
}

func (l kept) colour() string {
	if l.State == failed {
		return "red"
	}
	return "yellow"
}

func postLetter(r *web.Request) error {
	if err := r.Do(func(tx *store.Tx) error { return TryAgain(tx, r.Actor, r.PathValue("id")) }); err != nil {
		return err
	}
	r.Flash(say.T("信件已排入寄送", "The letter will be sent again"))
	return r.Redirect("/admin/letters")
}

var demoCrumb = web.Crumb{Text: say.T("示範信箱", "Demonstration mailbox"), URL: "/demo/mail"}

func showShelf(r *web.Request) error {
	var letters []Shelved
	err := r.Look(func(tx *store.Tx) (err error) {
		letters, err = Newest(tx, r.Form().Get("to"), 100)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: demoCrumb.Text, Func: "SYS18900", Crumbs: []web.Crumb{{Text: demoCrumb.Text}}}, shelfBody(letters))
}

func shelfRows(letters []Shelved) (rows [][]parts.Cell) {
	for _, s := range letters {
		rows = append(rows, []parts.Cell{{Text: s.Subject, URL: "/demo/mail/" + s.ID}, {Text: s.To}, {Rich: words(When(s.At.Time))}})
	}
	return rows
}

func showShelved(r *web.Request) error {
	var s Shelved
	if err := r.Look(func(tx *store.Tx) (err error) { s, err = fromShelf(tx, r.PathValue("id")); return err }); err != nil {
		return err
	}
	return r.Draw(web.Page{Title: say.Same(s.Subject), Func: "SYS18900", Crumbs: []web.Crumb{demoCrumb, {Text: say.Same(s.Subject)}}}, shelvedBody(s))
}

// linked cuts a text into words and links, so that the links of a letter can be followed.
func linked(text string) (out []piece) {
	for text != "" {
		at := address.FindStringIndex(text)
		if at == nil {
			return append(out, piece{Text: text})
		}
		out = append(out, piece{Text: text[:at[0]]}, piece{Text: text[at[0]:at[1]], Link: text[at[0]:at[1]]})
		text = text[at[1]:]
	}
	return out
}

type piece struct{ Text, Link string }

var address = regexp.MustCompile(`https?://[!-~]+`)
