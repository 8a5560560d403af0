package catalog

import (
	"slices"
	"strings"
	"testing"

	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/taiwan"
)

// with is a copy of the answers with some fields changed; an empty value takes the answer away.
func with(a permit.Answers, pairs ...string) permit.Answers {
	for i := 0; i < len(pairs); i += 2 {
		a.Fields[pairs[i]] = pairs[i+1]
	}
	return a
}

// cell is the answers with one cell of a list changed.
func cell(a permit.Answers, list string, row int, key, value string) permit.Answers {
	a.Rows[list][row].Values[key] = value
	return a
}

// without is the answers without the rows of a list.
func without(a permit.Answers, list string) permit.Answers {
	delete(a.Rows, list)
	return a
}

func TestComputed(t *testing.T) {
	for _, x := range []struct {
		name, kind string
		a          permit.Answers
		key, want  string
	}{
		{"C1 site", "building", C1(), "site_area", "365.75"},
		{"C1 coverage", "building", C1(), "coverage", "54.68"},
		{"C1 ratio", "building", C1(), "ratio", "166.78"},
		{"C1 open ground", "building", C1(), "open_area", "146.30"},
		{"C1 architects", "building", C1(), "architects_named", "1"},
		{"C1 without architect", "building", cell(C1(), designers, 0, "exempt", "Y"), "architects_named", "0"},
		{"half a hundredth is rounded up", "building", with(C1(), "site_other", "200.00", "building_area", "100.01"), "coverage", "50.01"}, // 50.005
		{"no site yet", "building", with(C1(), "site_other", ""), "coverage", ""},
		{"a site of nothing", "building", with(C1(), "site_other", "0.00"), "coverage", ""},
		{"parts of the site", "building", with(C1(), "site_arcade", "20.50", "site_setback", "10.25", "site_other", "335.00"), "site_area", "365.75"},
		{"C6 coverage", "use", C6(), "coverage", "54.68"},
		{"C3 last day", "start", C3(), "start_until", "115-10-15"},
		{"C3 extended", "start", with(C3(), "extended", "Y"), "start_until", "116-01-15"},
		{"§48: the period starts on the first", "start", with(C3(), "licence_date", "115-02-28"), "start_until", "115-08-31"},
		{"§48: no such day, then a rest day", "start", with(C3(), "licence_date", "114-08-30"), "start_until", "115-03-02"},
		{"C9 works", "interior", C9(), "fit_total", "250.00"},
		{"C9 limit", "interior", C9(), "simple_limit", "300"},
		{"C10 limit", "interior", C10(), "simple_limit", "100"},
		{"no limit for a dwelling", "interior", with(C9(), "dwelling", "Y"), "simple_limit", ""},
		{"eleventh floor", "interior", cell(C9(), "scope", 0, "level_no", "11"), "simple_limit", "100"},
		{"tenth floor", "interior", cell(C9(), "scope", 0, "level_no", "10"), "simple_limit", "300"},
		{"twelfth basement", "interior", cell(cell(C9(), "scope", 0, "level_no", "12"), "scope", 0, "level", "D"), "simple_limit", "300"},
	} {
		if got := Find(x.kind).Complete(x.a).Fields[x.key]; got != x.want {
			t.Errorf("%s: %s = %q, want %q", x.name, x.key, got, x.want)
		}
	}
}

func TestFees(t *testing.T) {
	for _, x := range []struct {
		kind string
		cost string
		want int64
		ok   bool
	}{
		{"building", "6100000", 6100, true}, {"building", "98765432", 98765, true}, {"building", "9876543", 9876, true},
		{"building", "28912000", 28912, true}, {"building", "999", 0, true}, {"building", "-500000", 0, true}, {"building", "", 0, false},
		{"use", "", 200, true}, {"start", "", 0, true}, {"interior", "", 0, true},
	} {
		got, ok := Find(x.kind).Fee.Amount(permit.Answers{Fields: map[string]string{"cost": x.cost}})
		if got != x.want || ok != x.ok {
			t.Errorf("%s with %s: %d %v, want %d %v", x.kind, x.cost, got, ok, x.want, x.ok)
		}
	}
}

