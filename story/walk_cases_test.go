package story

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/catalog"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/web/webtest"
)

// sample is a case of domain §7.5 with what is expected of it.
type sample struct {
	name, who string
	kind      *permit.Type
	answers   permit.Answers
	facts     []string // on the page that checks the answers
	outcome   string   // in the number of what is granted
}

// TestSampleCases leads the cases C1, C3, C6 and C9 of domain §7.5 from the first page to their decision, by HTTP alone.
func TestSampleCases(t *testing.T) {
	s := serve(t, t.TempDir(), "", "demo")
	for _, x := range []sample{
		{"C1 建造執照", "p1", catalog.Building, catalog.C1(), []string{"54.68", "6,100"}, "造字第"},
		{"C3 開工申報", "p3", catalog.Start, catalog.C3(), []string{"開工期限", "115-10-15"}, ""},
		{"C6 使用執照", "p3", catalog.Use, catalog.C6(), []string{"測試大樓新建工程"}, "使字第"},
		{"C9 室內裝修圖說審查", "p7", catalog.Interior, catalog.C9(), []string{"250"}, ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := s.caller(t, x.who+"@example.test", accounts.DemoPassword)
			at := opened(t, c.opens(x.kind))
			c.fillsIn(t, at, x)
			c.brings(t, at, x.kind)
			check := c.Get(at + "/answers").WantStatus(http.StatusOK)
			for _, f := range x.facts {
				if !check.Has(f) {
					t.Errorf("the answers do not say %s: %s", f, check.Text())
				}
			}
			p := c.Post(at+"/submission", url.Values{"declare": {"Y"}, "round": {"1"}})
			if p.Status != http.StatusSeeOther || p.Header.Get("Location") != at+"/receipts/1" {
				t.Fatalf("not submitted: %d %s", p.Status, p.Text())
			}
			s.decides(t, "/desk"+strings.TrimPrefix(at, "/bls"))
			p = c.Get(at)
			if !p.Has("已核准") || !p.Has(x.outcome) {
				t.Errorf("not granted: %s", p.Text())
			}
			if got := c.Get(at + "/licence"); got.Status != http.StatusOK || !bytes.HasPrefix(got.Body, []byte("%PDF-")) {
				t.Errorf("what was granted is no PDF: %d", got.Status)
			}
		})
	}
}

// fillsIn sends every section of the form; a page that raises questions is sent again.
func (c caller) fillsIn(t *testing.T, at string, x sample) {
	t.Helper()
	for _, sec := range x.kind.Form {
		if sec.List != nil {
			for _, r := range x.answers.Rows[sec.Key] {
				row := c.Post(at+"/rows/"+sec.Key, url.Values{"do": {"add"}}).Header.Get("Location")
				form := values(sec.List.Fields, r.Values)
				if r.Lead {
					form.Set("lead", "Y")
				}
				if p := c.Post(row, form); p.Status != http.StatusSeeOther {
					t.Fatalf("%s: %d %s", sec.Key, p.Status, p.Text())
				}
			}
			continue
		}
		form := values(sec.Fields, x.answers.Fields)
		for range 2 {
			page := c.Get(at + "/form/" + sec.Key)
			if page.Status != http.StatusOK {
				t.Fatalf("%s: %d %s", sec.Key, page.Status, page.Text())
			}
			if len(page.Find("input[name=revision]")) == 1 {
				form.Set("revision", page.One("input[name=revision]").Attr("value"))
			}
			if p := c.Post(at+"/form/"+sec.Key, form); p.Status != http.StatusSeeOther && p.Status != http.StatusOK {
				t.Fatalf("%s: %d %s", sec.Key, p.Status, p.Text())
			}
		}
	}
}

func values(fields []permit.Field, answers map[string]string) url.Values {
	v := url.Values{}
	for _, f := range fields {
		switch a := answers[f.Key]; {
		case a == "" || f.Kind == permit.Computed:
		case f.Kind == permit.Several:
			v[f.Key] = strings.Split(a, ",")
		default:
			v.Set(f.Key, a)
		}
	}
	return v
}

// brings uploads whatever the list of what is missing names, until it names nothing more.
func (c caller) brings(t *testing.T, at string, kind *permit.Type) {
	t.Helper()
	sent := map[string]bool{}
	send := func(to, name string, content []byte) {
		if sent[to+name] {
			return
		}
		sent[to+name] = true
		if p := c.Upload(at+to, nil, webtest.File{Field: "files", Name: name, Content: content}); p.Status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", name, p.Status, p.Text())
		}
	}
	var left []string
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(50 * time.Millisecond) { // files are looked at by another process
		left = nil
		page := c.Get(at + "/submission").WantStatus(http.StatusOK)
		for _, a := range page.Find("main li a") {
			to := strings.TrimPrefix(a.Attr("href"), at)
			left = append(left, to+" "+a.Text())
			if code, ok := strings.CutPrefix(to, "/attachments#"); ok {
				send("/attachments/"+code, code+".pdf", scan(t, code))
			} else if class, ok := strings.CutPrefix(to, "/drawings#class-"); ok {
				send("/drawings", class+"-01_圖.pdf", sheet(t, class+"-01"))
			}
		}
		if page.Has("送件內容：") {
			return
		}
	}
	slices.Sort(left)
	t.Fatalf("still missing: %s", strings.Join(left, "; "))
}

func scan(t *testing.T, title string) []byte {
	t.Helper()
	f := pdf.NewForm(fonts(t), pdf.FormMeta{Title: title})
	f.Paragraph("測試用的虛構文件。" + title)
	b, err := f.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// decides has the authority receive, review and grant a case.
func (s *server) decides(t *testing.T, desk string) {
	t.Helper()
	act := func(who, path string, form url.Values) {
		t.Helper()
		if p := s.caller(t, who+"@example.test", accounts.DemoPassword).Post(desk+path, form); p.Status != http.StatusSeeOther {
			t.Fatalf("%s %s: %d %s", who, path, p.Status, p.Text())
		}
	}
	act("p8", "/receipt", nil)
	officer := ""
	for _, o := range s.caller(t, "p8@example.test", accounts.DemoPassword).Get(desk).Find("select[name=officer] option") {
		if o.Text() == "測試壬" {
			officer = o.Attr("value")
		}
	}
	act("p8", "/assignment", url.Values{"officer": {officer}})
	act("p9", "/checklist", url.Values{"rest": {"ok"}})
	act("p9", "/proposal", url.Values{"said": {"擬准"}})
	act("chief", "/approval", url.Values{"said": {""}})
}
