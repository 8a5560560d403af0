// Package pades knows the signatures that stand inside a PDF (ISO 32000-2 §12.8, ETSI EN 319 142). It is a pipe: it
// knows files and certificates, no permits.
//
// What it is for:
//
//	Look    what became of the signatures in a file somebody sent (look.go, verdict.go)
//	Sign    one signature more in a file of ours (sign.go, tail.go); what is signed is made by room cms
//
// Words: a *revision* is what a file was when an update had been written to its end; a *section* is the table with which
// a revision says where its objects are; a *view* is the file as it stood after a revision; a *change* is one thing that
// a reader sees, or a program finds, otherwise than when it was signed.
//
// How Look works: it reads the file with a reader of its own (look_read.go, look_refs.go) that refuses whatever two
// readers could understand in two ways; checks that each signature signs all of a revision but its own Contents
// (look_signature.go); that what follows are updates and nothing else (look_update.go); and walks the document as it was
// signed beside the document as it is, from both catalogs (look_compare.go, look_page.go). What an object is for is where
// the walk meets it, so one that is two things is judged as both. What is signed, but can show different things, is not
// judged (look_shows.go).
//
// How Sign works: the file stays byte for byte, and an update after it (tail.go) brings a signature dictionary, its field
// and the first page that the field stands on, with nothing to be seen. The table of the update is of the kind that the
// file has. The signature is ETSI.CAdES.detached (EN 319 142-1): level B-B, or B-T with a time stamp.
//
// Promises:
//   - A file is signed whole or not at all. Signatures that are in it stay valid.
//   - No file that was changed after it was signed is ValidUnchanged.
//   - A file costs at most 512 MB and ten seconds, and never stops the program.
//   - Each verdict has words, in both languages, and is small.
//   - The time at which a certificate is judged is the one the signer claims; no clock is read.
package pades
