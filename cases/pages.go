package cases

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cloudbm/catalog"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
)

// Mount opens the doors of the room.
func (room *Room) Mount(s *web.Site) {
	s.Handle("POST /bls/favourites", web.SignedIn, favour)
	s.Handle("GET /bls/cases", web.SignedIn, list)
	s.Handle("GET /bls/cases/new", web.SignedIn, shelf)
	s.Handle("POST /bls/cases", web.SignedIn, start)
	s.Handle("GET /bls/cases/{id}/form/{section}", web.SignedIn, section)
	s.Handle("POST /bls/cases/{id}/form/{section}", web.SignedIn, saveSectionPage)
	s.Handle("GET /bls/cases/{id}/form/{section}/{row}", web.SignedIn, row)
	s.Handle("POST /bls/cases/{id}/form/{section}/{row}", web.SignedIn, saveRowPage)
	s.Handle("POST /bls/cases/{id}/rows/{section}", web.SignedIn, rowsAct)
	s.Handle("GET /bls/cases/{id}/answers", web.SignedIn, answers)
	s.Handle("GET /bls/cases/{id}/print/{form}", web.SignedIn, room.print)
	s.Handle("GET /bls/cases/{id}/log", web.SignedIn, logPage)
	s.Handle("GET /bls/cases/{id}/team", web.SignedIn, teamPage)
	s.Handle("POST /bls/cases/{id}/team", web.SignedIn, teamAct)
	s.Handle("GET /bls/cases/{id}/deletion", web.SignedIn, deletionPage)
	s.Handle("POST /bls/cases/{id}/deletion", web.SignedIn, deletion)
}

// Function numbers of the room's screens (domain §1.P: one per screen, configurable scheme).
const (
	funcList, funcNew, funcForm, funcAnswers, funcLog, funcTeam = "BLS10100", "BLS10110", "BLS10200", "BLS10300", "BLS10400", "BLS10500"
)

// Page is the page frame of one case: its crumbs and title.
func Page(c *Case, title say.Text, funcNo string) web.Page {
	if c == nil {
		return web.Page{Title: title, Func: funcNo, Crumbs: []web.Crumb{home, {Text: title}}}
	}
	return web.Page{Title: say.F("%s－%s %s", "%s – %s %s", title, c.Type.Name, c.Serial), Func: funcNo,
		Crumbs: []web.Crumb{home, {Text: say.T("我的案件", "My cases"), URL: "/bls/cases"},
			{Text: say.F("%s %s", "%s %s", c.Type.Name, c.Serial), URL: "/bls/cases/" + c.ID}, {Text: title}}}
}

var home = web.Crumb{Text: say.T("線上申請", "Online application"), URL: "/bls"}

// Open finds the case of the address for the person who asks.
func Open(r *web.Request, tx *store.Tx) (*Case, error) { return Find(tx, r.Actor, r.PathValue("id")) }

const pageSize = 50

type listPage struct {
	Cases  []*Case
	Total  int64
	Words  string
	State  string
	Menu   permit.Menu
	Next   string
	States []permit.State
}

func list(r *web.Request) error {
	p := listPage{Words: r.Form().Get("q"), State: r.Form().Get("state"), Menu: permit.Menu(r.Form().Get("menu")), States: permit.States}
	w := Wanted{Person: r.Actor.Person, Words: p.Words, Menu: p.Menu, Limit: pageSize + 1, After: MarkOf(r.Form().Get("after"))}
	if slices.Contains(permit.States, permit.State(p.State)) {
		w.States = []permit.State{permit.State(p.State)}
	}
	err := r.Look(func(tx *store.Tx) (err error) {
		if p.Cases, err = List(tx, w); err != nil {
			return err
		}
		p.Total, err = Count(tx, w)
		return err
	})
	if err != nil {
		return err
	}
	if len(p.Cases) > pageSize {
		p.Cases = p.Cases[:pageSize]
		p.Next = "/bls/cases?" + url.Values{"q": {p.Words}, "state": {p.State}, "menu": {string(p.Menu)},
			"after": {p.Cases[pageSize-1].Mark()}}.Encode()
	}
	return r.Draw(Page(nil, say.T("我的案件", "My cases"), funcList), listView(p))
}

