package cases

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	"cloudbm/fault"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
	"cloudbm/web"
)

// Room is what the room needs besides the database: the fonts of the printed forms and the address people reach us at.
type Room struct {
	Fonts *pdf.Fonts
	Base  string // https://host, without a slash at the end; goes into QR codes
}

// ProgressURL is the page where anybody may see how far a filed case has come.
func (c *Case) ProgressURL() string { return "/register/" + c.Authority + "/" + c.Serial }

// PrintForm draws one statutory form from the answers, as a table form in A4: the same answers give the same bytes.
// full shows national IDs whole, as the paper form does; else they are masked.
func (room *Room) PrintForm(c *Case, a permit.Answers, p permit.Print, full bool) ([]byte, error) {
	f := pdf.NewForm(room.Fonts, pdf.FormMeta{Title: p.Name.Zh + " " + p.Code, Subject: c.Serial, Author: c.AuthorityName(),
		Lang: say.Zh, FunctionNo: p.Code, HeaderLeft: web.SystemName.Zh, FooterLeft: c.Label(), Created: c.ChangedAt, Landscape: p.Land})
	f.Heading(1, p.Name.Zh)
	f.Grid([]float64{2, 4, 2, 4}, [][]pdf.Cell{
		{{Text: "案件主管機關", Label: true}, {Text: c.AuthorityName()}, {Text: "案件序號", Label: true}, {Text: c.Serial}},
		{{Text: "建築物名稱", Label: true}, {Text: c.Title}, {Text: "案件狀態", Label: true}, {Text: c.StateName().Zh}},
	})
	for _, key := range p.Sections {
		s := c.Type.Section(key)
		if s == nil || !s.When.Holds(a) {
			continue
		}
		f.Heading(2, s.Name.Zh)
		if s.List == nil {
			printFields(f, s.Fields, a, a.Fields, full)
			continue
		}
		printRows(f, s, a, full)
	}
	f.Space(4)
	f.QR(room.Base+c.ProgressURL(), 22, "掃描可查詢案件進度")
	return f.Bytes()
}

// printFields lays the answers two to a line, a long one across.
func printFields(f *pdf.Form, fields []permit.Field, a permit.Answers, values map[string]string, full bool) {
	var grid [][]pdf.Cell
	var line []pdf.Cell
	for _, x := range fields {
		if !x.When.Holds(a) {
			continue
		}
		value := printed(x, values[x.Key], full)
		if x.Kind == permit.Lines || x.Kind == permit.Address || len([]rune(value)) > 18 {
			if line != nil {
				grid = append(grid, append(line, pdf.Cell{Span: 2}))
				line = nil
			}
			grid = append(grid, []pdf.Cell{{Text: x.Label.Zh, Label: true}, {Text: value, Span: 3}})
			continue
		}
		line = append(line, pdf.Cell{Text: x.Label.Zh, Label: true}, pdf.Cell{Text: value})
		if len(line) == 4 {
			grid, line = append(grid, line), nil
		}
	}
	if line != nil {
		grid = append(grid, append(line, pdf.Cell{Span: 2}))
	}
	if len(grid) > 0 {
		f.Grid([]float64{2, 4, 2, 4}, grid)
	}
}

func printed(x permit.Field, value string, full bool) string {
	if x.Secret && !full {
		value = Masked(value)
	}
	if x.Kind == permit.YesNo || x.Kind == permit.Choice && len(x.Choices) <= 4 {
		return boxes(x, value)
	}
	return x.Show(value, say.Zh)
}

// boxes prints a choice as the paper form does: every option with its box.
func boxes(x permit.Field, value string) string {
	options := x.Choices
	if x.Kind == permit.YesNo {
		options = []permit.Option{{Value: "Y", Text: say.T("是", "Yes")}, {Value: "N", Text: say.T("否", "No")}}
	}
	out := ""
	for _, o := range options {
		out += pdf.Check(o.Value == value, o.Text.Zh) + "　"
	}
	return out
}

// printRows prints a short list as a table and one of many columns row by row.
func printRows(f *pdf.Form, s *permit.Section, a permit.Answers, full bool) {
	rows := a.Rows[s.Key]
	if len(rows) == 0 {
		f.Paragraph("（無）")
		return
	}
	if len(s.List.Fields) > 7 {
		for i, r := range rows {
			lead := ""
			if r.Lead {
				lead = "（代表人）"
			}
			f.Heading(3, fmt.Sprintf("%s %d%s", s.List.Row.Zh, i+1, lead))
			printFields(f, s.List.Fields, a.Over(r), r.Values, full)
		}
		return
	}
	cols := []pdf.Column{{Title: "項次", Width: 1}}
	for _, x := range s.List.Fields {
		cols = append(cols, pdf.Column{Title: x.Label.Zh, Width: 2})
	}
	var cells [][]string
	for i, r := range rows {
		line := []string{strconv.Itoa(i + 1)}
		for _, x := range s.List.Fields {
			value := r.Values[x.Key]
			if x.Secret && !full {
				value = Masked(value)
			}
			line = append(line, x.Show(value, say.Zh))
		}
		cells = append(cells, line)
	}
	f.Table(cols, cells)
}

// print answers with a statutory form as PDF (S159, S203). Who fills the case in sees national IDs whole.
func (room *Room) print(r *web.Request) error {
	var c *Case
	var a permit.Answers
	err := r.Look(func(tx *store.Tx) (err error) {
		if c, err = Open(r, tx); err != nil {
			return err
		}
		a, err = Answers(tx, c)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range c.Type.Prints {
		if p.Code != r.PathValue("form") {
			continue
		}
		b, err := room.PrintForm(c, a, p, c.Edits(r.Actor))
		if err != nil {
			return err
		}
		name := fmt.Sprintf("%s_%s_%s.pdf", c.Serial, p.Code, taiwan.DateOf(c.ChangedAt).ROC())
		return r.Send(name, "application/pdf", c.ChangedAt, bytes.NewReader(b), true)
	}
	return fault.Say(fault.NotFound, say.F("%s沒有這張書表", "%s has no such form", c.Type.Name)).To("回到案件", "Back to the case", "/bls/cases/"+c.ID)
}

// PrintSection draws what a section says on another room's paper: national IDs masked, questions without an answer left
// out.
func PrintSection(f *pdf.Form, s *permit.Section, a permit.Answers) {
	if s.List == nil {
		answered := slices.DeleteFunc(slices.Clone(s.Fields), func(x permit.Field) bool { return a.Get(x.Key) == "" })
		printFields(f, answered, a, a.Fields, false)
		return
	}
	printRows(f, s, a, false)
}
