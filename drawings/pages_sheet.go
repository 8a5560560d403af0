package drawings

import (
	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/web"
)

type sheetPage struct {
	Case       *cases.Case
	Sheet      Sheet
	At         Version // the version shown
	Prev, Next *Sheet
	Beside     []Link
	Locked     *fault.Fault
	Fault      *fault.Fault
	Number     string // typed
	Title      string
}

// older is the version before the one shown, nil if that is the first.
func (p sheetPage) older() *Version {
	for i, v := range p.Sheet.Versions {
		if v.N < p.At.N {
			return &p.Sheet.Versions[i]
		}
	}
	return nil
}

func (p sheetPage) bad(key string) say.Text {
	if p.Fault != nil {
		for _, x := range p.Fault.Places {
			if x.Key == key {
				return x.Message
			}
		}
	}
	return say.Text{}
}

// sheet shows one sheet at its newest version.
func (r *Room) sheet(q *web.Request) error { return r.drawSheet(q, q.PathValue("sheet"), "", nil) }

// version shows a sheet at one of its versions, also of a sheet that was removed meanwhile.
func (r *Room) version(q *web.Request) error {
	var v Version
	err := q.Look(func(tx *store.Tx) (err error) { v, _, err = versionFor(q, tx); return err })
	if err != nil {
		return err
	}
	return r.drawSheet(q, v.Sheet, v.ID, nil)
}

func (r *Room) drawSheet(q *web.Request, id, version string, f *fault.Fault) error {
	var p sheetPage
	err := q.Look(func(tx *store.Tx) (err error) { p, err = r.readSheet(q, tx, id, version); return err })
	if err != nil {
		return err
	}
	p.Fault, p.Number, p.Title = f, p.Sheet.Number, p.Sheet.Title
	if f != nil {
		p.Number, p.Title = q.Form().Get("number"), q.Form().Get("title")
	}
	page := cases.Page(p.Case, say.Same(p.Sheet.Name()), funcSheet)
	page.Crumbs = append(page.Crumbs[:len(page.Crumbs)-1], web.Crumb{Text: say.T("書圖", "Drawings"), URL: base(p.Case) + "/drawings"}, web.Crumb{Text: say.Same(p.Sheet.Name())})
	page.Fault, page.Wide, page.Scripts = f, true, []string{"viewer", "upload"}
	return q.Draw(page, sheetView(p))
}

func (r *Room) readSheet(q *web.Request, tx *store.Tx, id, version string) (p sheetPage, err error) {
	if p.Case, err = cases.Open(q, tx); err != nil {
		return p, err
	}
	all, err := InSight(tx, q.Actor, p.Case)
	if err != nil {
		return p, err
	}
	found := false
	for i, s := range all {
		if s.ID != id {
			continue
		}
		found, p.Sheet = true, s
		if i > 0 {
			p.Prev = &all[i-1]
		}
		if i+1 < len(all) {
			p.Next = &all[i+1]
		}
	}
	if !found {
		if p.Sheet, err = anySheet(tx, p.Case, id); err != nil {
			return p, err
		}
		p.Sheet.Versions = inSight(q.Actor, p.Case, p.Sheet.Versions)
		if len(p.Sheet.Versions) == 0 {
			_, err = anySheet(tx, p.Case, "")
			return p, err
		}
	}
	p.At = p.Sheet.Current()
	for _, v := range p.Sheet.Versions {
		if v.ID == version {
			p.At = v
		}
	}
	if r.Beside != nil {
		if p.Beside, err = r.Beside(tx, q.Actor, p.Case, p.At); err != nil {
			return p, err
		}
	}
	err = cases.MayChange(tx, q.Actor, p.Case, "drawings/"+p.Sheet.Number)
	if f, ok := fault.As(err); ok {
		p.Locked, err = f, nil
	}
	return p, err
}

// inSight leaves the authority the versions that were there when the case was last submitted.
func inSight(by permit.Actor, c *cases.Case, versions []Version) []Version {
	var out []Version
	for _, v := range versions {
		if c.Mine(by) || by.Person == permit.System.Person || !v.At.After(c.SubmittedAt) {
			out = append(out, v)
		}
	}
	return out
}

// versionFor is the version of the address, if the person who asks may see it.
func versionFor(q *web.Request, tx *store.Tx) (Version, *cases.Case, error) {
	return versionNamed(q, tx, q.PathValue("version"))
}

func versionNamed(q *web.Request, tx *store.Tx, id string) (Version, *cases.Case, error) {
	c, err := cases.Open(q, tx)
	if err != nil {
		return Version{}, nil, err
	}
	v, err := FindInSight(tx, q.Actor, c, id)
	return v, c, err
}

