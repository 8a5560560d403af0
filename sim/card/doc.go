// Package card simulates what stands outside the house when somebody uses a certificate card: the card component beside
// the browser (HiPKI LocalSignServer, with its own protocol), a reader, cards whose keys lie in SoftHSM, and the
// certification authorities behind them. Every holder is fictional, and every certificate says that it is for tests.
//
// For what: the demonstration, and tests of every way in which a card can fail.
//
// Words: a Card has a holder, a key and a PIN; a State is what is wrong with reader or component; the CA issues, revokes,
// and answers for its certificates; the desk, a page at /, says which card is in the reader and what is wrong.
//
// Promises:
//   - Keys are made in SoftHSM and sign there, RSA and P-256; this program never has a private key of a card.
//   - Three wrong PINs in a row lock a card; the codes are those of the real component.
//   - Sites that are not on the list get the codes for it, and no signature.
//   - The authorities' names and policy mark them as tests, so that production refuses them.
//
// Doors:
//
//	GET  /popupForm                    the component's window
//	POST /sign                         MakeSignature
//	GET  /pkcs11info                   readers and cards
//	GET  /selfTest.htm /p11Image.bmp   as the component has them
//	GET  /ca/{name}.crl  POST /ocsp    the authorities
//	GET  /  POST                       the desk
package card
