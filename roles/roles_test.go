package roles

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/doors"
	"cloudbm/fault"
	"cloudbm/openid"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/taiwan"
)

var day = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

func do(t *testing.T, db *store.DB, f func(*store.Tx) error) {
	t.Helper()
	if err := db.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func try(t *testing.T, db *store.DB, f func(*store.Tx) error) error {
	t.Helper()
	return db.Write(t.Context(), f)
}

func wants(t *testing.T, err error, k fault.Kind, words string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != k || !strings.Contains(f.Error(), words) {
		t.Fatalf("got %v, want a fault of kind %d that says %q", err, k, words)
	}
}

// seeded is a database with the demonstration in it, at a fixed time.
func seeded(t *testing.T, db *store.DB) *time.Time {
	t.Helper()
	now := day
	db.SetClock(func() time.Time { return now })
	do(t, db, Seed)
	return &now
}

func actor(t *testing.T, db *store.DB, email string) (a permit.Actor) {
	t.Helper()
	do(t, db, func(tx *store.Tx) error {
		p, err := accounts.ByEmail(tx, email)
		if err == nil {
			a, err = Actor(tx, p.ID)
		}
		return err
	})
	return a
}

// TestMatrixAsPrinted holds the table to the manual, cell by cell (S210–S229, domain 1.O).
func TestMatrixAsPrinted(t *testing.T) {
	printed := `
建築師         營造廠           一般民眾 技師   室內裝修業者
全             僅使用執照申請   全       僅壓章 無
全             全               全       無     無
全             全               全       無     全
否             可申請一般民眾   否       否     否`
	rows := strings.Split(strings.TrimSpace(printed), "\n")
	for i, name := range strings.Fields(rows[0]) {
		if got := Columns[i].Name().Zh; got != name {
			t.Errorf("column %d is %s, want %s", i+1, got, name)
		}
		for m, menu := range permit.Menus {
			if got, want := Matrix[menu][Columns[i]].Name().Zh, strings.Fields(rows[1+m])[i]; got != want {
				t.Errorf("%s × %s: %s, want %s", menu.Name().Zh, name, got, want)
			}
		}
		if got, want := SecondName(Columns[i]).Zh, strings.Fields(rows[4])[i]; got != want {
			t.Errorf("second role × %s: %s, want %s", name, got, want)
		}
	}
}

func kind(code string, menu permit.Menu, name string) *permit.Type {
	return &permit.Type{Code: code, Menu: menu, Name: say.Same(name)}
}

var (
	a1 = kind("A1-1", permit.Licences, "建造執照申請")
	c1 = kind("C1-1", permit.Licences, "使用執照申請")
	c2 = kind("C2-1", permit.Licences, "變更使用執照申請")
	d1 = kind("D1-1", permit.Licences, "拆除執照申請")
	b1 = kind("B1-1", permit.Construction, "開工申報")
	e1 = kind("E1-1", permit.Interior, "室內裝修審查申請")
)

// TestMayOpen is the matrix test of domain §7.6.
func TestMayOpen(t *testing.T) {
	for _, x := range []struct {
		t   *permit.Type
		may []permit.Role
	}{
		{a1, []permit.Role{permit.Architect, permit.Citizen}},
		{c1, []permit.Role{permit.Architect, permit.Contractor, permit.Citizen}},
		{c2, []permit.Role{permit.Architect, permit.Citizen}},
		{d1, []permit.Role{permit.Architect, permit.Citizen}},
		{b1, []permit.Role{permit.Architect, permit.Contractor, permit.Citizen}},
		{e1, []permit.Role{permit.Architect, permit.Contractor, permit.Citizen, permit.Decorator}},
	} {
		for _, r := range permit.Roles {
			err := MayOpen(permit.Actor{Person: "p", Roles: []permit.Role{r}}, x.t)
			if slices.Contains(x.may, r) {
				if err != nil {
					t.Errorf("%s × %s: %v", x.t.Code, r, err)
				}
				continue
			}
			wants(t, err, fault.Forbidden, Matrix[x.t.Menu][r].Name().Zh)
			wants(t, err, fault.Forbidden, x.t.Menu.Name().Zh)
			if f, _ := fault.As(err); f.Way == nil || f.Message.En == "" {
				t.Errorf("%s × %s: a refusal without a way out: %v", x.t.Code, r, f)
			}
		}
	}
	// 營造廠 with 一般民眾 has the union of both.
	both := permit.Actor{Person: "p", Roles: []permit.Role{permit.Contractor, permit.Citizen}}
	for _, k := range []*permit.Type{a1, c1, c2, b1, e1} {
		if err := MayOpen(both, k); err != nil {
			t.Errorf("contractor and citizen × %s: %v", k.Code, err)
		}
	}
	if got := RightOf(both, permit.Licences); got != All {
		t.Errorf("contractor and citizen: %s", got)
	}
	// The way out of a contractor is the role that helps.
	f, _ := fault.As(MayOpen(permit.Actor{Person: "p", Roles: []permit.Role{permit.Contractor}}, a1))
	if f.Way.URL != "/bls/profile" {
		t.Errorf("a contractor is sent to %s", f.Way.URL)
	}
	wants(t, MayOpen(permit.Actor{}, a1), fault.SignIn, "登入")
	wants(t, MayOpen(permit.Actor{Person: "p"}, a1), fault.Forbidden, "要打勾")
	wants(t, MayOpen(permit.Actor{Person: "p", Seats: []permit.Seat{{Authority: Tainan, Duty: permit.Counter}}}, a1), fault.Forbidden, "機關人員")
}

func TestMaySeal(t *testing.T) {
	for r, want := range map[permit.Role]bool{permit.Architect: true, permit.Contractor: false, permit.Citizen: false, permit.Engineer: true, permit.Decorator: false} {
		if got := MaySeal(permit.Actor{Person: "p", Roles: []permit.Role{r}}); got != want {
			t.Errorf("%s may seal: %v, want %v", r, got, want)
		}
	}
}

// TestCombine is the last row of the matrix with domain A6.
func TestCombine(t *testing.T) {
	type roles = []permit.Role
	for _, x := range []struct {
		have, want roles
		ok         bool
	}{
		{nil, roles{permit.Architect}, true},
		{nil, roles{permit.Contractor, permit.Citizen}, true},
		{nil, roles{permit.Citizen, permit.Contractor}, true},
		{roles{permit.Contractor}, roles{permit.Contractor, permit.Citizen}, true},
		{roles{permit.Contractor, permit.Citizen}, roles{permit.Contractor, permit.Citizen}, true},
		{roles{permit.Contractor, permit.Citizen}, roles{permit.Citizen}, true},
		{roles{permit.Citizen}, roles{permit.Architect}, true},
		{roles{permit.Citizen}, roles{permit.Contractor, permit.Citizen}, false},
		{roles{permit.Architect}, roles{permit.Architect, permit.Citizen}, false},
		{roles{permit.Engineer}, roles{permit.Engineer, permit.Citizen}, false},
		{roles{permit.Decorator}, roles{permit.Decorator, permit.Citizen}, false},
		{roles{permit.Architect}, roles{permit.Architect, permit.Engineer}, false},
		{roles{permit.Contractor}, roles{permit.Contractor, permit.Engineer}, false},
		{roles{permit.Citizen}, roles{permit.Citizen, permit.Engineer}, false},
		{roles{permit.Decorator}, roles{permit.Decorator, permit.Engineer}, false},
		{nil, roles{permit.Contractor, permit.Citizen, permit.Architect}, false},
		{nil, roles{}, false},
		{nil, roles{"mayor"}, false},
	} {
		err := Combine(x.have, x.want)
		if (err == nil) != x.ok {
			t.Errorf("%v to %v: %v", x.have, x.want, err)
		}
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%v to %v: %v is no refusal in words", x.have, x.want, err)
		}
	}
	wants(t, Combine([]permit.Role{permit.Citizen}, []permit.Role{permit.Contractor, permit.Citizen}), fault.Invalid, "一般民眾是「否」")
}

