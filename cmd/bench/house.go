package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"cloudbm/accounts"
	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/drawings"
	"cloudbm/jobs"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/review"
	"cloudbm/roles"
	"cloudbm/store"
	"cloudbm/submission"
	"cloudbm/web"
)

// house is the rooms that are measured, behind a real listener, with a trivial door beside them.
type house struct {
	dir    string
	db     *store.DB
	files  *blob.Store
	engine *pdf.Engine
	fonts  *pdf.Fonts
	room   *drawings.Room
	print  *cases.Room
	site   *web.Site
	server *http.Server
	url    string
}

// trivial is the door that everything is measured beside: it recognises who is there and says one word.
const trivial = "/trivial"

func build(ctx context.Context, dir, database string) (*house, error) {
	h := &house{dir: dir}
	if database == "" {
		database = filepath.Join(dir, "bench.db")
	}
	var err error
	if h.db, err = store.Open(ctx, database); err != nil {
		return nil, err
	}
	if err := errors.Join(h.db.Migrate(ctx), jobs.Migrate(ctx, h.db)); err != nil {
		return nil, errors.Join(err, h.db.Close())
	}
	if err := h.furnish(ctx); err != nil {
		return nil, errors.Join(err, h.db.Close())
	}
	return h, nil
}

func (h *house) furnish(ctx context.Context) (err error) {
	vault, err := store.VaultFile(filepath.Join(h.dir, "keys"))
	if err != nil {
		return err
	}
	h.db.SetVault(vault)
	if h.files, err = blob.Open(filepath.Join(h.dir, "blobs")); err != nil {
		return err
	}
	if h.fonts, err = pdf.NewFonts(""); err != nil {
		return err
	}
	if h.engine, err = pdf.NewEngine(filepath.Join(h.dir, "pdf-cache"), 2); err != nil {
		return err
	}
	if err := h.db.Write(ctx, roles.Seed); err != nil {
		return err
	}
	h.site = web.NewSite(h.db, nil)
	h.site.Who = roles.Who(h.db)
	h.room = &drawings.Room{Blobs: h.files, Engine: h.engine, DB: h.db, Cache: filepath.Join(h.dir, "pictures")}
	h.print = &cases.Room{Fonts: h.fonts, Base: "http://127.0.0.1"}
	accounts.Mount(h.site)
	h.room.Mount(h.site)
	h.print.Mount(h.site)
	(&submission.Room{Fonts: h.fonts, Base: h.print.Base}).Mount(h.site)
	(&review.Room{Fonts: h.fonts, Base: h.print.Base}).Mount(h.site)
	h.site.Handle("GET "+trivial, web.SignedIn, func(r *web.Request) error { return r.JSON(http.StatusOK, "ok") })

	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	h.url = "http://" + at.Addr().String()
	h.server = h.site.Server(at.Addr().String())
	go func() { _ = h.server.Serve(at) }()
	return nil
}

func (h *house) close() error {
	return errors.Join(h.server.Close(), h.engine.Close(), h.db.Close())
}

// actor is one of the people of the demonstration.
func (h *house) actor(ctx context.Context, email string) (a permit.Actor, err error) {
	err = h.db.Read(ctx, func(tx *store.Tx) error {
		p, err := accounts.ByEmail(tx, email)
		if err != nil {
			return err
		}
		a, err = roles.Actor(tx, p.ID)
		return err
	})
	return a, err
}

// visitor is a browser of somebody who has signed in.
type visitor struct {
	h      *house
	cookie string
	http   *http.Client
}

func (h *house) visitor(ctx context.Context, email string) (*visitor, error) {
	who, err := h.actor(ctx, email)
	if err != nil {
		return nil, err
	}
	v := &visitor{h: h, http: &http.Client{Transport: &http.Transport{DisableCompression: true}, Timeout: 10 * time.Minute}}
	err = h.db.Write(ctx, func(tx *store.Tx) error {
		secret, err := accounts.Begin(tx, who.Person, accounts.Backup, accounts.Source{IP: "127.0.0.1"})
		v.cookie = h.site.CookieName("session") + "=" + secret
		return err
	})
	return v, err
}

// send sends a request and reads the answer, which must have one of the statuses.
func (v *visitor) send(method, url string, body io.Reader, size int64, header http.Header, want ...int) (*http.Response, error) {
	q, err := http.NewRequest(method, url, body)
	if err != nil {
		return nil, err
	}
	if header != nil {
		q.Header = header
	}
	q.Header.Set("Cookie", v.cookie)
	q.ContentLength = size
	a, err := v.http.Do(q)
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	said, err := io.ReadAll(a.Body)
	for _, code := range want {
		if a.StatusCode == code {
			return a, err
		}
	}
	return a, fmt.Errorf("%s %s: %d\n%.500s", method, url, a.StatusCode, said)
}

// get opens a page.
func (v *visitor) get(path string) error {
	_, err := v.send(http.MethodGet, v.h.url+path, http.NoBody, 0, nil, http.StatusOK)
	return err
}

// act writes something on the case as by.
func (h *house) act(ctx context.Context, by permit.Actor, id string, f func(*store.Tx, *cases.Case) error) error {
	return h.db.Write(ctx, func(tx *store.Tx) error {
		c, err := cases.Find(tx, by, id)
		if err != nil {
			return err
		}
		return f(tx, c)
	})
}

// open opens a case of kind with these answers.
func (h *house) open(ctx context.Context, by permit.Actor, kind *permit.Type, a permit.Answers) (id string, err error) {
	err = h.db.Write(ctx, func(tx *store.Tx) error {
		c, err := cases.Start(tx, by, kind, roles.Tainan, "")
		if err != nil {
			return err
		}
		id = c.ID
		return cases.FillAll(tx, by, c, a)
	})
	return id, err
}

// scratch is a fresh folder.
func (h *house) scratch(name string) (string, error) {
	dir := filepath.Join(h.dir, name)
	return dir, os.MkdirAll(dir, 0o700)
}