// offer is one case type on the shelf: may it be opened, and if not, why and what would change it.
type offer struct {
	Type *permit.Type
	No   *fault.Fault
}

type shelfPage struct {
	Menus       []permit.Menu
	Offers      map[permit.Menu][]offer
	Authorities []taiwan.Authority
	Chosen      url.Values
	Fault       *fault.Fault
	Before      []*Case // issued cases that a new one may follow
}

func shelf(r *web.Request) error { return drawShelf(r, nil) }

func drawShelf(r *web.Request, f *fault.Fault) error {
	p := shelfPage{Menus: permit.Menus, Offers: map[permit.Menu][]offer{}, Authorities: taiwan.Authorities, Chosen: url.Values(r.Form()), Fault: f}
	err := r.Look(func(tx *store.Tx) (err error) {
		for _, t := range catalog.All {
			o := offer{Type: t}
			o.No, _ = fault.As(roles.Ready(tx, r.Actor, t))
			p.Offers[t.Menu] = append(p.Offers[t.Menu], o)
		}
		p.Before, err = List(tx, Wanted{Person: r.Actor.Person, States: []permit.State{permit.Issued}, Limit: 100})
		return err
	})
	if err != nil {
		return err
	}
	page := Page(nil, say.T("新增申請案", "Open a case"), funcNew)
	page.Fault = f
	return r.Draw(page, shelfView(p))
}

