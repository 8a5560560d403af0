package review

import (
	"strconv"
	"time"

	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/pdf"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/submission"
	"cloudbm/taiwan"
	"cloudbm/web"
)

// Licence is what was granted: 建造執照 and its kin, or the 備查 of a filing.
type Licence struct {
	ID        string
	Authority string
	Number    string // (115)南工造字第00001號
	Case      string
	Kind      string
	Round     int
	At        time.Time
	By        string
	Said      string
}

// VerifyURL is the public page that the QR of a licence leads to.
func (l Licence) VerifyURL() string { return "/register/licences/" + l.ID }

// FindLicence is the licence of a case.
func FindLicence(tx *store.Tx, c *cases.Case) (Licence, error) {
	found, err := licenceWhere(tx, `case_id = $1`, c.ID)
	if err == nil && len(found) == 0 {
		return Licence{}, fault.Of(fault.NotFound, "這個案件還沒有核發執照", "No licence has been issued for this case").
			To("看案件", "See the case", "/bls/cases/"+c.ID)
	}
	if err != nil {
		return Licence{}, err
	}
	return found[0], nil
}

// LicenceOf is the licence of the case with this id, store.ErrNotFound if none was issued.
func LicenceOf(tx *store.Tx, caseID string) (Licence, error) {
	found, err := licenceWhere(tx, `case_id = $1`, caseID)
	if err == nil && len(found) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Licence{}, err
	}
	return found[0], nil
}

// LicenceByID is a licence of the register.
func LicenceByID(tx *store.Tx, id string) (Licence, error) {
	found, err := licenceWhere(tx, `id = $1`, id)
	if err == nil && len(found) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Licence{}, err
	}
	return found[0], nil
}

// paper is what a licence is drawn from.
type paper struct {
	Case     *cases.Case
	Licence  Licence
	Round    submission.Round
	Settings map[string]string
}

func gather(tx *store.Tx, c *cases.Case) (p paper, err error) {
	p.Case = c
	if p.Licence, err = FindLicence(tx, c); err != nil {
		return p, err
	}
	if p.Round, err = submission.Find(tx, c, p.Licence.Round); err != nil {
		return p, err
	}
	p.Settings = map[string]string{}
	for _, name := range []string{"sign_title", "sign_name", "sign_words", "remedy_words"} {
		if p.Settings[name], _, err = roles.Setting(tx, c.Authority, name, p.Licence.At); err != nil {
			return p, err
		}
	}
	return p, nil
}

// PrintLicence draws the licence: what was granted, to whom, for what, with the QR of the public register. National IDs
// do not stand on it. The same licence gives the same bytes.
func (room *Room) PrintLicence(p paper) ([]byte, error) {
	c, l := p.Case, p.Licence
	title := c.Type.Outcome.Title.Zh
	if title == "" {
		title = c.Type.Outcome.Name.Zh
	}
	f := pdf.NewForm(room.Fonts, pdf.FormMeta{Title: title + " " + l.Number, Subject: c.Serial, Author: c.AuthorityName(), Lang: say.Zh,
		HeaderLeft: c.AuthorityName(), FooterLeft: web.SystemName.Zh, Created: l.At})
	f.Heading(1, c.AuthorityName())
	f.Heading(1, title)
	f.ParagraphAs(l.Number, pdf.Right)
	line := func(label, value string) []pdf.Cell {
		return []pdf.Cell{{Text: label, Label: true}, {Text: value, Span: 3}}
	}
	f.Grid([]float64{2, 3, 3, 3}, [][]pdf.Cell{
		line("建築物名稱", c.Title), line("起造人（申請人）", c.Applicant), line("建築地點", c.Place),
		{{Text: "掛號號碼", Label: true}, {Text: c.Registration}, {Text: "案件序號", Label: true}, {Text: c.Serial}},
		{{Text: "送件次數", Label: true}, {Text: strconv.Itoa(l.Round)}, {Text: "發照日期", Label: true}, {Text: taiwan.DateOf(l.At).Long()}},
	})
	for _, key := range c.Type.Outcome.Shows {
		if s := c.Type.Section(key); s != nil && s.When.Holds(p.Round.Answers) {
			f.Heading(2, s.Name.Zh)
			cases.PrintSection(f, s, p.Round.Answers)
		}
	}
	f.Heading(2, "核准圖說")
	var rows [][]string
	for i, s := range p.Round.Manifest.Sheets {
		rows = append(rows, []string{strconv.Itoa(i + 1), s.Number, s.Title, string(s.Digest)})
	}
	f.Table([]pdf.Column{{Title: "項次", Width: 1}, {Title: "圖號", Width: 2}, {Title: "圖名", Width: 4}, {Title: "SHA-256", Width: 7}}, rows)
	if l.Said != "" {
		f.Heading(2, "附帶條件及說明")
		f.Paragraph(l.Said)
	}
	f.Space(4)
	if words := p.Settings["sign_words"]; words != "" {
		f.Paragraph(words)
	}
	if p.Settings["sign_name"] != "" {
		f.ParagraphAs(p.Settings["sign_title"]+"　"+p.Settings["sign_name"], pdf.Right)
	}
	f.ParagraphAs("中華民國 "+taiwan.DateOf(l.At).Long(), pdf.Right)
	if words := p.Settings["remedy_words"]; words != "" {
		f.Paragraph("教示：" + words)
	}
	f.QR(room.Base+l.VerifyURL(), 26, "掃描可查驗本執照")
	f.Paragraph("查驗網址：" + room.Base + l.VerifyURL())
	return f.Bytes()
}

// Name of the file a licence is saved as.
func (l Licence) file() string { return l.Number + ".pdf" }
