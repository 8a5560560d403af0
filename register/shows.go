package register

import (
	"context"

	"cloudbm/cases"
	"cloudbm/say"
	"cloudbm/taiwan"
	"cloudbm/web/parts"
)

func authorities(chosen string) []parts.Option {
	var out []parts.Option
	for _, a := range taiwan.Authorities {
		out = append(out, parts.Option{Value: a.Code, Text: a.Text(), Checked: a.Code == chosen})
	}
	return out
}

func found(ctx context.Context, all []cases.Public) [][]parts.Cell {
	var out [][]parts.Cell
	for _, p := range all {
		out = append(out, []parts.Cell{{Text: p.Serial, URL: "/register/" + p.Authority + "/" + p.Serial}, {Text: p.Type.Here(ctx)}, {Text: p.Title}, {Text: p.Place}, {Text: p.State.Here(ctx)}, {Text: p.Licence}})
	}
	return out
}

func rows(ctx context.Context, p cases.Public) []parts.Row {
	a, _ := taiwan.AuthorityByCode(p.Authority)
	out := []parts.Row{{Key: say.T("主管機關", "Authority"), Value: a.Text().Here(ctx)}, {Key: say.T("建築物名稱", "Building"), Value: p.Title},
		{Key: say.T("地點", "Place"), Value: p.Place}, {Key: say.T("狀態", "State"), Value: p.State.Here(ctx)},
		{Key: say.T("等候", "Waiting for"), Value: p.Ball.Here(ctx)}, {Key: say.T("送件次數", "Rounds"), Value: number(p.Round)},
		{Key: say.T("送件日期", "Submitted"), Value: day(p.SubmittedAt)}}
	for _, x := range []struct {
		key   say.Text
		value string
	}{{say.T("掛號號碼", "Registration"), p.Registration}, {say.T("掛號日期", "Registered"), day(p.ReceivedAt)},
		{say.T("法定期限", "Statutory deadline"), p.DueOn}, {say.T("結案日期", "Closed"), day(p.DecidedAt)}, {say.T("執照字號", "Licence"), p.Licence}} {
		if x.value != "" {
			out = append(out, parts.Row{Key: x.key, Value: x.value})
		}
	}
	return out
}

func licenceRows(ctx context.Context, v licenceView) []parts.Row {
	a, _ := taiwan.AuthorityByCode(v.Licence.Authority)
	return []parts.Row{{Key: say.T("核發機關", "Issued by"), Value: a.Text().Here(ctx)}, {Key: say.T("類別", "Type"), Value: v.Case.Type.Here(ctx)},
		{Key: say.T("執照字號", "Number"), Value: v.Licence.Number}, {Key: say.T("建築物名稱", "Building"), Value: v.Case.Title},
		{Key: say.T("地點", "Place"), Value: v.Case.Place}, {Key: say.T("發照日期", "Issued"), Value: day(v.Licence.At)},
		{Key: say.T("現況", "State"), Value: v.Case.State.Here(ctx)}}
}
