package cases

import (
	"context"
	"fmt"
	"strings"

	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/taiwan"
	"cloudbm/web/parts"
)

// How things of this room read on a page.

func orNone(ctx context.Context, s string) string {
	if s == "" {
		return say.To(ctx, "（尚未填寫）", "(not yet given)")
	}
	return s
}

func stateColour(s permit.State) string {
	switch s {
	case permit.Draft:
		return "grey"
	case permit.Issued:
		return "green"
	case permit.Correction, permit.Returned:
		return "orange"
	case permit.Rejected, permit.Lapsed:
		return "red"
	case permit.Withdrawn:
		return "grey"
	}
	return "blue"
}

func stateOptions(states []permit.State, chosen string) []parts.Option {
	out := []parts.Option{{Value: "", Text: say.T("全部", "All")}}
	for _, s := range states {
		out = append(out, parts.Option{Value: string(s), Text: s.Name(), Checked: string(s) == chosen})
	}
	return out
}

func authorityOptions(p shelfPage) []parts.Option {
	chosen := p.Chosen.Get("authority")
	out := []parts.Option{{Value: "", Text: say.T("請選擇", "Choose one")}}
	for _, a := range p.Authorities {
		out = append(out, parts.Option{Value: a.Code, Text: say.Same(a.Name), Checked: a.Code == chosen})
	}
	return out
}

func beforeOptions(p shelfPage) []parts.Option {
	chosen := p.Chosen.Get("follows")
	out := []parts.Option{{Value: "", Text: say.T("不接續", "None")}}
	for _, c := range p.Before {
		out = append(out, parts.Option{Value: c.ID, Text: say.F("%s %s %s", "%s %s %s", c.Licence, c.Type.Name, c.Title), Checked: c.ID == chosen})
	}
	return out
}

func caseCells(ctx context.Context, cases []*Case) [][]parts.Cell {
	var out [][]parts.Cell
	for _, c := range cases {
		out = append(out, []parts.Cell{{Text: c.Serial, URL: "/bls/cases/" + c.ID}, {Text: c.Type.Name.Here(ctx)}, {Text: orNone(ctx, c.Title)},
			{Text: c.AuthorityName()}, {Rich: StateTag(c)}, {Text: c.State.Ball().Here(ctx)}, {Text: parts.Minute(c.ChangedAt).Here(ctx)}})
	}
	return out
}

func choiceOptions(f permit.Field, value string) []parts.Option {
	var out []parts.Option
	for _, o := range f.Choices {
		out = append(out, parts.Option{Value: o.Value, Text: o.Text, Checked: strings.Contains(","+value+",", ","+o.Value+",")})
	}
	return out
}

func selectOptions(f permit.Field, value string) []parts.Option {
	return append([]parts.Option{{Value: "", Text: say.T("請選擇", "Choose one")}}, choiceOptions(f, value)...)
}

// fieldInput is the box of a typed answer, as wide as what belongs into it.
func fieldInput(f permit.Field, value string, problem say.Text, readOnly bool) parts.Input {
	in := parts.Input{Name: f.Key, Label: f.Label, Hint: f.Hint, Value: value, Error: problem, Required: f.Required,
		Optional: !f.Required, Suffix: f.Unit, ReadOnly: readOnly, Complete: "off"}
	if f.Secret && problem.Empty() {
		in.Value = Masked(value)
	}
	switch f.Kind {
	case permit.Lines:
		in.Lines = 4
	case permit.Whole, permit.Money:
		in.Mode, in.Width = "numeric", 10
	case permit.Decimal:
		in.Mode, in.Width = "decimal", 10
	case permit.Day:
		in.Width = 10
		if in.Hint.Empty() {
			in.Hint = say.T("例如 111-02-18（民國年）或 2022-02-18", "For example 111-02-18 (ROC) or 2022-02-18")
		}
	case permit.Phone, permit.Mobile:
		in.Mode, in.Width = "tel", 20
	case permit.Mail:
		in.Mode, in.Width = "email", 30
	case permit.PersonID, permit.CompanyID, permit.AnyID, permit.Postcode, permit.LandNo, permit.Certificate:
		in.Width = 20
	case permit.Architects:
		in.Width = 30
		if in.Hint.Empty() {
			in.Hint = say.T("照開業證書整行貼上即可，例如 南市建開證字第T123456-01號", "Paste the whole line of the certificate, for example 南市建開證字第T123456-01號")
		}
	}
	return in
}

