package submission

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"cloudbm/accounts"
	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/deeds"
	"cloudbm/drawings"
	"cloudbm/fault"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/proof"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
	"cloudbm/web/parts"
)

// Room is what the counter needs besides the database.
type Room struct {
	Fonts *pdf.Fonts
	Base  string // https://host, for QR codes
	Blobs *blob.Store

	// Sign signs the manifest of a round with the key of that authority, as a detached CMS in DER; nil: nobody signs.
	Sign  func(ctx context.Context, authority string, manifest []byte) ([]byte, error)
	Deeds *deeds.Room
}

// Mount opens the doors of the room.
func (room *Room) Mount(s *web.Site) {
	s.Handle("GET /bls/cases/{id}", web.SignedIn, room.casePage)
	s.Handle("GET /bls/cases/{id}/submission", web.SignedIn, lookPage)
	s.Handle("POST /bls/cases/{id}/submission", web.SignedIn, submitPage)
	s.Handle("GET /bls/cases/{id}/receipts/{n}", web.SignedIn, room.receiptPage)
	s.Handle("GET /bls/cases/{id}/receipts/{n}/pdf", web.SignedIn, room.receiptFile)
	s.Handle("GET /bls/cases/{id}/rounds/{n}", web.SignedIn, roundPage)
	s.HandleRaw("GET /bls/cases/{id}/rounds/{n}/bundle.zip", web.SignedIn, http.HandlerFunc(room.bundleFile))
	s.Handle("GET /bls/cases/{id}/correction", web.SignedIn, correctionPage)
	s.Handle("POST /bls/cases/{id}/correction", web.SignedIn, replyPage)
	s.Handle("GET /bls/cases/{id}/withdrawal", web.SignedIn, withdrawalPage)
	s.Handle("POST /bls/cases/{id}/withdrawal", web.SignedIn, withdraw)
}

const (
	funcCase, funcSubmit, funcReceipt, funcRound, funcCorrection, funcWithdraw = "BLS10120", "BLS25100", "BLS25110", "BLS25120", "BLS25200", "BLS25300"
)

type caseView struct {
	Case    *cases.Case
	Answers permit.Answers
	Tasks   []parts.TaskGroup
	Log     []cases.Entry
	Signed  deeds.Shown // the licence
	Rounds  []int
	Points  []Point
	Edits   bool
	Submits bool
}

func (room *Room) casePage(r *web.Request) error {
	var v caseView
	var star *web.Star
	err := r.Look(func(tx *store.Tx) (err error) {
		if v.Case, err = cases.Open(r, tx); err != nil {
			return err
		}
		a, stands, err := cases.Read(tx, v.Case)
		if err != nil {
			return err
		}
		v.Answers = a
		looked, err := Look(tx, v.Case, a)
		if err != nil {
			return err
		}
		_, fee, known, err := cases.Fee(tx, v.Case, a)
		if err != nil {
			return err
		}
		v.Tasks = append(cases.FormTasks(v.Case, a, stands), restTasks(v.Case, looked, fee, known))
		if v.Case.Round > 0 {
			if v.Points, err = Points(tx, v.Case, v.Case.Round); err != nil {
				return err
			}
		}
		if star, err = cases.Star(tx, r.Actor, v.Case); err != nil {
			return err
		}
		if v.Case.State == permit.Issued {
			if v.Signed, err = room.Deeds.Show(tx, deeds.Licence, v.Case.ID, v.Case.Authority); err != nil {
				return err
			}
		}
		v.Log, err = cases.Entries(tx, v.Case)
		return err
	})
	if err != nil {
		return err
	}
	if v.Case.Officer(r.Actor) {
		return r.Redirect("/desk/cases/" + v.Case.ID)
	}
	v.Edits, v.Submits = v.Case.Edits(r.Actor), v.Case.Submits(r.Actor)
	for n := v.Case.Round; n > 0; n-- {
		v.Rounds = append(v.Rounds, n)
	}
	page := cases.Page(v.Case, say.T("案件", "Case"), funcCase)
	page.Title, page.Crumbs = say.F("%s %s", "%s %s", v.Case.Type.Name, v.Case.Serial), page.Crumbs[:3]
	page.Crumbs[2].URL, page.Star = "", star
	return r.Draw(page, caseBody(v))
}

