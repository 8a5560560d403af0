package seals_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/cms"
	"cloudbm/drawings"
	"cloudbm/drawings/drawingstest"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/proof"
	"cloudbm/roles"
	"cloudbm/seals"
	"cloudbm/seals/sealstest"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/submission"
)

// counter is a house with a case of C2 (測試乙 designs, 測試戊 certifies the structure, 測試己 the ground) and everybody's card.
type counter struct {
	*drawingstest.House
	*sealstest.Cards
	id                        string
	architect, eng, other     permit.Actor
	architectCard, engineCard sealstest.Card
}

func open(t *testing.T, db *store.DB) *counter {
	t.Helper()
	n := &counter{House: drawingstest.New(t, db), Cards: sealstest.New(t, db)}
	n.architect, n.eng, n.other = n.Person("p2@example.test"), n.Person("p5@example.test"), n.Person("p7@example.test")
	n.architectCard, n.engineCard = n.Card("測試乙"), n.Card("測試戊")
	n.id = n.Open(n.architect, catalog.Building, catalog.C2())
	n.Complete(n.architect, n.id, catalog.C2())
	n.Write(func(tx *store.Tx) error {
		return roles.SetSetting(tx, permit.System, roles.Tainan, "seals_required", "Y", "")
	})
	return n
}

func anyCard(*store.Tx, permit.Actor, pki.Signed) error { return nil }

// asked asks for a seal of by over the things that pick takes, with pictures that stand for the real ones.
func (n *counter) asked(by permit.Actor, party permit.Party, pick func(seals.Thing) bool) (pki.Challenge, error) {
	var ch pki.Challenge
	err := n.Try(by, n.id, func(tx *store.Tx, c *cases.Case) error {
		mine, err := seals.Of(tx, by, c)
		if err != nil {
			return err
		}
		var keys []string
		pictures := map[string]string{}
		for _, s := range mine {
			for _, th := range s.Things {
				if pick(th) {
					keys = append(keys, th.Key())
				}
				pictures[th.ID] = strings.Repeat("0a", 32)
			}
		}
		ch, _, err = seals.Ask(tx, n.Cards.Room, by, c, party, keys, pictures)
		return err
	})
	return ch, err
}

func everything(seals.Thing) bool { return true }

// put has the answer verified and kept.
func (n *counter) put(by permit.Actor, a pki.Answer, used func(*store.Tx, permit.Actor, pki.Signed) error) (s seals.Seal, err error) {
	signed, err := n.Cards.Room.Answered(context.Background(), pki.Seal, "seals "+n.id+" "+by.Person, a)
	if err != nil {
		return s, err
	}
	err = n.Try(by, n.id, func(tx *store.Tx, c *cases.Case) (err error) { s, err = seals.Put(tx, by, c, signed, used); return err })
	return s, err
}

func (n *counter) seal(by permit.Actor, party permit.Party, c sealstest.Card, pick func(seals.Thing) bool) seals.Seal {
	n.House.T.Helper()
	ch, err := n.asked(by, party, pick)
	if err != nil {
		n.House.T.Fatal(err)
	}
	s, err := n.put(by, c.Signs(ch.Text), anyCard)
	if err != nil {
		n.House.T.Fatal(err)
	}
	return s
}

// left is how much everybody still has to seal, by name.
func (n *counter) left() map[string]int {
	n.House.T.Helper()
	out := map[string]int{}
	n.Do(n.architect, n.id, func(tx *store.Tx, c *cases.Case) error {
		all, err := seals.Standings(tx, c)
		for _, s := range all {
			out[s.Name] = len(s.Left())
		}
		return err
	})
	return out
}

func said(t *testing.T, err error, words ...string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok {
		t.Errorf("want a refusal, got %v", err)
		return
	}
	all := f.Message.Zh
	for _, p := range f.Places {
		all += " " + p.Message.Zh
	}
	for _, w := range words {
		if !strings.Contains(all, w) {
			t.Errorf("%q does not say %q", all, w)
		}
	}
}

