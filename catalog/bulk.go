package catalog

import (
	"strings"

	"github.com/shopspring/decimal"

	"cloudbm/permit"
	"cloudbm/say"
)

var (
	siteParts = []string{"site_arcade", "site_setback", "site_other"}
	hundred   = decimal.NewFromInt(100)
)

// siteArea is the area of the site in ㎡: arcade, set-back and the rest.
func siteArea(a permit.Answers) (decimal.Decimal, bool) { return total(a, siteParts...) }

// percentOfSite is the share that the area in field key has of the site, in percent, rounded half up to two decimals.
func percentOfSite(key string) func(permit.Answers) (string, bool) {
	return func(a permit.Answers) (string, bool) {
		part, ok := a.Number(key)
		site, known := siteArea(a)
		if !ok || !known || !site.IsPositive() {
			return "", false
		}
		return part.Mul(hundred).DivRound(site, 2).StringFixed(2), true
	}
}

// openArea is the ground that must stay open (法定空地): the site less what the legal coverage lets be built over.
func openArea(a permit.Answers) (string, bool) {
	legal, ok := a.Number("legal_coverage")
	site, known := siteArea(a)
	if !ok || !known || legal.GreaterThan(hundred) {
		return "", false
	}
	return site.Mul(hundred.Sub(legal)).DivRound(hundred, 2).StringFixed(2), true
}

// bulkSection is how large the building is on its site: 建蔽率, 容積率 and what they follow from.
func bulkSection() permit.Section {
	return permit.Section{
		Key: "bulk", Name: say.T("面積與建蔽率、容積率", "Areas, coverage and floor area ratio"), Group: permit.CaseFacts,
		Help: say.T("建蔽率和容積率由系統用基地面積算出，不必自己填。", "Coverage and floor area ratio are worked out from the site area."),
		Fields: []permit.Field{
			share("legal_coverage", "法定建蔽率", "Legal coverage", required),
			share("legal_ratio", "法定容積率", "Legal floor area ratio", required),
			ask("ratio_note", permit.Line, "建蔽率、容積率說明", "Remarks on the ratios", upTo(100), hint("例如適用的獎勵或移轉", "For example a bonus or a transfer")),
			area("arcade_area", "騎樓面積", "Arcade area"),
			area("other_area", "其他建築面積", "Other building area"),
			area("building_area", "建築面積", "Building area", required, law("建築技術規則設計施工編 §1")),
			area("counted_area", "計入容積樓地板面積", "Floor area that counts", required, law("建築技術規則設計施工編 §161")),
			area("total_area", "總樓地板面積", "Total floor area", required),
			ask("coverage", permit.Computed, "實設建蔽率", "Coverage as designed", unit("%"), worked(percentOfSite("building_area"))),
			ask("ratio", permit.Computed, "實設容積率", "Floor area ratio as designed", unit("%"), worked(percentOfSite("counted_area"))),
			ask("open_area", permit.Computed, "法定空地面積", "Ground to stay open", unit("㎡"), worked(openArea)),
		},
		Rules: []permit.Rule{
			hold("building_area", "建築面積不超過法定建蔽率", "The building area keeps the legal coverage", within("building_area", "legal_coverage", say.T("建築面積", "building area"), say.T("法定建蔽率", "legal coverage"))),
			hold("counted_area", "計入容積樓地板面積不超過法定容積率", "The floor area that counts keeps the legal ratio", within("counted_area", "legal_ratio", say.T("計入容積樓地板面積", "floor area that counts"), say.T("法定容積率", "legal floor area ratio"))),
			hold("counted_area", "計入容積樓地板面積不大於總樓地板面積", "The floor area that counts is within the total", countedWithinTotal),
		},
	}
}

