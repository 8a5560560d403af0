package register

import (
	"errors"
	"strings"
	"time"

	"cloudbm/permit"
	"cloudbm/review"
	"cloudbm/say"
	"cloudbm/seals"
	"cloudbm/stamps"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// Standing is how a stamped sheet stands.
type Standing string

// The standings.
const (
	Current    Standing = "current"
	Approved   Standing = "approved"
	Superseded Standing = "superseded"
	Void       Standing = "void"
)

// Sheet is what anybody may know of a sheet who holds it with a stamp on it: what the stamp says, and how it stands now.
type Sheet struct {
	Standing  Standing
	Since     time.Time // since when it stands so, as far as known
	Later     int64     // superseded by this version
	Why       say.Text  // of a void one
	Licence   review.Licence
	Authority string
	Serial    string
	Type      say.Text
	State     say.Text
	Number    string
	Title     string
	N         int64
	Page      int
	File      string // SHA-256
	Signer    string
	As        say.Text
	LicenceNo string
	Permit    string
	SealedAt  time.Time
	Short     string
}

// FindSheet is the sheet whose stamp leads to id.
func FindSheet(tx *store.Tx, id string) (s Sheet, err error) {
	p, err := seals.OnStamp(tx, id)
	if err != nil {
		return s, err
	}
	a, _ := taiwan.AuthorityByCode(p.Case.Authority)
	s = Sheet{Standing: Current, Since: p.Seal.At, Authority: a.Name, Serial: p.Case.Serial, Type: p.Case.Type.Name, State: p.Case.StateName(), Number: p.Item.Number, Title: p.Item.Title,
		N: p.Item.N, Page: p.Item.Page, File: p.Item.File, Signer: p.Seal.Name, As: seals.PartyName(p.Seal.Party), LicenceNo: p.Seal.Licence,
		Permit: p.Seal.Permit, SealedAt: p.Seal.At, Short: stamps.Short(id)}
	switch {
	case p.Later > 0:
		s.Standing, s.Since, s.Later = Superseded, p.Since, p.Later
	case p.Why != "":
		s.Standing, s.Since, s.Why = Void, p.Since, p.Why.Text()
	case p.Case.State == permit.Issued:
		s.Standing = Approved
		if s.Licence, err = review.LicenceOf(tx, p.Case.ID); errors.Is(err, store.ErrNotFound) {
			err = nil // on record without a licence
		}
		s.Since = p.Case.DecidedAt
	case p.Case.State.Closed():
		s.Standing, s.Since, s.Why = Void, p.Case.DecidedAt, say.F("案件%s", "the case: %s", p.Case.StateName())
	}
	return s, err
}

// Said is the standing in words.
func (s Sheet) Said() say.Text {
	switch s.Standing {
	case Approved:
		return say.T("核准圖說", "Approved drawing")
	case Superseded:
		return say.F("已被第 %d 版取代", "Superseded by version %d", s.Later)
	case Void:
		return say.T("壓章已失效", "The seal is void")
	}
	return say.T("目前有效", "Current")
}

// Means says what follows from it for who holds the sheet.
func (s Sheet) Means() say.Text {
	switch s.Standing {
	case Approved:
		return say.T("這一版就是主管機關核准的圖說。", "This very version is what the authority approved.")
	case Superseded:
		return say.T("請勿使用這一版；向設計人或主管機關索取新版。", "Do not use this version; ask the designer or the authority for the newer one.")
	case Void:
		return say.F("請勿使用：%s。", "Do not use it: %s.", s.Why)
	}
	return say.T("這一版是案件目前的圖，壓章有效；還不是核准圖說。", "This version is the present one of the case and its seal holds; it is not an approved drawing yet.")
}

// ends are the first and the last characters of a SHA-256, as people compare them.
func ends(digest string) string {
	if len(digest) < 24 {
		return digest
	}
	return strings.ToUpper(digest[:8] + " … " + digest[len(digest)-8:])
}
