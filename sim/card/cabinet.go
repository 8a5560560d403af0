package card

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// cabinet holds the cards: each is a token of SoftHSM, which Debian's softhsm2-util and pkcs11-tool speak to. A library
// would tie this program to C.
type cabinet struct {
	dir, module string
	ca          *CA
}

// errWrongPIN is what the token says to another PIN.
var errWrongPIN = errors.New("card: another PIN")

const (
	keyID  = "01"
	unlock = "12345678" // the security officer's PIN of every token
)

// where Debian and others keep SoftHSM's library.
var modules = []string{"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/*/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so"}

// Missing says what the simulator lacks on this machine; nil if nothing.
func Missing() error {
	_, err := library()
	return err
}

func library() (string, error) {
	for _, p := range modules {
		if found, _ := filepath.Glob(p); len(found) > 0 {
			_, err := exec.LookPath("softhsm2-util")
			_, err2 := exec.LookPath("pkcs11-tool")
			if err == nil && err2 == nil {
				return found[0], nil
			}
		}
	}
	return "", errors.New("the card simulator needs SoftHSM2 and OpenSC on this machine: apt-get install softhsm2 opensc")
}

func newCabinet(dir string, ca *CA) (*cabinet, error) {
	module, err := library()
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	c := &cabinet{dir, module, ca}
	if err := os.MkdirAll(filepath.Join(dir, "tokens"), 0o700); err != nil {
		return nil, err
	}
	return c, os.WriteFile(c.conf(), []byte("directories.tokendir = "+filepath.Join(dir, "tokens")+"\nobjectstore.backend = file\nlog.level = ERROR\n"), 0o600)
}

func (c *cabinet) conf() string { return filepath.Join(c.dir, "softhsm2.conf") }

// run runs one of the two programs with pin, which it finds in its environment, not among its arguments.
func (c *cabinet) run(pin string, input []byte, name string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "SOFTHSM2_CONF="+c.conf(), "CARD_PIN="+pin)
	cmd.Stdin = bytes.NewReader(input)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	switch {
	case err == nil:
		return out.Bytes(), nil
	case strings.Contains(said.String(), "CKR_PIN_INCORRECT"):
		return nil, errWrongPIN
	}
	return nil, fmt.Errorf("card: %s: %w: %s", name, err, strings.TrimSpace(said.String()))
}

func (c *cabinet) tool(pin string, input []byte, h Holder, args ...string) ([]byte, error) {
	args = append([]string{"--module", c.module, "--token-label", h.Number, "--id", keyID}, args...)
	if pin != "" {
		args = append(args, "--login", "--pin", "env:CARD_PIN")
	}
	return c.run(pin, input, "pkcs11-tool", args...)
}

// certificate is that of the holder's card. A card that was never used is made first: a token with a key of its own, and
// a certificate over it.
func (c *cabinet) certificate(h Holder, now time.Time) (*x509.Certificate, error) {
	path := filepath.Join(c.dir, h.Number+".pem")
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		if err := c.make(h, path, now); err != nil {
			return nil, err
		}
		b, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, fmt.Errorf("card: %s is no certificate", path)
	}
	x, err := x509.ParseCertificate(block.Bytes)
	if err == nil && h.Wrong == Revoked {
		c.ca.Revoke(x, x.NotBefore.Add(time.Hour))
	}
	return x, err
}

func (c *cabinet) make(h Holder, path string, now time.Time) error {
	if _, err := c.run("", nil, "softhsm2-util", "--init-token", "--free", "--label", h.Number, "--pin", PIN, "--so-pin", unlock); err != nil {
		return err
	}
	kind := "rsa:2048"
	if h.P256 {
		kind = "EC:prime256v1"
	}
	if _, err := c.tool(PIN, nil, h, "--keypairgen", "--key-type", kind); err != nil {
		return err
	}
	public, err := c.public(h)
	if err != nil {
		return err
	}
	from, until := now.AddDate(0, -6, 0), now.AddDate(4, 6, 0)
	switch h.Wrong {
	case Expired:
		from, until = now.AddDate(-5, 0, -1), now.AddDate(0, 0, -1)
	case NotYet:
		from, until = now.AddDate(0, 0, 30), now.AddDate(5, 0, 30)
	}
	x, err := c.ca.Issue(h, public, from, until, nil)
	if err != nil {
		return err
	}
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: x.Raw}), 0o600)
}

func (c *cabinet) public(h Holder) (crypto.PublicKey, error) {
	der, err := c.tool("", nil, h, "--read-object", "--type", "pubkey")
	if err != nil {
		return nil, err
	}
	return x509.ParsePKIXPublicKey(der)
}

// key is the key on a card, opened with a PIN. It is a crypto.Signer, but the key itself stays where it is.
type key struct {
	*cabinet
	holder Holder
	pin    string
	public crypto.PublicKey
}

// Public is the public half.
func (k key) Public() crypto.PublicKey { return k.public }

// sha256Info stands before a digest in a signature of PKCS #1 (RFC 8017 §9.2).
var sha256Info, _ = hex.DecodeString("3031300d060960864801650304020105000420")

// Sign signs a digest of SHA-256 on the card.
func (k key) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if opts.HashFunc() != crypto.SHA256 {
		return nil, fmt.Errorf("card: %s is not asked for", opts.HashFunc())
	}
	switch k.public.(type) {
	case *rsa.PublicKey:
		return k.tool(k.pin, append(bytes.Clone(sha256Info), digest...), k.holder, "--sign", "--mechanism", "RSA-PKCS")
	case *ecdsa.PublicKey:
		return k.tool(k.pin, digest, k.holder, "--sign", "--mechanism", "ECDSA", "--signature-format", "openssl")
	}
	return nil, fmt.Errorf("card: a key of type %T", k.public)
}