// Each row is refused with a sentence that holds these words, in both languages; nothing wanted is nothing refused.
func TestRules(t *testing.T) {
	twelve := func() permit.Answers { return with(C2(), "public_use", "N") }
	for _, x := range []struct {
		name, kind string
		a          permit.Answers
		zh, en     string
	}{
		{"C1: no engineer is compulsory", "building", C1(), "", ""},
		{"five floors need none", "building", with(C1(), "floors_above", "5"), "", ""},
		{"six floors need one", "building", with(C1(), "floors_above", "6"), "新增簽證項目「結構設計」的技師", "Building Act §13"},
		{"public use needs one", "building", with(C1(), "public_use", "Y"), "建築法第13條", "structural design"},
		{"C2 has them", "building", C2(), "", ""},
		{"C2 without them", "building", without(C2(), engineers), "結構設計", "structural design"},
		{"C2 with the ground only", "building", cell(twelve(), engineers, 0, "cert_item", "2"), "結構設計", "structural design"},
		{"coverage just kept", "building", with(C1(), "building_area", "219.45"), "", ""},
		{"coverage", "building", with(C1(), "building_area", "219.46"), "219.46 ㎡ ÷ 基地 365.75 ㎡ = 60.00 %，大於法定建蔽率 60.00 %（最多 219.45 ㎡）", "Reduce the building area"},
		{"ratio", "building", with(C1(), "legal_ratio", "160.00"), "166.78 %，大於法定容積率 160.00 %", "legal floor area ratio"},
		{"counted above total", "building", with(C1(), "counted_area", "611.00"), "大於總樓地板面積 610.00", "exceeds the total floor area"},
		{"used above registered", "building", cell(C1(), land, 0, "registered", "320.00"), "第 1 筆地號 9001：使用面積 320.50 ㎡ 大於登記面積 320.00 ㎡", "exceeds the registered area"},
		{"parcels do not make the site", "building", cell(C1(), land, 1, "used", "45.00"), "合計 365.50 ㎡，基地面積合計 365.75 ㎡", "must be equal"},
		{"floors do not make the total", "building", cell(C1(), "floors", 0, "floor_area", "199.00"), "合計 609.00 ㎡，總樓地板面積 610.00 ㎡", "must be equal"},
		{"shelter too small", "building", with(C2(), "shelter_below", "499.99"), "合計 499.99 ㎡，法定 500.00 ㎡", "Enlarge the shelter"},
		{"four use groups", "building", with(C1(), "use_groups", "H2,G2,G3,B3"), "最多 3 個，現在勾了 4 個", "at most three"},
		{"no licence of the designer", "building", cell(C1(), designers, 0, "arch_licence", ""), "填寫開業證字號", "Practice licence number"},
		{"免建築師 needs none, but an article", "building", cell(cell(C1(), designers, 0, "arch_licence", ""), designers, 0, "exempt", "Y"), "選擇免建築師的依據", "Why no architect is needed"},
		{"免建築師", "building", cell(cell(cell(C1(), designers, 0, "arch_licence", ""), designers, 0, "exempt", "Y"), designers, 0, "exempt_law", "16"), "", ""},
		{"owners of the land are named", "building", without(C1(), landowners), "新增至少 1 筆土地所有權人", "Land owner"},
		{"own land", "building", with(without(C1(), landowners), "own_land", "Y"), "", ""},
		{"an agent is named", "building", with(C1(), "agent", "Y"), "新增至少 1 筆受託人", "Agent"},
		{"C3 on the last day", "start", C3(), "", ""},
		{"C3 a day late", "start", with(C3(), "start_date", "115-10-16"), "民國115年4月15日領照，六個月內（最遲民國115年10月15日）開工；因故不能如期開工時可展期一次三個月", "extended once, by three months"},
		{"C3 extended", "start", with(C3(), "start_date", "116-01-15", "extended", "Y", "extension_no", "南市工字第1150000001號"), "", ""},
		{"C3 beyond the extension", "start", with(C3(), "start_date", "116-01-16", "extended", "Y", "extension_no", "南市工字第1150000001號"), "展期後最遲民國116年1月15日開工", "the licence lapses"},
		{"start before the licence", "start", with(C3(), "start_date", "115-04-14"), "早於領照日期", "is before the date of the licence"},
		{"C6", "use", C6(), "", ""},
		{"finished before it started", "use", with(C6(), "finished", "115-05-01"), "早於開工日期（民國115年5月4日）", "is before the start of work"},
		{"a use licence needs the supervisor", "use", without(C6(), supervisors), "新增至少 1 筆監造人", "Supervising architect"},
		{"C9", "interior", C9(), "", ""},
		{"C9 in the simplified way", "interior", with(C9(), "way", "simple"), "", ""},
		{"C10", "interior", C10(), "合計 150.00 ㎡，這些樓層的簡易室內裝修最多 100 ㎡", "at most 100 ㎡"},
		{"C10 as a dwelling", "interior", with(C10(), "dwelling", "Y"), "", ""},
		{"not walled off", "interior", with(C9(), "way", "simple", "walled_off", "N"), "一小時以上防火時效", "one hour of fire resistance"},
		{"escape changes", "interior", with(C9(), "way", "simple", "changes_escape", "Y"), "不適用簡易室內裝修", "does not cover"},
		{"more works than floor", "interior", cell(C9(), "scope", 0, "fit_area", "480.01"), "大於該層樓地板面積", "exceed the storey"},
		{"nobody designs", "interior", without(C9(), fitters), "至少一位", "at least one"},
	} {
		c := Find(x.kind)
		var zh, en []string
		for _, h := range c.FormHolds(c.Complete(x.a)) {
			if !h.Soft {
				zh, en = append(zh, h.Text.Zh), append(en, h.Text.En)
			}
		}
		if x.zh == "" && len(zh) > 0 {
			t.Errorf("%s: refused with %q", x.name, zh)
		}
		if x.zh != "" && !strings.Contains(strings.Join(zh, "\n"), x.zh) {
			t.Errorf("%s: refused with %q, want %q", x.name, zh, x.zh)
		}
		if x.zh != "" && !strings.Contains(strings.Join(en, "\n"), x.en) {
			t.Errorf("%s: refused with %q, want %q", x.name, en, x.en)
		}
	}
}

