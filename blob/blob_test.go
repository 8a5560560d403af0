package blob

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"cloudbm/fault"
)

func open(t testing.TB) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func again(t testing.TB, s *Store) *Store {
	t.Helper()
	n, err := Open(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func some(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

func TestPutKeepsBytesOnce(t *testing.T) {
	s, ctx := open(t), context.Background()
	b := some(300_000)
	d, size, err := s.Put(ctx, bytes.NewReader(b), 1<<20)
	if err != nil || size != 300_000 || d != Of(b) {
		t.Fatalf("put: %s %d %v", d, size, err)
	}
	if d2, _, err := s.Put(ctx, bytes.NewReader(b), 1<<20); err != nil || d2 != d {
		t.Fatalf("again: %s %v", d2, err)
	}
	f, err := s.Get(d)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if back, _ := io.ReadAll(f); !bytes.Equal(back, b) {
		t.Error("other bytes came back")
	}
	if n, err := s.Stat(d); n != 300_000 || err != nil {
		t.Errorf("stat: %d %v", n, err)
	}
	if err := s.Verify(ctx, d); err != nil {
		t.Error(err)
	}
	n := 0
	if err := s.Each(func(Digest) error { n++; return nil }); err != nil || n != 1 {
		t.Errorf("%d blobs, %v", n, err)
	}
	if left, _ := os.ReadDir(s.tmp()); len(left) != 0 {
		t.Errorf("%d files left in tmp", len(left))
	}
}

func TestWhatIsNotThere(t *testing.T) {
	s := open(t)
	for _, d := range []Digest{Of([]byte("no")), "", "../../../etc/passwd", "ABCD", Digest(strings.Repeat("g", 64))} {
		if _, err := s.Get(d); !errors.Is(err, ErrMissing) {
			t.Errorf("get %q: %v", d, err)
		}
		if _, ok := s.Path(d); ok {
			t.Errorf("path of %q", d)
		}
	}
}

func TestTooLargeAndBrokenSenders(t *testing.T) {
	s, ctx := open(t), context.Background()
	if _, _, err := s.Put(ctx, bytes.NewReader(some(101)), 100); !fault.Is(err, fault.TooLarge) {
		t.Errorf("101 of 100 bytes: %v", err)
	}
	if _, _, err := s.Put(ctx, bytes.NewReader(some(100)), 100); err != nil {
		t.Errorf("100 of 100 bytes: %v", err)
	}
	gone := errors.New("gone")
	if _, _, err := s.Put(ctx, iotest.ErrReader(gone), 100); !errors.Is(err, gone) {
		t.Errorf("a broken sender: %v", err)
	}
	ended, stop := context.WithCancel(ctx)
	stop()
	if _, _, err := s.Put(ended, bytes.NewReader(some(10)), 100); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended request: %v", err)
	}
	if s.Healthy() != nil {
		t.Error("a broken sender broke the store")
	}
}

func TestVerifyFindsDamage(t *testing.T) {
	s, ctx := open(t), context.Background()
	d, _, _ := s.Put(ctx, strings.NewReader("the sheet"), 100)
	path, _ := s.Path(d)
	if st, _ := os.Stat(path); st.Mode().Perm() != 0o400 {
		t.Errorf("mode %v", st.Mode())
	}
	os.Chmod(path, 0o600)
	os.WriteFile(path, []byte("the sheeT"), 0o600)
	if err := s.Verify(ctx, d); !errors.Is(err, ErrDamaged) {
		t.Errorf("a flipped bit: %v", err)
	}
}

func TestAfterAFailedSyncNothingIsAcknowledged(t *testing.T) {
	ctx := context.Background()
	for k := 1; k <= 4; k++ { // the file, then three folders
		s := open(t)
		before, _, _ := s.Put(ctx, strings.NewReader("before"), 100)
		n := 0
		s.sync = func(f *os.File) error {
			if n++; n == k {
				return &os.PathError{Op: "sync", Path: f.Name(), Err: syscall.EIO}
			}
			return f.Sync()
		}
		if _, _, err := s.Put(ctx, strings.NewReader("lost"), 100); !fault.Is(err, fault.Unavailable) {
			t.Errorf("sync %d failed: %v", k, err)
		}
		if s.Healthy() == nil {
			t.Errorf("sync %d failed and the store feels well", k)
		}
		if _, _, err := s.Put(ctx, strings.NewReader("later"), 100); !fault.Is(err, fault.Unavailable) {
			t.Errorf("later: %v", err)
		}
		if err := s.Verify(ctx, before); err != nil {
			t.Errorf("reading what was there before: %v", err)
		}
	}
}

func TestAFullDiskIsSaidAndMendsItself(t *testing.T) {
	s, ctx := open(t), context.Background()
	s.sync = func(*os.File) error { return syscall.ENOSPC }
	_, _, err := s.Put(ctx, strings.NewReader("x"), 100)
	if f, ok := fault.As(err); !ok || f.Kind != fault.Unavailable || !strings.Contains(f.Message.Zh, "已滿") {
		t.Errorf("full: %v", err)
	}
	s.sync = (*os.File).Sync
	if _, _, err := s.Put(ctx, strings.NewReader("x"), 100); err != nil {
		t.Errorf("after there was room: %v", err)
	}
}

// crash is what stops a test as the power would.
type crash string

// until runs f and tells whether it came to step n of s, where it was stopped.
func until(s *Store, n int, f func()) (step string, stopped bool) {
	defer func() {
		s.at = func(string) {}
		if x := recover(); x != nil {
			c, ok := x.(crash)
			if !ok {
				panic(x)
			}
			step, stopped = string(c), true
		}
	}()
	i := 0
	s.at = func(step string) {
		if i++; i == n {
			panic(crash(step))
		}
	}
	f()
	return "", false
}

func TestPutStoppedAnywhereLeavesNothingHalf(t *testing.T) {
	ctx := context.Background()
	b := some(100_000)
	for n := 1; ; n++ {
		s := open(t)
		step, stopped := until(s, n, func() { s.Put(ctx, bytes.NewReader(b), 1<<20) })
		s = again(t, s)
		if _, ok := s.Path(Of(b)); ok {
			if err := s.Verify(ctx, Of(b)); err != nil {
				t.Errorf("stopped at %q: %v", step, err)
			}
		}
		if _, _, err := s.Put(ctx, bytes.NewReader(b), 1<<20); err != nil {
			t.Errorf("put again after %q: %v", step, err)
		}
		if !stopped {
			if n < 4 {
				t.Fatalf("only %d steps", n-1)
			}
			return
		}
	}
}

func TestTheOrderOfSyncs(t *testing.T) {
	s := open(t)
	var order []string
	s.sync = func(f *os.File) error {
		name := "folder"
		if st, _ := f.Stat(); st.Mode().IsRegular() {
			name = "file"
		}
		order = append(order, name)
		return f.Sync()
	}
	s.at = func(step string) { order = append(order, step) }
	s.Put(context.Background(), strings.NewReader("x"), 10)
	if got := strings.Join(order, ", "); got != "written, file, synced, renamed, folder, folder, folder, kept" {
		t.Errorf("order: %s", got)
	}
}

func TestAdoptTwice(t *testing.T) {
	s, ctx := open(t), context.Background()
	path := filepath.Join(s.uploads(), "u")
	os.WriteFile(path, []byte("sheet"), 0o600)
	d := Of([]byte("sheet"))
	for range 2 {
		if err := s.Adopt(ctx, path, d); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Verify(ctx, d); err != nil {
		t.Error(err)
	}
	if err := s.Adopt(ctx, path, Of([]byte("never seen"))); !errors.Is(err, ErrMissing) {
		t.Errorf("nothing to adopt: %v", err)
	}
	os.WriteFile(path, []byte("sheet"), 0o600) // the same bytes once more
	if err := s.Adopt(ctx, path, d); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Error("the second copy stayed")
	}
}

func TestSweepTakesOnlyTheOld(t *testing.T) {
	s := open(t)
	old, fresh := filepath.Join(s.tmp(), "put-old"), filepath.Join(s.uploads(), "fresh.part")
	os.WriteFile(old, nil, 0o600)
	os.WriteFile(fresh, nil, 0o600)
	d, _, _ := s.Put(context.Background(), strings.NewReader("kept"), 10)
	now := time.Now()
	os.Chtimes(old, now, now.Add(-48*time.Hour))
	path, _ := s.Path(d)
	os.Chtimes(path, now, now.Add(-48*time.Hour))
	if n, err := s.Sweep(now.Add(-24 * time.Hour)); n != 1 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Error("the fresh one went too")
	}
	if _, ok := s.Path(d); !ok {
		t.Error("kept bytes were swept")
	}
}

func TestSizeAsPeopleReadIt(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 900: "900 B", 1500: "2 KB", 100 << 20: "100 MB", 1<<30 + 1<<29: "1.5 GB", 1 << 30: "1 GB", 5<<20 + 1<<19: "5.5 MB"} {
		if got := Size(n); got != want {
			t.Errorf("%d: %s, not %s", n, got, want)
		}
	}
}
