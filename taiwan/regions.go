package taiwan

import (
	"strings"

	"cloudbm/say"
)

// Municipality is one of the 22 municipalities and counties (直轄市、縣、市).
type Municipality struct {
	Code     string // of the Ministry of the Interior: 67000
	Name     string
	En       string
	CPAMI    string // code in building administration: IF0
	Letter   string // letter on practice licences: T. Not the letter of household registration
	IDLetter string // letter on national IDs: D
	Special  bool   // 直轄市
	Former   Former // the county it was merged with in 2010, if any
}

// Former is a county that went into a municipality; its letter and word live on in licences.
type Former struct{ Name, CPAMI, Letter, IDLetter string }

// Text is the name in both languages.
func (m Municipality) Text() say.Text { return say.T(m.Name, m.En) }

// Word is the word its practice licences carry, "" if the list ties none to it.
func (m Municipality) Word() string {
	for _, w := range LicenceWords {
		if w.Municipality == m.Code {
			return w.Word
		}
	}
	return ""
}

// Municipalities lists all 22, special municipalities first, in the order of the Ministry's codes.
var Municipalities = []Municipality{
	{Code: "63000", Name: "臺北市", En: "Taipei City", CPAMI: "G00", Letter: "B", IDLetter: "A", Special: true},
	{Code: "64000", Name: "高雄市", En: "Kaohsiung City", CPAMI: "H00", Letter: "C", IDLetter: "E", Special: true, Former: Former{"高雄縣", "IH0", "V", "S"}},
	{Code: "65000", Name: "新北市", En: "New Taipei City", CPAMI: "I30", Letter: "H", IDLetter: "F", Special: true},
	{Code: "66000", Name: "臺中市", En: "Taichung City", CPAMI: "I80", Letter: "M", IDLetter: "B", Special: true, Former: Former{"臺中縣", "I90", "N", "L"}},
	{Code: "67000", Name: "臺南市", En: "Tainan City", CPAMI: "IF0", Letter: "T", IDLetter: "D", Special: true, Former: Former{"臺南縣", "IG0", "U", "R"}},
	{Code: "68000", Name: "桃園市", En: "Taoyuan City", CPAMI: "I40", Letter: "I", IDLetter: "H", Special: true},
	{Code: "10002", Name: "宜蘭縣", En: "Yilan County", CPAMI: "I20", Letter: "G", IDLetter: "G"},
	{Code: "10004", Name: "新竹縣", En: "Hsinchu County", CPAMI: "I60", Letter: "K", IDLetter: "J"},
	{Code: "10005", Name: "苗栗縣", En: "Miaoli County", CPAMI: "I70", Letter: "L", IDLetter: "K"},
	{Code: "10007", Name: "彰化縣", En: "Changhua County", CPAMI: "IA0", Letter: "O", IDLetter: "N"},
	{Code: "10008", Name: "南投縣", En: "Nantou County", CPAMI: "IB0", Letter: "P", IDLetter: "M"},
	{Code: "10009", Name: "雲林縣", En: "Yunlin County", CPAMI: "IC0", Letter: "Q", IDLetter: "P"},
	{Code: "10010", Name: "嘉義縣", En: "Chiayi County", CPAMI: "IE0", Letter: "S", IDLetter: "Q"},
	{Code: "10013", Name: "屏東縣", En: "Pingtung County", CPAMI: "II0", Letter: "W", IDLetter: "T"},
	{Code: "10014", Name: "臺東縣", En: "Taitung County", CPAMI: "IK0", Letter: "Y", IDLetter: "V"},
	{Code: "10015", Name: "花蓮縣", En: "Hualien County", CPAMI: "IJ0", Letter: "X", IDLetter: "U"},
	{Code: "10016", Name: "澎湖縣", En: "Penghu County", CPAMI: "IL0", Letter: "Z", IDLetter: "X"},
	{Code: "10017", Name: "基隆市", En: "Keelung City", CPAMI: "I10", Letter: "F", IDLetter: "C"},
	{Code: "10018", Name: "新竹市", En: "Hsinchu City", CPAMI: "I50", Letter: "J", IDLetter: "O"},
	{Code: "10020", Name: "嘉義市", En: "Chiayi City", CPAMI: "ID0", Letter: "R", IDLetter: "I"},
	{Code: "09007", Name: "連江縣", En: "Lienchiang County", CPAMI: "J10", Letter: "E", IDLetter: "Z"},
	{Code: "09020", Name: "金門縣", En: "Kinmen County", CPAMI: "J20", Letter: "D", IDLetter: "W"},
}

// MunicipalityByCode finds one by the Ministry of the Interior's code or the code of building administration.
func MunicipalityByCode(code string) (Municipality, bool) {
	return municipality(func(m Municipality) bool {
		return m.Code == code || m.CPAMI == code || code != "" && m.Former.CPAMI == code
	})
}

// MunicipalityByLetter finds the one whose practice licences bear the letter; a former county's leads to its successor.
func MunicipalityByLetter(letter string) (Municipality, bool) {
	return municipality(func(m Municipality) bool { return letter != "" && (m.Letter == letter || m.Former.Letter == letter) })
}

