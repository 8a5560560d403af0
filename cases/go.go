package cases

import (
	"fmt"
	"strings"

	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
)

// Go moves a case: the one way its state changes. looked holds what the rooms found for every need of the move; said is
// the reason in words, where the move asks for one. The case in hand is brought up to date.
func Go(tx *store.Tx, by permit.Actor, c *Case, act permit.Act, looked permit.Looked, said string) error {
	m := c.Type.Move(act, c.State)
	if m == nil {
		return fault.Say(fault.Conflict, say.F("案件目前是「%s」，不能%s；畫面可能已經過時", "The case stands at “%s”; it cannot be done now: %s. The page may be out of date",
			c.StateName(), act.Name())).To("看案件現況", "See the case as it is now", "/bls/cases/"+c.ID)
	}
	if !c.isAny(by, m.By) {
		return fault.Say(fault.Forbidden, say.F("「%s」要由%s辦理", "“%s” is for: %s", act.Name(), whose(m.By))).
			To("看案件現況", "See the case as it is now", "/bls/cases/"+c.ID)
	}
	for _, n := range m.Needs {
		if _, ok := looked[n]; !ok {
			return fmt.Errorf("cases: %s %s: nobody looked at %s", act, c.Serial, n)
		}
	}
	if holds := looked.Holds(); len(holds) > 0 {
		return held(c, act, holds)
	}
	if m.Says && said == "" {
		return fault.Bad("said", "寫下理由，讓對方知道要做什麼", "Write the reason, so that they know what to do")
	}
	from := c.State
	c.State = m.To
	if err := saveState(tx, c); err != nil {
		return err
	}
	return Log(tx, by, c, Entry{Act: string(act), From: from, To: m.To, Said: said})
}

func (c *Case) isAny(by permit.Actor, who []permit.Who) bool {
	for _, w := range who {
		if c.Is(by, w) {
			return true
		}
	}
	return false
}

var whoNames = map[permit.Who]say.Text{
	permit.Applicant: say.T("申請人", "the applicant"), permit.AtCounter: say.T("收件人員", "the counter officer"),
	permit.AtDesk: say.T("承辦人", "the reviewing officer"), permit.AtChiefsDesk: say.T("主管", "the chief"),
}

func whose(who []permit.Who) say.Text {
	out := whoNames[who[0]]
	for _, w := range who[1:] {
		out = say.T(out.Zh+"或"+whoNames[w].Zh, out.En+" or "+whoNames[w].En)
	}
	return out
}

// held is the refusal that lists what still holds a case back.
func held(c *Case, act permit.Act, holds []permit.Hold) *fault.Fault {
	f := fault.Say(fault.Invalid, say.F("還有 %d 項要完成才能%s", "%d things remain to be done first: %s", len(holds), act.Name()))
	for _, h := range holds {
		f.At("/bls/cases/"+c.ID+"/"+h.URL, h.Text)
	}
	return f
}

// Reopen names the places that the applicant may change while the case is at 通知改正.
func Reopen(tx *store.Tx, c *Case, places []string) error { return setPlaces(tx, c.ID, places) }

// Places lists what a correction notice re-opened.
func Places(tx *store.Tx, c *Case) ([]string, error) { return places(tx, c.ID) }

// MayChange refuses, in words, a change of one place of the case: "form/land", "drawings/A1-01", "attachments/A05".
func MayChange(tx *store.Tx, by permit.Actor, c *Case, place string) error {
	way := "/bls/cases/" + c.ID
	switch {
	case !c.Edits(by):
		return fault.Of(fault.Forbidden, "您可以查看這個案件，但不能修改；請案件的申請人把您加入共同編輯", "You may look at this case but not change it; ask its applicant to add you as an editor").
			To("看案件", "See the case", way)
	case !c.State.Open():
		return fault.Say(fault.Conflict, say.F("案件目前是「%s」，內容已經凍結；要修改請等候改正通知，或撤案後重新送件",
			"The case stands at “%s” and its contents are frozen; wait for a correction notice, or withdraw and file again", c.StateName())).
			To("看案件現況", "See the case as it is now", way)
	case c.State != permit.Correction:
		return nil
	}
	open, err := places(tx, c.ID)
	if err != nil {
		return err
	}
	for _, p := range open {
		if covers(p, place) || strings.HasPrefix(place, "form/") && covers(place, p) {
			return nil // the whole place, or single fields of it: see openFields
		}
	}
	return fault.Of(fault.Conflict, "改正通知沒有提到這一項，所以維持送件時的內容；要改這裡，請先與承辦人聯絡",
		"The correction notice does not name this, so it stays as submitted; to change it, contact the officer first").
		To("看改正通知", "See the correction notice", way+"/correction")
}

// openFields are the fields of a section that a correction notice opened one by one; nil when all of it is open.
func openFields(tx *store.Tx, c *Case, s *permit.Section) (map[string]bool, error) {
	if c.State != permit.Correction {
		return nil, nil
	}
	open, err := places(tx, c.ID)
	if err != nil {
		return nil, err
	}
	fields := map[string]bool{}
	for _, p := range open {
		if covers(p, "form/"+s.Key) {
			return nil, nil
		}
		if key, ok := strings.CutPrefix(p, "form/"+s.Key+"/"); ok {
			fields[key] = true
		}
	}
	return fields, nil
}

// covers reports whether an opened place lets another be changed: "drawings" covers every sheet.
func covers(open, place string) bool {
	return open == place || len(place) > len(open) && place[:len(open)] == open && place[len(open)] == '/'
}
