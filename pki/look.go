package pki

import (
	"encoding/json"

	"cloudbm/say"
)

// Sight is what a computer has of what a card needs: the component, a reader, a card.
type Sight struct {
	Key        string // "component", "reader", "card"
	Name, Text say.Text
	Seen, OK   bool     // whether it was looked at, and was as it should be
	Trouble    *Trouble // what to do if it was not; nil else
}

// Look reads what the component told a page with the form SelfTest. Without an answer nothing was looked at.
func (r *Room) Look(a Answer) []Sight {
	component := Sight{Key: "component", Name: say.T("憑證元件", "Card component")}
	reader := Sight{Key: "reader", Name: say.T("讀卡機", "Card reader")}
	card := Sight{Key: "card", Name: say.T("卡片", "Card")}
	all := func() []Sight { return []Sight{component, reader, card} }
	if a.Said == "" {
		return all()
	}
	said, err := read(a.Said)
	switch t := said.trouble(); {
	case err != nil:
		component.fails(trStrange)
		return all()
	case t == trNoReader:
		component.is(say.F("版本 %s。", "Version %s.", said.Version))
		reader.fails(t)
		return all()
	case t != nil:
		component.fails(t)
		return all()
	case r.Least.tooOld(a.Agent, said.Version):
		component.fails(trOld)
		component.Text = say.F("版本 %s 太舊，至少要 %s。%s。", "Version %s is too old; it has to be %s. %s.", said.Version, r.Least.of(a.Agent), trOld.Title)
		return all()
	}
	component.is(say.F("版本 %s。", "Version %s.", said.Version))
	if len(said.Slots) == 0 {
		reader.fails(trNoReader)
		return all()
	}
	reader.is(say.Same(said.Slots[0].Description))
	card.fails(trNoCard)
	for _, s := range said.Slots {
		var token struct {
			Serial string `json:"serialNumber"`
		}
		switch {
		case len(s.Token) == 0 || string(s.Token) == "null":
		case json.Unmarshal(s.Token, &token) != nil:
			card.fails(trUnreadable)
		default:
			reader.is(say.Same(s.Description))
			card.is(say.F("讀到了，憑證序號 %s。", "It was read. Its number is %s.", token.Serial))
			return all()
		}
	}
	return all()
}

func (s *Sight) is(text say.Text) { s.Seen, s.OK, s.Text, s.Trouble = true, true, text, nil }

func (s *Sight) fails(t *Trouble) {
	s.Seen, s.OK, s.Trouble = true, false, t
	s.Text = say.F("%s。", "%s.", t.Title)
}

// Blocked reports whether the browser did not let the page open the component's window; asked, whether it was tried.
func Blocked(a Answer) (blocked, asked bool) {
	if a.Said == "" {
		return false, false
	}
	said, err := read(a.Said)
	return err == nil && said.Trouble == trPopup.Key, err == nil
}
