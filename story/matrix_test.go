package story

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"cloudbm/accounts"
	"cloudbm/catalog"
	"cloudbm/factors/factorstest"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/web/webtest"
)

// cell is one cell of 使用者所屬角色之權限 (domain §3, S210–S224): may the role open a case of the type?
type cell struct {
	row  string
	role permit.Role
	kind *permit.Type
	may  bool
}

var cells = []cell{
	{"S210", permit.Architect, catalog.Building, true}, {"S210 use", permit.Architect, catalog.Use, true},
	{"S211", permit.Contractor, catalog.Building, false}, {"S211 use", permit.Contractor, catalog.Use, true},
	{"S212", permit.Citizen, catalog.Building, true}, {"S212 use", permit.Citizen, catalog.Use, true},
	{"S213", permit.Engineer, catalog.Building, false}, {"S213 use", permit.Engineer, catalog.Use, false},
	{"S214", permit.Decorator, catalog.Building, false}, {"S214 use", permit.Decorator, catalog.Use, false},
	{"S215", permit.Architect, catalog.Start, true}, {"S216", permit.Contractor, catalog.Start, true}, {"S217", permit.Citizen, catalog.Start, true},
	{"S218", permit.Engineer, catalog.Start, false}, {"S219", permit.Decorator, catalog.Start, false},
	{"S220", permit.Architect, catalog.Interior, true}, {"S221", permit.Contractor, catalog.Interior, true}, {"S222", permit.Citizen, catalog.Interior, true},
	{"S223", permit.Engineer, catalog.Interior, false}, {"S224", permit.Decorator, catalog.Interior, true},
}

// holders are the people of the demonstration who hold one role each.
var holders = map[permit.Role]string{permit.Architect: "p1", permit.Contractor: "p3", permit.Citizen: "p4", permit.Engineer: "p5", permit.Decorator: "p7"}

// caller is somebody who speaks HTTP with the program and follows no redirect.
type caller struct{ *webtest.Client }

// caller signs somebody in, an officer with the second step too; an officer who was here before still is.
func (s *server) caller(t *testing.T, email, password string) caller {
	t.Helper()
	c := webtest.NewFor(t, s.handler(t)).Stay()
	if key, ok := s.officers[email]; ok {
		c.SetCookie("session", key)
		return caller{c}
	}
	p := c.Post("/signin", url.Values{"email": {email}, "password": {password}})
	if at := p.Header.Get("Location"); strings.HasPrefix(at, accounts.SecondStep) {
		p = c.Post(at, url.Values{"code": {factorstest.Code(t, s.url, email)}})
		s.officers[email] = c.Cookie("session")
	}
	if p.Status != http.StatusSeeOther {
		t.Fatalf("%s cannot sign in: %d", email, p.Status)
	}
	return caller{c}
}

func (c caller) opens(kind *permit.Type) *webtest.Page {
	return c.Post("/bls/cases", url.Values{"kind": {kind.Kind}, "authority": {roles.Tainan}})
}

var theCase = regexp.MustCompile(`^/bls/cases/[0-9a-z]{26}$`)

// opened fails the test unless p says that a case was opened.
func opened(t *testing.T, p *webtest.Page) string {
	t.Helper()
	at := p.Header.Get("Location")
	if p.Status != http.StatusSeeOther || !theCase.MatchString(at) {
		t.Fatalf("no case was opened: %d %s", p.Status, p.Text())
	}
	return at
}

// refusedInWords fails the test unless p refuses, says why in words, and leads on.
func refusedInWords(t *testing.T, p *webtest.Page, words ...string) {
	t.Helper()
	if p.Status != http.StatusForbidden {
		t.Fatalf("answered %d: %s", p.Status, p.Text())
	}
	for _, w := range words {
		if !p.Has(w) {
			t.Errorf("does not say %s: %s", w, p.Text())
		}
	}
	if len(p.Find("main a[href]")) == 0 {
		t.Errorf("leads nowhere: %s", p.Text())
	}
}

