package roles

import (
	"context"

	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/taiwan"
	"cloudbm/web/parts"
)

func orNone(ctx context.Context, s string) string {
	if s == "" {
		return say.To(ctx, "無", "None")
	}
	return s
}

// roleOptions are the five roles in the order of the check boxes (S135).
func roleOptions(chosen permit.Role) (out []parts.Option) {
	for _, r := range permit.Roles {
		out = append(out, parts.Option{Value: string(r), Text: r.Name(), Hint: inWords(r), Checked: r == chosen})
	}
	return out
}

// inWords is a column of the matrix as a sentence.
func inWords(r permit.Role) say.Text {
	t := say.Text{}
	for i, m := range permit.Menus {
		if i > 0 {
			t.Zh, t.En = t.Zh+"；", t.En+"; "
		}
		right := Matrix[m][r].Name()
		t.Zh, t.En = t.Zh+m.Name().Zh+"："+right.Zh, t.En+m.Name().En+": "+right.En
	}
	return t
}

// input is the field of a section. A national ID is never written back into the page: it shows masked in the hint, and
// stays unless it is typed again.
func (s sheet) input(r permit.Role, f permit.Field) parts.Input {
	key := Key(r, f.Key)
	in := parts.Input{Name: key, Label: f.Label, Hint: f.Hint, Value: s.value(key), Error: s.Fault.About(key), Required: f.Required, Optional: !f.Required, Width: 30}
	switch f.Kind {
	case permit.Address:
		in.Width = 0
	case permit.Phone, permit.Mobile:
		in.Type, in.Width = "tel", 20
	case permit.CompanyID, permit.Certificate, permit.Day:
		in.Width = 10
	}
	if masked := s.Kept[key+"-masked"]; f.Secret && masked != "" {
		in.Hint = say.F("已登錄 %s；要變更才輸入", "Registered: %s. Enter it only to change it", masked)
		if whole := s.Shown[r]; whole != "" {
			in.Hint = say.F("已登錄 %s；要變更才輸入", "Registered: %s. Enter it only to change it", whole)
		}
	}
	return in
}

func selectOptions(f permit.Field, value string) []parts.Option {
	out := []parts.Option{{Value: "", Text: say.T("請選擇", "Choose")}}
	for _, o := range f.Choices {
		out = append(out, parts.Option{Value: o.Value, Text: o.Text, Checked: o.Value == value})
	}
	return out
}

// wordOptions are the words of practice licences (S150).
func wordOptions(value string) []parts.Option {
	out := []parts.Option{{Value: "", Text: say.T("上面已經有字", "The line above has it")}}
	seen := map[string]bool{}
	for _, w := range taiwan.LicenceWords {
		if !seen[w.Word] {
			out = append(out, parts.Option{Value: w.Word, Text: say.Same(w.Word), Checked: w.Word == value})
		}
		seen[w.Word] = true
	}
	return out
}

func troubles(all []Finding) (out []Finding) {
	for _, f := range all {
		if f.Health != OK {
			out = append(out, f)
		}
	}
	return out
}

func healthColour(h Health) string {
	switch h {
	case OK:
		return "green"
	case Expires:
		return "yellow"
	}
	return "red"
}

func findingRows(ctx context.Context, fs []Finding) (out [][]parts.Cell) {
	for _, f := range fs {
		blocks := f.Blocks.Here(ctx)
		if f.Blocks.Empty() {
			blocks = say.To(ctx, "目前不影響", "Nothing for now")
		}
		out = append(out, []parts.Cell{{Text: f.Label.Here(ctx), URL: f.URL}, {Rich: healthTag(f.Health)}, {Text: f.Say.Here(ctx)}, {Text: blocks}})
	}
	return out
}

func matrixColumns() []parts.Column {
	out := []parts.Column{{Head: say.T("業務", "Service")}}
	for _, r := range Columns {
		out = append(out, parts.Column{Head: r.Name()})
	}
	return out
}

