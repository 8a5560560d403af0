// Package deeds is 機關簽發的文件: what an authority signs with a key of its own, once, and keeps. It is a pipe: it knows
// documents and keys, no permits.
//
// For what: receipts, licences and approved sets go out as PDFs that the authority has signed (Issue); what else has to be
// signed, such as the manifest of a round, is signed beside its bytes (Detached).
//
// Words: a *deed* is a document of a kind about one thing; a *token* is where keys are that nobody can read, reached over
// PKCS #11; the *ring* is the keys of all authorities in it, with the platform's for those that have none; a *generation*
// is one key of an authority with its certificate.
//
// Who comes in: the rooms that draw documents. Who may see one is decided there.
//
// Promises:
//   - Of a kind and about one thing there is one document, the same bytes for ever, however many ask at once and wherever
//     the program dies. The bytes are on the disk before the row, and the row before the answer.
//   - The PIN stands in no list of processes, no log and no error. A token that has refused it once is not asked again
//     before the next start, so that it does not lock itself.
//   - What is wrong with a key is found at the start: each one signs something there, and its certificate verifies it.
//   - A time stamp is over the signature it stands beside, answers our question, and comes from somebody trusted; or there
//     is none, and the page says so.
//   - Certificates of tests sign nothing in production, and there is no production without a key.
package deeds