func TestSeed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		seeded(t, db)
		do(t, db, Seed) // again changes nothing
		for email, role := range map[string]permit.Role{"p1@example.test": permit.Architect, "p3@example.test": permit.Contractor,
			"p4@example.test": permit.Citizen, "p6@example.test": permit.Engineer, "p7@example.test": permit.Decorator} {
			a := actor(t, db, email)
			if len(a.Roles) != 1 || a.Roles[0] != role {
				t.Errorf("%s is %v", email, a.Roles)
			}
			do(t, db, func(tx *store.Tx) error {
				fs, err := Doctor(tx, a)
				for _, f := range fs {
					if !f.Blocks.Empty() {
						t.Errorf("%s: %s is %s: %s", email, f.Key, f.Health, f.Say)
					}
				}
				return err
			})
		}
		if a := actor(t, db, "admin@example.test"); !a.Admin || !a.Sits(Tainan, permit.Manager) || len(a.Seats) != 1 {
			t.Errorf("the administrator is %+v", a)
		}
		if a := actor(t, db, "p9@example.test"); a.Admin || !a.Sits(Tainan, permit.Reviewer) {
			t.Errorf("the reviewer is %+v", a)
		}
		do(t, db, func(tx *store.Tx) error {
			all, err := Officers(tx, Tainan)
			if len(all) != 4 {
				t.Errorf("officers: %+v", all)
			}
			some, err2 := Officers(tx, Tainan, permit.Counter, permit.Chief)
			if len(some) != 2 || some[0].Email == "" {
				t.Errorf("counter and chief: %+v", some)
			}
			none, err3 := Officers(tx, "A70")
			if len(none) != 0 {
				t.Errorf("officers elsewhere: %+v", none)
			}
			as, err4 := Authorities(tx)
			if len(as) < 22 {
				t.Errorf("%d authorities", len(as))
			}
			return errors.Join(err, err2, err3, err4)
		})
	})
}

