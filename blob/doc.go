// Package blob keeps bytes under the SHA-256 of what they are, on the local disk, and takes large files in pieces.
//
// For what: drawings, attached papers, seals' manifests, licences: everything too large for a row. A row keeps the
// Digest; the bytes are found by it. Equal bytes are kept once.
//
// Words: a Digest names bytes; a Store keeps them; an upload is a file on its way here, in pieces, over a connection
// that may break (protocol tus 1.0).
//
// Who comes in: the rooms, with bytes in hand. Who may send or see a file is decided by the room, not here.
//
// Promises:
//   - When Put or Adopt has answered, the bytes are on the disk: file synced, moved to its place, folders synced.
//   - Bytes never change: a name is taken once, and what is there is read-only.
//   - A piece of an upload is answered after it was synced together with the state of its hash; an upload that was
//     cut goes on at the last answered byte, in this process or the next.
//   - Options.Finished runs, with the bytes kept, before the last piece is answered; if the program dies between the
//     two, it runs again before the sender can learn that the upload is complete. So it must bear being run twice.
//   - After the disk has failed to sync, nothing is acknowledged any more until the program is started again and has
//     looked (Healthy, Verify). A full disk is said in words and mends itself when there is room.
//
// On disk: ab/cd/abcd… the bytes; tmp/ what is being written; uploads/ pieces and their state. What was left behind in
// tmp and uploads goes away by Sweep.
//
// Routes (mounted by the room that takes the files, under any folder):
//
//	POST    …/        begin an upload; Upload-Length, Upload-Metadata; the first piece may come along
//	PATCH   …/{id}    the next piece, at Upload-Offset
//	HEAD    …/{id}    how far it is
//	DELETE  …/{id}    give it up
package blob
