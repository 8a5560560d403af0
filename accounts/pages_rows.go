package accounts

import (
	"context"
	"strconv"

	"cloudbm/say"
	"cloudbm/web/parts"
)

// backupHint says what an empty 備用帳號 means.
func backupHint(account string) say.Text {
	if account == "" {
		return say.T("尚未申請", "Not applied for yet")
	}
	return say.T("登錄用，不能變更", "For signing in; it does not change")
}

// or is s, or 未申請 (S114, S115).
func or(ctx context.Context, s string) string {
	if s == "" {
		return say.To(ctx, "未申請", "Not applied for")
	}
	return s
}

func roleRows(ctx context.Context, sources [][2]say.Text) [][]parts.Cell {
	system := say.T("新建築執照線上申請書電子化書圖文件送件繳交系統", "Building Licence Online Application").Here(ctx)
	if len(sources) == 0 {
		return [][]parts.Cell{{{Text: "1"}, {Text: system}, {Text: or(ctx, "")}, {Text: or(ctx, "")}}}
	}
	var out [][]parts.Cell
	for i, s := range sources {
		out = append(out, []parts.Cell{{Text: strconv.Itoa(i + 1)}, {Text: system}, {Text: s[0].Here(ctx)}, {Text: s[1].Here(ctx)}})
	}
	return out
}

func deviceRows(ctx context.Context, all []Session, here string) [][]parts.Cell {
	var out [][]parts.Cell
	for _, s := range all {
		out = append(out, []parts.Cell{{Text: deviceName(s.Agent).Here(ctx)}, {Text: s.IP}, {Text: s.Door.Name().Here(ctx)},
			{Text: stamp(s.Created)}, {Text: stamp(s.Seen)}, {Rich: endButton(s, s.ID == here)}})
	}
	return out
}

// steps are 點選申請 of Step 1. and Step 2. of 帳號申請 (S27, S28).
func (d Doors) steps() []parts.TaskGroup {
	first := parts.Task{Name: say.T("Step 1. 申請『我的e政府』帳號：點選申請", "Step 1. Apply for a MyEGov account: apply"), Status: parts.Todo, URL: d.EGov,
		Hint: say.T("由「我的E政府」網站核發", "Issued by the MyEGov website")}
	if d.EGov == "" {
		first.Status, first.Hint = parts.Blocked, say.T("這個系統還沒有接上「我的e政府」；先請主管機關的承辦人員建立備用帳號", "This system is not connected to MyEGov yet; ask the authority to make a backup account for you")
	}
	second := parts.Task{Name: say.T("Step 2. 使用『我的e政府帳號』申請『備用帳號』：點選申請", "Step 2. Apply for a backup account: apply"), Status: parts.Todo, URL: d.Apply,
		Hint: say.T("先完成 Step 1.，用「我的e政府」登錄後才能申請", "Finish step 1 first: it is applied for when signed in with MyEGov")}
	if d.Apply == "" {
		second.Status = parts.Blocked
	}
	return []parts.TaskGroup{{Tasks: []parts.Task{first, second}}}
}
