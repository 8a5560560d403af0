package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
)

// Page is what stands around the body of one answer.
type Page struct {
	Title    say.Text
	Func     string // 功能編號, shown top right
	Crumbs   []Crumb
	Fault    *fault.Fault
	Status   int  // 0: by Fault, else 200
	Wide     bool // uses the whole width: tables, drawings
	NoChrome bool // without menus: pop-ups, prints
	Scripts  []string
	Aside    templ.Component
	Look     *Look // nil: that of the house
	Star     *Star // ★ behind the way to the page; nil: none
}

// Star keeps the function of a page at hand, or not any more (S202).
type Star struct {
	On     bool
	Action string
	Of     string // what is kept, as it is sent
	Name   say.Text
}

// text says what pressing the star does.
func (s Star) text() say.Text {
	if s.On {
		return say.F("從常用功能移除：%s", "Take from the favourites: %s", s.Name)
	}
	return say.F("加入常用功能：%s", "Add to the favourites: %s", s.Name)
}

// Look is how the pages of another site look for which a room stands in: its own name, header, footer and style.
type Look struct {
	Name   say.Text // in the title of the window
	Home   string   // where the way to a page begins
	Style  string   // address of a style sheet that follows that of the house
	Header func(languages templ.Component) templ.Component
	Footer templ.Component
}

// Crumb is one step of the way to a page; the last has no address.
type Crumb struct {
	Text say.Text
	URL  string
}

// MenuItem is one entry of a menu. One that is not allowed says why and leads nowhere.
type MenuItem struct {
	Text    say.Text
	URL     string
	Current bool
	WhyNot  say.Text
	Post    bool // reached by a button: it changes something (登出)
}

// Contact is who helps.
type Contact struct {
	Name  say.Text
	Phone string
	Email string
	Hours say.Text
	URL   string
}

// Chrome is what stands around every page for one person.
type Chrome struct {
	SystemName, Agency say.Text
	Trial              bool
	UserName, UserTail string // 王小明, (臺南市政府)
	Menus, Mine        []MenuItem
	Notices            int
	NoticesURL         string
	SessionEnds        time.Time
	Help               Contact
}

// SystemName and Agency are the names on the pages unless the configuration has others.
var (
	SystemName = say.T("新建築執照線上申請書電子化書圖文件送件繳交系統", "Building Licence Online Application and Document Submission System")
	Agency     = say.T("內政部營建署", "Construction and Planning Agency, Ministry of the Interior")
)

// Where the pages for everybody stand.
const (
	HelpURL          = "/help"
	ContactURL       = "/contact"
	AccessibilityURL = "/accessibility"
	PrivacyURL       = "/privacy"
	SitemapURL       = "/sitemap"
)

func (p Page) status() int {
	switch {
	case p.Status != 0:
		return p.Status
	case p.Fault != nil && p.Fault.Kind == fault.SignIn:
		return http.StatusUnauthorized // a page in its own right, not a way to another
	case p.Fault != nil:
		return StatusOf(p.Fault.Kind)
	}
	return http.StatusOK
}

// view is everything the layout shows.
type view struct {
	Page
	Chrome
	flash     say.Text
	left      time.Duration // of the session; 0: none
	path      string
	languages []language
	held      []field // what the language switch sends again
	number    string
	signedIn  bool
}

type language struct {
	Text, Code string
	Lang       say.Lang
	URL        string
	Current    bool
}

func (r *Request) view(p Page) view {
	v := view{Page: p, Chrome: r.Site.chrome(r.Context(), r.Actor), flash: r.flash(), path: r.URL.Path,
		number: r.Number(), signedIn: r.Actor.SignedIn()}
	v.languages = r.languages()
	if v.SessionEnds.After(r.Site.now()) {
		v.left = v.SessionEnds.Sub(r.Site.now())
	}
	if r.typed && r.Method == http.MethodPost {
		v.held = r.held()
	}
	v.Menus, v.Mine = marked(v.Menus, v.path), marked(v.Mine, v.path)
	return v
}

func (s *Site) chrome(ctx context.Context, a permit.Actor) (c Chrome) {
	if s.Chrome != nil {
		c = s.Chrome(ctx, a)
	}
	if c.SystemName.Empty() {
		c.SystemName = SystemName
	}
	if c.Agency.Empty() {
		c.Agency = Agency
	}
	return c
}

// marked are the items with the one whose pages the visitor is on marked.
func marked(items []MenuItem, path string) []MenuItem {
	items = slices.Clone(items)
	for i := range items {
		at, _, _ := strings.Cut(items[i].URL, "?")
		if at != "" && at != "/" && (path == at || strings.HasPrefix(path, at+"/")) {
			items[i].Current = true
		}
	}
	return items
}

// languages are the two addresses of this page.
func (r *Request) languages() []language {
	at := func(code string) string {
		q := r.URL.Query()
		q.Set("lang", code)
		return (&url.URL{Path: r.URL.Path, RawQuery: q.Encode()}).String()
	}
	return []language{
		{"中文", "zh", say.Zh, at("zh"), r.Lang() == say.Zh},
		{"English", "en", say.En, at("en"), r.Lang() == say.En},
	}
}

// title is the text of <title>.
func (v view) title(ctx context.Context) string {
	t := v.SystemName.Here(ctx)
	if v.Look != nil {
		t = v.Look.Name.Here(ctx)
	}
	if !v.Title.Empty() {
		t = v.Title.Here(ctx) + " - " + t
	}
	if v.Fault != nil && len(v.Fault.Places) > 0 {
		t = say.To(ctx, "錯誤：", "Error: ") + t
	}
	return t
}

// home is where the way to the page begins.
func (v view) home() string {
	if v.Look != nil {
		return v.Look.Home
	}
	return "/"
}

// clock writes d as mm:ss.
func clock(d time.Duration) string {
	s := int(d / time.Second)
	two := func(n int) string { return string([]byte{byte('0' + n/10%10), byte('0' + n%10)}) }
	if s >= 6000 {
		return "99:59"
	}
	return two(s/60) + ":" + two(s%60)
}

func onOff(on bool) string {
	if on {
		return "true"
	}
	return "false"
}
