package kill

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/blob"
	"cloudbm/cards"
	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/drawings"
	"cloudbm/factors"
	"cloudbm/jobs"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/roles"
	"cloudbm/seals/sealstest"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// TestKill ends the program thirty times while seven people work, two thirds of the time on SQLite and one third on
// PostgreSQL, and then counts.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("takes two minutes")
	}
	blows := number(t, "CLOUDBM_KILLS", 30)
	seed := uint64(number(t, "CLOUDBM_SEED", int(time.Now().UnixNano()&0xFFFFFF)))
	t.Logf("CLOUDBM_SEED=%d CLOUDBM_KILLS=%d", seed, blows)
	t.Run("sqlite", func(t *testing.T) { killing(t, "", blows-blows/3, seed) })
	t.Run("postgres", func(t *testing.T) { killing(t, storetest.PostgresURL(t), blows/3, seed+1) })
}

func number(t *testing.T, name string, usual int) int {
	s := os.Getenv(name)
	if s == "" {
		return usual
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

func killing(t *testing.T, database string, blows int, seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, 9))
	p := newProgram(t, t.TempDir(), database)
	h := openHouse(t, p)
	drafts := h.draft()
	card, anchors, sealing := h.card("p1@example.test", "測試甲")
	p.env = []string{"CLOUDBM_CARD_ANCHORS=" + anchors, "CLOUDBM_CARD_UNREACHABLE=accept-and-note"}
	h.close()

	l := newLedger(t)
	var people []*person
	for i, who := range []struct {
		email string
		kind  *permit.Type
	}{
		{"p1@example.test", catalog.Building}, {"p2@example.test", catalog.Building}, {"p3@example.test", catalog.Start},
		{"p3@example.test", catalog.Start}, {"p7@example.test", catalog.Interior}, {"p7@example.test", catalog.Interior}, {"p8@example.test", nil},
	} {
		ready := drafts[who.email]
		if who.kind == nil {
			ready = slices.Concat(drafts["p1@example.test"], drafts["p3@example.test"], drafts["p7@example.test"])
		}
		one := newPerson(t, l, p.url(), who.email, who.kind, ready, rand.New(rand.NewPCG(seed, uint64(100+i))))
		if who.email == "p1@example.test" {
			one.card, one.sealed = &card, sealing
		}
		people = append(people, one)
	}

	for n := range blows {
		p.start()
		if n%6 != 5 { // every sixth blow falls while the program is coming up
			p.ready()
		}
		for n == 0 && slices.ContainsFunc(people, func(x *person) bool { return !x.in }) {
			for _, x := range people { // five interrupted attempts would close the account for a quarter of an hour
				x.signIn(context.Background())
			}
		}
		round, end := context.WithCancel(context.Background())
		var all sync.WaitGroup
		for _, x := range people {
			all.Go(func() { x.work(round) })
		}
		time.Sleep(time.Duration(50+rnd.IntN(1450)) * time.Millisecond) // when the blow falls is left to chance
		p.blow()
		end()
		all.Wait()
	}

	p.start()
	p.ready()
	h = openHouse(t, p)
	defer h.close()
	all := slices.Concat(drafts["p1@example.test"], drafts["p3@example.test"], drafts["p7@example.test"], []string{sealing})
	f := h.settled(l, all)
	p.stop()
	for _, line := range p.said.errors() {
		t.Errorf("the program said: %s", line)
	}
	if out, err := p.command("check").CombinedOutput(); err != nil {
		t.Errorf("cloudbm check: %v\n%s", err, out)
	}
	for _, s := range append(l.wrong, check(l, f, all)...) {
		t.Error(s)
	}
	t.Logf("%d blows; promised: %d cases, %d names, %d rows, %d uploads, %d files by form, %d submissions, %d receipts, %d registrations, %d seals", blows,
		l.count(opened), l.count(named), l.count(added), l.count(uploaded), l.count(received), l.count(submitted), l.count(receipt), l.count(taken), l.count(sealed))
	everyKind(t, l, f, all)
}

// everyKind makes sure that this run said something, and that the checker would have noticed: each promise is broken on
// purpose once.
func everyKind(t *testing.T, l *ledger, f *found, drafts []string) {
	t.Helper()
	if t.Failed() {
		return
	}
	for _, what := range []string{opened, named, added, uploaded, received, submitted, receipt, taken, sealed} {
		i := slices.IndexFunc(l.promises, func(p promise) bool { return p.What == what })
		if i < 0 {
			t.Errorf("nothing was %s: this run says nothing about it", what)
			continue
		}
		forged := &ledger{t: t, promises: slices.Clone(l.promises), names: l.names, kept: l.kept, rows: l.rows, cases: l.cases}
		p := &forged.promises[i]
		switch what {
		case named:
			forged.names = map[string][]string{p.Case: {"另一個名字"}}
			forged.kept = map[string]int{p.Case: 0}
		case uploaded, received, sealed:
			p.Text = blob.Of([]byte("other bytes")).String()
		case added, receipt:
			p.Key = "另一個"
		default:
			p.Case = "no such case"
		}
		if len(check(forged, f, drafts)) == 0 {
			t.Errorf("a broken promise of the kind %q is not noticed", what)
		}
	}
}

// house is the database and the files, opened beside the program.
type house struct {
	t     *testing.T
	db    *store.DB
	room  *drawings.Room
	files *blob.Store
}