func TestFacts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		seeded(t, db)
		want := map[string]map[string]string{
			"p1@example.test": {"person_id": "D123000011", "name": "測試甲", "email": "p1@example.test", "arch_licence": "南市建開證字第T000101號",
				"arch_certificate": "0101", "office_name": "測試甲建築師事務所", "phone": "0900000001", "mobile": "0900000001"},
			"p3@example.test": {"con_licence": "綜甲字第T00001-000號", "company_id": "90010009", "company_head": "測試丙", "person_id": "", "mobile": "0900000003"},
			"p5@example.test": {"eng_licence": "技執字第00123號", "eng_branch": "02", "eng_permit": "內授營建管字第1110000001號", "person_id": "A123000054"},
			"p7@example.test": {"dec_licence": "測室業字第000001號", "company_name": "範例室內裝修有限公司", "dec_technician": "測裝技字第000001號"},
		}
		for email, facts := range want {
			a := actor(t, db, email)
			do(t, db, func(tx *store.Tx) error {
				got, since, err := Facts(tx, a.Person)
				if len(got) != len(FactKeys) || len(FactKeys) != 23 || !since.Equal(day) {
					t.Errorf("%s: %d facts since %v", email, len(got), since)
				}
				for k, v := range facts {
					if got[k] != v {
						t.Errorf("%s: %s is %q, want %q", email, k, got[k], v)
					}
				}
				return err
			})
		}
		do(t, db, func(tx *store.Tx) error {
			raw, err := store.Column[string](tx, `SELECT person_id || person_blind || facts || licence FROM profiles`)
			for _, s := range raw {
				if strings.Contains(s, "D123000011") {
					t.Error("a national ID can be read in the database")
				}
			}
			who, err2 := FindByPersonID(tx, "d123000011")
			if len(who) != 1 {
				t.Errorf("found by national ID: %v", who)
			}
			return errors.Join(err, err2)
		})
	})
}

