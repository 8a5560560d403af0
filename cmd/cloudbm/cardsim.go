package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"cloudbm/sim/card"
)

const cardSimAddress = "127.0.0.1:61161"

type cardSimCmd struct {
	On      string   `default:"127.0.0.1:61161" help:"Address of the component, the desk and the authorities."`
	Origins []string `help:"Origins whose pages may use cards; default the address of the counter."`
}

// Run serves the card simulator until it is told to stop.
func (s cardSimCmd) Run(cfg *Config) error {
	if cfg.Production {
		return errors.New("the simulator has no place in production")
	}
	ctx, cancel := untilSignal()
	defer cancel()
	if len(s.Origins) == 0 {
		s.Origins = []string{cfg.base()}
	}
	l, sim, anchors, err := cfg.openCards(s.On, s.Origins...)
	if err != nil {
		return err
	}
	fmt.Printf("\n  CLOUDBM_CARD_ANCHORS=%s CLOUDBM_CARD_HOSTS=%s\n  卡片控制臺：http://%s/（PIN 碼 %s）\n\n", anchors, s.On, s.On, card.PIN)
	return simulateCards(ctx, l, sim)
}

// openCards takes the address and makes the simulator, with the anchors to trust in a file.
func (c *Config) openCards(on string, origins ...string) (l net.Listener, sim *card.Component, anchors string, err error) {
	if err := card.Missing(); err != nil {
		return nil, nil, "", err
	}
	if l, err = net.Listen("tcp", on); err != nil {
		return nil, nil, "", fmt.Errorf("the card simulator needs its port: %w", err)
	}
	anchors = c.path("cardsim/anchors.pem")
	sim, err = card.New(c.path("cardsim"), "http://"+on, time.Now, origins...)
	if err == nil {
		err = os.WriteFile(anchors, sim.CA.Anchors(), 0o600)
	}
	if err != nil {
		return nil, nil, "", errors.Join(err, l.Close())
	}
	return l, sim, anchors, nil
}

// simulateCards serves the simulator until ctx ends.
func simulateCards(ctx context.Context, l net.Listener, sim *card.Component) error {
	server := &http.Server{Handler: sim.Handler(), ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return server.Close()
	}
}

// demoCards starts the simulator beside the demonstration and trusts its authorities, and tells where its desk is. If
// anchors are configured, the programs are missing or the port is taken, cards are as configured.
func (c *Config) demoCards(ctx context.Context) (desk string, err error) {
	if len(c.CardAnchors) > 0 {
		return "", nil
	}
	l, sim, anchors, err := c.openCards(cardSimAddress, c.base())
	if err != nil {
		return "", err
	}
	c.CardAnchors, c.CardHosts = []string{anchors}, append(c.CardHosts, cardSimAddress)
	go func() {
		if err := simulateCards(ctx, l, sim); err != nil {
			c.log().Warn("the card simulator has ended", "error", err)
		}
	}()
	return "http://" + cardSimAddress + "/", nil
}
