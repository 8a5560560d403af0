package story

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	document "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"cloudbm/accounts"
	"cloudbm/factors/factorstest"
)

// patience is how long a person waits for a page before it counts as broken.
const patience = 40 * time.Second

// stage is one browser in front of one running program. Its people share nothing but the site.
type stage struct {
	t       *testing.T // of the scene that plays
	whole   *testing.T // of the whole story
	url     string
	browser context.Context
	shots   int
}

// open starts Chromium in front of the program at url. Without Chromium the test is skipped, or fails where CI is set.
func open(t *testing.T, url string) *stage {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("chromium is not installed")
		}
		t.Skip("chromium is not installed")
	}
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("lang", "zh-TW"), chromedp.WindowSize(1280, 900), chromedp.WSURLReadTimeout(time.Minute))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), flags...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // a first run with a time limit would end the browser with it
		t.Fatal("start chromium: ", err)
	}
	t.Cleanup(func() { _ = chromedp.Cancel(ctx) })
	return &stage{t: t, whole: t, url: url, browser: ctx}
}

// scene plays a part of a story. After a scene that failed the others do not play.
func (s *stage) scene(name string, play func()) {
	played := s.whole.Run(name, func(t *testing.T) {
		s.t = t
		play()
	})
	if s.t = s.whole; !played {
		s.t.FailNow()
	}
}

// person is somebody in front of a browser of their own: a tab with its own cookies.
type person struct {
	*stage
	name string
	ctx  context.Context

	loads chan struct{}
	mu    sync.Mutex
	came  *network.Response // how the last page came
	noise []string          // what the browser complained about
}

// enter seats somebody in front of the start page; the name is for messages.
func (s *stage) enter(name string) *person { return s.enterWith(name, true) }

// enterWith seats somebody whose browser runs scripts, or does not.
func (s *stage) enterWith(name string, script bool) *person {
	s.t.Helper()
	p := &person{stage: s, name: name, loads: make(chan struct{}, 64)}
	ctx, cancel := chromedp.NewContext(s.browser, chromedp.WithNewBrowserContext())
	p.ctx = ctx
	s.whole.Cleanup(cancel)
	p.must(chromedp.Do(ctx))
	p.must(chromedp.Listen(ctx, p.hear))
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	p.must(err)
	_, err = chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !script})
	p.must(err)
	p.wide(1280)
	return p
}