// restTasks are the tasks after the form: papers, drawings, seals, fee, submission.
func restTasks(c *cases.Case, looked permit.Looked, feeText say.Text, feeKnown bool) parts.TaskGroup {
	url := "/bls/cases/" + c.ID + "/"
	g := parts.TaskGroup{Name: say.T("圖說、費用與送件", "Drawings, fee and submission")}
	add := func(name say.Text, path string, need permit.Need) {
		n := hard(looked[need])
		t := parts.Task{Name: name, URL: url + path, Status: parts.Done}
		if n > 0 {
			t.Status, t.Hint = parts.Todo, say.F("還有 %d 項", "%d to do", n)
		}
		g.Tasks = append(g.Tasks, t)
	}
	add(say.T("圖說", "Drawings"), "drawings", permit.NeedDrawings)
	add(say.T("應附文件", "Papers to attach"), "attachments", permit.NeedAttachments)
	g.Tasks = append(g.Tasks, sealTask(url+"seals", looked[permit.NeedSeals]))
	fee := parts.Task{Name: say.T("規費", "Fee"), URL: url + "answers", Status: parts.Todo, Hint: feeText}
	if feeKnown {
		fee.Status = parts.Done
	}
	g.Tasks = append(g.Tasks, fee)
	if c.State == permit.Correction {
		add(say.T("回復改正事項", "Answer the correction notice"), "correction", permit.NeedAnswers)
	}
	left := len(looked.Holds())
	submit := parts.Task{Name: say.T("送件", "Submit"), URL: url + "submission", Status: parts.Todo}
	if left > 0 {
		submit.Hint = say.F("還有 %d 項未完成；可以先看清單", "%d things remain; see the list", left)
	}
	g.Tasks = append(g.Tasks, submit)
	return g
}

// sealTask is where sealing stands: waiting for whom, begun, or not asked for.
func sealTask(url string, holds []permit.Hold) parts.Task {
	t := parts.Task{Name: say.T("簽證與壓章", "Seals"), URL: url, Status: parts.Done}
	if len(holds) > 0 {
		t.Status, t.Hint = parts.Todo, holds[0].Text
	}
	if len(holds) > 1 {
		t.Hint = say.F("%s（另有 %d 位）", "%s (and %d more)", t.Hint, len(holds)-1)
	}
	return t
}

func hard(holds []permit.Hold) (n int) {
	for _, h := range holds {
		if !h.Soft {
			n++
		}
	}
	return n
}

type lookView struct {
	Case   *cases.Case
	Holds  []permit.Hold
	Soft   []permit.Hold
	Sheets int
	Papers int
	Fault  *fault.Fault
}

func lookPage(r *web.Request) error { return drawLook(r, nil) }

func drawLook(r *web.Request, f *fault.Fault) error {
	v := lookView{Fault: f}
	err := r.Look(func(tx *store.Tx) (err error) {
		if v.Case, err = cases.Open(r, tx); err != nil {
			return err
		}
		a, err := cases.Answers(tx, v.Case)
		if err != nil {
			return err
		}
		looked, err := Look(tx, v.Case, a)
		if err != nil {
			return err
		}
		v.Holds = looked.Holds()
		for _, holds := range looked {
			for _, h := range holds {
				if h.Soft {
					v.Soft = append(v.Soft, h)
				}
			}
		}
		sheets, err := drawings.Snapshot(tx, v.Case)
		if err != nil {
			return err
		}
		papers, err := drawings.SnapshotPapers(tx, v.Case)
		v.Sheets, v.Papers = len(sheets), len(papers)
		return err
	})
	if err != nil {
		return err
	}
	if !v.Case.State.Open() {
		if v.Case.Round > 0 {
			return r.Redirect(receiptURL(v.Case, v.Case.Round))
		}
		return r.Redirect("/bls/cases/" + v.Case.ID)
	}
	page := cases.Page(v.Case, say.T("送件", "Submit"), funcSubmit)
	page.Fault = f
	return r.Draw(page, lookBody(v))
}

