package roles

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Known is a setting an authority may make: how it is asked, what it is while nobody has set it, how it is checked.
type Known struct {
	permit.Field
	Group   say.Text
	Default string
	Check   func(string) (string, error) // instead of Field.Read
}

func (k Known) read(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", nil
	}
	if k.Check != nil {
		return k.Check(typed)
	}
	return k.Read(typed)
}

var (
	contact  = say.T("聯絡窗口", "Contact")
	road     = say.T("審查流程", "Procedure")
	numbers  = say.T("字號", "Numbers")
	money    = say.T("規費", "Fees")
	days     = say.T("行事曆", "Calendar")
	signing  = say.T("署名", "Signature")
	sessions = say.T("資訊安全", "Security")
)

// Settings are all settings of an authority, in the order of the page.
var Settings = []Known{
	set(contact, "contact_name", permit.Line, "承辦人員", "Contact person", "例如 李小姐", "For example Ms Li", ""),
	set(contact, "contact_phone", permit.Phone, "聯絡電話", "Contact telephone", "例如 06-6322231#6390", "For example 06-6322231#6390", ""),
	set(contact, "contact_mail", permit.Mail, "聯絡信箱", "Contact e-mail", "", "", ""),
	set(contact, "contact_hours", permit.Line, "服務時間", "Office hours", "例如 週一至週五 8:30–17:30", "For example Mon–Fri 8:30–17:30", ""),
	checked(set(contact, "question_form_url", permit.Line, "問題表單網址", "Address of the question form", "不填就用系統內的問題表單", "Left empty, the form of this system is used", ""), address),
	checked(set(contact, "line_url", permit.Line, "LINE 社群網址", "Address of the LINE group", "不填就不顯示", "Left empty, none is shown", ""), address),

	set(road, "two_step_approval", permit.YesNo, "核准要主管決行", "Approval by the chief", "是：承辦人提出，主管決行；否：承辦人直接決行", "Yes: the reviewer proposes and the chief decides. No: the reviewer decides", "Y"),
	set(road, "seals_required", permit.YesNo, "送件前要壓章", "Seals before submission", "是：圖說都由簽章人壓章後才能送件", "Yes: every sheet must be sealed before submission", "Y"),
	set(road, "review_body", permit.Line, "室內裝修審查機構", "Body that reviews interior works", "例如 建築師公會；由機關自行審查時不填", "For example the architects' association; empty if the authority reviews itself", ""),
	set(road, "remedy_words", permit.Lines, "救濟教示", "Notice of remedies", "印在處分書最後", "Printed at the end of decisions", "不服本處分者，得於收受本處分書之次日起30日內，繕具訴願書經由本機關向訴願管轄機關提起訴願。"),

	set(numbers, "licence_word", permit.Line, "執照字", "Word of licences", "執照字號中的機關字，例如 南工；印成 (115)南工造字第00001號", "The authority's word in licence numbers, for example 南工", ""),
	set(numbers, "dispatch_word", permit.Line, "發文字", "Word of official letters", "例如 南市工管", "For example 南市工管", ""),
	checked(set(numbers, "case_serial_template", permit.Line, "案件序號樣式", "Pattern of case serials", "{roc:3} 民國年、{family:2} 類別、{serial:4} 流水號", "{roc:3} ROC year, {family:2} family, {serial:4} running number", "{roc:3}{family:2}{serial:4}"), template("serial")),
	checked(set(numbers, "registration_template", permit.Line, "掛號號碼樣式", "Pattern of registration numbers", "{roc:3} 民國年、{serial:6} 流水號", "{roc:3} ROC year, {serial:6} running number", "{roc:3}{serial:6}"), template("serial")),

	checked(set(money, "fee_per_mille", permit.Line, "執照規費率（千分之）", "Licence fee, per mille", "建築法 §29：千分之一以下", "Building Act §29: at most one per mille", "1.000"), perMille),
	set(money, "fee_use_permit", permit.Money, "使用執照工本費（元）", "Occupancy permit, NT$", "建築法 §29", "Building Act §29", "200"),
	set(money, "fee_reissue", permit.Money, "補發工本費（元）", "Re-issue, NT$", "建築法 §40", "Building Act §40", "200"),
	set(money, "fee_minimum", permit.Money, "規費下限（元）", "Smallest fee, NT$", "", "", "0"),
	set(money, "fee_account", permit.Line, "繳費說明", "How to pay", "例如 市庫代收帳號", "For example the treasury's account", ""),

	checked(set(days, "extra_holidays", permit.Lines, "加放的日子", "Extra days off", "一行一天，例如 115-08-05 颱風假", "One day per line, for example 115-08-05 颱風假", ""), calendarDays),
	checked(set(days, "extra_workdays", permit.Lines, "補班的日子", "Extra working days", "一行一天，例如 115-02-07 補班", "One day per line, for example 115-02-07 補班", ""), calendarDays),

	set(signing, "sign_title", permit.Line, "首長職銜", "Title of the head", "例如 局長", "For example Director-General", ""),
	set(signing, "sign_name", permit.Name, "首長姓名", "Name of the head", "印在執照與公文上", "Printed on licences and letters", ""),
	set(signing, "sign_words", permit.Line, "決行文字", "Words of delegation", "", "", "本案依分層負責規定授權業務主管決行"),

	checked(set(sessions, "officer_idle_minutes", permit.Whole, "承辦人員閒置登出（分鐘）", "Officers' idle time, minutes", "5 到 30 分鐘", "5 to 30 minutes", "15"), minutes),
}

