package deeds_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudbm/blob"
	"cloudbm/cms"
	"cloudbm/deeds"
	"cloudbm/fault"
	"cloudbm/pades"
	"cloudbm/pdf"
	"cloudbm/pki"
	"cloudbm/sim/card"
	"cloudbm/sim/softhsm"
	"cloudbm/sim/stamp"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

var noon = time.Date(2026, 11, 26, 4, 0, 0, 0, time.UTC)

const (
	tainan = "IF0"
	pin    = "135790"
)

// office is a token with keys, certified by the test authority of the government.
type office struct {
	t   testing.TB
	ca  *card.CA
	hsm *softhsm.HSM
	dir string
	deeds.Settings
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{t: t, dir: t.TempDir()}
	var err error
	if o.hsm, err = softhsm.Open(o.dir); err != nil {
		if errors.Is(err, softhsm.ErrMissing) && os.Getenv("CI") == "" {
			t.Skip(err)
		}
		t.Fatal(err)
	}
	o.must(o.hsm.Init("authority", pin))
	o.ca, err = card.NewCA(filepath.Join(o.dir, "ca"), "http://127.0.0.1:1", noon)
	o.must(err)
	o.write("anchors.pem", o.ca.Anchors())
	o.Settings = deeds.Settings{Token: o.hsm.Token("authority"), PINFile: o.write("pin", []byte(pin+"\n")), Chains: filepath.Join(o.dir, "chains")}
	o.must(os.MkdirAll(o.Chains, 0o700))
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) write(name string, b []byte) string {
	o.t.Helper()
	path := filepath.Join(o.dir, name)
	o.must(os.WriteFile(path, b, 0o600))
	return path
}

// key makes a key with that label, and its certificate for two years.
func (o *office) key(label, id, name string, p256 bool, from time.Time) {
	o.t.Helper()
	public, err := o.hsm.Make("authority", pin, label, id, p256)
	o.must(err)
	o.chain(label, name, public, from)
}

func (o *office) chain(label, name string, public any, from time.Time) {
	o.t.Helper()
	// pdfsig would ask for answers of the authority, which is not there.
	x, err := o.ca.Issue(card.Holder{Kind: pki.Government, Name: name, Organisation: "2"}, public, from, from.AddDate(2, 0, 0), func(x *x509.Certificate) { x.OCSPServer = nil })
	o.must(err)
	o.write("chains/"+label+".pem", cms.PEM(append([]*x509.Certificate{x}, o.ca.Chain(pki.Government)...)...))
}

// both are a platform key (RSA) and one of 臺南市政府 (P-256).
func (o *office) both() {
	o.t.Helper()
	o.key(deeds.Platform, "01", "測試平台", false, noon.AddDate(-1, 0, 0))
	o.key(tainan, "02", "測試市政府", true, noon.AddDate(-1, 0, 0))
}

func (o *office) ring() *deeds.Ring {
	o.t.Helper()
	r, err := deeds.OpenRing(context.Background(), o.Settings, noon)
	o.must(err)
	return r
}

func (o *office) room(db *store.DB, ring *deeds.Ring) *deeds.Room {
	o.t.Helper()
	db.SetClock(func() time.Time { return noon })
	files, err := blob.Open(o.t.(*testing.T).TempDir())
	o.must(err)
	return &deeds.Room{DB: db, Blobs: files, Ring: ring}
}

// tsa is an authority for time stamps that is reached over the network.
func (o *office) tsa() *deeds.TSA {
	o.t.Helper()
	sim, err := stamp.New(o.ca, func() time.Time { return noon })
	o.must(err)
	server := httptest.NewServer(sim.Handler())
	o.t.Cleanup(server.Close)
	return &deeds.TSA{URL: server.URL, Anchors: o.anchors(), Now: func() time.Time { return noon }}
}

func (o *office) anchors() *pki.Anchors {
	o.t.Helper()
	a := &pki.Anchors{}
	o.must(a.Add(o.ca.Anchors()))
	return a
}

