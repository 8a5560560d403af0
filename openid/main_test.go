package openid_test

import (
	"log/slog"
	"os"
	"testing"
)

// TestMain silences the library, which logs every refusal by the logger of the program.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}
