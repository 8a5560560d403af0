// Package submission is the counter (送件櫃台): it looks at what still holds a case back, freezes what is handed in as
// round n, and gives one receipt, however often the button is pressed. The points of a correction notice lie here too:
// the authority puts them down, the applicant answers each, and none may be left open when the case comes back.
//
// Words: 送件 submission, 輪次 round, 收據 receipt, 改正事項 point. Who comes in: the applicant's side.
//
// Promises:
//   - The receipt is given after the round is on disk, never before.
//   - Round n exists once; asking again for round n answers the receipt of round n.
//   - A frozen round never changes; its manifest names every sheet and paper by its SHA-256.
//
// Routes:
//
//	GET  /bls/cases/{id}                    the case: task list, or where it stands
//	GET  /bls/cases/{id}/submission         what still holds it back; POST submits
//	GET  /bls/cases/{id}/receipts/{n}       the receipt, as a page and .pdf
//	GET  /bls/cases/{id}/rounds/{n}         what was submitted as round n
//	GET  /bls/cases/{id}/rounds/{n}/bundle.zip  everything of round n with what proves it (docs/bundle.md)
//	GET  /bls/cases/{id}/correction         the correction notice; POST answers its points
//	GET  /bls/cases/{id}/withdrawal         withdraw; POST does it
package submission
