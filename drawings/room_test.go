package drawings

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/store"
	"cloudbm/store/storetest"
)

// The people of the fixtures (domain §7).
var (
	stranger = permit.Actor{Person: "p4", Name: "測試丁", Roles: []permit.Role{permit.Citizen}}
	desk     = permit.Actor{Person: "p9", Name: "測試壬", Seats: []permit.Seat{{Authority: authority, Duty: permit.Reviewer}, {Authority: authority, Duty: permit.Counter}}}
)

const authority = "IF0"

var shared struct {
	sync.Once
	engine *pdf.Engine
	fonts  *pdf.Fonts
}

// engine is one for all tests: starting it costs seconds.
func engine(t testing.TB) *pdf.Engine {
	shared.Do(func() {
		var err error
		if shared.engine, err = pdf.NewEngine(filepath.Join(os.TempDir(), "cloudbm-test-pdfium"), 2); err != nil {
			panic(err)
		}
	})
	return shared.engine
}

func room(t testing.TB, db *store.DB) *Room {
	t.Helper()
	b, err := blob.Open(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	return &Room{Blobs: b, Engine: engine(t), DB: db, Cache: filepath.Join(t.TempDir(), "pictures")}
}

// tool does things to one case, each in a transaction of its own.
type tool struct {
	t         testing.TB
	r         *Room
	id        string
	architect permit.Actor // the architect whose case it is
}

func begun(t testing.TB, db *store.DB) *tool {
	t.Helper()
	k := &tool{t: t, r: room(t, db)}
	k.write(roles.Seed)
	k.write(func(tx *store.Tx) error {
		p, err := accounts.ByEmail(tx, "p1@example.test")
		if err != nil {
			return err
		}
		if k.architect, err = roles.Actor(tx, p.ID); err != nil {
			return err
		}
		c, err := cases.Start(tx, k.architect, catalog.Find("building"), authority, "")
		if err == nil {
			k.id = c.ID
		}
		return err
	})
	return k
}

func (k *tool) write(f func(tx *store.Tx) error) {
	k.t.Helper()
	if err := k.r.DB.Write(context.Background(), f); err != nil {
		k.t.Fatal(err)
	}
}

// do runs a verb on the case and answers its error.
func (k *tool) do(by permit.Actor, f func(tx *store.Tx, c *cases.Case) error) error {
	return k.r.DB.Write(context.Background(), func(tx *store.Tx) error {
		c, err := cases.Find(tx, by, k.id)
		if err != nil {
			return err
		}
		return f(tx, c)
	})
}

func (k *tool) must(by permit.Actor, f func(tx *store.Tx, c *cases.Case) error) {
	k.t.Helper()
	if err := k.do(by, f); err != nil {
		k.t.Fatal(err)
	}
}

// bring receives a file and has it looked at.
func (k *tool) bring(path string, content []byte, more ...func(*File)) []Arrival {
	k.t.Helper()
	f := File{Upload: store.NewID(), Name: filepath.Base(path), Path: path}
	var err error
	if f.Digest, f.Size, err = k.r.Blobs.Put(context.Background(), bytes.NewReader(content), MaxFile); err != nil {
		k.t.Fatal(err)
	}
	for _, m := range more {
		m(&f)
	}
	k.must(k.architect, func(tx *store.Tx, c *cases.Case) error { return Receive(tx, k.architect, c, f) })
	k.look()
	var out []Arrival
	for _, a := range k.arrivals() {
		if a.Upload == f.Upload {
			out = append(out, a)
		}
	}
	return out
}

// look inspects everything that waits, as the crew would.
func (k *tool) look() {
	k.t.Helper()
	for _, a := range k.arrivals() {
		if a.State == Waiting {
			if err := k.r.inspect(context.Background(), a.ID); err != nil {
				k.t.Fatal(err)
			}
		}
	}
}

func (k *tool) arrivals() (out []Arrival) {
	k.t.Helper()
	k.write(func(tx *store.Tx) (err error) { out, err = arrivalsOf(tx, k.id); return err })
	return out
}

func (k *tool) sheets() (out []Sheet) {
	k.t.Helper()
	k.must(k.architect, func(tx *store.Tx, c *cases.Case) (err error) { out, err = Current(tx, c); return err })
	return out
}

func (k *tool) sheet(number string) Sheet {
	k.t.Helper()
	for _, s := range k.sheets() {
		if s.Number == number {
			return s
		}
	}
	k.t.Fatalf("no sheet %s among %s", number, k.list())
	return Sheet{}
}

// list is the set in one line: A1-01 v2, S1-01 v1.
func (k *tool) list() string {
	var out []string
	for _, s := range k.sheets() {
		out = append(out, fmt.Sprintf("%s v%d", s.Number, s.Current().N))
	}
	return strings.Join(out, ", ")
}

// sheetPDF makes a drawing with a title block.
func sheetPDF(t testing.TB, number, title string, revision int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := pdf.GenerateSheet(&b, fonts(t), pdf.SheetSpec{Number: number, Title: title, Case: "111A10134", Revision: revision, Paper: "A3", Segments: 200}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// plainPDF is a page without a title block; another seed is another file.
func plainPDF(seed string) []byte {
	body := "BT /F1 12 Tf 72 700 Td (" + seed + ") Tj ET"
	objs := []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 1191 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(body), body), "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"}
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var at []int
	for i, o := range objs {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objs)+1)
	for _, p := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", p)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objs)+1, xref)
	return b.Bytes()
}