// A rule says the same whether or not the computed answers stand beside the others.
func TestRulesNeedNoCompletion(t *testing.T) {
	a := with(C1(), "building_area", "300.00")
	c := Find("building")
	if problems(c, a) == "" || problems(c, a) != problems(c, c.Complete(a)) {
		t.Errorf("before: %s\nafter: %s", problems(c, a), problems(c, c.Complete(a)))
	}
}

func TestReminders(t *testing.T) {
	for _, x := range []struct {
		name string
		a    permit.Answers
		want string
	}{
		{"a floor missing", with(C1(), "floors_above", "4"), "概要表只有 3 個地上層"},
		{"equipment", C2(), "電氣、空調等設備"},
		{"branch", cell(C2(), engineers, 0, "branch", "05"), "核對第 1 位技師的科別"},
	} {
		found := slices.ContainsFunc(Find("building").FormHolds(x.a), func(h permit.Hold) bool { return h.Soft && strings.Contains(h.Text.Zh, x.want) })
		if !found {
			t.Errorf("%s: no reminder %q", x.name, x.want)
		}
	}
	if h := Find("building").FormHolds(C1()); len(h) != 0 {
		t.Errorf("C1 is reminded of %v", h)
	}
}

func classes(kind string, a permit.Answers) (out []string) {
	c := Find(kind)
	for _, d := range c.DrawingsAsked(c.Complete(a)) {
		out = append(out, d.Class)
	}
	return out
}

func TestDrawingsAsked(t *testing.T) {
	for _, x := range []struct {
		name, kind string
		a          permit.Answers
		want       []string
	}{
		{"C1", "building", C1(), []string{"A0", "A1", "A2", "A3"}},
		{"C2", "building", C2(), []string{"A0", "A1", "A2", "A3", "S1", "S2", "S3", "S4", "S8", "N1", "N2"}},
		{"C6", "use", C6(), []string{"A1", "A2", "AA"}},
		{"C3", "start", C3(), nil},
		{"C9", "interior", C9(), []string{"E1"}},
	} {
		if got := classes(x.kind, x.a); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
	}
}

