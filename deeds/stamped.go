package deeds

import (
	"context"
	"time"

	"github.com/digitorus/timestamp"

	"cloudbm/pades"
)

// watched remembers what became of a question for a time stamp.
type watched struct {
	pades.TSA
	at     time.Time
	failed error
}

// Stamp asks, and remembers.
func (w *watched) Stamp(ctx context.Context, digest []byte) ([]byte, error) {
	token, err := w.TSA.Stamp(ctx, digest)
	if err == nil {
		var s *timestamp.Timestamp
		if s, err = timestamp.Parse(token); err == nil {
			w.at = s.Time.UTC()
		}
	}
	w.failed = err
	return token, err
}
