package proof

import (
	"fmt"
	"strings"

	"cloudbm/say"
)

// Told is a report as it is told to other programs, and to the page that verifies.
type Told struct {
	Kind      string         `json:"kind"`
	Level     Level          `json:"level"`
	Zh        string         `json:"zh"`
	En        string         `json:"en"`
	Serial    string         `json:"serial,omitempty"`
	Authority string         `json:"authority,omitempty"`
	Round     int            `json:"round,omitempty"`
	Received  string         `json:"received,omitempty"`
	Digest    string         `json:"digest,omitempty"`
	Findings  []ToldFinding  `json:"findings"`
	Contents  []ToldContents `json:"contents"`
}

// ToldFinding is a finding as it is told.
type ToldFinding struct {
	Key   string    `json:"key"`
	Level Level     `json:"level"`
	About string    `json:"about,omitempty"`
	Zh    string    `json:"zh"`
	En    string    `json:"en"`
	Do    *ToldText `json:"do,omitempty"`
}

// ToldText is a sentence as it is told.
type ToldText struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// ToldContents is a thing of the round and who sealed it.
type ToldContents struct {
	Kind  Kind       `json:"kind"`
	Name  string     `json:"name"`
	Seals []ToldSeal `json:"seals"`
}

// ToldSeal is a seal that counts.
type ToldSeal struct {
	Seal            string `json:"seal"`
	Name            string `json:"name"`
	Licence         string `json:"licence,omitempty"`
	As              string `json:"as"`
	At              string `json:"at"`
	Root            string `json:"root"`
	RootFingerprint string `json:"root_sha256"`
	Expires         string `json:"certificate_expires"`
}

// Told is the report with everything in plain strings; its lists are never null.
func (r Report) Told() Told {
	m, verdict := r.Manifest, r.Verdict()
	t := Told{Kind: r.Kind, Level: r.Level(), Zh: verdict.Zh, En: verdict.En, Serial: m.Serial, Authority: m.Authority, Round: m.Round, Received: m.At, Digest: r.Digest,
		Findings: []ToldFinding{}, Contents: []ToldContents{}}
	for _, f := range r.Findings {
		x := ToldFinding{Key: f.Key, Level: f.Level, About: f.About, Zh: f.Text.Zh, En: f.Text.In(say.En)}
		if !f.Do.Empty() {
			x.Do = &ToldText{f.Do.Zh, f.Do.En}
		}
		t.Findings = append(t.Findings, x)
	}
	for _, s := range r.Sheets {
		x := ToldContents{Kind: s.Kind, Name: s.Name, Seals: []ToldSeal{}}
		for _, by := range s.Seals {
			x.Seals = append(x.Seals, ToldSeal{by.Seal, by.Name, by.Licence, by.As, rfc3339(by.At), by.Root, by.RootFingerprint, rfc3339(by.Expires)})
		}
		t.Contents = append(t.Contents, x)
	}
	return t
}

// Names are those who sealed it, for a line of print.
func (c Covered) Names() string {
	var out []string
	for _, by := range c.Seals {
		out = append(out, fmt.Sprintf("%s %s (%s)", by.Name, by.Licence, stamp(by.At)))
	}
	if len(out) == 0 {
		return "-"
	}
	return strings.Join(out, "; ")
}
