package portal

import (
	"context"
	"io"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"cloudbm/fault"
	"cloudbm/notices"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
	"cloudbm/web/parts"
)

// Announcements is the panel 系統公告 (S18) for the page of another room: what is seen now, newest first. It reads for
// itself; if it cannot, it says so and leaves the page standing.
func (p *Portal) Announcements(ctx context.Context) templ.Component {
	return templ.ComponentFunc(func(inner context.Context, w io.Writer) error {
		var news []Announcement
		if err := p.look(ctx, func(tx *store.Tx) (err error) { news, err = Current(tx, 5); return err }); err != nil {
			return parts.Empty(say.T("公告暫時讀不到，稍後重新整理。", "Announcements cannot be read at the moment. Refresh later.")).Render(inner, w)
		}
		return announcements(news).Render(inner, w)
	})
}

func (p *Portal) newsDoors(s *web.Site) {
	s.Handle("GET /news", web.Anyone, showNews)
	s.Handle("GET /news/{id}", web.Anyone, showAnnouncement)
	s.Handle("GET /admin/news", keepers, showKept)
	s.Handle("GET /admin/news/new", keepers, func(r *web.Request) error { return drawNews(r, newForm(r), nil) })
	s.Handle("POST /admin/news", keepers, postNews)
	s.Handle("GET /admin/news/{id}", keepers, editNews)
	s.Handle("POST /admin/news/{id}", keepers, postNews)
	s.Handle("POST /admin/news/{id}/end", keepers, endNews)
}

var newsCrumb = web.Crumb{Text: say.T("系統公告", "Announcements"), URL: "/news"}
var keptCrumb = web.Crumb{Text: say.T("維護系統公告", "Keep announcements"), URL: "/admin/news"}

func showNews(r *web.Request) error {
	var news []Announcement
	if err := r.Look(func(tx *store.Tx) (err error) { news, err = Current(tx, 200); return err }); err != nil {
		return err
	}
	return r.Draw(web.Page{Title: newsCrumb.Text, Func: "CPT20000", Crumbs: crumbs(newsCrumb.Text)}, newsBody(news))
}

