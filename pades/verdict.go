package pades

import (
	"crypto/x509"
	"strings"
	"time"
	"unicode"

	"cloudbm/say"
)

// Kind is what became of the signatures in a file.
type Kind string

// The kinds of a verdict; see Look for what leads to which.
const (
	None           Kind = "none"            // no signature in it
	ValidUnchanged Kind = "valid-unchanged" // what was signed is what is there
	LaterChanges   Kind = "later-changes"   // signed, and something was added or changed since
	Broken         Kind = "broken"          // the signature does not belong to these bytes
	Unsupported    Kind = "unsupported"     // not judged
)

// Chain judges certificates: the chain from x to somebody trusted at that time, or why there is none. *cms.Trust and
// *pki.Anchors do.
type Chain interface {
	Chain(x *x509.Certificate, bag []*x509.Certificate, at time.Time) ([]*x509.Certificate, error)
}

// Trust is what a Chain said of a signer.
type Trust string

// What may be known of a signer.
const (
	NotJudged Trust = ""          // nobody was asked, or the signature does not say when it was made
	Trusted   Trust = "trusted"   // issued by somebody trusted
	Untrusted Trust = "untrusted" // a certificate like this anybody can make
)

// Verdict is what Look found. It is small whatever the file is, so it can be kept.
type Verdict struct {
	Kind       Kind        `json:"kind"`
	Altered    bool        `json:"altered,omitempty"` // one of the changes is none that may follow a signature
	Signatures []Signature `json:"signatures,omitempty"`
	Changes    []Change    `json:"changes,omitempty"` // since the oldest signature that is not broken
	Said       say.Text    `json:"said"`
}

// Signature is one signature of a file.
type Signature struct {
	Kind    Kind      `json:"kind"`
	Who     string    `json:"who,omitempty"`    // as the certificate says
	Issuer  string    `json:"issuer,omitempty"` // as the certificate says
	When    time.Time `json:"when,omitzero"`    // as the signer claims
	Covers  int64     `json:"covers,omitempty"` // bytes from the beginning of the file
	Trusted Trust     `json:"trusted,omitempty"`
	Stamp   bool      `json:"stamp,omitempty"` // a time stamp over the document, no signature of a person
	Altered bool      `json:"altered,omitempty"`
	Said    say.Text  `json:"said"`

	changes []Change
}

// Change is one thing that is different since a signature.
type Change struct {
	What    string   `json:"what"`              // a short key, one for each sentence
	Page    int      `json:"page,omitempty"`    // 0: not of one page
	Allowed bool     `json:"allowed,omitempty"` // may follow a signature: another one, data to check it by, a form filled in
	Said    say.Text `json:"said"`
}

// maxChanges are listed; of more there is only a sentence.
const maxChanges = 20

// The verdicts in words.
var (
	saidNone      = say.T("檔案裡沒有簽章", "There is no signature in the file")
	saidUnchanged = say.T("簽章後沒有更改", "Unchanged since it was signed")
	saidLast      = say.T("這個簽章是最後加上的", "This signature was added last")
	saidLater     = say.T("簽章有效；之後加了下列內容，簽署的部分沒有更改", "The signature fits; what is listed was added later, what was signed is unchanged")
	saidAltered   = say.T("簽章後被更改：看到的內容和簽署時不同", "Altered after signing: what is shown is not what was signed")
	saidBroken    = say.T("簽章無效：簽章不屬於這個檔案的內容", "The signature is not valid: it does not belong to the content of this file")
	saidUnknown   = say.T("無法驗證這個檔案的簽章", "The signature of this file cannot be checked")
	saidRemains   = say.T("簽章無效：檔案裡還有簽章的資料，但文件已經不用它", "The signature is not valid: its data are still in the file, but the document no longer uses them")
	saidDamaged   = say.T("簽章無效：檔案損壞，讀不到它的結構", "The signature is not valid: the file is damaged and its structure cannot be read")
	saidLocked    = say.T("無法驗證簽章：檔案有加密", "The signature cannot be checked: the file is encrypted")
	saidTooMuch   = say.T("無法驗證簽章：檔案太大或太複雜，檢查沒有做完", "The signature cannot be checked: the file is too large or too complicated, the check did not finish")
	saidFailed    = say.T("無法驗證簽章：檢查時發生錯誤", "The signature cannot be checked: the check failed")
)