func TestFindByLicence(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		seeded(t, db)
		for _, x := range []struct {
			role            permit.Role
			licence, person string
		}{
			{permit.Architect, "南市建開證字第T000101號", "p1@example.test"},
			{permit.Architect, " 南市建開證 字第 ｔ000101 號", "p1@example.test"},
			{permit.Architect, "t000101", "p1@example.test"},
			{permit.Architect, "T000102-01", "p2@example.test"},
			{permit.Architect, "T000102", ""},
			{permit.Architect, "南縣建開證字第T000101號", ""},
			{permit.Engineer, "00123", "p5@example.test"},
			{permit.Engineer, "技執字第004567號", "p6@example.test"},
			{permit.Engineer, "技執字第04567號", ""},
			{permit.Contractor, "綜甲字第T00001-000號", "p3@example.test"},
			{permit.Decorator, "測室業字第 000001 號", "p7@example.test"},
			{permit.Citizen, "T000101", ""},
		} {
			want := ""
			if x.person != "" {
				want = actor(t, db, x.person).Person
			}
			do(t, db, func(tx *store.Tx) error {
				got, err := FindByLicence(tx, x.role, x.licence)
				if got != want {
					t.Errorf("%s %s: %q, want that of %q", x.role, x.licence, got, x.person)
				}
				return err
			})
		}
	})
}

func typed(email string, r permit.Role, facts map[string]string) map[string]string {
	m := map[string]string{"name": "測試子", "contact": email}
	for k, v := range facts {
		m[Key(r, k)] = v
	}
	return m
}

func newcomer(t *testing.T, db *store.DB, email string) permit.Actor {
	t.Helper()
	do(t, db, func(tx *store.Tx) error {
		_, err := accounts.New(tx, accounts.Person{Name: "測試子", Email: email})
		return err
	})
	return actor(t, db, email)
}

// TestBadLicences are those of domain §7.3, refused with the manual's hints.
func TestBadLicences(t *testing.T) {
	db := storetest.SQLite(t)
	seeded(t, db)
	a := newcomer(t, db, "new@example.test")
	for _, x := range []struct{ field, value, says string }{
		{"arch_licence", "南市建開證字第123456號", "證號請填寫完整六碼(包含英文)"},
		{"arch_licence", "T12345678", "英文+6位數字 -01(聯合事務所的支號)"},
		{"arch_licence", "t-123", "英文+6位數字 -01(聯合事務所的支號)"},
		{"arch_licence", "南市建開證字第T123456-1號", "-01(聯合事務所的支號)"},
		{"arch_licence", "T123456-01", "補上證書上的字"},
		{"arch_licence", "", "輸入開業證字號"},
		{"arch_licence", "南市建開證字第T000101號", "另一個帳號"},
		{"arch_certificate", "第1234號", "建築師證號只要填四個數字，其他文字都不要打"},
		{"person_id", "R123456789", "檢查碼不符"},
		{"person_id", "A123456789", "範例"},
	} {
		facts := map[string]string{"arch_licence": "南市建開證字第T123456-01號", "person_id": "W123000116", "arch_certificate": "1234"}
		facts[x.field] = x.value
		err := try(t, db, func(tx *store.Tx) error {
			return Save(tx, a, []permit.Role{permit.Architect}, typed("new@example.test", permit.Architect, facts))
		})
		wants(t, err, fault.Invalid, x.says)
		f, _ := fault.As(err)
		if len(f.Places) != 1 || f.Places[0].Key != Key(permit.Architect, x.field) {
			t.Errorf("%s %q: %v", x.field, x.value, f.Places)
		}
		if got := actor(t, db, "new@example.test"); len(got.Roles) != 0 {
			t.Fatalf("%q was kept", x.value)
		}
	}
	// The word may be chosen beside a bare number; the number is kept as it is printed.
	facts := map[string]string{"arch_licence": "t123456－01", "arch_word": "南市建開證", "person_id": "w123000116", "arch_certificate": "1234"}
	do(t, db, func(tx *store.Tx) error {
		return Save(tx, a, []permit.Role{permit.Architect}, typed("new@example.test", permit.Architect, facts))
	})
	do(t, db, func(tx *store.Tx) error {
		got, _, err := Facts(tx, a.Person)
		if got["arch_licence"] != "南市建開證字第T123456-01號" || got["person_id"] != "W123000116" {
			t.Errorf("%v", got)
		}
		return err
	})
	// A national ID that is not typed again stays.
	facts["person_id"] = ""
	do(t, db, func(tx *store.Tx) error {
		return Save(tx, a, []permit.Role{permit.Architect}, typed("new@example.test", permit.Architect, facts))
	})
	do(t, db, func(tx *store.Tx) error {
		id, err := PersonID(tx, a, permit.Architect)
		if id != "W123000116" {
			t.Errorf("national ID %q", id)
		}
		es, err2 := accounts.Entries(tx, accounts.Search{Person: a.Person, What: "person-id.look"})
		if len(es) != 1 {
			t.Error("the look was not noted")
		}
		return errors.Join(err, err2)
	})
}

