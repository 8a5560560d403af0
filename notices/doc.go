// Package notices is telling people: an inbox in the system and a letter by mail.
//
// For what: a verb of any room that changes something a person waits for calls Tell in its own transaction. The inbox
// row and the order to mail it commit together with the change, or not at all.
//
// Words: a Notice (通知) says what changed, what to do, by when and where; a Letter (信件) is one mail; a lane is a line
// of letters that keep their order (one person in one case, or one address); the Post is what carries letters; the
// Shelf is the Post of the demonstration, which shows letters on a page instead of sending them.
//
// Who comes in: everybody signed in reads their own notices; the administrator sees letters that did not arrive.
//
// Promises:
//   - At least once: a letter is tried until the server has taken it or refuses it for good. It carries the same
//     Message-ID each time.
//   - In order: within a lane, a letter is not sent before the one written earlier was sent or refused for good.
//   - A notice with legal effect cannot be switched off; the others can, by kind.
//   - The subject begins with the serial number of the case. National identity numbers are masked in letters.
//
// Doors (function number in brackets):
//
//	GET  /bls/notices              signed in   the inbox, unread first                         (BLS18100)
//	GET  /bls/notices/{id}         the owner   one notice; opening it marks it read            (BLS18110)
//	POST /bls/notices/read         signed in   mark all read, or those named by id
//	GET  /bls/notices/settings     signed in   which kinds come by mail                        (BLS18120)
//	POST /bls/notices/settings     signed in
//	GET  /admin/letters            admin       letters that wait or failed                     (SYS18100)
//	POST /admin/letters/{id}       admin       try a failed letter again
//	GET  /demo/mail                anyone      the shelf; only outside production              (SYS18900)
//	GET  /demo/mail/{id}           anyone      one letter of the shelf
package notices