// run runs a program, or skips the test where it is not installed (and nobody said that everything has to be there).
func (o *office) run(name string, args ...string) string {
	o.t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") != "" {
			o.t.Fatal(err)
		}
		o.t.Skip(err)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		o.t.Errorf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// nss is a folder in which pdfsig finds whom to trust.
func (o *office) nss() string {
	o.t.Helper()
	dir := filepath.Join(o.dir, "nss")
	o.must(os.MkdirAll(dir, 0o700))
	o.run("certutil", "-N", "-d", dir, "--empty-password")
	all, err := cms.Certificates(o.ca.Anchors())
	o.must(err)
	for i, x := range all {
		o.run("certutil", "-A", "-d", dir, "-n", fmt.Sprint("a", i), "-t", "CT,CT,CT", "-a", "-i", o.write("a.pem", cms.PEM(x)))
	}
	return dir
}

var someFonts = sync.OnceValues(func() (*pdf.Fonts, error) { return pdf.NewFonts("") })

func draw() ([]byte, error) {
	fonts, err := someFonts()
	if err != nil {
		return nil, err
	}
	f := pdf.NewForm(fonts, pdf.FormMeta{Title: "送件收據", Subject: "111A10134", Author: "測試市政府", Created: noon})
	f.Heading(1, "送件收據")
	return f.Bytes()
}

func never() ([]byte, error) { return nil, errors.New("it was drawn again") }

var receipt = deeds.Deed{Authority: tainan, Kind: deeds.Receipt, About: "case/1", Title: "送件收據", Name: "測試市政府", At: noon}

// TestIssue: a document is signed once by the authority's own key, or by the platform's; other programs believe it; and
// whoever asks again gets the same bytes, from another program too.
func TestIssue(t *testing.T) {
	o := newOffice(t)
	o.both()
	ring, nss, tsa := o.ring(), o.nss(), o.tsa()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := *o
		o.t = t
		room := o.room(db, ring)
		room.TSA = tsa
		for authority, name := range map[string]string{tainan: "測試市政府", "ID0": "測試平台"} {
			d := receipt
			d.Authority, d.About = authority, "case of "+authority
			i, b, err := room.Issue(t.Context(), d, draw)
			o.must(err)
			if i.By.Name != name || !i.IsSigned() || !i.Stamped.Equal(noon) || !i.Signed.Equal(noon) || i.Digest != blob.Of(b) || i.Size != int64(len(b)) || len(i.Certificate) != 64 {
				t.Errorf("%+v", i)
			}
			path := o.write("signed.pdf", b)
			says := o.run("pdfsig", "-nssdir", nss, path)
			for _, want := range []string{"Signature is Valid", "Certificate is Trusted", "ETSI.CAdES.detached", "Total document signed"} {
				if !strings.Contains(says, want) {
					t.Errorf("pdfsig does not say %q:\n%s", want, says)
				}
			}
			o.run("qpdf", "--check", path)
			other := &deeds.Room{DB: db, Blobs: room.Blobs}
			again, same, err := other.Issue(t.Context(), d, never)
			if err != nil || !bytes.Equal(b, same) || again.ID != i.ID || again.By.Serial != i.By.Serial || !again.Stamped.Equal(noon) {
				t.Errorf("asked again: %v %+v", err, again)
			}
		}
		var kept []blob.Digest
		o.must(db.Read(t.Context(), func(tx *store.Tx) (err error) { kept, err = deeds.Kept(tx); return err }))
		if len(kept) != 2 {
			t.Errorf("kept: %v", kept)
		}
	})
}

