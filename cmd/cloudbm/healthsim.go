package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"cloudbm/doors"
	"cloudbm/sim/health"
)

type healthSimCmd struct {
	On      string   `default:"127.0.0.1:7777" help:"Address of the component, the verification service and the desk."`
	TLS     bool     `help:"Serve wss:// and https:// with a certificate made for localhost."`
	Key     string   `default:"simulated" help:"What the house shows the verification service: its CLOUDBM_HEALTH_KEY."`
	Origins []string `help:"Origins whose pages may connect; default the address of the counter."`
}

// Run serves the health card simulator until it is told to stop.
func (s healthSimCmd) Run(cfg *Config) error {
	if cfg.Production {
		return errors.New("the simulator has no place in production")
	}
	ctx, cancel := untilSignal()
	defer cancel()
	if len(s.Origins) == 0 {
		s.Origins = []string{cfg.base()}
	}
	listener, err := net.Listen("tcp", s.On)
	if err != nil {
		return err
	}
	scheme := ""
	if s.TLS {
		cert, err := health.Certificate(time.Now())
		if err != nil {
			return err
		}
		listener, scheme = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}), "s"
	}
	fmt.Printf("\n  CLOUDBM_HEALTH_COMPONENT=ws%s://%s/echo CLOUDBM_HEALTH_CHECK=http%s://%s/verify CLOUDBM_HEALTH_KEY=%s\n\n", scheme, s.On, scheme, s.On, s.Key)
	return simulateHealth(ctx, listener, s.Key, s.Origins)
}

// simulateHealth serves the simulator until ctx ends.
func simulateHealth(ctx context.Context, l net.Listener, key string, origins []string) error {
	sim, err := health.New(key, origins...)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	server := &http.Server{Handler: sim.Handler(), ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err = <-failed:
		return err
	case <-ctx.Done():
		return server.Close() // connections of the component last as long as their page
	}
}

// demoHealth starts the simulator beside the demonstration, unless another one is configured or its port is taken; then
// the door opens later, as without a configuration.
func (c *Config) demoHealth(ctx context.Context) {
	if c.HealthCheck != "" {
		return
	}
	l, err := net.Listen("tcp", "127.0.0.1:7777")
	if err != nil {
		return
	}
	c.HealthComponent, c.HealthCheck, c.HealthKey = []string{"ws://127.0.0.1:7777/echo"}, "http://127.0.0.1:7777/verify", "simulated"
	go func() {
		if err := simulateHealth(ctx, l, c.HealthKey, []string{c.base(), strings.Replace(c.base(), "//127.0.0.1", "//localhost", 1)}); err != nil {
			c.log().Warn("the health card simulator has ended", "error", err)
		}
	}()
}

func (c *Config) health() doors.Health {
	return doors.Health{Components: c.HealthComponent, Check: c.HealthCheck, Key: c.HealthKey}
}

// checkHealth looks over the door of the health card: addresses that can be reached as they are, and in production no
// simulator.
func (c *Config) checkHealth() error {
	for _, at := range c.HealthComponent {
		u, err := url.Parse(at)
		if err != nil || u.Host == "" || u.Scheme != "wss" && (u.Scheme != "ws" || c.Production) || strings.ContainsAny(at, " ;,'\"") {
			return fmt.Errorf("CLOUDBM_HEALTH_COMPONENT: %q is no address such as wss://localhost:7777/echo", at)
		}
	}
	if c.HealthCheck == "" {
		return nil
	}
	u, err := url.Parse(c.HealthCheck)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || c.Production) {
		return fmt.Errorf("CLOUDBM_HEALTH_CHECK: %q is no address beginning with https://", c.HealthCheck)
	}
	if ip, err := netip.ParseAddr(u.Hostname()); c.Production && (u.Hostname() == "localhost" || strings.HasSuffix(u.Hostname(), ".localhost") || err == nil && (ip.Unmap().IsLoopback() || ip.IsUnspecified())) {
		return errors.New("CLOUDBM_HEALTH_CHECK is on this machine: a simulator vouches for nobody in production")
	}
	if c.Production && c.HealthKey == "" {
		return errors.New("CLOUDBM_HEALTH_CHECK needs CLOUDBM_HEALTH_KEY in production")
	}
	return nil
}
