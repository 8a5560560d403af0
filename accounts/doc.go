// Package accounts is 資訊系統雲端平台: who is who, and who is here.
//
// For what: one person, one session for every system behind the platform, whichever door was used. This room keeps
// persons, passwords, sessions, one-time links and the audit record; it knows nothing of roles or permits.
//
// Words: a Person is a human being; 備用帳號 is an e-mail address with a password, once given never another's; a Door is
// a way in; a Session is one signed-in browser; a Link sets a password once; the audit record (Note) says who did what.
//
// Who comes in: anyone to sign in; whoever has signed in to their own pages.
//
// Promises:
//   - An unknown address, a wrong password and an account without one get the same answer after the same work.
//   - Five failures of one account from one source lock that source out for fifteen minutes; a device that signed in
//     before keeps its own count, so nobody can lock a rival out.
//   - The secrets of sessions, devices and links are in no table, only their SHA-256.
//   - A session ends after its idle time, after twelve hours, when its account is disabled, and, unless it is the one
//     that did it, when the password is set. Signing in makes a new one.
//   - Whether an address is somebody's is looked up after the answer to a forgotten password: nobody can tell it from there.
//   - A new password, and a new address for letters, are told to the addresses that were there before.
//   - With a second factor, a password opens half a session, which is nobody's until the second step is taken.
//   - The audit record is append-only and hash-chained: VerifyAudit finds what was changed, taken out or put in.
//
// Doors:
//
//	GET  /signin  POST         anyone     備用帳號登錄; ?next= a path of this site
//	GET  /password  POST       anyone     forgotten password: a one-time link by e-mail
//	GET  /password/{secret}    anyone     set a password through a one-time link
//	POST /password/{secret}    anyone
//	POST /signout              anyone     登出
//	GET  /signed-out           anyone     what has happened, and the way back in
//	POST /session/end          anyone     the countdown of a page has come to its end (S100)
//	GET  /me/password  POST    signed in  修改密碼 (S97)
//	GET  /me/devices  POST     signed in  我的登入裝置
//
// The door POST /session/extend (延長作業時間, S101) is the hall's: being asked who is there lets a session live on.
package accounts
