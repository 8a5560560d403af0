package notices

import (
	"context"
	"errors"

	"cloudbm/store"
)

// Shelf shows letters on a page instead of sending them: the Post of the demonstration.
type Shelf struct {
	DB         *store.DB
	Production bool // a shelf takes no letters in production
}

// Send puts l on the shelf. The same letter sent twice lies there once.
func (s Shelf) Send(ctx context.Context, l Letter) error {
	if s.Production {
		return errors.New("notices: the shelf takes no letters in production; set up a mail server")
	}
	return s.DB.Write(ctx, func(tx *store.Tx) error { return shelve(tx, l) })
}

// Shelved is a letter on the shelf.
type Shelved struct {
	Letter
	At store.Time
}

// Newest lists the letters on the shelf, newest first; to chooses one address, "" all.
func Newest(tx *store.Tx, to string, n int) ([]Shelved, error) { return shelved(tx, to, n) }
