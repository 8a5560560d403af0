package permit

import (
	"github.com/shopspring/decimal"

	"cloudbm/fault"
	"cloudbm/say"
	"cloudbm/taiwan"
)

// Menu is one of the three business menus (S116–S118).
type Menu string

// The three menus.
const (
	Licences     Menu = "licences"     // 各類執照申請
	Construction Menu = "construction" // 施工相關業務申請
	Interior     Menu = "interior"     // 室內裝修申請
)

// Menus lists them in the order of the page.
var Menus = []Menu{Licences, Construction, Interior}

// Name is what the menu is called.
func (m Menu) Name() say.Text {
	switch m {
	case Licences:
		return say.T("各類執照申請", "Licence applications")
	case Construction:
		return say.T("施工相關業務申請", "Construction filings")
	case Interior:
		return say.T("室內裝修申請", "Interior works")
	}
	return say.Same(string(m))
}

// Type is a case type, declared whole in package catalog. A released Edition never changes.
type Type struct {
	Kind    string // its name in addresses: "building"
	Code    string // 案件類別代號: "A1-1"
	Family  string // form family in the 案件序號: "A1"
	Edition string // "2026-01"
	Menu    Menu
	Name    say.Text // 建造執照申請
	Law     []string // 建築法 §30
	Help    say.Text // who it is for, what to have at hand
	Follows []Follow // earlier cases it may start from

	Form        []Section
	Attachments []Attachment
	Drawings    []Drawing
	Checks      []Check
	Moves       []Move
	Deadlines   []Deadline
	Fee         Fee
	Outcome     Outcome
	Prints      []Print

	TitleField string // the field that names the case on lists: 建築物名稱
	PlaceField string // the field that says where it stands: 建築地點
}

// Follow names an earlier case type whose issued case this one continues, and what it brings along.
type Follow struct {
	Kind     string
	Required bool
	Sections []string          // sections taken over by key
	Fields   map[string]string // field here ← field there; "licence" and "issued" are the licence number and day
}

// Group is where a section stands on the task list.
type Group string

// The groups of the task list (UX A4).
const (
	CaseFacts Group = "facts"  // 案件資料
	People    Group = "people" // 人員
)

// Section is one page of the form: questions answered once, or a list of rows.
type Section struct {
	Key    string
	Name   say.Text
	Help   say.Text
	Group  Group
	When   Cond // the section is asked only then
	Fields []Field
	List   *List
	Rules  []Rule
}

// Rule looks at several answers together. Check answers nil or what is wrong, at the field Key.
type Rule struct {
	Key   string
	Name  say.Text // what is held to, for the golden sheet
	Soft  bool     // a reminder only
	Check func(Answers) *fault.Fault
}

// Party is who a row of a list of people is, for seals and for the right to see the case.
type Party string

// The parties to a case.
const (
	Owner      Party = "owner"      // 起造人, 申請人
	Designer   Party = "designer"   // 設計人
	Supervisor Party = "supervisor" // 監造人
	Builder    Party = "builder"    // 承造人
	Certifier  Party = "certifier"  // 簽證技師
	LandOwner  Party = "land-owner" // 土地所有權人
	Fitter     Party = "fitter"     // 室內裝修業
	Agent      Party = "agent"      // 受託人
)

// List is a section made of rows: 名冊.
type List struct {
	Row    say.Text // what one row is: 設計人
	Party  Party    // empty for things
	Fields []Field
	Min    int               // rows needed; 0 is none
	Max    int               // rows allowed; 0 is any number
	Lead   bool              // exactly one row is 代表人
	From   Role              // whose profile 帶入 fills a row from; empty is none
	Fill   map[string]string // field of the row ← fact of the profile (roles.Facts)
}

// Kind is what may be typed into a field and how it is shown.
type Kind string

// The kinds of field. Each has one way to read what was typed (Field.Read) and one part that draws it.
const (
	Line        Kind = "line"       // one line of text
	Lines       Kind = "lines"      // several lines
	Name        Kind = "name"       // a person's or firm's name, rare characters included
	Whole       Kind = "whole"      // a whole number ≥ 0
	Decimal     Kind = "decimal"    // a number ≥ 0 with up to Places decimals
	Money       Kind = "money"      // whole NT$
	Choice      Kind = "choice"     // one of Choices
	Several     Kind = "several"    // any of Choices, kept as values joined by commas
	YesNo       Kind = "yesno"      // Y or N
	Day         Kind = "day"        // a date, ROC or Gregorian; kept as 111-02-18
	PersonID    Kind = "person-id"  // 身分證字號 or 統一證號
	CompanyID   Kind = "company-id" // 統一編號
	AnyID       Kind = "any-id"     // either
	Phone       Kind = "phone"
	Mobile      Kind = "mobile"
	Mail        Kind = "mail"
	Address     Kind = "address"
	Postcode    Kind = "postcode"
	Architects  Kind = "architect-licence"  // 開業證字號 in one line
	Certificate Kind = "certificate"        // 建築師證號
	Engineers   Kind = "engineer-licence"   // 執業執照號碼
	PermitNo    Kind = "permit-no"          // 內政部許可文號
	Contractors Kind = "contractor-licence" // 登記證字號
	Decorators  Kind = "decorator-licence"  // 室內裝修業登記證字號
	LicenceNo   Kind = "licence-no"         // 執照字號
	LandNo      Kind = "land-no"            // 地號
	Computed    Kind = "computed"           // worked out from other answers, never typed
)

// Option is one choice of a field.
type Option struct {
	Value string
	Text  say.Text
}

