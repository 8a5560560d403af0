package pki

import (
	"encoding/json"
	"errors"
	"time"

	"cloudbm/say"
	"cloudbm/taiwan"
)

// Finding is what the self-test found out about one thing.
type Finding struct {
	Key  string // component, reader, card, popup
	Good bool
	Text say.Text
	URL  string // where a trouble is explained
}

func found(key string, zh, en string, args ...any) Finding {
	return Finding{Key: key, Good: true, Text: say.F(zh, en, args...)}
}

func amiss(key string, t *Trouble) Finding {
	return Finding{Key: key, Text: say.F("%s。%s", "%s. %s", t.Title, t.Cause), URL: t.TroubleURL()}
}

// Inspect puts into words what the component answered when it was asked for readers and cards. What it says is what the
// visitor's computer says of itself: it proves nothing, and nothing of it is kept.
func (r *Room) Inspect(a Answer, now time.Time) []Finding {
	said, err := read(a.Said)
	if err != nil {
		return []Finding{amiss("component", trStrange)}
	}
	switch t := said.trouble(); {
	case t == trPopup:
		return []Finding{amiss("popup", t)}
	case said.Func != "pkcs11info" && t == nil:
		return []Finding{amiss("component", trStrange)}
	case t == trNoReader:
		return []Finding{r.version(a, said), amiss("reader", t)}
	case t == trNoCard, t == trUnreadable:
		return []Finding{r.version(a, said), amiss("card", t)}
	case t != nil:
		return []Finding{amiss("component", t)}
	}
	out := []Finding{found("popup", "可以開啟。", "They open."), r.version(a, said)}
	if len(said.Slots) == 0 {
		return append(out, amiss("reader", trNoReader), amiss("card", trNoCard))
	}
	out = append(out, found("reader", "%s", "%s", named(said.Slots[0].Description)))
	return append(out, r.card(said.Slots, now))
}

func (r *Room) version(a Answer, s said) Finding {
	least := Least{}
	if r != nil {
		least = r.Least
	}
	if least.tooOld(a.Agent, s.Version) {
		return amiss("component", trOld)
	}
	return found("component", "版本 %s", "Version %s", named(s.Version))
}

// card is what the first card in a reader is good for. Names and numbers do not go into a report for the help desk.
func (r *Room) card(slots []slot, now time.Time) Finding {
	for _, s := range slots {
		var token *struct {
			Certs []struct{ Usage, Certb64 string }
		}
		switch err := json.Unmarshal(s.Token, &token); {
		case len(s.Token) == 0, err == nil && token == nil:
			continue
		case err != nil:
			return amiss("card", trUnreadable)
		}
		for _, c := range token.Certs {
			if der, err := unbase64(c.Certb64); err == nil && c.Usage == "digitalSignature" {
				return r.certificate(der, now)
			}
		}
		return amiss("card", trUnreadable)
	}
	return amiss("card", trNoCard)
}

func (r *Room) certificate(der []byte, now time.Time) Finding {
	c, err := Parse(der)
	if err != nil {
		return amiss("card", trUnreadable)
	}
	var refused *Refusal
	if r.Open() {
		if _, err := r.Anchors.Verify(c, nil, now); errors.As(err, &refused) {
			return amiss("card", refused.Trouble)
		}
	}
	return found("card", "%s，有效到 %s。", "%s, good until %s.", c.Kind.Name(), say.Same(c.Until.In(taiwan.Zone).Format("2006/01/02")))
}

// named is a name that came from outside, no longer than a line.
func named(s string) say.Text {
	switch r := []rune(s); {
	case len(r) == 0:
		return say.T("（沒有說明）", "(not told)")
	case len(r) > 80:
		return say.Same(string(r[:80]))
	}
	return say.Same(s)
}