// TestMatrix asks the program itself, by HTTP and without its pages, for every cell of the table of rights (S210–S229),
// and for the table of domain §7.6 that has no seals in it.
func TestMatrix(t *testing.T) {
	s := serve(t, t.TempDir(), "", "demo")
	by := map[permit.Role]caller{}
	for role, who := range holders {
		by[role] = s.caller(t, who+"@example.test", accounts.DemoPassword)
	}
	for _, c := range cells {
		t.Run(c.row+" "+string(c.role)+" "+c.kind.Code, func(t *testing.T) {
			p, page := by[c.role].opens(c.kind), by[c.role].Get("/bls/cases/new")
			offered := page.Has("開立" + c.kind.Name.Zh)
			if offered != c.may {
				t.Errorf("the page offers it: %v", offered)
			}
			if c.may {
				opened(t, p)
			} else {
				refusedInWords(t, p, c.role.Name().Zh, c.kind.Menu.Name().Zh, roles.Matrix[c.kind.Menu][c.role].Name().Zh)
			}
		})
	}
	t.Run("not even a stranger", func(t *testing.T) {
		c := caller{webtest.NewFor(t, s.handler(t)).Stay()}
		if p := c.opens(catalog.Building); p.Status == http.StatusSeeOther && theCase.MatchString(p.Header.Get("Location")) {
			t.Error("somebody who has not signed in opened a case")
		}
	})
	t.Run("nobody fills in, submits or throws away a case of others", func(t *testing.T) { strangersCase(t, by) })
	t.Run("officers file nothing", func(t *testing.T) {
		for _, who := range []string{"p8", "p9", "chief", "admin"} {
			refusedInWords(t, s.caller(t, who+"@example.test", accounts.DemoPassword).opens(catalog.Building), "機關人員")
		}
	})
	t.Run("no role, no case", func(t *testing.T) { noRole(t, s) })
	t.Run("a second role", func(t *testing.T) { secondRoles(t, by) })
}

func strangersCase(t *testing.T, by map[permit.Role]caller) {
	at := opened(t, by[permit.Architect].opens(catalog.Building))
	for _, role := range []permit.Role{permit.Contractor, permit.Citizen, permit.Engineer, permit.Decorator} {
		for path, form := range map[string]url.Values{
			"/form/case": {"building_name": {"別人的"}, "revision": {"0"}}, "/submission": {"declare": {"Y"}, "round": {"1"}}, "/deletion": {},
			"/team": {"email": {"p5@example.test"}, "may": {"edit"}}, "/rows/land": {"do": {"add"}},
		} {
			if p := by[role].Post(at+path, form); p.Status != http.StatusForbidden && p.Status != http.StatusNotFound {
				t.Errorf("%s posts to %s: %d %s", role, path, p.Status, p.Text())
			}
		}
		if p := by[role].Get(at); p.Status == http.StatusOK {
			t.Errorf("%s reads a draft of others", role)
		}
	}
}

