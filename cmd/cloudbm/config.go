package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cloudbm/blob"
	"cloudbm/egov"
	"cloudbm/jobs"
	"cloudbm/notices"
	"cloudbm/roles"
	"cloudbm/sim/card"
	"cloudbm/store"
)

// Config is everything that can be set, as a flag or in the environment. Every zero value works: SQLite and files
// under ./data, mail shown on a page.
type Config struct {
	Listen        string `env:"CLOUDBM_LISTEN" default:"127.0.0.1:8080" help:"Address to listen on."`
	Base          string `env:"CLOUDBM_BASE_URL" help:"Address people reach us at, https://host; default http://LISTEN."`
	Data          string `env:"CLOUDBM_DATA_DIR" default:"data" help:"Folder for the database, files and keys."`
	DatabaseURL   string `env:"CLOUDBM_DATABASE_URL" help:"postgres://… ; default an SQLite file in the data folder."`
	KeyFile       string `env:"CLOUDBM_KEY_FILE" help:"Keys of protected facts, newest first, hex; default DATA/keys."`
	Production    bool   `env:"CLOUDBM_PRODUCTION" help:"Served over HTTPS to real people: refuses the demo and its mail page."`
	Trial         bool   `env:"CLOUDBM_TRIAL" default:"true" negatable:"" help:"Show the tag 試營運."`
	OfficerFactor bool   `env:"CLOUDBM_OFFICER_FACTOR" default:"true" negatable:"" help:"Officers do the authority's work only with a second factor."`

	Proxies   []string `env:"CLOUDBM_PROXIES" help:"Networks whose X-Forwarded-For is believed, such as 10.0.0.0/8."`
	Workers   int      `env:"CLOUDBM_WORKERS" default:"2" help:"Jobs done at the same time."`
	MaxSet    int64    `env:"CLOUDBM_MAX_SET_MB" default:"400" help:"Most megabytes of drawings that one PDF of an approved set is made of."`
	RareFonts string   `env:"CLOUDBM_RARE_FONTS" help:"Folder with the government's TW-Kai fonts for rare characters."`
	LogJSON   bool     `env:"CLOUDBM_LOG_JSON" help:"Write the log as JSON."`
	EGov      string   `env:"CLOUDBM_EGOV" default:"auto" enum:"auto,on,off" help:"The stand-in for 我的E政府 under /egov: on, off, or (auto) on where it is safe and not in production."`
	EGovLines []string `env:"CLOUDBM_EGOV_LINES" default:"0800-080-117,412-1166,(02)21927111" help:"Whom its pages name to call: about citizen cards, company cards, the site."`

	National National `embed:"" prefix:"egov-"`

	HealthComponent []string `env:"CLOUDBM_HEALTH_COMPONENT" help:"Addresses of the health card component beside the browser, such as wss://localhost:7777/echo."`
	HealthCheck     string   `env:"CLOUDBM_HEALTH_CHECK" help:"Address of the service that verifies health cards; without it that door opens later."`
	HealthKey       string   `env:"CLOUDBM_HEALTH_KEY" help:"What the verification service knows us by."`

	SMTPHost     string `env:"CLOUDBM_SMTP_HOST" help:"Mail server; none shows mail on a page (not in production)."`
	SMTPPort     int    `env:"CLOUDBM_SMTP_PORT"`
	SMTPSecurity string `env:"CLOUDBM_SMTP_SECURITY" default:"starttls" enum:"starttls,tls,plain"`
	SMTPUser     string `env:"CLOUDBM_SMTP_USER"`
	SMTPPassword string `env:"CLOUDBM_SMTP_PASSWORD"`
	MailFrom     string `env:"CLOUDBM_MAIL_FROM" default:"noreply@example.test"`

	Simulators bool `env:"CLOUDBM_SIMULATORS" default:"true" negatable:"" help:"The demonstration starts simulated cards and keys of authorities, where the packages are installed."`

	Cards CardConfig `embed:"" prefix:"card-"`
	Sign  SignConfig `embed:"" prefix:"sign-"`

	cards *card.Sim // of the demonstration
}

