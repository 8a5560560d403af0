// Package health simulates what stands outside the house when somebody signs in with 全民健保卡: the component beside the
// browser with a reader and a card, and the verification service of the National Health Insurance Administration. Every
// card is fictional.
//
// For what: the demonstration, and tests of every way in which signing in with a card can fail.
//
// Words: the component speaks plain text over a WebSocket at /echo; a Fault is what is wrong with reader or card; the
// desk, a page at /, says which card is in the reader and what is wrong.
//
// Promises:
//   - A card signs with a key of its own, and the verification service checks the signature, the password and the card,
//     in this order; three wrong passwords lock it.
//   - Neither the browser nor the house can read the password or the national ID out of what the component answers,
//     but for GetBasic, which we do not ask for.
//   - Pages of other origins than the allowed ones get no connection.
//
// Doors:
//
//	GET  /echo    the component, by WebSocket
//	POST /verify  the verification service (docs/health-card.md)
//	GET  /  POST  the desk
package health
