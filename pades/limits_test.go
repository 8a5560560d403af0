package pades_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"cloudbm/pades"
	"cloudbm/pades/padestest"
	"cloudbm/pdf"
)

const (
	mostMemory = 512 << 20
	mostTime   = 10 * time.Second
)

// child is set in the process that judges one file for TestLimits.
const child = "PADES_LOOK_AT"

func TestMain(m *testing.M) {
	if path := os.Getenv(child); path != "" {
		os.Exit(judgeAlone(path))
	}
	os.Exit(m.Run())
}

// judgeAlone judges the file at path in a process that may have no more memory than is promised: beyond it the system
// ends it. Go's own reservations of addresses are not memory, so it is the data that are limited.
func judgeAlone(path string) int {
	err := syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: mostMemory, Max: mostMemory})
	if err != nil {
		fmt.Println(err)
		return 3
	}
	f, err := os.Open(path)
	if err != nil {
		fmt.Println(err)
		return 3
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		fmt.Println(err)
		return 3
	}
	v, err := pades.Look(context.Background(), f, info.Size(), nil)
	if err != nil {
		fmt.Println(err)
		return 3
	}
	_ = json.NewEncoder(os.Stdout).Encode(v)
	return 0
}

// TestLimits: a file costs no more than 512 MB and ten seconds, whatever it is. Each kind of attack, and each bomb, is
// judged in a process of its own.
func TestLimits(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	s := padestest.NewSigner(t)
	files := map[string][]byte{}
	kinds := map[string]bool{}
	all := s.Hostile()
	for name := range all {
		attack, _, _ := strings.Cut(name, "-")
		if attack == "bomb" || attack == "circle" || !kinds[attack] {
			files[name], kinds[attack] = all[name], true
		}
	}
	for _, name := range []string{"bomb.pdf", "object-bomb.pdf", "hidden-bomb.pdf", "page-loop.pdf"} {
		files["pdf-"+name] = pdf.Hostile()[name]
	}
	dir := t.TempDir()
	var longest time.Duration
	var most int64
	for name, b := range files {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 4*mostTime) // the machine may be busy; what counts is the time it worked
		c := exec.CommandContext(ctx, os.Args[0])
		c.Env = append(os.Environ(), child+"="+path)
		out, err := c.CombinedOutput()
		cancel()
		if err != nil {
			t.Errorf("%s: %v %.600s", name, err, out)
			continue
		}
		var v pades.Verdict
		if err := json.Unmarshal(out, &v); err != nil || v.Kind == pades.ValidUnchanged {
			t.Errorf("%s: %v %s", name, err, out)
		}
		if len(out) > 20_000 {
			t.Errorf("%s: a verdict of %d bytes", name, len(out))
		}
		worked := c.ProcessState.UserTime() + c.ProcessState.SystemTime()
		used := c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
		if worked > mostTime || used > mostMemory {
			t.Errorf("%s: %s, %d MB", name, worked, used>>20)
		}
		longest, most = max(longest, worked), max(most, used)
	}
	t.Logf("%d files: at most %s and %d MB", len(files), longest, most>>20)
}

// endless is a file of spaces, as long as one likes.
type endless struct{}

func (endless) ReadAt(b []byte, _ int64) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

// TestNobodyWaits: the end of the context ends the work, and says so.
func TestNobodyWaits(t *testing.T) {
	s := padestest.NewSigner(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for name, b := range s.Honest() {
		v, err := pades.Look(ctx, bytes.NewReader(b), int64(len(b)), nil)
		if !errors.Is(err, context.Canceled) || v.Kind == pades.ValidUnchanged {
			t.Errorf("%s: %s %v", name, v.Kind, err)
		}
	}
	ctx, cancel = context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if v, err := pades.Look(ctx, endless{}, 1<<40, nil); err == nil && v.Kind == pades.ValidUnchanged {
		t.Error(v)
	}
}

// sick answers with an error, or panics, at its nth reading.
type sick struct {
	io.ReaderAt
	n      int
	panics bool
}

func (s *sick) ReadAt(b []byte, at int64) (int, error) {
	if s.n--; s.n == 0 {
		if s.panics {
			panic("sick")
		}
		return 0, errors.New("sick")
	}
	return s.ReaderAt.ReadAt(b, at)
}

// TestSickDisk: what cannot be read is an error beside a verdict that claims nothing, and so is a fault of our own.
func TestSickDisk(t *testing.T) {
	s := padestest.NewSigner(t)
	b := s.Honest()["two"]
	for _, panics := range []bool{false, true} {
		for n := 1; ; n++ {
			r := &sick{bytes.NewReader(b), n, panics}
			v, err := pades.Look(context.Background(), r, int64(len(b)), nil)
			if r.n > 0 {
				if n < 20 {
					t.Error("so few readings:", n)
				}
				break
			}
			if err == nil || v.Kind != pades.Unsupported || v.Said.Empty() {
				t.Fatalf("reading %d, panic %v: %s %v", n, panics, v.Kind, err)
			}
		}
	}
}

// TestPlain: files without signatures have none, however odd they are.
func TestPlain(t *testing.T) {
	for name, b := range pdf.Hostile() {
		v := look(t, b, nil)
		if !slices.Contains([]pades.Kind{pades.None, pades.Unsupported}, v.Kind) {
			t.Errorf("%s: %+v", name, v)
		}
	}
	for name, b := range padestest.Plain() {
		if v := look(t, b, nil); v.Kind != pades.None {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

// FuzzLook: whatever the bytes are, there is a verdict with words, and it is never better than the file deserves: a
// file that is no honest one is not valid and unchanged.
func FuzzLook(f *testing.F) {
	s := padestest.NewSigner(f)
	honest := s.Honest()
	for _, b := range honest {
		f.Add(b)
	}
	for _, b := range s.Light() {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := pades.Look(context.Background(), bytes.NewReader(b), int64(len(b)), nil)
		if err != nil || v.Said.Empty() {
			t.Fatal(v, err)
		}
		if v.Kind != pades.ValidUnchanged {
			return
		}
		for _, h := range honest { // Contents may be written otherwise, see TestLoose
			if len(h) == len(b) && bytes.Equal(padestest.Signed(h), padestest.Signed(b)) {
				return
			}
		}
		t.Fatalf("valid and unchanged: %+v", v)
	})
}