// within holds the area in field key to the share of the site that the field legal allows.
func within(key, legal string, what, limit say.Text) func(permit.Answers) *say.Text {
	return func(a permit.Answers) *say.Text {
		part, ok := a.Number(key)
		allowed, set := a.Number(legal)
		site, known := siteArea(a)
		if !ok || !set || !known || !site.IsPositive() || part.Mul(hundred).LessThanOrEqual(site.Mul(allowed)) {
			return nil
		}
		return told("減少%s：%s ㎡ ÷ 基地 %s ㎡ = %s %%，大於%s %s %%（最多 %s ㎡）",
			"Reduce the %s: %s ㎡ ÷ site %s ㎡ = %s %%, above the %s of %s %% (at most %s ㎡)",
			what, part.StringFixed(2), site.StringFixed(2), part.Mul(hundred).DivRound(site, 2).StringFixed(2),
			limit, allowed.StringFixed(2), site.Mul(allowed).Div(hundred).Truncate(2).StringFixed(2))
	}
}

func countedWithinTotal(a permit.Answers) *say.Text {
	counted, ok := a.Number("counted_area")
	all, known := a.Number("total_area")
	if !ok || !known || counted.LessThanOrEqual(all) {
		return nil
	}
	return told("核對面積：計入容積樓地板面積 %s ㎡ 大於總樓地板面積 %s ㎡",
		"Compare the areas: the floor area that counts, %s ㎡, exceeds the total floor area, %s ㎡",
		counted.StringFixed(2), all.StringFixed(2))
}

// shapeSection is what the building is used for, built of, and how high.
func shapeSection() permit.Section {
	return permit.Section{
		Key: "shape", Name: say.T("用途、構造與層棟戶數", "Use, structure and size"), Group: permit.CaseFacts,
		Fields: []permit.Field{
			ask("main_use", permit.Choice, "主要用途", "Main use", required, of(mainUses)),
			ask("main_use_note", permit.Line, "主要用途說明", "Description of the use", upTo(100)),
			ask("use_groups", permit.Several, "使用類組", "Use groups", required, of(useGroups), hint("最多 3 個", "At most three"), law("建築物使用類組及變更使用辦法 §2")),
			ask("structures", permit.Several, "構造種類", "Kinds of structure", required, of(structures), hint("最多 3 種", "At most three")),
			ask("foundation", permit.Line, "基礎種類", "Kind of foundation", upTo(50)),
			ask("blocks", permit.Whole, "幢數", "Blocks", required),
			ask("buildings", permit.Whole, "棟數", "Buildings", required),
			ask("floors_above", permit.Whole, "地上層數", "Floors above ground", required),
			ask("floors_below", permit.Whole, "地下層數", "Floors underground", required, hint("沒有地下層填 0", "Enter 0 if there is none")),
			ask("units", permit.Whole, "戶數", "Units", required),
			metres("height", "建築物高度", "Height of the building", required),
			metres("eaves_height", "簷高", "Height of the eaves"),
			metres("structure_height", "構造高度", "Height of the structure"),
		},
		Rules: []permit.Rule{
			hold("use_groups", "使用類組最多三個", "At most three use groups", atMostThree("use_groups", say.T("使用類組", "use groups"))),
			hold("structures", "構造種類最多三種", "At most three kinds of structure", atMostThree("structures", say.T("構造種類", "kinds of structure"))),
		},
	}
}

func atMostThree(key string, what say.Text) func(permit.Answers) *say.Text {
	return func(a permit.Answers) *say.Text {
		if n := strings.Count(a.Get(key), ",") + 1; n > 3 {
			return told("減少%s：最多 3 個，現在勾了 %d 個", "Choose fewer %s: at most three, now %d", what, n)
		}
		return nil
	}
}

// floorList is 建築物概要表 (A11-4): one row for each floor, or for each use where a floor has several.
func floorList() permit.Section {
	return permit.Section{
		Key: "floors", Name: say.T("建築物概要表（各層）", "Summary of the floors"), Group: permit.CaseFacts,
		Help: say.T("每一層填一筆；同一層有不同用途時分開填。", "One row for each floor; where a floor has several uses, one for each."),
		List: &permit.List{
			Row: say.T("樓層", "Floor"), Min: 1,
			Fields: []permit.Field{
				ask("floor_building", permit.Line, "棟別", "Building", upTo(20)),
				ask("level", permit.Choice, "樓層別", "Kind of floor", required, of(levels)),
				ask("level_no", permit.Whole, "層次", "Number of the floor", required, hint("地上1層填 1；夾層填所在的樓層", "1 for the ground floor; for a mezzanine the floor it is in")),
				area("floor_area", "樓地板面積", "Floor area", required),
				metres("floor_height", "層高", "Storey height"),
				area("balcony", "陽臺面積", "Balcony area"),
				area("terrace", "露臺面積", "Terrace area"),
				ask("floor_uses", permit.Several, "用途類組", "Use groups", required, of(useGroups)),
				ask("floor_use_note", permit.Line, "用途說明", "Description of the use", upTo(100)),
			},
		},
		Rules: []permit.Rule{
			hold("floor_area", "各層面積合計等於總樓地板面積", "The floors add up to the total floor area", floorsMakeTotal),
			remind("level_no", "每個地上層都有一筆", "Every floor above ground is listed", floorsAreAllThere),
		},
	}
}

