package notices

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	netmail "net/mail"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"mime"

	"github.com/emersion/go-smtp"

	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/taiwan"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

var people = map[string]Address{
	"p1": {Email: "p1@example.test", Name: "測試甲"},
	"p4": {Email: "p4@example.test", Name: "測試丁", Lang: say.En},
	"p5": {Name: "測試戊"},
}

func addressOf(_ *store.Tx, person string) (Address, error) {
	a, ok := people[person]
	if !ok {
		return a, store.ErrNotFound
	}
	return a, nil
}

func mailer(db *store.DB, p Post) *Mailer {
	return &Mailer{DB: db, Post: p, Base: "https://cloudbm.test", System: say.T("送件系統", "the system"), Address: addressOf,
		Pause: func(int) time.Duration { return 0 }}
}

func correction(n int) Notice {
	return Notice{Case: "c1", Serial: "111A10134", Kind: Correction, Legal: true, URL: "/bls/cases/c1/remarks",
		Title: say.F("通知改正（第 %d 次）", "Corrections asked for (no. %d)", n),
		Body:  say.T("起造人 D123000011 的資料與謄本不同。", "The data of D123000011 differ from the land register."),
		Todo:  say.T("在期限內改正並再送件", "Correct and submit again in time"), Due: taiwan.NewDate(2022, 8, 18)}
}

func tell(t *testing.T, db *store.DB, person string, ns ...Notice) {
	t.Helper()
	if err := db.Write(t.Context(), func(tx *store.Tx) error {
		for _, n := range ns {
			if err := Tell(tx, person, n); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func look[T any](t *testing.T, db *store.DB, f func(*store.Tx) (T, error)) (v T) {
	t.Helper()
	if err := db.Read(t.Context(), func(tx *store.Tx) (err error) { v, err = f(tx); return err }); err != nil {
		t.Fatal(err)
	}
	return v
}

func states(t *testing.T, db *store.DB) string {
	return strings.Join(look(t, db, func(tx *store.Tx) ([]string, error) {
		return store.Column[string](tx, `SELECT state FROM letters ORDER BY lane, seq`)
	}), " ")
}

func TestTheInboxAndTheLetterCommitTogetherOrNotAtAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		no := errors.New("no")
		err := db.Write(t.Context(), func(tx *store.Tx) error {
			if err := Tell(tx, "p1", correction(1)); err != nil {
				return err
			}
			return no
		})
		if !errors.Is(err, no) {
			t.Fatal(err)
		}
		if n := look(t, db, func(tx *store.Tx) (int, error) { return Unread(tx, "p1") }); n != 0 {
			t.Fatalf("%d notices of a change that never was", n)
		}
		tell(t, db, "p1", correction(1))
		if n := look(t, db, func(tx *store.Tx) (int, error) { return Unread(tx, "p1") }); n != 1 {
			t.Fatalf("unread %d", n)
		}
		if got := states(t, db); got != "waiting" {
			t.Fatal(got)
		}
	})
}

func TestANoticeIsMailedByTheCrew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := (&office{}).open(t, false)
		m := mailer(db, o.post())
		crew := jobs.NewCrew()
		m.Teach(crew)
		if err := crew.Start(t.Context(), db, 2, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		defer crew.Stop(context.Background())
		tell(t, db, "p1", correction(1), correction(2), correction(3))
		within(t, 20*time.Second, func() bool { return states(t, db) == "sent sent sent" })
		if got := o.subjects(); got != "111A10134 通知改正（第 1 次） | 111A10134 通知改正（第 2 次） | 111A10134 通知改正（第 3 次）" {
			t.Error(got)
		}
	})
}

func within(t *testing.T, d time.Duration, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("not in time")
}

