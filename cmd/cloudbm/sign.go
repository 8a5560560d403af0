package main

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cloudbm/blob"
	"cloudbm/cms"
	"cloudbm/deeds"
	"cloudbm/pki"
	"cloudbm/roles"
	"cloudbm/sim/card"
	"cloudbm/sim/softhsm"
	"cloudbm/sim/stamp"
	"cloudbm/taiwan"
)

// SignConfig is what can be set about the authorities' own signatures (docs/operations.md).
type SignConfig struct {
	Module string `env:"CLOUDBM_SIGN_MODULE" help:"PKCS #11 library of the token with the authorities' keys; none: receipts and licences are not signed (not in production)."`
	Token  string `env:"CLOUDBM_SIGN_TOKEN" help:"Label of the token."`
	PIN    string `name:"pin-file" env:"CLOUDBM_SIGN_PIN_FILE" help:"A file with its PIN."`
	Chain  string `env:"CLOUDBM_SIGN_CHAIN" help:"Folder with the certificates, LABEL.pem for the key LABEL: an authority's code, or platform."`

	TSA        string   `name:"tsa-url" env:"CLOUDBM_TSA_URL" help:"Address of an authority for time stamps (RFC 3161); none: no time stamps."`
	TSAAnchors []string `name:"tsa-anchors" env:"CLOUDBM_TSA_ANCHORS" help:"Files or folders with whom it has to be certified by, PEM or DER."`
	TSASilent  string   `name:"tsa-silent" env:"CLOUDBM_TSA_SILENT" default:"sign-without" enum:"sign-without,refuse" help:"When it does not answer: sign without a time stamp, or wait for it."`

	env []string // of the demonstration's library
}

func (c SignConfig) check(production bool) error {
	switch {
	case production && c.Module == "":
		return errors.New("production needs CLOUDBM_SIGN_MODULE: receipts and licences have to be signed")
	case c.Module != "" && (c.Token == "" || c.PIN == "" || c.Chain == ""):
		return errors.New("CLOUDBM_SIGN_MODULE needs CLOUDBM_SIGN_TOKEN, CLOUDBM_SIGN_PIN_FILE and CLOUDBM_SIGN_CHAIN")
	case c.TSA != "" && !strings.HasPrefix(c.TSA, "http://") && !strings.HasPrefix(c.TSA, "https://"):
		return errors.New("CLOUDBM_TSA_URL has to begin with http:// or https://")
	case c.TSA != "" && len(c.TSAAnchors) == 0:
		return errors.New("CLOUDBM_TSA_URL needs CLOUDBM_TSA_ANCHORS: a time stamp of just anybody proves nothing")
	}
	return nil
}

// soon is how long before the end of a certificate the log begins to speak of it.
const soon = 60 * 24 * time.Hour

// room opens the token and tries its keys.
func (c SignConfig) room(h *house, files *blob.Store) (*deeds.Room, error) {
	r := &deeds.Room{DB: h.db, Blobs: files, Log: h.log, TSANeeds: c.TSASilent == "refuse"}
	if c.Module == "" {
		return r, nil
	}
	now := h.db.Now()
	var err error
	r.Ring, err = deeds.OpenRing(context.Background(), deeds.Settings{Token: deeds.Token{Module: c.Module, Label: c.Token, Env: c.env},
		PINFile: c.PIN, Chains: c.Chain, Production: h.cfg.Production}, now)
	if err != nil {
		return nil, err
	}
	for who, end := range r.Ring.Ends(now) {
		if end.Sub(now) < soon {
			h.log.Warn("the certificate that signs is about to end", "authority", who, "until", end)
		}
	}
	if c.TSA != "" {
		anchors, err := pki.LoadAnchors(h.cfg.Production, c.TSAAnchors...)
		if err != nil {
			return nil, err
		}
		r.TSA = &deeds.TSA{URL: c.TSA, Anchors: anchors, Now: h.db.Now}
	}
	return r, nil
}

// demoSign gives the demonstration the keys of an authority and of the platform, certified by the test authority of the
// government and made once, and an authority for time stamps; and says in one sentence what there is.
func (c *Config) demoSign(ctx context.Context) string {
	if c.Sign.Module != "" {
		return "機關簽章：使用設定的金鑰"
	}
	err := c.demoKeys(ctx)
	if errors.Is(err, softhsm.ErrMissing) {
		return "機關簽章：沒有安裝 softhsm2 及 opensc，收據與執照不簽章"
	}
	if err != nil {
		return "機關簽章沒有啟動，收據與執照不簽章：" + err.Error()
	}
	return "機關簽章：收據與執照由測試憑證簽章（根憑證 " + c.path("cards/anchors.pem") + "）"
}

