package sso

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
