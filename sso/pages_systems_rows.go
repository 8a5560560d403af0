package sso

import (
	"context"
	"slices"
	"strconv"

	"cloudbm/say"
	"cloudbm/taiwan"
	"cloudbm/web/parts"
)

func (y System) kind() say.Text {
	if y.Public {
		return say.T("公開", "Public")
	}
	return say.T("有密鑰", "With a secret")
}

func (y System) entrance() say.Text {
	if y.Everybody {
		return say.T("所有人", "Everybody")
	}
	return say.T("有角色的人", "Those with a role")
}

func (y System) state() say.Text {
	if y.On() {
		return say.T("使用中", "In use")
	}
	return say.F("已停用：%s", "Switched off: %s", y.DisabledWhy)
}

func (y System) lastUsed() say.Text {
	if y.Used.IsZero() {
		return say.T("還沒有人用過", "Never")
	}
	return say.Same(taiwan.Stamp(y.Used))
}

func systemRows(ctx context.Context, all []System) (out [][]parts.Cell) {
	for _, y := range all {
		out = append(out, []parts.Cell{{Text: y.Name.Here(ctx), URL: systemsURL + "/" + y.ID}, {Text: y.ID}, {Text: y.kind().Here(ctx)},
			{Text: y.entrance().Here(ctx)}, {Text: y.lastUsed().Here(ctx)}, {Text: y.state().Here(ctx)}})
	}
	return out
}

func systemFacts(ctx context.Context, p systemPage) []parts.Row {
	names := say.T("共用代號", "By the shared name")
	if p.Sector != "" {
		names = say.F("個別代號（%s）", "By names of its own (%s)", p.Sector)
	}
	return []parts.Row{
		{Key: say.T("代號（client_id）", "Id (client_id)"), Value: p.ID},
		{Key: say.T("種類", "Kind"), Value: p.kind().Here(ctx)},
		{Key: say.T("使用者的識別代號", "How it knows people"), Value: names.Here(ctx)},
		{Key: say.T("登記時間", "Registered at"), Value: taiwan.Stamp(p.Made)},
		{Key: say.T("最近使用", "Last used"), Value: p.lastUsed().Here(ctx)},
		{Key: say.T("狀態", "State"), Value: p.state().Here(ctx)},
	}
}

func roleRows(ctx context.Context, p systemPage) (out [][]parts.Cell) {
	for _, r := range p.Roles {
		out = append(out, []parts.Cell{{Text: r.Key}, {Text: r.Name.Here(ctx)}, {Text: strconv.Itoa(p.Held[r.Key])}})
	}
	return out
}

func yesNo(yes bool, is, isNot say.Text) []parts.Option {
	return []parts.Option{{Value: "Y", Text: is, Checked: yes}, {Value: "N", Text: isNot, Checked: !yes}}
}

func scopeOptions(chosen []string) (out []parts.Option) {
	for _, s := range Scopes {
		out = append(out, parts.Option{Value: s, Text: say.F("%s（%s）", "%s (%s)", ScopeName(s), say.Same(s)), Checked: slices.Contains(chosen, s)})
	}
	return out
}

// entranceHint says what a change of who may enter does.
func entranceHint(p systemPage) say.Text {
	if p.New {
		return say.Text{}
	}
	n := 0
	for _, held := range p.Held {
		n += held
	}
	return say.F("現在有 %d 個角色核給使用者；改成「有角色的人」，沒有角色的人立即不能進入", "%d roles are held now; with “Those who hold a role” everybody else is shut out at once", n)
}

func retireOptions(p systemPage) []parts.Option {
	out := []parts.Option{{Value: "", Text: say.T("請選擇", "Choose")}}
	for _, r := range p.Roles {
		out = append(out, parts.Option{Value: r.Key, Text: say.F("%s（%d 人持有）", "%s (held by %d)", r.Name, p.Held[r.Key]), Checked: p.Form.Get("retire") == r.Key})
	}
	return out
}
