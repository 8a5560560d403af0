package review

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"time"

	"cloudbm/cases"
	"cloudbm/drawings"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/taiwan"
	"cloudbm/web/parts"
)

var taipei = taiwan.Zone

func inboxCells(ctx context.Context, v inboxView) [][]parts.Cell {
	var out [][]parts.Cell
	for _, c := range v.Cases {
		out = append(out, []parts.Cell{{Text: c.Serial, URL: "/desk/cases/" + c.ID}, {Text: c.Type.Name.Here(ctx)}, {Text: c.Title}, {Text: c.Registration},
			{Rich: cases.StateTag(c)}, {Text: c.DeskName}, {Text: minute(ctx, c.SubmittedAt)}, {Text: dueText(ctx, c.DueOn, v.Today)}})
	}
	return out
}

// lawHint names the article an item stands on; laws keep their Chinese names.
func lawHint(law string) say.Text {
	if law == "" {
		return say.Text{}
	}
	return say.F("%s", "Under %s", law)
}

func minute(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return parts.Minute(t).Here(ctx)
}

// dueText says a due day and how many days are left, or since when it is over.
func dueText(ctx context.Context, due, today string) string {
	d, err := taiwan.ParseDate(due)
	if err != nil {
		return ""
	}
	t, err := taiwan.ParseDate(today)
	if err != nil {
		return d.ROC()
	}
	switch left := t.DaysUntil(d); {
	case left < 0:
		return say.F("%s（已逾 %d 天）", "%s (%d days over)", d.ROC(), -left).Here(ctx)
	default:
		return say.F("%s（剩 %d 天）", "%s (%d days left)", d.ROC(), left).Here(ctx)
	}
}

func deskRows(ctx context.Context, v deskView) []parts.Row {
	c := v.Case
	out := []parts.Row{
		{Key: say.T("起造人（申請人）", "Applicant"), Value: c.Applicant},
		{Key: say.T("送件", "Submitted"), Value: say.F("第 %d 次，%s", "Round %d, %s", c.Round, minute(ctx, c.SubmittedAt)).Here(ctx)},
	}
	if c.Registration != "" {
		out = append(out, parts.Row{Key: say.T("掛號號碼", "Registration"), Value: c.Registration + "　" + minute(ctx, c.ReceivedAt)})
	}
	if c.DeskName != "" {
		out = append(out, parts.Row{Key: say.T("承辦人", "Officer"), Value: c.DeskName})
	}
	k := v.Clock
	switch {
	case k.Deadline != nil:
		text := say.F("%s 起算，期限 %s（%s），已用 %d 天，剩 %d 天", "From %s, due %s (%s); %d days used, %d left", k.From.Text(), k.Due.Text(), k.Deadline.Law, k.Used, k.Left)
		if k.Over() {
			text = say.F("%s 起算，期限 %s（%s），已逾期 %d 天", "From %s, due %s (%s); %d days over", k.From.Text(), k.Due.Text(), k.Deadline.Law, -k.Left)
		}
		out = append(out, parts.Row{Key: say.T("法定期限", "Statutory clock"), Value: text.Here(ctx)})
	case !k.Paused.Empty():
		out = append(out, parts.Row{Key: say.T("法定期限", "Statutory clock"), Value: k.Paused.Here(ctx)})
	}
	if k.Applicant != nil {
		out = append(out, parts.Row{Key: say.T("申請人改正期限", "Applicant's time to correct"), Value: say.F("至 %s（%s）", "until %s (%s)", k.ApplyBy.Text(), k.Applicant.Law).Here(ctx)})
	}
	if c.Licence != "" {
		out = append(out, parts.Row{Key: c.Type.Outcome.Name, Value: c.Licence})
	}
	return out
}

func sheetCells(ctx context.Context, v deskView) [][]parts.Cell {
	var out [][]parts.Cell
	for _, s := range v.Sheets {
		out = append(out, []parts.Cell{{Text: s.Number, URL: "/desk/cases/" + v.Case.ID + "/sheets/" + s.Version}, {Text: s.Title}, {Text: fmt.Sprint(s.N)},
			{Text: changeName(s.Change).Here(ctx)}, {Text: seenWord(s.Viewed).Here(ctx)}, {Text: strconv.Itoa(s.Remark)}})
	}
	return out
}

func changeName(k drawings.Kind) say.Text {
	if k == "" {
		return say.T("－", "–") // first round: nothing to compare with
	}
	return k.Text()
}

func seenWord(seen bool) say.Text {
	if seen {
		return say.T("看過", "Seen")
	}
	return say.T("還沒看", "Not yet")
}

// seenText and afterSheet: marking a sheet as seen goes on to the next one.
func seenText(v sheetView) say.Text {
	if v.Next != "" {
		return say.T("標為看過，到下一張", "Seen; go to the next sheet")
	}
	return say.T("標為看過，回到案件", "Seen; back to the case")
}

func afterSheet(v sheetView) string {
	if v.Next != "" {
		return "/desk/cases/" + v.Case.ID + "/sheets/" + v.Next
	}
	return "/desk/cases/" + v.Case.ID
}

func draftCount(v deskView) (n int) {
	for _, m := range v.Remarks {
		if !m.Private && m.SentAt.IsZero() {
			n++
		}
	}
	return n
}

func officerOptions(v deskView) []parts.Option {
	out := []parts.Option{{Value: "", Text: say.T("請選擇", "Choose one")}}
	for _, o := range v.Officers {
		out = append(out, parts.Option{Value: o.Person, Text: say.Same(o.Name), Checked: o.Person == v.Case.Desk})
	}
	return out
}