func TestOtherRolesAreHeldToTheirFields(t *testing.T) {
	db := storetest.SQLite(t)
	seeded(t, db)
	a := newcomer(t, db, "new@example.test")
	for _, x := range []struct {
		role  permit.Role
		facts map[string]string
		bad   []string
	}{
		{permit.Engineer, map[string]string{"eng_licence": "123", "eng_permit": "1", "eng_branch": "99", "person_id": "D323000011"}, []string{"eng_licence", "eng_permit", "eng_branch", "person_id"}},
		{permit.Engineer, nil, []string{"eng_licence", "eng_permit", "eng_branch", "person_id"}},
		{permit.Contractor, map[string]string{"con_licence": "綜甲", "company_id": "90010001", "mobile": "06-123"}, []string{"con_licence", "company_id", "mobile"}},
		{permit.Contractor, nil, []string{"con_licence", "company_id"}},
		{permit.Decorator, map[string]string{"dec_licence": "字", "company_id": "12345678"}, []string{"dec_licence", "company_id"}},
		{permit.Citizen, map[string]string{"fax": "1"}, []string{"person_id", "fax"}},
	} {
		err := try(t, db, func(tx *store.Tx) error {
			return Save(tx, a, []permit.Role{x.role}, typed("new@example.test", x.role, x.facts))
		})
		f, ok := fault.As(err)
		if !ok {
			t.Fatalf("%s: %v", x.role, err)
		}
		var got []string
		for _, p := range f.Places {
			got = append(got, strings.TrimPrefix(p.Key, string(x.role)+"-"))
			if p.Message.En == "" {
				t.Errorf("%s says nothing in English", p.Key)
			}
		}
		if !slices.Equal(got, x.bad) {
			t.Errorf("%s: wrong are %v, want %v", x.role, got, x.bad)
		}
	}
}

func TestSecondRole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		seeded(t, db)
		firm := actor(t, db, "p3@example.test")
		both := []permit.Role{permit.Contractor, permit.Citizen}
		m := typed("p3@example.test", permit.Contractor, map[string]string{"con_licence": "綜甲字第T00001-000號", "company_id": "90010009"})
		m[Key(permit.Citizen, "person_id")] = "R123000030"
		do(t, db, func(tx *store.Tx) error { return Save(tx, firm, both, m) })
		firm = actor(t, db, "p3@example.test")
		if !slices.Equal(firm.Roles, both) {
			t.Errorf("roles %v", firm.Roles)
		}
		do(t, db, func(tx *store.Tx) error { return Ready(tx, firm, a1) })
		// Dropping the second role keeps its facts for later, but not its rights.
		do(t, db, func(tx *store.Tx) error { return Save(tx, firm, both[:1], m) })
		if a := actor(t, db, "p3@example.test"); !slices.Equal(a.Roles, both[:1]) {
			t.Errorf("roles %v", a.Roles)
		}
		citizen := actor(t, db, "p4@example.test")
		err := try(t, db, func(tx *store.Tx) error { return Save(tx, citizen, both, m) })
		wants(t, err, fault.Invalid, "不能再加營造廠")
	})
}

