package story

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cloudbm/catalog"
	"cloudbm/pdf"
	"cloudbm/permit"
)

// applicant is somebody who fills in a building licence with the answers of a sample case.
type applicant struct {
	*person
	answers permit.Answers
	home    string // address of the case
	serial  string
	folder  string // where their files lie
	plain   bool   // their browser runs no scripts
}

// question answers one field as a person does: types, takes a radio button, ticks, or takes an option of a list.
func (a *applicant) question(f permit.Field, value string) {
	a.t.Helper()
	kind := js[string](a.person, `(() => { const e = document.querySelector("main [name=" + CSS.escape(%s) + "]:not([type=hidden])"); return e ? e.tagName + " " + e.type : "" })()`, f.Key)
	switch {
	case kind == "" || f.Kind == permit.Computed:
		return // not asked now
	case strings.HasPrefix(kind, "SELECT"):
		a.pick(f.Key, optionText(f, value))
	case strings.HasSuffix(kind, " radio"), strings.HasSuffix(kind, " checkbox"):
		for _, v := range strings.Split(value, ",") {
			if !js[bool](a.person, `!!document.querySelector("main [name=" + CSS.escape(%s) + "][value=" + CSS.escape(%s) + "]:checked")`, f.Key, v) {
				a.choose(f.Key, optionText(f, v))
			}
		}
	default:
		if a.value(f.Key) != value {
			a.fill(f.Key, value)
		}
	}
}

func optionText(f permit.Field, value string) string {
	if f.Kind == permit.YesNo {
		return map[string]string{"Y": "是", "N": "否"}[value]
	}
	for _, o := range f.Choices {
		if o.Value == value {
			return o.Text.Zh
		}
	}
	return value
}

// section fills in one page of the form and saves it; a list gets its rows one by one.
func (a *applicant) section(key string) {
	a.t.Helper()
	s := catalog.Building.Section(key)
	at := a.home + "/form/" + key
	a.visit(at)
	if s.List != nil {
		a.rows(s)
		return
	}
	for range 4 { // an answer may raise more questions
		for _, f := range s.Fields {
			if v := a.answers.Fields[f.Key]; v != "" {
				a.question(f, v)
			}
		}
		a.press("儲存並回到案件")
		if a.where() == a.home {
			a.sees("已儲存")
			return
		}
	}
	a.lost("the section " + key + " cannot be saved")
}

func (a *applicant) rows(s *permit.Section) {
	a.t.Helper()
	have := js[int](a.person, `document.querySelectorAll("main input[name=row]").length`)
	for _, r := range a.answers.Rows[s.Key][have:] {
		a.press("新增")
		a.row(s, r)
	}
}

func (a *applicant) row(s *permit.Section, r permit.Row) {
	a.t.Helper()
	for _, f := range s.List.Fields {
		if v := r.Values[f.Key]; v != "" {
			a.question(f, v)
		}
	}
	if r.Lead && !js[bool](a.person, `document.querySelector("main [name=lead]").checked`) {
		a.choose("lead", "設為代表人")
	}
	a.press("儲存")
	a.sees("已儲存" + s.List.Row.Zh)
}

// hold is one line of what still holds the submission back.
type hold struct{ Text, Path string }

func (a *applicant) holds() []hold {
	a.t.Helper()
	return js[[]hold](a.person, `[...document.querySelectorAll("#holds + ul a")].map((a) => ({ Text: a.innerText, Path: a.pathname + a.hash }))`)
}

// settle follows the list of what is missing, line by line, and mends what each line leads to, until nothing is left.
func (a *applicant) settle() (lines int) {
	a.t.Helper()
	done := map[string]bool{}
	for {
		a.visit(a.home + "/submission")
		all := a.holds()
		if len(all) == 0 {
			return lines
		}
		h := all[0]
		lines++
		if done[h.Path] {
			a.lost("following “" + h.Text + "” did not help")
		}
		done[h.Path] = true
		a.follow(h.Text)
		if a.status() != 200 {
			a.lost("the line “" + h.Text + "” leads to a refusal")
		}
		a.mend(h)
	}
}

func (a *applicant) mend(h hold) {
	a.t.Helper()
	place, _, _ := strings.Cut(strings.TrimPrefix(h.Path, a.home+"/"), "#")
	what, rest, _ := strings.Cut(place, "/")
	switch what {
	case "form":
		key, _, _ := strings.Cut(rest, "/")
		a.section(key)
	case "attachments":
		a.papers()
	case "drawings":
		a.sheets(a.setOf("A0-01_配置圖.pdf", "A1-01_一層平面圖.pdf", "A2-01_正向立面圖.pdf", "A3-01_總剖面圖.pdf")...)
	default:
		a.lost("nobody knows how to mend “" + h.Text + "” at " + h.Path)
	}
}

