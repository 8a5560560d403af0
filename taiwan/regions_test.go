package taiwan_test

import (
	"regexp"
	"testing"

	"cloudbm/taiwan"
)

func TestMunicipalities(t *testing.T) {
	if len(taiwan.Municipalities) != 22 {
		t.Fatalf("%d municipalities", len(taiwan.Municipalities))
	}
	special, letters, ids, codes := 0, map[string]string{}, map[string]string{}, map[string]bool{}
	for _, m := range taiwan.Municipalities {
		if m.Special {
			special++
		}
		for _, pair := range []struct {
			seen map[string]string
			got  []string
		}{{letters, []string{m.Letter, m.Former.Letter}}, {ids, []string{m.IDLetter, m.Former.IDLetter}}} {
			for _, letter := range pair.got {
				if letter != "" && pair.seen[letter] != "" {
					t.Errorf("%s and %s share %s", m.Name, pair.seen[letter], letter)
				}
				pair.seen[letter] = m.Name
			}
		}
		if codes[m.Code] || codes[m.CPAMI] {
			t.Errorf("%s: a code appears twice", m.Name)
		}
		codes[m.Code], codes[m.CPAMI] = true, true
		if m.Word() == "" || m.Text().En == "" {
			t.Errorf("%s has no word or no English name", m.Name)
		}
	}
	if special != 6 {
		t.Errorf("%d special municipalities", special)
	}
	for _, find := range []func() (taiwan.Municipality, bool){
		func() (taiwan.Municipality, bool) { return taiwan.MunicipalityByCode("67000") },
		func() (taiwan.Municipality, bool) { return taiwan.MunicipalityByCode("IF0") },
		func() (taiwan.Municipality, bool) { return taiwan.MunicipalityByCode("IG0") },
		func() (taiwan.Municipality, bool) { return taiwan.MunicipalityByLetter("T") },
		func() (taiwan.Municipality, bool) { return taiwan.MunicipalityByLetter("U") },
		func() (taiwan.Municipality, bool) { return taiwan.MunicipalityNamed("台南市") },
		func() (taiwan.Municipality, bool) { return taiwan.MunicipalityNamed("臺南縣") },
	} {
		if m, ok := find(); !ok || m.Name != "臺南市" || m.IDLetter != "D" || m.Letter != "T" {
			t.Errorf("found %+v", m)
		}
	}
	for _, none := range []string{"", "A", "99999"} {
		if m, ok := taiwan.MunicipalityByCode(none); ok {
			t.Errorf("code %q finds %s", none, m.Name)
		}
		if m, ok := taiwan.MunicipalityByLetter(none); ok {
			t.Errorf("letter %q finds %s", none, m.Name)
		}
	}
	if _, ok := taiwan.MunicipalityNamed(""); ok {
		t.Error("no name finds a municipality")
	}
}

func TestDistricts(t *testing.T) {
	if len(taiwan.Districts) != 37 {
		t.Fatalf("%d districts", len(taiwan.Districts))
	}
	shape := regexp.MustCompile(`^67000[0-9]{3} 7[0-4][0-9] [DR][A-H][0-9]{2}$`)
	seen := map[string]bool{}
	for i, d := range taiwan.Districts {
		if !shape.MatchString(d.Code+" "+d.Post+" "+d.Key) || d.LandOffice().Name == "" {
			t.Errorf("%+v", d)
		}
		if want := 67000000 + 10*(i+1); d.Code != itoa(want) {
			t.Errorf("%s has code %s, want %d", d.Name, d.Code, want)
		}
		for _, key := range []string{d.Code, d.Post, d.Key, d.Name} {
			if seen[key] {
				t.Errorf("%s appears twice", key)
			}
			seen[key] = true
			if found, ok := taiwan.DistrictBy(key); !ok || found != d {
				t.Errorf("%s finds %+v", key, found)
			}
		}
	}
	if d, ok := taiwan.DistrictBy("中西"); !ok || d.Post != "700" || d.Text().En != "West Central District" {
		t.Errorf("%+v", d)
	}
	for _, none := range []string{"", "999", "信義區"} {
		if d, ok := taiwan.DistrictBy(none); ok {
			t.Errorf("%q finds %s", none, d.Name)
		}
	}
}

func TestAuthorities(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range taiwan.Authorities {
		if found, ok := taiwan.AuthorityByCode(a.Code); !ok || found != a || seen[a.Code] || a.Text().En == "" {
			t.Errorf("%+v", a)
		}
		seen[a.Code] = true
		if _, ok := taiwan.MunicipalityByCode(a.Municipality); !ok && a.Municipality != "" {
			t.Errorf("%s stands in no municipality", a.Name)
		}
	}
	var names []string
	for _, a := range taiwan.AuthoritiesIn("67000") {
		names = append(names, a.Name)
	}
	if len(names) != 3 || names[0] != "臺南市政府" || names[1] != "台江國家公園管理處" || names[2] != "南部科學園區管理局" {
		t.Errorf("on the ground of 臺南市: %v", names)
	}
	if _, ok := taiwan.AuthorityByCode(""); ok {
		t.Error("no code finds an authority")
	}
}

func TestAddresses(t *testing.T) {
	for in, want := range map[string]string{
		"台南市東區中山路１段１２號之３":        "臺南市東區中山路一段12之3號",
		"臺南巿東區中山路一段12-3號":        "臺南市東區中山路一段12之3號",
		"臺南市東區中山路一段12之3號":        "臺南市東區中山路一段12之3號",
		"臺南市 安平區 測試街 100 號 五樓之二": "臺南市安平區測試街100號5樓之2",
		"臺南市安平區測試街100號5F-2":      "臺南市安平區測試街100號5樓之2",
		"臺南市安平區測試街100號十二樓":       "臺南市安平區測試街100號12樓",
		"12號之35樓": "12號之35樓", // two readings: left alone
		"":        "",
	} {
		got := taiwan.NormalizeAddress(in)
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if again := taiwan.NormalizeAddress(got); again != got {
			t.Errorf("%q changes again to %q", got, again)
		}
	}
	for in, want := range map[string]taiwan.Address{
		"台南市東區測試里5鄰中山路1段100巷20弄12號之3": {Municipality: "臺南市", District: "東區", Village: "測試里", Neighbourhood: "5", Road: "中山路一段", Lane: "100", Alley: "20", Number: "12", Sub: "3"},
		"臺南市安平區測試街100號5樓之2A室":         {Municipality: "臺南市", District: "安平區", Road: "測試街", Number: "100", Floor: "5", FloorSub: "2", Room: "A"},
		"測試大道1號地下1樓":                  {Road: "測試大道", Number: "1", Floor: "地下1"},
		"某處":                          {Rest: "某處"},
	} {
		got := taiwan.SplitAddress(in)
		if got != want {
			t.Errorf("%q: %+v", in, got)
		}
		if got.String() != taiwan.NormalizeAddress(in) {
			t.Errorf("%q joins to %q", in, got.String())
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"　Ａ１２　": "A12", "a\u00a0b": "a b", "x\u200by": "xy", "\ufeff甲": "甲", "（０６）": "(06)", "南市建開證": "南市建開證", "e\u0301": "\u00e9", "a\x00b": "ab", "\xff甲": "甲",
	} {
		if got := taiwan.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}
