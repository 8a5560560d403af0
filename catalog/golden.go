package catalog

import (
	"fmt"
	"strings"

	"cloudbm/permit"
	"cloudbm/say"
)

// Sheet is the declaration of a case type as an officer reads it: what is asked and when, which papers and drawings,
// who seals, how the case moves, how long things take and what they cost. What changes in law shows in its diff.
func Sheet(t *permit.Type) string {
	s := sheetWriter{t: t, told: map[string]string{}}
	s.line("%s（%s）　案件類別 %s　版次 %s", t.Name.Zh, t.Name.En, t.Code, t.Edition)
	s.line("選單：%s　　序號類別：%s　　法令：%s", t.Menu.Name().Zh, t.Family, strings.Join(t.Law, "、"))
	s.line("說明：%s", t.Help.Zh)
	s.follows()
	s.form()
	s.attachments()
	s.drawings()
	s.checks()
	s.moves()
	s.deadlines()
	s.end()
	return s.b.String()
}

type sheetWriter struct {
	t    *permit.Type
	b    strings.Builder
	told map[string]string // tables of choices written out already, and at which question
}

func (s *sheetWriter) line(format string, args ...any) {
	s.b.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " 　") + "\n")
}

func (s *sheetWriter) title(zh string) { s.line("\n【%s】", zh) }

// only is a condition in brackets, empty if there is none.
func (s *sheetWriter) only(c permit.Cond) string {
	if c.Always() {
		return ""
	}
	return "〔" + c.Words(s.t).Zh + "〕"
}

func (s *sheetWriter) follows() {
	for _, f := range s.t.Follows {
		earlier, must := Find(f.Kind), "可"
		if f.Required {
			must = "應"
		}
		var names []string
		for _, key := range f.Sections {
			names = append(names, s.t.Section(key).Name.Zh)
		}
		s.line("%s接續：%s，帶入 %s", must, earlier.Name.Zh, strings.Join(append(names, fmt.Sprintf("%d 個單項", len(f.Fields))), "、"))
	}
}

func (s *sheetWriter) form() {
	s.title("填寫的內容（＊必填）")
	for _, sec := range s.t.Form {
		s.line("\n%s　%s%s", sec.Name.Zh, s.rows(sec), s.only(sec.When))
		for _, f := range sec.All() {
			s.field(f)
		}
		for _, r := range sec.Rules {
			how := "檢查"
			if r.Soft {
				how = "提醒"
			}
			s.line("    %s：%s", how, r.Name.Zh)
		}
	}
}

func (s *sheetWriter) rows(sec permit.Section) string {
	l := sec.List
	if l == nil {
		return ""
	}
	out := "（名冊"
	if l.Min > 0 {
		out += fmt.Sprintf("，至少 %d 筆", l.Min)
	}
	if l.Max > 0 {
		out += fmt.Sprintf("，最多 %d 筆", l.Max)
	}
	if l.Lead {
		out += "，一位代表人"
	}
	if l.From != "" {
		out += "，由" + l.From.Name().Zh + "角色資料帶入"
	}
	return out + "）"
}

func (s *sheetWriter) field(f permit.Field) {
	star := "　"
	if f.Required {
		star = "＊"
	}
	what := kindWords[f.Kind].Zh
	if f.Unit != "" {
		what += " " + f.Unit
	}
	if f.Max > 0 {
		what += fmt.Sprintf("，最多 %d 字", f.Max)
	}
	if f.Secret {
		what += "，個資加密"
	}
	if f.Law != "" {
		what += "，" + f.Law
	}
	s.line("  %s%s（%s）%s", star, f.Label.Zh, what, s.only(f.When))
	s.choices(f)
}

// choices writes out a table of choices where it is first used, and points there afterwards.
func (s *sheetWriter) choices(f permit.Field) {
	var words []string
	for _, o := range f.Choices {
		words = append(words, o.Text.Zh)
	}
	table := strings.Join(words, "／")
	switch first, told := s.told[table]; {
	case table == "":
	case told:
		s.line("      選項同「%s」", first)
	default:
		s.told[table] = f.Label.Zh
		s.line("      %s", table)
	}
}

