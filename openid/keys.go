package openid

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"

	"cloudbm/store"
)

// A signing key works for a season. After that its public half is shown until the last token made with it has ended,
// and kept for good: a sign-out may come with an old ID token.
const (
	keyLife  = 90 * 24 * time.Hour
	keyShown = 24 * time.Hour
)

type key struct {
	id      string
	public  jose.JSONWebKey
	private string // hidden
	made    time.Time
	last    time.Time // until when it signed; zero for the present one
}

// Rotate makes a new signing key. The one before signs nothing more and stays published until its tokens have ended.
func (p *Provider) Rotate(tx *store.Tx) error {
	_, err := p.newKey(tx)
	return p.wrap("rotate", p.Name, err)
}

func (p *Provider) newKey(tx *store.Tx) (key, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return key{}, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return key{}, err
	}
	k := key{id: store.NewID(), made: tx.Now}
	k.public = jose.JSONWebKey{KeyID: k.id, Key: &private.PublicKey, Algorithm: string(jose.RS256), Use: "sig"}
	if k.private, err = tx.Hide(base64.StdEncoding.EncodeToString(der)); err != nil {
		return key{}, err
	}
	if err := retireKeys(tx, p.Name); err != nil {
		return key{}, err
	}
	return k, insertKey(tx, p.Name, k)
}

// present is the key that signs, made at first use and anew when it is old.
func (p *Provider) present(tx *store.Tx) (key, error) {
	k, err := presentKey(tx, p.Name)
	if errors.Is(err, store.ErrNotFound) || err == nil && tx.Now.Sub(k.made) > keyLife {
		return p.newKey(tx)
	}
	return k, err
}

// sign makes a JWT of the claims.
func (p *Provider) sign(tx *store.Tx, claims map[string]any) (string, error) {
	k, err := p.present(tx)
	if err != nil {
		return "", err
	}
	text, err := tx.Reveal(k.private)
	if err != nil {
		return "", err
	}
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "", err
	}
	private, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: private, KeyID: k.id}},
		(&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	jws, err := signer.Sign(b)
	if err != nil {
		return "", err
	}
	return jws.CompactSerialize()
}

// shown are the keys that clients check signatures with.
func (p *Provider) shown(tx *store.Tx) (jose.JSONWebKeySet, error) {
	all, err := keysOf(tx, p.Name)
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, k := range all {
		if k.last.IsZero() || tx.Now.Sub(k.last) < keyShown {
			set.Keys = append(set.Keys, k.public)
		}
	}
	return set, err
}

// hint is what an ID token of ours says, however old it is.
type hint struct {
	Issuer  string `json:"iss"`
	Subject string `json:"sub"`
	Party   string `json:"azp"`
	Session string `json:"sid"`
}

var errNotOurs = errors.New("openid: this ID token was not made here")

func (p *Provider) readHint(tx *store.Tx, token string) (h hint, err error) {
	jws, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return h, fmt.Errorf("%w: %w", errNotOurs, err)
	}
	all, err := keysOf(tx, p.Name)
	if err != nil {
		return h, err
	}
	for _, k := range all {
		if k.id != jws.Signatures[0].Header.KeyID {
			continue
		}
		b, err := jws.Verify(k.public)
		if err == nil {
			err = json.Unmarshal(b, &h)
		}
		if err == nil && h.Issuer == p.Issuer {
			return h, nil
		}
	}
	return hint{}, errNotOurs
}
