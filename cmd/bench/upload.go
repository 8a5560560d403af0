package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
	xslog "golang.org/x/exp/slog"

	"cloudbm/catalog"
)

// uploads sends one file to a case (recognised, allowed, hashed, synced, written down) and to a bare tusd in the same
// process (none of that), over the same loopback to the same disk.
func uploads(ctx context.Context, h *house, p plan, t *table) error {
	who, err := h.actor(ctx, "p1@example.test")
	if err != nil {
		return err
	}
	id, err := h.open(ctx, who, catalog.Building, catalog.C1())
	if err != nil {
		return err
	}
	v, err := h.visitor(ctx, "p1@example.test")
	if err != nil {
		return err
	}
	bare, close, err := bareTusd(filepath.Join(h.dir, "bare"), h)
	if err != nil {
		return err
	}
	defer close()
	size := int64(p.upload) << 20
	one := func(folder string) func() error {
		return func() error { return v.upload(folder, size, size) }
	}
	pieces := func(folder string) func() error {
		return func() error { return v.upload(folder, size, 8<<20) }
	}
	ours := h.url + "/bls/cases/" + id + "/uploads/"
	if _, err := inTurns(1, one(ours), one(bare)); err != nil { // warms connections and the disk
		return err
	}
	put := func() error {
		_, err := v.send(http.MethodPut, bare+"put", io.NopCloser(&endless{size}), size, http.Header{}, http.StatusNoContent)
		return err
	}
	took, err := inTurns(p.rounds, one(ours), one(bare), pieces(ours), pieces(bare), put)
	if err != nil {
		return err
	}
	for i, how := range []string{"one request", "pieces of 8 MiB"} {
		a, b := per(p.upload, took[2*i].median()), per(p.upload, took[2*i+1].median())
		t.add(fmt.Sprintf("Upload of %d MiB by tus, %s", p.upload, how), fmt.Sprintf("%.0f MiB/s (SHA-256, fsync)", a), fmt.Sprintf("tusd %.0f MiB/s (neither)", b), fmt.Sprintf("%.2f", a/b))
	}
	a, b := per(p.upload, took[0].median()), per(p.upload, took[4].median())
	t.add("The same in one request, beside a handler that only hashes and syncs once", fmt.Sprintf("%.0f MiB/s", a), fmt.Sprintf("%.0f MiB/s", b), fmt.Sprintf("%.2f", a/b))
	return nil
}

// hashing is a door that does the least that has to be done with a file: hash it, write it, sync it once.
func hashing(dir string) http.HandlerFunc {
	return func(w http.ResponseWriter, q *http.Request) {
		f, err := os.CreateTemp(dir, "put-")
		if err == nil {
			defer f.Close()
			defer os.Remove(f.Name())
			_, err = io.Copy(io.MultiWriter(f, sha256.New()), q.Body)
		}
		if err == nil {
			err = f.Sync()
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

// bareTusd is tusd with its own store of files, and the hashing door beside it.
func bareTusd(dir string, h *house) (url string, close func() error, err error) {
	if dir, err = h.scratch(filepath.Base(dir)); err != nil {
		return "", nil, err
	}
	c := handler.NewStoreComposer()
	filestore.New(dir).UseIn(c)
	tus, err := handler.NewHandler(handler.Config{StoreComposer: c, BasePath: "/files/", Logger: xslog.New(xslog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return "", nil, err
	}
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/files/", http.StripPrefix("/files/", tus))
	mux.Handle("PUT /files/put", hashing(dir))
	server := &http.Server{Handler: mux}
	go func() { _ = server.Serve(at) }()
	return "http://" + at.Addr().String() + "/files/", server.Close, nil
}

// upload sends so many bytes in pieces.
func (v *visitor) upload(folder string, size, piece int64) error {
	h := func() http.Header { return http.Header{"Tus-Resumable": {"1.0.0"}} }
	begin := h()
	begin.Set("Upload-Length", strconv.FormatInt(size, 10))
	begin.Set("Upload-Metadata", "filename YmVuY2gucGRm")
	a, err := v.send(http.MethodPost, folder, http.NoBody, 0, begin, http.StatusCreated)
	if err != nil {
		return err
	}
	at, err := a.Location()
	if err != nil {
		return err
	}
	for offset := int64(0); offset < size; offset += piece {
		n := min(piece, size-offset)
		patch := h()
		patch.Set("Upload-Offset", strconv.FormatInt(offset, 10))
		patch.Set("Content-Type", "application/offset+octet-stream")
		if _, err := v.send(http.MethodPatch, at.String(), io.NopCloser(&endless{n}), n, patch, http.StatusNoContent); err != nil {
			return err
		}
	}
	return nil
}