func refusedAs(t testing.TB, err error, kind fault.Kind, words string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != kind || !strings.Contains(f.Error(), words) {
		t.Errorf("got %v, want a refusal of kind %d with %q", err, kind, words)
	}
	if ok && (f.Message.Zh == "" || f.Message.En == "") {
		t.Errorf("%q lacks a language", f.Message)
	}
}

func TestASureFileBecomesASheetAndThenAVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := begun(t, db)
		if a := k.bring("A1-01_一層平面圖_v1.pdf", plainPDF("one")); len(a) != 1 || a[0].State != Placed || a[0].Became == "" {
			t.Fatalf("%+v", a)
		}
		if a := k.bring("A1-01_一層平面圖_v1 (1).pdf", plainPDF("one")); a[0].State != Same || a[0].Said().Zh == "" {
			t.Errorf("the same file again: %s", a[0].State)
		}
		if a := k.bring("A1-01_一層平面圖_v2.pdf", plainPDF("two")); a[0].State != Placed {
			t.Errorf("the next version: %s %s", a[0].State, a[0].Said())
		}
		if a := k.bring("A1-02.pdf", plainPDF("three")); a[0].State != Placed {
			t.Errorf("without a title: %s", a[0].State)
		}
		if got := k.list(); got != "A1-01 v2, A1-02 v1" {
			t.Errorf("the set: %s", got)
		}
		s := k.sheet("A1-01")
		if len(s.Versions) != 2 || s.Versions[1].FileName != "A1-01_一層平面圖_v1.pdf" || s.Current().WidthMM != 420 || s.Current().HeightMM != 297 || s.Current().Report.Paper != "A3" {
			t.Errorf("%+v", s)
		}
		if title := k.sheet("A1-02").Title; title == "" {
			t.Error("no title at all")
		}
		var acts []string
		k.must(k.architect, func(tx *store.Tx, c *cases.Case) error {
			all, err := cases.Entries(tx, c)
			for _, e := range all {
				acts = append(acts, e.Act+" "+e.Place)
			}
			return err
		})
		if got := strings.Join(acts, ", "); got != "start , put-sheet drawings/A1-01, put-sheet drawings/A1-01, put-sheet drawings/A1-02" {
			t.Errorf("the log: %s", got)
		}
	})
}

