package cards_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/cards"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/seals/sealstest"
	"cloudbm/sim/card"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

type bench struct {
	*sealstest.Cards
	t  *testing.T
	db *store.DB
}

func open(t *testing.T, db *store.DB) *bench {
	t.Helper()
	b := &bench{sealstest.New(t, db), t, db}
	b.write(roles.Seed)
	return b
}

func (b *bench) write(f func(*store.Tx) error) {
	b.t.Helper()
	if err := b.db.Write(context.Background(), f); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) person(email string) (a permit.Actor) {
	b.t.Helper()
	b.write(func(tx *store.Tx) error {
		p, err := accounts.ByEmail(tx, email)
		if err == nil {
			a, err = roles.Actor(tx, p.ID)
		}
		return err
	})
	return a
}

// signed is what a card signs of a challenge for purpose.
func (b *bench) signed(by permit.Actor, c sealstest.Card) pki.Signed {
	b.t.Helper()
	var asked pki.Challenge
	b.write(func(tx *store.Tx) (err error) {
		asked, err = b.Room.Ask(tx, pki.BindCard, by.Person, time.Minute)
		return err
	})
	s, err := b.Room.Answered(context.Background(), pki.BindCard, by.Person, c.Signs(asked.Text))
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

func (b *bench) try(f func(*store.Tx) error) error { return b.db.Write(context.Background(), f) }

func (b *bench) register(by permit.Actor, c sealstest.Card) error {
	s := b.signed(by, c)
	return b.try(func(tx *store.Tx) error { _, err := cards.Register(tx, by, s); return err })
}

func (b *bench) owned(by permit.Actor) (all []cards.Card) {
	b.t.Helper()
	b.write(func(tx *store.Tx) (err error) { all, err = cards.Owned(tx, by.Person); return err })
	return all
}

func said(t *testing.T, err error, words string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok {
		t.Fatalf("want a refusal with %q, got %v", words, err)
	}
	all := f.Message.Zh
	for _, p := range f.Places {
		all += p.Message.Zh
	}
	if !strings.Contains(all, words) {
		t.Errorf("%q does not say %q", all, words)
	}
}

// TestRegister: S143–S146. A card is registered by what it signs, to whom it belongs, once.
func TestRegister(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := open(t, db)
		p1, p2, p3 := b.person("p1@example.test"), b.person("p2@example.test"), b.person("p3@example.test")
		mine := b.Card("測試甲")
		if err := b.register(p1, mine); err != nil {
			t.Fatal(err)
		}
		all := b.owned(p1)
		if len(all) != 1 || all[0].Number != "TP01000000000011" || all[0].Typed() || all[0].Certificate.Last4 != "0011" || all[0].Kind != pki.Citizen {
			t.Fatalf("%+v", all)
		}
		if err := b.register(p1, mine); err != nil || len(b.owned(p1)) != 1 {
			t.Errorf("the same card again: %v, %d", err, len(b.owned(p1)))
		}
		said(t, b.register(p2, mine), "用您本人的自然人憑證")
		// A second card of the same person, and one with the ID of somebody else of that name.
		second := card.Holder{Kind: pki.Citizen, Name: "測試甲", Last4: "0011", Number: "TP09000000000011", Serial: "0000000000000011"}
		if err := b.register(p1, b.Issue(second)); err != nil || len(b.owned(p1)) != 2 {
			t.Errorf("a second card: %v", err)
		}
		second.Last4, second.Number = "9999", "TP09000000009999"
		said(t, b.register(p1, b.Issue(second)), "後四碼和這張憑證不同")
		// Firms: by 統一編號.
		if err := b.register(p3, b.Card("測試營造有限公司")); err != nil {
			t.Error(err)
		}
		said(t, b.register(p3, b.Card("範例室內裝修有限公司")), "這張憑證是 90010079，角色資料是 90010009")
		said(t, b.register(p1, b.Card("測試營造有限公司")), "先在角色資料填寫統一編號")
		said(t, b.register(p3, b.Card("測試丙")), "您的角色資料沒有這一欄")
		said(t, b.register(p1, b.Card("測試市政府")), "這一種憑證不在這裡註冊")
		if err := b.register(p1, b.Card("測試建築師公會")); err != nil {
			t.Error(err)
		}
		// Renewed: another certificate on the same card takes its place.
		old := b.owned(p1)[0]
		if err := b.register(p1, b.Issue(mine.Holder)); err != nil {
			t.Fatal(err)
		}
		now := b.owned(p1)
		if len(now) != 3 || slices.ContainsFunc(now, func(c cards.Card) bool { return c.ID == old.ID }) {
			t.Errorf("after the renewal: %+v", now)
		}
		// Renewed and not read here yet: it is known by the number of the card.
		again := b.signed(p1, b.Issue(mine.Holder))
		if err := b.try(func(tx *store.Tx) error { _, err := cards.Used(tx, p1, again); return err }); err != nil {
			t.Errorf("a renewed certificate on a registered card: %v", err)
		}
		var past []cards.Card
		b.write(func(tx *store.Tx) (err error) { past, err = cards.Past(tx, p1.Person); return err })
		if len(past) != 2 || past[1].ID != old.ID || past[1].Why != "renewed" {
			t.Errorf("the history: %+v", past)
		}
	})
}

