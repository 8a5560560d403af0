package taiwan_test

import (
	"fmt"
	"testing"
	"unicode/utf8"

	"cloudbm/fault"
	"cloudbm/taiwan"
)

// settles fuzzes one reader: it never panics, what it refuses it refuses in words, and what it takes it takes again, the
// same, from its own canonical form.
func settles(f *testing.F, read func(string) (string, error), seeds ...string) {
	for _, s := range append(seeds, "", " ", "號", "第", "-", "１２３", "\u200b", "\xff", "A", "字第號", "()", "之", "一") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once, err := read(s)
		if err != nil {
			if refused, ok := fault.As(err); !ok || refused.Kind != fault.Invalid || refused.Message.Zh == "" || refused.Message.En == "" {
				t.Fatalf("%q: %v is not a refusal in two languages", s, err)
			}
			return
		}
		if !utf8.ValidString(once) {
			t.Fatalf("%q gives text that is not UTF-8", s)
		}
		if twice, err := read(once); err != nil || twice != once {
			t.Fatalf("%q gives %q, and that gives %q, %v", s, once, twice, err)
		}
	})
}

func FuzzArchitectLicence(f *testing.F) {
	settles(f, text(taiwan.ParseArchitectLicence), "南市建開證字第T123456-01號", "t12345601", "建證字字第B000001號", "開業證字號 南市建開證 字第 T 123456 之 01", "一T123456一01")
}

func FuzzDate(f *testing.F) {
	settles(f, func(s string) (string, error) {
		d, err := taiwan.ParseDate(s)
		if err != nil {
			return "", err
		}
		for _, spelled := range []string{d.Long(), d.Compact(), d.ISO(), "民國" + d.Long()} {
			if again, err := taiwan.ParseDate(spelled); err != nil || again != d {
				return "", fmt.Errorf("%q: %s, and %s gives %s, %v", s, d, spelled, again, err)
			}
		}
		return d.ROC(), nil
	}, "111-02-18", "1110218", "一百一十一年二月十八日", "2022/04/04 20:34:09", "111年2月18日（五）", "民國元年1月1日")
}

func FuzzPhone(f *testing.F) {
	settles(f, taiwan.Phone, "06-6322231#6390", "+886 911 123 456", "(02)66300237 轉 12", "0826-66600")
}

func FuzzPersonID(f *testing.F) {
	settles(f, taiwan.PersonID, "D123000011", "dc00000015", "Ａ１２３４５６７８９", "A8-00000017")
}

func FuzzLandNumber(f *testing.F) {
	settles(f, text(taiwan.ParseLandNumber), "875-1", "08750001", "８７５之１地號", "0-1")
}

func FuzzBuildingNumber(f *testing.F) {
	settles(f, text(taiwan.ParseBuildingNumber), "123-4", "00123004")
}

func FuzzEngineerLicence(f *testing.F) {
	settles(f, text(taiwan.ParseEngineerLicence), "技執字第00123號", "00123", "執業執照號碼：技執-004567")
}

func FuzzPermitNumber(f *testing.F) {
	settles(f, taiwan.PermitNumber, "內授營建管字第1110000001號", "123456789號", "內政部111年1月1日內授營建管字第1110000001號函", "臺內營1110000001")
}

func FuzzLicenceNumber(f *testing.F) {
	settles(f, text(taiwan.ParseLicenceNumber), "(112)南工造字第00823號", "(99)府建管(使)字第00070號-01號", "112南工造823之1")
}

func FuzzContractorLicence(f *testing.F) {
	settles(f, text(taiwan.ParseContractorLicence), "綜甲字第T00001-000號", "12345")
}

func FuzzCompanyID(f *testing.F) {
	settles(f, taiwan.CompanyID, "90010009", "9001 0004")
}

func FuzzEmail(f *testing.F) {
	settles(f, taiwan.Email, "p1@example.test", "mailto:P1@Example.TEST", "<a@b.test>")
}

func FuzzPersonName(f *testing.F) {
	settles(f, taiwan.PersonName, "測試甲", "巴奈・庫穗", "e\u0301", "𠮷\U000E0100")
}

func FuzzAddress(f *testing.F) {
	settles(f, func(s string) (string, error) {
		taiwan.SplitAddress(s)
		return taiwan.NormalizeAddress(s), nil
	}, "台南市東區中山路１段１２號之３", "100號五樓之二", "100號5F-2", "12號之35樓")
}

func FuzzFold(f *testing.F) {
	settles(f, func(s string) (string, error) { return taiwan.Fold(s), nil }, "Ａ１２", "e\u200b\u0301", "ﾊﾞ")
}

func FuzzCalendar(f *testing.F) {
	f.Add("114-02-08,上班,補行上班\n年,114,公告")
	f.Add("20250208,六,0,補行上班")
	f.Fuzz(func(t *testing.T, table string) {
		if _, err := taiwan.ReadCalendar(table); err != nil {
			if _, ok := fault.As(err); !ok {
				t.Fatal(err)
			}
		}
	})
}