func TestReceivingOneUploadTwiceIsOneRow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := begun(t, db)
		d, n, _ := k.r.Blobs.Put(context.Background(), bytes.NewReader(plainPDF("x")), MaxFile)
		f := File{Upload: "u1", Name: "A1-01_一層平面圖.pdf", Digest: d, Size: n}
		for range 3 {
			k.must(k.architect, func(tx *store.Tx, c *cases.Case) error { return Receive(tx, k.architect, c, f) })
			k.look()
		}
		if len(k.arrivals()) != 1 || k.list() != "A1-01 v1" {
			t.Errorf("%d rows, %s", len(k.arrivals()), k.list())
		}
		a := k.arrivals()[0]
		if err := k.r.inspect(context.Background(), a.ID); err != nil || k.list() != "A1-01 v1" {
			t.Errorf("inspected again: %v, %s", err, k.list())
		}
	})
}

func TestTheMappingTable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := begun(t, db)
		k.bring("A1-01_一層平面圖.pdf", plainPDF("first"))
		a := k.bring("掃描01.pdf", plainPDF("a"))[0]
		b := k.bring("掃描02.pdf", plainPDF("b"))[0]
		c2 := k.bring("A1-01_二層平面圖.pdf", plainPDF("c"))[0]
		for _, x := range []Arrival{a, b, c2} {
			if x.State != Unsure || x.Said().Zh == "" || x.Said().En == "" {
				t.Fatalf("%s is %s: %s", x.FileName, x.State, x.Said())
			}
		}
		if !strings.Contains(c2.Said().Zh, "一層平面圖") {
			t.Errorf("another title under the same number: %s", c2.Said())
		}
		file := func(rows ...Mapping) (n int, err error) {
			err = k.do(k.architect, func(tx *store.Tx, c *cases.Case) (err error) { n, err = Map(tx, k.architect, c, rows); return err })
			return n, err
		}
		_, err := file(Mapping{Arrival: a.ID, Number: "A2-01", Title: "立面圖"}, Mapping{Arrival: b.ID, Number: "a2-1", Title: "立面圖二"})
		refusedAs(t, err, fault.Invalid, "兩次")
		_, err = file(Mapping{Arrival: a.ID, Number: "二樓", Title: ""})
		refusedAs(t, err, fault.Invalid, "填寫圖名")
		_, err = file(Mapping{Arrival: a.ID, Number: "A2-01", Title: "立面圖"}, Mapping{Arrival: c2.ID, Number: "A1-01", Title: "二層平面圖"})
		refusedAs(t, err, fault.Invalid, "新版本")
		if f, _ := fault.As(err); len(f.Places) != 1 || f.Places[0].Key != "number-"+c2.ID {
			t.Errorf("places %v", f.Places)
		}
		_, err = file(Mapping{Arrival: a.ID, Number: "Q9-01", Title: "x"})
		refusedAs(t, err, fault.Invalid, "例如 A1-01")
		if got := k.list(); got != "A1-01 v1" {
			t.Errorf("a refused table filed something: %s", got)
		}
		n, err := file(Mapping{Arrival: a.ID, Number: "A2-01", Title: "南向立面圖"}, Mapping{Arrival: b.ID, Drop: true},
			Mapping{Arrival: c2.ID, Number: "A1-01", Title: "一層平面圖（修正）", Version: true})
		if err != nil || n != 2 || k.list() != "A1-01 v2, A2-01 v1" {
			t.Errorf("%d filed, %v: %s", n, err, k.list())
		}
		if got := k.sheet("A1-01").Title; got != "一層平面圖(修正)" {
			t.Errorf("title %q", got)
		}
		if n, err := file(Mapping{Arrival: a.ID, Number: "A2-01", Title: "南向立面圖"}); n != 0 || err != nil {
			t.Errorf("the same table sent again: %d, %v", n, err)
		}
	})
}

