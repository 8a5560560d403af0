// Package sso is what somebody who has signed in to 資訊系統雲端平台 sees first: the systems, and 使用者資訊.
//
// For what: one sign-in for every system behind the platform, and one page on which people keep what is known of them.
//
// Words: 首頁 is the home page with the systems as tiles; 使用者資訊 (SSO11100) is the person's own page; 授權來源 is who
// gave a role.
//
// Who comes in: whoever has signed in.
//
// Promises:
//   - What was typed about oneself stands on the page until it is right.
//
// Doors:
//
//	GET  /home        signed in  首頁 of the platform: 歡迎使用, the systems (S91–S94)
//	GET  /me    POST  signed in  使用者資訊, SSO11100 (S102–S115)
package sso
