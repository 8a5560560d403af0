// Package register is what the public may see: how far a filed case has come, and whether a licence is genuine; and it
// looks after the list of licences (room ledger). No name, no national ID and no drawing ever stands on its pages, but
// for what a stamp says itself: the name of a professional and the number of the licence, to who holds the stamp.
//
// Routes:
//
//	GET /register                          look up by number, address or land number
//	GET /register/{authority}/{serial}     progress of one case (QR of forms and receipts)
//	GET /register/licences/{id}            one licence (QR of licences); /proof.txt, /licence.txt
//	GET /register/ledger                   the list of licences; checkpoint.txt, checkpoint.p7s, entries.txt
//	GET /register/sheets/{id}              how a sheet stands (QR of stamps): current, superseded, void or approved
package register