// The engineer seals S* by his item, the architect everything he draws; 建築法 §13 makes him answer for S* too.
func TestSigners(t *testing.T) {
	for _, d := range Find("building").Drawings {
		structure := strings.HasPrefix(d.Class, "S")
		if structure != slices.Contains(d.Signers, permit.Certifier) || structure != (d.CertItem != "") {
			t.Errorf("%s: %v for item %q", d.Class, d.Signers, d.CertItem)
		}
		if d.Class != "D1" && !slices.Contains(d.Signers, permit.Designer) {
			t.Errorf("%s is not sealed by the designer", d.Class)
		}
	}
	// The seal of a contractor, a decorator or a citizen is not part of the permission matrix.
	for _, c := range All {
		for _, d := range c.Drawings {
			for _, p := range d.Signers {
				if p != permit.Designer && p != permit.Supervisor && p != permit.Certifier {
					t.Errorf("%s %s is sealed by %s", c.Kind, d.Class, p)
				}
			}
		}
	}
}

func papers(kind string, a permit.Answers) map[string]bool {
	c, out := Find(kind), map[string]bool{}
	for _, x := range c.AttachmentsAsked(c.Complete(a)) {
		out[x.Code] = x.Required
	}
	return out
}

func TestPapersAsked(t *testing.T) {
	yes, optional, no := "asked", "optional", "not asked"
	for _, x := range []struct {
		kind string
		a    permit.Answers
		code string
		want string
	}{
		{"building", C1(), "13", yes}, {"building", with(C1(), "own_land", "Y"), "13", no},
		{"building", C1(), "04", no}, {"building", with(C1(), "agent", "Y"), "04", yes},
		{"building", C1(), "09", no}, {"building", C2(), "09", yes},
		{"building", C1(), "25", yes}, {"building", with(C1(), "units", "2"), "25", no},
		{"building", C1(), "23", yes}, {"building", C1(), "24", no}, {"building", with(C1(), "line_free", "Y"), "23", no}, {"building", with(C1(), "line_free", "Y"), "24", yes},
		{"building", C1(), "46", no}, {"building", with(C1(), "floors_above", "5"), "46", yes},
		{"building", C1(), "30", no}, {"building", with(C1(), "specials", "green,slope"), "30", yes}, {"building", with(C1(), "specials", "green,slope"), "38", yes},
		{"building", C1(), "05", yes}, {"building", cell(C1(), designers, 0, "exempt", "Y"), "05", no},
		{"building", C1(), "03", no}, {"building", C1(), "14", no}, {"building", with(C1(), "work", "03"), "14", yes},
		{"building", C1(), "01", optional}, {"building", C1(), "47", optional}, {"building", C2(), "36", yes},
		{"use", C6(), "20", yes}, {"use", C6(), "30", no}, {"use", with(C6(), "public_use", "Y"), "30", yes},
		{"start", C3(), "13", no}, {"start", with(C3(), "extended", "Y"), "13", yes},
		{"interior", C9(), "07", no}, {"interior", with(C9(), "own_building", "N"), "07", yes}, {"interior", with(C9(), "changes_fire", "Y"), "10", yes},
	} {
		required, asked := papers(x.kind, x.a)[x.code]
		got := no
		if asked {
			got = map[bool]string{true: yes, false: optional}[required]
		}
		if got != x.want {
			t.Errorf("%s %s is %s, want %s", x.kind, x.code, got, x.want)
		}
	}
	for kind, most := range map[string]int{"building": 47, "use": 34, "start": 13, "interior": 15} {
		if n := len(Find(kind).Attachments); n != most {
			t.Errorf("%s lists %d papers, want %d", kind, n, most)
		}
	}
}

