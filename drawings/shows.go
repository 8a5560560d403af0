package drawings

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"cloudbm/blob"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/taiwan"
	"cloudbm/web/parts"
)

// What the tables and lists of the pages hold.

var classColumns = []parts.Column{{Head: say.T("類別", "Class")}, {Head: say.T("內容", "Content")}, {Head: say.T("張數", "Sheets"), Numeric: true}, {Head: say.T("狀態", "State")}}

func classCells(rows []classRow) [][]parts.Cell {
	var out [][]parts.Cell
	for _, row := range rows {
		out = append(out, []parts.Cell{{Text: row.Class}, {Rich: words(row.Name)}, {Text: strconv.Itoa(row.Have)}, {Rich: classState(row)}})
	}
	return out
}

func sheetColumns(p listPage) []parts.Column {
	cols := []parts.Column{{Head: say.T("縮圖", "Thumbnail")}, {Head: say.T("圖號", "Number")}, {Head: say.T("圖名", "Title")},
		{Head: say.T("版本", "Version")}, {Head: say.T("圖紙", "Paper")}, {Head: say.T("狀態", "State")}}
	if p.Locked == nil && len(p.Sheets) > 1 {
		cols = append(cols, parts.Column{Head: say.T("順序", "Place")})
	}
	return cols
}

func sheetCells(p listPage) [][]parts.Cell {
	var out [][]parts.Cell
	for i, s := range p.Sheets {
		v := s.Current()
		size := paperSize(v)
		if v.MIME != PDF {
			size = strings.TrimSpace(kindName(v.MIME) + " " + size)
		}
		row := []parts.Cell{{Rich: thumb(s)}, {Rich: sheetLink(s)}, {Text: s.Title},
			{Text: fmt.Sprintf("v%d %s", v.N, taiwan.Stamp(v.At))}, {Text: size}, {Rich: sheetState(v)}}
		if p.Locked == nil && len(p.Sheets) > 1 {
			row = append(row, parts.Cell{Rich: placeInput(s, i)})
		}
		out = append(out, row)
	}
	return out
}

func removedCells(p listPage) [][]parts.Cell {
	var out [][]parts.Cell
	for _, s := range p.Removed {
		row := []parts.Cell{{Text: s.Number, URL: versionURL(s.Current())}, {Text: s.Title}, {Text: taiwan.Stamp(s.RemovedAt)}, {}}
		if p.Locked == nil {
			row[3].Rich = postButton(base(p.Case)+"/drawings/"+s.ID, "restore", "", say.T("復原", "Restore"), s.Name())
		}
		out = append(out, row)
	}
	return out
}

func mapCells(p mapPage) [][]parts.Cell {
	var out [][]parts.Cell
	for _, row := range p.Rows {
		out = append(out, []parts.Cell{{Rich: mapThumb(row)}, {Rich: mapFile(row)}, {Rich: mapFields(row)}, {Rich: mapOptions(row)}})
	}
	return out
}

func versionRows(p sheetPage) []parts.Row {
	v := p.At
	rows := []parts.Row{
		{Key: say.T("圖說類別", "Class"), Rich: words(say.F("%s　%s", "%s %s", p.Sheet.Class, nameOf(p.Case.Type.Drawings, p.Sheet.Class)))},
		{Key: say.T("版本", "Version"), Value: strconv.FormatInt(v.N, 10)},
		{Key: say.T("檔案", "File"), Rich: words(Arrival{FileName: v.FileName, Folder: v.Folder}.Where())},
	}
	if v.Page > 1 {
		rows = append(rows, parts.Row{Key: say.T("檔案內的頁次", "Page of the file"), Value: strconv.Itoa(v.Page)})
	}
	if size := paperSize(v); size != "" {
		rows = append(rows, parts.Row{Key: say.T("圖紙", "Paper"), Value: size})
	}
	rows = append(rows,
		parts.Row{Key: say.T("檔案類型與大小", "Kind and size"), Value: kindName(v.MIME) + " " + blob.Size(v.Size)},
		parts.Row{Key: say.T("上傳", "Uploaded"), Value: v.ByName + " " + taiwan.Stamp(v.At)},
		parts.Row{Key: say.T("檔案 SHA-256", "SHA-256 of the file"), Rich: code(v.Digest.String())})
	if v.Report.Signed {
		rows = append(rows, parts.Row{Key: say.T("檔案內的簽章", "Signature in the file"), Rich: FileSignature(v)})
	}
	return rows
}