// hear notes what the browser tells about the page.
func (p *person) hear(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	complain := func(format string, args ...any) { p.noise = append(p.noise, fmt.Sprintf(format, args...)) }
	switch e := ev.(type) {
	case *document.EventLoadEventFired:
		select {
		case p.loads <- struct{}{}:
		default:
		}
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument {
			p.came = e.Response
		} else if e.Response.Status >= 400 {
			complain("%s %d %s", e.Type, e.Response.Status, e.Response.URL)
		}
		if !strings.HasPrefix(e.Response.URL, p.url) && !strings.HasPrefix(e.Response.URL, "data:") && !strings.HasPrefix(e.Response.URL, "blob:") {
			complain("another host is asked: %s", e.Response.URL)
		}
	case *runtime.EventExceptionThrown:
		complain("script: %s %s", e.ExceptionDetails.Text, describe(e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			var said []string
			for _, a := range e.Args {
				said = append(said, string(a.Value)+a.Description)
			}
			complain("console: %s", strings.Join(said, " "))
		}
	case *log.EventEntryAdded:
		// How pages come is watched above; a refusal is a page with a status, and no fault of the browser's.
		if e.Entry.Source != log.EntrySourceNetwork && (e.Entry.Level == log.EntryLevelError || e.Entry.Source == log.EntrySourceSecurity) {
			complain("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	}
}

func describe(o *runtime.RemoteObject) string {
	if o == nil {
		return ""
	}
	return o.Description
}

// must ends the test on an error of the browser, and shows what the person sees.
func (p *person) must(err error) {
	p.t.Helper()
	if err != nil {
		p.lost(err.Error())
	}
}

// lost ends the test and shows what the person sees.
func (p *person) lost(why string) {
	p.t.Helper()
	if dir := os.Getenv("CLOUDBM_SHOTS"); dir != "" && os.MkdirAll(dir, 0o755) == nil {
		p.shoot(filepath.Join(dir, "lost-"+p.name+".png"))
	}
	p.t.Fatalf("%s: %s\nat %s\n%s", p.name, why, p.where(), clip(p.text(), 3000))
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + " …"
	}
	return s
}

// quiet fails the test if the browser complained since the last time: errors of scripts, violations of the content
// policy, pictures that did not come, other hosts that were asked. A complaint that contains one of except is expected.
func (p *person) quiet(except ...string) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range p.noise {
		if !slices.ContainsFunc(except, func(x string) bool { return strings.Contains(n, x) }) {
			p.t.Errorf("%s, the browser complains: %s", p.name, n)
		}
	}
	p.noise = nil
}

// js evaluates a script in the page, also where the page itself may run none. A context that goes away because the page
// changes is asked again.
func js[T any](p *person, format string, args ...any) T {
	p.t.Helper()
	v, err := tryJS[T](p, format, args...)
	p.must(err)
	return v
}

func tryJS[T any](p *person, format string, args ...any) (v T, err error) {
	quoted := make([]any, len(args))
	for i, a := range args {
		b, err := json.Marshal(a)
		if err != nil {
			return v, err
		}
		quoted[i] = string(b)
	}
	source := fmt.Sprintf(format, quoted...)
	for until := time.Now().Add(5 * time.Second); ; {
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		v, err = chromedp.Run(ctx, chromedp.Evaluate[T](source, chromedp.EvalAwaitPromise))
		cancel()
		if err == nil || time.Now().After(until) || !strings.Contains(err.Error(), "ontext") {
			return v, err
		}
	}
}

// where is the address of the page, without the host.
func (p *person) where() string {
	at, err := tryJS[string](p, `location.pathname + location.search`)
	if err != nil {
		return err.Error()
	}
	return at
}

// text is what the page says, as it is drawn.
func (p *person) text() string {
	s, err := tryJS[string](p, `(document.body?.innerText ?? "").replace(/\s+/g, " ")`)
	if err != nil {
		return err.Error()
	}
	return s
}

// until waits for a condition of the page.
func (p *person) until(what string, holds func() bool) {
	p.t.Helper()
	for end := time.Now().Add(patience); !holds(); {
		if time.Now().After(end) {
			p.lost("waited for " + what)
		}
		time.Sleep(15 * time.Millisecond) // the page is another process; its content has no event to wait for
	}
}

// goes does something that leads to another page, and waits until that has loaded.
func (p *person) goes(what string, do func()) {
	p.t.Helper()
	for len(p.loads) > 0 {
		<-p.loads
	}
	do()
	select {
	case <-p.loads:
	case <-time.After(patience):
		p.lost(what + " leads nowhere")
	}
}

// visit opens a page.
func (p *person) visit(path string) {
	p.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = p.url + path
	}
	p.goes("the address "+path, func() {
		_, err := chromedp.Call(p.ctx, document.Navigate, document.NavigateParams{URL: path})
		p.must(err)
	})
}

// status is how the last page came.
func (p *person) status() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.came == nil {
		return 0
	}
	return int(p.came.Status)
}

