package card_test

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
)

func publicKey(der []byte) (crypto.PublicKey, error) { return x509.ParsePKIXPublicKey(der) }

func pemOf(der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}) }
