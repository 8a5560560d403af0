package sso

import (
	"context"
	"net/url"
	"strconv"

	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/taiwan"
	"cloudbm/web/parts"
)

// backupHint says what an empty 備用帳號 means.
func backupHint(account string) say.Text {
	if account == "" {
		return say.T("尚未申請", "Not applied for yet")
	}
	return say.T("登錄用，不能變更", "For signing in; it does not change")
}

var notAsked = say.T("未申請", "Not applied for") // S114, S115

func organisationRows(ctx context.Context, all []Request) (out [][]parts.Cell) {
	for _, r := range all {
		out = append(out, []parts.Cell{{Text: r.Where().Here(ctx), URL: requestURL(r.ID)}, {Text: r.Title}, {Text: dayOf(r.Asked).Here(ctx)}, {Text: r.from().Here(ctx)}})
	}
	return out
}

// confirmedRows is the table of S114: the organisation confirmed, and what is in review.
func confirmedRows(ctx context.Context, all []Request) (out [][]parts.Cell) {
	for _, r := range all {
		out = append(out, []parts.Cell{{Text: r.Where().Here(ctx), URL: requestURL(r.ID)}, {Text: say.F("%s（%s）", "%s (%s)", r.Title, r.from()).Here(ctx)}})
	}
	if len(out) == 0 {
		out = [][]parts.Cell{{{Text: notAsked.Here(ctx)}, {Text: notAsked.Here(ctx)}}}
	}
	return out
}

func sourceRows(ctx context.Context, all []source) (out [][]parts.Cell) {
	for i, s := range all {
		out = append(out, []parts.Cell{{Text: strconv.Itoa(i + 1)}, {Text: s.System.Here(ctx)}, {Text: s.Role.Here(ctx), URL: s.URL}, {Text: s.From.Here(ctx)}})
	}
	if len(out) == 0 {
		out = [][]parts.Cell{{{Text: "1"}, {Text: blsName.Here(ctx)}, {Text: notAsked.Here(ctx)}, {Text: notAsked.Here(ctx)}}}
	}
	return out
}

func pastRows(ctx context.Context, all []Request) (out [][]parts.Cell) {
	for _, r := range all {
		out = append(out, []parts.Cell{{Text: r.What().Here(ctx), URL: requestURL(r.ID)}, {Text: r.State.Name().Here(ctx)}, {Text: dayOf(r.Asked).Here(ctx)}, {Text: r.Why}})
	}
	return out
}

func inboxRows(ctx context.Context, all []Request) (out [][]parts.Cell) {
	for _, r := range all {
		out = append(out, []parts.Cell{{Text: r.Name, URL: inboxURL + "/" + r.ID}, {Text: r.What().Here(ctx)}, {Text: dayOf(r.Asked).Here(ctx)}, {Text: r.State.Name().Here(ctx)}})
	}
	return out
}

func doneRows(ctx context.Context, all []Request) (out [][]parts.Cell) {
	for i, row := range inboxRows(ctx, all) {
		out = append(out, append(row, parts.Cell{Text: all[i].Decider}))
	}
	return out
}

func requestRows(ctx context.Context, p requestPage) []parts.Row {
	var rows []parts.Row
	add := func(key say.Text, value string) {
		if value != "" {
			rows = append(rows, parts.Row{Key: key, Value: value})
		}
	}
	if p.Decide {
		add(say.T("申請人", "Applicant"), say.F("%s（%s）", "%s (%s)", p.Name, p.Email).Here(ctx))
	}
	if p.System == "" {
		add(say.T("組織", "Organisation"), p.Where().Here(ctx))
		add(say.T("職稱/身分", "Title"), p.Title)
	} else {
		add(say.T("應用系統", "System"), p.SystemName().Here(ctx))
		add(say.T("角色", "Role"), p.RoleName().Here(ctx))
		add(say.T("機關", "Authority"), p.Where().Here(ctx))
	}
	add(say.T("說明", "Remarks"), p.Said)
	add(say.T("提出時間", "Asked for at"), taiwan.Stamp(p.Asked))
	if p.Open() {
		add(say.T("輪到誰", "Whose turn it is"), turn(p.Request).Here(ctx))
	}
	if p.Decider != "" {
		add(say.T("處理者", "Decided by"), p.Decider)
		add(say.T("處理時間", "Decided at"), taiwan.Stamp(p.Decided))
	}
	add(say.T("原因", "Reason"), p.Why)
	if p.State == Approved || p.State == Expired {
		last := say.T("無期限", "No end")
		if p.Last != "" {
			last = dayText(p.Last)
		}
		add(say.T("最後一天", "Last day"), last.Here(ctx))
	}
	if !p.Ended.IsZero() {
		add(say.T("終止時間", "Ended at"), taiwan.Stamp(p.Ended))
	}
	return rows
}

