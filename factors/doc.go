// Package factors is the second factors of 資訊系統雲端平台, and proving again who one is.
//
// For what: a password alone opens half a session for whoever has a second factor; here it is made whole. Whoever is
// signed in keeps their factors here, and proves again who they are before a way in is opened or closed. Officers do the
// authority's work only with a second factor.
//
// Words: a Passkey is a key pair of one's telephone, computer or stick (通行金鑰); an Authenticator is an app that shows
// codes (驗證器); backup codes (備用碼) are spares on paper; a challenge is a question that a passkey answers; to be Proved
// is to have shown within ten minutes who one is.
//
// Who comes in: half sessions, to the second step; whoever is signed in, to their own factors; administrators, to reset
// those of somebody who has lost them.
//
// Promises:
//   - A code is taken once, and none before it again; a backup code once, also when it is sent twice at the same moment.
//   - Five wrong codes of one person close codes for fifteen minutes; passkeys and cards stay open.
//   - A challenge is answered once, within five minutes, by the browser and the session it was given to, for what it was
//     given for; a passkey whose counter ran backwards is refused.
//   - Passkeys are for the host and the origin of the configuration alone, and always with a finger, a face or a PIN.
//   - The secrets of apps are unreadable in the database; of backup codes it has keyed hashes, of challenges SHA-256.
//   - A factor counts once it was used; adding and removing one needs a fresh proof and is told to the person by letter.
//
// Doors:
//
//	GET  /signin/second  POST            half session   the second step of signing in
//	POST /signin/second/challenge        half session   what the passkey's script needs
//	POST /signin/passkey                 anyone         signing in with a passkey alone
//	POST /signin/passkey/challenge       anyone
//	GET  /me/confirm  POST               signed in      prove again who one is; ?next= a path of this site
//	POST /me/confirm/challenge           signed in
//	GET  /me/factors                     signed in      one's own second factors
//	POST /me/factors/passkey             signed in      add a passkey
//	POST /me/factors/passkey/challenge   signed in
//	GET  /me/factors/app  POST           signed in      set up an authenticator
//	POST /me/factors/app/code            signed in      its first code
//	POST /me/factors/codes               signed in      a new set of backup codes, shown once
//	POST /me/factors/removal             signed in      remove a factor
//	GET  /admin/people/{id}/factors      administrator  the second factors of somebody who has lost them
//	POST /admin/people/{id}/factors      administrator  reset them
//	GET  /demo/codes                     anyone         the telephone of the demonstration; not in production
package factors