// TestDoctor: delete one fact and the refusal names it and leads to it (ux row 12).
func TestDoctor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := seeded(t, db)
		a := actor(t, db, "p1@example.test")
		do(t, db, func(tx *store.Tx) error { return Ready(tx, a, a1) })
		do(t, db, func(tx *store.Tx) error { return ReadyToSeal(tx, a) })
		facts := map[string]string{}
		do(t, db, func(tx *store.Tx) error {
			all, err := profilesOf(tx, a.Person)
			facts = find(all, permit.Architect).Facts
			return err
		})
		delete(facts, "arch_certificate")
		do(t, db, func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE profiles SET facts = $1 WHERE person = $2`, store.AsJSON(facts), a.Person)
			return err
		})
		err := try(t, db, func(tx *store.Tx) error { return Ready(tx, a, a1) })
		wants(t, err, fault.Forbidden, "建築師證號")
		f, _ := fault.As(err)
		if f.Way.URL != "/bls/profile#architect-arch_certificate" {
			t.Errorf("sent to %s", f.Way.URL)
		}
		wants(t, try(t, db, func(tx *store.Tx) error { return ReadyToSeal(tx, a) }), fault.Forbidden, "建築師證號")
		// A licence that ends is called to mind, then blocks.
		facts["arch_certificate"], facts["arch_until"] = "0101", "116-01-31"
		do(t, db, func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE profiles SET facts = $1 WHERE person = $2`, store.AsJSON(facts), a.Person)
			return err
		})
		health := func() (h Health, why string) {
			do(t, db, func(tx *store.Tx) error {
				fs, err := Doctor(tx, a)
				for _, f := range fs {
					if f.Key == "architect-arch_until" {
						h, why = f.Health, f.Say.Zh
					}
				}
				return err
			})
			return h, why
		}
		if h, why := health(); h != Expires || !strings.Contains(why, "69 天") {
			t.Errorf("%s %s", h, why)
		}
		*now = now.AddDate(0, 3, 0)
		if h, _ := health(); h != Expired {
			t.Errorf("after its end: %s", h)
		}
		wants(t, try(t, db, func(tx *store.Tx) error { return Ready(tx, a, a1) }), fault.Forbidden, "有效期限")
		// Somebody without a role is told first of all to choose one.
		b := newcomer(t, db, "new@example.test")
		do(t, db, func(tx *store.Tx) error {
			fs, err := Doctor(tx, b)
			if got := blocking(fs, ""); got == nil || got.Key != "role" {
				t.Errorf("%+v", got)
			}
			return err
		})
	})
}

