// Package review is the authority's desk (審查): the inbox, 收件 with its 掛號號碼, the statutory clock, the checklist,
// remarks pinned to a field or a place on a sheet, one correction notice with all points (建築法 §35), round n beside
// round n-1, and the decision with its licence.
//
// Words: 收件 take, 承辦人 reviewer, 審查意見 remark, 改正通知 correction notice, 核准 approve, 駁回 reject. Who comes in: the
// officers of the case's authority. Nobody decides a case of his own.
//
// Promises:
//   - A 掛號號碼 and a licence number are given once, in the transaction that needs them.
//   - Remarks are drafts until one act sends them all; private notes are never sent.
//   - The clock counts as 行政程序法 §48 says; what harms the applicant is only ever flagged for a human.
//
// Routes:
//
//	GET  /desk                              the inbox
//	GET  /desk/cases/{id}                   one case to review
//	GET  /desk/cases/{id}/compare           this round beside the one before
//	GET  /desk/cases/{id}/sheets/{version}  one sheet with its remarks
//	POST /desk/cases/{id}/receipt           收件；  /return 退件；  /assignment 分文
//	POST /desk/cases/{id}/checklist         judge;  /remarks add, change, drop a remark;  /verdicts judge the answers
//	GET  /desk/cases/{id}/correction        preview the notice; POST sends it
//	POST /desk/cases/{id}/proposal          擬准陳核; /sending-back, /approval, /rejection
//	GET  /bls/cases/{id}/licence            the licence as PDF
package review