func (r *Room) changeSheet(q *web.Request) error {
	id, in := q.PathValue("sheet"), q.Form()
	to := "/drawings/" + id
	if in.Get("do") == "remove" || in.Get("do") == "restore" {
		to = "/drawings"
	}
	err := r.change(q, to, func(tx *store.Tx, c *cases.Case) (say.Text, error) {
		switch in.Get("do") {
		case "remove":
			s, err := Remove(tx, q.Actor, c, id)
			return say.F("已移除 %s；在「已移除的圖」可以復原", "%s is removed; it can be restored under “Removed sheets”", s.Name()), err
		case "restore":
			s, err := Restore(tx, q.Actor, c, id)
			return say.F("已復原 %s", "%s is restored", s.Name()), err
		}
		s, err := Rename(tx, q.Actor, c, id, in.Get("number"), in.Get("title"))
		return say.F("已改為 %s", "It is %s now", s.Name()), err
	})
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		return r.drawSheet(q, id, "", f)
	}
	return err
}

type comparePage struct {
	Case     *cases.Case
	Sheet    Sheet
	Old, New Version
	Found    Comparison
}

// compareVersions shows what changed from one version to another.
func (r *Room) compareVersions(q *web.Request) error {
	var p comparePage
	err := q.Look(func(tx *store.Tx) (err error) {
		if p.New, p.Case, err = versionFor(q, tx); err != nil {
			return err
		}
		if p.Old, _, err = versionNamed(q, tx, q.Form().Get("with")); err != nil {
			return err
		}
		p.Sheet, err = anySheet(tx, p.Case, p.New.Sheet)
		return err
	})
	if err != nil {
		return err
	}
	if p.Old.At.After(p.New.At) {
		p.Old, p.New = p.New, p.Old
	}
	if p.Found, err = r.Compare(q.Context(), p.Old, p.New); err != nil {
		return err
	}
	title := say.F("%s：第 %d 版與第 %d 版", "%s: versions %d and %d", p.Sheet.Name(), p.Old.N, p.New.N)
	page := cases.Page(p.Case, title, funcCompare)
	page.Wide = true
	return q.Draw(page, compareView(p))
}

// paperRow is one attachment that is asked, with what is there.
type paperRow struct {
	permit.Attachment
	Asked  bool
	Papers []Paper
	Came   []Arrival
	Locked *fault.Fault
}

type papersPage struct {
	Case    *cases.Case
	Rows    []paperRow
	Removed []Paper
	Fault   *fault.Fault
	Missing int
}

func (r *Room) attachments(q *web.Request) error { return r.drawPapers(q, nil) }

func (r *Room) drawPapers(q *web.Request, f *fault.Fault) error {
	var p papersPage
	if err := q.Look(func(tx *store.Tx) (err error) { p, err = r.readPapers(q, tx); return err }); err != nil {
		return err
	}
	page := cases.Page(p.Case, say.T("應附文件", "Papers to attach"), funcPapers)
	page.Fault, page.Scripts = f, []string{"upload"}
	p.Fault = f
	return q.Draw(page, papersView(p))
}

func (r *Room) readPapers(q *web.Request, tx *store.Tx) (p papersPage, err error) {
	if p.Case, err = cases.Open(q, tx); err != nil {
		return p, err
	}
	a, err := cases.Answers(tx, p.Case)
	if err != nil {
		return p, err
	}
	have, err := PapersInSight(tx, q.Actor, p.Case)
	if err != nil {
		return p, err
	}
	var came []Arrival
	if p.Case.Mine(q.Actor) {
		if came, err = Arrivals(tx, p.Case); err != nil {
			return p, err
		}
		if p.Removed, err = RemovedPapers(tx, p.Case); err != nil {
			return p, err
		}
	}
	asked := map[string]bool{}
	for _, x := range p.Case.Type.AttachmentsAsked(a) {
		asked[x.Code] = true
	}
	for _, x := range p.Case.Type.Attachments {
		row := paperRow{Attachment: x, Asked: asked[x.Code]}
		for _, h := range have {
			if h.Code == x.Code {
				row.Papers = append(row.Papers, h)
			}
		}
		for _, k := range came {
			if k.Code == x.Code {
				row.Came = append(row.Came, k)
			}
		}
		if !row.Asked && len(row.Papers)+len(row.Came) == 0 {
			continue
		}
		if row.Asked && row.Required && len(row.Papers) == 0 {
			p.Missing++
		}
		if row.Locked, err = locked(tx, q.Actor, p.Case, x.Code); err != nil {
			return p, err
		}
		p.Rows = append(p.Rows, row)
	}
	return p, nil
}

func (r *Room) changePaper(q *web.Request) error {
	return r.change(q, "/attachments#"+q.Form().Get("code"), func(tx *store.Tx, c *cases.Case) (say.Text, error) {
		if q.Form().Get("do") == "restore" {
			p, err := RestorePaper(tx, q.Actor, c, q.PathValue("paper"))
			return say.F("已復原 %s", "%s is restored", p.FileName), err
		}
		p, err := RemovePaper(tx, q.Actor, c, q.PathValue("paper"))
		return say.F("已移除 %s；在頁尾可以復原", "%s is removed; it can be restored at the end of the page", p.FileName), err
	})
}
