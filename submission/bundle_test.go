package submission_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"cloudbm/accounts"
	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/drawings/drawingstest"
	"cloudbm/permit"
	"cloudbm/proof"
	"cloudbm/sim/bundle"
	"cloudbm/store"
	"cloudbm/store/storetest"
	"cloudbm/submission"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

// TestBundle: whoever may see the case downloads its round, which verifies; it is noted who did; a file that was damaged
// on the disk breaks the download off.
func TestBundle(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := drawingstest.New(t, db)
		by, stranger, reader := h.Person("p1@example.test"), h.Person("p2@example.test"), h.Person("p5@example.test")
		officer := permit.Actor{Person: "p9", Name: "測試壬", Seats: []permit.Seat{{Authority: "IF0", Duty: permit.Reviewer}}}
		id := h.Open(by, catalog.Building, catalog.C1())
		h.Complete(by, id, catalog.C1())
		r, err := handed(t, h, by, id, 1)
		if err != nil {
			t.Fatal(err)
		}
		fonts, err := drawingstest.Fonts()
		if err != nil {
			t.Fatal(err)
		}
		authority, err := bundle.Open(t.TempDir(), r.At.Add(-time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		room := &submission.Room{Fonts: fonts, Base: "https://bm.example.test", Blobs: h.Room.Blobs,
			Sign: func(_ context.Context, who string, manifest []byte) ([]byte, error) {
				signed := bundle.Round{Contents: proof.Contents{Round: manifest}}
				err := authority.Sign(&signed)
				if who != "IF0" {
					t.Errorf("signed by %s", who)
				}
				return signed.Contents.Signature, err
			}}
		site := web.NewSite(db, nil)
		people := map[string]permit.Actor{by.Person: by, stranger.Person: stranger, reader.Person: reader, officer.Person: officer}
		site.Who = func(q *http.Request) (permit.Actor, error) { return people[q.Header.Get("X-Person")], nil }
		room.Mount(site)
		handler := site.Handler()
		as := func(a permit.Actor) *webtest.Client {
			c := webtest.NewFor(t, handler)
			c.Header.Set("X-Person", a.Person)
			return c
		}
		at := "/bls/cases/" + id + "/rounds/1"
		as(by).Get(at).WantStatus(200).Want("下載送件內容與證明（ZIP，約", "個人資料沒有遮罩")
		as(stranger).Get(at + "/bundle.zip").WantStatus(404)
		// Whoever may only look, as an engineer who seals, does not get everybody's national ID.
		h.Do(by, id, func(tx *store.Tx, c *cases.Case) error { return cases.Invite(tx, by, c, "p5@example.test", "read") })
		if as(reader).Get(at).WantStatus(200).Has("ZIP") {
			t.Error("who may only look is offered the archive")
		}
		as(reader).Get(at + "/bundle.zip").WantStatus(403).Want("向申請人索取這份壓縮檔")
		as(by).Get("/bls/cases/" + id + "/rounds/2/bundle.zip").WantStatus(404)
		got := as(by).Get(at + "/bundle.zip").WantStatus(200)
		if kind := got.Header.Get("Content-Type"); kind != "application/zip" {
			t.Error(kind)
		}
		trust, err := bundle.Trust(authority)
		if err != nil {
			t.Fatal(err)
		}
		report := proof.Verify(bytes.NewReader(got.Body), int64(len(got.Body)), proof.Options{Cards: trust, Authorities: trust})
		for _, key := range []string{"round", "form", "files", "authority"} {
			if !report.Stood(key, proof.Good) {
				t.Errorf("%s is not good", key)
			}
		}
		if report.Level() == proof.Bad || report.Digest != r.Digest || !report.Stood("receipt", proof.Note) {
			t.Errorf("%s: %+v", report.Level(), report.Findings)
		}
		if again := as(officer).Get(at + "/bundle.zip").WantStatus(200); len(again.Body) < len(got.Body)/2 {
			t.Error("an officer gets another bundle")
		}
		h.Write(func(tx *store.Tx) error {
			noted, err := accounts.Entries(tx, accounts.Search{What: "round.bundle", Limit: 10})
			if len(noted) != 2 || noted[0].About != id || noted[0].Detail != "1" {
				t.Errorf("noted: %+v", noted)
			}
			return err
		})

		// The same contents give the same bytes, and a file that is not what it was is never written.
		var b proof.Contents
		h.Do(by, id, func(tx *store.Tx, c *cases.Case) (err error) { b, err = room.Bundle(tx, c, r); return err })
		if err := proof.Write(io.Discard, b); err != nil {
			t.Fatal(err)
		}
		path, _ := h.Room.Blobs.Path(r.Manifest.Sheets[0].Digest)
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("damaged"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := proof.Write(io.Discard, b); err == nil || !strings.Contains(err.Error(), "has become") {
			t.Errorf("a damaged file was written: %v", err)
		}
	})
}
