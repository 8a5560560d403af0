package blob

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"cloudbm/fault"
)

// desk takes uploads as a room does: one row per upload.
type desk struct {
	s      *Store
	u      *Uploads
	rows   map[string]Upload
	calls  int
	refuse error
}

func newDesk(t testing.TB, s *Store, rows map[string]Upload) *desk {
	t.Helper()
	d := &desk{s: s, rows: rows}
	d.u = NewUploads(s, Options{
		MaxSize: 64 << 20,
		Owner:   func(q *http.Request) string { return q.Header.Get("X-Person") },
		MayCreate: func(_ context.Context, meta map[string]string) error {
			if meta["filename"] == "virus.exe" {
				return fault.Of(fault.Invalid, "另存為 PDF 再上傳", "Save it as PDF")
			}
			meta["case"] = "c1"
			return nil
		},
		Finished: func(_ context.Context, up Upload) error {
			d.calls++
			if d.refuse != nil {
				return d.refuse
			}
			d.rows[up.ID] = up
			return nil
		},
	})
	return d
}

func (d *desk) send(method, path, person string, h map[string]string, body io.Reader) *httptest.ResponseRecorder {
	q := httptest.NewRequest(method, path, body)
	q.Header.Set("Tus-Resumable", "1.0.0")
	q.Header.Set("X-Person", person)
	for k, v := range h {
		q.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	d.u.ServeHTTP(w, q)
	return w
}

func (d *desk) begin(t testing.TB, size int, name string) string {
	t.Helper()
	w := d.send("POST", "/bls/cases/c1/uploads/", "lin", map[string]string{
		"Upload-Length": strconv.Itoa(size), "Upload-Metadata": "filename " + base64.StdEncoding.EncodeToString([]byte(name))}, nil)
	if w.Code != 201 {
		t.Fatalf("begin: %d %s", w.Code, w.Body)
	}
	at := w.Header().Get("Location")
	if !strings.HasPrefix(at, "/bls/cases/c1/uploads/") || strings.Count(at, "/") != 5 {
		t.Fatalf("Location %q", at)
	}
	return at
}

func (d *desk) patch(at string, offset int64, body io.Reader) *httptest.ResponseRecorder {
	return d.send("PATCH", at, "lin", map[string]string{"Content-Type": "application/offset+octet-stream",
		"Upload-Offset": strconv.FormatInt(offset, 10)}, body)
}

func (d *desk) offset(t testing.TB, at string) int64 {
	t.Helper()
	w := d.send("HEAD", at, "lin", nil, nil)
	if w.Code != 200 {
		t.Fatalf("HEAD: %d", w.Code)
	}
	n, _ := strconv.ParseInt(w.Header().Get("Upload-Offset"), 10, 64)
	return n
}

// cut is a body that breaks off.
type cut struct {
	r io.Reader
}

func (c cut) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func TestUploadSurvivesFiftyCuts(t *testing.T) {
	b := some(20<<20 + 12345)
	rows := map[string]Upload{}
	d := newDesk(t, open(t), rows)
	at := d.begin(t, len(b), "A1-01.pdf")
	sent := int64(0)
	for i := range 50 {
		off := d.offset(t, at)
		piece := b[off:min(off+int64(len(b)/60)+int64(i*977), int64(len(b)))]
		sent += int64(len(piece))
		d.patch(at, off, cut{bytes.NewReader(piece)})
		if i%10 == 9 { // and the program starts anew
			d = newDesk(t, again(t, d.s), rows)
		}
	}
	off := d.offset(t, at)
	sent += int64(len(b)) - off
	if w := d.patch(at, off, bytes.NewReader(b[off:])); w.Code != 204 {
		t.Fatalf("the last piece: %d %s", w.Code, w.Body)
	}
	if sent > int64(len(b))+checkpoint*50 {
		t.Errorf("%d bytes sent for %d", sent, len(b))
	}
	if len(rows) != 1 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, up := range rows {
		if up.Digest != Of(b) || up.Size != int64(len(b)) || up.Meta["case"] != "c1" || up.Meta["filename"] != "A1-01.pdf" || up.Owner != "lin" {
			t.Errorf("row %+v", up)
		}
		if err := d.s.Verify(context.Background(), up.Digest); err != nil {
			t.Error(err)
		}
	}
}

func TestTheLastPieceAgainIsOneRow(t *testing.T) {
	d := newDesk(t, open(t), map[string]Upload{})
	b := some(1000)
	at := d.begin(t, len(b), "a.pdf")
	if w := d.patch(at, 0, bytes.NewReader(b)); w.Code != 204 {
		t.Fatal(w.Code)
	}
	// The answer was lost: a client asks how far it is, or sends the piece again at the old or the new offset.
	for range 3 {
		if d.offset(t, at) != 1000 {
			t.Error("not complete")
		}
		if w := d.patch(at, 0, bytes.NewReader(b)); w.Code != 409 {
			t.Errorf("at the old offset: %d", w.Code)
		}
		if w := d.patch(at, 1000, bytes.NewReader(nil)); w.Code != 204 {
			t.Errorf("at the end: %d", w.Code)
		}
	}
	if d.calls != 1 || len(d.rows) != 1 {
		t.Errorf("%d calls, %d rows", d.calls, len(d.rows))
	}
}

func TestOneFileTwiceIsOneBlob(t *testing.T) {
	d := newDesk(t, open(t), map[string]Upload{})
	b := some(5000)
	for range 2 {
		if w := d.patch(d.begin(t, len(b), "a.pdf"), 0, bytes.NewReader(b)); w.Code != 204 {
			t.Fatal(w.Code)
		}
	}
	n := 0
	d.s.Each(func(Digest) error { n++; return nil })
	if n != 1 || len(d.rows) != 2 {
		t.Errorf("%d blobs, %d rows", n, len(d.rows))
	}
}

// Stopped at every step of the last piece, in turn: what was acknowledged is never lost, the end is told at least once
// before the sender can learn of it, and the bytes are right.
func TestUploadStoppedAnywhereGoesOn(t *testing.T) {
	b := some(checkpoint + 5000) // two synced pieces within one PATCH
	seen := map[string]bool{}
	for n := 1; ; n++ {
		rows := map[string]Upload{}
		d := newDesk(t, open(t), rows)
		at := d.begin(t, len(b), "a.pdf")
		d.patch(at, 0, bytes.NewReader(b[:1000]))
		step, stopped := until(d.s, n, func() { d.patch(at, 1000, bytes.NewReader(b[1000:])) })
		seen[step] = true
		d = newDesk(t, again(t, d.s), rows)
		off := d.offset(t, at)
		if off < 1000 {
			t.Fatalf("stopped at %q: an acknowledged piece is lost, offset %d", step, off)
		}
		if off == int64(len(b)) && len(rows) != 1 {
			t.Fatalf("stopped at %q: complete for the sender, but no row", step)
		}
		if off < int64(len(b)) {
			if w := d.patch(at, off, bytes.NewReader(b[off:])); w.Code != 204 {
				t.Fatalf("after %q at %d: %d %s", step, off, w.Code, w.Body)
			}
		}
		if len(rows) != 1 {
			t.Fatalf("after %q: %d rows", step, len(rows))
		}
		for _, up := range rows {
			if up.Digest != Of(b) || d.s.Verify(context.Background(), up.Digest) != nil {
				t.Fatalf("after %q: other bytes", step)
			}
		}
		if !stopped {
			for _, s := range []string{"piece written", "piece synced", "state synced", "state renamed", "synced", "renamed", "adopted", "told"} {
				if !seen[s] {
					t.Errorf("never stopped at %q", s)
				}
			}
			return
		}
	}
}

func TestTheRoomRefusesAtTheEnd(t *testing.T) {
	d := newDesk(t, open(t), map[string]Upload{})
	at := d.begin(t, 4, "a.pdf")
	d.refuse = errors.New("the database is away")
	w := d.patch(at, 0, strings.NewReader("%PDF"))
	if w.Code != 500 || strings.Contains(w.Body.String(), "database") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := d.send("HEAD", at, "lin", nil, nil); w.Code == 200 {
		t.Error("complete for the sender, but no row")
	}
	d.refuse = fault.Of(fault.Conflict, "案件已經送件，不能再上傳圖說", "The case has been submitted")
	if w := d.patch(at, 4, strings.NewReader("")); w.Code != 422 || !strings.Contains(w.Body.String(), "已經送件") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	d.refuse = nil
	if d.offset(t, at) != 4 || len(d.rows) != 1 {
		t.Error("did not heal")
	}
}

func TestUploadsBelongToWhoBegan(t *testing.T) {
	d := newDesk(t, open(t), map[string]Upload{})
	at := d.begin(t, 4, "a.pdf")
	for _, who := range []string{"wang", ""} {
		for _, m := range []string{"HEAD", "PATCH", "DELETE"} {
			w := d.send(m, at, who, map[string]string{"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}, strings.NewReader("%PDF"))
			if w.Code != 404 && w.Code != 401 {
				t.Errorf("%s by %q: %d", m, who, w.Code)
			}
		}
	}
	if w := d.send("POST", "/x/", "", map[string]string{"Upload-Length": "4"}, nil); w.Code != 401 {
		t.Errorf("nobody begins: %d", w.Code)
	}
	if w := d.send("DELETE", at, "lin", nil, nil); w.Code != 204 {
		t.Errorf("the owner gives up: %d", w.Code)
	}
	if w := d.send("HEAD", at, "lin", nil, nil); w.Code != 404 {
		t.Errorf("given up and still there: %d", w.Code)
	}
	if left, _ := os.ReadDir(d.s.uploads()); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestRefusedBeforeTheFirstByte(t *testing.T) {
	d := newDesk(t, open(t), map[string]Upload{})
	begin := func(length, name string) *httptest.ResponseRecorder {
		return d.send("POST", "/u/", "lin", map[string]string{"Upload-Length": length,
			"Upload-Metadata": "filename " + base64.StdEncoding.EncodeToString([]byte(name))}, nil)
	}
	if w := begin("10", "virus.exe"); w.Code != 422 || !strings.Contains(w.Body.String(), "另存為") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := begin(fmt.Sprint(65<<20), "a.pdf"); w.Code != 413 {
		t.Errorf("65 of 64 MB: %d", w.Code)
	}
	for _, path := range []string{"/u/..%2f..%2fetc", "/u/" + strings.Repeat("z", 26), "/u/ABC", "/u/"} {
		if w := d.send("HEAD", path, "lin", nil, nil); w.Code != 404 {
			t.Errorf("HEAD %s: %d", path, w.Code)
		}
	}
	if w := d.send("GET", "/u/"+strings.Repeat("z", 26), "lin", nil, nil); w.Code != 405 {
		t.Errorf("GET: %d", w.Code)
	}
}

func TestAnEmptyFileArrivesToo(t *testing.T) {
	d := newDesk(t, open(t), map[string]Upload{})
	at := d.begin(t, 0, "empty.pdf")
	if len(d.rows) != 1 || d.offset(t, at) != 0 {
		t.Errorf("%d rows", len(d.rows))
	}
}

func TestAFullDiskDuringAnUpload(t *testing.T) {
	d := newDesk(t, open(t), map[string]Upload{})
	b := some(3000)
	at := d.begin(t, len(b), "a.pdf")
	d.patch(at, 0, bytes.NewReader(b[:1000]))
	d.s.sync = func(*os.File) error { return syscall.ENOSPC }
	if w := d.patch(at, 1000, bytes.NewReader(b[1000:])); w.Code != 503 || !strings.Contains(w.Body.String(), "已滿") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	d.s.sync = (*os.File).Sync
	off := d.offset(t, at)
	if off != 1000 {
		t.Fatalf("offset %d", off)
	}
	if w := d.patch(at, off, bytes.NewReader(b[off:])); w.Code != 204 || d.rows[idOf(at)].Digest != Of(b) {
		t.Errorf("after there was room: %d", w.Code)
	}
	d.s.sync = func(*os.File) error { return syscall.EIO }
	at = d.begin2()
	if d.s.Healthy() == nil || at != "503" {
		t.Errorf("a broken disk: %s", at)
	}
}

func (d *desk) begin2() string {
	return strconv.Itoa(d.send("POST", "/u/", "lin", map[string]string{"Upload-Length": "4"}, nil).Code)
}

func idOf(at string) string { return at[strings.LastIndexByte(at, '/')+1:] }

func TestCreationWithTheFirstPiece(t *testing.T) {
	d := newDesk(t, open(t), map[string]Upload{})
	w := d.send("POST", "/u/", "lin", map[string]string{"Upload-Length": "4", "Content-Type": "application/offset+octet-stream"}, strings.NewReader("%PDF"))
	if w.Code != 201 || len(d.rows) != 1 {
		t.Errorf("%d %s, %d rows", w.Code, w.Body, len(d.rows))
	}
}

// Over a real connection: the wire is cut in the middle of a piece, and the rest is sent anew.
func TestACutWire(t *testing.T) {
	d := newDesk(t, open(t), map[string]Upload{})
	srv := httptest.NewServer(d.u)
	defer srv.Close()
	b := some(3 << 20)
	at := d.begin(t, len(b), "a.pdf")
	c, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(c, "PATCH %s HTTP/1.1\r\nHost: x\r\nX-Person: lin\r\nTus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\nContent-Length: %d\r\n\r\n", at, len(b))
	c.Write(b[:1<<20])
	for range 500 { // until the piece is being written; there is no event to wait for
		if st, err := os.Stat(filepath.Join(d.s.uploads(), idOf(at)+".part")); err == nil && st.Size() >= 1<<19 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	c.Close()
	q, _ := http.NewRequest("HEAD", srv.URL+at, nil)
	q.Header.Set("X-Person", "lin")
	q.Header.Set("Tus-Resumable", "1.0.0")
	res, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	off, _ := strconv.ParseInt(res.Header.Get("Upload-Offset"), 10, 64)
	if off == 0 || off > 1<<20 {
		t.Errorf("after the cut: %d", off)
	}
	q, _ = http.NewRequest("PATCH", srv.URL+at, bytes.NewReader(b[off:]))
	q.Header = http.Header{"X-Person": {"lin"}, "Tus-Resumable": {"1.0.0"}, "Content-Type": {"application/offset+octet-stream"}, "Upload-Offset": {fmt.Sprint(off)}}
	if res, err = http.DefaultClient.Do(q); err != nil || res.StatusCode != 204 {
		t.Fatalf("the rest: %v %v", res, err)
	}
	if d.rows[idOf(at)].Digest != Of(b) {
		t.Error("other bytes")
	}
}

// One upload in pieces of 64 MB, as the browser sends it.
func BenchmarkUpload(b *testing.B) {
	d := newDesk(b, open(b), map[string]Upload{})
	body := some(64 << 20)
	b.SetBytes(64 << 20)
	for b.Loop() {
		body[0]++
		if w := d.patch(d.begin(b, len(body), "a.pdf"), 0, bytes.NewReader(body)); w.Code != 204 {
			b.Fatal(w.Code)
		}
	}
}

func BenchmarkPut(b *testing.B) {
	s := open(b)
	body := some(1 << 20)
	b.SetBytes(1 << 20)
	for b.Loop() {
		body[0]++
		body[1] += body[0] & 1
		if _, _, err := s.Put(context.Background(), bytes.NewReader(body), 1<<30); err != nil {
			b.Fatal(err)
		}
	}
}
