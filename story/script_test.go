package story

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/factors/factorstest"
	"cloudbm/pdf"
	"cloudbm/web/webtest"
)

// TestStories tells every story in testdata to the program, on both databases. A story is a text archive: a comment,
// which is the script, and files. One line is one thing a person does or sees:
//
//	as 測試甲                 sign in, or go on as somebody who has; "as nobody" and "as nobody else" are
//	                         visitors without an account
//	open /bls/cases          open a page; $NAME stands for what was kept
//	follow 我的案件            follow a link by its words
//	fill 建築物名稱 = 測試大樓   type into a field by its label
//	choose 是                 take an option, a radio button or a check box by its label; "clear 是" takes it back
//	each answer- = fixed     take this value in every question whose name begins so
//	send 儲存並繼續            press a button by its words
//	put files A1-01.pdf      send a file of the archive (or a drawn sheet, if it has none) as the field "files" of the
//	                         page's form for files
//	see 文字                  the page says so
//	wait 文字                 the same, opening the page again until it does (work is done later)
//	status 200               how the page came
//	at /bls/cases/*          where we are; * stands for anything but a slash
//	keep CASE /bls/cases/(.+)  keep a part of where we are
//
// A line that begins with ! says that it must not be so: ! see, ! at, ! open and ! send (they must be refused).
func TestStories(t *testing.T) {
	stories, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(stories) == 0 {
		t.Fatal("no stories", err)
	}
	bothDatabases(t, func(t *testing.T, s *server) {
		t.Run("all", func(t *testing.T) { // ends before the program is stopped
			for _, path := range stories {
				t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
					t.Parallel()
					tell(t, s, path)
				})
			}
		})
	})
}

// teller is a story being told.
type teller struct {
	t     *testing.T
	s     *server
	files map[string][]byte
	kept  map[string]string
	all   map[string]*visitor
	now   *visitor
}

// visitor is one of the people, with the page in front of them.
type visitor struct {
	*webtest.Client
	page *webtest.Page
}

func tell(t *testing.T, s *server, path string) {
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	script, files := archive(b)
	x := &teller{t: t, s: s, files: files, kept: map[string]string{}, all: map[string]*visitor{}}
	x.as("nobody")
	for n, line := range strings.Split(script, "\n") {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			x.line(fmt.Sprintf("%s:%d: %s", path, n+1, line), line)
		}
	}
}

// line does one line; where names it if it fails, also when the page ends the test.
func (x *teller) line(where, line string) {
	x.t.Helper()
	defer func() {
		if x.t.Failed() {
			x.t.Log(where)
		}
	}()
	not := strings.HasPrefix(line, "!")
	verb, rest, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "!")), " ")
	rest = os.Expand(strings.TrimSpace(rest), func(name string) string {
		v, ok := x.kept[name]
		if !ok {
			x.t.Fatalf("nothing was kept as %s", name)
		}
		return v
	})
	do, ok := verbs[verb]
	if !ok {
		x.t.Fatalf("a story does not know %q", verb)
	}
	do(x, not, rest)
	if x.t.Failed() {
		x.t.FailNow()
	}
}

var verbs map[string]func(x *teller, not bool, rest string)

func init() {
	verbs = map[string]func(x *teller, not bool, rest string){
		"as":     func(x *teller, _ bool, who string) { x.as(who) },
		"open":   func(x *teller, not bool, path string) { x.came(x.now.Get(path), not) },
		"follow": func(x *teller, not bool, words string) { x.came(x.now.page.Follow(words), not) },
		"send":   func(x *teller, not bool, words string) { x.came(x.now.page.Submit(words), not) },
		"fill": func(x *teller, _ bool, rest string) {
			label, value, _ := strings.Cut(rest, "=")
			x.now.page.Fill(strings.TrimSpace(label), strings.TrimSpace(value))
		},
		"choose": func(x *teller, _ bool, words string) { x.now.page.Choose(words) },
		"clear":  func(x *teller, _ bool, words string) { x.now.page.Clear(words) },
		"see": func(x *teller, not bool, words string) {
			if x.now.page.Has(words) == not {
				x.t.Errorf("%s (%d) says:\n%s", x.now.page.URL, x.now.page.Status, x.now.page.Text())
			}
		},
		"each":   (*teller).each,
		"wait":   (*teller).wait,
		"status": (*teller).status,
		"at": func(x *teller, not bool, path string) {
			want := "^" + strings.ReplaceAll(regexp.QuoteMeta(path), `\*`, `[^/]+`) + `(\?.*)?$`
			if regexp.MustCompile(want).MatchString(x.now.page.URL) == not {
				x.t.Errorf("we are at %s", x.now.page.URL)
			}
		},
		"keep": (*teller).keep,
		"put":  (*teller).put,
	}
}