func TestTheLetterSaysWhatWhatToDoByWhenAndWhere(t *testing.T) {
	db := storetest.SQLite(t)
	o := (&office{}).open(t, false)
	m := mailer(db, o.post())
	tell(t, db, "p1", correction(1))
	tell(t, db, "p4", correction(1))
	for _, lane := range []string{"p1 c1", "p4 c1"} {
		if err := m.deliver(t.Context(), carry{Lane: lane}); err != nil {
			t.Fatal(err)
		}
	}
	got := o.letters()
	if len(got) != 2 {
		t.Fatal(got)
	}
	for i, wants := range [][]string{
		{"測試甲，您好：", "案件序號：111A10134", "D12*****11", "您要做的事：在期限內改正並再送件", "期限：民國111年8月18日", "https://cloudbm.test/bls/notices/", "有法律效果"},
		{"Dear 測試丁,", "Case: 111A10134", "D12*****11", "What to do: Correct and submit again in time", "By: 18 August 2022", "https://cloudbm.test/bls/notices/", "legal effect"},
	} {
		if !strings.HasPrefix(got[i].Subject, "111A10134 ") {
			t.Errorf("subject %q does not begin with the serial", got[i].Subject)
		}
		parts := bodies(t, got[i].Raw)
		if len(parts) != 2 {
			t.Fatalf("%d parts", len(parts))
		}
		for _, part := range parts {
			for _, w := range wants {
				if !strings.Contains(part, w) {
					t.Errorf("no %q in\n%s", w, part)
				}
			}
			if strings.Contains(part, "D123000011") {
				t.Error("a whole identity number in a letter")
			}
		}
	}
}

// bodies are the parts of a multipart letter, decoded.
func bodies(t *testing.T, raw string) (out []string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	_, p, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	for r := multipart.NewReader(m.Body, p["boundary"]); ; {
		part, err := r.NextRawPart()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		var body io.Reader = part
		switch part.Header.Get("Content-Transfer-Encoding") {
		case "quoted-printable":
			body = quotedprintable.NewReader(part)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, part)
		}
		b, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, strings.ReplaceAll(string(b), "\r\n", "\n"))
	}
}

func TestAServerThatIsBusyHoldsTheLaneBackInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := &office{data: func(n int) error {
			if n <= 2 {
				return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try later"}
			}
			return nil
		}}
		o.open(t, false)
		m := mailer(db, o.post())
		tell(t, db, "p1", correction(1), correction(2))
		for try := range 2 {
			if err := m.deliver(t.Context(), carry{"p1 c1", try}); err != nil {
				t.Fatal(err)
			}
			if got := states(t, db); got != "waiting waiting" {
				t.Fatalf("try %d: %s", try, got)
			}
		}
		// A fresh order for the lane leaves it to the retry that is written down.
		if err := m.deliver(t.Context(), carry{Lane: "p1 c1"}); err != nil || len(o.letters()) != 0 {
			t.Fatalf("%v %v", err, o.letters())
		}
		if err := m.deliver(t.Context(), carry{"p1 c1", 2}); err != nil {
			t.Fatal(err)
		}
		if got := o.subjects(); got != "111A10134 通知改正（第 1 次） | 111A10134 通知改正（第 2 次）" {
			t.Fatal(got)
		}
		tries := look(t, db, func(tx *store.Tx) (int, error) { l, err := laneOf(tx, "p1 c1"); return l.tries, err })
		if tries != 0 || states(t, db) != "sent sent" {
			t.Fatal(tries, states(t, db))
		}
	})
}

func TestALetterRefusedForGoodLetsTheOthersPass(t *testing.T) {
	db := storetest.SQLite(t)
	o := &office{data: func(n int) error {
		if n == 1 {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "not this one"}
		}
		return nil
	}}
	o.open(t, false)
	m := mailer(db, o.post())
	tell(t, db, "p1", correction(1), correction(2))
	if err := m.deliver(t.Context(), carry{Lane: "p1 c1"}); err != nil {
		t.Fatal(err)
	}
	if got := states(t, db); got != "failed sent" {
		t.Fatal(got)
	}
	all := look(t, db, func(tx *store.Tx) ([]kept, error) { return undelivered(tx, tx.Now, 10) })
	if len(all) != 1 || !strings.Contains(all[0].Said, "not this one") || !strings.Contains(all[0].about, "111A10134") {
		t.Fatalf("%+v", all)
	}
	boss := permit.Actor{Person: "a", Admin: true}
	if err := db.Write(t.Context(), func(tx *store.Tx) error { return TryAgain(tx, permit.Actor{Person: "p1"}, all[0].ID) }); !fault.Is(err, fault.Forbidden) {
		t.Fatal(err)
	}
	if err := db.Write(t.Context(), func(tx *store.Tx) error { return TryAgain(tx, boss, all[0].ID) }); err != nil {
		t.Fatal(err)
	}
	if err := m.deliver(t.Context(), carry{Lane: "p1 c1"}); err != nil || states(t, db) != "sent sent" {
		t.Fatal(err, states(t, db))
	}
}

