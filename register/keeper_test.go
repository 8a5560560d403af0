package register_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/digitorus/pkcs7"

	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/cms"
	"cloudbm/drawings/drawingstest"
	"cloudbm/ledger"
	"cloudbm/permit"
	"cloudbm/proof"
	"cloudbm/register"
	"cloudbm/review"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/submission"
)

// key is a key of the list under an authority of its own.
type key struct {
	t     testing.TB
	root  *x509.Certificate
	leaf  *x509.Certificate
	own   crypto.Signer
	signs int
}

func newKey(t testing.TB) *key {
	t.Helper()
	make := func(tmpl, parent *x509.Certificate, by crypto.Signer) (*x509.Certificate, crypto.Signer) {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if parent == nil {
			parent, by = tmpl, k
		}
		der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, k.Public(), by)
		if err != nil {
			t.Fatal(err)
		}
		x, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return x, k
	}
	from, until := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)
	root, rootKey := make(&x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Root of the list"}, NotBefore: from, NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, nil, nil)
	leaf, own := make(&x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "臺南市政府工務局"}, NotBefore: from, NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature}, root, rootKey)
	return &key{t: t, root: root, leaf: leaf, own: own}
}

func (k *key) trust() *cms.Trust { return &cms.Trust{Roots: []*x509.Certificate{k.root}} }

func (k *key) sign(_ context.Context, content []byte) ([]byte, error) {
	k.signs++
	s, err := pkcs7.NewSignedData(content)
	if err != nil {
		return nil, err
	}
	s.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
	if err := s.AddSigner(k.leaf, k.own, pkcs7.SignerInfoConfig{}); err != nil {
		return nil, err
	}
	s.Detach()
	return s.Finish()
}

func (k *key) keeper(db *store.DB) *register.Keeper {
	return &register.Keeper{DB: db, Log: slog.New(slog.DiscardHandler), Origin: "bls.example.test/register/ledger", Sign: k.sign, Trust: k.trust()}
}

func keep(t testing.TB, k *register.Keeper, w ledger.Due) {
	t.Helper()
	if err := k.Keep(context.Background(), w); err != nil {
		t.Fatal(err)
	}
}

// office is a house with cases that lie before the chief.
type office struct {
	*drawingstest.House
	architect, counter, officer, chief permit.Actor
}

func open(t *testing.T, db *store.DB) *office {
	t.Helper()
	h := drawingstest.New(t, db)
	return &office{h, h.Person("p1@example.test"), h.Person("p8@example.test"), h.Person("p9@example.test"), h.Person("chief@example.test")}
}

// proposed is a case that the chief may approve.
func (o *office) proposed() (id string) {
	id = o.Open(o.architect, catalog.Building, catalog.C1())
	o.Complete(o.architect, id, catalog.C1())
	o.Do(o.architect, id, func(tx *store.Tx, c *cases.Case) error {
		_, err := submission.Submit(tx, o.architect, c, 1)
		return err
	})
	o.Do(o.counter, id, func(tx *store.Tx, c *cases.Case) error { return review.Take(tx, o.counter, c) })
	o.Do(o.counter, id, func(tx *store.Tx, c *cases.Case) error { return review.Assign(tx, o.counter, c, o.officer.Person, "") })
	o.Do(o.officer, id, func(tx *store.Tx, c *cases.Case) error {
		all := map[string]review.Judgement{}
		for _, k := range c.Type.Checks {
			all[k.Key] = review.Judgement{Verdict: review.OK}
		}
		if err := review.Judge(tx, o.officer, c, all); err != nil {
			return err
		}
		return review.Propose(tx, o.officer, c, "")
	})
	return id
}

func (o *office) approve(id string) (l review.Licence) {
	o.T.Helper()
	o.Do(o.chief, id, func(tx *store.Tx, c *cases.Case) (err error) {
		l, err = review.Approve(tx, o.chief, c, "依圖施工")
		return err
	})
	return l
}

func (o *office) look(f func(*store.Tx) error) {
	o.T.Helper()
	if err := o.DB.Read(context.Background(), f); err != nil {
		o.T.Fatal(err)
	}
}

func (o *office) newest() (c ledger.Checkpoint) {
	o.T.Helper()
	o.look(func(tx *store.Tx) (err error) { c, err = ledger.Newest(tx); return err })
	return c
}

func (o *office) broken(trust *cms.Trust) (all []register.Broken) {
	o.T.Helper()
	o.look(func(tx *store.Tx) (err error) { all, err = register.Look(tx, trust); return err })
	return all
}