// TestTyped: a typed number is unverified until the card signs; typed by another it keeps the holder from nothing.
func TestTyped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := open(t, db)
		p1, p2 := b.person("p1@example.test"), b.person("p2@example.test")
		kept := func(by permit.Actor, typed string) error {
			return b.try(func(tx *store.Tx) error { return cards.Type(tx, by, pki.Citizen, typed, cards.Numbers{}) })
		}
		for _, by := range []permit.Actor{p1, p2} {
			if err := kept(by, "tp01 0000 0000 0011"); err != nil {
				t.Fatal(err)
			}
		}
		said(t, kept(p1, "TP01000000000011"), "已經在您的清單裡")
		if all := b.owned(p1); len(all) != 1 || !all[0].Typed() {
			t.Fatalf("%+v", all)
		}
		// Sealing with it verifies it; the number that another typed goes.
		s := b.signed(p1, b.Card("測試甲"))
		if err := b.try(func(tx *store.Tx) error { _, err := cards.Used(tx, p1, s); return err }); err != nil {
			t.Fatal(err)
		}
		if all := b.owned(p1); len(all) != 1 || all[0].Typed() {
			t.Errorf("%+v", all)
		}
		if all := b.owned(p2); len(all) != 0 {
			t.Errorf("another's number stays: %+v", all)
		}
		// A number whose letters were taken for digits is known again.
		odd := b.Issue(card.Holder{Kind: pki.Citizen, Name: "測試甲", Last4: "0011", Number: "TPO1I000000000L1"})
		if err := kept(p1, "tpo1i000000000l1"); err != nil {
			t.Fatal(err)
		}
		s = b.signed(p1, odd)
		var news say.Text
		if err := b.try(func(tx *store.Tx) error { c, err := cards.Used(tx, p1, s); news = c.News(); return err }); err != nil || news.Zh != "已驗證並註冊自然人憑證 TPO1I000000000L1" {
			t.Errorf("%v %q", err, news.Zh)
		}
		s = b.signed(p2, b.Card("測試乙"))
		said(t, b.try(func(tx *store.Tx) error { _, err := cards.Used(tx, p2, s); return err }), "先註冊這張憑證")
	})
}

// TestUsed: what is said of a card with which somebody wants to seal, and who is told.
func TestUsed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := open(t, db)
		p1, p2 := b.person("p1@example.test"), b.person("p2@example.test")
		var told []string
		room := &cards.Room{Tell: func(_ *store.Tx, person string, title, _ say.Text, _ string) error {
			told = append(told, person+" "+title.Zh)
			return nil
		}}
		used := func(by permit.Actor, s pki.Signed) error {
			told = nil
			return b.try(func(tx *store.Tx) error { told = nil; return room.Used(tx, by, s) })
		}
		guild := b.Card("測試建築師公會")
		if err := b.register(p2, guild); err != nil {
			t.Fatal(err)
		}
		said(t, used(p1, b.signed(p1, guild)), "已註冊在另一個帳號")
		said(t, used(p1, b.signed(p1, b.Issue(guild.Holder))), "已註冊在另一個帳號")

		mine := b.Card("測試甲")
		said(t, used(p1, b.signed(p1, mine)), "先註冊這張憑證")
		if err := b.try(func(tx *store.Tx) error { return cards.Type(tx, p1, pki.Citizen, mine.Holder.Number, cards.Numbers{}) }); err != nil {
			t.Fatal(err)
		}
		said(t, used(p1, b.signed(p1, b.Issue(card.Holder{Kind: pki.Citizen, Name: "測試乙", Last4: "0022", Number: mine.Holder.Number}))), "用您本人的自然人憑證")
		if all := b.owned(p1); len(all) != 1 || !all[0].Typed() {
			t.Errorf("refused, and yet %+v", all)
		}
		for _, want := range []string{p1.Person + " 已驗證並註冊自然人憑證 " + mine.Holder.Number, ""} {
			if err := used(p1, b.signed(p1, mine)); err != nil || strings.Join(told, "") != want {
				t.Errorf("%v: told %q, want %q", err, told, want)
			}
		}
		// Somebody whose name has changed since.
		b.write(func(tx *store.Tx) error {
			p, err := accounts.Find(tx, p1.Person)
			if err == nil {
				p.Name, p.Contact = "測試新", p.Mail()
				_, err = accounts.Change(tx, p1, p)
			}
			return err
		})
		said(t, used(b.person("p1@example.test"), b.signed(p1, mine)), "用您本人的自然人憑證：這張是測試甲的，您的帳號是測試新")
	})
}