// turn is who has to act on an open request: both sides see the same.
func turn(r Request) say.Text {
	switch {
	case r.State == Agreed:
		return say.F("系統管理者（%s已同意）", "An administrator (%s has agreed)", r.Decider)
	case r.Authority != "":
		return say.F("%s的機關管理者", "The manager of %s", r.Where())
	}
	return say.T("系統管理者", "The administrators")
}

// effect says what the person gains by an approval.
func effect(r Request) say.Text {
	switch {
	case r.System == "":
		return say.F("%s的組織和職稱成為經確認的「%s」，取代原來的；看組織的系統會收到。權限不變。", "%s is confirmed to be at “%s”, in place of what was before; systems that ask for it are told. No rights change.", r.Name, r.What())
	case r.System == BLS && r.State == Waiting:
		return say.F("%s還不會有權限：再由一位系統管理者核准，才能在%s做「%s」的工作。", "%s has no right yet: once an administrator approves too, they may work at %s as “%s”.", r.Name, r.Where(), r.RoleName())
	case r.System == BLS:
		return say.F("%s可以在%s做「%s」的工作，並重新登入一次。", "%s may work at %s as “%s”, and signs in anew.", r.Name, r.Where(), r.RoleName())
	}
	return say.F("%s在「%s」有「%s」的角色，下次登入那個系統時生效。", "%s holds in “%s” the role “%s” from the next sign-in there.", r.Name, r.SystemName(), r.RoleName())
}

func approveWord(p requestPage) say.Text {
	if p.System == BLS && !p.Second {
		return say.T("同意，送第二位核准", "Agree; a second person approves")
	}
	return say.T("核准", "Approve")
}

func stateColour(s State) string {
	switch s {
	case Waiting, Agreed:
		return "blue"
	case Approved:
		return "green"
	case Returned:
		return "red"
	}
	return "grey"
}

func authorityOptions(all []taiwan.Authority, chosen string, others bool) []parts.Option {
	out := []parts.Option{{Value: "", Text: say.T("請選擇", "Choose")}}
	if others {
		out = append(out, parts.Option{Value: other, Text: say.T("其他組織", "Another organisation"), Checked: chosen == other})
	}
	for _, a := range all {
		out = append(out, parts.Option{Value: a.Code, Text: a.Text(), Checked: a.Code == chosen})
	}
	return out
}

func authorityHint(system string) say.Text {
	if system == BLS {
		return say.T("由該機關的機關管理者先審核", "The manager of that authority decides first")
	}
	return say.T("代表機關使用時才選，由該機關審核；不選就由系統管理者審核", "Only if you act for an authority, which then decides; else the administrators do")
}

func roleOptions(p rolePage) (out []parts.Option) {
	for _, r := range p.Roles {
		o := parts.Option{Value: r.Key, Text: r.Name, Checked: p.Form.Get("role") == r.Key}
		if p.System == BLS {
			o.Hint = dutyHints[permit.Duty(r.Key)]
		}
		out = append(out, o)
	}
	return out
}

var dutyHints = map[permit.Duty]say.Text{
	permit.Counter:  say.T("收件、掛號、分文", "Takes cases in and hands them out"),
	permit.Reviewer: say.T("審查案件，提出核准或改正", "Reviews cases and proposes decisions"),
	permit.Chief:    say.T("決行", "Decides"),
	permit.Manager:  say.T("維護機關設定，審核機關人員的申請", "Keeps the authority's settings and decides its officers' requests"),
}

// roleNeed says whether a role is needed to use the system.
func roleNeed(y System) say.Text {
	if y.Everybody {
		return say.T("不用角色也能使用；有特別的工作才需要申請。", "Works without a role; apply only for special work.")
	}
	return say.T("有角色才能使用。", "Needs a role.")
}

// againURL is where a returned wish is made again.
func againURL(w Wish) string {
	q := url.Values{"authority": {w.Authority}, "said": {w.Said}}
	if w.System == "" {
		if w.Authority == "" {
			q.Set("authority", other)
		}
		q.Set("organisation", w.Organisation)
		q.Set("title", w.Title)
		return organisationURL + "?" + q.Encode()
	}
	q.Set("role", w.Role)
	return rolesURL + "/" + w.System + "?" + q.Encode()
}

// onlyCard reports whether a system takes nothing but a card.
func onlyCard(levels []string) bool { return !enough(byTwo, levels) }

func lastUsed(b Binding) say.Text {
	if b.Used.IsZero() {
		return say.T("還沒有用它登錄過", "Not used since")
	}
	return say.F("最近使用 %s", "Last used %s", taiwan.Stamp(b.Used))
}
