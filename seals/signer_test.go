package seals_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/drawings/drawingstest"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/seals"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// TestSigners: who has to seal, by what the form says.
func TestSigners(t *testing.T) {
	h := drawingstest.New(t, storetest.SQLite(t))
	rows := func(a permit.Answers, section string, change func([]permit.Row) []permit.Row) permit.Answers {
		a.Rows[section] = change(a.Rows[section])
		return a
	}
	set := func(key, value string) func([]permit.Row) []permit.Row {
		return func(all []permit.Row) []permit.Row {
			for i := range all {
				all[i].Values = maps.Clone(all[i].Values)
				all[i].Values[key] = value
			}
			return all
		}
	}
	for _, x := range []struct {
		name string
		by   string
		kind *permit.Type
		a    permit.Answers
		want []string // name and party
	}{
		{"an architect alone", "p1@example.test", catalog.Building, catalog.C1(), []string{"測試甲 designer"}},
		{"an architect and two engineers", "p2@example.test", catalog.Building, catalog.C2(), []string{"測試乙 designer", "測試戊 certifier", "測試己 certifier"}},
		{"two engineers for one item", "p2@example.test", catalog.Building, rows(catalog.C2(), "engineers", set("cert_item", "1")), []string{"測試乙 designer", "測試戊 certifier", "測試己 certifier"}},
		{"no architect needed", "p1@example.test", catalog.Building, rows(catalog.C1(), "designers", set("exempt", "Y")), nil},
		{"two designers: who leads", "p2@example.test", catalog.Building, rows(catalog.C2(), "designers", func(all []permit.Row) []permit.Row {
			second := permit.Row{ID: store.NewID(), Values: maps.Clone(all[0].Values)}
			second.Values["name"], second.Values["arch_licence"] = "測試甲", "南市建開證字第T000101號"
			return append(all, second)
		}), []string{"測試乙 designer", "測試戊 certifier", "測試己 certifier"}},
		{"a contractor seals nothing", "p3@example.test", catalog.Start, catalog.C3(), nil},
		{"nor does a decorator", "p7@example.test", catalog.Interior, catalog.C9(), nil},
	} {
		id := h.Open(h.Person(x.by), x.kind, x.a)
		h.Complete(h.Person(x.by), id, x.a)
		h.Do(h.Person(x.by), id, func(tx *store.Tx, c *cases.Case) error {
			all, err := seals.Signers(tx, c)
			var got []string
			for _, s := range all {
				got = append(got, s.Name+" "+string(s.Party))
			}
			if !slices.Equal(got, x.want) {
				t.Errorf("%s: %v, want %v", x.name, got, x.want)
			}
			return err
		})
	}
}

// TestTwoRows: an engineer with a row for each of two items is one signer; where the rows differ, the counter says so.
func TestTwoRows(t *testing.T) {
	n := open(t, storetest.SQLite(t))
	a := catalog.C2()
	first := a.Rows["engineers"][0]
	second := permit.Row{ID: store.NewID(), Values: maps.Clone(first.Values)}
	second.Values["cert_item"], second.Values["eng_permit"] = "2", "內授營建管字第1110000009號"
	a.Rows["engineers"] = []permit.Row{first, second}
	n.id = n.Open(n.architect, catalog.Building, a)
	n.Complete(n.architect, n.id, a)
	holds := func() (all string) {
		n.Do(n.architect, n.id, func(tx *store.Tx, c *cases.Case) error {
			h, err := seals.Holds(tx, c)
			for _, x := range h {
				all += x.Text.Zh + " " + x.URL + "\n"
			}
			return err
		})
		return all
	}
	if h := holds(); !strings.Contains(h, "把測試戊的姓名和許可文號改成一樣") || !strings.Contains(h, "form/engineers") {
		t.Error(h)
	}
	s := n.seal(n.eng, permit.Certifier, n.engineCard, everything)
	if s.Work != "1,2" || n.left()["測試戊"] != 0 {
		t.Errorf("work %q, left %v", s.Work, n.left())
	}
}

// TestProfilesChange: what becomes of a signer's account later changes nothing of what they have sealed.
func TestProfilesChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		s := n.seal(n.eng, permit.Certifier, n.engineCard, everything)
		n.Write(func(tx *store.Tx) error {
			return tx.Must(`UPDATE profiles SET ended_at = $1 WHERE person = $2`, store.At(tx.Now), n.eng.Person)
		})
		if l := n.left(); l["測試戊"] != 0 {
			t.Errorf("left %v", l)
		}
		n.Write(func(tx *store.Tx) error {
			for _, it := range s.Items {
				if it.Kind != "sheet" {
					continue
				}
				if p, err := seals.OnStamp(tx, it.ID); err != nil || p.Why != "" {
					t.Errorf("%s: %q %v", it.Number, p.Why, err)
				}
			}
			return nil
		})
	})
}

// TestNamedBefore: who registers a licence that a case has named already is let in and may seal.
func TestNamedBefore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := drawingstest.New(t, db)
		architect, eng := h.Person("p2@example.test"), h.Person("p5@example.test")
		ended := func(at string) {
			h.Write(func(tx *store.Tx) error {
				when := store.At(tx.Now)
				if at == "" {
					when = store.Time{}
				}
				return tx.Must(`UPDATE profiles SET ended_at = $1 WHERE person = $2`, when, eng.Person)
			})
		}
		ended("now")
		id := h.Open(architect, catalog.Building, catalog.C2())
		if err := h.Try(eng, id, func(*store.Tx, *cases.Case) error { return nil }); !fault.Is(err, fault.NotFound) {
			t.Fatalf("let in without a licence: %v", err)
		}
		ended("")
		licence, err := roles.Licence(permit.Engineer, "技執 字第 00123 號")
		if err != nil {
			t.Fatal(err)
		}
		h.Write(func(tx *store.Tx) error { return cases.Seat(tx, permit.Engineer, licence) })
		if err := h.Try(eng, id, func(*store.Tx, *cases.Case) error { return nil }); err != nil {
			t.Errorf("not let in: %v", err)
		}
	})
}

// TestDiscard: a draft that was sealed, or of which somebody declined, can be thrown away.
func TestDiscard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		n.seal(n.architect, permit.Designer, n.architectCard, everything)
		n.Do(n.eng, n.id, func(tx *store.Tx, c *cases.Case) error { return seals.Decline(tx, n.eng, c, "不符") })
		n.Write(func(tx *store.Tx) error { return seals.Review(tx, n.id) })
		n.Do(n.architect, n.id, func(tx *store.Tx, c *cases.Case) error { return cases.Discard(tx, n.architect, c) })
		if err := n.Try(n.architect, n.id, func(*store.Tx, *cases.Case) error { return nil }); !fault.Is(err, fault.NotFound) {
			t.Errorf("still there: %v", err)
		}
	})
}