// Field is one question.
type Field struct {
	Key      string
	Label    say.Text
	Hint     say.Text
	Kind     Kind
	Unit     string // ㎡, m, %, 元
	Max      int    // characters, 0 is 200 (2,000 for Lines)
	Places   int    // decimals
	Required bool
	When     Cond // asked only then
	Choices  []Option
	Secret   bool // national IDs and birthdays: encrypted at rest, masked on screen
	Law      string
	Compute  func(Answers) (string, bool)
}

// Attachment is one paper to be attached (應附文件).
type Attachment struct {
	Code     string
	Name     say.Text
	Required bool
	When     Cond
	Hint     say.Text
	Signer   Party
	Law      string
}

// Drawing is a class of sheets (圖說類別, domain §3.7) and who seals it.
type Drawing struct {
	Class    string // A1, S1, …
	Name     say.Text
	Required bool
	When     Cond
	Signers  []Party
	CertItem string // 簽證項目 of the engineer who seals it, empty for the architect alone
	Scale    string // the smallest scale the law allows, e.g. 1/200
}

// Check is one line of the officer's checklist (審查項目).
type Check struct {
	Key  string
	Text say.Text
	Law  string
	Look string // the section, drawing class or attachment it is about: "form/site", "drawings/A1"
}

// Deadline is a time limit as data (domain §3.9). What harms a citizen is only ever flagged for a human.
type Deadline struct {
	ID     string
	Name   say.Text
	Base   Base
	Period taiwan.Period
	Longer taiwan.Period // instead of Period when Long holds
	Long   Cond
	Effect Effect
	Law    string
	Field  string // for OnField: the field that holds the base day
}

// Base is what a deadline counts from.
type Base string

// What deadlines count from.
const (
	OnReceipt    Base = "receipt"    // the day the authority received it
	OnCorrection Base = "correction" // the day the first correction notice was received
	OnResubmit   Base = "resubmit"   // the day it came back
	OnIssue      Base = "issue"      // the day the licence was obtained
	OnField      Base = "field"      // a day that stands in the form
)

// Effect is what happens when a deadline is over.
type Effect string

// The effects.
const (
	Warn Effect = "warn" // the officer is warned
	Flag Effect = "flag" // a human decides
)

// Fee is what the case costs (建築法 §29).
type Fee struct {
	Name     say.Text
	Of       string // the money field it is a share of
	PerMille decimal.Decimal
	Flat     int64  // NT$, instead of a share
	Setting  string // the authority's own figure for PerMille or Flat
	Law      string
	None     say.Text // why there is no fee
}

// Amount is the fee in whole NT$, rounded down; ok is false while the answer it depends on is missing.
func (f Fee) Amount(a Answers) (nt int64, ok bool) {
	if f.Of == "" {
		return f.Flat, true
	}
	d, ok := a.Number(f.Of)
	if !ok {
		return 0, false
	}
	nt = d.Mul(f.PerMille).Div(decimal.NewFromInt(1000)).Floor().IntPart()
	return max(nt, 0), true
}

// Outcome is what the applicant holds in the end.
type Outcome struct {
	Name   say.Text // 建造執照
	Word   string   // 造, 使, 開: goes into the number
	Title  say.Text // heading of the document
	Filing bool     // 備查 instead of a licence
	Shows  []string // sections printed on it
}

// Print is a statutory form made from the answers.
type Print struct {
	Code     string // A11-1
	Name     say.Text
	Sections []string
	Land     bool // landscape, for wide lists
}

// Words is the condition as a person reads it, about the questions of t: 「供公眾使用」為「是」. The zero Cond says nothing.
func (c Cond) Words(t *Type) say.Text {
	switch {
	case c.all != nil:
		return sayEach(t, c.all, say.T("，且", ", and "))
	case c.any != nil:
		return sayEach(t, c.any, say.T("，或", ", or "))
	case c.not != nil && c.not.key != "" && c.not.atLeast == nil:
		return say.F("「%s」未選%s", "“%s” is not %s", t.field(c.not.key).Label, c.not.values(t))
	case c.not != nil:
		return say.F("不符合：%s", "not: %s", c.not.Words(t))
	case c.key == "":
		return say.Text{}
	}
	f := t.field(c.key)
	if c.atLeast != nil {
		return say.F("「%s」%s 以上", "“%s” is %s or more", f.Label, c.atLeast.String())
	}
	if f.Kind == Several {
		return say.F("「%s」勾選%s", "“%s” includes %s", f.Label, c.values(t))
	}
	return say.F("「%s」為%s", "“%s” is %s", f.Label, c.values(t))
}

// values are the answers that c looks for, as they are shown.
func (c Cond) values(t *Type) say.Text {
	var out say.Text
	for i, v := range c.in {
		f := t.field(c.key)
		one := say.T(f.Show(v, say.Zh), f.Show(v, say.En))
		if i == 0 {
			out = say.F("「%s」", "“%s”", one)
			continue
		}
		out = say.F("%s或「%s」", "%s or “%s”", out, one)
	}
	return out
}

func sayEach(t *Type, cs []Cond, between say.Text) say.Text {
	var out say.Text
	for i, c := range cs {
		if out = say.F("%s%s", "%s%s", out, c.Words(t)); i < len(cs)-1 {
			out = say.F("%s%s", "%s%s", out, between)
		}
	}
	return out
}

// field is the question with that key, asked once or in a list; an unknown key stands for itself.
func (t *Type) field(key string) Field {
	for _, s := range t.Form {
		for _, f := range s.All() {
			if f.Key == key {
				return f
			}
		}
	}
	return Field{Key: key, Label: say.Same(key)}
}
