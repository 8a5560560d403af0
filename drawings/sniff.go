package drawings

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // photographs
	_ "image/png"
	"io"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"cloudbm/say"
)

// The kinds of file that are taken.
const (
	PDF  = "application/pdf"
	JPEG = "image/jpeg"
	PNG  = "image/png"
	DXF  = "image/vnd.dxf"
	DWG  = "image/vnd.dwg"
)

// Problem is one thing to mend before a file is taken (Serious), or to know.
type Problem struct {
	Code    string   `json:"code"`
	Serious bool     `json:"serious,omitempty"`
	Text    say.Text `json:"text"`
}

// Overlay is the class that takes CAD files beside PDF: 地籍套繪圖 (domain §4.1).
const Overlay = "A8"

// photographs are the classes that take pictures: 竣工照片, 勘驗照片.
var photographs = []string{"AA", "H1"}

// Takes reports whether a class of sheets takes that kind of file; the empty class is not known yet.
func Takes(class, kind string) bool {
	switch kind {
	case PDF:
		return true
	case DXF, DWG:
		return class == Overlay || class == ""
	case JPEG, PNG:
		return slices.Contains(photographs, class) || class == ""
	}
	return false
}

// notTaken is why a class does not take a kind of file.
func notTaken(class, kind string) say.Text {
	switch kind {
	case DXF, DWG:
		return say.F("輸出成 PDF 再上傳：DXF、DWG 只用於 %s 地籍套繪圖", "Export it as PDF and upload again: DXF and DWG are for class %s, the cadastral overlay", Overlay)
	case JPEG, PNG:
		if class == "" {
			return wrongType(kind)
		}
		return say.F("存成 PDF 再上傳：類別 %s 的圖說要是 PDF", "Save it as PDF and upload again: sheets of class %s are PDF", class)
	}
	return wrongType(kind)
}

// wrongType is why a kind of file is never taken.
func wrongType(kind string) say.Text {
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(kind, w) })
	}
	what := say.T("不是 PDF", "is not PDF")
	switch {
	case has("zip", "rar", "7z", "tar"):
		return say.T("解壓縮後把裡面的檔案一起選取上傳：這個檔案是壓縮檔", "Unpack it and upload the files in it together: this is an archive")
	case has("executable", "msdownload", "elf", "mach-binary"):
		what = say.T("是執行檔", "is a program")
	case has("officedocument", "msword", "ms-excel", "ms-powerpoint", "ole-storage", "opendocument", "rtf"):
		what = say.T("是文書檔", "is an office document")
	case strings.HasPrefix(kind, "text/"):
		what = say.T("是文字", "is text")
	case strings.HasPrefix(kind, "image/"):
		what = say.T("是圖片", "is a picture")
	}
	return say.F("存成 PDF 再上傳：這個檔案的內容%s", "Save it as PDF and upload again: the content of this file %s", what)
}

// sniff tells what a file is by its content; its name plays no part.
func sniff(r io.ReadSeeker) (string, error) {
	head := make([]byte, 8192)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return "", err
	}
	head = head[:n]
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	switch {
	case bytes.HasPrefix(head, []byte("AC10")) && len(head) > 6:
		return DWG, nil
	case looksDXF(head):
		return DXF, nil
	}
	m := mimetype.Detect(head)
	for x := m; x != nil; x = x.Parent() {
		if slices.Contains([]string{PDF, JPEG, PNG}, x.String()) {
			return x.String(), nil
		}
	}
	// A PDF may begin after a few bytes of something else; pdf.Inspect says what is wrong with it.
	if i := bytes.Index(head[:min(len(head), 1024)], []byte("%PDF-")); i >= 0 {
		return PDF, nil
	}
	kind, _, _ := strings.Cut(m.String(), ";")
	return kind, nil
}

// maxPixels of a photograph: 100 megapixels take 400 MB to draw.
const maxPixels = 100 << 20

// lookAtPicture finds the size of a photograph and whether it can be drawn.
func lookAtPicture(r io.ReadSeeker) (w, h int, p []Problem, err error) {
	c, _, err := image.DecodeConfig(r)
	if err != nil {
		return 0, 0, []Problem{{"damaged", true, say.T("重新存檔再上傳：這張照片已損壞，無法讀出內容", "Save the picture again and upload it: this one is damaged and cannot be read")}}, nil
	}
	if c.Width*c.Height > maxPixels || c.Width > 30000 || c.Height > 30000 {
		return c.Width, c.Height, []Problem{{"too-many-pixels", true, say.F("縮小照片再上傳：這張有 %d × %d 個像素", "Make the picture smaller: this one has %d × %d pixels", c.Width, c.Height)}}, nil
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return 0, 0, nil, err
	}
	if _, _, err := image.Decode(r); err != nil {
		return c.Width, c.Height, []Problem{{"damaged", true, say.T("重新存檔再上傳：這張照片不完整", "Save the picture again and upload it: this one is incomplete")}}, nil
	}
	return c.Width, c.Height, nil, nil
}

// dwgVersion names the program generation of a DWG by its first six bytes.
func dwgVersion(head string) string {
	for _, v := range [][2]string{{"AC1032", "2018"}, {"AC1027", "2013"}, {"AC1024", "2010"}, {"AC1021", "2007"}, {"AC1018", "2004"}, {"AC1015", "2000"}, {"AC1014", "R14"}, {"AC1012", "R13"}} {
		if strings.HasPrefix(head, v[0]) {
			return "AutoCAD " + v[1]
		}
	}
	return fmt.Sprintf("AutoCAD %.6s", head)
}