func assignText(v deskView) say.Text {
	if v.Case.Desk == "" {
		return say.T("分文", "Assign")
	}
	return say.T("改派", "Reassign")
}

// wrong is the sentence of the fault at a field, if the fault is about the form of that path.
func wrong(v deskView, path, key string) say.Text {
	if v.FaultForm != path {
		return say.Text{}
	}
	return v.Fault.About(key)
}

func typedIn(v deskView, path, key string) string {
	if v.FaultForm == path {
		return v.In.Get(key)
	}
	return ""
}

func one(in map[string][]string, key string) string { return url.Values(in).Get(key) }

func placeOptions(ctx context.Context, v deskView) []parts.Option {
	chosen := v.In.Get("place")
	out := []parts.Option{{Value: "", Text: say.T("整體（不開放特定項目）", "The whole (opens nothing in particular)")}}
	add := func(place string, t say.Text) {
		out = append(out, parts.Option{Value: place, Text: t, Checked: place == chosen})
	}
	for _, s := range v.Case.Type.Asked(v.Answers) {
		add("form/"+s.Key, s.Name)
		for _, f := range s.Fields {
			if f.Kind != permit.Computed && f.When.Holds(v.Answers) {
				add("form/"+s.Key+"/"+f.Key, say.F("%s：%s", "%s: %s", s.Name, f.Label))
			}
		}
	}
	for _, s := range v.Sheets {
		add("drawings/"+s.Number, say.F("圖說 %s %s", "Sheet %s %s", s.Number, s.Title))
	}
	add("drawings", say.T("圖說（全部，含新增圖張）", "Drawings (all, new sheets too)"))
	for _, a := range v.Case.Type.AttachmentsAsked(v.Answers) {
		add("attachments/"+a.Code, a.Name)
	}
	return out
}

func verdictName(v Verdict) say.Text {
	switch v {
	case OK:
		return say.T("符合", "Complies")
	case NotOK:
		return say.T("不符合", "Does not comply")
	case NA:
		return say.T("免檢討", "Not applicable")
	}
	return say.T("尚未判定", "Not judged")
}

func verdictOptions(chosen Verdict) []parts.Option {
	var out []parts.Option
	for _, v := range []Verdict{OK, NotOK, NA} {
		out = append(out, parts.Option{Value: string(v), Text: verdictName(v), Checked: v == chosen})
	}
	return out
}

func changeCells(ctx context.Context, all []Change) [][]parts.Cell {
	var out [][]parts.Cell
	for _, c := range all {
		label := c.Label.Here(ctx)
		if c.Row > 0 {
			label = say.F("第 %d 筆 %s", "Row %d, %s", c.Row, c.Label).Here(ctx)
		}
		out = append(out, []parts.Cell{{Text: c.Section.Name.Here(ctx)}, {Text: label}, {Text: c.Old}, {Text: c.New}})
	}
	return out
}

func pairCells(ctx context.Context, v compareView) [][]parts.Cell {
	var out [][]parts.Cell
	for _, x := range v.Sheets {
		sheet, see, to := x.New, parts.Cell{}, ""
		if x.New != nil {
			to = "/desk/cases/" + v.Case.ID + "/sheets/" + x.New.Version
		} else {
			sheet = x.Old
		}
		if x.Kind == drawings.Changed {
			see = parts.Cell{Text: say.To(ctx, "疊圖比對", "Overlay"), URL: overlay(v.Case.ID, x.Old.Version, x.New.Version)}
		}
		out = append(out, []parts.Cell{{Text: sheet.Number, URL: to}, {Text: sheet.Title}, {Text: x.Kind.Text().Here(ctx)}, see})
	}
	return out
}

func overlay(id, old, now string) string {
	return "/bls/cases/" + id + "/sheets/" + now + "/compare?with=" + old
}

func overlayURL(v sheetView) string { return overlay(v.Case.ID, v.Before.Version, v.Version.ID) }

func tileURL(v sheetView) string {
	return "/bls/cases/" + v.Case.ID + "/sheets/" + v.Version.ID + "/tiles/{z}/{x}/{y}.png"
}

// longPixels is the longer side of a sheet at the deepest level: 300 dpi of an A1 is about 512·2^4·1.2.
const longPixels = 512 << 4

func pixelWidth(v sheetView) int  { w, _ := pixels(v); return w }
func pixelHeight(v sheetView) int { _, h := pixels(v); return h }

func pixels(v sheetView) (w, h int) {
	mmW, mmH := float64(max(v.Version.WidthMM, 1)), float64(max(v.Version.HeightMM, 1))
	scale := longPixels / math.Max(mmW, mmH)
	return int(mmW * scale), int(mmH * scale)
}

// pin is a remark on the sheet, as the viewer's script reads it.
type pin struct {
	ID    string  `json:"id"`
	X     float64 `json:"x"`
	Y     float64 `json:"y"`
	W     float64 `json:"w"`
	H     float64 `json:"h"`
	Label string  `json:"label"`
	Href  string  `json:"href"`
	State string  `json:"state"`
}

func pins(_ context.Context, v sheetView) []pin {
	out := []pin{}
	for i, m := range v.Remarks {
		if m.Mark.None() {
			continue
		}
		state := "draft"
		switch {
		case m.Private:
			state = "private"
		case !m.SentAt.IsZero():
			state = "sent"
		}
		out = append(out, pin{m.ID, m.Mark.X, m.Mark.Y, m.Mark.W, m.Mark.H, strconv.Itoa(i+1) + ". " + m.Text, "#remarks", state})
	}
	return out
}
