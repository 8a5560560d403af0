package storetest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// StartPostgres starts a server of its own on a free loopback port with an empty data directory and tells how to stop
// it. The server ends with this process even if stop is never called. It does not sync: its data is worth nothing.
func StartPostgres() (url string, stop func(), err error) {
	bin, err := binaries()
	if err != nil {
		return "", nil, err
	}
	dir, err := os.MkdirTemp("", "cloudbm-pg")
	if err != nil {
		return "", nil, err
	}
	who, err := owner(dir)
	if err != nil {
		return "", nil, err
	}
	data := filepath.Join(dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "cloudbm", "-A", "trust", "-E", "UTF8",
		"--locale=C.UTF-8", "--no-sync", "--no-instructions")
	initdb.SysProcAttr, initdb.Dir = &syscall.SysProcAttr{Credential: who}, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return "", nil, err
	}
	stop, err = serve(bin, dir, data, port, who)
	if err != nil {
		return "", nil, err
	}
	url = fmt.Sprintf("postgres://cloudbm@127.0.0.1:%d/postgres?sslmode=disable", port)
	return url, stop, answer(url)
}

// serve keeps the thread that started the server alive, because the server is told to end with that thread.
func serve(bin, dir, data string, port int, who *syscall.Credential) (func(), error) {
	started, done := make(chan error, 1), make(chan struct{})
	var cmd *exec.Cmd
	go func() {
		runtime.LockOSThread()
		cmd = exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-p", strconv.Itoa(port), "-k", dir,
			"-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "full_page_writes=off",
			"-c", "max_connections=300", "-c", "shared_buffers=128MB", "-c", "log_min_messages=fatal")
		cmd.Dir = dir
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who, Pdeathsig: syscall.SIGQUIT}
		err := cmd.Start()
		started <- err
		if err == nil {
			cmd.Wait()
		}
		close(done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return func() {
		cmd.Process.Signal(syscall.SIGINT)
		<-done
		os.RemoveAll(dir)
	}, nil
}

func answer(url string) error {
	var err error
	for range 200 {
		var c *pgx.Conn
		if c, err = pgx.Connect(context.Background(), url); err == nil {
			return c.Close(context.Background())
		}
		time.Sleep(50 * time.Millisecond) // the server is coming up; there is no event to wait for
	}
	return err
}

// binaries is the folder of the newest PostgreSQL installed.
func binaries() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errors.New("storetest: PostgreSQL is not installed (no initdb)")
	}
	sort.Strings(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// owner gives dir to the user who shall run the server: PostgreSQL refuses to run as root.
func owner(dir string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(dir, uid, gid)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
