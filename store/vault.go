package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Vault keeps national IDs, birthdays and other protected facts unreadable in the database (附表十 row 71). Its key is
// never in the database. What is hidden with an older key is still read with it: the key's mark stands in the text.
type Vault struct {
	mark  string // names the key that hides
	keys  map[string]cipher.AEAD
	blind []byte
}

// NewVault makes a vault of 32-byte keys; the first hides, all of them read.
func NewVault(keys ...[]byte) (*Vault, error) {
	if len(keys) == 0 {
		return nil, errors.New("store: a vault needs a key")
	}
	v := &Vault{keys: map[string]cipher.AEAD{}}
	for i, k := range keys {
		if len(k) != 32 {
			return nil, fmt.Errorf("store: a vault key has 32 bytes, not %d", len(k))
		}
		block, err := aes.NewCipher(k)
		if err != nil {
			return nil, err
		}
		seal, err := cipher.NewGCM(block)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(append([]byte("cloudbm key mark "), k...))
		mark := hex.EncodeToString(sum[:4])
		v.keys[mark] = seal
		if i == 0 {
			v.mark = mark
		}
	}
	// Equal values must stay findable after a change of key, so the blinding key is the oldest one's child.
	m := hmac.New(sha256.New, keys[len(keys)-1])
	m.Write([]byte("cloudbm blind index"))
	v.blind = m.Sum(nil)
	return v, nil
}

// VaultFile reads the keys of a vault, one in hex per line, newest first; a missing file is made with a new key.
func VaultFile(path string) (*Vault, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		var k [32]byte
		rand.Read(k[:])
		b = []byte(hex.EncodeToString(k[:]) + "\n")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		err = os.WriteFile(path, b, 0o600)
	}
	if err != nil {
		return nil, err
	}
	var keys [][]byte
	for _, line := range strings.Fields(string(b)) {
		k, err := hex.DecodeString(line)
		if err != nil {
			return nil, fmt.Errorf("store: %s: %w", path, err)
		}
		keys = append(keys, k)
	}
	return NewVault(keys...)
}

// SetVault gives the database its vault; without one Hide and Reveal refuse.
func (db *DB) SetVault(v *Vault) { db.vault = v }

const hidden = "hid1:"

// Hide makes plain unreadable. Nothing stays nothing, and what is hidden is not hidden again.
func (tx *Tx) Hide(plain string) (string, error) {
	v := tx.db.vault
	switch {
	case plain == "" || strings.HasPrefix(plain, hidden):
		return plain, nil
	case v == nil:
		return "", errors.New("store: no vault: protected facts cannot be kept")
	}
	seal := v.keys[v.mark]
	nonce := make([]byte, seal.NonceSize())
	rand.Read(nonce)
	text := seal.Seal(nonce, nonce, []byte(plain), []byte(v.mark))
	return hidden + v.mark + ":" + base64.RawURLEncoding.EncodeToString(text), nil
}

// Reveal reads what Hide made; text that was never hidden comes back as it is.
func (tx *Tx) Reveal(text string) (string, error) {
	rest, was := strings.CutPrefix(text, hidden)
	if !was {
		return text, nil
	}
	v := tx.db.vault
	mark, b64, _ := strings.Cut(rest, ":")
	if v == nil || v.keys[mark] == nil {
		return "", fmt.Errorf("store: the key %s is not in the vault", mark)
	}
	b, err := base64.RawURLEncoding.DecodeString(b64)
	if err != nil || len(b) < v.keys[mark].NonceSize() {
		return "", errors.New("store: a protected fact is damaged")
	}
	n := v.keys[mark].NonceSize()
	plain, err := v.keys[mark].Open(nil, b[:n], b[n:], []byte(mark))
	return string(plain), err
}

// Blind is a keyed hash by which equal protected facts are found without being read.
func (tx *Tx) Blind(plain string) (string, error) {
	if tx.db.vault == nil {
		return "", errors.New("store: no vault: protected facts cannot be found")
	}
	m := hmac.New(sha256.New, tx.db.vault.blind)
	m.Write([]byte(plain))
	return hex.EncodeToString(m.Sum(nil)), nil
}