func matrixRows(ctx context.Context) (out [][]parts.Cell) {
	for _, m := range permit.Menus {
		row := []parts.Cell{{Text: m.Name().Here(ctx)}}
		for _, r := range Columns {
			row = append(row, parts.Cell{Text: Matrix[m][r].Name().Here(ctx)})
		}
		out = append(out, row)
	}
	last := []parts.Cell{{Text: say.To(ctx, "是否可以申請其他角色權限", "May a second role be added")}}
	for _, r := range Columns {
		last = append(last, parts.Cell{Text: SecondName(r).Here(ctx)})
	}
	return append(out, last)
}

// rightRows says for each menu what a may do in it, and who may if not.
func rightRows(a permit.Actor) (out []parts.Row) {
	for _, m := range permit.Menus {
		out = append(out, parts.Row{Key: m.Name(), Rich: rightWords(RightOf(a, m), m, a)})
	}
	return out
}

func rightSentence(right Right, m permit.Menu, a permit.Actor) say.Text {
	switch right {
	case All:
		return say.T("全：可以新增、編輯和送出這一類的所有案件", "All: you may open, edit and submit every case of this kind")
	case OnlyUse:
		return say.T("僅使用執照申請：可以新增、編輯和送出使用執照；其他執照由建築師或一般民眾的帳號申請", "Occupancy permits only; other licences are filed by architects or citizens")
	case SealOnly:
		return say.T("僅壓章：案件列名您為簽證技師時，可以查看並壓章；不能自己開案", "Sealing only: you may see and seal cases that name you, not open any")
	}
	var may []permit.Role
	for _, r := range Columns {
		if Matrix[m][r] == All {
			may = append(may, r)
		}
	}
	return say.F("無：這一類由%s的帳號申請", "None: these are filed by %s", names(may))
}

func sealSentence(a permit.Actor) say.Text {
	switch {
	case a.Is(permit.Architect):
		return say.T("壓章：可以在自己設計或監造的圖說壓章。", "Sealing: the drawings you design or supervise.")
	case a.Is(permit.Engineer):
		return say.T("壓章：可以在列名您的案件壓章。", "Sealing: in cases that name you.")
	}
	return say.T("壓章：這個角色沒有壓章的權限；由建築師和技師壓章。", "Sealing: not with this role; architects and engineers seal.")
}

func secondSentence(a permit.Actor) say.Text {
	for _, r := range a.Roles {
		add, ok := Second[r]
		switch {
		case ok && !a.Is(add):
			return say.F("其他角色：%s可以再加%s，到「檢視使用者資訊」勾選。", "A second role: a %s may add %s under user information.", r.Name(), add.Name())
		case ok:
			return say.F("其他角色：您已經加了%s。", "A second role: you have added %s.", add.Name())
		}
	}
	return say.F("其他角色：%s不能再申請其他角色。", "A second role: none can be added to %s.", names(a.Roles))
}

func seatSentence(s permit.Seat) say.Text {
	name := say.Same(s.Authority)
	if a, ok := taiwan.AuthorityByCode(s.Authority); ok {
		name = a.Text()
	}
	var does say.Text
	switch s.Duty {
	case permit.Counter:
		does = say.T("收件、掛號、退件", "receive, register and return cases")
	case permit.Reviewer:
		does = say.T("審查、通知補正、提出核准", "review, ask for corrections, propose approval")
	case permit.Chief:
		does = say.T("分案、決行", "assign cases and decide")
	case permit.Manager:
		does = say.T("維護機關設定與公告", "keep the authority's settings and announcements")
	}
	return say.F("%s %s：%s", "%s, %s: %s", name, s.Duty.Name(), does)
}

func whyRows(ctx context.Context, why []Answer) (out [][]parts.Cell) {
	for _, w := range why {
		out = append(out, []parts.Cell{{Text: w.Type.Name.Here(ctx)}, {Rich: yesTag(w.No == nil)}, {Rich: reason(w.No)}})
	}
	return out
}
