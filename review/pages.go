package review

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cloudbm/cases"
	"cloudbm/deeds"
	"cloudbm/drawings"
	"cloudbm/factors"
	"cloudbm/fault"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/stamps"
	"cloudbm/store"
	"cloudbm/submission"
	"cloudbm/web"
)

// Room is what the desk needs besides the database.
type Room struct {
	Fonts *pdf.Fonts
	Base  string // https://host, for QR codes

	Stamps *stamps.Room // draws the approved set; nil: there is none
	MaxSet int64        // bytes of its drawings; 0 is the constant MaxSet
	Deeds  *deeds.Room
}

// AtDesk lets in whoever sits at a desk of any authority.
func AtDesk(a permit.Actor) error {
	if err := factors.AtWork(a); err != nil {
		return err
	}
	if len(a.Authorities(permit.Counter, permit.Reviewer, permit.Chief)) > 0 {
		return nil
	}
	return fault.Of(fault.Forbidden, "這一頁給主管機關的收件人員、承辦人及主管使用；您目前沒有機關職務", "This page is for an authority's officers; you hold no duty at one").
		To("看我可以做什麼", "See what I may do", "/bls/rights")
}

// Mount opens the doors of the room.
func (room *Room) Mount(s *web.Site) {
	s.Handle("GET /desk", AtDesk, inbox)
	s.Handle("GET /desk/cases/{id}", AtDesk, desk)
	s.Handle("GET /desk/cases/{id}/compare", AtDesk, compare)
	s.Handle("GET /desk/cases/{id}/sheets/{version}", AtDesk, sheet)
	s.Handle("GET /desk/cases/{id}/correction", AtDesk, notice)
	act := func(path string, f func(*store.Tx, *web.Request, *cases.Case) error, done say.Text) {
		s.Handle("POST /desk/cases/{id}/"+path, AtDesk, acting(f, done))
	}
	act("receipt", func(tx *store.Tx, r *web.Request, c *cases.Case) error { return Take(tx, r.Actor, c) }, say.T("已收件並給掛號號碼", "Received and registered"))
	act("return", func(tx *store.Tx, r *web.Request, c *cases.Case) error {
		return Return(tx, r.Actor, c, r.Form().Get("said"))
	}, say.T("已退件", "Returned"))
	act("assignment", func(tx *store.Tx, r *web.Request, c *cases.Case) error {
		return Assign(tx, r.Actor, c, r.Form().Get("officer"), r.Form().Get("note"))
	}, say.T("已分文", "Assigned"))
	act("checklist", judge, say.T("已儲存審查項目", "The checklist is saved"))
	act("remarks", remark, say.T("已儲存審查意見", "The remark is saved"))
	act("viewed", func(tx *store.Tx, r *web.Request, c *cases.Case) error {
		return putViewed(tx, c.ID, c.Round, r.Actor.Person, r.Form().Get("version"))
	}, say.T("已標為看過", "Marked as seen"))
	act("verdicts", verdicts, say.T("已儲存對回復的認定", "Your view of the answers is saved"))
	act("correction", func(tx *store.Tx, r *web.Request, c *cases.Case) error {
		return AskCorrection(tx, r.Actor, c, r.Form().Get("said"))
	}, say.T("已送出改正通知，審查期限停止計算", "The notice is sent; the review clock stands"))
	act("proposal", func(tx *store.Tx, r *web.Request, c *cases.Case) error {
		return Propose(tx, r.Actor, c, r.Form().Get("said"))
	}, say.T("已陳核", "Laid before the chief"))
	act("sending-back", func(tx *store.Tx, r *web.Request, c *cases.Case) error {
		return SendBack(tx, r.Actor, c, r.Form().Get("said"))
	}, say.T("已退回承辦人", "Sent back to the officer"))
	act("approval", func(tx *store.Tx, r *web.Request, c *cases.Case) error {
		_, err := Approve(tx, r.Actor, c, r.Form().Get("said"))
		return err
	}, say.T("已核准", "Approved"))
	act("rejection", func(tx *store.Tx, r *web.Request, c *cases.Case) error {
		return Reject(tx, r.Actor, c, r.Form().Get("said"))
	}, say.T("已駁回", "Rejected"))
	s.Handle("GET /bls/cases/{id}/licence", web.SignedIn, room.licence)
	s.HandleRaw("GET /bls/cases/{id}/approved.pdf", web.SignedIn, http.HandlerFunc(room.approvedSet))
}

