package taiwan

import "cloudbm/say"

// Authority is an office that decides on building cases (主管建築機關). It is not the same as a municipality: on the
// ground of 臺南市 a national park and a science park decide as well.
type Authority struct {
	Code         string // of building administration: IF0
	Name         string
	En           string
	Municipality string // code of the municipality it stands in, "" for one that works everywhere
}

// Text is the name in both languages.
func (a Authority) Text() say.Text { return say.T(a.Name, a.En) }

// Authorities are the 22 governments and the special offices known by name. The Ministry's table has 244 rows, township
// offices and processing zones among them; an installation adds those it needs to its own list.
var Authorities = authorities()

func authorities() []Authority {
	var all []Authority
	for _, m := range Municipalities {
		all = append(all, Authority{m.CPAMI, m.Name + "政府", m.En + " Government", m.Code})
	}
	return append(all,
		Authority{"A10", "玉山國家公園管理處", "Yushan National Park Headquarters", "10008"},
		Authority{"A20", "陽明山國家公園管理處", "Yangmingshan National Park Headquarters", "63000"},
		Authority{"A30", "雪霸國家公園管理處", "Shei-Pa National Park Headquarters", "10005"},
		Authority{"A40", "金門國家公園管理處", "Kinmen National Park Headquarters", "09020"},
		Authority{"A50", "墾丁國家公園管理處", "Kenting National Park Headquarters", "10013"},
		Authority{"A60", "太魯閣國家公園管理處", "Taroko National Park Headquarters", "10015"},
		Authority{"A70", "台江國家公園管理處", "Taijiang National Park Headquarters", "67000"},
		Authority{"B10", "新竹科學園區管理局", "Hsinchu Science Park Bureau", "10018"},
		Authority{"B20", "中部科學園區管理局", "Central Taiwan Science Park Bureau", "66000"},
		Authority{"B30", "南部科學園區管理局", "Southern Taiwan Science Park Bureau", "67000"},
		Authority{"C10", "交通部高速公路局", "Freeway Bureau", ""},
		Authority{"C20", "加工出口區管理處", "Export Processing Zone Administration", "64000"},
		Authority{"C30", "臺北水源特定區管理分署", "Taipei Water Management Branch", "65000"},
	)
}

// AuthorityByCode finds an authority by its code.
func AuthorityByCode(code string) (Authority, bool) {
	for _, a := range Authorities {
		if a.Code == code {
			return a, true
		}
	}
	return Authority{}, false
}

// AuthoritiesIn are the authorities that stand in the municipality with the code, its government first.
func AuthoritiesIn(municipality string) []Authority {
	var found []Authority
	for _, a := range Authorities {
		if a.Municipality == municipality {
			found = append(found, a)
		}
	}
	return found
}