func versionCells(ctx context.Context, p sheetPage) [][]parts.Cell {
	var out [][]parts.Cell
	for i, v := range p.Sheet.Versions {
		row := []parts.Cell{{Text: say.F("第 %d 版", "Version %d", v.N).Here(ctx), URL: versionURL(v)}, {Text: v.FileName, URL: versionURL(v) + "/file"},
			{Text: v.ByName + " " + taiwan.Stamp(v.At)}, {}}
		if i+1 < len(p.Sheet.Versions) && v.MIME == PDF && p.Sheet.Versions[i+1].MIME == PDF {
			old := p.Sheet.Versions[i+1]
			row[3] = parts.Cell{Text: say.F("與第 %d 版疊圖", "Overlay with version %d", old.N).Here(ctx), URL: versionURL(v) + "/compare?with=" + old.ID}
		}
		out = append(out, row)
	}
	return out
}

func layerCells(s *Survey) [][]parts.Cell {
	var out [][]parts.Cell
	for _, l := range s.Layers {
		out = append(out, []parts.Cell{{Text: l.Name}, {Text: strconv.Itoa(l.Entities)}})
	}
	return out
}

func extents(s *Survey) string {
	return strings.TrimSpace(fmt.Sprintf("%.2f × %.2f %s", s.Wide(), s.High(), s.Unit))
}

func removedPaperCells(ctx context.Context, p papersPage) [][]parts.Cell {
	var out [][]parts.Cell
	for _, f := range p.Removed {
		name := f.Code
		if x := p.Case.Type.Attachment(f.Code); x != nil {
			name = x.Name.Here(ctx)
		}
		out = append(out, []parts.Cell{{Text: name}, {Text: f.FileName, URL: base(p.Case) + "/papers/" + f.ID},
			{Rich: postButton(base(p.Case)+"/papers/"+f.ID, "restore", f.Code, say.T("復原", "Restore"), f.FileName)}})
	}
	return out
}

func paperFacts(p Paper) say.Text {
	if p.MIME == PDF {
		return say.F("PDF，%d 頁，%s", "PDF, %d pages, %s", p.Pages, blob.Size(p.Size))
	}
	return say.Same(kindName(p.MIME) + " " + blob.Size(p.Size))
}

func width(v Version) string  { w, _ := pixels(v); return strconv.Itoa(w) }
func height(v Version) string { _, h := pixels(v); return strconv.Itoa(h) }

// inputID is the id of a file input: a page may have several.
func inputID(field, value string) string {
	if field == "code" {
		return "files-" + value
	}
	return "files"
}

// accepts lists the endings that a file input offers.
func accepts(field string) string {
	if field == "code" {
		return ".pdf,.jpg,.jpeg,.png,.dxf,.dwg"
	}
	return ".pdf,.dxf,.dwg,.jpg,.jpeg,.png"
}

// noteClass: what was there already is no error.
func noteClass(a Arrival) string {
	if a.State == Same {
		return "uploads__size"
	}
	return "uploads__note"
}

func paperHint(x permit.Attachment) say.Text {
	if takesCAD(x) {
		return say.T("PDF、JPG、PNG、DXF 或 DWG，可以多個檔案", "PDF, JPG, PNG, DXF or DWG; several files are possible")
	}
	return say.T("PDF、JPG 或 PNG，可以多個檔案", "PDF, JPG or PNG; several files are possible")
}
