package factors

import (
	"context"
	"strconv"
	"time"

	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/taiwan"
	"cloudbm/web/parts"
)

func passkeyRows(ctx context.Context, all []Passkey) [][]parts.Cell {
	var out [][]parts.Cell
	for _, k := range all {
		out = append(out, []parts.Cell{{Text: k.Name}, {Text: taiwan.Stamp(k.Made)}, {Text: used(k.Used).Here(ctx)}, {Rich: removal(k.ID, say.Same(k.Name))}})
	}
	return out
}

func appRows(ctx context.Context, a Authenticator) [][]parts.Cell {
	return [][]parts.Cell{{{Text: taiwan.Stamp(a.Confirmed)}, {Text: used(a.Used).Here(ctx)}, {Rich: removal(a.ID, say.T("驗證器", "the authenticator"))}}}
}

func used(t time.Time) say.Text {
	if t.IsZero() {
		return say.T("還沒用過", "Not yet")
	}
	return say.Same(taiwan.Stamp(t))
}

func left(n int) string { return strconv.Itoa(n) }

func yesNo(has bool) say.Text {
	if has {
		return say.T("有", "Yes")
	}
	return say.T("沒有", "No")
}

// kindFor is how a button looks beside one that comes first.
func kindFor(second bool) string {
	if second {
		return "secondary"
	}
	return ""
}

// loneError is what is wrong with a code, at the field of backup codes if it is the only one on the page.
func loneError(f Factors, refused *fault.Fault) say.Text {
	if f.Authenticator != nil {
		return say.Text{}
	}
	return refused.About("code")
}

func demoRows(all []demoCode) [][]parts.Cell {
	var out [][]parts.Cell
	for _, d := range all {
		out = append(out, []parts.Cell{{Text: d.Email}, {Text: d.Name}, {Rich: digitsOf(d.Code)}})
	}
	return out
}
