package pki

import (
	"encoding/base64"
	"time"
)

// Verified is what a signature alone says.
func Verified(text string, cms []byte, now time.Time) (Signed, error) {
	out, _, err := verifySignature(text, said{Signature: base64.StdEncoding.EncodeToString(cms)}, now)
	return out, err
}