// TestDetached: openssl verifies what was signed beside its content, and its time stamp.
func TestDetached(t *testing.T) {
	o := newOffice(t)
	o.both()
	room := o.room(storetest.SQLite(t), o.ring())
	content := []byte("a checkpoint of the register")
	for _, tsa := range []*deeds.TSA{nil, o.tsa()} {
		if tsa != nil {
			room.TSA = tsa
		}
		der, err := room.Detached(t.Context(), tainan, content)
		o.must(err)
		o.run("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", o.write("a.p7s", der), "-content", o.write("content", content),
			"-CAfile", filepath.Join(o.dir, "anchors.pem"), "-purpose", "any", "-attime", fmt.Sprint(noon.Unix()), "-out", "/dev/null")
		got, err := cms.Read(der, content)
		if err != nil || (got.Unsigned != nil) != (tsa != nil) {
			t.Errorf("time stamp: %v, %d bytes", err, len(got.Unsigned))
		}
	}
	if _, err := (&deeds.Room{}).Detached(t.Context(), tainan, content); !errors.Is(err, deeds.ErrNobody) {
		t.Error(err)
	}
}

// TestAtOnce: many who ask for one document at once get one document.
func TestAtOnce(t *testing.T) {
	o := newOffice(t)
	o.both()
	ring := o.ring()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := *o
		o.t = t
		room := o.room(db, ring)
		second := &deeds.Room{DB: db, Blobs: room.Blobs, Ring: o.ring()} // as another program
		got := make([][]byte, 6)
		var all sync.WaitGroup
		for n := range got {
			all.Go(func() {
				r := room
				if n%2 == 1 {
					r = second
				}
				_, b, err := r.Issue(t.Context(), receipt, draw)
				if err != nil {
					t.Error(err)
				}
				got[n] = b
			})
		}
		all.Wait()
		for _, b := range got {
			if len(b) == 0 || !bytes.Equal(b, got[0]) {
				t.Fatal("two documents about one thing")
			}
		}
	})
}

// TestCut: whatever fails on the way, nothing is half there, and asked again everything is.
func TestCut(t *testing.T) {
	o := newOffice(t)
	o.both()
	ring := o.ring()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := *o
		o.t = t
		room := o.room(db, ring)
		fails := func(step string, r *deeds.Room, draw func() ([]byte, error)) {
			t.Helper()
			if i, b, err := r.Issue(t.Context(), receipt, draw); err == nil || b != nil || i.IsSigned() {
				t.Errorf("cut at %s: %v %+v", step, err, i)
			}
			err := db.Read(t.Context(), func(tx *store.Tx) error {
				_, err := deeds.Find(tx, receipt.Kind, receipt.About)
				return err
			})
			if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("cut at %s there is a row: %v", step, err)
			}
		}
		fails("drawing", room, never)
		fails("signing", room, func() ([]byte, error) { return []byte("no PDF"), nil })

		gone := t.TempDir()
		broken, err := blob.Open(gone)
		o.must(err)
		o.must(os.RemoveAll(gone))
		fails("the bytes", &deeds.Room{DB: db, Blobs: broken, Ring: ring}, draw)

		rename := func(from, to string) {
			o.must(db.Write(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Exec(`ALTER TABLE ` + from + ` RENAME TO ` + to)
				return err
			}))
		}
		i, b, err := room.Issue(t.Context(), receipt, func() ([]byte, error) { rename("deeds", "away"); return draw() })
		rename("away", "deeds")
		if err == nil || b != nil {
			t.Errorf("cut at the row: %v %+v", err, i)
		}

		_, b, err = room.Issue(t.Context(), receipt, draw)
		o.must(err)
		if _, same, err := room.Issue(t.Context(), receipt, never); err != nil || !bytes.Equal(b, same) {
			t.Error("asked again", err)
		}
		i, _, err = room.Issue(t.Context(), receipt, never)
		o.must(err)
		path, _ := room.Blobs.Path(i.Digest)
		o.must(os.Chmod(path, 0o600))
		o.must(os.WriteFile(path, append(b, '\n'), 0o600))
		if _, _, err := room.Issue(t.Context(), receipt, draw); !errors.Is(err, blob.ErrDamaged) {
			t.Errorf("what lies there is not what was issued: %v", err)
		}
	})
}

