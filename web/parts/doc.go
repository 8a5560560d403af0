// Package parts is the pieces that pages are laid out of: fields, choices, lists, tables, buttons, notices.
//
// The markup is that of govuk-frontend's components (and tested against its fixtures), because its keyboard and
// screen-reader behaviour is proven; words, marks of 必填 and 選填, and looks are ours. A piece knows nothing of rooms:
// it takes texts in both languages and values as they are, and escapes them.
package parts

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/a-h/templ"

	"cloudbm/say"
	"cloudbm/taiwan"
)

// Input is one field of a form. Lines > 1 makes it a text of several lines, Type "password" a hidden one.
type Input struct {
	Name               string
	Label, Hint        say.Text
	Value              string
	Error              say.Text
	Required, Optional bool
	Width              int    // characters it is wide; 0: the whole column
	Suffix             string // a unit after the field: ㎡
	Mode               string // inputmode: numeric, tel, email
	Complete           string // autocomplete
	Type               string // text unless told
	Lines              int
	ReadOnly, Big      bool // Big: the label is the heading of the page
	ID                 string
}

func (in Input) id() string {
	if in.ID != "" {
		return in.ID
	}
	return in.Name
}

func (in Input) kind() string {
	if in.Type != "" {
		return in.Type
	}
	return "text"
}

func (in Input) lines() string { return strconv.Itoa(max(in.Lines, 2)) }

func (in Input) classes() string {
	base := "govuk-input"
	if in.Lines > 1 {
		base = "govuk-textarea"
	}
	c := base
	if !in.Error.Empty() {
		c += " " + base + "--error"
	}
	if in.Lines > 1 {
		return c
	}
	for _, w := range []int{2, 3, 4, 5, 10, 20, 30} {
		if in.Width > 0 && in.Width <= w {
			return c + " govuk-input--width-" + strconv.Itoa(w)
		}
	}
	return c
}

// describedBy lists the ids of the hint and the error of a field.
func describedBy(id string, hint, err say.Text) templ.Attributes {
	ids := ""
	if !hint.Empty() {
		ids = id + "-hint"
	}
	if !err.Empty() {
		if ids != "" {
			ids += " "
		}
		ids += id + "-error"
	}
	if ids == "" {
		return nil
	}
	return templ.Attributes{"aria-describedby": ids}
}

func (in Input) attributes() templ.Attributes {
	a := templ.Attributes{}
	for k, v := range describedBy(in.id(), in.Hint, in.Error) {
		a[k] = v
	}
	for k, v := range map[string]string{"inputmode": in.Mode, "autocomplete": in.Complete} {
		if v != "" {
			a[k] = v
		}
	}
	if in.Required {
		a["aria-required"] = "true"
	}
	if in.ReadOnly {
		a["readonly"] = true
	}
	if in.Mode == "numeric" || in.kind() == "email" || in.kind() == "password" {
		a["spellcheck"] = "false"
	}
	if in.kind() == "password" {
		a["autocapitalize"] = "none"
	}
	return a
}

func group(err say.Text) string {
	if err.Empty() {
		return "govuk-form-group"
	}
	return "govuk-form-group govuk-form-group--error"
}

// Option is one thing to choose.
type Option struct {
	Value      string
	Text, Hint say.Text
	Checked    bool
}

// Choice is a question with options.
type Choice struct {
	Name                string
	Legend, Hint, Error say.Text
	Options             []Option
	Inline              bool
	Required, Optional  bool
	Big                 bool // the question is the heading of the page
}

// optionID is the id of option i: the first is the target of the error summary.
func (c Choice) optionID(i int) string {
	if i == 0 {
		return c.Name
	}
	return c.Name + "-" + strconv.Itoa(i+1)
}

func (c Choice) fieldset() templ.Attributes {
	a := templ.Attributes{}
	for k, v := range describedBy(c.Name, c.Hint, c.Error) {
		a[k] = v
	}
	return a
}

func (c Choice) legend() string {
	if c.Big {
		return "govuk-fieldset__legend govuk-fieldset__legend--l"
	}
	return "govuk-fieldset__legend"
}

func hinted(id string, hint say.Text) templ.Attributes {
	if hint.Empty() {
		return nil
	}
	return templ.Attributes{"aria-describedby": id + "-item-hint"}
}

// Row is one line of a summary: what was asked, what was answered, and where to change it.
type Row struct {
	Key       say.Text
	Value     string
	Rich      templ.Component
	ChangeURL string
	ChangeOf  say.Text // what a screen reader hears after 變更; Key unless told
}

func (r Row) of() say.Text {
	if r.ChangeOf.Empty() {
		return r.Key
	}
	return r.ChangeOf
}

func anyChange(rows []Row) bool {
	for _, r := range rows {
		if r.ChangeURL != "" {
			return true
		}
	}
	return false
}

