package egov

import (
	"time"

	"cloudbm/say"
	"cloudbm/store"
)

// NoticeKind is what a notice of e政府服務平台公告 is about.
type NoticeKind string

// The kinds.
const (
	Maintenance NoticeKind = "maintenance"
	Outage      NoticeKind = "outage" // of something the site leans on
	News        NoticeKind = "news"
	Help        NoticeKind = "help"
)

// Name is what the kind is called.
func (k NoticeKind) Name() say.Text {
	switch k {
	case Maintenance:
		return say.T("維護", "Maintenance")
	case Outage:
		return say.T("暫停服務", "Outage")
	case News:
		return say.T("消息", "News")
	}
	return say.T("客服", "Help")
}

// Notice is one notice.
type Notice struct {
	Kind        NoticeKind
	Text        say.Text
	URL         string
	From, Until time.Time // of the works; zero: no window
}

// Notices lists the notices in their order.
func Notices(tx *store.Tx) ([]Notice, error) { return allNotices(tx) }

// Telephones are the public help lines, as the manual prints them (S47, S48).
type Telephones struct{ Citizen, Company, Help string }

// DefaultTelephones are the numbers of the manual.
var DefaultTelephones = Telephones{Citizen: "0800-080-117", Company: "412-1166", Help: "(02)21927111"}

// colour is that of the kind's tag.
func (k NoticeKind) colour() string {
	switch k {
	case Maintenance:
		return "yellow"
	case Outage:
		return "red"
	case News:
		return "blue"
	}
	return "grey"
}