// TestUnsigned: without a key documents are drawn as ever, and signed once there is one.
func TestUnsigned(t *testing.T) {
	o := newOffice(t)
	o.both()
	plain, err := draw()
	o.must(err)
	room := o.room(storetest.SQLite(t), nil)
	for _, r := range []*deeds.Room{nil, room} {
		if i, b, err := r.Issue(t.Context(), receipt, draw); err != nil || i.IsSigned() || !bytes.Equal(b, plain) {
			t.Error(err, i)
		}
	}
	room.Ring = o.ring()
	if i, b, err := room.Issue(t.Context(), receipt, draw); err != nil || !i.IsSigned() || !bytes.HasPrefix(b, plain) {
		t.Error(err, i)
	}
}

type silent struct{}

func (silent) Stamp(context.Context, []byte) ([]byte, error) {
	return nil, errors.New("nobody answers")
}

// TestNoTimeStamp: where time stamps have to be there, nothing is issued without; otherwise it is, and says so.
func TestNoTimeStamp(t *testing.T) {
	o := newOffice(t)
	o.both()
	room := o.room(storetest.SQLite(t), o.ring())
	room.TSA, room.TSANeeds = silent{}, true
	if _, b, err := room.Issue(t.Context(), receipt, draw); !fault.Is(err, fault.Unavailable) || b != nil || !strings.Contains(err.Error(), "nobody answers") {
		t.Error(err)
	}
	room.TSANeeds = false
	i, b, err := room.Issue(t.Context(), receipt, draw)
	if err != nil || !i.IsSigned() || !i.Stamped.IsZero() || len(b) == 0 {
		t.Error(err, i)
	}
}

// TestGenerations: the newest certificate that is valid signs; what older ones signed stays as it is.
func TestGenerations(t *testing.T) {
	o := newOffice(t)
	o.both()
	o.key("IF0-2027", "03", "測試市政府二", false, noon.AddDate(0, 1, 0))
	ring := o.ring()
	db := storetest.SQLite(t)
	room := o.room(db, ring)
	old, b, err := room.Issue(t.Context(), receipt, draw)
	o.must(err)
	later := noon.AddDate(0, 2, 0)
	db.SetClock(func() time.Time { return later })
	next := receipt
	next.About = "case/2"
	i, _, err := room.Issue(t.Context(), next, draw)
	o.must(err)
	if old.By.Name != "測試市政府" || i.By.Name != "測試市政府二" {
		t.Error(old.By, i.By)
	}
	if _, same, err := room.Issue(t.Context(), receipt, never); err != nil || !bytes.Equal(b, same) {
		t.Error("what was issued is another now", err)
	}
	if ends := ring.Ends(later); !ends[tainan].Equal(noon.AddDate(0, 1, 0).AddDate(2, 0, 0)) || len(ends) != 2 {
		t.Error(ends)
	}
	if n := len(ring.Certificates()); n != 6 {
		t.Errorf("%d certificates", n)
	}
	// The key of a generation that has ended need not be there any more.
	o.chain("IF0-2020", "測試市政府", mustPublic(o), noon.AddDate(-5, 0, 0))
	if n := len(o.ring().Certificates()); n != 8 {
		t.Errorf("%d certificates with the one that has ended", n)
	}
	much := noon.AddDate(5, 0, 0)
	db.SetClock(func() time.Time { return much })
	next.About = "case/3"
	if _, _, err := room.Issue(t.Context(), next, draw); !fault.Is(err, fault.Unavailable) || !errors.Is(err, deeds.ErrNobody) {
		t.Errorf("with certificates that have all ended: %v", err)
	}
}

func mustPublic(o *office) any {
	o.t.Helper()
	der, err := o.Token.Public(context.Background(), tainan)
	o.must(err)
	public, err := x509.ParsePKIXPublicKey(der)
	o.must(err)
	return public
}