const funcInbox, funcDesk, funcCompare, funcSheet, funcNotice = "BLS30100", "BLS30200", "BLS30210", "BLS30220", "BLS30230"

// A queue is one view of the inbox.
type queue struct {
	Key    string
	Name   say.Text
	States []permit.State
	Mine   bool
	N      int64
}

func queues() []queue {
	return []queue{
		{Key: "new", Name: say.T("待收件", "To be received"), States: []permit.State{permit.Submitted}},
		{Key: "unassigned", Name: say.T("待分文", "To be assigned"), States: []permit.State{permit.Received}},
		{Key: "mine", Name: say.T("我承辦的", "On my desk"), States: []permit.State{permit.Received, permit.Reviewing, permit.Resubmitted, permit.Correction, permit.Proposed}, Mine: true},
		{Key: "review", Name: say.T("審查中", "Under review"), States: []permit.State{permit.Reviewing, permit.Resubmitted}},
		{Key: "waiting", Name: say.T("等申請人改正", "Waiting for the applicant"), States: []permit.State{permit.Correction, permit.Returned}},
		{Key: "chief", Name: say.T("待主管決行", "For the chief"), States: []permit.State{permit.Proposed}},
		{Key: "done", Name: say.T("已結案", "Closed"), States: []permit.State{permit.Issued, permit.Rejected, permit.Withdrawn, permit.Lapsed}},
	}
}

type inboxView struct {
	Queues []queue
	Now    queue
	Cases  []*cases.Case
	Words  string
	Today  string
	Next   string // address of the next page; "": this is the last
}

// onePage is how many cases of a queue stand on one page.
const onePage = 200

func inbox(r *web.Request) error {
	v := inboxView{Queues: queues(), Words: r.Form().Get("q")}
	key := r.Form().Get("queue")
	at := r.Actor.Authorities(permit.Counter, permit.Reviewer, permit.Chief)
	err := r.Look(func(tx *store.Tx) error {
		v.Today = tx.Now.In(taipei).Format("2006-01-02")
		for i := range v.Queues {
			q := &v.Queues[i]
			n, err := cases.Count(tx, q.wanted(r.Actor, at, ""))
			if err != nil {
				return err
			}
			q.N = n
			if q.Key == key || key == "" && v.Now.Key == "" && n > 0 && q.Key != "done" {
				v.Now = *q
			}
		}
		if v.Now.Key == "" {
			v.Now = v.Queues[0]
		}
		var err error
		w := v.Now.wanted(r.Actor, at, v.Words)
		if v.Words != "" {
			w.States, w.Desk, w.ByDue = nil, "", false // a search looks through every queue, newest first
		}
		w.After = cases.MarkOf(r.Form().Get("after"))
		if v.Cases, err = cases.List(tx, w); err == nil && len(v.Cases) > onePage {
			v.Cases = v.Cases[:onePage]
			v.Next = "/desk?" + url.Values{"queue": {v.Now.Key}, "q": {v.Words}, "after": {v.Cases[onePage-1].Mark()}}.Encode()
		}
		return err
	})
	if err != nil {
		return err
	}
	title := say.T("審查收件匣", "Review inbox")
	return r.Draw(web.Page{Title: title, Func: funcInbox, Wide: true, Crumbs: []web.Crumb{{Text: say.T("線上申請", "Online application"), URL: "/bls"}, {Text: title}}}, inboxBody(v))
}

func (q queue) wanted(by permit.Actor, at []string, words string) cases.Wanted {
	w := cases.Wanted{Authorities: at, States: q.States, Words: words, Limit: onePage + 1, ByDue: q.Key != "done"}
	if q.Mine {
		w.Desk = by.Person
	}
	return w
}

// deskView is one case as its officers see it.
type deskView struct {
	Case      *cases.Case
	Answers   permit.Answers
	Clock     Clock
	Round     submission.Round
	Sheets    []sheetLine
	Checks    map[string]Judgement
	Remarks   []Remark
	Points    []submission.Point // of the round before, with the answers
	Officers  []roles.Officer
	Log       []cases.Entry
	Signed    deeds.Shown // the licence
	Reviews   bool        // by may write remarks now
	Counter   bool
	Reviewer  bool
	Chief     bool
	TwoSteps  bool
	Fault     *fault.Fault
	In        web.Form
	FaultForm string // the form the fault belongs to
}