// Status is how far a task has come.
type Status int

// The five states of a task.
const (
	Todo Status = iota
	Doing
	Done
	Blocked
	Problem
)

// Text is the word for the state.
func (s Status) Text() say.Text {
	switch s {
	case Doing:
		return say.T("進行中", "In progress")
	case Done:
		return say.T("完成", "Completed")
	case Blocked:
		return say.T("無法開始", "Cannot start yet")
	case Problem:
		return say.T("有問題", "There is a problem")
	}
	return say.T("未開始", "Not started")
}

func (s Status) tag() string {
	switch s {
	case Doing:
		return "govuk-tag govuk-tag--yellow"
	case Problem:
		return "govuk-tag govuk-tag--red"
	}
	return "govuk-tag"
}

// Task is one thing to do; without an address it cannot be done now.
type Task struct {
	Name   say.Text
	URL    string
	Hint   say.Text
	Status Status
}

// TaskGroup is tasks under one heading.
type TaskGroup struct {
	Name  say.Text
	Tasks []Task
}

func taskID(g, i int, part string) string {
	return "task-" + strconv.Itoa(g+1) + "-" + strconv.Itoa(i+1) + "-" + part
}

func taskDescribed(g, i int, t Task) string {
	if t.Hint.Empty() {
		return taskID(g, i, "status")
	}
	return taskID(g, i, "hint") + " " + taskID(g, i, "status")
}

// Column is the head of a column.
type Column struct {
	Head    say.Text
	Numeric bool
}

// Cell is one cell: a component, or a text that may be a link.
type Cell struct {
	Text string
	Rich templ.Component
	URL  string
}

// short reports a number or a date, which is not to be broken.
func (c Cell) short() bool {
	return c.Rich == nil && len(c.Text) <= 20 && strings.IndexFunc(c.Text, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

func numeric(cols []Column, i int, class string) string {
	if i < len(cols) && cols[i].Numeric {
		return class + " " + class + "--numeric"
	}
	return class
}

func tagClass(colour string) string {
	if colour == "" {
		return "govuk-tag"
	}
	return "govuk-tag govuk-tag--" + colour
}

func buttonClass(kind string) string {
	if kind == "" {
		return "govuk-button"
	}
	return "govuk-button govuk-button--" + kind
}

// named are the attributes of a button that sends a value.
func named(name, value string) templ.Attributes {
	if name == "" {
		return nil
	}
	return templ.Attributes{"name": name, "value": value}
}

// pageURL is base at page n.
func pageURL(base url.URL, n int) templ.SafeURL {
	q := base.Query()
	q.Set("page", strconv.Itoa(n))
	base.RawQuery = q.Encode()
	return templ.SafeURL(base.String())
}

// Foreign is the lang attribute of what stays Chinese on an English page: names, titles that people gave.
func Foreign(ctx context.Context, t say.Text) templ.Attributes {
	if say.From(ctx) == say.En && strings.ContainsFunc(t.En, func(r rune) bool { return unicode.Is(unicode.Han, r) }) && t.Zh == t.En {
		return templ.Attributes{"lang": string(say.Zh)}
	}
	return nil
}

// Minute is a moment on a page: in the ROC calendar in Chinese, in the common one in English.
func Minute(t time.Time) say.Text {
	if t.IsZero() {
		return say.Text{}
	}
	return say.T(taiwan.ROCMinute(t), t.In(taiwan.Zone).Format("2 January 2006, 15:04"))
}

// placeURL leads to what is wrong: to a field of the page, or to the page of the place when the key is an address.
func placeURL(key string) templ.SafeURL {
	if strings.HasPrefix(key, "/") && !strings.HasPrefix(key, "//") {
		return templ.SafeURL(key)
	}
	return templ.SafeURL("#" + url.PathEscape(key))
}

// near are the pages to name: the first, the last, and those around page; 0 stands for a gap.
func near(page, pages int) []int {
	var out []int
	for n := 1; n <= pages; n++ {
		if n == 1 || n == pages || n >= page-1 && n <= page+1 {
			out = append(out, n)
		} else if out[len(out)-1] != 0 {
			out = append(out, 0)
		}
	}
	return out
}

func pageLabel(ctx context.Context, n int) string {
	return say.F("第 %d 頁", "Page %d", n).Here(ctx)
}

// PasskeyForm is a form that a passkey answers. Its challenge comes from Action + "/challenge".
type PasskeyForm struct {
	Action, Next string
	Create       bool // makes a new passkey; else one that is there answers
	Text         say.Text
	Instead      say.Text // what to use without script
	Kind         string   // of the button
	Error        say.Text
}

func (p PasskeyForm) act() string {
	if p.Create {
		return "create"
	}
	return "get"
}