func (o *office) entries() (all []proof.Entry) {
	o.T.Helper()
	o.look(func(tx *store.Tx) (err error) { all, err = ledger.From(tx, 1, 1000); return err })
	return all
}

func TestLicencesAndEntriesGoInStepWhenChiefsApproveAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		ids := []string{o.proposed(), o.proposed(), o.proposed()}
		var all sync.WaitGroup
		errs := make([]error, len(ids))
		for i, id := range ids {
			all.Go(func() {
				errs[i] = o.Try(o.chief, id, func(tx *store.Tx, c *cases.Case) error { _, err := review.Approve(tx, o.chief, c, ""); return err })
			})
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		numbers := map[string]bool{}
		for i, e := range o.entries() {
			if e.Position != int64(i+1) || e.Act != proof.Issued {
				t.Errorf("entry %d: %+v", i+1, e)
			}
			numbers[e.Licence+e.Number] = true
		}
		for _, id := range ids {
			o.Do(o.chief, id, func(tx *store.Tx, c *cases.Case) error {
				l, err := review.FindLicence(tx, c)
				if !numbers[l.ID+l.Number] {
					t.Errorf("%s has no entry", l.Number)
				}
				return err
			})
		}
		if len(numbers) != 3 {
			t.Errorf("%d entries", len(numbers))
		}
		if b := o.broken(nil); len(b) > 0 {
			t.Error(b)
		}
	})
}

func TestAnEntryVanishesWithItsLicence(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		id, cut := o.proposed(), errors.New("the light goes out")
		err := o.Try(o.chief, id, func(tx *store.Tx, c *cases.Case) error {
			if _, err := review.Approve(tx, o.chief, c, ""); err != nil {
				return err
			}
			return cut
		})
		if !errors.Is(err, cut) {
			t.Fatal(err)
		}
		if e := o.entries(); len(e) != 0 {
			t.Errorf("%d entries", len(e))
		}
		l := o.approve(id)
		if e := o.entries(); len(e) != 1 || e[0].Licence != l.ID || e[0].Position != 1 {
			t.Error(e)
		}
		if b := o.broken(nil); len(b) > 0 {
			t.Error(b)
		}
	})
}

func TestCheckpointsGrow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, key := open(t, db), newKey(t)
		k := key.keeper(db)
		first, second := o.proposed(), o.proposed()
		o.approve(first)
		keep(t, k, ledger.Due{Size: 1})
		one := o.newest()
		if one.N != 1 || one.Size != 1 {
			t.Fatalf("%+v", one)
		}
		keep(t, k, ledger.Due{Size: 1})
		keep(t, k, ledger.Due{})
		keep(t, k, ledger.Due{Whole: true})
		if key.signs != 1 {
			t.Errorf("%d signatures, though nothing was new", key.signs)
		}
		o.approve(second)
		keep(t, k, ledger.Due{Size: 2})
		two := o.newest()
		older, err := one.Read()
		if err != nil {
			t.Fatal(err)
		}
		newer, err := two.Read()
		if err != nil {
			t.Fatal(err)
		}
		if newer.N != 2 || newer.Licences.Size != 2 || newer.Logs.Size <= older.Logs.Size || newer.Before != proof.Digest(one.Text) {
			t.Errorf("%+v after %+v", newer, older)
		}
		if err := proof.Witness(o.entries(), newer, &older); err != nil {
			t.Error(err)
		}
		// A day without anything new is signed too.
		now := db.Now()
		db.SetClock(func() time.Time { return now.Add(25 * time.Hour) })
		keep(t, k, ledger.Due{})
		if c := o.newest(); c.N != 3 || c.Size != 2 {
			t.Errorf("%+v", c)
		}
		// A clock that was set back signs nothing.
		db.SetClock(func() time.Time { return now.Add(-time.Hour) })
		keep(t, k, ledger.Due{})
		if c := o.newest(); c.N != 3 {
			t.Errorf("%+v", c)
		}
		db.SetClock(func() time.Time { return now.Add(26 * time.Hour) })
		if b := o.broken(key.trust()); len(b) > 0 {
			t.Error(b)
		}
		if b := o.broken(newKey(t).trust()); len(b) != 3 {
			t.Errorf("by a stranger's authority: %v", b)
		}
	})
}