// TestWhoSealsWhat: the designer the form, all sheets with his class and his papers; engineers the classes of their items.
func TestWhoSealsWhat(t *testing.T) {
	n := open(t, storetest.SQLite(t))
	n.Do(n.architect, n.id, func(tx *store.Tx, c *cases.Case) error {
		who, err := seals.Signers(tx, c)
		got := map[string][]string{}
		for _, s := range who {
			for _, th := range s.Things {
				got[s.Name] = append(got[s.Name], string(th.Kind)+" "+th.Number)
			}
		}
		for name, want := range map[string]string{"測試乙": "form ", "測試戊": "sheet S1-01"} {
			if !slices.Contains(got[name], want) {
				t.Errorf("%s does not seal %s: %v", name, want, got[name])
			}
		}
		for _, x := range got["測試戊"] {
			if !strings.HasPrefix(x, "sheet S") && x != "paper 09" {
				t.Errorf("the structural engineer seals %s", x)
			}
		}
		if slices.Contains(got["測試己"], "sheet S1-01") {
			t.Errorf("the engineer of the ground seals the structure: %v", got["測試己"])
		}
		if !slices.Contains(got["測試乙"], "sheet A1-01") || !slices.Contains(got["測試乙"], "sheet S1-01") || slices.ContainsFunc(got["測試乙"], func(s string) bool { return s == "paper 09" }) {
			t.Errorf("the designer seals %v", got["測試乙"])
		}
		return err
	})
}

// TestSealing: with one signature each, everybody seals what is theirs; then the counter takes the case, and the round
// names the seals.
func TestSealing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		submit := func() (r submission.Round, err error) {
			err = n.Try(n.architect, n.id, func(tx *store.Tx, c *cases.Case) (err error) {
				r, err = submission.Submit(tx, n.architect, c, 1)
				return err
			})
			return r, err
		}
		_, err := submit()
		said(t, err, "等候測試乙（設計人）壓章", "等候測試戊（簽證技師）壓章", "等候測試己（簽證技師）壓章")

		first := n.seal(n.architect, permit.Designer, n.architectCard, everything)
		if len(first.Items) < 10 || n.left()["測試乙"] != 0 || n.left()["測試戊"] == 0 {
			t.Errorf("%d things sealed, left %v", len(first.Items), n.left())
		}
		n.seal(n.eng, permit.Certifier, n.engineCard, everything)
		n.seal(n.Person("p6@example.test"), permit.Certifier, n.Card("測試己"), everything)
		for name, k := range n.left() {
			if k != 0 {
				t.Errorf("%s: %d left", name, k)
			}
		}
		// What is kept is what was signed, and stands by itself.
		var kept seals.Seal
		n.Do(n.architect, n.id, func(tx *store.Tx, c *cases.Case) (err error) { kept, err = seals.Find(tx, c, first.ID); return err })
		sig, err := cms.ReadText(kept.CMS, kept.Text)
		if err != nil || sig.CardNumber != "TP01000000000022" {
			t.Errorf("the kept signature: %v, card %q", err, sig.CardNumber)
		}
		if _, err := cms.Read(kept.CMS, []byte(kept.Text+" ")); err == nil {
			t.Error("the kept signature is good for another text")
		}
		if m, err := kept.Manifest(); err != nil || len(m.Items) != len(kept.Items) || m.As != "designer" || m.Licence != "南市建開證字第T000102-01號" {
			t.Errorf("%+v %v", m, err)
		}
		trust := &cms.Trust{}
		if err := trust.Add(n.CA.Anchors()); err != nil {
			t.Fatal(err)
		}
		x, err := cms.Parse(sig.Signer.Raw)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := (&cms.Trust{Roots: trust.Roots}).Verify(x, sig.Bag, kept.At); err != nil {
			t.Errorf("with the root alone: %v", err)
		}
		r, err := submit()
		if err != nil || len(r.Manifest.Seals) != 3 {
			t.Fatalf("%v, seals %v", err, r.Manifest.Seals)
		}
		// A frozen case takes no seal.
		_, err = n.asked(n.architect, permit.Designer, everything)
		said(t, err, "等改正通知再壓章")
	})
}

