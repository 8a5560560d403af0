package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"cloudbm/cards"
	"cloudbm/pki"
	"cloudbm/sim/card"
	"cloudbm/store"
)

// CardConfig is what can be set about certificates (docs/operations.md).
type CardConfig struct {
	Anchors     []string `env:"CLOUDBM_CARD_ANCHORS" help:"Files or folders with the trusted authorities, PEM or DER; none: no cards."`
	Hosts       []string `env:"CLOUDBM_CARD_HOSTS" help:"Hosts of authorities that may be asked about revocation, host or host:port."`
	Unreachable string   `env:"CLOUDBM_CARD_UNREACHABLE" default:"refuse" enum:"refuse,accept-and-note" help:"When no authority can say whether a certificate was revoked."`
	Component   string   `env:"CLOUDBM_CARD_COMPONENT" default:"http://localhost:61161" help:"Origin of the card component on visitors' computers."`
	Windows     string   `env:"CLOUDBM_CARD_WINDOWS" default:"1.3.4.103327" help:"Oldest version of the component on Windows."`
	Mac         string   `env:"CLOUDBM_CARD_MAC" default:"1.3.4.13" help:"Oldest version of the component on macOS."`
	Number      string   `env:"CLOUDBM_CARD_NUMBER" help:"Pattern (RE2) of the whole number under the bar code of a card, in capitals without blanks; none: two letters, then 14 or 16 letters or digits."`
	Warn        []int    `env:"CLOUDBM_CARD_WARN" default:"90,30,7" help:"Days before its end on which the holder of a card is told."`
}

func (c CardConfig) room(db *store.DB, cfg *Config) (*pki.Room, error) {
	a, err := pki.LoadAnchors(cfg.Production, c.Anchors...)
	return &pki.Room{DB: db, Anchors: a, Site: cfg.base(), Unreachable: pki.Unreachable(c.Unreachable), Hosts: c.Hosts,
		Component: strings.TrimRight(c.Component, "/"), Least: pki.Least{Windows: c.Windows, Mac: c.Mac}}, err
}

// check refuses a pattern that cannot be read, and days that never come.
func (c CardConfig) check() error {
	if _, err := regexp.Compile(c.Number); err != nil {
		return fmt.Errorf("CLOUDBM_CARD_NUMBER: %w", err)
	}
	for _, d := range c.Warn {
		if d < 0 {
			return fmt.Errorf("CLOUDBM_CARD_WARN: %d days before the end never come", d)
		}
	}
	return nil
}

// numbers are how the numbers of cards look here.
func (c CardConfig) numbers() cards.Numbers {
	if c.Number == "" {
		return cards.Numbers{}
	}
	return cards.Numbers{Pattern: regexp.MustCompile(`^(?:` + c.Number + `)$`)}
}

type cardSimCmd struct {
	On      string   `default:"127.0.0.1:61161" help:"Address of the component, the authorities and the desk."`
	Dir     string   `help:"Folder for keys and certificates; default DATA/cards."`
	Origins []string `help:"Origins whose pages may use cards; default the address of the counter."`
	Card    string   `help:"Number of the card in the reader."`
}

// Run serves the card simulator until it is told to stop.
func (c cardSimCmd) Run(cfg *Config) error {
	if cfg.Production {
		return errors.New("the simulator has no place in production")
	}
	ctx, cancel := untilSignal()
	defer cancel()
	if c.Dir == "" {
		c.Dir = cfg.path("cards")
	}
	if len(c.Origins) == 0 {
		c.Origins = []string{cfg.base()}
	}
	l, err := net.Listen("tcp", c.On)
	if err != nil {
		return err
	}
	sim, anchors, err := newCardSim(c.Dir, l.Addr().String(), c.Origins)
	if err == nil && c.Card != "" {
		err = sim.Insert(c.Card)
	}
	if err != nil {
		return errors.Join(err, l.Close())
	}
	fmt.Printf("\n  http://%s/\n  CLOUDBM_CARD_ANCHORS=%s CLOUDBM_CARD_HOSTS=%[1]s CLOUDBM_CARD_COMPONENT=http://%[1]s\n\n", l.Addr(), anchors)
	return serveCards(ctx, l, sim)
}

// newCardSim is a simulator at that address, and the file in which its authorities are.
func newCardSim(dir, address string, origins []string) (*card.Sim, string, error) {
	sim, err := card.New(dir, "http://"+address, time.Now, origins...)
	if err != nil {
		return nil, "", err
	}
	anchors := filepath.Join(dir, "anchors.pem")
	return sim, anchors, os.WriteFile(anchors, sim.CA.Anchors(), 0o600)
}

func serveCards(ctx context.Context, l net.Listener, sim *card.Sim) error {
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

// demoCards starts the simulator beside the demonstration and says in one sentence what there is: where the component is
// expected, or elsewhere if another program listens there. Where authorities are configured or SoftHSM is missing, there
// are no simulated cards.
func (c *Config) demoCards(ctx context.Context) string {
	if len(c.Cards.Anchors) > 0 {
		return "憑證卡：使用設定的憑證管理中心"
	}
	l, err := net.Listen("tcp", "127.0.0.1:61161")
	if err != nil {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return "憑證卡模擬器沒有啟動：" + err.Error()
	}
	sim, anchors, err := newCardSim(c.path("cards"), l.Addr().String(), []string{c.base(), strings.Replace(c.base(), "//127.0.0.1:", "//localhost:", 1)})
	if err != nil {
		l.Close()
		return "憑證卡模擬器沒有啟動：" + err.Error()
	}
	c.cards = sim
	c.Cards.Anchors, c.Cards.Hosts, c.Cards.Component = []string{anchors}, []string{l.Addr().String()}, "http://"+l.Addr().String()
	go func() {
		if err := serveCards(ctx, l, sim); err != nil {
			c.log().Warn("the card simulator has ended", "error", err)
		}
	}()
	return "憑證卡模擬器：http://" + l.Addr().String() + "/（PIN 碼 " + card.PIN + "）"
}
