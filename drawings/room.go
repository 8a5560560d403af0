package drawings

import (
	"context"
	"time"

	"cloudbm/blob"
	"cloudbm/cases"
	"cloudbm/jobs"
	"cloudbm/pades"
	"cloudbm/pdf"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// MaxFile is the most bytes one file may have.
const MaxFile = 1 << 30

// Room is what the room needs beside the transaction: the bytes, the engine that draws them, and a folder for what was
// drawn, which may be emptied at any time.
type Room struct {
	Blobs  *blob.Store
	Engine *pdf.Engine
	DB     *store.DB
	Cache  string

	Anchors pades.Chain // whom to believe of those who signed a file before it came here; nil: nobody is asked

	// Beside is what the rooms after this one have about a version, as links on its page.
	Beside func(*store.Tx, permit.Actor, *cases.Case, Version) ([]Link, error)
}

// Link is a way to something about a sheet that another room knows of.
type Link struct {
	Text say.Text
	URL  string
}

// Inspect is the work of looking at a file that has arrived.
type Inspect struct {
	Arrival string `json:"arrival"`
}

// Kind names the work.
func (Inspect) Kind() string { return "drawings-inspect" }

// Warm is the work of drawing the first pictures of a version before anybody asks for them.
type Warm struct {
	Case    string `json:"case"`
	Version string `json:"version"`
}

// Kind names the work.
func (Warm) Kind() string { return "drawings-warm" }

// afterInspection lets the files of one upload be looked at before pictures are drawn of the first of them.
const afterInspection = 20 * time.Second

// Sweep is the work of tidying up: pieces of uploads nobody goes on with, pictures nobody looked at for long.
type Sweep struct{}

// Kind names the work.
func (Sweep) Kind() string { return "drawings-sweep" }

// How long things are kept that may go: an upload that was broken off, a picture that can be drawn again.
const (
	keepUploads  = 14 * 24 * time.Hour
	keepPictures = 30 * 24 * time.Hour
)

// Teach teaches the crew what this room has done later.
func (r *Room) Teach(crew *jobs.Crew) {
	jobs.Do(crew, func(ctx context.Context, w Inspect) error { return r.inspect(ctx, w.Arrival) })
	jobs.Do(crew, r.warm)
	jobs.Do(crew, func(context.Context, Sweep) error {
		now := r.DB.Now()
		if _, err := r.Blobs.Sweep(now.Add(-keepUploads)); err != nil {
			return err
		}
		return r.forget(now.Add(-keepPictures))
	})
	jobs.Every(crew, 24*time.Hour, Sweep{})
}