func showAnnouncement(r *web.Request) error {
	var a Announcement
	err := r.Look(func(tx *store.Tx) (err error) {
		if a, err = announcementByID(tx, r.PathValue("id")); err == nil && !a.Shown(tx.Now) && mayKeep(r.Actor, a.Authority) != nil {
			err = fault.Of(fault.NotFound, "這則公告已經結束", "This announcement is over").To("看現在的公告", "Read the present announcements", "/news")
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: a.Title, Func: "CPT20010", Crumbs: crumbs(a.Title, newsCrumb)}, announcementBody(a))
}

func showKept(r *web.Request) error {
	var news []Announcement
	var now time.Time
	err := r.Look(func(tx *store.Tx) (err error) {
		news, err = allAnnouncements(tx, 500)
		now = tx.Now
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(web.Page{Title: keptCrumb.Text, Func: "SYS20000", Wide: true, Crumbs: crumbs(keptCrumb.Text)}, keptBody(keptRows(r.Context(), r.Actor, news, now)))
}

func keptRows(ctx context.Context, by permit.Actor, news []Announcement, now time.Time) (rows [][]parts.Cell) {
	for _, a := range news {
		title := parts.Cell{Text: a.Title.Here(ctx), URL: "/news/" + a.ID}
		if mayKeep(by, a.Authority) == nil {
			title.URL = "/admin/news/" + a.ID
		}
		rows = append(rows, []parts.Cell{title, {Rich: words(a.Kind.Name())}, {Rich: words(a.Office())},
			{Rich: words(notices.When(a.From))}, {Rich: words(ends(a.Until))}, {Rich: parts.Tag(a.stage(now))}})
	}
	return rows
}

func ends(t time.Time) say.Text {
	if t.IsZero() {
		return say.T("到取下為止", "Until taken down")
	}
	return notices.When(t)
}

// stage is whether an announcement is still to come, seen, or over, with the colour of its tag.
func (a Announcement) stage(now time.Time) (say.Text, string) {
	switch {
	case now.Before(a.From):
		return say.T("尚未開始", "To come"), "yellow"
	case a.Shown(now):
		return say.T("公告中", "Shown"), "green"
	}
	return say.T("已結束", "Over"), "grey"
}

// newsForm is an announcement as it is typed.
type newsForm struct {
	ID                    string
	Authority, Kind       string
	TitleZh, TitleEn      string
	BodyZh, BodyEn        string
	WorksFrom, WorksUntil string
	From, Until           string
	Revision              string
	Authorities           []parts.Option
	ended                 bool
}

func newForm(r *web.Request) newsForm {
	f := newsForm{Kind: string(News), From: minute(r.Site.DB.Now())}
	f.offer(r.Actor)
	return f
}

// offer lists whom the actor may speak for.
func (f *newsForm) offer(by permit.Actor) {
	if by.Admin {
		f.Authorities = append(f.Authorities, parts.Option{Value: "", Text: say.T("全系統", "The whole system"), Checked: f.Authority == ""})
	}
	for _, code := range by.Authorities(permit.Manager) {
		if a, ok := taiwan.AuthorityByCode(code); ok {
			f.Authorities = append(f.Authorities, parts.Option{Value: code, Text: a.Text(), Checked: f.Authority == code})
		}
	}
	if x, ok := taiwan.AuthorityByCode(f.Authority); ok && !by.Sits(f.Authority, permit.Manager) {
		f.Authorities = append(f.Authorities, parts.Option{Value: f.Authority, Text: x.Text(), Checked: true})
	}
}

// minute is a point in time as the form shows and reads it.
func minute(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return taiwan.DateOf(t).ROC() + t.In(taiwan.Zone).Format(" 15:04")
}

func formOf(a Announcement) newsForm {
	return newsForm{ID: a.ID, Authority: a.Authority, Kind: string(a.Kind), TitleZh: a.Title.Zh, TitleEn: a.Title.En, BodyZh: a.Body.Zh, BodyEn: a.Body.En,
		WorksFrom: minute(a.WorksFrom), WorksUntil: minute(a.WorksUntil), From: minute(a.From), Until: minute(a.Until), Revision: itoa(a.Revision)}
}

func editNews(r *web.Request) error {
	var f newsForm
	err := r.Look(func(tx *store.Tx) error {
		a, err := announcementByID(tx, r.PathValue("id"))
		if err == nil {
			err = mayKeep(r.Actor, a.Authority)
		}
		f = formOf(a)
		f.ended = !a.Until.IsZero() && !a.Until.After(tx.Now)
		return err
	})
	if err != nil {
		return err
	}
	f.offer(r.Actor)
	return drawNews(r, f, nil)
}

func drawNews(r *web.Request, f newsForm, bad *fault.Fault) error {
	t := say.T("新增公告", "New announcement")
	if f.ID != "" {
		t = say.T("修改公告", "Change the announcement")
	}
	return r.Draw(web.Page{Title: t, Func: "SYS20010", Fault: bad, Crumbs: crumbs(t, keptCrumb)}, newsFormBody(t, f, bad))
}

func postNews(r *web.Request) error {
	v := r.Form()
	f := newsForm{ID: r.PathValue("id"), Authority: v.Get("authority"), Kind: v.Get("kind"), TitleZh: v.Get("title_zh"), TitleEn: v.Get("title_en"),
		BodyZh: v.Get("body_zh"), BodyEn: v.Get("body_en"), WorksFrom: v.Get("works_from"), WorksUntil: v.Get("works_until"),
		From: v.Get("from"), Until: v.Get("until"), Revision: v.Get("revision")}
	a, err := f.read()
	if err == nil {
		err = r.Do(func(tx *store.Tx) (err error) { _, err = Announce(tx, r.Actor, a); return err })
	}
	if bad, ok := fault.As(err); ok && (bad.Kind == fault.Invalid || bad.Kind == fault.Conflict) {
		f.offer(r.Actor)
		return drawNews(r, f, bad)
	}
	if err != nil {
		return err
	}
	r.Flash(say.T("公告已存檔", "Announcement saved"))
	return r.Redirect("/admin/news")
}

// read turns what was typed into an announcement.
func (f newsForm) read() (Announcement, error) {
	a := Announcement{ID: f.ID, Authority: f.Authority, Kind: NewsKind(f.Kind), Title: say.T(f.TitleZh, f.TitleEn), Body: say.T(f.BodyZh, f.BodyEn)}
	a.Revision = number(f.Revision)
	var g fault.Form
	for _, t := range []struct {
		key, typed string
		to         *time.Time
	}{{"works_from", f.WorksFrom, &a.WorksFrom}, {"works_until", f.WorksUntil, &a.WorksUntil}, {"from", f.From, &a.From}, {"until", f.Until, &a.Until}} {
		if t.typed == "" {
			continue
		}
		at, err := taiwan.ParseStamp(t.typed)
		if err != nil {
			g.Add(t.key, err)
		}
		*t.to = at
	}
	switch a.Kind {
	case News, Maintenance, Outage:
	default:
		g.Bad("kind", "選擇公告種類", "Choose the kind of announcement")
	}
	if a.Kind == News {
		a.WorksFrom, a.WorksUntil = time.Time{}, time.Time{}
	}
	if err := g.Err(); err != nil {
		return a, err
	}
	return a, a.check()
}

// number reads a small number; what is none is 0.
func number(s string) (n int) {
	for _, c := range s {
		if c < '0' || c > '9' || n > 1e8 {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func endNews(r *web.Request) error {
	if err := r.Do(func(tx *store.Tx) error { return End(tx, r.Actor, r.PathValue("id")) }); err != nil {
		return err
	}
	r.Flash(say.T("公告已取下", "Announcement taken down"))
	return r.Redirect("/admin/news")
}

func kinds(f newsForm, bad *fault.Fault) parts.Choice {
	c := parts.Choice{Name: "kind", Legend: say.T("公告種類", "Kind"), Required: true, Error: errorAt(bad, "kind")}
	for _, k := range NewsKinds {
		c.Options = append(c.Options, parts.Option{Value: string(k), Text: k.Name(), Checked: f.Kind == string(k)})
	}
	return c
}

// errorAt is what is wrong with one field.
func errorAt(bad *fault.Fault, key string) say.Text {
	if bad != nil {
		for _, p := range bad.Places {
			if p.Key == key {
				return p.Message
			}
		}
	}
	return say.Text{}
}

func query(s string) string { return url.QueryEscape(s) }

// short is enough of a text to know whether it is the right one.
func short(s string) string {
	if r := []rune(s); len(r) > 120 {
		return string(r[:120]) + "…"
	}
	return s
}

func (c Card) way() say.Text {
	if c.Way.Empty() {
		return say.T("怎麼取得資格", "What would change that")
	}
	return c.Way
}
