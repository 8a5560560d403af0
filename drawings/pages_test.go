package drawings

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image/png"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/permit"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

// hall is a site with the doors of this room alone, and a visitor per person.
func hall(t *testing.T, k *tool) func(permit.Actor) *webtest.Client {
	t.Helper()
	s := web.NewSite(k.r.DB, nil)
	people := map[string]permit.Actor{}
	s.Who = func(q *http.Request) (permit.Actor, error) { return people[q.Header.Get("X-Person")], nil }
	k.r.Mount(s)
	h := s.Handler()
	return func(a permit.Actor) *webtest.Client {
		people[a.Person] = a
		c := webtest.NewFor(t, h)
		c.Header.Set("X-Person", a.Person)
		return c
	}
}

func TestPagesWithoutScript(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := begun(t, db)
		as := hall(t, k)
		c, at := as(k.architect), "/bls/cases/"+k.id
		page := c.Get(at + "/drawings")
		page.WantStatus(200)
		page.Want("書圖", "尚缺", "還沒有圖", "上傳圖說")

		c.Upload(at+"/drawings", nil, webtest.File{Field: "files", Name: "A1-01_一層平面圖.pdf", Content: plainPDF("1")},
			webtest.File{Field: "files", Name: "掃描.pdf", Content: plainPDF("2")}, webtest.File{Field: "files", Name: "空.pdf"}).Want("已收到 3 個檔案", "正在檢查 3 個檔案")
		k.look()
		page = c.Get(at + "/drawings")
		page.Want("A1-01", "一層平面圖", "沒有收下的檔案", "這個檔案是空的", "有 1 頁還需要您填寫")
		c.Upload(at+"/drawings", nil).WantStatus(422)

		page = c.Get(at + "/drawings/map")
		page.Want("填寫圖號與圖名", "掃描.pdf")
		id := ""
		for _, a := range k.arrivals() {
			if a.State == Unsure {
				id = a.ID
			}
		}
		form := url.Values{"row": {id}, "number-" + id: {"A1-01"}, "title-" + id: {"二層平面圖"}}
		page = c.Post(at+"/drawings/map", form)
		page.WantStatus(422)
		page.Want("新版本")
		if v := page.One("main input[name=title-" + id + "]").Attr("value"); v != "二層平面圖" {
			t.Errorf("what was typed is lost: %q", v)
		}
		form.Set("number-"+id, "A1-02")
		c.Post(at+"/drawings/map", form).Want("已收 1 張圖", "A1-02")
		if got := k.list(); got != "A1-01 v1, A1-02 v1" {
			t.Fatal(got)
		}

		s := k.sheet("A1-01")
		page = c.Get(at + "/drawings/" + s.ID)
		page.Want("A1-01 一層平面圖", "換成新的版本", "下載原檔", s.Current().Digest.String())
		c.Upload(at+"/drawings/"+s.ID+"/file", nil, webtest.File{Field: "files", Name: "x.pdf", Content: plainPDF("1b")})
		k.look()
		page = c.Get(at + "/drawings/" + s.ID)
		page.Want("第 2 版", "疊圖")
		now := k.sheet("A1-01")
		cmp := c.Get(at + "/sheets/" + now.Current().ID + "/compare?with=" + s.Current().ID)
		cmp.WantStatus(200)
		cmp.Want("處不同")
		c.Get(at + "/sheets/" + s.Current().ID).Want("您看的是第 1 版，最新是第 2 版")

		c.Post(at+"/drawings/"+s.ID, url.Values{"do": {"rename"}, "number": {"A1-02"}, "title": {"x"}}).Want("已經有一張圖")
		c.Post(at+"/drawings/"+s.ID, url.Values{"do": {"rename"}, "number": {"A1-05"}, "title": {"五層平面圖"}}).Want("已改為 A1-05 五層平面圖")
		c.Post(at+"/drawings/order", url.Values{"do": {"place"}, "place-" + s.ID: {"1"}}).Want("已儲存順序")
		if got := k.list(); got != "A1-05 v2, A1-02 v1" {
			t.Errorf("order: %s", got)
		}
		c.Post(at+"/drawings/"+s.ID, url.Values{"do": {"remove"}}).Want("已移除 A1-05", "已移除的圖（1 張）")
		c.Post(at+"/drawings/"+s.ID, url.Values{"do": {"restore"}}).Want("已復原 A1-05")
		for _, a := range k.arrivals() {
			if a.State == Refused {
				c.Post(at+"/arrivals/"+a.ID, nil).Want("已從清單移除")
			}
		}
		if c.Get(at + "/drawings").Has("沒有收下的檔案") {
			t.Error("still on the list")
		}
		c.Get(at+"/drawings?lang=en").Want("Drawings", "Missing")
	})
}

