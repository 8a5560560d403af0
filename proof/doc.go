// Package proof holds the forms in which what was filed can be checked by anyone, off line, years later: the text that a
// seal is over, and the bundle of a round with everything that proves it (docs/bundle.md). It is words only, so the same
// code judges in the program, on the command line and in a visitor's browser.
//
// Words: a Seal is the text that a professional's card has signed; an Item is one thing that the text names by its
// SHA-256: the form, a sheet, a paper; a Bundle is the archive of one round; a Manifest names what is in it; a Report is
// what the verifier found, Finding by Finding.
//
// Promises:
//   - A text has one reading: what Parse reads, Text writes again, byte for byte.
//   - Verify asks nobody, keeps no file whole, and judges everything as of the time at which it was sealed.
//   - Whatever was changed in a bundle, a finding names it and says what to do.
//   - No text of a seal is a challenge for signing in, and the other way round: they begin with other words.
package proof
