package portal

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"path"

	"cloudbm/blob"
	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
	"cloudbm/web/parts"
)

func (p *Portal) downloadDoors(s *web.Site) {
	s.Handle("GET /downloads", web.Anyone, showDownloads)
	s.Handle("GET /downloads/{id}", web.Anyone, p.sendDownload)
	s.Handle("GET /admin/downloads", admins, showRows)
	s.Handle("GET /admin/downloads/new", admins, func(r *web.Request) error { return drawRow(r, rowForm{Place: "100"}, nil) })
	s.Handle("POST /admin/downloads", admins, postRow)
	s.Handle("GET /admin/downloads/{id}", admins, editRow)
	s.Handle("POST /admin/downloads/{id}", admins, postRow)
	s.HandleRaw("POST /admin/downloads/{id}/file", admins, http.HandlerFunc(p.postFile))
}

var (
	downloadCrumb = web.Crumb{Text: say.T("檔案下載", "Downloads"), URL: "/downloads"}
	rowsCrumb     = web.Crumb{Text: say.T("維護檔案下載", "Keep downloads"), URL: "/admin/downloads"}
)

func showDownloads(r *web.Request) error {
	var rows []Download
	if err := r.Look(func(tx *store.Tx) (err error) { rows, err = downloads(tx, false); return err }); err != nil {
		return err
	}
	return r.Draw(web.Page{Title: downloadCrumb.Text, Func: "BLS10100", Crumbs: crumbs(downloadCrumb.Text)}, downloadsBody(rows))
}

// sendDownload sends the file, or says where it is while nobody has handed it in.
func (p *Portal) sendDownload(r *web.Request) error {
	var d Download
	var who Contact
	err := r.Look(func(tx *store.Tx) (err error) {
		if d, err = downloadByID(tx, r.PathValue("id")); err != nil {
			return err
		}
		if d.Hidden && !r.Actor.Admin {
			return store.ErrNotFound
		}
		a, err := p.authority(tx, r.Actor)
		if err == nil {
			who, err = contactOf(tx, a)
		}
		return err
	})
	if err != nil {
		return err
	}
	if !d.Here() {
		return r.Draw(web.Page{Title: d.Title, Func: "BLS10110", Crumbs: crumbs(d.Title, downloadCrumb)}, absentBody(d, who))
	}
	f, err := p.Files.Get(d.Digest)
	if err != nil {
		return err
	}
	defer f.Close()
	return r.Send(d.FileName, mime.TypeByExtension(path.Ext(d.FileName)), d.Updated.Time(), f, false)
}

// downloadColumn heads are those of the manual (S121).
var downloadHeads = []parts.Column{
	{Head: say.T("下載檔案說明", "Description")}, {Head: say.T("格式", "Format")},
	{Head: say.T("更新日期", "Updated")}, {Head: say.T("下載連結", "Download")},
}

func downloadCells(ctx context.Context, rows []Download) (out [][]parts.Cell) {
	for _, d := range rows {
		out = append(out, []parts.Cell{{Text: d.Title.Here(ctx)}, {Text: d.Format}, {Text: d.Updated.ROC()}, {Rich: downloadNow(d)}})
	}
	return out
}

func showRows(r *web.Request) error {
	var rows []Download
	if err := r.Look(func(tx *store.Tx) (err error) { rows, err = downloads(tx, true); return err }); err != nil {
		return err
	}
	return r.Draw(web.Page{Title: rowsCrumb.Text, Func: "SYS20100", Wide: true, Crumbs: crumbs(rowsCrumb.Text)}, rowsBody(rowCells(r.Context(), rows)))
}

func rowCells(ctx context.Context, rows []Download) (out [][]parts.Cell) {
	for _, d := range rows {
		state := say.T("尚未上傳檔案", "No file yet")
		if d.Here() {
			state = say.F("%s（%s）", "%s (%s)", d.FileName, blob.Size(d.Size))
		}
		if d.Hidden {
			state = say.F("不顯示；%s", "Not shown; %s", state)
		}
		out = append(out, []parts.Cell{{Text: itoa(d.Place)}, {Text: d.Title.Here(ctx), URL: "/admin/downloads/" + d.ID}, {Text: d.Format},
			{Text: d.Updated.ROC()}, {Rich: words(state)}})
	}
	return out
}

