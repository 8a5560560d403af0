package parts_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/web/parts"
)

var s = say.Same

func draw(t *testing.T, l say.Lang, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(say.With(context.Background(), l), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func inside(c templ.Component, text string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, templ.Raw(html.EscapeString(text))), w)
	})
}

// plain writes markup so that only what a browser makes of it counts: attributes in order, single spaces, and without
// the attributes that only scripts read.
func plain(t *testing.T, markup string) string {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(markup), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, n := range nodes {
		write(&b, n)
	}
	return strings.TrimSpace(b.String())
}

func write(b *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		if text := strings.Join(strings.Fields(n.Data), " "); text != "" {
			b.WriteString(text + "\n")
		}
		return
	}
	if n.Type != html.ElementNode {
		return
	}
	attrs := slices.DeleteFunc(slices.Clone(n.Attr), func(a html.Attribute) bool {
		return strings.HasPrefix(a.Key, "data-") || a.Key == "tabindex" || a.Key == "rows" || a.Key == "value" && a.Val == ""
	})
	slices.SortFunc(attrs, func(a, b html.Attribute) int { return cmp.Compare(a.Key, b.Key) })
	b.WriteString("<" + n.Data)
	for _, a := range attrs {
		b.WriteString(" " + a.Key + `="` + strings.Join(strings.Fields(a.Val), " ") + `"`)
	}
	b.WriteString(">\n")
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		write(b, c)
	}
	b.WriteString("</" + n.Data + ">\n")
}

