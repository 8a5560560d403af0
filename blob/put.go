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
	"syscall"

	"cloudbm/fault"
	"cloudbm/say"
)

// Put keeps what r holds, max bytes at most, and answers when it is on the disk. Bytes that are there already cost
// nothing. More than max is a fault of kind TooLarge; a disk that is full or broken is one of kind Unavailable.
func (s *Store) Put(ctx context.Context, r io.Reader, max int64) (d Digest, size int64, err error) {
	if err := s.able(); err != nil {
		return "", 0, err
	}
	f, err := os.CreateTemp(s.tmp(), "put-")
	if err != nil {
		return "", 0, s.failed("open", err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	h := sha256.New()
	src := &source{r: io.LimitReader(reader{ctx, r}, max+1)}
	if size, err = io.Copy(io.MultiWriter(f, h), src); err != nil {
		if src.err != nil {
			return "", 0, src.err
		}
		return "", 0, s.failed("write", err)
	}
	if size > max {
		return "", 0, TooLarge(max)
	}
	s.at("written")
	if err := s.syncFile(f); err != nil {
		return "", 0, err
	}
	d = Digest(hex.EncodeToString(h.Sum(nil)))
	return d, size, s.keep(f.Name(), d)
}

// source remembers whether it was reading that failed: that is the sender's trouble, not the disk's.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// Adopt keeps the finished file at path, whose bytes are those of d, and answers when it is on the disk; afterwards
// there is nothing at path. The file must lie on the store's own disk. Doing it again after success does nothing.
func (s *Store) Adopt(_ context.Context, path string, d Digest) error {
	if !hexDigest.MatchString(string(d)) {
		return fmt.Errorf("blob: %q is not a digest", d)
	}
	if err := s.able(); err != nil {
		return err
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, ok := s.Path(d); ok {
			return s.syncDirs(filepath.Dir(s.place(d)))
		}
		return fmt.Errorf("%w: nothing at %s", ErrMissing, filepath.Base(path))
	}
	if err != nil {
		return s.failed("open", err)
	}
	err = s.syncFile(f)
	f.Close()
	if err != nil {
		return err
	}
	if err := s.keep(path, d); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s.failed("remove", err)
	}
	return nil
}

// keep moves the synced file at path to the place of d and syncs the folders on the way.
func (s *Store) keep(path string, d Digest) error {
	s.at("synced")
	to := s.place(d)
	inner, outer := filepath.Dir(to), filepath.Dir(filepath.Dir(to))
	if err := os.MkdirAll(inner, 0o700); err != nil {
		return s.failed("make a folder", err)
	}
	if _, err := os.Stat(to); err != nil {
		if err := os.Chmod(path, 0o400); err != nil {
			return s.failed("protect", err)
		}
		if err := os.Rename(path, to); err != nil {
			return s.failed("rename", err)
		}
	}
	s.at("renamed")
	// Also where the bytes were there already: whoever put them may not have come to this line.
	if err := s.syncDirs(inner); err != nil {
		return err
	}
	if _, ok := s.known.Load(inner); !ok {
		if err := s.syncDirs(outer, s.dir); err != nil {
			return err
		}
		s.known.Store(inner, true)
	}
	s.at("kept")
	return nil
}

// TooLarge refuses a file of more than max bytes.
func TooLarge(max int64) *fault.Fault {
	return fault.Say(fault.TooLarge, say.F("檔案要小於 %s，分成較小的檔案再上傳", "Keep the file under %s: split it and upload the parts", Size(max)))
}

// Size is a number of bytes as people read it.
func Size(n int64) string {
	switch {
	case n >= 1<<30:
		return trimmed(float64(n)/(1<<30), "GB")
	case n >= 1<<20:
		return trimmed(float64(n)/(1<<20), "MB")
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", (n+1023)>>10)
	}
	return fmt.Sprintf("%d B", n)
}

func trimmed(v float64, unit string) string {
	if v >= 10 || v == float64(int64(v)) {
		return fmt.Sprintf("%.0f %s", v, unit)
	}
	return fmt.Sprintf("%.1f %s", v, unit)
}

func (s *Store) syncFile(f *os.File) error {
	if err := s.sync(f); err != nil {
		return s.unsynced(err)
	}
	return nil
}

func (s *Store) syncDirs(dirs ...string) error {
	for _, d := range dirs {
		f, err := os.Open(d)
		if err != nil {
			return s.failed("open a folder", err)
		}
		err = s.sync(f)
		f.Close()
		if err != nil {
			return s.unsynced(err)
		}
	}
	return nil
}

// unsynced closes the store: after a failed sync the system may have dropped the pages and call the next sync a
// success, so only a fresh look at the disk can be believed. A full disk is another matter: what could not be written
// was not acknowledged and is thrown away.
func (s *Store) unsynced(err error) error {
	if full(err) {
		return s.failed("sync", err)
	}
	err = fmt.Errorf("blob: the disk failed to sync: %w", err)
	s.bad.CompareAndSwap(nil, &err)
	return s.able()
}

func (s *Store) able() error {
	if err := s.Healthy(); err != nil {
		return &broken{fault.Of(fault.Unavailable,
			"檔案庫無法確認寫入，暫停收檔，這個檔案沒有收下；已收下的不受影響。稍後再上傳",
			"The file store cannot confirm its writes and takes no files for now; this one was not kept. What was received before is safe. Upload it again later"), err}
	}
	return nil
}

// failed puts an error of the disk into words.
func (s *Store) failed(doing string, err error) error {
	cause := fmt.Errorf("blob: %s: %w", doing, err)
	if full(err) {
		return &broken{fault.Of(fault.Unavailable,
			"儲存空間已滿，這個檔案沒有收下。稍後再上傳，已傳的部分不必重傳",
			"The storage is full; this file was not kept. Upload it again later: what was already sent need not be sent again"), cause}
	}
	return cause
}

func full(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// broken is what a person is told, with what the log shall know.
type broken struct {
	said  *fault.Fault
	cause error
}

// Error is for the log.
func (b *broken) Error() string { return b.cause.Error() }

// Unwrap gives both.
func (b *broken) Unwrap() []error { return []error{b.said, b.cause} }
