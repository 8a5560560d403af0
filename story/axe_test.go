package story

import (
	"cloudbm/accounts"
	"go/ast"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// axe is the program that looks for barriers in a page.
var axe = sync.OnceValues(func() (string, error) {
	b, err := os.ReadFile("../web/assets/node_modules/axe-core/axe.min.js")
	return string(b), err
})

// violation is a barrier that axe found.
type violation struct {
	ID, Help string
	Nodes    []string
}

// noBarrier fails the test if the page that somebody looks at has a barrier of WCAG 2.2 AA or against good practice.
func (p *person) noBarrier() {
	p.t.Helper()
	source, err := axe()
	if err != nil {
		if os.Getenv("CI") != "" {
			p.t.Fatal("axe is missing; run: npm ci --prefix web/assets")
		}
		return
	}
	if !js[bool](p, `!!window.axe`) {
		_ = js[bool](p, strings.ReplaceAll(source, "%", "%%")+"\n;true")
	}
	all := js[[]violation](p, `axe.run(document, { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }, resultTypes: ["violations"] })
		.then((r) => r.violations.map((v) => ({ ID: v.id, Help: v.help, Nodes: v.nodes.map((n) => n.html.slice(0, 200)) })))`)
	for _, v := range all {
		p.t.Errorf("%s at %s: %s (%s), %d times: %s", p.name, p.where(), v.ID, v.Help, len(v.Nodes), v.Nodes[0])
	}
}

// narrow fails the test if the page has to be moved sideways in a window of 320 pixels, or has a barrier there.
func (p *person) narrow() {
	p.t.Helper()
	p.wide(320)
	defer p.wide(1280)
	p.noBarrier()
	type over struct {
		Wide int
		What []string
	}
	o := js[over](p, `(() => {
		const wide = document.documentElement.scrollWidth;
		const inside = (e) => { for (let a = e.parentElement; a; a = a.parentElement) if (/auto|scroll|hidden/.test(getComputedStyle(a).overflowX)) return true; return false };
		return { Wide: wide, What: wide <= innerWidth ? [] : [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !inside(e)).slice(0, 3).map((e) => e.outerHTML.slice(0, 160)) };
	})()`)
	if o.Wide > 320 {
		p.t.Errorf("%s at %s is %d pixels wide in a window of 320: %s", p.name, p.where(), o.Wide, strings.Join(o.What, " | "))
	}
}

// chineseAlone lists what an English page says in Chinese alone. What people typed stands in cells, values and
// paragraphs marked for it; a legal name may stay if its line has English too.
func (p *person) chineseAlone() []string {
	p.t.Helper()
	return js[[]string](p, `(() => {
		const out = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		const typed = "td, dd, textarea, option, .cb-pre, .cb-steps__said, .govuk-caption-l, .hall__person, [lang^=zh], script, style, .foot, .uploads__name, .tiles, .pre, .cb-typed";
		for (let n = walk.nextNode(); n; n = walk.nextNode()) {
			const e = n.parentElement, s = n.data.trim();
			if (!/\p{Script=Han}/u.test(s) || e.closest(typed) || !e.getClientRects().length) continue;
			const line = e.closest("p, li, h1, h2, h3, h4, label, legend, th, button, caption, summary, div")?.innerText ?? s;
			if (/[A-Za-z]{3}/.test(line)) continue;
			out.add(e.tagName.toLowerCase() + ": " + s.slice(0, 60));
		}
		return [...out];
	})()`)
}

// getDoors lists the patterns of every page that the rooms open for GET, as the source has them.
func getDoors(t *testing.T) (pages []string) {
	for _, f := range product(t) {
		each(f, func(c *ast.CallExpr) {
			if _, name := called(c); name != "Handle" || len(c.Args) < 2 {
				return
			}
			if s, ok := literal(c.Args[0]); ok && strings.HasPrefix(s, "GET /") {
				pages = append(pages, strings.TrimPrefix(s, "GET "))
			}
		})
	}
	slices.Sort(pages)
	return slices.Compact(pages)
}

// visits says for every page who looks at it and at which address. {draft}, {handed} and so on stand for what the
// demonstration holds (see found). More than one address is given where a page has states that differ.
var visits = map[string][]string{
	"/{$}":      {"nobody /", "nobody /?next=%2Fbls%2Fcases"},
	"/apply":    {"nobody /apply"},
	"/signin":   {"nobody /signin"},
	"/password": {"nobody /password"}, "/password/{secret}": {"nobody {link}"},
	"/signin/second": {"half /signin/second"}, "/me/confirm": {"p1 /me/confirm", "p9 /me/confirm?next=/me"}, "/me/factors": {"p1 /me/factors", "p9 /me/factors"},
	"/me/factors/app": {"p2 /me/factors/app"}, "/demo/codes": {"nobody /demo/codes"},
	"/signed-out": {"nobody /signed-out"}, "/doors/{door}": {"nobody /doors/egov"},
	"/welcome": {"arrived /welcome"}, "/welcome/bind": {"joiner /welcome/bind"}, "/backup": {"nobody /backup", "newcomer /backup"},
	"/backup/confirm": {"newcomer /backup/confirm"}, "/backup/code": {"newcomer /backup/code"},
	"/doors/health": {"nobody /doors/health"}, "/doors/health/{trouble}": {"nobody /doors/health/component", "nobody /doors/health/locked"},
	"/me/health": {"p1 /me/health"}, "/me/health/{trouble}": {"p1 /me/health/others"},
	"/egov/{$}": {"nobody /egov/", "test01 /egov/"}, "/egov/join": {"nobody /egov/join?as=member"}, "/egov/joined/{secret}": {"nobody {egovjoined}"},
	"/egov/password": {"nobody /egov/password"}, "/egov/password/{secret}": {"nobody {egovreset}"}, "/egov/question": {"nobody /egov/question?account=test01"},
	"/egov/account": {"nobody /egov/account"}, "/egov/onward": {"nobody {egovonward}"}, "/egov/card": {"nobody /egov/card", "nobody /egov/card?for=reset"},
	"/egov/me": {"test01 /egov/me", "test13 /egov/me"}, "/egov/me/cards": {"test01 /egov/me/cards"}, "/egov/official": {"test01 /egov/official", "test08 /egov/official"},
	"/egov/admin": {"admin01 /egov/admin"}, "/egov/help/{topic}": {"nobody /egov/help/problems", "nobody /egov/help/health"},

	"/home": {"p1 /home", "p9 /home"}, "/me": {"p1 /me"}, "/me/devices": {"p1 /me/devices"}, "/me/password": {"p1 /me/password"},
	"/me/organisation": {"p1 /me/organisation", "p8 /me/organisation"}, "/me/roles": {"p1 /me/roles", "p4 /me/roles"}, "/me/roles/{system}": {"p1 /me/roles/bls", "p1 /me/roles/demo-documents"},
	"/me/requests/{id}": {"p4 {request}", "p1 {granted}"}, "/me/consents": {"p1 /me/consents"}, "/sso/continue": {"p1 {consent}", "p1 {stronger}"},

	"/card/trouble": {"nobody /card/trouble"}, "/card/trouble/{key}": {"nobody /card/trouble/component", "p1 /card/trouble/pin-one", "nobody /card/trouble/late"},

	"/CPTL/{entry}": {"nobody /CPTL/"}, "/CPTL/search": {"nobody /CPTL/search?q=建造執照", "nobody /CPTL/search?q="},
	"/news": {"nobody /news"}, "/news/{id}": {"nobody {news}"}, "/downloads": {"nobody /downloads"},
	"/glossary": {"nobody /glossary"}, "/help": {"nobody /help"}, "/help/{topic}": {"nobody /help/account"},
	"/help/contact": {"nobody /help/contact"}, "/help/question": {"nobody /help/question", "p1 /help/question"}, "/help/question/{number}": {"p1 {question}"}, "/mailbox": {"nobody /mailbox"},
	"/contact": {"nobody /contact"}, "/privacy": {"nobody /privacy"}, "/accessibility": {"nobody /accessibility"}, "/sitemap": {"nobody /sitemap", "p1 /sitemap"},
	"/permit-check": {"nobody /permit-check"}, "/verify": {"nobody /verify"}, "/bls/selftest": {"nobody /bls/selftest"}, "/bls/selftest/window": {"nobody /bls/selftest/window"},
	"/bls/seals": {"p5 /bls/seals", "p1 /bls/seals", "p4 /bls/seals"}, "/bls/cases/{id}/seals": {"p1 {draft}/seals", "p2 {asked}/seals", "p5 {asked}/seals", "p9 {reviewed}/seals", "p9 {asked}/seals"},
	"/bls/cases/{id}/seals/{seal}":   {"p2 {seal}", "p5 {seal}"},
	"/register":                      {"nobody /register", "nobody /register?authority=IF0&q=測試", "nobody /register?authority=IF0&q=nothing"},
	"/register/{authority}/{serial}": {"nobody {progress}"}, "/register/licences/{id}": {"nobody {verify}"}, "/register/ledger": {"nobody /register/ledger", "nobody /register/ledger?authority=IF0&number=1-1"}, "/register/sheets/{id}": {"nobody {stamp}"},

	"/bls": {"p1 /bls", "p9 /bls", "p5 /bls"}, "/bls/{$}": {"p1 /bls/"}, "/bls/cards": {"p1 /bls/cards"},
	"/bls/profile": {"p1 /bls/profile", "p3 /bls/profile", "p4 /bls/profile", "p5 /bls/profile", "p7 /bls/profile"}, "/bls/rights": {"p1 /bls/rights", "p5 /bls/rights"},
	"/bls/cases":     {"p1 /bls/cases", "p1 /bls/cases?q=nothing", "p5 /bls/cases"},
	"/bls/cases/new": {"p1 /bls/cases/new", "p5 /bls/cases/new"}, "/bls/cases/{id}": {"p1 {draft}", "p1 {handed}", "p1 {issued}", "p2 {asked}"},
	"/bls/cases/{id}/form/{section}":       {"p1 {draft}/form/case?check=1", "p1 {draft}/form/shape", "p1 {draft}/form/designers", "p1 {draft}/form/land", "p1 {handed}/form/site"},
	"/bls/cases/{id}/form/{section}/{row}": {"p1 {row}"}, "/bls/cases/{id}/answers": {"p1 {draft}/answers"},
	"/bls/cases/{id}/drawings": {"p1 {draft}/drawings", "p1 {handed}/drawings", "p2 {asked}/drawings"}, "/bls/cases/{id}/drawings/map": {"p1 {draft}/drawings/map"},
	"/bls/cases/{id}/drawings/{sheet}": {"p2 {sheet}"}, "/bls/cases/{id}/attachments": {"p1 {draft}/attachments", "p1 {handed}/attachments"},
	"/bls/cases/{id}/sheets/{version}": {"p1 {version}", "p2 {version2}"}, "/bls/cases/{id}/sheets/{version}/compare": {"p2 {version2}/compare?with={old}"},
	"/bls/cases/{id}/stamps": {"p1 {draft}/stamps", "p2 {asked}/stamps"}, "/bls/cases/{id}/stamps/{sheet}": {"p2 {place}"},
	"/bls/cases/{id}/submission": {"p1 {draft}/submission", "p2 {asked}/submission"}, "/bls/cases/{id}/receipts/{n}": {"p1 {handed}/receipts/1"},
	"/bls/cases/{id}/rounds/{n}": {"p1 {handed}/rounds/1"}, "/bls/cases/{id}/correction": {"p2 {asked}/correction", "p1 {draft}/correction"},
	"/bls/cases/{id}/withdrawal": {"p1 {handed}/withdrawal"}, "/bls/cases/{id}/deletion": {"p1 {draft}/deletion"},
	"/bls/cases/{id}/log": {"p1 {issued}/log"}, "/bls/cases/{id}/team": {"p1 {draft}/team"},
	"/bls/notices": {"p1 /bls/notices", "p10 /bls/notices"}, "/bls/notices/settings": {"p1 /bls/notices/settings"}, "/bls/notices/{id}": {"p1 {notice}"},
	"/demo/mail": {"nobody /demo/mail"}, "/demo/mail/{id}": {"nobody {letter}"},

	"/desk": {"p8 /desk", "p9 /desk?queue=mine", "chief /desk?queue=chief"}, "/desk/cases/{id}": {"p8 /desk{handed-}", "p9 /desk{reviewed-}", "p9 /desk{asked-}", "p9 /desk{issued-}"},
	"/desk/cases/{id}/compare": {"p9 /desk{asked-}/compare"}, "/desk/cases/{id}/correction": {"p9 /desk{reviewed-}/correction"},
	"/desk/cases/{id}/sheets/{version}": {"p9 {desksheet}"}, "/desk/questions": {"admin /desk/questions"}, "/desk/questions/{id}": {"admin {deskquestion}"}, "/desk/settings": {"admin /desk/settings"},
	"/desk/requests": {"admin /desk/requests"}, "/desk/requests/{id}": {"admin /desk{request-}", "admin /desk{granted-}"},

	"/admin": {"admin /admin"}, "/admin/audit": {"admin /admin/audit"}, "/admin/authorities": {"admin /admin/authorities"}, "/admin/authorities/{code}": {"admin /admin/authorities/IF0"},
	"/admin/invite": {"admin /admin/invite"}, "/admin/letters": {"admin /admin/letters"}, "/admin/people/{id}": {"admin {person}"}, "/admin/people/{id}/factors": {"admin {person}/factors"},
	"/admin/systems": {"admin /admin/systems"}, "/admin/systems/new": {"admin /admin/systems/new"}, "/admin/systems/{id}": {"admin /admin/systems/demo-documents"},
	"/admin/news": {"admin /admin/news"}, "/admin/news/new": {"admin /admin/news/new"}, "/admin/news/{id}": {"admin {adminnews}"},
	"/admin/downloads": {"admin /admin/downloads"}, "/admin/downloads/new": {"admin /admin/downloads/new"}, "/admin/downloads/{id}": {"admin {admindownload}"},
}

// asksOfSystem is what the sister system of the demonstration sends a browser with.
const asksOfSystem = "/sso/authorize?client_id=demo-documents&redirect_uri=http://127.0.0.1:9410/callback&response_type=code" +
	"&scope=openid+profile+email&state=s&nonce=n&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"

// notPages are doors that answer with something else than a page.
var notPages = []string{"/doors/egov", "/doors/egov/back", "/bls/cases/{id}/arrivals", "/bls/cases/{id}/licence", "/bls/cases/{id}/print/{form}", "/bls/cases/{id}/receipts/{n}/pdf", "/bls/cases/{id}/seals/{seal}/file/{name}", "/bls/cases/{id}/pictures/{version}",
	"/register/ledger/checkpoint.txt", "/register/ledger/checkpoint.p7s", "/register/ledger/entries.txt", "/register/licences/{id}/proof.txt", "/register/licences/{id}/licence.txt",
	"/egov/captcha/{id}", "/egov/captcha/{id}/audio", "/egov/portal/Clogin.aspx", "/egov/portal/cpuser/transfer.aspx", "/egov/look.css", "/egov/join.js",
	"/bls/selftest/script.js", "/bls/selftest/time", "/downloads/{id}"}

// TestEveryPage opens every page of the house, in both languages, as people who may see it, and wants of each: no
// barrier that axe finds, in a window of 1280 and of 320 pixels; nothing to be moved sideways; the language it says;
// no Chinese without English on an English page; the headers that protect it; no complaint of the browser.
func TestEveryPage(t *testing.T) {
	simulated(t)
	s := serve(t, t.TempDir(), "", "demo")
	st := open(t, s.url)
	c := &crowd{stage: st, people: map[string]*person{}, data: s.data}
	c.find()
	c.findEGov()
	for _, door := range getDoors(t) {
		if slices.Contains(notPages, door) {
			continue
		}
		t.Run(door, func(t *testing.T) {
			st.t = t
			if len(visits[door]) == 0 {
				t.Fatal("nobody visits this page")
			}
			if strings.HasSuffix(door, "/compare") && strings.HasPrefix(door, "/desk") {
				c.resubmit()
			}
			for _, v := range visits[door] {
				who, path, _ := strings.Cut(v, " ")
				c.look(who, path)
			}
		})
	}
	st.t = t
	t.Run("refusals", func(t *testing.T) {
		st.t, c.refused = t, true
		for _, v := range []string{"nobody /nowhere", "p1 /nowhere", "p1 /admin", "p5 /desk", "p4 {handed}", "p4 {shut}", "nobody /password/nosuchsecret", "nobody /egov/help/nothing", "test01 /egov/admin"} {
			who, path, _ := strings.Cut(v, " ")
			c.look(who, path)
		}
	})
	for door := range visits {
		if !slices.Contains(getDoors(t), door) {
			t.Errorf("there is no page %s any more", door)
		}
	}
}

// crowd is the people of the demonstration and what they may look at.
type crowd struct {
	*stage
	people map[string]*person
	found  map[string]string
	data   string // the folder of the program

	refused bool // what they look at now is refused to them
}

func (c *crowd) as(who string) *person {
	c.t.Helper()
	p := c.people[who]
	if p == nil {
		p = c.enter(who)
		switch {
		case who == "nobody":
		case who == "half":
			p.password("p8@example.test")
		case who == "arrived":
			p.comesByEGov("test05")
		case who == "newcomer":
			p.comesByEGov("test06")
			p.press("申請備用帳號")
			p.fill("電子郵件地址", "p22@example.test")
			p.fill("密碼", "Tree47river")
			p.fill("再輸入一次密碼", "Tree47river")
			p.fill("電話", "0900000022")
			p.press("→ 下一步")
			p.sees("確認申請資料")
		case who == "joiner":
			p.comesByEGov("test07")
			p.follow("用備用帳號登錄")
			p.fill("email", "p7@example.test")
			p.fill("password", accounts.DemoPassword)
			p.press("登錄")
			p.sees("綁定我的e政府")
		case strings.HasPrefix(who, "test"), who == "admin01":
			p.signInEGov(who)
		default:
			p.signIn(who + "@example.test")
		}
		c.people[who] = p
	}
	return p
}

// first is the first address on the page that looks like the pattern.
func (p *person) first(pattern string) string {
	p.t.Helper()
	at := js[string](p, `[...document.querySelectorAll("main a")].map((a) => a.pathname + a.search).find((h) => new RegExp(%s).test(h)) ?? ""`, pattern)
	if at == "" {
		p.lost("no link like " + pattern)
	}
	return at
}

// find looks for the cases, sheets and people that the demonstration holds.
func (c *crowd) find() {
	f := map[string]string{}
	c.found = f
	p1, p2, p9, admin, nobody := c.as("p1"), c.as("p2"), c.as("p9"), c.as("admin"), c.as("nobody")
	p2.visit("/me/factors")
	p2.press("設定驗證器")
	case1 := `^/bls/cases/[0-9a-z]{26}$`
	row := func(p *person, title string) string {
		p.visit("/bls/cases?q=" + url.QueryEscape(title))
		return p.first(case1)
	}
	p1.visit("/bls/cases?q=" + url.QueryEscape("測試大樓"))
	f["draft"] = js[string](p1, `[...document.querySelectorAll("main tr")].find((r) => r.innerText.includes("建造執照"))?.querySelector("a")?.pathname ?? ""`)
	f["handed"], f["issued"], f["asked"] = row(p1, "樣本住宅"), row(p1, "範例集合住宅"), row(p2, "試驗辦公")
	p1.visit(f["draft"] + "/form/land")
	f["row"] = p1.first(`/form/land/`)
	p1.visit(f["handed"] + "/drawings")
	f["version"] = p1.first(`/sheets/[0-9a-z]{26}$`)
	c.replace()
	p1.visit("/bls/notices")
	f["notice"] = p1.first(`^/bls/notices/[0-9a-z]{26}$`)
	p9.visit("/desk?queue=mine")
	f["reviewed"] = strings.TrimPrefix(p9.first(`^/desk/cases/`), "/desk")
	f["reviewed"] = "/bls" + js[string](p9, `([...document.querySelectorAll("main tr")].find((r) => r.innerText.includes("審查中"))?.querySelector("a")?.pathname ?? "").replace("/desk", "")`)
	p9.visit(strings.Replace(f["reviewed"], "/bls", "/desk", 1))
	f["desksheet"] = p9.first(`/sheets/[0-9a-z]{26}$`)
	nobody.visit("/register?authority=IF0&q=" + url.QueryEscape("範例集合住宅"))
	f["progress"] = nobody.first(`^/register/IF0/`)
	p2.visit(f["asked"] + "/seals")
	f["seal"] = p2.first(`/seals/[0-9a-z]{26}$`)
	p1.visit(f["issued"])
	f["stamp"] = c.stamped(f["version"])
	p2.visit(f["asked"] + "/stamps")
	f["place"] = js[string](p2, `document.querySelector(".cb-stamps details a").pathname`)
	p1.visit(f["issued"])
	f["verify"] = p1.verifies(p1.paper(p1.fetched("下載建造執照（PDF）")))
	p1.visit("/help/question")
	p1.pick("主管機關", "臺南市政府")
	p1.fill("姓名", "測試甲")
	p1.fill("聯絡電話", "0900000001")
	p1.fill("您的問題", "圖號要怎麼編？")
	p1.press("送出")
	f["question"] = "/help/question/" + strings.TrimPrefix(js[string](p1, `document.querySelector(".govuk-panel__body").innerText`), "編號 ")
	p4 := c.as("p4")
	p4.visit("/me/roles/bls")
	p4.choose("角色", "收件人員")
	p4.pick("機關", "臺南市政府")
	p4.press("提出申請")
	f["request"] = p4.where()
	p1.visit("/me/roles")
	f["granted"] = p1.first(`^/me/requests/`)
	for key, more := range map[string]string{"consent": "", "stronger": "&acr_values=3"} {
		p1.visit(asksOfSystem + more)
		f[key] = p1.where()
	}
	p4.visit(asksOfSystem)
	f["shut"] = p4.where()
	admin.visit("/desk/questions")
	f["deskquestion"] = admin.first(`^/desk/questions/`)
	nobody.visit("/news")
	f["news"] = nobody.first(`^/news/`)
	nobody.until("a letter", func() bool {
		nobody.visit("/demo/mail")
		return strings.Contains(js[string](nobody, `[...document.querySelectorAll("main a")].map((a) => a.pathname).join(" ")`), "/demo/mail/")
	})
	f["letter"] = nobody.first(`^/demo/mail/`)
	admin.visit("/admin")
	f["person"] = admin.first(`^/admin/people/`)
	admin.visit("/admin/invite")
	admin.fill("name", "測試新")
	admin.fill("email", "new@example.test")
	admin.press("建立帳號")
	link, err := url.Parse(admin.value("link"))
	admin.must(err)
	f["link"] = link.Path
	admin.visit("/admin/news")
	f["adminnews"] = admin.first(`^/admin/news/[0-9a-z]{20,}`)
	admin.visit("/admin/downloads")
	f["admindownload"] = admin.first(`^/admin/downloads/[0-9a-z-]{3,}$`)
	for _, k := range []string{"request", "granted"} {
		f[k+"-"] = strings.TrimPrefix(f[k], "/me")
	}
	for _, k := range []string{"handed", "reviewed", "asked", "issued"} {
		f[k+"-"] = strings.TrimPrefix(f[k], "/bls")
	}
}

// replace brings a second version of a sheet, so that there is something to compare, and a file that somebody has to
// give a number.
func (c *crowd) replace() {
	f, p2 := c.found, c.as("p2")
	a := &applicant{person: p2, home: f["asked"], folder: c.t.TempDir()}
	p2.visit(f["asked"] + "/drawings")
	p2.follow("A1-01")
	f["old"] = p2.where()[strings.LastIndex(p2.where(), "/")+1:]
	p2.goes("the new version", func() { p2.files("#files", a.write("v2.pdf", a.drawing("A1-01", "平面圖", 9, 1))) })
	f["sheet"] = p2.where()
	p2.until("version 2", func() bool {
		p2.visit(f["asked"] + "/drawings")
		f["version2"] = js[string](p2, `[...document.querySelectorAll("main td a.govuk-link")].find((a) => a.innerText === "A1-01").pathname`)
		return !strings.HasSuffix(f["version2"], f["old"])
	})
	p1 := c.as("p1")
	b := &applicant{person: p1, home: f["draft"], folder: c.t.TempDir()}
	b.sheets(b.write("掃描.pdf", b.drawing("", "", 3, 0)))
	p1.sees("填寫圖號與圖名")
}

// resubmit answers the correction notice, so that there are two rounds to compare.
func (c *crowd) resubmit() {
	c.t.Helper()
	at, p := c.found["asked"], c.as("p2")
	p.visit(at + "/correction")
	p.choose("第 1 點如何處理？", "已修正")
	p.choose("第 2 點如何處理？", "已修正")
	p.press("儲存回復")
	p.visit(at + "/submission")
	p.choose("", "我已檢查送件內容")
	p.press("確定送件")
	p.sees("送件完成")
}

var placeholder = regexp.MustCompile(`\{[a-z0-9-]+\}`)

// look has somebody look at a page in both languages.
func (c *crowd) look(who, path string) {
	c.t.Helper()
	path = placeholder.ReplaceAllStringFunc(path, func(s string) string {
		at, ok := c.found[strings.Trim(s, "{}")]
		if !ok {
			c.t.Fatalf("nothing was found for %s", s)
		}
		return at
	})
	p := c.as(who)
	for lang, tag := range map[string]string{"zh": "zh-Hant-TW", "en": "en"} {
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		p.visit(path + sep + "lang=" + lang)
		if refused := p.status() >= 400; refused != c.refused {
			c.t.Errorf("%s for %s came with %d", path, who, p.status())
		}
		if got := js[string](p, `document.documentElement.lang`); got != tag {
			c.t.Errorf("%s is in %q, asked for %q", path, got, tag)
		}
		if lang == "en" {
			for _, s := range p.chineseAlone() {
				c.t.Errorf("%s for %s says in Chinese alone: %s", path, who, s)
			}
		}
		p.guarded()
		p.noBarrier()
		p.narrow()
		p.quiet()
	}
	p.visit("/help?lang=zh") // what follows is asked for in Chinese
	p.quiet()
}

// guarded wants the headers that protect a page.
func (p *person) guarded() {
	p.t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=()",
	} {
		if got := p.header(name); !strings.HasPrefix(got, want) {
			p.t.Errorf("%s came with %s %q", p.where(), name, got)
		}
	}
	policy := p.header("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'nonce-", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
		if !strings.Contains(policy, want) {
			p.t.Errorf("the policy of %s lacks %s: %s", p.where(), want, policy)
		}
	}
	if strings.HasPrefix(p.where(), "/verify") { // the one page that runs a program of ours (WebAssembly)
		policy = strings.Replace(policy, "'wasm-unsafe-eval'", "", 1)
	}
	if strings.Contains(policy, "unsafe") {
		p.t.Errorf("the policy of %s is open: %s", p.where(), policy)
	}
}