func TestChangingTheSet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := begun(t, db)
		for _, n := range []string{"S1-01_結構平面圖.pdf", "A1-02_二層平面圖.pdf", "A0-01_配置圖.pdf", "A1-01_一層平面圖.pdf"} {
			if a := k.bring(n, plainPDF(n)); a[0].State != Placed {
				t.Fatalf("%s: %s", n, a[0].Said())
			}
		}
		if got := k.list(); got != "A0-01 v1, A1-01 v1, A1-02 v1, S1-01 v1" {
			t.Errorf("by number: %s", got)
		}
		one, two := k.sheet("A1-01"), k.sheet("A1-02")
		k.must(k.architect, func(tx *store.Tx, c *cases.Case) error { return Reorder(tx, k.architect, c, []string{two.ID, one.ID}) })
		if got := k.list(); got != "A1-02 v1, A1-01 v1, A0-01 v1, S1-01 v1" {
			t.Errorf("by hand: %s", got)
		}
		k.bring("A2-01_立面圖.pdf", plainPDF("later"))
		if got := k.list(); !strings.HasSuffix(got, "A2-01 v1") {
			t.Errorf("a later sheet goes to the end: %s", got)
		}
		k.must(k.architect, func(tx *store.Tx, c *cases.Case) error { return ByNumber(tx, k.architect, c) })
		if got := k.list(); got != "A0-01 v1, A1-01 v1, A1-02 v1, A2-01 v1, S1-01 v1" {
			t.Errorf("by number again: %s", got)
		}

		rename := func(number, title string) error {
			return k.do(k.architect, func(tx *store.Tx, c *cases.Case) error {
				_, err := Rename(tx, k.architect, c, two.ID, number, title)
				return err
			})
		}
		refusedAs(t, rename("A1-001", "二層"), fault.Invalid, "A1-01")
		refusedAs(t, rename("A1-02", ""), fault.Invalid, "填寫圖名")
		refusedAs(t, rename("E1-01", "裝修圖"), fault.Invalid, "E1")
		if err := rename("Ａ１－３", "三層平面圖"); err != nil {
			t.Fatal(err)
		}
		if s := k.sheet("A1-03"); s.ID != two.ID || s.Title != "三層平面圖" {
			t.Errorf("%+v", s)
		}

		remove := func() error {
			return k.do(k.architect, func(tx *store.Tx, c *cases.Case) error { _, err := Remove(tx, k.architect, c, two.ID); return err })
		}
		restore := func() error {
			return k.do(k.architect, func(tx *store.Tx, c *cases.Case) error { _, err := Restore(tx, k.architect, c, two.ID); return err })
		}
		if err := remove(); err != nil {
			t.Fatal(err)
		}
		refusedAs(t, remove(), fault.Conflict, "復原")
		if strings.Contains(k.list(), "A1-03") {
			t.Error("still there")
		}
		for range 2 { // bringing back twice is bringing back
			if err := restore(); err != nil {
				t.Fatal(err)
			}
		}
		if !strings.Contains(k.list(), "A1-03 v1") {
			t.Error("not brought back")
		}
		remove()
		k.bring("A1-03_另一張平面圖.pdf", plainPDF("other"))
		refusedAs(t, restore(), fault.Conflict, "先替")
	})
}

func TestReplacingASheet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := begun(t, db)
		k.bring("A1-01_一層平面圖.pdf", plainPDF("one"))
		s := k.sheet("A1-01")
		to := func(f *File) { f.Sheet = s.ID }
		if a := k.bring("anything at all.pdf", plainPDF("two"), to); a[0].State != Placed {
			t.Fatalf("%s: %s", a[0].State, a[0].Said())
		}
		if now := k.sheet("A1-01"); now.ID != s.ID || now.Current().N != 2 || now.Title != "一層平面圖" {
			t.Errorf("%+v", now)
		}
		if a := k.bring("again.pdf", plainPDF("two"), to); a[0].State != Same {
			t.Errorf("the same file: %s", a[0].State)
		}
		if a := k.bring("a.dxf", []byte(smallDXF), to); a[0].State != Refused || !strings.Contains(a[0].Said().Zh, "A8") {
			t.Errorf("a DXF as a floor plan: %s %s", a[0].State, a[0].Said())
		}
		old := s.Current()
		k.must(k.architect, func(tx *store.Tx, c *cases.Case) error {
			v, err := FindVersion(tx, c, old.ID)
			if v.N != 1 || v.Digest != old.Digest {
				t.Errorf("the old version: %+v", v)
			}
			return err
		})
	})
}

