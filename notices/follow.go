package notices

import (
	"context"
	"slices"
	"strings"

	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/jobs"
	"cloudbm/permit"
	"cloudbm/roles"
	"cloudbm/say"
	"cloudbm/seals"
	"cloudbm/store"
)

// Follow teaches the crew to tell people what the log of a case says: the rooms that move a case never call us.
func Follow(c *jobs.Crew, db *store.DB) {
	jobs.Do(c, func(ctx context.Context, w cases.Told) error {
		return db.Write(ctx, func(tx *store.Tx) error { return follow(tx, w) })
	})
}

// told marks an entry that people have been told of, so that a job done twice tells once.
func follow(tx *store.Tx, w cases.Told) error {
	fresh, err := claimEntry(tx, w.Case, w.Seq)
	if err != nil || !fresh {
		return err
	}
	c, err := cases.Find(tx, permit.System, w.Case)
	if fault.Is(err, fault.NotFound) {
		return nil // a draft that was thrown away
	}
	if err != nil {
		return err
	}
	all, err := cases.Entries(tx, c)
	if err != nil || int64(len(all)) < w.Seq {
		return err
	}
	e := all[w.Seq-1]
	for _, l := range letters(c, e) {
		people, err := l.to(tx, c)
		if err != nil {
			return err
		}
		for _, p := range people {
			if p == e.By {
				continue // whoever did it knows
			}
			if err := Tell(tx, p, l.Notice); err != nil {
				return err
			}
		}
	}
	return nil
}

// letterTo is one notice with the people it goes to.
type letterTo struct {
	Notice
	to func(*store.Tx, *cases.Case) ([]string, error)
}

// applicants are the applicant's side: whoever may see the case there.
func applicants(_ *store.Tx, c *cases.Case) ([]string, error) {
	var out []string
	seen := map[string]bool{}
	for _, m := range c.Members() {
		if !seen[m.Person] {
			seen[m.Person] = true
			out = append(out, m.Person)
		}
	}
	return out, nil
}

// filers are those who may submit the case.
func filers(_ *store.Tx, c *cases.Case) (out []string, _ error) {
	for _, m := range c.Members() {
		if m.May == "all" && !slices.Contains(out, m.Person) {
			out = append(out, m.Person)
		}
	}
	return out, nil
}

// theOne is the person that the place of an entry names.
func theOne(e cases.Entry) func(*store.Tx, *cases.Case) ([]string, error) {
	return func(*store.Tx, *cases.Case) ([]string, error) {
		return []string{strings.TrimPrefix(e.Place, "seals/")}, nil
	}
}

// signerOf is who sealed what an entry is about.
func signerOf(tx *store.Tx, c *cases.Case, e cases.Entry) (string, error) {
	s, err := seals.Find(tx, c, strings.TrimPrefix(e.Place, "seals/"))
	return s.Person, err
}

// signerAnd are who sealed what the entry is about, if the case still lets them in, and those who may submit it.
func signerAnd(e cases.Entry) func(*store.Tx, *cases.Case) ([]string, error) {
	return func(tx *store.Tx, c *cases.Case) ([]string, error) {
		signer, err := signerOf(tx, c, e)
		if err != nil {
			return nil, err
		}
		out, err := filers(tx, c)
		if c.Mine(permit.Actor{Person: signer}) && !slices.Contains(out, signer) {
			out = append(out, signer)
		}
		return out, err
	}
}

// signerGone is who sealed what the entry is about, if the case does not name them any more.
func signerGone(e cases.Entry) func(*store.Tx, *cases.Case) ([]string, error) {
	return func(tx *store.Tx, c *cases.Case) ([]string, error) {
		signer, err := signerOf(tx, c, e)
		if err != nil || c.Mine(permit.Actor{Person: signer}) {
			return nil, err
		}
		return []string{signer}, nil
	}
}

// at lists the officers of the case's authority with one of the duties.
func at(duties ...permit.Duty) func(*store.Tx, *cases.Case) ([]string, error) {
	return func(tx *store.Tx, c *cases.Case) ([]string, error) {
		officers, err := roles.Officers(tx, c.Authority, duties...)
		var out []string
		for _, o := range officers {
			out = append(out, o.Person)
		}
		return out, err
	}
}

func handler(_ *store.Tx, c *cases.Case) ([]string, error) {
	if c.Desk == "" {
		return nil, nil
	}
	return []string{c.Desk}, nil
}