func set(group say.Text, name string, kind permit.Kind, zh, en, hintZh, hintEn, byDefault string) Known {
	return Known{Group: group, Default: byDefault, Field: permit.Field{Key: name, Kind: kind, Label: say.T(zh, en), Hint: say.T(hintZh, hintEn), Max: most(kind)}}
}

func most(k permit.Kind) int {
	if k == permit.Lines {
		return 5000
	}
	return 200
}

func checked(k Known, check func(string) (string, error)) Known {
	k.Check = check
	return k
}

func known(name string) (Known, error) {
	for _, k := range Settings {
		if k.Key == name {
			return k, nil
		}
	}
	return Known{}, fmt.Errorf("roles: no setting is called %q", name)
}

// number is a setting that is a whole number, today.
func number(tx *store.Tx, authority, name string) (int, error) {
	v, _, err := Setting(tx, authority, name, tx.Now)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(v)
}

func address(s string) (string, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return "", fault.Of(fault.Invalid, "輸入 https:// 開頭的網址", "Enter an address that begins with https://")
	}
	return u.String(), nil
}

var slot = regexp.MustCompile(`\{(\w+)(?::(\d))?\}`)

// template takes a pattern of numbers that has the slot and no other than the known ones.
func template(needed string) func(string) (string, error) {
	return func(s string) (string, error) {
		s = taiwan.Fold(s)
		has := false
		for _, m := range slot.FindAllStringSubmatch(s, -1) {
			switch m[1] {
			case "roc", "family", "serial":
				has = has || m[1] == needed
			default:
				return "", fault.Say(fault.Invalid, say.F("刪掉 {%s}：只能用 {roc:3}、{family:2}、{serial:4}", "Remove {%s}: only {roc:3}, {family:2} and {serial:4} are known", m[1]))
			}
		}
		if !has || strings.ContainsAny(slot.ReplaceAllString(s, ""), "{}") {
			return "", fault.Of(fault.Invalid, "加上流水號，例如 {roc:3}{family:2}{serial:4}", "Add the running number, for example {roc:3}{family:2}{serial:4}")
		}
		return s, nil
	}
}

func perMille(s string) (string, error) {
	v, err := permit.Field{Kind: permit.Decimal, Places: 3, Label: say.T("執照規費率", "Licence fee")}.Read(s)
	if err != nil {
		return "", err
	}
	if f, _ := strconv.ParseFloat(v, 64); f > 1 {
		return "", fault.Of(fault.Invalid, "輸入 1 以下的數字：建築法 §29 規定千分之一以下", "Enter 1 or less: the Building Act §29 allows one per mille at most")
	}
	return v, nil
}

// calendarDays takes one day per line with its reason and keeps it as ISO day, a space, the reason.
func calendarDays(s string) (string, error) {
	var out []string
	for i, line := range strings.Split(s, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		day, why, _ := strings.Cut(line, " ")
		d, err := taiwan.ParseDate(day)
		if err != nil {
			return "", fault.Say(fault.Invalid, say.F("第 %d 行以日期開頭，例如 115-08-05 颱風假", "Begin line %d with a day, for example 115-08-05 颱風假", i+1))
		}
		out = append(out, strings.TrimSpace(d.ISO()+" "+strings.TrimSpace(why)))
	}
	return strings.Join(out, "\n"), nil
}

func minutes(s string) (string, error) {
	n, err := strconv.Atoi(taiwan.Fold(s))
	if err != nil || n < 5 || n > 30 {
		return "", fault.Of(fault.Invalid, "輸入 5 到 30 的整數", "Enter a whole number from 5 to 30")
	}
	return strconv.Itoa(n), nil
}

// Calendar is the calendar of working days the authority counts by at the time: the national one with its own days.
func Calendar(tx *store.Tx, authority string, at time.Time) (taiwan.Calendar, error) {
	c := taiwan.National()
	for _, kind := range []struct {
		name string
		work bool
	}{{"extra_holidays", false}, {"extra_workdays", true}} {
		v, _, err := Setting(tx, authority, kind.name, at)
		if err != nil {
			return c, err
		}
		for _, line := range strings.Split(v, "\n") {
			day, why, _ := strings.Cut(line, " ")
			if d, err := taiwan.ParseDate(day); err == nil {
				c = c.With(d, kind.work, why)
			}
		}
	}
	return c, nil
}
