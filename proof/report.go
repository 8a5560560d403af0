package proof

import (
	"fmt"
	"strings"
	"time"

	"cloudbm/say"
)

// Level is how a finding is to be taken.
type Level string

// The levels, from the best to the worst.
const (
	Good    Level = "good"    // looked at, and right
	Note    Level = "note"    // for information
	Warning Level = "warning" // not wrong, but the reader has to decide
	Bad     Level = "bad"     // not what was submitted, sealed or signed
)

// Finding is one thing that was looked at.
type Finding struct {
	Key   string   // what was looked at: seal.signature
	Level Level    //
	About string   // a name in the bundle, a sheet
	Text  say.Text // what was found, and what it means
	Do    say.Text // what to do; empty where there is nothing to do
}

// Covered is a thing of the round with those who sealed it.
type Covered struct {
	Kind  Kind
	Name  string
	Seals []By
}

// By is a seal that counts.
type By struct {
	Seal              string // 01
	Name, Licence, As string
	At                time.Time
	Issuer, Root      string
	RootFingerprint   string
	Expires           time.Time // when the certificate ends
}

// Report is what was found in a bundle.
type Report struct {
	Kind     string   // what was looked at: bundle
	Manifest Manifest // zero if it could not be read
	Digest   string   // SHA-256 of round.json, as it stands on the receipt
	Sheets   []Covered
	Findings []Finding
}

// Level is the worst of the findings.
func (r Report) Level() Level {
	worst := Good
	for _, f := range r.Findings {
		switch {
		case f.Level == Bad:
			return Bad
		case f.Level == Warning:
			worst = Warning
		}
	}
	return worst
}

// Count is how many findings have that level.
func (r Report) Count(l Level) (n int) {
	for _, f := range r.Findings {
		if f.Level == l {
			n++
		}
	}
	return n
}

// Verdict is the report in one sentence.
func (r Report) Verdict() say.Text {
	switch r.Level() {
	case Bad:
		return say.F("不可信賴：有 %d 項與送件時不符，或無法驗證", "Do not rely on it: %d things are not as they were submitted, or cannot be verified", r.Count(Bad))
	case Warning:
		return say.F("沒有發現更動，但有 %d 項要由您判斷", "No change was found, but %d things are for you to judge", r.Count(Warning))
	}
	return say.T("驗證通過：內容與送件時相同，壓章與簽章都有效", "Verified: the contents are as they were submitted, and every seal and signature is good")
}

// Stood reports whether a finding with that key and level is there.
func (r Report) Stood(key string, l Level) bool {
	for _, f := range r.Findings {
		if f.Key == key && f.Level == l {
			return true
		}
	}
	return false
}

func (r *Report) good(key, about string, text say.Text) { r.add(key, Good, about, text, say.Text{}) }

func (r *Report) note(key, about string, text say.Text) { r.add(key, Note, about, text, say.Text{}) }

func (r *Report) warn(key, about string, text, do say.Text) { r.add(key, Warning, about, text, do) }

func (r *Report) bad(key, about string, text, do say.Text) { r.add(key, Bad, about, text, do) }

func (r *Report) add(key string, level Level, about string, text, do say.Text) {
	r.Findings = append(r.Findings, Finding{key, level, calm(about), say.T(calm(text.Zh), calm(text.En)), do})
}

// calm takes out of a text what would move a terminal's cursor or turn the direction of writing: names come from the
// file that is judged.
func calm(s string) string {
	return strings.Map(func(r rune) rune {
		if !plain("x" + string(r) + "x") {
			return '\uFFFD'
		}
		return r
	}, s)
}

// stamp is a time as it stands in a report: that of Taiwan, which knows no summer time.
func stamp(t time.Time) string {
	return t.In(time.FixedZone("Asia/Taipei", 8*60*60)).Format("2006-01-02 15:04:05")
}

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// again is what to do where the archive itself is damaged.
var again = say.T("請重新下載，或向提供者再要一份", "Download it again, or ask whoever gave it to you for another copy")

// changed is what to do where something is not what was submitted.
var changed = say.T("請勿採用這份資料；請向案件主管機關索取原送件內容，並請其比對收據上的雜湊值", "Do not use it; ask the authority for what was submitted, and compare the digest on the receipt")

// detail is an error as a remark, in neither language's words.
func detail(err error) say.Text { return say.Same(fmt.Sprintf("%.300s", err.Error())) }
