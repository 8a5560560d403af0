package drawings

import (
	"slices"
	"time"

	"cloudbm/cases"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// Papers lists the attached papers of a case, by code and time.
func Papers(tx *store.Tx, c *cases.Case) ([]Paper, error) {
	all, err := papersOf(tx, c.ID)
	return slices.DeleteFunc(all, func(p Paper) bool { return !p.RemovedAt.IsZero() }), err
}

// PapersInSight lists the papers as by may see them: the authority sees those that were there when the case was last
// submitted.
func PapersInSight(tx *store.Tx, by permit.Actor, c *cases.Case) ([]Paper, error) {
	if c.Mine(by) || by.Person == permit.System.Person {
		return Papers(tx, c)
	}
	all, err := papersOf(tx, c.ID)
	return slices.DeleteFunc(all, func(p Paper) bool {
		return p.At.After(c.SubmittedAt) || !p.RemovedAt.IsZero() && !p.RemovedAt.After(c.SubmittedAt)
	}), err
}

// RemovedPapers lists the papers that were taken out; they can be brought back.
func RemovedPapers(tx *store.Tx, c *cases.Case) ([]Paper, error) {
	all, err := papersOf(tx, c.ID)
	return slices.DeleteFunc(all, func(p Paper) bool { return p.RemovedAt.IsZero() }), err
}

// PutPaper files an arrival under an attachment. The same file under the same attachment is not filed twice.
func PutPaper(tx *store.Tx, by permit.Actor, c *cases.Case, a Arrival) (p Paper, same bool, err error) {
	if err := MayBring(tx, by, c, "", a.Code); err != nil {
		return p, false, err
	}
	have, err := Papers(tx, c)
	if err != nil {
		return p, false, err
	}
	for _, h := range have {
		if h.Code == a.Code && h.Digest == a.Digest {
			return h, true, nil
		}
	}
	p = Paper{ID: store.NewID(), Case: c.ID, Code: a.Code, Digest: a.Digest, FileName: a.FileName, Size: a.Size, MIME: a.MIME,
		Pages: a.Pages, Report: a.Report, By: by.Person, ByName: by.Name, At: tx.Now}
	if err := insertPaper(tx, p); err != nil {
		return p, false, err
	}
	return p, false, cases.Log(tx, by, c, cases.Entry{Act: "put-paper", Place: "attachments/" + p.Code,
		Said: say.F("%s（SHA-256 %s）", "%s (SHA-256 %s)", p.FileName, p.Digest).Zh})
}

// RemovePaper takes a paper out; it can be brought back.
func RemovePaper(tx *store.Tx, by permit.Actor, c *cases.Case, id string) (Paper, error) {
	return changePaper(tx, by, c, id, tx.Now, "remove-paper")
}

// RestorePaper brings a removed paper back.
func RestorePaper(tx *store.Tx, by permit.Actor, c *cases.Case, id string) (Paper, error) {
	return changePaper(tx, by, c, id, time.Time{}, "restore-paper")
}

func changePaper(tx *store.Tx, by permit.Actor, c *cases.Case, id string, removed time.Time, act string) (Paper, error) {
	p, err := findPaper(tx, c, id)
	if err != nil || p.RemovedAt.IsZero() == removed.IsZero() {
		return p, err
	}
	if err := cases.MayChange(tx, by, c, "attachments/"+p.Code); err != nil {
		return p, err
	}
	if err := setPaperRemoved(tx, p.ID, removed); err != nil {
		return p, err
	}
	p.RemovedAt = removed
	return p, cases.Log(tx, by, c, cases.Entry{Act: act, Place: "attachments/" + p.Code, Said: p.FileName})
}

func findPaper(tx *store.Tx, c *cases.Case, id string) (Paper, error) {
	all, err := papersOf(tx, c.ID)
	if err != nil {
		return Paper{}, err
	}
	for _, p := range all {
		if p.ID == id {
			return p, nil
		}
	}
	return Paper{}, fault.Of(fault.NotFound, "這個案件沒有這份文件", "This case has no such paper").
		To("看應附文件", "See the papers", base(c)+"/attachments")
}
