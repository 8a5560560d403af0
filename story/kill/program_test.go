package kill

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is the program, built once.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "cloudbm-kill")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "cloudbm")
	build := exec.Command("go", "build", "-o", path, "cloudbm/cmd/cloudbm")
	if out, err := build.CombinedOutput(); err != nil {
		os.RemoveAll(dir)
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// program is the server: the same address, data and database each time it is started.
type program struct {
	t                       testing.TB
	address, data, database string
	env                     []string // more of its configuration
	cmd                     *exec.Cmd
	gone                    chan struct{}
	said                    log
}

// log is what the program said in all its lives.
type log struct {
	sync.Mutex
	b bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.b.Write(p)
}

var ours = regexp.MustCompile(`(?m)^.*(level=ERROR|panic:|fatal error:).*$`)

// errors are the lines in which the program speaks of an error of its own.
func (l *log) errors() [][]byte {
	l.Lock()
	defer l.Unlock()
	return ours.FindAll(l.b.Bytes(), 10)
}

func (l *log) tail() string {
	l.Lock()
	defer l.Unlock()
	b := l.b.Bytes()
	return string(b[max(0, len(b)-4000):])
}

func newProgram(t testing.TB, data, database string) *program {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return &program{t: t, address: l.Addr().String(), data: data, database: database}
}

func (p *program) url() string { return "http://" + p.address }

func (p *program) command(what string) *exec.Cmd {
	path, err := binary()
	if err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.Command(path, what)
	cmd.Env = append(os.Environ(), "CLOUDBM_LISTEN="+p.address, "CLOUDBM_DATA_DIR="+p.data, "CLOUDBM_DATABASE_URL="+p.database)
	cmd.Env = append(cmd.Env, p.env...)
	return cmd
}

// start begins a life of the program; it may not be ready yet.
func (p *program) start() {
	p.t.Helper()
	p.cmd, p.gone = p.command("serve"), make(chan struct{})
	p.cmd.Stdout, p.cmd.Stderr = &p.said, &p.said
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	cmd, gone := p.cmd, p.gone
	go func() { _ = cmd.Wait(); close(gone) }()
}

// ready waits until the program answers.
func (p *program) ready() {
	p.t.Helper()
	ask := http.Client{Timeout: time.Second}
	for until := time.Now().Add(time.Minute); time.Now().Before(until); {
		select {
		case <-p.gone:
			p.t.Fatalf("the program ended by itself: %v\n%s", p.cmd.ProcessState, p.said.tail())
		default:
		}
		if a, err := ask.Get(p.url() + "/readyz"); err == nil {
			a.Body.Close()
			if a.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(5 * time.Millisecond) // another process is coming up; there is no event to wait for
	}
	p.t.Fatalf("the program is not ready after a minute:\n%s", p.said.tail())
}

// blow ends the program without warning.
func (p *program) blow() {
	p.t.Helper()
	select {
	case <-p.gone:
		p.t.Fatalf("the program ended before the blow: %v\n%s", p.cmd.ProcessState, p.said.tail())
	default:
	}
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	<-p.gone
}

// stop asks the program to end.
func (p *program) stop() {
	p.t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.gone:
	case <-time.After(45 * time.Second):
		p.t.Errorf("the program did not stop when asked:\n%s", p.said.tail())
		p.blow()
	}
}
