package portal

import (
	"context"
	"io"
	"path"
	"strings"
	"unicode"

	"cloudbm/accounts"
	"cloudbm/blob"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Download is one row of 檔案下載 (S121–S124), with or without its file.
type Download struct {
	ID       string
	Place    int // order in the table
	Title    say.Text
	Format   string // as shown: doc, zip
	Updated  taiwan.Date
	FileName string
	Digest   blob.Digest // "": the file has not been handed in
	Size     int64
	Hidden   bool
	Revision int
}

// Here reports whether the file itself is kept here.
func (d Download) Here() bool { return d.Digest != "" }

// maxDownload is the largest file of a download row, in bytes.
const maxDownload = 200 << 20

func onlyAdmin(by permit.Actor) error {
	if by.Admin {
		return nil
	}
	return fault.Of(fault.Forbidden, "檔案下載由系統管理者維護", "Downloads are kept by the system administrator").To("回檔案下載", "Back to downloads", "/downloads")
}

// KeepRow adds a row (ID "") or changes its words, order and date; the file stays.
func KeepRow(tx *store.Tx, by permit.Actor, d Download) (Download, error) {
	if err := onlyAdmin(by); err != nil {
		return d, err
	}
	if err := d.check(); err != nil {
		return d, err
	}
	if d.ID == "" {
		d.ID, d.Revision = store.NewID(), 1
		if err := insertDownload(tx, d); err != nil {
			return d, err
		}
		return d, accounts.Note(tx, by, "download.new", d.ID, d.Title.Zh)
	}
	before, err := downloadByID(tx, d.ID)
	if err != nil {
		return d, err
	}
	if before.Revision != d.Revision {
		return d, fault.Of(fault.Conflict, "這一列剛被改過；重新開啟，看過再改", "This row has just been changed. Open it again, look, then change it").
			To("重新開啟", "Open it again", "/admin/downloads/"+d.ID)
	}
	d.Revision++
	if err := updateDownload(tx, d); err != nil {
		return d, err
	}
	return d, accounts.Note(tx, by, "download.change", d.ID, before.Title.Zh+" → "+d.Title.Zh)
}

func (d Download) check() error {
	var g fault.Form
	if d.Title.Zh == "" {
		g.Bad("title_zh", "輸入下載檔案說明", "Enter the description in Chinese")
	}
	if d.Title.En == "" {
		g.Bad("title_en", "輸入英文說明", "Enter the description in English")
	}
	if d.Format == "" || len(d.Format) > 10 || strings.IndexFunc(d.Format, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) >= 0 {
		g.Bad("format", "輸入檔案格式，例如 doc", "Enter the file format, for example doc")
	}
	if d.Updated.IsZero() {
		g.Bad("updated", "輸入更新日期，例如 111-02-18", "Enter the day of the last change, for example 111-02-18")
	}
	if d.Place < 1 || d.Place > 9999 {
		g.Bad("place", "輸入順序，1 到 9999", "Enter the place in the list, 1 to 9999")
	}
	return g.Err()
}

// Replace hands in the file of a row, or another in its stead; date is the day it was changed. The bytes are on the disk
// before the row says so.
func Replace(ctx context.Context, db *store.DB, files *blob.Store, by permit.Actor, id, name string, r io.Reader) error {
	if err := onlyAdmin(by); err != nil {
		return err
	}
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	ending := strings.TrimPrefix(path.Ext(name), ".")
	if ending == "" || runs[strings.ToLower(ending)] {
		return fault.Bad("file", "選擇文件、試算表、圖檔、PDF 或 zip 檔", "Choose a document, a spreadsheet, a drawing, a PDF or a zip file")
	}
	digest, size, err := files.Put(ctx, r, maxDownload)
	if err != nil {
		return err
	}
	if size == 0 {
		return fault.Bad("file", "選擇有內容的檔案；這個檔案是空的", "Choose another file: this one is empty")
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		before, err := downloadByID(tx, id)
		if err != nil {
			return err
		}
		if err := replaceFile(tx, id, name, strings.ToLower(ending), digest, size); err != nil {
			return err
		}
		return accounts.Note(tx, by, "download.file", id, before.Digest.Short()+" → "+digest.Short()+" "+name)
	})
}

// runs are endings of files that do something when they are opened.
var runs = map[string]bool{"exe": true, "com": true, "bat": true, "cmd": true, "msi": true, "scr": true, "js": true, "vbs": true,
	"ps1": true, "html": true, "htm": true, "svg": true, "lnk": true, "jar": true, "hta": true}
