package main

import (
	"errors"
	"os"
	"strings"
	"testing"

	"cloudbm/sim/card"
)

// TestCardConfig: the simulator's authorities are taken in a trial and stop the program in production, where neither the
// simulator nor the demonstration run.
func TestCardConfig(t *testing.T) {
	dir := t.TempDir()
	sim, anchors, err := newCardSim(dir, "127.0.0.1:61161", []string{"http://127.0.0.1:8080"})
	if errors.Is(err, card.ErrNoSoftHSM) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(sim.CA.Anchors()) == 0 {
		t.Error("nobody to trust")
	}
	trial := &Config{Cards: CardConfig{Anchors: []string{anchors}}}
	r, err := trial.Cards.room(nil, trial)
	if err != nil || !r.Open() {
		t.Errorf("a trial without cards: %v", err)
	}
	real := &Config{Production: true, Cards: trial.Cards}
	if _, err := real.Cards.room(nil, real); err == nil || !strings.Contains(err.Error(), "test authority") {
		t.Errorf("production trusts the simulator: %v", err)
	}
	if err := (cardSimCmd{}).Run(real); err == nil || !strings.Contains(err.Error(), "production") {
		t.Errorf("the simulator runs in production: %v", err)
	}
	if r, err := (CardConfig{}).room(nil, &Config{}); err != nil || r.Open() {
		t.Errorf("without anchors: %v", err)
	}
}

// TestCardNumbersAreConfiguration: S146. A pattern is of the whole number; one that cannot be read stops the program.
func TestCardNumbersAreConfiguration(t *testing.T) {
	c := CardConfig{Number: "[A-Z]{3}[0-9]{6}|[0-9]{8}", Warn: []int{60, 0}}
	if err := c.check(); err != nil {
		t.Error(err)
	}
	for typed, want := range map[string]string{"abc 123456": "ABC123456", "12345678": "12345678"} {
		if got, err := c.numbers().Read(typed); err != nil || got != want {
			t.Errorf("%s: %q %v", typed, got, err)
		}
	}
	if got, err := c.numbers().Read("XABC123456"); err == nil {
		t.Errorf("a part of it matched: %q", got)
	}
	for _, bad := range []CardConfig{{Number: "[A-Z"}, {Warn: []int{30, -1}}} {
		if err := bad.check(); err == nil || !strings.Contains(err.Error(), "CLOUDBM_CARD_") {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
