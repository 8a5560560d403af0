// Package cards is 註冊憑證作業 (S142–S146): which cards are whose. A card is registered by having it sign: the number on it,
// the certificate and its holder are read from what it has signed.
//
// Words: a Card is a certificate on a card that somebody has registered; 憑證序號 is the number under the bar code of the
// card, not the serial number of its certificate. A number that was only typed is unverified (未驗證), until the card with
// that number signs something.
//
// Who comes in: whoever is signed in, for their own cards.
//
// Promises:
//   - One card belongs to one account. Whoever typed the number of another's card keeps that other from nothing.
//   - A citizen's card is registered only to the person whose name and national ID it says, a firm's only to the firm
//     with its 統一編號.
//   - Cards that end soon are told of in time; a renewed certificate takes the place of the old one on the same card, and the
//     old one stays in the history.
//   - Registering, verifying, renewing and removing a card is told to its holder and noted in the audit record.
//   - How the numbers of cards look, and when holders are warned, is configuration.
//   - What a card has sealed stays checked and kept, whatever becomes of the card here.
//
// Routes:
//
//	GET  /bls/cards         the cards, and reading another (BLS11000)
//	POST /bls/cards         keeps typed numbers
//	POST /bls/cards/read    what a card has signed
//	POST /bls/cards/{card}  takes a card away
package cards
