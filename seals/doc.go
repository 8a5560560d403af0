// Package seals is where professionals put their names to what is filed (簽證, 壓章): what has to be sealed by whom, over
// exactly which bytes, and what is still unsealed.
//
// Words: a Signer (簽章人) is somebody whom the form names and whose seal the case type asks for; a Thing is what one of
// them seals: the form, a sheet, a paper; a Seal (壓章) is one signature of a card over the text that names the things
// (room proof). A seal on a thing holds while the thing is what was sealed.
//
// Who comes in: whoever is named in the case seals what is theirs to seal, also where they may do nothing else (S202).
// Everybody who may see the case sees who has sealed what.
//
// Promises:
//   - What a signer seals is what they were shown: the picture of each sheet is drawn by this program, kept, and named in
//     the text by its SHA-256.
//   - One entry of the PIN seals up to five hundred things.
//   - A sheet that was replaced, renumbered or removed, a form that was changed, a signer whose licence changed: the seal
//     does not hold any more, whatever anybody does. Who sealed and who filed are told.
//   - A seal and a change of what it is over that meet are one after the other: the seal is refused, or it is void.
//   - What was signed is kept as it was signed, with what was known about revocation then.
//   - Nobody seals for another, nor what is not theirs, nor when the case is frozen.
//
// Routes (for who may see the case):
//
//	GET  /bls/cases/{id}/seals                     who seals what, and how far it is; POST asks for a signature, declines
//	POST /bls/cases/{id}/seals/sign                the card's answer
//	GET  /bls/cases/{id}/seals/{seal}              one seal: what was signed, by whom, with which card
//	GET  /bls/cases/{id}/seals/{seal}/file/{name}  its text and its signature, to check elsewhere
//	GET  /bls/cases/{id}/pictures/{version}        the picture of a sheet that signers are shown
//	GET  /bls/seals                                cases that wait for my seal, and everything I have sealed
package seals
