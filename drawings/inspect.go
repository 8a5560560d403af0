package drawings

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"slices"
	"strings"

	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/pades"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// look is what was found in a file.
type look struct {
	kind   string
	report Report
	pages  []pageLook
}

type pageLook struct {
	wide, high int
	paper      string
	guess      Guess
}

// inspect looks at an arrival and files it, or says what a person has to do. Run again it does nothing new.
func (r *Room) inspect(ctx context.Context, id string) error {
	var a Arrival
	var classes []permit.Drawing
	err := r.DB.Read(ctx, func(tx *store.Tx) (err error) {
		if a, err = arrivalByID(tx, id); err != nil {
			return err
		}
		c, err := cases.Find(tx, permit.System, a.Case)
		if err == nil {
			classes = c.Type.Drawings
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) || fault.Is(err, fault.NotFound) {
		return nil // discarded, or the whole draft thrown away
	}
	if err != nil || a.State != Waiting {
		return err
	}
	found, err := r.look(ctx, a, classes)
	if err != nil {
		return err
	}
	return r.DB.Write(ctx, func(tx *store.Tx) error { return settle(tx, id, found) })
}

// look reads the file; an error is only about our own disk or the end of ctx.
func (r *Room) look(ctx context.Context, a Arrival, classes []permit.Drawing) (look, error) {
	f, err := r.Blobs.Get(a.Digest)
	if errors.Is(err, blob.ErrMissing) {
		return look{report: refusal("missing", say.T("重新上傳：系統讀不到這個檔案", "Upload it again: the system cannot find this file"))}, nil
	}
	if err != nil {
		return look{}, err
	}
	defer f.Close()
	if a.Size == 0 {
		return look{report: refusal("empty", say.T("重新選擇檔案：這個檔案是空的（0 位元組）", "Choose the file again: this one is empty (0 bytes)"))}, nil
	}
	kind, err := sniff(f)
	if err != nil {
		return look{}, err
	}
	switch kind {
	case PDF:
		return r.lookAtPDF(ctx, a, f, classes)
	case JPEG, PNG:
		w, h, p, err := lookAtPicture(f)
		return look{kind, Report{Problems: p}, one(a, classes, w, h)}, err
	case DXF:
		s, p, err := surveyDXF(io.LimitReader(f, MaxFile))
		return look{kind, Report{Problems: p, Survey: &s}, one(a, classes, 0, 0)}, err
	case DWG:
		head := make([]byte, 6)
		if _, err := io.ReadFull(f, head); err != nil {
			return look{}, err
		}
		p := Problem{"dwg", false, say.F("一併上傳同內容的 DXF 或 PDF：DWG（%s）只保存，不能在系統上檢視", "Upload a DXF or PDF with the same content too: a DWG (%s) is kept but cannot be viewed here", dwgVersion(string(head)))}
		return look{kind, Report{Problems: []Problem{p}}, one(a, classes, 0, 0)}, nil
	}
	return look{kind: kind, report: refusal("wrong-type", wrongType(kind))}, nil
}

func refusal(code string, t say.Text) Report {
	return Report{Problems: []Problem{{code, true, t}}}
}

// one is the single page of a file that has no pages.
func one(a Arrival, classes []permit.Drawing, w, h int) []pageLook {
	return []pageLook{{wide: w, high: h, guess: ReadName(a.Folder, a.FileName, classes)}}
}

func (r *Room) lookAtPDF(ctx context.Context, a Arrival, f *os.File, classes []permit.Drawing) (look, error) {
	rep, err := pdf.Inspect(ctx, f, a.Size)
	if err != nil {
		return look{}, err
	}
	l := look{kind: PDF, report: Report{Signed: rep.Signed}}
	for _, p := range rep.Problems {
		l.report.Problems = append(l.report.Problems, Problem{p.Code, p.Serious, p.Text})
	}
	if !rep.OK() {
		return l, nil
	}
	verdict, err := pades.Look(ctx, f, a.Size, r.Anchors)
	switch {
	case ctx.Err() != nil:
		return look{}, ctx.Err()
	case err != nil: // our fault, not the sender's: the file comes in, and the verdict says that nothing was checked
		slog.ErrorContext(ctx, "a signature in a file was not judged", "arrival", a.ID, "err", err)
	}
	if l.report.Signed = verdict.Kind != pades.None; l.report.Signed {
		l.report.Verdict = &verdict
	}
	named := ReadName(a.Folder, a.FileName, classes)
	for i, p := range rep.Pages {
		pl := pageLook{wide: int(math.Round(p.WidthMM)), high: int(math.Round(p.HeightMM)), paper: p.Paper}
		if a.Code == "" && a.Sheet == "" {
			number, title := r.block(ctx, a.Digest, i+1)
			pl.guess = named.InBlock(number, title, len(rep.Pages) == 1, classes)
			if pl.guess.Title == "" && len(speaksOf(named.Title)) > 0 {
				pl.guess.Title = fmt.Sprintf("%s (%d/%d)", named.Title, i+1, len(rep.Pages))
			}
		}
		l.pages = append(l.pages, pl)
	}
	doubtTwins(l.pages)
	return l, ctx.Err()
}

// block reads the title block of a page; what cannot be read tells nothing.
func (r *Room) block(ctx context.Context, d blob.Digest, page int) (number, title string) {
	path, ok := r.Blobs.Path(d)
	if !ok || r.Engine == nil {
		return "", ""
	}
	words, err := r.Engine.Text(ctx, path, page)
	if err != nil {
		return "", ""
	}
	return pdf.ReadTitleBlock(words, pdf.SheetNumber)
}

// doubtTwins makes unsure the pages of one file that carry the same number: one cannot be the next version of the other.
func doubtTwins(pages []pageLook) {
	seen := map[string]int{}
	for _, p := range pages {
		if p.guess.Number != "" {
			seen[p.guess.Number]++
		}
	}
	for i := range pages {
		if g := &pages[i].guess; seen[g.Number] > 1 {
			g.Sure, g.Why = false, say.F("這個檔案有 %d 頁寫著圖號 %s，填寫每一頁的圖號", "%d pages of this file carry the number %s: enter the number of each", seen[g.Number], g.Number)
		}
	}
}

// settle writes down what was found: refuses, files, or leaves to a person, page by page.
func settle(tx *store.Tx, id string, l look) error {
	a, err := arrivalByID(tx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && a.State != Waiting {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := cases.Find(tx, permit.System, a.Case)
	if err != nil {
		return err
	}
	by := permit.Actor{Person: a.By, Name: a.ByName}
	a.MIME, a.Report, a.Pages = l.kind, l.report, len(l.pages)
	if a.Report.Serious() != nil {
		a.State = Refused
		return updateArrival(tx, a)
	}
	if refused := unfit(c, a); refused != nil {
		a.State = Refused
		a.Report.Problems = append([]Problem{*refused}, a.Report.Problems...)
		return updateArrival(tx, a)
	}
	switch {
	case a.Code != "":
		a.Page = 1
		p, same, err := PutPaper(tx, by, c, a)
		return concluded(tx, a, p.ID, same, err)
	case a.Sheet != "":
		a.paged(l, 0)
		v, same, err := Replace(tx, by, c, a.Sheet, a)
		return concluded(tx, a, v.ID, same, err)
	}
	for i := range l.pages {
		p := a
		p.paged(l, i)
		if i > 0 {
			p.ID = store.NewID()
			if err := insertArrival(tx, p); err != nil {
				return err
			}
		}
		if err := filed(tx, by, c, p, l.pages[i].guess); err != nil {
			return err
		}
	}
	return nil
}

// unfit is why a file cannot be what it was sent for, whatever its number.
func unfit(c *cases.Case, a Arrival) *Problem {
	switch {
	case a.Code != "" && (a.MIME == DXF || a.MIME == DWG) && !takesCAD(*c.Type.Attachment(a.Code)):
		return &Problem{"wrong-type", true, notTaken("", a.MIME)}
	case a.Code != "":
		return nil
	case a.Sheet != "" && a.Pages > 1:
		return &Problem{"several-pages", true, say.F("只留這張圖的那一頁再上傳：這個檔案有 %d 頁", "Upload only the page of this sheet: this file has %d pages", a.Pages)}
	case !slices.ContainsFunc(c.Type.Drawings, func(d permit.Drawing) bool { return Takes(d.Class, a.MIME) }):
		if a.MIME == PDF { // this kind of case has no drawings at all
			return &Problem{"no-drawings", true, say.F("改到應附文件上傳：%s不需要圖說", "Upload it under the papers: %s needs no drawings", c.Type.Name)}
		}
		return &Problem{"wrong-type", true, notTaken("", a.MIME)}
	}
	return nil
}

// takesCAD: the paper about the cadastral overlay is the one that comes with its electronic file (domain §4.1).
func takesCAD(x permit.Attachment) bool { return strings.Contains(x.Name.Zh, "套繪") }

func (a *Arrival) paged(l look, i int) {
	p := l.pages[i]
	a.Page, a.WidthMM, a.HeightMM, a.Report.Paper = i+1, p.wide, p.high, p.paper
	a.Number, a.Class, a.Title = p.guess.Number, p.guess.Class, p.guess.Title
}

// filed files one page if the guess is sure, and leaves it to a person otherwise.
func filed(tx *store.Tx, by permit.Actor, c *cases.Case, a Arrival, g Guess) error {
	why := g.Why
	n, ok := ParseNumber(g.Number)
	if twin, there, err := sheetMadeOf(tx, c, a); err != nil {
		return err
	} else if there {
		if !ok || sameNumber(twin, n) {
			return concluded(tx, a, twin.Current().ID, true, nil)
		}
		g.Sure, why = false, say.F("這一頁和 %s 是同一個檔案的同一頁，確認圖號，或勾選「不需要」", "This is the same page of the same file as %s: check the number, or tick “Not needed”", twin.Name())
	}
	if g.Sure && ok && Takes(n.Class, a.MIME) {
		var err error
		if why, err = clash(tx, c, a, n, g.Title); err != nil {
			return err
		}
		if why.Empty() {
			v, same, err := Put(tx, by, c, a, n, g.Title)
			if f, is := fault.As(err); !is {
				return concluded(tx, a, v.ID, same, err)
			} else {
				why = f.Message
			}
		}
	} else if ok && !Takes(n.Class, a.MIME) {
		why = notTaken(n.Class, a.MIME)
	}
	a.State, a.Report.Why = Unsure, why
	if (a.MIME == DXF || a.MIME == DWG) && a.Class != Overlay {
		a.Class = Overlay
	}
	return updateArrival(tx, a)
}

// sheetMadeOf is the sheet whose newest version is this very page of this very file.
func sheetMadeOf(tx *store.Tx, c *cases.Case, a Arrival) (Sheet, bool, error) {
	all, err := Current(tx, c)
	for _, s := range all {
		if v := s.Current(); v.Digest == a.Digest && v.Page == a.Page {
			return s, true, err
		}
	}
	return Sheet{}, false, err
}

func sameNumber(s Sheet, n Number) bool {
	have, ok := ParseNumber(s.Number)
	return ok && have.Same(n)
}

// clash is why a page with a known number may yet not be the next version of the sheet that has it: another title, or
// another folder where neither page says what it shows.
func clash(tx *store.Tx, c *cases.Case, a Arrival, n Number, title string) (say.Text, error) {
	s, there, err := sheetNumbered(tx, c, n)
	if err != nil || !there {
		return say.Text{}, err
	}
	now := s.Current()
	switch {
	case title != "" && !alike(title, s.Title) && !alike(s.Title, nameOf(c.Type.Drawings, s.Class).Zh):
		return say.F("圖號 %s 已經有「%s」，這個檔案叫「%s」；確認是它的新版本，或改圖號", "The number %s belongs to “%s”; this file says “%s”. Confirm that it is a new version, or change the number", s.Number, s.Title, title), nil
	case title == "" && now.Folder != a.Folder:
		return say.F("圖號 %s 已經有一張圖，來自另一個資料夾；確認是它的新版本，或改圖號", "The number %s belongs to a sheet from another folder. Confirm that this is a new version, or change the number", s.Number), nil
	}
	return say.Text{}, nil
}

// concluded writes the end of an arrival: filed, there already, or refused by the case.
func concluded(tx *store.Tx, a Arrival, became string, same bool, err error) error {
	a.State, a.Became = Placed, became
	if same {
		a.State, a.Report.Why = Same, say.T("同一個檔案已經在案件裡，沒有新增版本", "The same file is in the case already; no version was added")
	}
	if f, ok := fault.As(err); ok {
		a.State, a.Became = Refused, ""
		a.Report.Problems = append([]Problem{{"not-now", true, f.Message}}, a.Report.Problems...)
	} else if err != nil {
		return err
	}
	return updateArrival(tx, a)
}
