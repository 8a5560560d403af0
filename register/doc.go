// Package register is what the public may see: how far a filed case has come, and whether a licence is genuine. No
// name, no national ID and no drawing ever stands on its pages.
//
// Routes:
//
//	GET /register                          look up by number, address or land number
//	GET /register/{authority}/{serial}     progress of one case (QR of forms and receipts)
//	GET /register/licences/{id}            one licence (QR of licences)
package register
