package kill

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/blob"
	"cloudbm/factors/factorstest"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/seals/sealstest"
)

// person works at a browser of their own and goes on with it after every blow.
type person struct {
	t     testing.TB
	l     *ledger
	base  string
	email string
	rnd   *rand.Rand
	http  *http.Client
	in    bool         // signed in
	kind  *permit.Type // of the cases they open
	cases []string
	ready []string // complete drafts they can submit
	half  *half    // an upload that is not finished
	n     int

	card   *sealstest.Card // in their reader; nil: they seal nothing
	sealed string          // the case that they seal, again and again
}

func newPerson(t testing.TB, l *ledger, base, email string, kind *permit.Type, ready []string, rnd *rand.Rand) *person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t: t, l: l, base: base, email: email, kind: kind, ready: ready, rnd: rnd,
		http: &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: 4}, Timeout: 20 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// work does one thing after the other until the round ends.
func (p *person) work(ctx context.Context) {
	for ctx.Err() == nil {
		p.signIn(ctx)
		p.n++
		switch i := p.rnd.IntN(100); {
		case p.kind == nil:
			p.take(ctx)
		case len(p.cases) == 0 || i < 6 && len(p.cases) < 6:
			p.open(ctx)
		case i < 30:
			p.name(ctx)
		case i < 40:
			p.add(ctx)
		case i < 55:
			p.form(ctx)
		case i < 65 && p.card != nil:
			p.seal(ctx)
		case i < 90 || len(p.ready) == 0:
			p.upload(ctx)
		default:
			p.submit(ctx)
		}
	}
}

// answer is what came back. Nothing is known of a request without an answer.
type answer struct {
	*http.Response
	body string
}

func (a *answer) to() string { return a.Header.Get("Location") }

func (p *person) send(ctx context.Context, method, path, kind string, body []byte, header ...string) *answer {
	q, err := http.NewRequestWithContext(ctx, method, p.base+path, bytes.NewReader(body))
	if err != nil {
		p.t.Error(err)
		return nil
	}
	if kind != "" {
		q.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	r, err := p.http.Do(q)
	if err != nil {
		p.pause(ctx)
		return nil
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil && method == http.MethodGet {
		return nil // an answer to a change counts from its first line
	}
	a := &answer{r, string(b)}
	switch {
	case r.StatusCode >= 500 && r.StatusCode != http.StatusServiceUnavailable:
		p.l.complain(fmt.Sprintf("%s %s: %d", method, path, r.StatusCode))
	case p.in && (r.StatusCode == http.StatusUnauthorized || strings.HasPrefix(a.to(), "/?next=")):
		p.l.complain(fmt.Sprintf("%s %s: %s has been signed out", method, path, p.email))
		p.in = false
	}
	return a
}

// pause waits a moment: the program is down.
func (p *person) pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(10 * time.Millisecond):
	}
}

func (p *person) post(ctx context.Context, path string, v url.Values, header ...string) *answer {
	return p.send(ctx, http.MethodPost, path, "application/x-www-form-urlencoded", []byte(v.Encode()), header...)
}

func (p *person) signIn(ctx context.Context) {
	if p.in {
		return
	}
	a := p.post(ctx, "/signin", url.Values{"email": {p.email}, "password": {accounts.DemoPassword}})
	if a != nil && a.to() == accounts.SecondStep {
		a = p.post(ctx, a.to(), url.Values{"code": {factorstest.Code(p.t, p.base, p.email)}})
	}
	switch {
	case a == nil:
	case a.StatusCode == http.StatusSeeOther:
		p.in = true
	case a.StatusCode != http.StatusServiceUnavailable:
		p.l.complain(fmt.Sprintf("%s cannot sign in: %d", p.email, a.StatusCode))
		p.pause(ctx)
	}
}

func (p *person) some() string { return p.cases[p.rnd.IntN(len(p.cases))] }

func (p *person) open(ctx context.Context) {
	p.l.ask(func(l *ledger) { l.cases[p.email]++ })
	a := p.post(ctx, "/bls/cases", url.Values{"kind": {p.kind.Kind}, "authority": {roles.Tainan}})
	if a == nil || a.StatusCode != http.StatusSeeOther {
		return
	}
	id, ok := strings.CutPrefix(a.to(), "/bls/cases/")
	if !ok {
		p.l.complain("opening a case leads to " + a.to())
		return
	}
	p.cases = append(p.cases, id)
	p.l.keep(promise{What: opened, Case: id, Key: p.email})
}

