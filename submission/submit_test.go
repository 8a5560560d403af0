package submission_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/drawings/drawingstest"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/submission"
)

func handed(t *testing.T, h *drawingstest.House, by permit.Actor, id string, n int) (submission.Round, error) {
	t.Helper()
	var r submission.Round
	err := h.Try(by, id, func(tx *store.Tx, c *cases.Case) (err error) {
		r, err = submission.Submit(tx, by, c, n)
		return err
	})
	return r, err
}

func TestPressedManyTimesAtOnceIsOneReceipt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := drawingstest.New(t, db)
		by := h.Person("p1@example.test")
		id := h.Open(by, catalog.Building, catalog.C1())
		h.Complete(by, id, catalog.C1())
		var mu sync.Mutex
		receipts := map[string]int{}
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				r, err := handed(t, h, by, id, 1)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				receipts[r.Receipt+" "+r.Digest]++
			})
		}
		wg.Wait()
		if len(receipts) != 1 {
			t.Errorf("receipts %v", receipts)
		}
		if c := h.Case(by, id); c.Round != 1 || c.State != permit.Submitted {
			t.Errorf("round %d, %s", c.Round, c.State)
		}
		if _, err := handed(t, h, by, id, 3); !fault.Is(err, fault.Conflict) {
			t.Errorf("a round that skips one: %v", err)
		}
	})
}

func TestWithdrawnNeedsAReasonAndEndsTheCase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := drawingstest.New(t, db)
		by := h.Person("p1@example.test")
		id := h.Open(by, catalog.Building, catalog.C1())
		withdraw := func(why string) error {
			return h.Try(by, id, func(tx *store.Tx, c *cases.Case) error { return submission.Withdraw(tx, by, c, why) })
		}
		if err := withdraw("不蓋了"); !fault.Is(err, fault.Conflict) {
			t.Errorf("a draft was withdrawn: %v", err)
		}
		h.Complete(by, id, catalog.C1())
		if _, err := handed(t, h, by, id, 1); err != nil {
			t.Fatal(err)
		}
		if err := withdraw(""); !fault.Is(err, fault.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		if err := withdraw("不蓋了"); err != nil {
			t.Fatal(err)
		}
		if c := h.Case(by, id); c.State != permit.Withdrawn || c.DecidedAt.IsZero() {
			t.Errorf("%s, decided %v", c.State, c.DecidedAt)
		}
	})
}

func TestAnAuthorityThatWantsSealsTakesNothingUnsealed(t *testing.T) {
	db := storetest.SQLite(t)
	h := drawingstest.New(t, db)
	by := h.Person("p1@example.test")
	id := h.Open(by, catalog.Building, catalog.C1())
	h.Complete(by, id, catalog.C1())
	h.Write(func(tx *store.Tx) error {
		return roles.SetSetting(tx, permit.System, roles.Tainan, "seals_required", "Y", "")
	})
	_, err := handed(t, h, by, id, 1)
	if f, ok := fault.As(err); !ok || len(f.Places) != 1 || !strings.Contains(f.Places[0].Message.Zh, "壓章") {
		t.Errorf("with seals required: %v", err)
	}
}

func TestAFrozenRoundKeepsItsIDsHiddenAndItsReceiptPrintsAlike(t *testing.T) {
	db := storetest.SQLite(t)
	h := drawingstest.New(t, db)
	by := h.Person("p1@example.test")
	id := h.Open(by, catalog.Building, catalog.C1())
	h.Complete(by, id, catalog.C1())
	r, err := handed(t, h, by, id, 1)
	if err != nil {
		t.Fatal(err)
	}
	h.Write(func(tx *store.Tx) error {
		raw, err := store.Get[string](tx, `SELECT answers || manifest FROM rounds WHERE case_id = $1`, id)
		if strings.Contains(raw, "R223000041") || strings.Contains(raw, "D123000011") {
			t.Error("a national ID stands readable in the round")
		}
		return err
	})
	var again submission.Round
	h.Do(by, id, func(tx *store.Tx, c *cases.Case) (err error) { again, err = submission.Find(tx, c, 1); return err })
	if rows := again.Answers.Rows["owners"]; len(rows) == 0 || rows[0].Values["any_id"] != "R223000041" {
		t.Errorf("read back without the owner's ID: %+v", rows)
	}
	fonts, err := drawingstest.Fonts()
	if err != nil {
		t.Fatal(err)
	}
	room := &submission.Room{Fonts: fonts, Base: "https://bm.example.test"}
	c := h.Case(by, id)
	one, err1 := room.PrintReceipt(c, r)
	two, err2 := room.PrintReceipt(c, again)
	if err1 != nil || err2 != nil || string(one) != string(two) {
		t.Fatalf("the receipt differs when it is printed again: %v %v", err1, err2)
	}
	text := pdfText(t, one)
	for _, want := range []string{r.Receipt, c.Serial, "測試大樓新建工程", "A1-01"} {
		if !strings.Contains(text, want) {
			t.Errorf("the receipt does not say %s", want)
		}
	}
}

func pdfText(t *testing.T, b []byte) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		if os.Getenv("CI") == "" {
			t.Skip("pdftotext is not installed")
		}
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "f.pdf")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// The sample cases C1, C3, C6 and C9 of the domain reference, each filed by the person who may.
func TestTheSampleCasesAreFiledByTheirPeople(t *testing.T) {
	db := storetest.SQLite(t)
	h := drawingstest.New(t, db)
	for _, c := range []struct {
		name, who string
		of        *permit.Type
		answers   func() permit.Answers
	}{
		{"C1", "p1@example.test", catalog.Building, catalog.C1}, {"C3", "p3@example.test", catalog.Start, catalog.C3},
		{"C6", "p3@example.test", catalog.Use, catalog.C6}, {"C9", "p7@example.test", catalog.Interior, catalog.C9},
	} {
		t.Run(c.name, func(t *testing.T) {
			by := h.Person(c.who)
			id := h.Open(by, c.of, c.answers())
			h.Complete(by, id, c.answers())
			r, err := handed(t, h, by, id, 1)
			if err != nil {
				t.Fatal(err)
			}
			if got := h.Case(by, id); got.State != permit.Submitted || r.Receipt == "" || got.Title == "" || got.Place == "" {
				t.Errorf("%s: %s, receipt %q, %q at %q", c.name, got.State, r.Receipt, got.Title, got.Place)
			}
		})
	}
	contractor := h.Person("p3@example.test")
	err := roles.MayOpen(contractor, catalog.Building)
	if f, ok := fault.As(err); !ok || f.Kind != fault.Forbidden || f.Way == nil {
		t.Errorf("a contractor opens a building licence: %v", err)
	}
}
