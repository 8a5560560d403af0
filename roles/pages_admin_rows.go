package roles

import (
	"context"
	"strconv"

	"cloudbm/accounts"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/taiwan"
	"cloudbm/web/parts"
)

func waitingRows(ctx context.Context, p adminPage) (out [][]parts.Cell) {
	for _, s := range p.Waiting {
		out = append(out, []parts.Cell{{Text: s.Name, URL: "/admin/people/" + s.Person}, {Text: s.words().Here(ctx)}, {Text: s.span(ctx)},
			{Text: s.AskedName}, {Rich: approveButton(s, p.Me)}})
	}
	return out
}

// words is the duty with its authority.
func (s Appointment) words() say.Text {
	if s.Duty == Administrator {
		return DutyName(s.Duty)
	}
	return say.F("%s %s", "%s, %s", authorityName(s.Authority), DutyName(s.Duty))
}

func (s Appointment) span(ctx context.Context) string {
	last := s.Last
	if last == "" {
		last = say.To(ctx, "無期限", "no end")
	}
	return roc(s.First) + " – " + roc(last)
}

// roc is an ISO day as an ROC one; other text stays.
func roc(iso string) string {
	d, err := taiwan.ParseDate(iso)
	if err != nil {
		return iso
	}
	return d.ROC()
}

func authorityName(code string) say.Text {
	if a, ok := taiwan.AuthorityByCode(code); ok {
		return a.Text()
	}
	return say.Same(code)
}

func peopleRows(ctx context.Context, ps []accounts.Person) (out [][]parts.Cell) {
	for _, p := range ps {
		out = append(out, []parts.Cell{{Text: p.Name, URL: "/admin/people/" + p.ID}, {Text: p.Email}, {Text: p.Organisation},
			{Text: stampOf(p)}, {Rich: stateTag(p)}})
	}
	return out
}

func stampOf(p accounts.Person) string {
	if p.SignedIn.IsZero() {
		return ""
	}
	return taiwan.Stamp(p.SignedIn)
}

func personRows(ctx context.Context, p personPage) []parts.Row {
	roles := names(p.Roles).Here(ctx)
	return []parts.Row{
		{Key: say.T("備用帳號", "Backup account"), Value: orNone(ctx, p.Email)},
		{Key: say.T("電子郵件", "E-mail"), Value: orNone(ctx, p.Contact)},
		{Key: say.T("聯絡電話", "Telephone"), Value: orNone(ctx, p.Phone)},
		{Key: say.T("組織", "Organisation"), Value: orNone(ctx, p.Organisation)},
		{Key: say.T("職稱/身分", "Title"), Value: orNone(ctx, p.Title)},
		{Key: say.T("使用者所屬角色", "Roles"), Value: orNone(ctx, roles)},
		{Key: say.T("上次登入", "Last sign-in"), Value: orNone(ctx, stampOf(p.Person))},
		{Key: say.T("登錄中的裝置", "Devices signed in"), Value: strconv.Itoa(p.Sessions)},
		{Key: say.T("狀態", "State"), Rich: stateTag(p.Person)},
		{Key: say.T("停用的原因", "Why disabled"), Value: orNone(ctx, p.DisabledWhy)},
	}
}

func seatRows(ctx context.Context, p personPage) (out [][]parts.Cell) {
	for _, s := range p.Seats {
		row := []parts.Cell{{Text: s.words().Here(ctx)}, {Text: s.span(ctx)}}
		switch {
		case !s.Ended.IsZero():
			row = append(row, parts.Cell{Text: say.F("已結束：%s", "Ended: %s", s.EndedWhy).Here(ctx)}, parts.Cell{})
		case s.Waiting():
			row = append(row, parts.Cell{Text: say.T("等待核准", "Waits for approval").Here(ctx)}, parts.Cell{Rich: approveButton(s, p.Me)})
		case s.Holds(p.Today):
			row = append(row, parts.Cell{Text: say.T("有效", "In force").Here(ctx)}, parts.Cell{Rich: endSeatForm(s)})
		default:
			row = append(row, parts.Cell{Text: say.T("已到期", "Over").Here(ctx)}, parts.Cell{})
		}
		out = append(out, row)
	}
	return out
}

func authorityOptions(all []taiwan.Authority, chosen string) []parts.Option {
	out := []parts.Option{{Value: "", Text: say.T("請選擇", "Choose")}}
	for _, a := range all {
		out = append(out, parts.Option{Value: a.Code, Text: a.Text(), Checked: a.Code == chosen})
	}
	return out
}

func dutyOptions(chosen string) []parts.Option {
	out := []parts.Option{{Value: "", Text: say.T("請選擇", "Choose")}}
	for _, d := range append(append([]permit.Duty{}, permit.Duties...), Administrator) {
		out = append(out, parts.Option{Value: string(d), Text: DutyName(d), Checked: string(d) == chosen})
	}
	return out
}

func auditRows(ctx context.Context, p auditPage) (out [][]parts.Cell) {
	for _, e := range p.Entries {
		out = append(out, []parts.Cell{{Text: taiwan.Stamp(e.At)}, {Text: e.Name}, {Text: e.IP}, {Text: accounts.ActName(e.What).Here(ctx) + " (" + e.What + ")"}, {Text: p.Names[e.About]}, {Text: e.Detail}})
	}
	return out
}

func authorityRows(ctx context.Context, all []taiwan.Authority) (out [][]parts.Cell) {
	for _, a := range all {
		out = append(out, []parts.Cell{{Text: a.Code}, {Text: a.Text().Here(ctx), URL: "/admin/authorities/" + a.Code}})
	}
	return out
}

// value is what stands in the field of a setting: what was typed, else what holds, else the default.
func (p settingsPage) value(k Known) string {
	if p.Typed {
		return p.Form.Get(k.Key)
	}
	if v, ok := p.Now[k.Key]; ok {
		return v.Value
	}
	return k.Default
}

func (p settingsPage) from() string {
	if p.Typed {
		return p.Form.Get("from")
	}
	return ""
}

func yesNo(value string) []parts.Option {
	return []parts.Option{{Value: "Y", Text: say.T("是", "Yes"), Checked: value == "Y"}, {Value: "N", Text: say.T("否", "No"), Checked: value == "N"}}
}

func linesOf(k Known) int {
	if k.Kind == permit.Lines {
		return 4
	}
	return 0
}
