package card

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"strings"
)

//go:embed popup.html
var popup []byte

//go:embed desk.html
var deskHTML string

var deskPage = template.Must(template.New("desk").Parse(deskHTML))

// Handler is the component with its window, the authorities and the desk.
func (s *Sim) Handler() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /popupForm", s.window)
	m.HandleFunc("GET /ChtPopupForm", s.window)
	m.HandleFunc("POST /sign", s.own(func(w http.ResponseWriter, q *http.Request) {
		writeJSON(w, s.Do(q.PostFormValue("origin"), q.PostFormValue("tbsPackage")))
	}))
	m.HandleFunc("GET /pkcs11info", func(w http.ResponseWriter, q *http.Request) { writeJSON(w, s.Do(origin(q), `{"func":"GetUserCert"}`)) })
	m.HandleFunc("GET /selfTest.htm", func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, `<!DOCTYPE html><html lang="zh-Hant-TW"><meta charset="utf-8"><title>自我檢測 Self-test</title><h1>元件執行中 The component runs</h1><p>`+Version)
	})
	m.HandleFunc("GET /p11Image.bmp", func(w http.ResponseWriter, q *http.Request) {
		b, _ := json.Marshal(s.Do(origin(q), `{"func":"GetUserCert"}`))
		w.Header().Set("Content-Type", "image/bmp")
		_, _ = w.Write(bitmap(b))
	})
	m.HandleFunc("GET /ca/{file}", func(w http.ResponseWriter, q *http.Request) {
		name, is := strings.CutSuffix(q.PathValue("file"), ".crl")
		b, err := s.CA.list(name, s.Now())
		if !is || err != nil || s.CA.isSilent() {
			http.NotFound(w, q)
			return
		}
		w.Header().Set("Content-Type", "application/pkix-crl")
		_, _ = w.Write(b)
	})
	m.HandleFunc("POST /ocsp", func(w http.ResponseWriter, q *http.Request) {
		question, err := io.ReadAll(io.LimitReader(q.Body, 64<<10))
		if err != nil || s.CA.isSilent() {
			http.NotFound(w, q)
			return
		}
		b, err := s.CA.Answer(question, s.Now())
		if err != nil {
			http.Error(w, "no question", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/ocsp-response")
		_, _ = w.Write(b)
	})
	m.HandleFunc("GET /{$}", func(w http.ResponseWriter, q *http.Request) {
		cards, in, state := s.desk()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = deskPage.Execute(w, map[string]any{"Cards": cards, "In": in, "State": state, "States": States, "PIN": PIN, "Origins": s.Origins})
	})
	m.HandleFunc("POST /{$}", s.own(func(w http.ResponseWriter, q *http.Request) {
		if q.PostFormValue("unlock") != "" {
			s.Unlock()
		} else {
			s.Set(State(q.PostFormValue("state")))
			if err := s.Insert(q.PostFormValue("card")); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
		}
		http.Redirect(w, q, "/", http.StatusSeeOther)
	}))
	return m
}

// window is what the component opens. Where there is none, nobody speaks.
func (s *Sim) window(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if _, _, state := s.desk(); state == Silent {
		_, _ = io.WriteString(w, `<!DOCTYPE html><title>-</title>`)
		return
	}
	_, _ = w.Write(popup)
}

// own lets only our own pages post: another site cannot use a card without the window, which asks who it is.
func (s *Sim) own(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, q *http.Request) {
		if o := q.Header.Get("Origin"); o != "" && o != "http://"+q.Host {
			http.Error(w, "only the window of the component may ask", http.StatusForbidden)
			return
		}
		q.Body = http.MaxBytesReader(w, q.Body, 1<<20)
		next(w, q)
	}
}

// origin is the site a question comes from, as the browser tells.
func origin(q *http.Request) string {
	if o := q.Header.Get("Origin"); o != "" {
		return o
	}
	u, err := url.Parse(q.Referer())
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(v)
}

// bitmap is b as the pixels of a picture of one row, which is how pages without messages once read an answer.
func bitmap(b []byte) []byte {
	for len(b)%12 != 0 { // rows are whole words, pixels three bytes
		b = append(b, ' ')
	}
	le := func(n int) []byte { return []byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)} }
	out := append([]byte("BM"), le(54+len(b))...)
	for _, n := range []int{0, 54, 40, len(b) / 3, 1} {
		out = append(out, le(n)...)
	}
	out = append(out, 1, 0, 24, 0)
	for _, n := range []int{0, len(b), 2835, 2835, 0, 0} {
		out = append(out, le(n)...)
	}
	return append(out, b...)
}
