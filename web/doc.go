// Package web is the hall of the house: every room opens its doors onto it.
//
// For what: one place decides how a request comes in (who is asking, in which language, from which origin, how large),
// how a page goes out (layout, headers, refusals in words), and nothing about building permits.
//
// Words: a Site is the whole hall; a door is a pattern with a Policy and a Handler; a Request is one visitor at one
// door; a Page is what stands around the body of an answer; Chrome is what stands around every page.
//
// Who comes in: everybody. Each door has a Policy, and a door without one does not open (Handle panics at start).
//
// Promises:
//   - A page is drawn into memory first: it arrives whole or as an error page.
//   - Every answer carries the security headers; a change asked for from another site is refused with a page in words.
//   - A fault that a handler did not draw itself becomes a page in the same layout: the sentence, the places, the way
//     out. Any other error becomes a page with a reference number, and the same number stands in the log.
//   - What was typed is never lost by the hall: a refused form keeps its values through a change of language and
//     through the end of a session.
//   - Every text of a form reaches the handler as clean UTF-8: normalised (NFC), trimmed, no control characters.
//   - Pages work without script.
//
// Doors of its own:
//
//	POST /session/extend      anyone   延長作業時間; answers where the person was, or JSON to the script
//	GET  /static/{path...}    anyone   hashed style sheets and scripts
package web
