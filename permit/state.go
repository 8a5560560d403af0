package permit

import "cloudbm/say"

// State is where a case stands (domain: 案件狀態).
type State string

// The states of a case. Only 尚未送件 is printed in the manual (S163); the others follow the law.
const (
	Draft       State = "draft"       // 尚未送件
	Submitted   State = "submitted"   // 已送件, waiting at the counter
	Returned    State = "returned"    // 退件: formal fault, not registered; the applicant may file again
	Received    State = "received"    // 已收件 (掛號)
	Reviewing   State = "reviewing"   // 審查中
	Correction  State = "correction"  // 通知改正
	Resubmitted State = "resubmitted" // 復審中
	Proposed    State = "proposed"    // 陳核中: the officer proposes, the chief decides
	Issued      State = "issued"      // 已發照 or 已備查
	Rejected    State = "rejected"    // 駁回
	Withdrawn   State = "withdrawn"   // 撤案
	Lapsed      State = "lapsed"      // 失效
)

// States lists them in the order of the road.
var States = []State{Draft, Submitted, Returned, Received, Reviewing, Correction, Resubmitted, Proposed, Issued, Rejected, Withdrawn, Lapsed}

var stateNames = map[State]say.Text{
	Draft: say.T("尚未送件", "Not yet submitted"), Submitted: say.T("已送件", "Submitted"),
	Returned: say.T("退件", "Returned"), Received: say.T("已收件", "Received"),
	Reviewing: say.T("審查中", "Under review"), Correction: say.T("通知改正", "Correction required"),
	Resubmitted: say.T("復審中", "Under second review"), Proposed: say.T("陳核中", "Awaiting the chief's decision"),
	Issued: say.T("已核准", "Approved"), Rejected: say.T("駁回", "Rejected"),
	Withdrawn: say.T("撤案", "Withdrawn"), Lapsed: say.T("失效", "Lapsed"),
}

// Name is what the state is called on pages.
func (s State) Name() say.Text { return stateNames[s] }

// Open reports whether the applicant may change the case in this state; in Correction only what the notice names.
func (s State) Open() bool { return s == Draft || s == Returned || s == Correction }

// Closed reports whether nothing more will happen.
func (s State) Closed() bool { return s == Issued || s == Rejected || s == Withdrawn || s == Lapsed }

// Ball says who has to do the next thing.
func (s State) Ball() say.Text {
	switch {
	case s.Open():
		return say.T("申請人", "the applicant")
	case s.Closed():
		return say.T("無", "nobody")
	}
	return say.T("主管機關", "the authority")
}

// Act is something done to a case.
type Act string

// The acts.
const (
	Submit        Act = "submit"         // 送件
	Return        Act = "return"         // 退件
	Take          Act = "take"           // 收件, 掛號
	Assign        Act = "assign"         // 分文
	AskCorrection Act = "ask-correction" // 通知改正
	Resubmit      Act = "resubmit"       // 補正送件
	Propose       Act = "propose"        // 擬准陳核
	SendBack      Act = "send-back"      // 主管退回承辦
	Approve       Act = "approve"        // 核准
	Reject        Act = "reject"         // 駁回
	Withdraw      Act = "withdraw"       // 撤案
)

var actNames = map[Act]say.Text{
	Submit: say.T("送件", "Submit"), Return: say.T("退件", "Return"), Take: say.T("收件", "Receive"),
	Assign: say.T("分文", "Assign"), AskCorrection: say.T("通知改正", "Require correction"),
	Resubmit: say.T("補正送件", "Resubmit"), Propose: say.T("擬准陳核", "Propose approval"),
	SendBack: say.T("退回承辦", "Send back to the officer"), Approve: say.T("核准", "Approve"),
	Reject: say.T("駁回", "Reject"), Withdraw: say.T("撤案", "Withdraw"),
}

// Name is what the act is called.
func (a Act) Name() say.Text { return actNames[a] }

// Who is a kind of actor in a move, as seen from one case.
type Who string

// Who may act on a case.
const (
	Applicant    Who = "applicant"     // the person who opened it, or a colleague with the right to submit
	AtCounter    Who = "at-counter"    // a counter officer of its authority
	AtDesk       Who = "at-desk"       // a reviewing officer of its authority
	AtChiefsDesk Who = "at-chief-desk" // a chief of its authority
)

// Need is something that has to be looked at before a move.
type Need string

// The needs of a move. Each has a room that looks at it and answers with holds.
const (
	NeedForm        Need = "form"        // every required answer is there and right
	NeedAttachments Need = "attachments" // every required paper is attached
	NeedDrawings    Need = "drawings"    // every required class has a sheet, all sheets inspected and placed
	NeedSeals       Need = "seals"       // everybody who must seal has sealed
	NeedAnswers     Need = "answers"     // every point of the correction notice is answered
	NeedPoints      Need = "points"      // the notice lists at least one point
	NeedChecklist   Need = "checklist"   // every check of the list is judged
)

// Hold is one thing that still keeps a case from a move, with the place that mends it.
type Hold struct {
	Need Need
	Text say.Text
	URL  string // relative to the case's page, e.g. "form/land"
	Soft bool   // a reminder (提醒), does not hold
}

// Looked is what was looked at, with what was found. A need that is not a key was not looked at.
type Looked map[Need][]Hold

// Holds lists what really holds.
func (l Looked) Holds() []Hold {
	var out []Hold
	for _, n := range []Need{NeedForm, NeedAttachments, NeedDrawings, NeedSeals, NeedAnswers, NeedPoints, NeedChecklist} {
		for _, h := range l[n] {
			if !h.Soft {
				out = append(out, h)
			}
		}
	}
	return out
}

// Move is one way a case may go.
type Move struct {
	Act   Act
	From  []State
	To    State
	By    []Who
	Needs []Need
	Says  bool // a reason in words is required
}
