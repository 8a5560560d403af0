package card

import (
	"io"
	"net/http"
	"strings"
	"time"
)

// Handler serves the lists and answers of the authorities, as of now.
func (ca *CA) Handler(now func() time.Time) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ca/{file}", func(w http.ResponseWriter, q *http.Request) {
		if q.PathValue("file") == "anchors.pem" {
			w.Header().Set("Content-Type", "application/x-pem-file")
			_, _ = w.Write(ca.Anchors())
			return
		}
		b, err := ca.list(strings.TrimSuffix(q.PathValue("file"), ".crl"), now())
		ca.say(w, "application/pkix-crl", b, err)
	})
	mux.HandleFunc("POST /ocsp", func(w http.ResponseWriter, q *http.Request) {
		question, err := io.ReadAll(http.MaxBytesReader(w, q.Body, 8<<10))
		if err != nil {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		}
		b, err := ca.answer(question, now())
		ca.say(w, "application/ocsp-response", b, err)
	})
	return mux
}

// say answers as the mood has it.
func (ca *CA) say(w http.ResponseWriter, kind string, b []byte, err error) {
	ca.mu.Lock()
	silent := ca.mood == Silent
	ca.mu.Unlock()
	switch {
	case silent:
		http.Error(w, "the authority is not there", http.StatusServiceUnavailable)
	case err != nil:
		http.Error(w, err.Error(), http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(b)
	}
}