// header is a header the last page came with.
func (p *person) header(name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.came != nil {
		for k, v := range p.came.Headers {
			if strings.EqualFold(k, name) {
				return strings.Trim(string(mustJSON(v)), `"`)
			}
		}
	}
	return ""
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// sees waits until the page says every text.
func (p *person) sees(texts ...string) {
	p.t.Helper()
	for _, s := range texts {
		want := strings.Join(strings.Fields(s), " ")
		p.until("“"+s+"”", func() bool { return strings.Contains(p.text(), want) })
	}
}

// misses fails if the page says one of the texts.
func (p *person) misses(texts ...string) {
	p.t.Helper()
	all := p.text()
	for _, s := range texts {
		if strings.Contains(all, s) {
			p.lost("the page says “" + s + "”")
		}
	}
}

// finders are found by what a person reads: labels, questions, words on buttons and links.
const finders = `
const squeeze = (s) => s.replace(/（必填）|（選填）|\(required\)|\(optional\)|\*/g, "").replace(/\s+/g, " ").trim();
const shown = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== "hidden";
const words = (e) => squeeze(e.innerText ?? e.textContent);
const best = (all, text) => all.find((e) => words(e) === squeeze(text)) ?? all.find((e) => words(e).includes(squeeze(text)));
const field = (text) => {
  const label = best([...document.querySelectorAll("main label")].filter((l) => l.htmlFor && !/^(radio|checkbox)$/.test(document.getElementById(l.htmlFor)?.type)), text);
  return label ? document.getElementById(label.htmlFor) : document.querySelector("main [name=" + CSS.escape(text) + "]:not([type=hidden])");
};
const option = (question, text) => {
  let all = [...document.querySelectorAll("main label")].filter((l) => /^(radio|checkbox)$/.test(document.getElementById(l.htmlFor)?.type));
  if (question) all = all.filter((l) => { const f = l.closest("fieldset"); const g = f?.querySelector("legend"); return g && (words(g) === squeeze(question)) || document.getElementById(l.htmlFor).name === question; });
  const label = best(all, text);
  return label ? document.getElementById(label.htmlFor) : null;
};
const named = (css, text) => best([...document.querySelectorAll(css)].filter(shown), text);
const spot = (e) => {
  if (!e) return null;
  e.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  const r = [...e.getClientRects()].sort((a, b) => b.width * b.height - a.width * a.height)[0];
  if (!r) return { why: "is not shown" };
  const x = r.x + r.width / 2, y = r.y + r.height / 2, top = document.elementFromPoint(x, y);
  const its = top && (e.contains(top) || top.contains(e) && top.matches("label, summary, button, a") || top.closest("label")?.htmlFor === e.id);
  return { x, y, why: its ? "" : "is covered by " + (top?.outerHTML ?? "nothing").slice(0, 120) };
};
`

type spot struct {
	X, Y float64
	Why  string
}

// click presses the mouse on what a finder finds.
func (p *person) click(what, finder string, args ...any) {
	p.t.Helper()
	var at *spot
	p.until(what, func() bool {
		was := at
		at = js[*spot](p, `(() => {`+finders+`return spot(`+finder+`)})()`, args...)
		return at != nil && was != nil && *at == *was // it stands still
	})
	if at.Why != "" {
		p.lost(what + " " + at.Why)
	}
	p.must(chromedp.Do(p.ctx, chromedp.MouseClickXY(at.X, at.Y)))
}

const pressable = `main button, main a[role=button], main input[type=submit]`

// press presses a button by its words, and waits for the page it leads to.
func (p *person) press(text string) {
	p.t.Helper()
	p.goes("the button "+text, func() { p.push(text) })
}

// push presses a button that leads to no other page.
func (p *person) push(text string) {
	p.t.Helper()
	p.click("the button “"+text+"”", `named(`+"`"+pressable+"`"+`, %s)`, text)
}

// follow follows a link by its words.
func (p *person) follow(text string) {
	p.t.Helper()
	p.goes("the link "+text, func() { p.click("the link “"+text+"”", `named("a", %s)`, text) })
}

// fill types into a field by its label, or its name: what stands there is replaced.
func (p *person) fill(label, value string) {
	p.t.Helper()
	p.click("the field “"+label+"”", `field(%s)`, label)
	if !js[bool](p, `(() => {`+finders+`const f = field(%s); f.focus(); f.select?.(); return document.activeElement === f})()`, label) {
		p.lost("the field " + label + " takes no focus")
	}
	if value == "" {
		p.must(chromedp.Do(p.ctx, chromedp.KeyEvent("\b")))
		return
	}
	_, err := chromedp.Call(p.ctx, input.InsertText, input.InsertTextParams{Text: value})
	p.must(err)
}

// choose takes an answer by its words; the question may be left out.
func (p *person) choose(question, answer string) {
	p.t.Helper()
	p.click("the answer “"+answer+"”", `option(%s, %s)`, question, answer)
}

// pick takes an option of a list by its words.
func (p *person) pick(label, option string) {
	p.t.Helper()
	if !js[bool](p, `(() => {`+finders+`const f = field(%s); const o = [...f?.options ?? []].find((o) => squeeze(o.text) === squeeze(%s)) ?? [...f?.options ?? []].find((o) => o.text.includes(%s)); if (!o) return false; f.focus(); f.value = o.value; f.dispatchEvent(new Event("input", { bubbles: true })); f.dispatchEvent(new Event("change", { bubbles: true })); return true})()`, label, option, option) {
		p.lost("the list " + label + " offers no " + option)
	}
}

// value is what stands in a field.
func (p *person) value(label string) string {
	p.t.Helper()
	return js[string](p, `(() => {`+finders+`return field(%s)?.value ?? "?"})()`, label)
}

// files puts files into the file field that the selector finds.
func (p *person) files(selector string, paths ...string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.SetUploadFiles(chromedp.CSS(selector), paths, chromedp.NodeReady)); err != nil {
		p.lost("put files into " + selector + ": " + err.Error())
	}
}

