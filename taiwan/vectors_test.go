package taiwan_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"cloudbm/fault"
	"cloudbm/taiwan"
)

// reads holds one reader to a table: input → canonical value, "" for a refusal.
func reads(t *testing.T, name string, read func(string) (string, error), table map[string]string) {
	t.Helper()
	for in, want := range table {
		got, err := read(in)
		if want == "" {
			if err == nil {
				t.Errorf("%s(%q) = %q, want a refusal", name, in, got)
			} else {
				refusal(t, name+"("+in+")", err)
			}
			continue
		}
		if err != nil || got != want {
			t.Errorf("%s(%q) = %q, %v, want %q", name, in, got, err, want)
		}
	}
}

// refusal checks that err is a sentence in both languages that names no field.
func refusal(t *testing.T, what string, err error) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Invalid || f.Message.Zh == "" || f.Message.En == "" || len(f.Places) != 0 {
		t.Errorf("%s: %#v is not an Invalid fault in two languages without places", what, err)
	}
}

func TestPersonIDVectors(t *testing.T) {
	reads(t, "PersonID", taiwan.PersonID, map[string]string{
		"A123456789": "A123456789", "R123456783": "R123456783", "D123000011": "D123000011", "W123000116": "W123000116",
		"I123000127": "I123000127", "O223000139": "O223000139", "a123456789": "A123456789", "Ａ１２３４５６７８９": "A123456789",
		"D800000017": "D800000017", "A900000025": "A900000025", "DC00000015": "DC00000015", "RB76543215": "RB76543215",
		"D223000022": "D223000022", "R123000030": "R123000030", "R223000041": "R223000041", "A123000054": "A123000054",
		"B223000066": "B223000066", "E123000076": "E123000076", "F223000088": "F223000088", "T123000096": "T123000096",
		"U223000106": "U223000106", " d123-000-011 ": "D123000011",
		"R123456789": "", "A123456788": "", "A323456789": "", "A12345678": "", "1A23456789": "", "DC00000016": "",
		"D123000012": "", "D323000011": "", "D12300001": "", "": "", "D1230000111": "", "ＤＣ０００００００１６": "", "身分證": "",
	})
	reads(t, "PersonIDStrict", taiwan.PersonIDStrict, map[string]string{
		"A123456789": "", "A223456781": "", "A100000001": "", "A200000003": "", "R123456783": "", "D123000011": "D123000011", "DC00000015": "DC00000015",
	})
	reads(t, "new numbers only", taiwan.IDRules{}.PersonID, map[string]string{"DC00000015": "", "D800000017": "D800000017"})
	reads(t, "manual's sample", taiwan.IDRules{ManualSample: true}.PersonID, map[string]string{"r123456789": "R123456789", "R123456788": ""})
}

