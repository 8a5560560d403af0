package submission

import (
	"strconv"

	"cloudbm/cases"
	"cloudbm/pdf"
	"cloudbm/say"
	"cloudbm/taiwan"
	"cloudbm/web"
)

// PrintReceipt draws the receipt of a round: the same round gives the same bytes.
func (room *Room) PrintReceipt(c *cases.Case, r Round) ([]byte, error) {
	f := pdf.NewForm(room.Fonts, pdf.FormMeta{Title: "送件收據 " + r.Receipt, Subject: c.Serial, Author: c.AuthorityName(), Lang: say.Zh,
		FunctionNo: funcReceipt, HeaderLeft: web.SystemName.Zh, FooterLeft: c.Label(), Created: r.At})
	f.Heading(1, "送件收據")
	cell := func(label, value string) []pdf.Cell {
		return []pdf.Cell{{Text: label, Label: true}, {Text: value, Span: 3}}
	}
	f.Grid([]float64{2, 3, 3, 3}, [][]pdf.Cell{
		cell("收據編號", r.Receipt), cell("案件主管機關", c.AuthorityName()), cell("案件類別", c.Type.Name.Zh), cell("案件序號", c.Serial),
		cell("建築物名稱", c.Title), cell("起造人", c.Applicant), cell("送件次數", "第 "+strconv.Itoa(r.N)+" 次"),
		cell("系統收到時間", taiwan.ROCStamp(r.At)+"（Asia/Taipei）"), cell("送件人", r.Name), cell("內容雜湊值 SHA-256", r.Digest),
	})
	f.Heading(2, "送件內容")
	var rows [][]string
	for i, s := range r.Manifest.Sheets {
		rows = append(rows, []string{strconv.Itoa(i + 1), s.Number, s.Title, strconv.FormatInt(s.N, 10), string(s.Digest)})
	}
	f.Table([]pdf.Column{{Title: "項次", Width: 1}, {Title: "圖號", Width: 2}, {Title: "圖名", Width: 4}, {Title: "版次", Width: 1}, {Title: "SHA-256", Width: 6}}, rows)
	rows = nil
	for i, p := range r.Manifest.Papers {
		name := p.Code
		if a := c.Type.Attachment(p.Code); a != nil {
			name = a.Name.Zh
		}
		rows = append(rows, []string{strconv.Itoa(i + 1), name, p.FileName, string(p.Digest)})
	}
	if len(rows) > 0 {
		f.Space(3)
		f.Table([]pdf.Column{{Title: "項次", Width: 1}, {Title: "文件", Width: 4}, {Title: "檔案", Width: 3}, {Title: "SHA-256", Width: 6}}, rows)
	}
	f.Space(3)
	f.Paragraph("本收據證明系統已於上列時間收到送件內容並完成儲存；內容有任何更動，雜湊值即不相符。")
	f.QR(room.Base+c.ProgressURL(), 22, "掃描可查詢案件進度")
	return f.Bytes()
}