func TestNoAddressAndUnknownMailbox(t *testing.T) {
	db := storetest.SQLite(t)
	o := &office{rcpt: func(string) error {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
	}}
	o.open(t, false)
	m := mailer(db, o.post())
	tell(t, db, "p1", correction(1))
	tell(t, db, "p5", correction(1))
	tell(t, db, "p9", correction(1))
	for _, p := range []string{"p1", "p5", "p9"} {
		if err := m.deliver(t.Context(), carry{Lane: p + " c1"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := states(t, db); got != "failed failed failed" {
		t.Fatal(got)
	}
}

func TestAServerThatStallsIsTriedAgain(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	go func() {
		for {
			c, err := silent.Accept()
			if err != nil {
				return
			}
			defer c.Close()
		}
	}()
	db := storetest.SQLite(t)
	m := mailer(db, SMTP{Host: "127.0.0.1", Port: silent.Addr().(*net.TCPAddr).Port, Security: Plain, From: "bls@example.test"})
	m.Limit = 300 * time.Millisecond
	tell(t, db, "p1", correction(1))
	began := time.Now()
	if err := m.deliver(t.Context(), carry{Lane: "p1 c1"}); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("a silent server held us for %s", took)
	}
	if got := states(t, db); got != "waiting" {
		t.Fatal(got)
	}
	o := (&office{}).open(t, false)
	m.Post = o.post()
	if err := m.deliver(t.Context(), carry{"p1 c1", 1}); err != nil || states(t, db) != "sent" {
		t.Fatal(err, states(t, db))
	}
}

func TestALetterIsGivenUpAfterItsPatience(t *testing.T) {
	db := storetest.SQLite(t)
	now := time.Date(2022, 4, 4, 0, 0, 0, 0, time.UTC)
	db.SetClock(func() time.Time { return now })
	m := mailer(db, SMTP{Host: "127.0.0.1", Port: 1, Security: Plain, From: "bls@example.test"})
	tell(t, db, "p1", correction(1))
	if err := m.deliver(t.Context(), carry{Lane: "p1 c1"}); err != nil || states(t, db) != "waiting" {
		t.Fatal(err, states(t, db))
	}
	now = now.Add(6 * 24 * time.Hour)
	if err := m.deliver(t.Context(), carry{"p1 c1", 1}); err != nil || states(t, db) != "failed" {
		t.Fatal(err, states(t, db))
	}
}

// slow is a Post that notices whether two letters of a lane are on their way at once.
type slow struct {
	mu     sync.Mutex
	inside int
	most   int
	order  []string
}

func (s *slow) Send(_ context.Context, l Letter) error {
	s.mu.Lock()
	s.inside++
	s.most = max(s.most, s.inside)
	s.mu.Unlock()
	time.Sleep(10 * time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inside--
	s.order = append(s.order, l.Subject)
	return nil
}

func TestManyCarriersOneLane(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		p := &slow{}
		m := mailer(db, p)
		for n := range 6 {
			tell(t, db, "p1", correction(n))
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := m.deliver(context.Background(), carry{Lane: "p1 c1"}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if p.most != 1 || len(p.order) != 6 {
			t.Fatalf("%d at once, %d sent", p.most, len(p.order))
		}
		for n, s := range p.order {
			if !strings.Contains(s, fmt.Sprintf("第 %d 次", n)) {
				t.Fatal(p.order)
			}
		}
	})
}

func TestWhatIsSwitchedOffStaysInTheInboxUnlessItHasLegalEffect(t *testing.T) {
	db := storetest.SQLite(t)
	p1 := permit.Actor{Person: "p1"}
	if err := db.Write(t.Context(), func(tx *store.Tx) error { return Wish(tx, p1, []Kind{Seal}) }); err != nil {
		t.Fatal(err)
	}
	team := Notice{Case: "c1", Kind: Team, Title: say.T("您加入了案件", "You joined a case")}
	tell(t, db, "p1", team, correction(1), Notice{Kind: Seal, Title: say.T("請您壓章", "Your seal is asked for")})
	if n := look(t, db, func(tx *store.Tx) (int, error) { return Unread(tx, "p1") }); n != 3 {
		t.Fatal(n)
	}
	if got := states(t, db); got != "waiting waiting" {
		t.Fatal(got)
	}
}

func TestWhatACallerForgotIsAnError(t *testing.T) {
	db := storetest.SQLite(t)
	for name, n := range map[string]Notice{
		"no kind":        {Title: say.T("一", "a")},
		"no English":     {Kind: Seal, Title: say.T("一", "")},
		"another site":   {Kind: Seal, Title: say.T("一", "a"), URL: "https://example.test/"},
		"another site 2": {Kind: Seal, Title: say.T("一", "a"), URL: "//example.test/"},
	} {
		if err := db.Write(t.Context(), func(tx *store.Tx) error { return Tell(tx, "p1", n) }); err == nil {
			t.Error(name)
		}
	}
	if err := db.Write(t.Context(), func(tx *store.Tx) error { return Tell(tx, "", correction(1)) }); err == nil {
		t.Error("told nobody")
	}
}

func TestALetterToAnAddressIsForgottenOnceSent(t *testing.T) {
	db := storetest.SQLite(t)
	m := mailer(db, Shelf{DB: db})
	if err := db.Write(t.Context(), func(tx *store.Tx) error {
		return Write(tx, Letter{To: "p1@example.test", Name: "測試甲", Lang: say.Zh, Subject: "確認電子郵件", Text: "驗證碼 123456 https://cloudbm.test/x?y=1"})
	}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := m.deliver(t.Context(), carry{Lane: "p1@example.test"}); err != nil {
			t.Fatal(err)
		}
	}
	if left := look(t, db, func(tx *store.Tx) (string, error) { return store.Get[string](tx, `SELECT body_text FROM letters`) }); left != "" {
		t.Fatal(left)
	}
	on := look(t, db, func(tx *store.Tx) ([]Shelved, error) { return Newest(tx, "", 9) })
	if len(on) != 1 || on[0].Subject != "確認電子郵件" {
		t.Fatalf("%+v", on)
	}
	if err := (Shelf{DB: db, Production: true}).Send(t.Context(), Letter{ID: "x"}); err == nil {
		t.Fatal("the shelf took a letter in production")
	}
}

// visit opens the site for the person named in the header X-Person.
func visit(t *testing.T, db *store.DB) (*web.Site, func(permit.Actor) *webtest.Client) {
	t.Helper()
	s := web.NewSite(db, nil)
	who := map[string]permit.Actor{}
	s.Who = func(q *http.Request) (permit.Actor, error) { return who[q.Header.Get("X-Person")], nil }
	Mount(s)
	h := s.Handler()
	return s, func(a permit.Actor) *webtest.Client {
		who[a.Person] = a
		c := webtest.NewFor(t, h)
		c.Header.Set("X-Person", a.Person)
		return c
	}
}

func TestTheInboxPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		_, as := visit(t, db)
		p1 := as(permit.Actor{Person: "p1", Name: "測試甲"})
		p1.Get("/bls/notices").Want("目前沒有通知")
		tell(t, db, "p1", Notice{Kind: Team, Title: say.T("先前的通知", "An earlier one")})
		all := look(t, db, func(tx *store.Tx) ([]Kept, error) { return inbox(tx, "p1", 9, 0) })
		p1.Get("/bls/notices/"+all[0].ID).Want("先前的通知", "寄送中")
		tell(t, db, "p1", correction(1))
		page := p1.Get("/bls/notices").Want("1 則未讀", "未讀", "法定通知", "案件序號 111A10134", "在期限內改正並再送件", "民國111年8月18日")
		if text := page.Text(); strings.Index(text, "通知改正") > strings.Index(text, "先前的通知") {
			t.Error("what is unread does not stand first")
		}
		one := page.Follow("通知改正（第 1 次）").Want("前往處理", "有法律效果")
		if one.One("a.govuk-button").Attr("href") != "/bls/cases/c1/remarks" {
			t.Error("the way there is missing")
		}
		p1.Get("/bls/notices").Want("沒有未讀的通知")
		tell(t, db, "p1", correction(2))
		p1.Get("/bls/notices").Submit("全部標示為已讀").Want("沒有未讀的通知")

		other := as(permit.Actor{Person: "p4"})
		other.Get("/bls/notices/" + all[0].ID).WantStatus(404)
		as(permit.Actor{}).Stay().Get("/bls/notices").WantStatus(303)
	})
}

