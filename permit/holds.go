package permit

import (
	"fmt"

	"cloudbm/fault"
	"cloudbm/say"
)

// Problem is one thing that is missing or wrong in a section. Row is empty outside a list; Missing tells an answer that
// is only not there yet from one that is wrong.
type Problem struct {
	Row     string
	Key     string
	Text    say.Text
	Missing bool
	Soft    bool
}

// Problems looks at one section of the answers, whole.
func (s *Section) Problems(a Answers) []Problem {
	if !s.When.Holds(a) {
		return nil
	}
	var out []Problem
	if s.List == nil {
		out = fieldProblems(s.Fields, a, a.Fields, "")
	} else {
		out = s.listProblems(a)
	}
	for _, r := range s.Rules {
		if f := r.Check(a); f != nil {
			out = append(out, Problem{Key: r.Key, Text: f.Message, Soft: r.Soft})
		}
	}
	return out
}

func fieldProblems(fields []Field, a Answers, values map[string]string, row string) []Problem {
	var out []Problem
	for _, f := range fields {
		if !f.When.Holds(a) {
			continue
		}
		if _, err := f.Read(values[f.Key]); err != nil {
			out = append(out, Problem{Row: row, Key: f.Key, Text: message(err)})
			continue
		}
		if f.Required && f.Kind != Computed && values[f.Key] == "" {
			out = append(out, Problem{Row: row, Key: f.Key, Missing: true, Text: f.ask()})
		}
	}
	return out
}

// ask is the sentence for an answer that is missing.
func (f Field) ask() say.Text {
	switch f.Kind {
	case Choice, Several, YesNo:
		return say.F("選擇%s", "Choose: %s", f.Label)
	}
	return say.F("填寫%s", "Enter: %s", f.Label)
}

func (s *Section) listProblems(a Answers) []Problem {
	l, rows := s.List, a.Rows[s.Key]
	var out []Problem
	if len(rows) < l.Min {
		out = append(out, Problem{Missing: true, Text: say.F("新增至少 %d 筆%s", "Add at least %d: %s", l.Min, l.Row)})
	}
	if l.Max > 0 && len(rows) > l.Max {
		out = append(out, Problem{Text: say.F("%s最多 %d 筆，刪除多餘的", "%s: at most %d rows; remove the others", l.Row, l.Max)})
	}
	leads := 0
	for i, r := range rows {
		if r.Lead {
			leads++
		}
		for _, p := range fieldProblems(l.Fields, a.Over(r), r.Values, r.ID) {
			p.Text = say.F("第 %d 筆：%s", "Row %d: %s", i+1, p.Text)
			out = append(out, p)
		}
	}
	if l.Lead && len(rows) > 0 && leads != 1 {
		out = append(out, Problem{Key: "lead", Missing: leads == 0, Text: say.F("勾選一位代表人：%s", "Mark one representative: %s", l.Row)})
	}
	return out
}

func message(err error) say.Text {
	if f, ok := fault.As(err); ok {
		return f.Message
	}
	return say.Same(err.Error())
}

// Problems looks at the whole form, section by section; sections that are not asked have none.
func (t *Type) Problems(a Answers) map[string][]Problem {
	out := map[string][]Problem{}
	for i := range t.Form {
		if p := t.Form[i].Problems(a); len(p) > 0 {
			out[t.Form[i].Key] = p
		}
	}
	return out
}

// FormHolds are the form's problems as holds, each with the link that goes there.
func (t *Type) FormHolds(a Answers) []Hold {
	var out []Hold
	for i := range t.Form {
		s := &t.Form[i]
		for _, p := range s.Problems(a) {
			url := "form/" + s.Key
			if p.Row != "" {
				url += "/" + p.Row
			}
			if p.Key != "" && p.Key != "lead" {
				url += "?check=1#" + p.Key
			}
			out = append(out, Hold{Need: NeedForm, URL: url, Soft: p.Soft,
				Text: say.F("%s：%s", "%s: %s", s.Name, p.Text)})
		}
	}
	return out
}

// Complete fills in the computed answers of the whole form.
func (t *Type) Complete(a Answers) Answers {
	out := Answers{Fields: map[string]string{}, Rows: a.Rows}
	for k, v := range a.Fields {
		out.Fields[k] = v
	}
	for _, s := range t.Form {
		for _, f := range s.Fields {
			if f.Kind != Computed {
				continue
			}
			if v, ok := f.Compute(out); ok {
				out.Fields[f.Key] = v
			} else {
				delete(out.Fields, f.Key)
			}
		}
	}
	return out
}

// AttachmentsAsked lists the attachments that the answers call for.
func (t *Type) AttachmentsAsked(a Answers) []Attachment {
	var out []Attachment
	for _, x := range t.Attachments {
		if x.When.Holds(a) {
			out = append(out, x)
		}
	}
	return out
}

// DrawingsAsked lists the classes of sheets that the answers call for; a class that is not asked may still be used.
func (t *Type) DrawingsAsked(a Answers) []Drawing {
	var out []Drawing
	for _, d := range t.Drawings {
		if d.Required && d.When.Holds(a) {
			out = append(out, d)
		}
	}
	return out
}

// ID names a type with its edition, as the case keeps it.
func (t *Type) ID() string { return fmt.Sprintf("%s@%s", t.Kind, t.Edition) }