func TestPapers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := begun(t, db)
		code := catalog.Find("building").Attachments[0].Code
		under := func(f *File) { f.Code = code }
		jpg, _ := pictures()
		if a := k.bring("申請書.pdf", plainPDF("form"), under); a[0].State != Placed {
			t.Fatalf("%s", a[0].Said())
		}
		k.bring("基地照片.jpg", jpg, under)
		if a := k.bring("申請書 (1).pdf", plainPDF("form"), under); a[0].State != Same {
			t.Errorf("the same paper: %s", a[0].State)
		}
		if a := k.bring("套繪.dxf", []byte(smallDXF), under); a[0].State != Refused {
			t.Errorf("a DXF as a paper: %s", a[0].State)
		}
		var papers []Paper
		read := func() {
			k.must(k.architect, func(tx *store.Tx, c *cases.Case) (err error) { papers, err = Papers(tx, c); return err })
		}
		read()
		if len(papers) != 2 || papers[0].Pages != 1 || papers[0].FileName != "申請書.pdf" || papers[1].MIME != JPEG {
			t.Fatalf("%+v", papers)
		}
		id := papers[0].ID
		for range 2 {
			k.must(k.architect, func(tx *store.Tx, c *cases.Case) error { _, err := RemovePaper(tx, k.architect, c, id); return err })
		}
		if read(); len(papers) != 1 {
			t.Errorf("%d papers", len(papers))
		}
		k.must(k.architect, func(tx *store.Tx, c *cases.Case) error { _, err := RestorePaper(tx, k.architect, c, id); return err })
		if read(); len(papers) != 2 {
			t.Errorf("%d papers", len(papers))
		}
		refusedAs(t, k.do(k.architect, func(tx *store.Tx, c *cases.Case) error {
			return Receive(tx, k.architect, c, File{Upload: "z", Code: "none"})
		}), fault.NotFound, "應附文件")
	})
}

func TestWhoMayBring(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := begun(t, db)
		k.bring("A1-01_一層平面圖.pdf", plainPDF("one"))
		refusedAs(t, k.do(stranger, func(tx *store.Tx, c *cases.Case) error { return nil }), fault.NotFound, "查無")
		refusedAs(t, k.do(desk, func(tx *store.Tx, c *cases.Case) error { return nil }), fault.NotFound, "查無")

		k.filed(permit.Reviewing)
		receive := func(by permit.Actor) error {
			return k.do(by, func(tx *store.Tx, c *cases.Case) error { return Receive(tx, by, c, File{Upload: store.NewID()}) })
		}
		refusedAs(t, receive(k.architect), fault.Conflict, "凍結")
		refusedAs(t, receive(desk), fault.Forbidden, "不能修改")
		s := k.sheet("A1-01")
		refusedAs(t, k.do(k.architect, func(tx *store.Tx, c *cases.Case) error { _, err := Remove(tx, k.architect, c, s.ID); return err }), fault.Conflict, "凍結")

		// The notice opens one sheet only.
		k.filed(permit.Correction)
		refusedAs(t, receive(k.architect), fault.Conflict, "改正通知")
		k.must(k.architect, func(tx *store.Tx, c *cases.Case) error { return cases.Reopen(tx, c, []string{"drawings/A1-01"}) })
		if a := k.bring("A1-01_一層平面圖_v2.pdf", plainPDF("two")); a[0].State != Placed {
			t.Errorf("the opened sheet: %s %s", a[0].State, a[0].Said())
		}
		if a := k.bring("A1-02_二層平面圖.pdf", plainPDF("three")); a[0].State != Unsure || !strings.Contains(a[0].Said().Zh, "改正通知") {
			t.Errorf("another sheet: %s %s", a[0].State, a[0].Said())
		}
		// The authority goes on seeing what was submitted.
		k.must(desk, func(tx *store.Tx, c *cases.Case) error {
			all, err := InSight(tx, desk, c)
			if len(all) != 1 || all[0].Current().N != 1 {
				t.Errorf("the officer sees %+v", all)
			}
			return err
		})
		if k.list() != "A1-01 v2" {
			t.Errorf("the applicant sees %s", k.list())
		}
	})
}

