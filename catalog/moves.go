package catalog

import (
	"cloudbm/permit"
	"cloudbm/taiwan"
)

// usualMoves is the road that every case goes unless its type says otherwise. Drafts are deleted by who opened them,
// not withdrawn. A correction notice may be followed by another one (§36 counts from the first).
var usualMoves = []permit.Move{
	{Act: permit.Submit, From: states(permit.Draft, permit.Returned), To: permit.Submitted, By: who(permit.Applicant), Needs: complete},
	{Act: permit.Return, From: states(permit.Submitted), To: permit.Returned, By: who(permit.AtCounter), Says: true},
	{Act: permit.Take, From: states(permit.Submitted), To: permit.Received, By: who(permit.AtCounter, permit.AtDesk)},
	{Act: permit.Assign, From: states(permit.Received, permit.Reviewing), To: permit.Reviewing, By: who(permit.AtCounter, permit.AtDesk, permit.AtChiefsDesk)},
	{Act: permit.Assign, From: states(permit.Resubmitted), To: permit.Resubmitted, By: who(permit.AtCounter, permit.AtDesk, permit.AtChiefsDesk)},
	{Act: permit.AskCorrection, From: underReview, To: permit.Correction, By: who(permit.AtDesk), Needs: needs(permit.NeedPoints), Says: true},
	{Act: permit.Resubmit, From: states(permit.Correction), To: permit.Resubmitted, By: who(permit.Applicant), Needs: append(needs(complete...), permit.NeedAnswers)},
	{Act: permit.Propose, From: underReview, To: permit.Proposed, By: who(permit.AtDesk), Needs: needs(permit.NeedChecklist)},
	{Act: permit.SendBack, From: states(permit.Proposed), To: permit.Reviewing, By: who(permit.AtChiefsDesk), Says: true},
	{Act: permit.Approve, From: states(permit.Proposed), To: permit.Issued, By: who(permit.AtChiefsDesk)},
	{Act: permit.Reject, From: states(permit.Reviewing, permit.Resubmitted, permit.Correction, permit.Proposed), To: permit.Rejected, By: who(permit.AtChiefsDesk), Says: true},
	{Act: permit.Withdraw, From: states(permit.Submitted, permit.Received, permit.Reviewing, permit.Correction, permit.Resubmitted), To: permit.Withdrawn, By: who(permit.Applicant), Says: true},
}

var (
	underReview = states(permit.Reviewing, permit.Resubmitted)
	complete    = needs(permit.NeedForm, permit.NeedAttachments, permit.NeedDrawings, permit.NeedSeals)
)

func states(s ...permit.State) []permit.State { return s }
func who(w ...permit.Who) []permit.Who        { return w }
func needs(n ...permit.Need) []permit.Need    { return append([]permit.Need(nil), n...) }

func days(n int) taiwan.Period   { return taiwan.Period{N: n, Unit: taiwan.Days} }
func months(n int) taiwan.Period { return taiwan.Period{N: n, Unit: taiwan.Months} }
