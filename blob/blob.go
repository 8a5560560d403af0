package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"sync/atomic"
	"time"
)

// Digest is the SHA-256 of bytes, in 64 lower-case hex digits.
type Digest string

var hexDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)

// ParseDigest reads a digest; anything but 64 lower-case hex digits is an error.
func ParseDigest(s string) (Digest, error) {
	if !hexDigest.MatchString(s) {
		return "", fmt.Errorf("blob: %q is not a digest", s)
	}
	return Digest(s), nil
}

// Of is the digest of b.
func Of(b []byte) Digest {
	sum := sha256.Sum256(b)
	return Digest(hex.EncodeToString(sum[:]))
}

// String is the digest in hex.
func (d Digest) String() string { return string(d) }

// Short is enough of the digest to be read by people.
func (d Digest) Short() string { return string(d)[:min(12, len(d))] }

// What asking for bytes can answer.
var (
	ErrMissing = errors.New("blob: no such bytes")
	ErrDamaged = errors.New("blob: the bytes are not those of their digest")
)

// Store keeps bytes in a folder of the local disk.
type Store struct {
	dir   string
	bad   atomic.Pointer[error] // the sync that failed
	known sync.Map              // folders whose own entry is synced

	// Replaced by tests: to break the disk, and to stop at each step as a crash would.
	sync func(*os.File) error
	at   func(step string)
}

// Open opens the store in dir and makes it where there is none.
func Open(dir string) (*Store, error) {
	s := &Store{dir: dir, sync: (*os.File).Sync, at: func(string) {}}
	for _, d := range []string{dir, s.tmp(), s.uploads()} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, fmt.Errorf("blob: %w", err)
		}
	}
	return s, s.syncDirs(dir, filepath.Dir(dir))
}

func (s *Store) tmp() string     { return filepath.Join(s.dir, "tmp") }
func (s *Store) uploads() string { return filepath.Join(s.dir, "uploads") }

func (s *Store) place(d Digest) string {
	return filepath.Join(s.dir, string(d[0:2]), string(d[2:4]), string(d))
}

// Healthy is nil, or why the store takes nothing any more.
func (s *Store) Healthy() error {
	if p := s.bad.Load(); p != nil {
		return *p
	}
	return nil
}

// Path is where the bytes lie, for programs that read a file by name; ok is false when there are none.
func (s *Store) Path(d Digest) (path string, ok bool) {
	if !hexDigest.MatchString(string(d)) {
		return "", false
	}
	path = s.place(d)
	st, err := os.Stat(path)
	return path, err == nil && st.Mode().IsRegular()
}

// Get opens the bytes; the caller closes them. No such bytes are ErrMissing.
func (s *Store) Get(d Digest) (*os.File, error) {
	if !hexDigest.MatchString(string(d)) {
		return nil, ErrMissing
	}
	f, err := os.Open(s.place(d))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrMissing, d)
	}
	return f, err
}

// Stat is the number of bytes kept under d, or ErrMissing.
func (s *Store) Stat(d Digest) (size int64, err error) {
	path, ok := s.Path(d)
	if !ok {
		return 0, fmt.Errorf("%w: %s", ErrMissing, d)
	}
	st, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return st.Size(), nil
}

// Verify reads the bytes again: nil if they are those of d, ErrMissing, or ErrDamaged.
func (s *Store) Verify(ctx context.Context, d Digest) error {
	f, err := s.Get(d)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, reader{ctx, f}); err != nil {
		return err
	}
	if hex.EncodeToString(h.Sum(nil)) != string(d) {
		return fmt.Errorf("%w: %s", ErrDamaged, d)
	}
	return nil
}

// Each calls f with every digest kept, in order, until f or the disk fails.
func (s *Store) Each(f func(Digest) error) error {
	found, err := filepath.Glob(filepath.Join(s.dir, "[0-9a-f][0-9a-f]", "[0-9a-f][0-9a-f]", "*"))
	if err != nil {
		return err
	}
	for _, path := range found {
		if d, err := ParseDigest(filepath.Base(path)); err == nil {
			if err := f(d); err != nil {
				return err
			}
		}
	}
	return nil
}

// Sweep removes what was left behind by uploads and writes that nobody has touched since before, and tells how many.
func (s *Store) Sweep(before time.Time) (n int, err error) {
	for _, dir := range []string{s.tmp(), s.uploads()} {
		list, err := os.ReadDir(dir)
		if err != nil {
			return n, err
		}
		for _, e := range list {
			st, err := e.Info()
			if err != nil || !st.Mode().IsRegular() || !st.ModTime().Before(before) {
				continue // gone meanwhile, or in use
			}
			if err := os.Remove(filepath.Join(dir, e.Name())); err == nil {
				n++
			}
		}
	}
	return n, nil
}

// reader stops reading when ctx ends.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