func (s *sheetWriter) attachments() {
	s.title("應附文件（＊必附）")
	for _, a := range s.t.Attachments {
		star := "　"
		if a.Required {
			star = "＊"
		}
		s.line("  %s%s %s%s%s%s%s", star, a.Code, a.Name.Zh, s.only(a.When), after("　", a.Hint.Zh), after("　壓章：", partyWords[a.Signer].Zh), after("　", a.Law))
	}
}

// after is text behind a word, or nothing when there is no text.
func after(word, text string) string {
	if text == "" {
		return ""
	}
	return word + text
}

func (s *sheetWriter) drawings() {
	s.title("圖說（＊必附）")
	for _, d := range s.t.Drawings {
		star := "　"
		if d.Required {
			star = "＊"
		}
		var who []string
		for _, p := range d.Signers {
			w := partyWords[p].Zh
			if p == permit.Certifier && d.CertItem != "" {
				w += "（" + (permit.Field{Kind: permit.Choice, Choices: certItems}).Show(d.CertItem, say.Zh) + "）"
			}
			who = append(who, w)
		}
		s.line("  %s%s %s%s%s%s", star, d.Class, d.Name.Zh, s.only(d.When), after("　不小於 ", d.Scale), after("　壓章：", strings.Join(who, "、")))
	}
}

func (s *sheetWriter) checks() {
	s.title("審查項目")
	for i, c := range s.t.Checks {
		s.line("  %2d %s　%s　看：%s", i+1, c.Text.Zh, c.Law, c.Look)
	}
}

func (s *sheetWriter) moves() {
	s.title("案件流程")
	for _, m := range s.t.Moves {
		var from, who, needs []string
		for _, x := range m.From {
			from = append(from, x.Name().Zh)
		}
		for _, x := range m.By {
			who = append(who, whoWords[x].Zh)
		}
		for _, x := range m.Needs {
			needs = append(needs, needWords[x].Zh)
		}
		says := ""
		if m.Says {
			says = "　應敘明理由"
		}
		s.line("  %s ─%s→ %s　由 %s%s%s", strings.Join(from, "、"), m.Act.Name().Zh, m.To.Name().Zh, strings.Join(who, "、"), after("　先要：", strings.Join(needs, "、")), says)
	}
}

func (s *sheetWriter) deadlines() {
	s.title("期限（行政程序法 §48：不算第一日，末日逢休息日順延）")
	for _, d := range s.t.Deadlines {
		longer := ""
		if d.Longer.N > 0 {
			longer = "；" + d.Longer.Text().Zh + s.only(d.Long)
		}
		base := baseWords[d.Base].Zh
		if d.Base == permit.OnField {
			base = "「" + s.labelOf(d.Field) + "」"
		}
		s.line("  %s：自%s起 %s%s　%s　%s", d.Name.Zh, base, d.Period.Text().Zh, longer, effectWords[d.Effect].Zh, d.Law)
	}
}

func (s *sheetWriter) labelOf(key string) string {
	for _, sec := range s.t.Form {
		for _, f := range sec.All() {
			if f.Key == key {
				return f.Label.Zh
			}
		}
	}
	return key
}

func (s *sheetWriter) end() {
	s.title("規費、結果與表單")
	f := s.t.Fee
	switch {
	case f.Of != "":
		s.line("  %s：「%s」的千分之 %s，不足一元不計　%s", f.Name.Zh, s.labelOf(f.Of), f.PerMille.String(), f.Law)
	case f.Flat > 0:
		s.line("  %s：%d 元　%s", f.Name.Zh, f.Flat, f.Law)
	default:
		s.line("  %s", f.None.Zh)
	}
	o, kind := s.t.Outcome, "發給"
	if o.Filing {
		kind = "准予備查"
	}
	s.line("  %s：%s（字號用字「%s」）", kind, o.Name.Zh, o.Word)
	for _, p := range s.t.Prints {
		s.line("  列印 %s %s", p.Code, p.Name.Zh)
	}
}
