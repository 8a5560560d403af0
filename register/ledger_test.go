package register_test

import (
	"context"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"cloudbm/ledger"
	"cloudbm/permit"
	"cloudbm/proof"
	"cloudbm/register"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/taiwan"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

func TestEverybodySeesTheListAndTakesItsProofsHome(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, key := open(t, db), newKey(t)
		site := web.NewSite(db, nil)
		register.Mount(site)
		public := webtest.New(t, site)
		public.Get("/register/ledger").WantStatus(200).Want("還沒有簽署的檢查點")
		public.Get("/register/ledger/checkpoint.txt").WantStatus(404).Want("還沒有簽署的檢查點")
		public.Get("/register/ledger/entries.txt").WantStatus(404)

		l := o.approve(o.proposed())
		public.Get(l.VerifyURL()).WantStatus(200).Want("第 1 筆", "下一個檢查點會包含它")
		public.Get(l.VerifyURL() + "/proof.txt").WantStatus(404).Want("過幾分鐘再下載")
		keep(t, key.keeper(db), ledger.Due{})
		o.approve(o.proposed())

		pages := []*webtest.Page{
			public.Get("/register/ledger").WantStatus(200).Want("1 筆，現在共 2 筆", l.Number, "核發"),
			public.Get(l.VerifyURL()).WantStatus(200).Want("這張執照登記在案", "第 1 筆", "第 1 號檢查點"),
			public.Get("/register/ledger/checkpoint.txt").WantStatus(200), public.Get("/register/ledger/checkpoint.p7s?n=1").WantStatus(200),
			public.Get("/register/ledger/entries.txt").WantStatus(200), public.Get("/register/ledger/entries.txt?from=2").WantStatus(200),
			public.Get(l.VerifyURL() + "/proof.txt").WantStatus(200), public.Get(l.VerifyURL() + "/licence.txt").WantStatus(200),
		}
		for _, p := range pages {
			for _, x := range append(personal, "依圖施工", o.chief.Name, o.officer.Name) {
				if strings.Contains(p.Whole(), x) {
					t.Errorf("%s shows %s", p.URL, x)
				}
			}
		}
		c, err := proof.ParseCheckpoint(string(pages[2].Body))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Signed(pages[3].Body, key.trust(), db.Now()); err != nil {
			t.Error(err)
		}
		all, err := proof.ParseEntries(string(pages[4].Body))
		if err != nil || len(all) != 2 {
			t.Fatal(all, err)
		}
		if err := proof.Witness(all, c, nil); err != nil {
			t.Error(err)
		}
		p, err := proof.ParseInclusion(string(pages[6].Body))
		if err != nil || p.Entry != all[0] || p.Checkpoint != c {
			t.Errorf("%+v %v", p, err)
		}
		if proof.Digest(string(pages[7].Body)) != all[0].SHA256 {
			t.Error("the text of the licence is not what the entry is over")
		}
	})
}

func TestANumberIsFoundHoweverItIsTyped(t *testing.T) {
	db := storetest.SQLite(t)
	o := open(t, db)
	site := web.NewSite(db, nil)
	register.Mount(site)
	public := webtest.New(t, site)
	l := o.approve(o.proposed())
	elsewhere := taiwan.Authorities[0].Code // 臺北市
	short := strings.NewReplacer("(", "", ")", "", "字第0000", " ", "號", "").Replace(l.Number)
	for _, typed := range []string{l.Number, short, strings.NewReplacer("(", "（", ")", "） ", "0", "０").Replace(l.Number)} {
		public.Get("/register/ledger?authority=IF0&number="+strings.ReplaceAll(typed, " ", "%20")).WantStatus(200).Want("查詢結果", l.Number)
	}
	public.Get("/register/ledger?authority=IF0&number=(115)某某字第1號").WantStatus(200).Want("清單裡沒有", "掃描執照上的", "向核發機關查證")
	public.Get("/register/ledger?authority=" + elsewhere + "&number=" + l.Number).WantStatus(200).Want("清單裡沒有")
	public.Get("/register/ledger?authority=IF0&number=").WantStatus(422).Want("輸入執照字號")
	public.Get("/register/ledger?authority=XX&number=" + l.Number).WantStatus(422).Want("選擇主管機關")
	for range 60 {
		public.Get("/register/ledger?authority=IF0&number=1-1")
	}
	public.Get("/register/ledger?authority=IF0&number=1-1").WantStatus(429)
	public.Get("/register/ledger/entries.txt").WantStatus(429)
}

func TestABrokenListIsToldToEverybodyAndItsPlaceToAdministrators(t *testing.T) {
	db := storetest.SQLite(t)
	o := open(t, db)
	site := web.NewSite(db, nil)
	register.Mount(site)
	l := o.approve(o.proposed())
	o.Write(func(tx *store.Tx) error { return tx.Must(`UPDATE licences SET decision = 'x' WHERE id = $1`, l.ID) })
	keep(t, newKey(t).keeper(db), ledger.Due{Whole: true})
	public := webtest.New(t, site)
	p := public.Get("/register/ledger").WantStatus(200).Want("查明以前不簽署新的檢查點")
	if p.Has("licences " + l.ID) {
		t.Error("everybody sees the place")
	}
	o.look(func(tx *store.Tx) error {
		todo, err := register.Todo(tx, permit.Actor{Person: "a", Admin: true})
		if err != nil || len(todo) != 1 || todo[0].Place != "licences "+l.ID {
			t.Error(todo, err)
		}
		if todo, err = register.Todo(tx, o.chief); err != nil || len(todo) != 0 {
			t.Error(todo, err)
		}
		return nil
	})
}

