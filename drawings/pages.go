package drawings

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

// Mount opens the doors of the room.
func (r *Room) Mount(s *web.Site) {
	s.Handle("GET /bls/cases/{id}/drawings", web.SignedIn, r.list)
	s.HandleRaw("POST /bls/cases/{id}/drawings", web.SignedIn, http.HandlerFunc(r.takeDrawings))
	s.Handle("POST /bls/cases/{id}/drawings/order", web.SignedIn, r.reorder)
	s.Handle("GET /bls/cases/{id}/drawings/map", web.SignedIn, r.table)
	s.Handle("POST /bls/cases/{id}/drawings/map", web.SignedIn, r.saveTable)
	s.Handle("GET /bls/cases/{id}/drawings/{sheet}", web.SignedIn, r.sheet)
	s.Handle("POST /bls/cases/{id}/drawings/{sheet}", web.SignedIn, r.changeSheet)
	s.HandleRaw("POST /bls/cases/{id}/drawings/{sheet}/file", web.SignedIn, http.HandlerFunc(r.takeReplacement))
	s.Handle("GET /bls/cases/{id}/arrivals", web.SignedIn, r.progress)
	s.Handle("POST /bls/cases/{id}/arrivals/{arrival}", web.SignedIn, r.discard)
	s.HandleRaw("GET /bls/cases/{id}/arrivals/{arrival}/thumb.png", web.SignedIn, draws(r.arrivalPicture))
	s.Handle("GET /bls/cases/{id}/attachments", web.SignedIn, r.attachments)
	s.HandleRaw("POST /bls/cases/{id}/attachments/{code}", web.SignedIn, http.HandlerFunc(r.takePaper))
	s.HandleRaw("GET /bls/cases/{id}/papers/{paper}", web.SignedIn, draws(r.paperFile))
	s.Handle("POST /bls/cases/{id}/papers/{paper}", web.SignedIn, r.changePaper)
	s.Handle("GET /bls/cases/{id}/sheets/{version}", web.SignedIn, r.version)
	s.Handle("GET /bls/cases/{id}/sheets/{version}/compare", web.SignedIn, r.compareVersions)
	s.HandleRaw("GET /bls/cases/{id}/sheets/{version}/file", web.SignedIn, draws(r.file))
	s.HandleRaw("GET /bls/cases/{id}/sheets/{version}/thumb.png", web.SignedIn, draws(r.thumb))
	s.HandleRaw("GET /bls/cases/{id}/sheets/{version}/page.png", web.SignedIn, draws(r.wholePage))
	s.HandleRaw("GET /bls/cases/{id}/sheets/{version}/overlay.png", web.SignedIn, draws(r.overlay))
	s.HandleRaw("GET /bls/cases/{id}/sheets/{version}/tiles/{z}/{x}/{y}", web.SignedIn, draws(r.tile))
	up := r.uploads(s)
	for _, door := range []string{"POST /bls/cases/{id}/uploads/{$}", "HEAD /bls/cases/{id}/uploads/{upload}",
		"PATCH /bls/cases/{id}/uploads/{upload}", "DELETE /bls/cases/{id}/uploads/{upload}"} {
		s.HandleRaw(door, web.SignedIn, up)
	}
}

// Function numbers of the room's screens.
const (
	funcList, funcMap, funcSheet, funcCompare, funcPapers = "BLS20100", "BLS20110", "BLS20120", "BLS20130", "BLS20200"
)

// classRow is a class of sheets with what is there of it.
type classRow struct {
	permit.Drawing
	Asked bool
	Have  int
}

type listPage struct {
	Case    *cases.Case
	Classes []classRow
	Sheets  []Sheet
	Removed []Sheet
	Came    []Arrival
	Locked  *fault.Fault // why nothing can be brought now
	Fault   *fault.Fault
}

// in lists what has arrived and stands in one of the states.
func (p listPage) in(states ...State) []Arrival { return inState(p.Came, states...) }

// needed lists the classes that are asked or have sheets, or all the others.
func (p listPage) needed(yes bool) []classRow {
	return slices.DeleteFunc(slices.Clone(p.Classes), func(row classRow) bool { return (row.Asked || row.Have > 0) != yes })
}

func inState(came []Arrival, states ...State) []Arrival {
	var out []Arrival
	for _, a := range came {
		if slices.Contains(states, a.State) {
			out = append(out, a)
		}
	}
	return out
}

// locked is why by may not bring drawings (or, with a code, papers) now; nil if it may.
func locked(tx *store.Tx, by permit.Actor, c *cases.Case, code string) (*fault.Fault, error) {
	err := MayBring(tx, by, c, "", code)
	if f, ok := fault.As(err); ok {
		return f, nil
	}
	return nil, err
}