// fetched is a file that a link of the page leads to, as the browser gets it with the person's cookies.
func (p *person) fetched(link string) []byte {
	p.t.Helper()
	b64 := js[string](p, `(async () => {`+finders+`
		const a = named("a", %s); if (!a) return "";
		const r = await fetch(a.href); if (!r.ok) return "";
		const b = new Uint8Array(await r.arrayBuffer()); let s = ""; for (const x of b) s += String.fromCharCode(x); return btoa(s)})()`, link)
	b, err := base64.StdEncoding.DecodeString(b64)
	if err != nil || len(b) == 0 {
		p.lost("the link " + link + " brings no file")
	}
	return b
}

// paper is what a PDF says, as pdftotext reads it.
func (p *person) paper(b []byte) string {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), "a.pdf")
	p.must(os.WriteFile(path, b, 0o600))
	out, err := exec.Command("pdftotext", "-layout", path, "-").CombinedOutput()
	if err != nil {
		p.lost("pdftotext: " + err.Error() + " " + string(out))
	}
	return string(out)
}

// signIn signs in by 備用帳號, an officer with the code of their telephone.
func (p *person) signIn(email string) {
	p.t.Helper()
	p.password(email)
	if strings.HasPrefix(p.where(), accounts.SecondStep) {
		p.fill("驗證碼", factorstest.Code(p.t, p.url, email))
		p.press("登錄")
	}
	if strings.HasPrefix(p.where(), "/signin") {
		p.lost("could not sign in as " + email)
	}
}

// password takes the first step of signing in.
func (p *person) password(email string) {
	p.t.Helper()
	p.visit("/signin")
	p.fill("email", email)
	p.fill("password", accounts.DemoPassword)
	p.press("登錄")
}

// wide makes the window so many pixels wide.
func (p *person) wide(width int64) {
	p.must(chromedp.Do(p.ctx, chromedp.EmulateViewport(width, 900)))
}

// shot looks at the page as it stands: it has no barrier, also in a narrow window. If CLOUDBM_SHOTS names a folder, a
// picture of the whole page at 1280 and at 360 pixels is kept there.
func (p *person) shot(name string) {
	p.t.Helper()
	p.noBarrier()
	p.narrow()
	dir := os.Getenv("CLOUDBM_SHOTS")
	if dir == "" {
		return
	}
	p.must(os.MkdirAll(dir, 0o755))
	p.stage.shots++
	for _, width := range []int64{360, 1280} {
		p.wide(width)
		p.shoot(filepath.Join(dir, fmt.Sprintf("%02d-%s-%d.png", p.stage.shots, name, width)))
	}
}

func (p *person) shoot(path string) {
	b, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(path, b, 0o600)
	}
	if err != nil {
		p.t.Log(err)
	}
}
