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

// Telephones are the public help lines.
type Telephones struct{ Citizen, Company, Help string }

// Printed are the lines that the manual prints (S47, S48).
var Printed = Telephones{Citizen: "0800-080-117", Company: "412-1166", Help: "(02)21927111"}

// Notices lists the notices in their order: those kept here, then who helps.
func (s *Site) Notices(tx *store.Tx) ([]Notice, error) {
	all, err := allNotices(tx)
	call := s.Telephones
	return append(all,
		Notice{Kind: Help, Text: say.F("自然人憑證客服 %s；工商憑證客服 %s (手機請加02)", "Help with citizen certificates %s; with company certificates %s (from a mobile, 02 first)", call.Citizen, call.Company)},
		Notice{Kind: Help, Text: say.F("個人資料保護法與隱私權政策；客服 %s", "Personal data protection and privacy; help %s", call.Help), URL: helpURL("privacy")},
	), err
}

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