func (r *Room) readList(q *web.Request, tx *store.Tx) (p listPage, err error) {
	if p.Case, err = cases.Open(q, tx); err != nil {
		return p, err
	}
	a, err := cases.Answers(tx, p.Case)
	if err != nil {
		return p, err
	}
	if p.Sheets, err = InSight(tx, q.Actor, p.Case); err != nil {
		return p, err
	}
	asked := p.Case.Type.DrawingsAsked(a)
	for _, d := range p.Case.Type.Drawings {
		row := classRow{Drawing: d, Asked: slices.ContainsFunc(asked, func(x permit.Drawing) bool { return x.Class == d.Class })}
		for _, s := range p.Sheets {
			if s.Class == d.Class {
				row.Have++
			}
		}
		p.Classes = append(p.Classes, row)
	}
	if p.Locked, err = locked(tx, q.Actor, p.Case, ""); err != nil || !p.Case.Mine(q.Actor) {
		return p, err
	}
	if p.Removed, err = Removed(tx, p.Case); err != nil {
		return p, err
	}
	all, err := Arrivals(tx, p.Case)
	for _, x := range all {
		if x.Code == "" {
			p.Came = append(p.Came, x)
		}
	}
	return p, err
}

func (r *Room) list(q *web.Request) error { return r.drawList(q, nil) }

func (r *Room) drawList(q *web.Request, f *fault.Fault) error {
	var p listPage
	if err := q.Look(func(tx *store.Tx) (err error) { p, err = r.readList(q, tx); return err }); err != nil {
		return err
	}
	page := cases.Page(p.Case, say.T("書圖", "Drawings"), funcList)
	page.Fault, page.Wide, page.Scripts = f, true, []string{"upload"}
	p.Fault = f
	return q.Draw(page, listView(p))
}

// change runs f on the case of the address, and goes on to the page at to; a refusal of what was typed draws the list.
func (r *Room) change(q *web.Request, to string, f func(tx *store.Tx, c *cases.Case) (say.Text, error)) error {
	var said say.Text
	err := q.Do(func(tx *store.Tx) error {
		c, err := cases.Open(q, tx)
		if err != nil {
			return err
		}
		said, err = f(tx, c)
		return err
	})
	if err != nil {
		return err
	}
	if !said.Empty() {
		q.Flash(said)
	}
	return q.Redirect("/bls/cases/" + q.PathValue("id") + to)
}

func (r *Room) reorder(q *web.Request) error {
	return r.change(q, "/drawings", func(tx *store.Tx, c *cases.Case) (say.Text, error) {
		if q.Form().Get("do") == "number" {
			return say.T("已依圖號排序", "Sorted by number"), ByNumber(tx, q.Actor, c)
		}
		all, err := Current(tx, c)
		if err != nil {
			return say.Text{}, err
		}
		return say.T("已儲存順序", "The order is saved"), Reorder(tx, q.Actor, c, wanted(all, q.Form()))
	})
}