func TestMaskID(t *testing.T) {
	for in, want := range map[string]string{"D123000011": "D12*****11", "R123456789": "R12*****89", "": "", "D12": "***", "D12300": "******"} {
		if got := taiwan.MaskID(in); got != want {
			t.Errorf("MaskID(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCompanyIDVectors(t *testing.T) {
	reads(t, "CompanyID", taiwan.CompanyID, map[string]string{
		"90010009": "90010009", "90010036": "90010036", "90010004": "90010004", "90010031": "90010031", "90010079": "90010079",
		"90010078": "90010078", "90010073": "90010073", "９００１０００９": "90010009", "9001 0009": "90010009", "9001-0009": "90010009",
		"90010001": "", "90010070": "", "12345678": "", "00000000": "", "11111111": "", "9001000": "", "9001000A": "", "": "", "900100090": "",
	})
}

func TestArchitectLicenceVectors(t *testing.T) {
	for _, v := range []struct{ line, code, letter, number, branch, spaced string }{
		{"南市建開證字第T000101號", "116", "T", "000101", "", "南市建開證 字第 T000101 號"},
		{"南市建開證字第T000102-01號", "116", "T", "000102", "01", "南市建開證 字第 T000102-01 號"},
		{"南縣建開證字第U000203號", "117", "U", "000203", "", "南縣建開證 字第 U000203 號"},
		{"建開證字第B000404號", "001", "B", "000404", "", "建開證 字第 B000404 號"},
		{"中市建開證字第M000505-02號", "109", "M", "000505", "02", "中市建開證 字第 M000505-02 號"},
		{"南市建開證字第T123456-01號", "116", "T", "123456", "01", "南市建開證 字第 T123456-01 號"},
		{"工師業字第B000123號", "101", "B", "000123", "", "工師業 字第 B000123 號"},
	} {
		l, err := taiwan.ParseArchitectLicence(v.line)
		if err != nil {
			t.Errorf("%s: %v", v.line, err)
			continue
		}
		if l.Code() != v.code || l.Letter != v.letter || l.Number != v.number || l.Branch != v.branch || l.String() != v.line || l.Spaced() != v.spaced {
			t.Errorf("%s: %+v, code %s, %s, %s", v.line, l, l.Code(), l, l.Spaced())
		}
		if number := (taiwan.ArchitectLicence{Letter: l.Letter, Number: l.Number, Branch: l.Branch}); number.Spaced() != l.NumberText() || number.Code() != "" {
			t.Errorf("%s without its word: %s, code %q", v.line, number.Spaced(), number.Code())
		}
		if w := l.Warnings(); len(w) != 0 {
			t.Errorf("%s: warnings %v", v.line, w)
		}
	}
	for line, hint := range map[string]string{
		"南市建開證字第123456號":    "補上英文字母：證號請填寫完整六碼(包含英文)",
		"T12345678":         "核對證號：後面英文+6位數字 -01(聯合事務所的支號)",
		"t-123":             "核對證號：後面英文+6位數字 -01(聯合事務所的支號)",
		"T1234501":          "核對證號：後面英文+6位數字 -01(聯合事務所的支號)",
		"南市建開證字第T123456-1號": "輸入兩位數的支號，例如 -01(聯合事務所的支號)",
		"T123456-001":       "輸入兩位數的支號，例如 -01(聯合事務所的支號)",
		"":                  "輸入開業證書字號，例如 T123456-01",
		"南市建開證":             "輸入開業證書字號，例如 T123456-01",
		"TOOO1O1":           "把英文 O、I、L 改成數字，例如 T100101",
		"南市建開證字第TOO0101號":   "把英文 O、I、L 改成數字，例如 T100101",
		"AT123456":          "輸入證書上的字、一個英文字母和數字，例如 南市建開證字第T123456號",
	} {
		_, err := taiwan.ParseArchitectLicence(line)
		if err == nil || err.Error() != hint {
			t.Errorf("%q: %v, want %q", line, err, hint)
		}
	}
	reads(t, "ArchitectCertificate", taiwan.ArchitectCertificate, map[string]string{
		"0101": "0101", "０１０２": "0102", " 2031 ": "2031", "123456": "123456", "12345": "12345", "第1234號": "", "建證字第1234號": "", "123": "", "1234567": "", "": "", "12a4": "",
	})
	if _, err := taiwan.ArchitectCertificate("第1234號"); err.Error() != "建築師證號只要填四個數字，其他文字都不要打" {
		t.Error(err)
	}
}

func TestArchitectLicenceWarnings(t *testing.T) {
	for line, want := range map[string]int{
		"南市建開證字第U123456號": 0, "南縣建開證字第T123456號": 0, "南市建開證字第M123456號": 1, "中縣開業證字第N000001號": 0, "工師業字第T000001號": 0,
		"高雄新字第C000001號": 1, "建開證字第A000001號": 1, "T123456": 0, "台工登字第T000001號": 0, "建證字第T000001號": 0,
	} {
		l, err := taiwan.ParseArchitectLicence(line)
		if err != nil {
			t.Errorf("%s: %v", line, err)
		} else if got := l.Warnings(); len(got) != want {
			t.Errorf("%s: %v, want %d", line, got, want)
		}
	}
	if len(taiwan.LicenceWords) != 36 {
		t.Errorf("%d licence words, want 36", len(taiwan.LicenceWords))
	}
}

func text[T interface{ String() string }](parse func(string) (T, error)) func(string) (string, error) {
	return func(s string) (string, error) {
		v, err := parse(s)
		if err != nil {
			return "", err
		}
		return v.String(), nil
	}
}

func TestOtherLicenceVectors(t *testing.T) {
	reads(t, "ParseEngineerLicence", text(taiwan.ParseEngineerLicence), map[string]string{
		"技執字第00123號": "技執字第00123號", "技執字第004567號": "技執字第004567號", "技執 字第 00123 號": "技執字第00123號", "００１２３": "技執字第00123號",
		"技執00123": "技執字第00123號", "執業執照號碼：技執字第00123號": "技執字第00123號", "(技執)字第00123号": "技執字第00123號", "技執-004567": "技執字第004567號",
		"": "", "123": "", "技執字第0012號": "", "技執字第1234567號": "", "ABC00123": "", "技執字第": "",
	})
	reads(t, "PermitNumber", taiwan.PermitNumber, map[string]string{
		"內授營建管字第1110000001號": "內授營建管字第1110000001號", "內授營建管字第1110000002號": "內授營建管字第1110000002號", "123456789 號": "123456789",
		"內授營建管 1110000001": "內授營建管字第1110000001號", "內政部111年1月1日內授營建管字第1110000001號函": "內授營建管字第1110000001號",
		"內政部許可文號：內授營建管字第 1110000001 號": "內授營建管字第1110000001號", "臺內營字第0930000001號": "台內營字第0930000001號",
		"台內營字第0930000001號": "台內營字第0930000001號", "１１１０００００01": "1110000001", "內授營建管字１１１０００００01號": "內授營建管字第1110000001號",
		"": "", "12345": "", "內授營建管字第號": "", "1234567890123": "", "ABC字第1110000001號": "",
	})
	reads(t, "DecoratorLicence", taiwan.DecoratorLicence, map[string]string{
		"測室業字第000001號": "測室業字第000001號", " 測室業 字第 ０００００１ 號 ": "測室業字第000001號", "": "", "測室業": "",
		"測測測測測測測測測測測測測測測測測測測測測測測測測測測測測測測測測測測測測測測測1": "",
	})
	for line, want := range map[string]taiwan.ContractorLicence{
		"12345":              {Text: "12345", Number: "12345"},
		"綜甲字第T00001-000號":    {Text: "綜甲字第T00001-000號", Class: "綜", Grade: "甲", Number: "T00001", Suffix: "000"},
		"甲級綜合營造業 t00001-001": {Text: "甲級綜合營造業T00001-001", Class: "綜", Grade: "甲", Number: "T00001", Suffix: "001"},
		"土木包工業 字第00321號":     {Text: "土木包工業字第00321號", Class: "土", Number: "00321"},
	} {
		if got, err := taiwan.ParseContractorLicence(line); err != nil || got != want {
			t.Errorf("%s: %+v, %v", line, got, err)
		}
	}
	if _, err := taiwan.ParseContractorLicence(" "); err == nil {
		t.Error("an empty contractor licence passed")
	}
	reads(t, "ParseLicenceNumber", text(taiwan.ParseLicenceNumber), map[string]string{
		"(112)南工造字第00823號": "(112)南工造字第00823號", "（１１２）南工造字第823號": "(112)南工造字第00823號", "112南工造00823": "(112)南工造字第00823號",
		"(112) 南工造 字第 00823 號": "(112)南工造字第00823號", "(112)南工造字第00823-01號": "(112)南工造字第00823-01號", "(112)南工造字第00823號-01號": "(112)南工造字第00823-01號",
		"(112)南工造字第00823號之1": "(112)南工造字第00823-01號", "(99)府建管(使)字第00070號": "(99)府建管(使)字第00070號", "112年南工使字第00001號": "(112)南工使字第00001號",
		"民國112年度南工雜字第5號": "(112)南工雜字第00005號", "": "", "00823": "", "南工造字第00823號": "", "(112)字第00823號": "", "(112)南工造字第號": "", "(112)南工造字第00000號": "",
	})
	for line, kind := range map[string]string{"(112)南工造字第00823號": "造", "(99)府建管(使)字第00070號": "使", "(112)南工雜字第00823號": "雜", "(100)南工拆字第1號": "拆", "(100)南工字第1號": ""} {
		if l, err := taiwan.ParseLicenceNumber(line); err != nil || l.Kind() != kind {
			t.Errorf("%s: kind %q, %v", line, l.Kind(), err)
		}
	}
	if l, err := taiwan.ParseEngineerLicence("技執00123"); err != nil || l.Spaced() != "技執 字第 00123 號" {
		t.Errorf("%s, %v", l.Spaced(), err)
	}
	for s, want := range map[string]string{"結構技師": "02", "02": "02", "大地技師": "04", "土木": "01", "測量": "09", "電機技師": "05", "醫師": ""} {
		if c, _ := taiwan.CodedBy(taiwan.Branches, s); c.Code != want {
			t.Errorf("branch %s: %q, want %q", s, c.Code, want)
		}
	}
}

func TestDateVectors(t *testing.T) {
	iso := func(s string) (string, error) {
		d, err := taiwan.ParseDate(s)
		return d.ISO(), err
	}
	reads(t, "ParseDate", iso, map[string]string{
		"111-02-18": "2022-02-18", "1110404": "2022-04-04", "1130229": "2024-02-29", "0991231": "2010-12-31", "991231": "2010-12-31",
		"1000101": "2011-01-01", "110年12月28日": "2021-12-28", "2022/04/04 20:34:09": "2022-04-04", "111/2/18": "2022-02-18", "111.06.11": "2022-06-11",
		"2022-02-18": "2022-02-18", "060-03-05": "1971-03-05", "民國111年2月18日": "2022-02-18", "中華民國 111 年 2 月 18 日": "2022-02-18",
		"一百一十一年二月十八日": "2022-02-18", "一一一年二月十八日": "2022-02-18", "民國一〇五年十二月三十一日": "2016-12-31", "民國元年1月1日": "1912-01-01",
		"二〇二二年二月十八日": "2022-02-18", "西元2022年2月18日": "2022-02-18", "２０２２／０２／１８": "2022-02-18", "20220218": "2022-02-18",
		"111年2月18日（五）": "2022-02-18", "111.2.18 星期五": "2022-02-18", "111 2 18": "2022-02-18", "ROC 111/2/18": "2022-02-18",
		"1140229": "", "111-13-01": "", "111-00-01": "", "111-02-30": "", "111-2": "", "": "", "18/02/2022": "", "西元111年2月18日": "", "民國2022年2月18日": "",
		"1899-01-01": "", "000-01-01": "", "2500-01-01": "", "昨天": "", "111年2月18日（一）": "", "12345": "", "114-02-29": "",
	})
	d := taiwan.NewDate(2022, 2, 18)
	if d.ROC() != "111-02-18" || d.Long() != "111年2月18日" || d.Compact() != "1110218" || d.ISO() != "2022-02-18" || d.ROCYear() != 111 || d.Text().En != "18 February 2022" {
		t.Errorf("%s %s %s %s %v", d.ROC(), d.Long(), d.Compact(), d.ISO(), d.Text())
	}
	if y := taiwan.NewDate(2010, 12, 31); y.Compact() != "0991231" || y.Long() != "99年12月31日" {
		t.Errorf("%s %s", y.Compact(), y.Long())
	}
	moment, err := taiwan.ParseStamp("2022/04/04 20:34:09")
	if err != nil || moment.Format(time.RFC3339) != "2022-04-04T20:34:09+08:00" {
		t.Errorf("%v, %v", moment, err)
	}
	if got := taiwan.Stamp(moment.UTC()); got != "2022/04/04 20:34:09" {
		t.Error(got)
	}
	if got := taiwan.ROCStamp(moment.UTC()); got != "111年4月4日 20時34分09秒" {
		t.Error(got)
	}
	if got := taiwan.ROCMinute(moment); got != "111年4月4日 20時34分" {
		t.Error(got)
	}
	if got := taiwan.DateOf(time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC)); got.ROC() != "116-01-01" {
		t.Errorf("the year turns at midnight in Taipei: %s", got)
	}
	if late := taiwan.NewDate(2022, 3, 1); !d.Before(late) || !d.Before(d.AddDays(1)) || !d.Before(taiwan.NewDate(2023, 1, 1)) || d.String() != d.ROC() || !late.After(d) || d.DaysUntil(late) != 11 || late.DaysUntil(d) != -11 || d.AddDays(11) != late {
		t.Error("days do not compare")
	}
	packed, _ := json.Marshal(map[string]taiwan.Date{"d": d, "none": {}})
	var unpacked map[string]taiwan.Date
	if err := json.Unmarshal(packed, &unpacked); err != nil || string(packed) != `{"d":"2022-02-18","none":""}` || unpacked["d"] != d || !unpacked["none"].IsZero() {
		t.Errorf("%s comes back as %v, %v", packed, unpacked, err)
	}
	stamp := func(s string) (string, error) {
		moment, err := taiwan.ParseStamp(s)
		return taiwan.Stamp(moment), err
	}
	reads(t, "ParseStamp", stamp, map[string]string{
		"111-04-04 20:34": "2022/04/04 20:34:00", "111年4月4日 20時34分09秒": "2022/04/04 20:34:09", "2022-04-04T20:34:09": "2022/04/04 20:34:09", "111/4/4 ８：０５": "2022/04/04 08:05:00",
		"111-04-04": "", "111-04-31 20:34": "", "111-04-04 24:00": "", "111-04-04 12:60": "", "": "",
	})
	var zero taiwan.Date
	if zero.ROC() != "" || zero.Long() != "" || !zero.IsZero() || !zero.Text().Empty() {
		t.Error("the zero date is not empty")
	}
}

func TestContactVectors(t *testing.T) {
	reads(t, "Mobile", taiwan.Mobile, map[string]string{
		"0911123456": "0911123456", "0911-123-456": "0911123456", "+886911123456": "0911123456", "+886 911 123 456": "0911123456", "886-911-123456": "0911123456",
		"+886-0911-123456": "0911123456", "００８８６９１１１２３４５６": "0911123456", "（０９１１）１２３４５６": "0911123456", "手機：0911.123.456": "0911123456",
		"": "", "091112345": "", "09111234567": "", "911123456": "", "0611123456": "", "0911123456#1": "", "+819011112222": "", "0911abc456": "",
	})
	reads(t, "Phone", taiwan.Phone, map[string]string{
		"06-6322231#6390": "06-6322231#6390", "(02)6630-0237": "02-66300237", "(02)21927111": "02-21927111", "0911123456": "0911123456", "06 632 2231 分機 6390": "06-6322231#6390",
		"066322231轉6390": "06-6322231#6390", "+886-6-6322231 ext. 6390": "06-6322231#6390", "０６－６３２２２３１＃６３９０": "06-6322231#6390", "037-123456": "037-123456",
		"049-2222222": "049-2222222", "0826-66600": "0826-66600", "0836-22222": "0836-22222", "082-322222": "082-322222", "089-322222": "089-322222", "08-7322222": "08-7322222",
		"04-22222222": "04-22222222", "04-7222222": "04-7222222", "0800-012345": "0800-012345", "電話：(06)6322231": "06-6322231", "TEL 06-6322231 x12": "06-6322231#12",
		"6322231": "", "06-632223": "", "06-63222311": "", "06-6322231#1234567": "", "06-6322231、06-6322232": "", "": "", "0911123456#12": "", "+1 415 555 0100": "", "電話": "", "01-2345678": "",
	})
	reads(t, "Email", taiwan.Email, map[string]string{
		"p1@example.test": "p1@example.test", " P1@Example.TEST ": "P1@example.test", "mailto:a.b+c@x.example.test": "a.b+c@x.example.test", "<p1@example.test>": "p1@example.test",
		"ｐ１＠example.test": "p1@example.test", "": "", "p1": "", "p1@": "", "@example.test": "", "p1@example": "", "a..b@example.test": "", "p1@exa mple.test": "", "p1@a@b.test": "", "p1@-a.test": "", "王@example.test": "",
	})
	reads(t, "Postcode", taiwan.Postcode, map[string]string{"708": "708", "708-001": "708001", "70801": "70801", "７０８": "708", "郵遞區號 708": "708", "": "", "70": "", "7080": "", "099": "", "990": "", "abc": ""})
	reads(t, "PersonName", taiwan.PersonName, map[string]string{
		"測試甲": "測試甲", "  測試　甲 ": "測試 甲", "𠮷𡘙㛢": "𠮷𡘙㛢", "巴奈・庫穗": "巴奈・庫穗", "測試‧乙": "測試‧乙", "Anne-Marie O’Test": "Anne-Marie O’Test", "e\u0301": "\u00e9", "測試營造有限公司": "測試營造有限公司",
		"\U000323B0": "\U000323B0", "": "", " ": "", "123": "", "測\u200b試": "", "測\u202e試": "", "測\x00試": "", "甲\uE000": "", "測試\u200f": "", "שלום": "", "測\ufeff試": "", "\xff甲": "",
	})
	for name, want := range map[string]bool{"測試甲": false, "Anne": false, "Аnne": true, "測試Anne": false, "⼀心": true} {
		if taiwan.LooksAlike(name) != want {
			t.Errorf("LooksAlike(%q) is %v", name, !want)
		}
	}
	long := ""
	for range taiwan.NameLimit {
		long += "𠮷"
	}
	if _, err := taiwan.PersonName(long); err != nil {
		t.Errorf("70 rare characters: %v", err)
	}
	if _, err := taiwan.PersonName(long + "𠮷"); err == nil {
		t.Error("71 characters passed")
	}
	if taiwan.NameKey("巴奈・庫穗") != taiwan.NameKey("巴奈‧庫 穗") || taiwan.NameKey("台南甲") != taiwan.NameKey("臺南甲") || taiwan.EmailKey("P1@Example.test") != taiwan.EmailKey("p1@example.TEST") {
		t.Error("keys of equal names differ")
	}
}

func TestLandVectors(t *testing.T) {
	reads(t, "ParseLandNumber", text(taiwan.ParseLandNumber), map[string]string{
		"875": "875", "875-1": "875-1", "08750001": "875-1", "08750000": "875", "123-4": "123-4", "01230004": "123-4", "８７５之１": "875-1", "875–1地號": "875-1", "875‐1": "875-1", "875號": "875",
		"地號：875-1": "875-1", "9001": "9001", "9100-12": "9100-12",
		"0-1": "", "12345": "", "12-34567": "", "875--1": "", "": "", "00000001": "", "-1": "", "875-": "", "875-1-2": "",
	})
	for in, code := range map[string]string{"9001": "90010000", "9001-1": "90010001", "9100-12": "91000012", "9200": "92000000", "9300-3": "93000003", "123": "01230000"} {
		l, err := taiwan.ParseLandNumber(in)
		if err != nil || l.Code() != code || l.Label() != in+"地號" {
			t.Errorf("%s: %s %s %v", in, l.Code(), l.Label(), err)
		}
	}
	reads(t, "ParseBuildingNumber", text(taiwan.ParseBuildingNumber), map[string]string{"123": "123", "123-4": "123-4", "00123004": "123-4", "12345-999建號": "12345-999", "123456": "", "0": "", "1-1234": "", "": ""})
	if b, _ := taiwan.ParseBuildingNumber("123-4"); b.Code() != "00123004" || b.Label() != "123-4建號" {
		t.Errorf("%s %s", b.Code(), b.Label())
	}
	reads(t, "SectionCode", taiwan.SectionCode, map[string]string{"0002": "0002", "２": "0002", "149": "0149", "": "", "0": "", "12345": "", "-1": "", "東": ""})
	east := taiwan.Parcel{District: "67000320", Section: "0003", Number: taiwan.LandNumber{Main: 9300, Sub: 3}}
	west := east
	west.District = "67000370"
	if east.Key() != "67000320-0003-93000003" || east.Key() == west.Key() {
		t.Errorf("%s and %s", east.Key(), west.Key())
	}
}

func TestTWD97Vectors(t *testing.T) {
	for _, v := range []struct {
		lat, lon float64
		zone     taiwan.MapZone
		e, n     float64
	}{
		{23, 121, taiwan.Zone121, 250000, 2544283.125},
		{23, 120, taiwan.Zone121, 147484.076, 2544632.705},
		{22.9917, 120.1851, taiwan.Zone121, 166455.663, 2543596.112},
		{25, 121.5, taiwan.Zone121, 300470.412, 2765870.634},
		{23.57, 119.57, taiwan.Zone119, 308184.431, 2607518.915},
	} {
		e, n := taiwan.ToTWD97(v.lat, v.lon, v.zone)
		if math.Abs(e-v.e) > 0.001 || math.Abs(n-v.n) > 0.001 {
			t.Errorf("%v, %v: %.3f %.3f, want %.3f %.3f", v.lat, v.lon, e, n, v.e, v.n)
		}
		lat, lon := taiwan.FromTWD97(e, n, v.zone)
		if math.Abs(lat-v.lat) > 1e-9 || math.Abs(lon-v.lon) > 1e-9 {
			t.Errorf("%v, %v comes back as %v, %v", v.lat, v.lon, lat, lon)
		}
	}
	if !taiwan.NearTainan(166455, 2543596) || taiwan.NearTainan(300470, 2765870) {
		t.Error("the box around 臺南市 is wrong")
	}
}
