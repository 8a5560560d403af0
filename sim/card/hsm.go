package card

import (
	"crypto"
	"crypto/sha256"
	"fmt"

	"cloudbm/sim/softhsm"
)

// ErrNoSoftHSM says what to install.
var ErrNoSoftHSM = softhsm.ErrMissing

// hsm has a token for each card.
type hsm struct{ *softhsm.HSM }

func openHSM(dir string) (*hsm, error) {
	h, err := softhsm.Open(dir)
	return &hsm{h}, err
}

// keyID is the id of the one key of a card.
const keyID = "01"

// make makes a token with a key in it and answers the public half.
func (h *hsm) make(token string, p256 bool) (crypto.PublicKey, error) {
	if err := h.Init(token, PIN); err != nil {
		return nil, err
	}
	return h.Make(token, PIN, "sign", keyID, p256)
}

// sign has the key of a token sign b by SHA-256.
func (h *hsm) sign(token, pin string, public crypto.PublicKey, b []byte) ([]byte, error) {
	sum := sha256.Sum256(b)
	signed, err := h.Token(token).KeyWithID(pin, keyID, public).Sign(nil, sum[:], crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("card: %w", err)
	}
	return signed, nil
}