func (c *Config) log() *slog.Logger { return c.logFrom(slog.LevelInfo) }

// quiet is for libraries that write a log of their own: what they only mention is left out.
func (c *Config) quiet() *slog.Logger { return c.logFrom(slog.LevelWarn) }

func (c *Config) logFrom(level slog.Level) *slog.Logger {
	how := &slog.HandlerOptions{Level: level}
	if c.LogJSON {
		return slog.New(slog.NewJSONHandler(os.Stderr, how))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, how))
}

func (c *Config) base() string {
	if c.Base != "" {
		return strings.TrimRight(c.Base, "/")
	}
	return "http://" + c.Listen
}

// origin names the list of licences, in the first line of every checkpoint.
func (c *Config) origin() string {
	_, host, _ := strings.Cut(c.base(), "://")
	return host + "/register/ledger"
}

func (c *Config) path(name string) string { return filepath.Join(c.Data, name) }

func (c *Config) check() error {
	if c.Production && !strings.HasPrefix(c.Base, "https://") {
		return errors.New("production needs CLOUDBM_BASE_URL, beginning with https://")
	}
	if c.Production && c.EGov == "on" {
		return errors.New("production has the real 我的E政府: CLOUDBM_EGOV has to be off, the stand-in is for demonstrations and tests")
	}
	if err := c.National.check(c.Production); err != nil {
		return err
	}
	if err := c.Cards.check(); err != nil {
		return err
	}
	if n := len(c.EGovLines); n != 0 && n != 3 {
		return errors.New("CLOUDBM_EGOV_LINES needs three telephone numbers: citizen cards, company cards, the site")
	}
	if c.Production && c.SMTPHost == "" {
		return errors.New("production needs CLOUDBM_SMTP_HOST: letters have to reach people")
	}
	if err := c.Sign.check(c.Production); err != nil {
		return err
	}
	return c.checkHealth()
}

// lines are whom the pages of the stand-in name to call.
func (c *Config) lines() egov.Telephones {
	if len(c.EGovLines) != 3 {
		return egov.Printed
	}
	return egov.Telephones{Citizen: c.EGovLines[0], Company: c.EGovLines[1], Help: c.EGovLines[2]}
}

// standIn reports whether the stand-in for 我的E政府 is there. Unless it is asked for, it is there only where OpenID is
// safe: over https, or on this machine.
func (c *Config) standIn() bool {
	u, err := url.Parse(c.base())
	safe := err == nil && (u.Scheme == "https" || slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname()))
	return c.EGov == "on" || c.EGov != "off" && !c.Production && safe
}

func (c *Config) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range c.Proxies {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("CLOUDBM_PROXIES: %w", err)
		}
		out = append(out, p)
	}
	return out, nil
}

// open opens the database, brings it up to date and gives it its keys.
func (c *Config) open(ctx context.Context) (*store.DB, error) {
	url := c.DatabaseURL
	if url == "" {
		url = c.path("cloudbm.db")
	}
	db, err := store.Open(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := c.prepare(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (c *Config) prepare(ctx context.Context, db *store.DB) error {
	if err := db.Migrate(ctx); err != nil {
		return fmt.Errorf("bring the database up to date: %w", err)
	}
	if err := jobs.Migrate(ctx, db); err != nil {
		return fmt.Errorf("bring the queue up to date: %w", err)
	}
	keys := c.KeyFile
	if keys == "" {
		keys = c.path("keys")
	}
	v, err := store.VaultFile(keys)
	if err != nil {
		return err
	}
	db.SetVault(v)
	return db.Write(ctx, roles.Prepare)
}

func (c *Config) blobs() (*blob.Store, error) { return blob.Open(c.path("blobs")) }

func (c *Config) post(db *store.DB) notices.Post {
	if c.SMTPHost == "" {
		return notices.Shelf{DB: db, Production: c.Production}
	}
	return notices.SMTP{Host: c.SMTPHost, Port: c.SMTPPort, Security: notices.Security(c.SMTPSecurity), User: c.SMTPUser,
		Password: c.SMTPPassword, From: c.MailFrom}
}