// titled is the section that asks for the name of the building.
func (p *person) titled() string {
	for _, s := range p.kind.Form {
		for _, f := range s.Fields {
			if f.Key == p.kind.TitleField {
				return s.Key
			}
		}
	}
	return ""
}

// name changes the name of the building, as the script does while a person writes, or by the button.
func (p *person) name(ctx context.Context) {
	id := p.some()
	name := fmt.Sprintf("%s第%d次命名大樓", strings.TrimSuffix(p.email, "@example.test"), p.n)
	p.l.ask(func(l *ledger) { l.names[id] = append(l.names[id], name) })
	v := url.Values{p.kind.TitleField: {name}, "revision": {"0"}, "force": {"Y"}}
	var header []string
	if p.n%2 == 0 {
		header = []string{"X-Autosave", "1"}
	}
	a := p.post(ctx, "/bls/cases/"+id+"/form/"+p.titled(), v, header...)
	if a != nil && (a.StatusCode == http.StatusSeeOther || a.StatusCode == http.StatusOK) {
		p.l.keep(promise{What: named, Case: id, Text: name})
	}
}

// add adds an empty row of owners.
func (p *person) add(ctx context.Context) {
	id, s := p.some(), p.kind.Lists(permit.Owner)[0].Key
	p.l.ask(func(l *ledger) { l.rows[id]++ })
	a := p.post(ctx, "/bls/cases/"+id+"/rows/"+s, url.Values{"do": {"add"}})
	if a == nil || a.StatusCode != http.StatusSeeOther {
		return
	}
	row, ok := strings.CutPrefix(a.to(), "/bls/cases/"+id+"/form/"+s+"/")
	if !ok {
		p.l.complain("adding a row leads to " + a.to())
		return
	}
	p.l.keep(promise{What: added, Case: id, Key: row})
}

// code is an attachment that every case of the kind asks for.
func (p *person) code() string {
	for _, x := range p.kind.Attachments {
		if x.Required {
			return x.Code
		}
	}
	return ""
}

// form sends a paper by the plain form.
func (p *person) form(ctx context.Context) {
	id, b := p.some(), paper(p.rnd, p.rnd.IntN(200<<10))
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	w, err := m.CreateFormFile("files", fmt.Sprintf("文件%d.pdf", p.n))
	if err == nil {
		_, err = w.Write(b)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		p.t.Error(err)
		return
	}
	a := p.send(ctx, http.MethodPost, "/bls/cases/"+id+"/attachments/"+p.code(), m.FormDataContentType(), body.Bytes())
	if a != nil && a.StatusCode == http.StatusSeeOther {
		p.l.keep(promise{What: received, Case: id, Text: blob.Of(b).String(), Size: int64(len(b))})
	}
}

// half is an upload on its way.
type half struct {
	id     string // of the case
	bytes  []byte
	at     string // where it is, once that is known
	offset int    // promised
	lost   bool   // the last answer did not come: ask how far it is
}

// upload sends the next piece of an upload, beginning one or asking how far it is where it has to.
func (p *person) upload(ctx context.Context) {
	const tus = "Tus-Resumable"
	h := p.half
	if h == nil {
		h = &half{id: p.some(), bytes: paper(p.rnd, p.rnd.IntN(3<<20))}
		if p.rnd.IntN(8) == 0 {
			h.bytes = paper(p.rnd, 10<<20) // more than is made durable in one go
		}
		p.half = h
	}
	folder := "/bls/cases/" + h.id + "/uploads/"
	if h.at == "" {
		meta := "filename " + base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "文件%d.pdf", p.n)) + ",code " + base64.StdEncoding.EncodeToString([]byte(p.code()))
		a := p.send(ctx, http.MethodPost, folder, "", nil, tus, "1.0.0", "Upload-Length", strconv.Itoa(len(h.bytes)), "Upload-Metadata", meta)
		if a != nil && a.StatusCode == http.StatusCreated {
			h.at = a.to()
		}
		return
	}
	if h.lost {
		a := p.send(ctx, http.MethodHead, h.at, "", nil, tus, "1.0.0")
		if a == nil || a.StatusCode == http.StatusServiceUnavailable {
			return
		}
		n, err := strconv.Atoi(a.Header.Get("Upload-Offset"))
		if a.StatusCode != http.StatusOK || err != nil {
			p.l.complain(fmt.Sprintf("upload %s: asked how far it is: %d", h.at, a.StatusCode))
			p.half = nil
			return
		}
		if n < h.offset {
			p.l.complain(fmt.Sprintf("upload %s: had %d bytes, and now %d", h.at, h.offset, n))
		}
		if h.offset, h.lost = n, false; n == len(h.bytes) {
			p.finished(h)
		}
		return
	}
	end := min(h.offset+1<<10+p.rnd.IntN(2<<20), len(h.bytes))
	a := p.send(ctx, http.MethodPatch, h.at, "application/offset+octet-stream", h.bytes[h.offset:end], tus, "1.0.0", "Upload-Offset", strconv.Itoa(h.offset))
	if a == nil || a.StatusCode != http.StatusNoContent {
		h.lost = true
		return
	}
	n, err := strconv.Atoi(a.Header.Get("Upload-Offset"))
	if err != nil || n != end {
		p.l.complain(fmt.Sprintf("upload %s: %d bytes sent, %q acknowledged", h.at, end, a.Header.Get("Upload-Offset")))
	}
	if h.offset = end; end == len(h.bytes) {
		p.finished(h)
	}
}