func floorsMakeTotal(a permit.Answers) *say.Text {
	sum, ok := a.Sum("floors", "floor_area")
	all, known := a.Number("total_area")
	if !ok || !known || sum.Equal(all) {
		return nil
	}
	return told("核對面積：各層樓地板面積合計 %s ㎡，總樓地板面積 %s ㎡，兩者要相等",
		"Compare the areas: the floors add up to %s ㎡, the total floor area is %s ㎡; the two must be equal",
		sum.StringFixed(2), all.StringFixed(2))
}

func floorsAreAllThere(a permit.Answers) *say.Text {
	want, known := a.Number("floors_above")
	seen := map[string]bool{}
	for _, r := range a.Rows["floors"] {
		if r.Values["level"] == "U" {
			seen[r.Values["floor_building"]+" "+r.Values["level_no"]] = true
		}
	}
	have := int64(len(seen))
	if !known || have == 0 || have >= want.IntPart() {
		return nil
	}
	return told("核對各層：地上層數是 %s，概要表只有 %d 個地上層", "Compare the floors: %s above ground, but the summary lists %d", want.String(), have)
}

// shelterSection is 防空避難設備.
func shelterSection() permit.Section {
	return permit.Section{
		Key: "shelter", Name: say.T("防空避難設備", "Air-raid shelter"), Group: permit.CaseFacts,
		Fields: []permit.Field{
			area("shelter_legal", "法定面積", "Area required by law"),
			area("shelter_above", "地上面積", "Area above ground"),
			area("shelter_below", "地下面積", "Area underground"),
			area("shelter_parking", "兼停車空間面積", "Area also used for parking"),
		},
		Rules: []permit.Rule{hold("shelter_legal", "設置面積不小於法定面積", "The shelter has the area the law asks for", shelterIsEnough)},
	}
}

func shelterIsEnough(a permit.Answers) *say.Text {
	legal, ok := a.Number("shelter_legal")
	if !ok {
		return nil
	}
	have, _ := total(a, "shelter_above", "shelter_below")
	if have.GreaterThanOrEqual(legal) {
		return nil
	}
	return told("增加防空避難設備：地上和地下合計 %s ㎡，法定 %s ㎡", "Enlarge the shelter: above and underground make %s ㎡, the law asks for %s ㎡",
		have.StringFixed(2), legal.StringFixed(2))
}

// parkingList is 停車空間.
func parkingList() permit.Section {
	return permit.Section{
		Key: "parking", Name: say.T("停車空間", "Parking"), Group: permit.CaseFacts,
		Help: say.T("停車方式、車種、設置和位置都相同的填一筆。沒有停車空間時免填。", "One row for spaces that agree in everything. Leave empty if there are none."),
		List: &permit.List{
			Row: say.T("停車空間", "Parking"),
			Fields: []permit.Field{
				ask("parking_way", permit.Choice, "停車方式", "Way of parking", required, of(parkingWays)),
				ask("vehicle", permit.Choice, "車種", "Vehicle", required, of(vehicles)),
				ask("provision", permit.Choice, "設置", "Provision", required, of(provisions)),
				ask("parking_place", permit.Choice, "位置", "Place", required, of(parkingPlaces)),
				ask("spaces", permit.Whole, "輛數", "Spaces", required),
				area("parking_area", "面積", "Area"),
				ask("parking_shelter", permit.YesNo, "兼防空避難設備", "Also a shelter"),
			},
		},
	}
}