// demoToken is the label of the demonstration's token.
const demoToken = "cloudbm-demo"

func (c *Config) demoKeys(ctx context.Context) error {
	h, err := softhsm.Open(c.path("signing"))
	if err != nil {
		return err
	}
	ca, err := c.demoCA()
	if err != nil {
		return err
	}
	chains, pinFile := c.path("signing/chains"), c.path("signing/pin")
	if _, err := os.Stat(chains); errors.Is(err, fs.ErrNotExist) {
		if err := makeDemoKeys(h, ca, chains, pinFile); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	t := h.Token(demoToken)
	s := SignConfig{Module: t.Module, Token: t.Label, PIN: pinFile, Chain: chains, TSASilent: c.Sign.TSASilent, TSA: c.Sign.TSA, TSAAnchors: c.Sign.TSAAnchors, env: t.Env}
	if s.TSA == "" {
		if s.TSA, err = serveTSA(ctx, ca); err != nil {
			return err
		}
		s.TSAAnchors = []string{c.path("cards/anchors.pem")}
	}
	c.Sign = s
	return nil
}

// demoCA is the authorities of the card simulator, or the same without one.
func (c *Config) demoCA() (*card.CA, error) {
	if c.cards != nil {
		return c.cards.CA, nil
	}
	ca, err := card.NewCA(c.path("cards/authorities"), "http://127.0.0.1:61161", time.Now())
	if err != nil {
		return nil, err
	}
	return ca, os.WriteFile(c.path("cards/anchors.pem"), ca.Anchors(), 0o600)
}

// makeDemoKeys makes the token anew. The folder with the certificates comes last: where it is, everything is.
func makeDemoKeys(h *softhsm.HSM, ca *card.CA, chains, pinFile string) error {
	pin := rand.Text()[:12]
	if err := h.Empty(); err != nil {
		return err
	}
	if err := errors.Join(h.Init(demoToken, pin), os.WriteFile(pinFile, []byte(pin+"\n"), 0o600)); err != nil {
		return err
	}
	tainan, ok := taiwan.AuthorityByCode(roles.Tainan)
	if !ok {
		return fmt.Errorf("there is no authority %s", roles.Tainan)
	}
	half := chains + ".new"
	if err := errors.Join(os.RemoveAll(half), os.MkdirAll(half, 0o700)); err != nil {
		return err
	}
	from := time.Now().Add(-time.Hour)
	for i, k := range []struct{ label, name, number string }{{roles.Tainan, tainan.Name, "4"}, {deeds.Platform, "全國建築管理資訊平台", "5"}} {
		public, err := h.Make(demoToken, pin, k.label, fmt.Sprintf("%02d", i+1), k.label == roles.Tainan)
		if err != nil {
			return err
		}
		// The simulator is not there for ever; programs that ask it about revocation would doubt what is sound.
		x, err := ca.Issue(card.Holder{Kind: pki.Government, Name: k.name, Organisation: k.number}, public, from, from.AddDate(5, 0, 0), func(x *x509.Certificate) { x.OCSPServer = nil })
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(half, k.label+".pem"), append(cms.PEM(x), cms.PEM(ca.Chain(pki.Government)...)...), 0o600); err != nil {
			return err
		}
	}
	return os.Rename(half, chains)
}

// serveTSA serves an authority for time stamps until ctx ends.
func serveTSA(ctx context.Context, ca *card.CA) (string, error) {
	tsa, err := stamp.New(ca, time.Now)
	if err != nil {
		return "", err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: tsa.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(l) }() // ends with Close
	context.AfterFunc(ctx, func() { _ = server.Close() })
	return "http://" + l.Addr().String(), nil
}

// signers are the authorities that have certified our own keys, of every generation, and those of cards.
func (h *house) signers() *cms.Trust {
	t := h.cards.Anchors.Trust
	t.Roots = slices.Clone(t.Roots)
	for _, x := range h.deeds.Ring.Certificates() {
		if x.IsCA && !slices.ContainsFunc(t.Roots, x.Equal) {
			t.Roots = append(t.Roots, x)
		}
	}
	return &t
}

// signList signs the checkpoints of the list of licences, which is one for all authorities: with the key of the platform.
func (h *house) signList(ctx context.Context, content []byte) ([]byte, error) {
	return h.deeds.Detached(ctx, deeds.Platform, content)
}