// letters says what an entry of the log means to whom.
func letters(c *cases.Case, e cases.Entry) []letterTo {
	label := say.F("%s %s", "%s %s", c.Type.Name, c.Label())
	mine, desk := "/bls/cases/"+c.ID, "/desk/cases/"+c.ID
	to := func(kind Kind, url string, legal bool, title, todo say.Text, who func(*store.Tx, *cases.Case) ([]string, error)) letterTo {
		return letterTo{Notice{Case: c.ID, Serial: c.Serial, Kind: kind, Title: title, Body: label, Todo: todo, URL: url, Legal: legal}, who}
	}
	none := say.T("您不需要做任何事。", "There is nothing for you to do.")
	sealing := mine + "/seals"
	switch permit.Act(e.Act) {
	case seals.ActSeal:
		return []letterTo{to(Seal, sealing, false, say.F("%s 已壓章", "%s has sealed", say.Same(e.Name)), none, filers)}
	case seals.ActAsk:
		return []letterTo{to(Seal, sealing, false, say.T("請您壓章", "Your seal is asked for"), say.T("查看圖說，再讀卡壓章；不壓章請告知理由。", "Look at the sheets, then seal with your card; if you decline, say why."), theOne(e))}
	case seals.ActUnseal:
		void := say.T("案件內容變動，有壓章失效", "The case was changed, and a seal is void")
		return []letterTo{
			to(Seal, sealing, false, void, say.T("看過新的內容後重新壓章；失效的壓章補齊前不能送件。", "Look at what is new and seal again; the case cannot be submitted before."), signerAnd(e)),
			to(Seal, "/bls/seals", false, void, say.T("案件已不再列您的名；您壓過的章仍可在「我的壓章」查看。", "The case does not name you any more; what you have sealed stays under “My seals”."), signerGone(e)),
		}
	case seals.ActDecline:
		return []letterTo{to(Seal, sealing, false, say.F("%s 不壓章", "%s declines to seal", say.Same(e.Name)), say.T("看對方的理由，修改後請他重新查看並壓章。", "Read why, mend it and ask them to look and seal again."), filers)}
	case permit.Submit:
		return []letterTo{
			to(Submission, mine, false, say.T("案件已送件，收據已產生", "The case was submitted; the receipt is ready"), none, applicants),
			to(Work, desk, false, say.T("有新案件待收件", "A new case is to be received"), say.T("收件並給掛號號碼，或退件。", "Receive and register it, or return it."), at(permit.Counter)),
		}
	case permit.Resubmit:
		return []letterTo{
			to(Correction, mine, false, say.T("補正已送出", "The corrections were submitted"), none, applicants),
			to(Work, desk, false, say.T("案件已補正，請復審", "The case came back corrected"), say.T("比對修改處並復審。", "Compare what changed and review again."), handler),
		}
	case permit.Take:
		return []letterTo{to(Submission, mine, true, say.F("案件已收件，掛號號碼 %s", "The case was received; registration %s", c.Registration), none, applicants)}
	case permit.Return:
		return []letterTo{to(Submission, mine, true, say.F("案件被退件：%s", "The case was returned: %s", e.Said), say.T("修改後再送件。", "Mend it and submit again."), applicants)}
	case permit.Assign:
		return []letterTo{to(Work, desk, false, say.T("有案件分給您承辦", "A case was assigned to you"), say.T("開始審查。", "Begin the review."), handler)}
	case permit.AskCorrection:
		return []letterTo{to(Correction, mine+"/correction", true, say.T("主管機關通知改正", "The authority requires corrections"),
			say.T("逐點回復並修改通知提到的項目，六個月內送請復審（建築法 §36）。", "Answer each point and mend what the notice names; resubmit within six months (Building Act §36)."), applicants)}
	case permit.Propose:
		return []letterTo{to(Work, desk, false, say.T("有案件待主管決行", "A case awaits the chief's decision"), say.T("核准、退回承辦或駁回。", "Approve, send back or reject."), at(permit.Chief))}
	case permit.SendBack:
		return []letterTo{to(Work, desk, false, say.F("主管退回案件：%s", "The chief sent the case back: %s", e.Said), say.T("依主管意見辦理。", "Act on the chief's words."), handler)}
	case permit.Approve:
		return []letterTo{to(Decision, mine, true, say.F("案件已核准：%s", "The case is approved: %s", c.Licence), say.T("到案件頁下載執照或備查文件。", "Download the document from the case's page."), applicants)}
	case permit.Reject:
		return []letterTo{to(Decision, mine, true, say.T("案件已駁回", "The case was rejected"), say.T("理由與救濟方式見案件頁。", "See the case's page for the reasons and remedies."), applicants)}
	case permit.Withdraw:
		return []letterTo{
			to(Submission, mine, false, say.T("案件已撤案", "The case was withdrawn"), none, applicants),
			to(Work, desk, false, say.T("申請人已撤案", "The applicant withdrew the case"), none, handler),
		}
	}
	return nil
}
