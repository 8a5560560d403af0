// Package roles is 使用者所屬角色: what a person is before the law, what follows from it, and who serves at an authority.
//
// For what: the five applicants' roles with their profiles, the permission matrix, the profile doctor; authorities, their
// officers and their settings. From here comes the Actor that every later room asks.
//
// Words: a Profile is what one person says about one role (角色資料維護); the Matrix is 使用者所屬角色之權限, the one table
// that pages show and the server enforces; the Doctor says what in a profile is missing, wrong or over and what that
// blocks; a seat is a duty at an authority (收件人員, 承辦人, 主管, 機關管理者); a Setting is what an authority decides
// for itself, with the day from which it holds.
//
// Who comes in: whoever has signed in, to their own profile and to what they may do; administrators; an authority's
// manager, to its settings.
//
// Promises:
//   - What is shown and what is enforced come from the same table.
//   - A refusal quotes the matrix and leads to where the reason can be mended, or is explained.
//   - A profile is kept only when it is complete; what was typed wrong stays in its box with a sentence.
//   - National IDs are unreadable in the database, masked on screen; a full look is noted.
//   - Where officers need a second factor (Guarded), seats and administration wait until the session is proved by two.
//   - Nobody gives a duty alone: one administrator asks, another approves; nobody approves their own.
//   - Settings are never overwritten; each value holds from a day and stays on record.
//
// Doors:
//
//	GET  /bls/profile  POST        signed in      檢視使用者資訊: 使用者基本資料 and the roles' sections (S131–S201)
//	POST /bls/profile/person-id    signed in      the whole national ID, once; noted
//	GET  /bls/rights               signed in      我可以做什麼 (S210–S229)
//	GET  /admin                    administrator  people, what waits for a second approval
//	GET  /admin/invite  POST       administrator  an account and a one-time link
//	GET  /admin/people/{id}        administrator  one person: account, roles, duties, why not
//	POST /admin/people/{id}/…      administrator  seats, link, disable, enable
//	POST /admin/seats/{id}/…       administrator  approve, end
//	GET  /admin/audit              administrator  the audit record; reading it is noted
//	GET  /admin/authorities        administrator  authorities, each with its settings
//	GET  /admin/authorities/{code} administrator  settings of one authority
//	POST /admin/authorities/{code} administrator
//	GET  /desk/settings  POST      機關管理者      settings of one's own authority
package roles