func TestPapersPage(t *testing.T) {
	k := begun(t, storetest.SQLite(t))
	c, at := hall(t, k)(k.architect), "/bls/cases/"+k.id
	x := catalog.Find("building").Attachments[0]
	page := c.Get(at + "/attachments")
	page.Want("應附文件", x.Name.Zh, "必附", "還缺")
	c.Upload(at+"/attachments/"+x.Code, nil, webtest.File{Field: "files-" + x.Code, Name: "附件<b>.pdf", Content: plainPDF("p")}).Want("已收到 1 個檔案")
	k.look()
	page = c.Get(at + "/attachments")
	page.Want("附件-b-.pdf", "已附", "PDF，1 頁")
	var p Paper
	k.must(k.architect, func(tx *store.Tx, c *cases.Case) error {
		all, err := Papers(tx, c)
		p = all[0]
		return err
	})
	file := c.Get(at + "/papers/" + p.ID)
	if file.Header.Get("Content-Type") != PDF || !strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment") || !bytes.HasPrefix(file.Body, []byte("%PDF")) {
		t.Errorf("%v", file.Header)
	}
	c.Post(at+"/papers/"+p.ID, url.Values{"do": {"remove"}, "code": {x.Code}})
	c.Get(at+"/attachments").Want("已移除的文件（1 份）", "必附")
	c.Post(at+"/papers/"+p.ID, url.Values{"do": {"restore"}, "code": {x.Code}})
	c.Get(at + "/attachments").Want("已附")
	c.Upload(at+"/attachments/none", nil, webtest.File{Field: "files", Name: "a.pdf", Content: plainPDF("p")}).WantStatus(404)
	c.Upload(at+"/attachments/"+x.Code, nil).WantStatus(422)
}

// The resumable door: begun, cut, gone on with, and told to the script.
func TestUploadsOfACase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		k := begun(t, db)
		as := hall(t, k)
		c, at := as(k.architect), "/bls/cases/"+k.id
		content := plainPDF("resumable")
		meta := func(pairs ...string) string {
			var out []string
			for i := 0; i < len(pairs); i += 2 {
				out = append(out, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
			}
			return strings.Join(out, ",")
		}
		begin := func(c *webtest.Client, at, meta string) *webtest.Page {
			return c.Do("POST", at+"/uploads/", nil, http.Header{"Tus-Resumable": {"1.0.0"}, "Upload-Length": {fmt.Sprint(len(content))}, "Upload-Metadata": {meta}})
		}
		b := begin(c, at, meta("filename", "A1-01_一層平面圖.pdf", "path", "王宅/A1-01_一層平面圖.pdf", "case", "another"))
		b.WantStatus(201)
		to := b.Header.Get("Location")
		patch := func(c *webtest.Client, off int) *webtest.Page {
			return c.Do("PATCH", to, bytes.NewReader(content[off:]), http.Header{"Tus-Resumable": {"1.0.0"}, "Upload-Offset": {fmt.Sprint(off)}, "Content-Type": {"application/offset+octet-stream"}})
		}
		patch(as(stranger), 0).WantStatus(404)
		patch(c, 0).WantStatus(204)
		for range 2 { // the answer was lost
			patch(c, len(content)).WantStatus(204)
		}
		var rows []struct{ ID, State, Message string }
		status := func() string {
			p := c.Do("GET", at+"/arrivals", nil, http.Header{"Accept": {"application/json"}})
			if err := json.Unmarshal(p.Body, &rows); err != nil || len(rows) != 1 || !strings.HasSuffix(to, rows[0].ID) {
				t.Fatalf("%v %s", err, p.Body)
			}
			return rows[0].State
		}
		if s := status(); s != "checking" {
			t.Error(s)
		}
		k.look()
		if s := status(); s != "done" {
			t.Error(s)
		}
		if a := k.arrivals(); len(a) != 1 || a[0].Folder != "王宅" || k.list() != "A1-01 v1" {
			t.Errorf("%+v %s", a, k.list())
		}
		begin(as(stranger), at, meta("filename", "a.pdf")).WantStatus(404)
		begin(c, at, meta("filename", "a.pdf", "code", "none")).WantStatus(404)
		k.filed(permit.Reviewing)
		no := begin(c, at, meta("filename", "a.pdf"))
		no.WantStatus(422)
		if !strings.Contains(string(no.Body), "凍結") {
			t.Errorf("%s", no.Body)
		}
		if got := webtestPost(c, at+"/drawings"); got != 409 {
			t.Errorf("a plain form to a frozen case: %d", got)
		}
	})
}

func webtestPost(c *webtest.Client, path string) int {
	return c.Upload(path, nil, webtest.File{Field: "files", Name: "a.pdf", Content: []byte("%PDF")}).Status
}