// why a signature is broken or not judged.
var (
	whyNoContents   = say.T("簽章沒有內容", "the signature is empty")
	whyNoRange      = say.T("簽章沒有正確寫出它簽了哪些部分", "the signature does not properly say which part it signs")
	whyGap          = say.T("簽章沒有簽到檔案的每一個部分", "the signature leaves out a part of the file")
	whyNoEnd        = say.T("簽署的部分不是一個完整的文件", "what is signed is no complete document")
	whyTwice        = say.T("同一個簽章出現兩次", "the same signature stands twice")
	whyNotThere     = say.T("簽署時文件裡沒有這個簽章", "the signature was not in the document that was signed")
	whyGarbage      = say.T("簽章的內容讀不懂", "what stands in the signature makes no sense")
	whyAltered      = say.T("簽署的內容被改過，或不是這個簽章所簽", "what was signed has been changed, or another thing was signed")
	whyCertificate  = say.T("簽章附的憑證不是簽章指定的那一張，或被改過", "the certificate that comes with the signature is not the one it names, or has been changed")
	whyAlgorithm    = say.T("簽章用的演算法不夠安全，或本系統不支援", "the algorithm of the signature is too weak, or not supported here")
	whyFormat       = say.T("本系統不支援這種簽章格式", "this format of signatures is not supported here")
	whyManySigned   = say.T("檔案的簽章太多", "there are too many signatures in the file")
	whyHidden       = say.T("檔案有隱藏的圖層，看到的內容可以改變", "the file has hidden layers, so what is shown can change")
	whyActive       = say.T("檔案含有程式或動作，看到的內容可以改變", "the file has scripts or actions, so what is shown can change")
	whyOutside      = say.T("檔案引用外面的內容，看到的內容可以改變", "the file shows content from elsewhere, so what is shown can change")
	whyTorn         = say.T("檔案有損壞的部分，各種軟體看到的可能不同", "parts of the file are damaged, so programs may show different things")
	whyTwoKinds     = say.T("檔案同時也是另一種檔案", "the file is a file of another kind as well")
	whyStampUnknown = say.T("本系統讀不懂這個時間戳記", "this time stamp cannot be read here")
)

func because(head, why say.Text) say.Text { return say.F("%s：%s", "%s: %s", head, why) }

// tidy makes a name from outside fit to be shown: no control characters, nothing that turns the line round, not long.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 80 {
		s = string(r[:80]) + "…"
	}
	return s
}

// conclude is the verdict on a file from those on its signatures: the worst of them.
func conclude(all []Signature) Verdict {
	v := Verdict{Kind: None, Signatures: all, Said: saidNone}
	rank := func(s Signature) int {
		switch {
		case s.Kind == Broken:
			return 4
		case s.Altered:
			return 3
		case s.Kind == Unsupported:
			return 2
		case s.Kind == LaterChanges:
			return 1
		}
		return 0
	}
	worst := -1
	for _, s := range all {
		if r := rank(s); r > worst {
			worst = r
			v.Kind, v.Said = s.Kind, s.Said
		}
		v.Altered = v.Altered || s.Altered
	}
	for i := range all {
		if all[i].Kind == ValidUnchanged && v.Kind != ValidUnchanged { // nothing came after it, but the file is not as it was
			all[i].Said = saidLast
		}
	}
	said := map[string]bool{}
	for _, s := range all {
		for _, c := range s.changes {
			if said[c.Said.Zh] {
				continue
			}
			if said[c.Said.Zh] = true; len(said) > maxChanges {
				v.Changes = append(v.Changes[:maxChanges-1:maxChanges-1], Change{What: "more", Allowed: !v.Altered,
					Said: say.T("還有更多變更", "And more changes")})
				return v
			}
			v.Changes = append(v.Changes, c)
		}
	}
	return v
}
