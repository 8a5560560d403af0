package egov_test

import (
	"testing"

	"cloudbm/egov"
	"cloudbm/fault"
	"cloudbm/pki"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// citizen is the certificate of a demonstration's member.
func citizen(name, last4 string) egov.Certificate {
	return egov.Certificate{Kind: pki.Citizen, Name: name, Last4: last4, Number: "TP00000000000001", Fingerprint: "f-" + name}
}

// TestCards: S39, S41, S113 as verbs, on both databases.
func TestCards(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := openOn(t, db)
		mine, other := citizen("測試甲", "0011"), citizen("測試乙", "0022")
		signIn := func(c egov.Certificate) (v egov.Visit, err error) {
			err = p.try(func(tx *store.Tx) error {
				secret, err := egov.SignInByCard(tx, c)
				if err == nil {
					v, err = egov.Present(tx, secret)
				}
				return err
			})
			return v, err
		}
		if _, err := signIn(mine); !fault.Is(err, fault.NotFound) {
			t.Errorf("a card that nobody bound: %v", err)
		}
		bind := func(account string, c egov.Certificate) error {
			m := p.member(account)
			return p.try(func(tx *store.Tx) error { return egov.BindCard(tx, m, c) })
		}
		if err := bind("test01", other); !fault.Is(err, fault.Forbidden) {
			t.Errorf("somebody else's card: %v", err)
		}
		if err := bind("test01", mine); err != nil {
			t.Fatal(err)
		}
		if err := bind("test01", mine); err != nil {
			t.Errorf("bound twice: %v", err)
		}
		if v, err := signIn(mine); err != nil || v.Member.Account != "test01" || v.Level != egov.ByCard {
			t.Errorf("%+v, %v", v, err)
		}
		company := egov.Certificate{Kind: pki.Company, Name: "測試營造有限公司", UBN: "12345675", Number: "MO1", Fingerprint: "f-firm"}
		if err := bind("test03", company); err != nil {
			t.Fatal(err)
		}
		if err := bind("test04", company); !fault.Is(err, fault.Conflict) {
			t.Errorf("one card, two members: %v", err)
		}
		p.do(func(tx *store.Tx) error {
			cards, err := egov.Cards(tx, p.memberIn(tx, "test03"))
			if len(cards) != 1 || cards[0].UBN != "12345675" || cards[0].Bound != p.now {
				t.Errorf("%+v", cards)
			}
			return err
		})
		m := p.member("test03")
		p.do(func(tx *store.Tx) error { return egov.UnbindCard(tx, m, "f-firm") })
		if err := p.try(func(tx *store.Tx) error { return egov.UnbindCard(tx, m, mine.Fingerprint) }); err == nil {
			t.Error("somebody unbound another's card")
		}
	})
}

// TestEnableByCard: S39, S41. Only the member's own citizen certificate, by name and last four digits or by binding.
func TestEnableByCard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := openOn(t, db)
		lock(p, "test06")
		enable := func(account string, c egov.Certificate) error {
			return p.try(func(tx *store.Tx) error { return egov.EnableByCard(tx, account, c) })
		}
		firm := citizen("測試己", "0066")
		firm.Kind = pki.Company
		for what, err := range map[string]error{
			"another name":     enable("test06", citizen("測試甲", "0066")),
			"other digits":     enable("test06", citizen("測試己", "0011")),
			"no digits":        enable("test06", citizen("測試己", "")),
			"a firm's card":    enable("test06", firm),
			"an unknown":       enable("nobody", citizen("測試己", "0066")),
			"never verified":   enable("test12", citizen("測試未", "0000")),
			"unknown, no name": enable("nobody", egov.Certificate{Kind: pki.Citizen}),
		} {
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if got := p.member("test06").State; got != egov.Locked {
			t.Fatalf("state %s", got)
		}
		if err := enable("TEST06", citizen("測試己", "0066")); err != nil {
			t.Fatal(err)
		}
		if got := p.member("test06").State; got != egov.Active {
			t.Errorf("state %s", got)
		}
		var secret string
		p.do(func(tx *store.Tx) (err error) {
			secret, err = egov.ResetByCard(tx, "test06", citizen("測試己", "0066"))
			return err
		})
		p.do(func(tx *store.Tx) error { return egov.Reset(tx, secret, "River47tree", "River47tree") })
		// 未啟用 and never verified, but the card was bound while it could sign in.
		asleep := citizen("測試午", "")
		p.do(func(tx *store.Tx) error { return egov.BindCard(tx, p.memberIn(tx, "test11"), asleep) })
		if err := enable("test11", asleep); err != nil {
			t.Error(err)
		}
	})
}
