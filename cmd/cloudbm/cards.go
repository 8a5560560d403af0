package main

import (
	"fmt"
	"strings"

	"cloudbm/pki"
)

// cards is the room that verifies cards. Without anchors it refuses every card.
func (c *Config) cards() (*pki.Room, error) {
	anchors, err := pki.LoadAnchors(c.Production, c.CardAnchors...)
	if err != nil {
		return nil, err
	}
	return &pki.Room{Anchors: anchors, Site: c.base(), Unreachable: pki.Unreachable(c.CardUnreachable), Hosts: c.CardHosts,
		Component: c.CardComponent, Least: pki.Least{Windows: c.CardLeastWindows, Mac: c.CardLeastMac}}, nil
}

// checkCards looks over what is configured for cards.
func (c *Config) checkCards() error {
	if at := c.CardComponent; at != "" && (!strings.HasPrefix(at, "http://localhost:") && !strings.HasPrefix(at, "http://127.0.0.1:") && !strings.HasPrefix(at, "https://")) {
		return fmt.Errorf("CLOUDBM_CARD_COMPONENT: %q is no origin such as %s", at, pki.DefaultComponent)
	}
	if len(c.CardAnchors) > 0 && len(c.CardHosts) == 0 && c.CardUnreachable != string(pki.AcceptAndNote) {
		return fmt.Errorf("CLOUDBM_CARD_HOSTS: without the hosts of the authorities every card is refused, for nobody can say that it was not revoked")
	}
	_, err := c.cards()
	return err
}