// brief are the columns of a list's table: the first few that tell rows apart.
func brief(l *permit.List) []permit.Field {
	var out []permit.Field
	for _, f := range l.Fields {
		if f.Kind != permit.Lines && f.Kind != permit.YesNo && len(out) < 5 {
			out = append(out, f)
		}
	}
	return out
}

func shown(ctx context.Context, f permit.Field, value string) string {
	if f.Secret {
		value = Masked(value)
	}
	return f.Show(value, say.From(ctx))
}

func rowHas(p sectionPage, id string) bool {
	for _, x := range p.Section.Problems(p.Answers) {
		if x.Row == id && !x.Soft {
			return true
		}
	}
	return false
}

func answerRows(ctx context.Context, c *Case, s permit.Section, a permit.Answers) []parts.Row {
	var out []parts.Row
	for _, f := range s.Fields {
		if !f.When.Holds(a) {
			continue
		}
		r := parts.Row{Key: f.Label, Value: orNone(ctx, shown(ctx, f, a.Fields[f.Key]))}
		if f.Kind != permit.Computed && c.State.Open() {
			r.ChangeURL = formURL(c, &s) + "#" + f.Key
		}
		out = append(out, r)
	}
	return out
}

func rowRows(ctx context.Context, c *Case, s permit.Section, row permit.Row) []parts.Row {
	var out []parts.Row
	for _, f := range s.List.Fields {
		if v := row.Values[f.Key]; v != "" {
			out = append(out, parts.Row{Key: f.Label, Value: shown(ctx, f, v)})
		}
	}
	if len(out) == 0 {
		out = append(out, parts.Row{Key: s.List.Row, Value: orNone(ctx, "")})
	}
	if row.Lead {
		out[0].Value += say.To(ctx, "（代表人）", " (representative)")
	}
	if c.State.Open() {
		out[0].ChangeURL, out[0].ChangeOf = formURL(c, &s)+"/"+row.ID, s.List.Row
	}
	return out
}

var actWords = map[string]say.Text{
	"start": say.T("開立案件", "Opened"), "fill": say.T("填寫", "Filled in"), "put-sheet": say.T("上傳圖說", "Uploaded a sheet"),
	"put-paper": say.T("上傳文件", "Attached a paper"), "remove-sheet": say.T("移除圖說", "Removed a sheet"),
	"remove-paper": say.T("移除文件", "Removed a paper"), "restore-sheet": say.T("復原圖說", "Restored a sheet"), "discard": say.T("刪除草稿", "Deleted the draft"),
	"invite": say.T("邀請共同編輯", "Invited a colleague"), "dismiss": say.T("移除共同編輯", "Removed a colleague"),
	"remark": say.T("審查意見", "Remark"), "judge": say.T("審查項目", "Checklist"), "answer": say.T("回復意見", "Answered a point"),
	"ask-seal": say.T("請求壓章", "Asked to seal"), "seal": say.T("壓章", "Sealed"), "unseal": say.T("壓章失效", "A seal became void"), "decline-seal": say.T("不壓章", "Declined to seal"),
}

// ActWord is what an entry of the log says was done.
func ActWord(act string) say.Text {
	if t := permit.Act(act).Name(); !t.Empty() {
		return t
	}
	if t, ok := actWords[act]; ok {
		return t
	}
	return say.Same(act)
}

func logCells(ctx context.Context, all []Entry) [][]parts.Cell {
	var out [][]parts.Cell
	for _, e := range all {
		state := ""
		if e.From != e.To {
			state = fmt.Sprintf("%s → %s", e.From.Name().Here(ctx), e.To.Name().Here(ctx))
		}
		out = append(out, []parts.Cell{{Text: taiwan.Stamp(e.At)}, {Text: e.Name}, {Text: ActWord(e.Act).Here(ctx)}, {Text: e.Place}, {Text: e.Said}, {Text: state}})
	}
	return out
}