// filed puts the case into a state as if it had been submitted once, now.
func (k *tool) filed(s permit.State) {
	k.t.Helper()
	k.write(func(tx *store.Tx) error {
		return tx.Must(`UPDATE cases SET state = $2, round = 1, submitted_at = $3, revision = revision + 1 WHERE id = $1`, k.id, string(s), store.At(tx.Now))
	})
	time.Sleep(2 * time.Millisecond) // what comes later is later
}

func TestHolds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := begun(t, db)
		holds := func() (drawings, papers []permit.Hold) {
			k.must(k.architect, func(tx *store.Tx, c *cases.Case) error {
				a, err := cases.Answers(tx, c)
				if err == nil {
					drawings, papers, err = Holds(tx, c, a)
				}
				return err
			})
			return drawings, papers
		}
		d0, p0 := holds()
		if len(d0) == 0 || len(p0) == 0 {
			t.Fatalf("an empty case is held by %d drawings and %d papers", len(d0), len(p0))
		}
		for _, h := range append(d0, p0...) {
			if h.Text.Zh == "" || h.Text.En == "" || h.URL == "" || h.Need == "" {
				t.Errorf("%+v", h)
			}
		}
		k.bring("A1-01_一層平面圖.pdf", plainPDF("one"))
		if d, _ := holds(); len(d) != len(d0)-1 {
			t.Errorf("after A1: %d holds, before %d", len(d), len(d0))
		}
		u := k.bring("掃描.pdf", plainPDF("scan"))[0]
		if d, _ := holds(); len(d) != len(d0) || d[len(d)-1].URL != "drawings/map" {
			t.Errorf("a doubtful page does not hold: %+v", d)
		}
		r := k.bring("空白.pdf", nil)[0]
		if d, _ := holds(); len(d) != len(d0)+1 {
			t.Error("a refused file does not hold")
		}
		for _, a := range []Arrival{u, r} {
			k.must(k.architect, func(tx *store.Tx, c *cases.Case) error { return Discard(tx, k.architect, c, a.ID) })
		}
		if d, _ := holds(); len(d) != len(d0)-1 {
			t.Error("a discarded file holds")
		}
		k.must(k.architect, func(tx *store.Tx, c *cases.Case) error {
			return Receive(tx, k.architect, c, File{Upload: "w", Name: "x.pdf", Digest: blob.Of(nil)})
		})
		if d, _ := holds(); len(d) != len(d0) {
			t.Error("a file that waits does not hold")
		}
	})
}

// The crew does the work by itself, in the order things were written.
func TestTheCrewInspects(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := begun(t, db)
		crew := jobs.NewCrew()
		k.r.Teach(crew)
		if err := crew.Start(context.Background(), db, 2, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		defer crew.Stop(context.Background())
		for i := range 5 {
			b := plainPDF(fmt.Sprint(i))
			d, n, _ := k.r.Blobs.Put(context.Background(), bytes.NewReader(b), MaxFile)
			name := fmt.Sprintf("A1-%02d_%d層平面圖.pdf", i+1, i+1)
			k.must(k.architect, func(tx *store.Tx, c *cases.Case) error {
				return Receive(tx, k.architect, c, File{Upload: store.NewID(), Name: name, Digest: d, Size: n})
			})
		}
		for until := time.Now().Add(30 * time.Second); len(k.sheets()) < 5 && time.Now().Before(until); {
			time.Sleep(20 * time.Millisecond)
		}
		if got := k.list(); got != "A1-01 v1, A1-02 v1, A1-03 v1, A1-04 v1, A1-05 v1" {
			t.Error(got)
		}
	})
}

func fonts(t testing.TB) *pdf.Fonts {
	t.Helper()
	f, err := pdf.NewFonts("")
	if err != nil {
		t.Fatal(err)
	}
	return f
}
