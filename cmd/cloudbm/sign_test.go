package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/cms"
	"cloudbm/deeds"
	"cloudbm/pades"
	"cloudbm/permit"
	"cloudbm/sim/softhsm"
	"cloudbm/store"
)

// TestSignConfig: production has a key and no key of a test, and what belongs together is asked for together.
func TestSignConfig(t *testing.T) {
	whole := SignConfig{Module: "/opt/hsm/lib.so", Token: "cloudbm", PIN: "/etc/cloudbm/pin", Chain: "/etc/cloudbm/signing"}
	with := func(change func(*SignConfig)) SignConfig {
		c := whole
		change(&c)
		return c
	}
	for _, q := range []struct {
		cfg        SignConfig
		production bool
		want       string
	}{
		{whole, true, ""}, {SignConfig{}, false, ""},
		{SignConfig{}, true, "CLOUDBM_SIGN_MODULE"},
		{with(func(c *SignConfig) { c.Token = "" }), false, "CLOUDBM_SIGN_TOKEN"},
		{with(func(c *SignConfig) { c.TSA = "tsa.example.test" }), false, "CLOUDBM_TSA_URL has to begin"},
		{with(func(c *SignConfig) { c.TSA = "http://tsa.example.test" }), false, "CLOUDBM_TSA_ANCHORS"},
		{with(func(c *SignConfig) { c.TSA, c.TSAAnchors = "http://tsa.example.test", []string{"a.pem"} }), true, ""},
	} {
		err := q.cfg.check(q.production)
		if (err == nil) != (q.want == "") || err != nil && !strings.Contains(err.Error(), q.want) {
			t.Errorf("%+v: %v", q.cfg, err)
		}
	}
}

// TestDemoSigns: the demonstration makes its keys once, also when it was cut off while it made them; what it seeds is
// signed without anybody asking, its pages say by whom, and pdfsig believes it; production does not take the keys.
func TestDemoSigns(t *testing.T) {
	if _, err := softhsm.Open(t.TempDir()); errors.Is(err, softhsm.ErrMissing) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	ctx := t.Context()
	cfg := &Config{Listen: "127.0.0.1:8080", Data: t.TempDir(), EGov: "off", Workers: 2}
	if err := os.MkdirAll(cfg.path("signing/chains.new"), 0o700); err != nil {
		t.Fatal(err)
	}
	if h, err := softhsm.Open(cfg.path("signing")); err != nil || h.Init(demoToken, "1234") != nil {
		t.Fatal(err)
	}
	if said := cfg.demoSign(ctx); !strings.Contains(said, "由測試憑證簽章") {
		t.Fatal(said)
	}
	before, err := os.ReadFile(cfg.path("signing/chains/IF0.pem"))
	if err != nil {
		t.Fatal(err)
	}
	again := &Config{Listen: cfg.Listen, Data: cfg.Data, EGov: "off", Workers: 2}
	if said := again.demoSign(ctx); !strings.Contains(said, "由測試憑證簽章") {
		t.Fatal(said)
	}
	if after, err := os.ReadFile(cfg.path("signing/chains/IF0.pem")); err != nil || !bytes.Equal(before, after) {
		t.Error("the keys were made anew")
	}
	h, err := build(ctx, again)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.close() })
	real := &Config{Production: true}
	if _, err := again.Sign.room(&house{cfg: real, db: h.db}, h.room.Blobs); err == nil || !strings.Contains(err.Error(), "test authority") {
		t.Errorf("production signs with keys of a test: %v", err)
	}

	// The six documents of the seeded cases are signed by the crew, and with each time stamp there may be one more; the
	// checkpoints of the list of licences are stamped too.
	stamped := make(chan bool, 99)
	h.deeds.TSA = counted{h.deeds.TSA, stamped}
	if err := errors.Join(h.seed(ctx), h.crew.Start(ctx, h.db, 2, slog.New(slog.DiscardHandler))); err != nil {
		t.Fatal(err)
	}
	var kept []blob.Digest
	count := func() int {
		if err := h.db.Read(ctx, func(tx *store.Tx) (err error) { kept, err = deeds.Kept(tx); return err }); err != nil {
			t.Fatal(err)
		}
		return len(kept)
	}
	for late := time.After(2 * time.Minute); count() < 6; {
		select {
		case <-stamped:
		case <-time.After(100 * time.Millisecond): // a stamp is there before its document is kept
		case <-late:
			t.Fatalf("%d documents are signed", count())
		}
	}
	if err := h.crew.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 6 {
		t.Errorf("%d documents are signed", n)
	}

	p := &platform{house: h, t: t, door: h.site.Handler()}
	applicant := p.in("p1@example.test", accounts.DemoPassword)
	var granted []*cases.Case
	err = h.db.Read(ctx, func(tx *store.Tx) (err error) {
		granted, err = cases.List(tx, cases.Wanted{States: []permit.State{permit.Issued}, Authorities: []string{"IF0"}, Limit: 2})
		return err
	})
	if err != nil || len(granted) != 1 {
		t.Fatal(err, len(granted))
	}
	licensed := "/bls/cases/" + granted[0].ID
	applicant.Get(licensed).Want("這份 PDF 由「臺南市政府」以電子憑證簽章").Want("RFC 3161")
	applicant.Get(licensed + "/receipts/1").Want("這份 PDF 由「臺南市政府」以電子憑證簽章").Want("查驗方式")
	receipt, licence, set := applicant.Get(licensed+"/receipts/1/pdf").Body, applicant.Get(licensed+"/licence").Body, applicant.Get(licensed+"/approved.pdf").Body
	for _, b := range [][]byte{receipt, licence, set} {
		if !slices.Contains(kept, blob.Of(b)) {
			t.Error("what is downloaded is not what was signed")
		}
	}
	var said bytes.Buffer
	if err := h.check(ctx, &said); err != nil {
		t.Error(err, said.String())
	}

	dir := t.TempDir()
	write := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	run := func(name string, args ...string) string {
		if _, err := exec.LookPath(name); err != nil && os.Getenv("CI") == "" {
			t.Skip(err)
		}
		out, err := exec.Command(name, args...).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		return string(out)
	}
	run("certutil", "-N", "-d", dir, "--empty-password")
	anchors, err := os.ReadFile(cfg.path("cards/anchors.pem"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := cms.Certificates(anchors)
	if err != nil {
		t.Fatal(err)
	}
	for n, x := range all {
		run("certutil", "-A", "-d", dir, "-n", "a"+string(rune('0'+n)), "-t", "CT,CT,CT", "-a", "-i", write("a.pem", cms.PEM(x)))
	}
	for _, b := range [][]byte{receipt, licence, set} {
		says := run("pdfsig", "-nssdir", dir, write("a.pdf", b))
		if !strings.Contains(says, "Signature is Valid") || !strings.Contains(says, "Certificate is Trusted") {
			t.Error(says)
		}
	}
}

// counted tells of each time stamp.
type counted struct {
	pades.TSA
	each chan<- bool
}

func (c counted) Stamp(ctx context.Context, digest []byte) ([]byte, error) {
	c.each <- true
	return c.TSA.Stamp(ctx, digest)
}