// papers attaches every paper that the page calls required and missing.
func (a *applicant) papers() {
	a.t.Helper()
	a.visit(a.home + "/attachments")
	for _, code := range js[[]string](a.person, `[...document.querySelectorAll("main section h2")].filter((h) => h.innerText.includes("必附")).map((h) => h.id)`) {
		a.paperFor(*catalog.Building.Attachment(code))
	}
}

func (a *applicant) paperFor(x permit.Attachment) {
	a.t.Helper()
	a.send("#files-"+x.Code, a.scan(x))
	a.until(x.Name.Zh+" to be attached", func() bool {
		a.again("正在檢查")
		return strings.Contains(js[string](a.person, `document.getElementById(%s)?.innerText ?? ""`, x.Code), "已附")
	})
}

// scan is a paper as it comes from the scanner.
func (a *applicant) scan(x permit.Attachment) string {
	a.t.Helper()
	f := pdf.NewForm(fonts(a.t), pdf.FormMeta{Title: x.Name.Zh, Subject: a.serial})
	f.Heading(1, x.Name.Zh)
	f.Paragraph("測試用的虛構文件。" + a.serial)
	b, err := f.Bytes()
	a.must(err)
	return a.write(strings.ReplaceAll(x.Name.Zh, "/", "_")+".pdf", b)
}

// setOf draws sheets under these names: number, low line, title.
func (a *applicant) setOf(names ...string) (paths []string) {
	a.t.Helper()
	for i, name := range names {
		number, title, _ := strings.Cut(strings.TrimSuffix(name, ".pdf"), "_")
		paths = append(paths, a.write(name, a.drawing(number, title, uint64(i+1), 0)))
	}
	return paths
}

func (a *applicant) drawing(number, title string, seed uint64, revision int) []byte {
	a.t.Helper()
	var b bytes.Buffer
	a.must(pdf.GenerateSheet(&b, fonts(a.t), pdf.SheetSpec{Number: number, Title: title, Case: a.serial, Seed: seed, Revision: revision, Paper: "A1"}))
	return b.Bytes()
}

func (a *applicant) write(name string, b []byte) string {
	a.t.Helper()
	path := filepath.Join(a.folder, name)
	a.must(os.WriteFile(path, b, 0o600))
	return path
}

// sheets uploads drawings and waits until each is filed.
func (a *applicant) sheets(paths ...string) {
	a.t.Helper()
	a.visit(a.home + "/drawings")
	a.send("#files", paths...)
	a.until("the files to be looked at", func() bool { return !a.again("正在檢查") })
}

// send puts files into a field and waits for the page that follows: with script they go at once, without it by the
// button of their form.
func (a *applicant) send(field string, paths ...string) {
	a.t.Helper()
	a.goes("the upload", func() {
		a.files(field, paths...)
		if a.plain {
			a.click("the button beside the files", `document.querySelector(%s).closest("form").querySelector("button[type=submit]")`, field)
		}
	})
}

// again opens the page once more if it says that something is not finished.
func (a *applicant) again(unfinished string) bool {
	a.t.Helper()
	if !strings.Contains(a.text(), unfinished) {
		return false
	}
	a.visit(a.where())
	return true
}

// locked is a drawing that opens with a password only.
func (a *applicant) locked(from string) string {
	a.t.Helper()
	to := filepath.Join(a.folder, "A1-02_二層平面圖（加密）.pdf")
	if out, err := exec.Command("qpdf", "--encrypt", "secret", "secret", "256", "--", from, to).CombinedOutput(); err != nil {
		a.lost("qpdf: " + err.Error() + " " + string(out))
	}
	return to
}

// british lists the drawings that practising designers made; their names follow no Taiwanese habit.
func british(t *testing.T) []string {
	dir := os.Getenv("CLOUDBM_DATA")
	if dir == "" {
		dir = "../../shared/data"
	}
	dir, err := filepath.Abs(dir) // the browser stands elsewhere
	if err != nil {
		t.Fatal(err)
	}
	all, err := filepath.Glob(filepath.Join(dir, "drawings", "*.pdf"))
	if err != nil || len(all) == 0 {
		t.Log("no drawings in CLOUDBM_DATA/drawings; the walk goes on without them")
	}
	slices.Sort(all)
	return all
}

func fonts(t testing.TB) *pdf.Fonts {
	t.Helper()
	f, err := pdf.NewFonts("")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// mapping says on the table which sheet each page is.
func (a *applicant) mapping() (pages int) {
	a.t.Helper()
	ids := js[[]string](a.person, `[...document.querySelectorAll("main input[name=row]")].map((e) => e.value)`)
	for i, id := range ids {
		a.fill("number-"+id, fmt.Sprintf("A1-%d", 20+i))
		a.fill("title-"+id, fmt.Sprintf("參考圖 %d", i+1))
	}
	return len(ids)
}