// TestWhoMayNotSeal (S204): whoever is not named, as what they are not, with another's card, or what is not theirs.
func TestWhoMayNotSeal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		_, err := n.asked(n.other, permit.Designer, everything)
		said(t, err, "查無此案件")
		_, err = n.asked(n.eng, permit.Designer, everything)
		said(t, err, "選擇您以什麼身分壓章")
		_, err = n.asked(n.eng, permit.Certifier, func(seals.Thing) bool { return false })
		said(t, err, "勾選要壓章的項目")

		ch, err := n.asked(n.eng, permit.Certifier, everything)
		if err != nil {
			t.Fatal(err)
		}
		_, err = n.put(n.eng, n.architectCard.Signs(ch.Text), anyCard)
		said(t, err, "用您本人的自然人憑證", "測試乙", "測試戊")

		// Refused by the room of cards: not registered.
		ch, _ = n.asked(n.eng, permit.Certifier, everything)
		_, err = n.put(n.eng, n.engineCard.Signs(ch.Text), func(*store.Tx, permit.Actor, pki.Signed) error {
			return fault.Of(fault.Forbidden, "先註冊這張憑證", "Register this card first")
		})
		said(t, err, "先註冊這張憑證")

		// What one was asked, another cannot answer; nor twice; nor with other words.
		ch, _ = n.asked(n.architect, permit.Designer, everything)
		if _, err = n.put(n.eng, n.engineCard.Signs(ch.Text), anyCard); err == nil {
			t.Error("an engineer answered what the architect was asked")
		}
		ch, _ = n.asked(n.eng, permit.Certifier, everything)
		if _, err = n.put(n.eng, n.engineCard.Signs(strings.Replace(ch.Text, "S1-01", "S1-02", 1)), anyCard); err == nil {
			t.Error("other words were taken")
		}
		if _, err := n.put(n.eng, n.engineCard.Signs(ch.Text), anyCard); err != nil {
			t.Error(err)
		}
		if _, err := n.put(n.eng, n.engineCard.Signs(ch.Text), anyCard); err == nil {
			t.Error("a signature served twice")
		}
		// An engineer may only seal.
		err = n.Try(n.eng, n.id, func(tx *store.Tx, c *cases.Case) error {
			return cases.Fill(tx, n.eng, c, c.Type.Section("case"), map[string]string{"title": "別的"}, 0, true)
		})
		said(t, err, "不能修改")
		// A seal for signing in is none for sealing.
		var in pki.Challenge
		n.Write(func(tx *store.Tx) (err error) {
			in, err = n.Cards.Room.Ask(tx, pki.SignIn, "seals "+n.id+" "+n.eng.Person, 1e12)
			return err
		})
		if _, err := n.put(n.eng, n.engineCard.Signs(in.Text), anyCard); err == nil {
			t.Error("what was signed to sign in seals")
		}
	})
}