// TestTwoAtOnce: two accounts of one person register one card at once; one has it.
func TestTwoAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := open(t, db)
		p4 := b.person("p4@example.test")
		other := p4
		b.write(func(tx *store.Tx) error { // somebody with two accounts
			p, err := accounts.ByEmail(tx, "p10@example.test")
			other.Person = p.ID
			return err
		})
		one := b.Issue(card.Holder{Kind: pki.Organisation, Name: "測試建築師公會", Organisation: "1", Number: "XC01000000000001"})
		s1, s2 := b.signed(p4, one), b.signed(other, one)
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, by := range []permit.Actor{p4, other} {
			wg.Add(1)
			go func() {
				defer wg.Done()
				errs[i] = b.try(func(tx *store.Tx) error { _, err := cards.Register(tx, by, []pki.Signed{s1, s2}[i]); return err })
			}()
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("%v, %v", errs[0], errs[1])
		}
		for _, err := range errs {
			if err != nil {
				said(t, err, "已註冊在另一個帳號")
			}
		}
	})
}

// TestTwice: somebody who presses twice has the card once, and is not told that it is another's.
func TestTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := open(t, db)
		p1, mine := b.person("p1@example.test"), b.Card("測試甲")
		both := []pki.Signed{b.signed(p1, mine), b.signed(p1, mine)}
		var wg sync.WaitGroup
		errs := make([]error, len(both))
		for i, s := range both {
			wg.Go(func() {
				errs[i] = b.try(func(tx *store.Tx) error { _, err := cards.Register(tx, p1, s); return err })
			})
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil || len(b.owned(p1)) != 1 {
			t.Errorf("%v; %d cards", err, len(b.owned(p1)))
		}
	})
}

// TestRemind: the holder is told once for each of the days before the end.
func TestRemind(t *testing.T) {
	db := storetest.SQLite(t)
	b := open(t, db)
	p1 := b.person("p1@example.test")
	if err := b.register(p1, b.Card("測試甲")); err != nil {
		t.Fatal(err)
	}
	until := b.owned(p1)[0].Certificate.Until
	var told []string
	room := &cards.Room{Tell: func(_ *store.Tx, _ string, title, _ say.Text, _ string) error {
		told = append(told, title.Zh)
		return nil
	}}
	for _, step := range []struct {
		days int
		n    int
		says string
	}{{100, 0, ""}, {90, 1, "再 90 天到期"}, {80, 1, ""}, {30, 2, "再 30 天到期"}, {7, 3, "再 7 天到期"}, {1, 3, ""}, {-1, 4, "憑證已過期"}, {-2, 4, ""}, {-40, 4, ""}} {
		b.write(func(tx *store.Tx) error {
			tx.Now = until.AddDate(0, 0, -step.days)
			return room.Remind(tx)
		})
		if len(told) != step.n || step.says != "" && !strings.Contains(told[len(told)-1], step.says) {
			t.Errorf("%d days before: %v", step.days, told)
		}
	}
}

// TestRemindOfOtherDays: which days they are is configuration; on the last day of a card it has not ended.
func TestRemindOfOtherDays(t *testing.T) {
	db := storetest.SQLite(t)
	b := open(t, db)
	p1 := b.person("p1@example.test")
	if err := b.register(p1, b.Card("測試甲")); err != nil {
		t.Fatal(err)
	}
	until := b.owned(p1)[0].Certificate.Until
	var told []string
	room := &cards.Room{Warn: []int{60, 0}, Tell: func(_ *store.Tx, _ string, title, _ say.Text, _ string) error {
		told = append(told, title.Zh)
		return nil
	}}
	for _, step := range []struct {
		before time.Duration
		n      int
		says   string
	}{{61 * 24 * time.Hour, 0, ""}, {59 * 24 * time.Hour, 1, "再 59 天到期"}, {time.Second, 2, "今天到期"}, {0, 3, "憑證已過期"}} {
		b.write(func(tx *store.Tx) error {
			tx.Now = until.Add(-step.before)
			return room.Remind(tx)
		})
		if len(told) != step.n || step.says != "" && !strings.Contains(told[len(told)-1], step.says) {
			t.Errorf("%s before: %v", step.before, told)
		}
	}
}

// TestRemove: only one's own, and only after proving who one is.
func TestRemove(t *testing.T) {
	b := open(t, storetest.SQLite(t))
	p1, p2 := b.person("p1@example.test"), b.person("p2@example.test")
	if err := b.register(p1, b.Card("測試甲")); err != nil {
		t.Fatal(err)
	}
	id := b.owned(p1)[0].ID
	remove := func(by permit.Actor) error {
		return b.try(func(tx *store.Tx) error { _, err := cards.Remove(tx, by, id); return err })
	}
	said(t, remove(p2), "這張憑證已經移除")
	said(t, remove(p1), "先確認是您本人")
	if len(b.owned(p1)) != 1 {
		t.Error("it is gone")
	}
}