type sheetLine struct {
	drawings.FrozenSheet
	Change drawings.Kind
	Viewed bool
	Remark int
}

func desk(r *web.Request) error { return drawDesk(r, nil, "") }

func drawDesk(r *web.Request, f *fault.Fault, form string) error {
	v := deskView{Fault: f, FaultForm: form, In: r.Form()}
	err := r.Look(func(tx *store.Tx) (err error) {
		if v.Case, err = cases.Open(r, tx); err != nil {
			return err
		}
		return v.read(tx, r.Actor)
	})
	if err != nil {
		return err
	}
	page := web.Page{Title: say.F("審查 %s %s", "Review %s %s", v.Case.Type.Name, v.Case.Serial), Func: funcDesk, Wide: true, Fault: f, Scripts: []string{"case"},
		Crumbs: deskCrumbs(v.Case, say.Text{})}
	return r.Draw(page, deskBody(v))
}

func deskCrumbs(c *cases.Case, here say.Text) []web.Crumb {
	out := []web.Crumb{{Text: say.T("線上申請", "Online application"), URL: "/bls"}, {Text: say.T("審查收件匣", "Review inbox"), URL: "/desk"}, {Text: say.F("%s %s", "%s %s", c.Type.Name, c.Serial)}}
	if !here.Empty() {
		out[2].URL = "/desk/cases/" + c.ID
		out = append(out, web.Crumb{Text: here})
	}
	return out
}

func (v *deskView) read(tx *store.Tx, by permit.Actor) (err error) {
	c := v.Case
	if !c.Officer(by) {
		return fault.Of(fault.Forbidden, "本案不是貴機關承辦，或您是本案當事人，依法應迴避", "This case is another authority's, or you are a party to it and must stand aside").
			To("回到收件匣", "Back to the inbox", "/desk")
	}
	if v.Round, err = submission.Find(tx, c, c.Round); err != nil {
		return err
	}
	v.Answers = v.Round.Answers
	if v.Clock, err = Read(tx, c, v.Answers); err != nil {
		return err
	}
	if v.Remarks, err = remarks(tx, c.ID, c.Round); err != nil {
		return err
	}
	if v.Checks, err = judgements(tx, c.ID, c.Round); err != nil {
		return err
	}
	if v.Log, err = cases.Entries(tx, c); err != nil {
		return err
	}
	if v.Signed, err = deeds.ShowIssued(tx, deeds.Licence, c.ID); err != nil {
		return err
	}
	if v.Officers, err = roles.Officers(tx, c.Authority, permit.Reviewer); err != nil {
		return err
	}
	n := c.Round - 1
	if c.State == permit.Correction {
		n = c.Round
	}
	if n > 0 {
		if v.Points, err = submission.Points(tx, c, n); err != nil {
			return err
		}
	}
	v.Reviews = mayReview(by, c) == nil
	v.Counter, v.Reviewer, v.Chief = c.Officer(by, permit.Counter), c.Officer(by, permit.Reviewer), c.Officer(by, permit.Chief)
	two, _, err := roles.Setting(tx, c.Authority, "two_step_approval", tx.Now)
	if err != nil {
		return err
	}
	v.TwoSteps = two != "N"
	return v.readSheets(tx, by)
}

func (v *deskView) readSheets(tx *store.Tx, by permit.Actor) error {
	c := v.Case
	seen, err := viewed(tx, c.ID, c.Round, by.Person)
	if err != nil {
		return err
	}
	changes := map[string]drawings.Kind{}
	if c.Round > 1 {
		old, err := submission.Find(tx, c, c.Round-1)
		if err != nil {
			return err
		}
		for _, x := range drawings.CompareRounds(old.Manifest.Sheets, v.Round.Manifest.Sheets) {
			if x.New != nil {
				changes[x.New.Version] = x.Kind
			}
		}
	}
	for _, s := range v.Round.Manifest.Sheets {
		line := sheetLine{FrozenSheet: s, Viewed: slices.Contains(seen, s.Version), Change: changes[s.Version]}
		for _, m := range v.Remarks {
			if m.Place == "drawings/"+s.Number && !m.Private {
				line.Remark++
			}
		}
		v.Sheets = append(v.Sheets, line)
	}
	return nil
}