// A witness needs bash and openssl, and nothing of ours.
func TestAWitnessChecksWithOpensslAlone(t *testing.T) {
	db := storetest.SQLite(t)
	o, key := open(t, db), newKey(t)
	k, dir := key.keeper(db), t.TempDir()
	write := func(name, text string) string {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(dir, name)
	}
	ids := []string{o.proposed(), o.proposed(), o.proposed()}
	o.approve(ids[0])
	keep(t, k, ledger.Due{})
	old := o.newest()
	o.approve(ids[1])
	l := o.approve(ids[2])
	keep(t, k, ledger.Due{})
	now := o.newest()
	o.look(func(tx *store.Tx) error {
		c, err := now.Read()
		if err != nil {
			return err
		}
		e, err := ledger.Of(tx, l.ID)
		if err != nil {
			return err
		}
		p, err := ledger.Prove(tx, e[0], c)
		write("proof.txt", p.Text())
		return err
	})
	write("entries.txt", proof.Entries(o.entries()))
	write("old.txt", old.Text)
	write("checkpoint.txt", now.Text)
	write("checkpoint.p7s", string(now.CMS))
	write("roots.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: key.root.Raw})))
	script, err := filepath.Abs("../docs/ledger.sh")
	if err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) (string, error) {
		c := exec.CommandContext(context.Background(), "bash", append([]string{script}, args...)...)
		c.Dir = dir
		out, err := c.CombinedOutput()
		return string(out), err
	}
	list := []string{"list", "entries.txt", "checkpoint.txt", "checkpoint.p7s", "roots.pem", "old.txt"}
	one := []string{"proof", "proof.txt", "checkpoint.p7s", "roots.pem"}
	for _, args := range [][]string{list, one} {
		if out, err := run(args...); err != nil || !strings.Contains(out, "OK") {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
	for _, x := range []struct {
		file, from, to string
		args           []string
	}{
		{"entries.txt", "building", "builidng", list}, {"entries.txt", "position: 2", "position: 3", list}, {"checkpoint.txt", "\n3\n", "\n2\n", list},
		{"checkpoint.txt", "checkpoint 2", "checkpoint 3", list}, {"old.txt", old.Text[:30], old.Text[1:31], list}, {"old.txt", "\n1\n", "\n2\n", list},
		{"proof.txt", "building", "builidng", one}, {"proof.txt", "checkpoint 2", "checkpoint 3", one}, {"proof.txt", "position 3", "position 2", one},
		{"roots.pem", "CERTIFICATE-----\nMI", "CERTIFICATE-----\nMJ", one},
	} {
		b, err := os.ReadFile(filepath.Join(dir, x.file))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(b), x.from) {
			t.Errorf("%s has no %q", x.file, x.from)
		}
		write(x.file, strings.Replace(string(b), x.from, x.to, 1))
		if out, err := run(x.args...); err == nil {
			t.Errorf("%s with %q: taken for good\n%s", x.file, x.to, out)
		}
		write(x.file, string(b))
	}
}

// Every place of a list of every size up to nine is proven by the script as by the program.
func TestTheScriptFollowsEveryPath(t *testing.T) {
	key, dir := newKey(t), t.TempDir()
	script, err := filepath.Abs("../docs/ledger.sh")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, b []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("roots.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: key.root.Raw}))
	at := time.Date(2026, 11, 26, 4, 0, 0, 5000, time.UTC)
	var g proof.Grown
	var all []proof.Entry
	for size := int64(1); size <= 9; size++ {
		all = append(all, proof.Entry{Position: size, At: at, Act: proof.Issued, Authority: "IF0", Number: "(115)南工造字第00001號", Kind: "building", Serial: "115A10001",
			Licence: "X", Issued: at, SHA256: proof.Digest("x")})
		if err := g.Add(all[size-1].Text()); err != nil {
			t.Fatal(err)
		}
		root, err := g.Root(size)
		if err != nil {
			t.Fatal(err)
		}
		c := proof.Checkpoint{Origin: "x", Licences: proof.Tree{Size: size, Root: root}, N: 1, At: at}
		der, err := key.sign(t.Context(), []byte(c.Text()))
		if err != nil {
			t.Fatal(err)
		}
		write("checkpoint.p7s", der)
		for i, e := range all {
			path, err := tlog.ProveRecord(size, int64(i), &g)
			if err != nil {
				t.Fatal(err)
			}
			write("proof.txt", []byte(proof.Inclusion{Entry: e, Path: path, Checkpoint: c}.Text()))
			run := exec.CommandContext(t.Context(), "bash", script, "proof", "proof.txt", "checkpoint.p7s", "roots.pem")
			run.Dir = dir
			if out, err := run.CombinedOutput(); err != nil {
				t.Errorf("entry %d of %d: %v\n%s", i+1, size, err, out)
			}
		}
	}
}