func TestPicturesAndFilesBehindThePolicy(t *testing.T) {
	k := begun(t, storetest.SQLite(t))
	as := hall(t, k)
	at := "/bls/cases/" + k.id
	k.bring("A1-01_一層平面圖.pdf", sheetPDF(t, "A1-01", "一層平面圖", 0))
	one := k.sheet("A1-01").Current()
	u := k.bring("掃描.pdf", plainPDF("u"))[0]
	pictures := []string{"/sheets/" + one.ID + "/thumb.png", "/sheets/" + one.ID + "/page.png", "/sheets/" + one.ID + "/tiles/0/0/0.png", "/sheets/" + one.ID + "/tiles/3/2/1.png"}
	for _, p := range append(pictures, "/arrivals/"+u.ID+"/thumb.png") {
		g := as(k.architect).Get(at + p)
		if _, err := png.Decode(bytes.NewReader(g.Body)); err != nil || g.Header.Get("Content-Type") != PNG || !strings.HasPrefix(g.Header.Get("Cache-Control"), "private") {
			t.Errorf("%s: %v %v", p, err, g.Header)
		}
	}
	for _, p := range append(pictures, "/arrivals/"+u.ID+"/thumb.png", "/sheets/"+one.ID+"/file", "/sheets/"+one.ID, "/drawings", "/attachments", "/arrivals", "/drawings/map") {
		as(stranger).Get(at + p).WantStatus(404)
		as(desk).Get(at + p).WantStatus(404) // a draft is nobody else's
	}
	for _, p := range []string{"/sheets/" + one.ID + "/tiles/0/5/5.png", "/sheets/" + one.ID + "/tiles/99/0/0.png", "/sheets/" + one.ID + "/tiles/x/0/0.png", "/sheets/none/thumb.png", "/sheets/" + one.ID + "/overlay.png?with=none", "/papers/none", "/drawings/none"} {
		as(k.architect).Get(at + p).WantStatus(404)
	}

	// Submitted: the authority sees what was there; what came later only after it is submitted too.
	k.filed(permit.Correction)
	k.must(k.architect, func(tx *store.Tx, c *cases.Case) error { return cases.Reopen(tx, c, []string{"drawings"}) })
	k.bring("A1-01_一層平面圖_v2.pdf", sheetPDF(t, "A1-01", "一層平面圖", 1))
	two := k.sheet("A1-01").Current()
	if two.N != 2 {
		t.Fatal(k.list())
	}
	as(desk).Get(at + "/sheets/" + one.ID + "/page.png").WantStatus(200)
	for _, p := range []string{"/page.png", "/file", "", "/tiles/0/0/0.png", "/compare?with=" + one.ID, "/overlay.png?with=" + one.ID} {
		as(desk).Get(at + "/sheets/" + two.ID + p).WantStatus(404)
		as(k.architect).Get(at + "/sheets/" + two.ID + p).WantStatus(200)
	}
	if as(desk).Get(at + "/drawings").Want("v1").Has("上傳圖說") {
		t.Error("an officer may upload")
	}
	k.filed(permit.Resubmitted)
	as(desk).Get(at + "/sheets/" + two.ID + "/compare?with=" + one.ID).Want("處不同")
}

// Every door of the room refuses who is not signed in.
func TestNobodyComesInUnsigned(t *testing.T) {
	k := begun(t, storetest.SQLite(t))
	s := web.NewSite(k.r.DB, nil)
	k.r.Mount(s)
	c := webtest.New(t, s).Stay()
	n := 0
	for _, r := range s.Routes() {
		if !strings.HasPrefix(r.Path, "/bls/") {
			continue
		}
		n++
		path := strings.NewReplacer("{id}", k.id, "{$}", "", "{z}", "0", "{x}", "0", "{y}", "0.png").Replace(r.Path)
		path = strings.NewReplacer("{", "", "}", "").Replace(path)
		if code := c.Do(r.Method, path, nil, nil).Status; code != 303 && code != 401 {
			t.Errorf("%s %s: %d", r.Method, path, code)
		}
	}
	if n < 20 {
		t.Errorf("%d doors", n)
	}
}

func TestARealDrawingInTheBrowser(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(samples(t), "plan.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	k := begun(t, storetest.SQLite(t))
	c, at := hall(t, k)(k.architect), "/bls/cases/"+k.id
	c.Upload(at+"/drawings", nil, webtest.File{Field: "folder", Name: "王宅/建築/A1-01_一層平面圖.pdf", Content: b})
	k.look()
	s := k.sheet("A1-01")
	if s.Current().Folder != "王宅/建築" {
		t.Errorf("folder %q", s.Current().Folder)
	}
	p := c.Get(at + "/sheets/" + s.Current().ID)
	p.Want("A3 (420 × 297 mm)")
	if !strings.Contains(string(p.Body), `data-tiles`) || !strings.Contains(string(p.Body), `data-width="8192"`) {
		t.Error("no viewer")
	}
	g := c.Get(at + "/sheets/" + s.Current().ID + "/file?show")
	if !bytes.Equal(g.Body, b) || !strings.HasPrefix(g.Header.Get("Content-Disposition"), "inline") {
		t.Errorf("%v", g.Header)
	}
}