func TestTheSettingsPage(t *testing.T) {
	db := storetest.SQLite(t)
	_, as := visit(t, db)
	p1 := as(permit.Actor{Person: "p1"})
	p1.Get("/bls/notices/settings").Clear("案件成員與資料變動").Submit("存檔").Want("設定已存檔")
	off := look(t, db, func(tx *store.Tx) (map[Kind]bool, error) { return mailOff(tx, "p1") })
	if !off[Team] || len(off) != 1 {
		t.Fatal(off)
	}
}

func TestTheShelfIsShutInProduction(t *testing.T) {
	db := storetest.SQLite(t)
	s, as := visit(t, db)
	if err := (Shelf{DB: db}).Send(t.Context(), Letter{ID: "l1", To: "p1@example.test", Name: "測試甲", Subject: "確認電子郵件", Text: "前往 https://cloudbm.test/x?y=1 確認"}); err != nil {
		t.Fatal(err)
	}
	anyone := as(permit.Actor{})
	letter := anyone.Get("/demo/mail").Want("確認電子郵件").Follow("確認電子郵件").Want("前往")
	if letter.One(".cb-pre a").Attr("href") != "https://cloudbm.test/x?y=1" {
		t.Error("the link of the letter cannot be followed")
	}
	anyone.Get("/demo/mail?to=" + url.QueryEscape("p9@example.test")).Want("目前沒有資料")
	s.Production = true
	anyone.Get("/demo/mail").WantStatus(404)
	anyone.Get("/demo/mail/l1").WantStatus(404)
}

