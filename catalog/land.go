package catalog

import (
	"cloudbm/permit"
	"cloudbm/say"
)

// land is the key of 地號表.
const land = "land"

// landList is 地號表 (A12-2). The used areas of the parcels make up the site.
func landList() permit.Section {
	return permit.Section{
		Key: land, Name: say.T("地號表", "Land parcels"), Group: permit.CaseFacts,
		Help: say.T("基地內每一筆土地填一筆，面積照土地登記謄本。", "One row for each parcel of the site, with the area in the land register."),
		List: &permit.List{
			Row: say.T("地號", "Parcel"), Min: 1, Lead: true,
			Fields: []permit.Field{
				ask("district", permit.Line, "行政區", "District", required, upTo(10), hint("例如 東區", "For example 東區")),
				ask("section", permit.Line, "段、小段", "Section", required, upTo(20), hint("例如 虎尾寮段", "For example 虎尾寮段")),
				ask("section_code", permit.Line, "段代碼", "Section code", upTo(4), hint("地政事務所的 4 碼代碼，例如 0002", "The land office's four-digit code, for example 0002")),
				ask("parcel", permit.LandNo, "地號", "Parcel number", required, hint("例如 9001-1", "For example 9001-1")),
				area("registered", "登記面積", "Registered area", required),
				area("used", "使用面積", "Area used", required),
				ask("parcel_zone", permit.Choice, "使用分區", "Zone", of(zones)),
				ask("parcel_zone2", permit.Choice, "使用分區（二）", "Second zone", of(zones)),
			},
		},
		Rules: []permit.Rule{
			hold("used", "每筆使用面積不大於登記面積", "No parcel uses more than its registered area", usedWithinRegistered),
			hold("used", "使用面積合計等於基地面積合計", "The used areas add up to the site area", usedMakesSite),
		},
	}
}

func usedWithinRegistered(a permit.Answers) *say.Text {
	for i, r := range a.Rows[land] {
		used, ok := number(r, "used")
		registered, known := number(r, "registered")
		if ok && known && used.GreaterThan(registered) {
			return told("第 %d 筆地號 %s：使用面積 %s ㎡ 大於登記面積 %s ㎡，核對土地登記謄本",
				"Parcel %d (%s): the used area of %s ㎡ exceeds the registered area of %s ㎡; compare the land register",
				i+1, r.Values["parcel"], used.StringFixed(2), registered.StringFixed(2))
		}
	}
	return nil
}

func usedMakesSite(a permit.Answers) *say.Text {
	used, ok := a.Sum(land, "used")
	site, known := siteArea(a)
	if !ok || !known || used.Equal(site) {
		return nil
	}
	return told("核對面積：各筆使用面積合計 %s ㎡，基地面積合計 %s ㎡，兩者要相等",
		"Compare the areas: the parcels' used areas add up to %s ㎡, the site to %s ㎡; the two must be equal",
		used.StringFixed(2), site.StringFixed(2))
}

// ownLand is the question that opens the page of the land owners.
func ownLand() permit.Field {
	return ask("own_land", permit.YesNo, "起造人是全部土地的所有權人", "The applicant owns all the land", required, hint("選「否」時填土地所有權人並附同意書", "If no, name the owners and attach their consent"))
}

// siteSection is where and how large the site is, and its zones; and asks more about the site where a type needs it.
func siteSection(and ...permit.Field) permit.Section {
	return permit.Section{
		Key: "site", Name: say.T("基地", "Site"), Group: permit.CaseFacts,
		Fields: join(and, []permit.Field{
			ask("site_address", permit.Address, "建築地點", "Location", required, hint("有門牌填門牌，沒有時填段和地號", "The address, or section and parcel where there is none")),
			area("site_arcade", "騎樓地面積", "Arcade area of the site"),
			area("site_setback", "退縮地面積", "Set-back area of the site"),
			area("site_other", "其他面積", "Other area of the site", required, hint("基地面積扣除騎樓地和退縮地", "The site without arcade and set-back")),
			ask("site_area", permit.Computed, "基地面積合計", "Site area", unit("㎡"), totalOf(siteParts...)),
			ask("zone1", permit.Choice, "土地使用分區", "Zone", required, of(zones)),
			ask("zone2", permit.Choice, "土地使用分區（二）", "Second zone", of(zones)),
			ask("zone3", permit.Choice, "土地使用分區（三）", "Third zone", of(zones)),
			ask("zone_note", permit.Line, "分區說明", "Remarks on the zone", upTo(100)),
			ask("twd97_x", permit.Decimal, "坐標 X（TWD97）", "Coordinate X (TWD97)", places(3), unit("m")),
			ask("twd97_y", permit.Decimal, "坐標 Y（TWD97）", "Coordinate Y (TWD97)", places(3), unit("m")),
		}),
	}
}
