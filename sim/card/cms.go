package card

import (
	"crypto"
	"crypto/x509"

	"github.com/digitorus/pkcs7"

	"cloudbm/pki"
)

// CMS is what the component makes of content: a SignedData with the content inside, the nonce of the page and the number
// of the card among the signed attributes, and the authorities above the card.
func CMS(content []byte, nonce, number string, cert *x509.Certificate, above []*x509.Certificate, key crypto.Signer) ([]byte, error) {
	d, err := pkcs7.NewSignedData(content)
	if err != nil {
		return nil, err
	}
	d.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
	more := []pkcs7.Attribute{{Type: pki.NonceOID, Value: []byte(nonce)}, {Type: pki.CardNumberOID, Value: []byte(number)}}
	if err := d.AddSignerChain(cert, key, above, pkcs7.SignerInfoConfig{ExtraSignedAttributes: more}); err != nil {
		return nil, err
	}
	return d.Finish()
}