// noRole makes an account as an administrator does; it has no role yet.
func noRole(t *testing.T, s *server) {
	admin := s.caller(t, "admin@example.test", accounts.DemoPassword)
	p := admin.Post("/admin/invite", url.Values{"name": {"測試新"}, "email": {"new@example.test"}})
	link := p.WantStatus(http.StatusOK).One("input[name=link]").Attr("value")
	u, err := url.Parse(link)
	if err != nil || !strings.HasPrefix(u.Path, "/password/") {
		t.Fatalf("the link is %q", link)
	}
	c := caller{webtest.NewFor(t, s.handler(t)).Stay()}
	if p := c.Post(u.Path, url.Values{"password": {"Kiosk-47-lantern"}}); p.Status != http.StatusSeeOther {
		t.Fatalf("setting the password: %d %s", p.Status, p.Text())
	}
	if p := c.Post(u.Path, url.Values{"password": {"Kiosk-48-lantern"}}); p.Status < 400 {
		t.Errorf("the link works twice: %d", p.Status)
	}
	c = s.caller(t, "new@example.test", "Kiosk-47-lantern")
	for _, kind := range []*permit.Type{catalog.Building, catalog.Use, catalog.Start, catalog.Interior} {
		refusedInWords(t, c.opens(kind), "要打勾")
	}
	// Choosing a role and filling in its section opens the door.
	p = c.Post("/bls/profile", url.Values{"name": {"測試新"}, "contact": {"new@example.test"}, "role": {string(permit.Citizen)},
		roles.Key(permit.Citizen, "person_id"): {"W123000116"}, roles.Key(permit.Citizen, "address"): {"臺南市東區測試路12號"}, roles.Key(permit.Citizen, "mobile"): {"0900000012"}})
	if p.Status != http.StatusSeeOther {
		t.Fatalf("the profile is not saved: %d %s", p.Status, p.Text())
	}
	opened(t, c.opens(catalog.Building))
	refusedInWords(t, s.caller(t, "p5@example.test", accounts.DemoPassword).opens(catalog.Building), "僅壓章")
}

// secondRoles asks for every second role there is (S225–S229 and §7.6): only a contractor may add 一般民眾.
func secondRoles(t *testing.T, by map[permit.Role]caller) {
	row := map[permit.Role]string{permit.Architect: "S225", permit.Contractor: "S226", permit.Citizen: "S227", permit.Engineer: "S228", permit.Decorator: "S229"}
	for _, have := range roles.Columns {
		for _, add := range permit.Roles {
			if have == add || have == permit.Contractor && add == permit.Citizen {
				continue
			}
			t.Run(row[have]+" "+string(have)+" adds "+string(add), func(t *testing.T) {
				p := by[have].Get("/bls/profile")
				form := fields(p)
				form["also"] = []string{string(add)}
				if p := by[have].Post("/bls/profile", form); p.Status == http.StatusSeeOther || !p.Has("有地方要修正") {
					t.Errorf("%d %s", p.Status, p.Text())
				}
				if p := by[have].Get("/bls/rights"); !p.Has("您的角色：" + have.Name().Zh + " ") {
					t.Errorf("the roles now: %s", p.Text())
				}
			})
		}
	}
	t.Run("S226 contractor adds citizen", func(t *testing.T) {
		c := by[permit.Contractor]
		form := fields(c.Get("/bls/profile"))
		form["also"] = []string{string(permit.Citizen)}
		for k, v := range map[string]string{"person_id": "R123000030", "address": "臺南市永康區測試路3號", "mobile": "0900000003"} {
			form.Set(roles.Key(permit.Citizen, k), v)
		}
		if p := c.Post("/bls/profile", form); p.Status != http.StatusSeeOther {
			t.Fatalf("%d %s", p.Status, p.Text())
		}
		// Now both rights hold together.
		opened(t, c.opens(catalog.Building))
		opened(t, c.opens(catalog.Use))
	})
}

// fields are the values that a page's profile form would send.
func fields(p *webtest.Page) url.Values {
	v := url.Values{}
	for _, n := range p.Find("form[action=/bls/profile] input") {
		if kind := n.Attr("type"); kind != "radio" && kind != "checkbox" || n.Has("checked") {
			v.Add(n.Attr("name"), n.Attr("value"))
		}
	}
	for _, s := range p.Find("form[action=/bls/profile] select") {
		v.Set(s.Attr("name"), "")
	}
	for _, o := range p.Find("form[action=/bls/profile] option[selected]") {
		for _, s := range p.Find("form[action=/bls/profile] select") {
			if strings.Contains(s.HTML(), o.HTML()) {
				v.Set(s.Attr("name"), o.Attr("value"))
			}
		}
	}
	return v
}