// acting runs one act of an officer on the case of the address and goes back to it; a refusal redraws the page with
// what was typed.
func acting(f func(*store.Tx, *web.Request, *cases.Case) error, done say.Text) web.Handler {
	return func(r *web.Request) error {
		err := r.Do(func(tx *store.Tx) error {
			c, err := cases.Open(r, tx)
			if err != nil {
				return err
			}
			return f(tx, r, c)
		})
		if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
			return drawDesk(r, f, r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:])
		}
		if err != nil {
			return err
		}
		if r.Autosave() {
			return r.Saved("", nil)
		}
		r.Flash(done)
		if back := r.Form().Get("back"); back != "" {
			return r.Redirect(back)
		}
		return r.Redirect("/desk/cases/" + r.PathValue("id"))
	}
}

func judge(tx *store.Tx, r *web.Request, c *cases.Case) error {
	in, all := r.Form(), map[string]Judgement{}
	for _, k := range c.Type.Checks {
		j := Judgement{Verdict: Verdict(in.Get("check-" + k.Key)), Note: in.Get("note-" + k.Key)}
		if j.Verdict == "" && in.Get("rest") == string(OK) {
			j.Verdict = OK
		}
		all[k.Key] = j
	}
	return Judge(tx, r.Actor, c, all)
}

func remark(tx *store.Tx, r *web.Request, c *cases.Case) error {
	in := r.Form()
	if id := in.Get("drop"); id != "" {
		return DropRemark(tx, r.Actor, c, id)
	}
	mark, err := markFrom(in)
	if err != nil {
		return err
	}
	_, err = AddRemark(tx, r.Actor, c, Remark{Place: in.Get("place"), Mark: mark, Text: in.Get("text"), Law: in.Get("law"), Private: in.Get("private") == "Y"})
	return err
}

// markFrom reads a box on a sheet in percent of the page, as drawn by the script or typed.
func markFrom(in web.Form) (m submission.Mark, err error) {
	for key, to := range map[string]*float64{"x": &m.X, "y": &m.Y, "w": &m.W, "h": &m.H} {
		s := strings.TrimSpace(in.Get(key))
		if s == "" {
			continue
		}
		n, err := strconv.ParseFloat(s, 64)
		if err != nil || n < 0 || n > 1 {
			return m, fault.Bad(key, "位置填 0 到 1 之間的小數，例如 0.25 是四分之一處", "Give the place as a fraction from 0 to 1; 0.25 is a quarter of the way")
		}
		*to = n
	}
	return m, nil
}

func verdicts(tx *store.Tx, r *web.Request, c *cases.Case) error {
	if err := mayReview(r.Actor, c); err != nil {
		return err
	}
	points, err := submission.Points(tx, c, c.Round-1)
	if err != nil {
		return err
	}
	for _, p := range points {
		v := r.Form().Get("verdict-" + p.ID)
		if v != "settled" && v != "open" || v == p.Verdict {
			continue
		}
		if err := submission.Judge(tx, c, p.ID, v); err != nil {
			return err
		}
		if v == "open" { // an open point is a remark of this round again, so that the next notice carries it
			if _, err := AddRemark(tx, r.Actor, c, Remark{Place: p.Place, Mark: p.Mark, Text: p.Text, Law: p.Law}); err != nil {
				return err
			}
		}
	}
	return nil
}

func notice(r *web.Request) error {
	var c *cases.Case
	var drafts []Remark
	err := r.Look(func(tx *store.Tx) (err error) {
		if c, err = cases.Open(r, tx); err != nil {
			return err
		}
		drafts, err = Drafts(tx, c)
		return err
	})
	if err != nil {
		return err
	}
	title := say.T("改正通知預覽", "Preview of the correction notice")
	return r.Draw(web.Page{Title: title, Func: funcNotice, Crumbs: deskCrumbs(c, title)}, noticeBody(c, drafts))
}

func (room *Room) licence(r *web.Request) error {
	var p paper
	err := r.Look(func(tx *store.Tx) error {
		c, err := cases.Open(r, tx)
		if err != nil {
			return err
		}
		p, err = gather(tx, c)
		return err
	})
	if err != nil {
		return err
	}
	i, b, err := room.issue(r.Context(), p)
	if err != nil {
		return err
	}
	at := p.Licence.At
	if i.IsSigned() {
		at = i.Signed
	}
	return r.Send(p.Licence.file(), "application/pdf", at, bytes.NewReader(b), true)
}