func deadline(t *testing.T, kind, id string) permit.Deadline {
	t.Helper()
	for _, d := range Find(kind).Deadlines {
		if d.ID == id {
			return d
		}
	}
	t.Fatalf("%s has no deadline %s", kind, id)
	return permit.Deadline{}
}

func TestDeadlines(t *testing.T) {
	for _, x := range []struct {
		name, kind, id string
		a              permit.Answers
		from, want     string
	}{
		{"C1 review", "building", "review", C1(), "115-03-02", "115-03-12"},
		{"C1 review over a Saturday", "building", "review", C1(), "115-03-04", "115-03-16"},
		{"C2 review: public use", "building", "review", C2(), "115-03-02", "115-04-01"},
		{"complex", "building", "review", with(C1(), "complex", "Y"), "115-03-02", "115-04-01"},
		{"§36", "building", "correction", C1(), "115-03-10", "115-09-10"},
		{"§36 from the end of February", "building", "correction", C1(), "115-02-28", "115-08-31"},
		{"§41", "building", "collection", C1(), "115-03-10", "115-06-10"},
		{"§54", "building", "start", C1(), "115-04-15", "115-10-15"},
		{"C6 inspection", "use", "inspection", C6(), "115-03-02", "115-03-12"},
		{"C6 for public use", "use", "inspection", with(C6(), "public_use", "Y"), "115-03-02", "115-03-23"},
		{"C3", "start", "start", C3(), "115-04-15", "115-10-15"},
		{"C3 extended", "start", "start", with(C3(), "extended", "Y"), "115-04-15", "116-01-15"},
		{"C9", "interior", "review", C9(), "115-03-02", "115-03-09"},
	} {
		d := deadline(t, x.kind, x.id)
		p := d.Period
		if d.Longer.N > 0 && d.Long.Holds(x.a) {
			p = d.Longer
		}
		from, err := taiwan.ParseDate(x.from)
		if err != nil {
			t.Fatal(err)
		}
		if _, due := p.LastDay(from, taiwan.National()); due.ROC() != x.want {
			t.Errorf("%s: %s, want %s", x.name, due.ROC(), x.want)
		}
	}
	// What harms a citizen is only ever flagged for a human.
	for _, id := range []string{"correction", "collection", "start"} {
		if d := deadline(t, "building", id); d.Effect != permit.Flag {
			t.Errorf("%s: %s", id, d.Effect)
		}
	}
}

// The usual road: who may do what where, and what is looked at first.
func TestMoves(t *testing.T) {
	for _, c := range All {
		for _, x := range []struct {
			act  permit.Act
			from permit.State
			to   permit.State
		}{
			{permit.Submit, permit.Draft, permit.Submitted}, {permit.Submit, permit.Returned, permit.Submitted}, {permit.Return, permit.Submitted, permit.Returned},
			{permit.Assign, permit.Reviewing, permit.Reviewing}, {permit.Assign, permit.Resubmitted, permit.Resubmitted},
			{permit.AskCorrection, permit.Resubmitted, permit.Correction}, {permit.Resubmit, permit.Correction, permit.Resubmitted},
			{permit.SendBack, permit.Proposed, permit.Reviewing}, {permit.Approve, permit.Proposed, permit.Issued},
			{permit.Reject, permit.Correction, permit.Rejected}, {permit.Withdraw, permit.Resubmitted, permit.Withdrawn},
			{permit.Approve, permit.Reviewing, ""}, {permit.Withdraw, permit.Draft, ""}, {permit.Withdraw, permit.Proposed, ""}, {permit.Submit, permit.Submitted, ""},
		} {
			m := c.Move(x.act, x.from)
			if (m == nil) != (x.to == "") || m != nil && m.To != x.to {
				t.Errorf("%s: %s from %s gives %v, want %q", c.Kind, x.act, x.from, m, x.to)
			}
		}
		if m := c.Move(permit.Resubmit, permit.Correction); len(m.Needs) != 5 || !slices.Contains(m.Needs, permit.NeedAnswers) {
			t.Errorf("%s: resubmitting needs %v", c.Kind, m.Needs)
		}
		if m := c.Move(permit.Submit, permit.Draft); len(m.Needs) != 4 || slices.Contains(m.Needs, permit.NeedAnswers) {
			t.Errorf("%s: submitting needs %v", c.Kind, m.Needs)
		}
	}
}