// TestUnsealing: what was replaced, renamed, removed or changed is not sealed any more; the rest stays sealed; the log says so.
func TestUnsealing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		n.seal(n.architect, permit.Designer, n.architectCard, everything)
		n.seal(n.eng, permit.Certifier, n.engineCard, everything)
		review := func() {
			t.Helper()
			n.Write(func(tx *store.Tx) error { return seals.Review(tx, n.id) })
		}
		entries := func(act string) (out []cases.Entry) {
			n.Do(n.architect, n.id, func(tx *store.Tx, c *cases.Case) error {
				all, err := cases.Entries(tx, c)
				for _, e := range all {
					if e.Act == act {
						out = append(out, e)
					}
				}
				return err
			})
			return out
		}
		review()
		if got := entries(seals.ActUnseal); len(got) != 0 {
			t.Fatalf("void without a change: %v", got)
		}
		n.Sheet(n.architect, n.id, "S1-01_結構平面圖.pdf", "another drawing")
		if l := n.left(); l["測試乙"] != 1 || l["測試戊"] != 1 {
			t.Errorf("after a new version of S1-01: %v", l)
		}
		review()
		got := entries(seals.ActUnseal)
		if len(got) != 2 || !strings.Contains(got[0].Said+got[1].Said, "測試戊 的壓章失效 1 項：S1-01") {
			t.Fatalf("the log: %+v", got)
		}
		review()
		if again := entries(seals.ActUnseal); len(again) != 2 {
			t.Errorf("told twice: %+v", again)
		}
		// The engineer seals the new version: one thing.
		s := n.seal(n.eng, permit.Certifier, n.engineCard, func(th seals.Thing) bool { return th.Number == "S1-01" })
		if len(s.Items) != 1 || s.Items[0].N != 2 || n.left()["測試戊"] != 0 {
			t.Errorf("%+v %v", s.Items, n.left())
		}
		// Removed and brought back, a sheet is what was sealed.
		var sheet drawings.Sheet
		n.Do(n.architect, n.id, func(tx *store.Tx, c *cases.Case) error {
			all, err := drawings.Current(tx, c)
			for _, s := range all {
				if s.Number == "A1-01" {
					sheet = s
				}
			}
			return err
		})
		before := n.left()["測試乙"]
		n.Do(n.architect, n.id, func(tx *store.Tx, c *cases.Case) error {
			_, err := drawings.Remove(tx, n.architect, c, sheet.ID)
			return err
		})
		review()
		n.Do(n.architect, n.id, func(tx *store.Tx, c *cases.Case) error {
			_, err := drawings.Restore(tx, n.architect, c, sheet.ID)
			return err
		})
		review()
		if l := n.left()["測試乙"]; l != before {
			t.Errorf("brought back: %d left, before %d", l, before)
		}
		n.Do(n.architect, n.id, func(tx *store.Tx, c *cases.Case) error {
			_, err := drawings.Rename(tx, n.architect, c, sheet.ID, "A1-01", "別的圖名")
			return err
		})
		if l := n.left()["測試乙"]; l != before+1 {
			t.Errorf("retitled: %d left", l)
		}
		// A changed form unseals the form, not the sheets.
		n.Do(n.architect, n.id, func(tx *store.Tx, c *cases.Case) error {
			a, err := cases.Answers(tx, c)
			if err != nil {
				return err
			}
			s := c.Type.Section("case")
			values := map[string]string{}
			for _, f := range s.Fields {
				values[f.Key] = a.Fields[f.Key]
			}
			values[c.Type.TitleField] = "改名大樓"
			return cases.Fill(tx, n.architect, c, s, values, 0, true)
		})
		if l := n.left(); l["測試乙"] != before+2 || l["測試戊"] != 0 {
			t.Errorf("after a change of the form: %v", l)
		}
	})
}

// TestOldPage: what changed between asking and answering is named, and nothing is sealed.
func TestOldPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		ch, err := n.asked(n.eng, permit.Certifier, everything)
		if err != nil {
			t.Fatal(err)
		}
		n.Sheet(n.architect, n.id, "S2-01_樑配筋詳圖.pdf", "another drawing here")
		before := n.left()["測試戊"]
		_, err = n.put(n.eng, n.engineCard.Signs(ch.Text), anyCard)
		said(t, err, "S2-01", "整批都沒有壓上")
		if after := n.left()["測試戊"]; after != before {
			t.Errorf("%d left, before %d", after, before)
		}
	})
}