func TestWhatASignerAnswersIsReadBeforeItIsKept(t *testing.T) {
	db := storetest.SQLite(t)
	o, key, other := open(t, db), newKey(t), newKey(t)
	o.approve(o.proposed())
	for name, sign := range map[string]func(context.Context, []byte) ([]byte, error){
		"an error":         func(context.Context, []byte) ([]byte, error) { return nil, errors.New("the token is not there") },
		"nothing":          func(context.Context, []byte) ([]byte, error) { return nil, nil },
		"another's key":    other.sign,
		"another's words":  func(ctx context.Context, b []byte) ([]byte, error) { return key.sign(ctx, append(b, '\n')) },
		"letters, no CMS ": func(context.Context, []byte) ([]byte, error) { return []byte("yes"), nil },
	} {
		k := key.keeper(db)
		k.Sign = sign
		if err := k.Keep(context.Background(), ledger.Due{}); err == nil || o.newest().N != 0 {
			t.Errorf("%s: %v, kept as %d", name, err, o.newest().N)
		}
	}
	k := key.keeper(db)
	k.Sign = nil
	keep(t, k, ledger.Due{})
	if o.newest().N != 0 {
		t.Error("a checkpoint without a key")
	}
}

func TestLicencesFromBeforeTheListGetTheirEntriesInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		var want []string
		for range 3 {
			want = append(want, o.approve(o.proposed()).ID)
		}
		// As it was before the list.
		unguard(t, db)
		o.Write(func(tx *store.Tx) error {
			for _, table := range []string{"ledger_entries", "ledger_hashes", "ledger_trees"} {
				if _, err := tx.Exec(`DELETE FROM ` + table); err != nil {
					return err
				}
			}
			return nil
		})
		for range 2 {
			if err := review.ListOld(context.Background(), db); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for _, e := range o.entries() {
			got = append(got, e.Licence)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%v, and not %v", got, want)
		}
		if b := o.broken(nil); len(b) > 0 {
			t.Error(b)
		}
	})
}

