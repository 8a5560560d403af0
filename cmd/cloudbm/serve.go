package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"cloudbm/accounts"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/store"
	"cloudbm/web"
)

func untilSignal() (context.Context, context.CancelFunc) {
	return signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
}

type serveCmd struct{}

// Run serves until it is told to stop.
func (serveCmd) Run(cfg *Config) error {
	ctx, cancel := untilSignal()
	defer cancel()
	h, err := build(ctx, cfg)
	if err != nil {
		return err
	}
	return h.run(ctx)
}

// leaving is set once the program is told to stop: a load balancer then sends nobody here.
type leaving struct{ atomic.Bool }

// watch opens the doors for those who watch the machine.
func (h *house) watch() {
	plain := func(f func(r *http.Request) error) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			if err := f(r); err != nil {
				h.log.Warn("not ready", "error", err)
				http.Error(w, "not ready", http.StatusServiceUnavailable)
				return
			}
			fmt.Fprintln(w, "ok")
		})
	}
	h.site.HandleRaw("GET /healthz", web.Anyone, plain(func(*http.Request) error { return nil }))
	h.site.HandleRaw("GET /readyz", web.Anyone, plain(func(r *http.Request) error {
		if h.Load() {
			return errors.New("stopping")
		}
		return errors.Join(h.db.Ping(r.Context()), h.room.Blobs.Healthy())
	}))
	figures := promhttp.HandlerFor(h.site.Metrics, promhttp.HandlerOpts{})
	h.site.HandleRaw("GET /metrics", web.Anyone, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Figures are for those who run the machine: from this machine, or from a network that is trusted as a proxy.
		from, err := netip.ParseAddr(web.FromContext(r.Context()).IP())
		if err != nil || !from.IsLoopback() && !h.trusted(from) {
			http.NotFound(w, r)
			return
		}
		figures.ServeHTTP(w, r)
	}))
}

func (h *house) trusted(from netip.Addr) bool {
	return slices.ContainsFunc(h.site.Proxies, func(p netip.Prefix) bool { return p.Contains(from) })
}

type migrateCmd struct{}

// Run brings the database up to date and stops.
func (migrateCmd) Run(cfg *Config) error {
	db, err := cfg.open(context.Background())
	if err != nil {
		return err
	}
	return db.Close()
}

type adminCmd struct {
	Email string `arg:"" help:"E-mail the administrator will sign in with."`
	Name  string `arg:"" help:"Name of the administrator."`
}

// Run makes an administrator and prints the one-time link by which a password is set.
func (a adminCmd) Run(cfg *Config) error {
	ctx := context.Background()
	db, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	var link string
	err = db.Write(ctx, func(tx *store.Tx) error {
		p, err := accounts.New(tx, accounts.Person{Name: a.Name, Email: a.Email, Terms: accounts.Terms})
		if err != nil {
			return err
		}
		if err := roles.Seat(tx, permit.System, p.ID, "", roles.Administrator); err != nil {
			return err
		}
		link, err = accounts.NewLink(tx, permit.System, p.ID, 24*time.Hour)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Printf("Set the password within 24 hours at:\n%s/password/%s\n", cfg.base(), link)
	return nil
}

type checkCmd struct{}

// Run looks everything over: the catalogue, the database, every file and the log of every case.
func (checkCmd) Run(cfg *Config) error {
	ctx, cancel := untilSignal()
	defer cancel()
	h, err := build(ctx, cfg)
	if err != nil {
		return err
	}
	defer h.close()
	return h.check(ctx, os.Stdout)
}
