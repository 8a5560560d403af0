// Package portal is 全國建管入口網 and everything that stands in front of the counters: the way in, the home page, what
// is announced, what may be downloaded, help, questions, contacts, and the pages a public body owes its visitors.
//
// For what: nobody should have to know where to begin, and nobody should be left alone with a page that does not work.
//
// Words: 系統公告 is an Announcement; 檔案下載 a Download; a Question is what somebody asks us, a Topic a page of help; a
// Card is one thing on the home page that leads somewhere or says why it does not; Advice answers 「需要建築執照嗎？」.
//
// Who comes in: everybody, also without an account; the home page needs a sign-in. Announcements are kept by the system
// administrator and by the manager of an authority (for that authority), downloads by the system administrator,
// questions are answered by the manager of the authority asked and by the system administrator.
//
// Promises:
//   - Old addresses lead on: /BLS/bccslogin.do and /BLS/ to the sign-in page, /CPTL/ to the portal.
//   - An entry that is not built here is a page that says what belongs there and which entry is open.
//   - What is announced for a span of time is seen in that span alone, without anybody having to be there.
//   - Every page works without script; the self-test says what it could not look at.
//   - Changes by administrators and managers are in the audit record.
//
// Doors (function number in brackets):
//
//	GET  /CPTL  /CPTL/                anyone     the portal: S9–S14                                   (CPT10000)
//	GET  /CPTL/search                 anyone     search over this room's pages                        (CPT10100)
//	GET  /CPTL/{entry}                anyone     what belongs to an entry that is not built here      (CPT10200)
//	GET  /BLS  /BLS/  /BLS/bccslogin.do  anyone  to the sign-in page (S3)
//	GET  /news  /news/{id}            anyone     系統公告                                             (CPT20000)
//	GET  /admin/news …/new …/{id}     keepers    keep announcements                                   (SYS20000)
//	POST /admin/news …/{id} …/{id}/end
//	GET  /bls                         signed in  home page, S116–S130                                 (BLS10000)
//	GET  /downloads  /downloads/{id}  anyone     檔案下載                                             (BLS10100)
//	GET  /admin/downloads …/{id}      admin      keep downloads                                       (SYS20100)
//	POST /admin/downloads …/{id} …/{id}/file
//	GET  /help  /help/{topic}         anyone     操作說明                                             (CPT30000)
//	GET  /help/question  POST         anyone     線上提問 (S230)                                      (CPT30100)
//	GET  /mailbox  POST               anyone     意見信箱                                             (CPT30200)
//	GET  /help/contact  /contact      anyone     聯絡窗口 (S231, S232)                                (CPT30300)
//	GET  /desk/questions …/{id}       managers   questions to the authority                           (SYS30100)
//	POST /desk/questions/{id}
//	GET  /help/question/{number}      signed in  one's own question with its answer                   (CPT30110)
//	GET  /bls/selftest                anyone     系統環境自我檢測 (S130)                              (BLS10900)
//	GET  /bls/selftest/time           anyone     the server's clock, for the script of the page
//	GET  /bls/selftest/window         anyone     what a pop-up shows
//	GET  /bls/selftest/script.js      anyone     the script of the page
//	POST /bls/selftest/card           anyone     what the card component said, in words, for the script of the page
//	GET  /permit-check                anyone     需要建築執照嗎？                                     (CPT40000)
//	GET  /sitemap  /accessibility  /privacy  /glossary   anyone                                       (CPT90…)
package portal
