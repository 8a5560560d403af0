// Package drawings is the plan chest (書圖): the sheets of a case and the papers attached to it, from the arrival of a
// file to the page that a signer and an officer see.
//
// Words: a file that has arrived is an Arrival until it is filed; a Sheet (圖) is one drawing with a number (圖號, A1-01:
// class A1, sheet 1), a title (圖名) and Versions, each one page of a file and never changed; a Paper (應附文件) is a file
// under the code of an attachment. The bytes lie in room blob under their SHA-256.
//
// Who comes in: the applicant's side brings, files, replaces, removes and orders while the case is open to changes
// (cases.MayChange); the officers of its authority look, at what was there when it was last submitted.
//
// The way of a file: it arrives (resumably, or by a plain form), Receive writes a row with its digest, and the job
// Inspect looks at it: what it is by its content, whether it may come in, what its name and title block say. A page
// whose number and title are sure is filed by itself; the others wait in the mapping table, where a person fills in
// number and title; what cannot be taken stays listed with one sentence that says what to do.
//
// Promises:
//   - A file that was acknowledged is on the disk and has a row; received again it is still one row.
//   - Nothing is filed wrong in silence: a number is believed only in a way of writing that has one meaning, of a class
//     the case knows, with a title that does not speak of another class, and never against the title block.
//   - A file is what its content is; its name is only shown, cleaned.
//   - The same page of the same file never makes a new version. Versions stay readable for ever; a removed sheet or
//     paper can be brought back.
//   - No picture, file or page goes to anyone whom cases.Find refuses.
//
// Routes (all for who is signed in, on a case they may see):
//
//	GET  /bls/cases/{id}/drawings                 what is needed, the index of sheets, the upload form
//	POST /bls/cases/{id}/drawings                 files in one request, without script
//	POST /bls/cases/{id}/drawings/order           by hand or by number
//	GET  /bls/cases/{id}/drawings/map             the mapping table; POST files it
//	GET  /bls/cases/{id}/drawings/{sheet}         one sheet; POST renames, removes, restores
//	POST /bls/cases/{id}/drawings/{sheet}/file    its next version, without script
//	     /bls/cases/{id}/uploads/                 resumable uploads (tus), for sheets and papers
//	GET  /bls/cases/{id}/arrivals                 how far the inspection is, for the script
//	POST /bls/cases/{id}/arrivals/{arrival}       take a file off the list
//	GET  /bls/cases/{id}/arrivals/{arrival}/thumb.png
//	GET  /bls/cases/{id}/attachments              papers that are asked
//	POST /bls/cases/{id}/attachments/{code}       files in one request, without script
//	GET  /bls/cases/{id}/papers/{paper}           its file; POST removes, restores
//	GET  /bls/cases/{id}/sheets/{version}         a sheet at one version
//	GET  /bls/cases/{id}/sheets/{version}/…       file, page.png, thumb.png, tiles/{z}/{x}/{y}.png,
//	                                              compare?with={version}, overlay.png?with={version}
package drawings
