// Package cases is the case file (案卷): opening it, its number, what it says, who stands on the applicant's side, its
// log and its state.
//
// Words: 案件 case, 案件序號 serial, 起造人 owner, 代表人 lead, 送件 submit. Who comes in: the applicant's side with the
// rights all (submits), edit (fills in) or read, and the officers of its authority once it was filed.
//
// Promises:
//   - Go is the one way a state changes. It checks the move, the actor and every need; a need nobody looked at is an
//     error of ours, a hold found is a refusal with links.
//   - Whatever was typed is kept, right or wrong; what is wrong holds the submission, never the saving.
//   - The log is append-only and chained by hashes; VerifyLog finds what was changed, removed or put in.
//   - Two people on one page: the second is shown both texts and decides; nothing is overwritten unseen.
//   - National IDs and birthdays are unreadable in the database.
//
// Routes:
//
//	GET  /bls/cases                         my cases
//	GET  /bls/cases/new                     what I may open, and for the rest why not
//	POST /bls/cases                         open one
//	GET  /bls/cases/{id}                    task list
//	GET  /bls/cases/{id}/form/{section}     one page of the form; POST saves it
//	GET  /bls/cases/{id}/form/{section}/{row}  one row of a list; POST saves it
//	POST /bls/cases/{id}/rows/{section}     add, fill from the profile, remove, restore
//	GET  /bls/cases/{id}/answers            check your answers
//	GET  /bls/cases/{id}/print/{form}       a statutory form as PDF
//	GET  /bls/cases/{id}/log                everything that happened
//	POST /bls/cases/{id}/team               let a colleague in, or out
//	POST /bls/cases/{id}/deletion           the owner throws a draft away
package cases