func receiptURL(c *cases.Case, n int) string {
	return fmt.Sprintf("/bls/cases/%s/receipts/%d", c.ID, n)
}

func submitPage(r *web.Request) error {
	in := r.Form()
	n, _ := strconv.Atoi(in.Get("round"))
	if in.Get("declare") != "Y" {
		return drawLook(r, fault.Bad("declare", "勾選聲明，確認送件內容正確", "Tick the declaration that what is submitted is right"))
	}
	var c *cases.Case
	err := r.Do(func(tx *store.Tx) (err error) {
		if c, err = cases.Open(r, tx); err != nil {
			return err
		}
		_, err = Submit(tx, r.Actor, c, n)
		return err
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		return drawLook(r, fault.Say(fault.Invalid, f.Message).At("holds", f.Message)) // the page lists them anyway
	}
	if err != nil {
		return err
	}
	return r.Redirect(receiptURL(c, n))
}

// openRound finds the case and round of the address.
func openRound(r *web.Request) (c *cases.Case, round Round, err error) {
	n, _ := strconv.Atoi(r.PathValue("n"))
	err = r.Look(func(tx *store.Tx) (err error) {
		if c, err = cases.Open(r, tx); err != nil {
			return err
		}
		round, err = Find(tx, c, n)
		return err
	})
	return c, round, err
}

func (room *Room) receiptPage(r *web.Request) error {
	c, round, err := openRound(r)
	if err != nil {
		return err
	}
	var signed deeds.Shown
	err = r.Look(func(tx *store.Tx) (err error) {
		signed, err = room.Deeds.Show(tx, deeds.Receipt, round.about(), c.Authority)
		return err
	})
	if err != nil {
		return err
	}
	return r.Draw(cases.Page(c, say.T("送件收據", "Receipt"), funcReceipt), receiptBody(c, round, signed))
}

func (room *Room) receiptFile(r *web.Request) error {
	c, round, err := openRound(r)
	if err != nil {
		return err
	}
	i, b, err := room.IssueReceipt(r.Context(), c, round)
	if err != nil {
		return err
	}
	at := round.At
	if i.IsSigned() {
		at = i.Signed
	}
	return r.Send(fmt.Sprintf("%s_送件收據_%d.pdf", c.Serial, round.N), "application/pdf", at, bytes.NewReader(b), true)
}

// bundleFile streams the bundle of a round. Who takes it is noted, because the form in it shows what the pages mask.
func (room *Room) bundleFile(_ http.ResponseWriter, q *http.Request) {
	r := web.FromContext(q.Context())
	if err := room.sendBundle(r); err != nil {
		r.W.Header().Del("Content-Disposition")
		r.Refuse(err)
	}
}

// takes reports whether by may have the archive of a round, in which national IDs are readable: not who may only look.
func takes(by permit.Actor, c *cases.Case) bool { return c.Edits(by) || c.Sees(by) && !c.Mine(by) }

func (room *Room) sendBundle(r *web.Request) error {
	n, _ := strconv.Atoi(r.PathValue("n"))
	var c *cases.Case
	var b proof.Contents
	var round Round
	err := r.Look(func(tx *store.Tx) (err error) {
		if c, err = cases.Open(r, tx); err != nil {
			return err
		}
		if round, err = Find(tx, c, n); err != nil {
			return err
		}
		if !takes(r.Actor, c) {
			return fault.Of(fault.Forbidden, "向申請人索取這份壓縮檔：裡面的個人資料沒有遮罩，只給能編輯案件的人和主管機關", "Ask the applicant for the archive: personal data in it is not masked, so it is for those who edit the case and for the authority").
				To("看送件內容", "See what was submitted", fmt.Sprintf("/bls/cases/%s/rounds/%d", c.ID, n))
		}
		b, err = room.Bundle(tx, c, round)
		return err
	})
	if err != nil {
		return err
	}
	if err := room.attest(r.Context(), c, round, &b); err != nil {
		return err
	}
	if err := r.Do(func(tx *store.Tx) error { return accounts.Note(tx, r.Actor, "round.bundle", c.ID, strconv.Itoa(n)) }); err != nil {
		return err
	}
	return r.Stream(fmt.Sprintf("%s_送件內容與證明_%d.zip", c.Serial, n), "application/zip", func(w io.Writer) error { return proof.Write(w, b) })
}

func roundPage(r *web.Request) error {
	c, round, err := openRound(r)
	if err != nil {
		return err
	}
	page := cases.Page(c, say.F("第 %d 次送件內容", "What was submitted, round %d", round.N), funcRound)
	page.Wide = true
	return r.Draw(page, roundBody(c, round))
}

type correctionView struct {
	Case   *cases.Case
	Points []Point
	Round  int
	May    bool
	Fault  *fault.Fault
	In     web.Form
}

func correctionPage(r *web.Request) error { return drawCorrection(r, nil) }

func drawCorrection(r *web.Request, f *fault.Fault) error {
	v := correctionView{Fault: f, In: r.Form()}
	err := r.Look(func(tx *store.Tx) (err error) {
		if v.Case, err = cases.Open(r, tx); err != nil {
			return err
		}
		for v.Round = v.Case.Round; v.Round > 0; v.Round-- { // the newest round that has a notice
			if v.Points, err = Points(tx, v.Case, v.Round); err != nil || len(v.Points) > 0 {
				return err
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	v.May = v.Case.State == permit.Correction && v.Case.Edits(r.Actor)
	page := cases.Page(v.Case, say.T("改正通知", "Correction notice"), funcCorrection)
	page.Fault, page.Scripts = f, []string{"case"}
	return r.Draw(page, correctionBody(v))
}

// replyPage keeps every answer that can be kept; what is missing is said, what was typed stays.
func replyPage(r *web.Request) error {
	in := r.Form()
	var g fault.Form
	var c *cases.Case
	err := r.Do(func(tx *store.Tx) (err error) {
		g = fault.Form{}
		if c, err = cases.Open(r, tx); err != nil {
			return err
		}
		all, err := Points(tx, c, c.Round)
		if err != nil {
			return err
		}
		for _, p := range all {
			answer, text := Answer(in.Get("answer-"+p.ID)), in.Get("reply-"+p.ID)
			if answer == p.Answer && text == p.Reply || answer == "" && text == "" {
				continue
			}
			err := Reply(tx, r.Actor, c, p.ID, answer, text)
			if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
				for _, x := range f.Places {
					g.Add(x.Key, fault.Say(fault.Invalid, x.Message))
				}
				continue
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if f, bad := fault.As(g.Err()); bad {
		return drawCorrection(r, f)
	}
	if r.Autosave() {
		return r.Saved("", nil)
	}
	r.Flash(say.T("已儲存您的回復", "Your answers are saved"))
	return r.Redirect("/bls/cases/" + c.ID)
}

func withdrawalPage(r *web.Request) error { return drawWithdrawal(r, nil) }

func drawWithdrawal(r *web.Request, f *fault.Fault) error {
	var c *cases.Case
	err := r.Look(func(tx *store.Tx) (err error) { c, err = cases.Open(r, tx); return err })
	if err != nil {
		return err
	}
	page := cases.Page(c, say.T("撤案", "Withdraw"), funcWithdraw)
	page.Fault = f
	return r.Draw(page, withdrawalBody(c, f, r.Form().Get("said")))
}

func withdraw(r *web.Request) error {
	err := r.Do(func(tx *store.Tx) error {
		c, err := cases.Open(r, tx)
		if err != nil {
			return err
		}
		return Withdraw(tx, r.Actor, c, r.Form().Get("said"))
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		return drawWithdrawal(r, f)
	}
	if err != nil {
		return err
	}
	r.Flash(say.T("已撤案", "The case is withdrawn"))
	return r.Redirect("/bls/cases/" + r.PathValue("id"))
}
