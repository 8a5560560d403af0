package card

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"cloudbm/pki"
)

// Held is a card whose key lies in this program: for tests and for measuring, where no hardware is wanted.
type Held struct {
	CA     *CA
	Holder Holder
	X      *x509.Certificate
	At     time.Time // when it signs

	key crypto.Signer
}

// Hold issues a card of the holder that is good for four years from a year before at.
func (ca *CA) Hold(h Holder, at time.Time) (Held, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Held{}, err
	}
	x, err := ca.Issue(h, key.Public(), at.AddDate(-1, 0, 0), at.AddDate(4, 0, 0), nil)
	return Held{ca, h, x, at, key}, err
}

// Sign is what a component answers to a text, with a CMS around the signature as a page asks for it.
func (c Held) Sign(text string) (pki.Answer, error) {
	_, rest, _ := strings.Cut(text, "\n"+pki.NonceLine(""))
	nonce, _, _ := strings.Cut(rest, "\n")
	set, err := Set(Attributes([]byte(text), nonce, c.Holder.Number, c.At))
	if err != nil {
		return pki.Answer{}, err
	}
	signature, err := c.over(set)
	if err != nil {
		return pki.Answer{}, err
	}
	der, err := CMS([]byte(text), append([]*x509.Certificate{c.X}, c.CA.Chain(c.Holder.Kind)...), Signer{Certificate: c.X, Set: set, Signature: signature})
	if err != nil {
		return pki.Answer{}, err
	}
	return c.said(text, map[string]any{"signature": base64.StdEncoding.EncodeToString(der), "cardSN": c.Holder.Number})
}

// SignPlainly is the same without a CMS (PKCS1).
func (c Held) SignPlainly(text string) (pki.Answer, error) {
	signature, err := c.over([]byte(text))
	if err != nil {
		return pki.Answer{}, err
	}
	return c.said(text, map[string]any{"signature": base64.StdEncoding.EncodeToString(signature)})
}

func (c Held) over(b []byte) ([]byte, error) {
	sum := sha256.Sum256(b)
	return c.key.Sign(rand.Reader, sum[:], crypto.SHA256)
}

func (c Held) said(text string, more map[string]any) (pki.Answer, error) {
	said := map[string]any{"func": "sign", "ret_code": 0, "certb64": base64.StdEncoding.EncodeToString(c.X.Raw), "serverVersion": Version}
	for k, v := range more {
		said[k] = v
	}
	b, err := json.Marshal(said)
	return pki.Answer{Text: text, Said: string(b)}, err
}
