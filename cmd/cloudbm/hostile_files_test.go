package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloudbm/cases"
	"cloudbm/drawings"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/store"
)

// bad are files that must not be taken, by name.
func bad() map[string][]byte {
	files := map[string][]byte{
		"program.pdf":  append([]byte("MZ\x90\x00"), make([]byte, 300)...),
		"elf.pdf":      append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 300)...),
		"archive.pdf":  append([]byte("PK\x03\x04\x14\x00"), make([]byte, 300)...),
		"word.docx":    append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...),
		"page.html":    []byte("<!DOCTYPE html><script>alert(7)</script>"),
		"picture.svg":  []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(7)"/>`),
		"half.png":     []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
		"half.jpg":     []byte("\xff\xd8\xff\xe0\x00\x10JFIF"),
		"film.mp4":     append([]byte("\x00\x00\x00\x18ftypmp42"), make([]byte, 300)...),
		"letters.txt":  []byte("這不是圖。"),
		"half.dxf":     []byte("  0\nSECTION\n  2\nENTITIES\n  0\nLINE\n 10\nNaN\n"),
		"nulls.pdf":    make([]byte, 4096),
		"two-byte.pdf": []byte("%P"),
	}
	for name, b := range pdf.Hostile() {
		files[name] = b
	}
	return files
}

// names are what people and machines call their files.
var names = []string{
	"../../../../etc/passwd.pdf", `..\..\windows\system32\a.pdf`, "/etc/passwd", "C:\\a.pdf", "CON.pdf", "NUL", "a\x00.pdf", "a\r\nSet-Cookie: b=c.pdf",
	"\u202efdp.exe.pdf", "\xff\xfe\xc3(.pdf", strings.Repeat("長", 300) + ".pdf", strings.Repeat("a/", 500) + "b.pdf", "<script>alert(7)</script>.pdf",
	"'; DROP TABLE sheets; --.pdf", "𠮷野家😀平面圖.pdf", "e\u0301.pdf", ".", "..", " ", "-rf.pdf", "%2e%2e%2f.pdf", "=cmd|' /C calc'!A0.pdf", "A1-01\u200b.pdf", "a.pdf\u2028b",
}

// hostileFiles sends every file nobody should send, as a drawing and as a paper, in one form and in pieces, and files
// by every name: each is refused at once in words, or is looked at and refused with a sentence.
func hostileFiles(b *besieged) {
	const who = "p1@example.test"
	cookie := b.key(who)
	files := bad()
	if len(files) != len(pdf.Hostile())+13 {
		b.t.Errorf("a bad file has the name of another")
	}
	ways := map[string]func(id, name string, content []byte) bool{
		"drawings by form": func(id, name string, content []byte) bool {
			return b.byForm(who, cookie, "/bls/cases/"+id+"/drawings", name, content)
		},
		"papers by form": func(id, name string, content []byte) bool {
			return b.byForm(who, cookie, "/bls/cases/"+id+"/attachments/03", name, content)
		},
		"drawings in pieces": func(id, name string, content []byte) bool { return b.inPieces(who, cookie, id, "", name, content) },
		"papers in pieces":   func(id, name string, content []byte) bool { return b.inPieces(who, cookie, id, "03", name, content) },
	}
	for way, send := range ways {
		id := b.draft(who)
		taken := 0
		for name, content := range files {
			if send(id, name, content) {
				taken++
			}
		}
		b.refusedInWords(way, id, taken)
	}
	good := pdf.Hostile()["truncated.pdf"]
	for way, send := range ways {
		id := b.draft(who)
		for i, name := range names {
			send(id, name, append(bytes.Clone(good), strconv.Itoa(i)...)) // no two the same
		}
		b.settled(id)
		for _, page := range []string{"/drawings", "/drawings/map", "/attachments", "/arrivals", "", "/submission"} {
			q := request{method: http.MethodGet, path: "/bls/cases/" + id + page, cookie: cookie}
			b.hold(who, "after odd names, "+way, q, b.send(q))
		}
	}
}

// byForm sends a file as browsers without script do, and reports whether it was taken.
func (b *besieged) byForm(who, cookie, path, name string, content []byte) bool {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	w, err := m.CreateFormFile("files", name)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	q := request{method: http.MethodPost, path: path, kind: m.FormDataContentType(), body: body.Bytes(), cookie: cookie}
	a := b.send(q)
	b.hold(who, fmt.Sprintf("file %.40q", name), q, a)
	return a.Code == http.StatusSeeOther
}

// inPieces sends a file as the script does.
func (b *besieged) inPieces(who, cookie, id, code, name string, content []byte) bool {
	text := base64.StdEncoding.EncodeToString
	meta := "filename " + text([]byte(name)) + ",path " + text([]byte(name))
	if code != "" {
		meta += ",code " + text([]byte(code))
	}
	tus := func(method, path string, h http.Header, content []byte) request {
		h.Set("Tus-Resumable", "1.0.0")
		return request{method: method, path: path, cookie: cookie, header: h, body: content}
	}
	q := tus(http.MethodPost, "/bls/cases/"+id+"/uploads/", http.Header{"Upload-Length": {strconv.Itoa(len(content))}, "Upload-Metadata": {meta}}, nil)
	a := b.send(q)
	b.hold(who, fmt.Sprintf("file %.40q", name), q, a)
	if a.Code != http.StatusCreated {
		return false
	}
	if len(content) == 0 {
		return true
	}
	q = tus(http.MethodPatch, a.Header().Get("Location"), http.Header{"Upload-Offset": {"0"}, "Content-Type": {"application/offset+octet-stream"}}, content)
	a = b.send(q)
	b.hold(who, fmt.Sprintf("the bytes of %.40q", name), q, a)
	return a.Code == http.StatusNoContent
}

// settled waits until every file of a case has been looked at.
func (b *besieged) settled(id string) (came []drawings.Arrival, filed int) {
	for until := time.Now().Add(2 * time.Minute); time.Now().Before(until); {
		err := b.db.Read(context.Background(), func(tx *store.Tx) error {
			c, err := cases.Find(tx, permit.System, id)
			if err != nil {
				return err
			}
			if came, err = drawings.Arrivals(tx, c); err != nil {
				return err
			}
			sheets, err := drawings.Current(tx, c)
			if err != nil {
				return err
			}
			papers, err := drawings.Papers(tx, c)
			filed = len(sheets) + len(papers)
			return err
		})
		if err != nil {
			b.t.Fatal(err)
		}
		if !slices.ContainsFunc(came, func(a drawings.Arrival) bool { return a.State == drawings.Waiting }) {
			return came, filed
		}
		time.Sleep(100 * time.Millisecond) // the crew is at work
	}
	b.t.Errorf("files of case %s are still waiting", id)
	return came, filed
}

func (b *besieged) refusedInWords(way, id string, taken int) {
	b.t.Helper()
	came, filed := b.settled(id)
	if filed > 0 {
		b.t.Errorf("%s: %d of the bad files were filed", way, filed)
	}
	if len(came) != taken {
		b.t.Errorf("%s: %d files were acknowledged, %d are on the list", way, taken, len(came))
	}
	for _, a := range came {
		said := a.Said()
		if a.State != drawings.Refused || !han.MatchString(said.Zh) || said.En == "" {
			b.t.Errorf("%s: %s is %s, and it is said %q", way, a.FileName, a.State, said)
		}
	}
	for _, line := range b.errors() {
		b.t.Errorf("%s: the log says %.1500s", way, line)
	}
}
