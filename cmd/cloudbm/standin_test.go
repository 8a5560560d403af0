package main

import (
	"strings"
	"testing"
)

// TestStandIn: the stand-in for 我的E政府 is there where it is safe, and never in production.
func TestStandIn(t *testing.T) {
	production := Config{Production: true, Base: "https://cloudbm.test", SMTPHost: "mail.test",
		Sign: SignConfig{Module: "/opt/hsm/lib.so", Token: "cloudbm", PIN: "/etc/cloudbm/pin", Chain: "/etc/cloudbm/signing"}}
	for what, x := range map[string]struct {
		cfg  Config
		on   bool
		says string
	}{
		"this machine":     {Config{Listen: "127.0.0.1:8080"}, true, ""},
		"over https":       {Config{Base: "https://cloudbm.test"}, true, ""},
		"plain, elsewhere": {Config{Listen: "0.0.0.0:8080"}, false, ""},
		"switched off":     {Config{Listen: "127.0.0.1:8080", EGov: "off"}, false, ""},
		"production":       {production, false, ""},
	} {
		if got := x.cfg.standIn(); got != x.on {
			t.Errorf("%s: %v", what, got)
		}
		if err := x.cfg.check(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	production.EGov = "on"
	if err := production.check(); err == nil || !strings.Contains(err.Error(), "CLOUDBM_EGOV has to be off") {
		t.Errorf("asked for in production: %v", err)
	}
	one := Config{Listen: "127.0.0.1:8080", EGovLines: []string{"412-1166"}}
	if err := one.check(); err == nil {
		t.Error("one telephone number for three lines")
	}
	if got := (&Config{EGovLines: []string{"1", "2", "3"}}).lines(); got.Company != "2" {
		t.Errorf("%+v", got)
	}
}
