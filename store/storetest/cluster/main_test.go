package main

import (
	"os"
	"os/exec"
	"testing"

	"cloudbm/store/storetest"
)

// TestBeside runs the program itself: its exit code is the command's, and the command finds a server that answers.
func TestBeside(t *testing.T) {
	storetest.PostgresURL(t) // skips, or fails in CI, where PostgreSQL is missing
	for _, c := range []struct {
		name    string
		command []string
		want    int
	}{
		{"passes", []string{"true"}, 0},
		{"fails", []string{"sh", "-c", "exit 7"}, 7},
		{"names a server", []string{"sh", "-c", `test -n "$CLOUDBM_TEST_POSTGRES"`}, 0},
		{"no such command", []string{"no-such-command-at-all"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv(variable, "")
			if got := beside(c.command); got != c.want {
				t.Errorf("beside(%q) = %d, want %d", c.command, got, c.want)
			}
		})
	}
	if _, err := exec.LookPath("psql"); err == nil {
		t.Setenv(variable, "")
		if got := beside([]string{"sh", "-c", `psql -qAt -c "select 1" "$CLOUDBM_TEST_POSTGRES" >/dev/null`}); got != 0 {
			t.Errorf("the server named in %s does not answer", variable)
		}
	}
}

// TestServerGiven leaves a server alone that somebody else has started.
func TestServerGiven(t *testing.T) {
	t.Setenv(variable, "postgres://given")
	if got := beside([]string{"sh", "-c", `test "$CLOUDBM_TEST_POSTGRES" = postgres://given`}); got != 0 {
		t.Error("a server of its own was started")
	}
	if os.Getenv(variable) != "postgres://given" {
		t.Error("the name of the server was changed")
	}
}
