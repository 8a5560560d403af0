package portal

import (
	"errors"
	"strings"
	"time"

	"cloudbm/accounts"
	"cloudbm/fault"
	"cloudbm/permit"
	"cloudbm/say"
	"cloudbm/store"
	"cloudbm/taiwan"
)

// NewsKind is what an announcement is about.
type NewsKind string

// The kinds of 系統公告.
const (
	News        NewsKind = "news"        // 一般
	Maintenance NewsKind = "maintenance" // 維護時段, with its window (S44)
	Outage      NewsKind = "outage"      // 服務中斷, also of a system ours leans on (S45)
)

// NewsKinds lists the kinds.
var NewsKinds = []NewsKind{News, Maintenance, Outage}

// Name is what the kind is called.
func (k NewsKind) Name() say.Text {
	switch k {
	case Maintenance:
		return say.T("維護時段", "Maintenance")
	case Outage:
		return say.T("服務中斷", "Outage")
	}
	return say.T("一般", "News")
}

// Announcement is one 系統公告.
type Announcement struct {
	ID          string
	Authority   string // code; "" is for everybody
	Kind        NewsKind
	Title, Body say.Text
	WorksFrom   time.Time // when the maintenance or the outage is
	WorksUntil  time.Time // zero: until further notice
	From        time.Time // seen from
	Until       time.Time // seen until; zero: until taken down
	Revision    int       // which state of it somebody has before their eyes
	ChangedName string
	Created     time.Time
	Changed     time.Time
}

// Shown reports whether it is seen at t.
func (a Announcement) Shown(t time.Time) bool {
	return !t.Before(a.From) && (a.Until.IsZero() || t.Before(a.Until))
}

// Office is whom it is from.
func (a Announcement) Office() say.Text {
	if x, ok := taiwan.AuthorityByCode(a.Authority); ok {
		return x.Text()
	}
	return say.T("全系統", "Whole system")
}

// keeps reports whether by may keep announcements at all.
func keeps(by permit.Actor) bool { return by.Admin || len(by.Authorities(permit.Manager)) > 0 }

// mayKeep refuses announcements that are not by's to keep.
func mayKeep(by permit.Actor, authority string) error {
	if by.Admin || authority != "" && by.Sits(authority, permit.Manager) {
		return nil
	}
	return fault.Of(fault.Forbidden, "這則公告由發布機關的管理者或系統管理者維護", "This announcement is kept by the manager of its authority or the system administrator").
		To("回公告維護", "Back to the announcements", "/admin/news")
}

// Announce publishes a (ID "") or changes it. Revision must be that of the state the keeper has seen.
func Announce(tx *store.Tx, by permit.Actor, a Announcement) (Announcement, error) {
	if err := mayKeep(by, a.Authority); err != nil {
		return a, err
	}
	if err := a.check(); err != nil {
		return a, err
	}
	if _, err := office(tx, a.Authority); a.Authority != "" && errors.Is(err, store.ErrNotFound) {
		return a, fault.Bad("authority", "選擇發布單位", "Choose who publishes it")
	}
	if a.ID == "" {
		a.ID, a.Revision = store.NewID(), 1
		if err := insertAnnouncement(tx, by, a); err != nil {
			return a, err
		}
		return a, accounts.Note(tx, by, "announcement.new", a.ID, a.Title.Zh)
	}
	before, err := announcementByID(tx, a.ID)
	if err != nil {
		return a, err
	}
	if err := mayKeep(by, before.Authority); err != nil {
		return a, err
	}
	if before.Revision != a.Revision {
		return a, fault.Say(fault.Conflict, say.F("%s剛改過這則公告；重新開啟，看過再改", "%s has just changed this announcement. Open it again, look, then change it", before.ChangedName)).
			To("重新開啟", "Open it again", "/admin/news/"+a.ID)
	}
	a.Revision++
	if err := updateAnnouncement(tx, by, a); err != nil {
		return a, err
	}
	return a, accounts.Note(tx, by, "announcement.change", a.ID, before.Title.Zh+" → "+a.Title.Zh)
}

// End takes an announcement down now; it stays in the record.
func End(tx *store.Tx, by permit.Actor, id string) error {
	a, err := announcementByID(tx, id)
	if err != nil {
		return err
	}
	if err := mayKeep(by, a.Authority); err != nil {
		return err
	}
	if !a.Until.IsZero() && !a.Until.After(tx.Now) {
		return nil
	}
	a.Until, a.Revision = tx.Now, a.Revision+1
	if a.From.After(tx.Now) {
		a.From = tx.Now
	}
	if err := updateAnnouncement(tx, by, a); err != nil {
		return err
	}
	return accounts.Note(tx, by, "announcement.end", a.ID, a.Title.Zh)
}

func (a Announcement) check() error {
	var g fault.Form
	if strings.TrimSpace(a.Title.Zh) == "" {
		g.Bad("title_zh", "輸入公告標題", "Enter a title in Chinese")
	}
	if strings.TrimSpace(a.Title.En) == "" {
		g.Bad("title_en", "輸入英文標題", "Enter a title in English")
	}
	if (a.Body.Zh == "") != (a.Body.En == "") {
		g.Bad("body_en", "中文與英文內容都要填寫", "Write the text in both languages")
	}
	if a.From.IsZero() {
		g.Bad("from", "輸入開始公告的日期，例如 115-11-23", "Enter the day it is shown from, for example 115-11-23")
	}
	if !a.Until.IsZero() && !a.Until.After(a.From) {
		g.Bad("until", "結束公告的時間要在開始之後", "Let it end after it begins")
	}
	if a.Kind != News && a.WorksFrom.IsZero() {
		g.Bad("works_from", "輸入維護或中斷的開始時間，例如 115-11-23 18:00", "Enter when the work or the outage begins, for example 115-11-23 18:00")
	}
	if !a.WorksUntil.IsZero() && !a.WorksUntil.After(a.WorksFrom) {
		g.Bad("works_until", "維護或中斷的結束時間要在開始之後", "Let the work end after it begins")
	}
	return g.Err()
}

// Current lists what is seen now: running outages first, then the newest.
func Current(tx *store.Tx, limit int) ([]Announcement, error) { return shownAnnouncements(tx, limit) }