func start(r *web.Request) error {
	in := r.Form()
	t := catalog.Find(in.Get("kind"))
	if t == nil {
		return drawShelf(r, fault.Bad("kind", "選擇要申請的案件類別", "Choose the kind of case to open"))
	}
	var c *Case
	err := r.Do(func(tx *store.Tx) (err error) {
		c, err = Start(tx, r.Actor, t, in.Get("authority"), in.Get("follows"))
		return err
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		return drawShelf(r, f)
	}
	if err != nil {
		return err
	}
	r.Flash(say.F("已開立案件，案件序號 %s", "The case is open; its serial is %s", c.Serial))
	return r.Redirect("/bls/cases/" + c.ID)
}

// sectionPage is one page of the form.
type sectionPage struct {
	Case     *Case
	Section  *permit.Section
	Answers  permit.Answers
	Stand    Stand
	Problems []permit.Problem // shown beside the fields
	Fault    *fault.Fault
	Clash    *Clash
	Locked   *fault.Fault // why it cannot be changed now
	Row      *permit.Row  // the row in hand, in a list
	Lead     bool
	FromMe   bool            // the list can be filled from this person's profile
	Stale    []string        // rows that no longer say what that profile says
	Open     map[string]bool // the fields that a notice opened; nil is all
}

// shut reports whether a field stays as it was submitted while others of its page are open.
func (p sectionPage) shut(key string) bool { return p.Locked == nil && p.Open != nil && !p.Open[key] }

func (p sectionPage) problem(key string) say.Text {
	for _, x := range p.Problems {
		if x.Key == key {
			return x.Text
		}
	}
	return say.Text{}
}

func openSection(r *web.Request, tx *store.Tx) (p sectionPage, err error) {
	if p.Case, err = Open(r, tx); err != nil {
		return p, err
	}
	if p.Section, err = sectionOf(p.Case, r.PathValue("section")); err != nil {
		return p, err
	}
	a, stands, err := Read(tx, p.Case)
	p.Answers, p.Stand = a, stands[p.Section.Key]
	if err != nil {
		return p, err
	}
	err = MayChange(tx, r.Actor, p.Case, "form/"+p.Section.Key)
	if f, ok := fault.As(err); ok {
		p.Locked, err = f, nil
	}
	if err != nil {
		return p, err
	}
	if p.Open, err = openFields(tx, p.Case, p.Section); err != nil {
		return p, err
	}
	p.FromMe = p.Section.List != nil && p.Section.List.From != "" && r.Actor.Is(p.Section.List.From)
	p.Stale, err = Stale(tx, r.Actor, p.Section, a.Rows[p.Section.Key])
	return p, err
}

func section(r *web.Request) error {
	var p sectionPage
	err := r.Look(func(tx *store.Tx) (err error) { p, err = openSection(r, tx); return err })
	if err != nil {
		return err
	}
	p.Problems = toShow(p.Section.Problems(p.Answers), r.Form().Has("check"))
	return drawSection(r, p)
}

// toShow leaves out what is merely missing, unless the person came to check.
func toShow(all []permit.Problem, missing bool) []permit.Problem {
	return slices.DeleteFunc(slices.Clone(all), func(p permit.Problem) bool { return p.Missing && !missing })
}

func drawSection(r *web.Request, p sectionPage) error {
	page := Page(p.Case, p.Section.Name, funcForm)
	page.Fault, page.Scripts = p.Fault, []string{"case"}
	switch {
	case p.Row != nil:
		page.Crumbs[len(page.Crumbs)-1].URL = formURL(p.Case, p.Section)
		page.Crumbs = append(page.Crumbs, web.Crumb{Text: p.Section.List.Row})
		return r.Draw(page, rowView(p))
	case p.Section.List != nil:
		page.Wide = true
		return r.Draw(page, rowsView(p))
	}
	return r.Draw(page, sectionView(p))
}

func formURL(c *Case, s *permit.Section) string { return "/bls/cases/" + c.ID + "/form/" + s.Key }

// typed gathers what a form of fields holds; several choices come as several values.
func typed(in web.Form, fields []permit.Field) map[string]string {
	out := map[string]string{}
	for _, f := range fields {
		if in.Has(f.Key) || in.Has(f.Key+".asked") {
			out[f.Key] = strings.Join(in.All(f.Key), ",")
		}
	}
	return out
}

func saveSectionPage(r *web.Request) error {
	in := r.Form()
	revision, _ := strconv.ParseInt(in.Get("revision"), 10, 64)
	var p sectionPage
	var before int
	err := r.Do(func(tx *store.Tx) (err error) {
		if p, err = openSection(r, tx); err != nil {
			return err
		}
		before = len(asked(p.Section, p.Answers))
		if err := Fill(tx, r.Actor, p.Case, p.Section, typed(in, p.Section.Fields), revision, in.Get("force") == "Y"); err != nil {
			return err
		}
		p.Answers, _, err = Read(tx, p.Case)
		if err == nil {
			_, stands, e := sections(tx, p.Case.ID)
			p.Stand, err = stands[p.Section.Key], e
		}
		return err
	})
	var clash *Clash
	if errors.As(err, &clash) {
		return drawClash(r, p, clash, typed(in, p.Section.Fields))
	}
	if err != nil {
		return err
	}
	return sectionSaved(r, p, before)
}

// sectionSaved answers a saved page: what is wrong is shown at once, new questions that the answers raised are shown,
// else the person goes on.
func sectionSaved(r *web.Request, p sectionPage, askedBefore int) error {
	p.Problems = toShow(p.Section.Problems(p.Answers), false)
	hard := slices.DeleteFunc(slices.Clone(p.Problems), func(x permit.Problem) bool { return x.Soft })
	next := p.Stand.Revision
	if r.Autosave() {
		return r.Saved("", map[string]string{"revision": strconv.FormatInt(next, 10)})
	}
	if len(hard) > 0 {
		p.Fault = faultOf(p.Problems)
		return drawSection(r, p)
	}
	if now := len(asked(p.Section, p.Answers)); now > askedBefore {
		r.Flash(say.F("已儲存。依您的回答，多了 %d 個問題", "Saved. Your answers raise %d more questions", now-askedBefore))
		return r.Redirect(formURL(p.Case, p.Section))
	}
	r.Flash(say.F("已儲存「%s」", "Saved “%s”", p.Section.Name))
	if r.Form().Get("then") == "next" {
		return r.Redirect(nextURL(p.Case, p.Section, p.Answers))
	}
	return r.Redirect("/bls/cases/" + p.Case.ID)
}

func asked(s *permit.Section, a permit.Answers) (keys []string) {
	for _, f := range s.Fields {
		if f.When.Holds(a) {
			keys = append(keys, f.Key)
		}
	}
	return keys
}

// nextURL is the page after s, or the case when s is the last.
func nextURL(c *Case, s *permit.Section, a permit.Answers) string {
	all := c.Type.Asked(a)
	i := slices.IndexFunc(all, func(x permit.Section) bool { return x.Key == s.Key })
	if i < 0 || i+1 >= len(all) {
		return "/bls/cases/" + c.ID
	}
	return formURL(c, &all[i+1])
}

func faultOf(problems []permit.Problem) *fault.Fault {
	f := fault.Say(fault.Invalid, say.F("已保留您輸入的內容，但有 %d 個地方要修正", "What you typed is kept, but %d things need correcting", len(problems)))
	for _, p := range problems {
		f.At(p.Key, p.Text)
	}
	return f
}

func drawClash(r *web.Request, p sectionPage, clash *Clash, yours map[string]string) error {
	f := fault.Say(fault.Conflict, say.F("%s 剛在 %s 儲存了這一頁，您的內容還沒有覆蓋上去", "%s saved this page at %s; your text has not replaced it yet",
		clash.Stand.Name, taiwan.Stamp(clash.Stand.At)))
	if r.Autosave() {
		return f
	}
	for k, v := range yours {
		p.Answers.Fields[k] = v
	}
	p.Clash, p.Fault, p.Stand = clash, f, clash.Stand
	return drawSection(r, p)
}

func row(r *web.Request) error {
	var p sectionPage
	err := r.Look(func(tx *store.Tx) (err error) { p, err = openRow(r, tx); return err })
	if err != nil {
		return err
	}
	p.Problems = rowProblems(p, r.Form().Has("check"))
	return drawSection(r, p)
}

func rowProblems(p sectionPage, missing bool) []permit.Problem {
	return slices.DeleteFunc(toShow(p.Section.Problems(p.Answers), missing), func(x permit.Problem) bool { return x.Row != p.Row.ID })
}

func openRow(r *web.Request, tx *store.Tx) (sectionPage, error) {
	p, err := openSection(r, tx)
	if err != nil {
		return p, err
	}
	if i := indexOf(p.Answers.Rows[p.Section.Key], r.PathValue("row")); i >= 0 && p.Section.List != nil {
		p.Row = &p.Answers.Rows[p.Section.Key][i]
		return p, nil
	}
	return p, fault.Of(fault.NotFound, "這一筆資料已被刪除；可以在名冊頁復原", "This row has been removed; it can be restored on the list's page").
		To("回到名冊", "Back to the list", formURL(p.Case, p.Section))
}

func saveRowPage(r *web.Request) error {
	in := r.Form()
	var p sectionPage
	err := r.Do(func(tx *store.Tx) (err error) {
		if p, err = openRow(r, tx); err != nil {
			return err
		}
		if err = SaveRow(tx, r.Actor, p.Case, p.Section, p.Row.ID, typed(in, p.Section.List.Fields), in.Get("lead") == "Y"); err != nil {
			return err
		}
		p, err = openRow(r, tx)
		return err
	})
	if err != nil {
		return err
	}
	if r.Autosave() {
		return r.Saved("", nil)
	}
	if p.Problems = rowProblems(p, false); len(p.Problems) > 0 {
		p.Fault = faultOf(p.Problems)
		return drawSection(r, p)
	}
	r.Flash(say.F("已儲存%s", "Saved: %s", p.Section.List.Row))
	if in.Get("then") == "stay" {
		return r.Redirect(formURL(p.Case, p.Section) + "/" + p.Row.ID)
	}
	return r.Redirect(formURL(p.Case, p.Section))
}

// rowsAct does what the buttons above a list say (S166–S168).
func rowsAct(r *web.Request) error {
	in := r.Form()
	var p sectionPage
	var added string
	removed := 0
	err := r.Do(func(tx *store.Tx) (err error) {
		if p, err = openSection(r, tx); err != nil {
			return err
		}
		if p.Section.List == nil {
			return fault.Of(fault.NotFound, "這一頁沒有名冊", "This page has no list").To("回到案件", "Back to the case", "/bls/cases/"+p.Case.ID)
		}
		switch do := in.Get("do"); do {
		case "add", "fill":
			added, err = AddRow(tx, r.Actor, p.Case, p.Section, do == "fill")
		case "remove":
			removed, err = RemoveRows(tx, r.Actor, p.Case, p.Section, in.All("row"))
		case "restore":
			err = RestoreRows(tx, r.Actor, p.Case, p.Section)
		case "refresh":
			err = Refresh(tx, r.Actor, p.Case, p.Section)
		case "lead":
			err = SetLead(tx, r.Actor, p.Case, p.Section, in.Get("row"))
		default:
			err = fault.Bad("do", "選擇要做的事", "Choose what to do")
		}
		return err
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid && p.Section != nil && p.Section.List != nil {
		p.Fault = f
		return drawSection(r, p)
	}
	if err != nil {
		return err
	}
	switch {
	case added != "":
		return r.Redirect(formURL(p.Case, p.Section) + "/" + added)
	case removed > 0:
		r.Flash(say.F("已刪除 %d 筆；可以按「復原」放回來", "Removed %d rows; “Restore” brings them back", removed))
		return r.Redirect(formURL(p.Case, p.Section))
	}
	r.Flash(say.T("已儲存", "Saved"))
	return r.Redirect(formURL(p.Case, p.Section))
}

type answersPage struct {
	Case    *Case
	Answers permit.Answers
	Fee     int64
	FeeText say.Text
	HasFee  bool
}

func answers(r *web.Request) error {
	var p answersPage
	err := r.Look(func(tx *store.Tx) (err error) {
		if p.Case, err = Open(r, tx); err != nil {
			return err
		}
		if p.Answers, err = Answers(tx, p.Case); err != nil {
			return err
		}
		p.Fee, p.FeeText, p.HasFee, err = Fee(tx, p.Case, p.Answers)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(Page(p.Case, say.T("檢查您的填答", "Check your answers"), funcAnswers), answersView(p))
}

func logPage(r *web.Request) error {
	var c *Case
	var all []Entry
	var broken int64
	err := r.Look(func(tx *store.Tx) (err error) {
		if c, err = Open(r, tx); err != nil {
			return err
		}
		if all, err = Entries(tx, c); err != nil {
			return err
		}
		broken, err = VerifyLog(tx, c.ID)
		return err
	})
	if err != nil {
		return err
	}
	slices.Reverse(all)
	page := Page(c, say.T("案件歷程", "History of the case"), funcLog)
	page.Wide = true
	return r.Draw(page, logView(c, all, broken))
}

type teamView struct {
	Case  *Case
	Fault *fault.Fault
	In    web.Form
	Mine  bool
}

func teamPage(r *web.Request) error { return drawTeam(r, nil) }

func drawTeam(r *web.Request, f *fault.Fault) error {
	p := teamView{Fault: f, In: r.Form()}
	err := r.Look(func(tx *store.Tx) (err error) { p.Case, err = Open(r, tx); return err })
	if err != nil {
		return err
	}
	p.Mine = p.Case.Submits(r.Actor)
	page := Page(p.Case, say.T("共同編輯", "Team"), funcTeam)
	page.Fault = f
	return r.Draw(page, team(p))
}

func teamAct(r *web.Request) error {
	in := r.Form()
	err := r.Do(func(tx *store.Tx) error {
		c, err := Open(r, tx)
		if err != nil {
			return err
		}
		if in.Get("do") == "dismiss" {
			return Dismiss(tx, r.Actor, c, in.Get("person"))
		}
		return Invite(tx, r.Actor, c, in.Get("email"), in.Get("may"))
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		return drawTeam(r, f)
	}
	if err != nil {
		return err
	}
	r.Flash(say.T("已更新共同編輯名單", "The team is up to date"))
	return r.Redirect("/bls/cases/" + r.PathValue("id") + "/team")
}

func deletionPage(r *web.Request) error {
	var c *Case
	err := r.Look(func(tx *store.Tx) (err error) { c, err = Open(r, tx); return err })
	if err != nil {
		return err
	}
	return r.Draw(Page(c, say.T("刪除草稿", "Delete the draft"), funcForm), deletionView(c))
}

func deletion(r *web.Request) error {
	var serial string
	err := r.Do(func(tx *store.Tx) error {
		c, err := Open(r, tx)
		if err != nil {
			return err
		}
		serial = c.Serial
		return Discard(tx, r.Actor, c)
	})
	if err != nil {
		return err
	}
	r.Flash(say.F("已刪除草稿 %s", "Deleted the draft %s", serial))
	return r.Redirect("/bls/cases")
}

func favour(r *web.Request) error {
	in := r.Form()
	if err := r.Do(func(tx *store.Tx) error { return Favour(tx, r.Actor, in.Get("of"), in.Get("keep") == "true") }); err != nil {
		return err
	}
	return r.Redirect(r.Back())
}
