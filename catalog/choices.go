package catalog

import (
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/taiwan"
)

// opt is one choice.
func opt(value, zh, en string) permit.Option {
	return permit.Option{Value: value, Text: say.T(zh, en)}
}

// coded turns a table of the Ministry into choices, each shown with its code.
func coded(table []taiwan.Coded) []permit.Option {
	out := make([]permit.Option, 0, len(table))
	for _, c := range table {
		out = append(out, opt(c.Code, c.Code+" "+c.Name, c.Code+" "+c.En))
	}
	return out
}

// works are the kinds of building works (工程類別) of 建築法 §9. An extension (04 增建) has a case type of its own (A1-2).
var works = coded([]taiwan.Coded{
	{Code: "01", Name: "新建", En: "New building"},
	{Code: "02", Name: "改建", En: "Rebuilding"},
	{Code: "03", Name: "修建", En: "Major repair"},
})

// mainUses are the main uses (主要用途) of the Ministry's table BLU.
var mainUses = coded([]taiwan.Coded{
	{Code: "01", Name: "住宅", En: "Dwelling"}, {Code: "02", Name: "商店", En: "Shop"}, {Code: "03", Name: "辦公室", En: "Office"},
	{Code: "04", Name: "學校", En: "School"}, {Code: "05", Name: "工廠", En: "Factory"}, {Code: "06", Name: "醫院", En: "Hospital"},
	{Code: "07", Name: "倉庫", En: "Warehouse"}, {Code: "08", Name: "農舍", En: "Farmhouse"}, {Code: "09", Name: "旅館", En: "Hotel"},
	{Code: "10", Name: "遊樂場", En: "Amusement place"}, {Code: "99", Name: "其他", En: "Other"},
})

// useGroups are the use groups (使用類組) of 建築物使用類組及變更使用辦法, annex 1.
var useGroups = coded([]taiwan.Coded{
	{Code: "A1", Name: "集會表演", En: "Assembly and performance"}, {Code: "A2", Name: "運輸場所", En: "Transport"},
	{Code: "B1", Name: "娛樂場所", En: "Entertainment"}, {Code: "B2", Name: "商場百貨", En: "Shopping centre"},
	{Code: "B3", Name: "餐飲場所", En: "Food and drink"}, {Code: "B4", Name: "旅館", En: "Hotel"},
	{Code: "C1", Name: "特殊廠庫", En: "Special factory or store"}, {Code: "C2", Name: "一般廠庫", En: "Ordinary factory or store"},
	{Code: "D1", Name: "健身休閒", En: "Fitness and leisure"}, {Code: "D2", Name: "文教設施", En: "Culture and education"},
	{Code: "D3", Name: "國小校舍", En: "Primary school"}, {Code: "D4", Name: "校舍", En: "School or university"},
	{Code: "D5", Name: "補教托育", En: "Cram school and day care"}, {Code: "E", Name: "宗教、殯葬類", En: "Religion and funerals"},
	{Code: "F1", Name: "醫療照護", En: "Medical care"}, {Code: "F2", Name: "社會福利", En: "Social welfare"},
	{Code: "F3", Name: "兒童福利", En: "Child welfare"}, {Code: "F4", Name: "戒護場所", En: "Custody"},
	{Code: "G1", Name: "金融證券", En: "Finance"}, {Code: "G2", Name: "辦公場所", En: "Office"},
	{Code: "G3", Name: "店舖診所", En: "Shop and clinic"}, {Code: "H1", Name: "宿舍安養", En: "Dormitory and residential care"},
	{Code: "H2", Name: "住宅", En: "Dwelling"}, {Code: "I", Name: "危險物品類", En: "Dangerous goods"},
})

// structures are the kinds of structure (構造種類) with the codes of 臺南市 (the Ministry's table STU).
var structures = coded([]taiwan.Coded{
	{Code: "10", Name: "鋼筋混凝土造", En: "Reinforced concrete"}, {Code: "11", Name: "預鑄鋼筋混凝土造", En: "Precast reinforced concrete"},
	{Code: "12", Name: "鋼筋混凝土加強磚造", En: "Reinforced concrete with confined brick"}, {Code: "13", Name: "混凝土造", En: "Plain concrete"},
	{Code: "20", Name: "鋼骨鋼筋混凝土造", En: "Steel reinforced concrete"}, {Code: "30", Name: "鋼骨造", En: "Steel frame"},
	{Code: "31", Name: "鋼鐵造（有牆）", En: "Iron and steel, walled"}, {Code: "32", Name: "鋼鐵造（無牆）", En: "Iron and steel, open"},
	{Code: "33", Name: "輕鋼架造", En: "Light steel frame"}, {Code: "34", Name: "鋼骨造（有牆）", En: "Steel frame, walled"},
	{Code: "38", Name: "鋼骨造（無牆）", En: "Steel frame, open"}, {Code: "40", Name: "加強磚造", En: "Confined brick"},
	{Code: "41", Name: "磚造", En: "Brick"}, {Code: "42", Name: "磚石造", En: "Brick and stone"}, {Code: "43", Name: "磚木造", En: "Brick and timber"},
	{Code: "50", Name: "木造", En: "Timber"}, {Code: "60", Name: "冷軋型鋼構造", En: "Cold-formed steel"}, {Code: "71", Name: "鐵骨造", En: "Iron frame"},
	{Code: "90", Name: "詳雜項工作物概要表", En: "See the summary of miscellaneous works"},
})

