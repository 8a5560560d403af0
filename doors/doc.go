// Package doors is the ways into 資訊系統雲端平台: the landing page with its three tiles, and what is behind each.
//
// For what: one person, three doors (我的e政府, 全民健保卡, 備用帳號). Whichever is used, it leads to the same person and
// the same cases; this room says which door to take, and what to do when one is closed.
//
// Words: a Door is a way in (package accounts); a tile is a door on the landing page; 帳號申請 tells how to get an account.
// A Binding makes an account of 我的e政府 or a health card lead to a person; an arrival is somebody whom 我的e政府 vouches
// for and whom nobody has bound yet; an Application is for a 備用帳號.
//
// Who comes in: anyone to the doors; an arrival to say who they are here; whoever has signed in to bind, and, having come
// by 我的e政府, to apply for a 備用帳號.
//
// Promises:
//   - A door that cannot be used now says so, and another is offered.
//   - Where somebody was going is kept through every door, also when they do not come through.
//   - An account of 我的e政府 leads to whoever bound it with a fresh proof, never to somebody with the same e-mail address.
//     The last way in is not taken away. What is bound or unbound is told by letter.
//   - A 備用帳號 is given once a code has come back from its address; one that was ever used is not given again. Of its
//     password only the hash waits between the pages.
//   - A national ID that 我的e政府 has verified is kept hidden, and no other is taken from that person.
//   - A health card opens the door only when the verification service vouches for it, over a number of ours that was
//     never signed before. Its password never reaches the house, its number is kept as a keyed hash.
//
// Doors:
//
//	GET  /{$}            anyone  資訊系統雲端平台: announcements, three tiles (S16–S25)
//	GET  /apply          anyone  帳號申請 (S26–S28)
//	GET  /doors/{door}   anyone  a door that opens later, and what to use meanwhile
//
//	GET  /doors/egov              anyone     to 我的e政府: to sign in, to bind, to prove again who one is; ?next=
//	GET  /doors/egov/back         anyone     and back
//	GET  /welcome   POST          arrival    the first time: an account, the one they have, or straight on
//	GET  /welcome/bind   POST     signed in  the arrival is bound to whoever has just signed in
//	GET  /backup                  anyone     申請備用帳號: 基本資料 (S67–S81), or what comes first
//	POST /backup                  signed in  下一步
//	GET  /backup/confirm   POST   signed in  the page to check, 送出申請 (S82–S89)
//	GET  /backup/code   POST      signed in  the code of the letter, 確認 (S88)
//
//	GET  /doors/health            POST  anyone     the card is read, and signs in (S21, S22)
//	POST /doors/health/random           anyone     what the card has to sign: once, for two minutes
//	GET  /doors/health/{trouble}        anyone     what is wrong with component, reader or card
//	GET  /me/health               POST  signed in  the card is read, and bound after a fresh proof (S111, S112)
//	POST /me/health/random              signed in
//	GET  /me/health/{trouble}           signed in
package doors
