// Command cluster runs a command beside a PostgreSQL server of its own, so that all test programs of a run share one.
//
//	go run ./store/storetest/cluster -- go test ./...
//
// The command finds the server in CLOUDBM_TEST_POSTGRES. A server that is already named there is used as it is. Where
// PostgreSQL is not installed the command runs without one, and the tests decide what that means. The exit code is the
// command's.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"cloudbm/store/storetest"
)

const variable = "CLOUDBM_TEST_POSTGRES"

func main() {
	args := os.Args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: cluster -- command [argument …]")
		os.Exit(2)
	}
	os.Exit(beside(args))
}

// beside runs the command with the server up and takes the server down again.
func beside(args []string) int {
	if os.Getenv(variable) == "" {
		url, stop, err := storetest.StartPostgres()
		if stop != nil {
			defer stop()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "cluster: no PostgreSQL:", err)
		} else {
			os.Setenv(variable, url)
		}
	}
	// An interrupt from the terminal reaches the command as well; we outlive it to take the server down.
	signal.Ignore(syscall.SIGINT)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return exit.ExitCode()
	}
	fmt.Fprintln(os.Stderr, "cluster:", err)
	return 1
}