func TestTheAdministratorSeesWhatDidNotArrive(t *testing.T) {
	db := storetest.SQLite(t)
	_, as := visit(t, db)
	tell(t, db, "p5", correction(1))
	if err := mailer(db, Shelf{DB: db}).deliver(t.Context(), carry{Lane: "p5 c1"}); err != nil {
		t.Fatal(err)
	}
	as(permit.Actor{Person: "p1"}).Get("/admin/letters").WantStatus(403)
	as(permit.Actor{Person: "a", Admin: true}).Get("/admin/letters").Want("寄不出去", "111A10134 通知改正").Submit("再寄一次").Want("信件已排入寄送")
}

func TestEveryPageIsWholeInEnglish(t *testing.T) {
	db := storetest.SQLite(t)
	_, as := visit(t, db)
	tell(t, db, "p1", correction(1))
	id := look(t, db, func(tx *store.Tx) ([]Kept, error) { return inbox(tx, "p1", 9, 0) })[0].ID
	c := as(permit.Actor{Person: "p1", Admin: true})
	for path, want := range map[string]string{"/bls/notices": "What to do:", "/bls/notices/" + id: "Go there now", "/bls/notices/settings": "Choose here", "/admin/letters": "did not arrive", "/demo/mail": "Demonstration mailbox"} {
		text := c.Get(path + "?lang=en").WantStatus(200).Want(want).Text()
		for _, r := range text {
			if r >= 0x4e00 && r <= 0x9fff {
				t.Errorf("%s: Chinese on an English page:\n%s", path, text)
				break
			}
		}
	}
}
