// Package egov is a stand-in for 我的E政府, the national site at which people prove who they are.
//
// For what: the platform's first door leads to a site that cannot be reached from a demonstration or a test. Here it
// stands with the screens, words and rules that the user manual shows, with members, sessions and letters of its own,
// and as an OpenID provider to the platform. The configuration refuses it in production.
//
// Words: a Member is registered here, not on the platform; a Visit is one signed-in browser; a Level says how sure it is
// who came in (1 password, 3 certificate, 4 health card); a System is one whose people sign in here; a Certificate is
// what a card has proved; 公務帳號 is an official's account, one once an administrator of the stand-in has approved it.
//
// Who comes in: anyone to sign in, to join and to recover an account; members to their own pages; the stand-in's
// administrator to the applications; systems to ask who came in.
//
// Promises:
//   - Every page says that it is a simulation.
//   - An unknown account is answered as a known one, after the same work, in signing in, in 忘記密碼 and in 忘記帳號.
//   - Five wrong passwords lock an account until its member's own card, a right answer to the recovery question or a
//     link by e-mail enables it.
//   - A captcha, a link and a ticket serve once. In the tables are their marks, and what has to be read is in the vault.
//   - A PIN never leaves the computer of its member: no form sends it.
//   - A national ID is told to a system only if it was verified and the member came in with a card.
//
// Doors:
//
//	GET  /egov/{$}                       anyone   會員登入: account, card, promotions, notices (S29–S48); ?next=
//	POST /egov/signin                    anyone   帳號登入
//	POST /egov/signout                   anyone   登出
//	GET  /egov/join  POST                anyone   加入會員 (S49–S61); the buttons check the account, change the captcha, register
//	POST /egov/join/account              anyone   the check of the account, for the script (S52)
//	POST /egov/join/strength             anyone   the strength of a password, for the script (S53)
//	POST /egov/join/captcha              anyone   another captcha, for the script (S61)
//	GET  /egov/joined/{secret}           anyone   what was registered, and the ways on (S63–S66)
//	GET  /egov/captcha/{id}              anyone   the picture of a captcha
//	GET  /egov/captcha/{id}/audio        anyone   the same, spoken in Chinese
//	GET  /egov/password  POST            anyone   忘記密碼: a link by e-mail, the question, the card
//	GET  /egov/password/{secret}  POST   anyone   a new password
//	GET  /egov/question  POST            anyone   the recovery question (S40)
//	GET  /egov/account  POST             anyone   忘記帳號
//	GET  /egov/card  POST                anyone   a card: to sign in, to enable, for a new password, to bind (S33–S36)
//	GET  /egov/me                        members  會員中心
//	GET  /egov/me/cards  POST            members  憑證帳號綁定 (S113)
//	GET  /egov/official  POST            members  公務帳號申請 (S50, S65)
//	GET  /egov/admin  POST               members  公務帳號審核
//	GET  /egov/help/{topic}              anyone   what the links lead to
//	GET  /egov/onward                    anyone   where the OpenID provider sends the browser; ?request=
//	GET  /egov/portal/Clogin.aspx        anyone   the older way in: ReturnUrl, Level; leads back with a ticket
//	POST /egov/portal/ticket             systems  redeems a ticket
//	GET  /egov/portal/cpuser/transfer.aspx  anyone  leads to the application of officials (S65)
//	     /egov/authorize, /egov/token …  systems  the OpenID provider (see openid)
//	GET  /egov/look.css, /egov/join.js   anyone   style and script of these pages
package egov