// as goes on as somebody of the demonstration, who signs in the first time.
func (x *teller) as(name string) {
	if v, ok := x.all[name]; ok {
		x.now = v
		return
	}
	v := &visitor{Client: webtest.NewFor(x.t, x.s.handler(x.t))}
	x.all[name], x.now = v, v
	if strings.HasPrefix(name, "nobody") {
		v.page = v.Get("/")
		return
	}
	for _, p := range accounts.DemoPeople {
		if p.Name == name {
			v.page = v.Get("/signin").WantStatus(200).Fill("email", p.Email).Fill("password", accounts.DemoPassword).Submit("登錄").WantStatus(200)
			v.page = factorstest.Second(x.t, v.page, x.s.url, p.Email)
			return
		}
	}
	x.t.Fatalf("the demonstration has no %s", name)
}

// came takes the page that answered; it must be a refusal where the line says not.
func (x *teller) came(p *webtest.Page, not bool) {
	x.now.page = p
	if refused := p.Status >= 400; refused != not {
		x.t.Errorf("%s came with %d; it says:\n%s", p.URL, p.Status, p.Text())
	}
}

// each answers every question whose name begins with a word, in one way.
func (x *teller) each(_ bool, rest string) {
	begins, value, _ := strings.Cut(rest, "=")
	begins, value = strings.TrimSpace(begins), strings.TrimSpace(value)
	n := 0
	for _, o := range x.now.page.Find("input[type=radio]") {
		if strings.HasPrefix(o.Attr("name"), begins) && o.Attr("value") == value {
			x.now.page.Choose(o.Attr("name") + "=" + value)
			n++
		}
	}
	if n == 0 {
		x.t.Fatalf("%s asks nothing that begins with %s and may be %s", x.now.page.URL, begins, value)
	}
}

func (x *teller) wait(_ bool, words string) {
	for until := time.Now().Add(time.Minute); time.Now().Before(until); {
		if x.now.page.Has(words) {
			return
		}
		time.Sleep(100 * time.Millisecond) // another process is at work; the page is all we see of it
		x.now.page = x.now.Get(x.now.page.URL)
	}
	x.t.Errorf("after a minute %s still says:\n%s", x.now.page.URL, x.now.page.Text())
}

func (x *teller) status(not bool, code string) {
	n, err := strconv.Atoi(code)
	if err != nil {
		x.t.Fatal(err)
	}
	if (x.now.page.Status == n) == not {
		x.t.Errorf("%s came with %d", x.now.page.URL, x.now.page.Status)
	}
}

func (x *teller) keep(_ bool, rest string) {
	name, pattern, _ := strings.Cut(rest, " ")
	u, err := url.Parse(x.now.page.URL)
	if err != nil {
		x.t.Fatal(err)
	}
	m := regexp.MustCompile("^" + strings.TrimSpace(pattern) + "$").FindStringSubmatch(u.Path)
	if len(m) != 2 {
		x.t.Fatalf("we are at %s", x.now.page.URL)
	}
	x.kept[name] = m[1]
}

// put sends a file through the page's form for files.
func (x *teller) put(not bool, rest string) {
	field, name, ok := strings.Cut(rest, " ")
	if !ok {
		x.t.Fatal("write: put field name")
	}
	form := x.now.page.One("form[enctype=multipart/form-data]").Attr("action")
	hidden := url.Values{}
	for _, n := range x.now.page.Find("form[enctype=multipart/form-data] input[type=hidden]") {
		hidden.Add(n.Attr("name"), n.Attr("value"))
	}
	content, ok := x.files[name]
	if !ok {
		content = sheet(x.t, strings.TrimSuffix(name, ".pdf"))
	}
	x.came(x.now.Upload(form, hidden, webtest.File{Field: field, Name: name, Content: content}), not)
}

var typefaces = sync.OnceValues(func() (*pdf.Fonts, error) { return pdf.NewFonts("") })

// sheet is a drawing with this number.
func sheet(t testing.TB, number string) []byte {
	t.Helper()
	fonts, err := typefaces()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := pdf.GenerateSheet(&b, fonts, pdf.SheetSpec{Number: number, Title: "平面圖", Seed: 1, Paper: "A1"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// archive parts a text archive into its comment and its files, each begun by a line -- name --.
func archive(b []byte) (comment string, files map[string][]byte) {
	files = map[string][]byte{}
	name := ""
	for _, line := range strings.SplitAfter(string(b), "\n") {
		if l := strings.TrimSpace(line); strings.HasPrefix(l, "-- ") && strings.HasSuffix(l, " --") && len(l) > 6 {
			name = strings.TrimSpace(l[3 : len(l)-3])
			files[name] = []byte{}
			continue
		}
		if name == "" {
			comment += line
			continue
		}
		files[name] = append(files[name], line...)
	}
	return comment, files
}

// TestArchive holds the format.
func TestArchive(t *testing.T) {
	comment, files := archive([]byte("open /\n-- a.txt --\none\ntwo\n-- b --\n"))
	if comment != "open /\n" || string(files["a.txt"]) != "one\ntwo\n" || files["b"] == nil || len(files) != 2 {
		t.Errorf("comment %q, files %q", comment, files)
	}
}
