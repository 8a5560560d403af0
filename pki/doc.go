// Package pki verifies what cards sign: 自然人憑證, 工商憑證, 組織及團體憑證, 政府憑證. It is a pipe: it knows certificates,
// authorities and signatures, and nothing of persons, accounts or permits.
//
// For what: a room asks for a signature over a challenge (Ask), draws the place at which the card gives it (Signer), and
// has the answer verified (Read, Answered). What comes out is a Signed: a certificate whose holder was there just now.
//
// Words: a Certificate is what a card says of its holder; Anchors are the authorities we trust; a Challenge is a text
// that is signed once and soon, for one Purpose and about one thing; the component is the program beside the browser
// that reads cards; a Trouble is one way in which a card fails, with what to do.
//
// Who comes in: anyone, to read what to do when a card fails.
//
// Promises:
//   - A challenge counts once: whatever comes back for it uses it up, in a transaction of its own.
//   - What is signed begins with our mark and says its purpose, so that no signature for signing in is ever one of a
//     document, nor one of another room's (T-4).
//   - A signature counts if it has exactly one signer, over the very text, with signed attributes that say so, by a key
//     and a hash that are strong, and a certificate of a trusted authority that is valid, meant for signatures, and
//     known not to be revoked (or, by policy, not known; the Signed then says so).
//   - A test authority is refused in production.
//   - The PIN goes from the page to the component and nowhere else. It is never sent twice by itself.
//   - Addresses in certificates are asked only if the configuration names their host, and never inside a transaction.
//   - Each code of the component leads to a Trouble, each Trouble to a next step and to another door.
//
// Doors:
//
//	GET  /card/trouble        anyone  讀卡問題: everything that can go wrong  (CRD10100)
//	GET  /card/trouble/{key}  anyone  cause and next steps of one trouble     (CRD10101–CRD10130)
package pki
