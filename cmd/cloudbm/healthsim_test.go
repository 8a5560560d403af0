package main

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
)

// TestHealthConfig: in production the component is asked over TLS and nobody's simulator vouches.
func TestHealthConfig(t *testing.T) {
	for _, x := range []struct {
		production            bool
		component, check, key string
		ok                    bool
	}{
		{false, "", "", "", true},
		{true, "", "", "", true},
		{false, "ws://127.0.0.1:7777/echo", "http://127.0.0.1:7777/verify", "", true},
		{true, "wss://localhost:7777/echo", "https://cards.example.test/verify", "k", true},
		{true, "wss://localhost:7777/echo", "https://cards.example.test/verify", "", false},
		{true, "ws://127.0.0.1:7777/echo", "https://cards.example.test/verify", "k", false},
		{true, "wss://localhost:7777/echo", "http://cards.example.test/verify", "k", false},
		{true, "wss://localhost:7777/echo", "https://127.0.0.1:7777/verify", "k", false},
		{true, "wss://localhost:7777/echo", "https://[::1]:7777/verify", "k", false},
		{true, "wss://localhost:7777/echo", "https://[::ffff:127.0.0.1]:7777/verify", "k", false},
		{true, "wss://localhost:7777/echo", "https://localhost/verify", "k", false},
		{false, "localhost:7777", "https://cards.example.test", "k", false},
		{false, "wss://localhost:7777/echo; script-src *", "https://cards.example.test", "k", false},
		{false, "wss://localhost:7777/echo", "cards.example.test", "k", false},
	} {
		c := Config{Production: x.production, HealthCheck: x.check, HealthKey: x.key}
		if x.component != "" {
			c.HealthComponent = []string{x.component}
		}
		if err := c.checkHealth(); (err == nil) != x.ok {
			t.Errorf("%+v: %v", x, err)
		}
	}
}

// TestHealthSimEnds: the simulator serves its desk until it is told to stop.
func TestHealthSimEnds(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- simulateHealth(ctx, l, "k", []string{"http://127.0.0.1:8080"}) }()
	a, err := http.Get("http://" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
	cancel()
	if err := <-ended; err != nil || a.StatusCode != http.StatusOK || !strings.Contains(a.Header.Get("Content-Type"), "html") {
		t.Errorf("%v, %d", err, a.StatusCode)
	}
}
