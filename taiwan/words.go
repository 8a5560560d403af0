package taiwan

import "strings"

// LicenceWord is a word that stands before 字第 on an architect's practice licence, with the Ministry's code and the
// municipality that issues it ("" where the word is not tied to one place).
type LicenceWord struct {
	Code, Word   string
	Municipality string // code of the Ministry of the Interior, such as 67000
}

// LicenceWords lists the words of the Ministry's table of 2019. Words made after the mergers of 2010 and 2014 are not in
// it; a reader of licences takes any word.
var LicenceWords = []LicenceWord{
	{"001", "建開證", ""}, {"002", "工師業", ""}, {"003", "建開證乙", ""}, {"004", "工師甲", ""}, {"005", "工師乙", ""},
	{"006", "工程業", ""}, {"007", "工師業", ""}, {"008", "建開業", ""}, {"009", "建證字", ""}, {"010", "閩二建", ""},
	{"011", "台工登", ""},
	{"100", "高建開證", "64000"}, {"101", "工師業", "63000"}, {"102", "基市建開證", "10017"}, {"103", "宜建開證", "10002"},
	{"104", "北縣建開證", "65000"}, {"105", "桃縣建開證", "68000"}, {"106", "竹市建開證", "10018"},
	{"107", "竹縣建開證", "10004"}, {"108", "苗建開證", "10005"}, {"109", "中市建開證", "66000"},
	{"110", "中縣開業證", "66000"}, {"111", "彰縣建開證", "10007"}, {"112", "投縣建開證", "10008"},
	{"113", "雲縣建開證", "10009"}, {"114", "嘉市建開證", "10020"}, {"115", "嘉縣建開證", "10010"},
	{"116", "南市建開證", "67000"}, {"117", "南縣建開證", "67000"}, {"118", "高縣建開證", "64000"},
	{"119", "屏縣建開證", "10013"}, {"120", "花縣建開證", "10015"}, {"121", "東縣建開證", "10014"},
	{"122", "澎縣建開證", "10016"}, {"123", "連建開證", "09007"}, {"124", "閩二建開證", "09020"},
}

// WordsNamed are the entries of LicenceWords written word; 工師業 has three. 台 and 臺 are the same.
func WordsNamed(word string) []LicenceWord {
	var found []LicenceWord
	for _, w := range LicenceWords {
		if sameHan(w.Word, word) {
			found = append(found, w)
		}
	}
	return found
}

// sameHan compares two words in which 台 and 臺 count as one.
func sameHan(a, b string) bool {
	return strings.ReplaceAll(a, "台", "臺") == strings.ReplaceAll(b, "台", "臺")
}

// Coded is one line of a small table of the Ministry.
type Coded struct{ Code, Name, En string }

// Branches are the branches of engineering (技師科別) whose engineers may certify buildings.
var Branches = []Coded{
	{"01", "土木工程", "Civil engineering"}, {"02", "結構工程", "Structural engineering"},
	{"03", "應用地質", "Applied geology"}, {"04", "大地", "Geotechnical engineering"},
	{"05", "電機", "Electrical engineering"}, {"06", "冷凍空調", "Refrigeration and air conditioning"},
	{"07", "環境工程", "Environmental engineering"}, {"08", "水土保持", "Soil and water conservation"},
	{"09", "測量", "Surveying"},
}

// CertItems are the things an engineer certifies (簽證項目).
var CertItems = []Coded{
	{"1", "結構設計", "Structural design"}, {"2", "地基調查", "Foundation investigation"},
	{"3", "電氣設計", "Electrical design"}, {"4", "空調設計", "Air-conditioning design"},
	{"5", "生活汙水", "Domestic sewage"}, {"6", "現況測量", "Survey of the present state"},
}

// FullTimeEngineers are the kinds of full-time engineer a contractor employs (專任工程人員種類).
var FullTimeEngineers = []Coded{
	{"1", "主任技師", "Chief engineer"}, {"2", "主任建築師", "Chief architect"}, {"3", "主任技師及主任建築師", "Chief engineer and chief architect"},
}

// CodedBy finds the line of table whose code or name is s; 技師 after the name of a branch may stand or not.
func CodedBy(table []Coded, s string) (Coded, bool) {
	s = Fold(s)
	for _, c := range table {
		if c.Code == s || c.Name == s || c.Name == strings.TrimSuffix(s, "技師") || strings.TrimSuffix(c.Name, "工程") == strings.TrimSuffix(s, "技師") {
			return c, true
		}
	}
	return Coded{}, false
}
