// Package softhsm keeps keys in a SoftHSM of its own in a folder, as the tokens of the demonstration and of tests. It is
// driven through the programs that come with it, because a PKCS #11 library needs cgo and this program is built without.
package softhsm

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"cloudbm/deeds"
)

// ErrMissing says what to install.
var ErrMissing = errors.New("softhsm: the simulators keep keys in SoftHSM: install the packages softhsm2 and opensc")

// HSM is a folder with tokens.
type HSM struct{ dir, library string }

const soPIN = "87654321"

var libraries = []string{
	"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
	"/usr/lib64/softhsm/libsofthsm.so", "/usr/local/lib/softhsm/libsofthsm2.so", "/opt/homebrew/lib/softhsm/libsofthsm2.so",
}

// Open opens the tokens in dir; ErrMissing where the programs are not installed.
func Open(dir string) (*HSM, error) {
	h := &HSM{dir: dir}
	for _, l := range libraries {
		if _, err := os.Stat(l); err == nil {
			h.library = l
			break
		}
	}
	_, err1 := exec.LookPath("softhsm2-util")
	_, err2 := exec.LookPath("pkcs11-tool")
	if h.library == "" || err1 != nil || err2 != nil {
		return nil, ErrMissing
	}
	tokens, err := filepath.Abs(filepath.Join(dir, "tokens"))
	if err == nil {
		err = os.MkdirAll(tokens, 0o700)
	}
	if err != nil {
		return nil, err
	}
	return h, os.WriteFile(h.conf(), []byte("directories.tokendir = "+tokens+"\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n"), 0o600)
}

func (h *HSM) conf() string { return filepath.Join(h.dir, "softhsm2.conf") }

// Token is the token with that label.
func (h *HSM) Token(label string) deeds.Token {
	return deeds.Token{Module: h.library, Label: label, Env: []string{"SOFTHSM2_CONF=" + h.conf()}}
}

// Init makes a token without keys. SoftHSM itself can only be told the PIN by an argument; it is the PIN of a simulator.
func (h *HSM) Init(label, pin string) error {
	c := exec.Command("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", soPIN)
	c.Env = append(os.Environ(), "SOFTHSM2_CONF="+h.conf())
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("softhsm: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}

// Make makes a key in a token, RSA or of the newer kind, and answers its public half. id is in hex.
func (h *HSM) Make(token, pin, label, id string, p256 bool) (crypto.PublicKey, error) {
	kind := "rsa:2048"
	if p256 {
		kind = "EC:prime256v1"
	}
	ctx, t := context.Background(), h.Token(token)
	if _, err := t.Tool(ctx, pin, nil, "--keypairgen", "--key-type", kind, "--id", id, "--label", label); err != nil {
		return nil, fmt.Errorf("softhsm: %w", err)
	}
	der, err := t.Public(ctx, label)
	if err != nil {
		return nil, fmt.Errorf("softhsm: %w", err)
	}
	return x509.ParsePKIXPublicKey(der)
}

// Empty throws away every token: half-made ones would be found beside the new.
func (h *HSM) Empty() error {
	tokens := filepath.Join(h.dir, "tokens")
	return errors.Join(os.RemoveAll(tokens), os.MkdirAll(tokens, 0o700))
}
