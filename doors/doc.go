// Package doors is the ways into 資訊系統雲端平台: the landing page with its three tiles, and what is behind each.
//
// For what: one person, three doors (我的e政府, 全民健保卡, 備用帳號). Whichever is used, it leads to the same person and
// the same cases; this room says which door to take, and what to do when one is closed.
//
// Words: a Door is a way in (package accounts); a tile is a door on the landing page; 帳號申請 tells how to get an account.
//
// Who comes in: anyone.
//
// Promises:
//   - A door that cannot be used now says so, and another is offered.
//   - Where somebody was going is kept through every door.
//
// Doors:
//
//	GET  /{$}            anyone  資訊系統雲端平台: announcements, three tiles (S16–S25)
//	GET  /apply          anyone  帳號申請 (S26–S28)
//	GET  /doors/{door}   anyone  a door that opens later, and what to use meanwhile
package doors