// TestOpenSSL: what the page says of checking a seal elsewhere is so, for both kinds of signature; another text fails.
func TestOpenSSL(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	n := open(t, storetest.SQLite(t))
	root, err := cms.Certificates(n.CA.Anchors())
	if err != nil {
		t.Fatal(err)
	}
	for name, answer := range map[string]func(string) pki.Answer{"CMS": n.engineCard.Signs, "plain": n.engineCard.SignsPlainly} {
		ch, err := n.asked(n.eng, permit.Certifier, everything)
		if err != nil {
			t.Fatal(err)
		}
		s, err := n.put(n.eng, answer(ch.Text), anyCard)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		for file, b := range map[string][]byte{"seal.txt": []byte(s.Text), "seal.p7s": s.CMS, "roots.pem": cms.PEM(root[0]), "other.txt": []byte(s.Text + " ")} {
			if err := os.WriteFile(filepath.Join(dir, file), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		verify := func(content string) error {
			cmd := exec.Command("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "seal.p7s", "-content", content, "-CAfile", "roots.pem", "-purpose", "any", "-out", "/dev/null")
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			if err != nil {
				return fmt.Errorf("%w: %s", err, out)
			}
			return nil
		}
		if err := verify("seal.txt"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if verify("other.txt") == nil {
			t.Errorf("%s: openssl takes another text", name)
		}
	}
}

// TestPlain: a component that makes signatures without CMS serves as well; what is kept is a CMS.
func TestPlain(t *testing.T) {
	n := open(t, storetest.SQLite(t))
	ch, err := n.asked(n.eng, permit.Certifier, everything)
	if err != nil {
		t.Fatal(err)
	}
	s, err := n.put(n.eng, n.engineCard.SignsPlainly(ch.Text), anyCard)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cms.ReadText(s.CMS, s.Text); err != nil {
		t.Error(err)
	}
	if _, err := cms.Read(s.CMS, []byte(s.Text)); err == nil {
		t.Error("read as if it had signed attributes")
	}
}

// TestDecline: who will not seal says why, and the counter repeats it until they do.
func TestDecline(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		decline := func(why string) error {
			return n.Try(n.eng, n.id, func(tx *store.Tx, c *cases.Case) error { return seals.Decline(tx, n.eng, c, why) })
		}
		said(t, decline("  "), "寫下不壓章的理由")
		if err := decline("S1-01 與計算書不符"); err != nil {
			t.Fatal(err)
		}
		holds := func() (all string) {
			n.Do(n.architect, n.id, func(tx *store.Tx, c *cases.Case) error {
				h, err := seals.Holds(tx, c)
				all = fmt.Sprint(h)
				return err
			})
			return all
		}
		if h := holds(); !strings.Contains(h, "測試戊（簽證技師）不壓章：S1-01 與計算書不符") {
			t.Error(h)
		}
		n.seal(n.eng, permit.Certifier, n.engineCard, everything)
		if h := holds(); strings.Contains(h, "不壓章") || strings.Contains(h, "測試戊") {
			t.Error(h)
		}
	})
}

// TestRace: sealing and replacing a sheet at once. Whichever is first, no sheet is sealed that the signer has not seen.
func TestRace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		for i := range 12 {
			ch, err := n.asked(n.eng, permit.Certifier, func(th seals.Thing) bool { return th.Number == "S1-01" })
			if err != nil {
				t.Fatal(err)
			}
			asked, err := proof.Parse(ch.Text)
			if err != nil {
				t.Fatal(err)
			}
			answer := n.engineCard.Signs(ch.Text)
			arrival := drawings.Arrival{Digest: blob.Of([]byte(fmt.Sprint("version ", i))), Page: 1, Pages: 1, FileName: "S1-01.pdf", Size: 9, MIME: drawings.PDF}
			var both sync.WaitGroup
			var sealing error
			both.Add(2)
			go func() {
				defer both.Done()
				_, sealing = n.put(n.eng, answer, anyCard)
			}()
			go func() {
				defer both.Done()
				n.Do(n.architect, n.id, func(tx *store.Tx, c *cases.Case) error {
					num, _ := drawings.ParseNumber("S1-01")
					_, _, err := drawings.Put(tx, n.architect, c, arrival, num, "")
					return err
				})
			}()
			both.Wait()
			if f, ok := fault.As(sealing); sealing != nil && (!ok || f.Kind != fault.Conflict) {
				t.Fatalf("round %d: %v", i, sealing)
			}
			n.Do(n.architect, n.id, func(tx *store.Tx, c *cases.Case) error {
				all, err := drawings.Current(tx, c)
				if err != nil {
					return err
				}
				for _, s := range all {
					if s.Number != "S1-01" {
						continue
					}
					if string(s.Current().Digest) == asked.Items[0].File {
						t.Errorf("round %d: the sheet was not replaced", i)
					}
				}
				standings, err := seals.Standings(tx, c)
				for _, st := range standings {
					for _, th := range st.Things {
						if on, sealed := st.Sealed[th.Key()]; th.Number == "S1-01" && sealed {
							t.Errorf("round %d: a sheet that nobody was shown is sealed: %v", i, on.ID)
						}
					}
				}
				return err
			})
		}
	})
}