// zones are the land-use zones (土地使用分區). Where the code of 臺南市 is known it is the value; the other zones of
// 都市計畫法臺灣省施行細則 and of 區域計畫法施行細則 stand by name until the authority loads its table.
var zones = []permit.Option{
	opt("0100", "0100 住宅區", "0100 Residential zone"), opt("0101", "0101 第一種住宅區", "0101 Residential zone 1"),
	opt("0200", "0200 商業區", "0200 Commercial zone"), opt("0202", "0202 第二種商業區", "0202 Commercial zone 2"),
	opt("工業區", "工業區", "Industrial zone"), opt("行政區", "行政區", "Administrative zone"), opt("文教區", "文教區", "Cultural and educational zone"),
	opt("風景區", "風景區", "Scenic zone"), opt("保存區", "保存區", "Preservation zone"), opt("保護區", "保護區", "Protection zone"),
	opt("農業區", "農業區", "Agricultural zone"), opt("公共設施用地", "公共設施用地", "Public facility land"),
	opt("特定農業區", "非都市：特定農業區", "Non-urban: special agricultural zone"), opt("一般農業區", "非都市：一般農業區", "Non-urban: general agricultural zone"),
	opt("鄉村區", "非都市：鄉村區", "Non-urban: rural zone"), opt("山坡地保育區", "非都市：山坡地保育區", "Non-urban: hillside conservation zone"),
	opt("其他", "其他", "Other"),
}

// Parking by the four columns of the form (停車方式 × 車種 × 設置 × 位置).
var (
	parkingWays = coded([]taiwan.Coded{
		{Code: "1", Name: "平面", En: "On the flat"}, {Code: "2", Name: "機械", En: "Mechanical"}, {Code: "3", Name: "停車塔", En: "Parking tower"},
	})
	vehicles = coded([]taiwan.Coded{
		{Code: "1", Name: "小型車", En: "Car"}, {Code: "2", Name: "機車", En: "Motorcycle"}, {Code: "3", Name: "裝卸位", En: "Loading bay"}, {Code: "4", Name: "大型車", En: "Large vehicle"},
	})
	provisions = coded([]taiwan.Coded{
		{Code: "1", Name: "法定", En: "Required by law"}, {Code: "2", Name: "自設", En: "Voluntary"}, {Code: "3", Name: "獎勵", En: "For a bonus"},
	})
	parkingPlaces = []permit.Option{
		opt("in-above", "室內地上", "Indoors, above ground"), opt("in-below", "室內地下", "Indoors, underground"), opt("out", "室外", "Outdoors"),
	}
)

// levels are the kinds of floor of A11-4; with the number of the floor they make the Ministry's code (U0010, D0010, …).
var levels = []permit.Option{
	opt("U", "地上層", "Floor above ground"), opt("D", "地下層", "Floor underground"), opt("M", "夾層", "Mezzanine"),
	opt("V", "屋頂突出物", "Roof structure"), opt("A", "騎樓", "Arcade"),
}

// exemptions are the articles under which no architect is needed (免建築師).
var exemptions = []permit.Option{
	opt("16", "建築法第16條：造價或規模在規定標準以下", "Building Act §16: cost or size below the set standard"),
	opt("19", "建築法第19條：選用標準建築圖樣", "Building Act §19: a standard design was chosen"),
}

// specials are the circumstances that call for more papers. One question, ticked where it applies.
var specials = []permit.Option{
	opt("slope", "基地在山坡地", "The site is on hillside land"),
	opt("sensitive", "基地在地質敏感區", "The site is in a geologically sensitive area"),
	opt("indigenous", "基地在原住民保留地", "The site is on land reserved for indigenous peoples"),
	opt("eia", "應實施環境影響評估", "An environmental impact assessment is required"),
	opt("design-review", "應辦理都市設計審議", "An urban design review is required"),
	opt("demolition", "併案拆除原有建築物", "Buildings on the site are demolished under this case"),
	opt("misc-first", "已先領雜項執照施作雜項工作物", "Miscellaneous works were built first under their own licence"),
	opt("party-wall", "使用共同壁", "A party wall is used"),
	opt("accessible", "公共建築物，應設無障礙設施", "A public building that must be accessible"),
	opt("green", "適用綠建築專章", "The green-building chapter applies"),
	opt("rainwater", "應設雨水貯留或滯洪設施", "Rainwater storage or detention is required"),
	opt("sewer", "應接公共污水下水道或設專用下水道", "A sewer connection or a private sewer is required"),
	opt("fire", "應經消防機關審查圖說", "The fire authority must review the drawings"),
	opt("fit-out", "併案申請室內裝修", "Interior works are part of this case"),
	opt("open-space", "設開放空間並適用獎勵", "Open space is provided for a bonus"),
	opt("farmhouse-single", "個別興建農舍", "A single farmhouse"),
	opt("farmhouse-cluster", "集村興建農舍", "Farmhouses in a cluster"),
}

// The Ministry's tables that stand in package taiwan, as choices.
var (
	certItems = coded(taiwan.CertItems)
	branches  = coded(taiwan.Branches)
	fullTime  = coded(taiwan.FullTimeEngineers)
)

// technicians are the two kinds of interior technician (專業設計技術人員, 專業施工技術人員).
var technicians = []permit.Option{
	opt("design", "專業設計技術人員", "Design technician"), opt("works", "專業施工技術人員", "Works technician"),
}
