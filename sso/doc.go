// Package sso is what somebody who has signed in to 資訊系統雲端平台 sees first: the systems, and 使用者資訊.
//
// For what: one sign-in for every system behind the platform (docs/sister-systems.md), and one page on which people keep
// what is known of them and apply for what they may do.
//
// Words: 首頁 is the home page with the systems as tiles; 使用者資訊 (SSO11100) is the person's own page; a Request asks for
// an organisation with a title (變更/申請組織) or for a role in a system (變更/申請應用系統角色), and once approved is the
// grant; 授權來源 is who gave it, when and until when; a System is a sister system that signs its people in here.
//
// Who comes in: whoever has signed in; managers of authorities and administrators, to decide requests.
//
// Promises:
//   - What was typed about oneself stands on the page until it is right.
//   - Both sides of a request see the same state, the same dates and whose turn it is; a return has its reason.
//   - A request is decided once, by somebody else than its applicant; a duty at an authority by two.
//   - A system learns what it was registered for, its people agreed to and holds at this moment; never the national ID,
//     and nothing once the session here has ended.
//   - The secret of a system is shown once; only its SHA-256 is kept. Every change of a system has its reason on record.
//   - The e-mail address, to which links for passwords go, changes only after a fresh proof.
//
// Doors:
//
//	GET  /home                          signed in  首頁 of the platform: 歡迎使用, the systems (S91–S94)
//	GET  /me  POST                      signed in  使用者資訊, SSO11100 (S96–S115)
//	POST /me/unbinding                  signed in  take a way in from oneself, after a fresh proof (S112)
//	GET  /me/organisation  POST         signed in  變更/申請組織 (S98, S114)
//	GET  /me/roles                      signed in  變更/申請應用系統角色 (S115)
//	GET  /me/roles/{system}  POST       signed in  apply for a role
//	GET  /me/requests/{id}              signed in  one's own request
//	POST /me/requests/{id}/withdraw     signed in  take it back while it is open
//	POST /me/requests/{id}/end          signed in  give up what was granted
//	GET  /me/consents  POST             signed in  systems that receive one's data; take a consent back
//	GET  /sso/…                         anyone     the provider: see package openid
//	GET  /sso/continue                  anyone     answers a request of a system, or says what is missing
//	POST /sso/continue                  signed in  agree, or go back
//	GET  /desk/requests                 decider    what waits for a decision, and what was decided
//	GET  /desk/requests/{id}            decider    one request
//	POST /desk/requests/{id}/…          decider    approve, return, end
//	GET  /admin/systems  POST           administrator  the sister systems; register one
//	GET  /admin/systems/new             administrator  the form for it
//	GET  /admin/systems/{id}  POST      administrator  one system
//	POST /admin/systems/{id}/…          administrator  its secret, its roles, off and on
//	POST /admin/keys                    administrator  a new signing key
package sso
