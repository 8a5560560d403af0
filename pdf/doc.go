// Package pdf reads, checks, renders and draws PDF. It wraps the libraries for that; no other room imports them.
//
// What it is for:
//
//	Inspect     what is in a file somebody sent, and what is wrong with it, in words (inspect.go, active.go)
//	Engine      pages as pictures: whole page, tiles for zooming, words with their places (engine.go, page.go, words.go)
//	Compare     what changed between two versions of a sheet (compare.go)
//	Stamped     copies of pages with stamps on them (stamp.go, carry.go, book.go)
//	Form        the statutory forms, receipts and licences, drawn from data (form.go, table.go, canvas.go, finish.go)
//	Generate…   drawings and hostile files for tests, demo and measurements (generate.go, hostile.go)
//
// Words: a *sheet* is one page of a drawing; a *problem* is what a person must mend before the file is taken
// (Serious) or should know (not Serious); a *tile* is a 512 pixel square of a zoom pyramid whose level z has a longer
// side of 512·2^z pixels; a *zone* is a field of the grid on the frame of a drawing, B4: row B, column 4.
//
// What it promises:
//   - A file from outside never stops the program: pdfcpu runs under recover and a deadline, PDFium in a WebAssembly
//     instance without files, with at most 1 GiB, thrown away after any error.
//   - Reading never changes the file. Nothing here writes into a file that somebody sent.
//   - A form has the same bytes each time it is drawn from the same data, so it can be hashed, signed and compared.
//   - No character is dropped: what is in none of the fonts is an error that names the character.
//
// Pages are counted from 1. Places on a page are fractions of its width and height as seen, from the top left.
// All of it may be used from many goroutines, except a Form, which belongs to one.
package pdf