func TestFind(t *testing.T) {
	for _, c := range All {
		if Find(c.Kind) == nil || Edition(c.Kind, c.Edition) != c || ByCode(c.Code) == nil {
			t.Errorf("%s is not found", c.ID())
		}
	}
	if Find("castle") != nil || Edition("building", "1971-12") != nil || ByCode("Z9-9") != nil {
		t.Error("what is not declared is found")
	}
}

// The labels of the manual stand verbatim (S-numbers), and what is starred there is required.
func TestLabelsOfTheManual(t *testing.T) {
	for _, x := range []struct {
		kind, section, key, label string
		required                  bool
	}{
		{"building", "case", "building_name", "建築物名稱", true},
		{"building", designers, "arch_licence", "開業證字號", true}, {"building", designers, "person_id", "身分證字號", false}, {"building", designers, "name", "姓名", true},
		{"building", designers, "exempt", "免建築師", false}, {"building", designers, "office_name", "事務所名稱", false},
		{"building", engineers, "name", "姓名", true}, {"building", engineers, "eng_licence", "執業執照號碼", true}, {"building", engineers, "eng_permit", "內政部許可文號", true},
		{"building", engineers, "person_id", "身分證字號", false}, {"building", engineers, "office_name", "事務所名稱", false}, {"building", engineers, "phone", "事務所電話", false},
		{"start", builders, "con_licence", "登記證字號", true}, {"start", builders, "company_name", "營造業名稱", true}, {"start", builders, "company_id", "統一編號", false},
		{"start", builders, "company_head", "負責人", true}, {"start", builders, "head_mobile", "負責人行動電話", false},
	} {
		fields := Find(x.kind).Section(x.section).All()
		i := slices.IndexFunc(fields, func(f permit.Field) bool { return f.Key == x.key })
		if i < 0 || fields[i].Label.Zh != x.label || fields[i].Required != x.required {
			t.Errorf("%s/%s/%s is not %s (required %v)", x.kind, x.section, x.key, x.label, x.required)
		}
	}
	if n := Find("building").Section(designers); n.Name.Zh != "設計人名冊" || n.List.Row.Zh != "設計人資料" || !n.List.Lead {
		t.Errorf("設計人名冊 reads %v", n.Name)
	}
	if n := Find("start").Section("case").Name.Zh; n != "開工申請基本資料" {
		t.Errorf("開工 reads %s", n)
	}
}

// National IDs and birthdays are protected wherever they are asked.
func TestSecrets(t *testing.T) {
	for _, c := range All {
		for _, s := range c.Form {
			for _, f := range s.All() {
				private := f.Kind == permit.PersonID || f.Kind == permit.AnyID || strings.Contains(f.Label.Zh, "出生")
				if private != f.Secret {
					t.Errorf("%s/%s/%s: secret is %v", c.Kind, s.Key, f.Key, f.Secret)
				}
			}
		}
	}
}

func TestConditionsInWords(t *testing.T) {
	b := Find("building")
	for _, x := range []struct {
		c  permit.Cond
		zh string
		en string
	}{
		{byEngineer, "「供公眾使用」為「是」，或「地上層數」6 以上", "“Open to public use” is “Yes”, or “Floors above ground” is 6 or more"},
		{licensed, "「免建築師」未選「是」", "“No architect needed” is not “Yes”"},
		{special("slope", "eia"), "「本案的情形」勾選「基地在山坡地」或「應實施環境影響評估」", "“What applies to this case” includes “The site is on hillside land” or “An environmental impact assessment is required”"},
		{permit.All(condominium, permit.Not(condominium)), "「戶數」3 以上，且不符合：「戶數」3 以上", "“Units” is 3 or more, and not: “Units” is 3 or more"},
		{permit.Cond{}, "", ""},
	} {
		if got := x.c.Words(b); got != say.T(x.zh, x.en) {
			t.Errorf("%v", got)
		}
	}
}