// unguard takes the guards of the schema away, as somebody with the keys of the database may.
func unguard(t testing.TB, db *store.DB) {
	t.Helper()
	err := db.Write(context.Background(), func(tx *store.Tx) error {
		for _, table := range []string{"ledger_entries", "ledger_hashes", "ledger_anchors", "ledger_checkpoints", "case_log", "audit"} {
			names := []string{table + "_no_update", table + "_no_delete"}
			on := ""
			if db.Postgres() {
				names, on = []string{table + "_guard"}, " ON "+table
			}
			for _, n := range names {
				if _, err := tx.Exec(`DROP TRIGGER ` + n + on); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheSchemaGuardsTheList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, key := open(t, db), newKey(t)
		o.approve(o.proposed())
		keep(t, key.keeper(db), ledger.Due{})
		for _, q := range []string{
			`UPDATE ledger_entries SET number = 'x'`, `DELETE FROM ledger_entries`, `UPDATE ledger_hashes SET hash = ''`, `DELETE FROM ledger_hashes`,
			`UPDATE ledger_anchors SET head = ''`, `DELETE FROM ledger_anchors`, `UPDATE ledger_checkpoints SET text = ''`, `DELETE FROM ledger_checkpoints`,
		} {
			if err := db.Write(context.Background(), func(tx *store.Tx) error { _, err := tx.Exec(q); return err }); !errors.Is(err, store.ErrCheck) && (err == nil || !strings.Contains(err.Error(), "append-only")) {
				t.Errorf("%s: %v", q, err)
			}
		}
	})
}

// tampered are changes by somebody who has the whole database, and what the look at everything names.
var tampered = []struct{ change, names string }{
	{`UPDATE licences SET number = '(115)南工造字第99999號'`, "licences "},
	{`UPDATE licences SET by_name = 'x'`, "licences "},
	{`UPDATE licences SET decision = 'x'`, "licences "},
	{`UPDATE licences SET issued_at = '2020-01-01 00:00:00.000000'`, "licences "},
	{`UPDATE rounds SET manifest = '{}'`, "licences "},
	{`UPDATE rounds SET digest = 'x'`, "licences "},
	{`UPDATE cases SET serial = '115A19999'`, "licences "},
	{`DELETE FROM licences`, "licences "},
	{`INSERT INTO licences (id, authority, number, case_id, kind, round, issued_at, by_name, decision) SELECT 'X', authority, 'X', 'X', kind, round, issued_at, by_name, decision FROM licences`, "licences X"},
	{`UPDATE ledger_entries SET number = '(115)南工造字第99999號', wanted = '115-南工造-99999'`, "ledger_entries 1"},
	{`UPDATE ledger_entries SET wanted = 'x'`, "ledger_entries 1"},
	{`UPDATE ledger_entries SET sha256 = replace(replace(sha256, 'a', 'c'), '1', '2')`, "ledger_entries 1"},
	{`UPDATE ledger_entries SET authority = 'IF1'`, "ledger_entries 1"},
	{`UPDATE ledger_entries SET act = 'revoked'`, "ledger_entries 1"},
	{`DELETE FROM ledger_entries`, "ledger_trees licences"},
	{`UPDATE ledger_trees SET size = size + 1 WHERE tree = 'licences'`, "ledger_trees licences"},
	{`UPDATE ledger_trees SET size = size - 1 WHERE tree = 'logs'`, "ledger_trees logs"},
	{`UPDATE ledger_hashes SET hash = replace(replace(hash, 'a', 'c'), '1', '2') WHERE tree = 'licences' AND at = 0`, "ledger_hashes licences 0"},
	{`DELETE FROM ledger_hashes WHERE tree = 'logs' AND at = 1`, "ledger_hashes logs 1"},
	{`UPDATE ledger_anchors SET count = count + 1000 WHERE position = 1`, "ledger_anchors 1"},
	{`UPDATE ledger_anchors SET head = replace(replace(head, 'a', 'c'), '1', '2') WHERE position = 1`, "ledger_anchors 1"},
	{`DELETE FROM ledger_anchors WHERE position = 1`, "ledger_anchors 1"},
	{`UPDATE ledger_checkpoints SET text = replace(text, 'example', 'exbmple')`, "ledger_checkpoints 1"},
	{`UPDATE ledger_checkpoints SET size = 0`, "ledger_checkpoints 1"},
	{`UPDATE ledger_checkpoints SET cms = 'AAAA'`, "ledger_checkpoints 1"},
	{`UPDATE ledger_checkpoints SET made_at = '2020-01-01 00:00:00.000000'`, "ledger_checkpoints 1"},
	{`UPDATE case_log SET hash = replace(replace(hash, 'a', 'c'), '1', '2')`, "case_log "},
	{`DELETE FROM case_log WHERE seq > 3`, "case_log "},
	{`UPDATE audit SET hash = replace(replace(hash, 'a', 'c'), '1', '2')`, "audit "},
	{`DELETE FROM audit`, "audit "},
}

func TestWhateverIsChangedIsNamed(t *testing.T) {
	undo := errors.New("undo")
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, key := open(t, db), newKey(t)
		o.approve(o.proposed())
		if err := review.ListOld(context.Background(), db); err != nil {
			t.Fatal(err)
		}
		keep(t, key.keeper(db), ledger.Due{})
		unguard(t, db)
		for _, x := range tampered {
			var broken []register.Broken
			err := db.Write(context.Background(), func(tx *store.Tx) error {
				n, err := tx.Exec(x.change)
				if err != nil || n == 0 {
					t.Errorf("%s: %d rows, %v", x.change, n, err)
					return undo
				}
				if broken, err = register.Look(tx, key.trust()); err != nil {
					t.Errorf("%s: %v", x.change, err)
				}
				return undo
			})
			if !errors.Is(err, undo) {
				t.Fatal(err)
			}
			named := false
			for _, b := range broken {
				named = named || strings.HasPrefix(b.Place, x.names) || strings.Contains(b.Why, x.names)
			}
			if !named {
				t.Errorf("%s: %v and not %s", x.change, broken, x.names)
			}
		}
		if b := o.broken(key.trust()); len(b) > 0 {
			t.Error(b)
		}
	})
}

func TestABrokenListIsNeverSigned(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, key := open(t, db), newKey(t)
		k := key.keeper(db)
		first, second := o.proposed(), o.proposed()
		l := o.approve(first)
		keep(t, k, ledger.Due{})
		alarms := func() (all []ledger.Alarm) {
			o.look(func(tx *store.Tx) (err error) { all, err = ledger.Alarms(tx); return err })
			return all
		}
		set := func(q string, args ...any) {
			o.Write(func(tx *store.Tx) error { return tx.Must(q, args...) })
		}
		set(`UPDATE licences SET decision = 'x' WHERE id = $1`, l.ID)
		keep(t, k, ledger.Due{Whole: true})
		if a := alarms(); len(a) != 1 || a[0].Place != "licences "+l.ID {
			t.Fatal(a)
		}
		o.approve(second)
		keep(t, k, ledger.Due{Size: 2})
		if c := o.newest(); c.N != 1 {
			t.Errorf("signed although it does not fit: %+v", c)
		}
		set(`UPDATE licences SET decision = '依圖施工' WHERE id = $1`, l.ID)
		keep(t, k, ledger.Due{})
		if c := o.newest(); c.N != 1 {
			t.Error("signed before everything was looked at")
		}
		keep(t, k, ledger.Due{Whole: true})
		if c := o.newest(); c.N != 2 || len(alarms()) != 0 {
			t.Errorf("%+v, %v", c, alarms())
		}
	})
}