func TestSeatsNeedTwo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := seeded(t, db)
		one, two := actor(t, db, "admin@example.test"), actor(t, db, "admin2@example.test")
		p := actor(t, db, "p10@example.test")
		var id string
		give := func(by permit.Actor, duty permit.Duty, last string) error {
			return try(t, db, func(tx *store.Tx) error {
				made, err := Give(tx, by, p.Person, Tainan, duty, last)
				if err == nil {
					id = made
				}
				return err
			})
		}
		approve := func(by permit.Actor) error {
			return try(t, db, func(tx *store.Tx) error { return Approve(tx, by, id) })
		}
		sits := func() bool { return actor(t, db, "p10@example.test").Sits(Tainan, permit.Counter) }

		wants(t, give(actor(t, db, "p9@example.test"), permit.Counter, ""), fault.Forbidden, "系統管理者")
		wants(t, give(one, "mayor", ""), fault.Invalid, "職務")
		if err := give(one, permit.Counter, "115-12-31"); err != nil {
			t.Fatal(err)
		}
		if sits() {
			t.Error("the duty holds before it is approved")
		}
		wants(t, give(one, permit.Counter, ""), fault.Conflict, "已有這個職務")
		wants(t, approve(one), fault.Forbidden, "另一位系統管理者")
		wants(t, approve(actor(t, db, "p9@example.test")), fault.Forbidden, "系統管理者")
		if err := approve(two); err != nil || !sits() {
			t.Fatalf("approved: %v, sits: %v", err, sits())
		}
		wants(t, approve(two), fault.Conflict, "已經核准")
		do(t, db, func(tx *store.Tx) error {
			who, err := accounts.Find(tx, p.Person)
			if !who.Officer || who.Idle != 15 {
				t.Errorf("officer %v, idle %d", who.Officer, who.Idle)
			}
			return err
		})
		*now = time.Date(2026, 12, 31, 15, 59, 0, 0, time.UTC) // the last minute of the last day in Taipei
		if !sits() {
			t.Error("ended before its last day was over")
		}
		*now = now.Add(2 * time.Minute)
		if sits() {
			t.Error("holds after its last day")
		}
		// Nobody approves their own.
		p = two
		if err := give(one, permit.Chief, ""); err != nil {
			t.Fatal(err)
		}
		wants(t, approve(two), fault.Forbidden, "自己的職務")
		// Ending takes one administrator and a reason; the last administrator stays.
		end := func(by permit.Actor, why string) error {
			return try(t, db, func(tx *store.Tx) error { return End(tx, by, id, why) })
		}
		wants(t, end(one, " "), fault.Invalid, "原因")
		if err := end(one, "測試"); err != nil {
			t.Fatal(err)
		}
		admins := func(a permit.Actor) string {
			var found string
			do(t, db, func(tx *store.Tx) error {
				all, err := Appointments(tx, a.Person)
				for _, s := range all {
					if s.Duty == Administrator {
						found = s.ID
					}
				}
				return err
			})
			return found
		}
		id = admins(two)
		if err := end(one, "測試"); err != nil {
			t.Fatal(err)
		}
		if actor(t, db, "admin2@example.test").Admin {
			t.Error("still administrator")
		}
		id = admins(one)
		wants(t, end(one, "測試"), fault.Conflict, "最後一位")
	})
}

func TestSettings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		seeded(t, db)
		manager, admin := actor(t, db, "admin@example.test"), actor(t, db, "admin2@example.test")
		manager.Admin = false
		get := func(name string, on time.Time) (v string, ok bool) {
			do(t, db, func(tx *store.Tx) (err error) { v, ok, err = Setting(tx, Tainan, name, on); return err })
			return v, ok
		}
		put := func(by permit.Actor, authority, name, value, from string) error {
			return try(t, db, func(tx *store.Tx) error { return SetSetting(tx, by, authority, name, value, from) })
		}
		for _, k := range Settings {
			if k.Default != "" {
				if v, err := k.read(k.Default); err != nil || v != k.Default {
					t.Errorf("the default of %s is not one that could be set: %q, %v", k.Key, v, err)
				}
			}
			if k.Label.En == "" || k.Group.En == "" {
				t.Errorf("%s has no English name", k.Key)
			}
		}
		if v, ok := get("seals_required", day); v != "N" || !ok {
			t.Errorf("seals_required: %q %v", v, ok)
		}
		if v, ok := get("licence_word", day); v != "南工" || !ok {
			t.Errorf("licence_word: %q %v", v, ok)
		}
		if err := put(manager, Tainan, "licence_word", "南市工", "116-01-01"); err != nil {
			t.Fatal(err)
		}
		if v, _ := get("licence_word", day); v != "南工" {
			t.Errorf("today: %q", v)
		}
		if v, _ := get("licence_word", time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC)); v != "南市工" {
			t.Errorf("from the first of January in Taipei: %q", v)
		}
		wants(t, put(actor(t, db, "p9@example.test"), Tainan, "licence_word", "x", ""), fault.Forbidden, "機關管理者")
		wants(t, put(manager, "A70", "licence_word", "x", ""), fault.Forbidden, "機關管理者")
		if err := put(admin, "A70", "licence_word", "台江", ""); err != nil {
			t.Error(err)
		}
		for _, x := range []struct{ name, value, from, says string }{
			{"question_form_url", "http://example.test", "", "https"},
			{"contact_phone", "12", "", "區碼"},
			{"case_serial_template", "{roc:3}", "", "流水號"},
			{"case_serial_template", "{year}{serial:4}", "", "{year}"},
			{"fee_per_mille", "1.5", "", "1 以下"},
			{"officer_idle_minutes", "90", "", "5 到 30"},
			{"two_step_approval", "maybe", "", "是或否"},
			{"extra_holidays", "颱風假", "", "第 1 行"},
			{"licence_word", "x", "115-01-01", "今天或以後"},
		} {
			wants(t, put(manager, Tainan, x.name, x.value, x.from), fault.Invalid, x.says)
		}
		if err := put(manager, Tainan, "nonsense", "x", ""); err == nil {
			t.Error("an unknown setting can be set")
		}
		if err := put(manager, Tainan, "extra_holidays", "115-11-24 颱風假\n", ""); err != nil {
			t.Fatal(err)
		}
		do(t, db, func(tx *store.Tx) error {
			c, err := Calendar(tx, Tainan, tx.Now)
			d := taipeiDay(2026, 11, 24)
			if c.IsWorkday(d) || c.Reason(d) != "颱風假" {
				t.Error("the day off is not in the calendar")
			}
			other, err2 := Calendar(tx, "A70", tx.Now)
			if !other.IsWorkday(d) {
				t.Error("the day off holds elsewhere too")
			}
			h, err3 := History(tx, Tainan, "licence_word")
			if len(h) != 2 || h[0].Value != "南市工" || h[1].Value != "南工" {
				t.Errorf("history %+v", h)
			}
			return errors.Join(err, err2, err3)
		})
	})
}

