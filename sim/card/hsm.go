package card

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// ErrNoSoftHSM says what to install.
var ErrNoSoftHSM = errors.New("card: the card simulator keeps keys in SoftHSM: install the packages softhsm2 and opensc")

// hsm is a SoftHSM of its own in a folder. It is driven through the programs that come with it, because a PKCS #11
// library needs cgo and this program is built without.
type hsm struct{ dir, library string }

const soPIN = "87654321"

var libraries = []string{
	"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
	"/usr/lib64/softhsm/libsofthsm.so", "/usr/local/lib/softhsm/libsofthsm2.so", "/opt/homebrew/lib/softhsm/libsofthsm2.so",
}

func openHSM(dir string) (*hsm, error) {
	h := &hsm{dir: dir}
	for _, l := range libraries {
		if _, err := os.Stat(l); err == nil {
			h.library = l
			break
		}
	}
	_, err1 := exec.LookPath("softhsm2-util")
	_, err2 := exec.LookPath("pkcs11-tool")
	if h.library == "" || err1 != nil || err2 != nil {
		return nil, ErrNoSoftHSM
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

func (h *hsm) conf() string { return filepath.Join(h.dir, "softhsm2.conf") }

// run runs one of the programs; the PIN goes through the environment, where the list of processes does not show it.
func (h *hsm) run(pin, name string, args ...string) error {
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), "SOFTHSM2_CONF="+h.conf(), "CARD_PIN="+pin)
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("card: %s: %w: %s", name, err, strings.TrimSpace(string(out)))
	}
	return nil
}

func (h *hsm) tool(pin, token string, args ...string) error {
	first := []string{"--module", h.library, "--token-label", token}
	if pin != "" {
		first = append(first, "--login", "--pin", "env:CARD_PIN")
	}
	return h.run(pin, "pkcs11-tool", append(first, args...)...)
}

// make makes a token with a key in it and answers the public half.
func (h *hsm) make(token string, p256 bool) (crypto.PublicKey, error) {
	if err := h.run("", "softhsm2-util", "--init-token", "--free", "--label", token, "--pin", PIN, "--so-pin", soPIN); err != nil {
		return nil, err
	}
	kind := "rsa:2048"
	if p256 {
		kind = "EC:prime256v1"
	}
	if err := h.tool(PIN, token, "--keypairgen", "--key-type", kind, "--id", "01", "--label", "sign"); err != nil {
		return nil, err
	}
	der, err := h.through(nil, func(_, out string) error {
		return h.tool("", token, "--read-object", "--type", "pubkey", "--id", "01", "--output-file", out)
	})
	if err != nil {
		return nil, err
	}
	return x509.ParsePKIXPublicKey(der)
}

// sign has the key of a token sign b by SHA-256.
func (h *hsm) sign(token, pin string, p256 bool, b []byte) ([]byte, error) {
	how := []string{"--mechanism", "SHA256-RSA-PKCS"}
	if p256 {
		sum := sha256.Sum256(b)
		b, how = sum[:], []string{"--mechanism", "ECDSA", "--signature-format", "openssl"}
	}
	return h.through(b, func(in, out string) error {
		return h.tool(pin, token, append([]string{"--sign", "--id", "01", "--input-file", in, "--output-file", out}, how...)...)
	})
}

// through hands b to f in one file and answers what f leaves in another.
func (h *hsm) through(b []byte, f func(in, out string) error) ([]byte, error) {
	dir, err := os.MkdirTemp("", "cloudbm-card")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	if err := os.WriteFile(in, b, 0o600); err != nil {
		return nil, err
	}
	if err := f(in, out); err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}
