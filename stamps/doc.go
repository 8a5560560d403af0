// Package stamps draws the seals of a sheet on it (壓章): a rendition with frame, name, licence and a code, that everybody can
// read from paper. What was filed is never touched.
//
// Words: a Stamp is what is drawn for one seal on one sheet; its Place is measured from the right and the lower edge of the
// sheet as it is seen; a Size is a size of paper one way up (A1 橫式), and a Template the place that a professional wants
// on all sheets of a size, in every case; a Rendition (壓章圖) is the copy that carries the stamps.
//
// Who comes in: everybody who may see the case sees its sheets with their stamps. Only who seals in the case places stamps,
// and only their own.
//
// Promises:
//   - A rendition is a new file; the bytes that were sealed stay as they are.
//   - Only seals that hold are drawn, so the rendition of a sheet whose seal is void has no stamp.
//   - Stamps are whole, on the sheet and beside each other, wherever they are wanted.
//   - The same seals at the same places give the same bytes.
//   - A place that is changed after a case was submitted does not move its stamps before the case is open again.
//   - A stamp is placed by numbers, by keyboard or by dragging, and without script by numbers.
//
// Routes (for who may see the case):
//
//	GET  /bls/cases/{id}/stamps                        the sizes of its sheets, each with its stamps; POST places one
//	GET  /bls/cases/{id}/stamps/{sheet}                one sheet that has places of its own; POST places one
//	GET  /bls/cases/{id}/sheets/{version}/stamped.pdf  a sheet with the stamps of the seals that hold
//	GET  /bls/cases/{id}/sheets/{version}/stamped.png  the same as a picture
package stamps
