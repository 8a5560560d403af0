package cases_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/fault"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

func write(t *testing.T, db *store.DB, f func(*store.Tx) error) {
	t.Helper()
	if err := db.Write(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func person(t *testing.T, db *store.DB, email string) (a permit.Actor) {
	t.Helper()
	write(t, db, func(tx *store.Tx) error {
		p, err := accounts.ByEmail(tx, email)
		if err != nil {
			return err
		}
		a, err = roles.Actor(tx, p.ID)
		return err
	})
	return a
}

// begun is a database with the people of the demonstration and one draft of P1.
func begun(t *testing.T, db *store.DB) (permit.Actor, string) {
	t.Helper()
	write(t, db, roles.Seed)
	by := person(t, db, "p1@example.test")
	var id string
	write(t, db, func(tx *store.Tx) error {
		c, err := cases.Start(tx, by, catalog.Building, roles.Tainan, "")
		if err == nil {
			id = c.ID
		}
		return err
	})
	return by, id
}

func on(t *testing.T, db *store.DB, by permit.Actor, id string, f func(*store.Tx, *cases.Case) error) error {
	t.Helper()
	return db.Write(context.Background(), func(tx *store.Tx) error {
		c, err := cases.Find(tx, by, id)
		if err != nil {
			return err
		}
		return f(tx, c)
	})
}

func TestSerialsRunByYearAndFamilyAndNeverTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		at := time.Date(2025, 12, 31, 15, 59, 59, 0, time.UTC) // 23:59:59 in Taipei
		db.SetClock(func() time.Time { return at })
		by, first := begun(t, db)
		seen := map[string]bool{}
		var mu sync.Mutex
		note := func(id string) {
			_ = on(t, db, by, id, func(_ *store.Tx, c *cases.Case) error {
				mu.Lock()
				defer mu.Unlock()
				if seen[c.Serial] {
					t.Errorf("serial %s was given twice", c.Serial)
				}
				seen[c.Serial] = true
				return nil
			})
		}
		note(first)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				var id string
				err := db.Write(context.Background(), func(tx *store.Tx) error {
					c, err := cases.Start(tx, by, catalog.Building, roles.Tainan, "")
					if err == nil {
						id = c.ID
					}
					return err
				})
				if err != nil {
					t.Error(err)
					return
				}
				note(id)
			})
		}
		wg.Wait()
		if !seen["114A10001"] || !seen["114A10009"] {
			t.Errorf("serials %v", seen)
		}
		at = at.Add(time.Second) // 1 January in Taipei
		var serial string
		write(t, db, func(tx *store.Tx) error {
			c, err := cases.Start(tx, by, catalog.Building, roles.Tainan, "")
			if err == nil {
				serial = c.Serial
			}
			return err
		})
		if serial != "115A10001" {
			t.Errorf("the first serial of the new year is %s", serial)
		}
	})
}

func TestNumberTemplates(t *testing.T) {
	for _, c := range []struct {
		template string
		n        int64
		want     string
	}{{cases.DefaultSerial, 134, "111A10134"}, {"{roc:3}A{serial:5}", 10134, "111A10134"}, {cases.DefaultSerial, 10000, "111A110000"}} {
		if got := cases.Number(c.template, 111, "A1", c.n); got != c.want {
			t.Errorf("%s %d: %s", c.template, c.n, got)
		}
	}
}

func TestWhatIsTypedIsKeptRightOrWrong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		by, id := begun(t, db)
		s := catalog.Building.Section("cost")
		var money string
		for _, f := range s.Fields {
			if f.Kind == permit.Money {
				money = f.Key
				break
			}
		}
		err := on(t, db, by, id, func(tx *store.Tx, c *cases.Case) error {
			return cases.Fill(tx, by, c, s, map[string]string{money: "六百萬"}, 0, false)
		})
		if err != nil {
			t.Fatal(err)
		}
		_ = on(t, db, by, id, func(tx *store.Tx, c *cases.Case) error {
			a, _ := cases.Answers(tx, c)
			if a.Fields[money] != "六百萬" {
				t.Errorf("typed 六百萬, kept %q", a.Fields[money])
			}
			found := false
			for _, p := range s.Problems(a) {
				found = found || p.Key == money && !p.Missing
			}
			if !found {
				t.Error("a wrong answer is no problem")
			}
			return nil
		})
	})
}

func TestTwoEditorsSeeEachOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		by, id := begun(t, db)
		mate := person(t, db, "p4@example.test")
		s := catalog.Building.Section("case")
		if err := on(t, db, mate, id, func(*store.Tx, *cases.Case) error { return nil }); !fault.Is(err, fault.NotFound) {
			t.Fatalf("a stranger sees the case: %v", err)
		}
		if err := on(t, db, by, id, func(tx *store.Tx, c *cases.Case) error {
			return cases.Invite(tx, by, c, "p4@example.test", "edit")
		}); err != nil {
			t.Fatal(err)
		}
		fill := func(a permit.Actor, name string, revision int64, force bool) error {
			return on(t, db, a, id, func(tx *store.Tx, c *cases.Case) error {
				return cases.Fill(tx, a, c, s, map[string]string{"building_name": name}, revision, force)
			})
		}
		if err := fill(by, "甲案", 0, false); err != nil {
			t.Fatal(err)
		}
		err := fill(mate, "乙案", 0, false) // drawn before the first save
		var clash *cases.Clash
		if !errors.As(err, &clash) || clash.Stand.Name != by.Name || len(clash.Diffs) != 1 || clash.Diffs[0].Their != "甲案" || clash.Diffs[0].Yours != "乙案" {
			t.Fatalf("the second save: %v", err)
		}
		if err := fill(mate, "甲案", 0, false); err != nil {
			t.Errorf("the same text is no clash: %v", err)
		}
		if err := fill(mate, "乙案", 0, true); err != nil {
			t.Errorf("decided for their own: %v", err)
		}
		if err := on(t, db, by, id, func(tx *store.Tx, c *cases.Case) error { return cases.Dismiss(tx, by, c, mate.Person) }); err != nil {
			t.Fatal(err)
		}
		if err := fill(mate, "丙案", 9, true); !fault.Is(err, fault.NotFound) {
			t.Errorf("dismissed and still in: %v", err)
		}
	})
}

func TestRowsAreFilledFromTheProfileRemovedAndRestored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		by, id := begun(t, db)
		s := catalog.Building.Section("designers")
		do := func(f func(*store.Tx, *cases.Case) error) {
			t.Helper()
			if err := on(t, db, by, id, f); err != nil {
				t.Fatal(err)
			}
		}
		rows := func() (out []permit.Row) {
			do(func(tx *store.Tx, c *cases.Case) error {
				a, err := cases.Answers(tx, c)
				out = a.Rows[s.Key]
				return err
			})
			return out
		}
		do(func(tx *store.Tx, c *cases.Case) error { _, err := cases.AddRow(tx, by, c, s, true); return err })
		got := rows()
		if len(got) != 1 || got[0].Values["arch_licence"] != "南市建開證字第T000101號" || got[0].Values["person_id"] != "D123000011" || !got[0].Lead {
			t.Fatalf("filled in %+v", got)
		}
		do(func(tx *store.Tx, c *cases.Case) error {
			raw, err := store.Get[string](tx, `SELECT data FROM case_sections WHERE case_id = $1 AND section = 'designers'`, id)
			if strings.Contains(raw, "D123000011") {
				t.Error("a national ID stands readable in the database")
			}
			return err
		})
		do(func(tx *store.Tx, c *cases.Case) error {
			return cases.SaveRow(tx, by, c, s, got[0].ID, map[string]string{"person_id": cases.Masked("D123000011"), "office_name": "改名事務所"}, true)
		})
		if now := rows(); now[0].Values["person_id"] != "D123000011" || now[0].Values["office_name"] != "改名事務所" {
			t.Errorf("after saving with the masked ID: %+v", now[0].Values)
		}
		do(func(tx *store.Tx, c *cases.Case) error {
			_, err := cases.RemoveRows(tx, by, c, s, []string{got[0].ID})
			return err
		})
		if n := len(rows()); n != 0 {
			t.Errorf("%d rows after removing all", n)
		}
		do(func(tx *store.Tx, c *cases.Case) error { return cases.RestoreRows(tx, by, c, s) })
		if now := rows(); len(now) != 1 || now[0].Values["person_id"] != "D123000011" {
			t.Errorf("restored %+v", now)
		}
	})
}

