package seals

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/drawings"
	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/pki"
	"cloudbm/store"
)

// Room is what sealing needs beside the transaction.
type Room struct {
	DB       *store.DB
	Cards    *pki.Room      // verifies what cards sign
	Drawings *drawings.Room // draws what signers are shown
	Blobs    *blob.Store    // keeps it

	// Used says which registered card of by it was (room cards), and refuses any other.
	Used func(tx *store.Tx, by permit.Actor, signed pki.Signed) error
}

// picturePx is how long the longer side of the picture of a sheet is that signers are shown, in pixels. For a closer look
// the sheet's own page has tiles of the same engine.
const picturePx = 2000

// picture is the picture of a version, kept; it is drawn if there is none yet.
func (r *Room) picture(ctx context.Context, v drawings.Version) (d blob.Digest, err error) {
	err = r.DB.Read(ctx, func(tx *store.Tx) (err error) { d, err = pictureOf(tx, string(v.Digest), v.Page); return err })
	if !errors.Is(err, store.ErrNotFound) {
		return d, err
	}
	b, err := r.Drawings.Picture(ctx, v, picturePx)
	if err != nil {
		return "", err
	}
	d, size, err := r.Blobs.Put(ctx, bytes.NewReader(b), drawings.MaxFile)
	if err != nil {
		return "", fmt.Errorf("seals: keep a picture: %w", err)
	}
	err = r.DB.Write(ctx, func(tx *store.Tx) error {
		if err := keepPicture(tx, string(v.Digest), v.Page, d, size); err != nil {
			return err
		}
		d, err = pictureOf(tx, string(v.Digest), v.Page) // another may have been first
		return err
	})
	return d, err
}

// patience is how long somebody waits for pictures that are not drawn yet.
const patience = 25 * time.Second

// pictures are the pictures of the sheets among things, by version. Those that cannot be drawn while the person waits are
// drawn later; wanting tells how many they are.
func (r *Room) pictures(ctx context.Context, c *cases.Case, things []Thing) (out map[string]string, wanting int, err error) {
	out = map[string]string{}
	late, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var mu sync.Mutex
	var all sync.WaitGroup
	slots := make(chan struct{}, 2)
	for _, t := range things {
		if t.Version.ID == "" || !t.Version.Drawn() {
			continue
		}
		all.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; all.Done() }()
			if late.Err() != nil {
				mu.Lock()
				wanting++
				mu.Unlock()
				return
			}
			d, one := r.picture(ctx, t.Version)
			mu.Lock()
			defer mu.Unlock()
			if out[t.ID] = string(d); one != nil && err == nil {
				err = one
			}
		}()
	}
	all.Wait()
	if wanting > 0 && err == nil {
		err = r.DB.Write(ctx, func(tx *store.Tx) error { return jobs.Later(tx, draw{Case: c.ID}) })
	}
	return out, wanting, err
}

// draw is the work of drawing the pictures of a case's sheets before a signer waits for them.
type draw struct {
	Case string `json:"case"`
}

// Kind names the work.
func (draw) Kind() string { return "seals-draw" }

// Teach teaches the crew what this room has done later: looking which seals do not hold any more, and drawing.
func (r *Room) Teach(crew *jobs.Crew) {
	Follow(crew, r.DB)
	jobs.Do(crew, r.drawAll)
}

func (r *Room) drawAll(ctx context.Context, w draw) error {
	var who []Signer
	err := r.DB.Read(ctx, func(tx *store.Tx) error {
		c, err := cases.Find(tx, permit.System, w.Case)
		if err == nil {
			who, err = Signers(tx, c)
		}
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	for _, s := range who {
		for _, t := range s.Things {
			if err == nil && t.Version.ID != "" && t.Version.Drawn() {
				if _, err = r.picture(ctx, t.Version); fault.Is(err, fault.NotFound) {
					err = nil // it cannot be drawn; whoever seals it is told
				}
			}
		}
	}
	return err
}
