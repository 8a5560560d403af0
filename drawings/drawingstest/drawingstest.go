// Package drawingstest is a house for tests of the rooms after drawings: the people of the demonstration, a place for
// files, and cases with everything they need.
package drawingstest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"cloudbm/accounts"
	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/drawings"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/store"
)

// House is a furnished database.
type House struct {
	T    testing.TB
	DB   *store.DB
	Room *drawings.Room
}

// New furnishes db with the people of the demonstration and an empty place for files.
func New(t testing.TB, db *store.DB) *House {
	t.Helper()
	files, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	// The compiled engine is kept between tests: compiling it takes seconds.
	engine, err := pdf.NewEngine(filepath.Join(os.TempDir(), "cloudbm-test-pdfium"), 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	h := &House{T: t, DB: db, Room: &drawings.Room{Blobs: files, Engine: engine, DB: db, Cache: t.TempDir()}}
	h.Write(roles.Seed)
	return h
}

// Fonts are the fonts of the printed forms, parsed once.
var Fonts = sync.OnceValues(func() (*pdf.Fonts, error) { return pdf.NewFonts("") })

func (h *House) fonts() *pdf.Fonts {
	h.T.Helper()
	f, err := Fonts()
	if err != nil {
		h.T.Fatal(err)
	}
	return f
}

// Write changes the database, or the test fails.
func (h *House) Write(f func(*store.Tx) error) {
	h.T.Helper()
	if err := h.DB.Write(context.Background(), f); err != nil {
		h.T.Fatal(err)
	}
}

// Person is one of the demonstration's people as an actor.
func (h *House) Person(email string) (a permit.Actor) {
	h.T.Helper()
	h.Write(func(tx *store.Tx) error {
		p, err := accounts.ByEmail(tx, email)
		if err != nil {
			return err
		}
		a, err = roles.Actor(tx, p.ID)
		return err
	})
	return a
}

// Try does an act on the case for by and answers its error.
func (h *House) Try(by permit.Actor, id string, f func(*store.Tx, *cases.Case) error) error {
	return h.DB.Write(context.Background(), func(tx *store.Tx) error {
		c, err := cases.Find(tx, by, id)
		if err != nil {
			return err
		}
		return f(tx, c)
	})
}

// Do does an act on the case for by, or the test fails.
func (h *House) Do(by permit.Actor, id string, f func(*store.Tx, *cases.Case) error) {
	h.T.Helper()
	if err := h.Try(by, id, f); err != nil {
		h.T.Fatal(err)
	}
}

// Case is the case as by sees it now.
func (h *House) Case(by permit.Actor, id string) (c *cases.Case) {
	h.T.Helper()
	h.Do(by, id, func(_ *store.Tx, found *cases.Case) error { c = found; return nil })
	return c
}

// Open opens a case of the type and answers everything.
func (h *House) Open(by permit.Actor, t *permit.Type, a permit.Answers) (id string) {
	h.T.Helper()
	h.Write(func(tx *store.Tx) error {
		c, err := cases.Start(tx, by, t, roles.Tainan, "")
		if err != nil {
			return err
		}
		id = c.ID
		return cases.FillAll(tx, by, c, a)
	})
	return id
}

// Complete brings every sheet and paper that the answers call for.
func (h *House) Complete(by permit.Actor, id string, a permit.Answers) {
	h.T.Helper()
	t := h.Case(by, id).Type
	a = t.Complete(a)
	for _, d := range t.DrawingsAsked(a) {
		h.Sheet(by, id, d.Class+"-01_"+d.Name.Zh+".pdf", d.Class)
	}
	for _, x := range t.AttachmentsAsked(a) {
		if x.Required {
			h.Paper(by, id, x.Code, x.Name.Zh)
		}
	}
}

// Sheet brings a drawing of that file name; another seed is another drawing.
func (h *House) Sheet(by permit.Actor, id, name, seed string) {
	h.T.Helper()
	var b bytes.Buffer
	number, _, _ := strings.Cut(name, "_")
	spec := pdf.SheetSpec{Number: number, Title: "圖", Case: "C", Seed: uint64(len(seed)) + 1, Paper: "A3"}
	if err := pdf.GenerateSheet(&b, h.fonts(), spec); err != nil {
		h.T.Fatal(err)
	}
	h.bring(by, id, "", name, b.Bytes())
}

// Paper attaches a paper that says text.
func (h *House) Paper(by permit.Actor, id, code, text string) {
	h.T.Helper()
	f := pdf.NewForm(h.fonts(), pdf.FormMeta{Title: code})
	f.Paragraph(text)
	b, err := f.Bytes()
	if err != nil {
		h.T.Fatal(err)
	}
	h.bring(by, id, code, code+".pdf", b)
}

func (h *House) bring(by permit.Actor, id, code, name string, b []byte) {
	h.T.Helper()
	if err := h.Room.Bring(context.Background(), by, id, code, name, bytes.NewReader(b)); err != nil {
		h.T.Fatal(err)
	}
}
