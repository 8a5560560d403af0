package taiwan

import (
	"fmt"
	"time"

	"cloudbm/say"
)

// Zone is the time of the country, UTC+8 all year.
var Zone = time.FixedZone("Asia/Taipei", 8*60*60)

// ZoneText names Zone where a time stands on a receipt.
var ZoneText = say.T("臺北時間（UTC+8）", "Taipei time (UTC+8)")

// rocOffset is what a ROC year lacks to the common year: ROC 1 is 1912.
const rocOffset = 1911

// Date is a day of the calendar, without a time. The zero Date is no day. Dates compare with ==.
type Date struct {
	year, day int // common year
	month     time.Month
}

// NewDate is the day of a common year, with overflow carried over as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	return DateOf(time.Date(year, month, day, 0, 0, 0, 0, Zone))
}

// DateOf is the day it is in Taiwan at t.
func DateOf(t time.Time) Date {
	y, m, d := t.In(Zone).Date()
	return Date{year: y, month: m, day: d}
}

// IsZero reports whether d is no day.
func (d Date) IsZero() bool { return d == Date{} }

// Time is the first instant of d in Taiwan.
func (d Date) Time() time.Time { return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, Zone) }

// Year is the common year, ROCYear the year of the Republic.
func (d Date) Year() int    { return d.year }
func (d Date) ROCYear() int { return d.year - rocOffset }

// Month, Day and Weekday are the parts of d that both calendars share.
func (d Date) Month() time.Month     { return d.month }
func (d Date) Day() int              { return d.day }
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// AddDays is the day n days later.
func (d Date) AddDays(n int) Date { return NewDate(d.year, d.month, d.day+n) }

// Compare is negative if d is before e, positive if after, 0 if they are the same day.
func (d Date) Compare(e Date) int {
	if d.year != e.year {
		return d.year - e.year
	}
	if d.month != e.month {
		return int(d.month - e.month)
	}
	return d.day - e.day
}

// Before and After compare days; DaysUntil counts them, negative if e is before d.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }
func (d Date) After(e Date) bool  { return d.Compare(e) > 0 }
func (d Date) DaysUntil(e Date) int {
	return int(e.Time().Sub(d.Time()).Hours()) / 24
}

// ROC is 111-02-18, the year with three digits so that dates sort as text. The zero Date is "" here and below.
func (d Date) ROC() string { return d.print("%03d-%02d-%02d", rocOffset) }

// Long is 111年2月18日, as prose writes it.
func (d Date) Long() string { return d.print("%d年%d月%d日", rocOffset) }

// Compact is 1110218, the seven digits of the Ministry's tables.
func (d Date) Compact() string { return d.print("%03d%02d%02d", rocOffset) }

// ISO is 2022-02-18, for storage and for machines.
func (d Date) ISO() string { return d.print("%04d-%02d-%02d", 0) }

// String is ROC.
func (d Date) String() string { return d.ROC() }

// Text is the day for a page: 民國111年2月18日 and 18 February 2022.
func (d Date) Text() say.Text {
	if d.IsZero() {
		return say.Text{}
	}
	return say.T("民國"+d.Long(), d.Time().Format("2 January 2006"))
}

func (d Date) print(format string, offset int) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf(format, d.year-offset, d.month, d.day)
}

// MarshalText writes ISO, UnmarshalText reads any spelling ParseDate reads; "" is the zero Date.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.ISO()), nil }

// UnmarshalText is the other half of MarshalText.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	*d = parsed
	return err
}

// Stamp is a moment as the screens of the manual show it: 2022/04/04 20:34:09.
func Stamp(t time.Time) string { return t.In(Zone).Format("2006/01/02 15:04:05") }

// ROCStamp is a moment to the second, as receipts print it: 111年4月4日 20時34分09秒.
func ROCStamp(t time.Time) string {
	return DateOf(t).Long() + t.In(Zone).Format(" 15時04分05秒")
}

// ROCMinute is a moment to the minute, as letters and lists print it: 111年4月4日 20時34分.
func ROCMinute(t time.Time) string {
	return DateOf(t).Long() + t.In(Zone).Format(" 15時04分")
}
