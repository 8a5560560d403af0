package permit

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"cloudbm/fault"
	"cloudbm/say"
)

func field(k Kind) Field { return Field{Key: "f", Label: say.T("欄位", "Field"), Kind: k, Places: 2} }

func TestReadTakesWhatPeopleType(t *testing.T) {
	pick := field(Choice)
	pick.Choices = []Option{{"10", say.T("鋼筋混凝土", "RC")}, {"30", say.T("鋼骨", "Steel")}}
	many := pick
	many.Kind = Several
	for _, c := range []struct {
		f           Field
		typed, want string
	}{
		{field(Whole), " ３ ", "3"}, {field(Money), "6,100,000", "6100000"}, {field(Money), "6100000元", "6100000"},
		{field(Decimal), "365.75", "365.75"}, {field(Decimal), "２００", "200.00"}, {field(Decimal), "1,234.5 ㎡", "1234.50"},
		{field(Day), "1110218", "111-02-18"}, {field(Day), "2022-02-18", "111-02-18"}, {field(Day), "111年2月18日", "111-02-18"},
		{field(PersonID), "ｄ123000011", "D123000011"}, {field(CompanyID), "9001 0009", "90010009"},
		{field(AnyID), "90010009", "90010009"}, {field(AnyID), "r223000041", "R223000041"},
		{field(LandNo), "875-1", "875-1"}, {field(LandNo), "08750001", "875-1"},
		{field(Architects), "南市建開證 字第 t123456-01 號", "南市建開證字第T123456-01號"},
		{field(YesNo), "Y", "Y"}, {pick, "10", "10"}, {many, "30, 10,30", "30,10"},
		{field(Line), "  測試　大樓  ", "測試 大樓"}, {field(Line), "", ""},
	} {
		if got, err := c.f.Read(c.typed); got != c.want || err != nil {
			t.Errorf("%s %q: %q, %v; want %q", c.f.Kind, c.typed, got, err, c.want)
		}
	}
}

func TestReadSaysHowToMend(t *testing.T) {
	short := field(Line)
	short.Max = 5
	for _, c := range []struct {
		f          Field
		typed, has string
	}{
		{field(Whole), "三", "填數字"}, {field(Whole), "3.5", "整數"}, {field(Decimal), "-1", "不能小於 0"}, {field(Decimal), "1.234", "小數最多 2 位"},
		{field(Money), "1e9", "填數字"}, {field(Decimal), "99999999999999999", "太大"}, {field(Choice), "x", "從清單中選擇"}, {field(YesNo), "x", "是或否"},
		{short, "六個字太長了", "最多 5 個字"}, {field(PersonID), "R123456789", "檢查碼"}, {field(LandNo), "0-1", ""},
	} {
		_, err := c.f.Read(c.typed)
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.Invalid || !strings.Contains(f.Message.Zh, c.has) || f.Message.En == "" {
			t.Errorf("%s %q: %v, want %q", c.f.Kind, c.typed, err, c.has)
		}
	}
}

func TestReadSettles(t *testing.T) {
	for _, k := range []Kind{Line, Lines, Name, Whole, Decimal, Money, Day, PersonID, CompanyID, Phone, Mobile, Mail, Address, Architects, Engineers, LandNo, LicenceNo} {
		for _, s := range []string{"D123000011", "111-2-18", "0911-123-456", "南市建開證字第T000101號", "臺南市東區1號", "12", "875-1", "(112)南工造字第00823號"} {
			f := field(k)
			once, err := f.Read(s)
			if err != nil {
				continue
			}
			if twice, err := f.Read(once); twice != once || err != nil {
				t.Errorf("%s: %q became %q, then %q, %v", k, s, once, twice, err)
			}
		}
	}
}

func TestConditions(t *testing.T) {
	a := Answers{Fields: map[string]string{"public": "Y", "floors": "6", "uses": "H2,G2"}}
	for _, c := range []struct {
		cond Cond
		want bool
	}{
		{Cond{}, true}, {Is("public", "Y"), true}, {Is("public", "N"), false}, {AtLeast("floors", 6), true}, {AtLeast("floors", 7), false},
		{AtLeast("none", 0), false}, {Is("uses", "G2"), true}, {Is("uses", "G"), false}, {Not(Is("public", "Y")), false},
		{All(Is("public", "Y"), AtLeast("floors", 9)), false}, {Any(Is("public", "N"), AtLeast("floors", 5)), true},
	} {
		if got := c.cond.Holds(a); got != c.want {
			t.Errorf("%v: %v", c.cond.Keys(), got)
		}
	}
}

func TestFees(t *testing.T) {
	f := Fee{Of: "cost", PerMille: decimal.NewFromInt(1)}
	for cost, want := range map[string]int64{"9876543": 9876, "28912000": 28912, "999": 0, "-500000": 0, "6100000": 6100} {
		if nt, ok := f.Amount(Answers{Fields: map[string]string{"cost": cost}}); nt != want || !ok {
			t.Errorf("fee of %s: %d", cost, nt)
		}
	}
	if _, ok := f.Amount(Answers{}); ok {
		t.Error("a fee without its answer")
	}
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	good := Type{Kind: "k", Code: "K", Family: "K", Edition: "1", Menu: Licences, TitleField: "name", PlaceField: "name",
		Form:  []Section{{Key: "a", Name: say.T("一", "One"), Fields: []Field{{Key: "name", Label: say.T("名", "Name"), Kind: Line}}}},
		Moves: []Move{{Act: Submit, From: []State{Draft}, To: Issued, By: []Who{Applicant}}}}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for what, spoil := range map[string]func(*Type){
		"stands twice":        func(x *Type) { x.Form = append(x.Form, x.Form[0]) },
		"no field":            func(x *Type) { x.Form[0].When = Is("nothing", "Y") },
		"one language":        func(x *Type) { x.Form[0].Name = say.T("一", "") },
		"cannot be left":      func(x *Type) { x.Moves[0].To = Reviewing },
		"nobody may":          func(x *Type) { x.Moves[0].By = nil },
		"no party":            func(x *Type) { x.Attachments = []Attachment{{Code: "A", Signer: Designer}} },
		"which is no section": func(x *Type) { x.Prints = []Print{{Code: "P", Sections: []string{"zz"}}} },
		"nothing to choose":   func(x *Type) { x.Form[0].Fields[0].Kind = Choice },
	} {
		bad := good
		bad.Form = []Section{{Key: "a", Name: say.T("一", "One"), Fields: []Field{{Key: "name", Label: say.T("名", "Name"), Kind: Line}}}}
		bad.Moves = append([]Move(nil), good.Moves...)
		spoil(&bad)
		if err := bad.Check(); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s was not found: %v", what, err)
		}
	}
}