// MunicipalityNamed finds one by its name, 台 or 臺, today's or a former county's.
func MunicipalityNamed(name string) (Municipality, bool) {
	name = Fold(name)
	return municipality(func(m Municipality) bool {
		return sameHan(m.Name, name) || m.Former.Name != "" && sameHan(m.Former.Name, name)
	})
}

func municipality(is func(Municipality) bool) (Municipality, bool) {
	for _, m := range Municipalities {
		if is(m) {
			return m, true
		}
	}
	return Municipality{}, false
}

// District is a district of 臺南市.
type District struct {
	Code string // of the Ministry of the Interior: 67000320
	Name string
	En   string
	Post string // three digits
	Key  string // land office (two letters) and number, the key of older land tables: DC01
}

// Text is the name in both languages.
func (d District) Text() say.Text { return say.T(d.Name, d.En+" District") }

// LandOffice is the land office (地政事務所) that keeps the register of the district.
func (d District) LandOffice() Coded {
	for _, o := range LandOffices {
		if strings.HasPrefix(d.Key, o.Code) {
			return o
		}
	}
	return Coded{}
}

// LandOffices are the land offices of 臺南市.
var LandOffices = []Coded{
	{"DA", "臺南地政事務所", "Tainan Land Office"}, {"DB", "安南地政事務所", "Annan Land Office"},
	{"DC", "東南地政事務所", "Dongnan Land Office"}, {"RA", "鹽水地政事務所", "Yanshui Land Office"},
	{"RB", "白河地政事務所", "Baihe Land Office"}, {"RC", "麻豆地政事務所", "Madou Land Office"},
	{"RD", "佳里地政事務所", "Jiali Land Office"}, {"RE", "新化地政事務所", "Xinhua Land Office"},
	{"RF", "歸仁地政事務所", "Guiren Land Office"}, {"RG", "玉井地政事務所", "Yujing Land Office"},
	{"RH", "永康地政事務所", "Yongkang Land Office"},
}

// Districts lists the 37 districts of 臺南市 in the order of their codes.
var Districts = []District{
	{"67000010", "新營區", "Xinying", "730", "RA01"}, {"67000020", "鹽水區", "Yanshui", "737", "RA02"},
	{"67000030", "白河區", "Baihe", "732", "RB03"}, {"67000040", "柳營區", "Liuying", "736", "RA04"},
	{"67000050", "後壁區", "Houbi", "731", "RB05"}, {"67000060", "東山區", "Dongshan", "733", "RB06"},
	{"67000070", "麻豆區", "Madou", "721", "RC07"}, {"67000080", "下營區", "Xiaying", "735", "RC08"},
	{"67000090", "六甲區", "Liujia", "734", "RC09"}, {"67000100", "官田區", "Guantian", "720", "RC10"},
	{"67000110", "大內區", "Danei", "742", "RC11"}, {"67000120", "佳里區", "Jiali", "722", "RD12"},
	{"67000130", "學甲區", "Xuejia", "726", "RD17"}, {"67000140", "西港區", "Xigang", "723", "RD13"},
	{"67000150", "七股區", "Qigu", "724", "RD14"}, {"67000160", "將軍區", "Jiangjun", "725", "RD15"},
	{"67000170", "北門區", "Beimen", "727", "RD16"}, {"67000180", "新化區", "Xinhua", "712", "RE18"},
	{"67000190", "善化區", "Shanhua", "741", "RE19"}, {"67000200", "新市區", "Xinshi", "744", "RE20"},
	{"67000210", "安定區", "Anding", "745", "RE21"}, {"67000220", "山上區", "Shanshang", "743", "RE22"},
	{"67000230", "玉井區", "Yujing", "714", "RG23"}, {"67000240", "楠西區", "Nanxi", "715", "RG24"},
	{"67000250", "南化區", "Nanhua", "716", "RG25"}, {"67000260", "左鎮區", "Zuozhen", "713", "RE26"},
	{"67000270", "仁德區", "Rende", "717", "RF27"}, {"67000280", "歸仁區", "Guiren", "711", "RF28"},
	{"67000290", "關廟區", "Guanmiao", "718", "RF29"}, {"67000300", "龍崎區", "Longqi", "719", "RF30"},
	{"67000310", "永康區", "Yongkang", "710", "RH31"}, {"67000320", "東區", "East", "701", "DC01"},
	{"67000330", "南區", "South", "702", "DC02"}, {"67000340", "北區", "North", "704", "DA04"},
	{"67000350", "安南區", "Annan", "709", "DB06"}, {"67000360", "安平區", "Anping", "708", "DA07"},
	{"67000370", "中西區", "West Central", "700", "DA08"},
}

// DistrictBy finds a district of 臺南市 by its code, its three-digit postcode, its land-office key or its name.
func DistrictBy(s string) (District, bool) {
	s = Fold(s)
	for _, d := range Districts {
		if s != "" && (s == d.Code || s == d.Post || s == d.Key || s == d.Name || s == strings.TrimSuffix(d.Name, "區")) {
			return d, true
		}
	}
	return District{}, false
}