func standing(m Member) say.Text {
	switch m.Standing {
	case "opener":
		return say.T("申請人", "Applicant")
	case "team":
		return say.T("共同編輯", "Team")
	}
	return partyNames[m.Party]
}

var partyNames = map[permit.Party]say.Text{
	permit.Owner: say.T("起造人", "Owner"), permit.Designer: say.T("設計人", "Designer"), permit.Supervisor: say.T("監造人", "Supervisor"),
	permit.Builder: say.T("承造人", "Contractor"), permit.Certifier: say.T("簽證技師", "Certifying engineer"),
	permit.LandOwner: say.T("土地所有權人", "Land owner"), permit.Fitter: say.T("室內裝修業", "Interior decorator"), permit.Agent: say.T("受託人", "Agent"),
}

func rightName(may string) say.Text {
	switch may {
	case "all":
		return say.T("填寫、上傳、送件", "Fill in, upload, submit")
	case "edit":
		return say.T("填寫、上傳", "Fill in, upload")
	}
	return say.T("查看", "Look")
}

// FormTasks are the pages of the form as tasks, group by group.
func FormTasks(c *Case, a permit.Answers, stands map[string]Stand) []parts.TaskGroup {
	groups := []parts.TaskGroup{{Name: say.T("案件資料", "The case")}, {Name: say.T("人員", "People")}}
	for _, s := range c.Type.Asked(a) {
		t := parts.Task{Name: s.Name, URL: formURL(c, &s), Status: statusOf(&s, a, stands[s.Key])}
		g := &groups[0]
		if s.Group == permit.People {
			g = &groups[1]
		}
		g.Tasks = append(g.Tasks, t)
	}
	if len(groups[1].Tasks) == 0 {
		groups = groups[:1]
	}
	return groups
}

func statusOf(s *permit.Section, a permit.Answers, stand Stand) parts.Status {
	missing, wrong := 0, 0
	for _, p := range s.Problems(a) {
		switch {
		case p.Soft:
		case p.Missing:
			missing++
		default:
			wrong++
		}
	}
	switch {
	case wrong > 0:
		return parts.Problem
	case missing == 0 && (stand.Revision > 0 || !needs(s)):
		return parts.Done
	case stand.Revision == 0:
		return parts.Todo
	}
	return parts.Doing
}

// needs reports whether a section asks for anything at all; one that does not is complete untouched.
func needs(s *permit.Section) bool {
	if s.List != nil {
		return s.List.Min > 0
	}
	for _, f := range s.Fields {
		if f.Required {
			return true
		}
	}
	return false
}

// diffCells lays the two texts of a clash side by side.
func diffCells(ctx context.Context, clash *Clash) [][]parts.Cell {
	var out [][]parts.Cell
	for _, d := range clash.Diffs {
		out = append(out, []parts.Cell{{Text: d.Field.Label.Here(ctx)}, {Text: shown(ctx, d.Field, d.Yours)}, {Text: shown(ctx, d.Field, d.Their)}})
	}
	return out
}

// PlaceName is what a place of the case is called: form/land → 地號表.
func PlaceName(c *Case, place string) say.Text {
	kind, rest, _ := strings.Cut(place, "/")
	key, field, _ := strings.Cut(rest, "/")
	switch kind {
	case "form":
		s := c.Type.Section(key)
		if s == nil {
			break
		}
		for _, f := range s.Fields {
			if f.Key == field {
				return say.F("%s：%s", "%s: %s", s.Name, f.Label)
			}
		}
		return s.Name
	case "seals":
		return say.T("簽證與壓章", "Seals")
	case "attachments":
		if a := c.Type.Attachment(key); a != nil {
			return a.Name
		}
		return say.T("應附文件", "Papers")
	case "drawings":
		if key != "" {
			return say.F("圖說 %s", "Sheet %s", key)
		}
		return say.T("圖說", "Drawings")
	}
	return say.Same(place)
}

// fillText is the button that fills a row from the profile: 帶入設計人資料 (S167).
func fillText(l *permit.List) say.Text {
	return say.F("帶入%s資料", "Fill in from my profile: %s", say.T(strings.TrimSuffix(l.Row.Zh, "資料"), l.Row.En))
}