func (p *person) finished(h *half) {
	p.l.keep(promise{What: uploaded, Case: h.id, Key: h.at[strings.LastIndexByte(h.at, '/')+1:], Text: blob.Of(h.bytes).String(), Size: int64(len(h.bytes))})
	p.half = nil
}

var numbers = regexp.MustCompile(`收據編號 (\S+-\S+-\d{5})`)
var digests = regexp.MustCompile(`\b[0-9a-f]{64}\b`)

// submit presses the button twice at once, and reads the receipt.
func (p *person) submit(ctx context.Context) {
	id := p.ready[p.rnd.IntN(len(p.ready))]
	var twice sync.WaitGroup
	for range 2 {
		twice.Go(func() {
			a := p.post(ctx, "/bls/cases/"+id+"/submission", url.Values{"round": {"1"}, "declare": {"Y"}})
			switch {
			case a == nil || a.StatusCode == http.StatusServiceUnavailable:
			case a.StatusCode == http.StatusSeeOther && a.to() == "/bls/cases/"+id+"/receipts/1":
				p.l.keep(promise{What: submitted, Case: id})
			default:
				p.l.complain(fmt.Sprintf("submitting %s: %d %s\n%.2000s", id, a.StatusCode, a.to(), a.body))
			}
		})
	}
	twice.Wait()
	a := p.send(ctx, http.MethodGet, "/bls/cases/"+id+"/receipts/1", "", nil)
	if a == nil || a.StatusCode != http.StatusOK {
		return
	}
	number, digest := numbers.FindStringSubmatch(a.body), digests.FindString(a.body)
	if number == nil || digest == "" {
		p.l.complain("a receipt without number or digest: " + a.body)
		return
	}
	p.l.keep(promise{What: receipt, Case: id, Key: number[1], Text: digest})
}

// take registers a submitted case at the counter.
func (p *person) take(ctx context.Context) {
	id := p.ready[p.rnd.IntN(len(p.ready))]
	a := p.post(ctx, "/desk/cases/"+id+"/receipt", url.Values{})
	if a != nil && a.StatusCode == http.StatusSeeOther {
		p.l.keep(promise{What: taken, Case: id})
	}
	select { // few come to the counter
	case <-ctx.Done():
	case <-time.After(50 * time.Millisecond):
	}
}

var texts = regexp.MustCompile(`name="card-text" value="([^"]*)"`)

// seal has the card seal the form of a case.
func (p *person) seal(ctx context.Context) {
	at := "/bls/cases/" + p.sealed + "/seals"
	a := p.post(ctx, at, url.Values{"party": {string(permit.Designer)}, "pick": {"form/" + p.sealed}})
	if a == nil || a.StatusCode != http.StatusOK {
		return
	}
	found := texts.FindStringSubmatch(a.body)
	if found == nil {
		p.l.complain("the page for sealing has no text to sign")
		return
	}
	text, err := base64.StdEncoding.DecodeString(html.UnescapeString(found[1]))
	if err != nil {
		p.l.complain("the text to sign: " + err.Error())
		return
	}
	said := p.card.Signs(string(text)).Said
	a = p.post(ctx, at+"/sign", url.Values{"card-text": {html.UnescapeString(found[1])}, "card-said": {said}})
	switch {
	case a == nil || a.StatusCode == http.StatusServiceUnavailable:
	case a.StatusCode == http.StatusSeeOther && a.to() == at:
		p.l.keep(promise{What: sealed, Case: p.sealed, Text: blob.Of(text).String()})
	case a.StatusCode >= 500:
		p.l.complain(fmt.Sprintf("sealing %s: %d", p.sealed, a.StatusCode))
	}
}