func openHouse(t *testing.T, p *program) *house {
	t.Helper()
	ctx := context.Background()
	url := p.database
	if url == "" {
		url = filepath.Join(p.data, "cloudbm.db")
	}
	h := &house{t: t}
	var err error
	if h.db, err = store.Open(ctx, url); err == nil {
		err = h.db.Migrate(ctx)
	}
	if err == nil {
		err = jobs.Migrate(ctx, h.db)
	}
	h.must(err)
	vault, err := store.VaultFile(filepath.Join(p.data, "keys"))
	h.must(err)
	h.db.SetVault(vault)
	h.files, err = blob.Open(filepath.Join(p.data, "blobs"))
	h.must(err)
	h.room = &drawings.Room{Blobs: h.files, DB: h.db, Cache: t.TempDir()}
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) close() { h.must(h.db.Close()) }

// draft makes cases that are complete and only have to be submitted, for each of three people.
func (h *house) draft() map[string][]string {
	engine, err := pdf.NewEngine(filepath.Join(os.TempDir(), "cloudbm-test-pdfium"), 1)
	h.must(err)
	defer engine.Close()
	h.room.Engine = engine
	h.must(h.db.Write(context.Background(), roles.Seed))
	h.must(h.db.Write(context.Background(), factors.Seed))
	out := map[string][]string{}
	rnd := rand.New(rand.NewPCG(1, 1))
	for _, d := range []struct {
		email string
		kind  *permit.Type
		a     func() permit.Answers
		n     int
	}{{"p1@example.test", catalog.Building, catalog.C1, 1}, {"p3@example.test", catalog.Start, catalog.C3, 8}, {"p7@example.test", catalog.Interior, catalog.C9, 8}} {
		for range d.n {
			out[d.email] = append(out[d.email], h.complete(rnd, d.email, d.kind, d.a()))
		}
	}
	return out
}

// card is a card that somebody has registered, the file of its authorities, and a case that they seal and never submit.
func (h *house) card(email, name string) (card sealstest.Card, anchors, id string) {
	issued := sealstest.New(h.t, h.db)
	card = issued.Card(name)
	anchors = filepath.Join(h.t.TempDir(), "anchors.pem")
	h.must(os.WriteFile(anchors, issued.CA.Anchors(), 0o600))
	ctx, about := context.Background(), "registration"
	var by permit.Actor
	var asked pki.Challenge
	h.must(h.db.Write(ctx, func(tx *store.Tx) error {
		who, err := accounts.ByEmail(tx, email)
		if err == nil {
			by, err = roles.Actor(tx, who.ID)
		}
		if err == nil {
			asked, err = issued.Room.Ask(tx, pki.BindCard, about, time.Minute)
		}
		return err
	}))
	signed, err := issued.Room.Answered(ctx, pki.BindCard, about, card.Signs(asked.Text))
	h.must(err)
	h.must(h.db.Write(ctx, func(tx *store.Tx) error { _, err := cards.Register(tx, by, signed); return err }))
	h.must(h.db.Write(ctx, func(tx *store.Tx) error {
		c, err := cases.Start(tx, by, catalog.Building, roles.Tainan, "")
		if err != nil {
			return err
		}
		id = c.ID
		return cases.FillAll(tx, by, c, catalog.C1())
	}))
	return card, anchors, id
}

func (h *house) complete(rnd *rand.Rand, email string, kind *permit.Type, a permit.Answers) (id string) {
	ctx := context.Background()
	var by permit.Actor
	h.must(h.db.Write(ctx, func(tx *store.Tx) error {
		who, err := accounts.ByEmail(tx, email)
		if err != nil {
			return err
		}
		if by, err = roles.Actor(tx, who.ID); err != nil {
			return err
		}
		c, err := cases.Start(tx, by, kind, roles.Tainan, "")
		if err != nil {
			return err
		}
		id = c.ID
		return cases.FillAll(tx, by, c, a)
	}))
	whole := kind.Complete(a)
	for _, d := range kind.DrawingsAsked(whole) {
		h.must(h.room.Bring(ctx, by, id, "", d.Class+"-01_"+d.Name.Zh+".pdf", bytes.NewReader(paper(rnd, 0))))
	}
	for _, x := range kind.AttachmentsAsked(whole) {
		if x.Required {
			h.must(h.room.Bring(ctx, by, id, x.Code, x.Code+".pdf", bytes.NewReader(paper(rnd, 0))))
		}
	}
	return id
}

// settled waits until every file has been looked at, and tells what is there.
func (h *house) settled(l *ledger, drafts []string) *found {
	for until := time.Now().Add(90 * time.Second); ; {
		f, err := look(context.Background(), h.db, h.files, l, drafts)
		h.must(err)
		if f.waiting == 0 || time.Now().After(until) {
			return f
		}
		time.Sleep(200 * time.Millisecond) // another process is at work
	}
}

// TestLedger: what is written into the ledger stands in its file.
func TestLedger(t *testing.T) {
	l := newLedger(t)
	l.ask(func(l *ledger) { l.names["c"] = append(l.names["c"], "甲", "乙") })
	l.keep(promise{What: named, Case: "c", Text: "乙"})
	b, err := os.ReadFile(l.f.Name())
	if want := fmt.Sprintln(`{"what":"named","case":"c","value":"乙"}`); err != nil || string(b) != want || l.kept["c"] != 1 {
		t.Errorf("the ledger says %q (%v), want %q; kept %d", b, err, want, l.kept["c"])
	}
}