// rowForm is a row as it is typed.
type rowForm struct {
	ID, TitleZh, TitleEn, Format, Updated, Place, Revision string
	Hidden                                                 bool
	File                                                   say.Text
}

func editRow(r *web.Request) error {
	f, err := loadRow(r)
	if err != nil {
		return err
	}
	return drawRow(r, f, nil)
}

func loadRow(r *web.Request) (f rowForm, err error) {
	err = r.Look(func(tx *store.Tx) error {
		d, err := downloadByID(tx, r.PathValue("id"))
		f = rowForm{ID: d.ID, TitleZh: d.Title.Zh, TitleEn: d.Title.En, Format: d.Format, Updated: d.Updated.ROC(), Place: itoa(d.Place),
			Revision: itoa(d.Revision), Hidden: d.Hidden, File: say.T("尚未上傳檔案", "No file yet")}
		if d.Here() {
			f.File = say.F("現在的檔案：%s（%s）", "Present file: %s (%s)", d.FileName, blob.Size(d.Size))
		}
		return err
	})
	return f, err
}

func drawRow(r *web.Request, f rowForm, bad *fault.Fault) error {
	t := say.T("新增下載檔案", "New download")
	if f.ID != "" {
		t = say.T("修改下載檔案", "Change a download")
	}
	return r.Draw(web.Page{Title: t, Func: "SYS20110", Fault: bad, Crumbs: crumbs(t, rowsCrumb)}, rowFormBody(t, f, bad))
}

func postRow(r *web.Request) error {
	v := r.Form()
	f := rowForm{ID: r.PathValue("id"), TitleZh: v.Get("title_zh"), TitleEn: v.Get("title_en"), Format: v.Get("format"), Updated: v.Get("updated"),
		Place: v.Get("place"), Revision: v.Get("revision"), Hidden: v.Get("hidden") != ""}
	d := Download{ID: f.ID, Title: say.T(f.TitleZh, f.TitleEn), Format: f.Format, Place: number(f.Place), Revision: number(f.Revision), Hidden: f.Hidden}
	d.Updated, _ = taiwan.ParseDate(f.Updated) // a day that cannot be read is zero and refused with the rest
	err := r.Do(func(tx *store.Tx) (err error) { d, err = KeepRow(tx, r.Actor, d); return err })
	if bad, ok := fault.As(err); ok && (bad.Kind == fault.Invalid || bad.Kind == fault.Conflict) {
		return drawRow(r, f, bad)
	}
	if err != nil {
		return err
	}
	r.Flash(say.T("已存檔", "Saved"))
	return r.Redirect("/admin/downloads/" + d.ID)
}

// postFile takes the file of a row as it comes, without keeping it in memory.
func (p *Portal) postFile(_ http.ResponseWriter, q *http.Request) {
	r := web.FromContext(q.Context())
	err := p.takeFile(r)
	if err == nil {
		r.Flash(say.T("檔案已上傳", "File uploaded"))
		_ = r.Redirect("/admin/downloads/" + r.PathValue("id"))
		return
	}
	bad, ok := fault.As(err)
	if errors.Is(err, store.ErrNotFound) {
		bad, ok = fault.Of(fault.NotFound, "找不到這一列；從清單重新選擇", "There is no such row. Choose from the list").To("回清單", "Back to the list", "/admin/downloads"), true
	}
	if !ok {
		r.Site.Log.Error("a download could not be kept", "id", r.Number(), "error", err)
		bad = fault.Of(fault.Unavailable, "檔案沒有存好，再上傳一次", "The file was not kept. Upload it again")
	}
	f, err := loadRow(r)
	if err != nil {
		f = rowForm{ID: r.PathValue("id")}
	}
	_ = drawRow(r, f, bad)
}

func (p *Portal) takeFile(r *web.Request) error {
	none := fault.Bad("file", "選擇要上傳的檔案", "Choose a file to upload")
	m, err := r.MultipartReader()
	if err != nil {
		return none
	}
	for {
		part, err := m.NextPart()
		if errors.Is(err, io.EOF) {
			return none
		}
		if err != nil {
			return fault.Of(fault.Invalid, "檔案傳送不完整，再上傳一次", "The file did not arrive whole. Upload it again")
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return Replace(r.Context(), r.Site.DB, p.Files, r.Actor, r.PathValue("id"), part.FileName(), part)
		}
	}
}
