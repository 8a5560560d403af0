package deeds

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Token is where keys are that nobody can read: a hardware security module, a card, or SoftHSM. Its library is the
// vendor's and is driven through pkcs11-tool, in a process of its own (decision 16).
type Token struct {
	Module string        // the library
	Label  string        // of the token
	Env    []string      // what the library needs to know, besides the environment of this program
	Limit  time.Duration // for one act; 0 is 20 seconds
}

// What can be the matter with a token.
var (
	ErrTool   = errors.New("pkcs11-tool is not here; install the package opensc")
	ErrModule = errors.New("the PKCS #11 library cannot be loaded")
	ErrToken  = errors.New("there is no such token")
	ErrPIN    = errors.New("the token refuses the PIN")
	ErrKey    = errors.New("the token has no such key")
	ErrOther  = errors.New("the key in the token is not the one of the certificate")
	ErrSlow   = errors.New("the token does not answer in time")
)

// matters tells them by what pkcs11-tool writes.
var matters = []struct {
	says string
	err  error
}{
	{"Failed to load pkcs11 module", ErrModule}, {"No slot with token named", ErrToken}, {"CKR_TOKEN_NOT_PRESENT", ErrToken},
	{"CKR_PIN_", ErrPIN}, {"object not found", ErrKey}, {"rivate key not found", ErrKey},
}

// pinName is the variable in which the PIN goes to the process: a list of processes does not show it.
const pinName = "CLOUDBM_TOKEN_PIN"

// Tool runs pkcs11-tool on the token, with what stdin holds, and answers what it writes. Without a PIN it does not log in.
func (t Token) Tool(ctx context.Context, pin string, stdin io.Reader, args ...string) (string, error) {
	if _, err := exec.LookPath("pkcs11-tool"); err != nil {
		return "", ErrTool
	}
	if _, err := os.Stat(t.Module); err != nil {
		return "", fmt.Errorf("%w: %w", ErrModule, err)
	}
	limit := t.Limit
	if limit == 0 {
		limit = 20 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	first := []string{"--module", t.Module, "--token-label", t.Label}
	if pin != "" {
		first = append(first, "--login", "--pin", "env:"+pinName)
	}
	c := exec.CommandContext(ctx, "pkcs11-tool", append(first, args...)...)
	c.Env = append(append(foreign(os.Environ()), t.Env...), pinName+"="+pin)
	c.Stdin, c.WaitDelay = stdin, time.Second
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	err := c.Run()
	if err == nil {
		return out.String(), nil
	}
	words := strings.Join(strings.Fields(said.String()), " ")
	if ctx.Err() != nil {
		return "", fmt.Errorf("%w: %w", ErrSlow, ctx.Err())
	}
	for _, m := range matters {
		if strings.Contains(words, m.says) {
			return "", fmt.Errorf("%w: %s", m.err, words)
		}
	}
	return "", fmt.Errorf("pkcs11-tool: %w: %s", err, words)
}

// foreign is the environment without what is ours and no vendor's business.
func foreign(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return strings.HasPrefix(s, "CLOUDBM_") })
}

// Public is the public half of the key with that label, in DER.
func (t Token) Public(ctx context.Context, label string) (der []byte, err error) {
	return t.left(func(out string) error {
		_, err := t.Tool(ctx, "", nil, "--read-object", "--type", "pubkey", "--label", label, "--output-file", out)
		return err
	})
}

// left is what f leaves in a file: on the standard output a vendor's library may write as well.
func (t Token) left(f func(out string) error) ([]byte, error) {
	dir, err := os.MkdirTemp("", "cloudbm-token")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "out")
	if err := f(out); err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}

var (
	object = regexp.MustCompile(`(?m)^Private Key Object`)
	detail = regexp.MustCompile(`(?m)^\s+(label|ID):\s+(.+?)\s*$`)
)

// keys are the ids of the private keys by their labels. pkcs11-tool signs with the first key it meets where it is only
// told a label, so a key is always named by its id.
func (t Token) keys(ctx context.Context, pin string) (map[string][]string, error) {
	said, err := t.Tool(ctx, pin, nil, "--list-objects", "--type", "privkey")
	if err != nil {
		return nil, err
	}
	all := map[string][]string{}
	for _, one := range object.Split(said, -1)[1:] {
		of := map[string]string{}
		for _, m := range detail.FindAllStringSubmatch(one, -1) {
			of[m[1]] = m[2]
		}
		all[of["label"]] = append(all[of["label"]], of["ID"])
	}
	return all, nil
}

// Key is the key with the label, of which public is the other half. Where the token has that half too, it is compared.
func (t Token) Key(ctx context.Context, pin, label string, public crypto.PublicKey) (*Key, error) {
	all, err := t.keys(ctx, pin)
	if err != nil {
		return nil, err
	}
	ours, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, err
	}
	if der, err := t.Public(ctx, label); err == nil && !bytes.Equal(der, ours) {
		return nil, ErrOther
	}
	switch ids := all[label]; {
	case len(ids) == 0:
		return nil, fmt.Errorf("%w: %s", ErrKey, label)
	case len(ids) > 1:
		return nil, fmt.Errorf("the token has %d keys with the label %s", len(ids), label)
	case ids[0] == "":
		return nil, fmt.Errorf("the key %s has no id (CKA_ID): give it one", label)
	default:
		return &Key{t, pin, ids[0], public}, nil
	}
}

// KeyWithID is the key with that id, in hex.
func (t Token) KeyWithID(pin, id string, public crypto.PublicKey) *Key {
	return &Key{t, pin, id, public}
}

// Key is one key of a token. As a crypto.Signer it signs digests by SHA-256, RSA as PKCS #1 v1.5.
type Key struct {
	token   Token
	pin, id string
	public  crypto.PublicKey
}

// Public is the key's other half.
func (k *Key) Public() crypto.PublicKey { return k.public }

// Sign has the token sign a digest.
func (k *Key) Sign(_ io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	return k.SignIn(context.Background(), digest, o)
}

// sha256Info stands before a digest by SHA-256 that RSA signs (RFC 8017 §9.2).
var sha256Info = []byte{0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20}

// SignIn is Sign until ctx ends.
func (k *Key) SignIn(ctx context.Context, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	if o.HashFunc() != crypto.SHA256 || len(digest) != crypto.SHA256.Size() {
		return nil, errors.New("a token signs digests by SHA-256")
	}
	var how []string
	switch k.public.(type) {
	case *rsa.PublicKey:
		if _, pss := o.(*rsa.PSSOptions); pss {
			return nil, errors.New("a token signs as PKCS #1 v1.5")
		}
		digest, how = append(slices.Clone(sha256Info), digest...), []string{"--mechanism", "RSA-PKCS"}
	case *ecdsa.PublicKey:
		how = []string{"--mechanism", "ECDSA", "--signature-format", "openssl"}
	default:
		return nil, fmt.Errorf("a token signs with RSA or ECDSA, not with %T", k.public)
	}
	return k.token.left(func(out string) error {
		for tries := 0; ; tries++ {
			_, err := k.token.Tool(ctx, k.pin, bytes.NewReader(digest), append([]string{"--sign", "--id", k.id, "--output-file", out}, how...)...)
			if !errors.Is(err, ErrToken) || tries == 5 {
				return err
			}
			// A token in files that another program writes just now is not seen for a moment. No PIN was tried.
		}
	})
}
