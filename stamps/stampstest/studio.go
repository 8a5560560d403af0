// Package stampstest is a house for tests of the rooms after stamps: a case of C2 with a sheet of the architect and one of
// the engineer, and the cards of both.
package stampstest

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cloudbm/cases"
	"cloudbm/catalog"
	"cloudbm/drawings/drawingstest"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/seals"
	"cloudbm/seals/sealstest"
	"cloudbm/stamps"
	"cloudbm/store"
	"cloudbm/web"
	"cloudbm/web/webtest"
)

// Studio is a house with a case of C2: 測試乙 designs, 測試戊 certifies the structure, both with their cards.
type Studio struct {
	*drawingstest.House
	Cards               *sealstest.Cards
	Stamps              *stamps.Room
	ID                  string // of the case
	Architect, Engineer permit.Actor
	Stranger            permit.Actor
	Site                *web.Site
	people              map[string]permit.Actor
}

// New opens the case. With all, it has every sheet and paper that it needs, else the sheets A1-01 and S1-01.
func New(t testing.TB, db *store.DB, all bool) *Studio {
	t.Helper()
	s := &Studio{House: drawingstest.New(t, db), Cards: sealstest.New(t, db), people: map[string]permit.Actor{}}
	fonts, err := drawingstest.Fonts()
	if err != nil {
		t.Fatal(err)
	}
	s.Stamps = &stamps.Room{Blobs: s.Room.Blobs, Engine: s.Room.Engine, Fonts: fonts, Base: "https://example.test", Cache: t.TempDir()}
	s.Room.Beside = stamps.Beside
	s.Architect, s.Engineer, s.Stranger = s.Person("p2@example.test"), s.Person("p5@example.test"), s.Person("p3@example.test")
	s.ID = s.Open(s.Architect, catalog.Building, catalog.C2())
	if all {
		s.Complete(s.Architect, s.ID, catalog.C2())
	} else {
		s.Sheet(s.Architect, s.ID, "A1-01_一層平面圖.pdf", "a")
		s.Sheet(s.Architect, s.ID, "S1-01_結構平面圖.pdf", "ss")
	}
	s.Site = web.NewSite(db, nil)
	s.Site.Who = func(q *http.Request) (permit.Actor, error) { return s.people[q.Header.Get("X-Person")], nil }
	s.Room.Mount(s.Site)
	s.Stamps.Mount(s.Site)
	return s
}

// As is a visitor of the site who is signed in as a.
func (s *Studio) As(a permit.Actor) *webtest.Client {
	s.people[a.Person] = a
	c := webtest.NewFor(s.T, s.Site.Handler())
	c.Header.Set("X-Person", a.Person)
	return c
}

// Seal seals everything that is for by to seal, with the card of that name.
func (s *Studio) Seal(by permit.Actor, party permit.Party, name string) (out seals.Seal) {
	s.T.Helper()
	var ch pki.Challenge
	s.Do(by, s.ID, func(tx *store.Tx, c *cases.Case) error {
		mine, err := seals.Of(tx, by, c)
		var keys []string
		pictures := map[string]string{}
		for _, m := range mine {
			for _, t := range m.Things {
				keys, pictures[t.ID] = append(keys, t.Key()), strings.Repeat("0a", 32)
			}
		}
		if err == nil {
			ch, _, err = seals.Ask(tx, s.Cards.Room, by, c, party, keys, pictures)
		}
		return err
	})
	signed, err := s.Cards.Room.Answered(context.Background(), pki.Seal, "seals "+s.ID+" "+by.Person, s.Cards.Card(name).Signs(ch.Text))
	if err != nil {
		s.T.Fatal(err)
	}
	s.Do(by, s.ID, func(tx *store.Tx, c *cases.Case) (err error) {
		out, err = seals.Put(tx, by, c, signed, func(*store.Tx, permit.Actor, pki.Signed) error { return nil })
		return err
	})
	return out
}

// Text is what a PDF says, without any space.
func Text(t testing.TB, file []byte) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("pdftotext is missing")
	}
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), "")
}