// TestRefusedAtStart: what is wrong with the keys is found before anybody waits for a document, and says what it is.
func TestRefusedAtStart(t *testing.T) {
	whole := newOffice(t)
	whole.both()
	for name, q := range map[string]struct {
		change func(o *office)
		want   error
		says   string
	}{
		"wrong PIN":      {func(o *office) { o.PINFile = o.write("pin2", []byte("999999")) }, deeds.ErrPIN, "CKR_PIN_INCORRECT"},
		"no PIN":         {func(o *office) { o.PINFile = filepath.Join(o.dir, "none") }, os.ErrNotExist, "PIN"},
		"empty PIN":      {func(o *office) { o.PINFile = o.write("pin3", []byte("\n")) }, nil, "one line"},
		"missing module": {func(o *office) { o.Token.Module = "/nowhere/lib.so" }, deeds.ErrModule, "/nowhere/lib.so"},
		"no module":      {func(o *office) { o.Token.Module = o.PINFile }, deeds.ErrModule, "cannot be loaded"},
		"missing token":  {func(o *office) { o.Token.Label = "another" }, deeds.ErrToken, "another"},
		"no answer":      {func(o *office) { o.Token.Limit = time.Nanosecond }, deeds.ErrSlow, "in time"},
		"missing key":    {func(o *office) { o.chain("ID0", "測試縣政府", mustPublic(o), noon) }, deeds.ErrKey, "ID0"},
		"wrong key":      {func(o *office) { o.chain(deeds.Platform, "測試平台", mustPublic(o), noon) }, deeds.ErrOther, "platform.pem: the key in the token is not the one of the certificate"},
		"no platform":    {func(o *office) { o.must(os.Remove(filepath.Join(o.Chains, "platform.pem"))) }, nil, "label platform"},
		"all ended":      {func(o *office) { o.chain(deeds.Platform, "測試平台", mustPublic(o), noon.AddDate(-9, 0, 0)) }, nil, "label platform"},
		"no chains":      {func(o *office) { o.Chains = o.dir + "/none" }, nil, "no certificates"},
		"no certificate": {func(o *office) { o.write("chains/IF0.pem", []byte("a letter")) }, nil, "IF0.pem"},
		"an authority":   {func(o *office) { o.write("chains/IF0.pem", o.ca.Anchors()) }, nil, "is an authority's"},
		"wrong order": {func(o *office) {
			b, err := os.ReadFile(filepath.Join(o.Chains, "platform.pem"))
			o.must(err)
			all, err := cms.Certificates(b)
			o.must(err)
			o.write("chains/platform.pem", cms.PEM(all[0], o.ca.Chain(pki.Citizen)[0]))
		}, nil, "certificate 2 is not above"},
		"production": {func(o *office) { o.Production = true }, nil, "test authority"},
	} {
		t.Run(name, func(t *testing.T) {
			o := *whole
			o.t, o.Chains = t, filepath.Join(t.TempDir(), "chains")
			o.must(os.CopyFS(o.Chains, os.DirFS(whole.Chains)))
			o.dir = filepath.Dir(o.Chains)
			q.change(&o)
			_, err := deeds.OpenRing(t.Context(), o.Settings, noon)
			if err == nil || q.want != nil && !errors.Is(err, q.want) || !strings.Contains(err.Error(), q.says) || strings.Contains(err.Error(), pin) {
				t.Errorf("%v", err)
			}
		})
	}
	whole.ring()
}

// TestPINChanged: a token that has refused the PIN once is not asked again, or it would lock itself.
func TestPINChanged(t *testing.T) {
	o := newOffice(t)
	o.both()
	room := o.room(storetest.SQLite(t), o.ring())
	change := func(from, to string) {
		t.Helper()
		_, err := o.Token.Tool(t.Context(), from, nil, "--change-pin", "--new-pin", to)
		o.must(err)
	}
	change(pin, "864200")
	for range 2 {
		if _, _, err := room.Issue(t.Context(), receipt, draw); !errors.Is(err, deeds.ErrPIN) || !fault.Is(err, fault.Unavailable) {
			t.Error(err)
		}
		change("864200", pin)
		change(pin, "864200")
	}
	change("864200", pin)
	if _, _, err := room.Issue(t.Context(), receipt, draw); !errors.Is(err, deeds.ErrPIN) {
		t.Errorf("asked again: %v", err)
	}
	room.Ring = o.ring()
	if _, _, err := room.Issue(t.Context(), receipt, draw); err != nil {
		t.Error(err)
	}
}

var _ pades.TSA = (*deeds.TSA)(nil)