// TestTheMarkupIsThatOfGovukFrontend draws our parts in English and compares them with what govuk-frontend 6.6.0 says
// its components must be.
func TestTheMarkupIsThatOfGovukFrontend(t *testing.T) {
	raw, err := os.ReadFile("testdata/govuk-frontend-6.6.0.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]string
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	const niHint = "It’s on your National Insurance card, benefit letter, payslip or P60. For example, ‘QQ 12 34 56 C’."
	const niWrong = "Enter a National Insurance number in the correct format"
	carcass := s("Nullam id dolor id nibh ultricies vehicula ut id elit.")
	changed := parts.Choice{Name: "example-with-hint", Legend: s("Have you changed your name?"), Hint: s("This includes changing your last name or spelling your name differently."),
		Options: []parts.Option{{Value: "yes", Text: s("Yes")}, {Value: "no", Text: s("No")}}}
	inline := changed
	inline.Name, inline.Inline = "example", true
	inline.Options = []parts.Option{{Value: "yes", Text: s("Yes")}, {Value: "no", Text: s("No"), Checked: true}}
	ours := map[string]templ.Component{
		"input: with hint text":     parts.Field(parts.Input{ID: "input-with-hint-text", Name: "test-name-2", Label: s("National insurance number"), Hint: s(niHint)}),
		"input: with error message": parts.Field(parts.Input{ID: "input-with-error-message", Name: "test-name-3", Label: s("National Insurance number"), Error: s(niWrong)}),
		"input: with error and hint": parts.Field(parts.Input{Name: "with-error-hint", Label: s("National insurance number"),
			Hint: s(niHint), Error: s(niWrong)}),
		"input: with suffix":  parts.Field(parts.Input{ID: "input-with-suffix", Name: "weight", Label: s("Weight, in kilograms"), Suffix: "kg"}),
		"textarea: default":   parts.Field(parts.Input{Name: "more-detail", Label: s("Can you provide more detail?"), Lines: 5}),
		"textarea: with hint": parts.Field(parts.Input{Name: "more-detail", Label: s("Can you provide more detail?"), Hint: s("Don't include personal or financial information, eg your National Insurance number or credit card details."), Lines: 5}),
		"textarea: with error message": parts.Field(parts.Input{Name: "no-ni-reason", Label: s("Why can’t you provide a National Insurance number?"),
			Error: s("You must provide an explanation"), Lines: 5}),
		"radios: with hint": parts.Radios(changed),
		"radios: inline":    parts.Radios(inline),
		"checkboxes: with error message": parts.Checkboxes(parts.Choice{Name: "waste", Legend: s("Which types of waste do you transport regularly?"), Error: s("Please select an option"),
			Options: []parts.Option{{Value: "animal", Text: s("Waste from animal carcasses"), Hint: carcass}, {Value: "mines", Text: s("Waste from mines or quarries"), Hint: carcass}, {Value: "farm", Text: s("Farm or agricultural waste"), Hint: carcass}}}),
		"select: with hint text and error message": parts.Select(parts.Choice{Name: "select-2", Legend: s("Label text goes here"), Hint: s("Hint text goes here"), Error: s("Error message goes here"),
			Options: []parts.Option{{Value: "1", Text: s("GOV.UK frontend option 1")}, {Value: "2", Text: s("GOV.UK frontend option 2")}, {Value: "3", Text: s("GOV.UK frontend option 3")}}}),
		"file-upload: with hint text": parts.FileInput("file-upload-2", s("Upload your photo"), s("Your photo may be in your Pictures, Photos, Downloads or Desktop folder. Or in an app like iPhoto."), say.Text{}, false, ""),
		"tag: grey":                   parts.Tag(s("Grey"), "grey"),
		"tag: default":                parts.Tag(s("Alpha"), ""),
		"warning-text: default":       parts.Warning(s("You can be fined up to £5,000 if you don’t register.")),
		"details: default":            inside(parts.Details(s("Help with nationality")), "We need to know your nationality so we can work out which elections you’re entitled to vote in. If you can’t provide your nationality, you’ll have to send copies of identity documents through the post."),
		"inset-text: default":         inside(parts.Inset(), "It can take up to 8 weeks to register a lasting power of attorney if there are no mistakes in the application."),
		"button: default":             parts.Button(s("Save and continue")),
		"button: warning":             parts.ButtonKind(s("Warning button"), "warning", "Warning", ""),
		"button: link":                parts.LinkButton(s("Link button"), "/", ""),
	}
	for name, c := range ours {
		t.Run(name, func(t *testing.T) {
			if want[name] == "" {
				t.Fatal("no such fixture")
			}
			if got, want := plain(t, draw(t, say.En, c)), plain(t, want[name]); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func has(t *testing.T, markup string, wants ...string) {
	t.Helper()
	for _, w := range wants {
		if !strings.Contains(markup, w) {
			t.Errorf("no %s in\n%s", w, markup)
		}
	}
}

func TestARequiredFieldSaysSoInWords(t *testing.T) {
	in := parts.Input{Name: "name", Label: say.T("姓名", "Name"), Required: true, Value: `"><script>`}
	zh := draw(t, say.Zh, parts.Field(in))
	has(t, zh, "（必填）", `aria-hidden="true">*<`, `aria-required="true"`, `value="&#34;&gt;&lt;script&gt;"`)
	has(t, draw(t, say.En, parts.Field(in)), "(required)", "Name")
	if strings.Contains(zh, " required") {
		t.Error("the browser's own bubbles are on")
	}
	in.Required, in.Optional = false, true
	has(t, draw(t, say.Zh, parts.Field(in)), "（選填）")
}

func TestAPasswordIsNeverSentBack(t *testing.T) {
	got := draw(t, say.Zh, parts.Field(parts.Input{Name: "password", Type: "password", Label: s("密碼"), Value: "hunter2", Complete: "current-password"}))
	if strings.Contains(got, "hunter2") {
		t.Error("the password stands in the page")
	}
	has(t, got, `autocomplete="current-password"`, `data-show="password"`, "顯示")
}

func TestTheErrorSummaryLeadsToEachField(t *testing.T) {
	if got := draw(t, say.Zh, parts.ErrorSummary(nil)); got != "" {
		t.Errorf("nothing is wrong, yet it says %s", got)
	}
	var g fault.Form
	g.Bad("name", "輸入姓名", "Enter the name")
	g.Bad("area", "輸入面積", "Enter the area")
	f, _ := fault.As(g.Err())
	f.To("檢視使用者資訊", "User information", "/profile")
	got := draw(t, say.Zh, parts.ErrorSummary(f))
	has(t, got, `role="alert"`, `href="#name"`, `href="#area"`, "輸入姓名", "有 2 個地方要修正", `href="/profile"`, "檢視使用者資訊")
	has(t, draw(t, say.En, parts.ErrorSummary(f)), "There is a problem", "Enter the area")
	// The link of a question leads to its first option.
	has(t, draw(t, say.Zh, parts.Radios(parts.Choice{Name: "role", Options: []parts.Option{{Value: "a"}}})), `id="role"`)
}

func TestATaskThatCannotStartIsNoLink(t *testing.T) {
	got := draw(t, say.Zh, parts.TaskList([]parts.TaskGroup{{Name: s("送件"), Tasks: []parts.Task{
		{Name: s("壓章"), Status: parts.Blocked, Hint: s("先上傳書圖")}, {Name: s("書圖"), URL: "/d", Status: parts.Problem},
	}}}))
	has(t, got, "無法開始", "先上傳書圖", `<a class="govuk-link govuk-task-list__link" href="/d" aria-describedby="task-1-2-status">書圖</a>`, "govuk-tag--red")
	if strings.Count(got, "<a ") != 1 {
		t.Error("the blocked task is a link")
	}
	for st, want := range map[parts.Status]string{parts.Todo: "未開始", parts.Doing: "進行中", parts.Done: "完成", parts.Blocked: "無法開始", parts.Problem: "有問題"} {
		if st.Text().Zh != want || st.Text().En == "" {
			t.Errorf("%d is called %v", st, st.Text())
		}
	}
}

func TestATableEscapesAndAnEmptyOneSaysSo(t *testing.T) {
	cols := []parts.Column{{Head: s("名稱")}, {Head: s("大小"), Numeric: true}}
	got := draw(t, say.Zh, parts.Table(s("檔案"), cols, [][]parts.Cell{{{Text: "<b>", URL: "javascript:alert(1)"}, {Text: "12"}}}))
	has(t, got, "&lt;b&gt;", `tabindex="0"`, `class="govuk-table__cell govuk-table__cell--numeric nowrap"`, `scope="col"`)
	if strings.Contains(got, "javascript:") {
		t.Error("a link that runs script")
	}
	has(t, draw(t, say.Zh, parts.Table(s("檔案"), cols, nil)), "檔案", "目前沒有資料")
}

func TestASummarySaysWhatWouldBeChanged(t *testing.T) {
	got := draw(t, say.Zh, parts.Summary([]parts.Row{{Key: s("姓名"), Value: "王小明", ChangeURL: "/n"}, {Key: s("地址"), Value: "一\n二"}}))
	has(t, got, `變更<span class="govuk-visually-hidden"> 姓名</span>`, "govuk-summary-list__row--no-actions")
}

func TestThePagesOfALongList(t *testing.T) {
	base := url.URL{Path: "/cases", RawQuery: "q=%E7%8E%8B&page=9"}
	got := draw(t, say.Zh, parts.Pages(base, 5, 12))
	has(t, got, `href="/cases?page=4&amp;q=%E7%8E%8B"`, `aria-current="page">5<`, `aria-label="第 12 頁"`, `rel="prev"`, `rel="next"`)
	if n := strings.Count(got, "govuk-pagination__item--ellipsis"); n != 2 {
		t.Errorf("%d gaps", n)
	}
	if got := draw(t, say.Zh, parts.Pages(base, 1, 1)); got != "" {
		t.Errorf("one page needs no links: %s", got)
	}
	if strings.Contains(draw(t, say.Zh, parts.Pages(base, 1, 3)), "上一頁") {
		t.Error("the first page has one before it")
	}
}