func TestFoundByWordsByThoseWhoMaySee(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		by, id := begun(t, db)
		if err := on(t, db, by, id, func(tx *store.Tx, c *cases.Case) error { return cases.FillAll(tx, by, c, catalog.C1()) }); err != nil {
			t.Fatal(err)
		}
		count := func(w cases.Wanted) (n int64) {
			t.Helper()
			write(t, db, func(tx *store.Tx) (err error) { n, err = cases.Count(tx, w); return err })
			return n
		}
		for words, want := range map[string]int64{"": 1, "測試大樓": 1, "樓": 1, "9001-1": 1, "測試丁": 1, "台南": 1, "不存在的樓": 0, "R223000041": 0} {
			if n := count(cases.Wanted{Person: by.Person, Words: words, Limit: 10}); n != want {
				t.Errorf("%q finds %d, want %d", words, n, want)
			}
		}
		if n := count(cases.Wanted{Person: "somebody else", Words: "測試大樓", Limit: 10}); n != 0 {
			t.Error("a stranger finds the case")
		}
		if n := count(cases.Wanted{Authorities: []string{roles.Tainan}, Limit: 10}); n != 0 {
			t.Error("the authority finds a draft")
		}
	})
}

func TestTheLogIsAppendOnlyAndChained(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		_, id := begun(t, db)
		for _, q := range []string{`UPDATE case_log SET said = 'x' WHERE case_id = $1`, `DELETE FROM case_log WHERE case_id = $1`} {
			err := db.Write(context.Background(), func(tx *store.Tx) error { _, err := tx.Exec(q, id); return err })
			if !errors.Is(err, store.ErrCheck) {
				t.Errorf("%s: %v", q, err)
			}
		}
	})
}

func TestPrintedFormsAreTheSameEachTime(t *testing.T) {
	db := storetest.SQLite(t)
	by, id := begun(t, db)
	if err := on(t, db, by, id, func(tx *store.Tx, c *cases.Case) error { return cases.FillAll(tx, by, c, catalog.C1()) }); err != nil {
		t.Fatal(err)
	}
	fonts, err := pdf.NewFonts("")
	if err != nil {
		t.Fatal(err)
	}
	room := &cases.Room{Fonts: fonts, Base: "https://bm.example.test"}
	_ = on(t, db, by, id, func(tx *store.Tx, c *cases.Case) error {
		a, err := cases.Answers(tx, c)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range c.Type.Prints {
			one, err1 := room.PrintForm(c, a, p, true)
			two, err2 := room.PrintForm(c, a, p, true)
			if err1 != nil || err2 != nil || string(one) != string(two) || len(one) < 1000 {
				t.Errorf("%s: %v %v, %d and %d bytes", p.Code, err1, err2, len(one), len(two))
			}
		}
		return nil
	})
}

func TestTheFeeIsTheAuthoritys(t *testing.T) {
	db := storetest.SQLite(t)
	by, id := begun(t, db)
	amount := func() (nt int64) {
		t.Helper()
		if err := on(t, db, by, id, func(tx *store.Tx, c *cases.Case) (err error) {
			nt, _, _, err = cases.Fee(tx, c, catalog.C1())
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return nt
	}
	if nt := amount(); nt != 6100 {
		t.Errorf("fee of C1 is %d", nt)
	}
	write(t, db, func(tx *store.Tx) error {
		return errors.Join(roles.SetSetting(tx, permit.System, roles.Tainan, "fee_per_mille", "0.5", ""),
			roles.SetSetting(tx, permit.System, roles.Tainan, "fee_minimum", "4000", ""))
	})
	if nt := amount(); nt != 4000 {
		t.Errorf("half a per mille, at least 4000, is %d", nt)
	}
}

func TestManyWriteTheLogAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		by, id := begun(t, db)
		s := catalog.Building.Section("case")
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				for j := range 5 {
					err := on(t, db, by, id, func(tx *store.Tx, c *cases.Case) error {
						return cases.Fill(tx, by, c, s, map[string]string{"building_name": strings.Repeat("樓", 1+i*5+j)}, 0, true)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		write(t, db, func(tx *store.Tx) error {
			broken, err := cases.VerifyLog(tx, id)
			if broken != 0 {
				t.Errorf("the log breaks at %d", broken)
			}
			return err
		})
	})
}

func TestAnIncompleteProfileOpensNothingAndSaysWhy(t *testing.T) {
	db := storetest.SQLite(t)
	begun(t, db)
	var nobody permit.Actor
	write(t, db, func(tx *store.Tx) error {
		p, err := accounts.New(tx, accounts.Person{Name: "測試新", Email: "new@example.test", Terms: accounts.Terms})
		if err != nil {
			return err
		}
		nobody, err = roles.Actor(tx, p.ID)
		return err
	})
	err := db.Write(context.Background(), func(tx *store.Tx) error {
		_, err := cases.Start(tx, nobody, catalog.Building, roles.Tainan, "")
		return err
	})
	f, ok := fault.As(err)
	if !ok || f.Way == nil || !strings.HasPrefix(f.Way.URL, "/bls/profile") {
		t.Errorf("without a role: %v", err)
	}
}
