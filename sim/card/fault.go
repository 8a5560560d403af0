package card

// Fault is what is wrong with a card, the reader, or the component.
type Fault string

// The faults of certificates; a card has them for good.
const (
	Expired Fault = "expired"
	NotYet  Fault = "not-yet"
	Revoked Fault = "revoked"
)

// answer is a code of the component (ret_code) with its minor code (last_error).
type answer struct{ code, minor int64 }

// The codes that the component answers by itself.
var (
	done       = answer{}
	noText     = answer{0x76000003, 0}
	noCard     = answer{0x76000006, 0}
	badJSON    = answer{0x7600000B, 0}
	badRequest = answer{0x7600000C, 0}
	failed     = answer{0x7600000D, 0}
	unknown    = answer{0x7600000E, 0}
	forbidden  = answer{0x7600000F, 0}
	stranger   = answer{0x76000031, 0}
	noPIN      = answer{0x76000998, 0}
	noReader   = answer{0x76100003, 0}
	badLength  = answer{0x76100006, 0xA2}
	locked     = answer{0x76100006, 0xA4}
	oneLeft    = answer{0x76100006, -2147483647}
	twoLeft    = answer{0x76100006, -2147483646}
	notYet     = answer{0x76500001, 0}
	expired    = answer{0x76500002, 0}
)

// Trouble is a fault that the desk can bring about.
type Trouble struct {
	Key    Fault
	Text   string
	answer answer
}

// Away and Old are troubles without a code: the component says nothing, or an early version of itself.
const (
	NoReader Fault = "no-reader"
	Away     Fault = "away"
	Old      Fault = "old"
)

// Troubles are those of the desk.
var Troubles = []Trouble{
	{"", "一切正常", done},
	{NoReader, "沒有讀卡機", noReader},
	{Away, "元件沒有回應", done},
	{Old, "元件版本太舊", done},
	{"site", "網站沒有授權（0x76000031）", stranger},
	{"domain", "禁止存取的網域（0x7600000F）", forbidden},
	{"driver", "載入不了卡片程式庫（0x76100001）", answer{0x76100001, 0}},
	{"time-out", "執行逾時（0x7600000D）", failed},
	{"cancelled", "使用者取消（0x76000999）", answer{0x76000999, 0}},
	{"unreadable", "讀不到金鑰（0x76100008）", answer{0x76100008, 0}},
	{"pin", "PIN 碼不對，不說剩幾次（0xA0）", answer{0x76100006, 0xA0}},
	{"expired", "憑證過期（0x76500002）", expired},
	{"not-yet", "憑證尚未生效（0x76500001）", notYet},
}
