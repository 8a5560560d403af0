// Package openid is OpenID Connect: the pipe through which a room lets other systems know who somebody is (Provider), or
// learns it from them (Party, Ticket).
//
// For what: one place knows the protocol, its errors and its traps, so that a room only decides who somebody is and who
// may ask. It knows nothing of permits, persons or members; a subject is a text.
//
// Words: a Provider answers clients, each a Client; a Request is what a client asks of whoever is at the browser, and a
// page of the room answers it by Approve or Refuse; a Grant is what a person let a client have. A Party is ourselves as
// a client of a provider of others, a Ticket the same in the older style that sends a token back; both end in an
// Identity.
//
// Who comes in: browsers that other systems send, and those systems themselves. No door asks for our session: each
// request brings its own proof.
//
// Promises:
//   - Only the code flow with PKCE S256. No implicit flow, no alg none, no plain challenge, no request objects.
//   - A code is sent only to an address registered letter by letter; it lives for a minute and works once. A second use
//     ends what the first one gave; so does a second use of a refresh token.
//   - Codes, tokens and the secrets of clients are in no table, only their SHA-256. The private half of a signing key is
//     sealed by the vault and gone once the key is retired.
//   - One request to an endpoint is one transaction. Bad input is an answer of the protocol or a page in words.
//   - An Identity comes out only of a token whose signature, issuer, audience, nonce and times were looked at.
//
// Doors, under the path of each provider:
//
//	GET  /.well-known/openid-configuration  anyone  what the provider can
//	GET  /keys                              anyone  public halves of the signing keys
//	GET  /authorize     POST                anyone  sends the browser to the room's page of sign-in
//	POST /token                             anyone  code or refresh token for tokens
//	GET  /userinfo      POST                anyone  what an access token lets its holder learn
//	GET  /end_session   POST                anyone  sign-out that begins at a client
//	POST /revoke                            anyone  ends a token
//	POST /introspect                        anyone  tells a client about its own token
//
// The page that answers a request belongs to the room. If a form stands between it and Approve, that form's page names
// where it ends (web.Request.FormsTo with Request.Origin), because browsers hold redirects after a form to that list.
package openid
