package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"cloudbm/accounts"
	"cloudbm/doors"
	"cloudbm/egov"
	"cloudbm/notices"
	"cloudbm/openid"
	"cloudbm/say"
	"cloudbm/store"
)

// National is how the platform is known to 我的E政府, by OpenID Connect or in the older style of a ticket (domain §5.1).
type National struct {
	Issuer     string            `env:"CLOUDBM_EGOV_ISSUER" help:"Issuer of 我的E政府; without it the stand-in is asked, where there is one."`
	Client     string            `env:"CLOUDBM_EGOV_CLIENT" default:"cloudbm" help:"What the platform is called there."`
	Secret     string            `env:"CLOUDBM_EGOV_SECRET" help:"Its secret."`
	SecretFile string            `env:"CLOUDBM_EGOV_SECRET_FILE" help:"A file with its secret."`
	Scopes     []string          `env:"CLOUDBM_EGOV_SCOPES" default:"profile,email,national_id" help:"What is asked for besides openid."`
	Claims     map[string]string `env:"CLOUDBM_EGOV_CLAIMS" mapsep:"," help:"Our names of claims with theirs: subject=…,account=…,name=…,email=…,national_id=…,level=…"`
	Style      string            `env:"CLOUDBM_EGOV_STYLE" default:"openid" enum:"openid,ticket" help:"openid, or ticket for the older style."`
	SignIn     string            `env:"CLOUDBM_EGOV_SIGNIN" help:"Older style: the page people sign in at, …/portal/Clogin.aspx"`
	Exchange   string            `env:"CLOUDBM_EGOV_EXCHANGE" help:"Older style: where a ticket is exchanged."`
	Join       string            `env:"CLOUDBM_EGOV_JOIN" help:"Where people become members of 我的E政府."`
}

func (n National) secret() (string, error) {
	if n.SecretFile == "" {
		return n.Secret, nil
	}
	b, err := os.ReadFile(n.SecretFile)
	if err != nil {
		return "", fmt.Errorf("CLOUDBM_EGOV_SECRET_FILE: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}

// national is the door to 我的E政府: the real one as configured, else the stand-in where there is one, else none (nil).
func (h *house) national() (doors.National, string, error) {
	n := h.cfg.National
	secret, err := n.secret()
	if err != nil {
		return nil, "", err
	}
	if n.Issuer == "" {
		if !h.cfg.standIn() {
			return nil, n.Join, nil
		}
		if secret, err = h.standInSecret(); err != nil {
			return nil, "", err
		}
		at := h.cfg.base() + "/egov"
		n.Issuer, n.Client, n.Join, n.Claims = at, platformID, "/egov/join", map[string]string{"account": "account", "level": "level"}
		n.SignIn, n.Exchange = at+"/portal/Clogin.aspx", at+"/portal/ticket"
	}
	says, back := say.T("我的e政府", "MyEGov"), h.cfg.base()+doors.EGovURL+"/back"
	if n.Style == "ticket" {
		t, err := openid.NewTicket(h.db, openid.TicketSettings{Name: "egov", Says: says, Issuer: n.Issuer, SignIn: n.SignIn, At: n.Exchange, Back: back,
			Fixed: map[string]string{"ver": "Simple", "Level": "1"}, Token: "ticket", Field: "ticket", Names: ticketNames(n.Claims),
			Secrets: map[string]string{"client_id": n.Client, "client_secret": secret}, Log: h.log})
		return t, n.Join, err
	}
	p, err := openid.NewParty(h.db, openid.PartySettings{Name: "egov", Says: says, Issuer: n.Issuer, ClientID: n.Client, Secret: secret,
		Redirect: back, Bye: h.cfg.base() + "/signed-out", Scopes: n.Scopes, Names: n.Claims, Log: h.log})
	return p, n.Join, err
}

// ticketNames are the names of claims in a ticket: those of the configuration, else those of the stand-in.
func ticketNames(configured map[string]string) openid.Names {
	out := openid.Names{"subject": "sub", "account": "account", "name": "name", "email": "email", "national_id": "national_id", "level": "level"}
	for ours, theirs := range configured {
		out[ours] = theirs
	}
	return out
}

// platformID is what the platform is called at the stand-in.
const platformID = "cloudbm"

// standInSecret is what the platform proves itself with at the stand-in: the same on every node, and in no file.
func (h *house) standInSecret() (secret string, err error) {
	err = h.db.Read(context.Background(), func(tx *store.Tx) (err error) {
		secret, err = tx.Blind("the platform's secret at the stand-in for 我的E政府")
		return err
	})
	return secret, err
}

// standIn mounts the stand-in for 我的E政府, at which the platform is the one system known.
func (h *house) standIn() error {
	secret, err := h.standInSecret()
	if err != nil {
		return err
	}
	platform := egov.System{ID: platformID, Name: accounts.PlatformName, Secret: secret,
		Returns: []string{h.cfg.base() + doors.EGovURL + "/back"}, SignedOut: []string{h.cfg.base() + "/signed-out"}}
	return (&egov.Site{Base: h.cfg.base(), Letter: memberLetter, Systems: []egov.System{platform}, Telephones: h.cfg.lines(), Cards: h.cards}).Mount(h.site)
}

// memberLetter sends what the stand-in for 我的E政府 has to tell one of its members.
func memberLetter(tx *store.Tx, to egov.Member, subject, body say.Text) error {
	return notices.Write(tx, notices.Letter{ID: store.NewID(), To: to.Email, Name: to.Name, Subject: subject.Zh, Text: body.Zh})
}

// check refuses what production must not have.
func (n National) check(production bool) error {
	if production && n.Issuer != "" && !strings.HasPrefix(n.Issuer, "https://") {
		return errors.New("CLOUDBM_EGOV_ISSUER has to begin with https://")
	}
	return nil
}