// wanted sorts the sheets by the places typed beside them; what is no number stays where it was.
func wanted(all []Sheet, in web.Form) []string {
	type placed struct {
		id string
		at float64
	}
	var out []placed
	for i, s := range all {
		at, err := strconv.ParseFloat(in.Get("place-"+s.ID), 64)
		if err != nil {
			at = float64(i + 1)
		}
		if at < float64(i+1) {
			at -= 0.5 // it was moved up, before the one that is there
		} else if at > float64(i+1) {
			at += 0.5
		}
		out = append(out, placed{s.ID, at})
	}
	slices.SortStableFunc(out, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	ids := make([]string, len(out))
	for i, p := range out {
		ids[i] = p.id
	}
	return ids
}

func (r *Room) discard(q *web.Request) error {
	to := "/drawings"
	if code := q.Form().Get("code"); code != "" {
		to = "/attachments#" + code
	}
	return r.change(q, to, func(tx *store.Tx, c *cases.Case) (say.Text, error) {
		return say.T("已從清單移除", "Taken off the list"), Discard(tx, q.Actor, c, q.PathValue("arrival"))
	})
}

// told is how far an upload is, as the script of the form reads it.
type told struct {
	ID      string `json:"id"`
	State   string `json:"state"`
	Message string `json:"message,omitempty"`
}

// progress tells the script of the upload form how far the files are that have arrived.
func (r *Room) progress(q *web.Request) error {
	rows := []told{}
	err := q.Look(func(tx *store.Tx) error {
		c, err := cases.Open(q, tx)
		if err != nil || !c.Mine(q.Actor) {
			return err
		}
		all, err := arrivalsOf(tx, c.ID)
		for len(all) > 0 {
			n := 1
			for n < len(all) && all[n].Upload == all[0].Upload {
				n++
			}
			rows = append(rows, tell(all[:n], q.Lang()))
			all = all[n:]
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.JSON(http.StatusOK, rows)
}

// tell sums up the pages of one upload.
func tell(pages []Arrival, l say.Lang) told {
	t := told{ID: pages[0].Upload, State: "done", Message: pages[0].Said().In(l)}
	unsure := len(inState(pages, Unsure))
	switch {
	case len(inState(pages, Waiting)) > 0:
		t.State, t.Message = "checking", ""
	case len(inState(pages, Refused)) == len(pages):
		t.State = "refused"
	case unsure > 0:
		t.Message = say.F("%d 頁待填寫圖號與圖名", "%d pages need a number and a title", unsure).In(l)
	}
	return t
}

// mapRow is one page of the mapping table with what is proposed or was typed.
type mapRow struct {
	Arrival
	Number, Title       string
	Version, Drop       bool
	NumberBad, TitleBad say.Text
	Known               string // the sheet that has the number already
}

type mapPage struct {
	Case    *cases.Case
	Rows    []mapRow
	Waiting int
	Fault   *fault.Fault
}

func (r *Room) table(q *web.Request) error {
	var p mapPage
	err := q.Look(func(tx *store.Tx) (err error) { p, err = readTable(q, tx); return err })
	if err != nil {
		return err
	}
	if len(p.Rows) == 0 {
		return q.Redirect(base(p.Case) + "/drawings")
	}
	return r.drawTable(q, p, nil)
}

func readTable(q *web.Request, tx *store.Tx) (p mapPage, err error) {
	if p.Case, err = cases.Open(q, tx); err != nil || !p.Case.Mine(q.Actor) {
		return p, err
	}
	came, err := Arrivals(tx, p.Case)
	if err != nil {
		return p, err
	}
	sheets, err := Current(tx, p.Case)
	if err != nil {
		return p, err
	}
	for _, a := range came {
		if a.Code == "" && a.State == Waiting {
			p.Waiting++
		}
	}
	offered := map[string]bool{}
	for _, a := range inState(came, Unsure) {
		row := mapRow{Arrival: a, Number: proposal(a, sheets, offered), Title: a.Title}
		if n, ok := ParseNumber(row.Number); ok {
			for _, s := range sheets {
				if sameNumber(s, n) {
					row.Known = s.Name()
				}
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return p, nil
}

func (r *Room) drawTable(q *web.Request, p mapPage, f *fault.Fault) error {
	page := cases.Page(p.Case, say.T("填寫圖號與圖名", "Enter numbers and titles"), funcMap)
	page.Fault, page.Wide = f, true
	p.Fault = f
	return q.Draw(page, mapView(p))
}

func (r *Room) saveTable(q *web.Request) error {
	in := q.Form()
	var rows []Mapping
	for _, id := range in.All("row") {
		rows = append(rows, Mapping{Arrival: id, Number: in.Get("number-" + id), Title: in.Get("title-" + id),
			Version: in.Has("version-" + id), Drop: in.Has("drop-" + id)})
	}
	filed := 0
	err := q.Do(func(tx *store.Tx) error {
		c, err := cases.Open(q, tx)
		if err != nil {
			return err
		}
		filed, err = Map(tx, q.Actor, c, rows)
		return err
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		return r.tableAgain(q, rows, f)
	}
	if err != nil {
		return err
	}
	q.Flash(say.F("已收 %d 張圖", "%d sheets filed", filed))
	return q.Redirect("/bls/cases/" + q.PathValue("id") + "/drawings/map")
}

// tableAgain draws the mapping table with what was typed and what is wrong with it.
func (r *Room) tableAgain(q *web.Request, typed []Mapping, f *fault.Fault) error {
	var p mapPage
	if err := q.Look(func(tx *store.Tx) (err error) { p, err = readTable(q, tx); return err }); err != nil {
		return err
	}
	for i := range p.Rows {
		row := &p.Rows[i]
		for _, m := range typed {
			if m.Arrival == row.ID {
				row.Number, row.Title, row.Version, row.Drop = m.Number, m.Title, m.Version, m.Drop
			}
		}
		for _, x := range f.Places {
			switch x.Key {
			case "number-" + row.ID:
				row.NumberBad = x.Message
			case "title-" + row.ID:
				row.TitleBad = x.Message
			}
		}
	}
	return r.drawTable(q, p, f)
}

// tilesURL is the address of the tiles of a version, as the viewer's script fills it in.
func tilesURL(v Version) string {
	return fmt.Sprintf("/bls/cases/%s/sheets/%s/tiles/{z}/{x}/{y}.png", v.Case, v.ID)
}

func versionURL(v Version) string { return "/bls/cases/" + v.Case + "/sheets/" + v.ID }

// deepest is the longer side of a sheet in pixels where the viewer zooms in no further: on A1 about 250 dpi.
const deepest = 512 << 4

// pixels is the size of a sheet at the deepest level.
func pixels(v Version) (w, h int) {
	wide, high := max(v.WidthMM, 1), max(v.HeightMM, 1)
	long := max(wide, high)
	return wide * deepest / long, high * deepest / long
}

// kindName is what people call a kind of file.
func kindName(mime string) string {
	switch mime {
	case PDF:
		return "PDF"
	case JPEG:
		return "JPEG"
	case PNG:
		return "PNG"
	case DXF:
		return "DXF"
	case DWG:
		return "DWG"
	}
	return strings.ToUpper(mime)
}

// paperSize is the size of a version's sheet in words.
func paperSize(v Version) string {
	switch {
	case v.WidthMM == 0:
		return ""
	case v.photo():
		return fmt.Sprintf("%d × %d px", v.WidthMM, v.HeightMM)
	case v.Report.Paper != "":
		return fmt.Sprintf("%s (%d × %d mm)", v.Report.Paper, v.WidthMM, v.HeightMM)
	}
	return fmt.Sprintf("%d × %d mm", v.WidthMM, v.HeightMM)
}
