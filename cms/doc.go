// Package cms reads signatures and the certificates of those who made them (RFC 5652, RFC 5280). It is words only: no
// database, no network, no clock, so the same code judges in the program and in a visitor's browser.
//
// For what: a Signature is who signed what, with which attributes; a Certificate is what it says of its holder, as the
// authorities of the government write it (domain §5.2); Trust are the authorities that are believed; an Answer is what
// one of them said about revocation at some time.
//
// Promises:
//   - What could be read in two ways is refused: BER, two signers, an attribute that stands twice, bytes left over.
//   - A weak hash or key never counts.
//   - The time at which something is judged is an argument.
package cms