func TestInvite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		now := seeded(t, db)
		admin := actor(t, db, "admin@example.test")
		var secret string
		invite := func(by permit.Actor, email string) error {
			return try(t, db, func(tx *store.Tx) (err error) {
				_, secret, err = Invite(tx, by, accounts.Person{Name: "測試丑", Email: email})
				return err
			})
		}
		wants(t, invite(actor(t, db, "p8@example.test"), "p8b@example.test"), fault.Forbidden, "系統管理者")
		wants(t, invite(admin, ""), fault.Invalid, "電子郵件")
		wants(t, invite(admin, "P1@example.test"), fault.Invalid, "不能再次使用")
		if err := invite(admin, "p11@example.test"); err != nil {
			t.Fatal(err)
		}
		*now = now.Add(7*24*time.Hour - time.Second)
		do(t, db, func(tx *store.Tx) error {
			_, err := accounts.UseLink(tx, secret, "Brand-New-1", accounts.Source{})
			return err
		})
	})
}

func taipeiDay(y int, m time.Month, d int) taiwan.Date { return taiwan.NewDate(y, m, d) }

// A national ID that 我的e政府 has verified need not be typed, and another's is not taken.
func TestVerifiedID(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		seeded(t, db)
		var by permit.Actor
		do(t, db, func(tx *store.Tx) error {
			who := openid.Identity{Issuer: "https://egov.test", Subject: "s-10", Account: "test10", Name: "測試癸", Level: "3", NationalID: "A900000025"}
			_, arrival, err := doors.Arrive(tx, who, accounts.Source{IP: "192.0.2.1"})
			if err != nil {
				return err
			}
			keys, err := doors.Settle(tx, arrival, accounts.Source{IP: "192.0.2.1"})
			if err != nil {
				return err
			}
			_, p, err := accounts.Present(tx, keys.Session)
			by = permit.Actor{Person: p.ID, Name: p.Name}
			return err
		})
		typed := map[string]string{"name": "測試癸", "contact": "p10b@example.test", Key(permit.Citizen, "person_id"): "D123000011"}
		wants(t, try(t, db, func(tx *store.Tx) error { return Save(tx, by, []permit.Role{permit.Citizen}, typed) }), fault.Invalid, "您本人的身分證字號")
		delete(typed, Key(permit.Citizen, "person_id"))
		do(t, db, func(tx *store.Tx) error { return Save(tx, by, []permit.Role{permit.Citizen}, typed) })
		do(t, db, func(tx *store.Tx) error {
			facts, _, err := Facts(tx, by.Person)
			if facts["person_id"] != "A900000025" {
				t.Errorf("kept is %q", facts["person_id"])
			}
			return err
		})
	})
}
