package story

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"cloudbm/store/storetest"
)

// binary is the program, built once for all stories.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "cloudbm-story")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "cloudbm")
	build := exec.Command("go", "build", "-o", path, "./cmd/cloudbm")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if built {
		if path, err := binary(); err == nil {
			os.RemoveAll(filepath.Dir(path))
		}
	}
	os.Exit(code)
}

// built says that somebody asked for the binary, so that the rules of the house do not wait for it.
var built bool

// server is the program, running.
type server struct {
	url  string
	data string
	cmd  *exec.Cmd
	gone chan struct{} // closed when it has ended
	said *lines

	officers map[string]string // sessions of officers who have signed in, by address: their codes are good for once
}

// lines is what the program said, readable while it speaks.
type lines struct {
	sync.Mutex
	b bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.Lock()
	defer l.Unlock()
	return l.b.String()
}

// simulated has the demonstrations of a test come up with simulated cards and keys.
func simulated(t *testing.T) { t.Setenv("CLOUDBM_SIMULATORS", "true") }

// serve starts the program with a command ("demo", "serve") on a folder of data and waits until it is ready. It ends
// with the test.
func serve(t testing.TB, data, database, command string) *server {
	t.Helper()
	built = true
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{url: "http://" + freeAddress(t), data: data, said: &lines{}, gone: make(chan struct{}), officers: map[string]string{}}
	s.cmd = exec.Command(path, command)
	s.cmd.Env = append(os.Environ(), "CLOUDBM_LISTEN="+s.url[len("http://"):], "CLOUDBM_DATA_DIR="+data, "CLOUDBM_DATABASE_URL="+database)
	if _, said := os.LookupEnv("CLOUDBM_SIMULATORS"); !said {
		s.cmd.Env = append(s.cmd.Env, "CLOUDBM_SIMULATORS=false") // they take ten seconds to come up; see simulated
	}
	s.cmd.Stdout, s.cmd.Stderr = s.said, s.said
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.cmd.Wait(); close(s.gone) }()
	t.Cleanup(func() {
		_ = s.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-s.gone:
		case <-time.After(40 * time.Second):
			t.Errorf("the program did not stop; it said:\n%s", s.said)
			_ = s.cmd.Process.Kill()
			<-s.gone
		}
	})
	for until := time.Now().Add(2 * time.Minute); time.Now().Before(until); {
		select {
		case <-s.gone:
			t.Fatalf("cloudbm %s ended: %v; it said:\n%s", command, s.cmd.ProcessState, s.said)
		default:
		}
		if s.ready() {
			return s
		}
		time.Sleep(20 * time.Millisecond) // another process is coming up; there is no event to wait for
	}
	t.Fatalf("cloudbm %s is not ready after two minutes; it said:\n%s", command, s.said)
	return nil
}

func (s *server) ready() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/readyz", nil)
	if err != nil {
		return false
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		return false
	}
	a.Body.Close()
	return a.StatusCode == http.StatusOK
}

// handler passes requests on to the program, for visitors who want a handler.
func (s *server) handler(t testing.TB) http.Handler {
	to, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = r.In.Host }}
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// bothDatabases runs f against a demonstration of its own on SQLite and on PostgreSQL. While stories are being written,
// CLOUDBM_STORY_URL tells them to a demonstration that is running already.
func bothDatabases(t *testing.T, f func(t *testing.T, s *server)) {
	if at := os.Getenv("CLOUDBM_STORY_URL"); at != "" {
		f(t, &server{url: at, officers: map[string]string{}})
		return
	}
	t.Run("sqlite", func(t *testing.T) { f(t, serve(t, t.TempDir(), "", "demo")) })
	t.Run("postgres", func(t *testing.T) { f(t, serve(t, t.TempDir(), storetest.PostgresURL(t), "demo")) })
}
